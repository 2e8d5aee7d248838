"""A plan of a city that nobody has encoded before, in a region that was borrowed just now.

The clauses are of the kinds that city plans of 2024 print: targets against 2020, turnover of
freight, containers that grow by a rate a year, cleaner trucks, passengers by mode.
"""

from pathlib import Path

import pytest

import lantian as lt
from integration.workbench import Project, call, copy_project

HEAD = """
extends: delta.yaml
name: {name}
title: {{en: {name}, zh: {name}}}
last_year: 2025
samples: 0
economics: {{price_year: 2024, discount_rate: 5 %}}
"""
COUNTED = ("indicator: activity, activity:", "indicator: activity-share, activity:")
TARGETS = {
    "level": "indicator: pm25, at_most: 28 ug/m3",
    "total against 2020": "indicator: emission, pollutant: NOx, reduce_by: 10 %,"
    " relative_to: 2020, was: 14 万吨",
    "some sources against 2020": "indicator: emission, pollutant: NOx, sources: ['*-truck*'],"
    " reduce_by: 12 %, relative_to: 2020, was: {value: 3 万吨, low: 2 万吨, high: 4 万吨}",
    "days": "indicator: heavy-pollution-ratio, at_most: 0.2 %",
    "coal against 2020": f"{COUNTED[0]} {{sources: [home-coal, rural-home, boiler, power-plant],"
    " technologies: ['coal-*', bulk-coal, clean-coal]}, reduce_by: 5 %, relative_to: 2020,"
    " was: 2000 万吨",
    "rail against 2020": f"{COUNTED[0]} {{sources: ['freight-*'], technologies: ['rail-*']}},"
    " rise_by: 10 %, relative_to: 2020, was: 8000 万吨",
    "boxes by a rate a year": f"{COUNTED[0]} {{sources: [freight-containers], technologies:"
    " ['rail-*', 'water*']}, rise_by: 10 %/a, relative_to: 2020, was: 15 万标箱",
    "steel by route": f"{COUNTED[1]} {{sources: [steel], technologies: ['electric*']}},"
    " at_least: 20 %",
    "trucks by standard": f"{COUNTED[1]} {{sources: ['*-truck*'], technologies: [battery,"
    " diesel-VI, gasoline-VI]}, at_least: 40 %",
    "turnover by mode": f"{COUNTED[1]} {{sources: ['freight-*'], technologies: ['rail-*',"
    " 'water*']}, unit: 亿吨公里, at_least: 30 %",
    "passengers by mode": f"{COUNTED[1]} {{sources: [transit]}}, of: {{sources: [transit, car]}},"
    " unit: 亿人公里, at_least: 20 %",
    "straw": f"{COUNTED[1]} {{driver: straw-produced, less: {{sources: [straw]}}}},"
    " of: {driver: straw-produced}, at_least: 95 %",
    "power from outside": "indicator: bought-power, at_most: 500 亿千瓦时",
    "no number": "indicator: {other: vapour-recovery, unit: '1', reason: no number is printed}",
}
COMMITMENTS = {
    "share of new": "measure: zev-new-bus, level: 80 %, of: new",
    "turnover": "measure: freight-to-rail, sources: [freight-works], level: 3 亿吨公里",
    "steam tonnes": "measure: boilers-to-10-closed, level: 300 蒸吨/小时",
    "passengers": "measure: green-travel, level: 5 亿人公里",
    "basically all": "measure: nrmm-retire-old, level: 100 %, of: available",
}
WRONG = {
    "indicator: activity-share, activity: {sources: [steel]}, at_least: 120 %": "more than all",
    "indicator: activity, activity: {sources: [boiler]}, at_most: 3 km": "turns that into km",
    "indicator: activity, activity: {sources: [boilr]}, at_most: 3 t": "Did you mean 'boiler'?",
    "indicator: activity, activity: {driver: gpd}, at_most: 3 t": "Did you mean 'gdp'?",
    "indicator: activity, activity: {sources: [steel], technologies: [bof]}, at_most: 3 t":
        "none of the sources that are chosen has 'bof'",
    "indicator: activity, activity: {sources: [steel]}, reduce_by: 5 %, relative_to: 2020,"
    " unit: t": "as 'was: 120 t'",
    "indicator: activity, activity: {sources: [steel]}, reduce_by: 5 %, relative_to: 2020,"
    " unit: t, was: 5 km": "not a unit of the same kind",
    "indicator: emission, pollutant: NOx, reduce_by: 10 %, relative_to: 2020, was: 14 m":
        "not a unit of the same kind",
    "indicator: emission, pollutant: NOx, reduce_by: 10 %/a, relative_to: baseline":
        "needs relative_to a year",
    "indicator: emission, pollutant: NOx, projects: {kiln: 5 km}": "not a unit of the same kind",
    "indicator: bought-power, at_most: 80 亿千瓦": "not a unit of the same kind",
}  # fmt: skip
WRONG_COMMITMENTS = {
    "measure: zev-new-bus, level: 120 %, of: new": "not between 0 % and 100 %",
    "measure: freight-to-rail, level: 3 km2": "turns that into km2",
    "measure: freight-to-rial, level: 30 %, of: total": "Did you mean 'freight-to-rail'?",
    "measure: shore-power, level: 3 万标箱, schedule: {2024: 5 %, 2025: 3 万标箱}":
        "not a unit of the same kind",
}  # fmt: skip


