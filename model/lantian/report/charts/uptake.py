"""How far the plan and the least-cost mix take each measure, what it cuts and what it costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.report import style
from lantian.report.axes import BELOW, base_line, names_left, numbers_below
from lantian.report.chart import Chart, Names, Page, amount, count, declare, fit_names, share
from lantian.report.frames import (
    Asked,
    Row,
    distinct,
    leading_pollutants,
    pick,
    rows_of,
    sums,
)
from lantian.report.keys import Dot, draw_key
from lantian.report.lettering import PITCH, width, wrap
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import MEASURE, POLLUTANT, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "least_cost")
_ROW, _LEAST = 0.19, 0.145
_MATTERS = 0.01  # part of a cut or of the cost from which a measure is shown
_AXIS = Text("share of the activity it can be applied to", "占可实施对象的比例")
_REACH = Text("Reach", "可达上限")
_UNUSED = Text("the case is not in the run", "运行结果无此情景")
_UNKNOWN = Text("the cost of the measure is unknown, or the case is not in the run", "成本未知")
_NO_CUT = Text(
    "the measure cuts none of the leading pollutants, or its cut stands in another of its rows",
    "对主要污染物无减排，或减排量列于该措施的另一行",
)
_COLUMN = 0.46  # of a column of numbers [inch]
_NOTE = 0.22  # below the axis [inch]
_HEADS = 0.34  # above the numbers [inch]

DRAWN = declare(
    "uptake",
    Text("Levels, cuts and costs of the measures", "各项措施的实施程度、减排量与成本"),
    ("sector", "measure", "uptake_unit"),
    YEAR,
    SECTOR,
    MEASURE,
    replace(UNIT, name="uptake_unit"),
    share("plan", "level in the plan", "方案实施程度", _UNUSED),
    share("least_cost", "level in the least-cost mix", "最低成本情景实施程度", _UNUSED),
    share("reach", "largest share that can be moved", "可达比例"),
    replace(POLLUTANT, blank=_NO_CUT),
    amount("plan_cut", "cut of that pollutant in the plan", "方案减排量", blank=_NO_CUT),
    amount("least_cost_cut", "the same, least-cost mix", "最低成本减排量", blank=_NO_CUT),
    replace(UNIT, blank=_NO_CUT),
    amount("plan_cost", "annual net cost in the plan", "方案年净成本", "cost_unit", _UNKNOWN),
    amount(
        "least_cost_cost", "the same, least-cost mix", "最低成本年净成本", "cost_unit", _UNKNOWN
    ),
    replace(UNIT, name="cost_unit"),
    share("weight", "largest part of a cut or of the cost", "占减排量或成本的最大比例"),
    count("others", "measures that matter less and are not listed", "未列出的措施数"),
)

_Key = tuple[str, str, str]
"""Sector, measure and unit of its activity."""


def frame(asked: Asked) -> Frame:
    """Return levels, cuts and costs in the target year of the measures that matter."""
    rows = asked.rows("measures")
    years = [row.year for row in rows if row.case == "least_cost"]
    none = Text("no least-cost case among the measures", "没有最低成本情景的措施结果")
    year = max(pick(years, none))
    rows = [row for row in rows if row.year == year and row.case in _CASES]
    cuts = _cuts(asked, year)
    costs = sums(rows, ("case", "sector", "measure", "uptake_unit"), "cost_yuan")
    weights = _weights(cuts, sums(rows, ("case", "measure"), "cost_yuan"))
    known = _known(rows)
    cells: list[dict[str, object]] = []
    levels = _levels(rows)
    main = _main_rows(levels, costs)
    for (sector, measure, unit), level in levels.items():
        weight, pollutant = weights.get(measure, (0.0, ""))
        told = {case for case in _CASES if main[case, measure] == (sector, measure, unit)}
        pollutant = pollutant if told else ""
        cells.append(
            {
                "year": year,
                "sector": sector,
                "measure": measure,
                "uptake_unit": unit,
                **level,
                "pollutant": pollutant,
                **{
                    f"{case}_cut": cuts.get((case, measure, pollutant), 0.0)
                    if pollutant and case in told
                    else None
                    for case in _CASES
                },
                "unit": "t/a" if pollutant else "",
                **{
                    f"{case}_cost": costs.get((case, sector, measure, unit))
                    if measure in known
                    else None
                    for case in _CASES
                },
                "cost_unit": f"{asked.summary().get('currency', 'yuan')}/a",
                "weight": weight,
            }
        )
    every = len({row.measure for row in rows})
    return make_frame(DRAWN, _that_matter(cells, every, none))


def _main_rows(
    levels: dict[_Key, dict[str, float | None]], costs: dict[tuple[str, ...], float]
) -> dict[tuple[str, str], _Key]:
    """Return the row in which the cut of a measure stands, by case and measure.

    A cut is that of a measure on all its sources: where they count in several units it stands in
    the row in which the measure costs most, or else goes furthest, in that case.
    """

    def rank(case: str, key: _Key) -> tuple[float, ...]:
        other = _CASES[1 - _CASES.index(case)]
        return (_paid(costs, case, key), levels[key][case] or 0.0, _paid(costs, other, key))

    found: dict[tuple[str, str], _Key] = {}
    for case in _CASES:
        for key in levels:
            best = found.setdefault((case, key[1]), key)
            if rank(case, key) > rank(case, best):
                found[case, key[1]] = key
    return found


def _paid(costs: dict[tuple[str, ...], float], case: str, key: _Key) -> float:
    """Return the size of a cost; 0 where it is not known."""
    paid = costs.get((case, *key), 0.0)
    return abs(paid) if paid == paid else 0.0


def _known(rows: Iterable[Row]) -> set[str]:
    """Return the measures whose cost is known wherever they are used."""
    unknown = {row.measure for row in rows if row.uptake and row.cost_yuan != row.cost_yuan}
    return {row.measure for row in rows} - unknown


def _cuts(asked: Asked, year: int) -> dict[tuple[str, str, str], float]:
    """Return case, measure, pollutant -> cut [t/a] of the leading pollutants."""
    rows = [row for row in asked.some("credits") if row.year == year and row.case in _CASES]
    leading = leading_pollutants(asked, distinct(rows, "pollutant"))
    own = [row for row in rows if row.pollutant in leading]
    return sums(own, ("case", "measure", "pollutant"), "credit")


def _weights(
    cuts: dict[tuple[str, str, str], float], costs: dict[tuple[str, ...], float]
) -> dict[str, tuple[float, str]]:
    """Return the largest part that each measure has in a cut or in the cost, and in which cut."""
    whole: dict[tuple[str, str], float] = {}
    for (case, _, pollutant), value in cuts.items():
        whole[case, pollutant] = whole.get((case, pollutant), 0.0) + abs(value)
    found: dict[str, tuple[float, str]] = {}
    for (case, measure, pollutant), value in cuts.items():
        part = abs(value) / (whole[case, pollutant] or 1.0)
        if part > found.get(measure, (0.0, ""))[0]:
            found[measure] = (part, pollutant)
    paid: dict[str, float] = {}
    for (case, _), value in costs.items():
        paid[case] = paid.get(case, 0.0) + abs(value)
    for (case, measure), value in costs.items():
        part, pollutant = found.get(measure, (0.0, ""))
        found[measure] = (max(part, abs(value) / (paid[case] or 1.0)), pollutant)
    return found


def _levels(rows: Sequence[Row]) -> dict[_Key, dict[str, float | None]]:
    """Return levels of a measure over its sources: taken up over what it can be applied to.

    A source no case acts on has no such amount in the table and is left out.
    """
    whole: dict[tuple[_Key, str], float] = {}
    for row in rows:
        key = (row.sector, row.measure, row.uptake_unit)
        amount_ = row.uptake / row.level if row.level > 0 else 0.0
        whole[key, row.source] = max(whole.get((key, row.source), 0.0), amount_)
    taken: dict[tuple[_Key, str], float] = {}
    within: dict[tuple[_Key, str], float] = {}
    total: dict[tuple[_Key, str], float] = {}
    for row in rows:
        key = (row.sector, row.measure, row.uptake_unit)
        at = whole[key, row.source]
        taken[key, row.case] = taken.get((key, row.case), 0.0) + row.uptake
        within[key, row.case] = within.get((key, row.case), 0.0) + row.reach * at
        total[key, row.case] = total.get((key, row.case), 0.0) + at
    found: dict[_Key, dict[str, float | None]] = {}
    for (key, case), at in total.items():
        if at > 0:
            level = found.setdefault(key, {"plan": None, "least_cost": None, "reach": 0.0})
            level[case] = taken[key, case] / at
            level["reach"] = max(level["reach"] or 0.0, within[key, case] / at)
    return found


def _that_matter(cells: list[dict[str, object]], every: int, none: Text) -> list[dict[str, object]]:
    """Return the measures that matter by sector, the weightier first; all where none stands out.

    Parameters
    ----------
    cells
        One for each measure that some case uses.
    every
        How many measures there are.
    none
        What is said where there are none.

    Returns
    -------
    list of dict
        With the number of the others.
    """
    ranked = sorted(pick(cells, none), key=lambda cell: -float(str(cell["weight"])))
    shown = [cell for cell in ranked if float(str(cell["weight"])) >= _MATTERS] or ranked
    order = style.sector_order(str(cell["sector"]) for cell in shown)
    shown.sort(key=lambda cell: order.index(str(cell["sector"])))
    others = every - len({cell["measure"] for cell in shown})
    return [cell | {"others": others} for cell in shown]


@dataclass(frozen=True)
class _Table:
    """Columns of numbers right of the plot area: heads, cells and where each stands [inch]."""

    heads: Sequence[tuple[str, str]]
    cells: Sequence[Sequence[str]]


def draw(page: Page, drawn: Frame) -> float:
    """Draw a line from the plan's level to the least-cost level, then cut and cost in numbers."""
    rows, words = rows_of(drawn), page.words
    dots = _dots(rows, words)
    top = draw_key(page, dots, page.top) + 0.04
    note = _NOTE
    shown = _cut_to(rows, page, top - page.top + BELOW + _HEADS + note)
    names = fit_names(page, _names(shown, words), share=_share(page))
    page.top = top
    end = _plot(page, shown, names, dots, note)
    left_out = _left_out(rows, shown, words)
    return page.write(left_out, end + 0.05, style.TINY, style.GREY) if left_out else end


