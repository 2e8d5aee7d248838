"""What an indicator declares, and what it gives to targets, the optimiser, tables and charts.

An indicator is one file in this folder with a module-level ``INDICATOR``. It names its unit, the
parameters that a target may give it and the tables it needs, and is built in two steps:
``declare`` takes its numbers from the tables, :meth:`Declared.fit` calibrates them on a baseline,
for any number of columns of the parameter vector. What is fitted answers for any projection.
Nothing outside this folder decides by the name of an indicator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from lantian.core.alerts import DailyCuts
from lantian.core.areas import Areas
from lantian.core.projection import Projection
from lantian.core.seasonal import Monthly
from lantian.core.system import Array, Index, Sources, States
from lantian.errors import Problems
from lantian.indicators.selection import PlaceOf, Selection
from lantian.inventory.months import ANY_YEAR, YearParts, YearShapes
from lantian.language import NOTHING, Message
from lantian.parameters import QuantityRow, QuantityTable, Space
from lantian.parameters import Row as TableRow
from lantian.parameters.series import OfYear, filled_numbers
from lantian.standards.tables import STANDARDS, Standard, StandardId
from lantian.vocabulary import POLLUTANTS, AlertLevel, Pollutant

Q = TypeVar("Q", bound=QuantityRow)
R = TypeVar("R", bound=TableRow)
SandDust = Literal["with", "without"]
"""Whether days of sand-dust count."""

Sense = Literal["at_most", "at_least"]
"""Side on which a limit lies."""

TOTAL = "total"
"""Name of the part that is the whole."""

CENTRAL, LOW, HIGH = 0, 1, 2
"""Columns of :func:`span`."""


@dataclass(frozen=True)
class Subject:
    """What of an indicator a target is about; None stands for all of the region.

    Attributes
    ----------
    pollutant
        One substance.
    sectors, areas
        Only what these emit, only what is emitted there.
    receptor
        A place where it is measured.
    state
        State of the air in which a concentration is told.
    sand_dust
        Whether days of sand-dust count; None: as bulletins tell it.
    alert_level
        Level of a pollution alert.
    sources
        Only what these emit; patterns with ``*``.
    activity
        What is counted.
    of, per
        The whole that it is a share of; what it is told per unit of.
    unit
        In which it is counted.
    season
        First and last month (``6-9``) that it is about; None: the year.
    """

    pollutant: Pollutant | None = None
    sectors: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    receptor: str | None = None
    state: Literal["standard", "actual"] | None = None
    sand_dust: SandDust | None = None
    alert_level: AlertLevel | None = None
    sources: tuple[str, ...] | None = None
    activity: Selection | None = None
    of: Selection | None = None
    per: Selection | None = None
    unit: str | None = None
    season: str | None = None


@dataclass(frozen=True)
class Asked:
    """A target that asks for an indicator.

    Attributes
    ----------
    subject
        What it is about.
    place
        Where a part of it is written.
    """

    subject: Subject
    place: PlaceOf

    def of(self, key: str) -> PlaceOf:
        """Return where the parts of a parameter are written."""
        return lambda *path: self.place(key, *path)


PARAMETERS = tuple(f.name for f in fields(Subject))
"""Keys of a target that are parameters of its indicator."""


class Tables(Protocol):
    """Where an indicator finds its tables: a region's folders, or what comes with an inventory."""

    def has(self, name: str) -> bool:
        """Tell whether there is a table of that name."""

    def read(self, name: str, row: type[Q]) -> QuantityTable[Q]:
        """Return a table that is there; its faults are noted."""

    def rows(self, name: str, row: type[R]) -> list[R]:
        """Return the rows of a table without numbers of their own range; none if it is missing."""


@dataclass(frozen=True)
class Surroundings:
    """What a scenario says of the air that its plan does not make.

    Attributes
    ----------
    in_step
        Whether the rest of a district's city cuts as the district does; None if it says nothing.
    observed
        Whether the part from outside follows what was observed after the base year too.
    """

    in_step: bool | None = None
    observed: bool = False


