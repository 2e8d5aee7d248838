"""What the numbers rest on."""

from lantian.names import NumberName
from lantian.results.basis import assumptions, basis_shares
from lantian.results.contract import ASSUMPTIONS, BASIS_SHARES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(BASIS_SHARES)
def basis(run: Run) -> Data:
    """Emissions and reductions by the weakest basis of their numbers."""
    return basis_shares(run.study, run.results)


@builds(ASSUMPTIONS)
def assumed(run: Run) -> Data:
    """Assumed inputs, those first that may move the targets most."""
    return [{"input": NumberName(row.pop("keys")).text(), **row} for row in assumptions(run.study)]
