"""Months of the year: they add up to it, and what is wrong with a profile is told at once."""

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.workbench import REPOSITORY, call
from lantian.core.system import Array, Sources
from lantian.errors import Problems
from lantian.inventory.months import (
    FollowedRow,
    ProfileRow,
    Profiles,
    daily,
    even_shares,
    monthly_shares,
)
from lantian.parameters import QuantityRow, QuantityTable
from support.build import row

SOURCES = Sources(("stove", "boiler", "car"), ("coal", "coal", "road"), ("t",) * 3, ("other",) * 3)
WINTER = (30, 20, 10, 0, 0, 0, 0, 0, 0, 0, 10, 30)


def profile(name: str, shares: Any) -> list[ProfileRow]:
    return [row(ProfileRow, s, "%", profile=name, month=m + 1) for m, s in enumerate(shares)]


def follows(name: str, part: float = 100, sector: str = "", source: str = "") -> FollowedRow:
    return row(FollowedRow, part, "%", profile=name, sector=sector, source=source)


def shares(shape: list[ProfileRow], followed: list[FollowedRow]) -> tuple[Array, str]:
    problems = Problems()

    def table(name: str, rows: list[Any]) -> QuantityTable[QuantityRow]:
        return QuantityTable(name, rows, problems)

    both: Any = table("monthly.csv", shape), table("followed.csv", followed)
    found = monthly_shares(Profiles(*both), SOURCES, problems)
    return found.shares, " ".join(p.text() for p in problems.found)


def test_a_source_goes_before_its_sector_and_that_before_all() -> None:
    found, told = shares(
        [*profile("winter", WINTER), *profile("flat", [100 / 12] * 12)],
        [
            follows("flat"),
            follows("winter", sector="coal"),
            follows("winter", 50, "coal", "boiler"),
            follows("flat", 50, "coal", "boiler"),
        ],
    )
    assert not told
    assert found[0] == pytest.approx(np.array(WINTER) / 100)
    assert found[1] == pytest.approx(np.array(WINTER) / 200 + 1 / 24)
    assert found[2] == pytest.approx(np.full(12, 1 / 12))


@given(
    st.lists(st.floats(0.01, 1), min_size=12, max_size=12), st.integers(0, 100), st.floats(1, 1e6)
)
def test_months_add_up_to_the_year(weights: list[float], part: int, yearly: float) -> None:
    own = [100 * w / sum(weights) for w in weights]
    found, told = shares(
        [*profile("own", own), *profile("winter", WINTER)],
        [follows("own", part), follows("winter", 100 - part)],
    )
    assert not told
    assert (yearly * found).sum(axis=1) == pytest.approx([yearly] * 3)


def test_days_of_an_even_year_are_alike() -> None:
    even = even_shares(1)
    days = [float(daily(np.array([365.0]), even[:, m - 1], d)[0]) for m, d in ((1, 31), (2, 28))]
    assert days == pytest.approx([1.0, 1.0])


def test_every_mistake_is_told_at_once() -> None:
    _, told = shares(
        [
            *profile("short", [50, 50]),
            *profile("lost", [5] * 12),
            *profile("minus", [-10, *[10] * 11]),
        ],
        [
            follows("short", sector="coal"),
            follows("lost", 80, "coal", "stove"),
            follows("wintr", sector="road", source="car"),
            follows("lost", sector="coal", source="oven"),
        ],
    )
    for part in (
        "profile 'short' has no row for 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.",
        "the shares of 'lost' add up to 60.0%, not to 100 %.",
        "the shares of 'stove' add up to 80.0%, not to 100 %.",
        "a share cannot be negative.",
        "there is no profile 'wintr'.",
        "'oven' is not a source.",
    ):
        assert part in told


def test_a_source_without_profile_is_told() -> None:
    _, told = shares(profile("winter", WINTER), [follows("winter", sector="coal")])
    assert "source 'car' follows no profile." in told


def test_inventory_by_month_adds_up_to_the_inventory() -> None:
    months, years = (
        pd.read_csv(io.StringIO(call("inventory", "tongzhou", *more, "--format", "csv").out))
        for more in (("--months",), ())
    )
    base = years[years["year"] == months["year"].iloc[0]].set_index(["source", "pollutant"])
    found = months.groupby(["source", "pollutant"])["value"].sum()
    assert found.loc[base.index].tolist() == pytest.approx(base["value"].tolist())
    winter = months[(months["source"] == "gas-boiler") & (months["pollutant"] == "NOx")]
    by_month = winter.set_index("month")["value"]
    assert by_month[1] > 5 * by_month[7]
    shown = call("inventory", "tongzhou", "--months", at=REPOSITORY).out
    assert "by month" in shown