@dataclass(frozen=True, eq=False)
class Context:
    """Everything that ``declare`` may read.

    Attributes
    ----------
    years, base_year
        Years of the model, ascending, and the one that observations and shares are of.
    sources
        Source axis of the emissions.
    areas
        Where the sources are; None if the region is not divided.
    tables
        Tables by name, without suffix.
    space
        Receives the numbers that are taken.
    problems
        Where to note what is missing or does not fit.
    surroundings
        What the scenario says of the air around.
    standards, standard
        Air-quality standards of the project by id, and the one that the scenario is judged by.
    alert
        What the scenario lists for a day of a pollution alert; None if it lists nothing.
    dated
        Tables as they stand in the base year, read once so that each number has one slot.
    made
        Indicators that were declared already, by id: some are made of others.
    faulty
        Those of them whose tables have faults, each as often as it was asked for.
    shared
        What several indicators read of one table, by its name, so that faults are told once.
    states
        State axis of the activity.
    asked
        Targets on each indicator, by its id: some take numbers only where a target asks for them.
    shapes
        Months of the sources.
    """

    years: tuple[int, ...]
    base_year: int
    sources: Sources
    areas: Areas | None
    tables: Tables
    space: Space
    problems: Problems
    surroundings: Surroundings = Surroundings()
    standards: Mapping[StandardId, Standard] = field(default_factory=dict)
    standard: StandardId = STANDARDS[0]
    alert: DailyCuts | None = None
    dated: dict[str, OfYear[Any]] = field(default_factory=dict)
    made: dict[str, "Declared | None"] = field(default_factory=dict)
    faulty: list[str] = field(default_factory=list)
    shared: dict[str, Any] = field(default_factory=dict)
    states: States = field(default_factory=lambda: States(np.zeros(0, np.int64), (), ()))
    asked: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    shapes: YearShapes = ANY_YEAR

    def faults(self) -> int:
        """Return how often a fault was met so far, in tables or in a part that has some."""
        return len(self.problems.found) + len(self.faulty)

    @property
    def warnings(self) -> list[Message]:
        """What was filled in for the base year."""
        tables = self.dated.values()
        return [told for table in tables for told in filled_numbers(table, self.base_year)]


@dataclass(frozen=True)
class Row:
    """A linear row of the optimiser: ``sum(weight * emission) + constant <= limit`` (or ``>=``).

    What each state holds may count as well: ``sum(activity * activity of the state)``.

    Attributes
    ----------
    weight
        [unit of the row per t/a], dims (source, pollutant, sample).
    constant
        What no emission moves [unit of the row], dims (sample,).
    sense
        Side on which the limit lies.
    limit
        Of this row alone [unit of the row], dims (sample,); None: the target's own.
    binary
        Coefficients [unit of the row] of 0/1 variables that the rows of a target share, by name,
        dims (sample,).
    activity
        [unit of the row per source unit], dims (state, sample); None: no state counts by itself.
    monthly
        Of a row about some months: what an emission in them counts; None of one about the year.
    """

    weight: Array
    constant: Array
    sense: Sense = "at_most"
    limit: Array | None = None
    binary: Mapping[str, Array] = field(default_factory=dict)
    activity: Array | None = None
    monthly: Monthly | None = None

    def scaled(self, factor: Array) -> "Row":
        """Return the same row in another unit.

        Parameters
        ----------
        factor
            Of the units, dims (sample,).
        """
        monthly = None if self.monthly is None else self.monthly.scaled(factor)
        return replace(
            self, weight=self.weight * factor, constant=self.constant * factor, monthly=monthly
        )


