r"""Ozone: the 90th percentile of the daily maxima of 8-hour means, as a path or on an isopleth.

No straight line is drawn from emissions to ozone: less NOx alone can raise it. Without a table of
the region's chemistry the level follows a stated path, whatever a plan does. With ``isopleth.csv``
(from a publication, or the user's own model) it is what a quadratic surface makes of the region's
NOx and VOC, both as ratios to the base year:

.. math:: C(y) = C(base) \, q(n, v) / q(1, 1), \quad
    q = q_0 + q_n n + q_v v + q_{nn} n^2 + q_{nv} n v + q_{vv} v^2

Neither is a row of the optimiser: a target on ozone is judged after the solve. What can be asked of
the mix is the ratio of its cuts (``optimise: guard``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.indicators.contract import TOTAL, Context, Declared, Fitted, Indicator, Parts, Subject
from lantian.indicators.daily import DAILY
from lantian.indicators.part_year import percentiles_of_parts
from lantian.indicators.tables import (
    CONCENTRATION,
    EVERY,
    AirRow,
    ResponseRow,
    has_years,
    response_of,
)
from lantian.language import Message, message
from lantian.parameters import Numbers, QuantityRow
from lantian.vocabulary import POLLUTANTS, Pollutant

CHANGE = "ozone-change"
"""Parameter of the response: change of the level per year after the base year [1]."""
ISOPLETH = "isopleth"
"""Name of the table of the surface."""
Term = Literal["1", "n", "v", "nn", "nv", "vv"]
TERMS: tuple[Term, ...] = get_args(Term)
PRECURSORS: tuple[Pollutant, Pollutant] = ("NOx", "VOC")
PERCENT = 90.0
"""Percentile of the days that is told [%]."""


class IsoplethRow(QuantityRow):
    """A line of ``isopleth.csv``: a coefficient of the surface.

    ``n`` is NOx and ``v`` VOC, each as a ratio to the base year; ``1`` is the constant. Only ratios
    of the surface count, so its unit may be any concentration.
    """

    term: Term


def surface(coefficients: Array, nox: Array, voc: Array) -> Array:
    """Return the quadratic surface of the module's equation.

    Parameters
    ----------
    coefficients
        dims (term of :data:`TERMS`, sample).
    nox, voc
        Ratios to the base year [1], dims (..., sample).

    Returns
    -------
    Array
        [unit of the coefficients], dims (..., sample).
    """
    terms = (1.0, nox, voc, nox * nox, nox * voc, voc * voc)
    return np.asarray(sum(c * t for c, t in zip(coefficients, terms, strict=True)))


@dataclass(frozen=True, kw_only=True)
class OzoneFitted(Fitted):
    """The level of ozone, the sample axis last.

    Attributes
    ----------
    years
        Years of ``path``.
    path
        Level without an effect of emissions [ug/m3], dims (year, sample).
    base
        Emission of each precursor in the base year [t/a], dims (precursor, sample).
    coefficients
        Of the surface, dims (term, sample); None without one.
    seasons
        Percentile of each season that targets ask for over that of the year [1].
    """

    years: tuple[int, ...]
    path: Array
    base: Array
    coefficients: Array | None
    seasons: Mapping[str, float]

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the level [ug/m3], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        path = self.path[[self.years.index(y) for y in projection.years]]
        if subject.season is not None:
            path = path * self.seasons[subject.season]
        samples = max(path.shape[-1], projection.emission.shape[-1])
        path = np.broadcast_to(path, (len(path), samples))
        if self.coefficients is None:
            return path
        return path * self.per_base(self.coefficients, *self.ratios(projection))

    @staticmethod
    def per_base(coefficients: Array, nox: Array, voc: Array) -> Array:
        """Return what a surface gives as a part of what it gives for the base year [1].

        Parameters
        ----------
        coefficients
            Of the surface, dims (term, sample).
        nox, voc
            Ratios to the base year [1], dims (..., sample).
        """
        one = np.ones(1)
        return np.asarray(surface(coefficients, nox, voc) / surface(coefficients, one, one))

    def ratios(self, projection: Projection) -> tuple[Array, Array]:
        """Return NOx and VOC as ratios to the base year [1], dims (year, sample) each."""
        nox, voc = (
            ordered_sum(projection.emission[:, POLLUTANTS.index(p)]) / base
            for p, base in zip(PRECURSORS, self.base, strict=True)
        )
        return np.asarray(nox), np.asarray(voc)

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return the path that is taken as given, or that a surface gives the level.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        level = float(self.value(projection.at(year), subject)[0, 0])
        if self.coefficients is not None:
            return message("ozone of {level:.0f} ug/m3 on the isopleth given", level=level)
        return message(
            "ozone given as {level:.0f} ug/m3 in {year}",
            level=level,
            year=year,
        )

    def parts(self, projection: Projection) -> Parts:
        """Return the level [ug/m3]; it is told as a whole.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return Parts((TOTAL,), self.value(projection, Subject())[None])


