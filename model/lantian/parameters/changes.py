"""What a scenario sets: numbers of tables, or of the scenario itself, with other values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from lantian.errors import Place
from lantian.parameters import units

if TYPE_CHECKING:
    from lantian.parameters.space import Given

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
    """

    table: str
    keys: Mapping[str, Any]
    years: tuple[int, ...] = ()

    def is_in(self, number: "Given") -> bool:
        """Tell whether a number stands in the table."""
        path = PurePosixPath(number.place.file)
        return self.table in (path.stem, path.parent.name) or (
            self.table == SCENARIO and number.source_key == SCENARIO
        )

    def holds(self, number: "Given") -> bool:
        """Tell whether a number is meant."""
        return (
            self.is_in(number)
            and all(_text(_key(number, k)) == _text(v) for k, v in self.keys.items())
            and (not self.years or _key(number, "year") in self.years)
        )

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
        return {k: list(dict.fromkeys(_text(_key(n, k)) for n in rows)) for k in self.keys}


def _key(number: "Given", column: str) -> Any:
    """Return what a number has in a key column; a scenario's number has a name of parts."""
    parts = ("kind", "id", "year")
    if number.source_key == SCENARIO and column in parts:
        name = (*number.key(), "", "", "")
        return name[parts.index(column)]
    return getattr(number, column, None)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Change:
    """One change of some numbers: to a value, by a factor, or by a yearly growth.

    Attributes
    ----------
    selection
        Which numbers.
    place
        Where the scenario says so.
    to, unit
        New value in a unit; None where it is not set.
    times
        Factor on value and range [1].
    growth, since
        Further growth of numbers with a year, compounded from the year ``since`` on [1/a].
    """

    selection: Selection
    place: Place
    to: float | None = None
    unit: str = ""
    times: float = 1.0
    growth: float = 0.0
    since: int = 0

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
            In the number's unit. A value that is set has no range of its own.

        Raises
        ------
        UnitError
            If the number is in a unit of another kind.
        """
        if self.to is not None:
            value = units.convert(self.to, self.unit, number.unit)
            return Amount(value, value, value)
        year = _key(number, "year")
        later = max(int(year) - self.since, 0) if year else 0
        factor = self.times * (1.0 + self.growth) ** later
        return Amount(*(end * factor for end in before))


@dataclass
class Changes:
    """All changes of a scenario, and which of them found a number."""

    every: Sequence[Change] = ()
    found: set[int] = field(default_factory=set)
    misfits: dict[int, "units.UnitError"] = field(default_factory=dict)

    def amount(self, number: "Given") -> Amount:
        """Return a number's value and range after all changes that are about it.

        Parameters
        ----------
        number
            A row of a table, or a number of a scenario.

        Returns
        -------
        Amount
            In its own unit; later changes act on what earlier ones made of it.
        """
        amount = Amount(number.value, number.low, number.high)
        for i, change in enumerate(self.every):
            if change.selection.holds(number):
                self.found.add(i)
                try:
                    amount = change.amount(number, amount)
                except units.UnitError as error:
                    self.misfits[i] = error
        return amount
