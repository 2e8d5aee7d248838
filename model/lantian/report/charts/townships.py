"""Townships by their level of PM2.5, the highest first, beside the base year and the rule."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    amounts_below,
    base_line,
    intervals,
    names_left,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.chart import MORE, Chart, Page, amount, declare, fit_names, truth
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Dot, Entry, Swatch, draw_key
from lantian.report.words import Text, Words
from lantian.results.contract import AREA, CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "least_cost", "baseline")
_ROW, _LEAST, _BAR = 0.19, 0.12, 0.62
_KEPT, _MISSED = "#a9cbe3", "#e3a29d"
_MET = Text("{case}: keeps the rule", "{case}：达到规则")
_NOT_MET = Text("{case}: misses it", "{case}：未达到")
_BEFORE = Text("level of the base year", "基准年浓度")
_AXIS = Text("PM2.5 [{unit}]", "PM2.5 [{unit}]")
_EACH = Text("{name} {value}", "{name}{value}")
_ALL = Text("all of them", "全部")

DRAWN = declare(
    "townships",
    Text("PM2.5 of townships", "街道乡镇细颗粒物浓度"),
    ("township",),
    replace(CASE, words=_CASES),
    YEAR,
    replace(AREA, name="township", means=Text("township or subdistrict", "街道乡镇")),
    amount("before", "level of the base year", "基准年浓度"),
    amount("value", "level", "浓度"),
    truth("met", "falls, and keeps level or rate", "是否达标"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the townships of the last year under the plan, the highest level first."""
    none = Text("no township has a level", "没有街道乡镇浓度")
    rows = pick(asked.rows("townships"), none)
    year = max(row.year for row in rows)
    case = next(c for c in _CASES if any(row.case == c and row.year == year for row in rows))
    own = [row for row in rows if (row.case, row.year) == (case, year)]
    own.sort(key=lambda row: (-row.value, -row.before, row.township))
    return make_frame(DRAWN, [{name: getattr(row, name) for name in DRAWN.names} for row in own])


def draw(page: Page, drawn: Frame) -> float:
    """Draw a bar for each township, and a mark where it was in the base year."""
    every, words = rows_of(drawn), page.words
    page.top = draw_key(page, _key(every, words), page.top) + 0.05
    least = max(_LEAST, fit_names(page, [words.name(r.township) for r in every], share=0.36).height)
    below = page.below(len(every), least, BELOW)
    rows = every[: page.most_rows(least, below)]
    names = fit_names(page, [words.name(row.township) for row in rows], share=0.36)
    tall = page.rows(len(rows), max(_ROW, names.height), least, below)
    most = max(max(row.value, row.before) for row in every)
    scale = words.scale([most], every[0].unit)
    panel = page.panel(
        names.room, page.top, page.right - 0.1 - names.room, tall * len(rows),
        (0.0, 1.04 * most), (len(rows) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(*panel.across, intervals(panel.width / 2)).places)
    for y, row in enumerate(rows):
        colour = _KEPT if row.met else _MISSED
        panel.boxes(0.0, y - _BAR / 2, row.value, _BAR, [colour])
        panel.label(scale.short(row.value), 0.0, y, style.TINY, shift=(3, 0))
    panel.dots([row.before for row in rows], range(len(rows)), "|", 6.0, None, style.INK, 1.0)
    side_line(panel)
    names_left(panel, range(len(rows)), names)
    base_line(panel)
    end = amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))
    return page.write_rest(MORE, len(every) - len(rows), end)


def _key(rows: list[Row], words: Words) -> list[Entry]:
    case = words.case(rows[0].case)
    entries: list[Entry] = []
    if any(row.met for row in rows):
        entries.append(Swatch(words.say(_MET, case=case), _KEPT))
    if not all(row.met for row in rows):
        entries.append(Swatch(words.say(_NOT_MET, case=case), _MISSED))
    return [*entries, Dot(words.say(_BEFORE), "|", 6.0, None, style.INK, 1.0)]


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return case and year, how many keep the rule, and the highest levels."""
    rows = rows_of(drawn)
    scale = words.scale([max(row.value for row in rows)], rows[0].unit)
    each = [
        words.say(_EACH, name=words.name(row.township), value=scale.short(row.value))
        for row in rows[:3]
    ]
    met = sum(bool(row.met) for row in rows)
    return {
        "case": words.case(rows[0].case),
        "year": str(rows[0].year),
        "n": str(len(distinct(rows, "township"))),
        "met": words.say(_ALL) if met == len(rows) else str(met),
        "unit": scale.unit,
        "highest": words.phrases(each),
    }


CHART = Chart(
    id="townships",
    rank=18,
    reads=("townships",),
    title=Text("PM2.5 of townships, {year}", "{year}年街道乡镇细颗粒物浓度"),
    caption=Text(
        "Annual mean of PM2.5 [{unit}] of {n} townships in {year} ({case}), the highest first: "
        "{highest}. The stroke is the level of the base year. Of the {n}, {met} keep the rule: "
        "below the base year, and not above the mean of all by more than is allowed, or improved "
        "more than the mean.",
        "{year}年（{case}）{n}个街道乡镇细颗粒物年均浓度（{unit}），由高到低：{highest}。竖线为基准年浓度。"
        "其中达到规则（低于基准年，且不高于全体均值加允许值，或改善率高于平均）的有：{met}。",
    ),
    alt=Text(
        "Bars of PM2.5 [{unit}] for {n} townships, {year}, {case}; highest: {highest}. Keep the "
        "rule: {met}.",
        "{n}个街道乡镇细颗粒物（{unit}）条形图，{year}年，{case}；最高：{highest}。达到规则：{met}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
