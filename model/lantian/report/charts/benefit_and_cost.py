"""What each case costs, and what it spares: deaths by each function, their value, and CO2."""

from collections.abc import Sequence
from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    amounts_below,
    base_line,
    headline,
    intervals,
    names_left,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.bars import case_swatches, casing, draw_bar
from lantian.report.chart import Chart, Page, amount, declare, fit_names, word
from lantian.report.frames import Asked, Row, case_rank, distinct, pick, rows_of
from lantian.report.keys import draw_key
from lantian.report.lettering import width
from lantian.report.words import MATCHED, Scale, Text, Words, figures
from lantian.results.contract import CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "match_plan", "least_cost")
_BAR, _LEAST, _BETWEEN = 0.13, 0.085, 0.08  # inch
_HEAD = 0.22
_GROUPS = ("money", "deaths", "co2")
_NAMES = {
    "cost": Text("Net cost", "净成本"),
    "benefit": Text("Value of deaths avoided", "避免死亡的价值"),
    "here": Text("In the region", "本地"),
    "electricity": Text("Electricity", "用电"),
}
_HEADS = {
    "money": Text("Cost and benefit [{unit}]", "成本与效益 [{unit}]"),
    "deaths": Text("Deaths avoided a year, by function", "每年避免死亡（按暴露反应函数）"),
    "co2": Text("CO2 cut [{unit}]", "CO2减排量 [{unit}]"),
}
_NO_RANGE = Text("no range is known", "范围未知")