@dataclass(frozen=True)
class Parts:
    """What an indicator is made of, for tables and charts.

    Attributes
    ----------
    component
        Name of each part; :data:`TOTAL` is the whole.
    value
        dims (part, year, sample).
    receptor
        Place of each part; empty where the indicator has none.
    basis
        What each part rests on besides the emissions; empty where that is not told.
    """

    component: tuple[str, ...]
    value: Array
    receptor: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Owners:
    """Who makes a concentration, in one reading of what the rest of the city does.

    Attributes
    ----------
    in_step
        Whether the rest of the city moves in step with the plan.
    own, city, outside
        What the region, the rest of its city and everything else add, dims (year, sample).
    """

    in_step: bool
    own: Array
    city: Array
    outside: Array

    @property
    def total(self) -> Array:
        """The concentration, dims (year, sample)."""
        return self.own + self.city + self.outside


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """An indicator calibrated for some columns of the parameter vector.

    Every array has the sample axis last and broadcasts against a projection of one sample.

    Attributes
    ----------
    impossible
        Columns whose numbers contradict each other, such as a local part above what was observed:
        they are counted and told, dims (sample,).
    """

    impossible: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1, dtype=bool))

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the indicator in every year of a projection.

        Parameters
        ----------
        projection
            Emission and activity of one case.
        subject
            What the target is about.

        Returns
        -------
        Array
            dims (year, sample), or (year, place, sample) where a target holds at several places.
        """
        raise NotImplementedError

    def scale(self, subject: Subject) -> float:
        """Return what a value is multiplied by to stand beside the parts, at central values.

        Parameters
        ----------
        subject
            What the target is about.
        """
        return 1.0

    def rows(self, subject: Subject, year: int) -> Sequence[Row] | None:
        """Return what the optimiser is asked to keep in a calendar year.

        Parameters
        ----------
        subject
            What the target is about.
        year
            A year of the baseline that it was fitted on.

        Returns
        -------
        Sequence or None
            Rows that all must hold; None where the target is judged after the solve.
        """
        return None

    def rows_within(self, subject: Subject, year: int, limit: Array) -> Sequence[Row] | None:
        """Return what the optimiser is asked to keep for a limit, where the rows depend on it.

        Parameters
        ----------
        subject, year
            As in :meth:`rows`.
        limit
            [unit of the target], dims (sample,).

        Returns
        -------
        Sequence or None
            As :meth:`rows`, which they are by default.
        """
        return self.rows(subject, year)

    def by_season(self, projection: Projection, parts: YearParts) -> Array | None:
        """Return what the emissions of each season make of a mean of the year.

        Parameters
        ----------
        projection
            Emission and activity of one case.
        parts
            Seasons, and the share of every source's year in each.

        Returns
        -------
        Array or None
            [unit of the indicator], dims (season, year, sample), together the part that emissions
            of the region cause; None for what is no mean of a year.
        """
        return None

    def owners(self, projection: Projection) -> tuple[Owners, ...]:
        """Return who makes it, the scenario's reading first; empty where that is not told.

        Parameters
        ----------
        projection
            Emission and activity of one case.
        """
        return ()

    def told(self, projection: Projection, subject: Subject, year: int) -> Message | None:
        """Return what must be read beside the value of a year; None where nothing must.

        Parameters
        ----------
        projection
            Emission and activity of one case, at central values.
        subject
            What the target is about.
        year
            A year of the projection.

        Returns
        -------
        Message or None
            Such as the path of ozone that a count of days takes as given.
        """
        return None

    def parts(self, projection: Projection) -> Parts | None:
        """Return what tables and charts show of a projection; None where they show nothing.

        Parameters
        ----------
        projection
            Emission and activity of one case.

        Returns
        -------
        Parts or None
            Of every year of the projection.
        """
        return None


@dataclass(frozen=True, kw_only=True)
class Declared:
    """An indicator with the numbers it is made of.

    Attributes
    ----------
    choices
        What a parameter may be, where the tables say so.
    closed
        What a parameter may not be here, by parameter and value: why, and what would open it.
    unsaid
        What a scenario that asks for it must say and does not, and how; None if nothing is missing.
    ranged
        Slots at whose ends tables tell the range of the indicator, dims (slot,).
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: Mapping[tuple[str, str], tuple[Message, Message]] = field(default_factory=dict)
    unsaid: tuple[Message, Message] | None = None
    ranged: Index = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def fit(self, theta: Array, baseline: Projection) -> Fitted:
        """Calibrate for some columns of the parameter vector; never raises for a column.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        baseline
            Without the plan; holds the base year and every year that will be asked about.

        Returns
        -------
        Fitted
            Of as many columns.
        """
        raise NotImplementedError

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note what is impossible at central values.

        Parameters
        ----------
        theta
            Central values of all slots, dims (slot, 1).
        baseline
            Without the plan, in all years of the model.
        problems
            Receives every fault found.
        """

    def reproduces(self, year: int) -> bool:
        """Tell whether the observation of a year is reproduced, whatever the emissions.

        Parameters
        ----------
        year
            A calendar year before the base year or after it; the base year always is.

        Returns
        -------
        bool
            No by default: such an observation is not part of the calibration.
        """
        return False

    def in_common(self, row: QuantityRow, unit: str) -> float:
        """Return an observation as the parts of the indicator are told, to be held against them.

        Parameters
        ----------
        row
            What was observed.
        unit
            Of the parts.
        """
        return row.to(unit)

    def under(self, standard: Standard) -> "Declared | None":
        """Return the same indicator judged by another standard; None where none matters to it.

        Parameters
        ----------
        standard
            Its limits, break points and rules.

        Returns
        -------
        Declared or None
            Made of the same numbers.
        """
        return None

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the pollutants that a target rests on; no other need be projected for it.

        Parameters
        ----------
        subject
            What the target is about.

        Returns
        -------
        tuple
            All by default.
        """
        return POLLUTANTS


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """Declaration of an indicator; a subclass gives :meth:`declare`.

    Attributes
    ----------
    id
        As scenarios and tables write it; ``labels.csv`` has its name.
    unit
        Unit in which targets are judged, unless :meth:`unit_of` says otherwise.
    order
        Its place in tables, the lowest first.
    takes, needs
        Parameters that a target may give, and those of them that it must give.
    any_unit
        Whether its unit is what a target says: that of its limit, or its own ``unit``.
    counted
        Whether it is counted, and no bulletin prints it to so many digits.
    part
        Whether it is a part of something, and cannot be more than all of it.
    harmful
        Whether less of it is better: no target asks for more.
    wished
        Whether more of it is better: no target asks for less.
    requires
        Name -> row model of the tables of a region without which it cannot be computed.
    beside
        Names of further tables of a region that it reads.
    asks_for
        What it needs of tables, for a target that asks for it where that is missing.
    remedy
        How to put that right.
    """

    id: str
    unit: str
    order: int
    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    any_unit: bool = False
    counted: bool = False
    part: bool = False
    harmful: bool = False
    wished: bool = False
    requires: Mapping[str, type[QuantityRow]] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    asks_for: Message = NOTHING
    remedy: Message = NOTHING

    def unit_of(self, subject: Subject) -> str:
        """Return the unit in which a target on a subject is judged."""
        return subject.unit or self.unit if self.any_unit else self.unit

    def declare(self, context: Context) -> Declared | None:
        """Take the numbers from the tables; what is missing in part is noted as a problem.

        Parameters
        ----------
        context
            Tables and axes.

        Returns
        -------
        Declared or None
            None where the tables hold nothing of it.
        """
        raise NotImplementedError


def span(space: Space, ranged: Index) -> Array:
    """Return the central values, and those with some numbers at their low and at their high ends.

    Parameters
    ----------
    space
        Holds the numbers.
    ranged
        Slots of the numbers to be moved, dims (slot,).

    Returns
    -------
    Array
        dims (slot, 3): columns :data:`CENTRAL`, :data:`LOW` and :data:`HIGH`.
    """
    theta = np.repeat(space.central(), 3, axis=1)
    for column, end in zip((LOW, HIGH), space.ends(), strict=True):
        theta[ranged, column] = end[ranged, 0]
    return theta
