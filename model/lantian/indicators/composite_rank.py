"""Rank of the region's composite index among other places, whose indices are given.

The smallest index is the first; what prints alike shares a rank. What the others will have is no
result of the region's plan: it is a table, and the rank is judged after the solve.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.indicators.contract import TOTAL, Context, Declared, Fitted, Indicator, Parts, Subject
from lantian.indicators.parts import declared_part, fit_once
from lantian.indicators.tables import AirRow, ResponseRow
from lantian.language import Message, message
from lantian.parameters import Band, CalendarYear, Numbers, QuantityRow, declared
from lantian.parameters.space import join
from lantian.standards.aqi import ranks
from lantian.vocabulary import Pollutant

OTHERS = "other_places"
INDEX = "composite-index"


class PlaceRow(QuantityRow):
    """A line of ``other_places.csv``: the composite index of another place in a year."""

    plausible = declared({"": (Band("", 0.1, 50.0),)})
    place_name: str
    year: CalendarYear


@dataclass(frozen=True, kw_only=True)
class RankFitted(Fitted):
    """The region's index and those of the others.

    Attributes
    ----------
    index
        Of the region.
    year
        Calendar year of each other value, dims (other,).
    others
        Indices of the other places [1], dims (other, sample).
    step
        Smallest difference that is printed [1].
    """

    index: Fitted
    year: Index
    others: Array
    step: float

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the rank [1], dims (year, sample); NaN in years without other places.

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        own = self.index.value(projection, subject)
        each = [self._rank(own[y], year) for y, year in enumerate(projection.years)]
        return np.array(np.broadcast_arrays(*each))

    def _rank(self, own: Array, year: int) -> Array:
        others = self.others[self.year == year]
        if not len(others):
            return np.full(own.shape, np.nan)
        columns = np.broadcast_arrays(own, *others)
        return np.array([ranks(column.tolist(), self.step)[0] for column in np.array(columns).T])

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return among how many places.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return message("rank among {n} places", n=int((self.year == year).sum()) + 1)

    def parts(self, projection: Projection) -> Parts:
        """Return the rank; it is told as a whole.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return Parts((TOTAL,), self.value(projection, Subject())[None])


@dataclass(frozen=True, kw_only=True)
class RankDeclared(Declared):
    """The region's index with its numbers, and those of the others, as in :class:`RankFitted`."""

    index: Declared
    year: Index
    others: Numbers
    step: float

    def fit(self, theta: Array, baseline: Projection) -> RankFitted:
        """Calibrate the region's index.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        index = fit_once(self.index, theta, baseline)
        return RankFitted(
            index=index,
            year=self.year,
            others=self.others(theta),
            step=self.step,
            impossible=index.impossible,
        )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return what the index rests on."""
        return self.index.pollutants(subject)


class Rank(Indicator):
    """Rank by composite index."""

    def declare(self, context: Context) -> RankDeclared | None:
        """Take the index and those of the other places.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        index, standard = declared_part(INDEX, context), context.standards.get(context.standard)
        table = context.tables.read(OTHERS, PlaceRow)
        step = None if standard is None else standard.rule("printed-step", INDEX)
        if index is None or step is None or not table.rows:
            return None
        others = join([table.taken(row, "1")[None] for row in table.rows])
        return RankDeclared(
            index=index,
            year=np.array([row.year for row in table.rows], dtype=np.int64),
            others=others,
            step=step.value,
            ranged=np.union1d(index.ranged, others.slots),
        )


INDICATOR = Rank(
    id="composite-rank",
    unit="1",
    order=17,
    requires={"air": AirRow, "response": ResponseRow, OTHERS: PlaceRow},
    asks_for=message("the composite index of the other places"),
    remedy=message("Write place_name, year and value of each into other_places.csv of the region."),
)
