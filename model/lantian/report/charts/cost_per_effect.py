"""What a microgram, a tonne or a day costs: each case's cost over what it takes off each target."""

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
from lantian.report.bars import Sizes, case_swatches, draw_bar, fit_lines
from lantian.report.chart import Chart, Page, amount, declare
from lantian.report.frames import Asked, Row, case_rank, distinct, pick, rows_of, sums
from lantian.report.keys import draw_key
from lantian.report.lettering import width
from lantian.report.words import MATCHED, Text, Words
from lantian.results.contract import CASE, TARGET, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "match_plan", "least_cost")
_SIZES = Sizes(bar=0.15, least=0.1, between=0.1, gap=0.05)
_SEEN = 1e-3  # part of the limit from which a change is told
_PER_CENT = 0.01
_IN_FULL, _CAP = 0.85, 1.1  # part of the bars drawn in full: the dearest do not stretch the axis
_AXIS = Text(
    "annual net cost by one per cent of the limit [{unit}]", "每改善限值1%的年净成本 [{unit}]"
)
_MORE = Text("{n} more targets are in the table.", "另有{n}项目标见数据表。")

DRAWN = declare(
    "cost-per-effect",
    Text("Cost of each case by what it improves of each target", "各情景单位改善量的年净成本"),
    ("target", "case"),
    YEAR,
    TARGET,
    replace(CASE, words=_CASES),
    amount("cost", "annual net cost of all its measures of known cost", "年净成本", "cost_unit"),
    replace(UNIT, name="cost_unit"),
    amount("effect", "by how much the target is better than in the baseline", "改善量"),
    amount("limit", "limit of the target", "限值"),
    UNIT,
    amount("per_unit", "cost by unit of the target", "单位改善成本", "per_unit_unit"),
    replace(UNIT, name="per_unit_unit"),
)


def frame(asked: Asked) -> Frame:
    """Return cost over improvement of each target that a case improves at a cost.

    All the cost of a case is set against each target.
    """
    rows = [row for row in asked.rows("targets") if row.margin == row.margin and row.limit]
    base = {(row.target, row.year): row for row in rows if row.case == "baseline"}
    costs = [row for row in asked.rows("costs") if row.known and row.case in _CASES]
    paid = sums(costs, ("case", "year"), "cost_yuan")
    unit = costs[0].unit if costs else ""
    cells = []
    for row in sorted(rows, key=lambda row: case_rank(row.case)):
        cost = paid.get((row.case, row.year), 0.0)
        known = row.case in _CASES and (row.target, row.year) in base
        effect = row.margin - base[row.target, row.year].margin if known else 0.0
        if cost > 0.0 and effect > _SEEN * abs(row.limit):
            cells.append(_cell(row, cost, unit, effect))
    order = distinct(rows, "target")
    cells.sort(key=lambda cell: order.index(cell["target"]))
    none = Text("no case improves a target at a cost", "没有付出成本而改善目标的情景")
    return make_frame(DRAWN, pick(cells, none))


def _cell(row: Row, cost: float, unit: str, effect: float) -> dict[str, object]:
    money = unit.removesuffix("/a")
    per = {"t/a": f"{money}/t", "1": f"{unit} per whole"}.get(row.unit, f"{unit} per {row.unit}")
    return {
        "year": row.year, "target": row.target, "case": row.case, "cost": cost, "cost_unit": unit,
        "effect": effect, "limit": abs(row.limit), "unit": row.unit, "per_unit": cost / effect,
        "per_unit_unit": per,
    }  # fmt: skip


