"""Emissions by sector and year, baseline beside plan, one panel per key pollutant."""

import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick, without_repeats
from lantian.report.marks import column_places, columns_of, key, stacks, value_axis, year_axis
from lantian.report.words import Text, Words

_CASES = ("baseline", "plan", "least_cost")
_PANEL = (2.05, 1.5)
_STEP = (2.45, 2.05)


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
    """Draw two by two panels and one key."""
    sectors = style.sector_order(set(rows["sector"]))
    colours = style.sector_colours(sectors)
    for place, pollutant in enumerate(_pollutants(rows)):
        row, column = divmod(place, 2)
        left, top = 0.5 + column * _STEP[0], style.HEAD + style.SUBTITLE + 0.16 + row * _STEP[1]
        _panel(page, rows[rows["pollutant"] == pollutant], (left, top), colours)
    names = {page.words.name(sector): colours[sector] for sector in reversed(sectors)}
    key(page, 0.5 + 2 * _STEP[0] - 0.22, style.HEAD + style.SUBTITLE + 0.16, names)


def _pollutants(rows: pd.DataFrame) -> list[str]:
    return [p for p in style.KEY_POLLUTANTS if p in set(rows["pollutant"])]


def _panel(
    page: Page, rows: pd.DataFrame, corner: tuple[float, float], colours: dict[str, str]
) -> None:
    axes = page.axes(*corner, *_PANEL)
    pairs, values = columns_of(rows, "sector", list(colours))
    places = column_places(pairs)
    stacks(axes, places, values, list(colours.values()), 0.86)
    totals = values.sum(axis=0)
    value_axis(axes, page.words, float(totals.max()))
    year_axis(axes, pairs, places, page.words)
    pollutant = str(rows["pollutant"].iloc[0])
    unit = page.words.unit(str(rows["unit"].iloc[0]))
    axes.set_title(
        f"{page.words.pollutant(pollutant)}  [{unit}]", loc="left", size=style.NORMAL, pad=4
    )


def height(rows: pd.DataFrame) -> float:
    """Return the height for one or two rows of panels [inch]."""
    return (
        style.HEAD
        + style.SUBTITLE
        + _STEP[1] * (1 + (len(_pollutants(rows)) > 2))
        + 0.22
        + style.FOOT / 2
    )


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return first and last year, the cases and the totals of the last year."""
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
        "first": str(rows["year"].min()),
        "last": str(rows["year"].max()),
        "years": words.years(int(rows["year"].min()), int(rows["year"].max())),
        "letters": words.letters(rows["case"]),
        "totals": words.phrases(said),
        "unit": words.unit(str(rows["unit"].iloc[0])),
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
        "Emissions of {pollutants} by sector and year. In {last} [{unit}]: {totals}. The baseline "
        "has growth, natural turnover and rules already in force, without the plan's commitments.",
        "{pollutants}分行业、分年度排放量。{last}年排放量（{unit}）：{totals}。"
        "基准情景含活动水平增长、自然更替和已实施的规定，不含本方案的各项承诺。",
    ),
    alt=Text(
        "Stacked columns, one panel per pollutant ({pollutants}), years {first} to {last}, cases "
        "side by side, layers by sector. Totals in {last} [{unit}]: {totals}.",
        "堆积柱状图，每种污染物（{pollutants}）一幅，{first}年至{last}年，各情景并列，按行业分层。"
        "{last}年总量（{unit}）：{totals}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
