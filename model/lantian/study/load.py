"""A scenario file -> a study, or every problem of its input."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from lantian.core.areas import Areas
from lantian.core.commitments import Commitments
from lantian.core.projection import Projection
from lantian.core.seasonal import seasonal_groups
from lantian.core.system import Array, System, emission_by_source
from lantian.errors import InputError, Problems, closest, in_order, nearest
from lantian.indicators.available import Available, declare_indicators, fit_indicators
from lantian.indicators.contract import Context, Surroundings, Tables
from lantian.indicators.health import EXPOSURE, Health, read_health
from lantian.indicators.townships import LEVELS, TownshipRow
from lantian.indicators.townships import TABLE as TOWNSHIPS
from lantian.inventory.areas import area_shares
from lantian.inventory.borrowed import borrowed_numbers
from lantian.inventory.layers import Layers, find_layers
from lantian.inventory.months import YearShapes, read_shapes
from lantian.inventory.outlines import Ring, read_outlines
from lantian.inventory.tonnes import EmissionRow
from lantian.language import NOTHING, Message, message
from lantian.measures.catalogue import Catalogue
from lantian.measures.compile import Compiled, compile_system, sources_of
from lantian.measures.contract import ControlRow, CostRow, ReachRow
from lantian.measures.costs import Money
from lantian.optimise.problem.user_constraints import UserFile
from lantian.optimise.procedure.question import Question, faults
from lantian.parameters import Numbers, QuantityRow, Space, shown_path
from lantian.parameters.changes import Changes, Selection, Sort, names_of_table, tables_of
from lantian.plan.commitments import credited, read_commitments
from lantian.plan.doubts import doubt_question, doubt_targets
from lantian.plan.floors import check_floors
from lantian.plan.ledger import LedgerRow
from lantian.plan.read_alert import AlertPlan, read_alert
from lantian.plan.read_question import read_question
from lantian.plan.read_targets import indicators_asked, resolve_targets, targets_asked
from lantian.plan.references import References, check_references
from lantian.plan.targets import ResolvedTarget
from lantian.plan.timing import Timing, spread_of_groups
from lantian.scenario.changes import (
    Variant,
    changes_of,
    in_world,
    read_variants,
    with_dates_and_drops,
    worlds_of_grid,
)
from lantian.scenario.model import Scenario
from lantian.scenario.plausible import worth_of
from lantian.scenario.reader import ReadScenario, read_scenario
from lantian.standards.tables import Standard, StandardId, read_standards
from lantian.study.carbon import Carbon, check_paid, read_carbon, with_charge
from lantian.study.given import (
    Inventory,
    read_grid,
    read_inventory,
    read_money,
    read_plan_ledger,
    tell_tables_not_reached,
)
from lantian.study.harmonised import (
    brought_totals,
    check_harmonised,
    read_harmonised,
    told_harmonised,
)
from lantian.study.magnitudes import check_magnitudes, check_topdown, doubt_amounts, doubt_costs
from lantian.study.model import Study
from lantian.study.names import check_names, doubt_labels, vocabulary
from lantian.study.problems import targets_by_year, to_blame
from lantian.study.spread import Spread, read_spread
from lantian.study.stages import Stage, silent
from lantian.study.start import check_start, path_of_start, read_starts
from lantian.study.totals import (
    Beside,
    beside_inventory,
    check_beside,
    check_totals,
    read_references,
)


def load(path: Path | str, stage: Stage = silent, world: str = "") -> Study:
    """Read everything a scenario names and put the system together.

    Parameters
    ----------
    path
        The scenario file.
    stage
        Opened around each stage of the work, with its name.
    world
        Combination of the scenario's grid, ``cars 2, trucks 1``, that is the study's own world.

    Returns
    -------
    Study
        All that the mathematics needs.

    Raises
    ------
    InputError
        With every problem found, if there is any.

    Examples
    --------
    >>> import lantian as lt
    >>> lt.load("my-district/scenarios/my-district.yaml")
    Study('my-district': ... numbers, ... states, ... moves, ... commitments, 3 targets)
    """
    return _load(Path(path), stage, (), world)


def _load(path: Path, stage: Stage, heirs: tuple[Path, ...], world: str = "") -> Study:
    """Read a scenario that others may start from, in any number of steps."""
    problems = Problems()
    with stage(message("reading the scenario")):
        asked = _asked(path, problems, world)
    origin = _origin(asked.read, stage, heirs, problems)
    try:
        return _put_together(asked, origin, stage, problems)
    except InputError as error:
        problems.found += error.problems
        tell_tables_not_reached(asked.read, asked.space, problems)
        problems.stop_if_any()
        raise


def load_beside(study: Study, worlds: Sequence[Variant]) -> Study:
    """Put a study together anew, on states that hold what some worlds make of its numbers.

    Parameters
    ----------
    study
        Its scenario is not read again.
    worlds
        They take the place of the scenario's own.

    Returns
    -------
    Study
        With these as its variants.

    Raises
    ------
    InputError
        With every problem that a world makes.
    """
    changes = changes_of(study.read, worlds)
    asked = _Asked(study.read, tuple(worlds), changes, Space(changes=changes), study.standards)
    return _put_together(asked, study.origin, silent, Problems())


def _put_together(asked: "_Asked", origin: Study | None, stage: Stage, problems: Problems) -> Study:
    """Return the study of a scenario that was read, and of what it starts from."""
    with stage(message("building the inventory")):
        given = _given(asked, origin, problems)
    with stage(message("putting sources and measures together")):
        built = _built(asked, given, problems)
        judged = _judged(asked, given, built, problems)
    spread = _spread(asked, problems)
    _check_names(asked, given, problems)
    outlines = _outlines(asked, given, problems)
    if asked.read.scenario.labels:
        doubt_labels(asked.read, _named(asked, built, judged), problems)
    problems.stop_if_any()
    scenario = asked.read.scenario
    study = Study(
        read=asked.read,
        variants=asked.variants,
        sectors=tuple(sector for sector, _ in given.inventory.models),
        catalogue=given.inventory.catalogue,
        money=given.money,
        space=asked.space,
        compiled=built.compiled,
        system=built.system,
        commitments=credited(built.commitments, scenario),
        all_commitments=built.commitments,
        levels=built.levels,
        baseline=built.baseline.emission[..., 0],
        indicators=judged.indicators,
        targets=judged.targets,
        ledger=given.ledger,
        warnings=(
            *given.inventory.warnings,
            *_borrowed(asked),
            *judged.warnings,
            *built.unused,
            *told_harmonised(built.compiled, asked.space.central()),
            *_own_limits(judged.question),
            *in_order(problems.warnings),
        ),
        question=judged.question,
        conversions=given.inventory.conversions,
        totals=built.totals,
        observed=given.inventory.observed,
        topdown=given.inventory.topdown,
        not_covered=given.inventory.not_covered,
        weather=given.inventory.weather,
        spread=spread,
        areas=judged.areas,
        shapes=built.shapes,
        times=built.times,
        alert=judged.alert,
        health=judged.health,
        grid=built.grid,
        carbon=built.carbon,
        origin=origin,
        standards=asked.standards,
        outlines=outlines,
    )
    _check_limits(study, problems)
    problems.stop_if_any()
    return study


@dataclass(frozen=True)
class _Asked:
    """What a scenario asks for, and the numbers it changes."""

    read: ReadScenario
    variants: tuple[Variant, ...]
    changes: Changes
    space: Space
    standards: Mapping[StandardId, Standard]

    @property
    def standard(self) -> Standard | None:
        """The standard of air quality that targets are judged under."""
        return self.standards.get(self.read.scenario.standard)


def _asked(path: Path, problems: Problems, world: str) -> _Asked:
    read = read_scenario(path, problems)
    if read is None:
        problems.stop_if_any()
        raise AssertionError("a scenario that cannot be read has problems")
    read = _in_world(read, world, problems) if world else read
    read = with_dates_and_drops(read, problems)
    variants = read_variants(read, problems)
    changes = changes_of(read, variants)
    standards = read_standards(read.root / "inputs", read.root, problems)
    return _Asked(read, tuple(variants), changes, Space(changes=changes), standards)


def _in_world(read: ReadScenario, name: str, problems: Problems) -> ReadScenario:
    for world in worlds_of_grid(read, problems):
        if world.name == name:
            return in_world(read, world)
    problems.add(read.place("grid"), message("there is no world '{name}'.", name=name))
    return read


@dataclass(frozen=True)
class _Given:
    """What the tables give: clauses, prices, known totals, inventory."""

    ledger: list[LedgerRow]
    money: Money
    references: References
    inventory: Inventory


def _given(asked: _Asked, origin: Study | None, problems: Problems) -> _Given:
    read, space = asked.read, asked.space
    ledger = read_plan_ledger(read, problems)  # first, so that its problems are told with the rest
    money = read_money(read, space, problems)
    starts = {} if origin is None else read_starts(read, origin, space, problems)
    with space.owned_by("scenario"):
        told = len(problems.found)
        references = read_references(read, space, problems)
        if len(problems.found) == told:  # a row that cannot be read is not missing
            check_references(read, references, problems)
    inventory = read_inventory(read, starts, space, problems, asked.standard)
    return _Given(ledger, money, references, inventory)


@dataclass(frozen=True)
class _Built:
    """States and moves with their numbers, and the commitments on them."""

    compiled: Compiled
    system: System
    commitments: Commitments
    levels: Numbers
    times: Mapping[int, Timing]
    unused: list[Message]
    baseline: Projection
    shapes: YearShapes
    grid: Array | None
    carbon: Carbon | None
    totals: tuple[Beside, ...]


def _built(asked: _Asked, given: _Given, problems: Problems) -> _Built:
    read, space, inventory = asked.read, asked.space, given.inventory
    scenario = read.scenario
    shapes = read_shapes(inventory.tables, sources_of(inventory.models), problems)
    with space.owned_by("measures"):
        compiled = compile_system(
            inventory.models,
            inventory.catalogue,
            given.money,
            years=scenario.years,
            start=min(scenario.years.index(scenario.base_year) + 1, len(scenario.years) - 1),
            space=space,
            problems=problems,
            committed={commitment.measure for commitment in scenario.commitments},
            scales=inventory.scales,
            shares=shapes.shares,
        )
    compiled, totals = _with_totals(asked, given, compiled, problems)
    system = compiled.system(space.central())
    with space.owned_by("measures"):
        grid = read_grid(scenario, inventory.tables, space)
    with space.owned_by("scenario"):
        carbon = read_carbon(
            read,
            system,
            inventory.catalogue,
            money=given.money,
            grid=grid,
            space=space,
            problems=problems,
        )
        system = with_charge(system, carbon, space.central())
        check_paid(read, system, carbon, problems)
        commitments, levels, times, unused = read_commitments(
            read,
            system,
            inventory.catalogue,
            shapes=shapes,
            space=space,
            problems=problems,
            conversions=inventory.conversions,
        )
    compiled, system = _with_seasons(compiled, system, inventory.catalogue, shapes, times)
    check_magnitudes(system, inventory.catalogue, problems)
    doubt_amounts(system, commitments, read, problems)
    doubt_costs(system, inventory.catalogue, given.money.currency, worth_of(scenario), problems)
    emitted = emission_by_source(system, system.baseline)
    if not np.isfinite(emitted).all():
        problems.stop_if_any()
    known = [year for year in scenario.years if year <= scenario.base_year]
    check_topdown(system, emitted, inventory.topdown, known, problems)
    baseline = Projection(scenario.years, emitted[..., None], system.baseline[..., None])
    return _Built(
        compiled, system, commitments, levels, times, unused, baseline, shapes, grid, carbon, totals
    )


def _with_seasons(
    compiled: Compiled,
    system: System,
    catalogue: Catalogue,
    shapes: YearShapes,
    times: Mapping[int, Timing],
) -> tuple[Compiled, System]:
    """Return the system with the groups that act in other months than their sources emit in.

    A mix takes a measure in the months in which the plan takes it, else in those of the catalogue.
    """
    if not shapes.known:
        return compiled, system
    spread = {
        group: own[None]
        for group, own in spread_of_groups(system, catalogue, shapes, times).items()
    }
    found = seasonal_groups(system.moves, system.states, shapes.shares, spread)
    structure = replace(compiled.structure, seasonal=found)
    compiled = replace(compiled, structure=structure)
    return compiled, replace(system, seasonal=found, shared=structure.shared)


def _with_totals(
    asked: _Asked, given: _Given, compiled: Compiled, problems: Problems
) -> tuple[Compiled, tuple[Beside, ...]]:
    """Return the system brought to the totals that the scenario names, and all beside it."""
    totals, space = given.references.totals, asked.space
    with space.owned_by("scenario"):
        groups = read_harmonised(asked.read, totals, given.inventory.models, problems)
    brought = replace(compiled, harmonised=groups)
    check_totals(totals, problems)
    check_harmonised(brought, space.central(), problems)
    found = beside_inventory(totals, compiled, space, asked.read.scenario.base_year)
    check_beside(found, brought_totals(asked.read.scenario), problems)
    return brought, found


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """What results are judged by, and the questions beside the targets."""

    areas: Areas | None
    indicators: Mapping[str, Available]
    targets: list[ResolvedTarget]
    question: Question
    alert: AlertPlan | None
    health: Health | None
    warnings: tuple[Message, ...]


def _judged(asked: _Asked, given: _Given, built: _Built, problems: Problems) -> _Judged:
    read, tables, sources = asked.read, given.inventory.tables, built.system.sources
    areas = area_shares(given.inventory.areas, sources, problems)
    with asked.space.owned_by("measures"):
        alert = read_alert(read, sources, built.shapes, _emitted(built), problems)
        context = _context(asked, given, built, areas, alert, problems)
        declared = declare_indicators(context, indicators_asked(read))
        indicators = fit_indicators(declared, asked.space, built.baseline, problems)
        targets = resolve_targets(
            read,
            sources,
            indicators,
            baseline=built.baseline,
            problems=problems,
            areas=areas,
            standard=asked.standard,
            references=given.references,
            theta=asked.space.central,
        )
        question = read_question(read, built.system, given.inventory.catalogue, problems, areas)
        doubt_question(read, built.system, question, problems)
        doubt_targets(read, targets, built.baseline, problems)
        check_floors(targets, built.system, question.limits.bounds, read, problems)
    with asked.space.owned_by("health"):
        health = _health(read, tables, indicators, asked.space, problems)
    return _Judged(
        areas=areas,
        indicators=indicators,
        targets=targets,
        question=question,
        alert=alert,
        health=health,
        warnings=tuple(context.warnings),
    )


def _emitted(built: _Built) -> dict[str, float]:
    """Return what all sources emit of each pollutant without the plan in the last year [t]."""
    total = built.baseline.emission[:, :, -1, 0].sum(axis=0)
    return dict(zip(built.system.pollutants, total.tolist(), strict=True))


def _context(
    asked: _Asked,
    given: _Given,
    built: _Built,
    areas: Areas | None,
    alert: AlertPlan | None,
    problems: Problems,
) -> Context:
    scenario = asked.read.scenario
    return Context(
        scenario.years,
        scenario.base_year,
        built.system.sources,
        areas,
        given.inventory.tables,
        asked.space,
        problems,
        Surroundings(scenario.air.in_step, scenario.air.outside == "observed"),
        asked.standards,
        scenario.standard,
        alert=None if alert is None else alert.cuts,
        states=built.system.states,
        asked=targets_asked(asked.read),
        shapes=built.shapes,
    )


def _spread(asked: _Asked, problems: Problems) -> Spread:
    """Return how the numbers are spread; changes and spreads that find none are problems."""
    space, known = asked.space, [c.id for c in asked.read.scenario.commitments]
    check_changes(asked.changes, space, asked.read.scenario, problems, asked.read.left_out)
    return read_spread(asked.read, space, lambda s: _nothing_found(s, space, known), problems)


def _check_names(asked: _Asked, given: _Given, problems: Problems) -> None:
    """Hold the names in every table of a region that was read against what there is.

    The readers of a finished inventory hold its own tables together; its totals are as any other.
    """
    sectors = [sector for sector, _ in given.inventory.models]
    known = vocabulary(sectors, given.inventory.catalogue)
    is_region = asked.read.scenario.finished is None
    rows = asked.space.rows.values() if is_region else given.references.totals.rows
    check_names(rows, known, problems)


def _named(asked: _Asked, built: _Built, judged: _Judged) -> set[str]:
    """Return all that has an id in a study, so that a label may name it."""
    system, scenario = built.system, asked.read.scenario
    areas = () if judged.areas is None else judged.areas.names
    resources = [resource.id for resource in scenario.optimise.resources]
    actions = () if scenario.alert is None else [action.name for action in scenario.alert.actions]
    worlds = [*scenario.futures, *scenario.baselines, *scenario.grid]
    cells = [cell for row in asked.space.rows.values() for cell in vars(row).values()]
    return {
        *(*system.sources.id, *system.sources.sector, *system.measures, *areas, *resources),
        *(*judged.indicators, *worlds, *actions, *(t.id for t in scenario.targets)),
        *(c.id for c in scenario.commitments),
        *(name for name in (scenario.name, scenario.region, scenario.plan) if name),
        *(cell for cell in cells if isinstance(cell, str)),
    }


def _outlines(asked: _Asked, given: _Given, problems: Problems) -> tuple[Ring, ...]:
    """Return the outlines of townships; none where a region has no polygons."""
    tables = given.inventory.tables
    if not isinstance(tables, Layers):
        return ()
    rows = tables.read(TOWNSHIPS, TownshipRow).rows if tables.has(TOWNSHIPS) else []
    names = dict.fromkeys(row.township for row in rows if row.parameter in LEVELS)
    return read_outlines(tables.folders, asked.read.root, names, problems)


def _borrowed(asked: _Asked) -> list[Message]:
    """Return how many numbers of a region are still those of another."""
    read, space = asked.read, asked.space
    region = read.scenario.region
    if region is None:
        return []
    folder = find_layers(read.root / "inputs", region, read.root, Problems()).own
    return borrowed_numbers(space.given, shown_path(folder, read.root))


def _own_limits(question: Question) -> list[Message]:
    """Return that a run is marked by limits of the user's own making, if it has any."""
    if not isinstance(question.user_constraints, UserFile):
        return []
    return [
        message(
            "{file} adds limits of your own to the least-cost problem: 'check' does not run it, and"
            " what it does is not ours to vouch for.",
            file=question.user_constraints.shown,
        )
    ]


