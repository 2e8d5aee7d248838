"""PM2.5 of townships, and the rule that a plan gives them.

A township has its own annual mean of the base year. From there it follows the district's response:
what is not the district's (the rest of its city and the outside, R) alike everywhere, each source
group's part L by a kernel coefficient that is data,

    c[u](y) = c[u](b) + R(y) - R(b) + sum over group g of k[u, g] (L[g](y) - L[g](b)).

A coefficient of 1 is the district's mean; over all units a group's coefficients are scaled to the
mean 1, so the plain mean of the units moves as the district. Targets ask for ``improves`` (each
unit below the base year) or for a group of units: not above the mean of all by more than the
group's allowance, or an improvement above the mean of the rates. What is judged is each unit's
concentration as a part of what it may have, the larger of the two, or what prints lower than the
base year: at most 100 %. All three are straight lines in emissions, and the OR of each unit is a
0/1 choice:

    c[u] - l mean(c)                 <= l a[g] + M z[u]            with the limit l (100 %)
    c[u] - l c[u](b) mean(c / c(b))  <=          M (1 - z[u])
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from pydantic import Field

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.core.townships import check_townships
from lantian.errors import Place
from lantian.indicators.contract import Context, Declared, Fitted, Indicator, Row, Subject
from lantian.indicators.groups import COLUMNS
from lantian.indicators.parts import declared_part
from lantian.indicators.pm25 import Pm25Declared, Pm25Fitted
from lantian.indicators.tables import CONCENTRATION, AirRow, ResponseRow
from lantian.language import Message, message
from lantian.parameters import (
    ONE,
    Band,
    CalendarYear,
    Numbers,
    QuantityRow,
    QuantityTable,
    column,
    declared,
    or_none,
)
from lantian.parameters.space import join
from lantian.standards.printing import printed_below
from lantian.standards.tables import Standard
from lantian.vocabulary import GROUPS, POLLUTANTS, Group, Pollutant

TABLE = "townships"
EXPOSED = "pm25"
"""What the rule is about."""
LEVELS, KERNEL = (EXPOSED, "dustfall"), "kernel"
"""Parameters of the table: levels of a unit, and coefficients."""
IMPROVES = "improves"
"""The receptor of a target that asks every unit to be below the base year."""
MOST = 2.0
"""What no unit exceeds, as a part of its level of the base year: the M of its choice."""
KERNEL_TOLERANCE = 5e-3
"""How far the mean of a group's coefficients may miss 1: they are typed with two digits."""


class TownshipRow(QuantityRow):
    """A line of ``townships.csv``.

    ``pm25``: annual mean of a township in a year, with the ``group`` of the rule that it is in.
    ``dustfall``: its dustfall of a year.
    ``allowance``: what a group may be above the mean. ``kernel``: how strongly a ``source_group``
    acts in a township, as a multiple of the district's mean; 1 where there is no row.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "pm25": (Band(CONCENTRATION, 0.5, 1000.0),),
            "dustfall": (Band("t/(km2*month)", 0.1, 300.0),),
            "allowance": or_none(Band(CONCENTRATION, 0.1, 200.0)),
            "kernel": or_none(Band("", 0.02, 50.0)),
        }
    )
    parameter: Literal["pm25", "dustfall", "allowance", "kernel"]
    township: str = ""
    group: str = ""
    source_group: Literal["", Group] = Field("")
    year: CalendarYear | None = None


@dataclass(frozen=True, kw_only=True)
class LevelsFitted(Fitted):
    """Levels of townships.

    Attributes
    ----------
    rests
        What they rest on, where some are assumed.
    """

    rests: Message | None

    def told(self, projection: Projection, subject: Subject, year: int) -> Message | None:
        """Return how many levels are assumed.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.rests


