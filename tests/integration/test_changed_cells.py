"""Cells of the tables that a plan reads, changed one at a time: none goes by in silence.

``LANTIAN_CELLS=400 pytest tests/integration/test_changed_cells.py`` tries more of them.
"""

import os
from pathlib import Path

import pytest

from integration.workbench import REPOSITORY, copy_project
from lantian.errors import Place, Problems
from lantian.inventory.sources import BandRow, TechnologyRow, read_sectors
from lantian.measures.catalogue import read_catalogue
from lantian.measures.contract import VehiclePriceRow
from lantian.parameters import Row, Space
from lantian.parameters.reader import FREE, read_table
from lantian.parameters.rows import naming
from lantian.study.names import Vocabulary, check_names, vocabulary
from support.changed_cells import SILENT, TRACEBACK, outcomes
from support.tables import FILES, INPUTS, TABLES, model_of, takes_some_words

GIVES = {
    *(
        "control",
        "measure",
        "vehicle",
        "key",
        "id",
        "row_id",
        "profile",
        "township",
        "group",
        "area",
    ),
    *("process", "power_class", "driver", "cause", "age", "region", "phase", "parameter"),
    *("to_technology", "bought", "instead_of"),
}
"""Columns whose names are given there, or held against other rows of the same tables."""
TEXTS = {
    *("source_key", "distribution", "correlation", "baseline_year", "deadline", "at_size"),
    *("missing", "pollutants", "reason_en", "reason_zh"),
}
CHECKED_BY_OWN = {
    "commitments",
    "lead_department",
    "indicator",
    "equation",
    "operation",
    "left_by",
}
GIVING = (TechnologyRow, BandRow, VehiclePriceRow)
"""Tables in which sources and technologies are given their names."""
NOWHERE = "no-such-thing"


def test_changed_cells_are_told(tmp_path: Path) -> None:
    n = int(os.environ.get("LANTIAN_CELLS", "8"))
    found = list(outcomes(copy_project(tmp_path).root, n, seed=n))
    assert not [str(change) for change, what in found if what in (SILENT, TRACEBACK)]


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    problems = Problems()
    sectors = read_sectors(INPUTS, REPOSITORY, problems)
    found = vocabulary(sectors, read_catalogue(INPUTS, REPOSITORY, problems, Space()))
    problems.stop_if_any()
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(INPUTS).as_posix())
def test_a_name_of_nothing_is_told_in_every_column_of_names(path: Path, known: Vocabulary) -> None:
    model = model_of(path)
    rows = read_table(path, model, Problems(), REPOSITORY)
    for column in naming(model):
        row = next((row for row in rows if getattr(row, column)), None)
        if row is not None:
            spoilt = row.model_copy(update={column: NOWHERE}).at(Place("t", 2))
            told = Problems()
            check_names([row, spoilt], known, told)
            assert [p.place for p in told.found] == [Place("t", 2, path=column)], column
            assert NOWHERE in told.found[0].text()


@pytest.mark.parametrize(
    "model", sorted({*TABLES.values()}, key=str), ids=lambda model: model.__name__
)
def test_every_column_of_ids_says_what_it_names(model: type[Row]) -> None:
    """A new column of texts says what may stand in it, or that its names are given there."""
    texts = {n for n, field in model.model_fields.items() if field.annotation is str}
    listed = {n for n in texts if takes_some_words(model.model_fields[n])}
    left = texts - listed - naming(model).keys() - {*FREE} - TEXTS - CHECKED_BY_OWN - GIVES
    assert left <= ({"source", "technology", "sector"} if model in GIVING else set())