def _origin(
    read: ReadScenario, stage: Stage, heirs: tuple[Path, ...], problems: Problems
) -> Study | None:
    """Return the study that a scenario starts from; None if it starts from rows of its region."""
    path = path_of_start(read, heirs, problems)
    if path is None:
        return None
    origin = _load(path, stage, (*heirs, read.path))
    told = len(problems.found)
    check_start(read, origin, problems)
    problems.stop_if_any(beyond=told)
    return origin


def check_changes(
    changes: Changes,
    space: Space,
    scenario: Scenario,
    problems: Problems,
    left_out: Collection[str] = (),
) -> None:
    """Note changes that found no number, or numbers that it cannot be meant for.

    Those are numbers of another unit, of several kinds, or that could not grow.

    Parameters
    ----------
    changes
        After all numbers were taken.
    space
        The numbers that are used.
    scenario
        Its commitments may have a level, until its last year.
    problems
        Receives every fault found.
    left_out
        Ids of commitments that are too faulty to read: nothing further is told of them.
    """
    commitments, last = [c.id for c in scenario.commitments], scenario.last_year
    for i, change in enumerate(changes.every):
        if change.selection.is_level and change.selection.keys.get("id") in left_out:
            continue
        if mixed := changes.mixed(i):
            problems.add(change.place, *_mixed(mixed))
        elif i in changes.misfits:
            problems.add(change.place, message("{text}.", text=changes.misfits[i]))
        elif i not in changes.found:
            problems.add(change.place, *_nothing_found(change.selection, space, commitments))
        elif spread := changes.spread(i):
            problems.add(change.place, *_one_value(spread))
        elif changes.levels_steps(i):
            problems.add(
                change.place,
                message("the level has a schedule, all of whose steps would be one."),
                fix=message("Name the steps under 'years', or use 'times' or 'plus'."),
            )
        elif (end := changes.stands_still(i, last)) is not None:
            problems.add(change.place, *_stands_still(end, last))
        elif times := changes.slipped(i):
            problems.warn(
                change.place,
                message(
                    "all that it is about becomes {times} times larger or smaller.",
                    times=f"{times:.0f}",
                ),
                fix=message("Check the unit."),
            )


