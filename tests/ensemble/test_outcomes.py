"""Outcomes of columns: the central one is the ordinary run, and each is the same in any block."""

import numpy as np
import pytest

from lantian.core.commitments import apply_commitments
from lantian.core.system import sum_by
from lantian.ensemble.outcomes import Outcomes, ask, cases_of, outcomes
from lantian.plan.commitments import credited, read_as
from lantian.study.model import CaseResult, Study, make_case
from lantian.vocabulary import POLLUTANTS
from support.columns import PLANS, drawn, study_of

WIDTHS = (1, 7, 250)


def projected(study: Study, case: str) -> CaseResult:
    """Return a case as an ordinary run projects it."""
    system, every = study.system, tuple(range(len(study.system.years)))
    if case == "baseline":
        return make_case(system, np.zeros((len(system.moves), len(every))), every)
    commitments = (
        credited(study.all_commitments, study.scenario)
        if case == "plan"
        else read_as(study.all_commitments, study.scenario, case)  # type: ignore[arg-type]
    )
    return make_case(system, apply_commitments(system, commitments).moved, every)


@pytest.mark.parametrize("plan", PLANS)
def test_central_column_is_the_ordinary_run(plan: str) -> None:
    study = study_of(plan)
    found = outcomes(ask(study), study.space.central())
    groups, moves = study.system.groups, study.system.moves
    price = np.full(len(groups), np.nan)
    price[moves.group] = moves.unit_cost
    for c, case in enumerate(cases_of(study)):
        own = projected(study, case)
        judged = [target.judge(study.projection(own)) for target in study.targets]
        value, base, limit = np.array(judged).T
        np.testing.assert_allclose(found.value[c, :, 0], value, rtol=1e-12)
        np.testing.assert_allclose(found.base[c, :, 0], base, rtol=1e-12)
        np.testing.assert_allclose(found.limit[c, :, 0], limit, rtol=1e-12)
        total = own.emission[:, :, -1].sum(axis=0)
        np.testing.assert_allclose(found.total[c, :, 0], total, rtol=1e-12)
        uptake = sum_by(own.uptake[:, -1], moves.group, len(groups))
        np.testing.assert_allclose(found.cost[c, 0], np.nansum(price * uptake), rtol=1e-12)
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
