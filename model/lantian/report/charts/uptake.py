"""How far the plan and the least-cost mix take each measure, as a dumbbell per measure."""

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick
from lantian.report.lettering import Floats, width, wrap
from lantian.report.marks import (
    Sign,
    base_line,
    label_room,
    names_left,
    numbers_below,
    sign_row,
)
from lantian.report.paper import Panel
from lantian.report.words import Text, Words

_CASES = ("plan", "least_cost")
_KEYS = ("sector", "measure", "uptake_unit")
_SHOWN = 24
_ROW = 0.185
_WIDEST, _RIGHT = 3.1, 0.3
_KEY = 0.12
_SIGNS_UP = 0.25  # row of the key above the plot area [inch]
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
    planned = bool((rows["case"] == "plan").any())
    both["plan"] = both["plan"] if planned else np.nan
    both["apart"] = (both["plan"].fillna(0.0) - both["least_cost"]).abs()
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
    """Draw a line from the plan's level to the least-cost level for each measure.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    shown = rows[rows["shown"]].reset_index(drop=True)
    y, heads = _places(shown)
    lines = len(shown) + len(heads)
    names = _names(shown, page.words)
    left = label_room(names, _WIDEST)
    panel = page.panel(
        left, style.HEAD + _KEY, page.width - left - _RIGHT, _ROW * max(lines, 1), (-0.02, 1.02),
        (lines - 0.4, -0.6),
    )  # fmt: skip
    panel.strokes(0, y, 1, y, style.RULE, 0.5)
    panel.strokes(shown["plan"].fillna(0.0), y, shown["least_cost"], y, "#8a8a8a", 1.6)
    _marks(page, panel, shown, y)
    base_line(panel)
    fifths = np.arange(6) / 5
    numbers_below(panel, fifths, [f"{share:.0%}" for share in fifths], page.words.say(_AXIS))
    names_left(panel, y, names)
    _heads(panel, heads, left, page.words)


def _places(shown: pd.DataFrame) -> tuple[Floats, dict[str, float]]:
    """Return the line of each measure and of each sector's name above its measures."""
    begins = (shown["sector"] != shown["sector"].shift()).to_numpy()
    y = np.arange(len(shown), dtype=np.float64) + np.cumsum(begins)
    return y, dict(zip(shown.loc[begins, "sector"], y[begins] - 1, strict=True))


def _marks(page: Page, panel: Panel, shown: pd.DataFrame, y: Floats) -> None:
    signs = [
        Sign(
            page.words.case(case),
            style.CASE_MARKERS[case],
            5,
            style.CASE_COLOURS[case],
            style.WHITE,
        )
        for case in _shown_cases(shown)
    ]
    for case, sign in zip(_shown_cases(shown), signs, strict=True):
        panel.dots(shown[case], y, sign.form, sign.size, sign.fill, sign.edge, sign.line)
    reach = Sign(page.words.say(_REACH), "|", 8, None, style.INK, 0.9)
    panel.dots(shown["reach"], y, reach.form, reach.size, None, reach.edge, reach.line)
    sign_row(page, panel.left, panel.top - _SIGNS_UP, [*signs, reach])


def _shown_cases(rows: pd.DataFrame) -> list[str]:
    return [case for case in _CASES if rows[case].notna().any()]


def _names(shown: pd.DataFrame, words: Words) -> list[str]:
    room = _WIDEST * style.POINTS / style.SMALL
    double = shown["measure"].duplicated(keep=False)
    names = []
    for measure, unit, twice in zip(shown["measure"], shown["uptake_unit"], double, strict=True):
        more = words.say(_IN_UNIT, unit=words.unit(unit)) if twice else ""
        names.append(wrap(words.name(measure), room - width(more), 1) + more)
    return names


_IN_UNIT = Text(" ({unit})", "（{unit}）")


def _heads(panel: Panel, heads: dict[str, float], left: float, words: Words) -> None:
    back = -(left - style.MARGIN) * style.POINTS
    for sector, y in heads.items():
        panel.label(
            words.name(sector), panel.across[0], y, style.SMALL, style.GREY, shift=(back, 0)
        )


def height(rows: pd.DataFrame) -> float:
    """Return the height for the measures shown [inch]."""
    shown = rows[rows["shown"]]
    lines = len(shown) + shown["sector"].nunique()
    return style.HEAD + _KEY + _ROW * max(lines, 1) + 0.45 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return how many measures differ, and those furthest apart either way.

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
    shown = rows[rows["shown"]].sort_values("apart", ascending=False)

    def named(more: pd.Series) -> str:
        names = list(dict.fromkeys(words.name(m) for m in shown.loc[more, "measure"].head(3)))
        return words.join(names)

    level = shown["plan"].fillna(0.0)
    more, less = named(shown["least_cost"] > level), named(shown["least_cost"] < level)
    numbers = {"shown": str(len(shown)), "hidden": str(len(rows) - len(shown))}
    compared = "plan" in _shown_cases(rows)
    count = _COUNT if compared else _COUNT_ALONE
    return {
        "year": str(int(rows["year"].iloc[0])),
        "shown": numbers["shown"],
        "count": words.say(count, **numbers),
        "cases": words.join([words.case(case) for case in _shown_cases(rows)]),
        "compare": words.say(_COMPARE if compared else _ALONE, more=more, less=less),
    }


_COUNT = Text(
    "Shown are the {shown} rows that differ most; {hidden} more differ less or not at all.",
    "图中为两情景差别最大的{shown}行，另有{hidden}行差别较小或相同。",
)
_COUNT_ALONE = Text(
    "Shown are the {shown} rows that go furthest; {hidden} more go less far or are not used.",
    "图中为实施程度最高的{shown}行，另有{hidden}行程度较低或未采用。",
)
_COMPARE = Text(
    "The least-cost mix goes further than the plan on: {more}; less far on: {less}.",
    "最低成本情景力度大于方案的有：{more}；力度小于方案的有：{less}。",
)
_ALONE = Text("The least-cost mix goes furthest on: {more}.", "最低成本情景力度最大的有：{more}。")


CHART = Chart(
    id="uptake",
    rank=40,
    title=Text("How far each measure goes in {year}", "{year}年各项措施实施程度"),
    caption=Text(
        "Level of each measure ({cases}) as a share of the activity it can be applied to; the bar "
        "marks its reach; where another measure supplies part, electric buses bought new for "
        "instance, less is left for it. {count} {compare}",
        "各项措施（{cases}）的实施量占可实施对象的比例，竖线为可达上限；"
        "一部分已由其他措施完成的（如新购电动公交），可实施的余量相应减少。{count}{compare}",
    ),
    alt=Text(
        "Dumbbell chart of {shown} measures by sector ({cases}). {compare}",
        "哑铃图，按行业列出{shown}行措施（{cases}）。{compare}",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
