"""The chain from a scenario file to a run, stage by stage; the only module that knows them all."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lantian.core.commitments import Commitments, apply_commitments, reached_levels
from lantian.core.credits import Credits, measure_credits
from lantian.core.system import Array, System, emission_by_source, state_names
from lantian.errors import InputError, Place, Problem, Problems
from lantian.finished import read_finished
from lantian.indicators.assembly import Response, read_response_of
from lantian.indicators.receptors import TransferRow, build_transfer
from lantian.indicators.targets import as_rows, check_units, resolve_targets
from lantian.inventory.areas import AreaRow, area_shares
from lantian.inventory.contract import Sector, SectorBlock
from lantian.inventory.region import read_region
from lantian.language import Message, message
from lantian.measures.catalogue import Catalogue, Money, UnitCost, read_catalogue
from lantian.measures.compile import compile_system
from lantian.optimise.analyses.attribution import MixCredits, mix_credits
from lantian.optimise.analyses.curve import CostCurve, marginal_cost_curve
from lantian.optimise.analyses.ways_of_choosing import Compared, Rule, compare_ways
from lantian.optimise.problem.coefficients import LeastCost, Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.question import answer_question, block, blocks_by_name, faults
from lantian.optimise.status import InfeasibleError, UnboundedError
from lantian.parameters import QuantityRow, locate, read_quantities, shown_path
from lantian.plan.commitments import check_measures, credited, read_as, read_commitments
from lantian.plan.ledger import LedgerRow, check_ledger, read_ledger
from lantian.plan.read_rules import read_question
from lantian.scenario.model import Finished
from lantian.scenario.reader import ReadScenario, read_scenario
from lantian.study.model import CaseResult, Prepared, Results, make_bridge, make_case
from lantian.vocabulary import POLLUTANTS, READINGS, Case, Pollutant, Reading

Stage = Callable[[Message], AbstractContextManager[object]]

CURVE_POLLUTANTS: tuple[Pollutant, ...] = ("NOx", "VOC", "PM2.5")
"""Pollutants whose marginal cost curve every run draws: those that plans promise to cut."""


KEYS = {
    "own": "constraints",
    "build-up": "pathway",
    "total-budget": "total_budget",
    "new-units": "",
}
"""Keys of ``optimise`` that families of limits come from, where the names differ."""


def silent(stage: Message) -> AbstractContextManager[object]:
    """Tell nobody that a stage runs."""
    return nullcontext()


class PriceRow(QuantityRow):
    """A line of ``inputs/prices.csv``: the price level of a year [index]."""

    year: int


def prepare(path: Path, stage: Stage = silent) -> Prepared:
    """Read everything a scenario names and put the system together.

    Parameters
    ----------
    path
        The scenario file.
    stage
        Opened around each stage of the work, with its name.

    Returns
    -------
    Prepared
        All that the mathematics needs.

    Raises
    ------
    InputError
        With every problem found, if there is any.
    """
    problems = Problems()
    with stage(message("reading the scenario")):
        read = read_scenario(path, problems)
    if read is None:
        problems.stop_if_any()
        raise AssertionError("a scenario that cannot be read has problems")
    scenario = read.scenario
    with stage(message("building the inventory")):
        ledger = _ledger(read, problems)  # first, so that its problems are told with the rest
        money = _money(read, problems)
        inventory = _inventory(read, problems)
        blocks, catalogue = inventory.blocks, inventory.catalogue
    with stage(message("putting states and moves together")):
        start = min(scenario.years.index(scenario.base_year) + 1, len(scenario.years) - 1)
        system = compile_system(blocks, catalogue, money, scenario.years, start, problems)
        commitments, unused = read_commitments(read, system, catalogue, problems)
        baseline = emission_by_source(system, system.baseline)
        if not np.isfinite(baseline).all():
            problems.stop_if_any()
        response = _response(read, system, baseline, problems)
        reached = inventory.transfer
        transfer = None if reached is None else build_transfer(reached, system.sources)
        areas = area_shares(inventory.areas, system.sources, problems)
        targets = resolve_targets(
            read, system.sources, scenario.years, baseline, response, problems, transfer, areas
        )
        question = read_question(read, system, catalogue, problems, areas)
    problems.stop_if_any()
    prepared = Prepared(
        read,
        blocks,
        catalogue,
        money,
        system,
        credited(commitments, scenario),
        commitments,
        baseline,
        response,
        targets,
        ledger,
        (*inventory.warnings, *unused),
        question,
        transfer,
        areas,
    )
    _check_limits(prepared, problems)
    problems.stop_if_any()
    return prepared


def _check_limits(prepared: Prepared, problems: Problems) -> None:
    """Note limits on the least-cost mix that leave nothing, as far as that is plain to see."""
    asked, committed = _targets_by_year(prepared), prepared.applied.moved
    currency = prepared.money.currency
    for error in faults(prepared.question, prepared.system, asked, committed, currency):
        problems.add(_to_blame(prepared, error.about), error.message)


def _to_blame(prepared: Prepared, about: str) -> Place:
    """Return where a measure's cost stands, or a key of the scenario's ``optimise`` part.

    Parameters
    ----------
    prepared
        The scenario put together.
    about
        A measure, a family of limits or the key itself.
    """
    costs = [row for row in prepared.catalogue.costs.rows if row.measure == about]
    costs.sort(key=lambda row: row.item != "savings")
    if costs:
        return costs[0].place
    key = KEYS.get(about, about)
    return prepared.read.place("optimise", *([key] if key else []))


def _response(
    read: ReadScenario, system: System, baseline: Array, problems: Problems
) -> Response | None:
    """Return the response of the region; a finished inventory has none."""
    scenario = read.scenario
    if scenario.region is None:
        return None
    return read_response_of(
        _region_folder(read),
        read.root,
        system.sources,
        baseline,
        scenario.years,
        scenario.base_year,
        problems,
    )


def _region_folder(read: ReadScenario) -> Path:
    return read.root / "inputs" / "regions" / str(read.scenario.region)


def _money(read: ReadScenario, problems: Problems) -> Money:
    economics = read.scenario.economics
    path = locate(read.root / "inputs", "prices")
    prices = read_quantities(path, PriceRow, problems, read.root, optional=True)
    index = {row.year: row.value for row in prices.rows}
    return Money(economics.currency, economics.price_year, economics.discount_rate.to(""), index)


@dataclass(frozen=True)
class _Inventory:
    """What a region or a finished inventory gives: states, measures and tables beside them."""

    blocks: tuple[tuple[Sector, SectorBlock], ...]
    catalogue: Catalogue
    warnings: tuple[Message, ...] = ()
    transfer: tuple[TransferRow, ...] | None = None
    areas: tuple[AreaRow, ...] = ()


def _inventory(read: ReadScenario, problems: Problems) -> _Inventory:
    scenario = read.scenario
    if scenario.finished is not None:
        return _finished(read, scenario.finished, problems)
    check_units(read, problems)
    told = len(problems.found)
    catalogue = read_catalogue(read.root / "inputs", read.root, problems)
    unusable = len(problems.found) > told
    if catalogue.measures:
        check_measures(read, catalogue, problems)
    told = len(problems.found)
    region = read_region(
        read.root / "inputs",
        str(scenario.region),
        scenario.years,
        scenario.base_year,
        read.root,
        problems,
    )
    problems.stop_if_any(beyond=0 if unusable else told)
    return _Inventory(region.blocks, catalogue, areas=region.areas)


def _finished(read: ReadScenario, tables: Finished, problems: Problems) -> _Inventory:
    scenario, folder = read.scenario, read.path.parent
    found = read_finished(
        folder / tables.inventory,
        folder / tables.measures,
        scenario.years,
        scenario.base_year,
        scenario.economics.currency,
        read.root,
        problems,
        None if tables.transfer is None else folder / tables.transfer,
    )
    warning = message(
        "{n} numbers have no range of their own; +-30 % is taken.", n=found.spread_by_default
    )
    warnings = (warning,) if found.spread_by_default else ()
    return _Inventory(found.blocks, found.catalogue, warnings, found.transfer, found.areas)


def _ledger(read: ReadScenario, problems: Problems) -> list[LedgerRow]:
    if read.scenario.plan is None:
        return []
    path = read.root / "inputs" / "plans" / read.scenario.plan / "clauses.csv"
    ledger = read_ledger(path, read.root, problems)
    check_ledger(ledger, read, Place(shown_path(path, read.root)), problems)
    return ledger


def solve(prepared: Prepared, stage: Stage = silent) -> Results:
    """Project the cases, optimise and attribute.

    Parameters
    ----------
    prepared
        The scenario put together.
    stage
        Opened around each stage of the work, with its name.

    Returns
    -------
    Results
        Cases, answers, attribution.

    Raises
    ------
    NoSolutionError
        See :func:`lantian.optimise.procedure.least_cost.least_cost`.
    """
    system, scenario = prepared.system, prepared.scenario
    everything = tuple(range(len(system.years)))
    last = len(system.years) - 1
    with stage(message("projecting baseline and plan")):
        nothing = np.zeros((len(system.moves), len(system.years)))
        applied = prepared.applied
        cases: dict[Case, CaseResult] = {"baseline": make_case(system, nothing, everything)}
        readings: dict[Reading, CaseResult] = {}
        if len(prepared.commitments):
            cases["plan"] = make_case(system, applied.moved, everything)
            whole = len(prepared.commitments) == len(prepared.all_commitments)
            told = [name for name in READINGS if not (whole and name == "plan_full")]
            readings = {name: _reading(prepared, name, everything) for name in told}
    with stage(message("finding the least-cost mix")):
        optimum, match = _optimise(prepared, cases.get("plan"))
        for name, answers in (("least_cost", optimum), ("match_plan", match)):
            if answers:
                cases[name] = _solved_case(system, answers)  # type: ignore[index]
    with stage(message("comparing ways of choosing")):
        compared = _compare(prepared, optimum, match)
    with stage(message("attributing the reductions")):
        credit = _credits(system, prepared.commitments, last)
        bridge = make_bridge(
            system,
            cases["baseline"],
            cases.get("plan", cases["baseline"]),
            system.years.index(scenario.base_year),
            last,
        )
        curves = _curves(system, last)
    levels = reached_levels(system, prepared.commitments, applied)
    names = state_names(system)
    return Results(
        cases,
        readings,
        levels,
        tuple(prepared.targets),
        _unit_costs(prepared),
        optimum,
        match,
        credit,
        bridge,
        curves,
        tuple(names[s] for s in applied.shared),
        _mix_credits(system, optimum, last),
        compared,
    )


def _reading(prepared: Prepared, reading: Reading, years: tuple[int, ...]) -> CaseResult:
    commitments = read_as(prepared.all_commitments, prepared.scenario, reading)
    return make_case(prepared.system, apply_commitments(prepared.system, commitments).moved, years)


def _credits(system: System, commitments: Commitments, year: int) -> Credits | None:
    return measure_credits(system, commitments, year) if len(commitments) else None


def _mix_credits(
    system: System, optimum: dict[int, LeastCostResult], year: int
) -> MixCredits | None:
    return mix_credits(system, year, optimum[year].uptake) if year in optimum else None


def _compare(
    prepared: Prepared,
    optimum: dict[int, LeastCostResult],
    match: dict[int, LeastCostResult],
) -> dict[int, tuple[Compared, ...]]:
    """Compare the solved mixes with ranked lists, for every year with targets."""
    found = {}
    for year, targets in _targets_by_year(prepared).items():
        problem = least_cost_problem(prepared, year, targets)
        solved: dict[Rule, Array] = {"least_cost": optimum[year].uptake}
        if len(prepared.commitments):
            solved = {
                "plan": prepared.applied.moved[:, year],
                "match_plan": match[year].uptake,
                **solved,
            }
        found[year] = compare_ways(prepared.system, year, targets, problem, solved)
    return found


def _optimise(
    prepared: Prepared, plan: CaseResult | None
) -> tuple[dict[int, LeastCostResult], dict[int, LeastCostResult]]:
    """Solve for the targets, and every target year for the plan's result."""
    system, currency = prepared.system, prepared.money.currency
    asked, committed = _targets_by_year(prepared), prepared.applied.moved
    try:
        optimum = answer_question(prepared.question, system, asked, committed, currency)
    except (InfeasibleError, UnboundedError) as error:
        raise InputError([Problem(_to_blame(prepared, error.about), error.message)]) from error
    if plan is None:
        return optimum, {}
    # As near to the plan's own result as the planner's limits allow, to the last tonne.
    question = replace(prepared.question, margin=0.0)
    reached = {y: _reached(prepared, plan, y) for y in asked}
    return optimum, answer_question(question, system, reached, committed, currency)


