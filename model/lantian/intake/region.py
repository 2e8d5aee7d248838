"""``lantian region new``: a region that begins with the numbers of another, marked as borrowed.

What is copied are the other region's own tables and those of the regions that it extends and the
new one does not. Amounts are scaled, years are moved to the new base year; dates of standards and
shares stay. Estimates to compare with and known totals are not copied: they are of another place.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from lantian.errors import Place, Problems, closest
from lantian.indicators.energy_balance import CONSUMPTION
from lantian.intake.market import SALES, with_market
from lantian.intake.project import no_name
from lantian.intake.sheets import open_book
from lantian.inventory.layers import ACTIVITY, EXTENDS, TABLES, WITHOUT, Layers, find_layers
from lantian.inventory.totals import TOTALS
from lantian.language import message
from lantian.parameters import Row, locate, read_table, shown_path
from lantian.parameters.reader import BORROWED
from lantian.parameters.rows import Number
from lantian.parameters.units import UnitError, convert, is_like, parse_quantity

Cells = dict[str, str]
"""A row, by column."""
_Key = tuple[tuple[str, str], ...]

COMPARED = "topdown"
"""Table of independent estimates; it must be there, and may be empty."""
UNCOUNTED = (EXTENDS, COMPARED, TOTALS)
DATED = ("drivers", "new-heating", "region", "response", "air")
"""Tables whose years are those of the inventory, besides activity and stocks of vehicles."""
AMOUNTS = ("value", "low", "high")
OTHERS = ("unit", "basis", "source_key", "note")
"""Columns of a number that are no keys, besides its amounts."""
SPREAD = 0.05
"""Half-width of the range [share] of a size that is given without one."""
DIGITS = 6
SIZES = ("population", "area", "gdp")
"""What a region may be scaled by."""
AIR = "air"
"""Table of levels that were observed."""
AROUND = ("region", "response")
"""Tables that also hold amounts of the city or plain around a region."""
KINDS = ("person", "vehicle", "km2", "t/a")
"""Units of such amounts."""
MOST_ALIKE = 0.9
"""Share of the sources that a year must have to be a base year."""


@dataclass(frozen=True)
class Scale:
    """How much larger the new region is: by a number of ``region.csv``, or source by source."""

    by: str
    to: str


@dataclass(frozen=True)
class NewRegion:
    """What was written, and the years of the new region."""

    name: str
    scenario: Path
    files: tuple[Path, ...]
    base_year: int
    last_year: int
    market: Mapping[str, int]
    """Vehicles whose sales go on as in the country, and the last year that was told of each."""
    observed: Mapping[str, tuple[int, int]]
    """Levels of the air that somebody measured elsewhere: year, and the year they are put to."""
    unscaled: tuple[str, ...]
    """Amounts of what lies around the other region, which stay as they are."""

    def at(self, root: Path) -> "NewRegion":
        """Return the same with paths relative to the project that it was written in."""
        files = tuple(path.relative_to(root) for path in self.files)
        return replace(self, scenario=self.scenario.relative_to(root), files=files)


def new_region(
    root: Path, name: str, model: str, base_year: int | None, scale: Scale | None
) -> NewRegion:
    """Write the folder of a new region and a first scenario of it.

    Parameters
    ----------
    root
        The project.
    name
        Of the new region, with the region above it where it is part of one: ``beijing/fangshan``.
    model
        Region whose numbers stand in.
    base_year
        Of the new region; that of the other one if None.
    scale
        How much larger it is; as large if None.

    Returns
    -------
    NewRegion
        Nothing is overwritten.

    Raises
    ------
    InputError
        If a region or scenario of the name is there, or the scale cannot be had.
    """
    problems, inputs = Problems(), root / "inputs"
    folder, scenario = _free_paths(root, name, problems)
    layers = find_layers(inputs, model, root, problems)
    parent = _parent(inputs, name, layers)
    above = find_layers(inputs, parent, root, problems).folders if parent else ()
    tables = _merged([f for f in layers.folders if f not in above], root, problems)
    problems.stop_if_any()
    first = _base_year(tables)
    shift = 0 if base_year is None else base_year - first
    if shift:  # years of the regions above are no longer those that are needed
        whole = _merged(layers.folders, root, problems)
        tables |= {table: whole[table] for table in DATED if table in whole}
    factors = _factors(scale, tables, first, problems)
    problems.stop_if_any()
    key = BORROWED + layers.own.name
    sold = _merged(layers.folders, root, problems).get(SALES, []) if shift else []
    gone_on, market = with_market(sold, first + shift, inputs, problems)
    problems.stop_if_any()
    for table, rows in tables.items():
        tables[table] = [_moved(table, r, shift, factors, (model, key)) for r in rows]
    _go_on(tables, gone_on, market, (model, key))
    _set_size(tables, scale, first + shift)
    last = max(int(row["year"]) for row in tables["drivers"])
    texts = _texts(folder, tables, parent)
    texts[scenario] = _scenario(name, first + shift, last, _price_year(inputs, first + shift))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return NewRegion(
        name,
        scenario,
        tuple(texts),
        first + shift,
        last,
        market,
        _observed(tables, shift),
        _unscaled(tables) if scale is not None else (),
    )


def _free_paths(root: Path, name: str, problems: Problems) -> tuple[Path, Path]:
    """Return the folder and the scenario that a region of a name will have; neither is there yet.

    Raises
    ------
    InputError
        If one is, or the name is none.
    """
    folder = root / "inputs" / "regions" / name
    scenario = root / "scenarios" / f"{Path(name).name}.yaml"
    for path in (folder, scenario):
        if path.exists():
            problems.add(Place(shown_path(path, root)), message("this is there already."))
    if why := no_name(Path(name).name):
        problems.add(Place("NAME"), why)
    problems.stop_if_any()
    return folder, scenario


def _texts(folder: Path, tables: Mapping[str, list[Cells]], parent: str) -> dict[Path, str]:
    """Return the files of a region's folder: its tables, totals to compare with, its parent."""
    texts = {folder / f"{table}.csv": _text(rows) for table, rows in tables.items() if rows}
    texts[folder / f"{COMPARED}.csv"] = (
        "sector,pollutant,year,"
        + ",".join(("value", "unit", "low", "high", "basis", "source_key", "note"))
        + "\n"
    )
    if parent:
        texts[folder / f"{EXTENDS}.csv"] = f"region,note\n{parent},\n"
    return texts


