"""What is answered on request: curves, reasons, ranges, alternatives, ways of choosing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from integration.workbench import REPOSITORY, Finished, call
from lantian.report import draw_gallery

PLAN = "scenarios/tongzhou-2020.yaml"
NORI = "scenarios/published/nori-leets.yaml"


def curve(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "tables" / "frontier.csv")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    answer = call("frontier", PLAN, "--target", "NOx", "--out", str(folder))
    assert answer.code == 0, answer.err
    assert "every kink is found" in answer.out
    return folder


def test_curve_is_convex_and_holds_the_plan(alone: Path) -> None:
    table = curve(alone)
    kinks = table[table["kind"] == "kink"]
    assert len(kinks) > 100
    assert (kinks["precision"] == "exact").all()
    assert (np.diff(kinks["price"].dropna()) > 0).all()
    assert set(kinks["others"]) == {"free"}
    for _, mix in table[table["kind"] != "kink"].iterrows():
        least = np.interp(-mix["value"], -kinks["value"], kinks["cost"])
        assert mix["cost"] >= least * (1 - 1e-9)


def test_curve_is_drawn_in_both_languages(alone: Path) -> None:
    names = {path.name for path in (alone / "charts").iterdir()}
    assert names == {
        f"cost-frontier.{lang}.{kind}" for lang in ("zh", "en") for kind in ("png", "svg")
    } | {"cost-frontier.csv", "captions.md"}
    with Image.open(alone / "charts" / "cost-frontier.zh.png") as picture:
        assert np.asarray(picture.convert("L")).std() > 5


def test_tighter_levels_of_a_second_target_cost_more(tmp_path: Path) -> None:
    answer = call(
        "frontier",
        PLAN,
        "--target",
        "pm25",
        "--against",
        "VOC",
        "--levels",
        "3",
        "--points",
        "20",
        "--out",
        str(tmp_path),
    )
    assert answer.code == 0, answer.err
    assert "at most 1 %" in answer.out
    kinks = curve(tmp_path).query("kind == 'kink'")
    assert (kinks["against_value"] <= kinks["against_limit"] * (1 + 1e-6)).all()
    first = kinks.groupby("curve")["cost"].min()
    assert first.is_monotonic_increasing
    inner = kinks[kinks["order"] > 0]
    assert (inner["bound_cost"] <= inner["cost"] + 1e-6 * inner["cost"].abs()).all()


def test_holding_the_other_targets_costs_more(alone: Path, tmp_path: Path) -> None:
    answer = call(
        "frontier",
        PLAN,
        "--target",
        "nox-total",
        "--hold",
        "--points",
        "10",
        "--out",
        str(tmp_path),
        "--no-charts",
    )
    assert answer.code == 0, answer.err
    held, free = (curve(f).query("kind == 'kink'") for f in (tmp_path, alone))
    assert held["cost"].min() > free["cost"].min()
    assert set(held["others"]) == {"held"}


def test_an_unknown_target_names_those_there_are() -> None:
    answer = call("frontier", PLAN, "--target", "soot")
    assert answer.code == 2
    assert "nox-total" in answer.err
    assert "PM2.5" in answer.err


def test_reasons_in_both_languages() -> None:
    """Filters at the open hearth are used in full; published price of that bound 1.816 M$."""
    english = call("optimise", NORI, "--explain", "filters-open-hearth")
    chinese = call("--lang", "zh", "optimise", NORI, "--explain", "filters-open-hearth")
    assert english.code == chinese.code == 0
    assert "in the mix as far as it goes" in english.out
    assert "One unit costs 6,000,000" in english.out
    assert "1,816,085" in english.out
    assert "入选并已达上限" in chinese.out
    assert "1,816,085" in chinese.out


def test_a_measure_out_of_the_mix_is_told_its_price() -> None:
    answer = call("optimise", PLAN, "--explain", "retire-china3-diesel-trucks")
    assert answer.code == 0, answer.err
    assert "not in the mix" in answer.out
    assert "cheaper" in answer.out
    assert "takes the place of" in answer.out


def test_a_measure_of_open_sign_is_said_to_be_left_out_and_no_more() -> None:
    """The plan pledges it, so there is something to act on; no reach and no neighbour is why."""
    answer = call("optimise", PLAN, "--explain", "freight-road-to-rail")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines
    assert all("nobody can say whether it costs or saves money" in line for line in lines)


def test_an_unknown_measure_names_the_closest() -> None:
    answer = call("optimise", PLAN, "--explain", "retire-china3-diesel-truck")
    assert answer.code == 2
    assert "retire-china3-diesel-trucks" in answer.err


def test_ranges_of_the_published_case() -> None:
    answer = call("optimise", NORI, "--ranges")
    assert answer.code == 0
    told = "".join(answer.out.split())
    for number in ("8,336,211", "9,333,038", "10,429,446", "4,988,540", "7,381,633"):
        assert number in told


def test_alternatives_count_what_is_settled() -> None:
    answer = call("optimise", NORI, "--alternatives")
    assert answer.code == 0
    assert "6 uptakes are the same" in answer.out


def test_ways_of_choosing(tongzhou: Finished, tmp_path: Path) -> None:
    table = tongzhou.table("comparators")
    rules = table.drop_duplicates(["rule", "aimed_at"]).set_index("rule")
    assert {"plan", "match_plan", "least_cost", "ranked_in_turn", "maximum"} <= set(rules.index)
    assert (rules["excess"] >= 0).all()
    assert rules["excess"]["least_cost"] == rules["excess"]["match_plan"] == 0
    cost = tongzhou.summary["cost"]["by_case"]
    for case in ("plan", "match_plan", "least_cost"):
        assert rules["cost"][case] == pytest.approx(cost[case], rel=1e-9)
    # The match asks only for what measures of known price reach.
    assert rules["least_cost_for_same"]["plan"] >= cost["match_plan"] * (1 - 1e-5)
    targets = tongzhou.table("targets").set_index(["case", "target"])
    for row in table[table["rule"] == "plan"].to_dict("records"):
        told = targets.loc[("plan", row["target"])]
        assert row["value"] == pytest.approx(told["value"], rel=1e-9)
        assert row["met"] == told["met"]
    answer = call("optimise", PLAN, "--compare", at=REPOSITORY)
    assert "ranked by average cost" in answer.out
    drawn = {path.name for path in draw_gallery(tongzhou.folder, tmp_path, formats=("png",)).files}
    assert {"ways-of-choosing.zh.png", "ways-of-choosing.en.png"} <= drawn