DRAWN = declare(
    "benefit-and-cost",
    Text("Cost, avoided deaths and CO2 of each case", "各情景成本、避免死亡和二氧化碳减排"),
    ("group", "item", "case"),
    YEAR,
    replace(CASE, words=_CASES),
    word("group", "what is told", "类别", _GROUPS),
    replace(UNIT, name="item", means=Text("cost, function of risk or kind of CO2", "项目")),
    amount("value", "value", "数值"),
    amount("low", "lower end of its range", "下限", blank=_NO_RANGE),
    amount("high", "upper end of its range", "上限", blank=_NO_RANGE),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return cost, avoided deaths by function with their range, their value, and CO2."""
    rows = [row for row in asked.rows("benefits") if row.case in _CASES]
    last = max((row.year for row in rows), default=0)
    rows = [row for row in rows if row.year == last]
    cells = []
    for case in sorted(distinct(rows, "case"), key=case_rank):
        own = [row for row in rows if row.case == case]
        cells += _of_case(own)
    cells.sort(key=lambda cell: _GROUPS.index(str(cell["group"])))
    none = Text("the run tells no avoided deaths", "运行结果没有避免死亡")
    return make_frame(DRAWN, pick(cells, none))


def _of_case(rows: list[Row]) -> list[dict[str, object]]:
    first = rows[0]
    about = {"year": first.year, "case": first.case}

    def cell(group: str, item: str, value: float, unit: str, *ends: float) -> dict[str, object]:
        low, high = ends or (None, None)
        return {**about, "group": group, "item": item, "value": value, "low": low, "high": high,
                "unit": unit}  # fmt: skip

    deaths = [
        cell("deaths", r.function, r.avoided, "1/a", r.avoided_low, r.avoided_high) for r in rows
    ]
    values = [
        cell("money", f"{r.function} benefit", r.benefit, r.unit, r.benefit_low, r.benefit_high)
        for r in rows
    ]
    found = [
        cell("money", "cost", first.cost, first.unit),
        *values,
        *deaths,
        cell("co2", "here", first.co2_here, "t/a"),
        cell("co2", "electricity", first.co2_grid, "t/a"),
    ]
    return [own for own in found if own["value"] == own["value"]]


def draw(page: Page, drawn: Frame) -> float:
    """Draw a panel for money, for deaths and for CO2, a line for each item in it."""
    rows, words = rows_of(drawn), page.words
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    top = draw_key(page, case_swatches(cases, words), page.top) + 0.05
    groups = distinct(rows, "group")
    across = len(groups) if page.layout.fixed else 1
    wide = (page.right - page.left) / across
    end = top
    for n, group in enumerate(groups):
        own = [row for row in rows if row.group == group]
        down = top if across > 1 else end + (0.08 if n else 0.0)
        left = page.left + (n * wide if across > 1 else 0.0)
        end = max(end, _panel(page, own, cases, (left, down, wide - 0.1)))
    return end


def _panel(
    page: Page, rows: list[Row], cases: Sequence[str], place: tuple[float, float, float]
) -> float:
    left, top, wide = place
    words, items = page.words, distinct(rows, "item")
    share = 0.3 * wide / (page.right - page.left)
    names = fit_names(page, [_name(item, words) for item in items], share=share)
    least = max(len(cases) * _LEAST + 0.03, names.height)
    tall = max(least, len(cases) * _BAR + _BETWEEN)
    scale = _scale(rows, words)
    ends = [e for r in rows for e in (r.value, r.low, r.high, 0.0) if e == e]
    low, high = min(ends), max(ends) or 1.0
    texts = [scale.short(row.value) for row in rows]
    room = max(map(width, texts)) * style.TINY / style.POINTS + 0.08
    start = left + names.room - style.MARGIN + (room if low < 0 else 0.0)
    panel = page.panel(
        start, top + _HEAD, left + wide - room - start, tall * len(items), (low, high),
        (len(items) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(low, high, intervals(panel.width / 2)).places)
    for row, text in zip(rows, texts, strict=True):
        at, colour = (cases.index(row.case), len(cases)), style.CASE_COLOURS[row.case]
        y = draw_bar(panel, items.index(row.item), at, (0, row.value), colour)
        if row.low < row.high:
            casing(panel, row.low, y, row.high)
            panel.strokes(row.low, y, row.high, y, style.GREY, 0.9)
        tip = max([e for e in (row.value, row.high) if e == e])
        falls = row.value < 0
        panel.label(
            text, row.value if falls else max(tip, 0.0), y, style.TINY,
            side="right" if falls else "left", shift=(-3 if falls else 3, 0),
        )  # fmt: skip
    side_line(panel, 0.0)
    edge = page.panel(
        left + names.room - style.MARGIN, panel.top, 1.0, panel.height, (0, 1), panel.up
    )
    names_left(edge, range(len(items)), names)
    base_line(panel)
    said = words.say(_HEADS[rows[0].group], unit=scale.unit)
    heads = page.panel(left, panel.top, wide, panel.height, (0, 1), panel.up)
    headline(heads, said)
    return amounts_below(panel, scale) + 0.02


def _name(item: str, words: Words) -> str:
    function, _, benefit = item.partition(" ")
    if benefit:
        return f"{words.say(_NAMES['benefit'])} ({_function(function)})"
    return words.say(_NAMES[item]) if item in _NAMES else _function(item)


def _function(name: str) -> str:
    """Return the name of a function of risk as its authors write it."""
    return {"gbd": "GBD 2021", "ier": "IER 2014"}.get(name, name.upper())


def _scale(rows: list[Row], words: Words) -> Scale:
    tops = [max(abs(e) for e in (r.value, r.high) if e == e) for r in rows]
    if rows[0].group == "deaths":
        return Scale(1.0, "")
    return words.scale([max(tops)], rows[0].unit, money=rows[0].group == "money")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return cost, range of avoided deaths and CO2 of each case."""
    rows = rows_of(drawn)
    said = []
    for case in distinct(rows, "case"):
        own = [row for row in rows if row.case == case]
        cost = next(row for row in own if row.item == "cost")
        scale = _scale([cost], words)
        deaths = [row.value for row in own if row.group == "deaths"]
        said.append(
            words.say(
                _OF,
                case=words.case(case),
                cost=f"{scale.short(cost.value)}{words.gap}{scale.unit}",
                few=figures(min(deaths, default=0.0)),
                many=figures(max(deaths, default=0.0)),
            )
        )
    matched = words.say(MATCHED) if "match_plan" in distinct(rows, "case") else ""
    return {"year": str(rows[0].year), "said": words.phrases(said), "matched": matched}


_OF = Text(
    "{case} net cost {cost}, {few} to {many} deaths avoided",
    "{case}净成本{cost}，避免死亡{few}至{many}人",
)

CHART = Chart(
    id="benefit-and-cost",
    rank=57,
    reads=("benefits",),
    title=Text("What it costs and what it spares in {year}", "{year}年净成本与健康、气候效益"),
    caption=Text(
        "Net cost of measures of known cost, deaths avoided beside the baseline by each published "
        "function (they stand side by side and are not added up; lines are their ranges), and CO2 "
        "cut in the region and by the electricity that is used or spared: {said}.{matched}",
        "成本已知措施的净成本、按各暴露反应函数计算的避免死亡（各函数并列、不相加，细线为范围），以及本地和用电变化带来的"
        "CO2减排：{said}。{matched}",
    ),
    alt=Text(
        "Bars of net cost, of deaths avoided by function and of CO2 cut, by case. {said}.",
        "各情景净成本、分函数避免死亡和CO2减排条形图。{said}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