def _mixed(sorts: Mapping[Sort, str]) -> tuple[Message, Message, Message]:
    """Return that a change is about numbers of several kinds, and how to ask for one of them."""
    names = [sort.name or table for sort, table in sorts.items()]
    (sort, table), *_ = sorts.items()
    where = f"where: {{{sort.column}: {sort.name}}}" if sort.column else f"table: {table}"
    return (
        message("it changes numbers of different kinds: {names}.", names=", ".join(names)),
        NOTHING,
        message("Narrow it to one of them, such as '{where}'.", where=where),
    )


def _one_value(spread: Mapping[str, list[str]]) -> tuple[Message, Message, Message]:
    """Return that a change gives one value to numbers of things that differ."""
    (column, values), *_ = spread.items()
    named = [value or "''" for value in values]
    return (
        message(
            "it gives one value to numbers that differ in their {column}: {names}.",
            column=column,
            names=", ".join(named),
        ),
        NOTHING,
        message(
            "Name one of them, such as 'where: {{{column}: {name}}}', or use 'times' or 'plus'.",
            column=column,
            name=named[0],
        ),
    )


def _stands_still(end: int, last: int) -> tuple[Message, Message, Message]:
    """Return that what a change lets grow has no numbers that could."""
    fix = message("Let a driver grow that it follows, or give it rows of later years.")
    if not end:
        return message("what it is about has no years in which it could grow."), NOTHING, fix
    return (
        message("what it is about has no row after {end}, and would not grow then.", end=end),
        message("Expected a row of {last} or later.", last=last),
        fix,
    )


