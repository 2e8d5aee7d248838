"""What a study asks of the optimiser: rows of targets and coefficient blocks, year by year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from lantian.errors import Place
from lantian.optimise.problem.coefficients import LeastCost, Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.question import answer_question, block
from lantian.optimise.procedure.tiers import (
    Ask,
    TierAnswer,
    answer_tiers,
    headline,
    rows_of,
)
from lantian.optimise.status import NoSolutionError
from lantian.plan.targets import as_rows
from lantian.study.model import Study
from lantian.vocabulary import TIER_OF, Family

KEYS: Mapping[Family, str] = {
    "user": "constraints",
    "build-up": "pathway",
    "total-budget": "total_budget",
    "new-units": "",
    "follows": "",
}
"""Keys of ``optimise`` that families of limits come from, where they are called otherwise."""


def to_blame(study: Study, error: NoSolutionError) -> Place:
    """Return where the cost of the measure to blame stands, or the limits that leave no mix."""
    costs = [row for row in study.catalogue.costs.rows if row.measure == error.measure]
    costs.sort(key=lambda row: row.item != "savings")
    if costs:
        return costs[0].place.cell("value")
    key = KEYS.get(error.family, error.family) if error.family else ""
    return study.read.place("optimise", *([key] if key else []))


def targets_by_year(study: Study) -> dict[int, Targets]:
    """Return the rows that the scenario asks for, by year position."""
    watched = study.scenario.optimise.watched
    return {y: as_rows(study.targets, y, watched=watched) for y in target_years(study)}


def tiers_by_year(study: Study) -> dict[int, list[int]]:
    """Return the tier of each row of :func:`targets_by_year`, by year position."""
    tier = {t.target.id: TIER_OF[t.target.asked_as] for t in study.targets}
    return {y: [tier[name] for name in rows.ids] for y, rows in targets_by_year(study).items()}


def ask(study: Study, margin: float = 0.0) -> Ask:
    """Return what gives the cheapest mixes of a study for some rows.

    Parameters
    ----------
    study
        The scenario put together.
    margin
        Share of the possible reduction that is not asked for where a target is out of reach [1].

    Returns
    -------
    Callable
        Rows by year position -> answers by year position.
    """
    question = replace(study.question, margin=margin)
    committed, currency = study.applied.moved, study.money.currency

    def answer(rows: Mapping[int, Targets]) -> dict[int, LeastCostResult]:
        return answer_question(question, study.system, rows, committed, currency)

    return answer


@lru_cache(maxsize=4)
def solve_tiers(study: Study) -> tuple[TierAnswer, ...]:
    """Return the cheapest mixes of a study tier by tier; empty without a computed target."""
    rows = targets_by_year(study)
    return answer_tiers(ask(study), rows, tiers_by_year(study)) if rows else ()


def reached_targets(study: Study, tiers: Sequence[TierAnswer]) -> dict[int, Targets]:
    """Return the rows that the headline meets as those that are asked for, by year position."""
    return rows_of(targets_by_year(study), headline(tiers).reached, None) if tiers else {}


def least_cost_problem(study: Study, year: int, targets: Targets) -> LeastCost:
    """Return the coefficient blocks of one year as the run solves them, for any targets.

    Raises
    ------
    NoSolutionError, InputError
        As :func:`lantian.optimise.procedure.question.block`.
    """
    committed = study.applied.moved[:, year]
    return block(study.question, study.system, year, targets, committed)


def target_years(study: Study) -> list[int]:
    """Return the positions of the years that have a computed target."""
    return sorted({p.year for p in study.targets if p.asked})
