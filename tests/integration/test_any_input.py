"""Anything in the place of what a user writes: answered in words, never by a traceback.

Values of scenarios and of mappings, cells of tables and options of commands are drawn from what is
nasty, from what is nearly right and from what stands elsewhere in the same file. ``pytest
--hypothesis-profile=search --hypothesis-seed=N`` looks for new ones.
"""

import copy
import csv
import io
import math
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from integration.test_changed_scenarios import INVENTORY, MEASURES, SCENARIO, holder, parts
from integration.workbench import UNSAMPLED, Answer, call
from lantian.cli import COMMANDS, group
from lantian.scenario.nodes import Path_

SEARCH = not settings.default.derandomize  # type: ignore[union-attr]
"""Whether new faults are looked for."""


def tries(n: int) -> settings:
    """Return how often something is tried: n times in the suite, many more in a search."""
    return settings(
        max_examples=50 * n if SEARCH else n,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


HUGE = 10**30
NASTY: tuple[Any, ...] = (
    *(None, "", True, False, 0, 1, -1, 2025, HUGE, 0.5, 1e300, 1e-300, math.inf, math.nan),
    *([], {}, [None], [[]], ["a", "a"], {"a": 1}, {1: 2}, {None: None}, {"en": "a", "zh": "b"}),
    *("5 %", "-5 %", "0 %", "100 %", "1e400 t", "5 parsec", "25 %%", "0.5 t/a", "3 yuan/t"),
    *("1e999999999", "0e999999999", "٣ t", "１２", "-", "合计", "2024", "2024-2026", "all", "plan"),
    *("../../x", "=1+1", "[red]", "\u202e", "{a}", "a\nb", "'", "#", "\u2028", "é" * 300),
)
"""What nobody means, and what means something elsewhere."""
TEXTS = [value for value in NASTY if isinstance(value, str)]


def answered(answer: Answer) -> None:
    """Hold an answer against what every one must be: done, or problems that are told."""
    assert answer.code in (0, 2, 3)
    assert (answer.code == 2) == bool("nothing was written" in answer.err or "Error" in answer.err)


# --- scenarios -----------------------------------------------------------------------------------


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def changed(data: Any, path: Path_, value: Any) -> Any:
    """Return data with another value at a path; as it is where something above is gone."""
    own = copy.deepcopy(data)
    try:
        holder(own, path)[path[-1]] = copy.deepcopy(value)
    except (KeyError, IndexError, TypeError):
        return data
    return own


@cache
def spots(text: str) -> list[Path_]:
    return list(parts(loaded(text)))


def documents(text: str, most: int = 3) -> st.SearchStrategy[Any]:
    """Return a document with some parts in which anything stands."""
    data = loaded(text)
    others = [copy.deepcopy(holder(data, path)[path[-1]]) for path in spots(text)]
    values = st.sampled_from(NASTY) | st.sampled_from(others) | st.text(max_size=4)

    def spoilt(changes: list[tuple[Path_, Any]]) -> Any:
        found = data
        for path, value in changes:
            found = changed(found, path, value)
        return found

    pairs = st.tuples(st.sampled_from(spots(text)), values)
    return st.lists(pairs, min_size=1, max_size=most).map(spoilt)


def written(data: Any, path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        YAML(typ="safe", pure=True).dump(data, stream)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("any")
    (made / "inputs").mkdir()
    (made / "inventory.csv").write_text(INVENTORY, "utf-8")
    (made / "measures.csv").write_text(MEASURES, "utf-8")
    return made


@tries(20)
@given(documents(SCENARIO))
def test_any_values_in_a_scenario(folder: Path, data: Any) -> None:
    written(data, folder / "case.yaml")
    answered(call("check", "case.yaml", at=folder))


# --- tables --------------------------------------------------------------------------------------

FINISHED = {"inventory": INVENTORY, "measures": MEASURES}


def cells(text: str) -> list[list[Any]]:
    return [list(row) for row in csv.reader(io.StringIO(text))]


def spoilt_tables(text: str) -> st.SearchStrategy[list[list[Any]]]:
    """Return a table with some cells in which anything stands that a cell can hold."""
    rows = cells(text)
    every = sorted({cell for row in rows for cell in row})
    value = st.sampled_from([v for v in NASTY if not isinstance(v, list | dict) and v != HUGE])
    value = value | st.sampled_from(every) | st.text(max_size=4)
    spot = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows[0])))

    def spoilt(changes: dict[tuple[int, int], Any]) -> list[list[Any]]:
        found = [[*row, None] for row in rows]
        for (line, column), own in changes.items():
            found[line][column] = own
        return found

    return st.dictionaries(spot, value, min_size=1, max_size=4).map(spoilt)


