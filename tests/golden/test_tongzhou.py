"""The plan of Tongzhou from end to end: the numbers add up and are what the folder holds."""

import numpy as np
import pandas as pd
import pytest

from integration.workbench import REPOSITORY, UNSAMPLED, Finished, Project, call
from lantian.core.commitments import apply_commitments
from lantian.optimise.procedure.least_cost import unknown_groups
from lantian.results.dataset import read_dataset
from lantian.study.load import load
from lantian.study.model import make_case
from lantian.study.questions import cost_surface

# --- the run folder ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def emissions(tongzhou: Finished) -> pd.DataFrame:
    return tongzhou.table("emissions")


def test_arrays_and_tables_agree(tongzhou: Finished, emissions: pd.DataFrame) -> None:
    keys = ["case", "source", "pollutant", "year"]
    table = emissions.set_index(keys)["value"].sort_index()
    data = read_dataset(tongzhou.folder / "results.nc")
    array = data["emission"].to_series().reorder_levels(keys).sort_index()
    activity = data["activity"].to_series().dropna()
    unit = data["emission"].attrs["units"]
    assert unit == "t year-1"
    pd.testing.assert_series_equal(
        array[table.index], table, check_names=False, rtol=1e-12, check_index_type=False
    )
    assert not array.drop(table.index).fillna(0.0).any()
    total = tongzhou.table("activity").groupby(["case", "year"])["value"].sum()
    for (case, year), value in total.items():
        assert activity[case, :, year].sum() == pytest.approx(value, rel=1e-12)


def test_emission_is_activity_times_factor(tongzhou: Finished) -> None:
    data = read_dataset(tongzhou.folder / "results.nc")
    product = (data["activity"] * data["emission_factor"]).groupby("state_source").sum(skipna=False)
    emitted = (
        data["emission"]
        .rename(source="state_source")
        .sel(state_source=product["state_source"])
        .transpose(*product.dims)
    )
    np.testing.assert_allclose(product.to_numpy(), emitted.to_numpy(), rtol=1e-9, atol=1e-9)


def test_run_folder_runs_again_to_the_same_numbers(home: Project, tongzhou: Finished) -> None:
    scenario = tongzhou.folder / "scenario.yaml"
    answer = call("run", str(scenario), "--no-charts", "--out", "again", at=home.root)
    again = Finished(answer, home.root / "again" / "tongzhou-2020")
    assert answer.code == tongzhou.answer.code
    for key in ("content_id", "scenario_sha256", "inputs_sha256"):
        assert again.manifest[key] == tongzhou.manifest[key]
    assert again.summary == tongzhou.summary
    assert (again.folder / "scenario.yaml").read_bytes() == scenario.read_bytes()
    for path in sorted((tongzhou.folder / "tables").iterdir()):
        assert (again.folder / "tables" / path.name).read_bytes() == path.read_bytes(), path.name


def test_manifest_tells_what_the_run_rests_on(tongzhou: Finished) -> None:
    manifest = tongzhou.manifest
    assert manifest["solver"]["name"] == "HiGHS"
    assert manifest["solver"]["status"] == "optimal"
    assert manifest["solver"]["largest_residual"] < 1e-6
    assert manifest["solver"]["largest_reprojection_gap"] < 1e-9
    assert {
        "inputs/sources.csv",
        "inputs/controls.csv",
        "inputs/measures/costs.csv",
        "inputs/regions/beijing/tongzhou/drivers.csv",
        "inputs/plans/tongzhou-2020/clauses.csv",
    } <= set(manifest["inputs_sha256"])
    assert manifest["started"] <= manifest["finished"]


