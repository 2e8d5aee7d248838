r"""Dustfall of the worst month, for plans that ask it of every month, or of some.

.. math:: D_m(y) = b \, f_m (1 - x_m) + 12 \, s \, E_{TSP,m}(y)

with background *b* and slope *s* of the annual response, the factor *f* of each month on the
background (their mean is 1) and the part *x* of it that sand-dust brings, which is taken out where
a plan leaves sand-dust out. Local dust falls in the months in which its sources emit it, evenly
over the year where no table tells these, so that the months have the mean of the year. Twelve
straight lines, all of which must keep the limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.seasonal import Monthly
from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Fitted,
    Indicator,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.dustfall import TSP, UNIT, DustfallFitted
from lantian.indicators.part_year import months_of
from lantian.indicators.parts import declared_part, fit_once
from lantian.indicators.tables import SHARE_TOLERANCE, AirRow, ResponseRow
from lantian.inventory.months import Month, YearShapes, in_season
from lantian.language import Message, message
from lantian.parameters import Band, Numbers, QuantityRow, declared, or_none
from lantian.vocabulary import POLLUTANTS, Pollutant

MONTHS = tuple(range(1, 13))
TABLE = "dustfall_months"


class MonthRow(QuantityRow):
    """A line of ``dustfall_months.csv``.

    ``background``: factor of a month on the background of the year [1]; ``sand-dust``: part of the
    month's background that sand-dust brings [1].
    """

    told_by = "part"
    plausible = declared(
        {"background": (Band("", 0.01, 20.0),), "sand-dust": or_none(Band("", 0.001, 1.0))}
    )
    part: Literal["background", "sand-dust"]
    month: Month


@dataclass(frozen=True, kw_only=True)
class MonthFitted(Fitted):
    """The annual response and the months of its background.

    Attributes
    ----------
    annual
        Background and slope of the year.
    factor, sand_dust
        Of each month [1], dims (month, sample).
    shares
        Part of the year of each dust source that is in each month [1], dims (dust source, month).
    known
        Whether tables tell them.
    """

    annual: DustfallFitted
    factor: Array
    sand_dust: Array
    shares: Array
    known: bool

    def months(self, projection: Projection, subject: Subject) -> Array:
        """Return the dustfall of each month [t/(km2 month)], dims (month, year, sample)."""
        emitted = projection.by_month(self.annual.dust, self.shares, TSP)
        local = self.annual.slope * len(MONTHS) * emitted
        return np.asarray(self._background(subject, projection.years) + local)

    def _background(self, subject: Subject, years: Sequence[int]) -> Array:
        """Return the background of each month [t/(km2 month)], dims (month, year, sample)."""
        kept = 1.0 - self.sand_dust if subject.sand_dust == "without" else np.ones(1)
        return np.asarray(self.annual.outside(years) * (self.factor * kept)[:, None])

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the dustfall of the worst month [t/(km2 month)], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        months = self.months(projection, subject)[months_of(subject.season or "")]
        return np.asarray(months.max(axis=0))

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return one row per month.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        background = self._background(subject, (year,))[:, 0]
        return [self._row(m, background[m]) for m in months_of(subject.season or "").tolist()]

    def _row(self, month: int, background: Array) -> Row:
        """Return the row of one month."""
        shape = (self.annual.sources, len(POLLUTANTS), len(self.annual.slope))
        weight, yearly = np.zeros(shape), np.zeros(shape)
        yearly[self.annual.dust, TSP] = self.annual.slope * len(MONTHS)
        weight[self.annual.dust, TSP] = (
            self.shares[:, month, None] * self.annual.slope * len(MONTHS)
        )
        only = in_season(str(MONTHS[month]))
        return Row(weight, background, monthly=Monthly(only, yearly) if self.known else None)

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return which month it is, and the mean of all.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        own = months_of(subject.season or "")
        months = self.months(projection.at(year), subject)[own, 0, 0]
        return message(
            "month {month} is the worst; the mean of the months is {mean:.1f}; local dust {how}",
            month=MONTHS[own[int(months.argmax())]],
            mean=float(months.mean()),
            how=message(
                "by the months of its sources"
                if self.known
                else "even over the year, as no table tells its months"
            ),
        )

    def parts(self, projection: Projection) -> Parts:
        """Return the worst month [t/(km2 month)]; it is told as a whole.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return Parts((TOTAL,), self.value(projection, Subject())[None])


@dataclass(frozen=True, kw_only=True)
class MonthDeclared(Declared):
    """Numbers of the annual response and of months, dims (month,), and the months of sources."""

    annual: Declared
    factor: Numbers
    sand_dust: Numbers
    shapes: YearShapes = field(repr=False)
    table: str = field(repr=False)

    def fit(self, theta: Array, baseline: Projection) -> MonthFitted:
        """Calibrate the annual response; the months keep a mean of 1.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        annual = fit_once(self.annual, theta, baseline)
        assert isinstance(annual, DustfallFitted)
        factor = self.factor(theta)
        factor = factor * len(MONTHS) / ordered_sum(factor)
        sand = self.sand_dust(theta)
        even = np.full((len(annual.dust), len(MONTHS)), 1.0 / len(MONTHS))
        return MonthFitted(
            annual=annual,
            factor=factor,
            sand_dust=sand,
            shares=self.shapes.shares[annual.dust] if self.shapes.known else even,
            known=self.shapes.known,
            impossible=annual.impossible,
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note months whose mean is not 1.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        mean = float(self.factor(theta).mean())
        if abs(mean - 1.0) > SHARE_TOLERANCE:
            problems.add(
                Place(self.table),
                message("the factors of the twelve months have a mean of {mean:g}.", mean=mean),
                message("Expected a mean of 1."),
                message("Divide each by their mean."),
            )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the coarse dust."""
        return self.annual.pollutants(subject)


class WorstMonth(Indicator):
    """Dustfall of the worst month."""

    def declare(self, context: Context) -> MonthDeclared | None:
        """Take the annual response and the months.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        annual = declared_part("dustfall", context)
        table = context.tables.read(TABLE, MonthRow)
        if annual is None or not table.rows:
            return None
        factor = table.numbers("1", part="background", month=MONTHS)
        sand = table.numbers("1", part="sand-dust", month=MONTHS)
        return MonthDeclared(
            annual=annual,
            factor=factor,
            sand_dust=sand,
            shapes=context.shapes,
            table=table.file,
            ranged=annual.ranged,
            choices={"sand_dust": ("with", "without")},
        )


INDICATOR = WorstMonth(
    id="dustfall-worst-month",
    unit=UNIT,
    order=19,
    harmful=True,
    takes=("sand_dust", "season"),
    requires={"air": AirRow, "response": ResponseRow, TABLE: MonthRow},
    asks_for=message("the months of the dustfall's background"),
    remedy=message("A region has them in dustfall_months.csv; a finished inventory has none."),
)
