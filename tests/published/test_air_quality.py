"""Air-quality index, composite index, limits and ranks against standards and bulletins."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lantian.errors import Problems
from lantian.plan.targets import Bound
from lantian.standards.aqi import (
    DAILY,
    daily_sub_indices,
    index_of_days,
    index_weights,
    percentile,
    primary_pollutants,
    ranks,
    sub_index,
)
from lantian.standards.tables import AVERAGINGS, SIX, Standard, read_standards, unit_of

ROOT, DATA = Path(__file__).parents[2], Path(__file__).parent / "data"
HOURS = {"24h": "day", "1h": "1h", "8h": "8h"}


@cache
def standards() -> dict[Any, Standard]:
    problems = Problems()
    found = read_standards(ROOT / "inputs", ROOT, problems)
    problems.stop_if_any()
    return dict(found)


OLD, NEW = standards()["GB3095-2012"], standards()["GB3095-2026"]


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


INDICATORS = {c["id"]: c for c in case("indicator_cases")["cases"]}
SUB_INDICES = case("cna01_iaqi_hj633_2012")


def composite_index(standard: Standard, values: dict[str, float], year: int) -> float:
    of_each = index_weights(standard, year)
    return float(sum(w * values[p] for w, p in zip(of_each, SIX, strict=True)))


@pytest.mark.parametrize("name", SUB_INDICES["expected"]["tests"])
def test_sub_indices_of_the_standard(name: str) -> None:
    pollutant, hours = name.split("_")
    for value, expected in SUB_INDICES["expected"]["tests"][name]:
        found = float(sub_index(OLD, pollutant, HOURS[hours], value))
        assert np.isnan(found) if expected is None else found == expected


def test_break_points_are_those_of_the_standard() -> None:
    for name, points in SUB_INDICES["inputs"]["breakpoints"].items():
        pollutant, hours = name.split("_")
        assert OLD.scales[pollutant, HOURS[hours]].concentration.tolist() == points


@pytest.mark.parametrize("name", ["aqi_hourly", "aqi_hourly_high"])
def test_index_of_an_hour_is_the_largest_sub_index(name: str) -> None:
    given = SUB_INDICES["expected"][name]
    pairs = [(key.split("_"), value) for key, value in given["values"].items()]
    each = np.array([sub_index(OLD, p, HOURS[h], value) for (p, h), value in pairs])
    assert float(index_of_days(OLD, each)) == given["aqi"]
    assert (primary_pollutants(OLD, each) > 0).sum() == given.get("primary", 1)


def test_2026_changes_two_cells_and_what_lies_above_the_top() -> None:
    changed = {
        pair: np.flatnonzero(OLD.scales[pair].concentration != scale.concentration).tolist()
        for pair, scale in NEW.scales.items()
        if (OLD.scales[pair].concentration != scale.concentration).any()
    }
    assert changed == {("PM2.5", "day"): [2], ("PM10", "day"): [2]}
    assert sub_index(NEW, "SO2", "1h", 900) == 200
    assert sub_index(NEW, "O3", "8h", 900) == 300
    assert sub_index(NEW, "PM2.5", "day", [60.5, 60.4, 61.5]).tolist() == [100, 100, 102]


@pytest.mark.parametrize("name", ["wuyuan", "daying"])
def test_composite_index_of_bulletins(name: str) -> None:
    (own,) = [c for c in case("cna03_composite_index_a")["inputs"]["cases"] if c["key"] == name]
    found = composite_index(OLD, own["values"], 2023)
    assert found == pytest.approx(own["published_index"], abs=own["tolerance"] + 1e-9)


@pytest.mark.parametrize(
    "name", ["std-g1_composite_baoji_2020_04", "std-g2_composite_shijiazhuang_2019_08"]
)
def test_composite_index_of_cities(name: str) -> None:
    for own in INDICATORS[name]["inputs"]["cases"]:
        found = composite_index(OLD, own["values"], 2020)
        assert found == pytest.approx(own["published_index"], abs=0.015)


def test_composite_index_of_the_bulletins_of_xixian() -> None:
    """Bulletins of 2018 and 2021: five new towns in their printed order, and the new area."""
    with (DATA / "bulletins_xixian.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {}
    for row in rows:
        index = composite_index(OLD, {p: float(row[p]) for p in SIX}, int(row["month"][:4]))
        assert index == pytest.approx(float(row["index"]), abs=0.015), row
        found[row["place"], row["month"]] = index
    order = sorted((v, place) for (place, _), v in found.items() if place != "Xixian")
    assert [p for _, p in order] == ["Konggang", "Qinhan", "Jinghe", "Fengxi", "Fengdong"]


def test_order_of_counties_and_ties() -> None:
    counties = INDICATORS["std-g1_composite_baoji_2020_04"]["inputs"]["cases"][1:]
    found = ranks([c["published_index"] for c in counties], 0.01)
    assert found == [c["published_rank"] for c in counties]
    districts = INDICATORS["std-g5_district_rank_aug_2021"]
    levels = districts["inputs"]["PM2.5"]
    of_each = dict(zip(levels, ranks(list(levels.values()), 1.0), strict=True))
    assert {name: of_each[name] for name in districts["expected"]["rank"]} == districts["expected"][
        "rank"
    ]


def test_percentile_rule() -> None:
    for example in case("cna05_percentile_rule")["inputs"]["examples"]:
        found = percentile(np.array(example["data"], dtype=float), 100 * example["p"])
        assert found == pytest.approx(example["expected"], abs=1e-12)


@pytest.mark.parametrize(
    ("key", "standard", "year"),
    [
        ("GB3095_2012_class2", OLD, 2020),
        ("GB3095_2026_class2_transition", NEW, 2028),
        ("GB3095_2026_class2_final", NEW, 2031),
    ],
)
def test_limits(key: str, standard: Standard, year: int) -> None:
    for name, value in case("cna06_standard_limits")["expected"][key].items():
        pollutant, averaging = name.split("_")
        assert standard.limit(pollutant, averaging, year) == value


def test_both_standards_limit_the_same_and_none_loosens() -> None:
    """A slip of a digit in one of them would break the order of classes, times or phases."""
    limits = {
        (r.standard, r.first_year, r.pollutant, r.averaging, r.grade): r.to(unit_of(r.pollutant))
        for standard in (OLD, NEW)
        for r in standard.limits
    }
    phases = sorted({key[:2] for key in limits})
    cells = [{key[2:] for key in limits if key[:2] == phase} for phase in phases]
    assert len(phases) == 3
    assert len(cells[0]) == 38
    assert cells[0] == cells[1] == cells[2]
    for cell in cells[0]:
        pollutant, averaging, grade = cell
        values = [limits[(*phase, *cell)] for phase in phases]
        assert values == sorted(values, reverse=True), cell
        for phase in phases:
            assert limits[(*phase, pollutant, averaging, "1")] <= limits[(*phase, *cell)]
            longer = [a for a in AVERAGINGS[: AVERAGINGS.index(averaging)]
                      if (*phase, pollutant, a, grade) in limits]  # fmt: skip
            assert all(limits[(*phase, pollutant, a, grade)] <= limits[(*phase, *cell)]
                       for a in longer)  # fmt: skip


def test_before_a_standard_its_first_phase_holds() -> None:
    assert (NEW.phase(2020), NEW.phase(2030), NEW.phase(2040)) == (
        "transition",
        "transition",
        "final",
    )


def beijing_2015() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Daily values of 2015, dims (pollutant of DAILY, day)."""
    with (DATA / "beijing_daily_2015.csv").open(encoding="utf-8") as file:
        days = list(csv.DictReader(file))
    names = {p: "O3_8h" if p == "O3" else p for p in SIX}
    return np.array([[float(day[names[p]] or "nan") for day in days] for p, _ in DAILY])


