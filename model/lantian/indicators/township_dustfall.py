r"""Dustfall of townships: each falls, or falls by no smaller a part than the district.

.. math:: D_u(y) = D_u(b) + B(y) - B(b) + k_u (L(y) - L(b))

with background *B* and local part *L* of the district's dustfall and the coefficient *k* that dust
has in the township (``townships.csv``, kernel; their mean is 1). What is judged is each unit's
level as a part of what it may have: what prints lower than its base year, or that of the base year
times what the district keeps of its own, whichever is larger. Both are straight lines in emissions,
and the OR of each unit is a 0/1 choice:

    D[u] / lower[u]                      <= l + M z[u]             with the limit l (100 %)
    D[u] / D[u](b) - l D / D(b)          <=     M (1 - z[u])
"""

from dataclasses import dataclass, field

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators.contract import Context, Declared, Indicator, Row, Subject
from lantian.indicators.dustfall import DUST_GROUP, UNIT, DustfallFitted, tsp_of
from lantian.indicators.parts import declared_part, fit_once
from lantian.indicators.tables import AirRow, ResponseRow
from lantian.indicators.townships import (
    EXPOSED,
    LevelsFitted,
    TownshipRow,
    check_kernel,
    kernel_of,
    less,
    of_mean_one,
    only_if,
    rests_on,
    times,
    unless,
)
from lantian.language import Message, message
from lantian.parameters import Numbers
from lantian.parameters.space import join
from lantian.standards.printing import printed_below
from lantian.standards.tables import Standard
from lantian.vocabulary import GROUPS, Pollutant

LEVEL = "dustfall"
"""Indicator of the district, and parameter of the level of a township."""


@dataclass(frozen=True, kw_only=True)
class TownshipDustFitted(LevelsFitted):
    """Townships on the calibrated dustfall of their district, the sample axis last.

    Attributes
    ----------
    names
        Of the units.
    district
        Background and slope.
    base_year
        Calendar year of the levels.
    before
        Level of each unit in the base year [t/(km2 month)], dims (unit, sample).
    kernel
        How strongly dust acts in each [1], dims (unit, sample).
    local
        Local part of the district in the base year [t/(km2 month)], dims (sample,).
    standard
        Says what is printed.
    """

    names: tuple[str, ...]
    district: DustfallFitted
    base_year: int
    before: Array
    kernel: Array
    local: Array
    standard: Standard | None

    def levels(self, projection: Projection) -> Array:
        """Return the dustfall of each unit [t/(km2 month)], dims (unit, year, sample).

        Parameters
        ----------
        projection
            Any case.
        """
        moved = self._local(projection) - self.local
        background = self.district.outside(projection.years) - self._background
        return np.asarray((self.before[:, None] + background) + self.kernel[:, None] * moved)

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return each unit as a part of what it may have [1], dims (year, unit, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        level = self.levels(projection)
        district = self.district.value(projection, subject) / self._district
        lower = np.stack([self._lower(year) for year in projection.years], axis=1)
        allowed = np.maximum(lower, self.before[:, None] * district)
        return np.asarray((level / allowed).swapaxes(0, 1))

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the rows of the rule as it stands, at 100 %.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.rows_within(subject, year, np.ones(1))

    def rows_within(self, subject: Subject, year: int, limit: Array) -> list[Row]:
        """Return two rows with a choice per unit.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        limit
            Largest part of what is allowed [1], dims (sample,).
        """
        (annual,) = self.district.rows(subject, year)
        district = times(annual, 1.0 / self._district)
        found = []
        units = zip(self.names, self.before, self.kernel, self._lower(year), strict=True)
        for name, before, kernel, lower in units:
            own = self._row(annual, before, kernel)
            as_much = less(times(own, 1.0 / before), district, limit)
            found += [unless(times(own, 1.0 / lower), limit, name), only_if(as_much, name)]
        return found

    def _row(self, annual: Row, before: Array, kernel: Array) -> Row:
        """Return the level of a unit [t/(km2 month)]."""
        background = annual.constant - self._background
        return Row(annual.weight * kernel, before - kernel * self.local + background)

    def _local(self, projection: Projection) -> Array:
        return np.asarray(self.district.slope * tsp_of(projection, self.district.dust))

    @property
    def _background(self) -> Array:
        return np.asarray(self.district.outside((self.base_year,))[0])

    @property
    def _district(self) -> Array:
        return self._background + self.local

    def _lower(self, year: int) -> Array:
        """Return what prints lower than the base year [t/(km2 month)], dims (unit, sample)."""
        return printed_below(self.before, self.standard, LEVEL, UNIT, year)


@dataclass(frozen=True, kw_only=True)
class TownshipDustDeclared(Declared):
    """Numbers of the townships, on those of the district's dustfall."""

    names: tuple[str, ...]
    district: Declared
    base_year: int
    before: Numbers
    kernel: Numbers = field(repr=False)
    standard: Standard | None
    rests: Message | None

    def fit(self, theta: Array, baseline: Projection) -> TownshipDustFitted:
        """Calibrate the district, whose base year is where the townships start.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        district = fit_once(self.district, theta, baseline)
        assert isinstance(district, DustfallFitted)
        kernel = self.kernel(theta)[:, GROUPS.index(DUST_GROUP)]
        start = tsp_of(baseline.at(self.base_year), district.dust)[0]
        return TownshipDustFitted(
            names=self.names,
            district=district,
            base_year=self.base_year,
            before=self.before(theta),
            kernel=of_mean_one(kernel),
            local=np.asarray(district.slope * start),
            standard=self.standard,
            rests=self.rests,
            impossible=district.impossible,
        )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the coarse dust."""
        return self.district.pollutants(subject)


class TownshipDust(Indicator):
    """Dustfall of townships as parts of what they may have."""

    def declare(self, context: Context) -> TownshipDustDeclared | None:
        """Take levels of the base year and the coefficients of dust; None without such levels.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        district = declared_part(LEVEL, context)
        table = context.tables.read("townships", TownshipRow)
        rows = table.select(parameter=LEVEL, year=context.base_year)
        if district is None or not rows:
            return None
        names = tuple(row.township for row in rows)
        kernel = kernel_of(context, table, names)
        if set(names) != {row.township for row in table.select(parameter=EXPOSED)}:
            check_kernel(table, rows, kernel(context.space.central())[..., 0])
        return TownshipDustDeclared(
            names=names,
            district=district,
            base_year=context.base_year,
            before=join([table.taken(row, UNIT)[None] for row in rows]),
            kernel=kernel,
            standard=context.standards.get(context.standard),
            rests=rests_on(rows),
            ranged=district.ranged,
        )


INDICATOR = TownshipDust(
    id="township-dustfall",
    unit="1",
    order=21,
    requires={"air": AirRow, "response": ResponseRow, "townships": TownshipRow},
    asks_for=message("dustfall of townships in the base year"),
    remedy=message("Add rows 'dustfall' of each township to townships.csv of the region."),
)
