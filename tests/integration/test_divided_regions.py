"""Areas from the tables to the run folder: a finished inventory, and a copy of a region."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import Finished, Project, call, copy_project

INVENTORY = """source,sector,area,pollutant,value,unit
kiln,industry,north,NOx,1000,t
mill,industry,south,NOx,500,t
cars,transport,south,NOx,300,t
"""
MEASURES = """measure,source,pollutant,reduction,unit,cost_per_year,cost_unit
kiln-filter,kiln,NOx,80,%,800000,yuan
mill-filter,mill,NOx,80,%,600000,yuan
small-cars,cars,NOx,50,%,300000,yuan
"""
SCENARIO = """name: two-areas
title: {en: Two areas, zh: 两个片区}
finished: {inventory: inventory.csv, measures: measures.csv}
base_year: 2020
last_year: 2020
economics: {price_year: 2020, discount_rate: 0 %}
"""


def run(folder: Path, text: str) -> Finished:
    for name, table in (("inventory", INVENTORY), ("measures", MEASURES)):
        (folder / f"{name}.csv").write_text(table)
    path = folder / "two-areas.yaml"
    path.write_text(SCENARIO + text, encoding="utf-8")
    answer = call("run", str(path), "--no-charts", "--out", str(folder / "runs"))
    return Finished(answer, folder / "runs" / "two-areas")


def target(name: str, limit: str, more: str = "") -> str:
    return (
        f"  - {{id: {name}, clause: [c], indicator: emission, pollutant: NOx, year: 2020,"
        f" bindingness: binding, {limit}{more}}}\n"
    )


def levels(run: Finished) -> dict[str, float]:
    table = run.table("measures")
    return table[table["case"] == "least_cost"].set_index("measure")["level"].to_dict()


def test_a_target_of_an_area_asks_for_measures_there(tmp_path: Path) -> None:
    # South has 800 t, 600 are left: the mill's filter takes 400 for 600,000, half of it is enough
    more = ", areas: [south]"
    found = run(tmp_path, "targets:\n" + target("south-cut", "at_most: 600 t/a", more))
    assert levels(found) == pytest.approx({"kiln-filter": 0, "mill-filter": 0.5, "small-cars": 0})
    (answer,) = found.summary["targets"]
    assert answer["value"] == pytest.approx({"baseline": 800.0, "least_cost": 600.0})
    assert (answer["places"], answer["shadow_price"]) == (["south"], pytest.approx(1500.0))
    assert "south-cut in south (t/a)" in found.answer.out
    assert set(found.table("targets")["areas"]) == {"south"}


def test_areas_and_sectors_of_a_target_hold_together(tmp_path: Path) -> None:
    # Of the industry of the south 500 t; 400 are left with a quarter of the mill's filter
    more = ", areas: [south], sectors: [industry]"
    found = run(tmp_path, "targets:\n" + target("cut", "reduce_by: 20 %, relative_to: 2020", more))
    assert found.summary["targets"][0]["base_value"] == pytest.approx(500.0)
    assert levels(found)["mill-filter"] == pytest.approx(0.25)


def test_emissions_by_area_add_up_to_those_of_the_inventory(tmp_path: Path) -> None:
    found = run(tmp_path, "targets:\n" + target("cut", "at_most: 900 t/a"))
    table = found.table("area_emissions")
    base = table[table["case"] == "baseline"].set_index(["area", "sector"])["value"]
    assert base.to_dict() == {
        ("north", "industry"): 1000.0,
        ("south", "industry"): 500.0,
        ("south", "transport"): 300.0,
    }
    least = table[table["case"] == "least_cost"]["value"].sum()
    assert least == pytest.approx(900.0)


def test_no_area_bears_more_of_the_cost_than_it_may(tmp_path: Path) -> None:
    # Kiln 1000 yuan/t, mill 1500, cars 2000. 900 t: 800 by the kiln, 100 by the mill; the north
    # would bear 800,000 of 950,000. At 60 %: 400 c k = 0.6 (c k + rest), with k t by the kiln and
    # 900 - k by the mill (at most 400): 1000 k = 0.6 (1000 k + 1500 (900 - k)) gives k = 623.08.
    rules = "optimise: {equity: {areas: 60 %}}\ntargets:\n"
    found = run(tmp_path, rules + target("cut", "at_most: 900 t/a"))
    k = 0.6 * 1500 * 900 / (400 + 900)
    assert levels(found)["kiln-filter"] == pytest.approx(k / 800)
    costs = found.table("area_costs")
    share = costs[costs["case"] == "least_cost"].set_index("area")["share"]
    assert share.to_dict() == pytest.approx({"north": 0.6, "south": 0.4})
    assert costs["borne"].sum() == pytest.approx(1000 * k + 1500 * (900 - k))


def test_a_run_without_areas_has_no_tables_of_them(run_plan: Callable[[str], Finished]) -> None:
    names = {path.stem for path in (run_plan("xincheng-2024").folder / "tables").iterdir()}
    assert not {"area_emissions", "area_costs", "concentrations"} & names


# --- a region ------------------------------------------------------------------------------------

AREAS = [
    ["area", "source", "value", "unit", "low", "high", "basis", "source_key", "note"],
    ["new-town", "", "60", "%", "50", "70", "assumed", "assumption", "for the test"],
    ["old-town", "", "40", "%", "30", "50", "assumed", "assumption", "for the test"],
    ["new-town", "home-coal", "5", "%", "1", "9", "assumed", "assumption", "for the test"],
    ["old-town", "home-coal", "95", "%", "91", "99", "assumed", "assumption", "for the test"],
]
TABLE = "inputs/regions/beijing/tongzhou/areas.csv"
VARIANT = """extends: tongzhou-2020.yaml
name: tongzhou-areas
samples: 0
uncertainty: {swings: false}
targets:
  - id: old-town-nox
    clause: [tongzhou-2020-003]
    indicator: emission
    pollutant: NOx
    areas: [old-town]
    reduce_by: 10 %
    relative_to: 2015
    year: 2020
    bindingness: binding
