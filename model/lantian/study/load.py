"""A scenario file -> a study, or every problem of its input."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array, emission_by_source
from lantian.errors import Place, Problems, closest, in_order
from lantian.indicators import registered
from lantian.indicators.available import Available, GivenTables, declare_indicators, fit_indicators
from lantian.indicators.contract import Context, Surroundings, Tables
from lantian.indicators.health import EXPOSURE, Health, read_health
from lantian.indicators.health import TABLES as HEALTH
from lantian.indicators.tables import AirRow, TopdownRow, WeatherRow
from lantian.inventory.areas import AreaRow, area_shares
from lantian.inventory.borrowed import borrowed_numbers
from lantian.inventory.contract import Sector, SectorModel, Start
from lantian.inventory.layers import find_layers
from lantian.inventory.months import TABLES as MONTHS
from lantian.inventory.months import read_shares
from lantian.inventory.region import read_region
from lantian.language import NOTHING, Message, message
from lantian.measures.catalogue import Catalogue, read_catalogue
from lantian.measures.compile import compile_system
from lantian.measures.contract import SizeRow
from lantian.measures.costs import Money, PriceRow, Scales
from lantian.optimise.problem.user_constraints import UserFile
from lantian.optimise.procedure.question import Question, faults
from lantian.parameters import (
    Band,
    CalendarYear,
    QuantityRow,
    QuantityTable,
    ScenarioNumber,
    Space,
    declared,
    locate,
    read_quantities,
    shown_path,
    units,
)
from lantian.parameters.changes import Changes, Selection, tables_of
from lantian.parameters.series import fill
from lantian.plan.commitments import check_measures, credited, read_commitments
from lantian.plan.ledger import LedgerRow, check_ledger, read_ledger
from lantian.plan.read_alert import read_alert
from lantian.plan.read_question import read_question
from lantian.plan.read_targets import check_targets, indicators_asked, resolve_targets
from lantian.scenario.changes import changes_of, read_variants, with_dates_and_drops
from lantian.scenario.model import Finished, Scenario
from lantian.scenario.reader import ReadScenario, read_scenario
from lantian.standards.tables import Standard, read_standards
from lantian.study.finished import FinishedTables, read_finished
from lantian.study.magnitudes import check_magnitudes
from lantian.study.model import Study
from lantian.study.names import check_names_of_measures, check_names_of_region
from lantian.study.problems import targets_by_year, to_blame
from lantian.study.spread import read_spread
from lantian.study.stages import Stage, silent
from lantian.study.start import check_start, path_of_start, read_starts


def load(path: Path | str, stage: Stage = silent) -> Study:
    """Read everything a scenario names and put the system together.

    Parameters
    ----------
    path
        The scenario file.
    stage
        Opened around each stage of the work, with its name.

    Returns
    -------
    Study
        All that the mathematics needs.

    Raises
    ------
    InputError
        With every problem found, if there is any.
    """
    return _load(Path(path), stage, ())


def _load(path: Path, stage: Stage, heirs: tuple[Path, ...]) -> Study:
    """Read a scenario that others may start from, in any number of steps."""
    problems = Problems()
    with stage(message("reading the scenario")):
        read = read_scenario(path, problems)
    if read is None:
        problems.stop_if_any()
        raise AssertionError("a scenario that cannot be read has problems")
    read = with_dates_and_drops(read, problems)
    variants = read_variants(read, problems)
    scenario, changes = read.scenario, changes_of(read, variants)
    space = Space(changes=changes)
    standards = read_standards(read.root / "inputs", read.root, problems)
    origin = _origin(read, stage, heirs, problems)
    with stage(message("building the inventory")):
        ledger = _ledger(read, problems)  # first, so that its problems are told with the rest
        money = _money(read, space, problems)
        starts = {} if origin is None else read_starts(read, origin, space, problems)
        inventory = _inventory(read, starts, space, problems, standards.get(scenario.standard))
        models, catalogue = inventory.models, inventory.catalogue
    with stage(message("putting states and moves together")), space.owned_by("measures"):
        start = min(scenario.years.index(scenario.base_year) + 1, len(scenario.years) - 1)
        compiled = compile_system(
            models,
            catalogue,
            money,
            scenario.years,
            start,
            space,
            problems,
            {commitment.measure for commitment in scenario.commitments},
            inventory.scales,
        )
        system = compiled.system(space.central())
        with space.owned_by("scenario"):
            commitments, levels, unused = read_commitments(read, system, catalogue, space, problems)
        check_magnitudes(system, catalogue, problems)
        baseline = emission_by_source(system, system.baseline)
        if not np.isfinite(baseline).all():
            problems.stop_if_any()
        areas = area_shares(inventory.areas, system.sources, problems)
        context = Context(
            scenario.years,
            scenario.base_year,
            system.sources,
            areas,
            inventory.tables,
            space,
            problems,
            Surroundings(scenario.air.in_step, scenario.air.outside == "observed"),
            standards,
            scenario.standard,
        )
        declared = declare_indicators(context, indicators_asked(read))
        before = Projection(scenario.years, baseline[..., None], system.baseline[..., None])
        indicators = fit_indicators(declared, space, before, problems)
        targets = resolve_targets(
            read,
            system.sources,
            indicators,
            before,
            problems,
            areas,
            standards.get(scenario.standard),
        )
        question = read_question(read, system, catalogue, problems, areas)
        months = read_shares(inventory.tables, system.sources, problems)
        alert = read_alert(read, system.sources, months, problems)
    with space.owned_by("health"):
        health = _health(read, inventory.tables, indicators, space, problems)
        grid = _grid(scenario, inventory.tables, space)
    known = [c.id for c in scenario.commitments]
    _check_changes(changes, space, known, problems)
    spread = read_spread(read, space, lambda s: _nothing_found(s, space, known), problems)
    problems.stop_if_any()
    study = Study(
        read=read,
        variants=tuple(variants),
        sectors=tuple(sector for sector, _ in models),
        catalogue=catalogue,
        money=money,
        space=space,
        compiled=compiled,
        system=system,
        commitments=credited(commitments, scenario),
        all_commitments=commitments,
        levels=levels,
        baseline=baseline,
        indicators=indicators,
        targets=targets,
        ledger=ledger,
        warnings=(
            *inventory.warnings,
            *_borrowed(read, space),
            *context.warnings,
            *unused,
            *_own_limits(question),
            *in_order(problems.warnings),
        ),
        question=question,
        observed=inventory.observed,
        topdown=inventory.topdown,
        weather=inventory.weather,
        spread=spread,
        areas=areas,
        months=months,
        alert=alert,
        health=health,
        grid=grid,
        origin=origin,
        standards=standards,
    )
    _check_limits(study, problems)
    problems.stop_if_any()
    return study


def _borrowed(read: ReadScenario, space: Space) -> list[Message]:
    """Return how many numbers of a region are still those of another."""
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


def _check_changes(
    changes: Changes, space: Space, commitments: Collection[str], problems: Problems
) -> None:
    """Note changes that found no number, with the nearest there is, and units that misfit."""
    for i, change in enumerate(changes.every):
        if i in changes.misfits:
            problems.add(change.place, message("{text}.", text=changes.misfits[i]))
        elif i not in changes.found:
            problems.add(change.place, *_nothing_found(change.selection, space, commitments))


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
        what = message("no number of a table '{name}' is used here.", name=selection.table)
        return what, NOTHING, closest(selection.table, tables)
    for column, values in selection.known(space.given).items():
        wanted = str(selection.keys[column])
        if wanted not in values:
            return (
                message(
                    "no number of '{table}' that is used here has '{name}' as its {column}.",
                    table=selection.table,
                    name=wanted,
                    column=column,
                ),
                NOTHING,
                closest(wanted, values),
            )
    return message("no number that is used here fits all of this change."), NOTHING, NOTHING


def _check_limits(study: Study, problems: Problems) -> None:
    """Note limits on the least-cost mix that leave nothing, as far as that is plain to see."""
    asked, committed = targets_by_year(study), study.applied.moved
    currency = study.money.currency
    for error in faults(study.question, study.system, asked, committed, currency):
        problems.add(to_blame(study, error), error.message)


def _money(read: ReadScenario, space: Space, problems: Problems) -> Money:
    economics, rate = read.scenario.economics, read.scenario.economics.discount_rate
    path = locate(read.root / "inputs", "prices")
    prices = read_quantities(path, PriceRow, problems, read.root, optional=True, space=space)
    place = read.place("economics", "discount_rate")
    number = ScenarioNumber(
        ("discount_rate",), rate.value, rate.unit, place, low=rate.value, high=rate.value
    )
    with space.owned_by("scenario"):
        taken = space.number(number, units.factor(rate.unit, ""))
    bought = _buying_year(read.scenario, prices)
    return Money(
        economics.currency, economics.price_year, taken, prices, bought, economics.exchange.rates
    )


def _buying_year(scenario: Scenario, index: QuantityTable[PriceRow]) -> int | None:
    """Return the year whose vehicles and energy are bought.

    It is the last that has targets, or the last before it of which the price level is known; None
    without any.
    """
    wanted = max((target.year for target in scenario.targets), default=scenario.years[-1])
    return max((row.year for row in index.rows if row.year <= wanted), default=None)


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


class GridRow(QuantityRow):
    """A line of ``grid_factors.csv``: CO2 of a kilowatt hour in a year."""

    plausible = declared({"": (Band("kg/kWh", 0.005, 3.0),)})
    year: CalendarYear


def _grid(scenario: Scenario, tables: Tables, space: Space) -> Array | None:
    """Return the CO2 of electricity [kg/kWh], dims (year,); None where no row begins in time."""
    if not tables.has(GRID):
        return None
    table = tables.read(GRID, GridRow)
    rows = sorted(table.rows, key=lambda row: row.year)
    filling = fill([row.year for row in rows], scenario.years)
    if filling is None:
        return None
    return filling.numbers([table.taken(row, "kg/kWh") for row in rows])(space.central())[:, 0]


GRID = "grid_factors"
"""Name of the table of CO2 of electricity."""
AIR, TOPDOWN, WEATHER = TABLES = ("air", "topdown", "weather")
"""Tables of a region that results are held against."""
SIZES = "sizes"
"""Table of a region that costs by size look at."""
OTHERS = (*TABLES, *MONTHS, *HEALTH, GRID, SIZES)
"""Tables of a region that neither a sector nor an indicator asks for."""


def tables_beside() -> frozenset[str]:
    """Return the names of a region's tables that no sector asks for."""
    asked = (table for own in registered() for table in (*own.requires, *own.beside))
    return frozenset((*OTHERS, *asked))