def _left_out(rows: list[Row], shown: list[Row], words: Words) -> str:
    """Return how many of the measures that matter are shown, and how many others there are."""
    every, some = len(rows), len(shown)  # a measure has a row for each sector and unit
    if every == some and not rows[0].others:
        return ""
    numbers = {"shown": str(some), "n": str(every), "others": str(rows[0].others)}
    return words.say(_OTHERS, part=f"{_MATTERS:.0%}", **numbers)


def _share(page: Page) -> float:
    return 0.46 if page.layout.name == "column" else 0.4


def _cut_to(rows: list[Row], page: Page, below: float) -> list[Row]:
    """Return the weightiest rows that fit with their names and those of their sectors."""
    ranked = sorted(rows, key=lambda row: -row.weight)
    for most in range(min(len(rows), page.most_rows(_LEAST, below)), 0, -1):
        kept = {(row.measure, row.uptake_unit) for row in ranked[:most]}
        shown = [row for row in rows if (row.measure, row.uptake_unit) in kept]
        names = fit_names(page, _names(shown, page.words), share=_share(page))
        lines = page.most_rows(max(_LEAST, names.height), below)
        if len(shown) + len(distinct(shown, "sector")) <= lines:
            return shown
    return ranked[:1]


def _names(rows: list[Row], words: Words) -> list[str]:
    """Return the names of measures; with the unit where two rows are of one measure."""
    measures = [row.measure for row in rows]
    return [
        words.name(row.measure)
        + (words.say(_IN_UNIT, unit=words.unit(row.uptake_unit)) if twice else "")
        for row, twice in ((row, measures.count(row.measure) > 1) for row in rows)
    ]