def _observed(tables: Mapping[str, list[Cells]], shift: int) -> Mapping[str, tuple[int, int]]:
    """Return levels that were observed in one year and stand now in another, the last of each."""
    rows = tables.get(AIR, []) if shift else []
    return {row["indicator"]: (int(row["year"]) - shift, int(row["year"])) for row in rows}


def _unscaled(tables: Mapping[str, list[Cells]]) -> tuple[str, ...]:
    """Return amounts, no shares or rates, that were not scaled: they are of the surroundings."""
    return tuple(
        dict.fromkeys(
            row["parameter"]
            for table in AROUND
            for row in tables.get(table, [])
            if not _is_amount(table, row) and any(is_like(row["unit"], kind) for kind in KINDS)
        )
    )


def _parent(inputs: Path, name: str, layers: Layers) -> str:
    """Return the region that the new one extends: the one above it, or the last of the other's."""
    above = name.rpartition("/")[0]
    if above:
        return above
    last = layers.folders[-1]
    return last.relative_to(inputs / "regions").as_posix() if len(layers.folders) > 1 else ""


# --- tables ------------------------------------------------------------------------------------


def _merged(folders: Sequence[Path], root: Path, problems: Problems) -> dict[str, list[Cells]]:
    """Return the tables of several folders, the first laid over the next ones, by name."""
    tables: dict[str, dict[_Key, list[Cells]]] = defaultdict(dict)
    for folder in reversed(folders):
        for name, rows in _tables(folder / WITHOUT, root, problems):
            for row in rows:
                if tables[name].pop(_key(row), None) is None:
                    tables[f"{WITHOUT}/{name}"].setdefault(_key(row), []).append(row)
        for name, rows in _tables(folder, root, problems):
            own: dict[_Key, list[Cells]] = defaultdict(list)
            for row in rows:
                own[_key(row)].append(row)
            tables[name] |= own
    return {name: [r for rows in found.values() for r in rows] for name, found in tables.items()}


