"""The scenario: what a policy modeller writes, checked and frozen."""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_validator,
    model_serializer,
    model_validator,
)

from lantian.indicators import find, registered
from lantian.indicators.contract import PARAMETERS, SandDust, Subject
from lantian.indicators.selection import Selection
from lantian.inventory.months import Season
from lantian.language import Message, message
from lantian.parameters import units
from lantian.parameters.distributions import read_distribution
from lantian.parameters.money import Exchange, currency_name
from lantian.parameters.rows import KnownUnit, check_listed
from lantian.scenario.dates import When, Year
from lantian.standards.tables import STANDARDS, StandardId
from lantian.tolerances import ROUNDING
from lantian.vocabulary import (
    ALERT_LEVELS,
    BINDINGNESS,
    CURRENCIES,
    YUAN,
    AlertLevel,
    Bindingness,
    Case,
    Credit,
    Foresight,
    Grade,
    Interface,
    Pollutant,
    Reading,
    pollutant_meant,
)

Id = Annotated[str, Field(min_length=1)]
"""Name of something in a scenario; never blank, since tables tell rows apart by it."""


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

    @model_serializer
    def _written(self) -> str:
        return str(self)


def _read_quantity(given: Any) -> Any:
    if isinstance(given, Quantity):
        return given
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError(
            message("{given} is not a number with its unit; write for instance '30 %'", given=given)
        )
    if not isinstance(given, str) and not math.isfinite(given):
        raise ValueError(message("'{text}' is not a finite number", text=given))
    if isinstance(given, int | float):
        raise ValueError(
            message("{given} has no unit; write for instance '30 %' or '55 ug/m3'", given=given)
        )
    value, unit = units.parse_quantity(given)
    return {"value": value, "unit": unit}


Measured = Annotated[
    Quantity,
    BeforeValidator(_read_quantity, json_schema_input_type=str),
    Field(description="A number and its unit, for instance '30 %' or '55 ug/m3'."),
]


def _is_share(quantity: Quantity) -> bool:
    return units.is_like(quantity.unit, "")


def _possible(quantity: Quantity) -> Quantity:
    """Return a level as it is; a share lies between 0 and 1, an amount is not negative."""
    if _is_share(quantity) and not 0.0 <= quantity.to("") <= 1.0:
        raise ValueError(message("{quantity} is not between 0 % and 100 %", quantity=quantity))
    if quantity.value < 0:
        raise ValueError(message("{quantity} is negative", quantity=quantity))
    return quantity


Level = Annotated[Measured, AfterValidator(_possible)]


def _not_negative(quantity: Quantity) -> Quantity:
    if quantity.value < 0:
        raise ValueError(message("{quantity} is negative", quantity=quantity))
    return quantity


def _only_share(quantity: Quantity) -> Quantity:
    if not _is_share(quantity):
        raise ValueError(
            message("{quantity} is not a share; write for instance '30 %'", quantity=quantity)
        )
    return quantity


Share = Annotated[Measured, AfterValidator(_only_share), AfterValidator(_possible)]
"""Between 0 % and 100 %."""
Ratio = Annotated[Measured, AfterValidator(_only_share), AfterValidator(_not_negative)]
"""0 % or more, also above 100 %."""
Amount = Annotated[Measured, AfterValidator(_not_negative)]
"""An amount of anything; not negative."""
Price = Amount
"""An amount of money, or of money per something; not negative."""


def _no_more_than_all(quantity: Quantity) -> Quantity:
    if _is_share(quantity) and quantity.to("") > 1.0:
        raise ValueError(message("{quantity} is more than all of it", quantity=quantity))
    return quantity


Cut = Annotated[Measured, AfterValidator(_not_negative), AfterValidator(_no_more_than_all)]
"""A reduction: a share of 100 % at most, or an amount; not negative."""

HIGHEST_RATE = 0.3
"""Discount rate [1] above which a rate is taken for a slip: 800 % for 8.00 %."""


def _plausible_rate(quantity: Quantity) -> Quantity:
    if not 0.0 <= quantity.to("") <= HIGHEST_RATE:
        raise ValueError(
            message(
                "a discount rate of {quantity} is not between 0 % and {most:g} %",
                quantity=quantity,
                most=HIGHEST_RATE * 100,
            )
        )
    return quantity


Rate = Annotated[Measured, AfterValidator(_only_share), AfterValidator(_plausible_rate)]
"""A discount rate."""


def _plausible_rise(quantity: Quantity) -> Quantity:
    if not -HIGHEST_RATE <= quantity.to("") <= HIGHEST_RATE:
        raise ValueError(
            message(
                "inflation of {quantity} is not between -{most:g} % and {most:g} %",
                quantity=quantity,
                most=HIGHEST_RATE * 100,
            )
        )
    return quantity


Rise = Annotated[Measured, AfterValidator(_only_share), AfterValidator(_plausible_rise)]
"""A rise of prices in a year."""


class KeyFaultError(ValueError):
    """A fault of a part of a scenario that stands in one of its keys."""

    def __init__(self, key: str, said: Message) -> None:
        self.key = key
        super().__init__(said)


Truth = Annotated[bool, Field(strict=True)]
"""True or false, and no 1, 0, on or off."""


class Strict(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Strict):
    """A title in both languages."""

    en: Id
    zh: Id


TONNE = "t"
"""Unit of what a commitment with a pollutant removes."""