ROWS_OF = {"costs": CostRow, "reach": ReachRow, "controls": ControlRow}
"""What tables of our catalogue hold: a bureau has these numbers in its own table of measures."""


def _held_elsewhere(selection: Selection, space: Space) -> Message | None:
    """Return how to name numbers that stand in a bureau's own table; None where there are none."""
    model = ROWS_OF.get(selection.table)
    given: Sequence[Any] = space.given
    rows: list[QuantityRow] = [number for number in given if type(number) is model]
    wanted = {str(value) for value in selection.keys.values()}
    for row in sorted(rows, key=lambda n: not wanted & {*map(str, n.key())}):
        keys = {k: v for k, v in zip(row.keys(), row.key(), strict=True) if k != "source"}
        said = {k: v for k, v in keys.items() if v != type(row).model_fields[k].default}
        return message(
            "They stand in the table of measures: write 'table: {table}, where: {{{where}}}'.",
            table=names_of_table(row)[0],
            where=", ".join(f"{k}: {v}" for k, v in said.items()),
        )
    return None


def _in_own_table(selection: Selection, space: Space) -> Message:
    """Return how to name numbers of a finished inventory, whose table is called like its file."""
    given: Sequence[Any] = space.given
    emissions = [number for number in given if type(number) is EmissionRow]
    if selection.table != "inventory" or not emissions:
        return NOTHING
    meant = replace(selection, table=names_of_table(emissions[0])[0])
    known = meant.known(emissions)
    where = {k: nearest(str(v), known.get(k, ())) or v for k, v in meant.keys.items()}
    return message(
        "Write 'table: {table}, where: {{{where}}}'.",
        table=meant.table,
        where=", ".join(f"{column}: {name}" for column, name in where.items()),
    )