def _reached(prepared: Prepared, plan: CaseResult, year: int) -> Targets:
    """Return what the plan reaches of each target of a year, as limits."""
    targets = [p for p in prepared.targets if p.weight is not None and p.year == year]
    values = np.array([p.value(plan.emission, year) for p in targets])
    return as_rows(prepared.targets, year, values)


def _targets_by_year(prepared: Prepared) -> dict[int, Targets]:
    strict = prepared.question.strict
    return {y: as_rows(prepared.targets, y, strict=strict) for y in target_years(prepared)}


def least_cost_problems(prepared: Prepared) -> dict[str, LeastCost]:
    """Return every least-cost problem of a scenario, by file name."""
    asked = _targets_by_year(prepared)
    blocks = blocks_by_name(prepared.question, prepared.system, asked, prepared.applied.moved)
    return {f"least-cost-{years}": found for years, found in blocks.items()}


def least_cost_problem(prepared: Prepared, year: int, targets: Targets) -> LeastCost:
    """Return the coefficient blocks of one year as the run solves them, for any targets.

    Parameters
    ----------
    prepared
        The scenario put together.
    year
        Position of the year.
    targets
        Rows to ask for.

    Returns
    -------
    LeastCost
        Blocks of the year.

    Raises
    ------
    NoSolutionError, InputError
        As :func:`lantian.optimise.procedure.question.block`.
    """
    committed = prepared.applied.moved[:, year]
    return block(prepared.question, prepared.system, year, targets, committed)


