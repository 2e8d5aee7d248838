"""Row models: what a line of an input table may hold."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from lantian.errors import Place
from lantian.language import message
from lantian.parameters import units
from lantian.parameters.distributions import read_distribution
from lantian.vocabulary import Basis

DEFAULT_SPREAD = 0.3
"""Half-width of the range [share] that a number without low and high is given; the run says so."""


def check_range(number: float, low: float | None, high: float | None, basis: Basis) -> None:
    """Hold a number against the range that its row gives.

    Parameters
    ----------
    number
        The value of a row.
    low, high
        Ends of its range, in the same unit; None where the row has none.
    basis
        What the value rests on.

    Raises
    ------
    ValueError
        If one end is missing, the number lies outside, or an assumed number has no range.
    """
    if low is None and high is None:
        return
    if low is None or high is None:
        raise ValueError(message("low and high go together: give both or neither"))
    if not low <= number <= high:
        raise ValueError(
            message(
                "low {low:g} <= value {value:g} <= high {high:g} fails: widen the range or mend "
                "the value",
                low=low,
                value=number,
                high=high,
            )
        )
    if basis == "assumed" and low == high != 0:
        raise ValueError(message("an assumed number needs a range: low and high must differ"))


def range_or_default(number: float, low: float | None, high: float | None) -> tuple[float, float]:
    """Return the range of a number, :data:`DEFAULT_SPREAD` either way where it has none.

    Parameters
    ----------
    number
        The value of a row.
    low, high
        Ends of its range, in the same unit; None where the row has none.

    Returns
    -------
    float
        Low end.
    float
        High end.
    """
    if low is None or high is None:
        return number * (1 - DEFAULT_SPREAD), number * (1 + DEFAULT_SPREAD)
    return low, high


def check_size(text: str) -> None:
    """Hold the size of a plant against what it may be.

    Parameters
    ----------
    text
        Such as ``35 MW``.

    Raises
    ------
    ValueError
        If it is not a number above 0 with a unit.
    """
    value, _ = units.parse_quantity(text)
    if value <= 0:
        raise ValueError(message("a size of {size} is not positive", size=text))


def check_listed(name: str, known: Sequence[str]) -> str:
    """Hold a name against a list that is not known before the program runs.

    Parameters
    ----------
    name
        As it is written.
    known
        All that may be written.

    Returns
    -------
    str
        The name.

    Raises
    ------
    PydanticCustomError
        As pydantic has it for a ``Literal``, if the name is not among them.
    """
    if name not in known:
        expected = ", ".join(repr(other) for other in known)
        raise PydanticCustomError(
            "literal_error", "is not one of {expected}", {"expected": expected}
        )
    return name


class Row(BaseModel):
    """A line of a table; knows where it stands."""

    # A run reads a third of the tables that are declared: the rest never needs a validator.
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )
    _place: Place | None = PrivateAttr(default=None)

    @property
    def place(self) -> Place:
        """File and line of this row."""
        return self._place or Place("?")

    def at(self, place: Place) -> Self:
        """Set the place; called once, by the reader."""
        self._place = place
        return self


def _computable(number: float) -> float:
    """Return a number as it is, if it is not beyond what can be computed with."""
    if abs(number) > units.LARGEST:
        raise ValueError(message("{value:g} is beyond {most:g}", value=number, most=units.LARGEST))
    return number


Number = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_computable)]
"""A number that can be computed with."""


class OwnRow(Row):
    """A line of a table that a bureau brings along: range, basis and source may be blank.

    The number is then assumed, within :data:`DEFAULT_SPREAD`, and the run says so.
    """

    low: Number | None = None
    high: Number | None = None
    basis: Basis = "assumed"
    source_key: str = "assumption"
    note: str = ""


def _known(unit: str) -> str:
    if not units.is_known(unit):
        raise ValueError(units.unknown(unit))
    return unit


KnownUnit = Annotated[str, Field(min_length=1), AfterValidator(_known)]
"""A unit as text that can be read."""


def _readable(text: str) -> str:
    if text:
        read_distribution(text)
    return text


KnownDistribution = Annotated[str, AfterValidator(_readable)]
"""A distribution as text that can be read, or nothing."""


class QuantityRow(Row):
    """A line that holds one number with its unit, range, basis and source.

    Subclasses add the key columns; all columns but those below are keys, and but those that a
    subclass names in ``besides``.

    ``distribution`` and ``correlation`` may be left out: the distribution then follows from range
    and basis, and the rows of a series vary together. Rows with the same ``correlation`` vary
    together as well, in all tables.
    """

    besides: ClassVar[tuple[str, ...]] = ()
    value: Number
    unit: KnownUnit
    low: Number
    high: Number
    basis: Basis
    source_key: str = Field(min_length=1)
    note: str = ""
    distribution: KnownDistribution = ""
    correlation: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_range(self.value, self.low, self.high, self.basis)
        return self

    def to(self, unit: str) -> float:
        """Return the value in another unit.

        Raises
        ------
        UnitError
            If the units measure different things.
        """
        return units.convert(self.value, self.unit, unit)

    def range(self, unit: str) -> tuple[float, float]:
        """Return low and high in another unit."""
        k = units.factor(self.unit, unit)
        return self.low * k, self.high * k

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the names of the key columns."""
        return _key_columns(cls)

    def key(self) -> tuple[Any, ...]:
        """Return the values of the key columns."""
        return tuple(getattr(self, name) for name in self.keys())


@cache
def _key_columns(model: type[QuantityRow]) -> tuple[str, ...]:
    others = {*QuantityRow.model_fields, *model.besides}
    return tuple(name for name in model.model_fields if name not in others)
