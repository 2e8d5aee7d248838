"""Units: a registry that holds what clean-air plans use, and nothing else."""

import math
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from lantian.errors import nearest
from lantian.language import Message, message
from lantian.vocabulary import CURRENCIES

if TYPE_CHECKING:
    import pint


LARGEST = 1e15
"""Largest number of a table or scenario, in its own unit: a solver takes no larger ones."""


class UnitError(ValueError):
    """A unit is unknown, or does not measure what is asked for; its argument is a message."""


AMBIGUOUS = ("ton", "tons", "Ton", "TON", "mt", "MT")
"""Words for the tonne of 1000 kg that mean something else as well: 907 kg, or 1 kg, or 1e6 t."""
SHORTEST_HINT = 3
"""Signs of a word that is held against known units: of MT the nearest is 1e6 times as much."""
BESIDE = re.compile(r"[%‰]")
"""Signs that need no blank around them."""
EXPONENTS = str.maketrans(
    {
        **{"²": "2", "³": "3", "·": "*", "⋅": "*", "×": "*", "／": "/", "％": "%"},
        **{"（": "(", "）": ")"},
    }
)
"""Signs that are typed in the place of others."""
BELOW = re.compile(r"[/／]([^/／*()（）\s]+(?:[·⋅][^/／*()（）\s]+)+)")
"""Words that dots join below a stroke: all of them divide, as bulletins print 吨/平方千米·月."""


STEAM = re.compile(r"蒸吨\s*/\s*(小时|时|h)")
"""How plans print steam tonnes, which are a power already."""

THIRTY_DAYS = re.compile(r"30\s*(天|日|d)(?![a-z])")
"""The month of a dustfall jar, a number within a unit: t/(km2·30d)."""


def _as_pint_reads(text: str) -> str:
    """Return a unit with words in the place of signs that pint does not take for words."""
    words = {"%": " percent ", "‰": " permille "}
    plain = STEAM.sub("蒸吨", BELOW.sub(r"/(\1)", text).translate(EXPONENTS))
    plain = THIRTY_DAYS.sub("month_of_30_days", plain)
    return BESIDE.sub(lambda sign: words[sign[0]], plain)


COUNTS = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
"""Signs that count what follows: 亿千瓦时, 百吨, 百万辆."""
_COUNTED = re.compile(rf"([{''.join(COUNTS)}]+)(.*)", re.DOTALL)


def _counted(word: str) -> tuple[float, str]:
    """Return how often a word counts its unit, and the unit: 1e8 and 千瓦时 of 亿千瓦时.

    The longest unit that is known by itself is taken: of 百万千瓦 it is 千瓦.
    """
    found = _COUNTED.fullmatch(word)
    signs = found[1] if found else ""
    for n in range(1, len(signs) + 1):
        if word[n:] and word[n:] in registry():
            return math.prod(COUNTS[sign] for sign in signs[:n]), word[n:]
    return 1.0, ""


def _define(unit: str) -> None:
    """Make units known that are others, counted in tens to hundred millions."""
    for word in _words(unit):
        if word[0] in COUNTS and word not in registry():
            number, counted = _counted(word)
            if counted:
                registry().define(f"{word} = {number} * {counted}")


def _words(unit: str) -> list[str]:
    """Return the words that a unit is made of."""
    parts = re.split(r"[\s*/^()]+", unit.translate(EXPONENTS))
    return [word for word in parts if word]


@cache
def registry() -> "pint.UnitRegistry[float]":
    """Return the registry of ``units.txt``; pint is imported on first use."""
    import pint

    units: Any = pint.UnitRegistry(None, preprocessors=[_as_pint_reads])
    with (files("lantian.parameters") / "units.txt").open(encoding="utf-8") as stream:
        units.load_definitions(stream.read().splitlines())
    for code in CURRENCIES:
        if code not in units:
            units.define(f"{code} = [{code}]")
    return units  # type: ignore[no-any-return]


@cache
def factor(unit: str, to: str) -> float:
    """Return how many ``to`` one ``unit`` is.

    Parameters
    ----------
    unit, to
        Units as text; blank for a plain number.

    Returns
    -------
    float
        Factor [``to`` per ``unit``].

    Raises
    ------
    UnitError
        If either is unknown or they measure different things.
    """
    if unit == to and is_known(unit):
        return 1.0
    for written in (unit, to):
        if not is_known(written):
            raise UnitError(unknown(written))
    import pint

    try:
        return float(registry().Quantity(1.0, unit or "dimensionless").m_as(to or "dimensionless"))
    except pint.DimensionalityError as error:
        template = "'{unit}' is not a unit of the same kind as '{to}'"
        if _is_rate_of(to, unit):
            template = "'{unit}' has no time and '{to}' has; write '{unit}/a' if it is meant a year"
        raise UnitError(message(template, unit=_plain(unit), to=_plain(to))) from error


def _is_rate_of(rate: str, amount: str) -> bool:
    """Tell whether a unit is an amount in a time, and another the amount."""
    one = registry().Quantity
    in_a_year = one(1.0, amount or "dimensionless") / one(1.0, "a")
    asked = one(1.0, rate or "dimensionless").dimensionality
    return bool(amount) and "[time]" in asked and in_a_year.dimensionality == asked


def _plain(unit: str) -> str:
    """Return a unit without brackets around a single word: t/(t) is t/t."""
    return re.sub(r"\((\w+)\)", r"\1", unit)


