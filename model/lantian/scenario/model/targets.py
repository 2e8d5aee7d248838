"""Targets and the indicators they are about."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from lantian.indicators import find, registered
from lantian.indicators.contract import PARAMETERS, SandDust, Subject
from lantian.indicators.selection import Selection
from lantian.inventory.months import Season
from lantian.language import message
from lantian.parameters.rows import KnownUnit, check_listed
from lantian.scenario.dates import Year
from lantian.scenario.model.base import (
    Clauses,
    Id,
    KnownPollutant,
    Number,
    Strict,
    Title,
    check_clause,
)
from lantian.scenario.model.quantities import SOME, SOMETHING, Amount, Cut, Price, Quantity, Usual
from lantian.vocabulary import AlertLevel, Bindingness


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
    value: Number | None = None
    reason: str = ""


def _is_registered(name: str) -> str:
    return check_listed(name, [indicator.id for indicator in registered()])


Registered = Annotated[
    str,
    AfterValidator(_is_registered),
    WithJsonSchema({"type": "string", "enum": [indicator.id for indicator in registered()]}),
]
"""Id of an indicator that this version computes."""


def _form(given: Any) -> str:
    return "listed" if isinstance(given, dict | Other) else "computed"


class Earlier(Strict):
    """What there was in a year that the run has no inventory of, as a plan or a yearbook tells it.

    Attributes
    ----------
    value
        Amount, share or mean of the year.
    low, high
        Its range; without them it has none.
    """

    value: Amount
    low: Amount | None = None
    high: Amount | None = None

    @model_validator(mode="after")
    def _holds_value(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError(message("low and high go together"))
        if self.low is not None and self.high is not None:
            low, high = (end.to(self.value.unit) for end in (self.low, self.high))
            if not low <= self.value.value <= high:
                raise ValueError(
                    message(
                        "{value} is not within {low} to {high}",
                        value=self.value,
                        low=self.low,
                        high=self.high,
                    )
                )
        return self


def _told(given: Any) -> str:
    return "range" if isinstance(given, dict | Earlier) else "number"


FORMS = ("at_most", "at_least", "reduce_by", "rise_by", "rise_within", "projects")
"""Keys of a target of which one says how far it goes; ``falls`` says only which way."""
AGAINST = ("reduce_by", "rise_by", "rise_within", "falls")
"""Those of them that are counted from another value."""
FEWER = ("at_most", "reduce_by", "rise_within", "projects", "falls")
"""Those of them that ask for less, or for no more."""


DAYS = 366
"""Most days of a year."""


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
        word ``baseline`` compares with the baseline of the same year. A share a year
        (``5 %/a``) counts once for each year since then.
    was
        What there was in the year of ``relative_to``, where the run has no inventory of it.
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
    season
        First and last month that a mean, a count or an emission is of (``6-9``); the year if not.
    number
        ``printed``: the plan prints how far the target goes; ``reading``: the plan says it in
        words, and the number is the analyst's. A reading is asked for with what the plan wishes
        for, however binding its words are.
    headline
        Lets a reading drive the least cost as its ``bindingness`` would.
    price
        Makes the target soft in the least-cost problem: an excess is allowed and costs this much
        (``5 万元/t``; for a concentration ``2 亿元/a/(ug/m3)``).
    """

    id: Id
    label: Title | None = None
    clause: Clauses
    indicator: Annotated[
        Annotated[Registered, Tag("computed")] | Annotated[Other, Tag("listed")],
        Discriminator(_form),
    ]
    pollutant: KnownPollutant | None = None
    sectors: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
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
    season: Annotated[Season, Field(min_length=1)] | None = None
    at_most: Amount | None = None
    at_least: Amount | None = None
    reduce_by: Annotated[Cut | None, SOME] = None
    rise_by: Annotated[Amount | None, Usual(0.001, 100.0)] = None
    rise_within: Annotated[Amount | None, Usual(0.001, 100.0)] = None
    projects: dict[Id, Amount] | None = None
    falls: Literal[True] | None = None
    relative_to: Year | Literal["baseline"] | None = None
    was: (
        Annotated[
            Annotated[Amount, Tag("number")] | Annotated[Earlier, Tag("range")],
            Discriminator(_told),
        ]
        | None
    ) = None
    year: Year
    bindingness: Bindingness
    number: Literal["printed", "reading"] = "printed"
    headline: Literal[True] | None = None
    price: Annotated[Price | None, SOMETHING] = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        forms = {**{name: name for name in (*FORMS, "falls")}, "printed": "indicator.value"}
        limits = [key for name, key in forms.items() if getattr(self, name) is not None]
        if len(limits) > 1:
            raise ValueError(
                message(
                    "a target has one limit, this one has {names}; to drop one that is inherited"
                    " from another file, write its key with nothing behind it",
                    names=", ".join(limits),
                )
            )
        if limits and self.reason:
            raise ValueError(
                message(
                    "'indicator.reason' stands in the place of a limit, and this one has {names}",
                    names=", ".join(limits),
                )
            )
        if not limits and not self.reason:
            raise ValueError(
                message("a target needs one of {names} and falls", names=", ".join(FORMS))
            )
        check_clause(self.clause, self.note)
        against = [form for form in AGAINST if getattr(self, form) is not None]
        if bool(against) != (self.relative_to is not None):
            raise ValueError(
                message("{names} need relative_to (a year, or baseline)", names=", ".join(AGAINST))
                if against
                else message(
                    "relative_to goes with {names}; to leave one out that comes from another file,"
                    " write 'relative_to:' with nothing behind it",
                    names=", ".join(AGAINST),
                )
            )
        if self.was is not None and not isinstance(self.relative_to, int):
            raise ValueError(message("'was' tells of the year of relative_to"))
        if self.projects is not None and not self.projects:
            raise ValueError(message("at least {min_length} must be given", min_length=1))
        if self.headline and self.number == "printed":
            raise ValueError(message("'headline' goes with 'number: reading'"))
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
        if own is not None and own.harmful and (self.at_least or self.rise_by):
            raise ValueError(
                message(
                    "less of '{indicator}' is better: write at_most, reduce_by or rise_within",
                    indicator=self.indicator_id,
                )
            )
        if own is not None and own.wished and any(getattr(self, name) for name in FEWER):
            raise ValueError(
                message(
                    "more of '{indicator}' is better: write at_least or rise_by",
                    indicator=self.indicator_id,
                )
            )
        if own is not None and own.unit == "day":
            for level in (self.at_most, self.at_least):
                if level is not None and level.to("day") > DAYS:
                    raise ValueError(message("{quantity} is more than a year has", quantity=level))
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
        for level in self._amounts:
            level.to(self.subject.unit)

    @property
    def _amounts(self) -> list[Quantity]:
        """What the target says in the unit of its indicator."""
        earlier = None if self.earlier is None else self.earlier.value
        return [own for own in (self.at_most, self.at_least, earlier) if own is not None]

    @property
    def earlier(self) -> Earlier | None:
        """What there was in the year of ``relative_to``, with its range."""
        return Earlier(value=self.was) if isinstance(self.was, Quantity) else self.was

    @property
    def computed(self) -> bool:
        """Whether this version can compute the indicator."""
        return isinstance(self.indicator, str)

    @property
    def indicator_id(self) -> str:
        """Id of the indicator, whether it is computed or not."""
        return self.indicator if isinstance(self.indicator, str) else self.indicator.other

    @property
    def asked_as(self) -> Bindingness:
        """How binding it is for the optimiser: a number that no plan prints is a wish."""
        if self.number == "reading" and not self.headline:
            return "best_effort"
        return self.bindingness

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
        if self.computed and self._amounts and find(self.indicator_id).any_unit:
            own["unit"] = self.unit or self._amounts[0].unit
        return Subject(**own)
