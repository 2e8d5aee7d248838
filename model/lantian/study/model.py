"""What goes into a run and what comes out, as arrays; the store turns it into tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.areas import Areas
from lantian.core.commitments import Commitments, Uptake, apply_commitments
from lantian.core.credits import Credits
from lantian.core.projection import Projection
from lantian.core.seasonal import SeasonalGroups, Shifts, seasonal_groups
from lantian.core.system import (
    NOWHERE,
    Array,
    Index,
    System,
    emission_by_source,
    shift_activity,
    shifts_of,
)
from lantian.indicators.available import Available
from lantian.indicators.health import Health
from lantian.indicators.tables import AirRow, TopdownRow, WeatherRow
from lantian.inventory.contract import Sector
from lantian.inventory.conversions import ConversionRow
from lantian.inventory.months import ANY_YEAR, YearShapes
from lantian.inventory.outlines import Ring
from lantian.inventory.sources import NotCoveredRow
from lantian.language import Message, Spoken
from lantian.measures.catalogue import Catalogue
from lantian.measures.compile import Compiled
from lantian.measures.costs import Money, UnitCost
from lantian.optimise.analyses.apart import Apart
from lantian.optimise.analyses.attribution import MixCredits
from lantian.optimise.analyses.curve import CostCurve
from lantian.optimise.analyses.frontier import Frontier
from lantian.optimise.analyses.ways_of_choosing import Compared
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.problem.planner_limits import known_cost
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.question import NO_QUESTION, Question
from lantian.optimise.procedure.statement import (
    explain,
    explain_budget,
    explain_closed,
    explain_match,
    explain_target,
)
from lantian.optimise.procedure.tiers import TierAnswer, headline
from lantian.optimise.solve.solved import Solved
from lantian.parameters import Numbers, QuantityTable, Space
from lantian.plan.ledger import LedgerRow
from lantian.plan.read_alert import AlertPlan
from lantian.plan.targets import ResolvedTarget, as_rows
from lantian.plan.timing import Timing, dated_spreads
from lantian.scenario.changes import Variant
from lantian.scenario.model import Scenario
from lantian.scenario.reader import ReadScenario
from lantian.standards.tables import Standard, StandardId
from lantian.study.carbon import Carbon
from lantian.study.spread import UNWRITTEN, Spread
from lantian.study.totals import Beside
from lantian.tolerances import UNSEEN
from lantian.vocabulary import HEADLINE, READINGS, Case, Reading


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Study:
    """A scenario read, checked and put together: all that the mathematics needs.

    Attributes
    ----------
    read
        The scenario with the places of its parts.
    variants
        Its futures and the combinations of its grid.
    sectors
        In their order.
    space, compiled
        Every number that is used, and the system as structure apart from them.
    system
        The system at central values.
    commitments, all_commitments
        Those that the scenario credits, and all that it lists, at central levels.
    levels
        Levels of ``all_commitments`` [share or source unit], dims (commitment, year).
    baseline
        Emission without the plan [t/a], dims (source, pollutant, year).
    indicators
        Those that can be computed here, by id, in the order of tables.
    observed, topdown
        What results are held against: observations, and independent estimates of the emissions.
    weather
        What the weather of a year does to annual means.
    spread
        How numbers vary, as far as the scenario and the tables say so.
    shapes
        Share of each source's year in each month, and whether the region says so.
    times
        When the commitments act, by group.
    alert
        Days of a pollution alert, where the scenario asks for them.
    health
        What avoided deaths are made of, where the scenario asks for them.
    grid
        CO2 of electricity [kg/kWh], dims (year,); None where the region does not say.
    carbon
        Price of CO2 and what it is paid for, where the scenario has one.
    origin
        The study that this one starts from, if any.
    standards
        Air-quality standards of the project, by id.
    conversions
        Other units of the activity of sources; None where the region has none.
    totals
        Totals that are known, beside the inventory of their year.
    not_covered
        What the inventory leaves out.
    outlines
        Closed lines of townships, where the region has their polygons.
    """

    read: ReadScenario
    variants: tuple[Variant, ...]
    sectors: tuple[Sector, ...]
    catalogue: Catalogue
    money: Money
    space: Space
    compiled: Compiled
    system: System
    commitments: Commitments
    all_commitments: Commitments
    levels: Numbers
    baseline: Array
    indicators: Mapping[str, Available]
    targets: list[ResolvedTarget]
    ledger: list[LedgerRow]
    warnings: tuple[Spoken, ...]
    question: Question = NO_QUESTION
    observed: tuple[AirRow, ...] = ()
    topdown: tuple[TopdownRow, ...] = ()
    weather: tuple[WeatherRow, ...] = ()
    spread: Spread = UNWRITTEN
    areas: Areas | None = None
    shapes: YearShapes = ANY_YEAR
    times: Mapping[int, Timing] = field(default_factory=dict)
    alert: AlertPlan | None = None
    health: Health | None = None
    grid: Array | None = None
    carbon: Carbon | None = None
    origin: "Study | None" = None
    standards: Mapping[StandardId, Standard] = field(default_factory=dict)
    conversions: QuantityTable[ConversionRow] | None = None
    totals: tuple[Beside, ...] = ()
    not_covered: tuple[NotCoveredRow, ...] = ()
    outlines: tuple[Ring, ...] = ()

    def __repr__(self) -> str:
        system = self.system
        return (
            f"Study({self.scenario.name!r}: {system.years[0]}-{system.years[-1]}, "
            f"{len(self.space)} numbers, {len(system.states)} states, {len(system.moves)} moves, "
            f"{len(self.scenario.commitments)} commitments, {len(self.targets)} targets)"
        )

    @property
    def scenario(self) -> Scenario:
        """The scenario itself."""
        return self.read.scenario

    def outside(self, year: int) -> Mapping[str, float]:
        """Return the part of each target of a year that no emission moves, in its unit."""
        rows = as_rows(self.targets, year)
        return dict(zip(rows.ids, rows.constant.tolist(), strict=True))

    def projection(self, case: "CaseResult") -> Projection:
        """Return a case as one sample, for the indicators."""
        return self.projected(case.emission, case.activity, case.uptake, case.dated)

    def projected(
        self, emission: Array, activity: Array, moved: Array, dated: bool = False
    ) -> Projection:
        """Return emissions and activity of all years as one sample, with the months of what moves.

        Parameters
        ----------
        emission, activity
            [t/a] and [source unit], dims (source, pollutant, year) and (state, year).
        moved
            [source unit], dims (move, year).
        dated
            Whether it is moved at the dates of the commitments.
        """
        groups = self.dated if dated else None
        shifts = Shifts(lambda: shifts_of(self.system, moved, groups))
        return Projection(self.system.years, emission[..., None], activity[..., None], shifts)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Other readings of the plan that can differ from it."""
        same = {
            "plan_full": len(self.commitments) == len(self.all_commitments),
            "plan_year_end": not self.commitments.has_dates,
        }
        return tuple(name for name in READINGS if not same.get(name, False))

    @cached_property
    def dated(self) -> SeasonalGroups | None:
        """Groups of the plan that act in other months than their sources, in some year at least."""
        if not self.shapes.known:
            return None
        moves, states, shares = self.system.moves, self.system.states, self.shapes.shares
        return seasonal_groups(moves, states, shares, dated_spreads(self.times))

    @cached_property
    def applied(self) -> Uptake:
        """The plan as credited: what it moves, dims (move, year), and the activity left."""
        return apply_commitments(self.system, self.commitments)


