"""Emissions of many samples at once: the same as of each sample as a system of its own."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.commitments import apply_commitments, rounds_of
from lantian.core.projection import (
    PlanNumbers,
    at_level,
    baseline_activity,
    contraction,
    eligible,
    emission,
    plan_base,
)
from lantian.core.rounds import apply_rounds
from lantian.core.system import (
    Structure,
    Values,
    charged,
    eligible_activity,
    emission_by_source,
    paid_units,
    system_of,
    unit_cost,
)
from lantian.inventory.contract import every_year
from lantian.vocabulary import POLLUTANTS
from support.build import (
    YEARS,
    carry,
    close,
    commitments_of,
    compiled_of,
    controls,
    equip,
    shift,
)

SAMPLES = 3
NOX, VOC = POLLUTANTS.index("NOx"), POLLUTANTS.index("VOC")
SOLD = np.triu(np.ones((len(YEARS), len(YEARS))))
LEVELS = {
    "renew": ("total", 0.4),
    "buy-new": ("new", 0.5, 2),
    "to-rail": 0.2,
    "fit": 0.6,
    "end": ("amount", 12.0),
}


def samples() -> tuple[Structure, Values]:
    """Lorries with vintages, trains, shops with filters and firms; numbers differ by sample."""
    compiled, space = compiled_of(
        {
            "truck / old": [100.0, 90.0, 80.0],
            "truck / new": [5.0, 10.0, 20.0],
            "train / line": 50.0,
            "shop / any": [30.0, 30.0, 60.0],
            "shop / any / f": 10.0,
            "firm / any": 20.0,
        },
        {
            "truck / old": 2.0,
            "truck / new": 0.5,
            "train / line": 0.25,
            "shop / any": {"NOx": 1.0, "VOC": 4.0},
            "firm / any": {"VOC": 3.0},
        },
        [
            shift("renew", "truck", "old", "new", reach=0.5),
            shift("buy-new", "truck", "old", "new", acts_on="new", reach=0.8),
            carry("to-rail", "truck / old", "train / line", 12.0),
            equip("fit", "shop", "f", reach=0.9),
            close("end", "firm shop"),
        ],
        controls({"f": {"NOx": 0.5, "VOC": 0.25}}),
        {"truck / old": 9.0 * SOLD},
    )
    theta = np.repeat(space.central(), SAMPLES, axis=1)
    values = compiled.values(theta, every_year(len(YEARS)))
    by_sample = np.array([1.0, 0.9, 0.7])
    return compiled.structure, replace(
        values,
        activity=values.activity * by_sample,
        factors=tuple(replace(f, value=f.value * by_sample[::-1]) for f in values.factors),
        recent=values.recent * by_sample,
        kept=values.kept ** (1.0 / by_sample),
        reach=values.reach * by_sample,
        conversion=values.conversion * by_sample,
    )


WANTED = np.zeros((len(POLLUTANTS), len(YEARS)), bool)
WANTED[NOX] = True
WANTED[VOC, 1:] = True


def test_the_baseline_of_every_sample_is_that_of_its_system() -> None:
    structure, values = samples()
    activity = baseline_activity(structure, values)
    found = emission(contraction(structure, structure.base), values, values.activity, WANTED)
    room = eligible(structure, values, structure.start, activity)
    for k in range(SAMPLES):
        system = system_of(structure, values, k)
        assert activity[..., k].tolist() == system.baseline.tolist()
        assert room[..., k] == pytest.approx(eligible_activity(system))
        whole = emission_by_source(system, system.baseline)
        assert found[..., k] == pytest.approx(np.where(WANTED, whole, 0.0))
    assert found[:, NOX].all(axis=(1, 2)).sum() == 3
    assert not found[:, VOC, 0].any()


def test_a_plan_of_every_sample_is_that_of_its_system() -> None:
    structure, values = samples()
    first = system_of(structure, values)
    own = commitments_of(first, LEVELS)  # type: ignore[arg-type]
    own = replace(own, progress=np.array([1.0, 0.5, 1.0]) * own.progress)
    baseline = baseline_activity(structure, values)
    plan = PlanNumbers(rounds_of(first, own), own.group, own.since, structure.start)
    base = plan_base(structure, values, plan, baseline)
    columns = at_level(base, own.level[..., None], own.progress)
    done = apply_rounds(plan.rounds, columns)
    activity = done.activity.reshape(len(baseline), len(YEARS), SAMPLES)
    held = baseline.any(axis=(1, 2))
    for one in plan.rounds.rounds:
        held[one.target] = True
    every = np.arange(len(baseline))
    adds = contraction(structure, every, held)
    found = emission(adds, values, activity, WANTED)
    assert emission(contraction(structure, every), values, activity, WANTED) == pytest.approx(found)
    for k in range(SAMPLES):
        system = system_of(structure, values, k)
        alone = apply_commitments(system, own)
        assert activity[..., k] == pytest.approx(alone.activity, abs=1e-12)
        moved = done.moved.reshape(-1, len(YEARS), SAMPLES)[..., k]
        assert moved == pytest.approx(alone.moved, abs=1e-12)
        assert alone.moved.any(axis=1).all()
        whole = emission_by_source(system, alone.activity)
        assert found[..., k] == pytest.approx(np.where(WANTED, whole, 0.0))


def test_one_sample_of_activity_goes_with_many_of_factors_and_the_other_way_round() -> None:
    structure, values = samples()
    adds = contraction(structure, structure.base)
    one = replace(values, activity=values.activity[..., :1], kept=values.kept[..., :1])
    found = emission(adds, one, one.activity, WANTED)
    assert found[..., 1] == pytest.approx(found[..., 0] * 0.9 / 0.7)
    factors = tuple(replace(f, value=f.value[:, :, :1]) for f in values.factors)
    same = replace(values, factors=factors)
    yearly = emission(adds, same, values.activity, WANTED)
    assert yearly == pytest.approx(emission(adds, values, values.activity, WANTED))
    none = replace(values, factors=())
    assert not emission(adds, none, values.activity, WANTED).any()


def test_some_years_of_a_system_by_hand() -> None:
    structure, values = samples()
    years = np.array([1, 2])
    own = replace(
        values,
        activity=values.activity[:, years],
        factors=tuple(
            replace(f, value=f.value[:, :, years] if f.value.shape[2] > 1 else f.value)
            for f in values.factors
        ),
        recent=values.recent[:, years][:, :, years],
    )
    part, whole = system_of(structure, own, 1, years), system_of(structure, values, 1)
    assert (part.years, part.start, whole.start) == (YEARS[1:], 0, 1)
    assert part.baseline.tolist() == whole.baseline[:, 1:].tolist()
    assert part.factor.tolist() == whole.factor[:, :, 1:].tolist()
    assert part.recent.tolist() == whole.recent[:, 1:, 1:].tolist()
    # 10 yuan a unit, whatever else it is made of
    assert whole.moves.unit_cost.tolist() == [10.0] * len(whole.moves)
    assert charged(whole, np.ones(len(whole.moves)), 0).tolist() == [0.0] * len(whole.groups)


def test_costs_add_up_by_hand() -> None:
    # capital 1, fixed 2, variable 4, less savings of 8; a transfer of 16 is no cost
    assert unit_cost(np.array([1.0, 2.0, 4.0, 8.0, 16.0])) == -1.0
    share, moved = np.array([[1.0], [0.5], [0.25]]), np.array([[4.0, 8.0]] * 3)
    found = paid_units(np.array([0, 2, 2]), 3, share, moved)
    assert found.tolist() == [[4.0, 8.0], [0.0, 0.0], [3.0, 6.0]]