_IN_UNIT = Text(" ({unit})", "（{unit}）")


def _dots(rows: list[Row], words: Words) -> list[Dot]:
    dots = [
        Dot(
            words.case(case), style.CASE_MARKERS[case], 5, style.CASE_COLOURS[case], style.WHITE
        )
        for case in _shown_cases(rows)
    ]  # fmt: skip
    return [*dots, Dot(words.say(_REACH), "|", 8, None, style.INK, 0.9)]


def _shown_cases(rows: Iterable[Row]) -> list[str]:
    return [case for case in _CASES if any(getattr(r, case) == getattr(r, case) for r in rows)]


def _plot(page: Page, rows: list[Row], names: Names, dots: Sequence[Dot], note: float) -> float:
    words = page.words
    y, heads = _places(rows)
    table = _table(rows, words) if page.layout.name != "column" else _Table((), ())
    right = page.right - 0.15 - len(table.heads) * _COLUMN
    top = page.top + (_HEADS if table.heads else 0.0)
    lines = len(rows) + len(heads)
    below = BELOW + note + (top - page.top)
    row = page.rows(lines, _ROW, max(_LEAST, names.height), below)
    panel = page.panel(
        names.room, top, right - names.room, row * lines, (-0.02, 1.02), (lines - 0.4, -0.6)
    )
    panel.strokes(0, y, 1, y, style.RULE, 0.5)
    for place, line in zip(y, rows, strict=True):
        ends = [getattr(line, case) for case in _shown_cases(rows)]
        if len(ends) == 1:
            ends = [0.0, *ends]
        panel.line(ends, (place, place), "#8a8a8a", 1.6)
    for dot, column in zip(dots, [*_shown_cases(rows), "reach"], strict=True):
        for place, line in zip(y, rows, strict=True):
            dot.draw(panel, getattr(line, column), place)
    names_left(panel, y, names)
    for sector, place in heads.items():
        panel.paper.write(
            words.name(sector), page.left, float(panel.y(place)), style.SMALL, style.GREY,
            level="middle",
        )  # fmt: skip
    _numbers(panel, table, y)
    base_line(panel)
    fifths = np.arange(6) / 5
    return numbers_below(panel, fifths, [f"{part:.0%}" for part in fifths], words.say(_AXIS))


