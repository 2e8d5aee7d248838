"""What the numbers rest on, and what each of them moves."""

from lantian.names import NumberName
from lantian.results.basis import basis_shares
from lantian.results.contract import ASSUMPTIONS, BASIS_SHARES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(BASIS_SHARES)
def basis(run: Run) -> Data:
    """Emissions and reductions by the weakest basis of their numbers."""
    return basis_shares(run.study, run.results)


@builds(ASSUMPTIONS)
def inputs(run: Run) -> Data:
    """Every number that is used, those first that move the targets most."""
    names = (NumberName(row["keys"]).text() if row["keys"] else "" for row in run.assumptions)
    columns = set(ASSUMPTIONS.names)
    return [
        {key: cell for key, cell in {**row, "input": name}.items() if key in columns}
        for row, name in zip(run.assumptions, names, strict=True)
    ]
