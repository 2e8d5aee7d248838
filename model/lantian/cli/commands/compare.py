"""``lantian compare``: runs side by side, on the screen, as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantian.cli.commands.common import FolderPath, tell_kept
from lantian.cli.groups import language_of
from lantian.language import LIST_MARK, say, unit_text
from lantian.vocabulary import OF_TARGET, without_kind

if TYPE_CHECKING:
    from lantian.comparison.opened import Run
    from lantian.report.words import Scale
    from lantian.results.frame import Frame

PAIR = 2
"""Runs of which the screen shows every table."""
FEW, MANY = 12, 20
"""Rows of a table that are shown on the screen; all of them are written."""
UNCHANGED = 1e-3
"""Relative change [1] below which numbers are counted on the screen and not shown."""


@click.command()
@click.argument("folders", nargs=-1, required=True, type=FolderPath, metavar="RUN...")
@click.option("--where", default="", metavar="EXPRESSION", help="Only runs for which it holds.")
@click.option(
    "--sort", default="", metavar="COLUMN", help="Order of the runs; -COLUMN: largest first."
)
@click.option("--out", type=FolderPath, help="Folder for the tables: CSV, Excel, HTML.")
@click.option("--json", "as_json", is_flag=True, help="Print every table as JSON instead.")
@click.pass_context
def compare(
    context: click.Context,
    folders: tuple[Path, ...],
    where: str,
    sort: str,
    out: Path | None,
    as_json: bool,
) -> int:
    """Hold runs against the first one: what was put in differently, what came out differently.

    Of more than two runs the screen shows one row each; --out gives all tables as CSV, a workbook,
    a page and charts, --json on the screen.
    """
    from lantian.comparison.opened import open_runs
    from lantian.comparison.overview import chosen, overview
    from lantian.comparison.side_by_side import frames_of

    language = language_of(context)
    runs = chosen(open_runs(folders), where, sort)
    for run in runs if len(runs) == PAIR else ():
        run.check()
    refuse_inside(out, runs, language)
    everything = as_json or out is not None or len(runs) == PAIR
    frames = frames_of(runs) if everything else {"runs": overview(runs)}
    if as_json:
        _print_json(frames)
    else:
        _show(runs, frames, language)
    if out is not None:
        _write(runs, frames, language, out)
    return 0


def refuse_inside(out: Path | None, runs: Sequence[Run], language: Any) -> None:
    """Refuse to write among what a run wrote.

    Raises
    ------
    click.ClickException
        If the folder is a run, or its tables.
    """
    taken = [place.resolve() for run in runs for place in (run.folder, run.folder / "tables")]
    if out is not None and out.resolve() in taken:
        told = "{folder} belongs to a run, which is not edited. Use --out for another place."
        raise click.ClickException(say(told, language, folder=out))


def _print_json(frames: dict[str, Frame]) -> None:
    import json

    tables = {frame.table.name: frame.records() for frame in frames.values()}
    click.echo(json.dumps(tables, ensure_ascii=False, indent=1, default=str))


def _write(runs: Sequence[Run], frames: dict[str, Frame], language: Any, out: Path) -> None:
    from lantian.comparison.drawn import ComparedTables
    from lantian.comparison.overview import cautions
    from lantian.handover.beside import comparison_report
    from lantian.handover.native import add_charts, natives
    from lantian.handover.page import SHEETS, write_page
    from lantian.report.gallery import draw_gallery
    from lantian.report.words import Words
    from lantian.store.draft import filled_beside
    from lantian.store.workbook import write_workbook

    with filled_beside(out, tell_kept(language)) as draft:
        for frame in frames.values():
            frame.write(draft / f"{frame.table.name}.csv")
        label, tables = _label(runs, language), ComparedTables(runs, frames)
        drawn = natives(tables, Words(language, tables.labels())) if len(runs) > 1 else []
        more = partial(add_charts, charts=drawn, language=language)
        write_workbook(frames.values(), label, language, draft / "comparison.xlsx", more)
        names, charts = [run.label for run in runs], draft / "charts"
        entries = draw_gallery(tables, charts, layouts=SHEETS).entries if len(runs) > 1 else ()
        own = [entry for entry in entries if entry.language == language]
        told = comparison_report(frames, names, cautions(runs), label, language, own)
        write_page(told, charts, language, draft / "comparison.html")
    click.echo(say("Tables: {folder}", language, folder=out))


def _label(runs: Sequence[Run], language: Any) -> Callable[[str], str]:
    """Return the display names of the runs' own labels, of the first that has one."""
    from lantian.comparison.drawn import labels_of
    from lantian.report.words import CASE_NAMES

    known = labels_of(runs)

    def named(name: str) -> str:
        if name in known:
            return known[name].say(language)
        if name in CASE_NAMES:
            return CASE_NAMES[name].say(language)
        bare = without_kind(name)
        return say(name, language) if bare == name else named(bare)

    return named


