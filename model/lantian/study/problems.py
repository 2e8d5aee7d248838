"""What a study asks of the optimiser: rows of targets and coefficient blocks, year by year."""

from lantian.errors import Place
from lantian.optimise.problem.coefficients import LeastCost, Targets
from lantian.optimise.procedure.question import block, blocks_by_name
from lantian.optimise.status import NoSolutionError
from lantian.plan.targets import as_rows
from lantian.study.model import Study

KEYS = {
    "own": "constraints",
    "build-up": "pathway",
    "total-budget": "total_budget",
    "new-units": "",
}
"""Keys of ``optimise`` that families of limits come from, where the names differ."""


def to_blame(study: Study, error: NoSolutionError) -> Place:
    """Return where the cost of a measure stands, or the limits that leave no mix.

    Parameters
    ----------
    study
        The scenario put together.
    error
        Says which measure or limits are to blame.
    """
    costs = [row for row in study.catalogue.costs.rows if row.measure == error.measure]
    costs.sort(key=lambda row: row.item != "savings")
    if costs:
        return costs[0].place
    key = KEYS.get(error.family, error.family)
    return study.read.place("optimise", *([key] if key else []))


def targets_by_year(study: Study) -> dict[int, Targets]:
    """Return the rows that the scenario asks for, by year position."""
    strict = study.question.strict
    return {y: as_rows(study.targets, y, strict=strict) for y in target_years(study)}


def least_cost_problems(study: Study) -> dict[str, LeastCost]:
    """Return every least-cost problem of a scenario, by file name."""
    asked = targets_by_year(study)
    blocks = blocks_by_name(study.question, study.system, asked, study.applied.moved)
    return {f"least-cost-{years}": found for years, found in blocks.items()}


def least_cost_problem(study: Study, year: int, targets: Targets) -> LeastCost:
    """Return the coefficient blocks of one year as the run solves them, for any targets.

    Parameters
    ----------
    study
        The scenario put together.
    year
        Position of the year.
    targets
        Rows to ask for.

    Returns
    -------
    LeastCost
        Blocks of the year.

    Raises
    ------
    NoSolutionError, InputError
        As :func:`lantian.optimise.procedure.question.block`.
    """
    committed = study.applied.moved[:, year]
    return block(study.question, study.system, year, targets, committed)


def target_years(study: Study) -> list[int]:
    """Return the positions of the years that have a computed target."""
    return sorted({p.year for p in study.targets if p.weight is not None})