"""


@pytest.fixture
def divided(tmp_path: Path) -> Project:
    project = copy_project(tmp_path)
    project.write(TABLE, AREAS)
    (project.root / "scenarios" / "areas.yaml").write_text(VARIANT)
    return project


def test_areas_of_a_region_add_up_and_bear_targets(divided: Project) -> None:
    answer = call("run", "scenarios/areas.yaml", "--no-charts", at=divided.root)
    assert answer.err == ""
    found = Finished(answer, divided.root / "runs" / "tongzhou-areas")
    keys = ["case", "pollutant", "year"]
    whole = found.table("emissions").groupby(keys)["value"].sum()
    parts = found.table("area_emissions").groupby(keys)["value"].sum()
    np.testing.assert_allclose(parts.to_numpy(), whole[parts.index].to_numpy(), rtol=1e-12)
    nox = found.table("emissions").query("case == 'baseline' and pollutant == 'NOx'")
    coal = nox["source"] == "home-coal"
    there = float((nox["value"] * np.where(coal, 0.95, 0.4))[nox["year"] == 2020].sum())
    (target,) = [t for t in found.summary["targets"] if t["id"] == "old-town-nox"]
    assert target["value"]["baseline"] == pytest.approx(there)
    assert TABLE in found.manifest["inputs_sha256"]


def test_wrong_shares_are_told_with_the_scenarios_own_mistakes(divided: Project) -> None:
    divided.set(TABLE, "value", "50", area="old-town", source="")
    divided.edit("scenarios/areas.yaml", "[old-town]", "[old-twon]")
    answer = call("check", "scenarios/areas.yaml", at=divided.root)
    assert answer.code == 2
    assert f"{TABLE}:2:3  value\n  the shares of all other sources add up to 110.0%" in answer.err
    assert "'old-twon' is not an area." in answer.err
    assert "Did you mean 'old-town'?" in answer.err
