"""The costs and the recommended mix."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from lantian.cli.terminal.text import (
    CASE_NAMES,
    FULL,
    LONGEST,
    SHORTEST,
    dense_table,
    few_names,
    millions,
    money_scale,
    number,
    percent,
    signed,
)
from lantian.language import LIST_MARK, Label, message, say
from lantian.report.words import TIER_NAMES
from lantian.vocabulary import Language, Tier

LEAST_SHARE = 0.005
"""Share of a cut without a price [1] from which on it is told."""


def cost_table(summary: dict[str, Any], language: Language) -> Table:
    """Return what the plan and the mixes cost, the least cost also tier by tier.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        Money in millions; what measures save that pay for themselves stands beside the cost.
    """
    cost = summary["cost"]
    sums = [cost[part][case] for part in ("spent", "saved") for case in cost["by_case"]]
    scale = money_scale(sums, cost["unit"], language)
    step = scale.size
    title = say("Cost in {year} ({unit})", language, year=cost["year"], unit=scale.unit)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("case", "cost", "savings beside it", "cut without a price"):
        right = name in ("cost", "savings beside it")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for case, name in CASE_NAMES.items():
        if case == "baseline" or case not in cost["by_case"]:
            continue
        spent, saved = (number(cost[part][case] / step) for part in ("spent", "saved"))
        table.add_row(say(name, language), spent, saved, _without(cost["unpriced"][case], language))
        if case == "least_cost":
            for tier, *added in _added_by_tier(summary):
                told = [signed(part / step) for part in added]
                if set(told) == {"0"}:
                    continue
                table.add_row(f"  {TIER_NAMES[tier].say(language)}", *told)
    return table


def _added_by_tier(summary: dict[str, Any]) -> list[tuple[Tier, float, float]]:
    """Return what each tier of the last year with targets adds: cost, and savings beside it.

    Nothing where there is but one tier.
    """
    last = max((tier["year"] for tier in summary["tiers"]), default=0)
    found, spent, saved = [], 0.0, 0.0
    for tier in summary["tiers"]:
        if tier["year"] == last:
            found.append((tier["tier"], tier["spent"] - spent, tier["saved"] - saved))
            spent, saved = tier["spent"], tier["saved"]
    return found if len(found) > 1 else []


def _without(share: Mapping[str, float], language: Language) -> str:
    told = [f"{p} {percent(s)}" for p, s in share.items() if s >= LEAST_SHARE]
    return LIST_MARK[language].join(told) if told else say("none", language)


def mix_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the measures of the recommended mix that cost, at most six.

    Parameters
    ----------
    summary
        As in ``summary.json``; its mix has at least one measure.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per measure: amount in its own unit, share of what it can act on, cost in millions,
        credit [t/a].
    """
    mix = [row for row in summary["mix"] if not row["no_regret"]]
    scale = money_scale(
        (row["cost"] for row in mix if row["priced"]), summary["mix"][0]["cost_unit"], language
    )
    title = say(
        "Recommended mix in {year} ({unit}; what is cut in t/a)",
        language,
        year=summary["mix"][0]["year"],
        unit=scale.unit,
    )
    best_for = summary["mix"][0]["best_for"]
    if best_for:
        title += say("; the best that can be done for {name}", language, name=label(best_for))
    table = dense_table(title)
    shown = _pollutants(summary)
    for name in ("measure", "amount", "share", "cost", *shown, "in the plan"):
        right = name not in ("measure", "in the plan")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for row in mix[: _shown(summary)]:
        unit, most = max(row["amounts"].items(), key=lambda item: item[1]["amount"])
        table.add_row(
            label(row["measure"]),
            f"{number(most['amount'])} {say(unit, language)}",
            percent(most["amount"] / most["most"] if most["most"] else None),
            number(row["cost"] / scale.size) if row["priced"] else "-",
            *(number(row["credit"].get(p)) for p in shown),
            number(most["plan"]) if row["in_plan"] else "-",
        )
    return table


def _pollutants(summary: dict[str, Any]) -> list[str]:
    """Return at most three pollutants that measures of the mix are credited with."""
    credited = [row["credit"] for row in summary["mix"]]
    return [p for p in ("NOx", "VOC", "PM2.5") if any(c.get(p) for c in credited)]


def mix_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the table of the mix leaves out."""
    free = [row for row in summary["mix"] if row["no_regret"]]
    more = len(summary["mix"]) - len(free) - _shown(summary)
    told = _decider_lines(summary, language, label)
    if more > 0:
        told.append(say("{n} more measures: tables/mix.csv", language, n=more))
    lines = [SENTENCE_END[language].join(told)] if told else []
    if free:
        lines.append(
            say(
                "Measures that pay for themselves, saving {saved} million {unit}: {names}",
                language,
                saved=millions(-sum(row["cost"] for row in free), language),
                unit=message(free[0]["cost_unit"]),
                names=few_names([row["measure"] for row in free], label),
            )
        )
    return lines


def _shown(summary: dict[str, Any]) -> int:
    """Return how many measures of the mix are shown: fewer below many targets."""
    targets = len([t for t in summary["targets"] if t["computed"]])
    return min(LONGEST, max(FULL - targets, SHORTEST))


def _decider_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which of the measures that are shown others decide than the district."""
    shown = [row for row in summary["mix"] if not row["no_regret"]][: _shown(summary)]
    told = []
    for who in ("nation", "city"):
        names = [row["measure"] for row in shown if row["decides"] == who]
        if names:
            told.append(say(_DECIDED_BY[who], language, names=few_names(names, label)))
    return told


SENTENCE_END = {"en": ". ", "zh": "。"}
"""Between sentences of one line."""


_DECIDED_BY = {
    "nation": "Of these the nation decides: {names}",
    "city": "Of these the city decides: {names}",
}
