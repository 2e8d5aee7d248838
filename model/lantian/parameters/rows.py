"""Row models: what a line of an input table may hold."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeVar, cast

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
from lantian.language import Message, message
from lantian.parameters import units
from lantian.parameters.distributions import read_distribution
from lantian.vocabulary import CALENDAR, Basis

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
    CellError
        If one end is missing, the number lies outside, or an assumed number has no range.
    """
    if low is None and high is None:
        return
    if low is None or high is None:
        raise CellError("low", message("low and high go together: give both or neither"))
    if not low <= number <= high:
        raise CellError(
            "low",
            message(
                "low {low:g} <= value {value:g} <= high {high:g} fails: widen the range or mend "
                "the value",
                low=low,
                value=number,
                high=high,
            ),
        )
    if basis == "assumed" and low == high != 0:
        raise CellError("low", message("an assumed number needs a range: low and high must differ"))


FAR = 50.0
"""Factor between a number and an end of its range that is taken for a slip of 1000, by judgement:

The widest range of the inputs that come along reaches from a 22nd to six times its number.
"""


def doubtful_ends(
    number: float, low: float | None, high: float | None
) -> Iterator[tuple[Literal["low", "high"], Message]]:
    """Yield the ends of a range that are far from its number, and what is odd about them.

    Parameters
    ----------
    number
        Of either sign; nothing is far from 0.
    low, high
        Ends of its range, in the same unit; an end of 0, or of another sign, may be meant.

    Yields
    ------
    str
        Which end.
    Message
        What is told of it.
    """
    ends: tuple[tuple[Literal["low", "high"], float | None], ...] = (("low", low), ("high", high))
    for name, end in ends:
        times = end / number if end and number else 1.0
        if times > FAR or 0.0 < times < 1.0 / FAR:
            yield (
                name,
                message(
                    "{end} {value} is {times} times its number, {number}.",
                    end=name,
                    value=f"{end:g}",
                    times=f"{times:.0f}" if times > 1.0 else f"1/{1.0 / times:.0f}",
                    number=f"{number:g}",
                ),
            )


ASSUMPTION = "assumption"
"""Source of a number that nobody has published."""


def check_source(basis: Basis, source_key: str) -> None:
    """Hold what a number is said to rest on against its source.

    Parameters
    ----------
    basis
        What the value rests on.
    source_key
        Its source.

    Raises
    ------
    CellError
        If it is said to be measured or published, and its source is an assumption.
    """
    if basis in ("measured", "published") and source_key == ASSUMPTION:
        raise CellError(
            "basis",
            message(
                "a number that is '{basis}' has a source of its own, not '{source}'",
                basis=basis,
                source=source_key,
            ),
        )


class CellError(ValueError):
    """A fault of a row that stands in one of its cells."""

    def __init__(self, column: str, said: Message) -> None:
        self.column = column
        super().__init__(said)


class Band(NamedTuple):
    """Where a number of a kind plausibly lies, by judgement: an order of magnitude either way.

    A unit of ``*`` stands for any. Numbers of either sign have a band on each side of 0.
    """

    unit: str
    low: float
    high: float


ANY = "*"
NOT_NEGATIVE = (Band(ANY, 0.0, units.LARGEST),)
"""A number of any kind that cannot be below 0."""
SHARE = (Band("", 0.0, 1.0),)


Bands = Mapping[str, tuple[Band, ...]]
"""Bands by what a row's column ``told_by`` holds; blank: of all other rows."""
Declared = TypeVar("Declared")


def declared(said: Mapping[str, Declared]) -> Mapping[str, Declared]:
    """Return what a table declares as it cannot be changed.

    Parameters
    ----------
    said
        Bands by kind of number, or what else is declared by name.

    Returns
    -------
    Mapping
        The same.
    """
    return MappingProxyType(said)


def or_none(*bands: Band) -> tuple[Band, ...]:
    """Return bands of numbers that a table may also have as 0: there is nothing of the kind."""
    return (*bands, *(Band(band.unit, 0.0, 0.0) for band in bands if band.low > 0.0))


def check_low(low: float, unit: str, bands: Sequence[Band]) -> None:
    """Hold the low end of a range against bands of numbers that cannot be negative.

    Parameters
    ----------
    low
        Low end [``unit``].
    unit
        As it is written.
    bands
        As in :func:`check_band`.

    Raises
    ------
    CellError
        If it lies below 0 and none of them does.
    """
    if low < 0.0 and bands and all(band.low >= 0.0 for band in _own(unit, bands)):
        raise CellError("low", message("{value} cannot be negative", value=f"{low:g}"))


def _own(unit: str, bands: Sequence[Band]) -> list[Band]:
    """Return the bands of a unit's dimension, or those of any."""
    own = [band for band in bands if band.unit != ANY and units.is_like(unit, band.unit)]
    return own or [band for band in bands if band.unit == ANY]


