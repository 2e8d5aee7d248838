"""PM2.5 by contribution and year against the observed means and the limit."""

from dataclasses import replace
from typing import Any

from lantian.report import style
from lantian.report.chart import Chart, Page, amount, declare, word
from lantian.report.columns import Stack, draw_stacks
from lantian.report.frames import (
    Asked,
    Ends,
    Row,
    case_rank,
    distinct,
    pick,
    rows_of,
    sampled_ranges,
    with_inventory,
    without_repeats,
)
from lantian.report.keys import Dot, Entry, Stroke, draw_key, swatches
from lantian.report.state import SCALE, limit_at_state, limits_of, printed_scale, said_of_state
from lantian.report.words import Scale, Text, Words, figures, like
from lantian.results.contract import CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("baseline", "plan", "least_cost")
_INDICATOR = "pm25"
_TOTAL = "total"
_COMPONENTS: dict[str, Text] = {
    "regional": Text("From outside the area", "区域传输"),
    "city": Text("Rest of the city", "全市其他区域"),
    "mobile": Text("Mobile sources", "移动源"),
    "dust": Text("Dust", "扬尘源"),
    "industry": Text("Industry", "工业源"),
    "living": Text("Living and solvents", "生活面源"),
    "coal": Text("Coal and gas", "燃煤燃气"),
    "other": Text("Other local", "其他本地源"),
}
_OBSERVED = Text("Observed", "监测值")
_SEEN = Text("{y}: {v}", "{y}年{v}")
_RANGE = Text("95 % range of the total", "总浓度95 %范围")
_LIMIT = Text("Limit {year}: {value}", "{year}年限值：{value}")
_LIMIT_KEY = Text("Limit", "限值")
_NO_CASE = Text("it is observed, or a limit", "监测值或限值")
_NO_RANGE = Text("no range is known", "范围未知")

DRAWN = declare(
    "pm25-by-contribution",
    Text("PM2.5 by contribution, observed means and limits", "PM2.5来源构成、监测值与限值"),
    ("what", "year", "case", "component"),
    word("what", "modelled, observed or a limit", "类别", ("model", "observed", "limit")),
    YEAR,
    replace(CASE, words=("inventory", *_CASES), blank=_NO_CASE),
    word("component", "total, or what it comes from", "组成", (_TOTAL, *_COMPONENTS)),
    amount("value", "annual mean", "年均浓度"),
    amount("low", "lower end of its range", "下限", blank=_NO_RANGE),
    amount("high", "upper end of its range", "上限", blank=_NO_RANGE),
    SCALE,
    UNIT,
)
_CELLS = ("year", "case", "component", "value", "low", "high", "unit")
_VALUES = ("value", "low", "high")


def frame(asked: Asked) -> Frame:
    """Return components and totals by year and case, observed means and limits [ug/m3]."""
    rows = [
        row
        for row in asked.rows("indicators")
        if row.indicator == _INDICATOR and row.case in _CASES
    ]
    none = Text("no PM2.5 response in this run", "本次运行没有PM2.5响应结果")
    pick([row for row in rows if row.component in _COMPONENTS], none)
    sampled = sampled_ranges(asked)
    rows = [_ranged(row, sampled.get((_INDICATOR, row.case, row.year))) for row in rows]
    rows = with_inventory(asked, without_repeats(asked, rows))
    rows.sort(key=lambda row: (row.year, case_rank(row.case)))
    cells = [
        {"what": "model"} | {name: getattr(row, name) for name in _CELLS}
        for row in rows
        if row.component in (_TOTAL, *_COMPONENTS)
    ]
    years = {row.year for row in rows}
    scale = printed_scale(asked, _INDICATOR)
    cells = [_at_state(cell, scale) for cell in [*cells, *_observed(asked, years)]]
    limits = [cell | {"scale": scale} for cell in _limits(asked, years)]
    return make_frame(DRAWN, [*cells, *limits])


def _at_state(cell: dict[str, Any], scale: float) -> dict[str, Any]:
    """Return a cell with its values in the state of the air that the plan prints."""
    found = {name: None if cell[name] is None else cell[name] / scale for name in _VALUES}
    return cell | found | {"scale": scale}


def _ranged(row: Row, ends: Ends | None) -> Row:
    """Return a total with its range over the samples, where there is one."""
    if row.component != _TOTAL or ends is None:
        return row
    return row._replace(low=ends.low, high=ends.high)


def _observed(asked: Asked, years: set[int]) -> list[dict[str, object]]:
    """Return what was observed in the years that are shown."""
    rows = [row for row in asked.some("hindcast") if row.indicator == _INDICATOR]
    seen = [row for row in rows if row.year in years]
    return [_single("observed", row.year, row.observed, row.unit) for row in seen]


def _limits(asked: Asked, years: set[int]) -> list[dict[str, object]]:
    """Return the limit of each year that has one and is shown."""
    found = limits_of(asked, _INDICATOR)
    return [_single("limit", y, row.limit, row.unit) for y, row in found.items() if y in years]


