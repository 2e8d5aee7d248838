"""Faults in tables of air, months, townships and standards: all at once, each where it stands."""

import json
from pathlib import Path

from integration.workbench import Project, call, copy_project

DISTRICT = "inputs/regions/beijing/tongzhou"
CITY = "inputs/regions/beijing"
NATION = "inputs/regions/china"
STANDARDS = "inputs/standards"

CAP = """
targets:
  - {id: cap, clause: [tongzhou-2020-003], indicator: activity, activity: {driver: population},
     at_most: 1 %, year: 2020, bindingness: binding}
"""
"""A cap on what no measure changes."""


def spoil(own: Project, table: str, value: str, **keys: str) -> int:
    """Set a number and a range around it; return its line."""
    for column, text in (("low", f"{float(value) - 1}"), ("high", f"{float(value) + 1}")):
        own.set(table, column, text, **keys)
    return own.set(table, "value", value, **keys)[0]


def spoilt(folder: Path) -> tuple[Project, dict[str, int]]:
    """A project with one fault of each kind, and the line of each where it has one."""
    own = copy_project(folder)
    found = {}
    air = f"{DISTRICT}/air.csv"
    found[air] = spoil(own, air, "-8", indicator="pm10", year="2020")
    profiles = f"{CITY}/monthly_profiles.csv"
    found[profiles] = spoil(own, profiles, "35.89", profile="heating", month="1")
    townships = f"{DISTRICT}/townships.csv"
    found[townships], _ = own.set(
        townships, "township", "nowhere", parameter="kernel", township="beiyuan"
    )
    days = f"{NATION}/daily.csv"
    lines = own.lines(days)
    own.write(days, [line for line in lines if not line[0].startswith(("2015-07", "2015-08"))])
    found[days] = own.find(days, date="2015-01-01")
    points = f"{STANDARDS}/breakpoints.csv"
    found[points] = spoil(
        own, points, "9", standard="GB3095-2026", pollutant="PM2.5", sub_index="100"
    )
    polygons = f"{DISTRICT}/townships.geojson"
    known = dict.fromkeys(line[1] for line in own.lines(townships) if line[0] == "pm25")
    (own.root / polygons).write_text(outlines(list(known)[:-1]), encoding="utf-8")
    found[polygons] = 1
    scenario = "scenarios/tongzhou-2020.yaml"  # which that of 2021 starts from
    text = (own.root / scenario).read_text(encoding="utf-8")
    (own.root / scenario).write_text(text.replace("\ntargets:\n", CAP), encoding="utf-8")
    found[scenario] = text[: text.index("\ntargets:\n")].count("\n") + 4
    limits = f"{STANDARDS}/limits.csv"
    found[limits], _ = own.set(limits, "averaging", "", standard="GB3095-2012", pollutant="SO2")
    return own, found


def outlines(names: list[str]) -> str:
    """A square for each township, on one line."""
    corners = [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.0, 0.0)]
    features = [
        {
            "type": "Feature",
            "properties": {"township": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[116.5 + 0.01 * n + x, 39.8 + y] for x, y in corners]],
            },
        }
        for n, name in enumerate(names)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_every_fault_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    own, expected = spoilt(tmp_path)
    answer = call("check", "scenarios/tongzhou-2021.yaml", at=own.root)
    assert answer.code == 2
    for said in (
        "-8 ug/m3 is not plausible",
        "the shares of 'heating' add up to",
        "township 'nowhere' has no level of the base year.",
        "2015 has 303 days of",
        "break point 9 of sub-index 100 follows 35 of 50.",
        "averaging\n  this is missing.",
        "township 'yongledian' has no polygon.",
        "is left whatever measures do: other-use.",
    ):
        assert said in answer.err, answer.err
    for table, line in expected.items():
        plain = table if table.endswith(".geojson") else f"{table}:{line}"
        assert plain in answer.err, table
