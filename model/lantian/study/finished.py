"""The second way into the inventory: tables of tonnes and measures beside the scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lantian.errors import Problems
from lantian.indicators.receptors import (
    TRANSFER,
    TransferNumber,
    TransferRow,
    check_transfer,
    transfer_table,
)
from lantian.inventory.areas import AreaRow
from lantian.inventory.contract import Sector, SectorModel
from lantian.inventory.finished import declare_sectors, emitted_per_slice, overdrawn
from lantian.inventory.sources import read_sectors
from lantian.inventory.tonnes import Emissions, Emitter, filled_years, read_emissions
from lantian.language import Message, message
from lantian.measures.catalogue import Catalogue, read_catalogue
from lantian.measures.costs import Scales
from lantian.measures.mapped import MappingRow, with_catalogue
from lantian.measures.own import (
    OwnCatalogue,
    OwnMeasureRow,
    carriers,
    note_overdrawn,
    own_catalogue,
    own_measures,
    portions,
)
from lantian.parameters import Numbers, OwnRow, QuantityTable, Space, read_table, shown_path
from lantian.parameters.money import Exchange

MEASURES = "measures"
"""Part of the model that numbers of measures belong to."""
INPUTS = "inputs"
"""Folder of the project that holds the catalogue."""


@dataclass(frozen=True)
class FinishedTables:
    """Where the tables of a finished inventory are.

    ``transfer`` is None where concentrations are not asked for, ``growth`` where sources stay as
    they are, ``catalogue`` where none of our measures is used.
    """

    inventory: Path
    measures: Path
    transfer: Path | None = None
    growth: Path | None = None
    catalogue: Path | None = None


@dataclass(frozen=True)
class FinishedInventory:
    """Sectors with their states, the measures as a catalogue, and further tables.

    ``tables`` are those that indicators read, by name; ``areas`` is empty where the column is
    blank.
    """

    models: tuple[tuple[Sector, SectorModel], ...]
    catalogue: Catalogue
    scales: Scales
    tables: Mapping[str, QuantityTable[TransferNumber]] = field(default_factory=dict)
    areas: tuple[AreaRow, ...] = ()
    warnings: tuple[Message, ...] = ()


def read_finished(
    tables: FinishedTables,
    years: tuple[int, ...],
    base_year: int,
    *,
    exchange: Exchange,
    root: Path,
    problems: Problems,
    space: Space,
) -> FinishedInventory:
    """Read the tables and build states and catalogue.

    Parameters
    ----------
    tables
        Of :class:`~lantian.inventory.finished.FinishedRow`,
        :class:`~lantian.measures.own.OwnMeasureRow` and
        :class:`~lantian.indicators.receptors.TransferRow`.
    years
        Calendar years of the model.
    base_year
        Year of lines without one.
    exchange
        Currency that costs are converted to, and the rates of others.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found.
    space
        Receives the numbers that are taken.

    Returns
    -------
    FinishedInventory
        Activity in slices, factors in t per slice.

    Raises
    ------
    InputError
        If a table cannot be read or the tables contradict each other. A source whose measures
        remove more than it emits is only noted in ``problems``.
    """
    told = len(problems.found)
    lines = read_table(tables.measures, OwnMeasureRow, problems, root)
    read = len(problems.found)
    reached = (
        [] if tables.transfer is None else read_table(tables.transfer, TransferRow, problems, root)
    )
    gaps = len(problems.found) > read
    mapped = (
        [] if tables.catalogue is None else read_table(tables.catalogue, MappingRow, problems, root)
    )
    emissions = read_emissions(
        tables.inventory, years, base_year, root, problems, space, tables.growth
    )
    own = own_measures(lines, emissions, exchange, problems)
    carried = carriers(own, emissions, problems)
    # A row that cannot be read is not missing.
    if tables.transfer is not None and emissions.unread == {} and not gaps:
        check_transfer(reached, emissions.emitters, problems)
    problems.stop_if_any(beyond=told)
    parts = portions(own, emissions, space)
    models = declare_sectors(emissions, parts, space, carried)
    note_overdrawn(own, overdrawn(models, space), problems)
    emitted = emitted_per_slice(models)
    with space.owned_by(MEASURES):
        found = own_catalogue(
            own,
            parts,
            emitted,
            sizes=emissions.sizes,
            file=shown_path(tables.measures, root),
            currency=exchange.currency,
            problems=problems,
            space=space,
        )
        found, left_out = _joined(found, mapped, emissions, emitted, root, problems, space)
    return FinishedInventory(
        tuple(models),
        found.catalogue,
        found.scales,
        _beside(tables.transfer, reached, root, problems, space),
        emissions.areas,
        (
            *_spread_by_default([*emissions.rows, *lines, *reached, *mapped]),
            *left_out,
            *filled_years(emissions, shown_path(tables.inventory, root)),
        ),
    )


def _joined(
    own: OwnCatalogue,
    mapped: list[MappingRow],
    emissions: Emissions,
    emitted: Mapping[Emitter, Numbers],
    root: Path,
    problems: Problems,
    space: Space,
) -> tuple[OwnCatalogue, list[Message]]:
    """Return the measures together with those of our catalogue, if any source is mapped to ours."""
    if not mapped:
        return own, []
    told = len(problems.found)
    sectors = read_sectors(root / INPUTS, root, problems)
    ours = read_catalogue(root / INPUTS, root, problems, space)
    problems.stop_if_any(beyond=told)
    sources = {source.id: source for sector in sectors for source in sector.sources}
    return with_catalogue(
        own,
        mapped,
        emissions,
        emitted=emitted,
        sources=sources,
        catalogue=ours,
        problems=problems,
        space=space,
    )


def _beside(
    transfer: Path | None,
    rows: list[TransferRow],
    root: Path,
    problems: Problems,
    space: Space,
) -> dict[str, QuantityTable[TransferNumber]]:
    """Return the tables that indicators read, by name."""
    if transfer is None:
        return {}
    return {TRANSFER: transfer_table(rows, shown_path(transfer, root), problems, space)}


def _spread_by_default(rows: list[OwnRow]) -> list[Message]:
    """Return how many numbers were given a range, if any."""
    n = sum(row.low is None or row.high is None for row in rows)
    return [message("{n} numbers have no range of their own; +-30 % is taken.", n=n)] if n else []
