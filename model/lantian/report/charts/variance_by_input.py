"""Which inputs the spread of the targets comes from: the largest parts of the variance."""

from collections.abc import Sequence
from dataclasses import replace

from lantian.report import style
from lantian.report.axes import BELOW, base_line, names_left, numbers_below, rules_across, side_line
from lantian.report.chart import Chart, Page, count, declare, fit_names, share, word
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Entry, Stroke, draw_key, swatches
from lantian.report.paper import Panel
from lantian.report.words import Text, Words, chance_text
from lantian.results.contract import BASIS, TARGET
from lantian.results.frame import Frame, make_frame
from lantian.vocabulary import BASES

_ROW = 0.19
_TARGETS, _INPUTS = 4, 5  # that a page has room for
_HEAD = 1.25  # height of the line of a target, in rows
_WEATHER = "#7a9a4e"
_EDGE = "#8a8a8a"
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_THE_WEATHER = Text("weather of the year", "当年气象")
_NOISE = Text("below it: chance", "低于此线：可能出于偶然")
_IT_IS_WEATHER = Text("it is the weather", "气象")

DRAWN = declare(
    "variance-by-input",
    Text("Part of the variance of each target by input", "各目标方差的来源"),
    ("target", "rank"),
    TARGET,
    count("rank", "the largest first", "排序"),
    word("what", "what the row is about", "内容", ("input", "weather")),
    replace(BASIS, name="input", kind="text", words=(), means=Text("input", "数据"),
            blank=_IT_IS_WEATHER),
    replace(BASIS, blank=_IT_IS_WEATHER),
    share("share", "part of the variance", "方差占比"),
    share("noise", "part that chance alone may make", "噪声水平"),
)  # fmt: skip


def frame(asked: Asked) -> Frame:
    """Return the leading causes of the targets whose verdict under the plan is most open."""
    chance = {
        row.target: row.probability for row in asked.rows("probabilities") if row.case == "plan"
    }
    rows = [row for row in asked.rows("variance") if row.what != "basis" and row.target in chance]
    rows = [row for row in rows if row.share > row.noise]
    rows = pick(rows, Text("no input stands out of the noise", "没有高于噪声的数据"))
    openest = sorted(distinct(rows, "target"), key=lambda name: abs(chance[name] - 0.5))
    cells = []
    for target in openest[:_TARGETS]:
        own = sorted((r for r in rows if r.target == target), key=lambda r: -r.share)
        cells += [
            {name: getattr(row, name) for name in DRAWN.names} | {"rank": n}
            for n, row in enumerate(own[:_INPUTS], start=1)
        ]
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw the bars of one target below the other, as many targets as there is room for."""
    rows, words = rows_of(drawn), page.words
    page.top = draw_key(page, _key(rows, words), page.top) + 0.06
    every = fit_names(page, (_name(row, words) for row in rows), style.SMALL, 0.5)
    targets = distinct(rows, "target")
    below, all_targets = BELOW + _OTHERS_ROOM, len(targets)
    while len(targets) > 1 and _height(rows, targets) > page.most_rows(every.height, below):
        targets.pop()
    rows = [row for row in rows if row.target in targets]
    names = fit_names(page, (_name(row, words) for row in rows), style.SMALL, 0.5)
    height = _height(rows, targets)
    tall = page.rows(round(height), max(_ROW, names.height), names.height, below)
    panel = page.panel(
        names.room, page.top, page.right - names.room - 0.15, tall * height, (0.0, 1.0),
        (height - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, _TICKS)
    places: list[float] = []
    for n, target in enumerate(targets):
        own = [row for row in rows if row.target == target]
        first = _HEAD * (n + 1) + len(places)
        panel.label(words.target(target), 0.0, first - 1.0, style.SMALL, shift=(2, 0), halo=True)
        _draw_bars(panel, own, first)
        places += [first + k for k in range(len(own))]
    names_left(panel, places, names)
    side_line(panel, 0.0)
    base_line(panel)
    end = numbers_below(panel, _TICKS, [f"{tick:.0%}" for tick in _TICKS])
    return page.write_rest(_OTHERS, all_targets - len(targets), end)


_OTHERS = Text("{n} more targets are in the table.", "另有{n}项目标见数据表。")
_OTHERS_ROOM = 0.15  # of the line that says so [inch]


def _height(rows: Sequence[Row], targets: Sequence[str]) -> float:
    """Return the height of the bars of some targets, in rows."""
    return sum(row.target in targets for row in rows) + _HEAD * len(targets)


def _draw_bars(panel: Panel, rows: Sequence[Row], first: float) -> None:
    for k, row in enumerate(rows):
        y = first + k
        panel.boxes(0.0, y - 0.36, row.share, 0.72, [_tint(row)], _EDGE, 0.3)
        panel.label(chance_text(row.share), row.share, y, style.TINY, shift=(3, 0), halo=True)
    noise, last = rows[0].noise, first + len(rows) - 0.5
    panel.line((noise, noise), (first - 0.5, last), style.MISSED, 0.8)


def _tint(row: Row) -> str:
    return _WEATHER if row.what == "weather" else style.BASIS_COLOURS[row.basis]


def _name(row: Row, words: Words) -> str:
    if row.what == "weather":
        return words.say(_THE_WEATHER)
    first, *rest = map(words.name, row.input.split(" / "))
    return words.say(_KEYS, first=first, rest=words.join(rest)) if rest else first


def _key(rows: Sequence[Row], words: Words) -> list[Entry]:
    used = {row.basis for row in rows}
    colours = {words.basis(name): style.BASIS_COLOURS[name] for name in BASES if name in used}
    if any(row.what == "weather" for row in rows):
        colours[words.say(_THE_WEATHER)] = _WEATHER
    return [*swatches(colours), Stroke(words.say(_NOISE), style.MISSED, 0.8, upright=True)]


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many targets there are, and what leads each."""
    rows = [row for row in rows_of(drawn) if row.rank == 1]
    each = (
        words.say(_LEADS, target=words.target(row.target), input=_name(row, words),
                  share=chance_text(row.share))
        for row in rows
    )  # fmt: skip
    return {"n": str(len(rows)), "each": words.phrases(each)}


_KEYS = Text("{first}: {rest}", "{first}：{rest}")
_LEADS = Text("{target}: {input} {share}", "{target}：{input} {share}")

CHART = Chart(
    id="variance-by-input",
    rank=32,
    reads=("probabilities", "variance"),
    title=Text("Which inputs the spread of the targets comes from", "各目标不确定性的来源"),
    caption=Text(
        "Part of the variance of what is left to the limit under the plan that knowing one input "
        "would take away, of the targets whose verdict is most open. Colours: what the input "
        "rests on. Left of the line a part may be chance. Largest: {each}.",
        "弄清某项数据后，方案下目标余量方差可减少的比例；列出达标与否最不确定的目标。颜色为数据来源等级；线左侧"
        "可能出于偶然。最大者：{each}。",
    ),
    alt=Text(
        "Bars of the largest parts of the variance of {n} targets. Largest: {each}.",
        "{n}项目标方差主要来源的条形图。最大者：{each}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
