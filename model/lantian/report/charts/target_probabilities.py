"""How likely each target is met, case by case, as a table of shades."""

from collections.abc import Sequence

from matplotlib.colors import LinearSegmentedColormap, to_hex

from lantian.report import style
from lantian.report.axes import names_left
from lantian.report.chart import Chart, Page, declare, fit_names, share
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.words import Text, Words, chance_text
from lantian.results.contract import SAMPLED_CASE, TARGET, YEAR
from lantian.results.frame import Frame, make_frame

_ROW = 0.24
_HEADS = 0.22
_WIDEST = 1.25  # of a cell [inch]
_CASES = ("baseline", "plan", "plan_strict", "least_cost")
_SHADES = LinearSegmentedColormap.from_list("chance", ["#ffffff", "#cfe3f1", "#6fa3c8", "#235c8a"])

DRAWN = declare(
    "target-probabilities",
    Text("Probability of each target by case", "各情景下各目标的达标概率"),
    ("target", "case"),
    TARGET,
    SAMPLED_CASE,
    YEAR,
    share("probability", "part of the samples that meet it", "达标概率"),
)


def frame(asked: Asked) -> Frame:
    """Return the probability of each target under the cases that a reader compares."""
    rows = [row for row in asked.rows("probabilities") if row.case in _CASES]
    rows = pick(rows, Text("no target is computed", "没有可计算的目标"))
    return make_frame(DRAWN, [{name: getattr(row, name) for name in DRAWN.names} for row in rows])


def draw(page: Page, drawn: Frame) -> float:
    """Draw one coloured cell per target and case."""
    rows, words = rows_of(drawn), page.words
    targets, cases = distinct(rows, "target"), _cases(rows)
    names = fit_names(page, (words.target(t) for t in targets), style.SMALL, 0.42)
    tall = page.rows(len(targets), max(_ROW, names.height), names.height, _HEADS)
    wide = min(page.right - names.room, _WIDEST * len(cases))
    panel = page.panel(
        names.room, page.top + _HEADS, wide, tall * len(targets), (0, len(cases)),
        (len(targets), 0),
    )  # fmt: skip
    _heads(panel, [words.case(case) for case in cases])
    names_left(panel, [n + 0.5 for n in range(len(targets))], names)
    for row in rows:
        x, y = cases.index(row.case), targets.index(row.target)
        tint = to_hex(_SHADES(row.probability))
        panel.boxes(x + 0.01, y + 0.04, 0.98, 0.92, [tint])
        panel.label(
            chance_text(row.probability), x + 0.5, y + 0.5, style.SMALL, style.ink_on(tint),
            "middle",
        )  # fmt: skip
    return panel.bottom


def _cases(rows: list[Row]) -> list[str]:
    there = {row.case for row in rows}
    return [case for case in _CASES if case in there]


def _heads(panel: Panel, names: Sequence[str]) -> None:
    room = panel.width / len(names) * style.POINTS
    size = min(style.SMALL, 0.94 * room / max(map(width, names)))
    for x, name in enumerate(names):
        panel.label(name, x + 0.5, 0, size, side="middle", level="bottom", shift=(0, -2))


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many targets there are, and what is told of each under the last case."""
    rows = rows_of(drawn)
    cases = _cases(rows)
    case = "plan" if "plan" in cases else cases[-1]
    own = [row for row in rows if row.case == case]
    each = (f"{words.target(row.target)} {chance_text(row.probability)}" for row in own)
    return {
        "n": str(len(distinct(rows, "target"))),
        "case": words.case(case),
        "cases": words.join(words.case(c) for c in cases),
        "each": words.phrases(each),
    }


CHART = Chart(
    id="target-probabilities",
    rank=31,
    reads=("probabilities",),
    title=Text("How likely each target is met", "各目标的达标概率"),
    caption=Text(
        "Part of random sets of inputs in which each target is met, under: {cases}. A mix solved "
        "to its limits at central values is met about half the time. {case}: {each}.",
        "随机抽取输入数据时各目标达到的比例；情景为：{cases}。按中值恰好达标求得的组合约有一半概率达标。"
        "{case}：{each}。",
    ),
    alt=Text(
        "Table of {n} targets by case, darker for a higher probability. {case}: {each}.",
        "{n}项目标与情景对照表，颜色越深达标概率越高。{case}：{each}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
