"""Alert days as tables: the list as a bureau files it, and what it comes to."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lantian.results.contract import ALERT, ALERT_TOTALS
from lantian.results.frame import Data, Frame, make_frame
from lantian.results.tables.registry import Run, builds
from lantian.study.alerts import AlertAnswer
from lantian.study.model import Study
from lantian.tolerances import ACCEPTED


def alert_frames(study: Study, answer: AlertAnswer) -> tuple[Frame, Frame]:
    """Return both tables without a run.

    Parameters
    ----------
    study
        The scenario put together.
    answer
        Its cheapest lists.

    Returns
    -------
    tuple of Frame
        What is ordered, and what it comes to.
    """
    orders, totals = list(_orders(study, answer)), list(_totals(answer))
    return make_frame(ALERT, orders), make_frame(ALERT_TOTALS, totals)


@builds(ALERT)
def alert(run: Run) -> Data | None:
    """What is ordered at each level: source, action, share, tonnes and cost of a day."""
    return None if run.alert is None else list(_orders(run.study, run.alert))


def _orders(study: Study, answer: AlertAnswer) -> Iterator[dict[str, Any]]:
    plan, share = answer.plan, answer.lists.share
    sources, currency = study.system.sources, study.money.currency
    for k, level in enumerate(plan.asked.levels):
        for a in np.flatnonzero(share[k] > 0).tolist():
            action, part = plan.asked.actions[a], float(share[k, a])
            words = action.action
            cost, low, high = (part * plan.cost[a]).tolist()
            yield {
                "level": level,
                "action": action.name,
                "source": action.source,
                "sector": sources.sector[plan.source[a]],
                "grade": action.grade or "",
                "order": "stop" if part >= 1 - ACCEPTED else "cut",
                "words_en": words.en if words else "",
                "words_zh": words.zh if words else "",
                "share": part,
                **_tonnes(part * answer.problem.daily[:, a]),
                "cost": cost,
                "low": low,
                "high": high,
                "unit": f"{currency}/d",
            }


def _tonnes(cut: Any) -> dict[str, float]:
    """Return tonnes of a day by column; particles are the third, in whatever size."""
    return dict(zip(("so2", "nox", "particles", "voc"), cut.tolist(), strict=True))


@builds(ALERT_TOTALS)
def alert_totals(run: Run) -> Data | None:
    """Total, demand and cut of each pollutant at each level, and what is lacking."""
    return None if run.alert is None else list(_totals(run.alert))


def _totals(answer: AlertAnswer) -> Iterator[dict[str, Any]]:
    plan, problem, lists = answer.plan, answer.problem, answer.lists
    names = [action.name for action in plan.asked.actions]
    for k, level in enumerate(plan.asked.levels):
        for p, pollutant in enumerate(plan.asked.pollutants):
            total, short = float(problem.total[p]), float(lists.short[k, p])
            listed, held = float(answer.listed[p]), float(answer.protected[p])
            yield {
                "level": level,
                "pollutant": pollutant,
                "total": total,
                "total_year": float(answer.yearly[p]),
                "listed": listed,
                "demand": float(problem.demand[k, p]),
                "wanted": float(problem.wanted[k, p]),
                "cut": float(lists.cut[k, p]),
                "share": float(lists.cut[k, p]) / total if total > 0 else 0.0,
                "short": short,
                "met": short == 0.0,
                "protected": held,
                "beyond_reach": listed - float(problem.most[k, p]),
                "unlisted": max(total - listed - held, 0.0),
                "binding": " ".join(names[a] for a in answer.binding(k, p)) if short > 0 else "",
            }
