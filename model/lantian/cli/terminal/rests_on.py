"""What the answer rests on: basis, variance, where it fails."""

from typing import Any

from lantian.cli.terminal.text import BOXES, ROOMY, number, percent, span
from lantian.cli.terminal.verdict import hindcast_lines
from lantian.language import Label, Listed, Message, message, say
from lantian.names import NumberName
from lantian.report.words import chance_text, computed_targets
from lantian.vocabulary import OF_TARGET, Language

TELLING = 0.6
"""Density [1] from which on a box says when a target is missed."""


def basis_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the answer rests on: data, variance, and where it fails."""
    lines = _variance_lines(summary, language, label)
    lines += _failure_lines(summary, language, label)
    shares = summary["assumed_share"].get("reduction") or summary["assumed_share"].get("emission")
    if shares and not lines:
        low, high = min(shares.values()), max(shares.values())
        lines.append(
            say(
                "On assumed numbers rest {share} of each pollutant's cut"
                if summary["assumed_share"].get("reduction")
                else "On assumed numbers rest {share} of each pollutant's emission",
                language,
                share="-".join(dict.fromkeys((percent(low), percent(high)))),
            )
        )
    if summary["assumptions"] and not _is_sampled(summary):
        roomy = len(computed_targets(summary)) <= ROOMY
        first = summary["assumptions"][: 3 if roomy else 1]
        lines.append(
            say(
                "Assumptions that matter most: {names}",
                language,
                names=Listed(
                    say(
                        "{input} ({ends}: {outcome} {values})",
                        language,
                        input=NumberName(tuple(a["keys"])).text(language, label),
                        ends=span(a["low"], a["high"], a["unit"], language),
                        outcome=label(OF_TARGET + a["outcome"]),
                        values=span(a["at_low"], a["at_high"], a["outcome_unit"], language),
                    )
                    for a in first
                ),
            )
        )
    return lines


def seen_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how the model stands to what was observed and to independent estimates.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    lines = hindcast_lines(summary, language, label)
    if summary["topdown"]:
        lines.append(_topdown_line(summary["topdown"], language, label))
    return lines


def _is_sampled(summary: dict[str, Any]) -> bool:
    """Tell whether samples say what matters most, so that ends of ranges need not."""
    return bool(summary["samples"] and summary["samples"]["measure_first"])


def _variance_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how much of the spread is due to assumed numbers, and what to measure first."""
    found = summary["samples"]
    if found is None or not found["variance_by_basis"]:
        return []
    shares = [own["assumed"] for own in found["variance_by_basis"].values()]
    ends = dict.fromkeys((percent(min(shares)), percent(max(shares))))
    lines = [
        say(
            "{share} of targets' spread is due to assumed numbers",
            language,
            share="-".join(ends),
        )
    ]
    if found["measure_first"]:
        lines.append(
            say(
                "Measure first: {name}",
                language,
                name=_first_of(found["measure_first"][0], language, label),
            )
        )
    return lines


def _failure_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return when the plan misses the targets that are most open, in a sentence each."""
    found = summary["samples"]
    if found is None:
        return []
    told = [own for own in found["failures"] if own["density"] >= TELLING]
    if told and len(computed_targets(summary)) > ROOMY:
        return [say("Misses: tables/failures.csv", language)]
    return [
        say(
            "The plan misses {target} when {when} ({density} of such sets; {coverage} of all"
            " misses)",
            language,
            target=label(OF_TARGET + own["target"]),
            when=Listed(_when(side, language, label) for side in own["when"]),
            coverage=percent(own["coverage"]),
            density=percent(own["density"]),
        )
        for own in told[:BOXES]
    ]


WEATHER_TABLE = "weather"
"""First key of what the weather of a year did to its mean."""


def _when(side: dict[str, Any], language: Language, label: Label) -> str:
    if not side["keys"]:
        return _moved(message(BASE_WEATHER), side["bound"] - 1.0, side["above"], language)
    if side["keys"][0] == WEATHER_TABLE:
        weather = message("the weather of {year}", year=side["keys"][-1])
        return _moved(weather, side["bound"], side["above"], language)
    return say(
        "{input} is above {bound} {unit}" if side["above"] else "{input} is below {bound} {unit}",
        language,
        input=NumberName(tuple(side["keys"])).text(language, label),
        bound=number(side["bound"]),
        unit=say(side["unit"], language) if side["unit"] != "1" else "",
    ).rstrip()


BASE_WEATHER = "the weather, against that of the base year,"
_MOVED = {
    (True, True): "{weather} raises its mean by more than {percent}",
    (True, False): "{weather} lowers its mean by less than {percent} or raises it",
    (False, True): "{weather} raises its mean by less than {percent} or lowers it",
    (False, False): "{weather} lowers its mean by more than {percent}",
}
"""By whether the mean moves to above the bound, and whether the bound is a rise."""


def _moved(weather: Message, bound: float, above: bool, language: Language) -> str:
    """Return which way, and by how much, weather moves a mean beyond a bound [1]."""
    percent = f"{100.0 * abs(bound):.2g} %"
    return say(_MOVED[above, bound >= 0.0], language, weather=weather, percent=percent)


def _first_of(row: dict[str, Any], language: Language, label: Label) -> str:
    return say(
        "{input} ({target}: {low} if low, {high} if high)",
        language,
        input=NumberName(tuple(row["keys"])).text(language, label),
        target=label(OF_TARGET + row["target"]),
        low=chance_text(row["if_low"]),
        high=chance_text(row["if_high"]),
    )


def _topdown_line(rows: list[dict[str, Any]], language: Language, label: Label) -> str:
    """Return how the inventory stands to the ranges of independent estimates."""

    def named(stands: str) -> Listed:
        return Listed(
            f"{_compared(row, language, label)} {row['pollutant']} {row['year']} "
            f"(x{number(row['ratio'], 2)})"
            for row in rows
            if row["stands"] == stands
        )

    told = say(
        "Independent estimates met: {inside} of {all}",
        language,
        inside=sum(row["stands"] == "inside" for row in rows),
        all=len(rows),
    )
    if meet := named("overlapping"):
        told += say("; outside, both ranges meet: {names}", language, names=meet)
    if apart := named("apart"):
        told += say("; apart: {names}", language, names=apart)
    return told


def _compared(row: dict[str, Any], language: Language, label: Label) -> str:
    sectors = say("total", language) if row["sector"] == "all" else label(row["sector"])
    if not row["without"]:
        return sectors
    return say("{all} without {sector}", language, all=sectors, sector=label(row["without"]))
