"""Marginal cost curve: width is reduction, height is yuan per tonne; one figure per pollutant."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick, pollutant_order
from lantian.report.lettering import Floats, wrap
from lantian.report.marks import (
    amounts_below,
    base_line,
    key,
    numbers_left,
    rules_up,
    side_line,
    ticks_within,
    title_left,
)
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words

_NAMED = 14
_LEFT, _PLOT, _TALL = 0.72, 3.05, 3.0
_LIST = 0.25
_SPREAD = 30.0  # heights further apart than this need a logarithmic axis
_QUARTER, _TENTH = 0.25, 0.1
_POWERS = 4
_MARGIN = 1.004  # so that a hair at the end of the curve is not cut off
_HAIR = 0.002  # part of the whole width below which a step is a hair and sets no scale
_WIDE, _HIGH = 9.0, 7.0  # room a number takes [point]
_NEXT = 16.0  # steps of one number nearer than this are numbered once [point]
_EDGED = 0.02  # part of the whole width from which a step has a white edge
_METHODS = {
    "integrated": Text(
        "least cost of each further tonne with all measures at hand, one step per measure and "
        "source; a measure can take several steps",
        "在全部措施中按最低成本逐吨增加减排量，每个台阶为一项措施在一个源上的应用，同一措施可有多个台阶",
    ),
    "alone": Text("each measure on its own against the baseline", "各项措施单独与基准情景比较"),
}
_REDUCTION = Text("reduction [{unit}]", "累计减排量 [{unit}]")
_IN_YEAR = Text(" in {year}", "{year}年")
_COST = Text("cost [{unit}]", "单位减排成本 [{unit}]")
_LOGARITHMIC = Text(", logarithmic", "，对数刻度")


def frame(run: RunTables) -> pd.DataFrame:
    """Return steps in the order of the curve, their left edge, and a number for the widest."""
    rows = run.table("macc")
    rows = rows[(rows["reduction"] > 0) & rows["unit_cost"].notna()]
    rows = pick(rows, Text("no step with a known cost", "没有成本已知的减排步骤"))
    if run.has("measures"):
        known = run.table("measures").drop_duplicates("measure").set_index("measure")["sector"]
        rows = rows.assign(sector=rows["measure"].map(known).fillna("inventory"))
    else:
        rows = rows.assign(sector="inventory")
    rows = rows.assign(year=_year(run))
    parts = [_steps(rows[rows["pollutant"] == p]) for p in pollutant_order(set(rows["pollutant"]))]
    return pd.concat(parts, ignore_index=True)


def _year(run: RunTables) -> int | None:
    """Return the year in which measures were compared: that of the least-cost case."""
    if not run.has("measures"):
        return None
    rows = run.table("measures")
    years = rows.loc[rows["case"] == "least_cost", "year"]
    return int(years.max()) if len(years) else None


def _steps(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values("order", kind="stable")
    wide = rows["reduction"].rank(method="first", ascending=False) <= _NAMED
    names = {name: n + 1 for n, name in enumerate(dict.fromkeys(rows.loc[wide, "measure"]))}
    number = rows["measure"].map(names).where(wide, 0).astype(int)
    return rows.assign(left=rows["reduction"].cumsum() - rows["reduction"], number=number)


@dataclass(frozen=True)
class Heights:
    """How costs are drawn: as they are, or in equal steps for equal ratios beyond ``start``."""

    limits: tuple[float, float]
    costs: Floats
    start: float = 0.0

    def of(self, costs: Floats) -> Floats:
        """Return the heights of costs."""
        if not self.start:
            return costs
        sizes = np.abs(costs)
        beyond = _NEAR_NOUGHT + np.log10(np.maximum(sizes, self.start) / self.start)
        return np.sign(costs) * np.where(
            sizes > self.start, beyond, sizes / self.start * _NEAR_NOUGHT
        )


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw the steps, number the widest and list them at the right with the other sectors.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    colours = page.tints(style.sector_order(set(rows["sector"])))
    total = float(rows["reduction"].sum())
    scale = _unit(rows, page.words)
    heights = _heights(_visible(rows)["unit_cost"].to_numpy(np.float64))
    panel = page.panel(_LEFT, style.HEAD + 0.1, _PLOT, _TALL, (0, total * _MARGIN), heights.limits)
    places = heights.of(heights.costs)
    rules_up(panel, places)
    _steps_of(panel, rows, heights, colours)
    panel.line(panel.across, (0, 0), style.GREY, 0.6)
    tonnes = page.words.scale([total], "t/a")
    base_line(panel)
    side_line(panel)
    amounts_below(panel, tonnes, page.words.say(_REDUCTION, unit=tonnes.unit))
    numbers_left(panel, places, [scale.say(cost) for cost in heights.costs], marked=True)
    log = page.words.say(_LOGARITHMIC) if heights.start else ""
    title_left(panel, page.words.say(_COST, unit=scale.unit) + log, _LEFT - 0.17)
    named = rows[rows["number"] > 0]
    _numbers(panel, named, heights)
    _list(page, named, colours)
    _others(page, rows, colours)


def _steps_of(panel: Panel, rows: pd.DataFrame, heights: Heights, colours: dict[str, str]) -> None:
    hairs = rows["reduction"] < _EDGED * rows["reduction"].sum()
    tints = [colours[s] for s in rows["sector"]]
    edges = [t if hair else style.WHITE for t, hair in zip(tints, hairs, strict=True)]
    tops = np.clip(heights.of(rows["unit_cost"].to_numpy(np.float64)), *panel.up)
    panel.boxes(rows["left"], 0, rows["reduction"], tops, tints, edges)


def _others(page: Page, rows: pd.DataFrame, colours: dict[str, str]) -> None:
    """Name the colours that no listed measure has, largest first, as far as there is room."""
    named = rows[rows["number"] > 0]
    top = style.HEAD + 0.1 + _LIST * named["number"].nunique()
    lines = int((style.HEAD + 0.1 + _TALL + _BELOW - top) / _LIST)
    sums = rows[~rows["sector"].isin(named["sector"])].groupby("sector")["reduction"].sum()
    sectors = list(sums.sort_values(ascending=False).index)[: max(lines, 0)]
    if sectors:
        names = {page.words.name(sector): colours[sector] for sector in sectors}
        key(page, _LEFT + _PLOT + 0.18, top, names, _LIST)


_BELOW = 0.4  # room beside the name of the axis [inch]


def _visible(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the steps wide enough to be seen; all when none is."""
    wide = rows["reduction"] >= _HAIR * rows["reduction"].sum()
    return rows[wide] if wide.any() else rows


