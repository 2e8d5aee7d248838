"""What every table of inputs/ and every scenario keeps to, whoever adds it."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from integration.workbench import REPOSITORY, call
from lantian.errors import Problems
from lantian.indicators import registered
from lantian.inventory.contract import Sector
from lantian.inventory.layers import NO_REGIONS, find_layers
from lantian.inventory.sectors.heavy_industry import CAPACITY
from lantian.inventory.sources import read_sectors
from lantian.scenario.nodes import read_document

INPUTS = REPOSITORY / "inputs"
SCENARIOS = REPOSITORY / "scenarios"
PUBLISHED = sorted((SCENARIOS / "published").glob("*/*.csv"))
TABLES = [*sorted(INPUTS.rglob("*.csv")), *PUBLISHED]
FILES = sorted([*SCENARIOS.glob("*.yaml"), *(SCENARIOS / "published").glob("*.yaml")])
PLANS = sorted((INPUTS / "plans").glob("*/clauses.csv"))
NUMBERS = ("value", "unit", "low", "high", "basis", "source_key")
KEY_OF_JUDGEMENT = "assumption"


@cache
def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shown(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def numbers() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every row that holds a number, with its place."""
    for path in TABLES:
        for line, row in enumerate(rows(path), start=2):
            if "basis" in row:
                yield f"{shown(path)}:{line}", row


@cache
def data(path: Path) -> dict[str, Any]:
    problems = Problems()
    document = read_document(path, REPOSITORY, problems)
    problems.stop_if_any()
    return document.data


# --- sources and ranges --------------------------------------------------------------------------


def test_every_table_is_found() -> None:
    assert len([path for path in TABLES if "basis" in (rows(path) or [{}])[0]]) > 30


def test_sources_are_cited_once_and_in_words() -> None:
    listed = rows(INPUTS / "sources.csv")
    keys = [row["key"] for row in listed]
    assert len(keys) == len(set(keys))
    assert not [row["key"] for row in listed if not row["citation"].strip()]


def test_every_source_key_is_a_source() -> None:
    known = {row["key"] for row in rows(INPUTS / "sources.csv")}
    unknown = {
        (shown(path), row["source_key"])
        for path in TABLES
        for row in rows(path)
        if "source_key" in row and row["source_key"] not in known
    }
    assert not unknown


def test_every_source_is_used() -> None:
    """As the source of a number, or in the note that says how one was derived."""
    used = "\n".join(
        path.read_text(encoding="utf-8") for path in TABLES if path != INPUTS / "sources.csv"
    )
    assert not [row["key"] for row in rows(INPUTS / "sources.csv") if row["key"] not in used]


def test_every_number_has_unit_range_and_basis() -> None:
    bare = [
        place
        for place, row in numbers()
        if any(not row[name].strip() for name in NUMBERS if name in row)
    ]
    assert not bare


def test_assumed_numbers_have_a_range() -> None:
    without = [
        place
        for place, row in numbers()
        if row["basis"] == "assumed" and float(row["low"]) == float(row["high"]) != 0
    ]
    assert not without


def test_numbers_without_a_source_are_assumed() -> None:
    """Nothing published or measured rests on nobody's word."""
    wrong = [
        place
        for place, row in numbers()
        if row["source_key"] == KEY_OF_JUDGEMENT and row["basis"] in ("published", "measured")
    ]
    assert not wrong


def test_derived_and_assumed_numbers_say_how() -> None:
    silent = [
        place
        for place, row in numbers()
        if row["basis"] in ("derived", "assumed") and not row["note"].strip()
    ]
    assert not silent


# --- regions -------------------------------------------------------------------------------------


def regions() -> list[Path]:
    """Return the folders of all regions: those with a table of their own or with districts."""
    folders = {path.parent for path in (INPUTS / "regions").rglob("*.csv")}
    return sorted(f for f in folders if f.name not in NO_REGIONS)


@pytest.mark.parametrize("folder", regions(), ids=shown)
def test_a_region_holds_only_what_differs(folder: Path) -> None:
    """No row says what the region says that it extends, but in a series that goes on further.

    Rows that differ in the year alone take the place of those of the other region as a whole.
    """
    name = folder.relative_to(INPUTS / "regions").as_posix()
    _, *further = find_layers(INPUTS, name, REPOSITORY, Problems()).folders
    twice = []
    for path in [*folder.glob("*.csv"), *folder.glob("activity/*.csv")]:
        if path.stem != "extends":
            known = known_before(path.relative_to(folder), further)
            own = {series(row) for row in rows(path) if plain(row) not in known}
            twice += [
                f"{shown(path)}:{line}"
                for line, row in enumerate(rows(path), start=2)
                if plain(row) in known and series(row) not in own
            ]
    assert not twice


def series(row: dict[str, str]) -> tuple[str, ...]:
    """Return what the rows of a series share."""
    return tuple(v for k, v in row.items() if k not in (*NUMBERS, "note", "year"))


def plain(row: dict[str, str]) -> dict[str, object]:
    """Return a row with its numbers as numbers: 16000 and 1.6e+04 say the same."""
    return {k: float(v) if k in ("value", "low", "high") else v for k, v in row.items()}


