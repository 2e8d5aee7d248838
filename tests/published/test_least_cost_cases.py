"""Published least-cost problems, run from the command line and read from their run folders.

Nori & Leets: F. S. Hillier and G. J. Lieberman, Introduction to Operations Research, section 3.4
(six abatement methods, three pollutants). Cement: R. E. Kohn, A mathematical programming model for
air pollution control (1968) (two precipitators on 2.5 million barrels).
"""

import pytest

from integration.workbench import Finished, call
from lantian.parameters.units import factor

LB = factor("lb", "t")
"""Tonnes in a pound."""

NORI_FRACTIONS = {
    "taller-stacks-blast": 1.0,
    "taller-stacks-open-hearth": 0.6226975,
    "filters-blast": 0.3434794,
    "filters-open-hearth": 1.0,
    "better-fuels-blast": 0.04757282,
    "better-fuels-open-hearth": 1.0,
}
NORI_PRICES = {"particulates": 0.111047, "sulfur-oxides": 0.1268171, "hydrocarbons": 0.06932564}
"""USD per lb and year of the reductions required."""
NORI_REQUIRED = {"particulates": 60e6, "sulfur-oxides": 150e6, "hydrocarbons": 125e6}
"""lb a year."""
BARRELS = 2.5e6
FRACTION_TOLERANCE, PRICE_TOLERANCE = 1e-6, 1e-5
"""The printed answers have seven digits, the prices six."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    out = tmp_path_factory.mktemp("published")
    names = ("nori-leets", "kohn-cement")
    answer = call(
        "run", *(f"scenarios/published/{n}.yaml" for n in names), "--no-charts", "--out", str(out)
    )
    assert answer.code == 0
    return {name: Finished(answer, out / name) for name in names}


def levels(run: Finished) -> dict[str, float]:
    """Return the share of full use of each measure in the least-cost mix."""
    table = run.table("measures")
    return table[table["case"] == "least_cost"].set_index("measure")["level"].to_dict()


def cost(run: Finished) -> float:
    """Return the least cost of the summary, which the tables must add up to."""
    found = float(run.summary["cost"]["by_case"]["least_cost"])
    costs = run.table("costs")
    measures = run.table("measures")
    for table in (costs, measures):
        total = table.loc[table["case"] == "least_cost", "cost_yuan"].sum()
        assert total == pytest.approx(found, rel=1e-12)
    assert run.summary["solver"]["least_cost"]["cost"] == pytest.approx(found, rel=1e-9)
    return found


def test_nori_leets_cost(runs: dict[str, Finished]) -> None:
    assert cost(runs["nori-leets"]) == pytest.approx(32.15463e6, rel=1e-6)


def test_nori_leets_fractions(runs: dict[str, Finished]) -> None:
    assert levels(runs["nori-leets"]) == pytest.approx(NORI_FRACTIONS, abs=FRACTION_TOLERANCE)


def test_nori_leets_shadow_prices(runs: dict[str, Finished]) -> None:
    run = runs["nori-leets"]
    prices = run.table("prices").set_index("target")
    per_lb = {target: price * LB for target, price in prices["shadow_price"].items()}
    assert per_lb == pytest.approx(NORI_PRICES, rel=PRICE_TOLERANCE)
    assert prices["binding"].all()
    told = {t["id"]: t["shadow_price"] * LB for t in run.summary["targets"]}
    assert told == pytest.approx(NORI_PRICES, rel=PRICE_TOLERANCE)


def test_nori_leets_reductions_are_those_required(runs: dict[str, Finished]) -> None:
    table = (
        runs["nori-leets"].table("targets").pivot(index="target", columns="case", values="value")
    )
    cut = (table["baseline"] - table["least_cost"]) / LB
    assert cut.to_dict() == pytest.approx(NORI_REQUIRED, rel=1e-9)


def test_kohn_cost(runs: dict[str, Finished]) -> None:
    assert cost(runs["kohn-cement"]) == pytest.approx(410_000.0, rel=1e-9)


def test_kohn_barrels(runs: dict[str, Finished]) -> None:
    barrels = {measure: level * BARRELS for measure, level in levels(runs["kohn-cement"]).items()}
    assert barrels == pytest.approx(
        {"smaller-precipitator": 1.0e6, "larger-precipitator": 1.5e6}, rel=1e-9
    )


def test_kohn_shadow_price(runs: dict[str, Finished]) -> None:
    """The dual values prove the optimum: 1.5 u - v = 0.14 and 1.8 u - v = 0.18 give u = 0.4/3."""
    price = runs["kohn-cement"].table("prices").set_index("target")["shadow_price"]
    assert price["cement-dust"] * LB == pytest.approx(0.4 / 3, rel=1e-9)
