"""Tables of health and climate of a real run: parts add up to what they are parts of."""

import pytest

from integration.workbench import Finished


def test_the_terminal_tells_every_function(tongzhou: Finished) -> None:
    line = tongzhou.answer.out.split("Deaths avoided in 2020")[1]
    for name in ("plan", "GEMM", "GBD 2021", "FUSION", "IER 2014", "CO2 "):
        assert name in " ".join(line.split())


def test_ages_add_up_to_the_benefit(tongzhou: Finished) -> None:
    ages, whole = tongzhou.table("health"), tongzhou.table("benefits")
    for function, causes in (
        ("gemm", ["ncd-lri"]),
        ("gbd", ["ihd", "stroke", "copd", "lung-cancer", "lri", "diabetes"]),
        ("ier", ["ihd", "stroke", "copd", "lung-cancer", "lri"]),
    ):
        rows = ages[(ages["function"] == function) & ages["cause"].isin(causes)]
        parts = rows.groupby(["case", "year"])[["avoided", "life_years"]]
        found = parts.agg(lambda part: part.sum(skipna=False))  # silent where one of them is
        told = whole[whole["function"] == function].set_index(["case", "year"])
        for column in ("avoided", "life_years"):
            assert found[column].loc[told.index].tolist() == pytest.approx(
                told[column].tolist(), nan_ok=True
            )


def test_functions_stand_side_by_side_with_their_ranges(tongzhou: Finished) -> None:
    rows = tongzhou.table("benefits")
    plan = rows[(rows["case"] == "plan") & (rows["year"] == 2020)]
    assert plan["function"].tolist() == ["gemm", "gbd", "fusion", "ier"]
    assert (plan["avoided_low"] < plan["avoided"]).all()
    assert (plan["avoided"] < plan["avoided_high"]).all()
    assert plan["benefit"].isna().all()  # no value of a life is given


def test_cost_and_co2_are_those_of_the_other_tables(tongzhou: Finished) -> None:
    rows = tongzhou.table("benefits").groupby(["case", "year"]).first()
    costs = tongzhou.table("costs").groupby(["case", "year"])["cost_yuan"].sum()
    emitted = tongzhou.table("emissions")
    co2 = emitted[emitted["pollutant"] == "CO2"].groupby(["case", "year"])["value"].sum()
    for case in ("plan", "least_cost"):
        assert rows.loc[(case, 2020), "cost"] == pytest.approx(costs[(case, 2020)])
        saved = co2[("baseline", 2020)] - co2[(case, 2020)]
        assert rows.loc[(case, 2020), "co2_here"] == pytest.approx(saved)


def test_measures_add_up_to_the_climate_gain_of_the_plan(tongzhou: Finished) -> None:
    measures = tongzhou.table("co_control").groupby("case")[["co2_here", "co2_grid"]].sum()
    rows = tongzhou.table("benefits").groupby(["case", "year"]).first()
    for column in ("co2_here", "co2_grid"):
        assert measures.loc["plan", column] == pytest.approx(rows.loc[("plan", 2020), column])


def test_electric_vehicles_save_fuel_here_and_use_power_elsewhere(tongzhou: Finished) -> None:
    plan = tongzhou.table("co_control").set_index(["case", "measure"]).loc["plan"]
    buses = plan[plan["co2_grid"] < 0]
    assert len(buses)
    assert plan["co2"].tolist() == pytest.approx((plan["co2_here"] + plan["co2_grid"]).tolist())
