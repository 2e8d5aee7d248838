"""One structure holds for every column inside the ranges: no activity, no vehicle is outside it."""

import numpy as np
import pytest

from lantian.core.system import Array
from lantian.inventory.contract import every_year
from lantian.inventory.sectors.on_road import OnRoadModel
from lantian.study.model import Study
from support.columns import PLANS, drawn, study_of

COLUMNS = 40


def mixed_corners(study: Study, seed: int) -> Array:
    """Return columns with every number at one of its ends, chosen at random."""
    low, high = study.space.ends()
    return np.where(np.random.default_rng(seed).random((len(low), COLUMNS)) < 0.5, low, high)


@pytest.mark.parametrize("plan", PLANS)
def test_idle_states_stay_empty_in_any_corner_and_in_between(plan: str) -> None:
    study = study_of(plan)
    structure = study.compiled.structure
    columns = np.concatenate([mixed_corners(study, 1), drawn(study, COLUMNS, 2)], axis=1)
    values = study.compiled.values(columns, every_year(len(structure.years)))
    assert not values.activity[structure.idle].any()


@pytest.mark.parametrize("plan", PLANS)
def test_no_vehicle_is_lost_in_any_corner(plan: str) -> None:
    study = study_of(plan)
    model = next(m for m in study.compiled.models if isinstance(m, OnRoadModel))
    years = every_year(len(study.system.years))
    for theta in (mixed_corners(study, 3), drawn(study, COLUMNS, 4)):
        held = model.activities(theta, years)
        stock = model.fleet.stock(theta) * model.fleet.level(theta) / model.fleet.start(theta)
        for source, wanted in zip(dict.fromkeys(model.states.source), stock, strict=True):
            own = held[[name == source for name in model.states.source]].sum(axis=0)
            np.testing.assert_allclose(own, wanted, rtol=1e-9, atol=1e-9, err_msg=source)


def test_vehicles_that_only_mixed_numbers_have_can_be_moved() -> None:
    """Petrol vans of China I need late dates of China II, early vintages and a long life."""
    study = study_of("tongzhou-2020")
    structure = study.compiled.structure
    states = structure.states
    van = next(
        b
        for b, state in enumerate(structure.base)
        if structure.sources.id[states.source[state]] == "postal-van"
        and states.technology[state] == "gasoline-I"
    )
    values = study.compiled.values(study.space.support(), every_year(len(structure.years)))
    assert not values.activity[van].any()
    assert van not in structure.idle
    assert structure.base[van] in structure.arcs.origin
