"""The parameter vector of a study: every number that is read, apart from what is built of it.

A :class:`Space` gives each number a *slot*; its values are one array ``theta`` with dims (slot,
sample), one column in an ordinary run. :class:`Numbers` say which slots an array is made of and in
which unit; called with ``theta`` they give that array, the sample axis last. Nothing else knows
slots, so structure is built once and evaluated for any number of columns.

Taking a number registers it: what a result rests on is complete by construction.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from lantian.errors import Place
from lantian.language import message
from lantian.parameters.changes import Amount, Changes, Setting, names_of_table
from lantian.vocabulary import Basis

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ZERO, ONE, MISSING = 0, 1, 2
"""Slots that never vary: 0, 1, and the NaN of a number whose absence is noted as a problem."""
CONSTANTS = (0.0, 1.0, float("nan"))
"""Values of these slots."""


class Given(Protocol):
    """What a slot needs to know of a number: a row of a table, or a number of a scenario."""

    @property
    def value(self) -> float:
        """Central value [``unit``]."""

    @property
    def unit(self) -> str:
        """Unit of value, low and high."""

    @property
    def low(self) -> float:
        """Lower end of the range [``unit``]."""

    @property
    def high(self) -> float:
        """Upper end of the range [``unit``]."""

    @property
    def basis(self) -> Basis:
        """What the value rests on."""

    @property
    def source_key(self) -> str:
        """Key of the source of the value."""

    @property
    def place(self) -> Place:
        """Where the number stands."""

    @property
    def distribution(self) -> str:
        """How it is distributed, where the row says so; else empty."""

    @property
    def correlation(self) -> str:
        """Name of the group of numbers that it varies with; else empty."""

    def key(self) -> tuple[Any, ...]:
        """Return what tells the number from others of its table."""

    @property
    def sort(self) -> tuple[str, str]:
        """Column that says which kind of number it is, and what it says; blank: none."""

    def check_value(self, value: float) -> None:
        """Refuse a value in the place of this one [``unit``] that no such number has."""


@dataclass(frozen=True)
class ScenarioNumber:
    """A number of a scenario file, with what a row of a table has.

    Attributes
    ----------
    name
        What it is, for instance ``("level", "retire-trucks")``.
    band
        Where the number may lie [``unit``], whatever changes it.
    """

    name: tuple[str, ...]
    value: float
    unit: str
    place: Place
    low: float
    high: float
    basis: Basis = "published"
    source_key: str = "scenario"
    distribution: str = ""
    correlation: str = ""
    band: tuple[float, float] = (-math.inf, math.inf)

    def key(self) -> tuple[Any, ...]:
        """Return the name."""
        return self.name

    @property
    def sort(self) -> tuple[str, str]:
        """Which of the scenario's numbers it is."""
        return "", self.name[0]

    def check_value(self, value: float) -> None:
        """Refuse a value that the scenario may not give in the place of its own.

        Raises
        ------
        ValueError
            If it lies outside the band.
        """
        if not self.band[0] <= value <= self.band[1]:
            raise ValueError(
                message(
                    "{value} {unit} is not plausible: {low} to {high}",
                    value=f"{value:g}",
                    unit=self.unit,
                    low=f"{self.band[0]:g}",
                    high=f"{self.band[1]:g}",
                )
            )


