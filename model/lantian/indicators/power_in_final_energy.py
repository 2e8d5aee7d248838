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

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Problems
from lantian.indicators.contract import Context, Declared, Indicator, Subject
from lantian.indicators.energy_balance import (
    POWER,
    TABLE,
    BalanceDeclared,
    BalanceFitted,
    Carrier,
    EnergyUseRow,
    supplying,
)
from lantian.indicators.energy_share import BALANCES, Drawn, ShareFitted, content_of
from lantian.inventory.region import DriverRow
from lantian.language import message
from lantian.parameters import Numbers
from lantian.vocabulary import Pollutant


@dataclass(frozen=True, kw_only=True)
class ShareDeclared(Declared):
    """The balance of each carrier, what one unit of it holds [GJ], and which states are final."""

    balances: Mapping[Carrier, BalanceDeclared]
    content: Mapping[Carrier, Numbers]
    final: NDArray[np.bool_]

    def fit(self, theta: Array, baseline: Projection) -> ShareFitted:
        """Take all else of every carrier from the base year.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        fitted = {c: own.fit(theta, baseline) for c, own in self.balances.items()}
        drawn = {c: self._drawn(own, self.content[c](theta)) for c, own in fitted.items()}
        whole = Drawn(
            np.asarray(sum(own.by_state for own in drawn.values())),
            np.asarray(sum(own.other for own in drawn.values())),
        )
        power = self.balances[POWER]
        told = np.broadcast_arrays(*(own.impossible for own in fitted.values()))
        return ShareFitted(
            years=power.years,
            planned=baseline.years,
            part=drawn[POWER],
            whole=whole,
            before=whole.of(baseline, [power.years.index(y) for y in baseline.years]),
            sources=power.sources,
            impossible=np.any(told, axis=0),
        )

    def _drawn(self, balance: BalanceFitted, content: Array) -> Drawn:
        by_state = balance.weight * self.final[:, None] * content
        return Drawn(by_state, balance.other * content)

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Leave it to the balances, which are checked each by itself."""

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: energy is counted, whatever it emits."""
        return ()


class PowerShare(Indicator):
    """Power as a share of the energy that final users draw."""

    def declare(self, context: Context) -> ShareDeclared | None:
        """Take the balances and what a unit of each carrier holds.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        found = {c: own.taken(context) for c, own in BALANCES.items()}
        balances = {c: own for c, own in found.items() if own is not None}
        if POWER not in balances:
            return None
        content = {c: content_of(c, context) for c in balances}
        known = {c: number for c, number in content.items() if number is not None}
        if len(known) < len(balances):
            return None
        slots = [own.ranged for own in balances.values()] + [n.slots for n in known.values()]
        return ShareDeclared(
            balances=balances,
            content=known,
            final=~supplying(context),
            ranged=np.unique(np.concatenate(slots)),
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
