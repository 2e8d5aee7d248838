"""Ranges of the five plans beside what was observed and had no part in the calibration.

The table in ``docs/verdicts.md`` is made of the golden summaries: ``pytest tests/golden
--update-golden``.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from golden.test_outcomes import summary
from golden.test_summaries import PLANS
from golden.test_verdicts import check
from lantian.cli.terminal import number
from support.columns import study_of

HEAD = (
    "| plan | indicator | year | basis | observed | 95 % range | samples below |"
    " in 80 % | in 95 % |\n|---|---|---|---|---|---|---|---|---|\n"
)
RANGES = {80: (0.1, 0.9), 95: (0.025, 0.975)}
"""Parts of the samples between which a range ends [1], by its probability [%]."""


def held_out() -> list[dict[str, Any]]:
    """Observations to which no number was fitted, of all plans."""
    return [{"plan": p, **r} for p in PLANS for r in summary(p)["hindcast"] if not r["fitted"]]


def is_in(row: dict[str, Any], percent: int) -> bool:
    low, high = RANGES[percent]
    return bool(low <= row["below"] <= high)


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        span = f"{number(row['sampled_low'])} to {number(row['sampled_high'])}"
        cells = (
            row["plan"], row["indicator"], row["year"], row["basis"],
            f"{number(row['observed'])} {row['unit']}", span, f"{row['below']:.1%}",
            *("yes" if is_in(row, percent) else "no" for percent in RANGES),
        )  # fmt: skip
        yield f"| {' | '.join(map(str, cells))} |\n"


def counts(rows: list[dict[str, Any]]) -> str:
    """How many lie in each range, and how many would if the ranges were right."""
    told = [
        f"{sum(is_in(row, p) for row in rows)} in the {p} % range ({p / 100 * len(rows):.1f}"
        " expected)"
        for p in RANGES
    ]
    seen = [row for row in rows if row["basis"] != "assumed"]
    own = " and ".join(str(sum(is_in(row, p) for row in seen)) for p in RANGES)
    low = sum(row["below"] < 0.5 for row in rows)
    return (
        f"\nOf {len(rows)} district-years there are {told[0]} and {told[1]};\nof the {len(seen)}"
        f" that were measured or derived {own}. Below the median are {low}.\n"
    )


def test_the_page_tells_how_often_ranges_held_what_was_observed(update_golden: bool) -> None:
    rows = held_out()
    check("held out", HEAD + "".join(lines(rows)) + counts(rows), update_golden, "test_held_out")


@pytest.mark.parametrize("plan", PLANS)
def test_every_observation_of_a_year_of_the_plan_is_held_against_it(plan: str) -> None:
    """The index of the air around moves the part from outside and is no result."""
    study = study_of(plan)
    seen = {(row.indicator, row.year) for row in study.observed if row.year in study.system.years}
    held = [(row["indicator"], row["year"]) for row in summary(plan)["hindcast"]]
    assert {own for own in seen if own[0] != "pm25-index"} == set(held)
    assert len(held) == len(set(held)) > 0


@pytest.mark.parametrize("plan", PLANS)
def test_a_range_tells_where_an_observation_lies_in_it(plan: str) -> None:
    """What lies outside of a 95 % range has fewer than 2.5 % of the samples beyond it."""
    for row in summary(plan)["hindcast"]:
        inside = row["sampled_low"] <= row["observed"] <= row["sampled_high"]
        assert inside == is_in(row, 95) or abs(row["below"] - 0.5) == pytest.approx(0.475, abs=5e-3)
