"""Declarations of tables and arrays: complete, in both languages, and each with its maker."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import cf_units
import pytest

from integration.workbench import REPOSITORY
from lantian.language import Text
from lantian.optimise.solve.check import Residuals
from lantian.plan.ledger import LedgerRow
from lantian.results import contract
from lantian.results.contract import (
    INDEXES,
    TABLES,
    VARIABLES,
    Column,
    Kind,
    Table,
    by_name,
    table,
    tables_of,
)
from lantian.results.tables.registry import Run, builders, builds

CHINESE = re.compile("[\u4e00-\u9fff]")
NAMES = ("IAMC", "Lantian")
EVERY = [(t, c) for t in TABLES.values() for c in t.columns]


def spoken() -> Iterator[tuple[str, Text]]:
    """Yield place and text of everything that a declaration says."""
    for declared in TABLES.values():
        for text in (declared.title, declared.means, declared.absent):
            if text is not None:
                yield declared.name, text
        for column in declared.columns:
            for text in (column.means, column.blank, column.infinite):
                if text is not None:
                    yield f"{declared.name}.{column.name}", text
    for variable in VARIABLES.values():
        yield variable.name, variable.means


def test_everything_is_said_in_both_languages() -> None:
    silent = [
        place for place, text in spoken() if not text.en.strip() or not CHINESE.search(text.zh)
    ]
    assert not [place for place in silent if place != "iamc.model"]


def test_a_text_in_chinese_has_no_english_sentence() -> None:
    without_code = ((place, re.sub("`.*?`", "", text.zh)) for place, text in spoken())
    assert not [place for place, text in without_code if re.search("[a-z]{3,} [a-z]{3,}", text)]


def test_every_table_of_a_run_has_one_function() -> None:
    assert set(builders()) == {declared.name for declared in tables_of("run")}


def test_a_table_made_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="emissions is made twice"):
        builds(contract.EMISSIONS)(lambda run: [])


def test_columns_that_hold_units_are_there_and_hold_texts() -> None:
    assert not [
        f"{t.name}.{c.name}" for t, c in EVERY if c.unit_in and t.column(c.unit_in).kind != "text"
    ]


def test_a_number_in_the_unit_of_a_column_has_one_whenever_it_is_there() -> None:
    """A unit may only be blank where all numbers that it belongs to are."""
    assert not [
        f"{t.name}.{c.name}"
        for t, c in EVERY
        if c.unit_in and t.column(c.unit_in).blank is not None and c.blank is None
    ]


def test_fixed_units_are_the_units_of_the_program() -> None:
    assert {c.unit for _, c in EVERY if c.unit} <= {
        "1",
        contract.PER_YEAR,
        "t/d",
        "ug/m3",
        "1/a",
        "a/a",
        f"{contract.MONEY}/a",
        f"{contract.MONEY}/a per unit of the target",
    }


def test_residuals_are_those_of_the_solver() -> None:
    assert all(hasattr(Residuals, name) or name in Residuals.__annotations__
               for name in contract.RESIDUAL_OF)  # fmt: skip


def test_the_ledger_is_declared_as_it_is_read() -> None:
    assert contract.CLAUSES.names == tuple(LedgerRow.model_fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "number"},
        {"kind": "id"},
        {"kind": "text", "unit": "t"},
        {"kind": "number", "unit": "t", "unit_in": "unit"},
        {"kind": "text", "labels": "case"},
    ],
    ids=str,
)
def test_a_column_that_contradicts_itself_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="column x: "):
        Column(name="x", means=Text("x", "x"), **wrong)  # type: ignore[arg-type]


def test_a_table_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        replace(contract.PROBLEMS, columns=contract.PROBLEMS.columns * 2)
    with pytest.raises(ValueError, match="no column year"):
        replace(contract.PROBLEMS, key=("year",))
    with pytest.raises(ValueError, match="problems is declared twice"):
        by_name([contract.PROBLEMS, contract.PROBLEMS])


def test_what_is_not_declared_is_not_found() -> None:
    with pytest.raises(LookupError, match="'emission'"):
        table("emission")
    with pytest.raises(LookupError, match=r"emissions\.csv has no column 'vale'"):
        contract.EMISSIONS.column("vale")
    with pytest.raises(LookupError, match="2020"):
        contract.EMISSIONS.column("2020")
    assert contract.IAMC.column("2020").kind == "number"


def test_every_kind_is_used() -> None:
    assert {c.kind for _, c in EVERY} == set(get_args(Kind))


@pytest.mark.parametrize("name", [n for n, v in VARIABLES.items() if v.kind != "text"])
def test_udunits_knows_the_units_of_the_arrays(name: str) -> None:
    assert cf_units.Unit(VARIABLES[name].unit).is_convertible(VARIABLES[name].unit)


def test_labels_name_every_dimension() -> None:
    dimensions = {d for v in VARIABLES.values() for d in v.dims}
    assert dimensions == {"case", "source", "pollutant", "year", "state", "move"}
    assert set(INDEXES) == dimensions - {"year", "move"}
    assert all(VARIABLES[label].dims == (d,) for d, label in INDEXES.items())


def test_the_readme_of_runs_agrees() -> None:
    done = subprocess.run(
        [sys.executable, "docs/tables.py", "--check"], cwd=REPOSITORY, check=False, timeout=60
    )
    assert done.returncode == 0, "run: python docs/tables.py"


def test_reading_the_declarations_needs_no_heavy_library() -> None:
    code = (
        "import sys, lantian.results.contract;"
        "print({'numpy', 'pandas', 'pydantic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_run_tells_little_of_itself(tiny_run: Run) -> None:
    assert "_made" not in repr(tiny_run)


def test_absence_must_be_declared(tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builders(), "problems", lambda run: None)
    with pytest.raises(AssertionError, match="problems is never absent"):
        tiny_run.find(contract.PROBLEMS)
    monkeypatch.setitem(builders(), "area_costs", lambda run: None)
    assert tiny_run.find(contract.AREA_COSTS) is None
    with pytest.raises(AssertionError, match="area_costs is absent"):
        tiny_run.table(contract.AREA_COSTS)


@pytest.fixture
def tiny_run() -> Run:
    return Run(study=None, results=None)  # type: ignore[arg-type]


def test_declarations_stand_still() -> None:
    with pytest.raises(AttributeError):
        contract.EMISSIONS.name = "x"  # type: ignore[misc]
    assert isinstance(contract.EMISSIONS, Table)