def _places(rows: list[Row]) -> tuple[list[float], dict[str, float]]:
    """Return the line of each measure and of each sector's name above its measures."""
    y: list[float] = []
    heads: dict[str, float] = {}
    for row in rows:
        if row.sector not in heads:
            heads[row.sector] = float(len(y) + len(heads))
        y.append(float(len(y) + len(heads)))
    return y, heads


def _table(rows: list[Row], words: Words) -> _Table:
    """Return pollutant, cuts and costs as columns of texts."""
    cases = _shown_cases(rows)
    costs = [
        abs(value)
        for row in rows
        for value in (getattr(row, f"{case}_cost") for case in cases)
        if value == value
    ]
    money = words.scale([max(costs, default=0.0)], rows[0].cost_unit, money=True)
    tonnes = Scale(1.0, words.unit("t/a"))
    heads = [(words.say(_CUT_OF), "")]
    cells = [[words.pollutant(row.pollutant) if row.pollutant else "–" for row in rows]]
    for case in cases:
        heads.append((words.say(_CUT, unit=tonnes.unit), words.case(case)))
        cells.append([_say(getattr(row, f"{case}_cut"), tonnes) for row in rows])
    for case in cases:
        heads.append((words.say(_COST, unit=money.unit), words.case(case)))
        cells.append([_say(getattr(row, f"{case}_cost"), money) for row in rows])
    return _Table(heads, cells)


def _say(value: float, scale: Scale) -> str:
    return scale.short(value) if value == value else "–"


