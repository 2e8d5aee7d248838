"""The template runs as it stands, meets its own checks and loses no tonne, no heat and no power."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lantian as lt
from integration.workbench import Finished, Project, call
from lantian.core.projection import Projection
from lantian.indicators.contract import Subject
from lantian.study.model import Study
from lantian.vocabulary import OF_TARGET

TEMPLATE = "template-2026-2030"
QUICK = f"""
extends: {TEMPLATE}.yaml
name: quick
samples: 0
uncertainty: {{swings: false}}
targets:
  - {{id: small-boilers-fall, clause: [national-2023-031], indicator: activity, falls: true,
     activity: {{sources: [boiler], technologies: [coal-10-35]}}, unit: GJ,
     relative_to: 2025, year: 2030, bindingness: binding}}
  - {{id: by-projects, clause: [national-2023-005], indicator: emission, pollutant: NOx,
     projects: {{kiln: 300 t, boilers: 0.2 kt/a}}, year: 2030, bindingness: binding}}
  - {{id: power-within, clause: [national-2023-042], indicator: bought-power,
     rise_within: 12 %/a, relative_to: 2025, year: 2030, bindingness: binding}}
  - {{id: electric-buses, clause: [national-2023-047], indicator: activity-share,
     activity: {{sources: [bus-other], technologies: [battery]}}, at_least: 60 %, year: 2030,
     bindingness: binding}}
"""
FORMS = ("small-boilers-fall", "by-projects", "power-within", "electric-buses")
"""Targets of the forms that the template itself has not."""
CONSERVED = {
    "freight-works": "tonnes of works",
    "freight-mines": "tonnes of mines",
    "freight-port": "tonnes of the port",
    "freight-city": "tonnes of the city",
    "freight-containers": "containers",
    "terminal-machine": "tonnes handled",
    "ship-berth": "power at berth",
    "aircraft-stand": "cycles",
    "steel": "steel",
    "power-plant": "power of own plants, or bought in its place",
    "renewable-power": "potential of sun and wind",
}
"""What no measure makes more or less: it only goes another way."""


@pytest.fixture(scope="module")
def template(home: Project, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Without samples and swings: what the mix and the plan do is the same."""
    scenario = home.root / "scenarios" / "quick.yaml"
    scenario.write_text(QUICK, encoding="utf-8")
    out = tmp_path_factory.mktemp("template")
    answer = call("run", "scenarios/quick.yaml", "--no-charts", "--out", str(out), at=home.root)
    scenario.unlink()
    return Finished(answer, Path(out) / "quick")


@pytest.fixture(scope="module")
def held(template: Finished) -> Mapping[str, pd.DataFrame]:
    """Activity of each case, by source, technology and year."""
    table = template.table("activity")
    return {str(case): own for case, own in table.groupby("case")}


def test_it_runs_and_the_plan_meets_what_binds(template: Finished) -> None:
    assert template.answer.code == 0, template.answer.err
    table = template.table("targets")
    plan = table[(table["case"] == "plan") & table["bindingness"].isin(["binding", "approx"])]
    assert len(plan) >= 8
    assert plan["met"].all(), plan


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_target_is_a_limit_of_the_mix(template: Finished, form: str) -> None:
    table = template.table("targets")
    best = table[(table["case"] == "least_cost") & (table["target"] == form)]
    assert len(best) == 1
    assert best["met"].all(), best


def test_the_screen_holds_many_targets(template: Finished) -> None:
    """Of 17 targets those that every case meets stand in a line, the others in the table."""
    screen = template.answer.out
    assert len(screen.splitlines()) <= 40
    easy = " ".join(screen.split("Met in every case (tables/targets.csv): ")[1].split())
    names = template.table("labels").set_index("id")["en"]
    for target in (t for t in template.summary["targets"] if t["computed"]):
        name = str(names.get(OF_TARGET + target["id"], names.get(target["id"], target["id"])))
        assert (name in easy.split(" The plan ")[0]) == all(target["met"].values()), name


