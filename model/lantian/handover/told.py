"""A run and the language it is told in: names, numbers, sums of money, tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10
from typing import Any

from lantian.handover.blocks import Block, Grid, Paragraph, Picture
from lantian.language import Text, message
from lantian.names import NumberName
from lantian.report.captions import Entry
from lantian.report.frames import Row, RunTables
from lantian.report.words import MONEY_STEP, Scale, Words, figures
from lantian.vocabulary import Language

MOST = 40
"""Rows of a table in the report; the workbook and the run's tables hold all."""
SIGNIFICANT = 3
"""Figures of an amount in a sentence: inputs are seldom known better."""
LARGE: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, " billion"), (1e6, " million")),
    "zh": ((1e8, "亿"), (1e5, "万")),
}
"""From which size on an amount is told in what; 万 holds 10,000."""
COUNTED = {" billion": 1e9, " million": 1e6, "亿": 1e8, "万": 1e4}
REST = Text("{n} more rows are in the workbook.", "其余 {n} 行见工作簿。")


@dataclass(frozen=True)
class Told:
    """A run and the language it is told in.

    Attributes
    ----------
    tables
        Of the run.
    words
        Names in the reader's language.
    pictures
        Texts of the charts that are drawn, in gallery order.
    """

    tables: RunTables
    words: Words
    pictures: Sequence[Entry]

    @property
    def language(self) -> Language:
        """Language of the reader."""
        return self.words.language

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What stands in ``summary.json``."""
        return self.tables.summary()

    @property
    def year(self) -> int:
        """Last year with targets, of which costs are told."""
        return int(self.summary["cost"]["year"])

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, none where the run has none."""
        return self.tables.rows(table) if self.tables.has(table) else []

    def say(self, text: Text, **values: str) -> str:
        """Return a text in the reader's language."""
        return self.words.say(text, **values)

    def unit(self, unit: str) -> str:
        """Return a unit in the reader's language."""
        printed = self.words.unit(unit)
        return printed if printed != unit else message(unit).text(self.language)

    def number_of(self, keys: Iterable[Any]) -> str:
        """Return the name of a number of a table by the keys of its row."""
        return NumberName(tuple(map(str, keys))).text(self.language, self.words.name)

    def value(self, value: float, unit: str) -> str:
        """Return a value without its unit; a share is told in per cent."""
        return f"{figures(100 * value)}%" if is_share(value, unit) else figures(value)

    def amount(self, value: float, unit: str) -> str:
        """Return a value with its unit; a share is told in per cent."""
        if is_share(value, unit):
            return self.value(value, unit)
        return self.words.gap.join(
            part for part in (self.value(value, unit), self.unit(unit)) if part
        )

    def rounded(self, amount: float) -> str:
        """Return an amount with three figures, in millions or 万 where it is large."""
        for least, name in LARGE[self.language]:
            if abs(amount) >= least:
                return f"{figures(round_to(amount / COUNTED[name]))}{name}"
        return figures(round_to(amount))

    def money(self, amount: float | None) -> str:
        """Return a yearly sum with three figures in the unit that fits it."""
        if amount is None or amount != amount:
            return "–"
        unit = self.say(Text(" {currency}/a", "{currency}/年"), currency=self.currency)
        return f"{self.rounded(without_rounding(amount))}{unit}"

    @property
    def currency(self) -> str:
        """Currency of the run, in the reader's language."""
        return self.unit(str(self.summary["currency"]))

    def money_scale(self, amounts: Iterable[float]) -> Scale:
        """Return the unit of a column of yearly sums: millions or 万, plain where all are small."""
        step = MONEY_STEP[self.language]
        if max(map(abs, amounts), default=step) < step / 10:
            plain = Text("{currency}/a", "{currency}/年")
            return Scale(1.0, self.say(plain, currency=self.currency))
        large = Text("million {currency}/a", "万{currency}/年")
        return Scale(step, self.say(large, currency=self.currency))

    def charts(self, *ids: str) -> list[Block]:
        """Return the pictures of some charts, those of one chart one after another."""
        own = (e for name in ids for e in self.pictures if _is_of(e.stem, name))
        return [picture(entry) for entry in own]

    def grid(
        self,
        caption: str,
        heads: Iterable[str],
        rows: Iterable[Sequence[str | float]],
        most: int = MOST,
    ) -> list[Block]:
        """Return a table as blocks: none without rows; where there are many, how many are left.

        Parameters
        ----------
        caption, heads, rows
            What it shows.
        most
            Rows that are shown.

        Returns
        -------
        list of Block
            A table and, where rows are left out, a line that says so.
        """
        cells = tuple(tuple(row) for row in rows)
        if not cells:
            return []
        width = range(len(cells[0]))
        numeric = frozenset(i for i in width if all(isinstance(row[i], float) for row in cells))
        left = len(cells) - most
        rest = [Paragraph(self.say(REST, n=str(left)))] if left > 0 else []
        return [Grid(caption, tuple(heads), cells[:most], numeric), *rest]


def picture(entry: Entry) -> Picture:
    """Return a chart as a block."""
    return Picture(entry.stem, entry.title, entry.caption, entry.alt)


def _is_of(stem: str, chart: str) -> bool:
    return stem == chart or stem.startswith(f"{chart}-")


def is_share(value: float, unit: str) -> bool:
    """Tell whether a number without a unit is no more than a whole."""
    return unit == "1" and abs(value) <= 1.0


def round_to(amount: float, digits: int = SIGNIFICANT) -> float:
    """Return a number with so many significant figures."""
    if not amount:
        return 0.0
    return round(amount, digits - 1 - floor(log10(abs(amount))))


def without_rounding(amount: float) -> float:
    """Return a sum of money; what is left of a difference of equal sums is nothing."""
    return 0.0 if abs(amount) < 1.0 else float(amount)
