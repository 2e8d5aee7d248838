"""What headings and cells of other people's tables mean: columns, pollutants, units, numbers."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from lantian.language import Message, message
from lantian.parameters import units
from lantian.parameters.opening import UNREAD
from lantian.vocabulary import Pollutant

ROLES: dict[str, str] = {
    "sector": r"(所属)?(行业|部门)(类别|名称|分类)?|(一级|大)类?(分类|源|排放源|污染源)?"
    r"|一级源类?|源?大类"
    r"|类别|源类别?|sector(name)?|category|gnfr(sector)?|nfr(code|sector)?",
    "source": r"(二级|三级|四级|中|小|子)类?(分类|源|排放源|污染源)?|[二三四]级源类?|源?[小子中]类"
    r"|(大气)?(排放|污染)源(名称|类别|类型|分类)?|企业(名称)?|名称|适用(的)?(排放|污染)?源|对象"
    r"|source(name|category|type)?|subsector|subcategory|ipcc(code)?(2006)?.*(description|name)",
    "area": r"区县|县区|区\(?[县市、]+\)?|乡镇(\(?街道\)?)?|镇街|街道|行政区划?"
    r"|所在(区县?|县|地|乡镇)|地区|片区|area|county|district|township|iso2|isoa3|isocode|countrycode(a3)?|country",
    "pollutant": r"污染物(名称|种类|类型)?|物种|pollutant|substance|species",
    "value": r"(大气)?(污染物)?年?排放总?量|数值|emissions?|value|number/flag",
    "unit": r"(计量)?单位|units?",
    "year": r"年份|年度|year",
    "low": r"下限|最小值|low|min",
    "high": r"上限|最大值|high|max",
    "number": r"序号|编号|代码|编码|no\.?|code|ipcc(code)?(2006)?|备注|说明|note|remarks?",
    "measure": r"(减排|治理|控制|管控)?措施(名称)?|measure",
    "reduction": r"(去除|削减|减排|治理)(效)?(率|比例|量)|reduction|efficiency",
    "reach": r"(最大)?(可达|可实施|实施|可推广|推广|适用|可覆盖|覆盖)(比例|率)|reach",
    "cost": r"(年|年均|年度|总)?(成本|费用)|costperyear|cost",
    "unit_cost": r"(单位|每吨|吨)(污染物)?(减排|治理|去除|削减|处理)?(成本|费用)|costper(tonne|t)",
    "group": r"互斥组|同组|group",
}
"""Whole headings, without blanks and units, by what they stand for."""

PM25_WORDS = ("pm25", *(f"pm{dash}2{dot}5" for dash in ("", "-", "_") for dot in ".·。,_-"))
"""How PM2.5 is typed, after blanks and widths."""
POLLUTANT_WORDS: dict[Pollutant, tuple[str, ...]] = {
    "NOx": ("氮氧化物", "nox"),
    "SO2": ("二氧化硫", "硫氧化物", "so2", "sox"),
    "VOC": ("挥发性有机化合物", "挥发性有机物", "nmvocs", "nmvoc", "vocs", "voc"),
    "PM2.5": ("细颗粒物", "细颗粒", *PM25_WORDS, "pm25-pri"),
    "PM10": ("可吸入颗粒物", "可吸入颗粒", "pm10-pri", "pm-10", "pm_10", "pm10"),
    "TSP": ("总悬浮颗粒物", "颗粒物", "烟粉尘", "tsp"),
    "NH3": ("氨气", "氨", "nh3"),
    "CO": ("一氧化碳", "co"),
    "CO2": ("二氧化碳", "co2"),
    "BC": ("黑碳", "bc"),
    "CH4": ("甲烷", "ch4"),
    "N2O": ("氧化亚氮", "一氧化二氮", "n2o"),
}
LOOSE_WORDS = ("颗粒物", "烟粉尘", "硫氧化物", "sox")
"""Words that others use for more than one thing: what is taken is told."""
ANY_PARTICLES = ("颗粒物", "烟粉尘")
"""Words for TSP that say nothing more beside PM2.5 or PM10: ``颗粒物(PM2.5)``."""
UNCLEAR_WORDS = ("pm", "粉尘", "烟尘", "dust", "particulates", "particulatematter")
"""Words for particles of whatever size: which of our pollutants they are is asked."""
NOT_AIR = ("氨氮", "有机碳")
"""Words that hold that of a pollutant and are another thing."""
OTHER_AMOUNTS = re.compile(
    "占比|比例|比重|浓度|因子|系数|强度|标准|限值|目标|排名|分担率|率|share|factor|concentration|limit"
)
"""In headings that name a pollutant and are not about its emission."""
REDUCTIONS = re.compile("去除|削减|减排|治理效率|reduction|efficiency")
TOTAL = re.compile(
    r"(合|总|小|共)计(数)?|.{0,12}(合计|小计|总计)|汇总|总量|全(市|区|县)(总?计|合计)?"
    r"|(grand|sub|national|city)?total(s|nationaltotal)?|sum|all|합계"
)
"""Whole names of rows and columns that are sums of others."""
FOOTER = re.compile(
    r"(注|备注|说明|附注|数据来源|资料来源|来源|填表人?|审核人?|制表人?|notes?|sources?)[\d]*[:：.、]"
)
SECTION = re.compile(r"[（(]?[一二三四五六七八九十]+[)）、.．]")
NOTHING_WORDS = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "\\", "…", "...", "*", "无", "n/a", "na", "nil", "none"}
)
"""Cells that say that there is nothing."""
UNKNOWN_WORDS = frozenset(
    {"不详", "未知", "不明", "不清楚", "暂无", "待定", "待核", "?", "??", "unknown", "tbd", "n.k."}
)
"""Cells that say that there is something and nobody knows how much."""
YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")
MONEY_AND_MASS = ("t", "t/a", "yuan", "yuan/a", "yuan/t")

_LATIN = re.compile(r"[a-z0-9]")
_GROUPED = re.compile(r"[+-]?\d{1,3}([,' \u2009]\d{3})+(\.\d*)?")


def plain(text: str) -> str:
    """Return a heading as it is compared: one width, small letters, no blanks or underscores."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text)).casefold()


