"""What a scenario sets: numbers of tables, or of the scenario itself, with other values.

A scenario changes numbers once for all of its run; each of its variants changes some further. The
changes of both are asked for whenever a number is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lantian.errors import Place
from lantian.language import Message, message
from lantian.parameters import units
from lantian.tolerances import ROUNDING

if TYPE_CHECKING:
    from lantian.parameters.space import Given

CONVERSION = "conversion"
"""Parameter of ``reach.csv`` that is no share whatever its unit."""
LEVEL = "level"
"""Kind of a scenario's number that is the level of a commitment."""
ABOVE_ALL = 1.01
"""A share [1] that none can be."""
ABSENT = object()
"""What stands in a column that a number does not have: a blank is none of it."""
SCENARIO = "scenario"
"""In the place of a table's name: numbers of the scenario file."""


class Amount(NamedTuple):
    """Central value and both ends of the range of a number, in its own unit."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Selection:
    """Which numbers are meant.

    Attributes
    ----------
    table
        Name of the table without suffix (``drivers``), of its folder (``activity``), or
        :data:`SCENARIO`.
    keys
        Key column -> value; columns that are not named match anything.
    years
        Years of the rows; any if empty.
    written
        What it is about in the words of the scenario (``price``); a blank if that is the table.
    """

    table: str
    keys: Mapping[str, Any]
    years: tuple[int, ...] = ()
    written: str = ""

    @property
    def is_level(self) -> bool:
        """Whether levels of a commitment are meant."""
        return self.table == SCENARIO and self.keys.get("kind") == LEVEL

    def is_in(self, number: "Given") -> bool:
        """Tell whether a number stands in the table."""
        return self.table in names_of_table(number)

    def holds(self, number: "Given") -> bool:
        """Tell whether a number is meant."""
        return (
            self.is_in(number)
            and all(_holds(number, k, v) for k, v in self.keys.items())
            and (not self.years or _text(_key(number, "year")) in map(str, self.years))
        )

    def years_known(self, numbers: Iterable["Given"]) -> list[int]:
        """Return the years of the numbers that would be meant if no years were named."""
        meant = replace(self, years=())
        found = {_key(number, "year") for number in numbers if meant.holds(number)}
        return sorted(year for year in found if isinstance(year, int))

    def known(self, numbers: Iterable["Given"]) -> dict[str, list[str]]:
        """Return what the columns that are asked for hold in this table, for a hint.

        Parameters
        ----------
        numbers
            All numbers that are used.

        Returns
        -------
        dict
            Column -> values, each once.
        """
        rows = [n for n in numbers if self.is_in(n)]
        cells = {k: [_key(n, k, ABSENT) for n in rows] for k in self.keys}
        return {
            k: list(dict.fromkeys(_text(cell) for cell in own if cell is not ABSENT))
            for k, own in cells.items()
        }

    def columns_known(self, numbers: Iterable["Given"]) -> list[str]:
        """Return the columns by which numbers of this table are told apart, for a hint."""
        rows = [n for n in numbers if self.is_in(n)]
        names: Iterable[tuple[str, ...]] = (
            PARTS if n.source_key == SCENARIO else getattr(n, "keys", tuple)() for n in rows
        )
        return list(dict.fromkeys(name for own in names for name in own))


def tables_of(numbers: Iterable["Given"]) -> set[str]:
    """Return how the tables of some numbers may be called."""
    return {name for number in numbers for name in names_of_table(number)}


def names_of_table(number: "Given") -> tuple[str, ...]:
    """Return the names by which the table of a number may be called.

    Parameters
    ----------
    number
        A row of a table, or a number of a scenario.

    Returns
    -------
    tuple of str
        File and folder without suffix, or :data:`SCENARIO`.
    """
    return (SCENARIO,) if number.source_key == SCENARIO else _names(number.place.file)


@cache
def _names(file: str) -> tuple[str, ...]:
    path = PurePosixPath(file)
    return path.stem, path.parent.name


PARTS = ("kind", "id", "year")
"""Parts of the name of a number that stands in a scenario."""


def _key(number: "Given", column: str, otherwise: Any = None) -> Any:
    """Return what a number has in a key column; a scenario's number has a name of parts."""
    if number.source_key == SCENARIO and column in PARTS:
        name = (*number.key(), "", "", "")
        return name[PARTS.index(column)]
    return getattr(number, column, otherwise)


