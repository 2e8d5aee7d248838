"""Who emits what: the share of every sector in every pollutant, with the tonnes."""

from collections.abc import Container, Mapping, Sequence

from matplotlib.colors import LinearSegmentedColormap, to_hex

from lantian.report import style
from lantian.report.axes import names_left
from lantian.report.chart import Chart, Names, Page, amount, declare, fit_names, share
from lantian.report.frames import Asked, Row, distinct, pick, pollutant_order, rows_of, sums
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import POLLUTANT, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_ROW = 0.36
_WIDEST = 0.95  # width of a cell where there are few pollutants [inch]
_NARROW = 0.42  # of a cell that has no room for the tonnes [inch]
_HEADS = 0.34  # room for the names of pollutants [inch]
_FLAT, _LEAST = 0.2, 0.14  # height of a cell that has none, and of any [inch]
_TURNED = 0.3  # room below for totals that are written upwards [inch]
_REST = ""  # stands for the sectors that are added up
_OTHERS = Text("Other sectors ({n})", "其他行业（{n}个）")
_TOTAL = Text("Total", "合计")
_SHADES = LinearSegmentedColormap.from_list("lantian", ["#ffffff", "#a9cbe3", "#3f7fb0", "#123b5d"])
_LONG = 1e6  # total from which a column is in multiples of its unit
_TRACE = 0.0005  # share that is shown as an empty cell
_SMALL = style.TINY - 0.4
_WITH_TONNES = Text(
    "Share of each pollutant, below it the emission", "各行业占每种污染物的比例，下为排放量"
)
_SHARES = Text("Share of each pollutant; totals below", "各行业占每种污染物的比例，下为合计")

