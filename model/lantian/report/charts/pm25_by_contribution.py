"""PM2.5 by contribution and year against the observed means and the limit."""

import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import NoData, RunTables, in_case_order, pick, without_repeats
from lantian.report.lettering import width
from lantian.report.marks import (
    base_line,
    column_places,
    column_ticks,
    columns_of,
    headline,
    key,
    numbers_left,
    rules_up,
    stacks,
    year_axis,
    year_limits,
)
from lantian.report.paper import BOX, Panel
from lantian.report.words import Text, Words, figures, like

_CASES = ("baseline", "plan", "least_cost")
_INDICATOR = "pm25"
_COMPONENTS: dict[str, Text] = {
    "regional": Text("From outside the area", "区域传输"),
    "mobile": Text("Mobile sources", "移动源"),
    "dust": Text("Dust", "扬尘源"),
    "industry": Text("Industry", "工业源"),
    "living": Text("Living and solvents", "生活面源"),
    "coal": Text("Coal and gas", "燃煤燃气"),
    "other": Text("Other local", "其他本地源"),
}
_OBSERVED = Text("Observed", "监测值")
_SEEN = Text("{y}: {v}", "{y}年{v}")
_RANGE = Text("Range of the total", "总浓度范围")
_LIMIT = Text("Limit {value}", "限值{value}")
_HALO = 0.8  # opacity of the white behind a number
_LEFT, _PLOT, _TALL = 0.5, 4.05, 2.7


def frame(run: RunTables) -> pd.DataFrame:
    """Return components and totals by year and case, observed means and the limit [ug/m3]."""
    rows = run.table("indicators")
    rows = rows[(rows["indicator"] == _INDICATOR) & rows["case"].isin(_CASES)]
    none = Text("no PM2.5 response in this run", "本次运行没有PM2.5响应结果")
    pick(rows[rows["component"].isin(_COMPONENTS)], none)
    rows = in_case_order(without_repeats(run, rows), "year").assign(what="model")
    extra = [part for part in (_observed(run, rows), _limit(run)) if not part.empty]
    return pd.concat([rows, *extra], ignore_index=True)


def _observed(run: RunTables, model: pd.DataFrame) -> pd.DataFrame:
    if not run.has("observed"):
        return pd.DataFrame()
    rows = run.table("observed")
    years = rows["year"].between(model["year"].min(), model["year"].max())
    rows = rows[(rows["indicator"] == _INDICATOR) & years]
    return rows[["year", "value", "unit"]].assign(what="observed", case="", component="total")


def _limit(run: RunTables) -> pd.DataFrame:
    try:
        rows = run.table("targets")
    except NoData:
        return pd.DataFrame()
    rows = rows[(rows["indicator"] == _INDICATOR) & rows["limit"].notna()]
    rows = rows.sort_values("year").tail(1)[["year", "limit", "unit"]]
    return rows.rename(columns={"limit": "value"}).assign(what="limit", case="", component="total")


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw stacked columns by component with the range of the total, the points and the limit.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    model = rows[rows["what"] == "model"]
    parts = model[model["component"] != "total"]
    parts = _with_observed_years(parts, rows[rows["what"] == "observed"])
    pairs, values = columns_of(parts, "component", list(_COMPONENTS))
    places = column_places(pairs)
    top = max(values.sum(axis=0).max(), rows["value"].max(), float(model["high"].max(skipna=True)))
    unit = page.words.unit(str(rows["unit"].iloc[0]))
    ticks = column_ticks(top)
    panel = page.panel(
        _LEFT, style.HEAD + style.SUBTITLE + 0.22, _PLOT, _TALL, year_limits(places), ticks.limits
    )
    rules_up(panel, ticks.places)
    stacks(panel, places, values, [style.COMPONENT_COLOURS[c] for c in _COMPONENTS], 0.8)
    base_line(panel)
    numbers_left(panel, ticks.places, [figures(place) for place in ticks.places])
    year_axis(panel, pairs, places, page.words)
    at = dict(zip(pairs, places, strict=True))
    _whiskers(panel, model, at)
    _limit_line(panel, rows[rows["what"] == "limit"], page.words)
    _points(panel, rows[rows["what"] == "observed"], at)
    headline(panel, f"PM2.5 [{unit}]")
    _key(page, rows, [c for c, n in zip(_COMPONENTS, values.sum(axis=1), strict=True) if n > 0])


