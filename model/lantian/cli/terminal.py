"""The summary of a run as tables for a terminal."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lantian.core.system import System
from lantian.language import Label, Listed, message, say
from lantian.names import NumberName, group_name
from lantian.tolerances import SHOWN_AS_ZERO, UNSEEN
from lantian.vocabulary import Case, Language, Reading

CASE_NAMES: Mapping[Case, str] = {
    "baseline": "baseline",
    "plan": "plan as written",
    "least_cost": "least cost",
    "match_plan": "least cost for the plan's result",
}
ALL = 100.0
"""Level [%] of a clause that says "all"."""
WIDE = 100
"""Columns of the terminal for which tables are laid out."""

MONEY_STEP: dict[Language, float] = {"en": 1e6, "zh": 1e4}
"""What sums of money in a column headed by million or 万 are divided by."""


def console(stderr: bool = False) -> Console:
    """Return a console; in a pipe it is as wide as a report.

    Names may hold brackets and colons: these are no marks of style and no emoji.
    """
    plain: dict[str, Any] = {"stderr": stderr, "highlight": False, "markup": False, "emoji": False}
    found = Console(**plain)
    return found if found.is_terminal else Console(**plain, width=WIDE)


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with so many significant digits, grouped, or a dash.

    Parameters
    ----------
    value
        Number to show; None for a dash.
    digits
        Significant digits; none before the point is cut.

    Returns
    -------
    str
        Text for a table.
    """
    if value is None:
        return "-"
    if abs(value) < SHOWN_AS_ZERO:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def millions(amount: float, language: Language) -> str | float:
    """Return money for a text of millions; a Chinese text scales and rounds it by itself.

    Parameters
    ----------
    amount
        Money [currency].
    language
        Language of the reader.

    Returns
    -------
    str or float
        In millions: as text in English, else as the number.
    """
    return number(amount / 1e6) if language == "en" else amount / 1e6


def percent(share: float | None) -> str:
    """Return a share in percent, or a dash."""
    return "-" if share is None else f"{100 * share:.0f}%"


def print_summary(summary: dict[str, Any], language: Language, label: Label, out: Console) -> None:
    """Print targets, cost, leading measures and what the run rests on.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    out
        Where to print.
    """
    out.print(f"\n{summary['title'][language]}", style="bold")
    out.print(targets_table(summary, language, label))
    if any("plan_strict" in t["value"] for t in summary["targets"]):
        out.print(readings_table(summary, language, label))
    if _telling(summary["levels"]):
        out.print(levels_table(summary, language, label))
        if any(_is_all(level) for level in _telling(summary["levels"])):
            out.print(say("100 %: all that the measure can move; no mark.", language))
    for line in _cost_lines(summary, language, label):
        out.print(line)
    if summary["measures"]:
        out.print(measures_table(summary, language, label))
    for line in _basis_lines(summary, language, label):
        out.print(line)


def targets_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the table of targets: base, limit, each case, met or missed by how much.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per target [its unit].
    """
    shown = {c for t in summary["targets"] for c in t["value"]} - {"match_plan"}
    cases = [c for c in CASE_NAMES if c in shown]
    table = Table(title=say("Targets", language), title_justify="left", box=None, pad_edge=False)
    for name in ("target", "base", "limit", *(CASE_NAMES[c] for c in cases)):
        right = name != "target"
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for target in summary["targets"]:
        table.add_row(*_target_cells(target, cases, language, label))
    return table


def _target_cells(
    target: dict[str, Any], cases: Sequence[str], language: Language, label: Label
) -> list[str | Text]:
    name = _target_name(target, language, label)
    if not target["computed"]:
        return [name, "", "", say("not computed", language)]
    base = number(target["base_value"])
    if target["base_year"]:
        base += f" ({target['base_year']})"
    cells: list[str | Text] = [name, base, number(target["limit"])]
    for case in cases:
        value, met = target["value"].get(case), target["met"].get(case)
        if value is None:
            cells.append("-")
            continue
        margin = margin_text(target["limit"], value)
        cells.append(Text.assemble(f"{number(value)} ", _mark(met), f" {margin}"))
    return cells


def readings_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return what the plan reaches if it is read in other ways.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per computed target [its unit].
    """
    shown = {case for t in summary["targets"] if t["computed"] for case in t["value"]}
    names: dict[Case | Reading, str] = {
        "plan_full": "all commitments",
        "plan": "credited commitments" if "plan_full" in shown else "all commitments",
        "plan_strict": "binding only",
        "plan_printed": "printed levels only",
    }
    cases = [case for case in names if case in shown]
    title = "The plan in other readings" if "plan_full" in shown else "The plan read more narrowly"
    table = Table(title=say(title, language), title_justify="left", box=None, pad_edge=False)
    table.add_column(say("target", language), overflow="fold")
    for name in ("limit", *(names[case] for case in cases)):
        table.add_column(say(name, language), justify="right")
    for target in summary["targets"]:
        if target["computed"] and "plan_strict" in target["value"]:
            cells = [_marked(target, case) for case in cases]
            table.add_row(
                _target_name(target, language, label),
                number(target["limit"]),
                *cells,
            )
    return table


