"""Tables of ``inputs/standards``: limits, break points and rules, each by the standard it is of.

They are law, not estimates: they have no slot in the parameter vector and no sample varies them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import numpy as np
from pydantic import Field

from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.language import message
from lantian.parameters import (
    NOT_NEGATIVE,
    SHARE,
    Band,
    CalendarYear,
    QuantityRow,
    declared,
    locate,
    no_row,
    or_none,
    read_quantities,
    shown_path,
)

StandardId = Literal["GB3095-2012", "GB3095-2026"]
STANDARDS: tuple[StandardId, ...] = get_args(StandardId)
"""In the order in which they came into force."""

Measured = Literal["PM2.5", "PM10", "SO2", "NO2", "CO", "O3"]
SIX: tuple[Measured, ...] = get_args(Measured)
"""Pollutants of the index, in the order of tables."""

Averaging = Literal["year", "day", "8h", "1h"]
AVERAGINGS: tuple[Averaging, ...] = get_args(Averaging)
"""Longest first; ozone is told by the largest 8-hour mean of the day."""

FOLDER = "standards"
"""Folder of the tables, in ``inputs``."""
MASS = {"CO": "mg/m3"}
"""Units of concentrations that are not told in ug/m3."""


def unit_of(pollutant: str) -> str:
    """Return the unit in which a pollutant is told."""
    return MASS.get(pollutant, "ug/m3")


AQI = (Band("", 0.0, 500.0),)
"""Where an index of air quality lies."""


class LimitRow(QuantityRow):
    """A line of ``limits.csv``: what air may hold, from a year on."""

    plausible = declared({"": (Band("ug/m3", 0.01, 1e5),)})
    standard: StandardId
    phase: str
    first_year: CalendarYear
    grade: Literal["1", "2"]
    pollutant: Literal[Measured, "NOx", "TSP"]
    averaging: Averaging


class BreakpointRow(QuantityRow):
    """A line of ``breakpoints.csv``: the concentration at which a sub-index is reached."""

    plausible = declared({"": or_none(Band("ug/m3", 0.01, 1e6))})
    standard: StandardId
    pollutant: Measured
    averaging: Averaging
    sub_index: Annotated[int, Field(ge=0, le=1000)]


Of = Literal[
    "",
    "8h",
    "CO",
    "NO2",
    "O3",
    "PM10",
    "PM2.5",
    "SO2",
    "co-p95",
    "composite-index",
    "concentration",
    "day",
    "days",
    "days-within-limits",
    "dustfall",
    "good-day-ratio",
    "good-days",
    "heavy-pollution-days",
    "heavy-pollution-ratio",
    "month",
    "no2",
    "o3-8h-p90",
    "pm10",
    "pm25",
    "so2",
    "year",
]
"""What a rule is about: a pollutant of the index, or an indicator."""


class RuleRow(QuantityRow):
    """A line of ``rules.csv``: a number that the standard, or practice under it, lays down.

    ``decimals`` of a daily value before its sub-index; ``above-top`` whether the last sub-index
    holds above the last break point; ``missing-pollutant`` the AQI above which a day counts
    although a pollutant is missing; ``good-day``, ``heavy-day`` and ``primary`` AQI; ``weight`` and
    ``percentile`` of a pollutant; ``valid-days`` and ``valid-hours`` of a mean;
    ``keeps-sand-dust`` [0 or 1]; ``printed-step`` of an indicator; ``rolling-years`` whose mean is
    held against the limit of the year.
    """

    told_by = "rule"
    plausible = declared(
        {
            **dict.fromkeys(("above-top", "keeps-sand-dust", "percentile"), SHARE),
            **dict.fromkeys(("missing-pollutant", "good-day", "heavy-day", "primary"), AQI),
            "decimals": (Band("", 0.0, 6.0),),
            "valid-days": (Band("day", 1.0, 366.0),),
            "valid-hours": (Band("h", 1.0, 24.0),),
            "rolling-years": (Band("a", 1.0, 10.0),),
            "": NOT_NEGATIVE,
        }
    )
    standard: StandardId
    rule: Literal[
        "decimals", "above-top", "missing-pollutant", "good-day", "heavy-day", "primary", "weight",
        "percentile", "valid-days", "valid-hours", "keeps-sand-dust", "printed-step",
        "rolling-years",
    ]  # fmt: skip
    of: Of = ""
    first_year: CalendarYear


R = TypeVar("R", LimitRow, RuleRow)


@dataclass(frozen=True)
class Scale:
    """How a concentration becomes a sub-index.

    Attributes
    ----------
    concentration, sub_index
        Break points [unit of the pollutant] and what each stands for, ascending.
    decimals
        To which a value is rounded first, half to even; None if it is not.
    top
        Sub-index above the last break point; NaN where there is none.
    """

    concentration: Array
    sub_index: Array
    decimals: int | None
    top: float


@dataclass(frozen=True)
class Standard:
    """One standard with all its phases.

    Attributes
    ----------
    id
        As scenarios write it.
    limits, breakpoints, rules
        Its rows.
    """

    id: StandardId
    limits: tuple[LimitRow, ...]
    breakpoints: tuple[BreakpointRow, ...]
    rules: tuple[RuleRow, ...]

    def limit(self, pollutant: str, averaging: str, year: int, grade: str = "2") -> float | None:
        """Return a limit as it holds in a year; that of the first phase before it came into force.

        Parameters
        ----------
        pollutant, averaging, grade
            Columns of the table.
        year
            Calendar year.

        Returns
        -------
        float or None
            In the unit of :func:`unit_of`; None where the standard has none.
        """
        asked = (pollutant, averaging, grade)
        rows = [r for r in self.limits if (r.pollutant, r.averaging, r.grade) == asked]
        row = _in_force(rows, year)
        return None if row is None else row.to(unit_of(pollutant))

    def phase(self, year: int) -> str:
        """Return the name of the phase that a year is judged by."""
        row = _in_force(self.limits, year)
        return "" if row is None else row.phase

    def rule(self, name: str, of: str = "", year: int | None = None) -> RuleRow | None:
        """Return the row of a rule as it holds in a year, or at last; None if there is none."""
        rows = [r for r in self.rules if (r.rule, r.of) == (name, of)]
        return _in_force(rows, year or max((r.first_year for r in rows), default=0))

    def number(self, name: str, of: str = "") -> float | None:
        """Return the number of a rule as it is written; None if the standard has no such rule."""
        row = self.rule(name, of)
        return None if row is None else row.value

    @cached_property
    def scales(self) -> Mapping[tuple[str, str], Scale]:
        """How each pollutant becomes a sub-index, by pollutant and averaging."""
        pairs = dict.fromkeys((r.pollutant, r.averaging) for r in self.breakpoints)
        return {pair: self._scale(*pair) for pair in pairs}

    def _scale(self, pollutant: str, averaging: str) -> Scale:
        rows = [r for r in self.breakpoints if (r.pollutant, r.averaging) == (pollutant, averaging)]
        index = np.array([r.sub_index for r in rows], dtype=float)
        holds = bool(self.number("above-top")) or index[-1] == HIGHEST
        decimals = self.number("decimals", pollutant)
        return Scale(
            np.array([r.to(unit_of(pollutant)) for r in rows]),
            index,
            None if decimals is None else int(decimals),
            float(index[-1]) if holds else float("nan"),
        )


HIGHEST = 500
"""Largest index that is told."""


def _in_force(rows: Iterable[R], year: int) -> R | None:
    """Return the last row that has begun, or the first of all."""
    ordered = sorted(rows, key=lambda row: row.first_year)
    begun = [row for row in ordered if row.first_year <= year]
    return begun[-1] if begun else next(iter(ordered), None)


def read_standards(inputs: Path, root: Path, problems: Problems) -> dict[StandardId, Standard]:
    """Read every standard of a project.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found: among them break points that are out of order.

    Returns
    -------
    dict
        By id; empty where the project has no folder of standards.
    """
    folder = inputs / FOLDER
    if not folder.is_dir():
        return {}
    told = len(problems.found)
    limits = read_quantities(locate(folder, "limits"), LimitRow, problems, root).rows
    points = read_quantities(locate(folder, "breakpoints"), BreakpointRow, problems, root).rows
    rules = read_quantities(locate(folder, "rules"), RuleRow, problems, root).rows
    _check_order(points, problems)
    if len(problems.found) == told:  # or what is faulty would be missed as well
        _check_complete(limits, points, rules, folder, root, problems)
    return {
        name: Standard(
            name,
            tuple(r for r in limits if r.standard == name),
            tuple(r for r in points if r.standard == name),
            tuple(r for r in rules if r.standard == name),
        )
        for name in STANDARDS
        if Counter(r.standard for r in limits)[name]
    }


DAILY_MEANS = tuple((p, "8h" if p == "O3" else "day") for p in SIX)
"""What each pollutant of the index is judged by on a day."""
YEARLY_MEANS = tuple((p, "year") for p in SIX if p not in ("CO", "O3"))
STEPS = (0, 50, 100, 150, 200, 300, 400, 500)
"""Sub-indices with a break point of their own."""
STEPS_OF_OZONE = STEPS[:6]
"""Above these the 8-hour mean has none."""
RULES = (
    *(("good-day", ""), ("heavy-day", ""), ("primary", "")),
    *(("keeps-sand-dust", of) for of in ("concentration", "days")),
    *(("percentile", of) for of in ("CO", "O3")),
    ("valid-days", "year"),
    *(("weight", p) for p in SIX),
)
"""Without these a number would be left out in silence."""


def _check_complete(
    limits: Iterable[LimitRow],
    points: Iterable[BreakpointRow],
    rules: Iterable[RuleRow],
    folder: Path,
    root: Path,
    problems: Problems,
) -> None:
    """Note rows without which days or levels would not be judged."""
    phases = dict.fromkeys((r.standard, r.phase) for r in limits)
    has_limit = {(r.standard, r.phase, r.pollutant, r.averaging) for r in limits if r.grade == "2"}
    has_point = {(r.standard, r.pollutant, r.averaging, r.sub_index) for r in points}
    has_rule = {(r.standard, r.rule, r.of) for r in rules}
    means = (*DAILY_MEANS, *YEARLY_MEANS)
    wanted: dict[str, list[tuple[Any, ...]]] = {
        "limits": [(*phase, *mean) for phase in phases for mean in means],
        "breakpoints": [
            (name, *mean, step)
            for name in STANDARDS
            for mean in DAILY_MEANS
            for step in (STEPS_OF_OZONE if mean[0] == "O3" else STEPS)
        ],
        "rules": [(name, *rule) for name in STANDARDS for rule in RULES],
    }
    there: Mapping[str, set[Any]] = {
        "limits": has_limit,
        "breakpoints": has_point,
        "rules": has_rule,
    }
    columns = {
        "limits": ("standard", "phase", "pollutant", "averaging"),
        "breakpoints": ("standard", "pollutant", "averaging", "sub_index"),
        "rules": ("standard", "rule", "of"),
    }
    known = {name for name, _ in phases}
    for table, keys in wanted.items():
        place = Place(shown_path(locate(folder, table), root))
        for key in keys:
            if key[0] in known and key not in there[table]:
                missing = no_row(**dict(zip(columns[table], key, strict=True)))
                problems.add(place, missing, fix=message("Add the row."))


def _check_order(rows: Iterable[BreakpointRow], problems: Problems) -> None:
    """Note break points that do not rise with their sub-index."""
    last: dict[tuple[str, str, str], BreakpointRow] = {}
    for row in rows:
        key = (row.standard, row.pollutant, row.averaging)
        before = last.get(key)
        if before and not (before.sub_index < row.sub_index and before.value < row.value):
            problems.add(
                row.place.cell("value"),
                message(
                    "break point {value:g} of sub-index {index} follows {before:g} of {lower}.",
                    value=row.value,
                    index=row.sub_index,
                    before=before.value,
                    lower=before.sub_index,
                ),
                message("Expected both to rise from row to row."),
                message("Put the rows in order, or mend the number."),
            )
        last[key] = row