def _with_observed_years(parts: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Add an empty column for each year that was observed and not modelled."""
    lone = seen[~seen["year"].isin(parts["year"])]
    empty = lone.assign(value=0.0, component="regional")
    return pd.DataFrame(pd.concat([parts, empty]).sort_values("year", kind="stable"))


def _whiskers(panel: Panel, model: pd.DataFrame, at: dict[tuple[int, str], float]) -> None:
    totals = model[(model["component"] == "total") & model["low"].notna() & model["high"].notna()]
    spots = [at[int(y), str(c)] for y, c in zip(totals["year"], totals["case"], strict=True)]
    panel.strokes(spots, totals["low"], spots, totals["high"], style.INK, 1.0)
    for ends in (totals["low"], totals["high"]):
        panel.dots(spots, ends, "_", 5, None, style.INK, 1.0)


def _points(panel: Panel, seen: pd.DataFrame, at: dict[tuple[int, str], float]) -> None:
    """Set observed means over the columns of their year."""
    for year, value in zip(seen["year"], seen["value"], strict=True):
        here = [x for (y, _), x in at.items() if y == year]
        if here:
            x = (min(here) + max(here)) / 2
            panel.dots(x, value, "o", 6, style.WHITE, style.MISSED, 1.4)
            _number(panel, x, value)


def _number(panel: Panel, x: float, value: float) -> None:
    """Write an observed mean beside its point, on a little white."""
    text, point = figures(value), 1 / style.POINTS
    left, base = float(panel.x(x)) + 6 * point, float(panel.y(value)) - 4 * point
    wide, tall = width(text) * style.TINY * point, style.TINY * point
    x0, x1, y0, y1 = left - point, left + wide + point, base - tall, base + point
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    panel.paper.path(corners, BOX, style.WHITE, alpha=_HALO)
    panel.paper.write(text, left, base, style.TINY, style.MISSED)


def _limit_line(panel: Panel, limit: pd.DataFrame, words: Words) -> None:
    right = panel.across[1]
    for value in limit["value"]:
        panel.line(panel.across, (value, value), style.MISSED, 1.0, (5, 2))
        text = words.say(_LIMIT, value=figures(value))
        panel.label(text, right, value, style.TINY, style.MISSED, shift=(2, 0))


def _key(page: Page, rows: pd.DataFrame, components: list[str]) -> None:
    names = {
        page.words.say(_COMPONENTS[c]): style.COMPONENT_COLOURS[c] for c in reversed(components)
    }
    left, top = _LEFT + _PLOT + 0.5, style.HEAD + style.SUBTITLE + 0.22
    key(page, left, top, names)
    below = top + 0.27 * len(names) + 0.08
    panel = page.panel(left, below, 1.0, 0.5, (0, 1.0), (2, 0))
    if (rows["what"] == "observed").any():
        panel.dots(0.05, 0.5, "o", 6, style.WHITE, style.MISSED, 1.4)
        panel.label(page.words.say(_OBSERVED), 0.16, 0.5, style.SMALL)
    if rows["low"].notna().any():
        panel.strokes(0.05, 1.15, 0.05, 1.85, style.INK, 1.4)
        panel.dots([0.05, 0.05], [1.15, 1.85], "_", 5, None, style.INK, 1.0)
        panel.label(page.words.say(_RANGE), 0.16, 1.5, style.SMALL)


def height(rows: pd.DataFrame) -> float:
    """Return the height of plot and texts [inch]."""
    return style.HEAD + style.SUBTITLE + 0.22 + _TALL + 0.42 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return years, the totals of the last year, the observed means and the limit.

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
    model = rows[rows["what"] == "model"]
    last = model[(model["year"] == model["year"].max()) & (model["component"] == "total")]
    totals = [
        f"{words.case(c)} {like(v, v)}" for c, v in zip(last["case"], last["value"], strict=True)
    ]
    seen = rows[rows["what"] == "observed"]
    observed = [
        words.say(_SEEN, y=str(y), v=figures(v))
        for y, v in zip(seen["year"], seen["value"], strict=True)
    ]
    limit = rows.loc[rows["what"] == "limit", "value"]
    return {
        "span": words.span(int(model["year"].min()), int(model["year"].max())),
        "last": str(model["year"].max()),
        "years": words.years(int(model["year"].min()), int(model["year"].max())),
        "letters": words.letters(model["case"]),
        "totals": words.join(totals),
        "observed": words.join(observed),
        "limit": words.join(figures(value) for value in limit),
        "unit": words.unit(str(rows["unit"].iloc[0])),
    }


CHART = Chart(
    id="pm25-by-contribution",
    rank=35,
    title=Text(
        "Annual mean PM2.5 by contribution, {years}\n{letters}",
        "{years}年PM2.5年均浓度来源构成\n{letters}",
    ),
    caption=Text(
        "Modelled annual mean PM2.5 by contribution; in {last}: {totals} {unit}. Observed: "
        "{observed}. Limit: {limit}. The bars on top show the range of the total. Contributions "
        "follow local emissions linearly; the regional part is an input.",
        "模拟PM2.5年均浓度及来源构成；{last}年：{totals}（{unit}）。监测值：{observed}。限值：{limit}。"
        "柱顶线段为总浓度范围。本地贡献随排放量线性变化，区域传输为输入条件。",
    ),
    alt=Text(
        "Stacked columns of PM2.5 by contribution, {span}. In {last}: {totals} {unit}; "
        "limit {limit}; observed {observed}.",
        "PM2.5来源构成堆积柱状图，{span}。{last}年：{totals}（{unit}）；限值{limit}；监测值：{observed}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