def _marked(target: dict[str, Any], case: str) -> Text:
    return Text.assemble(f"{number(target['value'][case])} ", _mark(target["met"][case]))


def _mark(met: bool) -> tuple[str, str]:
    """Return the mark of what is met or missed, and its colour."""
    return ("✓", "green") if met else ("✗", "red")


def levels_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the levels that the plan prints and what the last year reaches of them.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per printed level.
    """
    title = say("Printed levels as reached in {year}", language, year=summary["years"][-1])
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(say("measure", language), overflow="fold")
    table.add_column(say("row", language))
    table.add_column(say("level", language), justify="right")
    table.add_column(say("reached", language), justify="right")
    for level in _telling(summary["levels"]):
        printed, unit = level["printed"], level["unit"]
        ends = dict.fromkeys(number(level[end]) for end in ("lowest", "highest"))
        mark = (" ", "") if _is_all(level) else _mark(not _is_short(level))
        table.add_row(
            label(level["measure"]),
            " ".join(row.rsplit("-", 1)[-1] for row in level["clause"]),
            f"{printed:,g} {say(unit, language)}",
            Text.assemble(f"{'-'.join(ends)} ", mark),
        )
    return table


def _telling(levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the levels other than "all", and each "all" that is not all."""
    return [level for level in levels if not _is_all(level) or _is_short(level)]


def _is_all(level: dict[str, Any]) -> bool:
    return bool(level["unit"] == "%" and level["printed"] == ALL)


def _is_short(level: dict[str, Any]) -> bool:
    lowest = level["lowest"]
    return lowest is None or bool(lowest < level["printed"] * (1 - UNSEEN))


def _target_name(target: dict[str, Any], language: Language, label: Label) -> str:
    """Return a target's name, where it holds if that is not everywhere, and its unit."""
    name = label(target["id"])
    if "places" in target:
        places = Listed(label(place) for place in target["places"])
        name = say("{name} in {places}", language, name=name, places=places)
    return _with_unit(name, target["unit"], language)


def _with_unit(name: str, unit: str, language: Language) -> str:
    return say("{name} ({unit})", language, name=name, unit=message(unit)) if unit else name


def margin_text(limit: float, value: float) -> str:
    """Return by how much a value is below (-) or above (+) its limit, or that it is at it.

    Parameters
    ----------
    limit, value
        In the same unit.

    Returns
    -------
    str
        Three digits with a sign, or ±0.
    """
    if abs(value - limit) <= UNSEEN * max(abs(limit), abs(value)):
        return "±0"
    return f"{'+' if value > limit else '-'}{number(abs(value - limit))}"


def _cost_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    cost = summary["cost"]
    lines = [""]
    for case, value in cost["by_case"].items():
        if case != "baseline":
            lines.append(
                say(
                    "Cost of {case} in {year}: {value} million {unit}",
                    language,
                    case=say(CASE_NAMES[case], language),
                    year=cost["year"],
                    value=millions(value, language),
                    unit=message(cost["unit"]),
                )
            )
    if cost["unknown_cost"]:
        lines.append(
            say(
                "Not in these costs, as no defensible figure is known: {names}",
                language,
                names=Listed(label(m) for m in cost["unknown_cost"]),
            )
        )
    return lines


