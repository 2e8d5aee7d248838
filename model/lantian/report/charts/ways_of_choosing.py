"""What other ways of choosing measures cost, beside the least cost for the very same result."""

from dataclasses import replace

import numpy as np

from lantian.report import style
from lantian.report.axes import BELOW, amounts_below, base_line, names_left, side_line
from lantian.report.chart import Chart, Page, amount, count, declare, fit_names, word
from lantian.report.frames import Asked, Row, pick, rows_of
from lantian.report.keys import Swatch, draw_key
from lantian.report.lettering import PITCH, width
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import COMPARATORS, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_ROW = 0.4
_NEED, _EXCESS = "#3f7fb0", "#fab05d"
_ORDER = (
    "plan",
    "ranked_in_turn",
    "ranked_alone",
    "ranked_average",
    "largest_reduction",
    "match_plan",
    "least_cost",
    "maximum",
)
_NAMES = {
    "plan": Text("Plan as written", "方案原文"),
    "match_plan": Text("Plan's effect at least cost", "同效最低成本"),
    "least_cost": Text("Least cost for the targets", "达标最低成本"),
    "ranked_in_turn": Text(
        "Ranked by average cost, target after target", "按平均成本排序，逐个目标选取"
    ),
    "ranked_alone": Text(
        "Cheapest per tonne alone first, target after target",
        "按单独实施的每吨成本由低到高，逐个目标选取",
    ),
    "ranked_average": Text("Ranked by average cost for {name}", "按平均成本排序（{name}）"),
    "largest_reduction": Text("Largest cut of {name} at each source", "各源{name}减排最大的措施"),
    "maximum": Text("Everything", "全部措施"),
}
_SAME = Text("least net cost of all that it reaches", "达到其全部效果的最低净成本")
_MORE = Text("paid beyond that", "多付的成本")
_AXIS = Text("annual net cost [{unit}]", "年净成本 [{unit}]")
_TOTAL = Text("{cost} (+{more})", "{cost}（+{more}）")
_MET = Text("{met} of {all} targets", "达标{met}/{all}")
_SHARE = 0.005
"""Part of a cost that is shown as nothing."""

DRAWN = declare(
    "ways-of-choosing",
    Text("Ways of choosing: cost, least cost of the same, targets met", "各选取方式的成本与达标数"),
    ("rule", "aimed_at"),
    YEAR,
    word("rule", "way of choosing", "选取方式", _ORDER),
    COMPARATORS.column("aimed_at"),
    amount("cost", "annual net cost", "年净成本"),
    amount(
        "least_cost_for_same",
        "least cost of the same values of all targets",
        "同等效果的最低成本",
        blank=COMPARATORS.column("least_cost_for_same").blank,
    ),
    replace(UNIT),
    count("met", "targets that are met", "达标目标数"),
    count("all", "targets that are computed", "可计算目标数"),
)


def frame(asked: Asked) -> Frame:
    """Return one row per way of choosing: cost, least for the same, targets met."""
    rows = [row for row in asked.rows("comparators") if row.rule in _ORDER]
    rows = pick(rows, Text("no way of choosing is known", "没有可识别的选取方式"))
    year = max(row.year for row in rows)
    cells: dict[tuple[str, str], dict[str, object]] = {}
    for row in (row for row in rows if row.year == year):
        cell = cells.setdefault((row.rule, row.aimed_at), {"met": 0, "all": 0})
        plain = ("year", "rule", "aimed_at", "cost", "least_cost_for_same", "unit")
        cell |= {name: getattr(row, name) for name in plain}
        cell |= {"met": int(str(cell["met"])) + bool(row.met), "all": int(str(cell["all"])) + 1}
    paid = [cell for cell in cells.values() if cell["cost"]]
    pick(paid, Text("no way of choosing costs anything", "各选取方式均无成本"))
    return make_frame(DRAWN, sorted(paid, key=lambda cell: _ORDER.index(str(cell["rule"]))))


def draw(page: Page, drawn: Frame) -> float:
    """Draw the least cost of the same result and, after it, what was paid beyond it."""
    rows, words = rows_of(drawn), page.words
    colours = {words.say(_SAME): _NEED, words.say(_MORE): _EXCESS}
    page.top = draw_key(page, [Swatch(*entry) for entry in colours.items()], page.top) + 0.06
    names = fit_names(page, _named(rows, words), style.NORMAL, 0.42)
    two_lines = 2 * PITCH * style.SMALL / style.POINTS
    tall = page.rows(len(rows), max(_ROW, names.height), max(names.height, two_lines), BELOW)
    scale = _scale(rows, words)
    said = [_said(row, scale, words) for row in rows]
    longest = max(width(line) for text in said for line in text.split("\n"))
    right = page.right - longest * style.SMALL / style.POINTS - 0.06
    cost = np.array([row.cost for row in rows])
    need = np.array([_need(row) for row in rows])
    low, high = min(need.min(), cost.min(), 0.0), max(cost.max(), 0.0) or 1.0
    panel = page.panel(
        names.room, page.top, right - names.room, tall * len(rows), (low * 1.02, high),
        (len(rows) - 0.5, -0.5),
    )  # fmt: skip
    y = np.arange(len(rows))
    start = np.where(need < 0, np.minimum(cost, 0.0), need)
    panel.boxes(np.minimum(need, 0), y - 0.3, np.abs(need), 0.6, [_NEED])
    panel.boxes(start, y - 0.3, cost - start, 0.6, [_EXCESS])
    side_line(panel, 0.0)
    names_left(panel, y, names, style.NORMAL)
    for n, text in enumerate(said):
        panel.label(text, max(cost[n], need[n], 0.0), n, style.SMALL, shift=(4, 0))
    base_line(panel)
    return amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))


