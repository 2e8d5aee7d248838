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

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Problems
from lantian.indicators.contract import Context, Declared, Indicator, Subject
from lantian.indicators.energy_balance import (
    NON_FOSSIL,
    POWER,
    PRIMARY,
    TABLE,
    BalanceDeclared,
    BalanceFitted,
    Carrier,
    EnergyUseRow,
    drawing,
)
from lantian.indicators.energy_share import BALANCES, Drawn, ShareFitted, content_of
from lantian.inventory.region import DriverRow
from lantian.language import Message, message
from lantian.parameters import Numbers, QuantityRow
from lantian.vocabulary import Pollutant

REQUIRES: Mapping[str, type[QuantityRow]] = {TABLE: EnergyUseRow, "drivers": DriverRow}
ASKS_FOR: Message = message("the energy that the region draws, by carrier")
REMEDY: Message = message(
    "A region has it in energy_use.csv: 'draws' and 'consumption' of the carriers, the 'content' of"
    " each fuel, and of power its 'primary' energy (MJ/kWh) and the 'non-fossil' part of what is"
    " bought."
)


@dataclass(frozen=True, kw_only=True)
class PrimaryDeclared(Declared):
    """The balance of each carrier and what a unit of it counts [GJ].

    Attributes
    ----------
    balances, content
        Of fuels, heat and power; of power its primary energy.
    non_fossil
        Part of bought power [1].
    free
        Whether a state draws no fuel, dims (state,).
    asked
        Which part is held against the whole.
    """

    balances: Mapping[Carrier, BalanceDeclared]
    content: Mapping[Carrier, Numbers]
    non_fossil: Numbers
    free: NDArray[np.bool_]
    asked: Literal["coal", "non-fossil"]

    def fit(self, theta: Array, baseline: Projection) -> ShareFitted:
        """Take all else of every carrier from the base year.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        fitted = {c: own.fit(theta, baseline) for c, own in self.balances.items()}
        power, primary = fitted[POWER], self.content[POWER](theta)
        own = self.balances[POWER].supplies(theta) * self.free[:, None] * primary
        drawn = {c: _drawn(one, self.content[c](theta)) for c, one in fitted.items()}
        whole = Drawn(
            np.asarray(sum(one.by_state for one in drawn.values()) + own),
            np.asarray(sum(one.other for one in drawn.values())),
        )
        told = np.broadcast_arrays(*(one.impossible for one in fitted.values()))
        return ShareFitted(
            years=power.years,
            planned=baseline.years,
            part=self._part(theta, drawn, own),
            whole=whole,
            before=whole.of(baseline, [power.years.index(y) for y in baseline.years]),
            sources=power.sources,
            impossible=np.any(told, axis=0),
        )

    def _part(self, theta: Array, drawn: Mapping[Carrier, Drawn], own: Array) -> Drawn:
        """Return the part that is asked for; what is not fossil has own plants of no fuel too."""
        nothing = Drawn(np.zeros((len(self.free), 1)), np.zeros((1, 1)))
        if self.asked == "coal":
            return drawn.get("coal", nothing)
        grown, share = drawn.get("biomass", nothing), self.non_fossil(theta)
        return Drawn(
            np.asarray(grown.by_state + share * drawn[POWER].by_state + own),
            np.asarray(grown.other + share * drawn[POWER].other),
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Leave it to the balances, which are checked each by itself."""

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: energy is counted, whatever it emits."""
        return ()


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
        found = {c: own.taken(context) for c, own in BALANCES.items()}
        balances = {c: own for c, own in found.items() if own is not None}
        content = {c: content_of(c, context) for c in balances}
        content[POWER] = _of_power(PRIMARY, "GJ/kWh", context)
        known = {c: number for c, number in content.items() if number is not None}
        non_fossil = _of_power(NON_FOSSIL, "1", context)
        if POWER not in balances or len(known) < len(balances) or non_fossil is None:
            return None
        slots = [own.ranged for own in balances.values()] + [n.slots for n in known.values()]
        return PrimaryDeclared(
            balances=balances,
            content=known,
            non_fossil=non_fossil,
            free=~drawing(context),
            asked=self.asked,
            ranged=np.unique(np.concatenate([*slots, non_fossil.slots])),
        )


def _of_power(parameter: str, unit: str, context: Context) -> Numbers | None:
    """Return a number of power; None where the table does not tell."""
    table = context.tables.read(TABLE, EnergyUseRow)
    row = next((r for r in table.rows if r.parameter == parameter), None)
    return None if row is None else table.taken(row, unit)