def measures_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the ten measures that matter most, with their credits.

    Parameters
    ----------
    summary
        As in ``summary.json``; it has at least one measure.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per measure, credits [t/a].
    """
    shown = [
        p for p in ("NOx", "VOC", "SO2", "PM2.5", "TSP") if p in summary["measures"][0]["credit"]
    ]
    table = Table(
        title=say("The measures that matter most (credit, t/a)", language),
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column(say("measure", language), overflow="fold")
    for pollutant in shown:
        table.add_column(pollutant, justify="right")
    for row in summary["measures"]:
        table.add_row(label(row["measure"]), *(number(row["credit"][p]) for p in shown))
    return table


def _basis_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    lines = [""]
    texts = {
        "emission": "Emissions that rest on assumed numbers (activity or factor): {shares}",
        "factor": "of these, those whose factor is assumed: {shares}",
        "reduction": "Reductions of the plan that rest on assumed numbers: {shares}",
    }
    for what, text in texts.items():
        shares = summary["assumed_share"].get(what, {})
        if shares:
            told = Listed(f"{p} {percent(s)}" for p, s in shares.items())
            lines.append(say(text, language, shares=told))
    if summary["assumed_share"].get("emission"):
        lines.append(
            say("(An emission counts as assumed as soon as one number behind it is.)", language)
        )
    if summary["topdown"]:
        lines.append(_topdown_line(summary["topdown"], language, label))
    if summary["assumptions"]:
        first = summary["assumptions"][:3]
        lines.append(
            say(
                "Assumptions that matter most: {names}",
                language,
                names=Listed(
                    say(
                        "{input} ({low}-{high} {unit}: {outcome} {at_low}-{at_high} {of})",
                        language,
                        input=NumberName(tuple(a["keys"])).text(language, label),
                        outcome=label(a["outcome"]),
                        unit=say(a["unit"], language),
                        of=say(a["outcome_unit"], language),
                        **{e: number(a[e]) for e in ("low", "high", "at_low", "at_high")},
                    )
                    for a in first
                ),
            )
        )
    return lines


def _topdown_line(rows: list[dict[str, Any]], language: Language, label: Label) -> str:
    """Return how the inventory stands beside independent estimates."""
    outside = [
        f"{say('total', language) if row['sector'] == 'all' else label(row['sector'])} "
        f"{row['pollutant']} {row['year']} (x{number(row['ratio'], 2)})"
        for row in rows
        if not row["within_factor_two"]
    ]
    told = say(
        "Within a factor of two of an independent estimate: {inside} of {all} totals",
        language,
        inside=len(rows) - len(outside),
        all=len(rows),
    )
    if not outside:
        return told
    return told + say("; further off: {names}", language, names=Listed(outside))


def optimum_table(
    answer: Any, system: System, year: int, language: Language, label: Label
) -> Table:
    """Return the answers of the optimiser per target: what is feasible and what it costs.

    Parameters
    ----------
    answer
        Of the optimiser, for one year.
    system
        What it is about, for the names.
    year
        Calendar year, for the title.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per target [its unit]; money in millions.
    """
    currency = answer.currency
    yearly = message(f"{currency}/a")
    title = say(
        "Least cost in {year}: {cost} million {unit}",
        language,
        year=year,
        cost=millions(answer.cost, language),
        unit=yearly,
    )
    price_name = say("shadow price (million {unit} per unit)", language, unit=yearly)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in (
        "target",
        "baseline",
        "limit",
        "least cost",
        "maximum feasible",
        price_name,
        "marginal measure",
    ):
        left = name in ("target", "marginal measure")
        table.add_column(say(name, language), justify="left" if left else "right", overflow="fold")
    for t in answer.targets:
        price = number(t.shadow_price / MONEY_STEP[language]) if t.binding else "-"
        marginal = ""
        if t.binding and t.marginal:
            group = system.moves.group[t.marginal[0]]
            marginal = label(system.measures[system.groups.measure[group]])
        table.add_row(
            _with_unit(label(t.id), t.unit, language),
            number(t.baseline),
            number(t.limit),
            number(t.value),
            number(t.max_feasible),
            price,
            marginal,
        )
    return table


def whole_table(whole: Any, system: System, year: int, language: Language, label: Label) -> Table:
    """Return the numbers of units taken, for measures that come in whole units.

    Parameters
    ----------
    whole
        The mix in whole units.
    system
        What it is about, for names and units.
    year
        Calendar year.
    language
        In which the table is said.
    label
        Gives the display name of an id.

    Returns
    -------
    Table
        One row per measure and source that comes whole.
    """
    title = say("Whole units in {year}", language, year=year)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("measure", "number", "size of a unit", "unit"):
        right = name in ("number", "size of a unit")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for units in whole.units:
        name = group_name(system, units.group).text(language, label)
        unit = system.sources.unit[system.groups.source[units.group]]
        table.add_row(name, str(units.number), number(units.size, 4), say(unit, language))
    return table


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
    for name in rows[0] if rows else []:
        right = bool(rows) and isinstance(rows[0][name], int)
        table.add_column(
            say(name, language),
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=_is_id([str(row[name]) for row in rows]),
        )
    for row in rows:
        table.add_row(*(say(str(value), language) for value in row.values()))
    return table


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
    writer.writerows(rows)
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
