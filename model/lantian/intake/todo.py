"""The borrowed numbers of a region that matter most: what to replace first, and where."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from lantian.ensemble.swings import swings
from lantian.inventory.borrowed import is_borrowed
from lantian.language import Message
from lantian.parameters import QuantityRow
from lantian.parameters.series import series_key
from lantian.study.load import load
from lantian.study.model import Study

MOST = 30
"""Numbers in the list."""
COLUMNS = (
    "rank", "table", "line", "what", "year", "value", "unit", "low", "high", "moves", "swing",
    "where_to_write",
)  # fmt: skip
AMOUNTS = "value, low, high, basis, source_key"
"""Columns of a table that a number of one's own is written into."""
SUFFIX = "-todo.csv"


def write_todo(scenario: Path) -> tuple[Path, list[Message]]:
    """Write the borrowed numbers whose range moves the emissions of a scenario most.

    Parameters
    ----------
    scenario
        Of the region.

    Returns
    -------
    tuple
        The list, and what the study warns of.

    Raises
    ------
    InputError
        If the scenario does not run yet.
    """
    study = load(scenario)
    path = scenario.with_name(scenario.stem + SUFFIX)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for rank, cells in enumerate(islice(_ranked(study), MOST), start=1):
            writer.writerow([rank, *cells])
    return path, [w for w in study.warnings if isinstance(w, Message)]


def _ranked(study: Study) -> Iterator[list[object]]:
    """Yield what the list says of each number, the weightiest first; one row of each series."""
    found = swings(study)
    totals = found.swing[: found.cost]
    seen: set[tuple[object, ...]] = set()
    for k in np.argsort(-totals.max(axis=0), kind="stable"):
        row = study.space.number_of(int(found.slot[k])).given
        if isinstance(row, QuantityRow) and is_borrowed(row):
            series = (row.place.file, *series_key(row))
            if series not in seen:
                seen.add(series)
                moved = int(totals[:, k].argmax())
                yield _cells(row, found.outcome[moved], float(totals[moved, k]))


def _cells(row: QuantityRow, moved: str, swing: float) -> list[object]:
    keys = dict(zip(row.keys(), row.key(), strict=True))
    year = keys.pop("year", None)
    what = ", ".join(str(key) for key in keys.values() if key)
    place = row.place.file, row.place.line
    amounts = row.value, row.unit, row.low, row.high
    where = f"{place[0]}:{place[1]} ({AMOUNTS})"
    return [*place, what, year or "", *amounts, moved, f"{swing:.1%}", where]
