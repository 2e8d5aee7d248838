"""Alert days."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from lantian.language import message
from lantian.scenario.dates import Year
from lantian.scenario.model.base import Id, Strict, Title, some
from lantian.scenario.model.quantities import SOME, Price, Quantity, Share, Usual
from lantian.vocabulary import ALERT_LEVELS, AlertLevel, Grade, Pollutant


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


PRINTED_CUTS = (10, 20, 30)
"""Least cuts [%] of the levels in the national guideline on plans for heavy pollution."""


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
    part: Annotated[Share, Usual(0.001, 1.0)] = Quantity(value=100, unit="%")
    reach: Annotated[ByLevel, SOME] = dict.fromkeys(ALERT_LEVELS, Quantity(value=100, unit="%"))
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

    level: Literal["all", AlertLevel] = "all"
    month: Annotated[int, Field(ge=1, le=12, strict=True)]
    year: Year | None = None
    case: Literal["baseline", "plan"] = "plan"
    particles: Literal["PM2.5", "PM10", "TSP"] = "PM10"
    cut: Annotated[ByLevel, SOME] = Field(
        default_factory=lambda: {
            level: Quantity(value=cut, unit="%")
            for level, cut in zip(ALERT_LEVELS, PRINTED_CUTS, strict=True)
        }
    )
    cut_of: Annotated[dict[Pollutant, ByLevel], SOME] = Field(default_factory=dict)
    protected: tuple[Id, ...] = ()
    actions: Annotated[
        tuple[AlertAction, ...], AfterValidator(some), Field(json_schema_extra={"minItems": 1})
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