@pytest.mark.parametrize("source", CONSERVED)
def test_what_is_demanded_is_moved(held: Mapping[str, pd.DataFrame], source: str) -> None:
    """Tonnes moved = tonnes demanded, in every case and year."""
    demand = held["baseline"]
    demand = demand[demand["source"] == source].groupby("year")["value"].sum()
    assert (demand > 0.0).all()
    for case, table in held.items():
        moved = table[table["source"] == source].groupby("year")["value"].sum()
        for year in moved.index:
            assert moved[year] == pytest.approx(demand[year], rel=1e-9), (case, year)


def test_the_plan_takes_freight_off_the_road(held: Mapping[str, pd.DataFrame]) -> None:
    last = {
        case: own[(own["year"] == 2030) & own["source"].str.startswith("freight-")]
        for case, own in held.items()
    }

    def by_truck(case: str) -> float:
        trucks = last[case]["technology"].str.startswith("road-diesel")
        return float(last[case].loc[trucks, "value"].sum())

    assert by_truck("plan") < 0.7 * by_truck("baseline")


def test_trucks_that_do_not_drive_save_exhaust_and_road_dust(template: Finished) -> None:
    """By what leaves the road, of works and mines alike: gases and the dust of the roads."""
    table = template.table("emissions")
    table = table[(table["year"] == 2030) & (table["source"] == "freight-works")]
    emitted = table.pivot_table(index="pollutant", columns="case", values="value")
    saved = emitted["baseline"] - emitted["plan"]
    assert (saved[["NOx", "CO2", "PM2.5", "PM10", "TSP"]] > 0.0).all()
    assert saved["TSP"] > 5.0 * saved["PM2.5"]  # dust of roads is coarse, exhaust is not


def test_freight_and_fleet_share_one_traffic(home: Project) -> None:
    """Kilometres of heavy trucks on roads and for freight are those that the fleet drives."""
    scenario = home.root / "scenarios" / "shared.yaml"
    scenario.write_text(QUICK.replace("quick", "shared"), encoding="utf-8")
    study = lt.load(scenario)
    path = home.root / "inputs/regions/north-city/hauls.csv"
    before = path.read_text(encoding="utf-8")
    alone = "\n".join(line for line in before.split("\n") if "in-heavy-truck" not in line)
    path.write_text(alone, encoding="utf-8")
    try:
        whole = lt.load(scenario)
    finally:
        path.write_text(before, encoding="utf-8")
        scenario.unlink()
    base = study.system.years.index(2025)

    def amount(held: Study, source: str) -> float:
        at = held.system.sources.id.index(source)
        own = held.system.states.source == at
        return float(held.system.baseline[own, base].sum())

    trucks = amount(study, "heavy-truck"), amount(whole, "heavy-truck")
    assert trucks[1] == pytest.approx(19000.0)
    carried = {"freight-works": 45 / 16.5, "freight-mines": 40 / 16.5, "freight-port": 60 / 16.5,
               "freight-containers": 50 / 1.105}  # fmt: skip
    by_road = {
        source: float(
            study.system.baseline[
                [
                    study.system.sources.id[s] == source and t.startswith("road-")
                    for s, t in zip(
                        study.system.states.source, study.system.states.technology, strict=True
                    )
                ],
                base,
            ].sum()
        )
        for source in carried
    }
    freight = 0.95 * sum(by_road[source] * km for source, km in carried.items())
    assert (trucks[1] - trucks[0]) * 60000.0 * 0.4 == pytest.approx(freight, rel=1e-6)
    roads = sum(amount(whole, s) - amount(study, s) for s in whole.system.sources.id
                if s.startswith("road-") and s != "road-unpaved")  # fmt: skip
    assert roads == pytest.approx(freight, rel=1e-6)


def test_coal_drawn_is_the_coal_that_the_cap_counts(home: Project) -> None:
    """The balance of coal and the target on coal, which take other tables, are one sum."""
    study = lt.load(home.root / "scenarios" / f"{TEMPLATE}.yaml")
    balance = study.indicators["bought-coal"].fitted
    cap = next(t for t in study.targets if t.target.id == "coal-cut")
    assert cap.row is not None
    assert cap.row.activity is not None
    rows = balance.rows(Subject(), cap.target.year)
    assert rows is not None
    assert rows[0].activity is not None
    states = study.system.states
    counted = [study.system.sources.id[s] != "town-heating" for s in states.source]
    np.testing.assert_allclose(rows[0].activity[counted, 0], cap.row.activity[counted, 0])