class Commitment(Strict):
    """What a plan says about a measure.

    Attributes
    ----------
    id
        Own name of the commitment, unique in the scenario.
    label
        What tables and charts call it; the name of its measure if there is none.
    measure
        Row of ``inputs/measures/catalogue.csv``.
    clause
        ``row_id`` of the ledger rows that it encodes.
    level
        A share (``92 %``) or an amount in the source's unit (``120 firm``).
    pollutant
        With it the level is the tonnes of this pollutant that the measure, used alone, removes.
    of
        What a share is a share of: ``available`` (activity still in the from-states), ``total``
        (final share of what the measure can act on or has acted on), ``new`` (new and replaced
        units).
    sources
        Narrows the measure to some of its sources.
    begin, deadline
        The level grows in equal steps from the first year to the deadline, and stays. With months
        (``by: 2019-10``) it grows evenly from the first day of the one to the last of the other,
        and a year counts with the share of its activity that is reached. Without a deadline it
        holds in full from the first day on.
    season
        First and last month in which it acts, where that is not all year: ``6-9``.
    profile
        Shape of the year of what it acts on, where that is not that of the source.
    schedule
        Level that counts in each year, in the place of the steps.
    credit
        ``printed``: the plan prints the level; ``parametric``: the analyst sets it;
        ``enabling``: it only raises how well rules are kept.
    low, high, note
        Range and reason of a level the plan does not print.
    """

    id: Id
    label: Title | None = None
    measure: Id
    clause: tuple[Id, ...] = Field(min_length=1)
    level: Level
    pollutant: Pollutant | None = None
    of: Literal["available", "total", "new"] | None = None
    sources: tuple[Id, ...] | None = None
    begin: When = Field(alias="from")
    deadline: When | None = Field(None, alias="by")
    season: Annotated[Season, Field(min_length=1)] | None = None
    profile: Id | None = None
    schedule: dict[Year, Level] | None = None
    bindingness: Bindingness
    credit: Credit
    low: Level | None = None
    high: Level | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self._check_schedule()
        if self.pollutant is not None:
            self.level.to(TONNE)
            if self.season:
                raise ValueError(message("tonnes are those of a year: they go with no season"))
        if self.is_share:
            if self.of is None:
                raise ValueError(message("a share needs 'of': available, total or new"))
        elif self.of is not None:
            raise ValueError(
                message("'of' goes with a share, not with the amount {level}", level=self.level)
            )
        if self.deadline is not None and self.deadline.ends <= self.begin.begins:
            raise ValueError(
                message("by {by} is before from {first}", by=self.deadline, first=self.begin)
            )
        if self.credit != "printed" and (self.low is None or self.high is None):
            raise ValueError(message("a level the plan does not print needs low and high"))
        if self.low is not None and self.high is not None:
            k = self.level.unit
            if not self.low.to(k) <= self.level.value <= self.high.to(k):
                raise ValueError(
                    message(
                        "low {low} <= level {level} <= high {high} fails: widen the range or mend "
                        "the level",
                        low=self.low,
                        level=self.level,
                        high=self.high,
                    )
                )
        return self

    def _check_schedule(self) -> None:
        """Note a schedule without steps, or with steps of another kind than the level."""
        if self.schedule is None:
            return
        if not self.schedule:
            raise ValueError(message("a schedule without a step; leave it out, or give its years"))
        for step in self.schedule.values():
            if self.is_share or _is_share(step):
                step.to(self.level.unit)

    @property
    def ends_off_level(self) -> bool:
        """Whether the schedule ends at another level than that given, and no note says it."""
        if not self.schedule:
            return False
        step = self.schedule[max(self.schedule)]
        if str(step) in self.note:
            return False  # it says why
        if not units.is_like(step.unit, self.level.unit):
            return False  # in another unit of the same thing, which only the region can compare
        last = step.to(self.level.unit)
        return not math.isclose(last, self.level.value, rel_tol=ROUNDING, abs_tol=ROUNDING)

    @property
    def is_share(self) -> bool:
        """Whether the level is a share (no unit) and not an amount."""
        return _is_share(self.level)

    @property
    def from_year(self) -> int:
        """First year in which it acts."""
        return self.begin.year

    @property
    def by_year(self) -> int:
        """Year of the deadline."""
        return self.begin.year if self.deadline is None else self.deadline.year

    @property
    def has_month(self) -> bool:
        """Whether a date lies within a year; a schedule says itself what counts in a year."""
        dated = self.begin.month is not None or self.ends_in_month
        return self.schedule is None and dated

    @property
    def ends_in_month(self) -> bool:
        """Whether the level is reached at a date within a year, so that it grows by the month."""
        return self.schedule is None and (self.deadline or self.begin).month is not None

    def progress(self, year: int) -> float:
        """Return the share of the final level that counts in a year."""
        if self.ends_in_month:
            return float(year >= self.from_year)
        steps = self.by_year - self.from_year + 1
        return min(max((year - self.from_year + 1) / steps, 0.0), 1.0)

    def step_in(self, year: int) -> tuple[int | None, float]:
        """Return the step of the schedule that holds in a year, and the share of it reached.

        Parameters
        ----------
        year
            Calendar year.

        Returns
        -------
        int or None
            Year of the step; None without a schedule.
        float
            Share of the level [1].
        """
        if self.schedule is None:
            return None, self.progress(year)
        passed = [y for y in self.schedule if y <= year]
        return (max(passed), 1.0) if passed else (None, 0.0)