@dataclass(frozen=True)
class Numbers:
    """Which slots an array is made of, and what each is multiplied by.

    Attributes
    ----------
    slot
        Position in the parameter vector, any shape.
    factor
        From the unit that is written to the unit that was asked for, the shape of ``slot``.
    other
        Further numbers of the same shape that are added: between two rows of a series a number is
        a share of each.
    """

    slot: Index
    factor: Array
    other: "Numbers | None" = None

    def __call__(self, theta: Array) -> Array:
        """Return the array for every column of a parameter vector.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            In the unit asked for, dims (*shape of the numbers, sample).
        """
        own = theta[self.slot]
        if not self._as_written:
            own = own * self.factor[..., None]
        return own if self.other is None else own + self.other(theta)

    @cached_property
    def _as_written(self) -> bool:
        """Whether all are asked for in the unit that is written; of single numbers a view is one's
        own only where it was multiplied."""
        return self.slot.ndim > 0 and bool((self.factor == 1.0).all())

    def __getitem__(self, chosen: Any) -> "Numbers":
        """Return some of the numbers, chosen as NumPy chooses elements."""
        other = None if self.other is None else self.other[chosen]
        return Numbers(self.slot[chosen], self.factor[chosen], other)

    def times(self, factor: float) -> "Numbers":
        """Return the numbers with a fixed factor on all of them.

        Parameters
        ----------
        factor
            That varies with nothing.
        """
        other = None if self.other is None else self.other.times(factor)
        return Numbers(self.slot, self.factor * factor, other)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape without the sample axis."""
        return self.slot.shape

    def is_slot(self, slot: int) -> NDArray[np.bool_]:
        """Tell which of the numbers are nothing but one slot, such as :data:`ZERO`."""
        return np.asarray((self.slot == slot) & (self.other is None))

    @property
    def slots(self) -> Index:
        """Every slot that the numbers are made of, each once."""
        own = np.unique(self.slot)
        return own if self.other is None else np.union1d(own, self.other.slots)


def constant(slot: int, *shape: int) -> Numbers:
    """Return numbers that are :data:`ZERO` or :data:`ONE` throughout.

    Parameters
    ----------
    slot
        One of the slots that never vary.
    shape
        Shape of the numbers.

    Returns
    -------
    Numbers
        Of that shape.
    """
    return Numbers(np.full(shape, slot, dtype=np.int64), np.ones(shape))


def stack(parts: Sequence[Numbers]) -> Numbers:
    """Return numbers of one shape behind one another on a new first axis."""
    return join([part[None] for part in parts])


def join(parts: Sequence[Numbers]) -> Numbers:
    """Return numbers behind one another on their first axis."""
    others = None
    if any(part.other is not None for part in parts):
        others = join([part.other or constant(ZERO, *part.shape) for part in parts])
    return Numbers(
        np.concatenate([p.slot for p in parts]), np.concatenate([p.factor for p in parts]), others
    )


class Taken(NamedTuple):
    """A number that has a slot.

    Attributes
    ----------
    given
        As it is written.
    owner
        Part of the model that took it first.
    amount
        Value and range that are used [unit as written]: what the scenario sets may differ.
    """

    given: Given
    owner: str
    amount: Amount


@dataclass
class Space:
    """The slots of a study, in the order in which their numbers were first taken.

    Attributes
    ----------
    given
        The number behind each slot, from the first one that can vary on.
    owner
        Which part of the model took it first: a sector, ``measures``, ``indicators``, ``scenario``.
    changes
        What a scenario and its variants set in the place of what is written.
    rows
        All lines of tables of numbers that were read, by their places, whether used or not.
    """

    given: list[Given] = field(default_factory=list)
    owner: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    rows: dict[Place, Any] = field(default_factory=dict)
    _settings: list[Setting] = field(default_factory=list)
    _central: list[float] = field(default_factory=lambda: [*CONSTANTS])
    _slot: dict[int, int] = field(default_factory=dict)
    _tables: tuple[int, dict[str, list[int]]] | None = None
    _owner: str = ""

    def __len__(self) -> int:
        return len(CONSTANTS) + len(self.given)

    @contextmanager
    def owned_by(self, owner: str) -> Iterator[None]:
        """Note numbers taken inside the block as a part's own.

        Parameters
        ----------
        owner
            Id of a sector, or another part of the model.
        """
        before, self._owner = self._owner, owner
        try:
            yield
        finally:
            self._owner = before

    def slot(self, number: Given) -> int:
        """Return the slot of a number; the same object always has the same one.

        Parameters
        ----------
        number
            A row of a table, or a number of a scenario.

        Returns
        -------
        int
            Position in the parameter vector.
        """
        found = self._slot.get(id(number))
        if found is None:
            found = self._slot[id(number)] = len(self)
            self.given.append(number)  # keeps it alive, so that its id stays its own
            self.owner.append(self._owner)
            self._settings.append(self.changes.of(number))
            self._central.append(self._settings[-1].amount.value)
        return found

    def number_of(self, slot: int) -> "Taken":
        """Return the number behind a slot that can vary."""
        i = slot - len(CONSTANTS)
        return Taken(self.given[i], self.owner[i], self._settings[i].amount)

    def number(self, number: Given, factor: float = 1.0) -> Numbers:
        """Return one number, dims ().

        Parameters
        ----------
        number
            A row of a table, or a number of a scenario.
        factor
            From the unit that is written to the unit wanted.

        Returns
        -------
        Numbers
            Of shape ().
        """
        return Numbers(np.asarray(self.slot(number), dtype=np.int64), np.asarray(float(factor)))

    def central(self) -> Array:
        """Return the central values, dims (slot, 1) [unit as written]."""
        return np.array(self._central)[:, None]

    def variants(self) -> Array:
        """Return the central values of every variant of the scenario, dims (slot, variant)."""
        theta = np.repeat(self.central(), len(self.changes.variants), axis=1)
        for i, setting in enumerate(self._settings):
            for variant, amount in setting.variants.items():
                theta[len(CONSTANTS) + i, variant] = amount.value
        return theta

    def changed(self, changes: Changes) -> Array:
        """Return the central values under changes that the scenario does not know.

        Parameters
        ----------
        changes
            With variants, and without changes of a scenario; notes which of them find a number.

        Returns
        -------
        Array
            Dims (slot, variant) [unit as written].
        """
        theta = np.repeat(self.central(), len(changes.variants), axis=1)
        tables = self._of_tables()
        asked = sorted({i for name in changes.tables for i in tables.get(name, ())})
        for i in asked:
            for variant, amount in changes.upon(self.given[i], self._settings[i].amount).items():
                theta[len(CONSTANTS) + i, variant] = amount.value
        return theta

    def _of_tables(self) -> dict[str, list[int]]:
        """Return the positions of the numbers of each table, found anew where some were added."""
        if self._tables is None or self._tables[0] != len(self.given):
            found: dict[str, list[int]] = {}
            for i, number in enumerate(self.given):
                for name in names_of_table(number):
                    found.setdefault(name, []).append(i)
            self._tables = len(self.given), found
        return self._tables[1]

    def ends(self) -> tuple[Array, Array]:
        """Return the low and the high ends of all ranges, dims (slot, 1) [unit as written]."""
        return self._columns([(s.amount.low, s.amount.high) for s in self._settings])

    def support(self) -> Array:
        """Return central values, and the lowest and highest ends there are, dims (slot, 3).

        The ends are those of the ranges, or of what a variant makes of them where that is wider.
        Structure is judged by them, so that one holds for every sample and variant.
        """
        ends = self._columns([s.widest for s in self._settings])
        return np.concatenate([self.central(), *ends], axis=1)

    def _columns(self, pairs: Sequence[tuple[float, float]]) -> tuple[Array, Array]:
        low, high = np.array([*((c, c) for c in CONSTANTS), *pairs]).T
        return low[:, None], high[:, None]