@cache
def role_of(heading: str) -> str:
    """Return what a column of a heading without its unit holds, or a blank if nobody knows."""
    text = plain(heading)
    return next((role for role, words in ROLES.items() if re.fullmatch(words, text)), "")


@dataclass(frozen=True)
class Named:
    """A pollutant that a text names, and the word it was taken from."""

    pollutant: Pollutant
    word: str


@cache
def pollutant_of(text: str) -> Named | None:
    """Return the one pollutant that a text names; None if it names none or several."""
    left = _compared(text)
    is_list = re.search(SEVERAL, left) is not None
    for other in NOT_AIR:
        left = left.replace(other, " ")
    found: dict[Pollutant, str] = {}
    words = [(word, name) for name, known in POLLUTANT_WORDS.items() for word in known]
    for word, name in sorted(words, key=lambda pair: -len(pair[0])):
        pattern = _bounded(word)
        if re.search(pattern, left):
            left = re.sub(pattern, " ", left)
            found.setdefault(name, word)
    if len(found) > 1 and not is_list and found.get("TSP") in ANY_PARTICLES:
        del found["TSP"]
    return Named(*next(iter(found.items()))) if len(found) == 1 else None


SEVERAL = "[、/+&;]|和|及|与|,(?!5)"
"""Between the things that a heading lists."""


@cache
def is_unclear(text: str) -> bool:
    """Tell whether a text names particles and nobody can tell which of our pollutants they are."""
    left = _compared(text)
    return pollutant_of(text) is None and any(re.search(_bounded(w), left) for w in UNCLEAR_WORDS)


def _compared(text: str) -> str:
    """Return a text as names of pollutants are looked for in it."""
    left = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", _YEAR_BESIDE.sub("", left))


_YEAR_BESIDE = re.compile(r"(?<![\w.])(?:19|20)\d\d\s*年?(?![\w.])")
"""A year apart from other words, as in ``NOx 2020``."""


def _bounded(word: str) -> str:
    """Return a pattern that finds a word of Latin letters only where no other touches it."""
    edge = r"[a-z0-9]" if _LATIN.search(word) else r"(?!)"
    return rf"(?<!{edge}){re.escape(word)}(?!{edge}|\.\d)"


