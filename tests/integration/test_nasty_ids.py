"""Ids may hold what stands between ids elsewhere: every command gives the numbers of plain ids."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from integration.workbench import Finished, call
from lantian.names import GroupName
from lantian.results.frame import no_formula

PLAIN = ("trucks", "boilers", "scrap", "retrofit", "burners", "nox", "pm", "old", "gas")
"""Two sources, three measures, two targets, a group of controls, a resource."""
NASTY = (
    "solvent shop [large]", "a / b: c", "RTO @ solvent shop [large]", "RTO", "x -> y",
    "a+b | c", "氮氧化物：1", 'old "one"', "gas < 3;",
)  # fmt: skip
COLUMNS = {
    "inventory": ("source", "sector", "pollutant", "value", "unit"),
    "measures": (
        "measure", "source", "pollutant", "reduction", "unit", "reach", "cost_per_year",
        "cost_unit", "group",
    ),
}  # fmt: skip


def write(folder: Path, name: Mapping[str, str]) -> Path:
    """Write scenario and tables with some names in the place of the plain ones."""
    tables = {
        "inventory": [
            (name["trucks"], "transport", "NOx", 3200, "t"),
            (name["trucks"], "transport", "PM2.5", 95, "t"),
            (name["boilers"], "energy", "NOx", 780, "t"),
        ],
        "measures": [
            (name["scrap"], name["trucks"], "NOx", 60, "%", "50 %", 19000, "万元", name["old"]),
            (name["scrap"], name["trucks"], "PM2.5", 70, "%", "50 %", 19000, "万元", name["old"]),
            (name["retrofit"], name["trucks"], "NOx", 70, "%", "40 %", 15000, "万元", name["old"]),
            (name["retrofit"], name["boilers"], "NOx", 30, "%", "90 %", 3000, "万元", ""),
            (name["burners"], name["boilers"], "NOx", 40, "%", "85 %", 1400, "万元", ""),
        ],
    }
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([COLUMNS[table], *rows])
    target = {"clause": ["c"], "indicator": "emission", "year": 2021, "bindingness": "binding"}
    scenario = {
        "name": "tried",
        "title": {"en": "Tried", "zh": "试"},
        "finished": {"inventory": "inventory.csv", "measures": "measures.csv"},
        "base_year": 2020,
        "last_year": 2021,
        "economics": {"price_year": 2020, "discount_rate": "5 %"},
        "commitments": [
            {
                "id": name["gas"], "measure": name["scrap"], "clause": ["c"], "level": "20 %",
                "of": "available", "from": 2021, "by": 2021, "bindingness": "binding",
                "credit": "printed",
            }
        ],
        "targets": [
            {"id": name["nox"], "pollutant": "NOx", "reduce_by": "30 %", "relative_to": 2020}
            | target,
            {"id": name["pm"], "pollutant": "PM2.5", "reduce_by": "10 %", "relative_to": 2020}
            | target,
        ],
        "optimise": {
            "bounds": [{"measure": name["burners"], "at_most": "80 %"}],
            "exclusive": [[name["scrap"], name["retrofit"]]],
            "requires": [{"measure": name["burners"], "needs": name["scrap"], "ratio": "300 %"}],
            "resources": [
                {
                    "id": name["gas"],
                    "at_most": "40 kt",
                    "uses": [{"measure": name["burners"], "amount": "60 kt"}],
                }
            ],
            "whole": [{"measure": name["retrofit"], "source": name["boilers"], "unit": "30 %"}],
        },
    }  # fmt: skip
    path = folder / "tried.yaml"
    path.write_text(json.dumps(scenario, ensure_ascii=False), encoding="utf-8")
    return path


def run(folder: Path, name: Mapping[str, str], *more: str) -> Finished:
    out = str(folder / "runs")
    answer = call("run", str(write(folder, name)), "--no-charts", "--out", out, *more)
    return Finished(answer, folder / "runs" / "tried")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    done = run(tmp_path_factory.mktemp("plain"), dict(zip(PLAIN, PLAIN, strict=True)))
    assert done.answer.code in (0, 3), done.answer.err
    assert done.table("whole_units")["number"].sum() > 0
    return done


def numbers(table: pd.DataFrame, unsorted: bool) -> pd.DataFrame:
    found = table.select_dtypes("number").drop(columns="iterations", errors="ignore")
    return found.sort_values(list(found), ignore_index=True) if unsorted else found


def check_run(done: Finished, plain: Finished, name: Mapping[str, str]) -> None:
    """The same tables, number by number, with the names put back."""
    assert done.answer.code == plain.answer.code, done.answer.err
    for path in sorted((plain.folder / "tables").glob("*.csv")):
        ours, theirs = done.table(path.stem), plain.table(path.stem)
        # States under packages of controls stand in the order of the controls' names, assumptions
        # that weigh the same in that of their keys.
        by_name = path.stem in ("activity", "assumptions")
        pd.testing.assert_frame_equal(
            numbers(ours, by_name), numbers(theirs, by_name), rtol=1e-9, atol=1e-9
        )
        if by_name:
            continue
        for column in {"measure", "source", "target", "aimed_at"} & set(theirs.columns):
            meant = theirs[column].map(name, na_action="ignore").fillna(theirs[column])
            expected = meant.map(no_formula)
            assert ours[column].tolist() == expected.tolist(), (path.stem, column)


def check_program(done: Finished, name: Mapping[str, str]) -> None:
    """Every symbol of the text stands for one thing."""
    text = (done.folder / "least-cost-2021.lp").read_text(encoding="ascii")
    table = pd.read_csv(done.folder / "least-cost-2021.names.csv", keep_default_na=False)
    assert table["symbol"].is_unique
    assert all(f"{symbol}" in text for symbol in table["symbol"])
    assert set(table.loc[table["family"] == "uptake", "measure"]) == {
        no_formula(name[m]) for m in ("scrap", "retrofit", "burners")
    }


@pytest.fixture
def nasty(tmp_path: Path) -> dict[str, str]:
    return dict(zip(PLAIN, NASTY, strict=True))


def test_a_run_with_nasty_ids_gives_the_same_numbers(
    nasty: dict[str, str], plain: Finished, tmp_path: Path
) -> None:
    done = run(tmp_path, nasty, "--save-lp")
    check_run(done, plain, nasty)
    check_program(done, nasty)


def test_names_are_printed_as_they_are(nasty: dict[str, str], tmp_path: Path) -> None:
    path = str(write(tmp_path, nasty))
    for language in ("en", "zh"):
        answer = call(
            "--lang", language, "optimise", path, "--ranges", "--alternatives", "--compare",
            "--explain", nasty["retrofit"],
        )  # fmt: skip
        assert answer.code in (0, 3), answer.err
        printed = "".join(answer.out.split())
        for measure in ("retrofit", "burners"):
            name = GroupName(nasty[measure], nasty["boilers"]).text(language, str)  # type: ignore[arg-type]
            assert "".join(name.split()) in printed
        assert "".join(nasty["nox"].split()) in printed


def test_the_curve_of_a_target_with_a_nasty_id_has_a_folder(
    nasty: dict[str, str], tmp_path: Path
) -> None:
    nasty["nox"] = "../a / b"
    (tmp_path / "inputs").mkdir()
    path = write(tmp_path, nasty)
    answer = call("frontier", str(path), "--target", nasty["nox"], "--no-charts")
    assert answer.code == 0, answer.err
    (folder,) = (tmp_path / "runs").iterdir()
    assert (folder / "tables" / "frontier.csv").is_file()


IDS = st.text(st.sampled_from("ab @/:->+<[]|;,'\"&%#{}炉"), min_size=1, max_size=8).filter(
    lambda text: text == text.strip()
)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(IDS, min_size=len(PLAIN), max_size=len(PLAIN), unique=True))
def test_any_ids_give_the_same_numbers(
    plain: Finished, tmp_path_factory: pytest.TempPathFactory, ids: list[str]
) -> None:
    name = dict(zip(PLAIN, ids, strict=True))
    done = run(tmp_path_factory.mktemp("any"), name, "--save-lp")
    check_run(done, plain, name)
    check_program(done, name)