@dataclass(frozen=True, repr=False)
class CaseResult:
    """One case of a run.

    Attributes
    ----------
    years
        Positions of the years this case has; a least-cost case only has the years it was solved
        for.
    uptake
        Activity moved [unit of the from-source], dims (move, year).
    activity
        dims (state, year).
    emission
        [t/a], dims (source, pollutant, year). Columns of years the case does not have are NaN.
    dated
        Whether the uptake is that of commitments at their dates.
    """

    years: tuple[int, ...]
    uptake: Array
    activity: Array
    emission: Array
    dated: bool = False

    def __repr__(self) -> str:
        states, sources, moves = len(self.activity), len(self.emission), len(self.uptake)
        return (
            f"<Case of {len(self.years)} years: activity of {states} states, emission of"
            f" {sources} sources, uptake of {moves} moves>"
        )


@dataclass(frozen=True)
class Bridge:
    """From the base year's emission to that of a case, dims (pollutant,) [t/a].

    ``growth``: more activity run as in the base year; ``turnover``: natural change of the mix of
    technologies, or what a finished inventory says of later years; then the measures' credits.
    """

    case: Case
    base: Array
    growth: Array
    turnover: Array
    final: Array


@dataclass(frozen=True, kw_only=True, repr=False)
class Results:
    """Everything a run found out about a study.

    Attributes
    ----------
    cases
        By name, in the order of :data:`lantian.vocabulary.CASES`.
    readings
        The plan read more narrowly, and in full where the scenario credits less.
    levels, last_levels
        Level each commitment reached over each year, and at its end, dims (commitment, year).
    at_reach
        Whether its measure can do no more at the end of the year, dims (commitment, year).
    unit_costs
        Cost parts of each group, None where unknown.
    tiers
        Answers of the optimiser for the targets, tier by tier; empty without a computed target.
    apart
        Targets out of reach, each answered for itself.
    match
        Answers of the optimiser for what the plan reaches, by year position.
    credits
        Attribution in the last year; None without commitments.
    curves
        Marginal cost curve of single pollutants in the last year.
    crowded
        Positions of states for which commitments had to share what was available.
    priced
        The plan and each mix without their measures that have no price, by case; a case without
        such measures is left out.
    mix_credits
        Attribution of the least-cost mix in the last year; None where that year has none.
    compared
        Ways of choosing measures on the same data, by year position.
    """

    cases: Mapping[Case, CaseResult]
    readings: Mapping[Reading, CaseResult]
    levels: Array
    last_levels: Array
    at_reach: NDArray[np.bool_]
    targets: tuple[ResolvedTarget, ...]
    unit_costs: tuple[UnitCost | None, ...]
    tiers: tuple[TierAnswer, ...]
    apart: tuple[Apart, ...]
    match: Mapping[int, LeastCostResult]
    credits: Credits | None
    bridge: Bridge
    curves: Mapping[str, CostCurve]
    crowded: Index
    priced: Mapping[Case, CaseResult] = field(default_factory=dict)
    mix_credits: MixCredits | None = None
    compared: Mapping[int, tuple[Compared, ...]] = field(default_factory=dict)

    def held_short(self, commitment: int, year: int, level: float) -> bool:
        """Tell whether the reach of its measure keeps a commitment below a level.

        Parameters
        ----------
        commitment, year
            Positions.
        level
            As its mode counts it.
        """
        reached = self.last_levels[commitment, year]
        return bool(self.at_reach[commitment, year] and reached < level * (1.0 - UNSEEN))

    @property
    def optimum(self) -> Mapping[int, LeastCostResult]:
        """Answers of the headline by year position: the cheapest mixes for what can be reached."""
        return headline(self.tiers).answers if self.tiers else {}

    @property
    def out_of_reach(self) -> bool:
        """Whether a target of a tier of the headline is out of reach."""
        return any(a.tier in HEADLINE for a in self.apart)

    def __repr__(self) -> str:
        met = sum(t.met for answer in self.optimum.values() for t in answer.targets)
        asked = sum(len(answer.targets) for answer in self.optimum.values())
        return f"Results({', '.join(self.cases)}: least cost meets {met} of {asked} targets)"


