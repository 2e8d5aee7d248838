"""The costs and the recommended mix."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from lantian.cli.terminal.text import (
    CASE_NAMES,
    CROWDED,
    SHORTEST,
    dense_table,
    few_names,
    millions,
    money_scale,
    number,
    percent,
    signed,
)
from lantian.inventory.finished import SOURCE_UNIT
from lantian.language import LIST_MARK, Label, Listed, message, say
from lantian.report.words import TIER_NAMES, computed_targets
from lantian.results.headline import earlier_years, last_year
from lantian.vocabulary import Language, Tier

PARTS = {"spent": "gross cost", "saved": "savings", "by_case": "net cost"}
"""Part of a cost in ``summary.json`` -> its name; the first less the second is the third."""
MANY = 1e6
"""Amount from which on it is told in millions."""
LEAST_SHARE = 0.005
"""Share [1] of a cut without a price, or of the cost of the mix, from which on it is told."""


def cost_table(summary: dict[str, Any], language: Language) -> Table:
    """Return what the plan and the mixes cost.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        Money in millions: gross cost, what measures save that pay for themselves, and net cost.
    """
    cost = summary["cost"]
    sums = [cost[part][case] for part in ("spent", "saved") for case in cost["by_case"]]
    scale = money_scale(sums, cost["unit"], language)
    step = scale.size
    title = say("Cost in {year} ({unit})", language, year=cost["year"], unit=scale.unit)
    table = dense_table(
        (title, say("cut without a price", language)),
        [say(name, language) for name in PARTS.values()],
    )
    for case, name in CASE_NAMES.items():
        if case == "baseline" or case not in cost["by_case"]:
            continue
        parts = (number(cost[part][case] / step) for part in PARTS)
        table.add_row(say(name, language), *parts, _without(cost["unpriced"][case], language))
    return table


def tier_lines(summary: dict[str, Any], language: Language) -> list[str]:
    """Return what each tier adds to the least net cost, where there are several.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    """
    cost = summary["cost"]
    sums = [cost[part][case] for part in ("spent", "saved") for case in cost["by_case"]]
    step = money_scale(sums, cost["unit"], language).size  # as the table above
    added = [
        say(
            "{tier} {cost}",
            language,
            tier=TIER_NAMES[tier].say(language),
            cost=signed(added / step),
        )
        for tier, added in _added_by_tier(summary)
    ]
    if not added:
        return []
    return [say("Net cost by tier: {tiers}", language, tiers=Listed(added))]


def earlier_lines(summary: dict[str, Any], language: Language) -> list[str]:
    """Return what least cost is in the years before the last that have targets.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    """
    unit = summary["cost"]["unit"]
    return [
        say(
            "For the targets of {year}: gross {gross}, net {net} million {money}",
            language,
            year=year,
            gross=millions(tier["spent"], language),
            net=millions(tier["cost"], language),
            money=message(unit),
        )
        for year, tier in earlier_years(summary["tiers"]).items()
    ]


def _added_by_tier(summary: dict[str, Any]) -> list[tuple[Tier, float]]:
    """Return what each tier of the last year with targets adds to the net cost.

    Nothing where there is but one tier.
    """
    last = last_year(summary["tiers"])
    found = [(tier["tier"], tier["added"]) for tier in summary["tiers"] if tier["year"] == last]
    return found if len(found) > 1 else []


def _without(share: Mapping[str, float], language: Language) -> str:
    told = [f"{p} {percent(s)}" for p, s in share.items() if s >= LEAST_SHARE]
    return LIST_MARK[language].join(told) if told else say("none", language)


def mix_table(summary: dict[str, Any], language: Language, label: Label, shown: int) -> Table:
    """Return the measures of the recommended mix that cost, the costliest first.

    Parameters
    ----------
    summary
        As in ``summary.json``; its mix has at least one measure.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    shown
        How many measures have room.

    Returns
    -------
    rich.table.Table
        One row per measure: amount in its own unit, share of what it can act on in the mix and in
        the plan, cost in millions, credit [t/a], who decides.
    """
    first = summary["mix"][0]
    scale = money_scale(
        (row["cost"] for row in paid_measures(summary) if row["priced"]),
        first["cost_unit"],
        language,
    )
    title = say(
        "Mix in {year} ({unit}, t/a)",
        language,
        year=first["year"],
        unit=scale.unit,
    )
    if first["best_for"]:
        best = label(first["best_for"])
        title += say("; the best that can be done for {name}", language, name=best)
    credited = _pollutants(summary)
    names = [say(name, language) for name in ("amount", "share", "plan", "net cost")]
    table = dense_table((title, say("decides", language)), (*names, *credited))
    for row in _told(summary, shown):
        unit, most = max(row["amounts"].items(), key=lambda item: item[1]["amount"])
        table.add_row(
            label(row["measure"]),
            _amount(most["amount"], unit, language),
            percent(_share(most, "amount")),
            percent(_share(most, "plan")) if row["in_plan"] else "-",
            number(row["cost"] / scale.size) if row["priced"] else "-",
            *(number(row["credit"].get(p)) for p in credited),
            say(row["decides"], language),
        )
    return table


def _amount(amount: float, unit: str, language: Language) -> str:
    """Return an amount in its own unit, large ones in millions (Chinese: in 万 or 亿)."""
    if amount < MANY:
        if unit == SOURCE_UNIT:
            return say("{amount} of the source", language, amount=number(amount))
        return f"{number(amount)} {say(unit, language)}"
    told = millions(amount, language)
    return say("{amount} M {unit}", language, amount=told, unit=say(unit, language))


def _share(amounts: Mapping[str, float], part: str) -> float | None:
    """Return a part of what a measure can act on [1]."""
    return amounts[part] / amounts["most"] if amounts["most"] else None


def _told(summary: dict[str, Any], shown: int) -> list[dict[str, Any]]:
    """Return the measures of the mix that the screen has room for; crumbs are none of them."""
    paid = paid_measures(summary)
    all_of_it = sum(row["cost"] for row in paid if row["priced"])
    crumb = LEAST_SHARE * all_of_it
    told = [row for row in paid[:shown] if not (row["priced"] and 0.0 < row["cost"] < crumb)]
    return told or paid[:1]


def paid_measures(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the measures of the mix that cost, the costliest first, those without a price last.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    """
    paid = [row for row in summary["mix"] if not _saves(row)]
    return sorted(paid, key=lambda row: -row["cost"] if row["priced"] else 0.0)


