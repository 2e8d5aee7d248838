"""Who emits what: the share of every sector in every pollutant, with the tonnes."""

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, base_year, pick, pollutant_order
from lantian.report.marks import boxes
from lantian.report.words import Text, Words, figures, wrap

_ROW = 0.36
_LEFT, _TOP = 1.45, 0.3
_TOTAL = Text("Total", "合计")
_SHADES = LinearSegmentedColormap.from_list("lantian", ["#ffffff", "#a9cbe3", "#3f7fb0", "#123b5d"])
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
    """Draw one coloured cell per sector and pollutant and a line of totals."""
    sectors = style.sector_order(set(rows["sector"]))
    pollutants = pollutant_order(set(rows["pollutant"]))
    spread = page.width - _LEFT - style.MARGIN
    axes = page.axes(_LEFT, style.HEAD + style.SUBTITLE + _TOP, spread, _ROW * (len(sectors) + 1))
    axes.set(xlim=(0, len(pollutants)), ylim=(len(sectors) + 1, 0))
    style.bare(axes)
    axes.tick_params(length=0, pad=2)
    axes.xaxis.tick_top()
    middle = np.arange(len(pollutants)) + 0.5
    axes.set_xticks(middle, [page.words.pollutant(p) for p in pollutants], size=style.NORMAL)
    room = (_LEFT - 0.2) * 72 / style.SMALL
    names = [wrap(page.words.name(s), room) for s in sectors]
    axes.set_yticks(np.arange(len(sectors) + 1) + 0.5, [*names, page.words.say(_TOTAL)])
    place = rows.assign(
        x=rows["pollutant"].map({p: n for n, p in enumerate(pollutants)}),
        y=rows["sector"].map({s: n for n, s in enumerate(sectors)}),
    )
    shown = place[place["share"] >= _TRACE]
    tints = [to_hex(_SHADES(share)) for share in shown["share"]]
    boxes(axes, shown["x"], shown["y"], 1, 1, tints)
    for x, y, share, value, tint in zip(
        shown["x"], shown["y"], shown["share"], shown["value"], tints, strict=True
    ):
        ink = style.ink_on(tint)
        axes.text(x + 0.5, y + 0.34, _per_cent(share), ha="center", va="center", color=ink)
        axes.text(
            x + 0.5, y + 0.74, page.words.amount(value), ha="center", va="center", color=ink,
            size=style.TINY - 0.6,
        )  # fmt: skip
    totals = rows.drop_duplicates("pollutant").set_index("pollutant")["total"]
    for x, pollutant in zip(middle, pollutants, strict=True):
        axes.text(
            x, len(sectors) + 0.5, page.words.amount(totals[pollutant]), ha="center", va="center"
        )
    axes.axhline(len(sectors), color=style.GREY, linewidth=0.6)


def _per_cent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "<1%"


def height(rows: pd.DataFrame) -> float:
    """Return the height for all sectors and the totals [inch]."""
    lines = rows["sector"].nunique() + 1
    return style.HEAD + style.SUBTITLE + _TOP + _ROW * lines + 0.12 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the year and the largest sector of each pollutant."""
    largest = rows.loc[rows.groupby("pollutant")["share"].idxmax()].set_index("pollutant")
    sectors, shares = largest["sector"].astype(str), largest["share"]
    said = [
        f"{words.pollutant(p)} {words.name(sectors[p])} {_per_cent(shares[p])}"
        for p in pollutant_order(set(largest.index))
    ]
    return {
        "year": str(int(rows["year"].iloc[0])),
        "unit": words.unit(str(rows["unit"].iloc[0])),
        "largest": words.phrases(said),
        "sum": figures(float(rows["share"].sum())),
    }


CHART = Chart(
    id="sector-table",
    rank=5,
    title=Text(
        "Which sector emits what, {year}\nshare of each pollutant, below it {unit}",
        "{year}年各行业排放贡献\n各行业占每种污染物的比例，下为排放量（{unit}）",
    ),
    caption=Text(
        "Share of every sector in every pollutant in {year} and the emission [{unit}]; empty cells "
        "are nought or below 0.05%. Largest: {largest}.",
        "{year}年各行业占每种污染物排放量的比例及排放量（{unit}）；空格表示为零或不足0.05%。最大贡献行业：{largest}。",
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