def _show(runs: Sequence[Run], frames: dict[str, Frame], language: Any) -> None:
    from lantian.cli.terminal import console
    from lantian.comparison.overview import cautions

    out, label = console(), _label(runs, language)
    for caution in cautions(runs):
        out.print(caution.text(language), soft_wrap=True)
    if len(runs) != PAIR:
        scale = _money_scale(frames["runs"], ("plan_cost", "least_cost"), language)
        row = partial(_run_row, scale)
        _tell_title(out, frames["runs"], language)
        out.print(say(MONEY, language, unit=scale.unit))
        _tell(out, frames["runs"].records(), row, language, label, most=len(runs))
        return
    scale = _money_scale(frames["costs"], ("reference_value", "value"), language)
    first, other = (run.label for run in runs)
    pair = Pair(language, label, first, other, scale)
    _tell_inputs(out, frames["differences"], pair)
    for name, told in ROWS.items():
        _tell_title(out, frames[name], language)
        records = frames[name].records()
        if name == "targets":
            _tell_verdicts(out, records, language)
        if name in OF_MONEY and any(map(_differs, records)):
            out.print(say(MONEY, language, unit=scale.unit))
        if name == "cost_bridges" and not records and any(map(_differs, frames["costs"].records())):
            out.print(say(NOT_IN_COMMON, language))
        elif name in WAYS:
            _tell_ways(out, records, partial(told, pair), language, label)
        else:
            _tell(out, records, partial(told, pair), language, label)


def _tell_title(out: Any, frame: Frame, language: Any) -> None:
    from rich.text import Text

    out.print(Text(f"\n{frame.table.title.say(language)}", "bold"))


def _tell_inputs(out: Any, frame: Frame, pair: Pair) -> None:
    """Print a line for each difference of the inputs: what, from what to what, where."""
    language = pair.language
    _tell_title(out, frame, language)
    lines = list(_input_lines(frame.records(), pair))
    for line in lines[:MANY] or [say("No difference.", language)]:
        out.print(line, soft_wrap=True)
    _tell_rest(out, len(lines), MANY, language)


def _input_lines(records: Sequence[dict[str, Any]], pair: Pair) -> Iterator[str]:
    """Yield a line for each difference; numbers of a part that one run lacks make one together."""
    from lantian.names import input_name

    lacking: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        if record["kind"] == "value" and not (record["reference_value"] and record["value"]):
            has = pair.first if record["reference_value"] else pair.other
            lacking.setdefault((record["what"].split(": ")[0], has), []).append(record)
        elif record["kind"] != "file":
            yield _input_line(record, pair)
    for (part, has), alone in lacking.items():
        if len(alone) == 1:
            yield _input_line(alone[0], pair)
            continue
        told = "{kind} {part}: {n} numbers are only in {run}, such as {what}"
        taker, name = input_name(alone[0]["what"], pair.language, pair.label)
        kind = say("value", pair.language)
        values = {"kind": kind, "part": taker or part, "n": len(alone), "run": has}
        yield say(told, pair.language, **values, what=name)
    yield from (_input_line(r, pair) for r in records if r["kind"] == "file")