def _numbers(panel: Panel, table: _Table, y: Sequence[float]) -> None:
    """Write the columns of numbers and their heads, one head over columns that share it."""
    for group in dict.fromkeys(group for group, _ in table.heads):
        own = [n for n, (name, _) in enumerate(table.heads) if name == group]
        right = panel.right + 0.12 + (own[-1] + 1) * _COLUMN
        said = wrap(group, (len(own) * _COLUMN - 0.05) * style.POINTS / style.TINY)
        up = 0.01 + style.TINY * PITCH / style.POINTS
        panel.paper.write(said, right, panel.top - up, style.TINY, style.GREY, "right", "bottom")
    for n, ((_, head), cells) in enumerate(zip(table.heads, table.cells, strict=True)):
        right = panel.right + 0.12 + (n + 1) * _COLUMN
        fit = min(style.TINY, (_COLUMN - 0.03) * style.POINTS / max(width(head), 1.0))
        panel.paper.write(head, right, panel.top - 0.01, fit, style.GREY, "right", "bottom")
        for place, cell in zip(y, cells, strict=True):
            down = float(panel.y(place))
            panel.paper.write(cell, right, down, style.TINY, style.INK, "right", "middle")


_CUT_OF = Text("pollutant", "污染物")
_CUT = Text("cut [{unit}]", "减排量 [{unit}]")
_COST = Text("net cost [{unit}]", "净成本 [{unit}]")
_OTHERS = Text(
    "Shown: {shown} of the {n} measures that bring at least {part} of a cut or of the cost; "
    "{others} more bring less or none.",
    "占某项减排量或成本不低于{part}的{n}项措施中列出{shown}项；另有{others}项更小或未采用。",
)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many measures matter, and those on which plan and least cost differ most."""
    rows = rows_of(drawn)
    cases = _shown_cases(rows)

    def named(sign: int) -> str:
        gaps = [(sign * (r.least_cost - (r.plan if r.plan == r.plan else 0.0)), r) for r in rows]
        gaps.sort(key=lambda pair: -pair[0])
        found = [words.name(row.measure) for gap, row in gaps if gap > _SAME]
        return words.phrases(list(dict.fromkeys(found))[:3])

    compare = _COMPARE if "plan" in cases else _ALONE
    return {
        "year": str(rows[0].year),
        "n": str(len(distinct(rows, "measure"))),
        "others": str(rows[0].others),
        "part": f"{_MATTERS:.0%}",
        "cases": words.join(words.case(case) for case in cases),
        "compare": words.say(compare, more=named(1), less=named(-1)),
    }


_SAME = 0.005  # share below which two levels print as the same per cent
_COMPARE = Text(
    "The least-cost mix goes further than the plan on: {more}. Less far on: {less}.",
    "最低成本情景力度大于方案的有：{more}；力度小于方案的有：{less}。",
)
_ALONE = Text("The least-cost mix goes furthest on: {more}.", "最低成本情景力度最大的有：{more}。")

CHART = Chart(
    id="uptake",
    rank=40,
    reads=("measures", "credits", "targets"),
    title=Text("How far each measure goes in {year}", "{year}年各项措施实施程度"),
    caption=Text(
        "Level of each measure ({cases}) as a share of the activity it can be applied to; the bar "
        "marks its reach; where another measure supplies part, electric buses bought new for "
        "instance, less is left for it. Cut of the pollutant to which the measure matters most, "
        "and annual net cost; of a measure on sources of several units the cut stands in the row "
        "in which it costs most. {n} measures bring at least {part} of a cut or of the cost; "
        "{others} more bring less or none. {compare}",
        "各项措施（{cases}）的实施量占可实施对象的比例，竖线为可达上限；"
        "一部分已由其他措施完成的（如新购电动公交），可实施的余量相应减少。减排量为措施最主要的污染物，成本为年净成本；"
        "一项措施因单位不同分为几行时，减排量列在成本最高的一行。"
        "{n}项措施占某项减排量或成本不低于{part}，另有{others}项更小或未采用。{compare}",
    ),
    alt=Text(
        "Dumbbell chart of {n} measures by sector ({cases}), with cut and cost in numbers. "
        "{compare}",
        "哑铃图，按行业列出{n}项措施（{cases}），附减排量与成本。{compare}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