def write_table(rows: list[list[Any]], path: Path) -> None:
    """Write a table as text or as a workbook, without what that cannot hold."""
    path.with_suffix({".csv": ".xlsx", ".xlsx": ".csv"}[path.suffix]).unlink(missing_ok=True)
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            try:
                sheet.cell(line, column, value)
            except (ValueError, openpyxl.utils.exceptions.IllegalCharacterError):
                continue
    book.save(path)


@tries(20)
@given(
    st.sampled_from(sorted(FINISHED)).flatmap(
        lambda table: st.tuples(st.just(table), spoilt_tables(FINISHED[table]))
    ),
    st.sampled_from([".csv", ".xlsx"]),
)
def test_any_cells_in_a_finished_inventory(
    tmp_path: Path, spoilt: tuple[str, list[list[Any]]], suffix: str
) -> None:
    for table, text in FINISHED.items():
        (tmp_path / f"{table}.csv").write_text(text, "utf-8")
    table, rows = spoilt
    write_table(rows, tmp_path / f"{table}{suffix}")
    case = SCENARIO.replace(f"{table}.csv", f"{table}{suffix}")
    (tmp_path / "case.yaml").write_text(case, "utf-8")
    answered(call("check", "case.yaml", at=tmp_path))


# --- mappings of somebody else's book -------------------------------------------------------------

BOOK = """\
行业,污染源,区县,SO2(t),NOx(kt)
工业,电厂,甲,3,4
工业,锅炉,甲,5,6
生活,散煤,乙,7,-
"""
MAPPING = """\
book: book.csv
format: ''
year: 2022
add_up: false
inventory:
  sheet: ''
  header: '1'
  names: {measure: '', sector: A, source: [B], area: C, pollutant: '', unit: '', year: '', group: ''}
  values:
  - {column: D, heading: SO2(t), pollutant: SO2, unit: t}
  - {column: E, heading: NOx(kt), pollutant: NOx, unit: kt, year: 2022}
  unit: t
  pollutant: SO2
  only: {A: 工业}
  leave_out: [锅炉]
  keep: [散煤]
measures:
  sheet: ''
  header: 1-2
  names: {measure: A, source: [B]}
  values: [{column: D, heading: SO2(t), pollutant: SO2, unit: '%'}]
  reach: {column: E, heading: NOx(kt), unit: '%'}
  cost: {column: E, heading: NOx(kt), unit: yuan}
"""  # noqa: E501 - a mapping as it is written
PLACES = ["0", "0-0", "3-1", "1-99999999999", "7", "A", "ZZZ", "XFD", "E", "1", "a-b", "1-", "b"]


@tries(20)
@given(documents(MAPPING) | documents(MAPPING, 1), st.sampled_from([".csv", ".xlsx"]), st.data())
def test_any_values_in_a_mapping(tmp_path: Path, data: Any, suffix: str, more: Any) -> None:
    shutil.rmtree(tmp_path / "scenarios", ignore_errors=True)
    write_table(cells(BOOK), tmp_path / f"book{suffix}")
    if more.draw(st.booleans()):
        path = more.draw(st.sampled_from(spots(MAPPING)))
        data = changed(data, path, more.draw(st.sampled_from(PLACES)))
    mapping = tmp_path / f"book{suffix}.import.yaml"
    written(data, mapping)
    answer = call("import", f"book{suffix}", "--name", "mine", at=tmp_path)
    answered(answer)
    assert (tmp_path / "scenarios").exists() == (answer.code == 0)


# --- options of commands --------------------------------------------------------------------------

GOOD = {
    **{"scenario": "case.yaml", "scenarios": "case.yaml", "folder": "runs/case"},
    **{"folders": "runs/case", "target": "nox", "against": "voc", "explain": "scr"},
    **{"book": "inventory.csv", "out": "out", "where": "least_cost > 0", "sort": "-name"},
    **{"cuts": "NOx 10 %", "name": "mine", "region": "case", "plan": "case", "path": "out.zip"},
    **{"samples": "40", "points": "3", "levels": "2", "jobs": "1", "to": "9 person"},
    **{"probability": "90", "optima": "1", "base_year": "2024", "ids": "marginal-cost"},
}
"""What is right for the parameter of a name."""
SLOW = ("run", "ensemble", "robust", "report", "brief", "frontier")
"""Commands that take seconds when all is right; a search calls them too."""


