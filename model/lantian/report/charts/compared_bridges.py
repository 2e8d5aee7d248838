"""Two runs: what leads from the emission of one to that of the other; one figure per pollutant."""

from collections.abc import Sequence
from dataclasses import replace

from lantian.report.chart import Chart, Page, amount, count, declare, word
from lantian.report.frames import Asked, Row, leading_pollutants, pick, pollutant_order, rows_of
from lantian.report.runs_beside import RUN, runs_of
from lantian.report.ways import ENDS, Way, draw_way, facts_of
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import MEASURE, POLLUTANT, UNIT
from lantian.results.frame import Frame, make_frame

_PANELS = 4  # pollutants with a figure
_STEPS = ("reference", "base", "growth", "turnover", "inventory", "measure", "run")
_NAMES = {
    "base": Text("Inventory of the base year", "基准年清单"),
    "growth": Text("Change of activity", "活动水平变化"),
    "turnover": Text("Natural turnover and rules in force", "自然更替与既有规定"),
    "inventory": Text("Change in the inventory", "清单给出的变化"),
}
_NO_MEASURE = Text("the step is no measure", "该步骤不是措施")
_SMALL = 5e-4  # part of the emission below which nothing is drawn

DRAWN = declare(
    "compared-bridges",
    Text("Steps from one run to the other", "从一个运行结果到另一个的变化步骤"),
    ("pollutant", "order"),
    POLLUTANT,
    count("order", "place in the row of steps", "序号"),
    word("step", "whole emission, or what changes it", "步骤", _STEPS),
    replace(MEASURE, blank=_NO_MEASURE),
    amount("value", "change; the emission in whole steps", "变化量"),
    RUN,
    replace(RUN, name="reference", means=Text("run that it is held against", "对照基准")),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the steps of the leading pollutants where two runs are compared."""
    runs = runs_of(asked)
    rows = asked.rows("compared_bridges")
    if len(runs.names) > len(ENDS):
        rows = []
    by_pollutant = {p: [row for row in rows if row.pollutant == p] for p in _names(rows)}
    moved = [p for p, own in by_pollutant.items() if _is_moved(own)]
    shown = leading_pollutants(asked, moved, _PANELS)
    none = Text("no step between two runs", "两个运行结果之间没有差异步骤")
    cells = [
        {name: getattr(row, name) for name in DRAWN.names if name != "reference"}
        | {"reference": runs.first}
        for p in shown
        for row in by_pollutant[p]
    ]
    return make_frame(DRAWN, pick(cells, none))


def _names(rows: list[Row]) -> list[str]:
    return pollutant_order({row.pollutant for row in rows})


def _is_moved(rows: list[Row]) -> bool:
    """Tell whether a step would be seen."""
    whole = max(abs(row.value) for row in rows if row.step in ENDS)
    return any(abs(r.value) > _SMALL * whole for r in rows if r.step not in ENDS)


def _way(rows: Sequence[Row], words: Words) -> Way:
    axis = f"{words.pollutant(rows[0].pollutant)} [{words.unit(rows[0].unit)}]"
    return Way(rows, Scale(1.0, ""), axis, _NAMES)


def draw(page: Page, drawn: Frame) -> float:
    """Draw the steps of one pollutant."""
    return draw_way(page, _way(rows_of(drawn), page.words))


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return both ends and the largest steps."""
    rows = rows_of(drawn)
    about = {"p": words.pollutant(rows[0].pollutant), "unit": words.unit(rows[0].unit)}
    return about | facts_of(rows, words, _way)


CHART = Chart(
    id="compared-bridges",
    rank=25,
    place="comparison",
    reads=("compared_bridges", "compared_runs", "targets"),
    title=Text("{p}: from {first} to {other}", "{p}：从{first}到{other}"),
    caption=Text(
        "{p} emission [{unit}] under the plan (at least cost where there is none): {from} in "
        "{first}, {to} in {other}. {n} steps lead from one to the other; they add up and have no "
        "order. Largest: {largest}.",
        "方案情景（无方案时为最低成本情景）{p}排放量（{unit}）：{first}为{from}，{other}为{to}。"
        "其间共{n}项，各项之和等于总差，与次序无关。最大的是：{largest}。",
    ),
    alt=Text(
        "Waterfall of {p} [{unit}] from {from} in {first} to {to} in {other}: {largest}.",
        "{p}分解瀑布图（{unit}）：从{first}的{from}到{other}的{to}。{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="pollutant",
)
