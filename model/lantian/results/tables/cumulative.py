"""What has been avoided and spent since the base year."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from lantian.results.contract import COSTS, CUMULATIVE, EMISSIONS
from lantian.results.frame import Data, Frame
from lantian.results.tables.registry import Run, builds
from lantian.vocabulary import Case

COST = "cost"
"""What is told of money, beside the pollutants."""
TONNES = "t"


@builds(CUMULATIVE)
def cumulative(run: Run) -> Data:
    """Tonnes avoided and costs of each case, summed over the years since the base year."""
    return [row for case in run.results.cases if case != "baseline" for row in _of_case(run, case)]


def _of_case(run: Run, case: Case) -> Iterator[dict[str, Any]]:
    years = _years(run, case)
    if not years:
        return
    emitted = _sums(run.table(EMISSIONS), "value", "case", "pollutant", "year")
    for pollutant in run.study.system.pollutants:
        avoided = [
            emitted.get(("baseline", pollutant, y), 0.0) - emitted.get((case, pollutant, y), 0.0)
            for y in years
        ]
        yield from _rows(case, pollutant, years, avoided, TONNES)
    spent = _sums(run.table(COSTS), "cost_yuan", "case", "year")
    currency = run.study.money.currency
    yield from _rows(case, COST, years, [spent.get((case, y), 0.0) for y in years], currency)


def _years(run: Run, case: Case) -> list[int]:
    """Return the years after the base year; none where one of them is not known."""
    system, base = run.study.system, run.study.scenario.base_year
    after = [y for y in system.years if y > base]
    solved = {system.years[y] for y in run.results.cases[case].years}
    return after if solved.issuperset(after) else []


def _rows(
    case: str, what: str, years: list[int], values: list[float], unit: str
) -> Iterator[dict[str, Any]]:
    for year, total in zip(years, accumulate(values), strict=True):
        yield {"case": case, "what": what, "year": year, "value": total, "unit": unit}


def _sums(frame: Frame, value: str, *keys: str) -> Mapping[tuple[Any, ...], float]:
    """Return the sum of a column by some others; what is unknown is not in it."""
    found: dict[tuple[Any, ...], float] = {}
    for *key, amount in zip(*(frame.cells(name) for name in (*keys, value)), strict=True):
        if amount is not None:
            found[tuple(key)] = found.get(tuple(key), 0.0) + amount
    return found
