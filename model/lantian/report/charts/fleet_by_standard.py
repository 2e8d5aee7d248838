"""Vehicles by emission standard and year, baseline beside plan, one panel per vehicle group."""

import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick, without_repeats
from lantian.report.marks import grid, key, stacked_panel
from lantian.report.words import Scale, Text, Words

_CASES = ("baseline", "plan", "least_cost")
_SECTOR = "on-road"
_GROUPS: dict[str, Text] = {
    "truck": Text("Trucks", "货车"),
    "bus": Text("Buses and coaches", "公交及客车"),
    "car": Text("Cars and taxis", "小客车及出租车"),
    "service": Text("Postal and sanitation vehicles", "邮政快递及环卫车"),
}
_PARTS: dict[str, tuple[str, ...]] = {
    "truck": ("truck",),
    "bus": ("bus", "coach"),
    "service": ("van", "sanitation"),
    "car": ("car", "taxi"),
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


def frame(run: RunTables) -> pd.DataFrame:
    """Return vehicles by group, year, case and standard."""
    rows = run.table("activity")
    rows = rows[(rows["sector"] == _SECTOR) & rows["case"].isin(_CASES)]
    rows = without_repeats(run, rows)
    rows = rows.assign(
        group=rows["source"].map(_group), standard=rows["technology"].str.split("-").str[-1]
    )
    rows = rows[rows["group"].isin(_GROUPS) & rows["standard"].isin(_STANDARD_NAMES)]
    keys = ["group", "year", "case", "standard", "unit"]
    sums = rows.groupby(keys, as_index=False)["value"].sum()
    none = Text("no road fleet by standard", "没有分排放标准的机动车保有量")
    return in_case_order(pick(pd.DataFrame(sums), none), "group", "year")


def _group(source: str) -> str:
    words = set(source.split("-"))
    return next((group for group, parts in _PARTS.items() if words & set(parts)), "")


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw up to four panels in one unit and one key.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    places = grid(len(_found(rows)))
    scale = _scale(rows, page.words)
    colours = {standard: style.STANDARD_COLOURS[standard] for standard in _STANDARD_NAMES}
    for corner, group in zip(places.corners, _found(rows), strict=True):
        part, name = rows[rows["group"] == group], page.words.say(_GROUPS[group])
        stacked_panel(page, corner, places.panel, part, "standard", colours, scale, name)
    here = set(rows["standard"])
    names = {
        page.words.say(name): style.STANDARD_COLOURS[standard]
        for standard, name in reversed(_STANDARD_NAMES.items())
        if standard in here
    }
    key(page, *places.key, names)


def _found(rows: pd.DataFrame) -> list[str]:
    return [group for group in _GROUPS if group in set(rows["group"])]


def _scale(rows: pd.DataFrame, words: Words) -> Scale:
    sums = rows.groupby(["group", "year", "case"])["value"].sum()
    return words.scale(sums.groupby("group").max(), str(rows["unit"].iloc[0]))


def height(rows: pd.DataFrame) -> float:
    """Return the height for one or two rows of panels [inch]."""
    return grid(len(_found(rows))).height


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return years, cases, and the electric vehicles of the last year.

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
    last = rows[(rows["year"] == rows["year"].max()) & (rows["standard"] == "battery")]
    sums = last.groupby(["group", "case"])["value"].sum()
    said = [
        f"{words.say(_GROUPS[g])} "
        + words.join(
            [f"{words.case(c)} {words.amount(sums[g, c])}" for c in _CASES if (g, c) in sums]
        )
        for g in _found(rows)
        if g in sums.index.get_level_values(0)
    ]
    return {
        "span": words.span(int(rows["year"].min()), int(rows["year"].max())),
        "last": str(rows["year"].max()),
        "years": words.years(int(rows["year"].min()), int(rows["year"].max())),
        "letters": words.letters(rows["case"]),
        "unit": _scale(rows, words).unit,
        "electric": words.phrases(said),
        "groups": words.join([words.say(_GROUPS[g]) for g in _found(rows)]),
    }


CHART = Chart(
    id="fleet-by-standard",
    rank=60,
    title=Text(
        "Road fleet by emission standard, {years}\n[{unit}]  {letters}",
        "{years}年机动车排放标准构成\n单位：{unit}  {letters}",
    ),
    caption=Text(
        "Vehicles by emission standard: {groups}. Battery electric vehicles in {last}: {electric}. "
        "Motorcycles are not shown.",
        "各类机动车按排放标准的数量：{groups}。{last}年纯电动车数量：{electric}。未含摩托车。",
    ),
    alt=Text(
        "Stacked columns, one panel per vehicle group ({groups}), {span}, oldest "
        "standard at the bottom. Battery electric in {last}: {electric}.",
        "堆积柱状图，按车型（{groups}）分幅，{span}，最早的标准在底部。{last}年纯电动车：{electric}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
