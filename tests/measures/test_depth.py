"""Packages of controls are as deep as what is committed and offered; what has no room is told."""

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.core.system import System
from lantian.errors import InputError, Place, Problems
from lantian.measures.contract import AppliesRow
from lantian.measures.depth import MOST_PACKAGES, packages, within_depth
from support.build import build, controls, equip, plan, total

SHOP, PLAIN = {"shop / any": 100.0}, {"shop / any": 1.0}
MANY = 12
"""More controls than there is room for."""


def stacked(efficiency: list[float]) -> System:
    names = [f"c{n}" for n in range(len(efficiency))]
    lines = [equip(f"fit-{n}", "shop", n) for n in names]
    return build(SHOP, PLAIN, lines, controls(dict(zip(names, efficiency, strict=True))))


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=7))
@settings(max_examples=20)
def test_commitments_at_all_of_it_multiply(efficiency: list[float]) -> None:
    system = stacked(efficiency)
    done = plan(system, {f"fit-c{n}": 1.0 for n in range(len(efficiency))})
    left = 100.0 * prod(1.0 - e for e in efficiency)
    assert total(system, done.activity)[-1] == pytest.approx(left, abs=1e-9)
    cost = float(np.nansum(done.moved[:, -1] * system.moves.unit_cost))
    assert cost == pytest.approx(10.0 * 100.0 * len(efficiency), rel=1e-12)


@pytest.mark.parametrize("n", range(1, 7))
def test_every_package_of_the_controls_is_a_state(n: int) -> None:
    depth = [len(c) for c in stacked([0.5] * n).states.controls]
    assert sorted(depth) == sorted(sum(choice) for choice in product((0, 1), repeat=n))


def rows(n: int, group: str = "", chain: bool = False) -> list[AppliesRow]:
    return [
        AppliesRow(
            measure=f"m{k}",
            source="works",
            control=f"c{k}",
            group=group,
            replaces=f"c{k - 1}" if chain and k else "",
        ).at(Place("applies.csv", k + 2))
        for k in range(n)
    ]


def test_packages_are_counted() -> None:
    assert packages([]) == 1
    assert packages(rows(5)) == 2**5
    assert packages(rows(5, group="g")) == 6
    assert packages(rows(5, chain=True)) == 6
    assert packages([AppliesRow(measure="s", source="works", to_technology="new")]) == 1


def test_what_is_offered_beyond_the_room_is_left_out_and_named() -> None:
    problems = Problems()
    kept = within_depth({"works": rows(MANY)}, {"m10", "m11"}, problems)["works"]
    assert [row.measure for row in kept] == [*(f"m{k}" for k in range(7)), "m10", "m11"]
    assert packages(kept) == MOST_PACKAGES
    assert problems.found == []
    (warning,) = problems.warnings
    assert warning.text().startswith("applies.csv:9\n  too many measures")
    assert "not offered there: m7, m8, m9." in warning.text()


def test_shifts_and_other_sources_stay() -> None:
    shift = AppliesRow(measure="new", source="works", to_technology="gas")
    kept = within_depth({"works": [*rows(MANY), shift], "kiln": rows(3)}, (), Problems())
    assert shift in kept["works"]
    assert kept["kiln"] == rows(3)


def test_too_many_commitments_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"puts 12 measures on source 'works'.*m0, m1, m2"):
        within_depth({"works": rows(MANY)}, {f"m{k}" for k in range(MANY)}, Problems())
