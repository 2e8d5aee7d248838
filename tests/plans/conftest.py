"""What the tests of one plan share: the module names its scenario as ``SCENARIO``."""

import pytest

from lantian.core.commitments import Uptake, apply_commitments
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.model import Prepared
from lantian.study.pipeline import prepare


@pytest.fixture(scope="module")
def prepared(request: pytest.FixtureRequest) -> Prepared:
    return prepare(request.module.SCENARIO)


@pytest.fixture(scope="module")
def ledger(prepared: Prepared) -> dict[str, LedgerRow]:
    """Rows by their number alone: ``038``."""
    return {row.row_id.rpartition("-")[2]: row for row in prepared.ledger}


@pytest.fixture(scope="module")
def commitments(prepared: Prepared) -> dict[str, Commitment]:
    return {c.id: c for c in prepared.scenario.commitments}


@pytest.fixture(scope="module")
def targets(prepared: Prepared) -> dict[str, Target]:
    return {t.id: t for t in prepared.scenario.targets}


@pytest.fixture(scope="module")
def uptake(prepared: Prepared) -> Uptake:
    return apply_commitments(prepared.system, prepared.commitments)


@pytest.fixture(scope="module")
def not_encoded(prepared: Prepared, ledger: dict[str, LedgerRow]) -> dict[str, str]:
    """Reasons of rows with an emission effect that neither a commitment nor a target encodes."""
    aimed = {clause for target in prepared.scenario.targets for clause in target.clause}
    return {
        number: row.reason
        for number, row in ledger.items()
        if row.modelable in ("yes", "parametric")
        and row.fate == "not_modelled"
        and row.row_id not in aimed
    }