def _input_line(record: dict[str, Any], pair: Pair) -> str:
    from lantian.names import input_name

    language = pair.language
    taker, name = input_name(record["what"], language, pair.label)
    by = "" if record["change"] is None else f" ({record['change']:+.1%})"
    places = dict.fromkeys(p for p in (record["reference_place"], record["place"]) if p)
    return say(
        "{kind} {what}: {first} -> {other}{by}  {where}",
        language,
        kind=say(record["kind"], language),
        what=say("{part}: {name}", language, part=taker, name=name) if taker else name,
        first=record["reference_value"] or "-",
        other=record["value"] or "-",
        by=by,
        where=LIST_MARK[language].join(places),
    ).rstrip()


def _tell_rest(out: Any, rows: int, most: int, language: Any) -> None:
    if rows > most:
        out.print(say("... and {n} more; --out writes them all.", language, n=rows - most))


@dataclass(frozen=True)
class Pair:
    """Two runs beside each other, and who reads of them.

    Attributes
    ----------
    language, label
        Of the reader; gives the display names of ids.
    first, other
        How the runs are called.
    money
        Unit of their costs.
    """

    language: Any
    label: Any
    first: str
    other: str
    money: Scale

    def numbers(self, record: dict[str, Any], cell: str) -> dict[str, str]:
        """Return what both runs say of a cell, under their names."""
        from lantian.cli.terminal import number

        values = (record[f"reference_{cell}"], record[cell])
        return {
            name: number(value, 4)
            for name, value in zip((self.first, self.other), values, strict=True)
        }


def _tell_verdicts(out: Any, records: Sequence[dict[str, Any]], language: Any) -> None:
    """Print how many verdicts turn, where the runs have a target in common."""
    common = [r for r in records if None not in (r["reference_met"], r["met"])]
    turned = sum(record["flipped"] for record in common)
    if common:
        told = "Verdicts that turn: {n}." if turned else "No verdict turns."
        out.print(say(told, language, n=turned))


def _tell_ways(
    out: Any, records: Sequence[dict[str, Any]], row: Callable[..., dict[str, Any]], language: Any,
    label: Any,
) -> None:  # fmt: skip
    """Print what leads from one run to the other, whole ways only: each adds up as it stands."""
    ways: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        ways.setdefault(str(record.get("pollutant") or record["case"]), []).append(record)
    pooled = [_pooled(way) for way in ways.values()]
    lengths = list(accumulate(len(way) for way in pooled))
    most = max([n for n in lengths if n <= MANY] or lengths[:1], default=0)
    _tell(out, [record for way in pooled for record in way], row, language, label, most)


