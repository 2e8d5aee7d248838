"""Charts of a workbook as Excel draws them, linked to the cells beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lantian.handover.told import is_share
from lantian.language import Text, begun
from lantian.report import style
from lantian.report.chart import all_charts
from lantian.report.frames import Asked, NoData, Row, RunTables, distinct, rows_of
from lantian.report.runs_beside import colour_of
from lantian.report.words import Words
from lantian.store.workbook import set_for_print
from lantian.vocabulary import POLLUTANTS, Language

SHEET = Text("Charts", "图表")
LIMIT, OBSERVED = Text("Limit", "限值"), Text("Observed", "监测值")
PER_CENT = Text("per cent of the limit", "相当于限值的百分比（%）")
BESIDE = Text("difference from {run}, %", "与{run}之差（%）")
WIDE, TALL, LINE = 16.0, 8.0, 0.45
"""Size of a chart, and height that a category of a bar chart takes [cm]."""
SCALE, ON_A_PAGE = 55, 28.5
"""Per cent of its size in which the sheet is printed; the height of A4 across then [cm]."""
PER_ROW = 0.53
"""Height of a row of a sheet [cm]."""

Cells = list[float | None]


@dataclass(frozen=True)
class Series:
    """One line or one kind of bars.

    Attributes
    ----------
    name, colour
        As they are shown.
    values
        One for each category, None where there is none.
    dots
        Whether it is drawn as marks without a line.
    """

    name: str
    colour: str
    values: Cells
    dots: bool = False


@dataclass(frozen=True)
class Native:
    """A chart that a spreadsheet draws by itself.

    Attributes
    ----------
    title, unit
        Above it, and along the axis of its numbers.
    kind
        Bars for things, lines for years.
    categories
        What its numbers are of.
    series
        Its numbers.
    """

    title: str
    unit: str
    kind: Literal["bar", "line"]
    categories: Sequence[str | int]
    series: Sequence[Series]


def natives(tables: RunTables, words: Words) -> list[Native]:
    """Return the charts that a workbook of some tables holds.

    Parameters
    ----------
    tables
        Of a run, or of runs side by side.
    words
        Language of the reader.

    Returns
    -------
    list of Native
        Those that there are tables for.
    """
    found = []
    for chart in all_charts(tables.drawn):
        if chart.id not in MAKERS:
            continue
        try:
            parts = chart.parts(chart.frame(Asked(tables, chart.reads)))
        except NoData:
            continue
        for _, drawn in parts:
            title = words.say(chart.title, **chart.facts(drawn, words)).split("\n")[0]
            found += MAKERS[chart.id](rows_of(drawn), title, words)
    return found


def _targets(rows: list[Row], title: str, words: Words) -> list[Native]:
    known = [row for row in rows if row.value == row.value and row.limit]
    targets = distinct(known, "target")
    value = {(r.target, r.case): 100 * r.value / r.limit for r in known if r.limit == r.limit}
    cases = [case for case in distinct(known, "case") if case != "plan_strict"]
    series = _of_cases(cases, targets, value, words)
    return _one(title, words.say(PER_CENT), "bar", [words.target(t) for t in targets], series)


def _trajectories(rows: list[Row], title: str, words: Words) -> list[Native]:
    return [
        own
        for item in distinct(rows, "item")
        for own in _trajectory([row for row in rows if row.item == item], words)
    ]


def _trajectory(rows: list[Row], words: Words) -> list[Native]:
    years = sorted({row.year for row in rows})
    item, unit = rows[0].item, rows[0].unit
    name = words.pollutant(item) if item in POLLUTANTS else words.name(item)
    share = all(is_share(row.value, unit) for row in rows)

    def of(what: str, case: str = "") -> Cells:
        own = {r.year: r.value for r in rows if (r.what, r.case) == (what, case)}
        return [None if y not in own else own[y] * (100.0 if share else 1.0) for y in years]

    cases = [case for case in distinct(rows, "case") if case]
    series = [Series(words.case(c), style.CASE_COLOURS[c], of("model", c)) for c in cases]
    series += [
        Series(words.say(text), colour, of(what), dots=True)
        for what, text, colour in (
            ("limit", LIMIT, style.MISSED),
            ("observed", OBSERVED, style.INK),
        )
    ]
    return _one(name, "%" if share else words.unit(unit), "line", years, series)


def _costs(rows: list[Row], title: str, words: Words) -> list[Native]:
    return _costs_by("sector", words.name, rows, title, words)


def _compared_costs(rows: list[Row], title: str, words: Words) -> list[Native]:
    return _costs_by("run", str, rows, title, words)


def _costs_by(
    column: str, name: Callable[[str], str], rows: list[Row], title: str, words: Words
) -> list[Native]:
    """Return bars of what each case costs, by what a column holds."""
    scale = words.scale([max(abs(row.cost) for row in rows)], rows[0].unit, money=True)
    cost = {(getattr(row, column), row.case): row.cost / scale.size for row in rows}
    items = distinct(rows, column)
    series = _of_cases(distinct(rows, "case"), items, cost, words)
    return _one(title, scale.unit, "bar", [name(item) for item in items], series)


def _of_cases(
    cases: Iterable[str],
    items: Sequence[str],
    value: Mapping[tuple[str, str], float],
    words: Words,
) -> list[Series]:
    """Return a series for each case in its colour, a number for each item."""
    return [
        Series(words.case(c), style.CASE_COLOURS[c], [value.get((item, c)) for item in items])
        for c in cases
    ]


def _compared_targets(rows: list[Row], title: str, words: Words) -> list[Native]:
    targets = distinct(rows, "target")
    series = _of_runs(rows, "target", targets, lambda row: 100 * row.value / row.limit)
    return _one(title, words.say(PER_CENT), "bar", [words.target(t) for t in targets], series)


def _compared_totals(rows: list[Row], title: str, words: Words) -> list[Native]:
    pollutants = distinct(rows, "pollutant")
    series = _of_runs(rows, "pollutant", pollutants, lambda row: 100 * row.change)
    unit = words.say(BESIDE, run=rows[0].reference)
    return _one(title, unit, "bar", [words.pollutant(p) for p in pollutants], series)


def _of_runs(
    rows: list[Row], column: str, names: Sequence[str], value: Callable[[Row], float]
) -> list[Series]:
    """Return a series for each run that has a mark of its own."""
    found = []
    for place in sorted({row.place for row in rows})[:MOST]:
        own = {getattr(row, column): row for row in rows if row.place == place}
        values: Cells = [value(own[name]) if name in own else None for name in names]
        found.append(Series(next(iter(own.values())).run, colour_of(place), values))
    return found


MOST = 5
"""Runs in a chart."""


def _one(
    title: str,
    unit: str,
    kind: Literal["bar", "line"],
    categories: Sequence[str | int],
    series: Iterable[Series],
) -> list[Native]:
    """Return a chart of the series that have a number; none where none has."""
    told = [own for own in series if any(value is not None for value in own.values)]
    return [Native(begun(title), unit, kind, categories, told)] if told else []


MAKERS: Mapping[str, Callable[[list[Row], str, Words], list[Native]]] = {
    "targets-at-a-glance": _targets,
    "trajectory": _trajectories,
    "cost-by-sector": _costs,
    "compared-targets": _compared_targets,
    "compared-totals": _compared_totals,
    "compared-costs": _compared_costs,
}
"""Chart of the gallery -> what a spreadsheet draws of it."""


def add_charts(book: Any, charts: Sequence[Native], language: Language) -> None:
    """Put charts on a sheet of their own before all others, each beside the cells it shows.

    Parameters
    ----------
    book
        Workbook.
    charts
        What to draw; nothing is added where there is none.
    language
        Language of the reader.
    """
    if not charts:
        return
    from openpyxl.worksheet.pagebreak import Break

    sheet = book.create_sheet(SHEET.say(language), 0)
    set_for_print(sheet)
    sheet.sheet_properties.pageSetUpPr.fitToPage = False  # breaks of ours would not count
    sheet.page_setup.scale = SCALE
    top, begun_at, beside = 1, 1, max(len(chart.series) for chart in charts) + 3
    for chart in charts:
        _fill(sheet, chart, top)
        tall = _drawn(sheet, chart, top, beside)
        rows = max(len(chart.categories) + 3, round(tall / PER_ROW) + 2)
        if top > begun_at and (top + rows - begun_at) * PER_ROW > ON_A_PAGE:
            sheet.row_breaks.append(Break(id=top - 1))
            begun_at = top
        top += rows
    sheet.column_dimensions["A"].width = 34
    for column in "BCDEF":
        sheet.column_dimensions[column].width = 14


def _fill(sheet: Any, chart: Native, top: int) -> None:
    from openpyxl.styles import Font

    sheet.cell(top, 1, f"{chart.title} [{chart.unit}]").font = Font(bold=True)
    for column, own in enumerate(chart.series, 2):
        sheet.cell(top + 1, column, own.name)
        for row, value in enumerate(own.values, top + 2):
            sheet.cell(row, column, value).number_format = "#,##0.0##"
    for row, name in enumerate(chart.categories, top + 2):
        sheet.cell(row, 1, name)


def _drawn(sheet: Any, chart: Native, top: int, beside: int) -> float:
    """Draw a chart beside its cells, from a column on; return its height [cm]."""
    from openpyxl.chart import BarChart, LineChart, Reference
    from openpyxl.utils import get_column_letter

    drawn = BarChart() if chart.kind == "bar" else LineChart()
    last = top + 1 + len(chart.categories)
    data = Reference(sheet, min_col=2, max_col=1 + len(chart.series), min_row=top + 1, max_row=last)
    drawn.add_data(data, titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=top + 2, max_row=last))
    drawn.title, drawn.y_axis.title, drawn.width = chart.title, chart.unit, WIDE
    drawn.height = TALL
    if chart.kind == "bar":
        drawn.type, drawn.gapWidth = "bar", 60
        drawn.x_axis.scaling.orientation = "maxMin"  # the first category on top, as in the cells
        drawn.x_axis.tickLblPos = "low"
        drawn.y_axis.crosses = "max"  # which is then below
        drawn.height = max(TALL, LINE * len(chart.categories) * len(chart.series) + 3)
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format, drawn.legend.position = "#,##0.##", "b"
    for shown, own in zip(drawn.series, chart.series, strict=True):
        _style(shown, own, chart.kind)
    sheet.add_chart(drawn, f"{get_column_letter(beside)}{top + 1}")
    return float(drawn.height)


def _style(shown: Any, own: Series, kind: str) -> None:
    colour = own.colour.lstrip("#").upper()
    if kind == "bar":
        shown.graphicalProperties.solidFill = colour
        return
    shown.smooth = False
    shown.marker.symbol = "dash" if own.dots else "circle"
    shown.marker.size = 9 if own.dots else 5
    shown.marker.graphicalProperties.solidFill = colour
    shown.marker.graphicalProperties.line.solidFill = colour
    if own.dots:
        shown.graphicalProperties.line.noFill = True
    else:
        shown.graphicalProperties.line.solidFill = colour
