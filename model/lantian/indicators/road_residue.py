r"""Dust that lies on the main roads of towns, all of it: what inspectors sweep up and weigh.

.. math:: R(y) = \frac{s}{q} \left( E(y) / E_{plan-free}(y) \right)^{1/0.91}

The silt load *s* of AP-42 is only the part below 75 um; the share *q* of it in all that is swept
up links the two, and is a number of the region. What cleaning does to the dust that traffic raises
is what AP-42 makes of less silt, read backwards: emission goes with the 0.91th power of the load.
A power is no straight line: it is judged after the solve.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.indicators.contract import TOTAL, Context, Declared, Fitted, Indicator, Parts, Subject
from lantian.indicators.tables import EVERY, ResponseRow, response_of
from lantian.language import Message, message
from lantian.parameters import Numbers
from lantian.parameters.series import OfYear
from lantian.vocabulary import POLLUTANTS, Pollutant

ROADS = ("road-trunk", "road-secondary", "road-branch")
"""Sources that stand for the roads that are inspected."""
EXPONENT = 0.91
"""Of the silt load in AP-42 13.2.1 (2011)."""
LOAD, SHARE = "road-silt", "silt-share"
UNIT = "g/m2"
TSP = POLLUTANTS.index("TSP")


@dataclass(frozen=True, kw_only=True)
class ResidueFitted(Fitted):
    """Residue without the plan, and the dust that belongs to it.

    Attributes
    ----------
    roads
        Positions of the roads among the sources.
    years
        Years of ``raised``.
    raised
        TSP of the roads without the plan [t/a], dims (year, sample).
    silt, share
        Silt load without the plan [g/m2] and its part of the residue [1], dims (sample,).
    """

    roads: Index
    years: tuple[int, ...]
    raised: Array
    silt: Array
    share: Array

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the residue [g/m2], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        before = self.raised[[self.years.index(y) for y in projection.years]]
        ratio = _raised(projection, self.roads) / before
        return np.asarray(self.silt / self.share * ratio ** (1.0 / EXPONENT))

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return which share links residue and silt.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return message("{share:.0%} of the residue taken as silt", share=float(self.share[0]))

    def parts(self, projection: Projection) -> Parts:
        """Return the residue [g/m2]; it is told as a whole.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return Parts((TOTAL,), self.value(projection, Subject())[None])


def _raised(projection: Projection, roads: Index) -> Array:
    """Return the TSP of the roads [t/a], dims (year, sample)."""
    return ordered_sum(projection.emission[roads, TSP])


@dataclass(frozen=True, kw_only=True)
class ResidueDeclared(Declared):
    """Silt load and share, dims (), and the positions of the roads."""

    roads: Index
    silt: Numbers
    share: Numbers

    def fit(self, theta: Array, baseline: Projection) -> ResidueFitted:
        """Take what the roads raise without the plan.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        raised, share = _raised(baseline, self.roads), self.share(theta)
        return ResidueFitted(
            roads=self.roads,
            years=baseline.years,
            raised=raised,
            silt=self.silt(theta),
            share=share,
            impossible=(share <= 0.0) | (share > 1.0) | (raised <= 0.0).any(axis=0),
        )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the dust."""
        return (POLLUTANTS[TSP],)


class Residue(Indicator):
    """Dust residue of main roads."""

    def declare(self, context: Context) -> ResidueDeclared | None:
        """Take silt load and share.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        response, ids = response_of(context), context.sources.id
        roads = [ids.index(name) for name in ROADS if name in ids]
        if not roads or not response.select(parameter=LOAD):
            return None
        share = _number(response, "1", SHARE)
        return ResidueDeclared(
            roads=np.array(roads, dtype=np.int64),
            silt=_number(response, UNIT, LOAD),
            share=share,
            ranged=share.slots,
        )


def _number(response: OfYear[ResponseRow], unit: str, parameter: str) -> Numbers:
    return response.numbers(unit, **EVERY, parameter=parameter, year=None)


INDICATOR = Residue(
    id="road-residue",
    unit=UNIT,
    order=18,
    harmful=True,
    requires={"response": ResponseRow},
    asks_for=message("a silt load of main roads and its share of the residue"),
    remedy=message("A region has them as 'road-silt' and 'silt-share' in response.csv."),
)
