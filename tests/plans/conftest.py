"""What the tests of one plan share: the module names its scenario as ``SCENARIO``."""

import pytest

from lantian.core.commitments import Uptake, apply_commitments
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.load import load
from lantian.study.model import Study


@pytest.fixture(scope="module")
def study(request: pytest.FixtureRequest) -> Study:
    return load(request.module.SCENARIO)


@pytest.fixture(scope="module")
def ledger(study: Study) -> dict[str, LedgerRow]:
    """Rows by their number alone: ``038``."""
    return {row.row_id.rpartition("-")[2]: row for row in study.ledger}


@pytest.fixture(scope="module")
def commitments(study: Study) -> dict[str, Commitment]:
    return {c.id: c for c in study.scenario.commitments}


@pytest.fixture(scope="module")
def targets(study: Study) -> dict[str, Target]:
    return {t.id: t for t in study.scenario.targets}


@pytest.fixture(scope="module")
def uptake(study: Study) -> Uptake:
    """What the plan moves at its pace at the end of each year, when printed levels are due."""
    return apply_commitments(study.system, study.commitments.at_year_end())


@pytest.fixture(scope="module")
def not_encoded(study: Study, ledger: dict[str, LedgerRow]) -> dict[str, str]:
    """Reasons of rows with an emission effect that neither a commitment nor a target encodes."""
    aimed = {clause for target in study.scenario.targets for clause in target.clause}
    return {
        number: row.reason
        for number, row in ledger.items()
        if row.modelable in ("yes", "parametric")
        and row.fate == "not_modelled"
        and row.row_id not in aimed
    }
