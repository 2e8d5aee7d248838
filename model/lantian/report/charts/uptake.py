"""How far the plan and the least-cost mix take each measure, as a dumbbell per measure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick
from lantian.report.marks import Floats
from lantian.report.words import Text, Words, wrap

_CASES = ("plan", "least_cost")
_KEYS = ("sector", "measure", "uptake_unit")
_SHOWN = 24
_ROW = 0.185
_LEFT, _RIGHT = 2.75, 0.3
_KEY = 0.12
_AXIS = Text("share of the activity it can be applied to", "占可实施对象的比例")
_REACH = Text("Reach", "可达上限")
_SAME = 0.005  # share below which two levels print as the same per cent


def frame(run: RunTables) -> pd.DataFrame:
    """Return level and reach per measure [1] in the target year, furthest apart first."""
    rows = run.table("measures")
    none = Text("no least-cost case among the measures", "没有最低成本情景的措施结果")
    least = pick(rows[rows["case"] == "least_cost"], none)
    rows = rows[(rows["year"] == least["year"].max()) & rows["case"].isin(_CASES)]
    both = _over_sources(rows).assign(year=int(least["year"].max()))
    both["apart"] = (both["plan"] - both["least_cost"]).abs()
    return _grouped(pick(both, none))


def _over_sources(rows: pd.DataFrame) -> pd.DataFrame:
    """Return levels of a measure over its sources: taken up over what it can be applied to.

    A source no case acts on has no such amount in the table and is left out.
    """
    one = [*_KEYS, "source"] if "source" in rows.columns else list(_KEYS)
    whole = (rows["uptake"] / rows["level"]).where(rows["level"] > 0)
    whole = whole.groupby([rows[key] for key in one]).transform("max").fillna(0.0)
    rows = rows.assign(whole=whole, within=rows["reach"] * whole)
    wide = rows.pivot_table(
        index=list(_KEYS), columns="case", values=["uptake", "whole", "within"], aggfunc="sum"
    )
    levels = {c: wide["uptake", c] / wide["whole", c] for c in _CASES if ("uptake", c) in wide}
    levels["reach"] = pd.DataFrame(wide["within"] / wide["whole"]).max(axis=1)
    both = pd.DataFrame(levels).reindex(columns=[*_CASES, "reach"])
    both[list(_CASES)] = both[list(_CASES)].fillna(0.0)
    return both.reset_index()


def _grouped(rows: pd.DataFrame) -> pd.DataFrame:
    """Return all rows, those to be shown marked and grouped by sector."""
    differ = rows["apart"] >= _SAME
    place = rows["apart"].rank(method="first", ascending=False)
    order = {s: n for n, s in enumerate(style.sector_order(set(rows["sector"])))}
    rows = rows.assign(shown=differ & (place <= _SHOWN), rank=rows["sector"].map(order))
    return rows.sort_values(["rank", "apart"], ascending=[True, False], kind="stable").drop(
        columns="rank"
    )


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw a line from the plan's level to the least-cost level for each measure."""
    shown = rows[rows["shown"]].reset_index(drop=True)
    y, heads = _places(shown)
    lines = len(shown) + len(heads)
    axes = page.axes(_LEFT, style.HEAD + _KEY, page.width - _LEFT - _RIGHT, _ROW * max(lines, 1))
    axes.set(xlim=(-0.02, 1.02), ylim=(lines - 0.4, -0.6))
    axes.hlines(y, 0, 1, color=style.RULE, linewidth=0.5)
    axes.hlines(y, shown["plan"], shown["least_cost"], color="#8a8a8a", linewidth=1.6)
    _marks(axes, shown, y, page.words)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel(page.words.say(_AXIS))
    _names(axes, shown, y, page.words)
    _heads(axes, heads, page.words)
    style.bare(axes, "bottom")


def _places(shown: pd.DataFrame) -> tuple[Floats, dict[str, float]]:
    """Return the line of each measure and of each sector's name above its measures."""
    begins = (shown["sector"] != shown["sector"].shift()).to_numpy()
    y = np.arange(len(shown), dtype=np.float64) + np.cumsum(begins)
    return y, dict(zip(shown.loc[begins, "sector"], y[begins] - 1, strict=True))


def _marks(axes: Axes, shown: pd.DataFrame, y: Floats, words: Words) -> None:
    for case in _CASES:
        axes.plot(
            shown[case], y, style.CASE_MARKERS[case], color=style.CASE_COLOURS[case], ms=5,
            mec="#ffffff", mew=0.5, label=words.case(case), clip_on=False, zorder=3,
        )  # fmt: skip
    axes.plot(
        shown["reach"], y, "|", color=style.INK, ms=8, mew=0.9, label=words.say(_REACH),
        clip_on=False,
    )  # fmt: skip
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncol=3, frameon=False, fontsize=style.SMALL,
        handletextpad=0.1, columnspacing=1.0, borderaxespad=0.2, borderpad=0.0,
    )  # fmt: skip


def _names(axes: Axes, shown: pd.DataFrame, y: Floats, words: Words) -> None:
    room = (_LEFT - 0.3) * 72 / style.SMALL
    double = shown["measure"].duplicated(keep=False)
    labels = [
        wrap(words.name(m) + (f" ({words.unit(u)})" if d else ""), room, 1)
        for m, u, d in zip(shown["measure"], shown["uptake_unit"], double, strict=True)
    ]
    axes.set_yticks(y, labels)
    axes.tick_params(axis="y", length=0)


def _heads(axes: Axes, heads: dict[str, float], words: Words) -> None:
    for sector, y in heads.items():
        axes.annotate(
            words.name(sector), (0, y), (-(_LEFT - style.MARGIN) * 72, 0),
            xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
            size=style.SMALL, color=style.GREY,
        )  # fmt: skip


def height(rows: pd.DataFrame) -> float:
    """Return the height for the measures shown [inch]."""
    shown = rows[rows["shown"]]
    lines = len(shown) + shown["sector"].nunique()
    return style.HEAD + _KEY + _ROW * max(lines, 1) + 0.45 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return how many measures differ, and those furthest apart either way."""
    shown = rows[rows["shown"]].sort_values("apart", ascending=False)

    def named(more: pd.Series) -> str:
        names = list(dict.fromkeys(words.name(m) for m in shown.loc[more, "measure"].head(3)))
        return words.join(names)

    return {
        "year": str(int(rows["year"].iloc[0])),
        "shown": str(len(shown)),
        "hidden": str(len(rows) - len(shown)),
        "more": named(shown["least_cost"] > shown["plan"]),
        "less": named(shown["least_cost"] < shown["plan"]),
    }


CHART = Chart(
    id="uptake",
    rank=40,
    title=Text(
        "How far each measure goes in {year}: plan and least cost",
        "{year}年各项措施实施程度：方案与最低成本情景对比",
    ),
    caption=Text(
        "Level of each measure as a share of the activity it can be applied to; the bar marks its "
        "reach. Shown are the {shown} rows that differ most; {hidden} more differ less or not at "
        "all. The least-cost mix goes further on {more}, less far on {less}.",
        "各项措施的实施量占可实施对象的比例，竖线为可达上限。图中为两情景差别最大的{shown}行，"
        "另有{hidden}行差别较小或相同。最低成本情景力度更大的有：{more}；力度更小的有：{less}。",
    ),
    alt=Text(
        "Dumbbell chart of {shown} measures by sector. Least cost beyond the plan: {more}; below "
        "it: {less}.",
        "哑铃图，按行业列出{shown}行措施。最低成本高于方案的：{more}；低于方案的：{less}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