@dataclass(frozen=True)
class _Inventory:
    """What a region or a finished inventory gives: states, measures and tables beside them.

    ``tables`` are where indicators find theirs.
    """

    models: Sequence[tuple[Sector, SectorModel]]
    catalogue: Catalogue
    tables: Tables
    warnings: tuple[Message, ...] = ()
    areas: tuple[AreaRow, ...] = ()
    observed: tuple[AirRow, ...] = ()
    topdown: tuple[TopdownRow, ...] = ()
    weather: tuple[WeatherRow, ...] = ()
    scales: Scales = field(default_factory=Scales)


def _inventory(
    read: ReadScenario,
    starts: Mapping[str, Start],
    space: Space,
    problems: Problems,
    standard: Standard | None,
) -> _Inventory:
    scenario = read.scenario
    if scenario.finished is not None:
        return _finished(read, scenario.finished, space, problems)
    check_targets(read, problems, standard)
    told = len(problems.found)
    catalogue = read_catalogue(read.root / "inputs", read.root, problems, space)
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
        space,
        tables_beside(),
        starts,
    )
    sectors = [sector for sector, _ in region.models]
    if not unusable:
        check_names_of_measures(catalogue, sectors, problems)
    check_names_of_region(region.layers, sectors, problems)
    problems.stop_if_any(beyond=0 if unusable else told)
    layers = region.layers
    return _Inventory(
        region.models,
        catalogue,
        layers,
        region.warnings,
        region.areas,
        tuple(layers.read(AIR, AirRow, optional=True).rows),
        tuple(layers.read(TOPDOWN, TopdownRow).rows),
        tuple(layers.read(WEATHER, WeatherRow, optional=True).rows),
        Scales({r.source: f"{r.value!r} {r.unit}" for r in layers.read(SIZES, SizeRow, True).rows}),
    )


def _finished(read: ReadScenario, tables: Finished, space: Space, problems: Problems) -> _Inventory:
    scenario, folder = read.scenario, read.path.parent
    found = read_finished(
        FinishedTables(
            **{name: folder / path for name, path in tables.model_dump(exclude_none=True).items()}
        ),
        scenario.years,
        scenario.base_year,
        scenario.economics.exchange,
        read.root,
        problems,
        space,
    )
    beside = GivenTables(found.tables)
    return _Inventory(
        found.models, found.catalogue, beside, found.warnings, found.areas, scales=found.scales
    )


def _ledger(read: ReadScenario, problems: Problems) -> list[LedgerRow]:
    if read.scenario.plan is None:
        return []
    plans = read.root / "inputs" / "plans"
    known = [path.name for path in sorted(plans.glob("*")) if path.is_dir()]
    if read.scenario.plan not in known:
        problems.add(
            read.place("plan"),
            message("there is no plan '{name}'.", name=read.scenario.plan),
            fix=closest(read.scenario.plan, known),
        )
        return []
    path = plans / read.scenario.plan / "clauses.csv"
    ledger = read_ledger(path, read.root, problems)
    check_ledger(ledger, read, Place(shown_path(path, read.root)), problems)
    return ledger
