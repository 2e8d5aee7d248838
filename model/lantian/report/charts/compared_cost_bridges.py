"""Two runs: what leads from the cost of one to that of the other; one figure per case."""

from collections.abc import Sequence
from dataclasses import replace

from lantian.report.chart import Chart, Page, amount, count, declare, word
from lantian.report.frames import Asked, Row, pick, rows_of
from lantian.report.runs_beside import RUN, runs_of
from lantian.report.ways import ENDS, Way, draw_way, facts_of
from lantian.report.words import Text, Words
from lantian.results.contract import CASE, MEASURE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "match_plan", "least_cost")
_NO_MEASURE = Text("the step is no measure", "该步骤不是措施")
_AXIS = Text("annual net cost [{unit}]", "年净成本 [{unit}]")

DRAWN = declare(
    "compared-cost-bridges",
    Text("Steps from the cost of one run to that of another", "两个运行结果之间的成本变化步骤"),
    ("case", "order"),
    replace(CASE, words=_CASES),
    YEAR,
    count("order", "place in the row of steps", "序号"),
    word("step", "whole cost, or what changes it", "步骤", ("reference", "measure", "run")),
    replace(MEASURE, blank=_NO_MEASURE),
    amount("value", "change; the annual net cost at the ends", "变化量；两端为年净成本"),
    RUN,
    replace(RUN, name="reference", means=Text("run that it is held against", "对照基准")),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the steps of each case where two runs are compared."""
    runs = runs_of(asked)
    rows = asked.rows("compared_cost_bridges") if len(runs.names) == len(ENDS) else []
    cells = [
        {name: getattr(row, name) for name in DRAWN.names if name != "reference"}
        | {"reference": runs.first}
        for row in rows
    ]
    none = Text("no difference of cost between two runs", "两个运行结果的成本没有差异")
    return make_frame(DRAWN, pick(cells, none))


def _way(rows: Sequence[Row], words: Words) -> Way:
    scale = words.scale([abs(row.value) for row in rows], rows[0].unit, money=True)
    return Way(rows, scale, words.say(_AXIS, unit=scale.unit), {})


def draw(page: Page, drawn: Frame) -> float:
    """Draw the steps of one case."""
    return draw_way(page, _way(rows_of(drawn), page.words))


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return both ends and the largest steps."""
    rows = rows_of(drawn)
    about = {
        "case": words.case(rows[0].case),
        "year": str(rows[0].year),
        "unit": _way(rows, words).scale.unit,
    }
    return about | facts_of(rows, words, _way)


CHART = Chart(
    id="compared-cost-bridges",
    rank=35,
    place="comparison",
    reads=("compared_cost_bridges", "compared_runs"),
    title=Text(
        "Net cost, {case}, {year}: from {first} to {other}",
        "{year}年“{case}”净成本：从{first}到{other}",
    ),
    caption=Text(
        "Annual net cost [{unit}] in {year}, case {case}: {from} in {first}, {to} in {other}. {n} "
        "measures lead from one to the other; they add up and have no order. Largest: {largest}.",
        "{year}年“{case}”情景年净成本（{unit}）：{first}为{from}，{other}为{to}。"
        "其间共{n}项措施，各项之和等于总差，与次序无关。最大的是：{largest}。",
    ),
    alt=Text(
        "Waterfall of net cost [{unit}], case {case}, from {from} in {first} to {to} in {other}: "
        "{largest}.",
        "“{case}”净成本分解瀑布图（{unit}）：从{first}的{from}到{other}的{to}。{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="case",
)
