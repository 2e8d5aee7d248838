"""Who emits what: the share of every sector in every pollutant, with the tonnes."""

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, base_year, pick, pollutant_order
from lantian.report.lettering import wrap
from lantian.report.marks import names_left
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words, figures

_ROW = 0.36
_LEFT, _TOP = 1.45, 0.38
_WIDEST = 0.95  # width of a cell where there are few pollutants [inch]
_TOTAL = Text("Total", "合计")
_SHADES = LinearSegmentedColormap.from_list("lantian", ["#ffffff", "#a9cbe3", "#3f7fb0", "#123b5d"])
_LONG = 1e6  # total from which a column is in multiples of its unit
_TRACE = 0.0005  # share printed as nought


def frame(run: RunTables) -> pd.DataFrame:
    """Return value [t/a] and share [1] by sector and pollutant in the base year."""
    rows = run.table("emissions")
    year = base_year(run)
    rows = rows[(rows["case"] == "baseline") & (rows["year"] == year)]
    none = Text("no baseline emission in the base year", "基准年没有基准情景排放")
    sums = pick(rows, none).groupby(["sector", "pollutant", "unit"], as_index=False)["value"].sum()
    total = sums.groupby("pollutant")["value"].transform("sum")
    sums = sums.assign(year=year, total=total, share=sums["value"] / total.where(total > 0))
    return pick(sums[sums["total"] > 0], none)


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw one coloured cell per sector and pollutant and a line of totals.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    sectors = style.sector_order(set(rows["sector"]))
    pollutants = pollutant_order(set(rows["pollutant"]))
    spread = min(page.width - _LEFT - style.MARGIN, _WIDEST * len(pollutants))
    lines = len(sectors) + 1
    panel = page.panel(
        _LEFT, style.HEAD + style.SUBTITLE + _TOP, spread, _ROW * lines, (0, len(pollutants)),
        (lines, 0),
    )  # fmt: skip
    scales = _scales(rows, page.words)
    for x, pollutant in enumerate(pollutants):
        _head(panel, x + 0.5, page.words.pollutant(pollutant), scales[pollutant].unit)
    room = (_LEFT - 0.2) * style.POINTS / style.SMALL
    names = [wrap(page.words.name(s), room) for s in sectors]
    names_left(panel, np.arange(lines) + 0.5, [*names, page.words.say(_TOTAL)])
    place = rows.assign(
        x=rows["pollutant"].map({p: n for n, p in enumerate(pollutants)}),
        y=rows["sector"].map({s: n for n, s in enumerate(sectors)}),
    )
    shown = place[place["share"] >= _TRACE]
    _cells(panel, shown, scales)
    totals = rows.drop_duplicates("pollutant").set_index("pollutant")["total"]
    for x, p in enumerate(pollutants):
        panel.label(scales[p].say(totals[p]), x + 0.5, len(sectors) + 0.5, side="middle")
    panel.line(panel.across, (len(sectors), len(sectors)), style.GREY, 0.6)


def _scales(rows: pd.DataFrame, words: Words) -> dict[str, Scale]:
    """Return the unit of each column: one for all its numbers."""
    first = rows.drop_duplicates("pollutant")
    return {
        str(p): words.scale([total], str(unit), least=_LONG)
        for p, total, unit in zip(first["pollutant"], first["total"], first["unit"], strict=True)
    }


def _head(panel: Panel, x: float, name: str, unit: str) -> None:
    for text, lift, size, colour in (
        (name, 12, style.NORMAL, style.INK), (unit, 3, style.TINY, style.GREY)
    ):  # fmt: skip
        panel.label(text, x, 0, size, colour, side="middle", level="bottom", shift=(0, -lift))


def _cells(panel: Panel, shown: pd.DataFrame, scales: dict[str, Scale]) -> None:
    tints = [to_hex(_SHADES(share)) for share in shown["share"]]
    panel.boxes(shown["x"], shown["y"], 1, 1, tints)
    columns = ("x", "y", "share", "value", "pollutant")
    for row, tint in zip(zip(*(shown[c] for c in columns), strict=True), tints, strict=True):
        x, y, share, value, pollutant = row
        ink = style.ink_on(tint)
        panel.label(_per_cent(share), x + 0.5, y + 0.34, style.NORMAL, ink, side="middle")
        amount = scales[pollutant].short(value)
        panel.label(amount, x + 0.5, y + 0.74, style.TINY - 0.6, ink, side="middle")


def _per_cent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "<1%"


def height(rows: pd.DataFrame) -> float:
    """Return the height for all sectors and the totals [inch]."""
    lines = rows["sector"].nunique() + 1
    return style.HEAD + style.SUBTITLE + _TOP + _ROW * lines + 0.12 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the year and the largest sector of each pollutant.

    Parameters
    ----------
    rows
        As for :func:`draw`.
    words
        Language of the reader.

    Returns
    -------
    dict
        Name in the braces of title, caption and alternative text -> text.
    """
    largest = rows.loc[rows.groupby("pollutant")["share"].idxmax()].set_index("pollutant")
    sectors, shares = largest["sector"].astype(str), largest["share"]
    said = [
        f"{words.pollutant(p)} {words.name(sectors[p])} {_per_cent(shares[p])}"
        for p in pollutant_order(set(largest.index))
    ]
    return {
        "year": str(int(rows["year"].iloc[0])),
        "largest": words.phrases(said),
        "sum": figures(float(rows["share"].sum())),
    }


CHART = Chart(
    id="sector-table",
    rank=5,
    title=Text(
        "Which sector emits what, {year}\nShare of each pollutant, below it the emission",
        "{year}年各行业排放贡献\n各行业占每种污染物的比例，下为排放量",
    ),
    caption=Text(
        "Share of every sector in every pollutant in {year} and the emission; empty cells "
        "are nought or below 0.05%. Largest: {largest}.",
        "{year}年各行业占每种污染物排放量的比例及排放量；空格表示为零或不足0.05%。最大贡献行业：{largest}。",
    ),
    alt=Text(
        "Table of sectors by pollutants, darker for larger shares. Largest: {largest}.",
        "行业与污染物对照表，颜色越深比例越高。最大贡献行业：{largest}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
