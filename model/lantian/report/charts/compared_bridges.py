"""Two runs: what leads from the emission of one to that of the other; one figure per pollutant."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import BELOW, amounts_below, base_line, names_left
from lantian.report.chart import Chart, Page, amount, count, declare, fit_names, word
from lantian.report.frames import Asked, Row, leading_pollutants, pick, pollutant_order, rows_of
from lantian.report.runs_beside import RUN, runs_of
from lantian.report.steps import Bar, digits_of, draw_bars, limits_of_bars, placed, signed
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import MEASURE, POLLUTANT, UNIT
from lantian.results.frame import Frame, make_frame

_PANELS = 4  # pollutants with a figure
_SHOWN = 12  # steps with a bar of their own
_ROW, _LEAST = 0.235, 0.15
_RIGHT = 0.62  # for the numbers [inch]
_WHOLE = ("reference", "run")
_STEPS = ("reference", "base", "growth", "turnover", "inventory", "measure", "run")
_NAMES = {
    "base": Text("Inventory of the base year", "基准年清单"),
    "growth": Text("Change of activity", "活动水平变化"),
    "turnover": Text("Natural turnover and rules in force", "自然更替与既有规定"),
    "inventory": Text("Change in the inventory", "清单给出的变化"),
    "other": Text("Other steps ({n})", "其他步骤（{n}项）"),
}
_ENDS, _ELSE, _RISE = style.CASE_COLOURS["plan"], "#6fa8d0", style.MISSED
_CUT = Text("axis does not begin at 0", "横轴不从0开始")
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
    if len(runs.names) > len(_WHOLE):
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
    whole = max(abs(row.value) for row in rows if row.step in _WHOLE)
    return any(abs(r.value) > _SMALL * whole for r in rows if r.step not in _WHOLE)


def _bars(rows: list[Row], words: Words, most: int) -> list[Bar]:
    """Return the bars: the largest steps in their order, the rest pooled before the end."""
    inner = [row for row in rows if row.step not in _WHOLE]
    ranked = sorted(inner, key=lambda row: -abs(row.value))
    kept = {row.order for row in (ranked if len(ranked) <= most + 1 else ranked[:most])}
    rest = [row for row in inner if row.order not in kept]
    parts = [("reference", rows[0].reference, rows[0].value)]
    parts += [(row.step, _name(row, words), row.value) for row in inner if row.order in kept]
    if rest:
        pooled = words.say(_NAMES["other"], n=str(len(rest)))
        parts.append(("other", pooled, sum(row.value for row in rest)))
    return placed([*parts, ("run", rows[-1].run, rows[-1].value)], _WHOLE)


def _name(row: Row, words: Words) -> str:
    return words.name(row.measure) if row.step == "measure" else words.say(_NAMES[row.step])


def draw(page: Page, drawn: Frame) -> float:
    """Draw horizontal bars from top to bottom, each beginning where the last one ended."""
    rows, words = rows_of(drawn), page.words
    tall = fit_names(page, (bar.name for bar in _bars(rows, words, _SHOWN))).height
    room = page.most_rows(max(_LEAST, tall), BELOW) - len(_WHOLE) - 1
    bars = _bars(rows, words, max(min(_SHOWN, room), 1))
    names = fit_names(page, (bar.name for bar in bars))
    row_height = page.rows(len(bars), _ROW, max(_LEAST, names.height), BELOW)
    floor, top = limits_of_bars(bars)
    panel = page.panel(
        names.room, page.top, page.right - names.room - _RIGHT, row_height * len(bars),
        (floor, top), (len(bars) - 0.5, -0.5),
    )  # fmt: skip
    names_left(panel, range(len(bars)), names)
    colours = [_ENDS if b.whole else _RISE if b.value > 0 else _ELSE for b in bars]
    draw_bars(panel, bars, floor, colours, digits_of([b.value for b in bars if not b.whole]))
    base_line(panel)
    axis = f"{words.pollutant(rows[0].pollutant)} [{words.unit(rows[0].unit)}]"
    axis = f"{axis}  ({words.say(_CUT)})" if floor > 0 else axis
    return amounts_below(panel, Scale(1.0, ""), axis)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return both ends and the largest steps."""
    rows = rows_of(drawn)
    inner = sorted((r for r in rows if r.step not in _WHOLE), key=lambda row: -abs(row.value))
    digits = digits_of([row.value for row in inner])
    said = [f"{_name(row, words)} {signed(row.value, digits)}" for row in inner[:3]]
    return {
        "p": words.pollutant(rows[0].pollutant),
        "unit": words.unit(rows[0].unit),
        "first": rows[0].reference,
        "other": rows[0].run,
        "from": f"{rows[0].value:,.{digits}f}",
        "to": f"{rows[-1].value:,.{digits}f}",
        "n": str(len(inner)),
        "largest": words.phrases(said),
    }


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
