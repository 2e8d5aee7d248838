"""What emissions and reductions rest on: the weakest number decides."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lantian.core.system import emission_by_source
from lantian.errors import Problems
from lantian.inventory.contract import ActivityRow, Use
from lantian.measures.compile import compile_system
from lantian.parameters import QuantityRow
from lantian.results.basis import assumptions_table, basis_table, state_basis
from lantian.study.model import make_case
from lantian.vocabulary import BASES, POLLUTANTS
from support.build import (
    MONEY,
    START,
    YEARS,
    block_of,
    catalogue_of,
    commitments_of,
    controls,
    equip,
    plan,
    row,
)

NOX, VOC = POLLUTANTS.index("NOx"), POLLUTANTS.index("VOC")


def weak(item: Any, low: float, high: float) -> Any:
    return item.model_copy(update={"basis": "assumed", "low": low, "high": high})


def study(credit: str = "printed", assumed_control: bool = False) -> Any:
    """30 shops of 1 t NOx (counted) and 10 firms of 7 t (an assumed number of firms)."""
    sector, block = block_of(
        {"shop / any": 30.0, "firm / any": 10.0},
        {"shop / any": {"NOx": 1.0, "VOC": 2.0}, "firm / any": {"NOx": 7.0}},
    )
    shops = row(ActivityRow, 30.0, "shop", source="shop", technology="any", year=2017)
    firms = weak(
        row(ActivityRow, 10.0, "firm", source="firm", technology="any", year=2017), 5.0, 15.0
    )
    voc = weak(row(QuantityRow, 2.0, "t/shop"), 1.0, 4.0)
    block = replace(block, uses=(Use(shops, (0,)), Use(firms, (1,)), Use(voc, (0,), ("VOC",))))
    problems = Problems()
    efficiency = controls({"f": 0.5})
    if assumed_control:
        efficiency = [weak(c, 0.0, 1.0) if c.pollutant else c for c in efficiency]
    catalogue = catalogue_of([equip("fit", "shop", "f")], efficiency, problems)
    system = compile_system([(sector, block)], catalogue, MONEY, YEARS, START, problems)
    problems.stop_if_any()
    return SimpleNamespace(
        blocks=((sector, block),),
        system=system,
        catalogue=catalogue,
        commitments=commitments_of(system, {"fit": 1.0}),
        scenario=SimpleNamespace(commitments=[SimpleNamespace(credit=credit)], reference_years=()),
        targets=[],
        baseline=emission_by_source(system, system.baseline),
    )


def shares(given: Any, what: str, case: str, pollutant: str) -> dict[str, float]:
    system = given.system
    cases = {
        name: make_case(system, plan(system, {"fit": level}).moved, (0, 1, 2))
        for name, level in (("baseline", 0.0), ("plan", 1.0))
    }
    results: Any = SimpleNamespace(cases=cases, readings={})
    table, _ = basis_table(given, results)
    chosen = table[
        (table.what == what)
        & (table.case == case)
        & (table.pollutant == pollutant)
        & (table.year == 2019)
    ]
    assert chosen.share.sum() == pytest.approx(1.0)
    return {b: s for b, s in zip(chosen.basis, chosen.share, strict=True) if s}


def test_an_emission_is_as_firm_as_its_weakest_factor() -> None:
    found = state_basis(study())
    names = [BASES[b] for b in found.activity]
    assert (names[0], names[-1]) == ("published", "assumed")
    shop, firm = 0, len(names) - 1
    assert BASES[found.emission[shop, NOX]] == "published"
    assert BASES[found.emission[shop, VOC]] == "assumed"  # an assumed factor
    assert BASES[found.emission[firm, NOX]] == "assumed"  # an assumed number of firms


def test_shares_by_basis_by_hand() -> None:
    # NOx: 30 t published, 70 t on an assumed number of firms
    assert shares(study(), "emission", "baseline", "NOx") == pytest.approx(
        {"published": 0.3, "assumed": 0.7}
    )
    assert shares(study(), "emission", "baseline", "VOC") == {"assumed": 1.0}
    assert shares(study(), "activity", "baseline", "VOC") == {"published": 1.0}


@pytest.mark.parametrize(
    ("credit", "assumed_control", "basis"),
    [
        ("printed", False, "published"),
        ("parametric", False, "assumed"),
        ("printed", True, "assumed"),
    ],
)
def test_a_reduction_is_as_firm_as_the_states_and_the_level(
    credit: str, assumed_control: bool, basis: str
) -> None:
    given = study(credit, assumed_control)
    assert shares(given, "reduction", "plan", "NOx") == {basis: 1.0}


def test_assumed_inputs_are_ranked_by_how_far_they_move_an_emission() -> None:
    table = assumptions_table(study())
    # VOC factor: half-width (4 - 1) / (2 * 2) = 75 % of all VOC
    # firms: half-width (15 - 5) / (2 * 10) = 50 % of 70 % of the NOx
    assert table.swing.tolist() == pytest.approx([0.75, 0.35])
    assert table.pollutant.tolist() == ["VOC", "NOx"]
    assert table.share.tolist() == pytest.approx([1.0, 0.7])
    assert np.isfinite(table.swing).all()