@pytest.mark.parametrize("standard", [OLD, NEW], ids=lambda s: s.id)
def test_days_of_a_year(standard: Standard) -> None:
    given = INDICATORS["std-g3_days_beijing_2015"]["expected"]["from_the_file_exact"]
    expected = given[standard.id.replace("GB3095", "HJ633")]
    each = daily_sub_indices(standard, beijing_2015())
    index = index_of_days(standard, each)
    index = index[~np.isnan(index)]
    found = np.histogram(index, [0, 50.5, 100.5, 150.5, 200.5, 300.5, 501])[0].tolist()
    assert (len(index), found) == (expected["valid_days"], expected["classes"])
    primary = primary_pollutants(standard, each)[SIX.index("PM2.5")] > 0
    heavy = index_of_days(standard, each) > 200
    assert (primary & heavy).sum() == expected["heavy_with_PM2.5_primary"]


EVEN = {"PM2.5": 30.0, "PM10": 45.0, "SO2": 10.0, "NO2": 30.0, "CO": 1.0, "O3": 90.0}
"""A day of class 1 but for what is given."""
CLASS_1, CLASS_2, BAD = {}, {"PM2.5": 60.0}, {"PM2.5": 120.0}  # type: ignore[var-annotated]
HEAVY, HEAVY_O3, STORM = {"PM2.5": 200.0}, {"O3": 300.0}, {"PM10": 500.0}