WITHOUT_UNIT = {
    "probabilities": {"part_low": "a share", "part_high": "a share"},
    "measures": {
        "uptake": "uptake_unit",
        "level": "share",
        "reach": "share",
        "cost_yuan": "the scenario's currency a year",
    },
    "clauses": {"document_line": "a line of the plan", "baseline_year": "a year"},
    "alert_totals": dict.fromkeys(
        (
            "total",
            "total_year",
            "listed",
            "wanted",
            "cut",
            "short",
            "protected",
            "beyond_reach",
            "unlisted",
            "demand",
        ),
        "t/d; demand is a share",
    ),
    "health": {
        "pm25_baseline": "ug/m3",
        "pm25": "ug/m3",
        **{f"avoided{end}": "deaths a year" for end in ("", "_low", "_high")},
        **{f"life_years{end}": "years a year" for end in ("", "_low", "_high")},
    },
}
"""Tables that hold numbers without a column ``unit``, and what their columns are."""
DIMENSIONLESS = {
    "year",
    "base_year",
    "from_year",
    "to_year",
    "order",
    "share",
    "swing",
    "level",
    "reach",
    "ratio",
    "probability",
    "document_line",
    "numbers",
    *("low", "high", "normal_weather", "three_years", "lucky", "unlucky"),
    *("rank", "screened", "noise", "if_low", "if_high", "off", "coverage", "density"),
    *("sampled", "propagated", "of_trend", "error"),
}


def test_every_table_with_numbers_has_a_unit(tongzhou: Finished) -> None:
    for path in sorted((tongzhou.folder / "tables").iterdir()):
        table = tongzhou.table(path.stem)
        held = {
            name
            for name in table.select_dtypes("number")
            if name not in DIMENSIONLESS and not str(name).isdigit()
        }
        if path.stem in WITHOUT_UNIT:
            assert held <= set(WITHOUT_UNIT[path.stem]), path.stem
        elif held:
            assert "unit" in table, f"{path.stem}: {held}"
            numbers = table[sorted(held)].notna().any(axis=1)
            assert not (table["unit"].isna() & numbers).any(), path.stem


def test_only_known_tables_go_without_a_unit(tongzhou: Finished) -> None:
    for name in WITHOUT_UNIT:
        assert "unit" not in tongzhou.table(name)


def test_ids_of_the_tables_have_labels(tongzhou: Finished) -> None:
    known = set(tongzhou.table("labels")["id"])
    for table, columns in (
        ("emissions", ["sector", "source"]),
        ("credits", ["measure"]),
        ("measures", ["measure", "source", "sector"]),
        ("activity", ["technology"]),
        ("targets", ["target"]),
    ):
        for column in columns:
            assert set(tongzhou.table(table)[column].dropna()) <= known, (table, column)


# --- sums ----------------------------------------------------------------------------------------


def test_bridge_adds_up_and_ends_at_the_plan(tongzhou: Finished, emissions: pd.DataFrame) -> None:
    table = tongzhou.table("bridge")
    total = emissions.groupby(["case", "pollutant", "year"])["value"].sum()
    for pollutant, steps in table.groupby("pollutant"):
        steps = steps.sort_values("order")
        final = steps.loc[steps["step"] == "final", "value"].item()
        added = steps.loc[steps["step"] != "final", "value"].sum()
        assert added == pytest.approx(final, rel=1e-9), pollutant
        assert steps["step"].iloc[0] == "base"
        assert steps["value"].iloc[0] == pytest.approx(total["baseline", pollutant, 2017])
        assert final == pytest.approx(total["plan", pollutant, 2020], rel=1e-9)


def test_credits_add_up_to_the_reductions(tongzhou: Finished, emissions: pd.DataFrame) -> None:
    total = emissions[emissions["year"] == 2020].groupby(["case", "pollutant"])["value"].sum()
    credit = tongzhou.table("credits").groupby(["case", "pollutant"])["credit"].sum()
    assert set(credit.index.get_level_values("case")) == {"plan", "least_cost"}
    for (case, pollutant), value in credit.items():
        cut = total["baseline", pollutant] - total[case, pollutant]
        assert value == pytest.approx(cut, rel=1e-9, abs=1e-6), (case, pollutant)