def notes(study: Study, results: Results) -> list[Message]:
    """Return what a reader must know about the least-cost mixes and those of the plan's result."""
    told = [m for answer in results.optimum.values() for m in explain(answer, study.system)]
    if results.optimum:
        told += explain_closed(study.system, study.question.closed)
    for apart in results.apart:
        outside = study.outside(apart.year)
        told += explain_target(apart.answer, apart.target, apart.best, study.system, outside)
    for year, answer in results.match.items():
        told += explain_match(answer, study.system.years[year])
    return told + _above_budget(study, results)


def _above_budget(study: Study, results: Results) -> list[Message]:
    """Return that the plan costs more than mixes may, in the last year that has one."""
    if "plan" not in results.cases or not results.optimum:
        return []
    last = max(results.optimum)
    cost = float(known_cost(study.system, last) @ results.cases["plan"].uptake[:, last])
    budget = study.question.limits.budget
    return explain_budget(cost, budget, study.system.years[last], study.money.currency)


def solved_programs(study: Study, results: Results) -> dict[str, Solved]:
    """Return the programs whose optima the least-cost mixes are, by the years they are about.

    A year (``2021``), or first and last where several years were one program (``2018-2021``).
    """
    together: dict[int, list[int]] = {}
    for y, answer in results.optimum.items():
        together.setdefault(id(answer.solved), []).append(y)
    return {
        "-".join(
            dict.fromkeys(str(study.system.years[y]) for y in (years[0], years[-1]))
        ): results.optimum[years[0]].solved
        for years in together.values()
    }


