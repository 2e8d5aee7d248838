"""Concentration targets from the scenario file to the run folder, with hand-worked numbers.

Two sources, two measures, two receptors. Without measures the school has 10 + 1000 * 0.02 + 500 *
0.01 = 35 ug/m3. The mill's filter takes 4 ug/m3 there for 160,000 yuan (40,000 each), the kiln's
16 for 800,000 (50,000 each), though a ton costs 400 and 1000 yuan.
"""

from pathlib import Path

import pandas as pd
import pytest

from integration.workbench import Finished, call

INVENTORY = "source,pollutant,value,unit\nkiln,TSP,1000,t\nmill,TSP,500,t\n"
MEASURES = """measure,source,pollutant,reduction,unit,cost_per_year,cost_unit
kiln-filter,kiln,TSP,80,%,800000,yuan
mill-filter,mill,TSP,80,%,160000,yuan
"""
TRANSFER = """receptor,source,pollutant,value,unit,basis
school,,,10,ug/m3,measured
school,kiln,TSP,0.02,ug/m3/t,derived
school,mill,TSP,10,ug/m3/kt,
town,,,8,ug/m3,
town,kiln,TSP,0.005,ug/m3/t,
town,mill,TSP,0.03,ug/m3/t,
"""
HEAD = """name: receptors
title: {en: Receptors, zh: 受体点}
finished: {inventory: inventory.csv, measures: measures.csv, transfer: transfer.csv}
base_year: 2020
last_year: 2020
economics: {price_year: 2020, discount_rate: 0 %}
targets:
"""
LIMIT = "at_most: 25 ug/m3"


def target(name: str, limit: str, receptor: str = "school") -> str:
    return (
        f"  - {{id: {name}, clause: [c], indicator: concentration, receptor: {receptor},"
        f" year: 2020, bindingness: binding, {limit}}}\n"
    )


def project(folder: Path, *targets: str) -> Path:
    tables = {"inventory": INVENTORY, "measures": MEASURES, "transfer": TRANSFER}
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    path = folder / "receptors.yaml"
    path.write_text(HEAD + "".join(targets), encoding="utf-8")
    return path


def run(folder: Path, *targets: str) -> Finished:
    path = project(folder, *targets)
    answer = call("run", str(path), "--no-charts", "--out", str(folder / "runs"))
    return Finished(answer, folder / "runs" / "receptors")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return run(tmp_path_factory.mktemp("school"), target("air", LIMIT))


def levels(run: Finished) -> dict[str, float]:
    table = run.table("measures")
    return table[table["case"] == "least_cost"].set_index("measure")["level"].to_dict()


def test_cheapest_per_ug_goes_first(school: Finished) -> None:
    # 10 ug/m3 to cut: 4 by the mill, the other 6 are 6/16 of the kiln's filter
    assert (school.answer.code, school.answer.err) == (0, "")
    assert levels(school) == pytest.approx({"mill-filter": 1.0, "kiln-filter": 6 / 16})
    assert school.summary["cost"]["by_case"]["least_cost"] == pytest.approx(160e3 + 300e3)


def test_target_has_its_values_price_and_most(school: Finished) -> None:
    (found,) = school.summary["targets"]
    assert found["value"] == pytest.approx({"baseline": 35.0, "least_cost": 25.0})
    assert (found["unit"], found["places"]) == ("ug/m3", ["school"])
    assert found["max_feasible"] == pytest.approx(35 - 20)
    assert found["shadow_price"] == pytest.approx(50e3)
    assert found["shadow_price_unit"] == "yuan/a/(ug/m3)"
    assert "air in school (ug/m3)" in school.answer.out


def test_run_tells_background_and_sources_with_their_ranges(school: Finished) -> None:
    table = school.table("concentrations")
    here = table[(table["case"] == "baseline") & (table["receptor"] == "school")]
    found = here.set_index("component")[["low", "value", "high"]]
    assert found.loc["background"].tolist() == pytest.approx([7.0, 10.0, 13.0])
    assert found.loc["kiln"].tolist() == pytest.approx([14.0, 20.0, 26.0])
    assert found.loc["total"].tolist() == pytest.approx([24.5, 35.0, 45.5])
    basis = here.set_index("component")["basis"].to_dict()
    assert basis == {
        "total": "assumed", "background": "measured", "kiln": "derived", "mill": "assumed"
    }  # fmt: skip
    town = table[(table["case"] == "least_cost") & (table["receptor"] == "town")]
    # 8 + (1000 - 300) * 0.005 + 100 * 0.03
    assert town.set_index("component").loc["total", "value"] == pytest.approx(14.5)
    assert school.table("targets")["receptor"].tolist() == ["school", "school"]


def test_other_copies_of_the_run_read_the_same_table(school: Finished, tmp_path: Path) -> None:
    again = call("run", str(school.folder / "scenario.yaml"), "--no-charts", "--out", str(tmp_path))
    other = Finished(again, tmp_path / "receptors")
    assert other.manifest["content_id"] == school.manifest["content_id"]
    assert "transfer.csv" in other.manifest["inputs_sha256"]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("reduce_by: 20 %, relative_to: 2020", 28.0),  # 0.8 * 35: of the whole, background too
        ("reduce_by: 10 ug/m3, relative_to: baseline", 25.0),
        ("at_most: 0.025 mg/m3", 25.0),
    ],
)
def test_limits_may_be_written_in_several_ways(limit: str, expected: float, tmp_path: Path) -> None:
    found = run(tmp_path, target("air", limit)).summary["targets"][0]
    assert found["limit"] == pytest.approx(expected)
    assert found["value"]["least_cost"] == pytest.approx(expected)


def test_limits_at_two_receptors_hold_together(tmp_path: Path) -> None:
    # town: 8 + 5 + 15 = 28; 27 - 4 by the kiln is not enough for 16: the mill's 12 are needed
    found = run(tmp_path, target("air", LIMIT), target("town-air", "at_most: 15 ug/m3", "town"))
    values = {t["id"]: t["value"]["least_cost"] for t in found.summary["targets"]}
    assert values["air"] == pytest.approx(25.0)
    assert values["town-air"] == pytest.approx(14.5)


def test_limit_below_what_can_be_had_is_explained(tmp_path: Path) -> None:
    found = run(tmp_path, target("air", "at_most: 12 ug/m3"))
    assert found.answer.code == 3
    assert found.summary["targets"][0]["max_feasible"] == pytest.approx(15.0)


@pytest.mark.parametrize("name", ["air", "town"])
def test_curves_are_drawn_of_targets_and_receptors(name: str, tmp_path: Path) -> None:
    path, out = project(tmp_path, target("air", LIMIT)), tmp_path / "curve"
    answer = call("frontier", str(path), "--target", name, "--out", str(out), "--no-charts")
    assert answer.code == 0, answer.err
    table = pd.read_csv(out / "tables" / "frontier.csv")
    kinks = table[table["kind"] == "kink"]["value"].tolist()
    # school: 35 - 4 - 16; town: 28 - 12 - 4; the mill is the cheaper one at both
    expected = [35.0, 31.0, 15.0] if name == "air" else [28.0, 16.0, 12.0]
    assert kinks == pytest.approx(expected)


def test_reasons_of_a_measure_name_the_worth_at_the_receptor(tmp_path: Path) -> None:
    path = project(tmp_path, target("air", LIMIT))
    answer = call("optimise", str(path), "--explain", "kiln-filter")
    assert answer.code == 0, answer.err
    assert "It serves air: 16 ug/m3 less per unit" in answer.out
