"""What an import writes: inventory and measures as tables of ours, and a scenario that runs."""

import csv
import io
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lantian.intake.measure_rows import MeasureRow
from lantian.intake.rows import InventoryRow
from lantian.language import Message, message
from lantian.parameters.totals import NOT_A_PART, NOT_A_TOTAL, is_part, is_total
from lantian.scenario.model.scenario import is_scenario_name
from lantian.store.draft import filled_beside
from lantian.vocabulary import Pollutant

INVENTORY_COLUMNS = ("source", "pollutant", "value", "unit", "sector", "area", "year", "note")
MEASURE_COLUMNS = (
    "measure",
    "source",
    "pollutant",
    "reduction",
    "unit",
    "reach",
    "cost_per_year",
    "cost_per_tonne",
    "cost_unit",
    "group",
    "note",
)
NEW_LINE = "\n"
INVENTORY, MEASURES = "inventory.csv", "measures.csv"
"""Tables of a scenario."""
INPUTS = {
    "labels.csv": "id,en,zh\n",
    "sources.csv": "key,citation,url,accessed_via,note\n"
    "assumption,No source is given with the number,,,\n",
}
"""Tables of a new project: names of ids in both languages, and where numbers come from."""
DIGITS = 12
"""Significant digits of a number that was converted to tonnes."""


@dataclass(frozen=True)
class Cut:
    """A cut that the plan promises: ``NOx 20 %``."""

    pollutant: Pollutant
    share: str


@dataclass(frozen=True)
class Written:
    """The files of an import; ``kept`` are those that were there and stay as they are."""

    scenario: Path
    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def slug(book: str) -> str:
    """Return a name for run and files from that of a book: small letters, digits, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", Path(book).stem.lower()).strip("-") or "my-inventory"


def no_name(name: str) -> Message | None:
    """Return why a scenario may not have a name; None if it may."""
    if is_scenario_name(name):
        return None
    return message(
        "'{name}' is no name for a scenario: small letters, digits and hyphens, such as {fit}.",
        name=name,
        fit=slug(name),
    )


def write_project(
    folder: Path,
    name: str,
    book: str,
    inventory: Sequence[InventoryRow],
    measures: Sequence[MeasureRow],
    cuts: Sequence[Cut],
) -> Written:
    """Write the tables, and the scenario and an empty table of measures where there are none.

    Parameters
    ----------
    folder
        The project; its ``scenarios`` receive all.
    name
        Of the scenario, of its run, and of the folder of its tables.
    book
        Told in the notes of each number.
    inventory, measures
        Rows that were read.
    cuts
        Targets of a new scenario.

    Returns
    -------
    Written
        Which files.
    """
    scenario = folder / "scenarios" / f"{name}.yaml"
    tables = folder / "scenarios" / name
    year = inventory[0].year
    has_measures = bool(measures) or not (tables / MEASURES).exists()
    read = (INVENTORY, MEASURES) if has_measures else (INVENTORY,)
    files = {} if scenario.exists() else {scenario: _scenario(name, book, year, cuts)}
    if not (folder / "inputs").exists():
        files |= {folder / "inputs" / name: text for name, text in INPUTS.items()}
    edited: list[Path] = []
    with filled_beside(tables, edited.append) as draft:
        write_tables(draft, book, inventory, measures if has_measures else None)
    for path, text in files.items():
        _write(path, text)
    written = (*(tables / table for table in read), *files)
    kept = tuple(p for p in (tables / MEASURES, scenario) if p not in written)
    return Written(scenario, written, (*kept, *edited))


def write_tables(
    folder: Path,
    book: str,
    inventory: Sequence[InventoryRow],
    measures: Sequence[MeasureRow] | None,
) -> None:
    """Write the tables of a scenario into a folder that there is.

    Parameters
    ----------
    folder
        Of the tables.
    book
        Told in the notes of each number.
    inventory, measures
        Rows that were read; measures that are None are not written.
    """
    texts = {INVENTORY: _table(INVENTORY_COLUMNS, _inventory(inventory, book))}
    if measures is not None:
        texts[MEASURES] = _table(MEASURE_COLUMNS, _measures(measures, book))
    for table, text in texts.items():
        (folder / table).write_text(text, encoding="utf-8", newline="")


def _write(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="")
    os.replace(draft, path)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    used = [i for i, c in enumerate(columns) if any(row[i] != "" for row in rows) or not rows]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([columns[i] for i in used])
    writer.writerows([row[i] for i in used] for row in rows)
    return stream.getvalue()


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}"


def _inventory(rows: Sequence[InventoryRow], book: str) -> list[Sequence[object]]:
    return [
        (
            row.source,
            row.pollutant,
            _number(row.value),
            "t",
            row.sector,
            row.area,
            row.year,
            _origin(book, row) + _kept(row),
        )
        for row in rows
    ]


def _measures(rows: Sequence[MeasureRow], book: str) -> list[Sequence[object]]:
    return [
        (
            row.measure,
            row.source,
            row.pollutant,
            _number(row.reduction),
            row.unit,
            row.reach,
            *_costs(row),
            row.cost_unit,
            row.group,
            _origin(book, row),
        )
        for row in rows
    ]


def _costs(row: MeasureRow) -> tuple[str, str]:
    """Return the cost of a year and that of a tonne, of which one at least is blank."""
    shown = "" if row.cost is None else _number(row.cost)
    return ("", shown) if row.is_per_tonne else (shown, "")


def _origin(book: str, row: InventoryRow | MeasureRow) -> str:
    return f"{book}, {row.place.path or row.place.line}"


def _kept(row: InventoryRow) -> str:
    """Return what the note of a row says that the mapping keeps although it looks like a sum."""
    names = (row.source, row.sector, row.area)
    if any(map(is_total, names)):
        return f"; {NOT_A_TOTAL}"
    return f"; {NOT_A_PART}" if any(map(is_part, names)) else ""


def _scenario(name: str, book: str, year: int, cuts: Sequence[Cut]) -> str:
    """Return the text of a first scenario: its targets are the cuts, or an example to uncomment."""
    title = json.dumps(Path(book).stem, ensure_ascii=False)
    origin = book.replace(NEW_LINE, " ")
    targets = "".join(_target(cut, year) for cut in cuts)
    example = "".join(
        f"# {line}\n" for line in _target(Cut("NOx", "10 %"), year).rstrip("\n").split("\n")
    )
    return f"""\
# Made by lantian import from {origin}; yours to edit. 由 lantian import 生成,可自行修改。
name: "{name}"
title: {{en: {title}, zh: {title}}}
finished:
  inventory: {name}/inventory.csv
  measures: {name}/measures.csv
base_year: {year}
last_year: {year}
economics:
  price_year: {year}           # of all costs (assumed) / 成本的价格年份(假设)
  discount_rate: 5 %           # assumed / 假设
# What the plan promises / 方案的目标:
targets:{f"{NEW_LINE}{targets}" if targets else f" []{NEW_LINE}{example}"}"""


def _target(cut: Cut, year: int) -> str:
    return f"""\
  - id: {cut.pollutant.lower().replace(".", "")}-cut
    label: {{en: "{cut.pollutant}, all sources", zh: {message(cut.pollutant).text("zh")}排放总量}}
    clause: [to-be-named]      # the plan's clause / 方案条款编号
    indicator: emission
    pollutant: {cut.pollutant}
    reduce_by: {cut.share}
    relative_to: {year}
    year: {year}
    bindingness: binding
"""
