"""The words of a chart: names of ids, units, pollutants and cases in the reader's language."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lantian.vocabulary import Language


class Text(NamedTuple):
    """A template in both languages."""

    en: str
    zh: str

    def say(self, language: Language, /, **values: str) -> str:
        """Return the template of this language, filled."""
        template = self.zh if language == "zh" else self.en
        return template.format(**values) if values else template


CASE_NAMES: dict[str, Text] = {
    "baseline": Text("Baseline", "基准"),
    "plan": Text("Plan", "方案"),
    "least_cost": Text("Least cost", "最低成本"),
    "match_plan": Text("Plan's effect at least cost", "同效最低成本"),
}

CASE_LETTERS: dict[str, Text] = {
    "baseline": Text("B", "基"),
    "plan": Text("P", "方"),
    "least_cost": Text("L", "低"),
    "match_plan": Text("M", "同"),
}

BASIS_NAMES: dict[str, Text] = {
    "measured": Text("measured", "实测"),
    "published": Text("published", "已发布"),
    "derived": Text("derived", "推算"),
    "assumed": Text("assumed", "假设"),
}

POLLUTANT_NAMES: dict[str, Text] = {
    "VOC": Text("VOC", "VOCs"),
}

UNIT_NAMES: dict[str, Text] = {
    "t": Text("t", "吨"),
    "t/a": Text("t/a", "吨/年"),
    "kt": Text("kt", "千吨"),
    "yuan": Text("yuan", "元"),
    "yuan/a": Text("yuan/a", "元/年"),
    "yuan/t": Text("yuan/t", "元/吨"),
    "ug/m3": Text("µg/m³", "微克/立方米"),
    "µg/m3": Text("µg/m³", "微克/立方米"),
    "ug/m^3": Text("µg/m³", "微克/立方米"),
    "t/km2/month": Text("t/(km²·month)", "吨/(平方公里·月)"),
    "t/(km2*month)": Text("t/(km²·month)", "吨/(平方公里·月)"),
    "percent": Text("%", "%"),
    "day": Text("days", "天"),
    "vehicle": Text("vehicles", "辆"),
    "machine": Text("machines", "台"),
    "household": Text("households", "户"),
    "person": Text("persons", "人"),
    "head": Text("head", "头"),
    "firm": Text("firms", "家"),
    "shop": Text("shops", "家"),
    "outlet": Text("outlets", "家"),
    "m2": Text("m²", "平方米"),
    "m3": Text("m³", "立方米"),
    "m2*month": Text("m²·month", "平方米·月"),
    "vehicle*km": Text("vehicle·km", "车公里"),
    "1": Text("", ""),
}

INVENTORY = Text("Inventory", "清单")
_DASH = Text("–", "—")
_NONE = Text("none", "无")

_ZH_STEPS = ((1e8, "亿"), (1e4, "万"))
_EN_STEPS = ((1e9, " bn"), (1e6, " M"), (1e3, " k"))
_SIGNIFICANT = 3
_LONG = 1e5


@dataclass(frozen=True)
class Words:
    """Names in one language.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    labels
        Display names of the ids of a run.
    """

    language: Language
    labels: Mapping[str, Text]

    def say(self, text: Text, /, **values: str) -> str:
        """Return a filled text."""
        return text.say(self.language, **values)

    def name(self, key: str) -> str:
        """Return the display name of an id; the id itself, spaced, when it has none."""
        if key in self.labels:
            return self.say(self.labels[key])
        return self.say(INVENTORY) if key == "inventory" else key.replace("-", " ")

    def given(self, text: str) -> str:
        """Return a text of the run in the reader's language when the run has it, or as it is."""
        return self.say(self.labels[text]) if text in self.labels else text

    def years(self, first: int, last: int) -> str:
        """Return a span of years, or the one year."""
        return str(first) if first == last else f"{first}{self.say(_DASH)}{last}"

    def pollutant(self, key: str) -> str:
        """Return the name of a pollutant."""
        return self.say(POLLUTANT_NAMES[key]) if key in POLLUTANT_NAMES else key

    def case(self, key: str) -> str:
        """Return the name of a case."""
        return self.say(CASE_NAMES[key])

    def basis(self, key: str) -> str:
        """Return the name of a basis."""
        return self.say(BASIS_NAMES[key])

    def unit(self, key: str) -> str:
        """Return a unit as it is printed."""
        return self.say(UNIT_NAMES[key]) if key in UNIT_NAMES else key

    def letter(self, case: str) -> str:
        """Return the one sign that stands for a case under a column."""
        return self.say(CASE_LETTERS[case]) if case in CASE_LETTERS else ""

    def letters(self, cases: Iterable[str]) -> str:
        """Return the line that explains the signs of some cases, or the name of a single one."""
        found = [case for case in CASE_NAMES if case in set(cases)]
        if len(found) == 1:
            return self.case(found[0])
        return "  ".join(f"{self.letter(case)} = {self.case(case)}" for case in found)

    def join(self, names: Iterable[str]) -> str:
        """Return a list as a phrase; 'none' when it is empty."""
        return ("、" if self.language == "zh" else ", ").join(names) or self.say(_NONE)

    def phrases(self, parts: Iterable[str]) -> str:
        """Return longer parts as one sentence; 'none' when there are none."""
        return ("；" if self.language == "zh" else "; ").join(parts) or self.say(_NONE)

    def compact(self, value: float) -> str:
        """Return a number with three figures, in 万 and 亿 or in k and M when it is large."""
        steps = _ZH_STEPS if self.language == "zh" else _EN_STEPS
        for size, sign in steps:
            if abs(value) >= size:
                return f"{figures(value / size)}{sign}"
        return figures(value)

    def amount(self, value: float) -> str:
        """Return a number in full up to five figures, shortened beyond."""
        return figures(value) if abs(value) < _LONG else self.compact(value)


def figures(value: float) -> str:
    """Return a number with at least three significant figures, a true minus and no exponent."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    digits = max(0, _SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def width(text: str) -> float:
    """Return the width of a line [em]: a Chinese sign is one, a Latin one a little over half."""
    return sum(1.0 if ord(sign) > _LAST_NARROW else _NARROW for sign in text)


_LAST_NARROW = 0x2E7F
_NARROW = 0.51


def wrap(text: str, room: float, lines: int = 2) -> str:
    """Break a text into at most ``lines`` lines of ``room`` [em]; what is left over becomes …."""
    done: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > room:
            done.append(line.rstrip())
            line = ""
        line += piece
    done.append(line.rstrip())
    if len(done) > lines:
        done = [*done[: lines - 1], done[lines - 1].rstrip(",，、 ") + "…"]
    return "\n".join(done)


def _pieces(text: str) -> list[str]:
    """Return what may not be broken: a Latin word with its space, or one Chinese sign."""
    pieces: list[str] = []
    for sign in text:
        wide = ord(sign) > _LAST_NARROW
        clings = sign in "，、。）；：" or (not wide and pieces and not pieces[-1].endswith(" "))
        if pieces and clings and (not wide or sign in "，、。）；："):
            latin = ord(pieces[-1][-1]) <= _LAST_NARROW
            if wide or latin:
                pieces[-1] += sign
                continue
        pieces.append(sign)
    return pieces