def known_before(table: Path, folders: list[Path]) -> list[dict[str, object]]:
    """Return what a table would hold without the region's own rows: the nearest have their way."""
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for folder in reversed(folders):
        for row in rows(folder / table) if (folder / table).exists() else []:
            found[tuple(v for k, v in row.items() if k not in (*NUMBERS, "note"))] = plain(row)
    return [*found.values()]


@pytest.mark.parametrize("folder", regions(), ids=shown)
def test_rows_carry_their_year_and_names_do_not(folder: Path) -> None:
    parameters = (
        [row["parameter"] for row in rows(folder / "region.csv")]
        if (folder / "region.csv").exists()
        else []
    )
    assert not [name for name in (folder.name, *parameters) if re.search(r"(19|20)\d\d", name)]


def test_all_regions_are_extended_or_run() -> None:
    """A folder that nothing leads to is forgotten."""
    asked = {data(path)["region"] for path in FILES if "region" in data(path)}
    used = {
        folder
        for name in asked
        for folder in find_layers(INPUTS, name, REPOSITORY, Problems()).folders
    }
    assert used == set(regions())


# --- names ---------------------------------------------------------------------------------------


@cache
def sectors() -> tuple[Sector, ...]:
    problems = Problems()
    found = read_sectors(INPUTS, REPOSITORY, problems)
    problems.stop_if_any()
    return found


def ids() -> dict[str, set[str]]:
    """Return every id that a table, chart or message may show, by kind."""
    measures = INPUTS / "measures"
    aims = [t for path in FILES for t in data(path).get("targets", ())]
    targets = {t["id"] for t in aims if "label" not in t}
    forms = [t["indicator"] for t in aims if "indicator" in t]
    listed = {form["other"] for form in forms if isinstance(form, dict)}
    return {
        "sector": {s.id for s in sectors()} | {r["sector"] for r in published("inventory")},
        "source": {x.id for s in sectors() for x in s.sources}
        | {r["source"] for r in published("inventory")},
        "technology": {t for s in sectors() for x in s.sources for t in x.technologies},
        "control": {r["control"] for r in rows(INPUTS / "controls.csv")},
        "measure": {r["measure"] for r in rows(measures / "catalogue.csv")}
        | {r["measure"] for r in published("measures")},
        "target": targets,
        "indicator": {i.id for i in registered()} | listed,
        "driver": drivers(),
    }


def drivers() -> set[str]:
    tables = (INPUTS / "regions").rglob("drivers.csv")
    return {row["driver"] for path in tables for row in rows(path)}


def published(table: str) -> list[dict[str, str]]:
    return [row for path in PUBLISHED if path.stem == table for row in rows(path)]


@pytest.mark.parametrize("kind", list(ids()))
def test_every_id_has_a_name_in_both_languages(kind: str) -> None:
    labels = {row["id"]: row for row in rows(INPUTS / "labels.csv")}
    without = {
        name
        for name in ids()[kind]
        if name not in labels or not labels[name]["en"].strip() or not labels[name]["zh"].strip()
    }
    assert not without


def test_a_driver_is_not_called_as_a_sector_is() -> None:
    """Numbers are named by the keys of their row: growth of freight is no number of a sector."""
    assert not drivers() & ids()["sector"]


def test_clauses_are_numbered_in_the_language_of_their_plan() -> None:
    numbers = {row["clause_no"] for path in PLANS for row in rows(path)}
    assert not [number for number in numbers if re.search("[A-Za-z]", number)]


def test_names_are_given_once() -> None:
    names = [row["id"] for row in rows(INPUTS / "labels.csv")]
    assert sorted(names) == sorted(set(names))


def test_catalogue_names_sectors_that_exist() -> None:
    known = {s.id for s in sectors()}
    wrong = {
        r["measure"]: r["sector"]
        for r in rows(INPUTS / "measures" / "catalogue.csv")
        if r["sector"] not in known
    }
    assert not wrong


def test_every_sector_has_sources() -> None:
    assert not [s.id for s in sectors() if not s.sources]


def test_sources_counted_by_capacity_exist() -> None:
    assert set(CAPACITY) <= ids()["source"]


def test_every_control_is_used() -> None:
    """By a measure, or as a package that some activity starts with."""
    used = {r["control"] for r in rows(INPUTS / "measures" / "applies.csv")}
    used |= {r["control"] for path in INPUTS.glob("regions/**/activity/*.csv") for r in rows(path)}
    assert {r["control"] for r in rows(INPUTS / "controls.csv")} <= used


# --- scenarios -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(call("schema").out)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_schema_accepts_our_scenarios(path: Path, validator: Draft202012Validator) -> None:
    plain = json.loads(json.dumps(data(path)))  # keys of a mapping are texts in JSON
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(plain)] == []


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("base_year", "2017"),
        ("targets", [{"id": "x"}]),
        ("nonsense", 1),
        ("title", "one language"),
    ],
)
def test_schema_refuses_what_the_program_refuses(
    key: str, wrong: object, validator: Draft202012Validator
) -> None:
    spoilt = json.loads(json.dumps(data(SCENARIOS / "tongzhou-2020.yaml"))) | {key: wrong}
    assert list(validator.iter_errors(spoilt))


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_scenario_has_no_problems(path: Path) -> None:
    answer = call("check", str(path))
    assert (answer.code, answer.err) == (0, "")
