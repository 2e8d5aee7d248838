"""The tables of a run folder, read once as they are declared, and what all frames have in common.

A frame selects, adds up, sorts and reshapes rows of the run; it never computes a result.
"""

import csv
import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from lantian.report.style import KEY_POLLUTANTS
from lantian.report.words import Text
from lantian.results.contract import Column, Kind, Place, Table
from lantian.results.contract import table as declaration
from lantian.results.frame import ENCODING, DisagreementError, Frame, as_meant, make_frame
from lantian.vocabulary import CASES, LANGUAGES, POLLUTANTS, READINGS, Language

Row = Any
"""A row with its cells as attributes; a blank number is NaN."""


class NoData(Exception):  # noqa: N818 - a reason to skip a chart, not an error
    """A run does not hold what a chart shows; ``damaged`` where a file is not what was written."""

    def __init__(self, why: Text, damaged: bool = False) -> None:
        self.why, self.damaged = why, damaged
        super().__init__(why.en)


class RunTables:
    """The tables of one run folder, each read when first asked for.

    Parameters
    ----------
    run
        Folder with ``tables/``, ``summary.json`` and ``manifest.json``.

    Attributes
    ----------
    drawn
        Which charts draw them.
    """

    drawn: Place = "run"

    def __init__(self, run: Path) -> None:
        self.run = run
        self._read: dict[str, Frame] = {}
        self._rows: dict[str, list[Row]] = {}
        self._files: dict[str, dict[str, Any]] = {}
        self.found: dict[str, Any] = {}

    def table(self, name: str) -> Frame:
        """Return a declared table.

        Raises
        ------
        LookupError
            If no table of that name is declared.
        NoData
            If the run has no such table, or it has no rows or other columns than declared.
        """
        if name not in self._read:
            declared, path = declaration(name), self.run / "tables" / f"{name}.csv"
            self._read[name] = _load(declared, path)
        if not len(self._read[name]):
            raise NoData(Text(f"the run has no rows in {name}.csv", f"运行结果缺少{name}.csv"))
        return self._read[name]

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a declared table; raises as :meth:`table` does."""
        frame = self.table(name)
        if name not in self._rows:
            self._rows[name] = rows_of(frame)
        return self._rows[name]

    def has(self, name: str) -> bool:
        """Return whether a table has rows."""
        try:
            return bool(len(self.table(name)))
        except NoData:
            return False

    def summary(self) -> dict[str, Any]:
        """Return what stands in ``summary.json``, or nothing."""
        return self._json("summary.json")

    def manifest(self) -> dict[str, Any]:
        """Return what stands in ``manifest.json``, or nothing."""
        return self._json("manifest.json")

    def _json(self, name: str) -> dict[str, Any]:
        if name not in self._files:
            path = self.run / name
            found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            self._files[name] = found
        return self._files[name]

    def labels(self) -> Mapping[str, Text]:
        """Return the display names of ids."""
        if not self.has("labels"):
            return {}
        rows = self.rows("labels")
        return {row.id: Text(row.en or row.id, row.zh or row.en or row.id) for row in rows}

    def sectors(self) -> set[str]:
        """Return every sector that a table of the run names."""
        tables = [self.table(t) for t in ("emissions", "measures", "costs") if self.has(t)]
        return {str(sector) for rows in tables for sector in set(rows["sector"].tolist())}

    def made_by(self) -> list[tuple[str, str]]:
        """Return name and content id of every run that the tables are of."""
        name = str(self.summary().get("name") or self.run.name)  # the folder may be a draft still
        return [(name, str(self.manifest().get("content_id", "")))]

    def place(self, language: Language) -> str:
        """Return the name of the run's region, nothing when it has none."""
        found = self.labels().get(str(self.summary().get("region")))
        return found.say(language) if found else ""


