"""A scenario file -> a study, or every problem of its input."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lantian.core.system import Array, System, emission_by_source
from lantian.errors import Place, Problems
from lantian.finished import read_finished
from lantian.indicators.assembly import Response, read_response_of
from lantian.indicators.receptors import TransferRow, build_transfer
from lantian.indicators.targets import check_units, resolve_targets
from lantian.inventory.areas import AreaRow, area_shares
from lantian.inventory.contract import Sector, SectorBlock
from lantian.inventory.region import read_region
from lantian.language import Message, message
from lantian.measures.catalogue import Catalogue, Money, read_catalogue
from lantian.measures.compile import compile_system
from lantian.optimise.procedure.question import faults
from lantian.parameters import QuantityRow, locate, read_quantities, shown_path
from lantian.plan.commitments import check_measures, credited, read_commitments
from lantian.plan.ledger import LedgerRow, check_ledger, read_ledger
from lantian.plan.read_question import read_question
from lantian.scenario.model import Finished
from lantian.scenario.reader import ReadScenario, read_scenario
from lantian.study.model import Study
from lantian.study.problems import targets_by_year, to_blame

Stage = Callable[[Message], AbstractContextManager[object]]


def silent(stage: Message) -> AbstractContextManager[object]:
    """Tell nobody that a stage runs."""
    return nullcontext()


class PriceRow(QuantityRow):
    """A line of ``inputs/prices.csv``: the price level of a year [index]."""

    year: int


def load(path: Path, stage: Stage = silent) -> Study:
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
    study = Study(
        read=read,
        blocks=blocks,
        catalogue=catalogue,
        money=money,
        system=system,
        commitments=credited(commitments, scenario),
        all_commitments=commitments,
        baseline=baseline,
        response=response,
        targets=targets,
        ledger=ledger,
        warnings=(*inventory.warnings, *unused),
        question=question,
        transfer=transfer,
        areas=areas,
    )
    _check_limits(study, problems)
    problems.stop_if_any()
    return study


def _check_limits(study: Study, problems: Problems) -> None:
    """Note limits on the least-cost mix that leave nothing, as far as that is plain to see."""
    asked, committed = targets_by_year(study), study.applied.moved
    currency = study.money.currency
    for error in faults(study.question, study.system, asked, committed, currency):
        problems.add(to_blame(study, error), error.message)


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
