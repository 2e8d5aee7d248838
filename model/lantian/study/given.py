"""What a scenario is given by tables: money, inventory, catalogue, ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lantian.core.system import Array
from lantian.errors import InputError, Place, Problems, closest
from lantian.indicators import registered
from lantian.indicators.available import GivenTables
from lantian.indicators.contract import Tables
from lantian.indicators.health import FUNCTIONS, RATES, FunctionRow, MortalityRow
from lantian.indicators.health import TABLES as HEALTH
from lantian.indicators.tables import GRID, AirRow, GridRow, TopdownRow, WeatherRow
from lantian.inventory.areas import AreaRow
from lantian.inventory.contract import Sector, SectorModel, Start
from lantian.inventory.conversions import CONVERSIONS, ConversionRow
from lantian.inventory.layers import find_layers
from lantian.inventory.months import TABLES as MONTHS
from lantian.inventory.months import FollowedRow, ProfileRow
from lantian.inventory.plausible import PRICES, check_jumps
from lantian.inventory.region import read_region
from lantian.inventory.sources import NotCoveredRow, read_not_covered, read_sectors
from lantian.inventory.totals import TOTALS
from lantian.language import Listed, Message, message
from lantian.measures.catalogue import Catalogue, read_catalogue
from lantian.measures.contract import SizeRow
from lantian.measures.costs import Money, PriceRow, Scales
from lantian.parameters import (
    QuantityRow,
    QuantityTable,
    ScenarioNumber,
    Space,
    locate,
    read_quantities,
    shown_path,
    units,
)
from lantian.parameters.opening import check_there
from lantian.parameters.reader import unread_lines
from lantian.parameters.series import fill
from lantian.plan.commitments import check_measures
from lantian.plan.ledger import LedgerRow, check_ledger, read_ledger
from lantian.plan.read_targets import check_targets
from lantian.scenario.model import HIGHEST_RATE, Finished, Scenario
from lantian.scenario.reader import ReadScenario
from lantian.standards.tables import Standard
from lantian.study.finished import FinishedTables, read_finished
from lantian.study.names import (
    check_names,
    check_names_of_measures,
    check_names_of_region,
    doubt_controls,
    doubt_purchases,
    vocabulary,
)

NOT_COVERED = "not covered, so that totals are too low by it: {names}."
"""What is told of sources that nothing here counts."""


def read_money(read: ReadScenario, space: Space, problems: Problems) -> Money:
    """Return the money of a scenario: currency, price year, discount rate, price levels."""
    economics, rate = read.scenario.economics, read.scenario.economics.discount_rate
    path = locate(read.root / "inputs", "prices")
    prices = read_quantities(path, PriceRow, problems, read.root, optional=True, space=space)
    check_jumps(prices, *PRICES)
    place = read.place("economics", "discount_rate")
    number = ScenarioNumber(
        ("discount_rate",),
        rate.value,
        rate.unit,
        place,
        low=rate.value,
        high=rate.value,
        band=(0.0, units.convert(HIGHEST_RATE, "", rate.unit)),
    )
    with space.owned_by("scenario"):
        taken = space.number(number, units.factor(rate.unit, ""))
    bought = _buying_year(read.scenario, prices)
    return Money(
        economics.currency,
        economics.price_year,
        taken,
        _with_inflation(prices, read),
        bought,
        economics.exchange.rates,
        read.place("economics", "price_year"),
    )


def _with_inflation(prices: QuantityTable[PriceRow], read: ReadScenario) -> QuantityTable[PriceRow]:
    """Return price levels up to the years of the scenario, by what it says that prices rise by."""
    economics, rows = read.scenario.economics, [*prices.rows]
    if economics.inflation is None or not rows:
        return prices
    last = max(rows, key=lambda row: row.year)
    place, rise = read.place("economics", "inflation"), 1.0 + economics.inflation.to("")
    for year in range(last.year + 1, max(economics.price_year, read.scenario.last_year) + 1):
        grown = {n: getattr(last, n) * rise ** (year - last.year) for n in ("value", "low", "high")}
        said = {"year": year, "basis": "assumed", "source_key": "scenario", **grown}
        rows.append(last.model_copy(update=said).at(place))
    return prices.of(rows)


def _buying_year(scenario: Scenario, index: QuantityTable[PriceRow]) -> int | None:
    """Return the year whose vehicles and energy are bought.

    It is the last that has targets, or the last before it of which the price level is known; None
    without any.
    """
    wanted = max((target.year for target in scenario.targets), default=scenario.years[-1])
    return max((row.year for row in index.rows if row.year <= wanted), default=None)


def read_grid(scenario: Scenario, tables: Tables, space: Space) -> Array | None:
    """Return the CO2 of electricity [kg/kWh], dims (year,); None where no row begins in time."""
    if not tables.has(GRID):
        return None
    table = tables.read(GRID, GridRow)
    rows = sorted(table.rows, key=lambda row: row.year)
    filling = fill([row.year for row in rows], scenario.years)
    if filling is None:
        return None
    return filling.numbers([table.taken(row, "kg/kWh") for row in rows])(space.central())[:, 0]


AIR, TOPDOWN, WEATHER = TABLES = ("air", "topdown", "weather")
"""Tables of a region that results are held against."""
SIZES = "sizes"
"""Table of a region that costs by size look at."""
OTHERS = (*TABLES, *MONTHS, *HEALTH, GRID, SIZES, TOTALS)
"""Tables of a region that neither a sector nor an indicator asks for."""


def tables_beside() -> frozenset[str]:
    """Return the names of a region's tables that no sector asks for."""
    asked = (table for own in registered() for table in (*own.requires, *own.beside))
    return frozenset((*OTHERS, *asked))


