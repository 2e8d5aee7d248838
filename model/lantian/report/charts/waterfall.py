"""From base year to target year by growth, turnover and measure; one figure per pollutant."""

from collections.abc import Mapping
from dataclasses import replace

from lantian.report import style
from lantian.report.axes import BELOW, amounts_below, base_line, names_left
from lantian.report.chart import Chart, Page, amount, declare, fit_names, word
from lantian.report.frames import Asked, Row, limits_of_totals, pick, pollutant_order, rows_of, sums
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.steps import Bar, digits_of, draw_bars, limits_of_bars, placed, signed
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import CASE, MEASURE, POLLUTANT, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_USUAL = ("NOx", "VOC", "PM2.5")
_SHOWN = 10  # measures with a bar of their own
_ROW, _LEAST = 0.235, 0.15
_RIGHT = 0.62
_STRIP = 0.15  # above the bars, for the name of the limit [inch]
_WHOLE = ("start", "base", "final")
_STEPS = ("start", "past", "base", "growth", "turnover", "inventory", "measure", "final")
_ENDS = ("plan", "baseline", "least_cost")
_NAMES = {
    "start": Text("Inventory in {year}", "{year}年清单"),
    "past": Text("Change until {year}", "至{year}年的变化"),
    "base": Text("Inventory in {year}", "{year}年清单"),
    "growth": Text("Change of activity", "活动水平变化"),
    "turnover": Text("Natural turnover and rules in force", "自然更替与既有规定"),
    "inventory": Text("Change in the inventory", "清单给出的变化"),
    "plan": Text("With the plan in {year}", "{year}年方案排放量"),
    "baseline": Text("Baseline in {year}", "{year}年基准情景排放量"),
    "least_cost": Text("At least cost in {year}", "{year}年最低成本排放量"),
    "other": Text("Other measures ({n})", "其他措施（{n}项）"),
}
_COLOURS = {
    **dict.fromkeys(_WHOLE, style.CASE_COLOURS["plan"]),
    **dict.fromkeys(("past", "growth", "turnover", "inventory"), style.CASE_COLOURS["baseline"]),
    "measure": "#6fa8d0",
    "other": "#c5dcec",
}
_RISE = style.MISSED  # of any step that adds to the emission
_LIMIT = Text("limit {year}: {value}", "{year}年限值：{value}")
_NO_LIMIT = Text("the pollutant has no limit", "该污染物无限值")
_NO_MEASURE = Text("the step is no measure", "该步骤不是措施")

