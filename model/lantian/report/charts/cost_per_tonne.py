"""What a tonne costs with each measure as the plan uses it; one figure per pollutant."""

from dataclasses import replace

import numpy as np

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
from lantian.report.chart import MORE, Chart, Page, amount, declare, fit_names
from lantian.report.frames import (
    Asked,
    Row,
    distinct,
    leading_pollutants,
    pick,
    pollutant_order,
    rows_of,
    sums,
)
from lantian.report.keys import Entry, Swatch, draw_key
from lantian.report.lettering import width
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import CASE, MEASURE, POLLUTANT, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_SHOWN = 20
_PANELS = 3  # pollutants with a figure
_MATTERS = 0.01  # part of a cut from which a measure is shown
_ROW, _LEAST = 0.18, 0.13
_SEEN = 0.85  # part of the bars that are drawn in full
_CAP = 1.1
_FAR = 2.5  # times the usual from which on a bar is cut
_AXIS = Text("annual net cost per tonne of {p} [{unit}]", "每吨{p}年净成本 [{unit}]")
_CUT = Text("{cost} ({cut} t)", "{cost}（{cut}吨）")
_NONE = Text(
    "no measure with a known cost cuts a leading pollutant", "没有成本已知的主要污染物减排措施"
)

DRAWN = declare(
    "cost-per-tonne",
    Text("Annual net cost of each measure by the tonne it cuts", "各项措施每吨减排年净成本"),
    ("pollutant", "measure"),
    YEAR,
    replace(CASE, words=("plan", "least_cost")),
    POLLUTANT,
    MEASURE,
    SECTOR,
    amount("cost", "annual net cost of the measure", "年净成本", "cost_unit"),
    replace(UNIT, name="cost_unit"),
    amount("cut", "cut of this pollutant, independent of any order", "减排量"),
    UNIT,
    amount(
        "per_tonne", "annual net cost by the tonne of this pollutant", "每吨成本", "per_tonne_unit"
    ),
    replace(UNIT, name="per_tonne_unit"),
)


def frame(asked: Asked) -> Frame:
    """Return cost and cut of each measure in the plan, or in the least-cost mix without one.

    All the cost is set against each pollutant: a measure that cuts several is dear for each alone.
    """
    rows = asked.rows("credits")
    case = "plan" if any(row.case == "plan" for row in rows) else "least_cost"
    year = max(row.year for row in rows)
    rows = [r for r in rows if (r.case, r.year) == (case, year) and r.credit > 0]
    costs = [r for r in asked.rows("costs") if (r.case, r.year) == (case, year)]
    unpriced = {row.measure for row in costs if not row.known}
    paid = sums((row for row in costs if row.measure not in unpriced), ("measure",), "cost_yuan")
    sectors = {row.measure: row.sector for row in costs}
    whole = sums(rows, ("pollutant",), "credit")
    found = distinct(rows, "pollutant")
    shown = leading_pollutants(asked, found, _PANELS)
    unit = costs[0].unit if costs else ""
    cells = [
        {
            "year": year,
            "case": case,
            "pollutant": row.pollutant,
            "measure": row.measure,
            "sector": sectors[row.measure],
            "cost": paid[row.measure,],
            "cost_unit": unit,
            "cut": row.credit,
            "unit": row.unit,
            "per_tonne": paid[row.measure,] / row.credit,
            "per_tonne_unit": unit.replace("/a", "/t"),
        }
        for pollutant in pollutant_order(shown)
        for row in rows
        if row.pollutant == pollutant
        and (row.measure,) in paid
        and row.credit >= _MATTERS * whole[pollutant,]
    ]
    cells.sort(key=lambda cell: shown.index(str(cell["pollutant"])))
    return make_frame(DRAWN, pick(cells, _NONE))