def _holds(number: "Given", column: str, value: Any) -> bool:
    """Tell whether a number has a key column, and this in it."""
    found = _key(number, column, ABSENT)
    return found is not ABSENT and _text(found) == _text(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Change:
    """One change of some numbers: to a value, by an amount, by a factor, or by a yearly growth.

    Attributes
    ----------
    selection
        Which numbers.
    place
        Where the scenario says so.
    to, plus, unit
        New value, or what is added to value and range, in a unit; None where it is not set.
    times
        Factor on value and range [1].
    growth, since
        Further growth of numbers with a year, compounded from the year ``since`` on [1/a].
    of_shares
        Whether numbers that are shares must stay between 0 and 1, even where tables have more.
    """

    selection: Selection
    place: Place
    to: float | None = None
    plus: float | None = None
    unit: str = ""
    times: float = 1.0
    growth: float = 0.0
    since: int = 0
    of_shares: bool = False

    def amount(self, number: "Given", before: Amount) -> Amount:
        """Return what becomes of a number.

        Parameters
        ----------
        number
            Its unit and its year are looked at.
        before
            Its value and range before.

        Returns
        -------
        Amount
            In the number's unit. A value that is set has no range of its own; the range of a share
            ends at 0 and 1.

        Raises
        ------
        UnitError
            If the number is in a unit of another kind.
        ImpossibleError
            If it would be no share any more, negative where it is not, or beyond its band.
        """
        after = _without_rounding(number, self._moved(number, before))
        if after.value < 0.0 <= before.low and not units.is_like(number.unit, "degC"):
            raise ImpossibleError(message("{value} cannot be negative", value=f"{after.value:g}"))
        shares = _is_share(number) and (self.of_shares or _is_at_most_all(number))
        whole = units.convert(1.0, "", number.unit) if shares else 0.0
        if shares and not 0.0 <= after.value <= whole:
            percent = 100.0 * after.value / whole
            raise ImpossibleError(
                message("{value:g} % is not between 0 % and 100 %", value=percent)
            )
        try:
            number.check_value(after.value)
        except ValueError as error:  # as a table's door says it
            raise ImpossibleError(error.args[0]) from None
        return Amount(*(min(max(end, 0.0), whole) for end in after)) if shares else after

    def _moved(self, number: "Given", before: Amount) -> Amount:
        if self.to is not None:
            value = units.convert(self.to, self.unit, number.unit)
            return Amount(value, value, value)
        if self.plus is not None:
            added = units.convert(self.plus, self.unit, number.unit)
            return Amount(*(end + added for end in before))
        year = _key(number, "year")
        later = max(int(year) - self.since, 0) if year else 0
        factor = self.times * (1.0 + self.growth) ** later
        return Amount(*(end * factor for end in before))


def _is_at_most_all(number: "Given") -> bool:
    """Tell whether a table's door lets no such share stand above 100 %."""
    return _may_be(number, 1.0) and not _may_be(number, ABOVE_ALL)


def _may_be(number: "Given", share: float) -> bool:
    """Tell whether a share may stand where a number does."""
    try:
        number.check_value(units.convert(share, "", number.unit))
    except ValueError:
        return False
    return True


def _without_rounding(number: "Given", after: Amount) -> Amount:
    """Return a share that is all but for rounding as all: a factor and its inverse give it back."""
    if not _is_share(number):
        return after
    whole = units.convert(1.0, "", number.unit)
    exact = whole if abs(after.value - whole) <= ROUNDING * whole else after.value
    return after._replace(value=exact)


class ImpossibleError(ValueError):
    """A change makes a number of what cannot be; its message says so."""


def _is_share(number: "Given") -> bool:
    """Tell whether a number is a share: it has no unit, and is no more than all of something."""
    try:
        return (
            units.convert(number.value, number.unit, "") <= 1.0
            and _key(number, "parameter") != CONVERSION
        )
    except units.UnitError:
        return False


def _series_of(number: "Given") -> tuple[tuple[Any, ...], int]:
    """Return what the numbers of a series share, and the year of this one; 0 if it has none."""
    year = int(_key(number, "year") or 0)
    return tuple(part for part in number.key() if _text(part) != str(year)), year


SLIP = 100.0
"""Factor by which a change may make numbers larger or smaller before it is asked whether it is so.
"""
AMOUNTS = ("inventory", "activity", "factors")
"""Tables whose numbers are amounts of things that differ: one value is never that of several."""


def _apart(number: "Given") -> tuple[str, ...]:
    """Return the columns in which numbers must be alike to be given one value."""
    if number.source_key == SCENARIO:
        return ()
    keys: tuple[str, ...] = getattr(number, "keys", tuple)()
    amounts = set(names_of_table(number)) & set(AMOUNTS)
    return tuple(key for key in keys if key == "pollutant" or (amounts and key != "year"))


class Sort(NamedTuple):
    """A kind of numbers: those of one are changed together, those of several by a slip.

    Attributes
    ----------
    row
        Model of their lines.
    column, name
        The column that says of which kind a line is, and what it says; blank: all are of one.
    """

    row: str
    column: str
    name: str


class Setting(NamedTuple):
    """What becomes of a number: in the scenario, and in each of its variants that changes it."""

    amount: Amount
    variants: Mapping[int, Amount]

    @property
    def widest(self) -> tuple[float, float]:
        """Lowest and highest end of all ranges."""
        every = (self.amount, *self.variants.values())
        return min(a.low for a in every), max(a.high for a in every)


@dataclass
class Changes:
    """All changes of a scenario and of its variants, and which of them found a number.

    Attributes
    ----------
    every
        Those of the scenario itself, then those of its variants, each once.
    own
        How many of them are the scenario's; they act in their order.
    variants
        Positions of the further changes of each variant, in the order in which they act.
    found
        Positions of those that are about a number that is used.
    misfits
        What is wrong with a change, such as a unit of another kind, by position.
    sorts
        Kinds of numbers that a change is about, each with the column that tells it and the name of
        a table, by position.
    cells
        What stands in the columns by which numbers are told apart that are to have one value, by
        position.
    steps
        How many numbers a change is about, by position.
    ends
        Last year of each series that a change is about, 0 for numbers of no year, by position.
    factors
        By how much a change makes those of its numbers larger or smaller that it changes least, by
        position; a growth, which compounds, has none.
    """

    every: Sequence[Change] = ()
    own: int = 0
    variants: Sequence[tuple[int, ...]] = ()
    found: set[int] = field(default_factory=set)
    misfits: dict[int, Message] = field(default_factory=dict)
    sorts: dict[int, dict[Sort, str]] = field(default_factory=dict)
    cells: dict[int, dict[str, dict[str, None]]] = field(default_factory=dict)
    ends: dict[int, dict[tuple[Any, ...], int]] = field(default_factory=dict)
    steps: dict[int, int] = field(default_factory=dict)
    factors: dict[int, float] = field(default_factory=dict)

    def of(self, number: "Given") -> Setting:
        """Return a number's value and range after the changes that are about it.

        Parameters
        ----------
        number
            A row of a table, or a number of a scenario.

        Returns
        -------
        Setting
            In its own unit; later changes act on what earlier ones made of it.
        """
        amount = Amount(number.value, number.low, number.high)
        about = self._about(number)
        if not about:
            return Setting(amount, {})
        amount = self._after(number, amount, range(self.own), about)
        return Setting(amount, self.upon(number, amount))

    def upon(self, number: "Given", amount: Amount) -> dict[int, Amount]:
        """Return what each variant that changes a number makes of it, by the variant's position.

        Parameters
        ----------
        number
            A row of a table, or a number of a scenario.
        amount
            Value and range that the scenario itself has, in the number's unit.

        Returns
        -------
        dict
            Without the variants that leave it as it is.
        """
        about = self._about(number)
        self._note(number, about)
        return {
            v: self._after(number, amount, further, about)
            for v, further in enumerate(self.variants)
            if about.intersection(further)
        }

    def place_of(self, number: "Given") -> Place:
        """Return where a number has its value from: the scenario's last change, or its table.

        Parameters
        ----------
        number
            A row of a table, or a number of a scenario.
        """
        own = [i for i in self._about(number) if i < self.own]
        return self.every[max(own)].place if own else number.place

    def spread(self, i: int) -> dict[str, list[str]]:
        """Return the columns in which the numbers differ that a change would give one value.

        Parameters
        ----------
        i
            Its position.

        Returns
        -------
        dict
            Column -> what it holds, each once.
        """
        found = self.cells.get(i, {})
        return {column: [*values] for column, values in found.items() if len(values) > 1}

    def levels_steps(self, i: int) -> bool:
        """Tell whether a change would give all steps of a schedule one level.

        Parameters
        ----------
        i
            Its position.
        """
        change = self.every[i]
        return change.to is not None and change.selection.is_level and self.steps.get(i, 0) > 1

    def slipped(self, i: int) -> float | None:
        """Return by how much a change makes all of its numbers larger or smaller, if by very much.

        Parameters
        ----------
        i
            Its position.

        Returns
        -------
        float or None
            A factor above :data:`SLIP`, whichever way.
        """
        times = self.factors.get(i, 1.0)
        return times if times > SLIP else None

    def mixed(self, i: int) -> dict[Sort, str]:
        """Return the kinds of numbers that a change is about, if they are several.

        Parameters
        ----------
        i
            Its position.

        Returns
        -------
        dict
            Kind -> name of its table.
        """
        found = self.sorts.get(i, {})
        return found if len(found) > 1 else {}

    def stands_still(self, i: int, last: int) -> int | None:
        """Return where a series ends of which a change asks that it grow until a year.

        Parameters
        ----------
        i
            Position of the change.
        last
            The year.

        Returns
        -------
        int or None
            The earliest such year, 0 for a number of no year; None if all go on, or need not.
        """
        ends = self.ends.get(i, {}).values()
        first = min(ends, default=last)
        return first if self.every[i].growth and first < last else None

    def _note(self, number: "Given", about: set[int]) -> None:
        """Note that changes are about a number: what kind it is of, and how far its years go."""
        self.found |= about
        for i in about:
            sort = Sort(type(number).__name__, *number.sort)
            self.sorts.setdefault(i, {}).setdefault(sort, names_of_table(number)[0])
            self.steps[i] = self.steps.get(i, 0) + 1
            if self.every[i].to:  # none of several things is plain enough
                for column in _apart(number):
                    cells = self.cells.setdefault(i, {}).setdefault(column, {})
                    cells.setdefault(_text(_key(number, column)))
            if self.every[i].growth:
                series, year = _series_of(number)
                ends = self.ends.setdefault(i, {})
                ends[series] = max(ends.get(series, 0), year)

    def _about(self, number: "Given") -> set[int]:
        if not self.every:
            return set()
        asked = {i for name in names_of_table(number) for i in self._by_table.get(name, ())}
        return {i for i in asked if self.every[i].selection.holds(number)}

    @property
    def tables(self) -> set[str]:
        """Names of the tables that some change is about."""
        return set(self._by_table)

    @cached_property
    def _by_table(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for i, change in enumerate(self.every):
            found.setdefault(change.selection.table, []).append(i)
        return found

    def _after(
        self, number: "Given", amount: Amount, acting: Iterable[int], about: set[int]
    ) -> Amount:
        for i in acting:
            if i in about:
                try:
                    after = self.every[i].amount(number, amount)
                except (units.UnitError, ImpossibleError) as error:
                    self.misfits[i] = error.args[0]
                    continue
                self._note_factor(i, amount.value, after.value)
                amount = after
        return amount

    def _note_factor(self, i: int, before: float, after: float) -> None:
        """Note how much larger or smaller a change makes a number; nothing is a choice."""
        if before and after and not self.every[i].growth:
            times = abs(after / before)
            self.factors[i] = min(self.factors.get(i, np.inf), max(times, 1.0 / times))
