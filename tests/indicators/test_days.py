"""Days, composite index, rank, levels by rollback and ozone, on a small region."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.case import (
    BASE_YEAR,
    ROOT,
    SOURCES,
    YEARS,
    Given,
    context,
    projected,
    row,
    rows_of,
)
from lantian.core.projection import Projection
from lantian.errors import Problems
from lantian.indicators import find
from lantian.indicators.composite_rank import PlaceRow
from lantian.indicators.contract import CENTRAL, HIGH, LOW, Context, Fitted, Subject, span
from lantian.indicators.daily import DailyRow
from lantian.indicators.days import DaysFitted, days_above
from lantian.indicators.ozone import TERMS, IsoplethRow, OzoneFitted
from lantian.indicators.parts import declared_part
from lantian.inventory.months import SEASONS, YearShapes, even_shares
from lantian.parameters import read_table
from lantian.parameters.reader import QuantityTable
from lantian.standards import aqi
from lantian.standards.tables import read_standards
from lantian.vocabulary import POLLUTANTS

BASELINE = projected(1, seed=5)
BASE = YEARS.index(BASE_YEAR)


def fitted(name: str, at: Context | None = None, columns: bool = False) -> Fitted:
    at = at or context()
    own = declared_part(name, at)
    at.problems.stop_if_any()
    assert own is not None
    theta = span(at.space, own.ranged) if columns else at.space.central()
    return own.fit(theta, BASELINE)


def with_days(rows: list[DailyRow], **further: list[Any]) -> Context:
    """The small region with other days, and further tables."""
    given = {name: rows_of(name) for name in ("air", "response")} | {"daily": [], **further}
    at = context(given)

    class Own(Given):
        def rows(self, name: str, row: type[Any]) -> list[Any]:
            return list(rows)

    tables = Own({k: QuantityTable(k, v, at.problems, at.space) for k, v in given.items()})
    return replace(at, tables=tables)


def flat(year: int, days: int = 365, **levels: float | None) -> list[DailyRow]:
    """A year of equal days, but for what is given of the first."""
    same = {"pm25": 40.0, "pm10": 80.0, "so2": 10.0, "no2": 40.0, "co": 1.0, "o3": 100.0}
    dates = np.datetime64(f"{year}-01-01") + np.arange(days)
    return [
        DailyRow.model_validate(
            {"date": str(date), "source_key": "test", **same, **(levels if d == 0 else {})}
        )
        for d, date in enumerate(dates)
    ]


def more(case: Projection, pollutant: str, factor: float) -> Projection:
    emission = case.emission.copy()
    emission[:, POLLUTANTS.index(pollutant)] *= factor
    return replace(case, emission=emission)


# --- levels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pollutant", "observed"),
    [("pm10", "PM10", 84.0), ("so2", "SO2", 8.0), ("no2", "NOx", 46.0), ("co-p95", "CO", 2.1)],
)
def test_levels_by_hand(name: str, pollutant: str, observed: float) -> None:
    own = fitted(name)
    share = {"PM10": 0.55, "SO2": 0.6, "NOx": 0.45, "CO": 0.55}[pollutant]
    assert own.value(BASELINE, Subject())[BASE, 0] == pytest.approx(observed)
    half = own.value(more(BASELINE, pollutant, 0.5), Subject())[BASE, 0]
    assert half == pytest.approx(observed * (share + 0.5 * (1 - share)))
    # 8 % less from outside in each year after the base year, emissions as they are.
    local, outside = own.parts(BASELINE).value[1:, :, 0]  # type: ignore[union-attr]
    np.testing.assert_allclose(outside[BASE + 1 :], observed * share * 0.92 ** np.arange(1, 4))
    np.testing.assert_allclose(local[BASE], observed * (1 - share))


def test_ozone_is_no_line() -> None:
    own = fitted("o3-8h-p90")
    assert own.rows(Subject(), 2020) is None
    cut = more(more(BASELINE, "NOx", 0.1), "VOC", 0.1)
    np.testing.assert_array_equal(own.value(cut, Subject()), own.value(BASELINE, Subject()))
    told = own.told(BASELINE, Subject(), 2020)
    assert told is not None
    assert told.text() == "ozone given as 193 ug/m3 in 2020"


def isopleth(**coefficients: float) -> list[IsoplethRow]:
    return [row(IsoplethRow, coefficients.get(t, 0.0), "ug/m3", term=t, low=-999.0, high=999.0)
            for t in TERMS if t != "1"] + [
        row(IsoplethRow, coefficients.get("one", 100.0), "ug/m3", term="1", low=-999.0, high=999.0)
    ]  # fmt: skip


def test_on_an_isopleth_less_nox_alone_may_raise_ozone() -> None:
    at = with_days(flat(2015), isopleth=isopleth(n=40.0, v=60.0, nn=-50.0))
    own = fitted("o3-8h-p90", at)
    assert isinstance(own, OzoneFitted)
    before = own.value(BASELINE, Subject())[BASE, 0]
    assert before == pytest.approx(193.0)
    less_nox = own.value(more(BASELINE, "NOx", 0.7), Subject())[BASE, 0]
    assert less_nox == pytest.approx(193.0 * (100 + 28 + 60 - 24.5) / 150)
    less_voc = own.value(more(BASELINE, "VOC", 0.7), Subject())[BASE, 0]
    assert less_voc < before < less_nox
    # Neither ozone nor the index is a row then: a line would be wrong.
    assert fitted("composite-index", at).rows(Subject(), 2020) is None


def test_isopleth_in_tonnes_is_refused() -> None:
    at = with_days(flat(2015), isopleth=isopleth(one=-50.0))
    own = declared_part("o3-8h-p90", at)
    assert own is not None
    own.check(at.space.central(), BASELINE, at.problems)
    assert [p.found.text() for p in at.problems.found] == [
        "the surface gives -50 where NOx and VOC are 1."
    ]


# --- index and rank ------------------------------------------------------------------------------


def test_index_is_the_sum_of_its_ratios() -> None:
    own = fitted("composite-index")
    levels = [fitted(n).value(BASELINE, Subject())[BASE, 0]
              for n in ("pm25", "pm10", "so2", "no2", "co-p95", "o3-8h-p90")]  # fmt: skip
    limits = [35, 70, 60, 40, 4, 160]
    expected = sum(c / s for c, s in zip(levels, limits, strict=True))
    assert own.value(BASELINE, Subject())[BASE, 0] == pytest.approx(expected)


def test_index_under_the_standard_of_2026_has_its_own_limits_and_weights() -> None:
    at = context()
    own = declared_part("composite-index", at)
    assert own is not None
    other = own.under(at.standards["GB3095-2026"])
    assert other is not None
    old, new = (d.fit(at.space.central(), BASELINE).parts(BASELINE) for d in (own, other))
    assert old is not None
    assert new is not None
    ratio = dict(zip(old.component, new.value[:, BASE, 0] / old.value[:, BASE, 0], strict=True))
    assert ratio["pm25"] == pytest.approx(3 * 35 / 30)
    assert ratio["pm10"] == pytest.approx(70 / 60)
    assert (ratio["no2"], ratio["o3-8h-p90"], ratio["so2"]) == pytest.approx((2.0, 2.0, 1.0))


def test_rank_among_others_and_ties() -> None:
    own_index = fitted("composite-index").value(BASELINE, Subject())[YEARS.index(2020), 0]
    others = {"a": own_index - 1, "b": own_index + 0.001, "c": own_index + 1}
    places = [row(PlaceRow, v, "1", place_name=n, year=2020) for n, v in others.items()]
    at = with_days(flat(2015), other_places=places)
    rank = fitted("composite-rank", at).value(BASELINE, Subject())[:, 0]
    assert rank[YEARS.index(2020)] == 2  # b prints alike and shares it
    assert np.isnan(rank[BASE])


# --- days ----------------------------------------------------------------------------------------


def count(name: str, at: Context, case: Projection = BASELINE, **subject: Any) -> float:
    return float(fitted(name, at).value(case, Subject(**subject))[BASE, 0])


def test_days_are_scaled_to_the_level_of_the_year() -> None:
    given = [150.0] * 40 + [90.0] * 60 + [30.0] * 265
    days = [
        day.model_copy(update={"pm25": level}) for day, level in zip(flat(2015), given, strict=True)
    ]
    scaled = np.array(given) * 67.0 / np.mean(given)
    assert (scaled > 150).sum() == 40
    assert count("heavy-pollution-days", with_days(days)) == pytest.approx((scaled > 150).sum())


def test_good_and_other_days_make_the_year() -> None:
    at = context()
    good, heavy = count("good-days", at), count("heavy-pollution-days", at)
    assert 0 < heavy < 365 - good
    assert count("good-day-ratio", at) == pytest.approx(good / 365)
    assert count("heavy-pollution-ratio", at) == pytest.approx(heavy / 365)


def test_heavy_days_are_the_same_and_good_days_fewer_in_2026() -> None:
    at = context()
    found: dict[str, list[float]] = {}
    for name in ("good-days", "heavy-pollution-days", "days-within-limits"):
        own = declared_part(name, at)
        assert own is not None
        for standard in at.standards.values():
            other = own.under(standard)
            assert other is not None
            value = other.fit(at.space.central(), BASELINE).value(BASELINE, Subject())[BASE, 0]
            found.setdefault(name, []).append(float(value))
    assert found["heavy-pollution-days"][1] == pytest.approx(
        found["heavy-pollution-days"][0], abs=1
    )
    assert found["good-days"][1] < found["good-days"][0] - 5
    # Until 2030 a good day keeps the limits of a day, and the other way round.
    for year_counts in zip(found["good-days"], found["days-within-limits"], strict=True):
        assert year_counts[0] == pytest.approx(year_counts[1])


def test_less_of_everything_gives_more_good_days_and_the_range_holds_the_middle() -> None:
    at = context()
    cut = replace(BASELINE, emission=BASELINE.emission * 0.6)
    assert count("good-days", at, cut) > count("good-days", at)
    value = fitted("good-days", at, columns=True).value(BASELINE, Subject())[BASE]
    assert value[LOW] < value[CENTRAL] < value[HIGH]


def test_sand_dust_days_count_unless_left_out() -> None:
    storms = [
        day.model_copy(update={"pm10": 900.0, "sand_dust": True} if d < 5 else {})
        for d, day in enumerate(flat(2015))
    ]
    at = with_days(storms)
    kept, without = (count("heavy-pollution-days", at, sand_dust=s) for s in (None, "without"))
    assert (kept, without) == (pytest.approx(5.0), 0.0)
    own = declared_part("heavy-pollution-days", at)
    assert own is not None
    assert own.choices["sand_dust"] == ("with", "without")


# --- seasons -------------------------------------------------------------------------------------


def in_winter(*sources: str) -> YearShapes:
    """Some sources emit in winter alone, the others alike all year."""
    shares = even_shares(len(SOURCES))
    for source in sources:
        shares[SOURCES.id.index(source)] = np.isin(np.arange(1, 13), SEASONS[0]) / 3
    return YearShapes(shares, {})


def two_seasons() -> list[DailyRow]:
    """Winter days near the edge of heavy pollution, all others clean."""
    return [
        day.model_copy(update={"pm25": 160.0 if day.date.month in SEASONS[0] else 36.0})
        for day in flat(2015)
    ]


def half(case: Projection, *sources: str) -> Projection:
    """Some sources emit half as much of everything."""
    emission = case.emission.copy()
    emission[[SOURCES.id.index(source) for source in sources]] *= 0.5
    return replace(case, emission=emission)


def levels_of_seasons(at: Context, case: Projection) -> np.ndarray[Any, Any]:
    """Annual mean of PM2.5 in the base year, and what the days of each season are scaled by."""
    own = fitted("heavy-pollution-days", at)
    assert isinstance(own, DaysFitted)
    assert own.seasons is not None
    six, part = own.seasons.levels(case), own.weather[0].part
    seasons = six.of_seasons(part)[:, 0, BASE, 0]
    np.testing.assert_allclose(part[:4].sum(axis=1), 1.0)
    assert part[0] @ seasons == pytest.approx(six.of_year[0, BASE, 0])  # the mean is what it was
    return np.r_[six.of_year[0, BASE, 0], seasons]


def test_less_in_winter_takes_from_winter_days() -> None:
    at = replace(with_days(two_seasons()), shapes=in_winter("stove"))
    less = half(BASELINE, "stove")
    year, winter, spring, summer, autumn = levels_of_seasons(at, less)
    before = fitted("pm25", at).value(BASELINE, Subject())[BASE, 0]
    assert winter < year < before
    # The stove emits in winter alone: all other seasons are what they were.
    assert [spring, summer, autumn] == pytest.approx([before] * 3)
    by_year = count("heavy-pollution-days", with_days(two_seasons()), less)
    assert count("heavy-pollution-days", at, less) <= by_year


def test_where_nothing_is_seasonal_days_are_those_of_the_year() -> None:
    days = two_seasons()
    even = replace(with_days(days), shapes=in_winter())
    for case in (BASELINE, half(BASELINE, "stove", "kiln"), more(BASELINE, "PM2.5", 0.3)):
        for name in ("heavy-pollution-days", "good-days"):
            expected = fitted(name, with_days(days)).value(case, Subject())
            found = fitted(name, even).value(case, Subject())
            np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_all_sources_alike_scale_all_days_alike() -> None:
    at = replace(with_days(two_seasons()), shapes=in_winter("stove", "field"))
    less = replace(BASELINE, emission=BASELINE.emission * 0.6)
    year, *seasons = levels_of_seasons(at, less)
    assert seasons == pytest.approx([year] * 4)


def test_a_season_without_local_emissions_moves_with_the_others() -> None:
    at = replace(with_days(two_seasons()), shapes=in_winter(*SOURCES.id))
    year, *seasons = levels_of_seasons(at, half(BASELINE, "stove"))
    assert np.isfinite([year, *seasons]).all()
    parts = fitted("heavy-pollution-days", at).parts(half(BASELINE, "stove"))
    assert parts is not None
    np.testing.assert_allclose(parts.value[1:].sum(axis=0), parts.value[0], atol=1e-9)


def test_primary_pollutants_of_heavy_days_add_up() -> None:
    parts = fitted("heavy-pollution-days").parts(BASELINE)
    assert parts is not None
    share = dict(zip(parts.component, parts.value[:, BASE, 0], strict=True))
    assert share["pm25"] > 0.5 * share["total"]
    assert share["day-correction"] == pytest.approx(0.0, abs=1e-9)


# --- tables that cannot be -----------------------------------------------------------------------


def test_gaps_beyond_the_rule_and_days_given_twice_are_told_together() -> None:
    days = flat(2015, 330)
    gaps = [d.model_copy(update={"co": None}) if i < 9 else d for i, d in enumerate(days)]
    at = with_days([*gaps, gaps[-1]])
    assert declared_part("good-days", at) is None
    assert [p.found.text() for p in at.problems.found] == [
        "2015-11-26 stands here for the second time.",
        "2015 has 322 days of CO.",
    ]
    assert "324" in at.problems.found[1].expected.text()


def test_a_faulty_table_of_days_is_no_missing_one_for_whoever_asks_next() -> None:
    """The second and the third count are not said to lack levels and standards."""
    here = with_days(flat(2015, 300))
    for name in ("good-days", "heavy-pollution-days", "heavy-pollution-ratio"):
        before = here.faults()
        assert declared_part(name, here) is None
        assert here.faults() > before, name
    assert {p.found.text().partition(" days of ")[0] for p in here.problems.found} == {
        "2015 has 300"
    }


def test_faults_of_the_daily_table_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    path.write_text(
        "date,pm25,pm10,so2,no2,co,o3,source_key\n"
        "2015-01-01,-3,1,1,1,1,1,test\n2015-13-01,1,1,1,1,x,1,test\n",
        encoding="utf-8",
    )
    problems = Problems()
    assert read_table(path, DailyRow, problems, tmp_path) == []
    assert [(p.place.line, p.place.column, p.found.text()) for p in problems.found] == [
        (2, 2, "'-3' is below 0.0."),
        (3, 1, "'2015-13-01' is not a date, such as 2015-01-31."),
        (3, 6, "'x' is not a number."),
    ]


def test_faults_of_standards_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "inputs" / "standards"
    folder.mkdir(parents=True)
    for name in ("limits", "breakpoints", "rules"):
        with (ROOT / "inputs" / "standards" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if name == "limits":
            rows[0]["averaging"] = ""
            rows[1] |= {"value": "-5", "low": "-5", "high": "-5"}
        if name == "breakpoints":
            rows[2] |= {"value": "40", "low": "40", "high": "40"}
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
    problems = Problems()
    read_standards(tmp_path / "inputs", tmp_path, problems)
    assert [(Path(p.place.file).name, p.place.line, p.found.text()) for p in problems.found] == [
        ("limits.csv", 2, "this is missing. Fill it in."),
        ("limits.csv", 3, "-5 ug/m3 is not plausible: 0.01 to 100000."),
        ("breakpoints.csv", 4, "break point 40 of sub-index 100 follows 50 of 50."),
    ]


def test_without_tables_of_standards_there_are_none(tmp_path: Path) -> None:
    assert read_standards(tmp_path / "inputs", tmp_path, Problems()) == {}


@pytest.mark.parametrize("table", ["limits", "breakpoints", "rules"])
def test_a_row_of_a_standard_without_which_days_are_not_judged_is_missed(
    table: str, tmp_path: Path
) -> None:
    folder = tmp_path / "inputs" / "standards"
    shutil.copytree(ROOT / "inputs" / "standards", folder)
    rows = rows_of_standard(table)
    for n in range(0, len(rows), 5):
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows[:n] + rows[n + 1 :])
        problems = Problems()
        read_standards(tmp_path / "inputs", tmp_path, problems)
        told = [p.text().partition(".csv\n")[2].split()[:3] for p in problems.found]
        assert told == [["no", "row", "for"]] * is_needed(table, rows[n]), rows[n]


def rows_of_standard(table: str) -> list[dict[str, str]]:
    with (ROOT / "inputs" / "standards" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_needed(table: str, line: dict[str, str]) -> bool:
    if table == "rules":
        return line["rule"] not in (
            *("decimals", "above-top", "missing-pollutant", "printed-step", "valid-hours"),
            "rolling-years",
        ) and (line["rule"], line["of"]) not in (
            *(("valid-days", "month"),),
            *(("percentile", p) for p in ("NO2", "PM10", "PM2.5", "SO2")),
        )
    daily = line["averaging"] == ("8h" if line["pollutant"] == "O3" else "day")
    if table == "breakpoints":
        return daily
    yearly = line["averaging"] == "year" and line["pollutant"] not in ("CO", "O3")
    return line["grade"] == "2" and line["pollutant"] not in ("NOx", "TSP") and (daily or yearly)


@pytest.mark.parametrize("column", ["pm25", "pm10", "so2", "no2", "co", "o3"])
def test_a_level_of_a_day_beyond_what_was_ever_seen_is_told(column: str, tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    path.write_text(f"date,{column},source_key\n2020-01-01,1e9,x\n2020-01-02,3,x\n", "utf-8")
    problems = Problems()
    assert len(read_table(path, DailyRow, problems, tmp_path)) == 1
    assert [(p.place.line, p.place.path) for p in problems.found] == [(2, column)]
    at = replace(context(), standards={})
    assert declared_part("composite-index", at) is None
    assert find("composite-index").asks_for.text()


def test_pollutants_of_the_six_are_those_of_their_parts() -> None:
    own = declared_part("composite-index", context())
    assert own is not None
    assert set(own.pollutants(Subject())) == {"PM2.5", "PM10", "SO2", "NOx", "VOC", "NH3", "CO"}


# --- the short way of counting -------------------------------------------------------------------


@given(
    st.floats(0.0, 900.0).map(lambda x: round(x, 1)),
    st.floats(0.0, 900.0).map(lambda x: round(x * 2) / 2),
    st.sampled_from([None, 0, 1]),
)
def test_the_edge_of_a_limit_is_where_it_prints_as_more(
    limit: float, value: float, decimals: int | None
) -> None:
    limit = limit if decimals else round(limit)  # limits are printed as values are
    assert (value > aqi.edge(limit, decimals)) == (aqi.rounded(np.array(value), decimals) > limit)


def test_days_that_no_level_decides_are_counted_with_the_rest() -> None:
    random = np.random.default_rng(4)
    relative, levels = random.lognormal(0.0, 0.7, (6, 365)), random.uniform(0.2, 2.0, (6, 40))
    edges = np.array([1.5, 2.0, 9.0, 1.8, np.nan, 3.0])
    by_hand = (relative[:, :, None] * levels[:, None] > edges[:, None, None]).any(axis=0)
    np.testing.assert_array_equal(days_above(relative, edges, levels), by_hand.sum(axis=0))


def test_a_column_without_a_level_leaves_the_others_as_they_are() -> None:
    relative = np.array([[0.5, 1.0, 2.0, 3.0]])
    levels = np.array([[40.0, np.nan, 80.0]])
    alone = [days_above(relative, np.array([75.0]), levels[:, [k]])[0] for k in (0, 2)]
    assert days_above(relative, np.array([75.0]), levels)[[0, 2]].tolist() == alone == [2, 3]
