"""Vehicles by emission standard and year, baseline beside plan, one panel per vehicle group."""

from dataclasses import replace

from lantian.report import style
from lantian.report.chart import Chart, Page, amount, declare, word
from lantian.report.columns import Stack, draw_stacks
from lantian.report.frames import (
    Asked,
    Row,
    case_rank,
    distinct,
    pick,
    rows_of,
    sums,
    with_inventory,
    without_repeats,
)
from lantian.report.keys import draw_key, swatches
from lantian.report.words import Text, Words
from lantian.results.contract import CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("baseline", "plan", "least_cost")
_SECTOR = "on-road"
_GROUPS: dict[str, Text] = {
    "truck": Text("Trucks", "货车"),
    "bus": Text("Buses and coaches", "公交及客车"),
    "car": Text("Cars and taxis", "小客车及出租车"),
    "service": Text("Postal and sanitation vehicles", "邮政快递及环卫车"),
}
_STANDARD_NAMES: dict[str, Text] = {
    "0": Text("Before China I", "国一前"),
    "I": Text("China I", "国一"),
    "II": Text("China II", "国二"),
    "III": Text("China III", "国三"),
    "IV": Text("China IV", "国四"),
    "V": Text("China V", "国五"),
    "VI": Text("China VI", "国六"),
    "battery": Text("Battery electric", "纯电动"),
}

_BATTERY = "battery"

DRAWN = declare(
    "fleet-by-standard",
    Text("Vehicles by group and emission standard", "各类机动车按排放标准的数量"),
    ("group", "year", "case", "standard"),
    word("group", "group of vehicles", "车型", tuple(_GROUPS)),
    YEAR,
    replace(CASE, words=("inventory", *_CASES)),
    word("standard", "emission standard", "排放标准", tuple(_STANDARD_NAMES)),
    amount("value", "vehicles", "数量"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return vehicles by group, year, case and standard."""
    rows = [r for r in asked.rows("activity") if r.sector == _SECTOR and r.case in _CASES]
    none = Text("no road fleet by standard", "没有分排放标准的机动车保有量")
    rows = with_inventory(asked, without_repeats(asked, pick(rows, none)))
    kinds = {(row.source, row.technology): row for row in asked.some("vehicles")}
    found: dict[tuple[str, int, str, str, str], float] = {}
    for row in rows:
        group, standard = _kind(kinds.get((row.source, row.technology)))
        if group in _GROUPS and row.value:
            key = group, row.year, row.case, standard, row.unit
            found[key] = found.get(key, 0.0) + row.value
    groups, standards = list(_GROUPS), list(_STANDARD_NAMES)
    order = sorted(
        found, key=lambda k: (groups.index(k[0]), k[1], case_rank(k[2]), standards.index(k[3]))
    )
    names = ("group", "year", "case", "standard", "unit")
    cells = [dict(zip(names, key, strict=True)) | {"value": found[key]} for key in order]
    return make_frame(DRAWN, pick(cells, none))


def _kind(row: Row | None) -> tuple[str, str]:
    return ("", "") if row is None else (row.group, row.standard or _BATTERY)


def draw(page: Page, drawn: Frame) -> float:
    """Draw a key and a panel for each group, each in its own unit."""
    rows, words = rows_of(drawn), page.words
    here = set(distinct(rows, "standard"))
    colours = {s: style.STANDARD_COLOURS[s] for s in _STANDARD_NAMES if s in here}
    names = {words.say(_STANDARD_NAMES[s]): colours[s] for s in colours}
    top = draw_key(page, swatches(names), page.top) + 0.06
    stacks = []
    for group in distinct(rows, "group"):
        own = [row for row in rows if row.group == group]
        scale = words.scale([max(sums(own, ("year", "case")).values())], own[0].unit)
        name = f"{words.say(_GROUPS[group])} [{scale.unit}]"
        stacks.append(Stack(name, own, scale, {}))
    return draw_stacks(page, top, stacks, "standard", colours)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return years, and the electric vehicles and all vehicles of the last year."""
    rows = rows_of(drawn)
    first, last = min(row.year for row in rows), max(row.year for row in rows)
    groups = distinct(rows, "group")
    return {
        "span": words.span(first, last),
        "last": str(last),
        "years": words.years(first, last),
        "electric": words.phrases(
            _electric([row for row in rows if row.group == g and row.year == last], words)
            for g in groups
        ),
        "groups": words.join(words.say(_GROUPS[group]) for group in groups),
    }


def _electric(rows: list[Row], words: Words) -> str:
    """Return the part of a group that is electric, by case."""
    whole = sums(rows, ("case",))
    electric = sums((row for row in rows if row.standard == "battery"), ("case",))
    said = [
        f"{words.case(case)} {electric.get((case,), 0.0) / total:.0%}"
        for (case,), total in whole.items()
        if total
    ]
    name = words.say(_GROUPS[rows[0].group]) if rows else ""
    return words.say(_OF, name=name, values=words.join(said))


_OF = Text("{name}: {values}", "{name}：{values}")

CHART = Chart(
    id="fleet-by-standard",
    rank=60,
    reads=("activity", "vehicles"),
    title=Text("Road fleet by emission standard, {years}", "{years}年机动车排放标准构成"),
    caption=Text(
        "Vehicles by emission standard: {groups}; each panel has its own unit. Part that is "
        "battery electric in {last}: {electric}. Motorcycles are not shown.",
        "各类机动车按排放标准的数量：{groups}；各图单位不同。{last}年纯电动车占比：{electric}。未含摩托车。",
    ),
    alt=Text(
        "Stacked columns, one panel per vehicle group ({groups}), {span}, oldest "
        "standard at the bottom. Battery electric in {last}: {electric}.",
        "堆积柱状图，按车型（{groups}）分幅，{span}，最早的标准在底部。{last}年纯电动车占比：{electric}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