def _unit(rows: pd.DataFrame, words: Words) -> Scale:
    sizes = _visible(rows)["unit_cost"].abs()
    return words.scale([sizes.max(), sizes.median()], str(rows["unit"].iloc[0]))


_NEAR_NOUGHT = 0.6 / (1 - 1 / 10)  # height of the even part beside one power of ten


def _heights(cost: Floats) -> Heights:
    """Return the height axis: even, or logarithmic on both sides of nought when costs spread."""
    sizes = np.abs(cost[cost != 0])
    spread = sizes.max(initial=1.0) / np.quantile(sizes, _QUARTER) if sizes.size else 1.0
    low, high = min(cost.min(), 0.0), max(cost.max(), 0.0)
    even = spread <= _SPREAD
    grow = 1.12 if even else 3.0
    bottom, top = low * grow, high * grow if high > 0 else -low * 0.1
    if even:
        return Heights((bottom, top), ticks_within(bottom, top).places)
    start = _threshold(sizes)
    there = Heights((0.0, 0.0), np.array(_powers(bottom, top, start)), start)
    bottom, top = there.of(np.array([bottom, top]))
    return replace(there, limits=(float(bottom), float(top)))


def _threshold(sizes: Floats) -> float:
    """Return the power of ten below which the axis is linear; at most five powers above it."""
    low = np.floor(np.log10(np.quantile(sizes, _TENTH)))
    return float(10.0 ** max(low, np.floor(np.log10(sizes.max())) - _POWERS))


def _powers(low: float, high: float, start: float) -> list[float]:
    """Return tick places: nought and the powers of ten within the axis on either side."""
    exponents = range(int(np.log10(start)), int(np.log10(max(high, -low))) + 1)
    ticks = [10.0**n for n in exponents]
    return [-t for t in ticks if t <= -low] + [0.0] + [t for t in ticks if t <= high]