def draw(page: Page, drawn: Frame) -> float:
    """Draw the cases of each target under each other, each with its cost by unit."""
    rows, words = rows_of(drawn), page.words
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    page.top = draw_key(page, case_swatches(cases, words), page.top) + 0.05
    every = distinct(rows, "target")
    share = 0.34 if page.layout.name != "column" else 0.3
    lines = fit_lines(
        page, every, words.target, len(cases), _SIZES, share=share, below=BELOW + 0.15
    )
    shown, names = lines.shown, lines.names
    rows = [row for row in rows if row.target in shown]
    sizes = [_by_per_cent(row) for row in rows]
    high = sorted(sizes)[int(_IN_FULL * (len(sizes) - 1))] * _CAP
    scale = words.scale([high], rows[0].cost_unit, money=True)
    texts = [_said(row, words) for row in rows]
    room = max(map(width, texts)) * style.TINY / style.POINTS + 0.08
    panel = page.panel(
        names.room, page.top, page.right - room - names.room, lines.tall * len(shown),
        (0.0, high), (len(shown) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(*panel.across, intervals(panel.width / 2)).places)
    for row, size, text in zip(rows, sizes, texts, strict=True):
        end, beyond = min(size, high), size > high
        place, colour = (cases.index(row.case), len(cases)), style.CASE_COLOURS[row.case]
        y = draw_bar(panel, shown.index(row.target), place, (0, end), colour)
        if beyond:
            panel.dots(end, y, "^", 5, style.MISSED, style.WHITE)
        panel.label(text, end, y, style.TINY, shift=(5 if beyond else 3, 0))
    side_line(panel, 0.0)
    names_left(panel, range(len(shown)), names)
    base_line(panel)
    end = amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))
    return page.write_rest(_MORE, len(every) - len(shown), end)


def _by_per_cent(row: Row) -> float:
    """Return the cost of one per cent of the limit, which targets of all units have in common."""
    return float(row.per_unit * row.limit * _PER_CENT)


def _said(row: Row, words: Words) -> str:
    """Return a cost by unit as it is read: by per cent where the target is a share."""
    share = row.unit == "1" and row.limit <= 1.0
    value = row.per_unit * (_PER_CENT if share else 1.0)
    money = words.unit(row.cost_unit.removesuffix("/a"))
    if row.unit == "t/a":
        return words.say(_PER_TONNE, value=words.compact(value), money=money)
    name = "%" if share else words.unit(row.unit) or "1"
    return words.say(_PER_UNIT, value=words.compact(value), money=money, unit=name)


_PER_TONNE = Text("{value} {money}/t", "{value}{money}/吨")
_PER_UNIT = Text("{value} {money}/a per {unit}", "每{unit}{value}{money}/年")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return what each case pays by unit of each target."""
    rows = rows_of(drawn)
    said = []
    for target in distinct(rows, "target")[:_TOLD]:
        own = [row for row in rows if row.target == target]
        costs = words.join(f"{words.case(row.case)} {_said(row, words)}" for row in own)
        said.append(words.say(_OF, name=words.target(target), costs=costs))
    years = [row.year for row in rows]
    return {
        "years": words.years(min(years), max(years)),
        "said": words.phrases(said),
        "matched": words.say(MATCHED) if "match_plan" in distinct(rows, "case") else "",
    }


_TOLD = 4  # targets that are told in words
_OF = Text("{name}: {costs}", "{name}：{costs}")

CHART = Chart(
    id="cost-per-effect",
    rank=53,
    reads=("targets", "costs"),
    title=Text("What it costs to improve each target, {years}", "{years}年各目标单位改善量的成本"),
    caption=Text(
        "Annual net cost of each case over what it improves of each target beside the baseline; "
        "bars are for one per cent of the limit, so that targets of all units share one axis. All "
        "the cost is set against each target, though measures serve several; a red mark: beyond "
        "the axis. {said}.{matched}",
        "各情景年净成本与其相对基准情景的目标改善量之比；条形为每改善限值1%的成本，使不同单位的目标可以并列。成本全部计入每项"
        "目标，尽管措施同时服务多项目标；红色标记为超出横轴者。{said}。{matched}",
    ),
    alt=Text(
        "Bars of annual net cost by one per cent of each limit, by case. {said}.",
        "各情景每改善限值1%的年净成本条形图。{said}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
