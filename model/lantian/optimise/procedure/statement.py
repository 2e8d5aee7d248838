"""What a reader must be told about an answer of the optimiser."""

from collections.abc import Mapping, Sequence

from lantian.core.system import System
from lantian.language import Listed, Message, Spoken, message
from lantian.names import TargetName, group_name
from lantian.optimise.procedure.answer import (
    BindingLimit,
    LeastCostResult,
    TargetResult,
    WholeMix,
)
from lantian.optimise.status import MILLION
from lantian.tolerances import ROUNDING
from lantian.vocabulary import BUDGETS, TECHNOLOGY, Cause, Family

UNPRICED = "Never chosen and in no cost, as no defensible figure is known: {measures}."
SIGN_OPEN = (
    "In no mix and no cost curve, as nobody can say whether they cost or save money: {measures}."
)
EVERY_MEASURE = (
    "Target '{target}' is out of reach: every measure together brings {best:.6g} {unit}, the limit"
    " is {limit:.6g} {unit}."
)
HOLDS = "What holds '{target}' back: {limits}."
UNMATCHED_HOLDS = "What keeps mixes from the plan's result for '{target}': {limits}."
STAYS = (
    "'{target}': {outside:.4g} {unit} stay whatever the measures do (in the air: what comes"
    " from outside), {own:.4g} {unit} follow them (in the air: with the rest of the city, where"
    " it is in step); {needed:.0%} of these would have to go, {possible:.0%} can."
)
OUTSIDE = "what no measure moves"
UNMATCHED = (
    "Under the limits of the optimise part no mix reaches what the plan reaches for "
    "'{target}' in {year}, {limit:.6g} {unit}; the nearest is {value:.6g} {unit}."
)
BEYOND: Mapping[Cause, str] = {
    "budget": (
        "Target '{target}' is out of reach of the budget: it pays for {best:.6g} {unit}, the "
        "limit is {limit:.6g} {unit}."
    ),
    "pace": (
        "Target '{target}' is out of reach at the ramp of the pathway: what can be built until "
        "then leaves {best:.6g} {unit}, the limit is {limit:.6g} {unit}."
    ),
    "limits": (
        "Target '{target}' is out of reach under the limits of the optimise part: they leave "
        "{best:.6g} {unit}, the limit is {limit:.6g} {unit}."
    ),
    "targets": (
        "Target '{target}' is out of reach beside the other targets: {best:.6g} {unit} are left, "
        "the limit is {limit:.6g} {unit}."
    ),
    "measures": EVERY_MEASURE,
}
"""What is said of a target out of reach, by what puts it there."""
SHOWN = 2
"""Limits named where a target is held back."""
SLIGHT = 0.05
"""Part [1] of the worthiest limit below which another is not worth naming beside it."""
MOSTLY = 0.5
"""Part of a limit [1] from which on it is taken up by what comes from outside."""


def explain(
    result: LeastCostResult, system: System, outside: Mapping[str, float] | None = None
) -> list[Message]:
    """Return what a reader must be told about targets out of reach, ties and unknown costs.

    Parameters
    ----------
    result
        Answer of the procedure.
    system
        What it is about, for the names.
    outside
        Part of a target's value that no emission moves [target unit], by its id.
    """
    told = _explain_reach(result, system, outside or {}) if result.diagnosis else []
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
        told.append(message(UNPRICED, measures=Listed(_measures(system, result.unknown_cost))))
    return told


def explain_closed(system: System, groups: Sequence[int]) -> list[Message]:
    """Return which measures no mix is offered because their cost may be a saving.

    Parameters
    ----------
    system
        What it is about, for the names.
    groups
        Positions of their groups.
    """
    if not groups:
        return []
    return [message(SIGN_OPEN, measures=Listed(_measures(system, groups)))]


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
            UNMATCHED,
            target=Listed([TargetName(target.id)]),
            year=year,
            limit=target.limit,
            value=target.value,
            unit=message(target.unit),
        )
        for target in result.targets
        if not target.met
    ]
    return told + _explain_together(result, UNMATCHED_HOLDS)


