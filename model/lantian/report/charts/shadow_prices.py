"""What one per cent of each limit costs in the least-cost mix, and which limits bind."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    amounts_below,
    base_line,
    intervals,
    names_left,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.chart import MORE, Chart, Page, amount, declare, fit_names, truth
from lantian.report.frames import Asked, Row, pick, rows_of
from lantian.report.lettering import PITCH, width, wrap
from lantian.report.words import Scale, Text, Words, figures
from lantian.results.contract import TARGET, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_ROW = 0.32
_SIZE = style.NORMAL
_COLOUR = style.CASE_COLOURS["least_cost"]
_SAID = 0.36  # part of the sheet's width that prices take at most
_PART = 0.01  # of a limit, whose cost is drawn
_AXIS = Text(
    "annual net cost of one per cent of the limit [{unit}]", "限值收紧1%的年净成本 [{unit}]"
)
_SLACK = Text("does not bind", "不起约束作用")
_PRICE = Text("{price} {unit}", "{price}{unit}")
_RELAXED = Text("limit relaxed by {value} {unit}", "限值放宽{value}{unit}")

DRAWN = declare(
    "shadow-prices",
    Text("Shadow prices of the targets", "各目标影子价格"),
    ("target", "year"),
    TARGET,
    YEAR,
    amount("shadow_price", "cost of one more unit of the limit", "影子价格"),
    UNIT,
    truth("binding", "whether the limit binds", "是否起约束作用"),
    amount("limit", "limit of the target", "限值", "limit_unit"),
    amount("relaxed_by", "by how much the limit was relaxed", "放宽量", "limit_unit"),
    replace(UNIT, name="limit_unit"),
    amount("one_percent", "cost of one per cent of the limit", "限值1%的成本", "cost_unit"),
    replace(UNIT, name="cost_unit"),
)


def frame(asked: Asked) -> Frame:
    """Return the price of each limit in the last year that it has one."""
    rows = asked.rows("prices")
    limits = {(r.target, r.year): r for r in asked.some("targets") if r.limit == r.limit}
    last: dict[str, Row] = {}
    for row in rows:
        before = last.get(row.target)
        later = before is None or row.year >= before.year
        if (row.target, row.year) in limits and later:
            last[row.target] = row
    none = Text("no limit has a price", "没有限值的影子价格")
    pick([row for row in last.values() if row.shadow_price], none)
    cells = []
    for row in last.values():
        limit = limits[row.target, row.year]
        cells.append(
            {
                "target": row.target,
                "year": row.year,
                "shadow_price": row.shadow_price,
                "unit": row.unit,
                "binding": row.binding,
                "limit": limit.limit,
                "relaxed_by": row.relaxed_by,
                "limit_unit": limit.unit,
                "one_percent": _PART * limit.limit * row.shadow_price,
                "cost_unit": row.cost_unit,
            }
        )
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw a bar for each limit: what one per cent of it costs, with its price in numbers."""
    rows, words = rows_of(drawn), page.words
    lines = 4 if page.layout.name == "column" else 2
    texts = (lines * PITCH + 0.2) * style.TINY / style.POINTS
    named = fit_names(page, (words.target(row.target) for row in rows), _SIZE, 0.36)
    least = max(texts, named.height)
    below, every = page.below(len(rows), least, BELOW), len(rows)
    rows = rows[: page.most_rows(least, below)]
    names = fit_names(page, (words.target(row.target) for row in rows), _SIZE, 0.36)
    tall = page.rows(len(rows), max(_ROW, least), least, below)
    scale = words.scale([max(row.one_percent for row in rows)], rows[0].cost_unit, money=True)
    most = _SAID * page.width * style.POINTS / style.TINY
    said = ["\n".join(wrap(line, most) for line in _said(row, words).split("\n")) for row in rows]
    room = max(width(line) for text in said for line in text.split("\n"))
    right = page.right - room * style.TINY / style.POINTS - 0.08
    high = max(row.one_percent for row in rows) or 1.0
    panel = page.panel(
        names.room, page.top, right - names.room, tall * len(rows), (0, high),
        (len(rows) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(0, high, intervals(panel.width / 2)).places)
    paid, y = [row.one_percent for row in rows], [n - 0.3 for n in range(len(rows))]
    panel.boxes(0, y, paid, 0.6, [_COLOUR])
    for n, row in enumerate(rows):
        colour = style.INK if row.binding else style.GREY
        panel.label(said[n], row.one_percent, n, style.TINY, colour, shift=(3, 0))
    side_line(panel)
    names_left(panel, range(len(rows)), names, _SIZE)
    base_line(panel)
    end = amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))
    return page.write_rest(MORE, every - len(rows), end)


def _said(row: Row, words: Words) -> str:
    """Return the price of a limit, or that it has none, and by how much it was relaxed."""
    if not row.shadow_price:
        return words.say(_SLACK)
    said = _price(row, words)
    if row.relaxed_by:
        unit = words.unit(row.limit_unit)
        said += "\n" + words.say(_RELAXED, value=figures(row.relaxed_by), unit=unit)
    return said


def _price(row: Row, words: Words) -> str:
    """Return the price in millions or ten thousands of the currency by the unit of the limit."""
    money, _, per = row.unit.partition("/")
    per = per.removeprefix("a/").strip("()") if per.startswith("a/") else per
    scale: Scale = words.scale([row.shadow_price], money, money=True)
    unit = f"{scale.unit}/({words.unit(row.limit_unit)})" if per not in ("t", "") else ""
    unit = unit or f"{scale.unit}/{words.unit('t')}"
    return words.say(_PRICE, price=scale.short(row.shadow_price), unit=unit)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return which limits bind and at what price."""
    rows = rows_of(drawn)
    binding = sorted((row for row in rows if row.shadow_price), key=lambda r: -r.one_percent)
    return {
        "years": words.years(min(row.year for row in rows), max(row.year for row in rows)),
        "n": str(len(rows)),
        "binding": str(len(binding)),
        "prices": words.phrases(f"{words.target(r.target)} {_price(r, words)}" for r in binding),
        "relaxed": words.phrases(words.target(row.target) for row in rows if row.relaxed_by),
    }


CHART = Chart(
    id="shadow-prices",
    rank=58,
    reads=("prices", "targets"),
    title=Text("What the last bit of each limit costs, {years}", "{years}年各限值的边际成本"),
    caption=Text(
        "Cost of tightening each limit by one per cent in the least-cost mix; at the right its "
        "shadow price, the cost of one unit. {binding} of {n} limits bind: {prices}. Relaxed among "
        "these: {relaxed}. Targets that the mix is not asked for, or that are out of reach and "
        "left out of it, have no price and are not here.",
        "最低成本情景中各限值收紧1%的年净成本，右侧为影子价格（每单位成本）。{n}项限值中{binding}项起约束作用：{prices}。"
        "其中放宽的：{relaxed}。未作为约束的目标和因无法达到而不计入组合的目标没有价格，不在图中。",
    ),
    alt=Text(
        "Bars of the cost of one per cent of each of {n} limits; {binding} bind. Shadow prices: "
        "{prices}. Relaxed: {relaxed}.",
        "{n}项限值各收紧1%的成本条形图，{binding}项起约束作用。影子价格：{prices}。放宽：{relaxed}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
