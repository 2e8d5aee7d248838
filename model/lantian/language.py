"""Texts the user reads, in English and Chinese.

A message is written once, in English, as a template next to the code that says it. Its Chinese form
stands in ``translations/zh.csv`` under the same template; a test fails when one is missing. What
only declares something (a chart, a table) holds both forms itself, as a :class:`Text`.
"""

import csv
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import category

from lantian.vocabulary import Language


class Text(NamedTuple):
    """A template in both languages, written where it is used."""

    en: str
    zh: str

    def say(self, language: Language, /, **values: str) -> str:
        """Return the template of this language, filled.

        Parameters
        ----------
        language
            Language of the reader.
        values
            Texts for the braces.

        Returns
        -------
        str
            The filled text.
        """
        template = self.zh if language == "zh" else self.en
        return template.format(**values) if values else template


LIST_MARK = {"en": "; ", "zh": "；"}
"""Between the items of a list; names may hold commas."""

Label = Callable[[str], str]
"""Gives the display name of an id, or the id itself where it has none."""


class Spoken(ABC):
    """What has a text in both languages."""

    @abstractmethod
    def text(self, language: Language = "en", label: Label | None = None) -> str:
        """Return the text.

        Parameters
        ----------
        language
            Language of the reader.
        label
            Gives the display names of the ids in it; without it they stand as they are.

        Returns
        -------
        str
            Text for a reader.
        """

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.text()}>"


class Listed(tuple[str | Spoken, ...]):
    """Ids, names and texts inside a message: told one after the other, each once."""


HUNDRED_MILLION = "亿"


MOST_PLAIN = 1e15
"""Size up to which a number inside a text is told in plain digits."""


class Plain(float):
    """A number inside a text: 1,010 where ``{ratio:.3g}`` alone would tell 1.01e+03."""

    def __format__(self, spec: str) -> str:
        told = super().__format__(spec)
        is_short = "e+" in told and abs(self) < MOST_PLAIN
        return f"{float(told):,.0f}" if is_short else told


class Millions(Plain):
    """A sum of money in millions, inside a Chinese text.

    Chinese counts in 万 (1e4) and 亿 (1e8): ``{cost:亿.3g}`` tells 928 millions as 9.28亿 and 0.41
    millions as 41万; less than a tenth of a 万 is told in full.
    """

    def __format__(self, spec: str) -> str:
        if not spec.startswith(HUNDRED_MILLION):
            return super().__format__(spec)
        size, name = (100.0, HUNDRED_MILLION) if abs(self) >= 100.0 else (0.01, "万")
        if 0.0 < abs(self) < size / 10 and name == "万":
            size, name = 1e-6, ""
        return f"{float(format(self / size, spec[1:])):,.12g}{name}"


SMALL_SUM = 0.1
"""Millions below which an English text tells a sum in full: 1,580 in place of 0.00158 million."""
_IN_MILLIONS = re.compile(r"\{(\w+):?([^{}]*)\} million ")


@cache
def _chinese() -> dict[str, str]:
    path = files("lantian") / "translations" / "zh.csv"
    text = path.read_text(encoding="utf-8")
    return {row["en"]: row["zh"] for row in csv.DictReader(io.StringIO(text))}


def begun(text: str) -> str:
    """Return a text that begins as a sentence does; ids, which hold more than letters, stay."""
    return _FIRST_WORD.sub(lambda word: word[0].capitalize(), text, count=1)


_FIRST_WORD = re.compile(r"^[a-z]+(?=[ \n,:;]|$)")


def say(template: str, language: Language, /, **values: Any) -> str:
    """Fill a template in the language asked for.

    Parameters
    ----------
    template
        English text with ``{name}`` fields; the key of its translation.
    language
        ``"en"`` or ``"zh"``. A template without a translation is said in English.
    values
        Texts and numbers for the fields; messages among them are said in the same language.

    Returns
    -------
    str
        The filled text.
    """
    return _filled(template, language, None, values)


def _filled(template: str, language: Language, label: Label | None, values: dict[str, Any]) -> str:
    text = _chinese().get(template, template) if language == "zh" else template
    said = {k: _said(v, language, label) for k, v in values.items()}
    for name, value in values.items():
        is_ratio = isinstance(value, Message) and value == NO_UNIT
        text = _without_unit(text, name) if is_ratio else text
    if language == "en":
        text = _IN_MILLIONS.sub(lambda found: _sum(found, said), text)
    return text.format(**said) if said else text


def _without_unit(text: str, name: str) -> str:
    """Return a template without the field of a unit, and without what stands around it."""
    return re.sub(rf"\s*(\({{{name}}}\)|（{{{name}}}）|\[{{{name}}}\]|{{{name}}})", "", text)


def _sum(found: re.Match[str], values: dict[str, Any]) -> str:
    """Return a field of millions and the word, or a small sum in full and no such word."""
    value = values[found[1]]
    if not isinstance(value, float) or not 0.0 < abs(value) < SMALL_SUM:
        return found[0]
    return f"{float(format(value * 1e6, found[2] or '.3g')):,.12g} "


def _said(value: Any, language: Language, label: Label | None) -> Any:
    if isinstance(value, Listed):
        items = (_item(item, language, label) for item in value)
        return LIST_MARK[language].join(dict.fromkeys(items))
    if isinstance(value, float):
        return Millions(value) if language == "zh" else Plain(value)
    return value.text(language, label) if isinstance(value, Spoken) else value


def _item(item: str | Spoken, language: Language, label: Label | None) -> str:
    if isinstance(item, Spoken):
        return item.text(language, label)
    return say(item, language) if label is None else label(item)


@dataclass(frozen=True, repr=False)
class Message(Spoken):
    """A text with its values, said later in the language of the reader."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it says whatever its values, with what the messages among these say."""
        inner = [value for value in self.values.values() if isinstance(value, Message)]
        return " ".join([self.template, *(value.kind for value in inner)])

    def text(self, language: Language = "en", label: Label | None = None) -> str:
        """Return the filled text.

        Parameters
        ----------
        language
            Language of the reader.
        label
            Gives the display names of what is :class:`Listed`.
        """
        return _filled(self.template, language, label, self.values)

    def __str__(self) -> str:
        return self.text()


def printable(text: str) -> str:
    """Return a text without what a terminal obeys: control and formatting signs are spelt out.

    Parameters
    ----------
    text
        Anything that holds words of a user, of a file or of its name.

    Returns
    -------
    str
        Line ends stay.
    """
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or is_plain(c) else ascii(c)[1:-1] for c in text)


def is_plain(sign: str) -> bool:
    """Tell whether a sign is a visible one or a blank: no control, no direction, no half pair."""
    return category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def message(template: str, /, **values: Any) -> Message:
    """Return a :class:`Message`; short enough to stand inside a call.

    Parameters
    ----------
    template
        English text with ``{name}`` fields; the key of its translation.
    values
        Texts and numbers for the fields.

    Returns
    -------
    Message
        Said later, in the language of the reader.
    """
    return Message(template, values)


NOTHING = Message("")
NO_UNIT = Message("1")
"""Unit of a ratio, which no sentence names."""


def unit_text(unit: str, language: Language) -> str:
    """Return a unit as a cell of its own; a ratio has none.

    Parameters
    ----------
    unit
        As tables hold it.
    language
        Language of the reader.
    """
    return "" if unit == NO_UNIT.template else say(unit, language)
