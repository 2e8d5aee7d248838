"""What the results rest on: the share of emission and reduction by basis of the numbers."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick, pollutant_order
from lantian.report.marks import boxes, key_row
from lantian.report.words import Text, Words
from lantian.vocabulary import BASES

_WHAT: dict[str, Text] = {
    "emission": Text("Emission in {year}, {case}", "{year}年排放量（{case}）"),
    "reduction": Text("Reduction in {year}, {case}", "{year}年减排量（{case}）"),
}
_ROW = 0.25
_LEFT, _GAP, _PLOT = 0.72, 0.36, 2.45
_TOP = 0.62
_READABLE = 0.085  # share from which a bar has room for its number


def frame(run: RunTables) -> pd.DataFrame:
    """Return shares by pollutant and basis: base emission and the plan's reduction."""
    rows = run.table("basis")
    parts = []
    for what, case in (("emission", "baseline"), ("reduction", "plan")):
        here = rows[(rows["what"] == what) & (rows["case"] == case)]
        if not here.empty:
            year = here["year"].min() if what == "emission" else here["year"].max()
            parts.append(here[here["year"] == year])
    none = Text("no basis of baseline or plan", "没有数据来源构成")
    found = pd.concat(parts, ignore_index=True) if parts else rows.iloc[:0]
    return pick(found[found["basis"].isin(BASES)], none)


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw one panel for emission and one for reduction."""
    pollutants = pollutant_order(set(rows["pollutant"]))
    names = {page.words.basis(b): style.BASIS_COLOURS[b] for b in BASES if b in set(rows["basis"])}
    key_row(page, _LEFT, style.HEAD, names)
    for place, (what, part) in enumerate(rows.groupby("what", sort=False)):
        left = _LEFT + place * (_PLOT + _GAP)
        axes = page.axes(left, style.HEAD + _TOP, _PLOT, _ROW * len(pollutants))
        _panel(axes, part, pollutants)
        axes.set_yticks(
            range(len(pollutants)),
            [page.words.pollutant(p) for p in pollutants] if place == 0 else [],
            size=style.NORMAL,
        )
        year, case = str(int(part["year"].iloc[0])), page.words.case(str(part["case"].iloc[0]))
        title = page.words.say(_WHAT[str(what)], year=year, case=case)
        axes.set_title(title, loc="left", size=style.NORMAL, pad=4)


def _panel(axes: Axes, rows: pd.DataFrame, pollutants: list[str]) -> None:
    wide = rows.pivot_table(index="pollutant", columns="basis", values="share", aggfunc="sum")
    wide = wide.reindex(index=pollutants, columns=list(BASES)).fillna(0.0)
    shares = wide.to_numpy(np.float64)
    ends = shares.cumsum(axis=1)
    row, column = np.nonzero(shares > 0)
    left, width = (ends - shares)[row, column], shares[row, column]
    tints = [style.BASIS_COLOURS[BASES[n]] for n in column]
    boxes(axes, left, row - 0.39, width, 0.78, tints, "#8a8a8a", 0.3)
    for x, y, share, tint in zip(left, row, width, tints, strict=True):
        if share >= _READABLE:
            axes.text(
                x + share / 2, float(y), f"{share:.0%}", ha="center", va="center", size=style.TINY,
                color=style.ink_on(tint),
            )  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(len(pollutants) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xticks([0, 0.5, 1])
    axes.tick_params(axis="y", length=0)
    style.bare(axes, "bottom")


def height(rows: pd.DataFrame) -> float:
    """Return the height for one line per pollutant [inch]."""
    return style.HEAD + _TOP + _ROW * rows["pollutant"].nunique() + 0.3 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the assumed share of each pollutant's emission."""
    weak = rows[(rows["what"] == rows["what"].iloc[0]) & (rows["basis"] == "assumed")]
    shares = weak.groupby("pollutant")["share"].sum()
    said = [f"{words.pollutant(p)} {shares[p]:.0%}" for p in pollutant_order(set(shares.index))]
    return {
        "assumed": words.join(said),
        "year": str(int(rows["year"].min())),
    }


CHART = Chart(
    id="basis-of-numbers",
    rank=90,
    title=Text("What the numbers rest on", "计算结果的数据来源构成"),
    caption=Text(
        "Share of emission and of reduction by the weakest basis of the numbers behind it: "
        "measured, published, derived by a stated method, or assumed. Assumed: {assumed}.",
        "按所依据数据中最薄弱的一项划分的排放量和减排量比例：实测、已发布、按说明的方法推算、假设。"
        "其中属假设的比例：{assumed}。",
    ),
    alt=Text(
        "Bars to 100 per cent by pollutant, dark for firm and light for weak numbers. Assumed: "
        "{assumed}.",
        "按污染物的百分比条形图，深色为可靠数据，浅色为薄弱数据。属假设的比例：{assumed}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
