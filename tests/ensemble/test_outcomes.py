"""Outcomes of columns: the central one is the ordinary run, and each is the same in any block."""

import numpy as np
import pytest

from lantian.ensemble.outcomes import Outcomes, ask, cases_of, outcomes
from lantian.vocabulary import POLLUTANTS
from support.columns import PLANS, by_the_ordinary_way, drawn, study_of

WIDTHS = (1, 7, 250)


@pytest.mark.parametrize("plan", PLANS)
def test_central_column_is_the_ordinary_run(plan: str) -> None:
    study = study_of(plan)
    found = outcomes(ask(study), study.space.central())
    for name, expected in by_the_ordinary_way(study).items():
        np.testing.assert_allclose(getattr(found, name)[..., 0], expected, rtol=1e-12, err_msg=name)
    assert not found.impossible.any()


@pytest.mark.parametrize("plan", ["tongzhou-2020", "shijiazhuang-2019"])
def test_blocks_of_any_width_give_the_same_bytes(plan: str) -> None:
    study = study_of(plan)
    inquiry, theta = ask(study, years=study.system.years), drawn(study, 40, seed=1)
    first, *others = (outcomes(inquiry, theta, width) for width in WIDTHS)
    for other in others:
        for name in Outcomes.__dataclass_fields__:
            assert getattr(first, name).tobytes() == getattr(other, name).tobytes(), name


def test_what_nobody_asks_for_changes_nothing() -> None:
    study = study_of("tongzhou-2020")
    theta = drawn(study, 8, seed=2)
    few = outcomes(ask(study, ("plan",), ("NOx",)), theta)
    every = outcomes(ask(study, years=study.system.years), theta)
    plan = cases_of(study).index("plan")
    assert few.value.tobytes() == every.value[[plan]].tobytes()
    assert few.limit.tobytes() == every.limit[[plan]].tobytes()
    assert few.total.tobytes() == every.total[[plan]][:, [POLLUTANTS.index("NOx")]].tobytes()
    assert few.cost.tobytes() == every.cost[[plan]].tobytes()


def test_a_study_without_commitments_has_its_baseline() -> None:
    study = study_of("tongzhou-2020")
    found = outcomes(ask(study, ("baseline",)), study.space.central())
    assert found.value.shape[0] == found.total.shape[0] == 1
    assert not found.cost.any()
