"""Targets and commitments as they are reached."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from lantian.cli.terminal.text import (
    ALL,
    CASE_NAMES,
    CROWDED,
    FEW,
    SINGLY,
    all_names,
    dense_table,
    mark,
    number,
    percent,
    with_unit,
)
from lantian.cli.terminal.verdict import target_marks
from lantian.language import Label, Listed, message, say
from lantian.report.words import MONEY_STEP, Scale, chance_text, computed_targets
from lantian.tolerances import UNSEEN
from lantian.vocabulary import OF_TARGET, Language


def targets_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the table of targets: base, limit, each case, met or missed by how much.

    One row per target [its unit].
    """
    valued = {c for t in summary["targets"] for c in t["value"]} - {"match_plan"}
    cases = [c for c in CASE_NAMES if c in valued]
    heads = [say(name, language) for name in ("base", "limit", *(CASE_NAMES[c] for c in cases))]
    table = dense_table([say("Targets", language)], heads)
    shown = targets_shown(summary)
    for target, name in zip(shown, dated_names(shown, language, label), strict=True):
        table.add_row(name, *_target_cells(target, cases, language))
    return table


def targets_shown(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the targets that the table shows: of many not those that every case meets.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    """
    computed = computed_targets(summary)
    apart = len(summary["out_of_reach"])
    if len(computed) + (apart if apart > SINGLY else 0) <= CROWDED:
        return computed
    return [t for t in computed if not all(t["met"].values())] or computed


def easy_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which targets the table leaves out, as every case meets them.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    shown = [t["id"] for t in targets_shown(summary)]
    left = [t["id"] for t in computed_targets(summary) if t["id"] not in shown]
    if not left:
        return []
    names = all_names(left, label, OF_TARGET)
    return [say("Met in every case (tables/targets.csv): {names}", language, names=names)]


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


def _target_cells(
    target: dict[str, Any], cases: Sequence[str], language: Language
) -> list[str | Text]:
    size = _scale(target, language).size
    limit, base = target["limit"] / size, target["base_value"]
    first = number(base and base / size)
    if target["base_year"]:
        first += f" ({target['base_year']})"
    cells: list[str | Text] = [first, number(limit)]
    for case in cases:
        value, met = target["value"].get(case), target["met"].get(case)
        if value is None:
            cells.append("-")
            continue
        value /= size
        cell = Text.assemble(f"{number(value) if met else beside(value, limit)} ", mark(met))
        if case != "baseline":
            chance = target["probability"].get(case)
            cell.append("" if chance is None else chance_text(chance))
        if case == "plan":
            cell.append(f" {room_text(limit, value, met)}")
        cells.append(cell)
    return cells


MANY = 1e6
"""Amount from which on a target is told in millions (Chinese: in 万)."""


def _scale(target: dict[str, Any], language: Language) -> Scale:
    """Return what the amounts of a target are told in."""
    unit = target["unit"]
    if abs(target["limit"]) < MANY:
        return Scale(1.0, unit)
    return Scale(MONEY_STEP[language], say("M {unit}", language, unit=message(unit)))


def beside(value: float, other: float) -> str:
    """Return a number with as many digits as tell it from another, three at least.

    Parameters
    ----------
    value, other
        In the same unit.
    """
    told = (number(value, digits) for digits in range(3, MOST_DIGITS))
    return next((text for text in told if text != number(other)), number(value))


MOST_DIGITS = 8


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
    if len(computed_targets(summary)) > CROWDED:
        return _counted_levels(len(missed), language)
    told = [_short_of(level, language, label) for level in missed[:FEW]]
    if len(missed) > FEW:
        told.append(say("{n} more", language, n=len(missed) - FEW))
    parts = []
    if told:
        template, year = "Printed levels not reached in {year}: {names}", summary["years"][-1]
        parts.append(say(template, language, year=year, names=Listed(told)))
    parts += _capped_lines(summary, language, label)
    return [say("{parts}: tables/levels.csv", language, parts=Listed(parts))] if parts else []


def _counted_levels(missed: int, language: Language) -> list[str]:
    if not missed:
        return []
    if missed == 1:
        return [say("1 printed level not reached: tables/levels.csv", language)]
    return [say("{n} printed levels not reached: tables/levels.csv", language, n=missed)]


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
        reached="-".join(
            dict.fromkeys(_reached(level[end], level["printed"]) for end in ("lowest", "highest"))
        ),
        printed=f"{level['printed']:,g}",
        unit=say(level["unit"], language),
        share=percent(held),
    )


def _reached(value: float | None, printed: float) -> str:
    """Return what is reached of a level, told from the level itself where it is less."""
    if value is None or value >= printed:
        return number(value)
    return beside(value, printed)


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
            "1 level of all capped by reach ({measure} {share})"
            if len(held) == 1
            else "{n} levels of all capped by reach ({measure} {share})",
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
    return with_unit(name, _scale(target, language).unit, language)


def room_text(limit: float, value: float, met: bool) -> str:
    """Return how much room a value leaves to its limit (+) or lacks (-), or that it is at it.

    Parameters
    ----------
    limit, value
        In the same unit.
    met
        Whether the value keeps the limit, whichever side of it that is.

    Returns
    -------
    str
        Three digits with a sign as in table ``targets``, or ±0.
    """
    if abs(value - limit) <= UNSEEN * max(abs(limit), abs(value)):
        return "±0"
    return f"{'+' if met else '-'}{number(abs(value - limit))}"
