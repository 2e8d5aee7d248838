"""Rows that are totals or parts of others, which would count twice.

A name that is a word for a total, or begins with one for a part of the row above, is a fault, with
a way to keep the row; a row that only equals the sum of others is a warning.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from lantian.errors import Place, Problems
from lantian.language import message
from lantian.tolerances import SAME_SUM

NOT_A_TOTAL, NOT_A_PART = "not a total", "not a part"
KEPT = (NOT_A_TOTAL, "非合计", NOT_A_PART, "非其中项")
"""In the note of a row whose name looks like that of a total or a part: it is kept."""
PART = re.compile(r"[\W_]*(其中|of[\s_-]+which(?![^\W_])|thereof|davon|(including|包括|包含)\s*:)")
"""How the name of a row begins that is a part of the row above it."""

WORDS = frozenset(
    ["total", "totals", "subtotal", "subtotals", "sum", "gesamt", "summe", "totale", "somme",
     "итого", "всего"]
)  # fmt: skip
"""Words for a total at the beginning or the end of a name, in lower case."""
SIGNS = ("合计", "总计", "小计", "总和", "汇总", "合計", "總計", "小計", "합계", "총계", "소계")
"""The same in languages that put no blanks between words, at the end of a name."""
LEADING = tuple(sign for sign in SIGNS if not sign.startswith("小"))
"""Those that begin no other word."""


@dataclass(frozen=True)
class Summand:
    """A row of a table as far as sums are concerned.

    Attributes
    ----------
    names
        Of what the row is about: source and sector.
    kind
        Rows of one kind can be added up: pollutant and year.
    value
        In one unit for all rows of a kind.
    note
        May say that the row is none of these.
    """

    names: tuple[str, ...]
    kind: Hashable
    value: float
    note: str
    place: Place

    @property
    def is_kept(self) -> bool:
        """Whether its note says that it is not a total."""
        return any(word in self.note.casefold() for word in KEPT)


def is_total(name: str) -> bool:
    """Tell whether a name is a word for a total.

    Parameters
    ----------
    name
        As it stands in a table: ``合计``, ``Sub-total (t)``, ``SUM``, ``industry total``.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", plain).replace("sub-total", "subtotal")
    words = re.findall(r"[^\W\d_]+", plain)
    if not words:
        return False
    joined = "".join(words)
    ends = {words[0], words[-1]}
    return bool(ends & WORDS) or joined.endswith(SIGNS) or joined.startswith(LEADING)


def is_part(name: str) -> bool:
    """Tell whether a name says that its row is a part of the row above it.

    Parameters
    ----------
    name
        As it stands in a table: ``其中：柴油车``, ``of which trucks``; levels are parted by ``/``.
    """
    levels = unicodedata.normalize("NFKC", name).casefold().split("/")
    return any(PART.match(level) for level in levels)


def check_totals(rows: Iterable[Summand], problems: Problems) -> None:
    """Note rows called totals or parts, and warn of rows that equal the sum of others.

    Parameters
    ----------
    rows
        In the order of the table.
    problems
        Receives what is found.
    """
    kinds: dict[Hashable, list[Summand]] = {}
    for row in rows:
        total = next((name for name in row.names if is_total(name)), None)
        part = next((name for name in row.names if is_part(name)), None)
        if row.is_kept:
            continue
        if total is not None:
            _note_named(row, total, problems)
        elif part is not None:
            _note_part(row, part, problems)
        else:
            kinds.setdefault(row.kind, []).append(row)
    for own in kinds.values():
        _warn_of_sums(own, problems)


def _note_named(row: Summand, name: str, problems: Problems) -> None:
    problems.add(
        row.place.cell("source"),
        message("'{name}' looks like a total, which would count twice.", name=name),
        fix=message(
            "Take the row out. If it is a source of its own, write 'not a total' in its note."
        ),
    )


def _note_part(row: Summand, name: str, problems: Problems) -> None:
    problems.add(
        row.place.cell("source"),
        message(PART_OF_ABOVE, name=name),
        fix=message(
            "Take it out, and further parts below it; or take the row above out and write 'not a"
            " part' in the note of each part."
        ),
    )


PART_OF_ABOVE = "'{name}' is a part of the row above, and would count twice."
"""What is said of a row that is a part."""


def _warn_of_sums(rows: Sequence[Summand], problems: Problems) -> None:
    """Warn of rows of one kind that equal all others, all above, or those since the last sum."""
    every, n_every = sum(row.value for row in rows), sum(bool(row.value) for row in rows)
    above = block = 0.0
    n_above = n_block = 0
    for row in rows:
        sums = [(every - row.value, n_every - bool(row.value)), (above, n_above), (block, n_block)]
        if any(n > 1 and _same(row.value, total) for total, n in sums):
            _warn(row, problems)
            block, n_block = 0.0, 0
            continue
        above, block = above + row.value, block + row.value
        n_above, n_block = n_above + bool(row.value), n_block + bool(row.value)


def _same(value: float, total: float) -> bool:
    return value > 0 and abs(value - total) <= SAME_SUM * value


def _warn(row: Summand, problems: Problems) -> None:
    problems.warn(
        row.place.cell("value"),
        message(
            "'{name}' equals the sum of other rows: if it is their total, it counts twice.",
            name=row.names[0],
        ),
        fix=message("Take the row out, or write 'not a total' in its note."),
    )