@dataclass(frozen=True)
class Slice:
    """One curve.

    Attributes
    ----------
    against_limit
        Limit on the second target [its unit]; infinite where there is none.
    """

    frontier: Frontier
    against_limit: float


@dataclass(frozen=True)
class CostSurface:
    """Cost curves of one target, at several levels of a second one if there is one.

    Attributes
    ----------
    axes
        The target and the second one, if any.
    year
        Position of the year.
    held
        Whether the scenario's other targets are held at their limits.
    limit
        What the scenario promises for each of the axes; infinite if nothing.
    mixes
        Cost and values of the plan and the least-cost mix for the scenario's targets, by case.
    """

    axes: Targets
    year: int
    held: bool
    limit: Array
    slices: tuple[Slice, ...]
    mixes: dict[str, tuple[float, Array]]


def make_case(
    system: System, uptake: Array, years: tuple[int, ...], dated: bool = False
) -> CaseResult:
    """Project the uptake of a case: activity and emissions of the years it has.

    Parameters
    ----------
    system
        Its baseline is what the uptake acts on.
    uptake
        Activity moved [unit of the from-source], dims (move, year).
    years
        Positions of the years the case has.
    dated
        Whether the uptake is that of commitments at their dates.

    Returns
    -------
    CaseResult
        Emission is NaN in the other years.
    """
    activity = shift_activity(system.moves, system.baseline, uptake)
    emission = emission_by_source(system, activity)
    absent = [y for y in range(len(system.years)) if y not in years]
    emission[:, :, absent] = np.nan
    return CaseResult(years, uptake, activity, emission, dated)


def reduction_by_move(system: System, uptake: Array, year: int) -> Array:
    """Return what each move takes away [t/a], dims (move, pollutant).

    Parameters
    ----------
    system, year
        Whose factors at both ends of a move count.
    uptake
        Activity moved [unit of the from-source], dims (move, year).

    Returns
    -------
    Array
        Reduction ``u * (factor[from] - conversion * factor[to])`` [t/a], dims (move, pollutant);
        negative where a move adds.
    """
    moves, factor = system.moves, system.factor[:, :, year]
    after = np.where(
        (moves.target != NOWHERE)[:, None], moves.conversion[:, None] * factor[moves.target], 0.0
    )
    return np.asarray(uptake[:, year, None] * (factor[moves.origin] - after))


def make_bridge(
    system: System,
    cases: Mapping[Case, CaseResult],
    end: Case,
    base: int,
    last: int,
) -> Bridge:
    """Split the change from the base year to the last year of a case.

    Parameters
    ----------
    system
        Its baseline activity tells growth from turnover.
    cases
        The baseline and the case it leads to, whose emission includes its measures.
    end
        Which case that is.
    base, last
        Positions of the base year and of the last year.

    Returns
    -------
    Bridge
        Growth is each source's baseline emission of the base year times the growth of its activity;
        turnover is the rest of the change of the baseline [t/a].
    """
    baseline = cases["baseline"]
    total = np.zeros((len(system.sources), len(system.years)))
    np.add.at(total, system.states.source, system.baseline)
    ratio = np.divide(
        total[:, last], total[:, base], out=np.ones(len(total)), where=total[:, base] > 0
    )
    start = baseline.emission[:, :, base]
    growth = (start * (ratio - 1.0)[:, None]).sum(axis=0)
    before = start.sum(axis=0)
    turnover = baseline.emission[:, :, last].sum(axis=0) - before - growth
    return Bridge(end, before, growth, turnover, cases[end].emission[:, :, last].sum(axis=0))