def test_targets_are_what_the_tables_hold(tongzhou: Finished, emissions: pd.DataFrame) -> None:
    total = emissions.groupby(["case", "pollutant", "year"])["value"].sum()
    targets = tongzhou.table("targets").set_index(["target", "case"])
    for name, pollutant in (("nox-total", "NOx"), ("voc-total", "VOC")):
        for case in ("baseline", "plan", "least_cost", "match_plan"):
            assert targets.loc[(name, case), "value"] == pytest.approx(
                total[case, pollutant, 2020], rel=1e-9
            )
        row = targets.loc[(name, "plan")]
        assert row["base_value"] == pytest.approx(total["baseline", pollutant, 2015], rel=1e-9)
        assert row["limit"] == pytest.approx(0.7 * row["base_value"], rel=1e-12)
        assert row["margin"] == pytest.approx(row["limit"] - row["value"], rel=1e-9)
        assert row["met"] == (row["value"] <= row["limit"])


def test_cases_agree_up_to_the_base_year(emissions: pd.DataFrame) -> None:
    past = emissions[emissions["year"] <= 2017].pivot(
        index=["source", "pollutant", "year"], columns="case", values="value"
    )
    assert set(past["baseline"].index.get_level_values("year")) == {2015, 2017}
    assert (past["plan"] == past["baseline"]).all()


def test_match_plan_reaches_what_the_plan_reaches_for_less(tongzhou: Finished) -> None:
    targets = tongzhou.table("targets").dropna(subset=["met"])
    values = targets.pivot(index="target", columns="case", values="value")
    # On the footing of what a mix may choose: without a price or of open sign, it is left out.
    study = load(REPOSITORY / "scenarios" / "tongzhou-2020.yaml")
    system = study.system
    unpriced = np.isin(np.arange(len(system.groups)), unknown_groups(system))
    unpriced[list(study.question.closed)] = True
    kept = study.commitments.where(~unpriced[study.commitments.group])
    assert 0 < len(kept) < len(study.commitments)
    case = study.projection(
        make_case(system, apply_commitments(system, kept).moved, tuple(range(len(system.years))))
    )
    asked = [t for t in study.targets if t.bound.sense == "at_most"]  # no mix is asked for alerts
    reached = pd.Series({t.target.id: t.judge(case)[0] for t in asked if t.computed})
    values = values.loc[reached.index]
    assert (values["plan"] <= reached * (1 + 1e-9)).all()
    assert (values["match_plan"] <= reached * (1 + 1e-9)).all()
    cost = tongzhou.summary["cost"]["by_case"]
    assert cost["match_plan"] <= cost["plan"]


def test_the_curve_of_a_target_ends_where_the_mixes_do(tongzhou: Finished) -> None:
    """A curve is made of what a mix may choose: nothing of open sign lies beyond its end."""
    study = load(REPOSITORY / "scenarios" / "tongzhou-2020.yaml")
    (curve,) = cost_surface(study, "NOx").slices
    target = next(t for t in tongzhou.summary["targets"] if t["id"] == "nox-total")
    end = min(kink.value for kink in curve.frontier.kinks)
    assert end == pytest.approx(target["max_feasible"], rel=1e-9)


def test_a_plan_without_commitments_is_the_baseline(home: Project) -> None:
    (home.root / "scenarios" / "idle.yaml").write_text(
        f"extends: tongzhou-2020.yaml\nname: idle\nplan: null\ncommitments: []\n{UNSAMPLED}"
    )
    answer = call("run", "scenarios/idle.yaml", "--no-charts", at=home.root)
    run = Finished(answer, home.root / "runs" / "idle")
    wide = run.table("emissions").pivot(
        index=["source", "pollutant", "year"], columns="case", values="value"
    )
    assert not (run.table("credits")["case"] == "plan").any()
    assert run.summary["cost"]["by_case"].get("plan", 0.0) == 0.0
    assert "plan" not in wide or (wide["plan"] == wide["baseline"]).all()


# --- what the run says about itself --------------------------------------------------------------