class Other(Strict):
    """An indicator that this version cannot compute: targets on it are listed, and nothing more.

    Attributes
    ----------
    other
        Its id.
    unit
        In which it is measured; ``1`` for a share or a plain number.
    value
        What the plan prints for it, where that is neither a limit nor a cut [``unit``].
    reason
        Why there is no number to judge, where the plan prints none; it stands in the place of a
        limit.
    """

    other: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    unit: KnownUnit
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    reason: str = ""


def _is_registered(name: str) -> str:
    return check_listed(name, [indicator.id for indicator in registered()])


Registered = Annotated[
    str,
    AfterValidator(_is_registered),
    WithJsonSchema({"type": "string", "enum": [indicator.id for indicator in registered()]}),
]
"""Id of an indicator that this version computes."""


def _meant(given: Any) -> Any:
    """Return the pollutant that a text means."""
    return pollutant_meant(given) if isinstance(given, str) else given


def _form(given: Any) -> str:
    return "listed" if isinstance(given, dict | Other) else "computed"


FORMS = ("at_most", "at_least", "reduce_by", "rise_by", "rise_within", "projects")
"""Keys of a target of which one says how far it goes; ``falls`` says only which way."""
AGAINST = ("reduce_by", "rise_by", "rise_within", "falls")
"""Those of them that are counted from another value."""


class Target(Strict):
    """A promise of the plan that the run answers for.

    Attributes
    ----------
    label
        What tables and charts call it.
    indicator
        Id of one that is computed, or ``{other: my-index, unit: "1"}``: listed, and not computed.
    pollutant, sectors, areas, receptor, state, sources
        Parameters of the indicator: each takes some of them and needs some. The state is that of
        the air in which the plan prints a mean: ``standard`` (273 K, until August 2018) or
        ``actual``.
    activity, of, per, unit
        Of an activity: what is counted, the whole that it is a share of, what it is told per unit
        of, and the unit in which it is counted where no limit has one.
    at_most, reduce_by, relative_to
        Either a level, or a cut (share, or amount for emissions) against a stated year. The
        word ``baseline`` compares with the baseline of the same year.
    at_least
        A level from below (``253 day``).
    rise_by, rise_within
        At least, and at most, so much more than in ``relative_to`` (share, or amount).
    projects
        Tonnes that each of a list of projects takes away: the emission is below the baseline of
        the same year by their sum.
    falls
        ``below`` the year of ``relative_to`` is all that the plan says: lower by one step of what
        bulletins print, whatever it may be.
    sand_dust
        Whether days of sand-dust count, where that is not as bulletins tell it.
    alert_level
        Level of a pollution alert whose listed actions are meant.
    price
        Makes the target soft in the least-cost problem: an excess is allowed and costs this much
        (``5 万元/t``; for a concentration ``2 亿元/a/(ug/m3)``).
    """

    id: Id
    label: Title | None = None
    clause: tuple[Id, ...] = Field(min_length=1)
    indicator: Annotated[
        Annotated[Registered, Tag("computed")] | Annotated[Other, Tag("listed")],
        Discriminator(_form),
    ]
    pollutant: Annotated[Pollutant, BeforeValidator(_meant)] | None = None
    sectors: tuple[Id, ...] | None = None
    areas: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    receptor: Id | None = None
    state: Literal["standard", "actual"] | None = None
    sand_dust: SandDust | None = None
    alert_level: AlertLevel | None = None
    sources: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    activity: Selection | None = None
    of: Selection | None = None
    per: Selection | None = None
    unit: KnownUnit | None = None
    at_most: Amount | None = None
    at_least: Amount | None = None
    reduce_by: Cut | None = None
    rise_by: Amount | None = None
    rise_within: Amount | None = None
    projects: dict[Id, Amount] | None = None
    falls: Literal[True] | None = None
    relative_to: Year | Literal["baseline"] | None = None
    year: Year
    bindingness: Bindingness
    price: Price | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        limits = [*(getattr(self, form) for form in FORMS), self.falls, self.printed]
        if sum(x is not None for x in limits) > 1:
            raise ValueError(
                message(
                    "a target has one limit; to drop one that is inherited from another file, write"
                    " its key with nothing behind it: 'reduce_by:'"
                )
            )
        if sum(x is not None for x in limits) != (0 if self.reason else 1):
            raise ValueError(
                message("a target needs one of {names} and falls", names=", ".join(FORMS))
            )
        against = [form for form in AGAINST if getattr(self, form) is not None]
        if bool(against) != (self.relative_to is not None):
            raise ValueError(
                message(
                    "{names} need relative_to (a year, or baseline), and only they do",
                    names=", ".join(AGAINST),
                )
            )
        if self.projects is not None and not self.projects:
            raise ValueError(message("at least {min_length} must be given", min_length=1))
        for name in PARAMETERS:
            self._check_parameter(name)
        self._check_unit()
        if isinstance(self.indicator, Other):
            for level in (self.at_most, self.at_least):
                if level is not None:
                    level.to(self.indicator.unit)
        return self

    def _check_parameter(self, name: str) -> None:
        """Hold what is given of a parameter against what the indicator takes and needs."""
        own = find(self.indicator_id) if self.computed else None
        given = getattr(self, name) is not None
        if given and (own is None or name not in own.takes):
            raise ValueError(
                message(
                    "'{parameter}' goes with {indicators}, not with '{indicator}'",
                    parameter=name,
                    indicators=", ".join(i.id for i in registered() if name in i.takes),
                    indicator=self.indicator_id,
                )
            )
        if own is not None and name in own.needs and not given:
            raise ValueError(
                message(
                    "a target of '{indicator}' needs '{parameter}'",
                    indicator=self.indicator_id,
                    parameter=name,
                )
            )

    def _check_unit(self) -> None:
        """Hold what is counted in any unit against the one that the target says."""
        own = find(self.indicator_id) if self.computed else None
        if own is not None and own.part:
            for level in (self.at_most, self.at_least):
                if level is not None and level.to(own.unit) > 1.0:
                    raise ValueError(message("{quantity} is more than all of it", quantity=level))
        if own is None or not own.any_unit:
            return
        if self.subject.unit is None:
            raise ValueError(
                message(
                    "a target of '{indicator}' needs '{parameter}'",
                    indicator=self.indicator_id,
                    parameter="unit",
                )
            )
        for level in (self.at_most, self.at_least):
            if level is not None:
                level.to(self.subject.unit)

    @property
    def computed(self) -> bool:
        """Whether this version can compute the indicator."""
        return isinstance(self.indicator, str)

    @property
    def indicator_id(self) -> str:
        """Id of the indicator, whether it is computed or not."""
        return self.indicator if isinstance(self.indicator, str) else self.indicator.other

    @property
    def printed(self) -> Quantity | None:
        """What the plan prints for an indicator that is not computed, if that is all there is."""
        if isinstance(self.indicator, str) or self.indicator.value is None:
            return None
        return Quantity(value=self.indicator.value, unit=self.indicator.unit)

    @property
    def reason(self) -> str:
        """Why there is no number to judge, for a target that is listed without one."""
        return "" if isinstance(self.indicator, str) else self.indicator.reason

    @property
    def subject(self) -> Subject:
        """What of the indicator the target is about."""
        own = {name: getattr(self, name) for name in PARAMETERS}
        level = self.at_most or self.at_least
        if self.computed and level is not None and find(self.indicator_id).any_unit:
            own["unit"] = self.unit or level.unit
        return Subject(**own)


