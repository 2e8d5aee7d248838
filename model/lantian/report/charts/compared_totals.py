"""Runs side by side: by how much emissions differ from those of the first; one figure per case."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    base_line,
    intervals,
    names_left,
    numbers_below,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.bars import draw_bar
from lantian.report.chart import Chart, Page, amount, declare, fit_names, share
from lantian.report.frames import Asked, Row, distinct, pick, pollutant_order, rows_of
from lantian.report.keys import Entry, Swatch, draw_key
from lantian.report.lettering import width
from lantian.report.runs_beside import MORE, MOST, PLACE, RUN, colour_of, runs_of
from lantian.report.words import Text, Words, figures
from lantian.results.contract import CASE, POLLUTANT, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("baseline", "plan", "least_cost")
_BAR, _LEAST, _BETWEEN = 0.13, 0.092, 0.08  # inch
_SEEN = 5e-4  # change that prints as something
_AXIS = Text("difference from {run} [%]", "与{run}之差 [%]")

DRAWN = declare(
    "compared-totals",
    Text("Emissions of runs beside those of the first", "各运行结果排放总量与首个结果之差"),
    ("pollutant", "case", "run"),
    POLLUTANT,
    replace(CASE, words=_CASES),
    YEAR,
    RUN,
    PLACE,
    replace(RUN, name="reference", means=Text("run that it is held against", "对照基准")),
    amount("reference_value", "emission in the first run", "首个结果排放量"),
    amount("value", "emission", "排放量"),
    share("change", "difference as a part of the first", "相对变化"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the change of each total in the last year that both runs have."""
    runs = runs_of(asked)
    rows = [r for r in asked.rows("compared_totals") if r.case in _CASES and r.change == r.change]
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        last[row.case, row.run] = max(row.year, last.get((row.case, row.run), row.year))
    rows = [row for row in rows if row.year == last[row.case, row.run]]
    none = Text("no total differs", "排放总量没有差异")
    moved = {row.case for row in rows if abs(row.change) > _SEEN}
    order = pollutant_order(distinct(rows, "pollutant"))
    cells = [
        {name: getattr(row, name) for name in DRAWN.names if name not in ("place", "reference")}
        | {"place": runs.place(row.run), "reference": runs.first}
        for row in rows
        if row.case in moved
    ]
    cells.sort(key=lambda c: (_CASES.index(c["case"]), order.index(c["pollutant"]), c["place"]))
    return make_frame(DRAWN, pick(cells, none))


def draw(page: Page, drawn: Frame) -> float:
    """Draw a bar for each pollutant and run, to the left where less is emitted."""
    rows, words = rows_of(drawn), page.words
    every = {row.place: row.run for row in sorted(rows, key=lambda row: row.place)}
    pollutants = pollutant_order(distinct(rows, "pollutant"))
    fits = int((page.bottom - page.top - BELOW - 0.4) / len(pollutants) / _LEAST - 0.4)
    shown = dict(list(every.items())[: max(1, min(MOST - 1, fits))])
    entries: list[Entry] = [Swatch(run, colour_of(place)) for place, run in shown.items()]
    page.top = draw_key(page, entries, page.top) + 0.05
    rows = [row for row in rows if row.place in shown]
    names = fit_names(page, map(words.pollutant, pollutants))
    least = len(shown) * _LEAST + 0.03
    usual = len(shown) * _BAR + _BETWEEN
    tall = page.rows(len(pollutants), usual, least, BELOW + 0.15)
    said = [_said(row.change) for row in rows]
    room = max(map(width, said)) * style.TINY / style.POINTS + 0.08
    ends = [100 * row.change for row in rows]
    low, high = min(0.0, *ends), max(0.0, *ends)
    before = room if low < 0 else 0.0
    left = names.room + before
    panel = page.panel(
        left, page.top, page.right - room - left, tall * len(pollutants), (low, high),
        (len(pollutants) - 0.5, -0.5),
    )  # fmt: skip
    ticks = ticks_within(low, high, intervals(panel.width / 2))
    rules_across(panel, ticks.places)
    order = list(shown)
    for row, text in zip(rows, said, strict=True):
        end, falls = 100 * row.change, row.change < 0
        place, line = (order.index(row.place), len(order)), pollutants.index(row.pollutant)
        y = draw_bar(panel, line, place, (0, end), colour_of(row.place))
        side, shift = ("right", -3) if falls else ("left", 3)
        panel.label(text, end, y, style.TINY, side=side, shift=(shift, 0))  # type: ignore[arg-type]
    side_line(panel, 0.0)
    edge = page.panel(names.room, page.top, 1.0, panel.height, (0.0, 1.0), panel.up)
    names_left(edge, range(len(pollutants)), names)
    base_line(panel)
    numbers = [figures(place) for place in ticks.places]
    end = numbers_below(panel, ticks.places, numbers, words.say(_AXIS, run=rows[0].reference))
    return page.write_rest(MORE, len(every) - len(shown), end)


def _said(change: float) -> str:
    """Return a change in per cent with its sign; nought where it prints as nought."""
    if abs(change) < _SEEN:
        return "0%"
    return f"{100 * change:+.1f}%".replace("-", "−")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the case, the year and the largest changes of each of the first runs."""
    rows = rows_of(drawn)
    largest = []
    for run in distinct(rows, "run")[: MOST - 1]:
        own: list[Row] = sorted(
            (row for row in rows if row.run == run), key=lambda row: -abs(row.change)
        )
        top = words.join(f"{words.pollutant(row.pollutant)} {_said(row.change)}" for row in own[:3])
        largest.append(words.say(_OF, run=run, values=top))
    years = [row.year for row in rows]
    return {
        "case": words.case(rows[0].case),
        "years": words.years(min(years), max(years)),
        "first": rows[0].reference,
        "largest": words.phrases(largest),
    }


_OF = Text("{run}: {values}", "{run}：{values}")

CHART = Chart(
    id="compared-totals",
    rank=20,
    place="comparison",
    reads=("compared_totals", "compared_runs"),
    title=Text("Emissions beside {first}: {case}, {years}", "{years}年“{case}”排放量与{first}之差"),
    caption=Text(
        "By how much emissions of the case {case} differ from those of {first}. Largest: "
        "{largest}.",
        "“{case}”情景排放量与{first}之差。最大的是：{largest}。",
    ),
    alt=Text(
        "Bars of the difference in per cent by pollutant and run, case {case}. Largest: {largest}.",
        "分污染物、分运行结果的差异条形图（%，{case}）。最大的是：{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="case",
)
