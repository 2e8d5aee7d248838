"""Avoided deaths and CO2 of a run as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

from lantian.cli.terminal import number
from lantian.cli.terminal.text import signed
from lantian.language import LIST_MARK, Label, say
from lantian.vocabulary import Language

TOLD = {"plan": "plan", "least_cost": "least cost"}
"""Cases of which the first there is is told, by its name; the table has all."""


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
            "Deaths avoided in {year}, {case}: {each}; CO2 {change} t",
            language,
            year=last[0]["year"],
            case=say(TOLD[last[0]["case"]], language),
            each=LIST_MARK[language].join(each),
            change=signed(-last[0]["co2_here"] - last[0]["co2_grid"]),
        )


def _deaths(row: dict[str, Any], language: Language, label: Label) -> str:
    """Return the deaths by one function; a dash where it does not tell. The table has ranges."""
    return f"{label(row['function'])} {number(row['avoided'])}"