def target_years(prepared: Prepared) -> list[int]:
    """Return the positions of the years that have a computed target."""
    return sorted({p.year for p in prepared.targets if p.weight is not None})


def _solved_case(system: System, answers: dict[int, LeastCostResult]) -> CaseResult:
    uptake = np.zeros((len(system.moves), len(system.years)))
    for year, answer in answers.items():
        uptake[:, year] = answer.uptake
    return make_case(system, uptake, tuple(answers))


def _unit_costs(prepared: Prepared) -> tuple[UnitCost | None, ...]:
    system = prepared.system
    return tuple(
        prepared.catalogue.unit_cost(
            system.measures[m], system.sources.id[s], system.sources.unit[s], prepared.money
        )
        for m, s in zip(system.groups.measure, system.groups.source, strict=True)
    )


def _curves(system: System, year: int) -> dict[str, CostCurve]:
    """Return the marginal cost curve of each pollutant that plans promise to cut."""
    emitted = [p for p in CURVE_POLLUTANTS if system.factor[:, POLLUTANTS.index(p), year].any()]
    weight = np.zeros((len(emitted), len(system.sources), len(POLLUTANTS)))
    for t, pollutant in enumerate(emitted):
        weight[t, :, POLLUTANTS.index(pollutant)] = 1.0
    rows = Targets(
        tuple(emitted),
        weight,
        np.zeros(len(emitted)),
        np.full(len(emitted), np.inf),
        ("t/a",) * len(emitted),
    )
    return {name: marginal_cost_curve(system, year, rows, t) for t, name in enumerate(emitted)}
