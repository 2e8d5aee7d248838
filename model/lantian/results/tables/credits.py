"""Who gets the credit: contributions of measures, and the way from base year to plan."""

import numpy as np

from lantian.core.credits import Credits
from lantian.core.system import Array, System
from lantian.optimise.analyses.attribution import mix_credits
from lantian.results.contract import BRIDGE, CREDITS, PER_YEAR
from lantian.results.frame import Cells, Data, Frame, make_frame
from lantian.results.tables.axes import as_cells, crossed, stacked
from lantian.results.tables.registry import Run, builds


def emitted_pollutants(system: System) -> list[int]:
    """Return the positions of the pollutants that any state emits."""
    return [p for p in range(len(system.pollutants)) if system.factor[:, p].any()]


@builds(CREDITS)
def credits_of_measures(run: Run) -> Data:
    """Contribution of each measure to the reductions of plan and mix in the last year."""
    system, plan, mix = run.study.system, run.results.credits, run.results.mix_credits
    parts = []
    if plan is not None:
        parts.append(_of_case(system, "plan", plan, np.zeros_like(plan.credit)))
    if mix is not None and len(mix.credits.measure):
        parts.append(_of_case(system, "least_cost", mix.credits, mix.error))
    return stacked(parts) | {"year": system.years[-1], "unit": PER_YEAR} if parts else []


def credits_of_mix(run: Run, year: int) -> Frame:
    """Return who gets the credit for the least-cost mix of a year, as in the table of the last.

    Parameters
    ----------
    run
        Has a mix in that year.
    year
        Position among the years.
    """
    system = run.study.system
    found = mix_credits(system, year, run.results.optimum[year].uptake)
    rows = _of_case(system, "least_cost", found.credits, found.error)
    return make_frame(CREDITS, rows | {"year": system.years[year], "unit": PER_YEAR})


def _of_case(system: System, case: str, found: Credits, error: Array) -> dict[str, Cells | str]:
    emitted = emitted_pollutants(system)
    numbers = {
        "alone": found.alone,
        "last_in": found.last_in,
        "credit": found.credit,
        "error": error,
    }
    return {
        "case": case,
        **crossed(
            {
                "measure": [system.measures[m] for m in found.measure],
                "pollutant": [system.pollutants[p] for p in emitted],
            }
        ),
        **{name: values[:, emitted].ravel() for name, values in numbers.items()},
    }


@builds(BRIDGE)
def bridge(run: Run) -> Data:
    """Base year -> growth -> natural turnover -> measures -> plan, where anything changes."""
    study, system = run.study, run.study.system
    from_year, to_year = study.scenario.base_year, system.years[-1]
    case = run.results.bridge.case
    if case == "baseline" and from_year == to_year:
        return []
    common = {"case": case, "unit": PER_YEAR, "from_year": from_year, "to_year": to_year}
    parts = []
    for p in emitted_pollutants(system):
        kinds, measures, values = zip(*_steps(run, p), strict=True)
        parts.append(
            {
                "pollutant": str(system.pollutants[p]),
                "order": np.arange(len(kinds)),
                "step": as_cells(kinds),
                "measure": as_cells(measures),
                "value": np.array(values, np.float64),
            }
        )
    return stacked(parts) | common if parts else []


def _steps(run: Run, pollutant: int) -> list[tuple[str, str, float]]:
    """Return kind, measure and change of each step; the largest cut first among the measures."""
    found, names = run.results.bridge, run.study.system.measures
    credit, own_table = _credit_of(run), run.study.scenario.finished is not None
    measures = (
        []
        if credit is None
        else [
            ("measure", names[m], -float(c))
            for m, c in zip(credit.measure, credit.credit[:, pollutant], strict=True)
        ]
    )
    return [
        ("base", "", float(found.base[pollutant])),
        ("growth", "", float(found.growth[pollutant])),
        ("inventory" if own_table else "turnover", "", float(found.turnover[pollutant])),
        *sorted(measures, key=lambda step: (step[2], step[1])),
        ("final", "", float(found.final[pollutant])),
    ]


def _credit_of(run: Run) -> Credits | None:
    """Return the credits of the measures of the case that the bridge leads to."""
    plan, mix = run.results.credits, run.results.mix_credits
    if run.results.bridge.case == "least_cost":
        return None if mix is None else mix.credits
    return plan
