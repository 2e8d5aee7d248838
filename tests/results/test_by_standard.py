"""One run judged by both standards, side by side."""

from collections.abc import Callable

import pandas as pd
import pytest

from integration.workbench import Finished

OLD, NEW = "GB3095-2012", "GB3095-2026"
KEY = ["case", "year", "indicator"]


@pytest.fixture(scope="module")
def sides(run_plan: Callable[[str], Finished]) -> pd.DataFrame:
    table = run_plan("tongzhou-2020").table("by_standard")
    return table.pivot(index=KEY, columns="standard", values="value")


def of(sides: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return sides.xs(indicator, level="indicator")


def test_the_air_is_the_same_and_every_row_has_both_sides(sides: pd.DataFrame) -> None:
    assert not sides.isna().any().any()
    for level in ("pm25", "pm10", "so2", "no2", "co-p95", "o3-8h-p90"):
        assert of(sides, level)[OLD].tolist() == of(sides, level)[NEW].tolist()


def test_the_scenarios_own_standard_is_what_its_tables_tell(
    sides: pd.DataFrame, run_plan: Callable[[str], Finished]
) -> None:
    told = run_plan("tongzhou-2020").table("indicators")
    total = told[told["component"] == "total"].set_index(KEY)["value"]
    shared = sides.index.intersection(total.index)
    assert len(shared) == len(sides)
    for key in shared:
        assert sides.loc[key, OLD] == pytest.approx(total[key], rel=1e-12)


def test_2026_has_fewer_good_days_as_many_heavy_ones_and_another_index(
    sides: pd.DataFrame,
) -> None:
    good, heavy = of(sides, "good-days"), of(sides, "heavy-pollution-days")
    assert (good[NEW] < good[OLD]).all()
    assert (heavy[NEW] - heavy[OLD]).abs().max() < 1.0  # rounded before the index
    assert (of(sides, "composite-index")[NEW] > of(sides, "composite-index")[OLD] * 1.5).all()


def test_limits_of_the_phase_are_told(run_plan: Callable[[str], Finished]) -> None:
    table = run_plan("tongzhou-2020").table("by_standard")
    limits = table[table["indicator"] == "pm25"].groupby("standard")["limit"].unique()
    assert [limits[OLD].tolist(), limits[NEW].tolist()] == [[35.0], [30.0]]
    rows = table.dropna(subset=["limit"])
    assert ((rows["value"] <= rows["limit"] * (1 + 1e-9)) == rows["met"].astype(bool)).all()


def test_three_years_are_judged_together_where_the_standard_does(
    run_plan: Callable[[str], Finished],
) -> None:
    """Years of the case, and before the base year what was observed; else no mean is told."""
    run = run_plan("tongzhou-2020")
    table, seen = run.table("by_standard"), run.table("observed")
    assert table.loc[table["standard"] == OLD, "rolling"].isna().all()
    rows = table[(table["standard"] == NEW) & table["limit"].notna()]
    seen = seen[(seen["year"] < 2017) & ~seen["year"].isin(rows["year"])]
    known = {
        **{(case, r.indicator, r.year): r.value for case in set(rows["case"])
           for r in seen.itertuples()},
        **{(r.case, r.indicator, r.year): r.value for r in rows.itertuples()},
    }  # fmt: skip
    told = []
    for row in rows.itertuples():
        three = [(row.case, row.indicator, row.year - n) for n in range(3)]
        assert (row.rolling == row.rolling) == all(key in known for key in three)
        if row.rolling == row.rolling:
            told.append((row.case, row.indicator, row.year))
            assert row.rolling_years == 3
            assert row.rolling == pytest.approx(sum(known[key] for key in three) / 3)
            assert bool(row.rolling_met) == (row.rolling <= row.limit)
    # The least cost is solved for 2020 alone: there is no mix of the two years before.
    assert ("plan", "pm25", 2020) in told
    assert not [key for key in told if key[0] == "least_cost"]
