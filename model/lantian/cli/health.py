"""Avoided deaths and CO2 of a run as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

from lantian.cli.terminal import CASE_NAMES, number
from lantian.language import LIST_MARK, Label, say
from lantian.vocabulary import Language

TOLD = ("plan", "least_cost")
"""Cases of which the first there is is told; the table has all."""


def benefit_lines(rows: list[dict[str, Any]], language: Language, label: Label) -> Iterator[str]:
    """Yield what the plan, or else the least cost, avoids in its last year, by function.

    Parameters
    ----------
    rows
        Of the table ``benefits``.
    language
        Language of the reader.
    label
        Gives display names.
    """
    told = [case for case in TOLD if any(row["case"] == case for row in rows)]
    for case in told[:1]:
        own = [row for row in rows if row["case"] == case]
        last = [row for row in own if row["year"] == max(r["year"] for r in own)]
        each = [_deaths(row, language, label) for row in last]
        yield say(
            "Deaths avoided in {year}, {case}: {each} (functions stand side by side); CO2 cut"
            " {here} t here, {grid} t by electricity",
            language,
            year=last[0]["year"],
            case=say(CASE_NAMES[last[0]["case"]], language),
            each=LIST_MARK[language].join(each),
            here=number(last[0]["co2_here"]),
            grid=number(last[0]["co2_grid"]),
        )


def _deaths(row: dict[str, Any], language: Language, label: Label) -> str:
    """Return the deaths by one function with their range; a dash where it does not tell."""
    if row["avoided"] is None:
        return f"{label(row['function'])} -"
    return say(
        "{function} {deaths} ({low} to {high})",
        language,
        function=label(row["function"]),
        deaths=number(row["avoided"]),
        low=number(row["avoided_low"]),
        high=number(row["avoided_high"]),
    )
