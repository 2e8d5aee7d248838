"""Inventories and rows of any table."""

import csv
import io
import json
import re
from typing import Any

from rich.cells import cell_len
from rich.table import Table

from lantian.cli.terminal.text import console, number
from lantian.language import Label, printable, say
from lantian.results.frame import no_formula
from lantian.vocabulary import Language

GAP = 2
"""Columns of a terminal between two columns of a table."""


def inventory_tables(frame: Any, language: Language, label: Label) -> list[Table]:
    """Return one table of baseline emissions [t/a] per year: sectors by pollutants.

    Parameters
    ----------
    frame
        Columns year, sector, pollutant and value [t/a].
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    list of rich.table.Table
        With a line of totals each.
    """
    tables = []
    for year, rows in frame.groupby("year"):
        wide = rows.pivot_table(
            index="sector", columns="pollutant", values="value", aggfunc="sum", sort=False
        )
        table = Table(
            title=say("Emissions in {year} (t/a)", language, year=year),
            title_justify="left",
            box=None,
            pad_edge=False,
        )
        table.add_column(say("sector", language))
        for pollutant in wide.columns:
            table.add_column(str(pollutant), justify="right")
        for sector, values in wide.iterrows():
            table.add_row(label(str(sector)), *(number(v if v == v else None) for v in values))
        table.add_section()
        table.add_row(say("total", language), *(number(v) for v in wide.sum()))
        tables.append(table)
    return tables


def months_table(frame: Any, language: Language) -> Table:
    """Return the emissions of the base year [t] as a table: months by pollutants.

    Parameters
    ----------
    frame
        Columns year, month, pollutant and value [t].
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        With a line of totals.
    """
    wide = frame.pivot_table(
        index="month", columns="pollutant", values="value", aggfunc="sum", sort=False
    )
    title = say("Emissions in {year} by month (t)", language, year=frame["year"].iloc[0])
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in (say("month", language), *wide.columns):
        table.add_column(str(name), justify="right")
    for month, values in wide.iterrows():
        table.add_row(str(month), *(number(v) for v in values))
    table.add_section()
    table.add_row(say("total", language), *(number(v) for v in wide.sum()))
    return table


def records_table(rows: list[dict[str, Any]], language: Language) -> Table:
    """Return rows of equal keys as a table.

    Parameters
    ----------
    rows
        One dict per line; numbers stand at the right.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        Empty without rows.
    """
    table = Table(box=None, pad_edge=False)
    names = [say(name, language) for name in rows[0]] if rows else []
    lines = [[printable(say(str(cell), language)) for cell in row.values()] for row in rows]
    ids = [_is_id([str(row[name]) for row in rows]) for name in (rows[0] if rows else ())]
    narrow = _width([names, *lines]) > console().width
    for i, name in enumerate(names):
        table.add_column(
            _broken(name, [line[i] for line in lines]) if narrow and ids[i] else name,
            justify="right" if isinstance(list(rows[0].values())[i], int) else "left",
            overflow="fold",
            no_wrap=ids[i],
        )
    for line in lines:
        table.add_row(*line)
    return table


def _width(lines: list[list[str]]) -> int:
    """Return the columns of a terminal that lines of equal length take side by side."""
    each = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    return sum(each) + GAP * len(each)


def _broken(name: str, cells: list[str]) -> str:
    """Return a heading on as many lines as its cells, which are not broken, leave it."""
    words = re.sub(r"(?<=[^ ])(?=（)", " ", name).split(" ")
    room = max(map(cell_len, [*cells, *words]))
    lines = [words[0]]
    for word in words[1:]:
        if cell_len(lines[-1]) + 1 + cell_len(word) > room:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return "\n".join(lines)


def _is_id(cells: list[str]) -> bool:
    """Whether a column holds ids, which are not broken over lines."""
    return all(cell.isascii() and " " not in cell for cell in cells)


def format_records(rows: list[dict[str, Any]], form: str, language: Language) -> str:
    """Return rows of equal keys as CSV or JSON text, or as a Markdown table.

    Parameters
    ----------
    rows
        One dict per line.
    form
        ``json``, ``md`` or ``csv``.
    language
        Of a Markdown table; the other forms keep keys and values.

    Returns
    -------
    str
        The text, with a line end.
    """
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form == "md":
        return _markdown(rows, language)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: no_formula(cell) for key, cell in row.items()} for row in rows)
    return stream.getvalue()


def _markdown(rows: list[dict[str, Any]], language: Language) -> str:
    names = list(rows[0]) if rows else []
    lines = [
        names,
        ["---:" if isinstance(rows[0][name], int) else "---" for name in names],
        *(list(row.values()) for row in rows),
    ]
    said = ([say(str(cell), language).replace("|", "\\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in said)