def explain_budget(cost: float, budget: float, year: int, currency: str) -> list[Message]:
    """Return that a plan costs more than the scenario's budget, if it does.

    Parameters
    ----------
    cost
        Net cost of the plan [currency/a].
    budget
        What mixes may cost [currency/a].
    year
        Calendar year.
    currency
        Name of the money.
    """
    if cost <= budget * (1.0 + ROUNDING):
        return []
    return [
        message(
            "The plan as written costs {cost:.4g} million {unit} net in {year}, {more:.3g} million "
            "more than the budget.",
            cost=cost / MILLION,
            more=(cost - budget) / MILLION,
            unit=message(f"{currency}/a"),
            year=year,
        )
    ]


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
        target=Listed([TargetName(target.id)]),
        excess=target.excess,
        unit=message(target.unit),
        cost=target.excess_cost / MILLION,
        money=message(f"{currency}/a"),
    )


def _explain_reach(
    result: LeastCostResult, system: System, outside: Mapping[str, float]
) -> list[Message]:
    diagnosis = result.diagnosis
    assert diagnosis is not None
    told = []
    for t, (target, excess) in enumerate(zip(result.targets, diagnosis.excess, strict=True)):
        if t in diagnosis.alone:
            told += explain_target(result, t, target.max_feasible, system, outside)
        if excess > 0:
            told.append(_explain_relaxed(target, float(excess), diagnosis.margin))
    if not diagnosis.alone:
        told = _explain_joint(result) + told + _explain_together(result)
    return told


def _explain_joint(result: LeastCostResult) -> list[Message]:
    """Return how far all targets come at once; nothing to say of a single one."""
    wanting = [t for t in result.targets if t.baseline > t.limit]
    if len(wanting) < 2 or not result.joint_share > 0:
        return []
    return [
        message(
            "Each target can be reached, but not all at once: at most {share:.1%} of the "
            "needed reductions.",
            share=result.joint_share,
        )
    ]


def explain_target(
    result: LeastCostResult,
    t: int,
    best: float,
    system: System,
    outside: Mapping[str, float],
) -> list[Message]:
    """Return why a target is out of reach: background, budget, bounds, prices, technology.

    Parameters
    ----------
    result
        Answer in which it is.
    t
        Position of the target.
    best
        Lowest value that is possible [target unit].
    system
        What it is about, for the names.
    outside
        Part of a target's value that no emission moves [target unit], by its id.
    """
    target, told = result.targets[t], []
    limits = by_kind(result.held_by(t))
    apart = outside.get(target.id, 0.0)
    if apart > 0:
        told.append(_explain_outside(target, best, apart))
    if apart > target.limit:
        return told  # whatever is done here is not enough
    unpriced = result.diagnosis.unpriced.get(t, ()) if result.diagnosis else ()
    idle = best >= target.baseline * (1.0 - ROUNDING) and not _chosen_limits(limits)
    cause = cause_of(result, t, apart)
    if idle:
        told.append(_explain_idle(target, bool(unpriced)))
    else:
        told.append(_explain_out_of_reach(target, cause, best))
    if unpriced:
        told.append(
            message(
                "Measures without a price are left out, though they act on '{target}': {measures}.",
                target=Listed([TargetName(target.id)]),
                measures=Listed(_measures(system, system.moves.group[list(unpriced)].tolist())),
            )
        )
    if limits and not idle and cause != "budget":
        most = [message(OUTSIDE)] if apart > MOSTLY * target.limit else []
        listed = Listed([*most, *map(_said_of, holders(limits))][:SHOWN])
        told.append(message(HOLDS, target=Listed([TargetName(target.id)]), limits=listed))
    return told