def _numbers(panel: Panel, rows: pd.DataFrame, heights: Heights) -> None:
    """Number the steps; a number that would touch another one moves away from the step.

    Neighbours of the same number share one. That of a narrow step stands over the lower side.
    """
    taken: list[tuple[float, float]] = []
    seen: dict[int, float] = {}
    ups = heights.of(rows["unit_cost"].to_numpy(np.float64))
    for left, width, up, number in zip(
        rows["left"], rows["reduction"], ups, rows["number"], strict=True
    ):
        start, end = panel.x((left, left + width)) * style.POINTS
        y = -float(panel.y(up)) * style.POINTS
        away = 1 if up >= 0 else -1
        x = end - _WIDE / 2 if away > 0 else start + _WIDE / 2
        x = (start + end) / 2 if end - start > _WIDE else x
        if x - seen.get(number, -_NEXT) < _NEXT:
            continue
        seen[number] = x
        lift = 2.0
        while any(abs(x - a) < _WIDE and abs(y + away * lift - b) < _HIGH for a, b in taken):
            lift += 2.0
        taken.append((x, y + away * lift))
        panel.label(
            str(number), left, up, style.TINY, side="middle",
            level="bottom" if away > 0 else "top", shift=(x - start, -away * lift),
        )  # fmt: skip


def _list(page: Page, rows: pd.DataFrame, colours: dict[str, str]) -> None:
    left = _LEFT + _PLOT + 0.18
    room = page.width - left - style.MARGIN
    rows = rows.drop_duplicates("number")
    n = len(rows)
    panel = page.panel(left, style.HEAD + 0.02, room, _LIST * n, (0, room), (n, 0))
    tints = [colours[s] for s in rows["sector"]]
    y = np.arange(n) + 0.5
    panel.boxes(0, y - 0.25, 0.1, 0.5, tints, "#8a8a8a")
    fit = (room - 0.32) * style.POINTS / style.SMALL
    for place, number, measure in zip(y, rows["number"], rows["measure"], strict=True):
        panel.label(str(number), 0.27, place, style.SMALL, side="right")
        panel.label(wrap(page.words.name(measure), fit), 0.33, place, style.SMALL)


def _method(name: str, words: Words) -> str:
    return words.say(_METHODS[name]) if name in _METHODS else words.given(name)


def height(rows: pd.DataFrame) -> float:
    """Return the height of plot, axis names and foot [inch]."""
    return style.HEAD + 0.1 + _TALL + 0.45 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return pollutant, whole reduction, method and the ends of the curve.

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
    seen = _visible(rows)
    first, last = seen.iloc[0], seen.iloc[-1]
    scale = _unit(rows, words)
    year = rows["year"].iloc[0]
    return {
        "p": words.pollutant(str(first["pollutant"])),
        "total": words.amount(round(float(rows["reduction"].sum()), 2)),
        "unit": scale.unit,
        "method": _method(str(first["method"]), words),
        "n": str(int((rows["number"] > 0).sum())),
        "all": str(len(rows)),
        "cheap": words.name(str(first["measure"])),
        "low": scale.short(float(first["unit_cost"])),
        "dear": words.name(str(last["measure"])),
        "high": scale.short(float(last["unit_cost"])),
        "year": "" if pd.isna(year) else words.say(_IN_YEAR, year=str(int(year))),
        "hair": f"{_HAIR:.1%}",
    }


CHART = Chart(
    id="marginal-cost",
    rank=50,
    title=Text("What the next tonne of {p} costs{year}", "{year}{p}边际减排成本曲线"),
    caption=Text(
        "{all} steps, together {total} t/a of {p}; those of at least {hair} of it go from {cheap} "
        "({low} {unit}) to {dear} ({high} {unit}). Width: reduction; height: cost per tonne; the "
        "{n} widest steps are named, colour shows their sector. Negative costs save money. "
        "Method: {method}.",
        "共{all}步，合计减排{p} {total}吨/年；其中占比不小于{hair}的由“{cheap}”（{low}{unit}）"
        "至“{dear}”（{high}{unit}）。宽度为减排量，高度为单位减排成本；标出最宽的{n}步，颜色表示所属行业。成本为负表示节省。方法：{method}。",
    ),
    alt=Text(
        "Step curve of {p}: {total} t/a in {all} steps, from {low} to {high} {unit}.",
        "{p}边际减排成本阶梯曲线：{all}步合计{total}吨/年，单位成本由{low}至{high}{unit}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
    split="pollutant",
)