def check_band(value: float, unit: str, bands: Sequence[Band], set_by_hand: bool = True) -> None:
    """Hold a number against the bands of its kind, of which the one of its dimension counts.

    Parameters
    ----------
    value
        Number [``unit``].
    unit
        As it is written.
    bands
        One per dimension in which numbers of the kind are given; none: anything goes.
    set_by_hand
        Whether a scenario gives the number: 0 then says that there is to be none. In a table it is
        a blank that was filled in.

    Raises
    ------
    CellError
        If the unit is of no such dimension, or the number outside its band.
    """
    own = _own(unit, bands)
    if value == 0.0 and set_by_hand and own:
        return
    outside = ((_in_unit(value, unit, band), band) for band in own)
    missed = [(v, band) for v, band in outside if not band.low <= v <= band.high]
    if own and len(missed) == len(own):
        raise CellError("value", _implausible(*missed[0]))
    if bands and not own:
        raise CellError(
            "unit",
            message(
                "'{unit}' is not a unit of the same kind as '{to}'",
                unit=unit,
                to=bands[0].unit or "1",
            ),
        )


def _in_unit(value: float, unit: str, band: Band) -> float:
    return value if band.unit == ANY else units.convert(value, unit, band.unit)


def _implausible(value: float, band: Band) -> Message:
    if band.unit == ANY:
        return message("{value} cannot be negative", value=f"{value:g}")
    return message(
        "{value} {unit} is not plausible: {low} to {high}",
        value=f"{value:g}",
        unit=band.unit,
        low=f"{band.low:g}",
        high=f"{band.high:g}",
    )


class GoesWith(NamedTuple):
    """Which lines give a column: those of which another column says one of some kinds, no others.

    ``goes_with = {"exposure": GoesWith("parameter", ("risk",))}`` declares it with a table.
    """

    told_by: str
    kinds: tuple[str, ...]


Kind = Literal["sector", "source", "technology", "control", "measure", "vehicle"]
"""Kinds of things that tables name by their ids."""


CalendarYear = Annotated[int, Field(ge=CALENDAR[0], le=CALENDAR[1])]
"""A year of our calendar, and no number of years."""


class Names(NamedTuple):
    """What a column's names stand for: things of which the project has a list, by their kind.

    ``Annotated[str, Names("source")]`` declares a column of sources: a name that is not among those
    of the project is told when all tables were read. A blank stands for all; ``pattern``: a name
    may hold ``*``.
    """

    kind: Kind
    pattern: bool = False


@cache
def naming(row: "type[Row]") -> Mapping[str, Names]:
    """Return the columns of a table that name things of the project, and of which kind.

    Parameters
    ----------
    row
        Model of a line.

    Returns
    -------
    Mapping
        Column -> what its names stand for.
    """
    return {
        column: one
        for column, field in row.model_fields.items()
        for one in field.metadata
        if isinstance(one, Names)
    }


def listed(names: Sequence[str]) -> AfterValidator:
    """Return what holds a column to a list of names.

    Parameters
    ----------
    names
        All that may stand in it.

    Returns
    -------
    AfterValidator
        Of a text.
    """
    return AfterValidator(lambda name: check_listed(name, names))


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


def check_size(text: str, column: str) -> None:
    """Hold the size of a plant against what it may be.

    Parameters
    ----------
    text
        Such as ``35 MW``.
    column
        Where it stands.

    Raises
    ------
    CellError
        If it is not a number above 0 with a unit.
    """
    try:
        value, _ = units.parse_quantity(text)
    except units.UnitError as error:
        raise CellError(column, error.args[0]) from error
    if value <= 0:
        raise CellError(column, message("a size of {size} is not positive", size=text))


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
    """A line of a table; knows where it stands.

    Attributes
    ----------
    unique
        Columns that tell lines apart where no table of numbers does; none: lines may repeat.
    plausible
        Where numbers of the line may lie, by what its column ``told_by`` holds; blank: all others.
    told_by
        Column that says which kind of number a line holds; blank: all lines hold the same.
    goes_with
        Columns that only lines of some kinds give, and these always.
    steady
        Kinds of numbers that change slowly from year to year.
    """

    unique: ClassVar[tuple[str, ...]] = ()
    plausible: ClassVar[Bands] = declared({})
    told_by: ClassVar[str] = ""
    goes_with: ClassVar[Mapping[str, GoesWith]] = MappingProxyType({})
    steady: ClassVar[tuple[str, ...]] = ()
    # A run reads a third of the tables that are declared: the rest never needs a validator.
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )
    _place: Place | None = PrivateAttr(default=None)

    @property
    def place(self) -> Place:
        """File and line of this row."""
        # As it lies there: asked for ten thousands of times, and pydantic's own way is slow.
        return (self.__pydantic_private__ or {}).get("_place") or Place("?")

    def at(self, place: Place) -> Self:
        """Set the place; called once, by the reader."""
        self._place = place
        return self

    def check(self) -> None:
        """Hold a line that was read against what its numbers can plausibly be."""

    def check_given(self) -> None:
        """Hold the columns of the line against its kind.

        Raises
        ------
        CellError
            If one is blank that its kind gives, or given that its kind has none of.
        """
        for column, (told_by, kinds) in self.goes_with.items():
            kind, blank = str(getattr(self, told_by)), getattr(self, column) in (None, "")
            if blank and kind in kinds:
                raise CellError(
                    column, message("'{kind}' needs a '{column}'", kind=kind, column=column)
                )
            if not blank and kind not in kinds:
                raise CellError(
                    column,
                    message(
                        "'{column}' goes with {kinds}, not with '{kind}'",
                        column=column,
                        kinds=", ".join(kinds),
                        kind=kind,
                    ),
                )

    def doubts(self) -> Iterator[tuple[str, Message]]:
        """Yield columns whose cells are hardly meant so, and what is odd about them."""
        yield from ()

    @classmethod
    def bands(cls, kind: str) -> tuple[Band, ...]:
        """Return where a number of a kind may lie: what ``plausible`` has of it."""
        return cls.plausible.get(kind, cls.plausible.get("", ()))