def _nothing_found(
    selection: Selection, space: Space, commitments: Collection[str]
) -> tuple[Message, Message, Message]:
    """Return that nothing is selected: which column has no such value, and the nearest."""
    name = str(selection.keys.get("id", ""))
    if selection.is_level and name not in commitments:
        return (
            message("there is no commitment '{id}'.", id=name),
            NOTHING,
            closest(name, commitments),
        )
    tables = tables_of(space.given)
    if selection.table not in tables:
        fix = _held_elsewhere(selection, space) or _in_own_table(selection, space)
        if selection.written:
            what = message(
                "no {what} is used here.",
                what=f"{selection.written} '{next(iter(selection.keys.values()))}'",
            )
            return what, NOTHING, fix
        what = message("no number of a table '{name}' is used here.", name=selection.table)
        return what, NOTHING, closest(selection.table, tables) if fix is NOTHING else fix
    columns = selection.columns_known(space.given)
    for column in selection.keys:
        if column not in columns:
            what = message(
                "numbers of '{table}' have no '{column}'.", table=selection.table, column=column
            )
            return what, message("They have {names}.", names=", ".join(columns)), NOTHING
    for column, values in selection.known(space.given).items():
        wanted = str(selection.keys[column])
        if wanted not in values:
            return (
                message(
                    "no number of '{table}' that is used here has '{name}' as its {column}.",
                    table=selection.written or selection.table,
                    name=wanted,
                    column=column,
                ),
                NOTHING,
                closest(wanted, values),
            )
    if selection.years:
        years = selection.years_known(space.given)
        return (
            message(
                "what it is about has no number of {years} that is used here.",
                years=", ".join(map(str, selection.years)),
            ),
            message("It has {years}.", years=", ".join(map(str, years))) if years else NOTHING,
            NOTHING,
        )
    return message("no number that is used here fits all of this change."), NOTHING, NOTHING


def _check_limits(study: Study, problems: Problems) -> None:
    """Note limits on the least-cost mix that leave nothing, as far as that is plain to see.

    Of a limit that does so in several years the last is told.
    """
    asked, committed = targets_by_year(study), study.applied.moved
    currency = study.money.currency
    found = faults(study.question, study.system, asked, committed, currency)
    last = {(to_blame(study, error), error.message.kind): error.message for error in found}
    for (place, _), said in last.items():
        problems.add(place, said)


def _health(
    read: ReadScenario,
    tables: Tables,
    indicators: Mapping[str, Available],
    space: Space,
    problems: Problems,
) -> Health | None:
    """Return what avoided deaths are made of, if the scenario asks for them."""
    if read.scenario.health is None:
        return None
    if EXPOSURE not in indicators:
        return None  # told already
    return read_health(tables, read.scenario.years, space, problems, read.place("health"))
