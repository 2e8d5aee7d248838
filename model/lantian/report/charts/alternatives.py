"""Whole plans at little more than the least cost: which measures each of them has."""

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex

from lantian.report import style
from lantian.report.axes import BELOW, names_left, numbers_below
from lantian.report.chart import (
    Chart,
    Names,
    Page,
    amount,
    count,
    declare,
    fit_names,
    share,
    truth,
)
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Dot, Swatch, draw_key
from lantian.report.paper import Panel
from lantian.report.words import Text, Words
from lantian.results.contract import MEASURE, UNIT
from lantian.results.contract.columns import text_column
from lantian.results.frame import Frame, make_frame

_ROW, _LEAST = 0.19, 0.13  # height of a line, and the least [inch]
_REST_ROOM = 0.35  # below, for the title of the axis and what is not shown [inch]
_USED = 0.005  # share from which on a cell is filled: below it nothing is seen
_MARK = 0.14  # room for the marks of what every mix has [inch]
_SHADES = LinearSegmentedColormap.from_list("lantian", ["#e3edf5", "#a9cbe3", "#3f7fb0", "#123b5d"])
_GRID = "#dddddd"
_LEVELS = (0.1, 0.5, 1.0)
_SHARE = Text("{share} of the most the measure can take", "占该措施可取上限的{share}")
_MUST = Text("in every mix within this cost", "该成本范围内所有组合均采用")
_COST = Text(
    "Annual net cost at most {most} beyond the least cost", "年净成本比最低成本最多高出{most}"
)
_NUMBER = Text("plan (0: the least cost)", "组合（0为最低成本）")
_REST = Text(
    "{n} measures in which the plans differ less are not shown",
    "另有{n}项各组合间差异较小的措施未列出",
)

DRAWN = declare(
    "alternatives",
    Text("Whole plans at little more than the least cost", "接近最低成本的替代组合"),
    ("part", "measure", "plan"),
    text_column("part", Text("allowance in per cent", "允许高出的百分比")),
    count("plan", "number of the plan; 0 is the least cost", "组合序号，0为最低成本"),
    amount("more", "annual net cost beyond the least cost", "比最低成本多出的年净成本"),
    UNIT,
    MEASURE,
    share("share", "largest part over its sources of the most it can take", "占可取上限的最大比例"),
    truth("must", "whether every mix within this cost has it", "是否所有组合均采用"),
)


def frame(asked: Asked) -> Frame:
    """Return every measure that a plan has, in every plan of each allowance."""
    unit = f"{asked.summary().get('currency', 'yuan')}/a"
    plans = pick(asked.rows("alternatives"), Text("there is no alternative", "没有替代组合"))
    more = {(row.within, row.plan): row.more for row in plans}
    taken: dict[tuple[float, str], dict[int, float]] = {}
    must: set[tuple[float, str]] = set()
    for row in asked.rows("alternative_measures"):
        own = taken.setdefault((row.within, row.measure), {})
        own[row.plan] = max(own.get(row.plan, 0.0), row.share)
        if row.role == "must":
            must.add((row.within, row.measure))
    cells = [
        {
            "part": f"{100 * within:g}", "plan": plan, "more": more[within, plan], "unit": unit,
            "measure": measure, "share": own.get(plan, 0.0), "must": (within, measure) in must,
        }
        for (within, measure), own in taken.items()
        if max(own.values()) >= _USED
        for plan in sorted(number for least, number in more if least == within)
    ]  # fmt: skip
    return make_frame(DRAWN, pick(cells, Text("no plan has a measure", "没有组合采用措施")))


def draw(page: Page, drawn: Frame) -> float:
    """Draw one coloured cell per measure and plan, and what every mix has."""
    rows, words = rows_of(drawn), page.words
    top = draw_key(page, _key(words), page.top) + 0.06
    page.top = page.write(words.say(_COST, most=_most(rows, words)), top, colour=style.GREY) + 0.05
    plans = sorted(distinct(rows, "plan"))
    every = _in_order(rows)
    least = max(_LEAST, _names(page, every).height)
    shown = _most_different(rows, every, page.most_rows(least, BELOW + _REST_ROOM))
    names = _names(page, shown)
    left, up = names.room + _MARK, (float(len(shown)), 0.0)
    tall = page.rows(len(shown), max(_ROW, least), least, BELOW + _REST_ROOM) * len(shown)
    across = (0.0, float(len(plans)))
    panel = page.panel(left, page.top, page.right - left - 0.1, tall, across, up)
    _cells(panel, rows, shown)
    aside = page.panel(names.room, page.top, _MARK, tall, up=up)
    _marks(aside, rows, shown)
    names_left(aside, [n + 0.5 for n in range(len(shown))], names)
    end = numbers_below(panel, [n + 0.5 for n in plans], [*map(str, plans)], words.say(_NUMBER))
    return page.write_rest(_REST, len(every) - len(shown), end)


