"""The page to decide from: what it says is what the run says, and it says what it leaves out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from integration.workbench import Finished
from lantian.handover.blocks import Block, Grid, Paragraph
from lantian.handover.decision import CLOSE, UNSURE, decision
from lantian.handover.told import Told
from lantian.language import Language
from lantian.report.frames import RunTables
from lantian.report.words import Words
from lantian.results.matched import lost_by_match


def told_of(run: Finished, language: Language = "en") -> Told:
    tables = RunTables(run.folder)
    return Told(tables, Words(language, tables.labels()), [])


def texts(blocks: list[Block]) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, Paragraph))


def grids(blocks: list[Block]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]


@pytest.fixture(scope="module")
def xincheng(run_plan: Callable[[str], Finished]) -> Finished:
    return run_plan("xincheng-2024")


def test_what_the_plan_misses_is_named(tongzhou: Finished) -> None:
    blocks = decision(told_of(tongzhou))
    words, computed = told_of(tongzhou).words, [
        t for t in tongzhou.summary["targets"] if t["computed"]
    ]  # fmt: skip
    first = texts(blocks).split("\n")[0]
    told = first.split("it misses ")[1].split(". Its net cost")[0].split("; ")
    assert told == [words.target(t["id"]) for t in computed if not t["met"]["plan"]]
    unsure = [
        t
        for t in computed
        if t["met"]["plan"] and t["probability"]["plan"] < UNSURE
    ]  # fmt: skip
    assert unsure
    assert all(words.target(t["id"]) in first.split("less than likely:")[1] for t in unsure)


def test_what_the_cheapest_mix_for_the_plans_result_misses_is_named(tongzhou: Finished) -> None:
    """Two verdicts turn: cuts on alert days are not asked of it."""
    lost = lost_by_match(tongzhou.summary["targets"])
    assert lost == ["alert-orange", "alert-red"]
    words = told_of(tongzhou).words
    said = texts(decision(told_of(tongzhou))).partition("could be had for ")[2].split(". ")[0]
    screen = " ".join(tongzhou.answer.out.split())
    shown = screen.partition("east cost for the plan's result loses what is judged after")[2][:400]
    for name in lost:
        assert words.target(name) in said
        assert words.target(name) in shown


def test_what_is_saved_stands_beside_what_is_spent(xincheng: Finished) -> None:
    told, cost = told_of(xincheng), xincheng.summary["cost"]
    said = texts(decision(told))
    assert min(cost["saved"]["least_cost"], cost["spent"]["least_cost"]) > 0
    least = next(line for line in said.split("\n") if line.startswith("The cheapest mix"))
    for part in ("by_case", "spent", "saved"):
        assert told.money(cost[part]["least_cost"]) in least
    (tiers,) = (g for g in grids(decision(told)) if "net of what is saved" in g.caption)
    assert tiers.rows[0][2] == pytest.approx(cost["by_case"]["least_cost"] / 1e6)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_side_of_a_limit_is_told(xincheng: Finished, language: Language) -> None:
    targets = grids(decision(told_of(xincheng, language)))[0]
    limits = {row[0]: str(row[2]) for row in targets.rows}
    words = told_of(xincheng, language).words
    assert limits[words.target("good-days")] == f"≥{CLOSE}253"
    assert limits[words.target("heavy-days")] == f"≤{CLOSE}7"


def test_shares_are_per_cents(tongzhou: Finished) -> None:
    rows = {row[0]: row for row in grids(decision(told_of(tongzhou)))[0].rows}
    yellow = next(t for t in tongzhou.summary["targets"] if t["id"] == "alert-yellow")
    row = rows[told_of(tongzhou).words.target("alert-yellow")]
    assert row[2] == f"≥{CLOSE}10%"
    assert str(row[4]).startswith(f"{100 * yellow['value']['plan']:.3g}%")
    assert row[-1] == ""


def test_what_is_left_out_of_a_table_is_counted(tongzhou: Finished) -> None:
    told = told_of(tongzhou)
    mix = next(g for g in grids(decision(told)) if g.caption.startswith("Recommended mix"))
    whole = len(tongzhou.summary["mix"])
    assert f"of {whole} measures the {len(mix.rows)} that do most" in mix.caption
    assert len(mix.rows) < whole
    table, rest = told.grid("Numbers", ["n"], [[float(n)] for n in range(50)])
    assert isinstance(table, Grid)
    assert isinstance(rest, Paragraph)
    assert rest.text == f"{50 - len(table.rows)} more rows are in the workbook."


@pytest.mark.parametrize(
    ("amount", "en", "zh"),
    [
        (0.0, "0 yuan/a", "0元/年"),
        (1_580.4, "1,580 yuan/a", "1,580元/年"),
        (543_764.0, "544,000 yuan/a", "54.4万元/年"),
        (128_745_992.0, "129 million yuan/a", "1.29亿元/年"),
        (-37_518_301.0, "−37.5 million yuan/a", "−3,750万元/年"),
        (1_008_884_147.0, "1.01 billion yuan/a", "10.1亿元/年"),
        (None, "–", "–"),
    ],
)
def test_money_is_in_the_unit_that_fits(
    tongzhou: Finished, amount: float | None, en: str, zh: str
) -> None:
    assert told_of(tongzhou).money(amount) == en
    assert told_of(tongzhou, "zh").money(amount) == zh


def test_a_column_of_small_sums_is_in_plain_money(tongzhou: Finished) -> None:
    told = told_of(tongzhou)
    assert told.money_scale([1_580.0, -900.0]).unit == "yuan/a"
    assert told.money_scale([1_580.0, 3e6]).unit == "million yuan/a"


def test_a_run_without_a_plan_is_not_told_of_one(tongzhou: Finished) -> None:
    summary: dict[str, Any] = {
        **tongzhou.summary,
        "targets": [
            {**t, **{part: {c: v for c, v in t[part].items() if not c.startswith("plan")}
                     for part in ("value", "met")}}
            for t in tongzhou.summary["targets"]
        ],
    }  # fmt: skip
    told = told_of(tongzhou)
    told.__dict__["summary"] = summary
    assert "The plan" not in texts(decision(told))
    assert replace(told).summary["targets"] == tongzhou.summary["targets"]


def test_the_parts_of_a_cost_are_those_of_whole_measures(xincheng: Finished) -> None:
    """What a measure saves at one source and costs at another is one number, in every place."""
    cost, rows = xincheng.summary["cost"], xincheng.table("costs")
    last = rows[(rows["year"] == cost["year"]) & rows["known"]]
    for case in ("plan", "least_cost", "match_plan"):
        own = last[last["case"] == case].groupby("measure")["cost_yuan"].sum()
        assert cost["spent"][case] == pytest.approx(own[own > 0].sum())
        assert cost["saved"][case] == pytest.approx(-own[own < 0].sum())
        assert cost["by_case"][case] == pytest.approx(cost["spent"][case] - cost["saved"][case])
    (tier,) = (t for t in xincheng.summary["tiers"] if t["tier"] == "binding")
    for part in ("spent", "saved"):
        assert tier[part] == pytest.approx(cost[part]["least_cost"])
    free = sum(row["cost"] for row in xincheng.summary["mix"] if row["no_regret"])
    assert -free == pytest.approx(cost["saved"]["least_cost"])


def test_the_share_of_the_cost_that_is_shown_is_told(tongzhou: Finished) -> None:
    told, mix = told_of(tongzhou), tongzhou.summary["mix"]
    (grid,) = (g for g in grids(decision(told)) if g.caption.startswith("Recommended mix"))
    costs = [row["cost"] for row in mix]
    share = sum(costs[: len(grid.rows)]) / sum(costs)
    assert grid.caption.endswith(f"; {share:.0%} of its net cost")
