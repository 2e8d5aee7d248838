"""Emissions by sector and year, the inventory and then the cases, one panel per pollutant."""

from dataclasses import replace

from lantian.report import style
from lantian.report.chart import Chart, Page, amount, declare
from lantian.report.columns import Stack, draw_stacks
from lantian.report.frames import (
    Asked,
    Row,
    case_rank,
    distinct,
    leading_pollutants,
    limits_of_totals,
    pick,
    rows_of,
    sums,
    with_inventory,
    without_repeats,
)
from lantian.report.keys import draw_key, swatches
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import CASE, POLLUTANT, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("baseline", "plan", "least_cost")
_BASELINE = Text(
    " The baseline has growth, natural turnover and rules already in force, without the plan's "
    "commitments.",
    "基准情景含活动水平增长、自然更替和已实施的规定，不含方案的各项任务。",
)
_LIMIT = Text("limit {year}: {value}", "{year}年限值：{value}")
_LIMITS = Text(" Dashed: {limits}.", "虚线：{limits}。")
_NO_LIMIT = Text("the pollutant has no limit for that year", "该污染物当年无限值")

DRAWN = declare(
    "emissions-by-sector",
    Text("Emissions of the panels, and the limit on the whole", "各图排放量及总量限值"),
    ("pollutant", "year", "case", "sector"),
    POLLUTANT,
    YEAR,
    replace(CASE, words=("inventory", *_CASES)),
    SECTOR,
    amount("value", "emission", "排放量"),
    amount("limit", "limit on the whole in that year", "当年总量限值", blank=_NO_LIMIT),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return emission by pollutant, year, case and sector, and limits on the whole [t/a]."""
    rows = [row for row in asked.rows("emissions") if row.case in _CASES and row.value]
    shown = leading_pollutants(asked, distinct(rows, "pollutant"))
    rows = [row for row in rows if row.pollutant in shown]
    none = Text("no emission above nought", "没有大于零的排放量")
    rows = with_inventory(asked, without_repeats(asked, pick(rows, none)))
    limits = limits_of_totals(asked)
    found = sums(rows, ("pollutant", "year", "case", "sector", "unit"))
    order = sorted(found, key=lambda k: (shown.index(k[0]), k[1], case_rank(k[2])))
    cells = [
        dict(zip(("pollutant", "year", "case", "sector", "unit"), key, strict=True))
        | {"value": found[key], "limit": limits.get(key[0], {}).get(key[1])}
        for key in order
        if found[key]
    ]
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw a key and a panel for each pollutant, all in one unit."""
    rows, words = rows_of(drawn), page.words
    colours = page.tints(style.sector_order(distinct(rows, "sector")))
    names = {words.name(sector): colours[sector] for sector in colours}
    top = draw_key(page, swatches(names), page.top) + 0.06
    scale = _scale(rows, words)
    stacks = []
    for pollutant in distinct(rows, "pollutant"):
        own = [row for row in rows if row.pollutant == pollutant]
        limits = _limits(own)
        name = f"{words.pollutant(pollutant)} [{scale.unit}]"
        said = [
            words.say(_LIMIT, year=str(y), value=scale.say(limits[y])) for y in list(limits)[-1:]
        ]
        stacks.append(Stack(name, own, scale, limits, "".join(said)))
    return draw_stacks(page, top, stacks, "sector", colours)


def _limits(rows: list[Row]) -> dict[int, float]:
    return {row.year: row.limit for row in rows if row.limit == row.limit}


def _scale(rows: list[Row], words: Words) -> Scale:
    totals = sums(rows, ("pollutant", "year", "case"))
    tops = [max(v for k, v in totals.items() if k[0] == p) for p in distinct(rows, "pollutant")]
    return words.scale(tops, rows[0].unit)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the years, the totals of the last year, the limits and what a reader should see."""
    rows = rows_of(drawn)
    first, last = min(row.year for row in rows), max(row.year for row in rows)
    pollutants = distinct(rows, "pollutant")
    limits = [
        words.say(_OF, name=words.pollutant(p), values=f"{words.amount(value)} ({year})")
        for p in pollutants
        for year, value in _limits([row for row in rows if row.pollutant == p]).items()
    ]
    cases = {row.case for row in rows}
    return {
        "last": str(last),
        "years": words.years(first, last),
        "span": words.span(first, last),
        "pollutants": words.join(words.pollutant(p) for p in pollutants),
        "totals": words.phrases(_course(rows, p, words) for p in pollutants),
        "unit": words.unit(rows[0].unit),
        "baseline": words.say(_BASELINE) if {"baseline", "plan"} <= cases else "",
        "limits": words.say(_LIMITS, limits=words.phrases(limits)) if limits else "",
    }


def _course(rows: list[Row], pollutant: str, words: Words) -> str:
    """Return the totals of a pollutant from its first year to the cases of its last one."""
    own = [row for row in rows if row.pollutant == pollutant]
    totals = sums(own, ("year", "case"))
    last = max(row.year for row in own)
    shown = [key for key in totals if key[0] == last]
    first = min(totals)
    if first[0] < last:
        shown.insert(0, first)
    said = [
        (words.case(case) if year == last else words.in_year(words.case(case), year))
        + f" {words.amount(totals[year, case])}"
        for year, case in shown
    ]
    return words.say(_OF, name=words.pollutant(pollutant), values=words.join(said))


_OF = Text("{name}: {values}", "{name}：{values}")

CHART = Chart(
    id="emissions-by-sector",
    rank=10,
    reads=("emissions", "targets"),
    title=Text("Emissions by sector, {years}", "{years}年分行业污染物排放量"),
    caption=Text(
        "Emissions of {pollutants} by sector and year, totals above the columns. In {last} "
        "[{unit}]: {totals}.{limits}{baseline}",
        "{pollutants}分行业、分年度排放量，柱顶为合计。{last}年排放量（{unit}）：{totals}。{limits}{baseline}",
    ),
    alt=Text(
        "Stacked columns to the scale of time, one panel per pollutant ({pollutants}), {span}, "
        "layers by sector. Totals [{unit}], {last}: {totals}.{limits}",
        "按时间比例排列的堆积柱状图，每种污染物（{pollutants}）一幅，{span}，按行业分层。"
        "{last}年总量（{unit}）：{totals}。{limits}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