@dataclass(frozen=True)
class Inventory:
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
    conversions: QuantityTable[ConversionRow] | None = None
    not_covered: tuple[NotCoveredRow, ...] = ()


def read_inventory(
    read: ReadScenario,
    starts: Mapping[str, Start],
    space: Space,
    problems: Problems,
    standard: Standard | None,
) -> Inventory:
    """Return the inventory that a scenario names: of a region, or a finished one.

    Parameters
    ----------
    read
        The scenario.
    starts
        What sectors start from, where that is the end of another scenario.
    space
        Holds every number that is taken.
    problems
        Receives every fault found.
    standard
        The standard of air quality that targets are judged under, if there is one.

    Returns
    -------
    Inventory
        With the catalogue of measures.

    Raises
    ------
    InputError
        If what was found wrong leaves nothing to go on with.
    """
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
        base_year=scenario.base_year,
        root=read.root,
        problems=problems,
        space=space,
        others=tables_beside(),
        starts=starts,
    )
    sectors = [sector for sector, _ in region.models]
    if not unusable:
        known = vocabulary(sectors, catalogue)
        check_names_of_measures(catalogue, known, problems)
        doubt_purchases(catalogue, problems)
        doubt_controls(catalogue, read.root / "inputs" / "regions", problems)
        for prices in (catalogue.energy, catalogue.vehicles):
            check_jumps(prices, *PRICES)
    asked = set(_drivers_asked(scenario.model_dump()))
    check_names_of_region(region.layers, sectors, asked, problems)
    problems.stop_if_any(beyond=0 if unusable else told)
    layers = region.layers
    built = [(sector.id, model.states) for sector, model in region.models if len(model.states)]
    present = {sector for sector, _ in built}.union(*(states.source for _, states in built))
    missing = read_not_covered(read.root / "inputs", read.root, present, problems)
    check_names(missing, vocabulary(sectors, catalogue), problems)
    return Inventory(
        region.models,
        catalogue,
        layers,
        (*region.warnings, *_told_missing(missing)),
        region.areas,
        tuple(layers.read(AIR, AirRow, optional=True).rows),
        tuple(layers.read(TOPDOWN, TopdownRow).rows),
        tuple(layers.read(WEATHER, WeatherRow, optional=True).rows),
        Scales({r.source: f"{r.value!r} {r.unit}" for r in layers.read(SIZES, SizeRow, True).rows}),
        layers.read(CONVERSIONS, ConversionRow) if layers.has(CONVERSIONS) else None,
        missing,
    )


