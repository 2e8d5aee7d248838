"""What the results rest on: the share of emission and reduction by basis of the numbers."""

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, base_year, pick, pollutant_order
from lantian.report.marks import base_line, headline, key_row, names_left, numbers_below
from lantian.report.paper import Panel
from lantian.report.words import Text, Words
from lantian.vocabulary import BASES

_WHAT: dict[str, Text] = {
    "activity": Text("Activity, {year}", "{year}年活动水平"),
    "factor": Text("Emission factor, {year}", "{year}年排放因子"),
    "emission": Text("Emission (weakest), {year}", "{year}年排放量（取最弱）"),
    "reduction": Text("Reduction by the plan, {year}", "{year}年方案减排量"),
}
_ROW = 0.25
_LEFT, _GAP, _RIGHT = 0.72, 0.32, 0.2
_TOP = 0.5
_READABLE = 0.15  # share from which a bar has room for its number


def frame(run: RunTables) -> pd.DataFrame:
    """Return shares by pollutant and basis: activity, factor and emission of the base year."""
    rows = run.table("basis")
    rows = rows[rows["basis"].isin(BASES)]
    first = base_year(run) if run.has("emissions") else rows["year"].min()
    base = rows[(rows["case"] == "baseline") & (rows["year"] == first)]
    plan = rows[(rows["case"] == "plan") & (rows["year"] == rows["year"].max())]
    parts = [base[base["what"] == what] for what in ("activity", "factor", "emission")]
    if all(part.empty for part in parts[:2]):
        parts.append(plan[plan["what"] == "reduction"])
    none = Text("no basis of baseline or plan", "没有数据来源构成")
    return pick(pd.concat(parts, ignore_index=True), none)


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw one panel each for activity, factor and emission, or emission and reduction.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    pollutants = pollutant_order(set(rows["pollutant"]))
    used = set(rows.loc[rows["share"] > 0, "basis"])
    names = {page.words.basis(b): style.BASIS_COLOURS[b] for b in BASES if b in used}
    key_row(page, _LEFT, style.HEAD, names)
    panels = [(str(what), part) for what, part in rows.groupby("what", sort=False)]
    step = (page.width - _LEFT - _RIGHT + _GAP) / len(panels)
    for place, (what, part) in enumerate(panels):
        left = _LEFT + place * step
        lines = len(pollutants)
        panel = page.panel(
            left, style.HEAD + _TOP, step - _GAP, _ROW * lines, (0, 1.005), (lines - 0.5, -0.5)
        )
        _shares(panel, part, pollutants)
        if place == 0:
            said = [page.words.pollutant(p) for p in pollutants]
            names_left(panel, range(lines), said, style.NORMAL)
        headline(panel, page.words.say(_WHAT[what], year=str(int(part["year"].iloc[0]))))


def _shares(panel: Panel, rows: pd.DataFrame, pollutants: list[str]) -> None:
    wide = rows.pivot_table(index="pollutant", columns="basis", values="share", aggfunc="sum")
    wide = wide.reindex(index=pollutants, columns=list(BASES)).fillna(0.0)
    shares = wide.to_numpy(np.float64)
    ends = shares.cumsum(axis=1)
    row, column = np.nonzero(shares > 0)
    left, width = (ends - shares)[row, column], shares[row, column]
    tints = [style.BASIS_COLOURS[BASES[n]] for n in column]
    panel.boxes(left, row - 0.39, width, 0.78, tints, "#8a8a8a", 0.3)
    for x, y, share, tint in zip(left, row, width, tints, strict=True):
        if share >= _READABLE:
            text, ink = f"{share:.0%}", style.ink_on(tint)
            panel.label(text, x + share / 2, float(y), style.TINY, ink, side="middle")
    base_line(panel)
    numbers_below(panel, (0, 0.5, 1), ("0%", "50%", "100%"))


def height(rows: pd.DataFrame) -> float:
    """Return the height for one line per pollutant [inch]."""
    return style.HEAD + _TOP + _ROW * rows["pollutant"].nunique() + 0.3 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the assumed share of each pollutant's emission.

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
    weak = rows[(rows["what"] == "emission") & (rows["basis"] == "assumed")]
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
        "Share of the base year's emission by what its numbers rest on: measured, published, "
        "derived by a stated method, or assumed with a range. An emission is as firm as the "
        "weaker of its activity and its factor; assumed by that rule: {assumed}.",
        "基准年排放量所依据数据的构成：实测、已发布、按说明的方法推算、假设（给出范围）。排放量的可靠程度"
        "取活动水平与排放因子中较弱者；按此属假设的比例：{assumed}。",
    ),
    alt=Text(
        "Bars to 100 per cent by pollutant, dark for firm and light for weak numbers. Emission "
        "that rests on an assumption: {assumed}.",
        "按污染物的百分比条形图，深色为可靠数据，浅色为薄弱数据。排放量中属假设的比例：{assumed}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