def _computable(number: float) -> float:
    """Return a number as it is, if it is not beyond what can be computed with."""
    if abs(number) > units.LARGEST:
        raise ValueError(message("{value:g} is beyond {most:g}", value=number, most=units.LARGEST))
    return number


Number = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_computable)]
"""A number that can be computed with."""


Q = TypeVar("Q", bound="QuantityRow")


class OwnRow(Row):
    """A line of a table that a bureau brings along: range, basis and source may be blank.

    The number is then assumed, within :data:`DEFAULT_SPREAD`, and the run says so.

    ``ranged``: the column that the range is one of.
    """

    ranged: ClassVar[str] = "value"
    low: Number | None = None
    high: Number | None = None
    basis: Basis = "assumed"
    source_key: str = ASSUMPTION
    note: str = ""

    def check(self) -> None:
        """Hold basis and source together; a bureau's own table may leave the source out.

        Raises
        ------
        CellError
            As :func:`check_source`.
        """
        if "source_key" in self.model_fields_set:
            check_source(self.basis, self.source_key)

    def doubts(self) -> Iterator[tuple[str, Message]]:
        """Yield ends of the range that are far from the number."""
        yield from doubtful_ends(self.number, self.low, self.high)

    @property
    def number(self) -> float:
        """What the range is one of."""
        return float(getattr(self, self.ranged))

    def as_quantity(self, kind: type[Q], value: float, unit: str, **keys: Any) -> Q:
        """Return a number of the line, with the default range where it has none of its own.

        Parameters
        ----------
        kind
            Row model of the number.
        value, unit
            The number [``unit``].
        keys
            Its keys.

        Returns
        -------
        QuantityRow
            At the place of the line.
        """
        low, high = sorted(range_or_default(value, self.low, self.high))
        keys |= {"basis": self.basis, "source_key": self.source_key, "note": self.note}
        found = kind.model_construct(**keys, value=value, unit=unit, low=low, high=high)
        return cast(Q, found.at(self.place))


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

    ``may_gain``: ranges of numbers that are not below 0 may reach below, as those of a cost that
    can turn out a saving.

    ``distribution`` and ``correlation`` may be left out: the distribution then follows from range
    and basis, and the rows of a series vary together. Rows with the same ``correlation`` vary
    together as well, in all tables.
    """

    besides: ClassVar[tuple[str, ...]] = ()
    may_gain: ClassVar[bool] = False
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

    def check(self) -> None:
        """Hold the number against the bands of its kind, and its basis against its source.

        Raises
        ------
        CellError
            As :func:`check_band` and :func:`check_source`.
        """
        check_source(self.basis, self.source_key)
        bands = self.bands(self.sort[1])
        check_band(self.value, self.unit, bands, set_by_hand=False)
        if self.value >= 0.0 and not self.may_gain:
            check_low(self.low, self.unit, bands)

    def doubts(self) -> Iterator[tuple[str, Message]]:
        """Yield ends of the range that are far from the number."""
        yield from doubtful_ends(self.value, self.low, self.high)

    def check_value(self, value: float) -> None:
        """Hold a number in the place of this one against the bands of its kind.

        Parameters
        ----------
        value
            Number [unit of the line].

        Raises
        ------
        CellError
            As :func:`check_band`.
        """
        check_band(value, self.unit, self.bands(self.sort[1]))

    @property
    def sort(self) -> tuple[str, str]:
        """Column that says which kind of number the line holds, and what it says; blank: none."""
        return self.told_by, str(getattr(self, self.told_by)) if self.told_by else ""

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
