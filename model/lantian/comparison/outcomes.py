"""What came out differently: targets, totals, costs, mixes, and the way from one to the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lantian.comparison.opened import Run
from lantian.comparison.sides import (
    Key,
    Side,
    change,
    difference,
    rows_of,
    same,
    sides,
    sums_of,
)
from lantian.report.frames import Row
from lantian.results import contract
from lantian.results.frame import Frame, make_frame
from lantian.tolerances import ROUNDING
from lantian.vocabulary import POLLUTANTS, READINGS, Case

NAN = float("nan")
FINAL = "final"
"""Step of a run's bridge that is its end, and no part of the way."""


def targets(runs: Sequence[Run]) -> Frame:
    """Return each target under each case: verdicts that turn first, then the largest effect.

    The plan's readings come after the cases that they are readings of.
    """
    read = rows_of("targets", "target", "case", "year")
    found = [_target(side) for side in sides(runs, read)]
    found.sort(key=lambda row: (not row["flipped"], row["case"] in READINGS, _rank(_moved_by(row))))
    return make_frame(contract.COMPARED_TARGETS, found)


def _moved_by(row: Mapping[str, Any]) -> float:
    """Return by how much of its limit a target moves; of its value where it has no limit."""
    limit = row["reference_limit"]
    return _part(row["difference"], limit if limit == limit else row["reference_value"])


def _part(moved: float, whole: float) -> float:
    return moved / abs(whole) if whole else moved


def _rank(moved: float) -> tuple[bool, float]:
    """Largest first; what only one of the runs has comes last."""
    return (moved != moved, 0.0 if moved != moved else -abs(moved))


def _target(side: Side) -> dict[str, Any]:
    before, after = side.both("met")
    return {
        **_about(side, "target", "case", "year"),
        **_pair(side, "limit"),
        **_moved(side, "value", "difference"),
        "reference_met": before,
        "met": after,
        "flipped": before is not None and after is not None and before != after,
        "unit": side.either("unit"),
    }


def totals(runs: Sequence[Run]) -> Frame:
    """Return the emission of each pollutant by case and year, the largest change first."""
    read = sums_of("emissions", "value", "pollutant", "case", "year", "unit")
    found = [
        _about(side, "pollutant", "case", "year", "unit")
        | _moved(side, "value", "difference")
        | {"change": change(*_cells(side, "value"))}
        for side in sides(runs, read)
    ]
    found.sort(key=lambda row: _rank(row["change"]))
    return make_frame(contract.COMPARED_TOTALS, found)


def costs(runs: Sequence[Run]) -> Frame:
    """Return what each case costs in each year, net of what it saves; the largest change first.

    What has no price is not in it, as in the run.
    """
    read = sums_of("costs", "cost_yuan", "case", "year", "unit")
    found = [
        _about(side, "case", "year", "unit") | _moved(side, "value", "difference")
        for side in sides(runs, read)
    ]
    found.sort(key=lambda row: _rank(row["difference"]))
    return make_frame(contract.COMPARED_COSTS, found)


def mixes(runs: Sequence[Run]) -> Frame:
    """Return how much of each measure each mix takes where it differs, the costliest first."""
    read = rows_of("mix", "case", "year", "measure", "source", where=_is_of_a_case)
    found = [
        _about(side, "case", "year", "measure", "source")
        | _moved(side, "amount", "difference", absent=0.0)
        | {"unit": side.either("unit")}
        | _moved(side, "cost", "cost_difference", absent=0.0)
        | {"cost_unit": side.either("cost_unit")}
        for side in sides(runs, read)
        if not all(same(*side.both(cell)) for cell in ("amount", "cost"))
    ]
    found.sort(key=lambda row: -abs(row["cost_difference"] or 0.0))
    return make_frame(contract.COMPARED_MIXES, found)


def _is_of_a_case(row: Row) -> bool:
    """Leave out mixes that are the best for one target out of reach."""
    return not row.best_for


def _about(side: Side, *columns: str) -> dict[str, Any]:
    return dict(zip(columns, side.key, strict=True)) | {"run": side.run}


def _cells(side: Side, cell: str, absent: float = NAN) -> tuple[float, float]:
    one, two = (absent if value is None else float(value) for value in side.both(cell))
    return one, two


def _pair(side: Side, cell: str, absent: float = NAN) -> dict[str, float]:
    one, two = _cells(side, cell, absent)
    return {f"reference_{cell}": one, cell: two}


def _moved(side: Side, cell: str, by: str, absent: float = NAN) -> dict[str, float]:
    return _pair(side, cell, absent) | {by: difference(*_cells(side, cell, absent))}


def bridges(runs: Sequence[Run]) -> Frame:
    """Return what leads from the reference's emissions under its plan to another run's.

    Each run's own bridge leads from its base year over growth, turnover and the credits of its
    measures to its plan, or to its least cost if it has none. The difference of two bridges, step
    by step, leads from one result to the other: it adds up because both do, and knows no order of
    steps. Pollutants that differ most come first; those in which nothing differs are left out.
    """
    ways = [
        list(_way(pollutant, run.label, *(_bridge(r, pollutant) for r in (runs[0], run))))
        for run in runs[1:]
        for pollutant in POLLUTANTS
    ]
    found = [way for way in ways if len(way) > len(ENDS)]
    found.sort(key=lambda way: _rank(change(way[0]["value"], way[-1]["value"])))
    return make_frame(contract.COMPARED_BRIDGES, [row for way in found for row in way])


ENDS = ("reference", "run")
"""Steps of a way that are its ends."""


def _bridge(run: Run, pollutant: str) -> dict[Key, Row]:
    rows = run.rows("bridge")
    return {(row.step, row.measure): row for row in rows if row.pollutant == pollutant}


