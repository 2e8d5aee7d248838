"""The scenario: what a policy modeller writes, checked and frozen."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from lantian import units
from lantian.language import message
from lantian.vocabulary import Bindingness, Credit, Pollutant

Year = Annotated[int, Field(ge=1990, le=2100, strict=True)]


class Quantity(BaseModel):
    """A number with its unit, written ``55 ug/m3`` or ``30 %``."""

    model_config = ConfigDict(frozen=True)
    value: float
    unit: str

    def to(self, unit: str) -> float:
        """Return the number in another unit.

        Raises
        ------
        UnitError
            If the units measure different things.
        """
        return units.convert(self.value, self.unit, unit)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


def _read_quantity(given: Any) -> Any:
    if isinstance(given, Quantity):
        return given
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError(
            message("{given} is not a number with its unit; write for instance '30 %'", given=given)
        )
    if isinstance(given, int | float):
        raise ValueError(
            message("{given} has no unit; write for instance '{given:g} %'", given=given)
        )
    value, unit = units.parse_quantity(given)
    return {"value": value, "unit": unit}


Measured = Annotated[
    Quantity,
    BeforeValidator(_read_quantity, json_schema_input_type=str),
    Field(description="A number and its unit, for instance '30 %' or '55 ug/m3'."),
]


def _is_share(quantity: Quantity) -> bool:
    try:
        units.factor(quantity.unit, "")
    except units.UnitError:
        return False
    return True


def _possible(quantity: Quantity) -> Quantity:
    """Return a level as it is; a share lies between 0 and 1, an amount is not negative."""
    if _is_share(quantity) and not 0.0 <= quantity.to("") <= 1.0:
        raise ValueError(message("{quantity} is not between 0 % and 100 %", quantity=quantity))
    if quantity.value < 0:
        raise ValueError(message("{quantity} is negative", quantity=quantity))
    return quantity


Level = Annotated[Measured, AfterValidator(_possible)]


class Strict(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Strict):
    """A title in both languages."""

    en: str
    zh: str


class Commitment(Strict):
    """What a plan says about a measure.

    Attributes
    ----------
    id
        Own name of the commitment, unique in the scenario.
    measure
        Row of ``inputs/measures/catalogue.csv``.
    clause
        ``row_id`` of the ledger rows that it encodes.
    level
        A share (``92 %``) or an amount in the source's unit (``120 firm``).
    of
        What a share is a share of: ``available`` (activity still in the from-states), ``total``
        (final share of all activity of the sources), ``new`` (new and replaced units).
    sources
        Narrows the measure to some of its sources.
    from_year, by_year
        The level grows in equal steps from the first year to the deadline, and stays.
    schedule
        Level per year in the place of the steps.
    credit
        ``printed``: the plan prints the level; ``parametric``: the analyst sets it;
        ``enabling``: it only raises how well rules are kept.
    low, high, note
        Range and reason of a level the plan does not print.
    """

    id: str
    measure: str
    clause: tuple[str, ...] = Field(min_length=1)
    level: Level
    of: Literal["available", "total", "new"] | None = None
    sources: tuple[str, ...] | None = None
    from_year: Year = Field(alias="from")
    by_year: Year = Field(alias="by")
    schedule: dict[Year, Level] | None = None
    bindingness: Bindingness
    credit: Credit
    low: Level | None = None
    high: Level | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for step in (self.schedule or {}).values():
            step.to(self.level.unit)
        if self.is_share:
            if self.of is None:
                raise ValueError(message("a share needs 'of': available, total or new"))
        elif self.of is not None:
            raise ValueError(
                message("'of' goes with a share, not with the amount {level}", level=self.level)
            )
        if self.by_year < self.from_year:
            raise ValueError(
                message("by {by} is before from {first}", by=self.by_year, first=self.from_year)
            )
        if self.credit != "printed" and (self.low is None or self.high is None):
            raise ValueError(message("a level the plan does not print needs low and high"))
        if self.low is not None and self.high is not None:
            k = self.level.unit
            if not self.low.to(k) <= self.level.value <= self.high.to(k):
                raise ValueError(
                    message("low {low} <= level {level} <= high {high} fails",
                            low=self.low, level=self.level, high=self.high)
                )
        return self

    @property
    def is_share(self) -> bool:
        """Whether the level is a share (no unit) and not an amount."""
        return _is_share(self.level)

    def progress(self, year: int) -> float:
        """Return the share of the final level reached at the end of a year."""
        steps = self.by_year - self.from_year + 1
        return min(max((year - self.from_year + 1) / steps, 0.0), 1.0)

    def level_in(self, year: int) -> float:
        """Return the level in a year, in the unit of ``level`` (a share: as a fraction)."""
        unit = "" if self.is_share else self.level.unit
        if self.schedule is not None:
            passed = [y for y in self.schedule if y <= year]
            return self.schedule[max(passed)].to(unit) if passed else 0.0
        return self.level.to(unit) * self.progress(year)


Computed = ("emission", "pm25", "dustfall")


class Target(Strict):
    """A promise of the plan that the run answers for.

    Attributes
    ----------
    indicator
        ``emission`` (of ``pollutant`` from ``sectors``, all by default), ``pm25``, ``dustfall``,
        or one that is listed as not computed.
    at_most, reduce_by, relative_to
        Either a level, or a cut (share, or amount for emissions) against a stated year. The
        word ``baseline`` compares with the baseline of the same year.
    """

    id: str
    clause: tuple[str, ...] = Field(min_length=1)
    indicator: Literal[
        "emission", "pm25", "dustfall", "heavy-pollution-days", "good-days", "composite-index",
        "alert-cut", "township-index",
    ]
    pollutant: Pollutant | None = None
    sectors: tuple[str, ...] | None = None
    at_most: Measured | None = None
    reduce_by: Measured | None = None
    relative_to: Year | Literal["baseline"] | None = None
    year: Year
    bindingness: Bindingness
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.at_most is None) == (self.reduce_by is None):
            raise ValueError(message("a target needs either at_most or reduce_by"))
        if (self.reduce_by is None) != (self.relative_to is None):
            raise ValueError(
                message("reduce_by needs relative_to (a year, or baseline), and only it does")
            )
        if (self.indicator == "emission") != (self.pollutant is not None):
            raise ValueError(message("an emission target needs a pollutant, and only it does"))
        if self.sectors is not None and self.indicator != "emission":
            raise ValueError(message("sectors go with an emission target only"))
        return self

    @property
    def computed(self) -> bool:
        """Whether this version can compute the indicator."""
        return self.indicator in Computed


class Economics(Strict):
    """How money is counted."""

    currency: Literal["yuan", "USD"] = "yuan"
    price_year: Year
    discount_rate: Measured


class Credited(Strict):
    """Which commitments without a printed level count in the plan."""

    parametric: bool = True
    enabling: bool = True


class Finished(Strict):
    """A finished inventory in place of a region: two tables, beside the scenario file."""

    inventory: str
    measures: str


class Optimise(Strict):
    """Settings of the least-cost problem.

    Attributes
    ----------
    floor
        ``plan``: every commitment is a lower bound; ``none``: a blank sheet.
    interface
        ``highs``: arrays straight to the solver; ``pyomo``: through the algebraic model.
    """

    floor: Literal["none", "plan"] = "none"
    interface: Literal["highs", "pyomo"] = "highs"


class Scenario(Strict):
    """A plan on a region (or on a finished inventory), ready to run."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Title
    region: str | None = None
    finished: Finished | None = None
    plan: str | None = None
    base_year: Year
    last_year: Year
    reference_years: tuple[Year, ...] = ()
    economics: Economics
    commitments: tuple[Commitment, ...] = ()
    targets: tuple[Target, ...] = ()
    credit: Credited = Credited()
    optimise: Optimise = Optimise()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.region is None) == (self.finished is None):
            raise ValueError(
                message("a scenario needs either a region or a finished inventory")
            )
        if self.last_year < self.base_year:
            raise ValueError(
                message("last_year {last} is before base_year {base}",
                        last=self.last_year, base=self.base_year)
            )
        if any(y > self.base_year for y in self.reference_years):
            raise ValueError(message("reference_years must not lie after base_year"))
        return self

    def counts(self, commitment: Commitment) -> bool:
        """Tell whether a commitment counts in the plan."""
        return commitment.credit == "printed" or bool(getattr(self.credit, commitment.credit))

    @property
    def years(self) -> tuple[int, ...]:
        """All years of the model, ascending: reference years, base year, projection years."""
        return tuple(sorted({*self.reference_years, *range(self.base_year, self.last_year + 1)}))