Currency = Annotated[
    str,
    AfterValidator(currency_name),
    Field(json_schema_extra={"enum": [YUAN, "CNY", *CURRENCIES]}),
]


def _dated(given: Any) -> str:
    """Tell whether a price is one, or one for each of some years."""
    return "dated" if isinstance(given, dict) and "value" not in given else "one"


CarbonPrice = Annotated[
    Annotated[Amount, Tag("one")]
    | Annotated[dict[Year, Amount], Field(min_length=1), Tag("dated")],
    Discriminator(_dated),
]


class Economics(Strict):
    """How money is counted.

    Attributes
    ----------
    currency
        Of all results: ``yuan``, or a code of ISO 4217.
    rates
        What one unit of another currency is worth, such as ``{EUR: 7.8 yuan}``.
    carbon_price
        Of a tonne of CO2.
    inflation
        What prices rise by in each year after the last whose price level is known.
    """

    currency: Currency = YUAN
    price_year: Year
    discount_rate: Rate
    inflation: Rise | None = None
    rates: dict[Currency, Measured] = {}
    carbon_price: CarbonPrice | None = Field(
        None,
        description="Price of a tonne of CO2, or one for each of some years: straight lines"
        " between them, the last one holds on, none before the first",
    )

    @model_validator(mode="after")
    def _worth(self) -> Self:
        for name, rate in self.rates.items():
            if name == self.currency:
                raise ValueError(message("{name} is the currency itself", name=name))
            if rate.value <= 0 or rate.to(self.currency) <= 0:
                raise ValueError(message("a rate of {rate} is not positive", rate=rate))
        return self

    def carbon_prices(self, first: int) -> dict[int, Quantity]:
        """Return the price of CO2 by year, from a first year on where it has none; may be none."""
        given = self.carbon_price
        if given is None:
            return {}
        return dict(given) if isinstance(given, dict) else {first: given}

    @property
    def exchange(self) -> Exchange:
        """Rates into the currency."""
        rates = {name: rate.to(self.currency) for name, rate in self.rates.items()}
        return Exchange(self.currency, rates)


class Air(Strict):
    """What is said of the air that the plan does not make.

    Attributes
    ----------
    in_step
        Whether the rest of a district's city cuts as the district does. A scenario with a target on
        a mean that the city makes part of must say so.
    outside
        What the part from outside follows after the base year: the stated ``path``, or what was
        ``observed`` around (a hindcast).
    """

    in_step: Truth | None = Field(
        None, description="Whether the rest of the city cuts as the district does"
    )
    outside: Literal["path", "observed"] = "path"


class Credited(Strict):
    """Which commitments without a printed level count in the plan."""

    parametric: Truth = True
    enabling: Truth = True


class Finished(Strict):
    """A finished inventory in place of a region: tables beside the scenario file.

    ``transfer`` says what the sources add to the concentrations at receptors, ``growth`` what they
    follow after their last own year, ``catalogue`` which of our sources they are, so that our
    measures can be used on them.
    """

    inventory: Id
    measures: Id
    transfer: Id | None = None
    growth: Id | None = None
    catalogue: Id | None = None


