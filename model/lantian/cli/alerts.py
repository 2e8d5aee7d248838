"""The lists of alert days as tables and lines for a terminal."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.table import Table

from lantian.cli.terminal import number, records_table
from lantian.language import (
    HUNDRED_MILLION,
    LIST_MARK,
    Label,
    Listed,
    Millions,
    message,
    printable,
    say,
)
from lantian.plan.read_alert import EXEMPT
from lantian.results.frame import Frame
from lantian.study.alerts import AlertAnswer
from lantian.study.model import Study
from lantian.vocabulary import Language

MILLION = 1e6


def order_table(orders: Frame, level: str, language: Language, label: Label) -> Table:
    """Return what is ordered at a level, with tonnes of a day.

    Parameters
    ----------
    orders
        As :func:`lantian.results.tables.alerts.alert_frames` gives them.
    level
        The level.
    language
        Language of the reader.
    label
        Gives display names.
    """
    rows = [row for row in orders.records() if row["level"] == level]
    return records_table([_order(row, language, label) for row in rows], language)


def _order(row: dict[str, Any], language: Language, label: Label) -> dict[str, Any]:
    """Return a line of the list; tonnes of a day by pollutant."""
    words = row["words_zh" if language == "zh" else "words_en"]
    currency = message(row["unit"].removesuffix("/d"))
    return {
        "source": label(row["source"]),
        "action": words or say(row["order"], language),
        "share": f"{row['share']:.0%}",
        "SO2 (t/d)": number(row["so2"]),
        "NOx (t/d)": number(row["nox"]),
        "particles (t/d)": number(row["particles"]),
        "VOC (t/d)": number(row["voc"]),
        say("10,000 {currency} a day", language, currency=currency): number(row["cost"] / 1e4),
    }


def totals_table(totals: Frame, level: str, language: Language, label: Label) -> Table:
    """Return total, demand and cut of each pollutant at a level.

    Parameters
    ----------
    totals
        As :func:`lantian.results.tables.alerts.alert_frames` gives them.
    level
        The level.
    language
        Language of the reader.
    label
        Gives display names.
    """
    rows = [row for row in totals.records() if row["level"] == level]
    return records_table(
        [
            {
                "pollutant": label(row["pollutant"]),
                "total of a day (t)": number(row["total"]),
                "year / 365 (t)": number(row["total_year"]),
                "listed (t)": number(row["listed"]),
                "demand (t)": number(row["wanted"]),
                "cut (t)": number(row["cut"]),
                "share": f"{row['share']:.1%}",
                "lacking (t)": number(row["short"]) if row["short"] else "",
            }
            for row in rows
        ],
        language,
    )


def headings(study: Study, answer: AlertAnswer, language: Language) -> Iterator[tuple[str, str]]:
    """Yield each level with what stands above its list: cost of a day and its range.

    Parameters
    ----------
    study
        The scenario put together.
    answer
        Its cheapest lists.
    language
        Language of the reader.
    """
    plan, currency = answer.plan, study.money.currency
    for k, level in enumerate(plan.asked.levels):
        cost, low, high = (answer.lists.share[k] @ plan.cost).tolist()
        yield (
            level,
            say(
                "{level}, {month}/{year}: {cost} {currency} a day ({low} to {high})",
                language,
                level=message(level),
                month=plan.asked.month,
                year=study.system.years[plan.year],
                cost=_money(cost, language),
                low=_money(low, language),
                high=_money(high, language),
                currency=message(currency),
            ),
        )


def _money(amount: float, language: Language) -> str:
    """Return money as its readers count it: millions, or 万 and 亿."""
    if language == "zh":
        return format(Millions(amount / MILLION), f"{HUNDRED_MILLION}.3g")
    return f"{number(amount / MILLION)} million"


def reasons(totals: Frame, level: str, language: Language, label: Label) -> Iterator[str]:
    """Yield by how much each demand of a level is missed, and where the rest is emitted.

    Parameters
    ----------
    totals
        As :func:`lantian.results.tables.alerts.alert_frames` gives them.
    level
        The level.
    language
        Language of the reader.
    label
        Gives display names.
    """
    for row in totals.records():
        if row["level"] != level or row["met"]:
            continue
        names = LIST_MARK[language].join(label(name) for name in row["binding"].split())
        yield printable(
            say(
                "{pollutant}: {short} t/d are lacking to {demand} of {total} t/d. All actions at"
                " their reach: {names}. Of the rest, protected sources emit {protected} t/d, what"
                " is in no list {unlisted} t/d, and {beyond} t/d are beyond the reach of the"
                " actions.",
                language,
                pollutant=label(row["pollutant"]),
                short=number(row["short"]),
                demand=f"{row['demand']:.0%}",
                total=number(row["total"]),
                names=names or "-",
                protected=number(row["protected"]),
                unlisted=number(row["unlisted"]),
                beyond=number(row["beyond_reach"]),
            )
        )


def remarks(answer: AlertAnswer, language: Language) -> Iterator[str]:
    """Yield what a reader must know of the lists.

    Parameters
    ----------
    answer
        The cheapest lists.
    language
        Language of the reader.
    """
    asked, total = answer.plan.asked.pollutants, answer.problem.total
    if none := [p for p, amount in zip(asked, total.tolist(), strict=True) if not amount]:
        yield say(
            "NOT COMPLETE: the inventory has no {names}, so that no cut of it is asked for.",
            language,
            names=LIST_MARK[language].join(none),
        )
    if not answer.plan.has_profiles:
        yield say(
            "The region has no monthly profiles: every day of the year is taken as alike.", language
        )
    yield say(
        "Costs of a day and reach are those of the scenario; particles are counted as {size},"
        " which plans do not say.",
        language,
        size=answer.plan.asked.particles,
    )


def left_out(answer: AlertAnswer, language: Language, label: Label) -> Iterator[str]:
    """Yield which actions are in no list, or in less of one, by what the scenario says of them.

    Parameters
    ----------
    answer
        The cheapest lists.
    language
        Language of the reader.
    label
        Gives display names.
    """
    actions, problem = answer.plan.asked.actions, answer.problem
    exempt = np.array([action.grade == EXEMPT for action in actions])
    nothing = ~(problem.reach * answer.plan.part > 0.0).any(axis=0) & ~exempt
    held = (problem.usable < problem.reach).any(axis=0)
    each: tuple[Any, ...] = (exempt, nothing, held)
    for template, which in zip(_LEFT_OUT, each, strict=True):
        names = [label(a.name) for a, chosen in zip(actions, which.tolist(), strict=True) if chosen]
        if names:
            yield printable(say(template, language, names=Listed(names), grade=EXEMPT))


_LEFT_OUT = (
    "Firms of grade {grade} are exempt, and in no list: {names}",
    "Part or reach is 0 %, so that nothing can be ordered: {names}",
    "The reach falls with the level; what is ordered stays ordered at the next, so the smaller one"
    " counts: {names}",
)