DRAWN = declare(
    "sector-table",
    Text("Emission of each sector in the base year", "基准年各行业排放量"),
    ("sector", "pollutant"),
    YEAR,
    SECTOR,
    POLLUTANT,
    amount("value", "emission", "排放量"),
    share("share", "part of the total of the pollutant", "占该污染物总量的比例"),
    amount("total", "emission of all sectors", "各行业合计"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return value [t/a] and share [1] by sector and pollutant in the base year."""
    year = asked.base_year()
    rows = [r for r in asked.rows("emissions") if r.case == "baseline" and r.year == year]
    none = Text("no baseline emission in the base year", "基准年没有基准情景排放")
    found = sums(pick(rows, none), ("sector", "pollutant", "unit"))
    totals = sums(rows, ("pollutant",))
    cells = [
        {
            "year": year,
            "sector": sector,
            "pollutant": pollutant,
            "value": value,
            "share": value / totals[pollutant,],
            "total": totals[pollutant,],
            "unit": unit,
        }
        for (sector, pollutant, unit), value in found.items()
        if totals[pollutant,] > 0
    ]
    return make_frame(DRAWN, pick(cells, none))


def draw(page: Page, drawn: Frame) -> float:
    """Draw one coloured cell per sector and pollutant and a line of totals."""
    rows, words = rows_of(drawn), page.words
    pollutants = pollutant_order(distinct(rows, "pollutant"))
    tonnes = _has_room(page, rows, len(pollutants))
    said = words.say(_WITH_TONNES if tonnes else _SHARES)
    top = page.write(said, page.top, style.SMALL, style.GREY) + _HEADS
    rows, sectors = _fitting(page, rows, top)
    names = _names(page, sectors)
    lines = len(sectors) + 1
    wide = min(page.right - page.left - names.room, _WIDEST * len(pollutants))
    tall = max(min(_ROW, (page.bottom - top - _TURNED) / lines), names.height)
    panel = page.panel(
        names.room, top, wide, tall * lines, (0, len(pollutants)), (lines, 0)
    )  # fmt: skip
    scales = _scales(rows, words)
    for x, pollutant in enumerate(pollutants):
        _head(panel, x + 0.5, words.pollutant(pollutant), scales[pollutant].unit)
    names_left(panel, [n + 0.5 for n in range(lines)], names)
    for row in rows:
        if row.share >= _TRACE:
            x, y = pollutants.index(row.pollutant), list(sectors).index(row.sector)
            _cell(panel, (x, y), row, scales[row.pollutant] if tonnes else None, tall)
    totals = {row.pollutant: scales[row.pollutant].say(row.total) for row in rows}
    end = _totals(panel, [totals[p] for p in pollutants], len(sectors))
    panel.line(panel.across, (len(sectors), len(sectors)), style.GREY, 0.6)
    return end + 0.06


def _has_room(page: Page, rows: list[Row], pollutants: int) -> bool:
    """Return whether cells are wide and tall enough for the tonnes below the share."""
    sectors = distinct(rows, "sector")
    named = {sector: page.words.name(sector) for sector in sectors}
    wide = (page.right - page.left - _names(page, named).room) / pollutants
    tall = (page.bottom - page.top - _HEADS - _TURNED) / (len(sectors) + 1)
    return wide >= _NARROW and tall >= _FLAT


def _names(page: Page, sectors: Mapping[str, str]) -> Names:
    return fit_names(page, [*sectors.values(), page.words.say(_TOTAL)], share=0.3)


def _fitting(page: Page, rows: list[Row], top: float) -> tuple[list[Row], dict[str, str]]:
    """Return rows and names of the sectors there is room for, the smallest ones as one."""
    sectors = style.sector_order(distinct(rows, "sector"))
    named = {sector: page.words.name(sector) for sector in sectors}
    least = max(_LEAST, _names(page, named).height)
    most = int((page.bottom - top - _TURNED) / least) - 1
    if len(sectors) <= most:
        return rows, named
    largest = {s: max(row.share for row in rows if row.sector == s) for s in sectors}
    kept = set(sorted(sectors, key=lambda sector: -largest[sector])[: most - 1])
    shown = {sector: name for sector, name in named.items() if sector in kept}
    others = page.words.say(_OTHERS, n=str(len(sectors) - len(kept)))
    return _pooled(rows, kept), shown | {_REST: others}


def _pooled(rows: list[Row], kept: Container[str]) -> list[Row]:
    """Return rows with the sectors that are not kept added up."""
    rest: dict[str, Row] = {}
    for row in (row for row in rows if row.sector not in kept):
        before = rest.get(row.pollutant)
        value, part = (before.value, before.share) if before else (0.0, 0.0)
        rest[row.pollutant] = row._replace(
            sector=_REST, value=value + row.value, share=part + row.share
        )
    return [*(row for row in rows if row.sector in kept), *rest.values()]


def _scales(rows: list[Row], words: Words) -> dict[str, Scale]:
    """Return the unit of each column: one for all its numbers."""
    first = {row.pollutant: row for row in reversed(rows)}
    return {p: words.scale([row.total], row.unit, least=_LONG) for p, row in first.items()}


def _head(panel: Panel, x: float, name: str, unit: str) -> None:
    for text, lift, size, colour in (
        (name, 12, style.NORMAL, style.INK), (unit, 3, _SMALL, style.GREY)
    ):  # fmt: skip
        fit = panel.width / (panel.across[1] - panel.across[0]) * style.POINTS / width(text)
        size = min(size, fit * 0.96)
        panel.label(text, x, 0, size, colour, side="middle", level="bottom", shift=(0, -lift))


def _cell(panel: Panel, place: tuple[int, int], row: Row, scale: Scale | None, tall: float) -> None:
    """Draw a cell with the share, and below it the emission where there is room for it."""
    x, y = place
    tint = to_hex(_SHADES(row.share))
    panel.boxes(x, y, 1, 1, [tint])
    ink = style.ink_on(tint)
    apart = min(tall * 0.21, 0.075) * style.POINTS if scale else 0.0
    size = style.NORMAL if scale else style.SMALL
    panel.label(
        _per_cent(row.share), x + 0.5, y + 0.5, size, ink, "middle", shift=(0, -apart)
    )  # fmt: skip
    if scale:
        panel.label(
            scale.short(row.value), x + 0.5, y + 0.5, _SMALL, ink, "middle",
            shift=(0, apart + 1.5),
        )  # fmt: skip


def _totals(panel: Panel, said: Sequence[str], line: int) -> float:
    """Write the totals in the last line, upwards where they are too wide; return their end."""
    room = panel.width / len(said) * style.POINTS
    longest = max(map(width, said))
    if longest * style.NORMAL <= room:
        for x, text in enumerate(said):
            panel.label(text, x + 0.5, line + 0.5, style.NORMAL, side="middle")
        return panel.bottom
    down = float(panel.y(line)) + 0.05 + longest * style.TINY / style.POINTS
    for x, text in enumerate(said):
        panel.paper.write(
            text, float(panel.x(x + 0.5)), down, style.TINY, side="left", level="middle",
            turned=True,
        )  # fmt: skip
    return max(panel.bottom, down)


def _per_cent(part: float) -> str:
    return f"{part:.0%}" if part >= 0.01 else "<1%"


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the year and the largest sector of each pollutant."""
    rows = rows_of(drawn)
    said = []
    for pollutant in pollutant_order(distinct(rows, "pollutant")):
        own = [row for row in rows if row.pollutant == pollutant]
        top = max(own, key=lambda row: row.share)
        name = words.name(top.sector)
        said.append(f"{words.pollutant(pollutant)} {name} {_per_cent(top.share)}")
    return {
        "year": str(rows[0].year),
        "largest": words.phrases(said),
        "sectors": str(len(distinct(rows, "sector"))),
        "pollutants": str(len(said)),
    }


CHART = Chart(
    id="sector-table",
    rank=5,
    reads=("emissions",),
    title=Text("Which sector emits what, {year}", "{year}年各行业排放贡献"),
    caption=Text(
        "Share of every sector in every pollutant in {year} and the emission; empty cells "
        "are nought or below 0.05%. Largest: {largest}.",
        "{year}年各行业占每种污染物排放量的比例及排放量；空格表示为零或不足0.05%。最大贡献行业：{largest}。",
    ),
    alt=Text(
        "Table of {sectors} sectors by {pollutants} pollutants in {year}, darker for larger "
        "shares. Largest of each: {largest}.",
        "{year}年{sectors}个行业与{pollutants}种污染物对照表，颜色越深比例越高。各污染物最大贡献行业：{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