def scenario(project: Project, name: str, targets: list[str], commitments: list[str]) -> Path:
    ends = {"t": "year: 2025, bindingness: approx", "c": "from: 2024, by: 2025,"
            " bindingness: approx, credit: printed"}  # fmt: skip
    parts = {"t": ("targets", targets), "c": ("commitments", commitments)}
    text = HEAD.format(name=name)
    for kind, (part, lines) in parts.items():
        text += f"{part}:\n" if lines else ""
        for i, line in enumerate(lines):
            text += f"  - {{id: {kind}{i}, clause: [x], {line}, {ends[kind]}}}\n"
    path = project.root / "scenarios" / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    found = copy_project(tmp_path_factory.mktemp("delta"))
    size = ("--scale", "population", "--to", "955 万人", "--base-year", "2023")
    answer = call("region", "new", "delta", "--from", "north-city", *size, at=found.root)
    assert (answer.code, answer.err) == (0, "")
    return found


def test_clauses_of_plans_since_2024_are_said_and_computed(project: Project) -> None:
    path = scenario(project, "said", [*TARGETS.values()], [*COMMITMENTS.values()])
    answer = call("check", str(path), at=project.root)
    assert (answer.code, answer.err) == (0, ""), answer.err
    study = lt.load(path)
    named = dict(zip(TARGETS, study.targets, strict=True))
    assert not named.pop("no number").computed
    for name, target in named.items():
        assert target.computed, name
        assert target.limit > 0.0, name
        assert target.asked or name == "days", name  # a limit of the mix, but for days
    assert named["boxes by a rate a year"].limit == pytest.approx(15.0 * 1.1**5)
    levels = study.levels(study.space.central())
    assert (levels.max(axis=1) > 0.0).all()


def test_what_is_wrong_in_them_is_told_at_once_each_at_its_line(project: Project) -> None:
    """All that the reading of a line can tell first; then all that needs tables."""
    left = {"targets": dict(WRONG), "commitments": dict(WRONG_COMMITMENTS)}
    for _ in range(3):  # what cannot be read is told before what cannot be found
        lines = {part: [*own] for part, own in left.items()}
        path = scenario(project, "wrong", lines["targets"], lines["commitments"])
        answer = call("check", str(path), at=project.root)
        assert answer.code == 2
        blocks = answer.err.split("scenarios/wrong.yaml:")[1:]
        for part, own in left.items():
            for i, line in enumerate(lines[part]):
                told = [b for b in blocks if f"{part}[{i}]" in b.split("\n")[0]]
                if any(own[line] in b for b in told):
                    del own[line]
        if not any(left.values()):
            break
    assert not any(left.values()), left
