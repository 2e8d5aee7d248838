"""What a reader must be told about an answer of the optimiser."""

from collections.abc import Sequence

from lantian.core.system import System
from lantian.language import Listed, Message, message
from lantian.names import group_name
from lantian.optimise.procedure.answer import LeastCostResult, TargetResult, WholeMix
from lantian.optimise.status import MILLION


def explain(result: LeastCostResult, system: System) -> list[Message]:
    """Return what a reader must be told about targets out of reach, ties and unknown costs.

    Parameters
    ----------
    result
        Answer of the procedure.
    system
        What it is about, for the names.
    """
    told = _explain_reach(result) if result.diagnosis else []
    told += [_explain_soft(t, result.currency) for t in result.targets if t.excess_cost > 0]
    if result.several_optima:
        told.append(
            message("Several mixes cost the same; the one shown is chosen by the measures' names.")
        )
    if result.whole is not None:
        told.append(_explain_whole(result.whole, result.currency))
    if result.given_up:
        told.append(
            message(
                "What stood the year before cannot all be kept: {measures}.",
                measures=Listed(group_name(system, g) for g in result.given_up),
            )
        )
    if result.unknown_cost:
        told.append(
            message(
                "Never chosen because their cost is unknown: {measures}.",
                measures=Listed(_measures(system, result.unknown_cost)),
            )
        )
    return told


def _measures(system: System, groups: Sequence[int]) -> dict[str, None]:
    """Return the ids of the measures of some groups, each once."""
    return dict.fromkeys(system.measures[system.groups.measure[g]] for g in groups)


def explain_match(result: LeastCostResult, year: int) -> list[Message]:
    """Return where the limits of a scenario keep a mix from reaching what the plan reaches.

    Parameters
    ----------
    result
        Answer for the plan's own result; its targets' limits are what the plan reaches.
    year
        Calendar year.
    """
    if result.diagnosis is None:
        return []
    told = [
        message(
            "Under the limits of the optimise part no mix reaches what the plan reaches for "
            "'{target}' in {year}, {limit:.6g} {unit}; the nearest is {value:.6g} {unit}.",
            target=Listed([target.id]),
            year=year,
            limit=target.limit,
            value=target.value,
            unit=message(target.unit),
        )
        for target in result.targets
        if not target.met
    ]
    return told + _explain_binding(result)


def _explain_whole(whole: WholeMix, currency: str) -> Message:
    values = {
        "cost": whole.cost / MILLION,
        "bound": whole.linear_cost / MILLION,
        "gap": 100 * whole.gap,
    }
    if whole.of_all_years:
        return message(
            "In whole units, all years together and discounted: {cost:.6g} million {unit}; the "
            "linear bound is {bound:.6g} million {unit}, {gap:.3g} % less.",
            unit=message(currency),
            **values,
        )
    return message(
        "In whole units: {cost:.6g} million {unit}; the linear bound is {bound:.6g} million "
        "{unit}, {gap:.3g} % less.",
        unit=message(f"{currency}/a"),
        **values,
    )


def _explain_soft(target: TargetResult, currency: str) -> Message:
    return message(
        "Soft target '{target}' is exceeded by {excess:.6g} {unit}: meeting it would cost more "
        "than its price, at which the excess counts {cost:.6g} million {money}.",
        target=Listed([target.id]),
        excess=target.excess,
        unit=message(target.unit),
        cost=target.excess_cost / MILLION,
        money=message(f"{currency}/a"),
    )


def _explain_reach(result: LeastCostResult) -> list[Message]:
    diagnosis = result.diagnosis
    assert diagnosis is not None
    told = []
    for t, (target, excess) in enumerate(zip(result.targets, diagnosis.excess, strict=True)):
        if t in diagnosis.alone:
            told.append(
                message(
                    "Target '{target}' is out of reach: every measure together brings "
                    "{best:.6g} {unit}, the limit is {limit:.6g} {unit}.",
                    target=Listed([target.id]),
                    best=target.max_feasible,
                    limit=target.limit,
                    unit=message(target.unit),
                )
            )
        if excess > 0:
            told.append(_explain_relaxed(target, float(excess), diagnosis.margin))
    if not diagnosis.alone:
        told.insert(
            0,
            message(
                "Each target can be reached, but not all at once: at most {share:.1%} of the "
                "needed reductions.",
                share=result.joint_share,
            ),
        )
    return told + _explain_binding(result)


def _explain_binding(result: LeastCostResult) -> list[Message]:
    assert result.diagnosis is not None
    told = []
    for target, limits in result.diagnosis.binding.items():
        listed = Listed(limit.name for limit in limits)
        if listed and target is not None:
            told.append(
                message(
                    "What holds '{target}' back: {limits}.",
                    target=Listed([result.targets[target].id]),
                    limits=listed,
                )
            )
        elif listed:
            told.append(message("What holds the targets back together: {limits}.", limits=listed))
    return told


def _explain_relaxed(target: TargetResult, excess: float, margin: float) -> Message:
    values = {"target": Listed([target.id]), "excess": excess, "unit": message(target.unit)}
    if not margin:
        return message("Relaxed: target '{target}' by {excess:.6g} {unit}.", **values)
    return message(
        "Relaxed: target '{target}' by {excess:.6g} {unit}; the last {margin:.0%} of what is "
        "possible are not bought.",
        margin=margin,
        **values,
    )
