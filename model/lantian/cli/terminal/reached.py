"""Targets and commitments as they are reached."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from lantian.cli.terminal.text import (
    ALL,
    CASE_NAMES,
    FEW,
    dense_table,
    mark,
    number,
    percent,
    with_unit,
)
from lantian.cli.terminal.verdict import target_marks
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
    heads = [say(name, language) for name in ("base", "limit", *(CASE_NAMES[c] for c in cases))]
    table = dense_table([say("Targets", language)], heads)
    computed = [t for t in summary["targets"] if t["computed"]]
    for target, name in zip(computed, dated_names(computed, language, label), strict=True):
        table.add_row(name, *_target_cells(target, cases))
    return table


def dated_names(
    targets: Sequence[dict[str, Any]], language: Language, label: Label
) -> Iterator[str]:
    """Yield the name of each target, with its year where they have several.

    Parameters
    ----------
    targets
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    several = len({t["year"] for t in targets}) > 1
    for target in targets:
        name = target_name(target, language, label)
        dated = say("{name} in {year}", language, name=name, year=target["year"])
        yield dated if several else name


def _target_cells(target: dict[str, Any], cases: Sequence[str]) -> list[str | Text]:
    base = number(target["base_value"])
    if target["base_year"]:
        base += f" ({target['base_year']})"
    cells: list[str | Text] = [base, number(target["limit"])]
    for case in cases:
        value, met = target["value"].get(case), target["met"].get(case)
        if value is None:
            cells.append("-")
            continue
        cell = Text.assemble(f"{number(value)} ", mark(met))
        if case != "baseline":
            chance = target["probability"].get(case)
            cell.append("" if chance is None else chance_text(chance))
        if case == "plan":
            cell.append(f" {margin_text(target['limit'], value)}")
        cells.append(cell)
    return cells


def level_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which printed levels are missed, and which "all" a reach caps; the table has all.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    missed = sorted(filter(is_missed, summary["levels"]), key=_reached_part)
    told = [_short_of(level, language, label) for level in missed[:FEW]]
    if len(missed) > FEW:
        told.append(say("{n} more", language, n=len(missed) - FEW))
    parts = []
    if told:
        template, year = "Printed levels not reached in {year}: {names}", summary["years"][-1]
        parts.append(say(template, language, year=year, names=Listed(told)))
    parts += _capped_lines(summary, language, label)
    return [say("{parts}: tables/levels.csv", language, parts=Listed(parts))] if parts else []


def _reached_part(level: dict[str, Any]) -> float:
    """Return how much of a printed level is reached where it is least [1]."""
    return float(level["lowest"] or 0.0) / float(level["printed"])


def _short_of(level: dict[str, Any], language: Language, label: Label) -> str:
    """Return a level beside what is reached of it, and the reach where that is what holds it."""
    held = level["held_by_reach"]
    return say(
        "{measure} {reached} of {printed} {unit}"
        if held is None
        else "{measure} {reached} of {printed} {unit} (its reach is {share})",
        language,
        measure=label(level["measure"]),
        reached="-".join(dict.fromkeys(number(level[end]) for end in ("lowest", "highest"))),
        printed=f"{level['printed']:,g}",
        unit=say(level["unit"], language),
        share=percent(held),
    )


def _capped_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how many levels that say "all" are met as far as their measure reaches, no further."""
    held = {
        level["measure"]: level["held_by_reach"]
        for level in summary["levels"]
        if _is_all(level) and level["held_by_reach"] is not None
    }
    if not held:
        return []
    least = min(held, key=lambda measure: (held[measure], measure))
    return [
        say(
            "{n} levels of all capped by reach ({measure} {share})",
            language,
            n=len(held),
            measure=label(least),
            share=percent(held[least]),
        )
    ]


def is_missed(level: dict[str, Any]) -> bool:
    """Tell whether a level is short; "all" is all that the measure can move and never is."""
    return not _is_all(level) and _is_short(level)


def _is_all(level: dict[str, Any]) -> bool:
    return bool(level["unit"] == "%" and level["printed"] == ALL)


def _is_short(level: dict[str, Any]) -> bool:
    lowest = level["lowest"]
    return lowest is None or bool(lowest < level["printed"] * (1 - UNSEEN))


def target_name(target: dict[str, Any], language: Language, label: Label) -> str:
    """Return a target's name, where it holds if that is not everywhere, and its unit."""
    name = label(OF_TARGET + target["id"]) + target_marks(target)
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
