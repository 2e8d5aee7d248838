"""Numbers, marks and tables as a terminal shows them."""

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lantian.inventory.finished import SOURCE_UNIT
from lantian.language import SMALL_SUM, Label, Listed, Message, begun, message, say
from lantian.report.words import MONEY_STEP, Scale
from lantian.tolerances import SHOWN_AS_ZERO
from lantian.vocabulary import Case, Language

CASE_NAMES: Mapping[Case, str] = {
    "baseline": "baseline",
    "plan": "plan as written",
    "least_cost": "least cost",
    "match_plan": "least cost for the plan's result",
}
MARKS, OTHER_MARKS = ("✓", "✗"), ("√", "×")
"""Tick and cross; the others are in the encodings of Chinese Windows."""
ALL = 100.0
"""Level [%] of a clause that says "all"."""
SHORTEST = 3
"""Measures of the mix that are shown at least."""
FEW = 3
"""Names in a line that only points to a table."""
BOXES = 1
"""Boxes that are told; the others are in a table."""
ROOMY = 5
"""Targets up to which the screen has room to say when one is missed."""
CROWDED = 12
"""Targets from which on the screen names those that every case meets in a line only."""
SINGLY = 2
"""Targets out of reach up to which the screen tells of each all that is known."""
WIDE = 100
"""Columns of the terminal for which tables are laid out."""


class _Console(Console):
    """A console that leaves it to the program what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        """Pass on that nobody reads any more."""
        raise BrokenPipeError


def console(stderr: bool = False) -> Console:
    """Return a console; in a pipe it is as wide as ``COLUMNS`` says, or else as a report.

    Names of a user hold what signs they like: brackets and colons are no markup.
    """
    plain: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
    found = _Console(stderr=stderr, **plain)
    asked = os.environ.get("COLUMNS", "").isdecimal()
    return found if found.is_terminal or asked else _Console(stderr=stderr, width=WIDE, **plain)


def mark(met: bool) -> Text:
    """Return a tick or a cross; where the output's encoding has none, signs that look alike."""
    tick, cross = MARKS
    try:
        (tick + cross).encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        tick, cross = OTHER_MARKS
    return Text(tick, "green") if met else Text(cross, "red")


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
        In millions: as text in English where it is large enough for that, else as the number.
    """
    large = amount == 0.0 or abs(amount) >= SMALL_SUM * 1e6
    return number(amount / 1e6) if language == "en" and large else amount / 1e6


def money_scale(amounts: Iterable[float], unit: str, language: Language) -> Scale:
    """Return the one unit of the sums of a table: millions or 万, plain where all are small.

    Parameters
    ----------
    amounts
        The sums [unit]; those that are not numbers do not count.
    unit
        Currency, or that by year or by something else.
    language
        Language of the reader.

    Returns
    -------
    Scale
        Divisor and name of the unit.
    """
    step = MONEY_STEP[language]
    largest = max((abs(amount) for amount in amounts if amount == amount), default=step)
    if largest < SMALL_SUM * step:
        return Scale(1.0, message(unit).text(language))
    return Scale(step, say("million {unit}", language, unit=message(unit)))


def percent(share: float | None) -> str:
    """Return a share in percent, or a dash."""
    return "-" if share is None else f"{100 * share:.0f}%"


def all_names(ids: Sequence[str], label: Label, kind: str = "") -> Listed:
    """Return names in the language asked for, as a list."""
    return Listed(label(kind + name) for name in ids)


def few_names(ids: Sequence[str], label: Label, kind: str = "") -> Listed:
    """Return the first names, and how many more there are."""
    more = [message("{n} more", n=len(ids) - FEW)] if len(ids) > FEW else []
    return Listed([*all_names(ids[:FEW], label, kind), *more])


SENTENCE_END = {"en": ". ", "zh": "。"}
"""Between sentences of one paragraph."""


WORDS = re.compile(r"\s+|[（“《]*(?:[!-~]+|\S)[，。；：、）”》%]*")
"""What a line is not broken in: words of letters and digits, and single Chinese signs, with the
brackets that open before them and the marks that close behind them."""


def filled(text: str, width: int) -> list[str]:
    """Return a text as lines; Chinese is broken between any two signs.

    Parameters
    ----------
    text
        One paragraph.
    width
        Columns of the terminal, of which a Chinese sign takes two.

    Returns
    -------
    list of str
        Lines of the width at most, but for a word that is longer.
    """
    lines, line, words = [], "", WORDS.findall(text)
    for word in words:
        if line and cell_len(line + word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    return [*lines, line.rstrip()]


def paragraph(sentences: Sequence[str], language: Language) -> list[str]:
    """Return sentences as one paragraph, which is filled; nothing where there are none."""
    told = [begun(sentence.rstrip(".。 ")) for sentence in sentences]
    return [SENTENCE_END[language].join(told)] if told else []


def print_filled(paragraphs: Sequence[str], out: Console) -> None:
    """Print paragraphs, filled to the width of the terminal."""
    for text in paragraphs:
        out.print("\n".join(filled(begun(text), out.width)))


def signed(value: float) -> str:
    """Return a number with its sign."""
    told = number(value)
    return told if told == "0" or value < 0 else f"+{told}"


def dense_table(left: Sequence[str], right: Sequence[str]) -> Table:
    """Return a table for many columns, one space apart.

    Parameters
    ----------
    left
        Headings of columns of words; the first tells what the table is about.
    right
        Headings of columns of numbers, which stand behind the first.
    """
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column(left[0], overflow="fold")
    for name in right:
        table.add_column(name, justify="right", overflow="fold")
    for name in left[1:]:
        table.add_column(name, overflow="fold")
    return table


def span(low: float, high: float, unit: str, language: Language) -> str:
    """Return two ends with their unit; a ratio has none."""
    ends = f"{number(low)}-{number(high)}"
    return ends if unit in ("", "1") else f"{ends} {say(unit, language)}"


def with_unit(name: str, unit: str, language: Language) -> str:
    """Return a name with its unit in brackets."""
    if unit in ("", "1"):
        return name
    return say("{name} ({unit})", language, name=name, unit=message(unit))


def unit_words(unit: str) -> Message:
    """Return a unit of activity, or money for one of it, as a sentence has it.

    Parameters
    ----------
    unit
        As tables hold it. That of a finished inventory is the source as a whole: amounts of it are
        shares, and money is for all of it.
    """
    money, _, per = unit.rpartition("/")
    if per != SOURCE_UNIT:
        return message(unit)
    if not money:
        return message("of the source")
    return message("{money} for the whole source", money=message(money))