def _need(row: Row) -> float:
    """Return the least cost of the same result; the cost itself where it is not known."""
    known = row.least_cost_for_same == row.least_cost_for_same
    return float(min(row.least_cost_for_same, row.cost) if known else row.cost)


def _said(row: Row, scale: Scale, words: Words) -> str:
    """Return cost, what is paid beyond the least, and how many targets are met."""
    more = row.cost - _need(row)
    cost = scale.short(row.cost)
    if more > _SHARE * abs(row.cost):
        cost = words.say(_TOTAL, cost=cost, more=scale.short(more))
    return f"{cost}\n{words.say(_MET, met=str(row.met), all=str(row.all))}"


def _scale(rows: list[Row], words: Words) -> Scale:
    return words.scale([max(abs(row.cost) for row in rows)], rows[0].unit, money=True)


def _name(row: Row, words: Words) -> str:
    return words.say(_NAMES[row.rule], name=words.target(row.aimed_at) if row.aimed_at else "")


def _named(rows: list[Row], words: Words) -> list[str]:
    """Return the names; the plan's result at least cost says what of it is not asked for."""
    apart = _apart(rows)
    return [
        _name(row, words)
        + (words.say(_LESS) if apart is not None and row.rule == "match_plan" else "")
        for row in rows
    ]


def _apart(rows: list[Row]) -> tuple[float, float] | None:
    """Return the two least costs of the plan's result, of all of it and of what has a price.

    None where both are the same, or one is not drawn.
    """
    cost = {row.rule: row for row in rows}
    if not {"plan", "match_plan"} <= cost.keys():
        return None
    plan, match = _need(cost["plan"]), float(cost["match_plan"].cost)
    return (plan, match) if abs(plan - match) > _SHARE * abs(plan) else None


_LESS = Text(" (without what measures of unknown cost reach)", "（不含成本未知措施的效果）")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the dearest excess, and what each way costs and meets."""
    rows = rows_of(drawn)
    scale = _scale(rows, words)
    worst = max(rows, key=lambda row: row.cost - _need(row))
    excess = worst.cost - _need(worst)
    lost = words.say(
        _LOST, worst=_name(worst, words), excess=scale.short(excess),
        cost=scale.short(worst.cost), unit=scale.unit,
    )  # fmt: skip
    each = [
        words.say(
            _EACH, name=_name(row, words), cost=scale.short(row.cost), met=str(row.met),
            all=str(row.all),
        )
        for row in rows
    ]  # fmt: skip
    return {
        "year": str(rows[0].year),
        "matched": _of_match(rows, scale, words),
        "lost": lost if excess > _SHARE * abs(worst.cost) else words.say(_NONE_LOST),
        "unit": scale.unit,
        "each": words.phrases(each),
        "n": str(len(rows)),
    }


def _of_match(rows: list[Row], scale: Scale, words: Words) -> str:
    """Return why the plan's result has two least costs, where it has."""
    apart = _apart(rows)
    if apart is None:
        return ""
    plan, match = map(scale.short, apart)
    return words.say(_TWO, plan=plan, match=match, unit=scale.unit)


_TWO = Text(
    " The blue of the plan ({plan} {unit}) makes up for all that it reaches; “Plan's effect at"
    " least cost” ({match}) leaves out what its measures of unknown cost reach.",
    "方案的蓝色部分（{plan}{unit}）弥补其全部效果；“同效最低成本”（{match}）不含成本未知措施的效果。",
)
_LOST = Text(
    " Most is lost with {worst}: {excess} of {cost} {unit}.",
    "多付最多的是“{worst}”：{cost}{unit}中的{excess}。",
)
_NONE_LOST = Text(" None costs more than it must.", "各方式均未多付。")
_EACH = Text("{name} {cost}, meets {met} of {all}", "{name}{cost}，达标{met}/{all}")

CHART = Chart(
    id="ways-of-choosing",
    rank=56,
    reads=("comparators",),
    title=Text("What ways of choosing measures cost, {year}", "{year}年不同措施选取方式的成本"),
    caption=Text(
        "{n} ways of choosing on the same data. Blue: net cost of the same values of all targets "
        "at least; orange: what the way of choosing costs beyond that.{lost}{matched}",
        "同一数据下的{n}种选取方式。蓝色：达到同样目标值的最低净成本；橙色：该选取方式多付的成本。{lost}{matched}",
    ),
    alt=Text(
        "Bars of annual net cost [{unit}] for {n} ways of choosing: {each}.{lost}",
        "{n}种选取方式的年净成本条形图（{unit}）：{each}。{lost}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
