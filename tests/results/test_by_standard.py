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