def index_of(*parts: tuple[int, dict[str, float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """AQI of so many days of each kind."""
    days = [[(EVEN | own)[p] for n, own in parts for _ in range(n)] for p in SIX]
    return index_of_days(OLD, daily_sub_indices(OLD, np.array(days)))


def percents(index: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    """Share of good and of heavily polluted days [%]."""
    good, heavy = OLD.number("good-day"), OLD.number("heavy-day")
    return 100 * float(np.mean(index <= good)), 100 * float(np.mean(index > heavy))


def test_ratios_of_bulletins_and_a_relative_fall_of_one() -> None:
    """Case std-g4: years of Beijing, a leap year, and 25 % less of a ratio."""
    expected = INDICATORS["std-g4_days_beijing_2020_2024"]["expected"]
    in_2020 = index_of((106, CLASS_1), (170, CLASS_2), (80, BAD), (7, HEAVY), (3, HEAVY_O3))
    in_2015 = index_of((186, CLASS_2), (133, BAD), (46, HEAVY))
    in_2019 = index_of((240, CLASS_2), (125, BAD))
    assert round(percents(in_2020)[0], 1) == expected["2020"]["good_ratio_percent"]
    assert [round(x, 1) for x in percents(in_2015)] == [
        expected["2015"]["good_ratio_percent"],
        expected["2015"]["heavy_ratio_percent"],
    ]
    more = percents(in_2020)[0] - percents(in_2019)[0]
    assert round(more, 1) == pytest.approx(expected["2019_to_2020"]["percentage_points"], abs=0.11)
    before, after = percents(in_2015)[1], percents(in_2020)[1]
    fall = 100 * (1 - after / before)
    assert round(fall, 1) == expected["heavy_ratio_fall_2015_to_2020_percent"]
    bound = Bound(0.75, 0.0)
    limit = bound.limit(np.array([before]))
    kept = [n for n in range(100) if bound.room(100 * n / 366, limit)[0] >= 0]
    assert max(kept) == expected["largest_heavy_days_2020_that_meet_25_percent"]
    assert bound.room(after, limit)[0] > 0


def test_days_with_and_without_sand_dust() -> None:
    """Cases std-g4 (Beijing 2024) and std-g6 (the nation 2023, as three years of days)."""
    beijing = INDICATORS["std-g4_days_beijing_2020_2024"]["expected"]["2024"]
    index = index_of((290, CLASS_2), (68, BAD), (1, HEAVY), (6, BAD), (1, STORM))
    sand = np.arange(366) >= 359
    assert round(percents(index)[0], 1) == beijing["good_ratio_percent"]
    assert round(100 * float(sand.mean()), 1) == beijing["sand_ratio_percent"]
    assert (index[~sand] > 200).sum() == beijing["heavy_without_sand"]
    given = INDICATORS["std-g6_national_sand_2023"]
    index = index_of((936, CLASS_2), (130, BAD), (12, HEAVY), (11, BAD), (6, STORM))
    sand = np.arange(1095) >= 1078
    for kept, suffix in ((np.ones(1095, bool), ""), (~sand, "_without_sand")):
        good, heavy = percents(index[kept])
        assert good == pytest.approx(given["inputs"][f"good{suffix}_percent"], abs=0.05)
        assert heavy == pytest.approx(given["inputs"][f"heavy{suffix}_percent"], abs=0.05)


def test_good_days_of_a_month() -> None:
    """Cases std-g1 and std-g2: 26 of 31 days, and counties of Baoji."""
    august = index_of((4, CLASS_1), (22, CLASS_2), (5, BAD))
    expected = INDICATORS["std-g2_composite_shijiazhuang_2019_08"]["expected"]
    assert round(percents(august)[0], 1) == expected["good_ratio_percent"]
    printed = [100, 100, 100, 96.7, 93.3, 86.7, 90, 86.7, 90]
    counties = INDICATORS["std-g1_composite_baoji_2020_04"]["inputs"]["cases"][1:]
    found = [percents(index_of((c["good_days"], CLASS_1), (30 - c["good_days"], BAD)))[0]
             for c in counties]  # fmt: skip
    assert [round(x, 1) for x in found] == printed


def test_statistics_of_a_year() -> None:
    given = INDICATORS["std-g3_days_beijing_2015"]["expected"]["from_the_file_exact"]
    days = dict(zip(SIX, beijing_2015(), strict=True))
    for pollutant, mean in given["means"].items():
        assert np.nanmean(days[pollutant]) == pytest.approx(mean, abs=0.006)
    told = given["percentiles"]
    for name, value in told.items():
        pollutant, p = name.split("_p")
        assert float(percentile(days[pollutant], float(p))) == pytest.approx(value, abs=0.006)
    values = {p: float(np.nanmean(days[p])) for p in SIX}
    values |= {"CO": told["CO_p95"], "O3": told["O3_p90"]}
    assert composite_index(OLD, values, 2015) == pytest.approx(given["composite_2012"], abs=0.006)
