r"""Shares of primary energy (占能源消费总量比重): of coal, and of what is not fossil.

.. math:: whole(y) = \sum_{fuels} h_c D_c + p\,(bought + own), \qquad
    clean(y) = h_{biomass} D_{biomass} + p\,(n\,bought + own)

Fuels ``c`` (and heat that is bought) count by the energy they hold (``content`` of
``energy_use.csv``), those of power plants among them. Power that is bought, and that of own plants
that draw no fuel (sun, wind), counts by the fuel that a kWh of coal power takes, as the country's
statistics do: ``primary``, about 300 g of standard coal. ``non-fossil`` is what part of the power
that is bought comes from no fossil fuel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array
from lantian.indicators.contract import Context, Indicator
from lantian.indicators.energy_balance import (
    NON_FOSSIL,
    POWER,
    PRIMARY,
    TABLE,
    BalanceFitted,
    Carrier,
    EnergyUseRow,
    drawing,
)
from lantian.indicators.energy_share import (
    Drawn,
    ShareDeclared,
    balances_of,
    content_of,
    ranged_of,
    together,
)
from lantian.inventory.region import DriverRow
from lantian.language import Message, message
from lantian.parameters import Numbers, QuantityRow

REQUIRES: Mapping[str, type[QuantityRow]] = {TABLE: EnergyUseRow, "drivers": DriverRow}
ASKS_FOR: Message = message("the energy that the region draws, by carrier")
REMEDY: Message = message(
    "A region has it in energy_use.csv: 'draws' and 'consumption' of the carriers, the 'content' of"
    " each fuel, and of power its 'primary' energy (MJ/kWh) and the 'non-fossil' part of what is"
    " bought."
)


@dataclass(frozen=True, kw_only=True)
class PrimaryDeclared(ShareDeclared):
    """What carriers count in primary energy; the ``content`` of power is its primary energy.

    Attributes
    ----------
    non_fossil
        Part of bought power [1].
    free
        Whether a state draws no fuel, dims (state,).
    asked
        Which part is held against the whole.
    """

    non_fossil: Numbers
    free: NDArray[np.bool_]
    asked: Literal["coal", "non-fossil"]

    def drawn(self, theta: Array, balances: Mapping[Carrier, BalanceFitted]) -> tuple[Drawn, Drawn]:
        """Return the part that is asked for, and all primary energy.

        Parameters
        ----------
        theta, balances
            As in :class:`~lantian.indicators.energy_share.ShareDeclared`.
        """
        primary, none = self.content[POWER](theta), np.zeros((1, 1))
        supplied = self.balances[POWER].supplies(theta) * self.free[:, None] * primary
        own = Drawn(supplied, none)  # of own plants of no fuel
        drawn = {c: _drawn(one, self.content[c](theta)) for c, one in balances.items()}
        return self._part(theta, drawn, own), together((*drawn.values(), own))

    def _part(self, theta: Array, drawn: Mapping[Carrier, Drawn], own: Drawn) -> Drawn:
        """Return the part that is asked for; what is not fossil has own plants of no fuel too."""
        nothing = Drawn(np.zeros((len(self.free), 1)), np.zeros((1, 1)))
        if self.asked == "coal":
            return drawn.get("coal", nothing)
        share, bought = self.non_fossil(theta), drawn[POWER]
        clean = Drawn(share * bought.by_state, share * bought.other)
        return together((drawn.get("biomass", nothing), clean, own))


def _drawn(balance: BalanceFitted, content: Array) -> Drawn:
    return Drawn(balance.weight * content, balance.other * content)


@dataclass(frozen=True, kw_only=True)
class PrimaryShare(Indicator):
    """A part of primary energy as a share of it.

    Attributes
    ----------
    asked
        Which part.
    """

    asked: Literal["coal", "non-fossil"]

    def declare(self, context: Context) -> PrimaryDeclared | None:
        """Take the balances and what a unit of each carrier counts.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        balances = balances_of(context)
        content = {c: content_of(c, context) for c in balances}
        content[POWER] = _of_power(PRIMARY, "GJ/kWh", context)
        known = {c: number for c, number in content.items() if number is not None}
        non_fossil = _of_power(NON_FOSSIL, "1", context)
        if POWER not in balances or len(known) < len(balances) or non_fossil is None:
            return None
        return PrimaryDeclared(
            balances=balances,
            content=known,
            non_fossil=non_fossil,
            free=~drawing(context),
            asked=self.asked,
            ranged=ranged_of(balances, (*known.values(), non_fossil)),
        )


def _of_power(parameter: str, unit: str, context: Context) -> Numbers | None:
    """Return a number of power; None where the table does not tell."""
    table = context.tables.read(TABLE, EnergyUseRow)
    row = next((r for r in table.rows if r.parameter == parameter), None)
    return None if row is None else table.taken(row, unit)
