"""Targets and commitments as they are reached."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from lantian.cli.terminal.text import (
    ALL,
    CASE_NAMES,
    dense_table,
    mark,
    number,
    percent,
    with_unit,
)
from lantian.language import Label, Listed, say
from lantian.report.words import chance_text
from lantian.tolerances import UNSEEN
from lantian.vocabulary import OF_TARGET, Language


def targets_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the table of targets: base, limit, each case, met or missed by how much.

    One row per target [its unit].
    """
    shown = {c for t in summary["targets"] for c in t["value"]} - {"match_plan"}
    cases = [c for c in CASE_NAMES if c in shown]
    table = dense_table(say("Targets", language))
    for name in ("target", "base", "limit", *(CASE_NAMES[c] for c in cases)):
        right = name != "target"
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for target in summary["targets"]:
        if target["computed"]:
            table.add_row(*_target_cells(target, cases, language, label))
    return table


def _target_cells(
    target: dict[str, Any], cases: Sequence[str], language: Language, label: Label
) -> list[str | Text]:
    name = _target_name(target, language, label)
    base = number(target["base_value"])
    if target["base_year"]:
        base += f" ({target['base_year']})"
    cells: list[str | Text] = [name, base, number(target["limit"])]
    for case in cases:
        value, met = target["value"].get(case), target["met"].get(case)
        if value is None:
            cells.append("-")
            continue
        cell = Text.assemble(f"{number(value)} ", mark(met))
        if case != "baseline":
            chance = target["probability"].get(case)
            sure = "" if chance is None else chance_text(chance)
            cell.append(f"{sure} {margin_text(target['limit'], value)}")
        cells.append(cell)
    return cells


def levels_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the levels that the plan prints and the last year does not reach.

    One row per printed level.
    """
    title = say("Printed levels as reached in {year}", language, year=summary["years"][-1])
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(say("measure", language), overflow="fold")
    table.add_column(say("row", language))
    table.add_column(say("level", language), justify="right")
    table.add_column(say("reached", language), justify="right")
    table.add_column(say("reach", language), justify="right")
    for level in filter(is_missed, summary["levels"]):
        printed, unit = level["printed"], level["unit"]
        ends = dict.fromkeys(number(level[end]) for end in ("lowest", "highest"))
        table.add_row(
            label(level["measure"]),
            " ".join(row.rsplit("-", 1)[-1] for row in level["clause"]),
            f"{printed:,g} {say(unit, language)}",
            Text.assemble(f"{'-'.join(ends)} ", mark(False)),
            "" if level["held_by_reach"] is None else _held(level, language),
        )
    return table


def _held(level: dict[str, Any], language: Language) -> str:
    return say("holds it: {share}", language, share=percent(level["held_by_reach"]))


HELD_BACK = 3
"""Levels held back by a reach that are named, the furthest first."""


def reach_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which levels that say "all" are met as far as their measure reaches, and no further.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    held = {
        level["measure"]: level["held_by_reach"]
        for level in summary["levels"]
        if _is_all(level) and level["held_by_reach"] is not None
    }
    if not held:
        return []
    few = sorted(held, key=lambda measure: (held[measure], measure))[:HELD_BACK]
    names = Listed(f"{label(measure)} {percent(held[measure])}" for measure in few)
    template = (
        "Printed as all, done as far as the measure reaches: {names}; {n} more: tables/levels.csv"
        if len(held) > HELD_BACK
        else "Printed as all, done as far as the measure reaches: {names}"
    )
    return [say(template, language, names=names, n=len(held) - HELD_BACK)]


def is_missed(level: dict[str, Any]) -> bool:
    """Tell whether a level is short; "all" is all that the measure can move and never is."""
    return not _is_all(level) and _is_short(level)


def _is_all(level: dict[str, Any]) -> bool:
    return bool(level["unit"] == "%" and level["printed"] == ALL)


def _is_short(level: dict[str, Any]) -> bool:
    lowest = level["lowest"]
    return lowest is None or bool(lowest < level["printed"] * (1 - UNSEEN))


def _target_name(target: dict[str, Any], language: Language, label: Label) -> str:
    """Return a target's name, where it holds if that is not everywhere, and its unit."""
    name = label(OF_TARGET + target["id"])
    if "places" in target:
        places = Listed(label(place) for place in target["places"])
        name = say("{name} in {places}", language, name=name, places=places)
    if "season" in target:
        name = say("{name}, months {season}", language, name=name, season=target["season"])
    return with_unit(name, target["unit"], language)


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
