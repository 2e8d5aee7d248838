"""What the optimiser is asked on request, as tables and lines for a terminal."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.table import Table

from lantian.cli.terminal import CASE_NAMES, money_scale, number, percent
from lantian.cli.terminal.text import unit_words, with_unit
from lantian.core.system import System
from lantian.ensemble.sampled import wilson
from lantian.language import LIST_MARK, Label, Listed, Message, message, say
from lantian.names import TargetName, group_name, group_names, state_name
from lantian.optimise.analyses.explain import Place
from lantian.optimise.problem.coefficients import price_unit
from lantian.tolerances import UNSEEN
from lantian.vocabulary import CASES, OF_TARGET, Language, Way

WAYS: Mapping[Way, str] = {
    "plan": "plan as written",
    "match_plan": "least cost for the plan's result",
    "least_cost": "least cost",
    "ranked_in_turn": "ranked by average cost, target after target",
    "ranked_alone": "cheapest per tonne alone first, target after target",
    "ranked_average": "ranked by average cost for {target}",
    "largest_reduction": "largest reduction of {target} at each source",
    "maximum": "everything",
}
"""Names of the ways of choosing."""
PLACES: Mapping[Place, str] = {
    "out": "not in the mix",
    "partly": "in the mix, not as far as it goes",
    "full": "in the mix as far as it goes",
    "held": "held at the plan's level",
    "empty": "nothing to act on",
    "closed": "in no mix, as nobody can say whether it costs or saves money",
}
"""Names of the places of a measure."""
FEW_NAMED = 4
"""Measures of a plan that are named on either side."""
MANY = 30
"""Rows of a long table that are shown."""


def ways_table(
    compared: Sequence[Any],
    answer: Any,
    year: int,
    currency: str,
    language: Language,
    label: Label,
) -> Table:
    """Return what each way of choosing costs, reaches, and costs too much.

    Parameters
    ----------
    compared
        The ways of choosing; costs in [currency/a].
    answer
        The optimum, whose targets they are about.
    year
        Calendar year, for the title.
    currency
        Name of the money.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per way.
    """
    scale = money_scale((one.cost for one in compared), f"{currency}/a", language)
    table = _table(say("Ways of choosing in {year} ({unit})", language, year=year, unit=scale.unit))
    for name in (
        "way of choosing",
        "targets met",
        "net cost",
        "least for the same result",
        "too much",
    ):
        table.add_column(
            say(name, language),
            overflow="fold",
            justify="left" if name == "way of choosing" else "right",
        )
    for one in compared:
        table.add_row(
            _way(one, answer, language, label),
            f"{int(one.met.sum())}/{len(one.met)}",
            *(number(_known(v / scale.size)) for v in (one.cost, one.least, one.excess)),
        )
    return table


def _way(one: Any, answer: Any, language: Language, label: Label) -> str:
    """Return what a way of choosing is called, with the target that it aims at."""
    if one.aimed_at is None:
        return say(WAYS[one.way], language)
    return say(WAYS[one.way], language, target=label(OF_TARGET + answer.targets[one.aimed_at].id))


def limits_table(limits: Sequence[Any], answer: Any, language: Language, label: Label) -> Table:
    """Return between which limits each shadow price holds.

    Parameters
    ----------
    limits
        Range of each target's limit.
    answer
        The optimum, for the units.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per target [its unit].
    """
    table = _table(say("Limits between which the price and the measures at work stay", language))
    for name in ("target", "from", "limit", "to", "price"):
        table.add_column(
            say(name, language), overflow="fold", justify="left" if name == "target" else "right"
        )
    for found, target in zip(limits, answer.targets, strict=True):
        price = say(
            "{value} {unit}", language, value=number(found.price), unit=message(target.price_unit)
        )
        table.add_row(
            with_unit(label(OF_TARGET + target.id), target.unit, language),
            number(found.low, 5),
            number(found.limit, 5),
            _end(found.high, language, 5),
            price if found.price else "-",
        )
    return table


def costs_table(
    costs: Sequence[Any],
    system: System,
    currency: str,
    language: Language,
    label: Label,
) -> Table:
    """Return between which unit costs the mix stays as it is, measures in the mix first.

    Measures that would not be used even if they were free are left out.

    Parameters
    ----------
    costs
        Range of the unit cost of each group [currency per activity unit].
    system
        What they are about, for names and units.
    currency
        Name of the money.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per measure and source.
    """
    table = _table(say("Unit costs between which the mix stays as it is", language))
    for name in ("measure", "uptake", "from", "unit cost", "to", "unit"):
        table.add_column(
            say(name, language),
            overflow="fold",
            justify="left" if name in ("measure", "unit") else "right",
        )
    names = [name.text(language, label) for name in group_names(system)]
    shown = sorted(costs, key=lambda c: (c.uptake <= 0, names[c.group]))
    for c in [c for c in shown if c.uptake > 0 or c.low > UNSEEN * abs(c.cost)]:
        unit = system.sources.unit[system.groups.source[c.group]]
        table.add_row(
            names[c.group],
            number(c.uptake),
            _end(c.low, language),
            number(_known(c.cost)),
            _end(c.high, language),
            unit_words(f"{currency}/{unit}").text(language),
        )
    return table


def alternatives_table(
    found: Any,
    system: System,
    eligible: Sequence[float],
    language: Language,
    label: Label,
) -> Table:
    """Return by how much uptakes can differ at the same cost, or at a little more.

    Parameters
    ----------
    found
        Least and most uptake of every group, by allowance [activity unit].
    system
        What they are about, for the names.
    eligible
        Eligible activity of every group [activity unit].
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        Shares of the eligible activity [%], widest range first, at most :data:`MANY` rows.
    """
    table = _table(say("Uptake over all mixes that meet the targets at a cost up to", language))
    table.add_column(say("measure", language), overflow="fold")
    table.add_column(say("least cost", language), justify="right")
    for allowance in found.allowance:
        table.add_column(f"+{100 * allowance:g} %", justify="right")
    share = [
        [_share(v, e) for v, e in zip(row, eligible, strict=True)]
        for row in (found.uptake, *found.least, *found.most)
    ]
    n = len(found.allowance)
    width = [share[2 * n][g] - share[n][g] for g in range(len(eligible))]
    plain = group_names(system).keys
    order = sorted(range(len(eligible)), key=lambda g: (-width[g], plain[g]))
    for g in [g for g in order if width[g] > UNSEEN][:MANY]:
        spans = [_span(share[1 + k][g], share[1 + n + k][g]) for k in range(n)]
        name = group_name(system, g).text(language, label)
        table.add_row(name, percent(share[0][g]), *spans)
    return table


def settled_count(found: Any, eligible: Sequence[float]) -> int:
    """Return how many uptakes are the same in all mixes within the largest allowance.

    Parameters
    ----------
    found
        Least and most uptake of every group, by allowance [activity unit].
    eligible
        Eligible activity of every group [activity unit].

    Returns
    -------
    int
        Number of groups.
    """
    return sum(
        _share(high, e) - _share(low, e) <= UNSEEN
        for low, high, e in zip(found.least[-1], found.most[-1], eligible, strict=True)
    )


def curve_points(table: Any, language: Language) -> list[dict[str, Any]]:
    """Return a dozen kinks of a curve's table, first and last among them.

    Parameters
    ----------
    table
        A curve's table, as the store writes it.
    language
        Language of the reader.

    Returns
    -------
    list of dict
        At most twelve per curve.
    """
    rows, found = table[table["kind"] == "kink"], []
    scale = money_scale(rows["cost"], str(rows["unit"].iloc[0]), language)
    cost = say("net cost ({unit})", language, unit=scale.unit)
    unit = price_unit(str(rows["unit"].iloc[0]).removesuffix("/a"), rows["target_unit"].iloc[0])
    price = say("price ({unit})", language, unit=message(unit))
    for _, part in rows.groupby("curve"):
        start = float(part["value"].iloc[part["cost"].argmin()])
        places = sorted({round(k * (len(part) - 1) / 11) for k in range(12)})
        for row in part.iloc[places].to_dict("records"):
            point = {
                "limit": number(row["value"], 5),
                "change": f"{row['value'] / start - 1.0:+.1%}" if start else "-",
                cost: number(row["cost"] / scale.size),
                price: number(_known(row["price"])),
            }
            against = _known(row["against_limit"])
            if row["against"] and row["against"] == row["against"]:
                point = {"second limit": number(against, 5), **point}
            found.append(point)
    return found


def explanation_lines(
    found: Any, answer: Any, system: System, currency: str, language: Language, label: Label
) -> list[str]:
    """Return why a measure on one source is in the mix or out, one thought per line.

    Parameters
    ----------
    found
        Explanation of a measure on one source.
    answer
        The optimum, whose targets the measure serves.
    system
        What it is about, for the names.
    currency
        Name of the money.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    list of str
        The first line names the measure, the others are indented.
    """
    money = unit_words(f"{currency}/{found.unit}")
    told = [
        message(
            "{name}: {place}. Uptake {uptake} of at most {most} {unit}.",
            name=group_name(system, found.group),
            place=message(PLACES[found.place]),
            uptake=number(found.uptake, 4),
            most=number(found.most, 4),
            unit=unit_words(found.unit),
        )
    ]
    if math.isnan(found.cost):
        told.append(message("Its cost is unknown, so it is never chosen."))
    elif found.place not in ("empty", "closed"):
        told.append(
            message(
                "One unit costs {cost} {money} a year.", cost=number(found.cost, 4), money=money
            )
        )
        told += _worth_lines(found, answer, money)
        told += _change_lines(found, money)
    if found.place != "closed":
        told += _neighbour_lines(found, system)
    first, *rest = (line.text(language, label) for line in told)
    return [first, *(f"  {line}" for line in rest)]


def _worth_lines(found: Any, answer: Any, money: Message) -> list[Message]:
    told = []
    for w in found.worth:
        if not w.price:
            continue
        text = (
            message(
                "It serves {target}: {effect} {unit} less per unit, at {price} {per}"
                " worth {worth} {money}.",
                **_worth_values(w, answer, money),
            )
            if w.effect > 0
            else message(
                "It works against {target}: {effect} {unit} more per unit, at"
                " {price} {per} a loss of {worth} {money}.",
                **_worth_values(w, answer, money),
            )
        )
        told.append(text)
    if not told:
        told.append(message("No target that binds gains from it."))
    return told


def _worth_values(w: Any, answer: Any, money: Message) -> dict[str, Any]:
    return {
        "target": Listed([TargetName(answer.targets[w.target].id)]),
        "effect": f"{abs(w.effect):.4g}",
        "unit": message(w.unit),
        "price": number(w.price, 4),
        "per": message(w.price_unit),
        "worth": number(abs(w.worth), 4),
        "money": money,
    }


def _change_lines(found: Any, money: Message) -> list[Message]:
    told = []
    if found.cheaper is not None:
        told.append(
            message("More of it would cost the same: other mixes are as good.")
            if found.cheaper <= UNSEEN * abs(found.cost)
            else message(
                "More of it is used once it is {change} {money} cheaper.",
                change=number(found.cheaper, 4),
                money=money,
            )
        )
    if found.dearer is not None:
        told.append(
            message("Less of it would cost the same: other mixes are as good.")
            if found.dearer <= UNSEEN * abs(found.cost)
            else message(
                "Less of it is used once it is {change} {money} dearer.",
                change=number(found.dearer, 4),
                money=money,
            )
        )
    elif found.place in ("partly", "full"):
        told.append(message("It is needed whatever it costs: with less of it a limit is missed."))
    if found.reach_worth > 0:
        told.append(
            message(
                "Its reach binds: one unit more would save {worth} {money}.",
                worth=number(found.reach_worth, 4),
                money=money,
            )
        )
    return told


def _neighbour_lines(found: Any, system: System) -> list[Message]:
    """Return what the measure competes with; nothing is said of what there is none of."""
    left = Listed(state_name(system, s) for s in found.exhausted)
    holding = Listed(found.held_by)
    falling, rising, beside = (
        Listed(group_name(system, g) for g, _ in groups)
        for groups in (found.gives_way, found.steps_in, found.rivals)
    )
    lines = (
        (left, message("Nothing is left in: {names}.", names=left)),
        (holding, message("Held back by: {names}.", names=holding)),
        (falling, message("One unit more takes the place of: {names}.", names=falling)),
        (rising, message("One unit less is made up for by: {names}.", names=rising)),
        (beside, message("In the mix and acting on the same activity: {names}.", names=beside)),
    )
    return [text for names, text in lines if names]


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=None, pad_edge=False)


def _known(value: float) -> float | None:
    return None if value != value else value


def _end(value: float, language: Language, digits: int = 3) -> str:
    """Return the end of a range, or that there is none."""
    return say("any", language) if math.isinf(value) else number(_known(value), digits)


def _share(value: float, eligible: float) -> float:
    return float(value / eligible) if eligible > 0 else 0.0


def _span(low: float, high: float) -> str:
    ends = dict.fromkeys((percent(low), percent(high)))
    return " - ".join(ends)


def robust_table(found: Sequence[Any], currency: str, language: Language, label: Label) -> Table:
    """Return what mixes cost that hold with a probability, checked on fresh samples.

    Parameters
    ----------
    found
        Robust mixes; costs in [currency/a].
    currency
        Name of the money.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per mix; probabilities are those on fresh samples.
    """
    scale = money_scale((own.cost for own in found), f"{currency}/a", language)
    title = say("What being sure costs ({unit})", language, unit=scale.unit)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(say("each target holds with", language), overflow="fold")
    names = list(found[0].checked) if found else []
    heads = [label(OF_TARGET + name) for name in names]
    for name in (say("net cost", language), *heads, say("all together", language)):
        table.add_column(name, justify="right", overflow="fold")
    for own in found:
        asked = say("worst tenth in the mean", language)
        if own.asked is not None:
            asked = f"{100.0 * own.asked:g}%"
        if not own.within_reach:
            asked += f" ({say('out of reach; nearest', language)})"
        chances = (percent(own.checked[n]) for n in names)
        cost = number(own.cost / scale.size)
        table.add_row(asked, cost, *chances, percent(own.jointly))
    return table


MOST_ROWS = 40
"""Rows of an ensemble that the screen shows; the file has all."""


def ensemble_table(found: Any, language: Language) -> Table:
    """Return how likely the targets of an ensemble are met, the first of them.

    Parameters
    ----------
    found
        Frame of the declared table.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        One row per scenario and target, a column per case.
    """
    rows: dict[tuple[str, str], dict[str, float]] = {}
    for own in found.records("scenario", "target", "case", "probability"):
        rows.setdefault((own["scenario"], own["target"]), {})[own["case"]] = own["probability"]
    title = say("Probability of meeting each target", language)
    if len(rows) > MOST_ROWS:
        title = say("{text}: the first {n} of {all}", language, text=title, n=MOST_ROWS,
                    all=len(rows))  # fmt: skip
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(say("scenario", language), overflow="fold")
    table.add_column(say("target", language), overflow="fold")
    cases = [case for case in CASES if any(case in own for own in rows.values())]
    for case in cases:
        table.add_column(say(CASE_NAMES[case], language), justify="right")
    for (scenario, target), own in list(rows.items())[:MOST_ROWS]:
        table.add_row(scenario, target, *(percent(own.get(case)) for case in cases))
    return table


def chosen_table(found: Any, currency: str, language: Language, label: Label) -> Table:
    """Return how often each measure is in the optimum of a random set of inputs.

    Parameters
    ----------
    found
        One optimum per sample; costs in [currency/a].
    currency
        Name of the money.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        How often, with the 95 % interval that so many samples leave; shares are those of what a
        measure can act on, in the optima that have it.
    """
    scale = money_scale(found.quartiles, f"{currency}/a", language)
    low, middle, high = (number(v / scale.size) for v in found.quartiles)
    title = say(
        "Optima of {n} random sets: cost {low} to {high}, median {middle} {unit}; all"
        " targets of the headline within reach in {share}",
        language,
        n=len(found.cost),
        low=low,
        high=high,
        middle=middle,
        unit=scale.unit,
        share=percent(found.all_met),
    )
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("measure", "chosen in", "share, median", "80 % range", "central optimum"):
        right = name != "measure"
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for own in found.chosen[:MANY]:
        span = f"{percent(own.low)}-{percent(own.high)}"
        if not own.settled:
            span += f" ({say('too few', language)})"
        least, most = wilson(own.frequency, len(found.cost))
        table.add_row(
            label(own.measure),
            f"{percent(own.frequency)} ({percent(least)}-{percent(most)})",
            percent(own.median),
            span,
            percent(own.central),
        )
    return table


def regrets_table(
    found: Sequence[Any], futures: Sequence[str], currency: str, language: Language
) -> Table:
    """Return what mixes come to in all futures, the least to regret first.

    Parameters
    ----------
    found
        Regrets; costs in [currency/a].
    futures
        Names, in the order of the costs.
    currency
        Name of the money.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        Cost in each future, and by how much a limit is exceeded at most.
    """
    every = (float(cost) for own in found for cost in own.cost)
    scale = money_scale(every, f"{currency}/a", language)
    title = say("Mixes in every future ({unit})", language, unit=scale.unit)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(say("best for", language), overflow="fold")
    for name in (*futures, say("largest regret", language), say("largest excess", language)):
        table.add_column(name, justify="right", overflow="fold")
    step = scale.size
    for own in found:
        cells = [
            number(c / step) + (f" (+{percent(e)})" if e else "")
            for c, e in zip(own.cost, own.excess, strict=True)
        ]
        table.add_row(
            own.future or say("all: the one to regret least", language),
            *cells,
            number(own.regret.max() / step),
            percent(own.excess.max()),
        )
    return table


def plans_table(
    found: Any, system: System, currency: str, language: Language, label: Label
) -> Table:
    """Return whole plans within an allowance, by what they do without and what they do instead.

    Parameters
    ----------
    found
        Plans, the optimum first; costs in [currency/a].
    system
        What they are about, for the names.
    currency
        Name of the money.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per plan.
    """
    scale = money_scale((plan.cost for plan in found.plans), f"{currency}/a", language)
    title = say(
        "{n} plans that meet the targets at up to {allowance} more than the least cost ({unit})",
        language,
        n=len(found.plans),
        allowance=f"{100 * found.allowance:g} %",
        unit=scale.unit,
    )
    table = _table(title)
    table.add_column(say("net cost", language), justify="right")
    table.add_column(say("without", language), overflow="fold")
    table.add_column(say("with more of", language), overflow="fold")
    for k, plan in enumerate(found.plans):
        table.add_row(
            number(plan.cost / scale.size),
            _measures_of(found.without(system, k), language, label),
            _measures_of(found.more(system, k), language, label),
        )
    return table


def _measures_of(measures: Sequence[str], language: Language, label: Label) -> str:
    """Return the names of the first measures; a dash for none."""
    names = [label(measure) for measure in measures]
    if not names:
        return "-"
    rest = len(names) - FEW_NAMED
    told = LIST_MARK[language].join(names[:FEW_NAMED])
    return told if rest <= 0 else say("{names} and {n} more", language, names=told, n=rest)


def must_line(found: Any, system: System, language: Language, label: Label) -> str:
    """Return which measures every plan within an allowance has.

    Parameters
    ----------
    found
        Plans.
    system
        What they are about, for the names.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    str
        A sentence.
    """
    names = dict.fromkeys(
        system.measures[system.groups.measure[g]] for g in np.flatnonzero(found.must).tolist()
    )
    return say("In all of them: {names}", language, names=Listed(label(n) for n in names))