def _single(what: str, year: int, value: float, unit: str) -> dict[str, object]:
    rest = {"case": "", "component": _TOTAL, "low": None, "high": None}
    return {"what": what, "year": year, "value": value, "unit": unit, **rest}


def draw(page: Page, drawn: Frame) -> float:
    """Draw stacked columns by component with ranges, observed means and limits."""
    rows, words = rows_of(drawn), page.words
    unit = words.unit(rows[0].unit)
    of = {what: [r for r in rows if r.what == what] for what in ("model", "observed", "limit")}
    layers = [row for row in of["model"] if row.component != _TOTAL]
    totals = [row for row in of["model"] if row.component == _TOTAL]
    limits = {row.year: row.value for row in of["limit"]}
    said = [words.say(_LIMIT, year=str(y), value=figures(v)) for y, v in list(limits.items())[-1:]]
    stack = Stack(
        f"{words.name(_INDICATOR)} [{unit}]",
        layers,
        Scale(1.0, unit),
        limits,
        limit_at_state("".join(said), rows, words) if said else "",
        {(r.year, r.case): (r.low, r.high) for r in totals if r.low < r.high},
        {row.year: row.value for row in of["observed"]},
    )
    colours = {c: style.COMPONENT_COLOURS[c] for c in _COMPONENTS}
    top = draw_key(page, _key(stack, words), page.top) + 0.06
    return draw_stacks(page, top, [stack], "component", colours)


def _key(stack: Stack, words: Words) -> list[Entry]:
    found = {row.component for row in stack.rows if row.value}
    names = {
        words.say(name): style.COMPONENT_COLOURS[c] for c, name in _COMPONENTS.items() if c in found
    }
    entries: list[Entry] = [*swatches(names)]
    if stack.ranges:
        entries.append(Stroke(words.say(_RANGE), style.INK, 0.9, upright=True))
    if stack.observed:
        entries.append(Dot(words.say(_OBSERVED), "o", 5, style.WHITE, style.MISSED, 1.3))
    if stack.limits:
        entries.append(Stroke(words.say(_LIMIT_KEY), style.MISSED, 1.2, (3, 1.5)))
    return entries


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return years, the totals of the last year, the observed means and the limits."""
    rows = rows_of(drawn)
    model = [row for row in rows if row.what == "model"]
    first, last = min(row.year for row in model), max(row.year for row in model)
    totals = [row for row in model if row.component == _TOTAL and row.year == last]
    limits = [row for row in rows if row.what == "limit"]
    return {
        "span": words.span(first, last),
        "last": str(last),
        "years": words.years(first, last),
        "totals": words.join(f"{words.case(r.case)} {like(r.value, r.value)}" for r in totals),
        "parts": words.join(_largest(model, last, words)),
        "observed": _said(_OBSERVATIONS, [row for row in rows if row.what == "observed"], words),
        "limit": _said(_LIMITS, limits, words),
        "state": said_of_state(rows, words),
        "ranges": words.say(_WITH_RANGE) if any(row.low < row.high for row in totals) else "",
        "unit": words.unit(rows[0].unit),
    }


def _largest(model: list[Row], year: int, words: Words) -> list[str]:
    """Return the contributions to the first case of a year, the largest first."""
    own = [row for row in model if row.year == year and row.component in _COMPONENTS]
    own = [row for row in own if row.case == distinct(own, "case")[0] and row.value]
    own.sort(key=lambda row: -row.value)
    return [f"{words.say(_COMPONENTS[row.component])} {figures(row.value)}" for row in own]


def _said(template: Text, rows: list[Row], words: Words) -> str:
    values = [words.say(_SEEN, y=str(row.year), v=figures(row.value)) for row in rows]
    return words.say(template, values=words.join(values)) if values else ""


_OBSERVATIONS = Text(" Observed: {values}.", "监测值：{values}。")
_LIMITS = Text(" Limit: {values}.", "限值：{values}。")
_WITH_RANGE = Text(" Bars on top show the 95 % range of the total.", "柱顶线段为总浓度95 %范围。")

CHART = Chart(
    id="pm25-by-contribution",
    rank=35,
    reads=("indicators", "hindcast", "targets", "courses"),
    title=Text("Annual mean PM2.5 by contribution, {years}", "{years}年PM2.5年均浓度来源构成"),
    caption=Text(
        "Modelled annual mean PM2.5 by contribution; in {last}: {totals} {unit}.{observed}{limit}"
        "{ranges}{state} Contributions follow local emissions linearly; the regional part is an"
        " input.",
        "模拟PM2.5年均浓度及来源构成；{last}年：{totals}（{unit}）。{observed}{limit}{ranges}{state}"
        "本地贡献随排放量线性变化，区域传输为输入条件。",
    ),
    alt=Text(
        "Stacked columns of PM2.5 by contribution, {span}. In {last}: {totals} {unit}, made of "
        "{parts} in the first of these.{limit}{observed}",
        "PM2.5来源构成堆积柱状图，{span}。{last}年：{totals}（{unit}），其中第一种情景由{parts}构成。"
        "{limit}{observed}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