def leaves(command: click.Command, name: tuple[str, ...] = ()) -> Any:
    """Yield every command with the words it is called by."""
    if isinstance(command, click.Group):
        names = COMMANDS if not name else command.list_commands(click.Context(command))
        for own in names:
            found = command.get_command(click.Context(command), own)
            assert found is not None
            yield from leaves(found, (*name, own))
    if name:
        yield name, command


CALLS = [(name, command) for name, command in leaves(group) if SEARCH or not {*name} & {*SLOW}]
WORDS = st.sampled_from([*GOOD.values(), *TEXTS]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4
)


def words_for(parameter: click.Parameter) -> st.SearchStrategy[str]:
    """Return what may stand as the value of a parameter: mostly what is right for it."""
    right = getattr(parameter.type, "choices", None) or [GOOD.get(parameter.name or "", "1")]
    return st.integers(0, 3).flatmap(lambda n: st.sampled_from([*right]) if n else WORDS)


@st.composite
def command_lines(draw: Any) -> list[str]:
    """Return a command with some of its options, and anything as their values."""
    name, command = draw(st.sampled_from(CALLS))
    found = list(name)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            if parameter.name == "scheduler" or draw(st.integers(0, 2)):
                continue  # who is called over a network may let one wait
            found.append(parameter.opts[0])
            if parameter.is_flag:
                continue
        found.append(draw(words_for(parameter)))
    language = draw(st.sampled_from(["en", "zh"]))
    return ["--lang", language, *found]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run; ``pipes`` and folders stand where files should."""
    made = tmp_path_factory.mktemp("options")
    (made / "inputs").mkdir()
    for table, text in FINISHED.items():
        (made / f"{table}.csv").write_text(text, "utf-8")
    short, _, _ = SCENARIO.partition("set:")
    (made / "case.yaml").write_text(f"{short}{UNSAMPLED}", "utf-8")
    assert call("run", "case.yaml", "--no-charts", at=made).code in (0, 3)
    return made


@tries(20)
@given(command_lines())
def test_any_options(project: Path, words: list[str]) -> None:
    assert call(*words, at=project).code in (0, 2, 3, 4, 5)


@pytest.mark.parametrize(
    "words", [("import", ""), ("check", ""), ("report", "runs/case", "--out", "/")]
)
def test_a_path_without_a_name_is_told(project: Path, words: tuple[str, ...]) -> None:
    answer = call(*words, at=project)
    assert answer.code == 2
    assert "is no name of a file or a folder." in answer.err


def test_the_folder_at_hand_can_be_written_into(project: Path) -> None:
    here = project / "here"
    here.mkdir(exist_ok=True)
    answer = call("brief", "../runs/case", "--out", ".", at=here)
    assert answer.code == 0
    assert list(here.glob("*.html"))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("sheet: ''", "sheet: 清单", "6:3  inventory.sheet"),
        ("header: '1'", "header: '3-1'", "7:3  inventory.header"),
        ("header: '1'", "header: 1-9999999", "7:3  inventory.header"),
        ("source: [B]", "source: [1]", "8:44  inventory.names.source[0]"),
        ("only: {A: 工业}", "only: {1: 工业}", "14:10  inventory.only[1]"),
        ("year: 2022\nadd", "year: 20222\nadd", "3:1  year"),
    ],
)
def test_what_a_mapping_cannot_mean_is_told_at_its_key(
    old: str, new: str, place: str, tmp_path: Path
) -> None:
    (tmp_path / "book.csv").write_text(BOOK, "utf-8")
    text, _, _ = MAPPING.partition("measures:\n")
    assert old in text
    (tmp_path / "book.csv.import.yaml").write_text(text.replace(old, new, 1), "utf-8")
    answer = call("import", "book.csv", at=tmp_path)
    assert answer.code == 2
    assert answer.err.startswith(f"book.csv.import.yaml:{place}\n"), answer.err


def test_a_number_of_an_absurd_power_has_no_last_digit(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text("source,NOx (t/a) 2020\nkiln,0e999999999\nmill,2\n", "utf-8")
    assert call("import", "book.csv", "--yes", at=tmp_path).code == 0