class UptakeBound(Strict):
    """Least and most uptake of a measure in the least-cost mix.

    Attributes
    ----------
    measure, source
        On one source, or on all the measure applies to. A share then holds on each of them, an
        amount for all together.
    at_least, at_most
        A share of the eligible activity (``30 %``) or an amount in the source's unit.
    """

    measure: Id
    source: Id | None = None
    at_least: Level | None = None
    at_most: Level | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = [level for level in (self.at_least, self.at_most) if level is not None]
        if not given:
            raise ValueError(message("a bound needs at_least, at_most or both"))
        if len({_is_share(level) for level in given}) > 1:
            raise ValueError(message("at_least and at_most are both shares or both amounts"))
        if len(given) > 1 and given[0].to(given[1].unit) > given[1].value * (1 + ROUNDING):
            raise ValueError(
                message("at_least {least} is above at_most {most}", least=given[0], most=given[1])
            )
        return self

    @property
    def is_share(self) -> bool:
        """Whether the levels are shares of the eligible activity."""
        return _is_share(self.at_least or self.at_most or Quantity(value=0.0, unit="%"))


class Prerequisite(Strict):
    """A measure whose share of the eligible activity is at most ``ratio`` x that of another.

    Where both act on a source, on that source; else the share of the other on all its sources.
    """

    measure: Id
    needs: Id
    ratio: Ratio = Quantity(value=100, unit="%")


class Equity(Strict):
    """Who bears the cost: no sector, or no area, more than a share of it. Savings do not count."""

    sectors: Share | None = None
    areas: Share | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.sectors is None and self.areas is None:
            raise ValueError(message("equity needs sectors, areas or both"))
        return self


class Guard(Strict):
    """Ozone: the relative cut of VOC is at least this multiple (``80 %``) of that of NOx."""

    voc_to_nox: Ratio


class ResourceUse(Strict):
    """What one measure takes of a resource.

    Attributes
    ----------
    source
        On one source, or alike on all that the measure applies to.
    amount
        Per unit of the source's activity that is moved; for a finished inventory, of full use of
        the measure on the source.
    """

    measure: Id
    source: Id | None = None
    amount: Amount


class Resource(Strict):
    """Something that measures share, of which a year has only so much."""

    id: Id
    at_most: Amount
    uses: tuple[ResourceUse, ...]

    @model_validator(mode="after")
    def _is_used(self) -> Self:
        if not self.uses:
            raise ValueError(message("nothing draws on '{id}'", id=self.id))
        return self


class Pathway(Strict):
    """All projection years in one problem.

    Attributes
    ----------
    ramp
        The most of a measure that is added in a year, as a share of the eligible activity.
    foresight
        ``perfect``: all years at once; ``myopic``: year by year, each bound to what stands.
    """

    ramp: Share = Quantity(value=100, unit="%")
    foresight: Foresight = "perfect"


class WholeUnits(Strict):
    """A measure that comes in whole units of an amount (``1 firm``), or not at all.

    A share (``5 %``) is a unit of that part of the eligible activity. ``all-or-nothing``: on each
    source its whole reach, or nothing.
    """

    measure: Id
    source: Id | None = None
    unit: Literal["all-or-nothing"] | Level

    @property
    def is_share(self) -> bool:
        """Whether the unit is a share of the eligible activity."""
        return not isinstance(self.unit, str) and _is_share(self.unit)


class Optimise(Strict):
    """Settings of the least-cost problem.

    Attributes
    ----------
    floor
        ``plan``: every commitment is a lower bound; ``none``: a blank sheet.
    interface
        ``highs``: arrays straight to the solver; ``pyomo``: through the algebraic model.
    reading
        ``full``: targets are asked for tier by tier, binding ones first, then approximate ones,
        then those the plan wishes for; ``strict``: only binding ones, the others are judged.
    watch
        Kinds of targets that are judged and never asked for (``[conditional, delegated]``).
    unpriced
        Measures without a price: ``exclude`` leaves them out of every mix, also where the plan
        commits them; ``hold`` keeps them at the plan's level, where they cost nothing that is told.
    relaxation_margin
        Of a target out of reach the best that can be done is told less this share of the possible
        reduction: the last 5 % of what is possible have no sane price. It acts nowhere else.
    budget
        Net annual cost of the mix at most (``3 亿元/a``).
    total_budget
        Sum of the annual costs of all years of a pathway at most (``8 亿元``).
    bounds, exclusive, requires, resources, equity, guard
        Limits on the mix. Of measures that exclude each other the shares of reach on a common
        source sum to 1 at most; measures that draw on one resource take no more than there is.
    constraints
        A Python file beside the scenario with ``def add(model, data)`` that adds constraints of
        the uptake to the Pyomo model; needs ``interface: pyomo``.
    pathway
        Couples the years; without it each target year stands alone.
    whole
        Measures that come in whole units: solved as a mixed-integer program, the linear bound and
        the gap are reported.
    """

    floor: Literal["none", "plan"] = "none"
    interface: Interface = "highs"
    reading: Literal["full", "strict"] = "full"
    watch: tuple[Bindingness, ...] = ()
    unpriced: Literal["exclude", "hold"] = "exclude"
    relaxation_margin: Share = Quantity(value=5, unit="%")
    budget: Price | None = None
    total_budget: Price | None = None
    bounds: tuple[UptakeBound, ...] = ()
    exclusive: tuple[Annotated[tuple[Id, ...], Field(min_length=2)], ...] = ()
    requires: tuple[Prerequisite, ...] = ()
    resources: tuple[Resource, ...] = ()
    equity: Equity | None = None
    guard: Guard | None = None
    constraints: str | None = None
    pathway: Pathway | None = None
    whole: tuple[WholeUnits, ...] = ()

    @property
    def watched(self) -> tuple[Bindingness, ...]:
        """Kinds of targets that are not asked for."""
        if self.reading == "strict":
            return tuple(b for b in BINDINGNESS if b != "binding")
        return self.watch

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.constraints is not None and self.interface != "pyomo":
            raise ValueError(message("user constraints need 'interface: pyomo'"))
        if self.total_budget is not None and self.pathway is None:
            raise ValueError(message("total_budget goes with a pathway; a year has a budget"))
        return self


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
    where: dict[str, str | int | float] = Field(
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
    times: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="Factor on value and range: 1.2"
    )
    growth: Annotated[Measured, AfterValidator(_only_share)] | None = Field(
        None, description="Further growth a year after the base year: 2 %"
    )
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
            _plausible_rate(_only_share(self.to))
        if self.economics == "carbon_price" and self.to is not None:
            _not_negative(self.to)
        return self

    @property
    def is_date(self) -> bool:
        """Whether dates of a commitment are changed, and no number."""
        return self.deadline is not None or self.begin is not None


