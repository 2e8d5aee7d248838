"""What emissions and reductions rest on: the weakest number decides."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lantian.core.system import Array
from lantian.ensemble.firmness import firmness
from lantian.errors import Problems
from lantian.inventory.contract import (
    ActivityRow,
    Sector,
    SectorInputs,
    SectorModel,
    Source,
    StateNames,
    Window,
)
from lantian.measures.compile import compile_system
from lantian.parameters import Numbers, QuantityRow, Space
from lantian.parameters.space import ZERO, constant, join
from lantian.results.basis import basis_shares
from lantian.study.model import make_case
from lantian.vocabulary import BASES, POLLUTANTS
from support.build import START, YEARS, catalogue_of, commitments_of, controls, equip, money_of, row
from support.build import plan as uptake_of

NOX, VOC = EMITTED = (POLLUTANTS.index("NOx"), POLLUTANTS.index("VOC"))


@dataclass(frozen=True, kw_only=True)
class Plain(SectorModel):
    """Sources with an amount and factors that are plain numbers, the same in every year."""

    amount: Numbers
    factor: Numbers

    def activities(self, theta: Array, window: Window) -> Array:
        return np.repeat(self.amount(theta)[:, None], len(window.years), axis=1)

    def factors(self, theta: Array, window: Window) -> Array:
        return self.factor(theta)[:, :, None]


def unused(inputs: SectorInputs) -> SectorModel:
    raise NotImplementedError


def weak(item: Any, low: float, high: float) -> Any:
    return item.model_copy(update={"basis": "assumed", "low": low, "high": high})


def sector_of(space: Space) -> tuple[Sector, SectorModel]:
    """30 shops (counted) of 1 t NOx and 2 t VOC (assumed), 10 firms (assumed) of 7 t NOx."""
    shops = row(ActivityRow, 30.0, "shop", source="shop", technology="any", year=2017)
    firms = row(ActivityRow, 10.0, "firm", source="firm", technology="any", year=2017)
    voc = weak(row(QuantityRow, 2.0, "t/shop"), 1.0, 4.0)
    numbers = [
        row(QuantityRow, 1.0, "t/shop"),
        voc,
        row(QuantityRow, 7.0, "t/firm"),
    ]
    factor = constant(ZERO, 2, 2)
    for at, number in zip([(0, 0), (0, 1), (1, 0)], numbers, strict=True):
        factor.slot[at] = space.slot(number)
    model = Plain(
        states=StateNames(("shop", "firm"), ("any", "any"), ("", "")),
        pollutants=np.array(EMITTED),
        amount=join([space.number(n)[None] for n in (shops, weak(firms, 5.0, 15.0))]),
        factor=factor,
    )
    sources = tuple(Source(s, s, ("any",), "other", "constant") for s in ("shop", "firm"))
    return Sector("sector", "test", sources, ("NOx", "VOC"), {}, unused), model


def study(credit: str = "printed", assumed_control: bool = False) -> Any:
    """Shops and firms, and a control that shops can be fitted with."""
    space, problems = Space(), Problems()
    efficiency = controls({"f": 0.5})
    if assumed_control:
        efficiency = [weak(c, 0.0, 1.0) if c.pollutant else c for c in efficiency]
    catalogue = catalogue_of([equip("fit", "shop", "f")], efficiency, problems, space)
    compiled = compile_system(
        [sector_of(space)],
        catalogue,
        money_of(space),
        years=YEARS,
        start=START,
        space=space,
        problems=problems,
    )
    problems.stop_if_any()
    system = compiled.system(space.central())
    return SimpleNamespace(
        space=space,
        compiled=compiled,
        system=system,
        commitments=commitments_of(system, {"fit": 1.0}),
        scenario=SimpleNamespace(commitments=[SimpleNamespace(credit=credit)]),
    )


def shares(given: Any, what: str, case: str, pollutant: str) -> dict[str, float]:
    system = given.system
    cases = {
        name: make_case(system, uptake_of(system, {"fit": level}).moved, (0, 1, 2))
        for name, level in (("baseline", 0.0), ("plan", 1.0))
    }
    table: Any = basis_shares(given, SimpleNamespace(cases=cases))  # type: ignore[arg-type]
    asked = {"what": what, "case": case, "pollutant": pollutant, "year": 2019}
    chosen = np.logical_and.reduce([table[name] == value for name, value in asked.items()])
    found = dict(zip(table["basis"][chosen], table["share"][chosen].tolist(), strict=True))
    assert sum(found.values()) == pytest.approx(1.0)
    return {basis: share for basis, share in found.items() if share}


def test_an_emission_is_as_firm_as_its_weakest_factor() -> None:
    given = study()
    found = firmness(given.compiled, given.space)
    system = given.system
    keys = [
        (system.sources.id[source], bool(controls))
        for source, controls in zip(system.states.source, system.states.controls, strict=True)
    ]
    shop, fitted, firm = map(keys.index, [("shop", False), ("shop", True), ("firm", False)])
    assert [BASES[found.activity[s]] for s in (shop, fitted, firm)] == [
        "published",
        "published",
        "assumed",
    ]
    assert BASES[found.emission[shop, NOX]] == "published"
    assert BASES[found.emission[shop, VOC]] == "assumed"  # an assumed factor
    assert BASES[found.emission[firm, NOX]] == "assumed"  # an assumed number of firms
    assert BASES[found.factor[firm, NOX]] == "published"


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
