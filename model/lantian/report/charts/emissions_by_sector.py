"""Emissions by sector and year, baseline beside plan, one panel per key pollutant."""

import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick, without_repeats
from lantian.report.marks import grid, key, stacked_panel
from lantian.report.words import Scale, Text, Words

_CASES = ("baseline", "plan", "least_cost")
_BASELINE = Text(
    " The baseline has growth, natural turnover and rules already in force, without the plan's "
    "commitments.",
    "基准情景含活动水平增长、自然更替和已实施的规定，不含方案的各项承诺。",
)


def frame(run: RunTables) -> pd.DataFrame:
    """Return emission by pollutant, year, case and sector [t/a]."""
    rows = run.table("emissions")
    rows = rows[rows["pollutant"].isin(style.KEY_POLLUTANTS) & rows["case"].isin(_CASES)]
    rows = without_repeats(run, rows)
    keys = ["pollutant", "year", "case", "sector", "unit"]
    sums = rows.groupby(keys, as_index=False, sort=True)["value"].sum()
    none = Text("no key pollutant in the emissions", "排放表中没有主要污染物")
    return in_case_order(pick(sums[sums["value"] != 0], none), "pollutant", "year")


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw up to two by two panels in one unit and one key.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    sectors = style.sector_order(set(rows["sector"]))
    colours = page.tints(sectors)
    places = grid(len(_pollutants(rows)))
    scale = _scale(rows, page.words)
    for corner, pollutant in zip(places.corners, _pollutants(rows), strict=True):
        here = rows[rows["pollutant"] == pollutant]
        name = f"{page.words.pollutant(pollutant)}  [{scale.unit}]"
        stacked_panel(page, corner, places.panel, here, "sector", colours, scale, name)
    names = {page.words.name(sector): colours[sector] for sector in reversed(sectors)}
    key(page, *places.key, names)


def _pollutants(rows: pd.DataFrame) -> list[str]:
    return [p for p in style.KEY_POLLUTANTS if p in set(rows["pollutant"])]


def _scale(rows: pd.DataFrame, words: Words) -> Scale:
    sums = rows.groupby(["pollutant", "year", "case"])["value"].sum()
    return words.scale(sums.groupby("pollutant").max(), str(rows["unit"].iloc[0]))


def height(rows: pd.DataFrame) -> float:
    """Return the height for one or two rows of panels [inch]."""
    return grid(len(_pollutants(rows))).height


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return first and last year, the cases and the totals of the last year.

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
    last = rows[rows["year"] == rows["year"].max()]
    sums = last.groupby(["pollutant", "case"])["value"].sum()
    said = [
        f"{words.pollutant(p)} "
        + words.join(
            [f"{words.case(c)} {words.amount(sums[p, c])}" for c in _CASES if (p, c) in sums]
        )
        for p in _pollutants(rows)
    ]
    return {
        "last": str(rows["year"].max()),
        "years": words.years(int(rows["year"].min()), int(rows["year"].max())),
        "letters": words.letters(rows["case"]),
        "totals": words.phrases(said),
        "unit": words.unit(str(rows["unit"].iloc[0])),
        "baseline": words.say(_BASELINE) if rows["case"].nunique() > 1 else "",
        "span": words.span(int(rows["year"].min()), int(rows["year"].max())),
        "pollutants": words.join([words.pollutant(p) for p in _pollutants(rows)]),
    }


CHART = Chart(
    id="emissions-by-sector",
    rank=10,
    title=Text(
        "Emissions by sector, {years}\n{letters}",
        "{years}年分行业污染物排放量\n{letters}",
    ),
    caption=Text(
        "Emissions of {pollutants} by sector and year. In {last} [{unit}]: {totals}.{baseline}",
        "{pollutants}分行业、分年度排放量。{last}年排放量（{unit}）：{totals}。{baseline}",
    ),
    alt=Text(
        "Stacked columns, one panel per pollutant ({pollutants}), {span}, cases "
        "side by side, layers by sector. Totals in {last} [{unit}]: {totals}.",
        "堆积柱状图，每种污染物（{pollutants}）一幅，{span}，各情景并列，按行业分层。"
        "{last}年总量（{unit}）：{totals}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
