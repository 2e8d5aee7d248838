"""Credits of a solved mix: exact sums, hand-worked chains, order-independence."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from lantian.core.system import emission_by_source, shift_activity
from lantian.optimise.analyses import attribution
from lantian.optimise.analyses.attribution import mix_credits
from lantian.optimise.procedure.least_cost import least_cost
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def reduction(system, uptake: np.ndarray) -> np.ndarray:  # type: ignore[no-untyped-def]
    activity = shift_activity(system.moves, system.baseline[:, [0]], uptake[:, None])
    both = np.hstack([system.baseline[:, [0]], activity])
    total = emission_by_source(system, both, 0).sum(axis=0)
    return np.asarray(total[:, 0] - total[:, 1])


def filter_on_renewed():  # type: ignore[no-untyped-def]
    """10 old units of 1 t: renewal to 0.5 t, a filter that halves; the mix does both, in a chain.

    States: old, new, old with filter, new with filter.
    """
    return small_system(
        [10.0, 0.0, 0.0, 0.0],
        [[1.0], [0.5], [0.5], [0.25]],
        [(0, 0, 1, 1.0), (0, 2, 3, 1.0), (1, 0, 2, 1.0), (1, 1, 3, 1.0)],
        [1.0, 1.0],
        source=[0] * 4,
    )


def test_a_chain_without_its_feed_acts_elsewhere() -> None:
    """Renewal alone 5 t; the filter, with nothing renewed, goes on the old units: 5 t.

    Last in: 2.5 t each; together 7.5 t, credit 3.75 t each.
    """
    found = mix_credits(filter_on_renewed(), 0, np.array([10.0, 0.0, 0.0, 10.0]))
    np.testing.assert_allclose(found.credits.alone[:, 0], [5.0, 5.0])
    np.testing.assert_allclose(found.credits.last_in[:, 0], [2.5, 2.5])
    np.testing.assert_allclose(found.credits.credit[:, 0], [3.75, 3.75])
    assert not found.error.any()


def test_a_chain_with_nowhere_else_to_go_does_nothing_alone() -> None:
    """old -> new -> newer: the second step without the first finds no unit."""
    system = small_system(
        [10.0, 0.0, 0.0],
        [[1.0], [0.5], [0.1]],
        [(0, 0, 1, 1.0), (1, 1, 2, 1.0)],
        [1.0, 1.0],
        source=[0] * 3,
    )
    found = mix_credits(system, 0, np.array([10.0, 6.0])).credits
    np.testing.assert_allclose(found.alone[:, 0], [5.0, 0.0])
    np.testing.assert_allclose(found.last_in[:, 0], [7.4, 2.4])
    np.testing.assert_allclose(found.credit[:, 0], [6.2, 1.2])


@pytest.mark.parametrize("seed", range(6))
def test_credits_add_up_to_the_mix(seed: int) -> None:
    system = random_system(seed, n_pollutants=3)
    answer = least_cost(system, 0, total_targets(system, reachable_limits(system, 0.7)))
    found = mix_credits(system, 0, answer.uptake)
    assert not found.error.any()
    total = reduction(system, answer.uptake)
    np.testing.assert_allclose(found.credits.credit.sum(axis=0), total, rtol=1e-10)


def test_sampled_credits_add_up_and_are_as_exact_as_they_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = random_system(1, n_sources=1, n_technologies=5, n_shifts=4)
    answer = least_cost(system, 0, total_targets(system, reachable_limits(system, 0.8)))
    exact = mix_credits(system, 0, answer.uptake).credits
    monkeypatch.setattr(attribution, "MOST_EXACT", 1)
    found = mix_credits(system, 0, answer.uptake)
    np.testing.assert_allclose(
        found.credits.credit.sum(axis=0), reduction(system, answer.uptake), rtol=1e-10
    )
    off = np.abs(found.credits.credit - exact.credit)
    assert (off <= 5 * found.error + 1e-9).all()
    np.testing.assert_allclose(found.credits.alone, exact.alone)
    np.testing.assert_allclose(found.credits.last_in, exact.last_in)
    again = mix_credits(system, 0, answer.uptake)
    np.testing.assert_array_equal(again.credits.credit, found.credits.credit)


def test_numbering_of_measures_does_not_matter() -> None:
    base = filter_on_renewed()
    for order in permutations(range(2)):
        moves = sorted(range(4), key=lambda m: (order[base.moves.group[m]], m))
        system = small_system(
            [10.0, 0.0, 0.0, 0.0],
            [[1.0], [0.5], [0.5], [0.25]],
            [
                (
                    order[base.moves.group[m]],
                    int(base.moves.origin[m]),
                    int(base.moves.target[m]),
                    1.0,
                )
                for m in moves
            ],
            [1.0, 1.0],
            source=[0] * 4,
        )
        uptake = np.array([10.0, 0.0, 0.0, 10.0])[moves]
        np.testing.assert_allclose(mix_credits(system, 0, uptake).credits.credit, 3.75)


def test_an_empty_mix_has_no_credits() -> None:
    found = mix_credits(random_system(0), 0, np.zeros(len(random_system(0).moves)))
    assert len(found.credits.measure) == 0


@pytest.mark.parametrize(
    ("new_units", "alone", "credit"), [(None, 10.0, [4.0, 8.0]), (3.0, 6.0, [6.0, 6.0])]
)
def test_what_a_measure_lacks_it_takes_elsewhere_within_its_limit(
    new_units: float | None, alone: float, credit: list[float]
) -> None:
    """10 old units of 2 t: 6 become new (1 t), 4 of these and 1 old one are closed: 12 t.

    Renewal alone 6 t. Closing alone, with nothing renewed, takes its 4 from the 9 that are left of
    the old: 10 t; where it acts on 3 new units of each state at most, 2 more than the 1: 6 t.
    """
    system = small_system(
        [10.0, 0.0],
        [[2.0], [1.0]],
        [(0, 0, 1, 1.0), (1, 1, -1, 1.0), (1, 0, -1, 1.0)],
        [1.0, 1.0],
        source=[0, 0],
    )
    if new_units is not None:
        groups = replace(system.groups, new_only=np.array([False, True]))
        recent = np.array([new_units, 4.0]).reshape(2, 1, 1)
        system = replace(system, groups=groups, recent=recent)
    found = mix_credits(system, 0, np.array([6.0, 4.0, 1.0])).credits
    assert found.alone[:, 0] == pytest.approx([6.0, alone])
    assert found.last_in[:, 0] == pytest.approx([12.0 - alone, 6.0])
    assert found.credit[:, 0] == pytest.approx(credit)


def test_what_is_left_is_shared_by_what_there_is() -> None:
    """A chain over two sources: 8 t of freight from lorries to trains, which are then cleaned."""
    system = small_system(
        [8.0, 4.0, 12.0],
        [[1.0], [0.5], [0.25]],
        [(0, 0, 1, 1.0), (1, 1, -1, 1.0), (1, 2, -1, 1.0)],
        [1.0, 1.0],
        source=[0, 1, 1],
        conversion=[2.0, 1.0, 1.0],
    )
    # All lorries to trains: 16 more of these, of which 18 of 20 are closed, and 3 of the other 12.
    found = mix_credits(system, 0, np.array([8.0, 18.0, 3.0])).credits
    # Alone, closing finds 4 trains; the 14 that it lacks it takes from the 9 left of the others.
    assert found.alone[:, 0] == pytest.approx([8.0 - 8.0, 2.0 + 3.0])
    assert found.last_in[:, 0] == pytest.approx([9.75 - 5.0, 9.75])
    assert found.credit[:, 0] == pytest.approx([4.75 / 2, (5.0 + 9.75) / 2])