class Asked:
    """The tables that a chart may ask for; it declares them, so what it lacks can be told.

    Parameters
    ----------
    run
        Tables of the run.
    names
        Those that the chart declares.
    """

    def __init__(self, run: RunTables, names: Sequence[str]) -> None:
        self._run, self._names = run, set(names)

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table.

        Raises
        ------
        LookupError
            If the chart does not declare that it reads the table.
        NoData
            If the run has no rows of it.
        """
        if name not in self._names:
            raise LookupError(f"the chart does not declare that it reads {name}.csv")
        return self._run.rows(name)

    def some(self, name: str) -> list[Row]:
        """Return the rows of a table, none where the run has none; raises LookupError as above."""
        try:
            return self.rows(name)
        except NoData:
            return []

    def once(self, name: str, find: Callable[[], Any]) -> Any:
        """Return what was found for any chart of the run, or find it now."""
        if name not in self._run.found:
            self._run.found[name] = find()
        return self._run.found[name]

    def summary(self) -> dict[str, Any]:
        """Return what stands in ``summary.json``, or nothing."""
        return self._run.summary()

    def base_year(self) -> int:
        """Return the year a plan starts from; the first of the baseline when the run names none.

        Any chart may ask for it.

        Raises
        ------
        NoData
            If neither summary nor emissions tell.
        """
        if self.summary().get("base_year"):
            return int(self.summary()["base_year"])
        rows = self._run.rows("emissions")
        return min(int(row.year) for row in rows if row.case == "baseline")


def _load(declared: Table, path: Path) -> Frame:
    """Return a table of the run; empty where there is no file.

    Raises
    ------
    NoData
        If the file does not agree with the declaration.
    """
    if not path.exists():
        return make_frame(declared, [])
    try:
        return read_table(declared, path)
    except (ValueError, csv.Error) as error:  # cut short, other bytes, other columns
        why = Text("the run was written otherwise: {why}", "运行结果的格式不符：{why}")
        said = Text(*(why.say(lang, why=str(error)) for lang in LANGUAGES))
        raise NoData(said, damaged=True) from error


def read_table(declared: Table, path: Path) -> Frame:
    """Read a table as its declaration says; columns that are not declared are left out.

    Parameters
    ----------
    declared
        Declaration.
    path
        CSV file in UTF-8, with or without a byte-order mark.

    Returns
    -------
    Frame
        Its cells, of the kinds that are declared.

    Raises
    ------
    DisagreementError
        If a declared column is missing or holds something else than declared.
    """
    with path.open(encoding=ENCODING, newline="") as stream:
        header, *lines = list(csv.reader(stream)) or [[]]
    missing = [name for name in declared.names if name not in header]
    if missing:
        raise DisagreementError(declared, f"no column {', '.join(missing)}")
    cells = dict(zip(header, zip(*lines, strict=True), strict=True)) if lines else {}
    return Frame(declared, {c.name: _cells(declared, c, cells) for c in declared.columns})


def _cells(declared: Table, column: Column, cells: Mapping[str, tuple[str, ...]]) -> Any:
    texts = cells.get(column.name, ())
    try:
        return _READERS[column.kind](texts)
    except (KeyError, ValueError) as error:
        raise DisagreementError(declared, f"{column.name}: not of kind {column.kind}") from error


def _objects(values: Iterable[Any], count: int) -> Any:
    found = np.empty(count, dtype=object)
    found[:] = list(values)
    return found


_TRUTHS = {"True": True, "true": True, "False": False, "false": False, "": None}
_READERS: dict[Kind, Callable[[tuple[str, ...]], Any]] = {
    "text": lambda texts: _objects(map(as_meant, texts), len(texts)),
    "id": lambda texts: _objects(map(as_meant, texts), len(texts)),
    "number": lambda texts: np.array([float(text or "nan") for text in texts], np.float64),
    "whole": lambda texts: _objects((int(text) if text else None for text in texts), len(texts)),
    "year": lambda texts: _objects((int(text) if text else None for text in texts), len(texts)),
    "truth": lambda texts: _objects((_TRUTHS[text] for text in texts), len(texts)),
}
"""Kind of a column -> cells from texts, as a :class:`Frame` holds them."""


def rows_of(frame: Frame) -> list[Row]:
    """Return the rows of a frame, their cells as attributes; a blank number is NaN."""
    make = namedtuple("Cells", list(frame.columns), rename=True)  # type: ignore[misc]
    return list(map(make._make, zip(*(c.tolist() for c in frame.columns.values()), strict=True)))


def pick(rows: list[Row], why: Text) -> list[Row]:
    """Return rows unless there are none.

    Parameters
    ----------
    rows
        Rows of a table.
    why
        What the reader is told when there are none.

    Returns
    -------
    list
        The rows.

    Raises
    ------
    NoData
        With the reason given.
    """
    if not rows:
        raise NoData(why)
    return rows


def sums(
    rows: Iterable[Row], keys: Sequence[str], value: str = "value"
) -> dict[tuple[Any, ...], float]:
    """Return sums of a column over rows that agree in others.

    Parameters
    ----------
    rows
        Rows of a table.
    keys
        Columns that tell the sums apart.
    value
        Column that is added up; blank cells count as nothing.

    Returns
    -------
    dict
        Cells of ``keys`` -> sum, in the order in which they first come.
    """
    found: dict[tuple[Any, ...], float] = {}
    cells = attrgetter(value, *keys)
    for amount, *key in map(cells, rows):
        known = amount if amount == amount else 0.0
        found[tuple(key)] = found.get(tuple(key), 0.0) + known
    return found


def distinct(rows: Iterable[Row], column: str) -> list[Any]:
    """Return the different cells of a column, in the order in which they first come."""
    return list(dict.fromkeys(getattr(row, column) for row in rows))


def case_rank(case: str) -> int:
    """Return the place of a case in the order of the vocabulary, readings of a plan after it."""
    return _CASE_ORDER.index(case) if case in _CASE_ORDER else len(_CASE_ORDER)


_CASE_ORDER = ("inventory", *CASES[:2], *READINGS, *CASES[2:])


def pollutant_order(found: Iterable[str]) -> list[str]:
    """Return pollutants in the order of the vocabulary, unknown ones last."""
    names = set(found)
    known = [str(p) for p in POLLUTANTS if p in names]
    return known + sorted(names - set(known))


def limits_of_totals(asked: Asked) -> dict[str, dict[int, float]]:
    """Return the limits on the emission of the whole region: pollutant -> year -> limit.

    A target on the emission of some sectors has the same indicator; its value is not the total.
    """
    emissions, targets = asked.some("emissions"), asked.some("targets")
    limits: dict[str, dict[int, float]] = asked.once(
        "limits of totals", lambda: _limits_of_totals(emissions, targets)
    )
    return limits


def _limits_of_totals(emissions: list[Row], targets: list[Row]) -> dict[str, dict[int, float]]:
    totals = sums(emissions, ("pollutant", "case", "year"))
    found: dict[str, dict[int, float]] = {}
    targets = [row for row in targets if row.limit == row.limit]
    for name in distinct(targets, "target"):
        rows = [row for row in targets if row.target == name]
        pollutant = rows[0].pollutant
        known = [(row, totals.get((pollutant, row.case, row.year))) for row in rows]
        same = [abs(row.value - total) <= _SAME * abs(total) for row, total in known if total]
        if same and all(same):
            limits = found.setdefault(pollutant, {})
            limits[rows[0].year] = min(rows[0].limit, limits.get(rows[0].year, rows[0].limit))
    return found


_SAME = 1e-6  # of a total within which two sums of the same rows agree


def leading_pollutants(asked: Asked, found: Iterable[str], most: int = 4) -> list[str]:
    """Return the pollutants that get a panel: those of targets, then the usual, then any.

    Parameters
    ----------
    asked
        Tables of the run; its targets are looked up.
    found
        Pollutants there are.
    most
        How many to return.

    Returns
    -------
    list of str
        In the order of the vocabulary.
    """
    names = set(found)
    aims = {row.pollutant for row in asked.some("targets")}
    order = [*(p for p in KEY_POLLUTANTS if p in aims), *KEY_POLLUTANTS]
    order += [p for p in pollutant_order(names) if p in aims]
    chosen = [p for p in dict.fromkeys(order) if p in names] or pollutant_order(names)
    return pollutant_order(chosen[:most])


@dataclass(frozen=True)
class Ends:
    """Ends of the range of a value, and of its middle half; None where they are not known."""

    low: float | None = None
    high: float | None = None
    lower: float | None = None
    upper: float | None = None

    def over(self, scale: float) -> "Ends":
        """Return the ends divided by a scale [1]."""
        return Ends(*(None if end is None else end / scale for end in vars(self).values()))


def sampled_ranges(asked: Asked) -> dict[tuple[str, str, int], Ends]:
    """Return ranges over the samples by pollutant or indicator, case and year.

    Parameters
    ----------
    asked
        Of a chart that reads ``courses``.

    Returns
    -------
    dict
        Empty where nothing was sampled. Before the plan begins it is the baseline.
    """
    found = {
        (row.outcome, row.case, row.year): Ends(row.low, row.high, row.lower, row.upper)
        for row in asked.some("courses")
    }
    before = {(n, "plan", y): ends for (n, case, y), ends in found.items() if case == "baseline"}
    return before | found


def with_inventory(asked: Asked, rows: list[Row]) -> list[Row]:
    """Return rows with the baseline of years up to the base year told as inventory.

    Parameters
    ----------
    asked
        Tables of the run; its base year is looked up.
    rows
        With columns ``case`` and ``year``.

    Returns
    -------
    list
        Unchanged where the baseline does not go beyond the base year.
    """
    base = asked.base_year()
    if all(row.year <= base for row in rows):
        return rows
    return [
        row._replace(case="inventory") if row.case == "baseline" and row.year <= base else row
        for row in rows
    ]


def without_repeats(asked: Asked, rows: list[Row]) -> list[Row]:
    """Return rows without those of other cases in years in which they are the baseline.

    Parameters
    ----------
    asked
        Tables of the run; its base year is looked up.
    rows
        With columns ``case`` and ``year``.

    Returns
    -------
    list
        All rows of the baseline, those of other cases after the base year; all rows where no case
        goes beyond the base year, for then plan and mixes are compared in that very year.
    """
    base = asked.base_year()
    if all(row.year <= base for row in rows):
        return rows
    return [row for row in rows if row.case == "baseline" or row.year > base]
