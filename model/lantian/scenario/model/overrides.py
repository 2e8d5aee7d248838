"""Overrides of numbers: paths, futures, grids."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from lantian.language import message
from lantian.scenario.dates import When, Year
from lantian.scenario.model.base import Number, Strict, some
from lantian.scenario.model.quantities import (
    Measured,
    Quantity,
    Usual,
    not_negative,
    only_share,
    plausible_rate,
)

NUMBERS = (
    "driver",
    "price",
    "factor",
    "activity",
    "fleet",
    "reach",
    "control",
    "cost",
    "response",
    "parameter",
    "level",
    "economics",
    "table",
)
"""What a change may be about."""


Named = Annotated[str, Field(min_length=1)] | None
"""Id of what a change is about."""


def _in_a_cell(given: Any) -> Any:
    """Refuse what stands in no cell of a table; told once, and not for each of what may."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise PydanticCustomError("cell_type", "no cell")
    return given


Cell = Annotated[str | int | float, BeforeValidator(_in_a_cell)]
"""What a column holds."""


class Pick(Strict):
    """A number, or a family of numbers.

    Attributes
    ----------
    driver
        Series of ``drivers.csv`` (``car-stock``).
    price
        Carrier of ``energy_prices.csv`` (``electricity``).
    factor, activity, fleet
        Source: rows of a factor table, of an activity table, of ``fleet.csv``.
    reach, cost
        Measure: rows of ``reach.csv`` and ``costs.csv``.
    control
        Control: rows of ``controls.csv``.
    response, parameter
        Parameter of ``response.csv`` and of ``region.csv``.
    level
        Id of a commitment.
    economics
        Number of the scenario's ``economics``.
    table
        Name of any other table, without suffix (``standard_dates``).
    where
        Further columns that must agree (``{technology: diesel-III, pollutant: NOx}``).
    years
        Only rows of these years.
    """

    driver: Named = Field(None, description="Series of drivers.csv: car-stock")
    price: Named = Field(None, description="Carrier of energy_prices.csv: electricity")
    factor: Named = Field(None, description="Source in a table of inputs/factors")
    activity: Named = Field(None, description="Source in a table of the region's activity")
    fleet: Named = Field(None, description="Source in fleet.csv: heavy-truck")
    reach: Named = Field(None, description="Measure in reach.csv")
    control: Named = Field(None, description="Control in controls.csv")
    cost: Named = Field(None, description="Measure in costs.csv")
    response: Named = Field(None, description="Parameter of response.csv: ground-slope")
    parameter: Named = Field(None, description="Parameter of region.csv: mean-speed")
    level: Named = Field(None, description="Id of a commitment")
    economics: Literal["discount_rate", "carbon_price"] | None = None
    table: Named = Field(None, description="Any other table, without suffix: standard_dates")
    where: dict[str, Cell] = Field(
        {}, description="Further columns that must agree: {technology: diesel-III, pollutant: NOx}"
    )
    years: Annotated[tuple[Year, ...], Field(min_length=1)] | None = Field(
        None, description="Only rows of these years"
    )

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if sum(getattr(self, name) is not None for name in NUMBERS) != 1:
            raise ValueError(message("a change is about one of {names}", names=", ".join(NUMBERS)))
        return self

    @property
    def subject(self) -> tuple[str, str]:
        """What is meant, as one of :data:`NUMBERS`, and its name."""
        name = next(n for n in NUMBERS if getattr(self, n) is not None)
        return name, str(getattr(self, name))


MOST_TIMES = 1000.0
"""Largest factor on a number; a larger one is a slip of units."""
FASTEST_GROWTH = 1.0
"""Fastest further growth a year [1], up or down by half."""


A_YEAR = ("/a", "/yr", "/year", "/年")
"""Ends of a growth that say a year once more."""


def _without_year(given: Any) -> Any:
    """Return a growth as the share that it is, whether or not 'a year' is written behind it."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    return next((text.removesuffix(end) for end in A_YEAR if text.endswith(end)), given)


def _slow(quantity: Quantity) -> Quantity:
    if not -FASTEST_GROWTH / 2.0 <= quantity.to("") <= FASTEST_GROWTH:
        raise ValueError(
            message(
                "a growth of {quantity} a year is not between -{least:g} % and {most:g} %",
                quantity=quantity,
                least=FASTEST_GROWTH * 50.0,
                most=FASTEST_GROWTH * 100.0,
            )
        )
    return quantity


class Set(Pick):
    """A number, or a family of numbers, with another value.

    Attributes
    ----------
    to
        New value, with its unit. It has no range.
    plus
        What is added to value and range, with its unit (``-2 a``).
    times
        Factor on value and range.
    growth
        Further growth a year, compounded after the base year (``2 %``).
    by, from
        Other dates of a commitment.
    """

    to: Measured | None = Field(None, description="New value, with its unit; it has no range")
    plus: Measured | None = Field(None, description="Added to value and range: -2 a")
    times: Annotated[Number, Field(gt=0, le=MOST_TIMES)] | None = Field(
        None, description="Factor on value and range: 1.2"
    )
    growth: Annotated[
        Annotated[Measured, AfterValidator(only_share), AfterValidator(_slow)] | None,
        BeforeValidator(_without_year),
        Usual(0.0005, 0.5),
    ] = Field(None, description="Further growth a year after the base year: 2 %")
    deadline: When | None = Field(None, alias="by", description="Other deadline of a commitment")
    begin: When | None = Field(None, alias="from", description="Other first date of it")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        ways = (self.to, self.plus, self.times, self.growth)
        if sum([self.is_date, *(way is not None for way in ways)]) != 1:
            raise ValueError(
                message("a change needs one of to, plus, times, growth, or by and from")
            )
        if self.is_date and self.level is None:
            raise ValueError(message("by and from go with the level of a commitment"))
        if self.economics == "discount_rate" and self.to is not None:
            plausible_rate(only_share(self.to))
        if self.economics == "carbon_price" and self.to is not None:
            not_negative(self.to)
        return self

    @property
    def is_date(self) -> bool:
        """Whether dates of a commitment are changed, and no number."""
        return self.deadline is not None or self.begin is not None


def _several(given: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(given) < FEWEST:
        raise ValueError(message("at least {min_length} must be given", min_length=FEWEST))
    return given


FEWEST = 2
"""Alternatives of an axis of a grid."""

Variation = Annotated[
    tuple[Set, ...], AfterValidator(some), Field(json_schema_extra={"minItems": 1})
]
"""Changes that belong together."""


def _how_many(given: Any) -> str:
    return "one" if isinstance(given, dict | Set) else "several"


Alternatives = Annotated[
    tuple[
        Annotated[
            Annotated[Set, Tag("one")] | Annotated[Variation, Tag("several")],
            Discriminator(_how_many),
        ],
        ...,
    ],
    AfterValidator(_several),
    Field(json_schema_extra={"minItems": FEWEST}),
]
"""An axis of a grid: each alternative is a change, or several that belong together."""