def _end(bridge: Mapping[Key, Row]) -> str:
    """Return the case that a bridge leads to."""
    return str(bridge[FINAL, ""].case)


def _way(
    pollutant: str, run: str, one: Mapping[Key, Row], two: Mapping[Key, Row]
) -> Iterator[dict[str, Any]]:
    if not (one and two) or _end(one) != _end(two):
        return
    moved = {at: _value(two, at) - _value(one, at) for at in dict.fromkeys((*one, *two))}
    steps = [
        at
        for at in sorted(moved, key=lambda at: (bool(at[1]), -abs(moved[at]) if at[1] else 0.0))
        if at[0] != FINAL and not _is_nothing(moved[at], one)
    ]
    ends = zip(ENDS, (one, two), strict=True)
    before, after = (((step, ""), _value(bridge, (FINAL, ""))) for step, bridge in ends)
    way = [before, *((at, moved[at]) for at in steps), after]
    for order, ((step, measure), value) in enumerate(way):
        yield {"pollutant": pollutant, "run": run, "order": order, "step": step,
               "measure": measure, "value": value, "unit": contract.PER_YEAR}  # fmt: skip


PAID: tuple[Case, ...] = ("plan", "least_cost", "match_plan")
"""Cases whose cost is led over from one run to another."""

Use = tuple[float, float]
"""How much of a measure on a source a case takes, and what that costs."""


def cost_bridges(runs: Sequence[Run]) -> Frame:
    """Return what leads from the net cost of the reference to that of another run, by measure.

    Costs are sums over measures, so their differences add up and know no order. Cases in which
    nothing differs, and runs that count in another currency, are left out.
    """
    found = [
        row
        for run in runs[1:]
        if run.summary["cost"]["unit"] == runs[0].summary["cost"]["unit"]
        for case in PAID
        for row in _cost_way(case, runs[0], run)
    ]
    return make_frame(contract.COMPARED_COST_BRIDGES, found)


def _cost_way(case: Case, first: Run, other: Run) -> Iterator[dict[str, Any]]:
    held = [_uses(run, case) for run in (first, other)]
    years = held[0].keys() & held[1].keys()
    if not years:
        return
    year = max(years)
    one, two = (uses[year] for uses in held)
    steps = _cost_steps(one, two)
    if not steps:
        return
    ends = [sum(cost for _, cost in uses.values()) for uses in (one, two)]
    way = [(ENDS[0], "", ends[0], NAN, NAN), *steps, (ENDS[1], "", ends[1], NAN, NAN)]
    for order, (step, measure, value, by_amount, by_price) in enumerate(way):
        yield {"case": case, "year": year, "run": other.label, "order": order, "step": step,
               "measure": measure, "value": value, "by_amount": by_amount, "by_price": by_price,
               "unit": first.summary["cost"]["unit"]}  # fmt: skip


def _cost_steps(one: Mapping[Key, Use], two: Mapping[Key, Use]) -> list[tuple[Any, ...]]:
    """Return the measures whose cost differs, the largest first: value and both its parts."""
    moved: dict[str, tuple[float, float]] = {}
    for at in dict.fromkeys((*one, *two)):
        by_amount, by_price = parts_of_cost(one.get(at, NO_USE), two.get(at, NO_USE))
        so_far = moved.get(at[0], (0.0, 0.0))
        moved[at[0]] = (so_far[0] + by_amount, so_far[1] + by_price)
    least = ROUNDING * max(sum(abs(cost) for _, cost in uses.values()) for uses in (one, two))
    found = [
        ("measure", measure, sum(parts), *parts)
        for measure, parts in moved.items()
        if max(map(abs, parts)) > least
    ]
    return sorted(found, key=lambda step: -abs(step[2]))


NO_USE: Use = (0.0, 0.0)


def _uses(run: Run, case: Case) -> dict[int, dict[Key, Use]]:
    """Return what a case takes by year; what has no price is not in it."""
    found: dict[int, dict[Key, Use]] = {}
    for row in run.rows("measures"):
        if row.case == case:
            own = found.setdefault(row.year, {})
            if row.cost_yuan == row.cost_yuan:
                own[row.measure, row.source] = (row.uptake, row.cost_yuan)
    return found


def parts_of_cost(one: Use, other: Use) -> tuple[float, float]:
    """Return what another amount, and what another unit cost, adds to the cost of a measure.

    Parameters
    ----------
    one, other
        Amount and cost of it in either run.

    Returns
    -------
    tuple of float
        Both add up to the difference of the costs. Of what amount and unit cost do together each
        has half [1]_; what only one of the runs takes differs by its amount.

    References
    ----------
    .. [1] Bennet T L. The theory of measurement of changes in cost of living. Journal of the
       Royal Statistical Society 1920; 83: 455-462.
    """
    (amount, cost), (more, dearer) = one, other
    if amount == 0.0 or more == 0.0:
        return dearer - cost, 0.0
    by_amount = (more - amount) * (cost / amount + dearer / more) / 2
    return by_amount, dearer - cost - by_amount


def _is_nothing(moved: float, bridge: Mapping[Key, Row]) -> bool:
    """Tell whether a step is the rounding of sums, held against what the bridge begins with."""
    return bool(abs(moved) <= ROUNDING * max(abs(row.value) for row in bridge.values()))


def _value(rows: Mapping[Key, Row], at: Key) -> float:
    return float(rows[at].value) if at in rows else 0.0


OUTCOMES: dict[str, Callable[[Sequence[Run]], Frame]] = {
    "targets": targets,
    "totals": totals,
    "costs": costs,
    "mixes": mixes,
    "bridges": bridges,
    "cost_bridges": cost_bridges,
}
"""What is compared, in the order in which it is told."""