def draw(page: Page, drawn: Frame) -> float:
    """Draw a bar for each measure, the cheapest first."""
    rows, words = rows_of(drawn), page.words
    sectors = style.sector_order(distinct(rows, "sector"))
    colours = page.tints(sectors)
    entries: list[Entry] = [Swatch(words.name(s), colours[s]) for s in sectors]
    page.top = draw_key(page, entries, page.top) + 0.05
    named = fit_names(page, (words.name(row.measure) for row in rows), share=0.42)
    least = max(_LEAST, named.height)
    below, every = page.below(max(len(rows), _SHOWN + 1), least, BELOW), len(rows)
    most = min(_SHOWN, page.most_rows(least, below))
    rows = sorted(sorted(rows, key=lambda row: -row.cut)[:most], key=lambda row: row.per_tonne)
    names = fit_names(page, (words.name(row.measure) for row in rows), share=0.42)
    tall = page.rows(len(rows), max(_ROW, names.height), least, below)
    low, high = _limits(rows)
    scale = words.scale([max(abs(low), abs(high))], rows[0].per_tonne_unit)
    said = [_said(row, scale, words) for row in rows]
    room = max(map(width, said)) * style.TINY / style.POINTS + 0.08
    panel = page.panel(
        names.room, page.top, page.right - room - names.room, tall * len(rows), (low, high),
        (len(rows) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(low, high, intervals(panel.width / 2)).places)
    ends = np.clip([row.per_tonne for row in rows], low, high)
    y = np.arange(len(rows))
    tints = [colours[row.sector] for row in rows]
    panel.boxes(np.minimum(ends, 0), y - 0.34, np.abs(ends), 0.68, tints)
    side_line(panel, 0.0)
    for n, row in enumerate(rows):
        beyond = row.per_tonne > high
        if beyond:
            panel.dots(panel.across[1], n, "^", 5, style.MISSED, style.WHITE)
        panel.label(said[n], max(ends[n], 0.0), n, style.TINY, shift=(5 if beyond else 3, 0))
    names_left(panel, y, names)
    base_line(panel)
    name = words.say(_AXIS, p=words.pollutant(rows[0].pollutant), unit=scale.unit)
    end = amounts_below(panel, scale, name)
    return page.write_rest(MORE, every - len(rows), end)


def _limits(rows: list[Row]) -> tuple[float, float]:
    """Return the ends of the axis: measures much dearer than the others do not stretch it."""
    costs = sorted(row.per_tonne for row in rows)
    seen = costs[: max(int(len(costs) * _SEEN), 1)]
    usual = max(seen[-1], 0.0) * _CAP or abs(costs[0]) * 0.1
    high = costs[-1] if 0.0 < costs[-1] <= _FAR * usual else usual
    return max(min(costs[0], 0.0) * _CAP, -high), high


def _said(row: Row, scale: Scale, words: Words) -> str:
    return words.say(_CUT, cost=scale.short(row.per_tonne), cut=words.amount(round(row.cut, 1)))


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the cheapest and the dearest measures, and how many there are."""
    rows = sorted(rows_of(drawn), key=lambda row: row.per_tonne)
    scale = words.scale([max(map(abs, _limits(rows)))], rows[0].per_tonne_unit)

    def told(some: list[Row]) -> str:
        return words.phrases(f"{words.name(r.measure)} {scale.short(r.per_tonne)}" for r in some)

    return {
        "p": words.pollutant(rows[0].pollutant),
        "year": str(rows[0].year),
        "case": words.case(rows[0].case),
        "n": str(len(rows)),
        "unit": scale.unit,
        "cheap": told(rows[:3]),
        "dear": told(rows[-1:]),
    }


CHART = Chart(
    id="cost-per-tonne",
    rank=52,
    reads=("credits", "costs", "targets"),
    title=Text("What a tonne of {p} costs, measure by measure", "{p}：各项措施每吨减排成本"),
    caption=Text(
        "Annual net cost of each measure over its cut of {p} in {year}, case {case}; in brackets "
        "the cut. Of {n} measures with a known cost that bring at least 1% of the cut, those that "
        "cut most. All the cost is set against {p}, also where a measure cuts other pollutants. "
        "Cheapest [{unit}]: {cheap}. Dearest: {dear}.",
        "{year}年“{case}”情景各项措施的年净成本与其{p}减排量之比，括号内为减排量。取成本已知且占减排量1%以上的{n}项中"
        "减排较多者。成本全部计入{p}，即使措施同时减少其他污染物。最低（{unit}）：{cheap}；最高：{dear}。",
    ),
    alt=Text(
        "Bars of cost per tonne of {p} [{unit}] for up to {n} measures, cheapest first: {cheap}. "
        "Dearest: {dear}.",
        "{p}每吨减排成本条形图（{unit}），至多{n}项措施，由低到高：{cheap}；最高：{dear}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="pollutant",
)
