"""Many columns of one plan: variants, full sets of numbers, and both ends of every number."""

import numpy as np

from benchmarks import programs
from lantian.core.system import Array
from lantian.ensemble.evaluate import BLOCK, blocks
from lantian.ensemble.outcomes import Inquiry, Outcomes, ask, of_block
from lantian.ensemble.worlds import Worlds
from lantian.optimise.problem.program import pack
from lantian.results.what_if import variants as variants_of
from lantian.study.model import Study
from support.columns import drawn, study_of

PLAN = "tongzhou-2020"


def study() -> Study:
    """Return the plan that is measured, put together."""
    return study_of(PLAN)


def every_year(study: Study) -> Inquiry:
    """Ask for baseline and all readings in all years, with totals and costs."""
    return ask(study, years=study.system.years)


def target_years(study: Study) -> Inquiry:
    """Ask for the targets of the plan, in the years they need."""
    return ask(study, ("plan",), ())


def variants(inquiry: Inquiry, theta: Array) -> Outcomes:
    """Evaluate one block of variants whose numbers all differ."""
    return of_block(inquiry, theta)


def one_by_one(study: Study, count: int) -> list[float]:
    """Ask for a level of one commitment after another as researchers do in a loop."""
    name = study.scenario.commitments[0].id
    found = []
    for n in range(count):
        rows = variants_of(study, {"one": {"level": name, "to": f"{0.1 * n} %"}})
        found.append(float(rows["value"].iloc[-1]))
    return found


def optimum(study: Study) -> float:
    """Return the cost of the problem of the last target year as bare HiGHS solves it."""
    worlds = Worlds(study)
    (central,) = worlds.of_block(study.space.central())
    return programs.bare(pack(central.problems[max(central.problems)]))


def families(study: Study) -> int:
    """Return how many measures and sectors there are to go without, or to go all the way with."""
    groups, sources = study.system.groups, study.system.sources
    sectors = {sources.sector[s] for s in groups.source.tolist()}
    return len(np.unique(groups.measure)) + len(sectors)


def sets(inquiry: Inquiry, count: int) -> Array:
    """Draw full sets of numbers and return the targets they come to, dims (target, set)."""
    values = []
    for page, own in enumerate(blocks(count)):
        theta = drawn(inquiry.study, own.stop - own.start, page)
        values.append(of_block(inquiry, theta).value[0])
    assert len(values) == -(-count // BLOCK)
    return np.concatenate(values, axis=1)