ALWAYS: Mapping[str, type[QuantityRow]] = {
    **{AIR: AirRow, TOPDOWN: TopdownRow, WEATHER: WeatherRow, GRID: GridRow, SIZES: SizeRow},
    **{CONVERSIONS: ConversionRow, MONTHS[0]: ProfileRow, MONTHS[1]: FollowedRow},
}
"""Tables beside an inventory that are read whatever a scenario asks for."""
OF_HEALTH: Mapping[str, type[QuantityRow]] = {FUNCTIONS: FunctionRow, RATES: MortalityRow}
"""Tables that avoided deaths ask for."""


def tell_tables_not_reached(read: ReadScenario, space: Space, problems: Problems) -> None:
    """Note faults of the tables of a region that were not read, as others stopped the work before.

    Parameters
    ----------
    read
        The scenario.
    space
        Of the numbers.
    problems
        Receives the faults; those that are known already are told once all the same.
    """
    if read.scenario.region is None:
        return
    inputs = read.root / "inputs"
    try:
        layers = find_layers(inputs, read.scenario.region, read.root, problems, space)
    except InputError:  # nothing of the region can be read, what is common to all can
        for sector in read_sectors(inputs, read.root, problems):
            for name, factors in sector.factor_tables.items():
                read_quantities(locate(inputs / "factors", name), factors, problems, read.root)
        return
    of_indicators = {name: row for own in registered() for name, row in own.requires.items()}
    of_health = {} if read.scenario.health is None else OF_HEALTH
    for name, row in {**ALWAYS, **of_indicators, **of_health}.items():
        layers.read(name, row, optional=True)


def _told_missing(rows: Sequence[NotCoveredRow]) -> tuple[Message, ...]:
    if not rows:
        return ()
    names = Listed(row.missing for row in rows)
    return (message(NOT_COVERED, names=names),)


def _drivers_asked(part: Any) -> Iterator[str]:
    """Yield the drivers that a part of a scenario names."""
    if isinstance(part, Mapping):
        if isinstance(name := part.get("driver"), str):
            yield name
        part = part.values()
    if isinstance(part, Iterable) and not isinstance(part, str):
        for inner in part:
            yield from _drivers_asked(inner)


def _finished(read: ReadScenario, tables: Finished, space: Space, problems: Problems) -> Inventory:
    scenario, folder = read.scenario, read.path.parent
    given = tables.model_dump(exclude_none=True, exclude={TOTALS})  # which are read by themselves
    paths = {name: folder / path for name, path in given.items()}
    told = len(problems.found)
    for name, path in paths.items():
        check_there(path, str(given[name]), read.place("finished", name), problems)
    problems.stop_if_any(beyond=told)
    found = read_finished(
        FinishedTables(**paths),
        scenario.years,
        scenario.base_year,
        exchange=scenario.economics.exchange,
        root=read.root,
        problems=problems,
        space=space,
    )
    beside = GivenTables(found.tables)
    return Inventory(
        found.models, found.catalogue, beside, found.warnings, found.areas, scales=found.scales
    )


def read_plan_ledger(read: ReadScenario, problems: Problems) -> list[LedgerRow]:
    """Return the clauses of the plan that a scenario names; empty where it names none."""
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
    told = len(problems.found)
    ledger = read_ledger(path, read.root, problems)
    lost = unread_lines(path, ledger, read.root) if len(problems.found) > told else None
    check_ledger(ledger, read, Place(shown_path(path, read.root)), problems, lost or ())
    return ledger
