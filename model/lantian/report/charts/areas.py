"""Emissions of the areas of a region by sector, inventory beside plan; one figure per pollutant."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    amounts_below,
    base_line,
    intervals,
    names_left,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.bars import Sizes, draw_bar, fit_lines
from lantian.report.chart import MORE, Chart, Page, amount, declare
from lantian.report.frames import (
    Asked,
    case_rank,
    distinct,
    leading_pollutants,
    pick,
    rows_of,
    sums,
    with_inventory,
)
from lantian.report.keys import draw_key, swatches
from lantian.report.lettering import width
from lantian.report.words import Text, Words
from lantian.results.contract import AREA, CASE, POLLUTANT, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("inventory", "baseline", "plan", "least_cost")
_SIZES = Sizes(bar=0.13, least=0.092, between=0.08, gap=0.03)
_WHOLE = 0.88  # part of a line that its bars take
_PANELS = 3  # pollutants with a figure
_TOTAL = Text("{value}  {case}", "{value}  {case}")

DRAWN = declare(
    "areas",
    Text("Emissions by area and sector", "各片区分行业排放量"),
    ("pollutant", "area", "case", "sector"),
    POLLUTANT,
    AREA,
    replace(CASE, words=_CASES),
    YEAR,
    SECTOR,
    amount("value", "emission", "排放量"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the inventory of the base year and the plan of the last, by area and sector."""
    rows = with_inventory(asked, [row for row in asked.rows("area_emissions") if row.value])
    none = Text("no emission of an area", "没有片区排放量")
    last = max(row.year for row in pick(rows, none))
    base = asked.base_year()
    compared = "plan" if any(row.case == "plan" for row in rows) else "least_cost"
    first = "inventory" if any(row.case == "inventory" for row in rows) else "baseline"
    own = [
        row
        for row in rows
        if (row.case, row.year) in ((first, base), (compared, last))
    ]  # fmt: skip
    shown = leading_pollutants(asked, distinct(own, "pollutant"), _PANELS)
    found = sums(own, ("pollutant", "area", "case", "year", "sector", "unit"))
    whole = sums(own, ("pollutant", "area"))
    keys = [key for key in found if key[0] in shown]
    keys.sort(key=lambda k: (shown.index(k[0]), -whole[k[0], k[1]], k[1], case_rank(k[2])))
    names = ("pollutant", "area", "case", "year", "sector", "unit")
    cells = [dict(zip(names, key, strict=True)) | {"value": found[key]} for key in keys]
    return make_frame(DRAWN, pick(cells, none))


def draw(page: Page, drawn: Frame) -> float:
    """Draw stacked bars for each area, inventory above plan."""
    rows, words = rows_of(drawn), page.words
    sectors = style.sector_order(distinct(rows, "sector"))
    colours = page.tints(sectors)
    page.top = draw_key(page, swatches({words.name(s): colours[s] for s in sectors}), page.top)
    page.top += 0.05
    cases, every = distinct(rows, "case"), distinct(rows, "area")
    lines = fit_lines(page, every, words.name, len(cases), _SIZES)
    areas, names = lines.shown, lines.names
    totals = sums(rows, ("area", "case"))
    scale = words.scale([max(totals.values())], rows[0].unit)
    said = {
        key: words.say(_TOTAL, value=scale.say(value), case=words.case(key[1]))
        for key, value in totals.items()
    }
    room = max(map(width, said.values())) * style.TINY / style.POINTS + 0.08
    panel = page.panel(
        names.room, page.top, page.right - room - names.room, lines.tall * len(areas),
        (0, max(totals.values())), (len(areas) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(*panel.across, intervals(panel.width / 2)).places)
    for (area, case), text in said.items():
        if area in areas:
            line, place, left = areas.index(area), (cases.index(case), len(cases)), 0.0
            for row in (row for row in rows if (row.area, row.case) == (area, case)):
                part = left, row.value
                y = draw_bar(panel, line, place, part, colours[row.sector], _WHOLE)
                left += row.value
            panel.label(text, left, y, style.TINY, style.GREY, shift=(3, 0))
    side_line(panel)
    names_left(panel, range(len(areas)), names)
    base_line(panel)
    name = f"{words.pollutant(rows[0].pollutant)} [{scale.unit}]"
    end = amounts_below(panel, scale, name)
    return page.write_rest(MORE, len(every) - len(areas), end)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the years, and the areas that emit most."""
    rows = rows_of(drawn)
    totals = sums(rows, ("area", "case"))
    cases = distinct(rows, "case")
    year = {row.case: row.year for row in rows}
    scale = words.scale([max(totals.values())], rows[0].unit)
    largest = [
        f"{words.name(area)} "
        + words.join(
            f"{words.in_year(words.case(case), year[case])} {scale.short(totals[area, case])}"
            for case in cases
            if (area, case) in totals
        )
        for area in distinct(rows, "area")[:3]
    ]
    return {
        "p": words.pollutant(rows[0].pollutant),
        "n": str(len(distinct(rows, "area"))),
        "years": words.years(min(year.values()), max(year.values())),
        "largest": words.phrases(largest),
        "unit": scale.unit,
    }


CHART = Chart(
    id="areas",
    rank=12,
    reads=("area_emissions", "targets"),
    title=Text("{p} emission of the areas, {years}", "{years}年各片区{p}排放量"),
    caption=Text(
        "{p} emission of {n} areas by sector, the largest first; together they are those of the "
        "region. Largest [{unit}]: {largest}.",
        "{n}个片区分行业{p}排放量，由大到小，合计为全地区排放量。最大的是（{unit}）：{largest}。",
    ),
    alt=Text(
        "Stacked bars of {p} by sector for {n} areas, {years}. Largest [{unit}]: {largest}.",
        "{n}个片区{p}分行业堆积条形图，{years}年。最大的是（{unit}）：{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="pollutant",
)