@dataclass(frozen=True, kw_only=True)
class TownshipsFitted(LevelsFitted):
    """Townships on the calibrated response of their district.

    Attributes
    ----------
    names, groups
        Of the units, dims (unit,).
    district
        The response.
    before
        Annual mean of the base year [ug/m3], dims (unit, sample).
    allowance
        Above the mean [ug/m3], dims (unit, sample).
    kernel
        [1], dims (unit, source group, sample).
    local, around
        What source groups of the district, and all that is not of it, make of its mean in the base
        year [ug/m3], dims (source group, sample) and (sample,).
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    district: Pm25Fitted
    before: Array
    allowance: Array
    kernel: Array
    local: Array
    around: Array
    standard: Standard | None

    def concentrations(self, projection: Projection) -> Array:
        """Return the annual mean of each unit [ug/m3], dims (unit, year, sample).

        Parameters
        ----------
        projection
            Any case.
        """
        local, around = _local_and_around(self.district, projection)
        moved = local - self.local[:, None]
        own = ordered_sum((self.kernel[:, :, None] * moved).swapaxes(0, 1))
        return np.asarray(self.before[:, None] + own + (around - self.around))

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return each unit as a part of what the rule allows it [1], dims (year, unit, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`; the receptor is a group.
        """
        after = self.concentrations(projection)
        before = np.broadcast_to(self.before[:, None], after.shape)
        if subject.receptor == IMPROVES:
            lower = np.stack([self.lower(year) for year in projection.years], axis=1)
            return np.asarray((after / lower).swapaxes(0, 1))
        check = check_townships(before, after, self.allowance[:, None])
        allowed = np.maximum(after - check.above, before * (1.0 - check.mean_rate))
        own = np.array([group == subject.receptor for group in self.groups])
        return np.asarray((after / allowed)[own].swapaxes(0, 1))

    def lower(self, year: int) -> Array:
        """Return what prints lower than the base year in a year [ug/m3], dims (unit, sample).

        Parameters
        ----------
        year
            Calendar year of what is printed.
        """
        return printed_below(self.before, self.standard, EXPOSED, CONCENTRATION, year)

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the rows of the rule as it stands, at 100 %.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.rows_within(subject, year, np.ones(1))

    def rows_within(self, subject: Subject, year: int, limit: Array) -> list[Row]:
        """Return a row per unit that must improve, or two with a choice per unit of a group.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`; the receptor is a group.
        limit
            Largest part of what is allowed [1], dims (sample,).
        """
        units = self._relative_rows(year)
        if subject.receptor == IMPROVES:
            least = self.before / self.lower(year)
            return [times(row, own) for row, own in zip(units, least, strict=True)]
        mean_rate = _mean_row(units)
        mean = _mean_row([times(row, before) for row, before in self._each(units)])
        return [
            row
            for u, (own, before) in enumerate(self._each(units))
            if self.groups[u] == subject.receptor
            for row in (
                unless(
                    less(own, mean, limit / before),
                    limit * self.allowance[u] / before,
                    self.names[u],
                ),
                only_if(less(own, mean_rate, limit), self.names[u]),
            )
        ]

    def _each(self, rows: list[Row]) -> Iterator[tuple[Row, Array]]:
        """Yield the row of each unit with its level of the base year."""
        return zip(rows, self.before, strict=True)

    def _relative_rows(self, year: int) -> list[Row]:
        """Return what each unit has as a part of its level of the base year."""
        district = self.district
        stated, y = district.stated, district.years.index(year)
        scale = 1.0 + district.weather[y]
        around = stated.outside[y] * scale - self.around
        found = []
        for before, kernel in zip(self.before, self.kernel, strict=True):
            slope = kernel[district.groups.group][:, None] * stated.own + stated.city
            weight = np.zeros((len(slope), len(POLLUTANTS), slope.shape[-1]))
            weight[:, COLUMNS] = slope * scale / before
            constant = before - ordered_sum(kernel * self.local) + around
            found.append(Row(weight, constant / before))
        return found