def _pooled(way: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a way whose steps too small for a line of their own are one step together.

    Those from cost to cost begin with the largest, of which the screen has room for a few.
    """
    first, *steps, last = way
    most = LARGEST if PARTS_OF_COST[0] in first else len(steps)
    least = UNCHANGED * abs(first["value"])
    small = [s for n, s in enumerate(steps) if n >= most or abs(s["value"]) <= least]
    if len(small) < PAIR:
        return list(way)
    parts = ("value", *(part for part in PARTS_OF_COST if part in first))
    rest = {"step": "other", "measure": "", **{p: sum(s[p] for s in small) for p in parts}}
    large = [step for step in steps if step not in small]
    return [first, *large, {**first, **rest, "steps": len(small)}, last]


def _tell(
    out: Any, records: Sequence[dict[str, Any]], row: Callable[..., dict[str, Any]], language: Any,
    label: Any, most: int = FEW,
) -> None:  # fmt: skip
    """Print the rows of a table that differ, and how many more there are."""
    from lantian.cli.terminal import records_table

    differing = [record for record in records if _differs(record)]
    shown = [record for record in differing if _is_moved(record)]
    if shown:
        rows = [row(record, language, label) for record in shown[:most]]
        out.print(records_table(rows, language))
    elif not differing:
        out.print(say("No difference.", language))
    if small := len(differing) - len(shown):
        told = "{n} more differ by less than 0.1 %; --out writes them all."
        out.print(say(told, language, n=small))
    _tell_rest(out, len(shown), most, language)


def _differs(record: dict[str, Any]) -> bool:
    """Tell whether a row says anything of a difference; those of other tables always count."""
    moved = [record[name] for name in ("difference", "cost_difference") if name in record]
    return not moved or bool(record.get("flipped")) or any(by != 0 for by in moved)


def _is_moved(record: dict[str, Any]) -> bool:
    """Tell whether a difference is worth a line on the screen; one that is not known is."""
    if record.get("flipped") or not any(cell in record for cell in MOVED):
        return True
    return any(_is_large(record, cell, by) for cell, by in MOVED.items() if cell in record)


MOVED = {"value": "difference", "amount": "difference", "cost": "cost_difference"}
"""Cell of a comparison -> the difference that is told of it."""


def _is_large(record: dict[str, Any], cell: str, by: str) -> bool:
    if by not in record:
        return True
    ends = (record[cell], record[f"reference_{cell}"])
    if record[by] is None:
        return ends != (None, None)
    return bool(abs(record[by]) > UNCHANGED * max(abs(end or 0.0) for end in ends))


def _run_row(scale: Scale, record: dict[str, Any], language: Any, label: Any) -> dict[str, Any]:
    return {
        "run": record["run"],
        "region": label(record["region"]) if record["region"] else "",
        "met": f"{record['met']}/{record['targets']}",
        "out of reach": record["out_of_reach"],
        **_money(record, {"plan": "plan_cost", "least cost": "least_cost"}, scale),
    }


PARTS_OF_COST = ("by_amount", "by_price")
"""Columns of a way from cost to cost."""
LARGEST = 6
"""Measures of a way from cost to cost that have a line of their own on the screen."""
WAYS = ("bridges", "cost_bridges")
"""Tables of ways that add up."""
NOT_IN_COMMON = "There is no year and currency in which both runs have the cost of a case."
OF_MONEY = ("costs", "mixes", "cost_bridges")
"""Tables of two runs with money in them."""
MONEY = "Net costs, that is less savings, in {unit}."


def _money(record: dict[str, Any], columns: dict[str, str], scale: Scale) -> dict[str, str]:
    """Return money in the unit of its table: head -> column."""
    from lantian.cli.terminal import number

    return {
        head: number(None if record[column] is None else record[column] / scale.size)
        for head, column in columns.items()
    }


def _money_scale(frame: Frame, columns: Sequence[str], language: Any) -> Scale:
    """Return the one unit of some columns of a table of costs."""
    from lantian.cli.terminal import money_scale

    records = frame.records()
    sums = [r[column] for r in records for column in columns if r[column] is not None]
    unit = str(records[0].get("unit") or records[0]["cost_unit"]) if records else ""
    return money_scale(sums, unit, language)


def _case(record: dict[str, Any], language: Any) -> str:
    from lantian.report.words import CASE_NAMES

    return CASE_NAMES[record["case"]].say(language)


def _target_row(pair: Pair, record: dict[str, Any], language: Any, label: Any) -> dict[str, Any]:
    return {
        "target": label(OF_TARGET + record["target"]),
        "case": _case(record, language),
        "limit": _limits(record, language),
        **pair.numbers(record, "value"),
        "unit": unit_text(record["unit"] or "", language),
        "verdict": _verdict(pair, record),
    }


def _limits(record: dict[str, Any], language: Any) -> str:
    """Return the limit of a target, both where the runs have different ones."""
    from lantian.cli.terminal import number

    told = [number(record[cell], 4) for cell in ("reference_limit", "limit")]
    return _both([limit for limit in told if limit != number(None)], language) or "-"


def _both(ends: Sequence[str], language: Any) -> str:
    """Return from what to what; what is the same stands once."""
    if len(set(ends)) < PAIR:
        return "".join(ends[:1])
    return say("{first} -> {other}", language, first=ends[0], other=ends[1])


def _verdict(pair: Pair, record: dict[str, Any]) -> str:
    """Return how a verdict turns; that only one of the runs has the target, where it is so."""
    for lacking, only in (("value", pair.first), ("reference_value", pair.other)):
        if record[lacking] is None:
            return say("only in {run}", pair.language, run=only)
    if not record["flipped"]:
        return say("as before", pair.language)
    return say("now met" if record["met"] else "now missed", pair.language)


def _total_row(pair: Pair, record: dict[str, Any], language: Any, label: Any) -> dict[str, Any]:
    by = record["change"]
    return {
        "pollutant": label(record["pollutant"]),
        "case": _case(record, language),
        "year": record["year"],
        **pair.numbers(record, "value"),
        "unit": say(record["unit"], language),
        "change": "-" if by is None else f"{by:+.1%}",
    }


def _cost_row(pair: Pair, record: dict[str, Any], language: Any, label: Any) -> dict[str, Any]:
    money = _money(
        record,
        {pair.first: "reference_value", pair.other: "value", "difference": "difference"},
        pair.money,
    )
    return {"case": _case(record, language), "year": record["year"], **money}


def _mix_row(pair: Pair, record: dict[str, Any], language: Any, label: Any) -> dict[str, Any]:
    amounts = [*pair.numbers(record, "amount").values()]
    unit = unit_text(record["unit"], language)
    return {
        "case": _case(record, language),
        "year": record["year"],
        "measure": label(record["measure"]),
        "source": label(record["source"]),
        _both([pair.first, pair.other], language): f"{_both(amounts, language)} {unit}",
        **_money(record, {"net cost": "cost_difference"}, pair.money),
    }


def _bridge_row(pair: Pair, record: dict[str, Any], language: Any, label: Any) -> dict[str, Any]:
    from lantian.cli.terminal import number

    return {
        "pollutant": label(record["pollutant"]),
        "step": _step(pair, record, language, label),
        "value": _sign(record) + number(record["value"], 4),
        "unit": say(record["unit"], language),
    }


def _cost_bridge_row(
    pair: Pair, record: dict[str, Any], language: Any, label: Any
) -> dict[str, Any]:
    columns = {"net cost": "value", "by amount": "by_amount", "by unit cost": "by_price"}
    return {
        "case": _case(record, language),
        "year": record["year"],
        "step": _step(pair, record, language, label),
        **_money(record, columns, pair.money),
    }


def _step(pair: Pair, record: dict[str, Any], language: Any, label: Any) -> str:
    """Return what a step of a way is called; its ends are called as the runs are."""
    ends, step = {"reference": pair.first, "run": pair.other}, record["step"]
    named = label(record["measure"]) if step == "measure" else ends.get(step)
    return named or say(STEPS.get(step, step), language, n=record.get("steps"))


def _sign(record: dict[str, Any]) -> str:
    return "+" if record["value"] > 0 and record["step"] not in ("reference", "run") else ""


STEPS = {
    "base": "base year",
    "inventory": "change in the inventory",
    "other": "other steps ({n})",
}
"""Steps of a bridge that are told in other words than their own."""

ROWS: dict[str, Callable[..., dict[str, Any]]] = {
    "targets": _target_row,
    "totals": _total_row,
    "costs": _cost_row,
    "mixes": _mix_row,
    "bridges": _bridge_row,
    "cost_bridges": _cost_bridge_row,
}
"""Table of a comparison -> a line of the screen."""