def per_year(unit: str, to: str) -> float:
    """Return how many ``to`` a year has of an amount written with its time or without.

    Parameters
    ----------
    unit
        Of an amount of a year (``t``) or of an amount per time (``t/yr``, ``kg/d``).
    to
        Unit of an amount (``t``, ``yuan``).

    Returns
    -------
    float
        Factor [``to`` per ``unit``].

    Raises
    ------
    UnitError
        If the unit measures neither.
    """
    timed = f"({to})/a"
    return factor(unit, timed if is_like(unit, timed) else to)


def unknown(unit: str) -> Message:
    """Return why a unit cannot be read, and the known unit nearest to what is wrong in it."""
    words = _words(unit)
    if twofold := next((word for word in words if word in AMBIGUOUS), ""):
        return message(
            "'{unit}' has several meanings: write t for 1000 kg, short_ton for 2000 lb",
            unit=twofold,
        )
    wrong = next((word for word in words if not is_known(word)), unit)
    if wrong and all(sign in COUNTS for sign in wrong):
        return message(
            "'{unit}' is a number and no unit; its unit goes after it, as in 亿元", unit=wrong
        )
    near = _mistyped(wrong)
    if not near and wrong[:1] in COUNTS:  # the nearest known word may count otherwise
        return _unlisted(unit)
    if not near and len(wrong) >= SHORTEST_HINT:
        near = nearest(wrong, registry())
    if not near:
        return _unlisted(unit)
    return message(
        "'{unit}' is not a known unit. Did you mean '{near}'? Units are listed in "
        "inputs/README.md, section 3",
        unit=unit,
        near=near,
    )


LOOKS_LIKE = str.maketrans(dict.fromkeys("円圆圓円", "元"))
"""Signs that are typed in the place of those of units."""


def _mistyped(word: str) -> str:
    """Return the unit of which a sign is another that looks alike, or stands twice; or a blank."""
    single = re.sub(r"(.)\1", r"\1", word)
    tries = (word.translate(LOOKS_LIKE), single if single not in AMBIGUOUS else word)
    return next((text for text in tries if text != word and is_known(text)), "")


def _unlisted(unit: str) -> Message:
    return message(
        "'{unit}' is not a known unit; units are listed in inputs/README.md, section 3",
        unit=unit,
    )


@cache  # a failed conversion is not remembered by itself
def is_like(unit: str, other: str) -> bool:
    """Tell whether two units measure the same kind of thing."""
    if not (is_known(unit) and is_known(other)):
        return False  # without asking for the nearest known one
    try:
        factor(unit, other)
    except UnitError:
        return False
    return True


def convert(value: float, unit: str, to: str) -> float:
    """Convert a value between units.

    Parameters
    ----------
    value
        Number [``unit``].
    unit, to
        As :func:`factor`.

    Returns
    -------
    float
        Number [``to``].

    Raises
    ------
    UnitError
        As :func:`factor`.
    """
    return value * factor(unit, to)


@cache
def is_known(unit: str) -> bool:
    """Tell whether a unit can be read, and in one way only."""
    if len(BESIDE.findall(unit)) > 1 or any(w in AMBIGUOUS for w in _words(unit)):
        return False
    try:
        _define(unit)
        registry().parse_units(unit or "dimensionless")
    except Exception:  # as in factor
        return False
    return True


MONEY = {"[currency]": "yuan", "[us_currency]": "USD"}
"""Dimensions of money that are not called like their currency."""


@cache
def money_of(word: str) -> str | None:
    """Return the currency of which a unit is an amount: ``yuan`` of ``万元``; None if of none."""
    if not is_known(word):
        return None
    kind = list(registry().get_dimensionality(word))
    name = MONEY.get(kind[0], kind[0].strip("[]")) if len(kind) == 1 else ""
    return name if name in (*MONEY.values(), *CURRENCIES) else None


WITH_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?%?")
"""A number whose thousands are parted."""


GLUED = re.compile(r"^([+-]?[\d.,]+)([\u4e00-\u9fff].*)$")
"""A number and a Chinese unit, between which nobody puts a blank: 0.423万吨/年."""


def half_width(text: str) -> str:
    """Return a text with Latin letters, digits and signs in the width of one: ３０％ is 30%.

    Digits that are raised, circled or parts of a fraction stay as they are: 3000¹ has a note and
    is not 30001.
    """
    return "".join(
        sign if unicodedata.category(sign) == "No" else unicodedata.normalize("NFKC", sign)
        for sign in text
    )


def parse_quantity(text: str) -> tuple[float, str]:
    """Split ``'30 %'`` or ``'55 ug/m3'`` into number and unit.

    Raises
    ------
    UnitError
        If there is no number, no unit, or the unit is unknown.
    """
    plain = GLUED.sub(r"\1 \2", half_width(text).strip())
    number, _, unit = plain.partition(" ")
    if WITH_COMMAS.fullmatch(number):
        meant = f"{number.replace(',', '')} {unit}".strip()
        raise UnitError(
            message("'{text}' has commas in its number; write '{meant}'", text=text, meant=meant)
        )
    if number.endswith("%") and not unit:
        number, unit = number[:-1], "%"
    try:
        value = float(number.replace("_", ""))
    except ValueError as error:
        raise UnitError(message("'{text}' is not a number and a unit", text=text)) from error
    if not math.isfinite(value):
        raise UnitError(message("'{text}' is not a finite number", text=text))
    if abs(value) > LARGEST:
        raise UnitError(message("'{text}' is beyond {most:g}", text=text, most=LARGEST))
    if not unit.strip():
        raise UnitError(message("'{text}' has no unit", text=text))
    unit = unicodedata.normalize("NFKC", unit.strip())
    if not is_known(unit):
        raise UnitError(unknown(unit))
    return value, unit