def _tables(folder: Path, root: Path, problems: Problems) -> Iterable[tuple[str, list[Cells]]]:
    for part in (folder, folder / ACTIVITY):
        for path in sorted(p for pattern in TABLES for p in part.glob(pattern)):
            if path.stem not in UNCOUNTED:
                name = path.relative_to(folder).with_suffix("").as_posix()
                yield name, _rows(path, root, problems)


def _rows(path: Path, root: Path, problems: Problems) -> list[Cells]:
    grids = open_book(path, shown_path(path, root), problems)
    if not grids:
        return []
    head, *body = grids[0].lines.values()
    return [dict(zip(head, [*cells, *[""] * len(head)], strict=False)) for cells in body]


def _key(row: Cells) -> _Key:
    """Return the keys of a row but for the year: rows that share them are one series."""
    aside = {*AMOUNTS, *OTHERS, "year"}
    return tuple(sorted((k, v) for k, v in row.items() if k not in aside))


def _text(rows: Sequence[Cells]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _base_year(tables: Mapping[str, list[Cells]]) -> int:
    """Return the last year that nearly all sources have activity of."""
    sources: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for table, rows in tables.items():
        if table.startswith(f"{ACTIVITY}/"):
            for row in rows:
                sources[int(row["year"])].add((table, row["source"]))
    most = max(map(len, sources.values()))
    return max(year for year, own in sources.items() if len(own) >= MOST_ALIKE * most)


# --- size and years ----------------------------------------------------------------------------


def _factors(
    scale: Scale | None,
    tables: Mapping[str, list[Cells]],
    year: int,
    problems: Problems,
) -> Mapping[str, float]:
    """Return how much larger each source is; the blank source is all others."""
    if scale is None:
        return {}
    if scale.by == "table":
        sources = {row["source"] for rows in tables.values() for row in rows if "source" in row}
        return _table_of_factors(Path(scale.to), sources, problems)
    own = _size(tables, scale.by, year)
    try:
        value, unit = parse_quantity(scale.to)
        if own is None:
            has = [name for name in SIZES if _size(tables, name, year) is not None]
            raise UnitError(
                message(
                    "the other region has no number for '{name}', only for {names}",
                    name=scale.by,
                    names=", ".join(has),
                )
            )
        ratio = convert(value, unit, own["unit"]) / float(own["value"])
        if ratio > 0:
            return {"": ratio}
        raise UnitError(message("'{text}' is not above zero", text=scale.to))
    except UnitError as error:
        problems.add(Place("--to"), message("{text}.", text=error.args[0]))
        return {}


class FactorRow(Row):
    """A line of a table of factors: how many times as large a source is; blank: all others."""

    unique = ("source",)
    source: str = ""
    factor: Annotated[Number, Field(gt=0.0)]


def _table_of_factors(path: Path, sources: set[str], problems: Problems) -> Mapping[str, float]:
    rows = read_table(path, FactorRow, problems, Path())
    for row in rows:
        if row.source and row.source not in sources:
            problems.add(
                row.place.cell("source"),
                message("'{name}' is not a source of the other region.", name=row.source),
                fix=closest(row.source, sources),
            )
    return {row.source: row.factor for row in rows}


def _size(tables: Mapping[str, list[Cells]], parameter: str, year: int) -> Cells | None:
    """Return the row of a size: of the year, or without one; GDP may be a driver too."""
    rows = [r for r in tables.get("region", []) if r["parameter"] == parameter]
    rows += [r for r in tables.get("drivers", []) if r["driver"] == parameter]
    return next((r for r in rows if r.get("year", "") in (str(year), "")), None)


def _moved(
    table: str, row: Cells, shift: int, factors: Mapping[str, float], mark: tuple[str, str]
) -> Cells:
    """Return a row of the new region: scaled, moved to its years, and marked as borrowed.

    ``mark`` is the other region and the key of borrowed numbers.
    """
    if "value" not in row:
        return row
    moved = dict(row)
    factor = factors.get(row.get("source", ""), factors.get("", 1.0))
    share = table.startswith(f"{ACTIVITY}/") and is_like(row["unit"], "")
    if factor != 1.0 and _is_amount(table, row) and not share:
        moved |= {name: f"{float(row[name]) * factor:.{DIGITS}g}" for name in AMOUNTS}
    if row.get("year") and (_is_amount(table, row) or table in DATED):
        moved["year"] = str(int(row["year"]) + shift)
    exact = float(row["low"]) == float(row["high"])
    moved["basis"] = "derived" if exact else "assumed"
    moved["source_key"] = mark[1]
    moved["note"] = f"{mark[0]}, {row['source_key']}: {row.get('note', '')}".strip(": ")
    return moved


def _go_on(
    tables: dict[str, list[Cells]],
    rows: Sequence[Cells],
    market: Mapping[str, int],
    mark: tuple[str, str],
) -> None:
    """Let sales go on as in the country, in place; what was told of them is still borrowed."""
    replaced = {(source, "share") for source in market}
    kept = [r for r in tables.get(SALES, []) if (r["source"], r["parameter"]) not in replaced]
    told = [
        _moved(SALES, row, 0, {}, mark) if int(row["year"]) <= market[row["source"]] else row
        for row in rows
    ]
    if told:
        tables[SALES] = [*kept, *told]


def _is_amount(table: str, row: Cells) -> bool:
    """Tell whether a row is an amount that a region of twice the size has twice of."""
    return (
        table.startswith(f"{ACTIVITY}/")
        or table in ("new-heating", "drivers")
        or row.get("parameter") in ("stock", CONSUMPTION, *SIZES)
    )


def _set_size(tables: dict[str, list[Cells]], scale: Scale | None, year: int) -> None:
    """Write the size that was given, in place: it is the one number that is not borrowed."""
    if scale is None or scale.by == "table":
        return
    row = _size(tables, scale.by, year)
    assert row is not None  # or there would be no factor
    given, unit = parse_quantity(scale.to)
    value = convert(given, unit, row["unit"])  # the other years stay in theirs
    ends = (1.0, 1.0 - SPREAD, 1.0 + SPREAD)
    row |= {n: f"{value * end:.{DIGITS}g}" for n, end in zip(AMOUNTS, ends, strict=True)}
    row |= {"basis": "assumed", "source_key": "assumption"}
    row["note"] = f"given to lantian region new; {SPREAD:.0%} either way"


def _price_year(inputs: Path, base_year: int) -> int:
    """Return the year of costs: the base year, or the last whose price level is known."""
    problems = Problems()
    rows = _rows(locate(inputs, "prices"), inputs.parent, problems)
    return min(base_year, *(int(row["year"]) for row in rows[-1:]))


def _scenario(name: str, base_year: int, last_year: int, price_year: int) -> str:
    short = Path(name).name
    return f"""\
# Made by lantian region new; yours to edit. 由 lantian region new 生成,可自行修改。
name: "{short}"
title: {{en: "{short}", zh: "{short}"}}
region: {name}
base_year: {base_year}
last_year: {last_year}
economics:
  price_year: {price_year}
  discount_rate: 5 %           # assumed / 假设
targets: []                    # what the plan promises / 方案的目标
"""