def test_power_drawn_is_power_supplied(template: Finished) -> None:
    """What is bought is the rest; what the plan electrifies draws, sun and wind supply."""
    table = template.table("indicators")
    power = table[table["indicator"] == "bought-power"].pivot_table(
        index=["case", "year"], columns="component", values="value"
    )
    drawn = power.drop(columns=["total", "own-supply"]).sum(axis=1)
    supplied = power["total"] - power["own-supply"]
    assert (power["own-supply"] < 0.0).all()
    assert supplied.to_numpy() == pytest.approx(drawn.to_numpy(), rel=1e-9)
    plan, baseline = power.loc[("plan", 2030)], power.loc[("baseline", 2030)]
    assert plan["freight"] > baseline["freight"]
    assert plan["own-supply"] < baseline["own-supply"]
    assert plan["other-use"] == pytest.approx(baseline["other-use"])


def test_tonne_kilometres_are_tonnes_by_their_ways(home: Project) -> None:
    """Of the port by hand: 60 km of road, 80 of rail, 20 of water, 5 of belts, 9 t a container."""
    scenario = home.root / "scenarios" / "turnover.yaml"
    own = ("port", "boxes")
    share = "{id: port, clause: [national-2023-042], indicator: activity-share, unit: t*km,"
    boxes = "{id: boxes, clause: [national-2023-042], indicator: activity, at_most: 1 亿吨公里,"
    ending = "year: 2030, bindingness: approx}"
    scenario.write_text(
        f"extends: {TEMPLATE}.yaml\nname: turnover\nplan:\ntargets:\n"
        f"  - {share} activity: {{sources: [freight-port], technologies: ['rail-*', 'water*']}},"
        f" at_least: 30 %, {ending}\n"
        f"  - {boxes} activity: {{sources: [freight-containers], technologies: ['road-*']}},"
        f" {ending}\n",
        encoding="utf-8",
    )
    try:
        study = lt.load(scenario)
    finally:
        scenario.unlink()
    last, states = study.system.years.index(2030), study.system.states
    held: dict[tuple[str, str], float] = {}
    for amount, source, technology in zip(
        study.system.baseline[:, last], states.source, states.technology, strict=True
    ):
        key = study.system.sources.id[source], technology.partition("-")[0]
        held[key] = held.get(key, 0.0) + float(amount)
    way = {"road": 60.0, "rail": 80.0, "water": 20.0, "belt": 5.0}
    moved = {mode: held["freight-port", mode] * km for mode, km in way.items()}
    before = Projection(
        study.system.years, study.baseline[..., None], study.system.baseline[..., None]
    )
    value = {t.target.id: t.judge(before)[0] for t in study.targets if t.target.id in own}
    assert value["port"] == pytest.approx((moved["rail"] + moved["water"]) / sum(moved.values()))
    boxes = held["freight-containers", "road"] * 50.0 * 9.0
    assert value["boxes"] == pytest.approx(boxes / 1e8)


def test_an_amount_over_tonnes_and_containers_is_told_in_the_unit_it_is_written_in(
    home: Project, tmp_path: Path
) -> None:
    """Five million tonnes leave the road, of which containers are counted by the box."""
    scenario = home.root / "scenarios" / "rail.yaml"
    dropped = ["works-rail", "works-belt", "works-new-energy", "city-rail", "city-new-energy"]
    dropped += ["mines-rail", "port-rail", "port-new-energy"]
    scenario.write_text(
        f"extends: {TEMPLATE}.yaml\nname: rail\nplan:\nsamples: 0\nuncertainty: {{swings: false}}\n"
        f"drop: [{', '.join(dropped)}]\ncommitments:\n"
        "  - {id: rail, measure: freight-to-rail, clause: [national-2023-042], level: 500 万吨,\n"
        "     from: 2026, by: 2030, bindingness: binding, credit: printed}\n",
        encoding="utf-8",
    )
    answer = call("run", str(scenario), "--no-charts", "--out", str(tmp_path), at=home.root)
    scenario.unlink()
    assert answer.code in (0, 3), answer.err
    summary = Finished(answer, tmp_path / "rail").summary
    (told,) = (own for own in summary["levels"] if own["commitment"] == "rail")
    assert told["highest"] == pytest.approx(500.0, rel=1e-6)
