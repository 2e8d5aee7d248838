"""Run folder tables, read once, and what all frames have in common.

A frame selects, adds up, sorts and reshapes rows of the run; it never computes a result.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lantian.report.words import Text
from lantian.results.contract import table as declaration
from lantian.results.frame import DisagreementError, read_frame
from lantian.vocabulary import CASES, LANGUAGES, POLLUTANTS, Language


class NoData(Exception):  # noqa: N818 - a reason to skip a chart, not an error
    """A run does not hold what a chart shows."""

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why.en)


class RunTables:
    """The tables of one run folder, each read when first asked for.

    Parameters
    ----------
    run
        Folder with ``tables/`` and ``summary.json``.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        self._read: dict[str, pd.DataFrame] = {}

    def table(self, name: str) -> pd.DataFrame:
        """Return a declared table, its columns of the kinds that are declared.

        Raises
        ------
        LookupError
            If no table of that name is declared.
        NoData
            If the run has no such table, or it has no rows or other columns than declared.
        """
        if name not in self._read:
            self._read[name] = self._load(name)
        if self._read[name].empty:
            raise NoData(Text(f"the run has no rows in {name}.csv", f"运行结果缺少{name}.csv"))
        return self._read[name]

    def has(self, name: str) -> bool:
        """Return whether a table has rows."""
        try:
            return not self.table(name).empty
        except NoData:
            return False

    def _load(self, name: str) -> pd.DataFrame:
        declared, path = declaration(name), self.run / "tables" / f"{name}.csv"
        if not path.exists():
            return pd.DataFrame()
        try:
            return read_frame(declared, path)
        except DisagreementError as error:
            why = Text("the run was written otherwise: {why}", "运行结果的格式不符：{why}")
            raise NoData(
                Text(*(why.say(language, why=str(error)) for language in LANGUAGES))
            ) from error

    def summary(self) -> dict[str, Any]:
        """Return what stands in ``summary.json``, or nothing."""
        path = self.run / "summary.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def labels(self) -> Mapping[str, Text]:
        """Return the display names of ids."""
        if not self.has("labels"):
            return {}
        rows = self.table("labels").fillna("").astype(str)
        return {
            key: Text(en or key, zh or en or key)
            for key, en, zh in zip(rows["id"], rows["en"], rows["zh"], strict=True)
        }

    def sectors(self) -> set[str]:
        """Return every sector that a table of the run names."""
        tables = [self.table(t) for t in ("emissions", "measures", "costs") if self.has(t)]
        return {str(s) for rows in tables for s in rows["sector"].unique()}

    def place(self, language: Language) -> str:
        """Return the name of the run's region, nothing when it has none.

        A region of one plan's year bears the plan's id and label; its place is the id before it.
        """
        summary = self.summary()
        region = str(summary.get("region"))
        if region == summary.get("name"):
            region = region.rpartition("-")[0]
        found = self.labels().get(region)
        return found.say(language) if found else ""

    def source_line(self, language: Language) -> str:
        """Return the line under every chart: run, scenario and version."""
        found = self.summary()
        title = found.get("title") or {}
        named = title.get(language) if isinstance(title, dict) else str(title)
        named = named or str(found.get("scenario", self.run.name))
        template = Text("Source: {v}, run {run}, {title}", "来源：{v}，运行 {run}，{title}")
        version = f"Lantian {found.get('version', '')}".strip()
        run = str(found.get("name") or self.run.name)  # a folder may be a draft still
        return template.say(language, v=version, run=run, title=named)


def pick(rows: pd.DataFrame, why: Text) -> pd.DataFrame:
    """Return rows unless there are none.

    Parameters
    ----------
    rows
        Rows of a table.
    why
        What the reader is told when there are none.

    Returns
    -------
    DataFrame
        The rows, numbered from 0.

    Raises
    ------
    NoData
        With the reason given.
    """
    if rows.empty:
        raise NoData(why)
    return rows.reset_index(drop=True)


def in_case_order(rows: pd.DataFrame, *others: str) -> pd.DataFrame:
    """Return rows sorted by ``others`` and then by case as the vocabulary lists them.

    Parameters
    ----------
    rows
        With a column ``case``.
    others
        Columns that come before it.

    Returns
    -------
    DataFrame
        The rows, numbered from 0.
    """
    rank = {case: place for place, case in enumerate(CASES)}
    return rows.sort_values(
        [*others, "case"],
        key=lambda column: column.map(rank) if column.name == "case" else column,
        kind="stable",
    ).reset_index(drop=True)


def pollutant_order(found: set[str]) -> list[str]:
    """Return pollutants in the order of the vocabulary, unknown ones last."""
    known = [str(p) for p in POLLUTANTS if p in found]
    return known + sorted(found - set(known))


def base_year(run: RunTables) -> int:
    """Return the year a plan starts from; the first of the baseline when the run names none."""
    if run.summary().get("base_year"):
        return int(run.summary()["base_year"])
    if run.has("bridge"):
        return int(run.table("bridge")["from_year"].iloc[0])
    rows = run.table("emissions")
    return int(rows.loc[rows["case"] == "baseline", "year"].min())


def without_repeats(run: RunTables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without those of other cases in years in which they are the baseline.

    Parameters
    ----------
    run
        Tables of the run; its base year is looked up.
    rows
        With columns ``case`` and ``year``.

    Returns
    -------
    DataFrame
        All rows of the baseline, those of other cases after the base year; all rows where the run
        does not tell its base year.
    """
    if not (run.has("emissions") or run.summary().get("base_year")):
        return rows
    return rows[(rows["case"] == "baseline") | (rows["year"] > base_year(run))]