@dataclass(frozen=True, kw_only=True)
class OzoneDeclared(Declared):
    """Numbers of the path and of the surface.

    Attributes
    ----------
    base_year
        Year from which the path leads on.
    past
        Years of the model up to it.
    observed
        [ug/m3], dims (past year,).
    change
        Per year [1], dims ().
    coefficients
        Of the surface, dims (term,); None without one.
    seasons
        As in :class:`OzoneFitted`.
    table
        Where faults of the surface are told.
    """

    base_year: int
    past: tuple[int, ...]
    observed: Numbers
    change: Numbers
    coefficients: Numbers | None
    seasons: Mapping[str, float] = field(repr=False)
    table: str = field(repr=False)

    def fit(self, theta: Array, baseline: Projection) -> OzoneFitted:
        """Return the path through the observations and on from the base year.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        past = [y for y in baseline.years if y <= self.base_year]
        observed = self.observed[[self.past.index(y) for y in past]](theta)
        base = observed[past.index(self.base_year)]
        later = np.array([y - self.base_year for y in baseline.years[len(past) :]])
        after = base * (1.0 + self.change(theta)) ** later[:, None]
        emitted = baseline.emission[:, [POLLUTANTS.index(p) for p in PRECURSORS]]
        return OzoneFitted(
            years=baseline.years,
            path=np.concatenate([observed, after]),
            base=ordered_sum(emitted)[:, baseline.year(self.base_year)],
            coefficients=None if self.coefficients is None else self.coefficients(theta),
            seasons=self.seasons,
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note a surface that is not above zero where the base year stands.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        if self.coefficients is None:
            return
        at_base = float(self.coefficients(theta).sum())
        if not at_base > 0.0:
            problems.add(
                Place(self.table),
                message("the surface gives {value:g} where NOx and VOC are 1.", value=at_base),
                message("Expected the level of the base year, above zero."),
                message("NOx and VOC count as ratios to the base year, not in tonnes."),
            )

    def reproduces(self, year: int) -> bool:
        """Tell whether a year is one up to the base year.

        Parameters
        ----------
        year
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return year in self.past

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the precursors."""
        return PRECURSORS


class Ozone(Indicator):
    """90th percentile of the daily maxima of 8-hour ozone."""

    def declare(self, context: Context) -> OzoneDeclared | None:
        """Take observations, the change per year and the surface, if there is one.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        response, tables = response_of(context), context.tables
        air = tables.read("air", AirRow)
        past = tuple(y for y in context.years if y <= context.base_year)
        if not response.select(parameter=CHANGE) or not has_years(air, self.id, past):
            return None
        change = response.numbers("1", **EVERY, parameter=CHANGE, year=None)
        terms = tables.read(ISOPLETH, IsoplethRow) if tables.has(ISOPLETH) else None
        unit = "" if terms is None or not terms.rows else terms.rows[0].unit
        return OzoneDeclared(
            base_year=context.base_year,
            past=past,
            observed=air.numbers(CONCENTRATION, indicator=self.id, year=past),
            change=change,
            coefficients=None if terms is None else terms.numbers(unit, term=TERMS),
            seasons=percentiles_of_parts(context, self.id, "O3", PERCENT),
            table=ISOPLETH if terms is None else terms.file,
            ranged=change.slots,
        )


INDICATOR = Ozone(
    id="o3-8h-p90",
    unit=CONCENTRATION,
    order=10,
    harmful=True,
    takes=("season",),
    requires={"air": AirRow, "response": ResponseRow},
    beside=(ISOPLETH, DAILY),
    asks_for=message("observed ozone of every year of the model up to the base year, and its path"),
    remedy=message(
        "A region has it in air.csv and as 'ozone-change' in response.csv; a finished inventory has"
        " none."
    ),
)
