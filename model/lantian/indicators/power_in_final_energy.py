r"""Share of power in the energy that final users draw (电能占终端能源消费比重).

.. math:: share(y) = \frac{h_{power} D_{power}(y)}{\sum_c h_c D_c(y)}, \qquad
    D_c = other_c + \sum_{final} d_{c,s} a_s

Carriers ``c`` count by the energy they hold (``content`` of ``energy_use.csv``; that of power and
heat is the unit's own). What plants that supply some carrier draw of another is no final use: it is
in what they supply. All else of a carrier is that of its balance, so a carrier without a
``consumption`` counts with what is listed only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array
from lantian.indicators.contract import Context, Indicator
from lantian.indicators.energy_balance import (
    POWER,
    TABLE,
    BalanceFitted,
    Carrier,
    EnergyUseRow,
    supplying,
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
from lantian.language import message


@dataclass(frozen=True, kw_only=True)
class FinalDeclared(ShareDeclared):
    """The energy that carriers hold, and which states are final, dims (state,)."""

    final: NDArray[np.bool_]

    def drawn(self, theta: Array, balances: Mapping[Carrier, BalanceFitted]) -> tuple[Drawn, Drawn]:
        """Return power that final users draw, and all that they draw.

        Parameters
        ----------
        theta, balances
            As in :class:`~lantian.indicators.energy_share.ShareDeclared`.
        """
        drawn = {c: self._of(own, self.content[c](theta)) for c, own in balances.items()}
        return drawn[POWER], together(drawn.values())

    def _of(self, balance: BalanceFitted, content: Array) -> Drawn:
        by_state = balance.weight * self.final[:, None] * content
        return Drawn(by_state, balance.other * content)


class PowerShare(Indicator):
    """Power as a share of the energy that final users draw."""

    def declare(self, context: Context) -> FinalDeclared | None:
        """Take the balances and what a unit of each carrier holds.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        balances = balances_of(context)
        content = {c: content_of(c, context) for c in balances}
        known = {c: number for c, number in content.items() if number is not None}
        if POWER not in balances or len(known) < len(balances):
            return None
        return FinalDeclared(
            balances=balances,
            content=known,
            final=~supplying(context),
            ranged=ranged_of(balances, known.values()),
        )


INDICATOR = PowerShare(
    id="power-in-final-energy",
    unit="1",
    order=47,
    counted=True,
    part=True,
    requires={TABLE: EnergyUseRow, "drivers": DriverRow},
    asks_for=message("what final users draw of each carrier, and the energy it holds"),
    remedy=message(
        "A region has it in energy_use.csv: 'draws' of power and of all else, the 'consumption' of"
        " power, and the 'content' of each carrier (GJ/t, GJ/m3)."
    ),
)
