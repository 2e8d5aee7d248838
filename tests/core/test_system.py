"""The arithmetic of states and moves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lantian.core.commitments import apply_commitments
from lantian.core.system import (
    NOWHERE,
    Moves,
    System,
    emission_by_source,
    positions,
    shift_activity,
    sum_by,
)
from lantian.names import state_names
from support.build import build, close, controls, equip
from support.random_plans import Case, cases

MOVES = Moves(
    np.array([0, 0, 1]),
    np.array([1, 2, NOWHERE]),
    np.array([1.0, 20.0, 1.0]),
    np.array([0, 1, 2]),
    np.zeros(3),
    np.ones(3),
)


def two_sources() -> System:
    return build(
        {"truck / old": [10.0, 20.0, 30.0], "shop / any": 4.0},
        {"truck / old": {"NOx": 2.0, "CO": 0.5}, "shop / any": {"VOC": 3.0, "NOx": 1.0}},
        [close("end", "truck"), equip("fit", "shop", "f")],
        controls({"f": 0.5}),
    )


def test_activity_moves_along_the_arcs() -> None:
    # 3 from state 0 to 1; 2 from 0 to 2 as 2 * 20; 1 from 1 to nowhere
    found = shift_activity(MOVES, np.array([10.0, 5.0, 0.0]), np.array([3.0, 2.0, 1.0]))
    assert found.tolist() == [5.0, 7.0, 40.0]


def test_columns_move_on_their_own() -> None:
    found = shift_activity(
        MOVES,
        np.array([[10.0, 8.0], [5.0, 0.0], [0.0, 1.0]]),
        np.array([[3.0, 0.0], [0.0, 2.0], [0.0, 0.0]]),
    )
    assert found.tolist() == [[7.0, 6.0], [8.0, 0.0], [0.0, 41.0]]


def test_shifting_leaves_its_arguments_alone() -> None:
    activity = np.array([10.0, 5.0, 0.0])
    shift_activity(MOVES, activity, np.ones(3))
    assert activity.tolist() == [10.0, 5.0, 0.0]


@given(arrays(float, 3, elements=st.floats(0, 1e300)))
def test_moving_nothing_changes_no_bit(activity: np.ndarray) -> None:
    assert shift_activity(MOVES, activity, np.zeros(3)).tobytes() == activity.tobytes()


def test_emission_is_activity_times_factor_by_source_pollutant_and_year() -> None:
    system = two_sources()
    found = emission_by_source(system, system.baseline)
    nox, voc, co = (system.pollutants.index(p) for p in ("NOx", "VOC", "CO"))
    assert found[0, nox].tolist() == [20.0, 40.0, 60.0]
    assert found[0, co].tolist() == [5.0, 10.0, 15.0]
    assert found[1, [nox, voc], 0].tolist() == [4.0, 12.0]
    assert found.sum() == 120.0 + 30.0 + 3 * 16.0


def test_one_years_factors_serve_any_columns() -> None:
    system = two_sources()
    factor = system.factor.copy()
    factor[:, :, 2] *= 0.5
    system = replace(system, factor=factor)
    columns = np.repeat(system.baseline[:, 2:], 2, axis=1)
    nox = system.pollutants.index("NOx")
    # 30 trucks with the factor of the last year, 2 * 0.5
    assert emission_by_source(system, columns, 2)[0, nox].tolist() == [30.0, 30.0]


@given(cases())
@settings(max_examples=40, deadline=None)
def test_no_activity_no_emission(case: Case) -> None:
    system = replace(
        case.system,
        baseline=np.zeros_like(case.system.baseline),
        recent=np.zeros_like(case.system.recent),
    )
    done = apply_commitments(system, case.commitments)
    assert not done.activity.any()
    assert not emission_by_source(system, done.activity).any()


@given(cases())
@settings(max_examples=40, deadline=None)
def test_sources_and_sectors_add_up_to_all_states(case: Case) -> None:
    system = case.system
    done = apply_commitments(system, case.commitments).activity
    by_source = emission_by_source(system, done)
    assert (by_source >= -1e-9).all()
    whole = np.einsum("spy,sy->py", system.factor, done)
    assert by_source.sum(axis=0) == pytest.approx(whole, rel=1e-12, abs=1e-9)
    sectors = np.unique(np.array(system.sources.sector), return_inverse=True)[1]
    by_sector = sum_by(by_source, np.sort(sectors), sectors.max() + 1)
    assert by_sector.sum(axis=0) == pytest.approx(whole, rel=1e-12, abs=1e-9)


@given(cases())
@settings(max_examples=40, deadline=None)
def test_emission_is_linear_in_what_is_moved(case: Case) -> None:
    """Twice the uptake saves twice as much: what makes the least-cost problem linear."""
    system = case.system
    moved = apply_commitments(system, case.commitments).moved

    def saved(part: float) -> np.ndarray:
        after = shift_activity(system.moves, system.baseline, part * moved)
        return emission_by_source(system, system.baseline - after).sum(axis=0)

    scale = 1.0 + float(system.baseline.sum())
    assert np.abs(saved(0.5) * 2 - saved(1.0)).max() <= 1e-11 * scale


def test_sum_by_label_keeps_labels_without_members() -> None:
    assert sum_by(np.array([[1.0], [2.0], [4.0]]), np.array([0, 2, 2]), 4).tolist() == [
        [1.0],
        [0.0],
        [6.0],
        [0.0],
    ]
    assert sum_by(np.zeros((0, 2)), np.zeros(0, int), 2).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_states_have_readable_unique_names() -> None:
    names = state_names(two_sources()).keys
    assert names == ("truck / old", "shop / any", "shop / any / f")


def test_years_and_names_have_positions() -> None:
    assert two_sources().year_index(2018) == 1
    assert positions(["b", "a"]) == {"b": 0, "a": 1}
