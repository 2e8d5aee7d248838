"""What it costs that every target holds with a probability."""

import numpy as np

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    base_line,
    intervals,
    numbers_below,
    numbers_left,
    room_for_numbers,
    rules_up,
    side_line,
    ticks_within,
    title_left,
)
from lantian.report.chart import Chart, Page, amount, declare, share, truth
from lantian.report.frames import Asked, Row, pick, rows_of
from lantian.report.keys import Dot, Entry, Stroke, draw_key
from lantian.report.words import Scale, Text, Words, chance_text
from lantian.results.contract import UNIT
from lantian.results.frame import Frame, make_frame

_TALL = 2.8
_ROOM = 0.06  # part of the range left free at the ends of an axis
_LINE = "#3f7fb0"
_DASH = (4.0, 2.0)
_AXIS = Text("probability with which each target is to hold", "要求各目标达标的概率")
_COST = Text("annual net cost at central values [{unit}]", "中值年净成本 [{unit}]")
_HAD = Text("cheapest mix that holds so often", "按该概率达标的最低成本组合")
_NEAR = Text("out of reach: the nearest mix", "不可达：最接近的组合")
_LEAST = Text("least cost at central values", "中值下的最低成本")

DRAWN = declare(
    "cost-of-being-sure",
    Text("Cost of mixes that hold with a probability", "按概率达标的组合成本"),
    ("asked",),
    share("asked", "probability that is asked for", "要求的概率"),
    truth("within_reach", "whether it can be had", "是否可达"),
    share("lowest", "lowest probability of a target on fresh samples", "检验样本中最低的达标概率"),
    amount("cost", "annual net cost", "年净成本"),
    amount("least", "least cost at central values", "中值下的最低成本"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return one row per probability that was asked for."""
    rows = [row for row in asked.rows("robust") if row.asked == row.asked]
    rows = pick(rows, Text("no probability was asked for", "未要求按概率达标"))
    unit = f"{asked.summary().get('currency', 'yuan')}/a"
    cells: dict[float, dict[str, object]] = {}
    lowest: dict[float, float] = {}
    for row in rows:
        least = row.cost - row.more
        cells[row.asked] = {
            "asked": row.asked, "within_reach": row.within_reach, "cost": row.cost, "least": least,
            "unit": unit,
        }  # fmt: skip
        if row.target:
            lowest[row.asked] = min(lowest.get(row.asked, 1.0), row.probability)
    return make_frame(DRAWN, [cells[p] | {"lowest": lowest[p]} for p in sorted(cells)])


def draw(page: Page, drawn: Frame) -> float:
    """Draw cost over probability, beside the least cost."""
    rows, words = rows_of(drawn), page.words
    scale = _scale(rows, words)
    top = draw_key(page, _key(rows, words), page.top) + 0.12
    asked, cost = np.array([r.asked for r in rows]), np.array([r.cost for r in rows])
    had = np.array([bool(row.within_reach) for row in rows])
    low, high = min(cost.min(), rows[0].least, 0.0), max(cost.max(), rows[0].least)
    room = _ROOM * ((high - low) or 1.0)
    ticks = ticks_within(low, high + room, intervals(_TALL))
    names = [scale.say(place) for place in ticks.places]
    left = page.left + room_for_numbers(names, marked=True) + 0.16
    free = page.bottom - top - BELOW
    tall = free if page.layout.fixed else min(_TALL, free)
    spare = _ROOM * (float(np.ptp(asked)) or 1.0)
    panel = page.panel(
        left, top, page.right - left - 0.2, tall,
        (float(asked.min() - spare), float(asked.max() + spare)), (low, high + room),
    )  # fmt: skip
    rules_up(panel, ticks.places)
    panel.line(panel.across, [rows[0].least] * 2, style.GREY, 1.0, _DASH)
    panel.line(asked[had], cost[had], _LINE, 1.4)
    panel.dots(asked[had], cost[had], "o", 5, _LINE)
    panel.dots(asked[~had], cost[~had], "o", 5, style.WHITE, style.MISSED, 1.0)
    base_line(panel)
    side_line(panel)
    numbers_left(panel, ticks.places, names, marked=True)
    title_left(panel, words.say(_COST, unit=scale.unit), page.left + 0.04)
    places = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    shown = [p for p in places if panel.across[0] <= p <= panel.across[1]]
    return numbers_below(panel, shown, [f"{p:.0%}" for p in shown], words.say(_AXIS))


def _key(rows: list[Row], words: Words) -> list[Entry]:
    entries: list[Entry] = [Dot(words.say(_HAD), "o", 5, _LINE)]
    if not all(row.within_reach for row in rows):
        entries.append(Dot(words.say(_NEAR), "o", 5, style.WHITE, style.MISSED, 1.0))
    return [*entries, Stroke(words.say(_LEAST), style.GREY, 1.0, _DASH)]


def _scale(rows: list[Row], words: Words) -> Scale:
    return words.scale([max(abs(row.cost) for row in rows)], rows[0].unit, money=True)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return what each probability costs, and how often it held on fresh samples."""
    rows = rows_of(drawn)
    scale = _scale(rows, words)
    each = [
        words.say(
            _EACH if row.within_reach else _FAR, asked=f"{100 * row.asked:g}%",
            cost=scale.short(row.cost), lowest=chance_text(row.lowest),
        )
        for row in rows
    ]  # fmt: skip
    return {
        "unit": scale.unit,
        "each": words.phrases(each),
        "least": scale.short(rows[0].least),
    }


_EACH = Text("{asked} {cost} (held {lowest})", "{asked} {cost}（检验{lowest}）")
_FAR = Text(
    "{asked} is out of reach, the nearest {cost} (held {lowest})",
    "{asked}不可达，最接近者{cost}（检验{lowest}）",
)

CHART = Chart(
    id="cost-of-being-sure",
    rank=45,
    reads=("robust",),
    title=Text("What being sure costs", "达标把握的代价"),
    caption=Text(
        "Annual net cost [{unit}] of the cheapest mix that meets each target with a probability; "
        "in brackets how often the target that holds least did so in samples not used to find it: "
        "{each}. Least cost at central values: {least}.",
        "按给定概率达到各目标的最低成本组合的年净成本（{unit}），括号内为检验样本中达标概率最低的目标：{each}。"
        "中值下的最低成本：{least}。",
    ),
    alt=Text(
        "Line of annual net cost [{unit}] over the probability asked for: {each}. Least cost at "
        "central values: {least}.",
        "年净成本（{unit}）随要求的达标概率变化的折线图：{each}。中值下的最低成本：{least}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
