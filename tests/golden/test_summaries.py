"""The numbers of the five plans' runs stay what they are.

``<plan>.json`` holds the summary of the run. After a change that is meant to change numbers:
``pytest tests/golden --update-golden``, then read the difference before committing it.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from integration.workbench import REPOSITORY, UNSAMPLED, Finished, Project, call
from lantian.cli.terminal import Beside, print_optimum, print_summary
from lantian.cli.terminal.mix import paid_measures
from lantian.cli.terminal.reached import level_lines
from lantian.cli.terminal.text import WIDE, filled
from lantian.language import say
from lantian.vocabulary import LANGUAGES, OF_TARGET, Language, without_kind

FOLDER = Path(__file__).parent
RELATIVE, ABSOLUTE = 1e-6, 1e-6
PLANS = ("tongzhou-2020", "mentougou-2020", "shijiazhuang-2019", "tongzhou-2021", "xincheng-2024")
WHOLE = ("tongzhou-2020",)
"""Plans whose least-cost answers are held too."""
BESIDE_OTHERS = ("township-rule", "alert-cut")
"""Indicators of a unit beside the mean of all, or of a part beside the whole: more measures may
lift the mean past a unit, or take away what an alert could have stopped."""
FROM_BELOW = ("good-", "alert-cut")
"""How the names of indicators begin that plans ask to be large."""
VOLATILE = ("version", "reprojection_gap", "notes")
"""Keys whose values are no result, or sentences about what other keys hold."""
OPTIMISED = (
    "least_cost",
    "match_plan",
    "max_feasible",
    "shadow_price",
    "shadow_price_unit",
    "solver",
    "tiers",
    "out_of_reach",
    "mix",
    "unpriced",
    "spent",
    "saved",
)
"""Keys of what the optimiser answers."""


def kept(data: Any, without: tuple[str, ...] = VOLATILE) -> Any:
    """Return the summary without some keys."""
    if isinstance(data, dict):
        return {key: kept(value, without) for key, value in data.items() if key not in without}
    return [kept(item, without) for item in data] if isinstance(data, list) else data


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield where two summaries differ by more than rounding."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in old or key not in new:
                yield f"{path}.{key}: only in the {'golden file' if key in old else 'run'}"
            else:
                yield from differences(old[key], new[key], f"{path}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{i}]")
    elif is_number(old) and is_number(new):
        if not math.isclose(old, new, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            yield f"{path}: {old} -> {new}"
    elif old != new:
        yield f"{path}: {old!r} -> {new!r}"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize("plan", PLANS)
def test_numbers_are_those_of_the_golden_file(
    plan: str, run_plan: Callable[[str], Finished], update_golden: bool
) -> None:
    new = kept(run_plan(plan).summary, VOLATILE if plan in WHOLE else VOLATILE + OPTIMISED)
    path = FOLDER / f"{plan}.json"
    if update_golden:
        path.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    old = json.loads(path.read_text(encoding="utf-8"))
    assert list(differences(old, new)) == []


def test_differences_are_seen() -> None:
    old = {"a": [1.0, {"b": True}], "c": 1e9}
    assert list(differences(old, {"a": [1.0 + 1e-9, {"b": True}], "c": 1e9 + 1})) == []
    assert list(differences(old, {"a": [1.1, {"b": False}], "d": 1})) == [
        ".a[0]: 1.0 -> 1.1",
        ".a[1].b: True -> False",
        ".c: only in the golden file",
        ".d: only in the run",
    ]


# --- both readings are in the summary and on the terminal ----------------------------------------


@pytest.mark.parametrize("plan", PLANS)
def test_every_computed_target_is_answered_in_every_reading(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    for target in run_plan(plan).summary["targets"]:
        readings = {"baseline", "plan", "plan_strict", "plan_printed"}
        if target["computed"]:
            assert readings <= set(target["met"]), target["id"]
            values = target["value"]
            side = -1.0 if target["indicator"].startswith(FROM_BELOW) else 1.0
            if target["indicator"] not in BESIDE_OTHERS:
                for narrower in ("plan_strict", "plan_printed"):
                    worse = side * (values["plan"] - values[narrower])
                    assert worse <= ABSOLUTE, target["id"]
            for case, met in target["met"].items():
                over = side * (values[case] - target["limit"])
                assert met == (over <= RELATIVE * abs(target["limit"])), (target["id"], case)


SCREEN = 40
"""Lines of a run on the terminal, at most."""


@pytest.mark.parametrize("plan", PLANS)
def test_terminal_fits_a_screen_and_says_verdict_cost_mix_and_what_next(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    lines = run.answer.out.splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, lines)) <= WIDE
    screen = " ".join(lines)
    for part in (
        "The plan meets ",
        "savings",
        "Mix in ",
        "is due to assumed numbers",
        "Measure first: ",
        "Independent estimates",
        "lantian optimise --explain",
        "Left out (tables/problems.csv): ",
        "Run folder: ",
    ):
        assert screen.count(part) == 1, part
    left = any(not t["computed"] for t in run.summary["targets"])
    assert screen.count("Not computed: ") == left
    assert screen.count("Out of reach: ") == len(run.summary["out_of_reach"])


@pytest.mark.parametrize("plan", PLANS)
def test_the_screen_is_no_longer_in_chinese(plan: str, run_plan: Callable[[str], Finished]) -> None:
    run = run_plan(plan)
    names = run.table("labels").set_index("id")["zh"].to_dict()

    def label(name: str) -> str:
        return str(names.get(name) or names.get(without_kind(name)) or without_kind(name))

    out = Console(width=WIDE)
    with out.capture() as captured:
        print_summary(run.summary, [], "zh", label, out)
    lines = captured.get().splitlines()
    assert len(lines) <= SCREEN - 3  # the folder, deaths and what is left out stand below
    assert max(map(cell_len, lines)) <= WIDE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plan", PLANS)
def test_the_screen_of_the_optimiser_has_the_form_of_that_of_a_run(
    plan: str, language: Language, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    names = run.table("labels").set_index("id")[language].to_dict()
    prices = run.table("prices")
    binds = prices[prices["binding"]].set_index("target")["marginal_measure"]

    def label(name: str) -> str:
        return str(names.get(name) or names.get(without_kind(name)) or without_kind(name))

    out = Console(width=WIDE)
    marginal = {target: named.split(":")[0] for target, named in binds.dropna().items()}
    with out.capture() as captured:
        summary = {**run.summary, "samples": None, "assumptions": []}  # it draws none
        known = Beside(marginal, ["proven " * 20], budgeted=True)
        print_optimum(summary, known, [], language, label, out)
    lines = captured.get().splitlines()
    assert len(lines) <= SCREEN - 3  # why targets are out of reach and what is left out
    assert max(map(cell_len, lines)) <= WIDE
    text = "".join(lines)
    for told in (*marginal, *marginal.values()):
        assert label(OF_TARGET + told).replace(" ", "") in text.replace(" ", "")
    costliest = paid_measures(summary)[0]["measure"]
    assert label(costliest)[:12] in text  # names are folded in the table
    assert text.count(say("cut without a price", language)) == 1
    apart = [label(OF_TARGET + row["target"]) for row in run.summary["out_of_reach"]]
    assert all(name in text for name in apart)


@pytest.mark.parametrize("plan", PLANS)
def test_what_the_screen_counts_stands_by_name_in_a_table(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    named = "\n".join(run.table("problems")["warning"])
    for text in (*run.summary["warnings"], *run.summary["notes"]):
        assert text in named


@pytest.mark.parametrize("plan", PLANS)
def test_costs_are_told_without_the_savings_of_what_pays_for_itself(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    cost, solver = run.summary["cost"], run.summary["solver"]["least_cost"]
    for case, net in cost["by_case"].items():
        spent, saved = cost["spent"][case], cost["saved"][case]
        assert min(spent, saved) >= 0.0
        assert spent - saved == pytest.approx(net, rel=1e-9, abs=1.0), case
    assert cost["by_case"]["least_cost"] == pytest.approx(solver["cost"], rel=1e-9, abs=1.0)
    mix = run.table("mix")
    own = mix[(mix["case"] == "least_cost") & mix["best_for"].isna()]
    assert own["cost"].sum() == pytest.approx(solver["cost"], rel=1e-9, abs=1.0)
    assert (own["no_regret"] == (own["cost"] <= 0)).all()


@pytest.mark.parametrize("plan", PLANS)
def test_no_mix_holds_what_has_no_price_or_one_of_open_sign(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    catalogue = pd.read_csv(REPOSITORY / "inputs" / "measures" / "catalogue.csv")
    barred = catalogue[(catalogue["cost"] == "unpriced") | (catalogue["sign_open"] == "yes")]
    run = run_plan(plan)
    mix = run.table("mix")
    assert set(barred["measure"]) & set(run.table("costs")["measure"])
    assert not set(mix["measure"]) & set(barred["measure"])
    assert not set(run.table("macc")["measure"]) & set(barred["measure"])
    shares = run.table("unpriced").set_index("case")["share"]
    assert (shares.drop("plan") == 0.0).all()
    assert ((shares >= 0.0) & (shares < 1.0)).all()


@pytest.mark.parametrize("plan", PLANS)
def test_what_is_out_of_reach_pulls_no_cost_and_decides_the_exit_code(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    tiers, apart = run.table("tiers"), run.table("out_of_reach")
    assert set(tiers.loc[~tiers["reached"], "target"]) == set(apart["target"])
    assert (apart["best"] > apart["limit"]).all()
    assert (apart["value"] >= apart["best"] * (1 - 1e-9)).all()
    later = tiers[tiers["tier"] != "binding"]
    assert (later["added"] >= -1.0).all()  # the first may save money
    headline = tiers[tiers["tier"].isin(["binding", "approx"])].iloc[-1]
    assert headline["cost"] == pytest.approx(run.summary["cost"]["by_case"]["least_cost"], abs=1.0)
    is_missed = apart["tier"].isin(["binding", "approx"]).any()
    assert run.answer.code == (3 if is_missed else 0)


def test_the_headline_of_tongzhou_does_not_hang_on_a_wish_out_of_reach(
    home: Project, tongzhou: Finished
) -> None:
    assert "transport-voc" in set(tongzhou.table("out_of_reach")["target"])
    text = (
        f"extends: tongzhou-2020.yaml\nname: dropped\n{UNSAMPLED}"
        "optimise: {watch: [conditional]}\n"
        "targets:\n  - {id: transport-voc, bindingness: conditional}\n"
    )
    (home.root / "scenarios" / "dropped.yaml").write_text(text)
    answer = call("run", "scenarios/dropped.yaml", "--no-charts", at=home.root)
    dropped = Finished(answer, home.root / "runs" / "dropped")
    costs = [
        run.table("tiers").drop_duplicates(["tier"])[["tier", "cost", "added"]]
        for run in (tongzhou, dropped)
    ]
    pd.testing.assert_frame_equal(
        *(cost.reset_index(drop=True) for cost in costs), rtol=1e-9, atol=1.0
    )
    assert dropped.table("out_of_reach").empty


# --- printed levels as reached -------------------------------------------------------------------

REACHED = {
    "tongzhou-2020": {"wet-sweeping-92": (92, "%"), "exit-120-firms": (120, "firm")},
    "mentougou-2020": {"wet-sweeping-92": (92, "%"), "mine-land-48-ha": (48, "ha")},
    "shijiazhuang-2019": {"rural-homes": (349_400, "household"), "cement-capacity": (2.6, "Mt")},
    "tongzhou-2021": {"zev-new-sanitation": (70, "%"), "nine-firms": (9, "firm")},
    "xincheng-2024": {"trucks-324": (324, "vehicle"), "clean-muck-trucks": (80, "%")},
}


@pytest.mark.parametrize("plan", PLANS)
def test_printed_levels_are_told_as_reached(plan: str, run_plan: Callable[[str], Finished]) -> None:
    run = run_plan(plan)
    levels = {level["commitment"]: level for level in run.summary["levels"]}
    for name, (value, unit) in REACHED[plan].items():
        level = levels[name]
        assert (level["printed"], level["unit"]) == (value, unit)
        assert level["lowest"] == pytest.approx(value)
        assert level["highest"] == pytest.approx(value)
    missed = sum(
        level["lowest"] < level["printed"] - ABSOLUTE
        for level in levels.values()
        if (level["printed"], level["unit"]) != (100.0, "%")
    )
    assert ("Printed levels not reached in" in run.answer.out) == (missed > 0)


@given(st.integers(1, 500_000), st.floats(1e-3, 0.2))
def test_a_level_that_is_missed_never_reads_as_reached(printed: int, lack: float) -> None:
    """14.95 of 15 %, not 15 of 15 %."""
    reached = printed * (1.0 - lack)
    level = {"measure": "m", "clause": ["p-2020-007"], "unit": "firm", "held_by_reach": None}
    level |= {"printed": float(printed), "lowest": reached, "highest": reached}
    (told,) = level_lines({"years": [2020], "targets": [], "levels": [level]}, "en", str.upper)
    (shown,) = re.findall(r": M ([0-9.,]+) of ", told)
    assert float(shown.replace(",", "")) < printed


def test_levels_that_are_missed_are_told_but_for_those_that_say_all() -> None:
    level = {"measure": "m", "clause": ["p-2020-007"], "unit": "%", "highest": 90.0}
    level["held_by_reach"] = None
    levels = [
        {**level, "printed": 92.0, "lowest": 90.0},
        {**level, "printed": 94.0, "lowest": 85.0, "held_by_reach": 0.85},
        {**level, "printed": 90.0, "lowest": 90.0},
        {**level, "printed": 100.0, "lowest": 85.0, "held_by_reach": 0.8},
        {**level, "printed": 100.0, "lowest": 100.0, "highest": 100.0},
    ]
    given = {"years": [2020], "targets": []}
    told = level_lines({**given, "levels": levels}, "en", str.upper)
    assert told == [
        "Printed levels not reached in 2020: M 85-90 of 94 % (its reach is 85%);"
        " M 90 of 92 %; 1 level of all capped by reach (M 80%): tables/levels.csv"
    ]
    assert level_lines({**given, "levels": levels[-1:]}, "en", str.upper) == []
    other = [{**levels[3], "measure": "n"}]
    assert "2 levels of all" in level_lines({**given, "levels": levels + other}, "en", str.upper)[0]


def test_chinese_is_filled_to_the_width_and_words_stay_whole() -> None:
    text = "限值188 吨/年，见 tables/levels.csv；" * 9
    lines = filled(text, 40)
    assert max(map(cell_len, lines)) <= 40
    assert min(cell_len(line) for line in lines[:-1]) >= 20
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line[0] not in "，；。" for line in lines)
    assert sum(line.count("tables/levels.csv") for line in lines) == 9


@pytest.mark.parametrize("width", range(12, 60))
def test_marks_begin_and_open_brackets_end_no_line(width: int) -> None:
    text = (
        "独立估算（均方根）：17项在范围之内（“甲”、《乙》），见（0.3-0.96）；其余“丙（丁）”：略。"
        * 3
    )
    lines = filled(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert [line for line in lines if line[0] in "，。；：、）”》" or line[-1] in "（“《"] == []


def test_years_before_the_last_have_their_names_and_their_cost(
    tmp_path: Path, starter: Path
) -> None:
    """Two target years: screen and page tell what the targets of the first cost."""
    text = (starter / "scenarios/my-district.yaml").read_text(encoding="utf-8")
    own = starter / "scenarios/two-years.yaml"
    early = (
        "  - {id: nox-early, clause: [example-1], indicator: emission, pollutant: NOx,"
        " reduce_by: 20 %, relative_to: 2024, year: 2025, bindingness: binding}\ncommitments:"
    )
    text = text.replace("commitments:", early, 1).replace("last_year: 2024", "last_year: 2026")
    text = text.replace("year: 2024\n    bind", "year: 2026\n    bind")
    text = text.replace("2024\n    by: 2024", "2025\n    by: 2025")
    text = text.replace("name: my-district", f"name: two-years\n{UNSAMPLED}", 1)
    own.write_text(text, encoding="utf-8")
    answer = call(
        "run", "scenarios/two-years.yaml", "--no-charts", "--out", str(tmp_path), at=starter
    )
    assert answer.code in (0, 3), answer.err
    summary = json.loads((tmp_path / "two-years/summary.json").read_text(encoding="utf-8"))
    (first,) = (t for t in summary["tiers"] if t["year"] == 2025)
    assert first["spent"] > 0
    told = " ".join(answer.out.split())
    gross, net = first["spent"] / 1e6, first["cost"] / 1e6
    assert f"For the targets of 2025: gross {gross:.3g}, net {net:.3g} million yuan/a" in told
    assert "(t/a) in 2026" in told
    assert call("--lang", "en", "brief", str(tmp_path / "two-years"), at=starter).code == 0
    page = (tmp_path / "two-years/report/brief.en.html").read_text(encoding="utf-8")
    assert "for the targets of 2025" in page


@pytest.mark.parametrize("plan", PLANS)
def test_a_measure_of_the_mix_stands_beside_all_that_the_plan_takes_of_it(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    taken = run.table("measures").query("case == 'plan' and uptake > 0")
    for row in run.summary["mix"]:
        own = taken[(taken["measure"] == row["measure"]) & (taken["year"] == row["year"])]
        by_unit = own.groupby("uptake_unit")["uptake"].sum()
        assert row["in_plan"] == bool(len(own))
        for unit, amount in row["amounts"].items():
            assert amount["plan"] == pytest.approx(by_unit.get(unit, 0.0))
            assert max(amount["amount"], amount["plan"]) <= amount["most"] * (1 + 1e-9)
