"""Commitments of the plan over its years: how far each is to go, and how far it gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from lantian.report import style
from lantian.report.chart import Chart, Page, amount, declare, fit_names, word
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Entry, Stroke, Swatch, draw_key
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.words import BINDING_NAMES, Text, Words
from lantian.results.contract import LEVELS, YEAR
from lantian.results.frame import Frame, make_frame
from lantian.vocabulary import BINDINGNESS

_ROW, _LEAST = 0.165, 0.13
_HEADS, _NOTE = 0.16, 0.2
_WIDEST = 1.1  # of the bar of a year [inch]
_TRACK = "#ececec"
_CREDITS = ("printed", "parametric", "enabling")
_COLOURS = {"printed": "#1768a8", "parametric": "#e4a758", "enabling": "#b194c7"}
_CREDIT_NAMES = {
    "printed": Text("level printed in the plan", "方案明文力度"),
    "parametric": Text("level set by the analyst", "分析人员设定力度"),
    "enabling": Text("raises how well rules are kept", "提高既有规定投运率"),
}
_PLEDGED = Text("pledged", "任务水平")
_NOTHING = Text("there was nothing to act on", "没有可作用的对象")

DRAWN = declare(
    "commitments",
    Text("Highest level of each commitment by year", "各任务分年度最高水平"),
    ("commitment", "year"),
    LEVELS.column("commitment"),
    YEAR,
    word("bindingness", "how binding the plan's wording is", "约束程度", BINDINGNESS),
    word("credit", "who sets the level", "水平由谁给出", _CREDITS),
    amount("pledged", "level as pledged, the highest of its sources", "任务水平"),
    amount("reached", "level as reached, the highest of its sources", "达到水平", blank=_NOTHING),
    LEVELS.column("unit"),
)


def frame(asked: Asked) -> Frame:
    """Return the highest level of each commitment in each year, the binding ones first."""
    rows = [row for row in asked.rows("levels") if row.credit in _CREDITS]
    rows = pick(rows, Text("the plan has no commitment", "方案没有任务"))
    found: dict[tuple[str, int], dict[str, object]] = {}
    for row in rows:
        cell = found.setdefault(
            (row.commitment, row.year),
            {name: getattr(row, name) for name in DRAWN.names} | {"pledged": 0.0, "reached": None},
        )
        cell["pledged"] = max(float(str(cell["pledged"])), row.pledged)
        if row.reached == row.reached:
            before = cell["reached"]
            cell["reached"] = max(row.reached, 0.0 if before is None else float(str(before)))
    first = {name: n for n, name in enumerate(distinct(rows, "commitment"))}
    order = sorted(
        found.items(),
        key=lambda i: (BINDINGNESS.index(i[1]["bindingness"]), first[i[0][0]], i[0][1]),
    )
    return make_frame(DRAWN, [cell for _, cell in order])


@dataclass(frozen=True)
class _Plan:
    """What is shown: years, commitments, and the lines they stand on."""

    years: list[int]
    rows: list[Row]
    shown: list[str]
    lines: dict[str, float]
    heads: dict[str, float]


def draw(page: Page, drawn: Frame) -> float:
    """Draw one line per commitment, on it a bar for each year."""
    rows, words = rows_of(drawn), page.words
    page.top = draw_key(page, _key(rows, words), page.top) + 0.05
    every = distinct(rows, "commitment")
    least = max(_LEAST, fit_names(page, map(words.name, every), share=_share(page)).height)
    most = page.most_rows(least, _HEADS + _NOTE) - len(distinct(rows, "bindingness"))
    plan = _plan(rows, every[: max(most, 1)])
    names = fit_names(page, map(words.name, plan.shown), share=_share(page))
    count = len(plan.lines) + len(plan.heads)
    tall = page.rows(count, max(_ROW, least), least, _HEADS + _NOTE)
    said = [_level(_last(rows, c), words) for c in plan.shown]
    room = page.right - names.room - max(map(width, said)) * style.TINY / style.POINTS - 0.08
    wide = min(room, _WIDEST * len(plan.years))
    panel = page.panel(
        names.room, page.top + _HEADS, wide, tall * count, (0, len(plan.years)), (count, 0)
    )
    for n, year in enumerate(plan.years):
        panel.label(str(year), n + 0.5, 0, style.SMALL, style.GREY, "middle", "bottom",
                    shift=(0, -1))  # fmt: skip
    for head, y in plan.heads.items():
        down = float(panel.y(y + 0.5))
        name = words.say(BINDING_NAMES[head])
        page.paper.write(name, page.left, down, style.SMALL, style.GREY, level="middle")
    for text, commitment in zip(names.texts, plan.shown, strict=True):
        y = plan.lines[commitment] + 0.5
        panel.label(text, 0, y, style.SMALL, side="right", shift=(-3.5, 0))
        _line(panel, [row for row in rows if row.commitment == commitment], plan.years, y, words)
    return page.write_rest(_MORE, len(every) - len(plan.shown), panel.bottom)


def _share(page: Page) -> float:
    return 0.46 if page.layout.name == "column" else 0.42


def _plan(rows: list[Row], shown: Sequence[str]) -> _Plan:
    lines: dict[str, float] = {}
    heads: dict[str, float] = {}
    for row in rows:
        if row.commitment in shown and row.commitment not in lines:
            if row.bindingness not in heads:
                heads[row.bindingness] = float(len(lines) + len(heads))
            lines[row.commitment] = float(len(lines) + len(heads))
    return _Plan(sorted(set(distinct(rows, "year"))), rows, list(lines), lines, heads)


def _key(rows: list[Row], words: Words) -> list[Entry]:
    credits_ = [credit for credit in _CREDITS if credit in distinct(rows, "credit")]
    entries: list[Entry] = [Swatch(words.say(_CREDIT_NAMES[c]), _COLOURS[c]) for c in credits_]
    return [*entries, Stroke(words.say(_PLEDGED), style.INK, 1.0, upright=True)]


def _line(panel: Panel, rows: list[Row], years: Sequence[int], y: float, words: Words) -> None:
    """Draw the level of each year on its track, with a stroke at what was pledged."""
    whole = max([1.0 if rows[0].unit == "1" else 0.0, *(row.pledged for row in rows)]) or 1.0
    for n, year in enumerate(years):
        panel.boxes(n + 0.04, y - 0.26, 0.9, 0.52, [_TRACK], _TRACK)
        for row in (row for row in rows if row.year == year):
            reached = 0.0 if row.reached != row.reached else row.reached
            if reached > 0:
                tint = [_COLOURS[row.credit]]
                panel.boxes(n + 0.04, y - 0.26, 0.9 * reached / whole, 0.52, tint, tint[0])
            at = n + 0.04 + 0.9 * row.pledged / whole
            panel.strokes(at, y - 0.38, at, y + 0.38, style.INK, 0.9)
    said = _level(_last(rows, rows[0].commitment), words)
    panel.label(said, panel.across[1], y, style.TINY, style.GREY, shift=(3, 0))


def _last(rows: list[Row], commitment: str) -> Row:
    return max((row for row in rows if row.commitment == commitment), key=lambda row: row.year)


def _level(row: Row, words: Words) -> str:
    """Return the level reached: a share, or an amount with its unit."""
    if row.reached != row.reached:
        return "–"
    if row.unit == "1":
        return f"{row.reached:.0%}"
    scale = words.scale([row.reached], row.unit)
    return f"{scale.short(row.reached)} {scale.unit}"


_MORE = Text("{n} more commitments are in the table.", "另有{n}项任务见数据表。")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many commitments there are, of what kind, and which fall short most."""
    rows = rows_of(drawn)
    years = sorted(set(distinct(rows, "year")))
    last = [row for row in rows if row.year == years[-1]]
    short = [row for row in last if row.reached < row.pledged * (1 - _SHORT)]
    short.sort(key=lambda row: row.reached / row.pledged)
    kinds = [
        f"{words.say(BINDING_NAMES[kind])} {n}"
        for kind in BINDINGNESS
        if (n := len({row.commitment for row in rows if row.bindingness == kind}))
    ]
    names = [words.commitment(row.commitment) for row in short[:3]]
    return {
        "years": words.years(years[0], years[-1]),
        "n": str(len(distinct(rows, "commitment"))),
        "kinds": words.join(kinds),
        "short": str(len(short)),
        "names": words.phrases(names),
        "last": str(years[-1]),
    }


_SHORT = 0.005  # part of what is pledged that counts as reached

CHART = Chart(
    id="commitments",
    rank=72,
    reads=("levels",),
    title=Text("Commitments of the plan, {years}", "{years}年方案任务进度"),
    caption=Text(
        "Level of each of {n} commitments by year ({kinds}): the bar is what is reached, the "
        "stroke what is pledged, both the highest of its sources; a full track is all of what it "
        "is a share of. At the right the level of {last}. {short} fall short of what they pledge, "
        "most of all: {names}.",
        "{n}项任务分年度水平（{kinds}）：色条为达到水平，竖线为任务水平，均取各排放源中最高者，"
        "底条满格为全部对象。右侧为{last}年水平。{short}项未达任务水平，差距最大的是：{names}。",
    ),
    alt=Text(
        "One line per commitment ({n}: {kinds}) with a bar for each year {years}. {short} fall "
        "short of their pledge in {last}, most of all: {names}.",
        "每项任务一行（{n}项：{kinds}），{years}年每年一段色条。{last}年{short}项未达任务水平，"
        "差距最大的是：{names}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