DRAWN = declare(
    "waterfall",
    Text("Steps from the base year to the plan", "从基准年到方案的变化步骤"),
    ("pollutant", "step", "measure"),
    POLLUTANT,
    replace(CASE, words=_ENDS, means=Text("case that the steps lead to", "终点情景")),
    word("step", "whole emission, or what changes it", "步骤", _STEPS),
    YEAR,
    replace(MEASURE, blank=_NO_MEASURE),
    amount("value", "change; the emission in whole steps", "变化量"),
    amount("limit", "limit of the target", "限值", blank=_NO_LIMIT),
    replace(YEAR, name="limit_year", means=Text("year of the limit", "限值年份"), blank=_NO_LIMIT),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the steps of each pollutant from the base year of its target [t/a]."""
    rows = asked.rows("bridge")
    limits = limits_of_totals(asked)
    found = {row.pollutant for row in rows}
    shown = [p for p in pollutant_order(found) if p in limits or p in _USUAL]
    none = Text("no bridge for a pollutant with a target", "没有目标污染物的变化分解")
    cells = []
    for pollutant in shown:
        own = sorted((r for r in rows if r.pollutant == pollutant), key=lambda row: row.order)
        year, limit = next(iter(limits.get(pollutant, {}).items()), (None, None))
        cells += [
            {
                **cell,
                "pollutant": pollutant,
                "case": own[0].case,
                "limit": limit,
                "limit_year": year,
            }
            for cell in (*_past(asked, pollutant, own[0]), *map(_step, own))
        ]
    return make_frame(DRAWN, pick(cells, none))


def _step(row: Row) -> dict[str, object]:
    year = row.from_year if row.step == "base" else row.to_year
    return {
        "step": row.step,
        "year": year,
        "measure": row.measure,
        "value": row.value,
        "unit": row.unit,
    }


def _past(asked: Asked, pollutant: str, base: Row) -> list[dict[str, object]]:
    """Return the emission in the base year of the target and its change until the plan's."""
    first = _base_year_of_target(asked, pollutant)
    if first is None or first >= base.from_year:
        return []
    own = [r for r in asked.rows("emissions") if r.pollutant == pollutant and r.case == "baseline"]
    totals = sums(own, ("year",))
    if (first,) not in totals:
        return []
    start = {"step": "start", "year": first, "measure": "", "unit": base.unit}
    change = {**start, "step": "past", "year": base.from_year}
    return [
        {**start, "value": totals[first,]},
        {**change, "value": base.value - totals[first,]},
    ]


def _base_year_of_target(asked: Asked, pollutant: str) -> int | None:
    """Return the year that a target on the whole emission of a pollutant counts from."""
    limits = limits_of_totals(asked).get(pollutant, {})
    for row in asked.some("targets"):
        if row.pollutant == pollutant and limits.get(row.year) == row.limit:
            return row.base_year if row.base_year is None else int(row.base_year)
    return None


def _bars(rows: list[Row], words: Words, most: int) -> list[Bar]:
    """Return the bars: the largest measures in falling order, the rest pooled."""
    measures = [row for row in rows if row.step == "measure" and row.value]
    measures.sort(key=lambda row: -abs(row.value))
    shown, rest = measures[:most], measures[most:]
    if len(rest) == 1:
        shown, rest = measures, []
    steps = [
        r for r in rows if r.step not in ("measure", "final") and (r.value or r.step in _WHOLE)
    ]
    parts = [
        (row.step, words.say(_NAMES[row.step], year=str(row.year)), row.value) for row in steps
    ]
    parts += [("measure", words.name(row.measure), row.value) for row in shown]
    if rest:
        pooled = words.say(_NAMES["other"], n=str(len(rest)))
        parts.append(("other", pooled, sum(row.value for row in rest)))
    parts += [
        (row.step, words.say(_NAMES[row.case], year=str(row.year)), row.value)
        for row in rows
        if row.step == "final"
    ]
    return placed(parts, _WHOLE)


def draw(page: Page, drawn: Frame) -> float:
    """Draw horizontal bars from top to bottom, each beginning where the last one ended."""
    rows, words = rows_of(drawn), page.words
    fixed = sum(row.step != "measure" for row in rows) + 1
    usual = _bars(rows, words, _SHOWN)
    tall = fit_names(page, (bar.name for bar in usual)).height
    room = page.most_rows(max(_LEAST, tall), BELOW + _STRIP) - fixed
    bars = _bars(rows, words, max(min(_SHOWN, room), 1))
    names = fit_names(page, (bar.name for bar in bars))
    row_height = page.rows(len(bars), _ROW, max(_LEAST, names.height), BELOW + _STRIP)
    limit = rows[0].limit
    floor, top = limits_of_bars(bars, [limit] if limit == limit else [])
    panel = page.panel(
        names.room, page.top + _STRIP, page.right - names.room - _RIGHT, row_height * len(bars),
        (floor, top), (len(bars) - 0.5, -0.5),
    )  # fmt: skip
    names_left(panel, range(len(bars)), names)
    if limit == limit:
        text = words.say(_LIMIT, year=str(rows[0].limit_year), value=words.amount(limit))
        _draw_limit(panel, limit, text)
    changes = [bar.value for bar in bars if bar.step == "measure"]
    draw_bars(panel, bars, floor, [_colour(bar) for bar in bars], digits_of(changes))
    base_line(panel)
    name = f"{words.pollutant(rows[0].pollutant)} [{words.unit(rows[0].unit)}]"
    return amounts_below(panel, Scale(1.0, ""), _axis_name(name, words, floor))


def _colour(bar: Bar) -> str:
    return _RISE if bar.value > 0 and not bar.whole else _COLOURS[bar.step]


def _draw_limit(panel: Panel, limit: float, text: str) -> None:
    """Draw the limit across all bars, its name above on the side where there is room."""
    panel.line((limit, limit), panel.up, style.MISSED, 1.0, (4, 2))
    wide = width(text) * style.SMALL / style.POINTS
    fits = float(panel.x(limit)) + wide < panel.right + _RIGHT
    panel.label(
        text, limit, panel.up[1], style.SMALL, style.MISSED, "left" if fits else "right", "bottom",
        shift=(-2 if fits else 2, -1),
    )  # fmt: skip


def _axis_name(name: str, words: Words, floor: float) -> str:
    cut = Text("axis does not begin at 0", "横轴不从0开始")
    return f"{name}  ({words.say(cut)})" if floor > 0 else name


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return years, base and final emission, limit, and the largest measures."""
    rows = rows_of(drawn)
    measures = [row for row in rows if row.step == "measure" and row.value]
    measures.sort(key=lambda row: -abs(row.value))
    digits = digits_of([row.value for row in measures])
    of = {row.step: row for row in rows if row.step != "measure"}
    largest = [f"{words.name(m.measure)} {signed(m.value, digits)}" for m in measures[:3]]
    unit = words.unit(rows[0].unit)
    final = f"{of['final'].value:,.{digits}f}"
    return {
        "p": words.pollutant(rows[0].pollutant),
        "years": words.years(rows[0].year, of["final"].year),
        "base_year": str(of["base"].year),
        "last": str(of["final"].year),
        "course": "".join(
            words.say(_COURSE, year=str(of[step].year), value=f"{of[step].value:,.{digits}f}")
            for step in ("start", "base")
            if step in of
        ),
        "final": final,
        "unit": unit,
        "growth": signed(of["growth"].value, digits) if "growth" in of else "0",
        "by_itself": _by_itself(of, words, digits),
        "end": words.say(_ENDED[rows[0].case]),
        "limit": _verdict(of["final"], words),
        "largest": words.phrases(largest),
        "n": str(len(measures)),
    }


def _by_itself(of: Mapping[str, Row], words: Words, digits: int) -> str:
    """Return what changes without a measure: turnover, or what the user's own table says."""
    step = "inventory" if "inventory" in of else "turnover"
    value = of[step].value if step in of else 0.0
    return words.say(_WITHOUT_MEASURE[step], value=signed(value, digits))


def _verdict(final: Row, words: Words) -> str:
    """Return whether the plan keeps the limit; nothing where there is none."""
    if final.limit != final.limit:
        return ""
    text = _KEPT if final.value <= final.limit else _MISSED
    return words.say(text, year=str(final.limit_year), value=words.amount(final.limit))


_WITHOUT_MEASURE = {
    "turnover": Text("natural turnover and rules in force {value}", "自然更替与既有规定{value}"),
    "inventory": Text("change in the inventory {value}", "清单给出的变化{value}"),
}
_ENDED = {
    "plan": Text("with the plan", "方案情景"),
    "baseline": Text("without a plan", "基准情景"),
    "least_cost": Text("at least cost", "最低成本情景"),
}
_COURSE = Text("{value} in {year}, ", "{year}年{value}，")
_KEPT = Text(
    " The limit of {value} for {year} (dashed) is kept.", "达到{year}年限值{value}（虚线）。"
)
_MISSED = Text(
    " The limit of {value} for {year} (dashed) is missed.", "未达到{year}年限值{value}（虚线）。"
)

CHART = Chart(
    id="waterfall",
    rank=20,
    reads=("bridge", "emissions", "targets"),
    title=Text(
        "{p}, {years}: what raises and what cuts it",
        "{years}年{p}排放量变化分解",
    ),
    caption=Text(
        "{p} emission [{unit}]: {course}{final} in {last} {end}. From {base_year} on: "
        "activity {growth}, {by_itself}, then {n} measures, "
        "the smallest pooled. Parts of measures add up to the whole; overlaps are shared out. "
        "Largest: {largest}.{limit}",
        "{p}排放量（{unit}）：{course}{last}年{end}{final}。{base_year}年起：活动水平变化{growth}，"
        "{by_itself}，其后为{n}项措施，较小者合并。"
        "各措施减排量之和等于总减排量，重叠部分已分摊。最大的是：{largest}。{limit}",
    ),
    alt=Text(
        "Waterfall of {p} [{unit}]: {course}then activity {growth}, {by_itself}, {n} "
        "measures (largest: {largest}), down to {final} in {last}.{limit}",
        "{p}排放量变化瀑布图（{unit}）：{course}其后活动水平变化{growth}，{by_itself}，"
        "{n}项措施（最大：{largest}），{last}年为{final}。{limit}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="pollutant",
)
