"""The words of a chart: names of ids, units, pollutants and cases in the reader's language."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lantian.language import Text as Text
from lantian.vocabulary import OF_COMMITMENT, OF_TARGET, Language, without_kind

CASE_NAMES: dict[str, Text] = {
    "inventory": Text("Inventory", "清单"),
    "baseline": Text("Baseline", "基准情景"),
    "plan": Text("Plan", "方案"),
    "plan_strict": Text("Binding only", "仅约束性"),
    "plan_printed": Text("Printed levels only", "仅明文水平"),
    "plan_year_end": Text("Pace at year's end", "年末水平"),
    "plan_full": Text("Every commitment", "全部任务"),
    "least_cost": Text("Least cost", "最低成本"),
    "match_plan": Text("Plan's effect at least cost", "同效最低成本"),
}

MATCHED = Text(
    " “Plan's effect at least cost” is asked of the targets of the optimiser, as far as measures of"
    " known cost bring them; others, such as cuts on alert days, may turn out worse than in the"
    " plan.",
    "“同效最低成本”只以参与优化的目标为约束，且只计成本已知措施所能达到的部分；其他目标（如预警减排比例）可能不如方案。",
)
"""What the case that costs least for the plan's result does not match."""

CASE_LETTERS: dict[str, Text] = {
    "inventory": Text("I", "清"),
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

BINDING_NAMES: dict[str, Text] = {
    "binding": Text("Binding", "约束性"),
    "approx": Text("Approximate", "约数"),
    "best_effort": Text("Best effort", "力争"),
    "encouraged": Text("Encouraged", "鼓励"),
    "delegated": Text("Delegated", "交由部门"),
    "conditional": Text("Conditional", "有条件"),
}

TIER_NAMES: dict[str, Text] = {
    "binding": Text("binding targets", "约束性目标"),
    "approx": Text("approximate targets", "“左右”类目标"),
    "best_effort": Text("on top: all other targets", "另加：其余目标"),
}

MONEY_STEP: dict[Language, float] = {"en": 1e6, "zh": 1e4}
"""What sums of money in a column headed by million or 万 are divided by."""

POLLUTANT_NAMES: dict[str, Text] = {
    "VOC": Text("VOC", "VOCs"),
}
"""Of pollutants whose id is not what a reader calls them."""

UNIT_NAMES: dict[str, Text] = {
    "source": Text("of the source", "（占该源）"),
    "t": Text("t", "吨"),
    "t/a": Text("t/a", "吨/年"),
    "kt": Text("kt", "千吨"),
    "yuan": Text("yuan", "元"),
    "yuan/a": Text("yuan/a", "元/年"),
    "yuan/t": Text("yuan/t", "元/吨"),
    "USD": Text("USD", "美元"),
    "USD/a": Text("USD/a", "美元/年"),
    "USD/t": Text("USD/t", "美元/吨"),
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

_DASH = Text("–", "—")
_NONE = Text("none", "无")
_YEAR = Text("{first}", "{first}年")
_IN_YEAR = Text("{name} {year}", "{year}年{name}")
_SPAN = Text("{first} to {last}", "{first}年至{last}年")

_ZH_STEPS = ((1e8, "亿"), (1e4, "万"))
_EN_STEPS = ((1e9, " bn"), (1e6, " M"), (1e3, " k"))
_SIGNIFICANT = 3
_LONG = 1e7

_SHORT = 1e5
"""Numbers below this are printed in full on every axis."""

_ZH_SCALES = ((1e10, 1e8, "亿{unit}"), (_SHORT, 1e4, "万{unit}"))
_EN_SCALES = (
    (1e11, 1e9, "billion {unit}"), (1e8, 1e6, "million {unit}"), (_SHORT, 1e3, "thousand {unit}"),
)  # fmt: skip
_EN_MONEY = ((1e11, 1e9, "billion {unit}"), (1e6, 1e6, "million {unit}"))
_TONNES = {1e3: "k{unit}", 1e6: "M{unit}", 1e9: "G{unit}"}
_SMALLEST = 0.2  # a panel's largest value in the unit of its chart; else the unit is too large
_SHORT_DIGITS = 2


@dataclass(frozen=True)
class Scale:
    """The unit all numbers of one chart are printed in.

    Attributes
    ----------
    size
        What a value of the table is divided by.
    unit
        Name of the unit with its multiple, such as ``万吨/年`` or ``kt/a``.
    """

    size: float
    unit: str

    def say(self, value: float) -> str:
        """Return a value of the table in this unit."""
        return figures(value / self.size)

    def short(self, value: float) -> str:
        """Return a value in this unit with two decimals at most."""
        shown = value / self.size
        least = 10.0**-_SHORT_DIGITS
        if shown and abs(shown) < least / 2:
            return f"<{least}" if shown > 0 else "−0"
        return figures(round(shown, _SHORT_DIGITS))


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

    @property
    def gap(self) -> str:
        """Return what stands between two sentences."""
        return "" if self.language == "zh" else " "

    def say(self, text: Text, /, **values: str) -> str:
        """Return a filled text.

        Parameters
        ----------
        text
            Template in both languages.
        values
            Texts for its braces.

        Returns
        -------
        str
            The filled text.
        """
        return text.say(self.language, **values)

    def name(self, key: str) -> str:
        """Return the display name of an id; the id itself, spaced, when it has none."""
        bare = without_kind(key)
        for known in (key, bare, OF_TARGET + bare, OF_COMMITMENT + bare):
            if known in self.labels:
                return self.say(self.labels[known])
        key = bare
        return self.case(key) if key in CASE_NAMES else key.replace("-", " ")

    def target(self, key: str) -> str:
        """Return the display name of a target, which may have the id of something else."""
        return self.name(OF_TARGET + key)

    def commitment(self, key: str) -> str:
        """Return the display name of a commitment; that of what has its id if it has none."""
        return self.name(OF_COMMITMENT + key)

    def given(self, text: str) -> str:
        """Return a text of the run in the reader's language when the run has it, or as it is."""
        return self.say(self.labels[text]) if text in self.labels else text

    def years(self, first: int, last: int) -> str:
        """Return a span of years, or the one year.

        Parameters
        ----------
        first, last
            Calendar years.

        Returns
        -------
        str
            Figures only.
        """
        return str(first) if first == last else f"{first}{self.say(_DASH)}{last}"

    def span(self, first: int, last: int) -> str:
        """Return a span of years in words, or the one year.

        Parameters
        ----------
        first, last
            Calendar years.

        Returns
        -------
        str
            A phrase of the language.
        """
        if first == last:
            return self.say(_YEAR, first=str(first))
        return self.say(_SPAN, first=str(first), last=str(last))

    def in_year(self, name: str, year: int) -> str:
        """Return a name with the year it is of."""
        return self.say(_IN_YEAR, name=name, year=str(year))

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
        known = set(cases)
        found = [case for case in CASE_NAMES if case in known]
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
        """Return a number in full up to seven figures, shortened beyond."""
        return figures(value) if abs(value) < _LONG else self.compact(value)

    def scale_of_limit(self, limit: float, unit: str) -> Scale:
        """Return the unit of a target's values: that of its limit, in full below a million."""
        return self.scale([limit], unit, least=_MANY)

    def scale(
        self, tops: Iterable[float], unit: str, money: bool = False, least: float = _SHORT
    ) -> Scale:
        """Return the one unit for a chart.

        Parameters
        ----------
        tops
            The largest value of every panel.
        unit
            Unit of the values.
        money
            Whether large sums are better in millions than in thousands.
        least
            Value below which numbers are printed in full.

        Returns
        -------
        Scale
            Divisor and name of the unit.
        """
        found = [abs(top) for top in tops if top]
        high, low = max(found, default=0.0), min(found, default=0.0)
        english = _EN_MONEY if money else _EN_SCALES
        for start, size, name in _ZH_SCALES if self.language == "zh" else english:
            if high >= max(start, least) and (money or low >= _SMALLEST * size):
                tonnes = self.language == "en" and unit in ("t", "t/a")
                name = _TONNES[size] if tonnes else name
                return Scale(size, name.format(unit=self.unit(unit)))
        return Scale(1.0, self.unit(unit))


_MANY = 1e6
"""Limit from which on the values of a target are told in thousands or millions."""
UNLIKELY = 0.01
"""Probability [1] below which a whole percent would say never."""


def figures(value: float) -> str:
    """Return a number with at least three significant figures, a true minus and no exponent."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    digits = max(0, _SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def like(value: float, model: float) -> str:
    """Return a number with as many decimals as three figures of ``model`` have.

    Parameters
    ----------
    value
        Number to show.
    model
        Number of the same kind that sets the decimals.

    Returns
    -------
    str
        With a true minus.
    """
    if model == 0 or not math.isfinite(model) or not math.isfinite(value):
        return figures(value)
    digits = max(0, _SIGNIFICANT - 1 - math.floor(math.log10(abs(model))))
    return f"{value:,.{digits}f}".replace("-", "−")


def computed_targets(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the targets of a run that have a value.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    """
    return [target for target in summary["targets"] if target["computed"]]


def chance_text(chance: float) -> str:
    """Return a probability in whole percent; never 0 or 100 where it is neither.

    Parameters
    ----------
    chance
        [1].

    Returns
    -------
    str
        ``93%``, ``<1%``, ``>99%``.
    """
    if 0.0 < chance < UNLIKELY:
        return "<1%"
    return ">99%" if 1.0 - UNLIKELY < chance < 1.0 else f"{100 * chance:.0f}%"