@cache
def unit_of(text: str) -> str:
    """Return the unit of a yearly emission, a share or a cost that a text is, or a blank.

    A bare ``ton`` is none: it may be one of 1,000 kg or of 2,000 pounds.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    for pattern, by in UNIT_SPELLINGS:
        word = re.sub(pattern, by, word)
    if re.fullmatch(r"(?i)tons?(/a)?|[\d\s.]*", word):
        return ""
    return word if word == "%" or any(units.is_like(word, kind) for kind in MONEY_AND_MASS) else ""


UNIT_SPELLINGS = (
    (r"\s*(per|每)\s*", "/"),
    (r"(?i)/\s*(年|year|yr|y|a)$|\s+(a|yr)-1$", "/a"),
    (r"(?i)/\s*(天|日|day|d)$", "/d"),
    (r"^千吨", "kt"),
    (r"^百万吨", "Mt"),
    (r"^(千克|公斤)", "kg"),
    (r"^吨", "t"),
    (r"^克", "g"),
    (r"^(kton|ktonnes?|gg)$", "kt"),
    (r"(?i)^(tonnes?|mg)(?=$|/)", "t"),
    (r"^T(?=$|/)", "t"),
    (r"^人民币", ""),
)
"""How units of tables are written, and as the project writes them; Mg is a tonne."""


def measures_mass(unit: str) -> bool:
    """Tell whether a unit is one of a yearly emission."""
    return units.is_like(unit, "t") or units.is_like(unit, "t/a")


def is_money(unit: str) -> bool:
    """Tell whether a unit is one of a cost: of a year, or of a tonne."""
    return any(units.is_like(unit, kind) for kind in ("yuan", "yuan/a", "yuan/t"))


def is_per_tonne(unit: str) -> bool:
    """Tell whether a unit is one of the cost of a tonne."""
    return units.is_like(unit, "yuan/t")


def tonnes(value: float, unit: str) -> float:
    """Return a yearly emission [t/a] in whatever unit of mass, or of mass and time, it is given."""
    return value * units.factor(unit, "t" if units.is_like(unit, "t") else "t/a")


@cache
def split_unit(heading: str) -> tuple[str, str]:
    """Return a heading without its unit, and the unit: ``SO2（万吨）`` is SO2 in 万吨."""
    text = unicodedata.normalize("NFKC", heading).strip()
    for found in re.finditer(r"[(\[【]([^()\[\]【】]*)[)\]】]", text):
        unit = unit_of(re.sub(r"^单位[::]?\s*", "", found[1].strip()))
        if unit:
            return (text[: found.start()] + text[found.end() :]).strip(), unit
    parts = re.match(r"(.*?)[/,:](.*)", text, re.DOTALL)
    unit = unit_of(parts[2].strip()) if parts else ""
    if parts and unit:
        return parts[1].strip(), unit
    unit = unit_of(text)
    return ("", unit) if unit else (text, "")


@dataclass(frozen=True)
class Units:
    """The unit that a title gives to a table, and those of pollutants that it excepts."""

    unit: str
    of: tuple[tuple[Pollutant, str], ...] = ()


NO_UNITS = Units("")


@cache
def units_said(text: str) -> Units:
    """Return the units of a line such as ``单位：万吨（VOCs为吨）``; none where a part is unclear.

    Who takes the first unit of such a line for all columns is wrong by 10,000 in the others.
    """
    first, *others = re.split(r"\s*[\s,;、()]\s*|其中", said_of_units(text)) or [""]
    if not unit_of(first):
        return NO_UNITS
    excepted = []
    for part in (part for part in others if part):
        named, unit = _excepted(part)
        if named is not None and unit:
            excepted.append((named.pollutant, unit))
        elif named is not None or unit or unit_of(part):
            return NO_UNITS
    return Units(unit_of(first), tuple(excepted))


def unit_in_title(text: str) -> Units:
    """Return the unit that a line gives to a table: after ``单位：``, or in brackets at its end."""
    if said_of_units(text):
        return units_said(text)
    name, unit = split_unit(text)
    return Units(unit) if name and unit and not pollutant_of(name) else NO_UNITS


@cache
def agree(unit: str, other: str) -> bool:
    """Tell whether two units are the same amount of a yearly emission, or the same word."""
    both = measures_mass(unit) and measures_mass(other)
    return tonnes(1.0, unit) == tonnes(1.0, other) if both else unit == other


def said_of_units(text: str) -> str:
    """Return what follows ``单位：`` in a line, up to the bracket that closes it, or a blank."""
    found = re.search(r"(?:单位|units?)\s*[::]\s*(.*)", unicodedata.normalize("NFKC", text))
    said, depth = found[1] if found else "", 0
    for at, sign in enumerate(said):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return said[:at]
    return said


def _excepted(part: str) -> tuple[Named | None, str]:
    """Return the pollutant and the unit of ``VOCs为吨``."""
    found = re.fullmatch(r"(.+?)(?:的?单位)?(?:为|是|以|用|按|:|=)(.+?)计?", part)
    if found is None:
        return pollutant_of(part), ""
    return pollutant_of(found[1]), unit_of(found[2])


def year_of(text: str) -> int | None:
    """Return the one year that a text names; None if it names none or several."""
    found = set(YEAR.findall(text))
    return int(found.pop()) if len(found) == 1 else None


def number_of(text: str) -> float | Message | None:
    """Return the number of a cell, None where it says that there is nothing, or what is wrong."""
    word = units.half_width(text).strip()
    if word == UNREAD or word.casefold() in NOTHING_WORDS:
        return None
    if _GROUPED.fullmatch(word):
        word = re.sub(r"[,' \u2009]", "", word)
    try:
        value = float(word)
    except ValueError:
        return message("{value} is not a number.", value=repr(text))
    if not abs(value) <= units.LARGEST:
        return message("{value} is not a finite number.", value=repr(text))
    return value


def is_unknown(text: str) -> bool:
    """Tell whether a cell says that nobody knows the number."""
    return unicodedata.normalize("NFKC", text).strip().casefold() in UNKNOWN_WORDS


def half_a_digit(text: str) -> float:
    """Return half a unit of the last digit that a number is printed with: 0.005 of ``1.58``."""
    word = units.half_width(text).strip().casefold()
    digits, _, power = word.partition("e")
    decimals = len(digits.partition(".")[2])
    shift = int(power or 0) - decimals
    return 0.5 * 10.0**shift if abs(shift) <= MOST_SHIFT else 0.0


MOST_SHIFT = 300
"""Decimal places by which a point moves; of more, a number is 0 or beyond any amount."""


def is_total(name: str) -> bool:
    """Tell whether a row or column is called a sum of others."""
    return TOTAL.fullmatch(re.sub(r"[:：]$", "", plain(name))) is not None