RESERVED = (
    "inputs",
    "scenarios",
    "runs",
    "reports",
    *("con", "prn", "aux", "nul"),
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)),
)
"""What no run may be called: folders of a project, and devices of Windows."""
LONGEST_NAME = 80
"""Signs of a run's name: it becomes part of paths, which systems limit."""


def _free(name: str) -> str:
    if name in RESERVED:
        raise ValueError(message("'{name}' is reserved; choose another name", name=name))
    return name


def _some(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a list as it is; judged when its items are sound, so that no fault is told twice."""
    if not given:
        raise ValueError(message("at least {min_length} must be given", min_length=1))
    return given


def _several(given: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(given) < FEWEST:
        raise ValueError(message("at least {min_length} must be given", min_length=FEWEST))
    return given


FEWEST = 2
"""Alternatives of an axis of a grid."""

Variation = Annotated[
    tuple[Set, ...], AfterValidator(_some), Field(json_schema_extra={"minItems": 1})
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


Sampling = Literal["monte-carlo", "latin-hypercube", "sobol"]
"""Ways of drawing sets of numbers."""
SAMPLES = 1000
"""Sets of numbers that a run draws where the scenario does not say how many."""
MOST_SEARCHED = 5_000
"""Most random sets of numbers of the search for robust mixes: their rows fill the memory."""
MOST_SAMPLES = 100_000
"""Sets of numbers of one run; more of them are refused."""


def _a_distribution(text: str) -> str:
    read_distribution(text)
    return text


class Distributed(Pick):
    """Numbers with another distribution.

    Attributes
    ----------
    distribution
        As a table may write it: ``uniform``, ``discrete 10:0.3 20:0.7``.
    """

    distribution: Annotated[str, AfterValidator(_a_distribution)]


class Correlated(Strict):
    """Groups of numbers that vary neither alike nor independently.

    Attributes
    ----------
    between
        Names of groups: of ``groups``, or of the column ``correlation`` of a table.
    matrix
        Correlation of each with each, of the normal deviates that stand for them.
    """

    between: Annotated[tuple[str, ...], Field(min_length=2)]
    matrix: tuple[tuple[Annotated[float, Field(ge=-1, le=1)], ...], ...]

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        import numpy as np

        n = len(self.between)
        if len(set(self.between)) < n:
            raise ValueError(message("a group is named twice"))
        if len(self.matrix) != n or any(len(row) != n for row in self.matrix):
            raise ValueError(message("a matrix of {n} groups has {n} rows of {n}", n=n))
        own = np.array(self.matrix)
        if (own != own.T).any() or (np.diag(own) != 1.0).any():
            raise ValueError(
                message("a correlation matrix is symmetric, with ones on its diagonal")
            )
        if np.linalg.eigvalsh(own).min() < -ROUNDING:
            raise ValueError(
                message(
                    "no quantities can be correlated like this: the matrix has a negative"
                    " eigenvalue"
                )
            )
        return self


class Uncertainty(Strict):
    """What a run tells about how sure its answers are.

    Attributes
    ----------
    swings
        Whether it projects every number at both ends of its range.
    method
        How sets of numbers are drawn.
    seed
        The same seed gives the same sets.
    distributions
        Numbers with other distributions than range and basis give.
    groups
        Named groups of numbers that vary together.
    correlations
        How groups vary with each other.
    """

    swings: Truth = Field(True, description="Project every number at both ends of its range")
    method: Sampling = Field("monte-carlo", description="How sets of numbers are drawn")
    seed: Annotated[int, Field(ge=0, strict=True)] = Field(1, description="Same seed, same sets")
    distributions: tuple[Distributed, ...] = Field(
        (), description="Numbers with another distribution: {cost: dust-net, distribution: uniform}"
    )
    groups: dict[str, Annotated[tuple[Pick, ...], Field(min_length=1)]] = Field(
        {}, description="Groups of numbers that vary together"
    )
    correlations: tuple[Correlated, ...] = Field((), description="How groups vary with each other")


class Robust(Strict):
    """Mixes that hold when numbers differ.

    Attributes
    ----------
    samples
        Random sets of numbers of the search; four times as many check what it finds.
    probabilities
        With which each target is to hold.
    optima
        Random sets of numbers of each of which the optimum is found.
    """

    samples: Annotated[int, Field(ge=40, le=MOST_SEARCHED, strict=True)] = Field(
        500, description="Random sets of numbers of the search"
    )
    probabilities: tuple[Share, ...] = Field(
        tuple(Quantity(value=p, unit="%") for p in (50, 60, 70, 80, 90, 95, 99)),
        description="With which each target is to hold",
    )
    optima: Annotated[int, Field(ge=0, le=MOST_SAMPLES, strict=True)] = Field(
        500, description="Random sets of numbers of each of which the optimum is found"
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not all(0.0 < p.to("") < 1.0 for p in self.probabilities):
            raise ValueError(message("a probability lies between 0 and 100 %, both excluded"))
        return self

    @property
    def asked(self) -> tuple[float, ...]:
        """Probabilities [1], ascending."""
        return tuple(sorted({round(p.to(""), 12) for p in self.probabilities}))


def _for_each_level(given: Any) -> Any:
    return given if isinstance(given, dict) else dict.fromkeys(ALERT_LEVELS, given)


ByLevel = Annotated[
    dict[AlertLevel, Share],
    BeforeValidator(_for_each_level),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {level: {"type": "string"} for level in ALERT_LEVELS},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""A share for all levels of an alert (``100 %``), or one for each."""


class AlertAction(Strict):
    """A stop or cut that can be ordered on an alert day.

    Attributes
    ----------
    id
        Own name, where a source has several actions; else that of the source.
    source, part
        What it acts on, and which part of it.
    reach
        Largest share of that part that can be stopped or cut; a level that is left out has none.
    cost, low, high
        Of a day on which all of that part stands still, and its range.
    grade
        Of the firms: A is exempt; the better of B, C and D on one source is never cut deeper.
    action
        Words of the list.
    """

    id: Id | None = None
    source: Id
    part: Share = Quantity(value=100, unit="%")
    reach: ByLevel = dict.fromkeys(ALERT_LEVELS, Quantity(value=100, unit="%"))
    cost: Price
    low: Price | None = None
    high: Price | None = None
    grade: Grade | None = None
    action: Title | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """Own name, or that of the source."""
        return self.id or self.source

    @field_validator("part")
    @classmethod
    def _some_part(cls, part: Quantity) -> Quantity:
        if part.value <= 0.0:
            raise ValueError(message("an action on 0 % of a source does nothing"))
        return part

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError(message("low and high go together: give both or neither"))
        if self.low is not None and self.high is not None:
            unit = self.cost.unit
            if not self.low.to(unit) <= self.cost.value <= self.high.to(unit):
                raise ValueError(
                    message(
                        "low {low} <= cost {cost} <= high {high} fails: widen the range or mend "
                        "the cost",
                        low=self.low,
                        cost=self.cost,
                        high=self.high,
                    )
                )
        return self


class Alert(Strict):
    """Days of a pollution alert: what may be ordered, and what must be reached.

    Attributes
    ----------
    level
        One level, or ``all``: nested lists for the three.
    month, year
        Season of the alert; the last year of the scenario if none is given.
    case
        Whose emissions: ``plan`` or ``baseline``.
    particles
        What is counted as particles: plans do not say which size.
    cut
        Share of the society-wide daily total by which each pollutant must fall.
    cut_of
        Other shares for single pollutants: ``VOC: {yellow: 10 %, orange: 15 %, red: 20 %}``.
    protected
        Sources that are never stopped: heating by the heat it owes, waste, daily needs.
    actions
        What can be ordered.
    """

    level: Literal["all"] | AlertLevel = "all"
    month: Annotated[int, Field(ge=1, le=12, strict=True)]
    year: Year | None = None
    case: Literal["baseline", "plan"] = "plan"
    particles: Literal["PM2.5", "PM10", "TSP"] = "PM10"
    cut: ByLevel = {
        "yellow": Quantity(value=10, unit="%"),
        "orange": Quantity(value=20, unit="%"),
        "red": Quantity(value=30, unit="%"),
    }
    cut_of: dict[Pollutant, ByLevel] = {}
    protected: tuple[Id, ...] = ()
    actions: Annotated[
        tuple[AlertAction, ...], AfterValidator(_some), Field(json_schema_extra={"minItems": 1})
    ]

    @property
    def levels(self) -> tuple[AlertLevel, ...]:
        """The levels that are asked for, the lowest first."""
        return ALERT_LEVELS if self.level == "all" else (self.level,)

    @property
    def pollutants(self) -> tuple[Pollutant, ...]:
        """Pollutants that must fall, each by itself."""
        return "SO2", "NOx", self.particles, "VOC"

    def demand(self, pollutant: Pollutant, level: AlertLevel) -> float:
        """Return the share of the daily total that must go [1]; 0 where none is asked for."""
        given = self.cut_of.get(pollutant, self.cut).get(level)
        return 0.0 if given is None else given.to("")

    def weight(self, pollutant: Pollutant, level: AlertLevel) -> float:
        """Return what the cut of a pollutant counts for beside the others [1].

        Half as much is asked of a pollutant: its cut counts twice. Nothing is: it counts for 0.
        """
        given = self.cut.get(level)
        if pollutant not in self.cut_of or given is None:
            return 1.0
        own = self.demand(pollutant, level)
        return given.to("") / own if own else 0.0


class Health(Strict):
    """Deaths that less PM2.5 avoids, by several published functions side by side.

    Attributes
    ----------
    value_of_life, low, high
        Value of a statistical life in prices of the scenario (``476 万元``), and its range;
        without it nothing is put into money.
    """

    value_of_life: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        given = [self.value_of_life, self.low, self.high]
        if any(x is None for x in given) and any(x is not None for x in given):
            raise ValueError(message("value_of_life, low and high go together"))
        value, low, high = given
        if value is not None and low is not None and high is not None:
            unit = value.unit
            if not low.to(unit) <= value.value <= high.to(unit):
                raise ValueError(
                    message(
                        "low {low} <= value {value} <= high {high} fails",
                        low=low,
                        value=value,
                        high=high,
                    )
                )
        return self


class StartsFrom(Strict):
    """Another scenario whose end is the start of this one.

    Attributes
    ----------
    scenario
        Its file, from the folder of the file that names it.
    case
        Which of its cases or readings leaves what this one begins with.
    year
        The year of it: the base year of this one.
    recounted
        Sources that begin with rows of the region all the same, because they were counted anew.
        Of a fleet the number of vehicles is then its own, and their age and kind as they were left.
    """

    scenario: Id
    case: Case | Reading = "plan"
    year: Year
    recounted: tuple[Id, ...] = ()


class Scenario(Strict):
    """A plan on a region (or on a finished inventory), ready to run.

    Attributes
    ----------
    standard
        Air-quality standard that days and indices are judged by, in the phase of each year.
    set
        Numbers with other values than the tables, or the parent scenario, give them.
    drop
        Ids of commitments and targets of the parent that are left out.
    futures
        Named worlds: the same plan under other numbers, evaluated beside it.
    grid
        Named axes, each a list of alternatives; every combination is a variant.
    baselines
        Named worlds without the plan beside the scenario's own: the plan is held to each.
    air
        What is said of the air that the plan does not make.
    samples
        Random sets of numbers that are evaluated.
    uncertainty
        What is told about how sure the answers are.
    alert
        Days of a pollution alert, for ``lantian alert``.
    health
        Whether avoided deaths are told, and what a life is valued at; ``{}`` for no value.
    robust
        Whether mixes are sought that hold when numbers differ; ``{}`` for the usual ones.
    """

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=LONGEST_NAME),
        AfterValidator(_free),
    ]
    title: Title
    labels: dict[str, Title] = {}
    region: Id | None = None
    finished: Finished | None = None
    plan: Id | None = None
    base_year: Year
    last_year: Year
    reference_years: tuple[Year, ...] = ()
    starts_from: StartsFrom | None = None
    economics: Economics
    air: Air = Air()
    commitments: tuple[Commitment, ...] = ()
    targets: tuple[Target, ...] = ()
    standard: StandardId = STANDARDS[0]
    credit: Credited = Credited()
    optimise: Optimise = Optimise()
    set: tuple[Set, ...] = ()
    drop: tuple[Id, ...] = ()
    futures: dict[str, Variation] = {}
    grid: dict[str, Alternatives] = {}
    baselines: dict[str, Variation] = {}
    samples: Annotated[int, Field(ge=0, le=MOST_SAMPLES, strict=True)] = Field(
        SAMPLES, description="Random sets of numbers that are evaluated; 0: none"
    )
    uncertainty: Uncertainty = Uncertainty()
    alert: Alert | None = None
    health: Health | None = None
    robust: Robust | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.region is None) == (self.finished is None):
            raise ValueError(message("a scenario needs either a region or a finished inventory"))
        if self.finished is not None and self.air != Air():
            raise KeyFaultError(
                "air", message("air goes with a region: a finished inventory has no levels")
            )
        if self.starts_from is not None and self.region is None:
            raise KeyFaultError("starts_from", message("starts_from goes with a region"))
        if self.last_year < self.base_year:
            raise KeyFaultError(
                "last_year",
                message(
                    "last_year {last} is before base_year {base}",
                    last=self.last_year,
                    base=self.base_year,
                ),
            )
        if any(y > self.base_year for y in self.reference_years):
            raise KeyFaultError(
                "reference_years", message("reference_years must not lie after base_year")
            )
        if self.uncertainty.method == "sobol" and self.samples & (self.samples - 1):
            raise KeyFaultError(
                "samples",
                message(
                    "points of Sobol are balanced in powers of two: samples {near}, not {samples}",
                    near=2 ** (self.samples.bit_length()),
                    samples=self.samples,
                ),
            )
        return self

    def counts(self, commitment: Commitment) -> bool:
        """Tell whether a commitment counts in the plan."""
        return commitment.credit == "printed" or bool(getattr(self.credit, commitment.credit))

    @property
    def years(self) -> tuple[int, ...]:
        """All years of the model, ascending: reference years, base year, projection years."""
        return tuple(sorted({*self.reference_years, *range(self.base_year, self.last_year + 1)}))