def _cells(panel: Panel, rows: Sequence[Row], shown: Sequence[str]) -> None:
    """Fill a cell by the share that a plan takes of a measure; rule the lines."""
    place = {measure: n for n, measure in enumerate(shown)}
    cells = [row for row in rows if row.measure in place and row.share >= _USED]
    shades = [to_hex(_SHADES(min(row.share, 1.0))) for row in cells]
    panel.boxes(
        [row.plan for row in cells], [place[row.measure] for row in cells], 1.0, 1.0, shades
    )
    lines = np.arange(len(shown) + 1)
    panel.strokes(0.0, lines, panel.across[1], lines, _GRID, 0.4)


def _marks(panel: Panel, rows: Sequence[Row], shown: Sequence[str]) -> None:
    """Mark the measures that every mix has."""
    must, mark = {row.measure for row in rows if row.must}, _dot("")
    at = [n + 0.5 for n, measure in enumerate(shown) if measure in must]
    panel.dots([0.45] * len(at), at, mark.form, mark.size, mark.fill, mark.edge)


def _names(page: Page, measures: Sequence[str]) -> Names:
    return fit_names(page, [page.words.name(m) for m in measures], style.SMALL, 0.42)


def _in_order(rows: Sequence[Row]) -> list[str]:
    """Return the measures: those of every mix first, then by how much plans take of them."""
    taken = dict.fromkeys(distinct(rows, "measure"), 0.0)
    for row in rows:
        taken[row.measure] += row.share
    must = {row.measure for row in rows if row.must}
    return sorted(taken, key=lambda measure: (measure not in must, -taken[measure]))


def _most_different(rows: Sequence[Row], measures: Sequence[str], most: int) -> list[str]:
    """Return as many measures as have room, in their order: those in which plans differ most."""
    taken: dict[str, list[float]] = {measure: [] for measure in measures}
    for row in rows:
        taken[row.measure].append(row.share)
    kept = set(sorted(measures, key=lambda measure: -np.std(taken[measure]))[:most])
    return [measure for measure in measures if measure in kept]


def _key(words: Words) -> list[Swatch | Dot]:
    shades = [
        Swatch(words.say(_SHARE, share=f"{level:.0%}") if level == _LEVELS[-1] else f"{level:.0%}",
               to_hex(_SHADES(level)))
        for level in _LEVELS
    ]  # fmt: skip
    return [*shades, _dot(words.say(_MUST))]


def _dot(name: str) -> Dot:
    return Dot(name, "D", 4, style.INK)


def _most(rows: Sequence[Row], words: Words) -> str:
    """Return what the dearest plan costs beyond the least cost, with its unit."""
    most = max(row.more for row in rows)
    scale = words.scale([most], rows[0].unit, money=True)
    return f"{scale.short(most)} {scale.unit}"


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many plans there are, what all have, and what the least cost has and some not."""
    rows = rows_of(drawn)
    order = _in_order(rows)
    must = {row.measure for row in rows if row.must}
    least = {row.measure for row in rows if row.plan == 0 and row.share >= _USED}
    spared = {row.measure for row in rows if row.measure in least and row.share < _USED}
    return {
        "within": f"{rows[0].part}%",
        "n": str(len(distinct(rows, "plan"))),
        "most": _most(rows, words),
        "must": _listed([m for m in order if m in must], words),
        "spared": _listed([m for m in order if m in spared], words),
    }


_NONE = Text("none", "无")
_MORE = Text("{names} and {n} more", "{names}等{all}项")


def _listed(measures: Sequence[str], words: Words) -> str:
    if not measures:
        return words.say(_NONE)
    names = words.phrases(words.name(measure) for measure in measures[:_FEW])
    if len(measures) <= _FEW:
        return names
    rest = len(measures) - _FEW
    return words.say(_MORE, names=names, n=str(rest), all=str(len(measures)))


_FEW = 6

CHART = Chart(
    id="alternatives",
    rank=46,
    reads=("alternatives", "alternative_measures"),
    title=Text(
        "Whole plans at up to {within} more than the least cost", "成本高出不超过{within}的替代组合"
    ),
    caption=Text(
        "{n} mixes that meet the same targets at a cost of at most {within} more than the "
        "least ({most}), as different from each other as can be. Cells: the largest part over "
        "its sources that a measure takes of the most it can. In every mix within this cost: "
        "{must}. In the least cost, and left out by some: {spared}.",
        "{n}个达到相同目标、成本比最低成本高出不超过{within}（{most}）且差异尽可能大的组合。"
        "方格：该措施占其可取上限的比例（各排放源中最大者）。该成本范围内所有组合均采用：{must}。"
        "最低成本组合采用而部分组合不采用：{spared}。",
    ),
    alt=Text(
        "Matrix of measures by {n} plans within {within} of the least cost ({most}). In all: "
        "{must}. Left out by some: {spared}.",
        "措施与{n}个组合（成本高出不超过{within}，{most}）的对照矩阵。均采用：{must}。部分不采用：{spared}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="part",
)