def _pollutants(summary: dict[str, Any]) -> list[str]:
    """Return at most three pollutants that measures of the mix are credited with."""
    credited = [row["credit"] for row in summary["mix"]]
    return [p for p in ("NOx", "VOC", "PM2.5") if any(c.get(p) for c in credited)]


def _saves(row: dict[str, Any]) -> bool:
    """Tell whether a measure pays for itself; one that costs nothing only does not cost."""
    return bool(row["no_regret"] and row["cost"] < 0.0)


def mix_lines(summary: dict[str, Any], language: Language, label: Label, shown: int) -> list[str]:
    """Return what the table of the mix leaves out, as :func:`mix_table` has it."""
    free = [row for row in summary["mix"] if _saves(row)]
    in_table = len(_told(summary, shown))
    more = len(summary["mix"]) - len(free) - in_table
    told = [_rest_line(summary, in_table, more, language)] if more > 0 else []
    if free:
        crowded = len(computed_targets(summary)) > CROWDED
        told.append(
            say(
                "{n} measures that pay for themselves save {saved} million {unit}"
                if crowded and len(free) > 1
                else "Measures that pay for themselves, saving {saved} million {unit}: {names}",
                language,
                n=len(free),
                saved=millions(-sum(row["cost"] for row in free), language),
                unit=message(free[0]["cost_unit"]),
                names=few_names([row["measure"] for row in free], label),
            )
        )
    return told


def _rest_line(summary: dict[str, Any], shown: int, more: int, language: Language) -> str:
    """Return how many measures are not shown, and what share of the money they make."""
    costs = [row["cost"] for row in paid_measures(summary) if row["priced"]]
    if sum(costs) <= 0.0:
        return say("{n} more: tables/mix.csv", language, n=more)
    share = percent(sum(costs[shown:]) / sum(costs))
    return say("{n} more ({share} of cost): tables/mix.csv", language, share=share, n=more)


def measures_beside(targets: int, room: int) -> int:
    """Return how many measures of the mix are shown: fewer below many targets.

    Parameters
    ----------
    targets
        How many there are.
    room
        Lines for targets and measures together.
    """
    return min(room // 2, max(room - targets, SHORTEST))
