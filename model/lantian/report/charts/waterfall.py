"""From base year to target year by growth, turnover and measure; one figure per pollutant."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick
from lantian.report.lettering import Floats, wrap
from lantian.report.marks import amounts_below, base_line, label_room, names_left
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words

_POLLUTANTS = ("NOx", "VOC", "PM2.5")
_SHOWN = 10
_ROW = 0.235
_WIDEST, _RIGHT = 3.1, 0.6
_CUT = 0.45
_STEP_NAMES = {
    "base": Text("Emission in {year}", "{year}年排放量"),
    "growth": Text("Change of activity", "活动水平变化"),
    "turnover": Text("Natural turnover and rules in force", "自然更替与既有规定"),
    "final": Text("With the plan in {year}", "{year}年方案排放量"),
    "other": Text("Other measures ({n})", "其他措施（{n}项）"),
}
_COLOURS = {
    "base": style.CASE_COLOURS["plan"],
    "growth": "#9a9a9a",
    "turnover": "#9a9a9a",
    "measure": "#6fa8d0",
    "other": "#c5dcec",
    "final": style.CASE_COLOURS["plan"],
}


_RISE = "#b3261e"  # of any step that adds to the emission


def frame(run: RunTables) -> pd.DataFrame:
    """Return the bars: the largest measures in falling order, the rest pooled [t/a]."""
    rows = run.table("bridge")
    found = [p for p in _POLLUTANTS if p in set(rows["pollutant"])]
    none = Text("no bridge for NOx, VOC or PM2.5", "没有NOx、VOCs或PM2.5的变化分解")
    parts = [_bars(rows[rows["pollutant"] == p].sort_values("order")) for p in found]
    return pick(pd.concat(parts) if parts else rows.iloc[:0], none)


def _bars(rows: pd.DataFrame) -> pd.DataFrame:
    measures = rows[rows["step"] == "measure"].assign(count=1)
    measures = measures[measures["value"] != 0]
    by_size = measures.sort_values("value", key=lambda v: -v.abs(), kind="stable")
    shown, rest = by_size.head(_SHOWN), by_size.iloc[_SHOWN:]
    pooled = rest.head(1).assign(
        step="other", measure="", value=rest["value"].sum(), count=len(rest)
    )
    before, after = rows[rows["step"].isin(["base", "growth", "turnover"])], rows["step"] == "final"
    bars = pd.concat([before, shown, pooled, rows[after]], ignore_index=True)
    levels = bars["value"].where(bars["step"] != "final", 0.0).cumsum()
    bars["end"] = levels.where(bars["step"] != "final", bars["value"])
    whole = bars["step"].isin(["base", "final"])
    bars["start"] = (levels - bars["value"]).where(~whole, 0.0)
    return bars


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw horizontal bars from top to bottom, each beginning where the last one ended.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    names = [_name(row, page.words) for row in rows.itertuples()]
    left = label_room(names, _WIDEST)
    start, end = rows["start"].to_numpy(np.float64), rows["end"].to_numpy(np.float64)
    whole = rows["step"].isin(["base", "final"]).to_numpy()
    floor = _floor(start, end, whole)
    start = np.where(whole, floor, start)
    limits = (floor, end.max() + (end.max() - floor) * 0.02)
    panel = page.panel(
        left, style.HEAD, page.width - left - _RIGHT, _ROW * len(rows), limits,
        (len(rows) - 0.4, -0.6),
    )  # fmt: skip
    y = np.arange(len(rows), dtype=np.float64)
    risen = (rows["value"] > 0) & ~whole
    colours = [_RISE if up else _COLOURS[s] for s, up in zip(rows["step"], risen, strict=True)]
    panel.boxes(np.minimum(start, end), y - 0.34, np.abs(end - start), 0.68, colours)
    panel.strokes(end[:-1], y[:-1] - 0.34, end[:-1], y[:-1] + 1.34, style.GREY, 0.5)
    names_left(panel, y, names)
    _values(panel, rows, np.maximum(start, end))
    base_line(panel)
    amounts_below(panel, Scale(1.0, ""), _axis_name(rows, page.words, floor))
    if floor > 0:
        _break(panel, y[whole], floor, float(end.max()))


def _floor(start: Floats, end: Floats, whole: NDArray[np.bool_]) -> float:
    """Return where the axis begins: nought, or below the lowest step when that is far from it."""
    lowest = float(min(end.min(), start[~whole].min(initial=end.min())))
    span = float(end.max()) - lowest
    return max(0.0, lowest - span * 0.35) if lowest > _CUT * end.max() else 0.0


def _values(panel: Panel, rows: pd.DataFrame, reach: Floats) -> None:
    """Print the values where the bars end, all with the same decimals."""
    digits = _digits(rows)
    for y, (x, step, value) in enumerate(zip(reach, rows["step"], rows["value"], strict=True)):
        whole = step in ("base", "final")
        text = f"{value:,.{digits}f}" if whole else _signed(value, digits)
        panel.label(text, x, y, style.SMALL, shift=(3, 0))


def _digits(rows: pd.DataFrame) -> int:
    """Return how many decimals the measures need: none, or one or two when they are small."""
    steps = rows.loc[rows["step"] == "measure", "value"].abs()
    largest = float(steps.max()) if len(steps) else _LARGE
    return 0 if largest >= _LARGE else 1 if largest >= 1 else 2


_LARGE = 100.0  # t/a; from here on a decimal says nothing


def _signed(value: float, digits: int) -> str:
    """Return a change with its sign; nought when it rounds to nought."""
    text = f"{value:+,.{digits}f}".replace("-", "−")
    return text if any(sign in "123456789" for sign in text) else "0"


def _name(row: Any, words: Words) -> str:
    if row.step == "measure":
        return wrap(words.name(row.measure), _WIDEST * style.POINTS / style.SMALL, 1)
    year = row.to_year if row.step == "final" else row.from_year
    return words.say(_STEP_NAMES[row.step], year=str(year), n=str(row.count).split(".")[0])


def _break(panel: Panel, y: Floats, floor: float, top: float) -> None:
    """Cut the two whole bars with a white stroke: their axis does not begin at nought."""
    x = floor + (top - floor) * 0.03
    d = (top - floor) * 0.008
    panel.strokes(x - d, y + 0.45, x + d, y - 0.45, style.WHITE, 2.2)


def _axis_name(rows: pd.DataFrame, words: Words, floor: float) -> str:
    name = f"{words.pollutant(rows['pollutant'].iloc[0])} [{words.unit(rows['unit'].iloc[0])}]"
    cut = Text("axis does not begin at 0", "横轴不从0开始")
    return f"{name}  ({words.say(cut)})" if floor > 0 else name


def height(rows: pd.DataFrame) -> float:
    """Return the height of all bars with head and foot [inch]."""
    return style.HEAD + _ROW * len(rows) + 0.45 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return years, base and final emission, and the largest measures.

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
    by_step = rows.set_index("step")["value"]
    digits = _digits(rows)
    unit = words.unit(str(rows["unit"].iloc[0]))
    largest = rows[rows["step"] == "measure"].head(3)
    return {
        "p": words.pollutant(str(rows["pollutant"].iloc[0])),
        "first": str(int(rows["from_year"].iloc[0])),
        "last": str(int(rows["to_year"].iloc[0])),
        "base": f"{by_step['base']:,.{digits}f}",
        "final": f"{by_step['final']:,.{digits}f}",
        "unit": unit,
        "growth": _signed(float(by_step.get("growth", 0.0)), digits),
        "turnover": _signed(float(by_step.get("turnover", 0.0)), digits),
        "largest": words.join(
            [
                f"{words.name(m)} {_signed(v, digits)}"
                for m, v in zip(largest["measure"], largest["value"], strict=True)
            ]
        ),
        "n": str(int((rows["step"] == "measure").sum())),
    }


CHART = Chart(
    id="waterfall",
    rank=20,
    title=Text(
        "{p} from {first} to {last}: what raises and what cuts it",
        "{first}—{last}年{p}排放量变化分解",
    ),
    caption=Text(
        "{p} emission from {base} in {first} to {final} {unit} in {last} with the plan: activity "
        "{growth}, natural turnover and rules in force {turnover}, then the {n} largest measures "
        "and the rest pooled. Credits of measures add up to the whole; overlaps are shared out. "
        "Largest: {largest}.",
        "{p}排放量由{first}年的{base}变为{last}年方案情景下的{final}{unit}：活动水平变化{growth}，"
        "自然更替与既有规定{turnover}，其后为减排量最大的{n}项措施，其余合并。"
        "各措施减排量之和等于总减排量，重叠部分已分摊。最大的是：{largest}。",
    ),
    alt=Text(
        "Waterfall of {p} [{unit}]: {base} in {first}, activity {growth}, turnover {turnover}, "
        "largest measures {largest}, {final} in {last}.",
        "{p}排放量变化瀑布图（{unit}）：{first}年{base}，活动水平变化{growth}，自然更替{turnover}，"
        "主要措施{largest}，{last}年{final}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
    split="pollutant",
)