def test_independent_estimates_are_compared_on_both_sides_with_both_ranges(
    tongzhou: Finished,
) -> None:
    table = tongzhou.table("topdown")
    assert {"NOx", "VOC", "PM2.5", "SO2", "NH3"} <= set(table["pollutant"])
    assert "dust" in set(table["without"].dropna())
    for row in table.itertuples():
        inside = row.low <= row.inventory <= row.high
        assert (row.stands == "inside") == inside
        assert row.ratio == pytest.approx(row.inventory / row.topdown, rel=1e-9)
        assert row.own_low < row.inventory < row.own_high
        meets = row.own_low <= row.high and row.own_high >= row.low
        assert inside or (row.stands == "overlapping") == meets, row
        assert inside or str(row.note).strip(), f"{row.sector} {row.pollutant} {row.year}"


def test_what_is_not_covered_is_told_in_both_languages(tongzhou: Finished) -> None:
    table = tongzhou.table("not_covered")
    missing = set(table["missing"])
    assert {"asphalt-laying", "town-waste", "composting"} <= missing
    assert missing.isdisjoint({"home-cooking", "pesticide-use"})  # the district has amounts
    assert {"freight", "energy"} == set(table["counted_in"].dropna())  # it has neither sector
    assert {"home-biomass", "asphalt", "landfill", "sewage-works"} == set(
        table["counted_as"].dropna()
    )
    told = tongzhou.table("problems")
    (row,) = told[told["warning"].str.startswith("not covered")].itertuples()
    assert "Landfills" in row.en
    assert "垃圾填埋" in row.zh


def test_every_clause_with_a_number_has_its_fate(tongzhou: Finished) -> None:
    table = tongzhou.table("clauses").astype(object).fillna("")
    assert {"yes", "parametric", "enabling", "no"} == set(table["modelable"])
    for row in table.itertuples():
        modelled = row.fate == "modelled"
        assert modelled == bool(row.commitments), row.row_id
        assert modelled != bool(row.reason), row.row_id


def test_every_commitment_comes_from_a_clause(tongzhou: Finished) -> None:
    listed = {
        name
        for names in tongzhou.table("clauses")["commitments"].dropna()
        for name in names.split()
    }
    told = {
        line.split(":")[1].strip()
        for line in (tongzhou.folder / "scenario.yaml")
        .read_text(encoding="utf-8")
        .partition("commitments:")[2]
        .splitlines()
        if line.startswith("- id:")
    }
    assert listed == told


def test_targets_of_the_plan_are_all_listed(tongzhou: Finished) -> None:
    computed = {t["id"]: t["computed"] for t in tongzhou.summary["targets"]}
    assert computed == {
        "nox-total": True,
        "voc-total": True,
        "transport-nox": True,
        "transport-voc": True,
        "transport-pm25": True,
        "pm25-mean": True,
        "dustfall-cut": True,
        "heavy-days": True,
        "alert-yellow": True,
        "alert-orange": True,
        "alert-red": True,
    }


def test_inputs_are_ranked_by_what_they_move(tongzhou: Finished) -> None:
    table = tongzhou.table("assumptions")
    moves = table[table["outcome"].notna()]
    on_targets = moves[moves["outcome"] != "cost"]
    assert (on_targets["swing"].diff().dropna() <= 1e-12).all()
    assert set(on_targets["outcome"]) <= set(tongzhou.table("targets")["target"])
    assert (on_targets["limit_at_low"].notna() & on_targets["limit_at_high"].notna()).all()
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    pattern = r"inputs/.*\.(csv|xlsx):\d+|commitments\[\d+\]\..*|economics\..*"
    assert table["place"].str.fullmatch(pattern).all()


def test_shares_by_basis_add_up(tongzhou: Finished) -> None:
    table = tongzhou.table("basis")
    share = table.groupby(["pollutant", "what", "case", "year"])["share"].sum()
    np.testing.assert_allclose(share.to_numpy(), 1.0, atol=1e-9)