def unless(row: Row, limit: Array, choice: str) -> Row:
    """Return that a row keeps a limit unless the choice of a unit is made.

    Parameters
    ----------
    row
        In parts of what is allowed [1].
    limit
        Dims (sample,).
    choice
        The unit.
    """
    return replace(row, limit=limit, binary={choice: np.full(1, -MOST)})


def only_if(row: Row, choice: str) -> Row:
    """Return that a row is at most 0 if the choice of a unit is made.

    Parameters
    ----------
    row
        In parts of what is allowed [1].
    choice
        The unit.
    """
    return replace(row, limit=np.full(1, MOST), binary={choice: np.full(1, MOST)})


def of_mean_one(kernel: Array) -> Array:
    """Return coefficients with the mean 1 over all units, so that these move as the district.

    Parameters
    ----------
    kernel
        Dims (unit, ...).
    """
    return np.asarray(kernel * len(kernel) / ordered_sum(kernel))


def times(row: Row, factor: Array) -> Row:
    """Return a row in another unit.

    Parameters
    ----------
    row
        Any.
    factor
        From its unit to the other, dims (sample,).
    """
    return Row(row.weight * factor, row.constant * factor)


def _mean_row(rows: list[Row]) -> Row:
    """Return the plain mean of rows."""
    weight = ordered_sum(row.weight for row in rows) / len(rows)
    return Row(weight, ordered_sum(row.constant for row in rows) / len(rows))


def less(one: Row, other: Row, share: Array) -> Row:
    """Return a row less a share of another.

    Parameters
    ----------
    one, other
        In the same unit.
    share
        [1], dims (sample,).
    """
    return Row(one.weight - share * other.weight, one.constant - share * other.constant)


def _local_and_around(district: Pm25Fitted, projection: Projection) -> tuple[Array, Array]:
    """Return the parts of the mean [ug/m3]: by source group, and of all that is not the district's.

    Dims (source group, year, sample) and (year, sample).
    """
    value = district.parts(projection).value
    return value[1 : 1 + len(GROUPS)], value[1 + len(GROUPS) :].sum(axis=0)


@dataclass(frozen=True, kw_only=True)
class TownshipsDeclared(Declared):
    """Numbers of the townships, on the numbers of the district's response."""

    names: tuple[str, ...]
    groups: tuple[str, ...]
    district: Pm25Declared
    before: Numbers
    allowance: Numbers
    kernel: Numbers = field(repr=False)
    standard: Standard | None
    rests: Message | None

    def fit(self, theta: Array, baseline: Projection) -> TownshipsFitted:
        """Calibrate the district, and take its base year as where the townships start.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        district, kernel = self.district.fit(theta, baseline), self.kernel(theta)
        start = baseline.at(self.district.base_year)
        local, around = (part[..., 0, :] for part in _local_and_around(district, start))
        return TownshipsFitted(
            names=self.names,
            groups=self.groups,
            district=district,
            before=self.before(theta),
            allowance=self.allowance(theta),
            kernel=of_mean_one(kernel),
            local=local,
            around=around,
            standard=self.standard,
            rests=self.rests,
            impossible=district.impossible,
        )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return those of the district's response."""
        return self.district.pollutants(subject)


