"""The scenario as a whole."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from lantian.language import message
from lantian.scenario.dates import Year
from lantian.scenario.model.alerts import Alert
from lantian.scenario.model.base import Id, KeyFaultError, Strict, Title
from lantian.scenario.model.commitments import Commitment
from lantian.scenario.model.overrides import Alternatives, Set, Variation
from lantian.scenario.model.question import Optimise
from lantian.scenario.model.sampling import OtherPlans, Robust, Uncertainty
from lantian.scenario.model.setting import (
    Air,
    Credited,
    Economics,
    Finished,
    Harmonise,
    Health,
    StartsFrom,
)
from lantian.scenario.model.targets import Target
from lantian.scenario.sizes import MOST_SAMPLES, SAMPLES
from lantian.standards.tables import STANDARDS, StandardId

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


ScenarioName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=LONGEST_NAME), AfterValidator(_free)
]
"""Of a scenario, of its run and of the folder of it."""


def is_scenario_name(text: str) -> bool:
    """Tell whether a scenario may have a name."""
    try:
        TypeAdapter(ScenarioName).validate_python(text)
    except ValidationError:
        return False
    return True


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
    harmonise
        Emissions that are brought to totals which are known.
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
    alternatives
        Whether whole plans are told that cost little more; ``{}`` for the usual allowances.
    """

    name: ScenarioName
    title: Title
    labels: dict[str, Title] = Field(default_factory=dict)
    region: Id | None = None
    finished: Finished | None = None
    plan: Id | None = None
    base_year: Year
    last_year: Year
    reference_years: tuple[Year, ...] = ()
    starts_from: StartsFrom | None = None
    economics: Economics
    harmonise: tuple[Harmonise, ...] = ()
    air: Air = Air()
    commitments: tuple[Commitment, ...] = ()
    targets: tuple[Target, ...] = ()
    standard: StandardId = STANDARDS[0]
    credit: Credited = Credited()
    optimise: Optimise = Optimise()
    set: tuple[Set, ...] = ()
    drop: tuple[Id, ...] = ()
    futures: dict[str, Variation] = Field(default_factory=dict)
    grid: dict[str, Alternatives] = Field(default_factory=dict)
    baselines: dict[str, Variation] = Field(default_factory=dict)
    samples: Annotated[int, Field(ge=0, le=MOST_SAMPLES, strict=True)] = Field(
        SAMPLES, description="Random sets of numbers that are evaluated; 0: none"
    )
    uncertainty: Uncertainty = Uncertainty()
    alert: Alert | None = None
    health: Health | None = None
    robust: Robust | None = None
    alternatives: OtherPlans | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.region is None) == (self.finished is None):
            raise ValueError(message("a scenario needs either a region or a finished inventory"))
        if self.finished is not None and self.air != Air():
            raise KeyFaultError(
                "air", message("air goes with a region: a finished inventory has no levels")
            )
        if self.finished is not None and self.harmonise:
            raise KeyFaultError(
                "harmonise", message("harmonise goes with a region: a finished inventory is final")
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