def holders(limits: Sequence[BindingLimit]) -> list[BindingLimit]:
    """Return the limits that are worth naming.

    The planner's own if there are any, else what measures can do; that nothing is left of what they
    act on says little beside these.

    Parameters
    ----------
    limits
        As :func:`by_kind` orders them.
    """
    planned = [limit for limit in limits if limit.family not in TECHNOLOGY]
    able = [limit for limit in limits if limit.family != "states"]
    own = planned or able or list(limits)
    least = SLIGHT * max((limit.worth for limit in own), default=0.0)
    return [limit for limit in own if limit.worth >= least][:SHOWN]


def _said_of(limit: BindingLimit) -> Spoken:
    """Return a limit as it is named beside others."""
    said = _SAID.get(limit.family)
    return limit.name if said is None else message(said, name=limit.name)


_SAID: Mapping[Family, str] = {
    "reach": "reach of {name}",
    "new-units": "new units for {name}",
    "states": "{name} (none is left)",
}


def _chosen_limits(limits: Sequence[BindingLimit]) -> bool:
    """Tell whether a limit of the planner's own, and not of technology, is among some."""
    return any(limit.family not in TECHNOLOGY for limit in limits)


def _explain_idle(target: TargetResult, unpriced: bool) -> Message:
    """Return that nothing lowers a target."""
    name = Listed([TargetName(target.id)])
    if unpriced:
        return message(
            "Target '{target}' is out of reach: no measure of known cost acts on it.", target=name
        )
    return message("Target '{target}' is out of reach: no measure acts on it.", target=name)


def by_kind(limits: Sequence[BindingLimit]) -> list[BindingLimit]:
    """Return limits in the order in which they are told: money, the planner's own, technology.

    Parameters
    ----------
    limits
        Worthiest first, as they stay within a kind.
    """
    return sorted(limits, key=lambda one: (one.family not in BUDGETS, one.family in TECHNOLOGY))


def _explain_outside(target: TargetResult, best: float, outside: float) -> Message:
    own = target.baseline - outside
    return message(
        STAYS,
        target=Listed([TargetName(target.id)]),
        outside=outside,
        own=own,
        needed=(target.baseline - target.limit) / own,
        possible=(target.baseline - best) / own,
        unit=message(target.unit),
    )


def cause_of(result: LeastCostResult, t: int, outside: float) -> Cause:
    """Return what puts a target out of reach.

    Parameters
    ----------
    result
        Answer in which it is.
    t
        Position of the target.
    outside
        Part of its value that no emission moves [target unit].
    """
    if outside > result.targets[t].limit:
        return "background"
    families = {limit.family for limit in result.held_by(t)}
    if families & set(BUDGETS):
        return "budget"
    if "build-up" in families:
        return "pace"
    if families - set(TECHNOLOGY):
        return "limits"
    return "measures" if result.is_beyond(t) else "targets"


def _explain_out_of_reach(target: TargetResult, cause: Cause, best: float) -> Message:
    values = {
        "target": Listed([TargetName(target.id)]),
        "best": best,
        "limit": target.limit,
        "unit": message(target.unit),
    }
    return message(BEYOND[cause], **values)


def _explain_together(result: LeastCostResult, template: str = HOLDS) -> list[Message]:
    assert result.diagnosis is not None
    told = []
    for target, limits in result.diagnosis.binding.items():
        listed = Listed(map(_said_of, holders(by_kind(limits))))
        if listed and target is not None:
            told.append(
                message(
                    template,
                    target=Listed([TargetName(result.targets[target].id)]),
                    limits=listed,
                )
            )
        elif listed:
            told.append(message("What holds the targets back together: {limits}.", limits=listed))
    return told


def _explain_relaxed(target: TargetResult, excess: float, margin: float) -> Message:
    values = {
        "target": Listed([TargetName(target.id)]),
        "excess": excess,
        "unit": message(target.unit),
    }
    if not margin:
        return message("Relaxed: target '{target}' by {excess:.6g} {unit}.", **values)
    return message(
        "Relaxed: target '{target}' by {excess:.6g} {unit}; the last {margin:.0%} of what is "
        "possible are not bought.",
        margin=margin,
        **values,
    )