class Townships(Indicator):
    """Townships as parts of what their rule allows them."""

    def declare(self, context: Context) -> TownshipsDeclared | None:
        """Take levels of the base year, groups and kernel; None without levels of that year.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        district = declared_part(EXPOSED, context)
        table = context.tables.read(TABLE, TownshipRow)
        levels = [row for row in table.rows if row.parameter in LEVELS]
        begun = [row for row in levels if row.year == context.base_year]
        rows = [row for row in begun if row.parameter == EXPOSED]
        _check_rows(table, {row.township for row in begun or levels})
        if not rows:
            return None
        names = tuple(row.township for row in rows)
        kernel = kernel_of(context, table, names)
        check_kernel(table, rows, kernel(context.space.central())[..., 0])
        if not isinstance(district, Pm25Declared):
            return None  # its own faults are told, and do not hide those of the townships
        before = [table.taken(row, CONCENTRATION)[None] for row in rows]
        return TownshipsDeclared(
            names=names,
            groups=tuple(row.group for row in rows),
            district=district,
            before=join(before),
            allowance=_allowances(table, rows),
            kernel=kernel,
            standard=context.standards.get(context.standard),
            rests=rests_on(rows),
            choices={"receptor": (IMPROVES, *dict.fromkeys(row.group for row in rows))},
            ranged=district.ranged,
        )


def rests_on(rows: Sequence[TownshipRow]) -> Message | None:
    """Return how many levels of townships are assumed; None where none is.

    Parameters
    ----------
    rows
        Levels of the base year.
    """
    assumed = sum(row.basis == "assumed" for row in rows)
    if not assumed:
        return None
    return message("levels of {n} of {all} townships are assumed", n=assumed, all=len(rows))


def kernel_of(context: Context, table: QuantityTable[TownshipRow], names: Sequence[str]) -> Numbers:
    """Return how strongly each source group acts in each unit [1], dims (unit, source group).

    Parameters
    ----------
    context
        Remembers the coefficients, so that each has one slot.
    table
        Holds them; one that is missing is 1.
    names
        Of the units.
    """
    every = tuple(dict.fromkeys(row.township for row in table.rows if row.township))
    if KERNEL not in context.shared:
        context.shared[KERNEL] = table.numbers(
            "1",
            missing=ONE,
            parameter=KERNEL,
            township=column(every),
            group="",
            source_group=GROUPS,
            year=None,
        )
    found: Numbers = context.shared[KERNEL]
    return found[[every.index(name) for name in names]]


def _allowances(table: QuantityTable[TownshipRow], rows: list[TownshipRow]) -> Numbers:
    groups = [row.group for row in rows]
    return table.numbers(
        CONCENTRATION, parameter="allowance", township="", group=groups, source_group="", year=None
    )


def _check_rows(table: QuantityTable[TownshipRow], known: set[str]) -> None:
    """Note levels and coefficients that cannot be, and coefficients of a township without level."""
    for row in table.rows:
        if row.low < 0 or (row.parameter in LEVELS and row.low == 0):
            table.problems.add(
                row.place.cell("value"),
                message("a concentration, allowance or coefficient cannot be negative."),
            )
        if row.parameter == KERNEL and row.township not in known:
            table.problems.add(
                row.place.cell("township"),
                message("township '{name}' has no level of the base year.", name=row.township),
                fix=message("Add its row 'pm25', or mend the name."),
            )


def check_kernel(table: QuantityTable[TownshipRow], rows: list[TownshipRow], kernel: Array) -> None:
    """Note coefficients of a group whose mean over some units is not 1.

    Parameters
    ----------
    table
        Its problems receives the faults.
    rows
        One per unit.
    kernel
        Central values [1], dims (unit, source group).
    """
    for group, mean in zip(GROUPS, kernel.mean(axis=0).tolist(), strict=True):
        if abs(mean - 1.0) > KERNEL_TOLERANCE:
            table.problems.add(
                Place(table.file),
                message(
                    "the kernel rows of '{group}' add up to {total:.2f}, not to the {n} townships.",
                    group=group,
                    total=mean * len(rows),
                    n=len(rows),
                ),
                fix=message("Scale its rows: together the townships are the district."),
            )


INDICATOR = Townships(
    id="township-rule",
    unit="1",
    order=7,
    harmful=True,
    takes=("receptor",),
    needs=("receptor",),
    requires={"air": AirRow, "response": ResponseRow, TABLE: TownshipRow},
    asks_for=message("levels of townships in the base year"),
    remedy=message("Add townships.csv to the region's folder: levels, groups and kernel."),
)
