"""The numbers that a plan's clause prints, read from the ledger's column ``quantity``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OURS = re.compile(r"\[=.*?\]")
"""What stands in it is a conversion or count of the ledger, not print."""
NAME = re.compile(r"[A-Z][A-Za-z]*(?:/[A-Z])?\d+(?:/[A-Z]?\d+)?(?:-\d{4})?[A-Z]?")
"""Substances and standards: SO2, PM10, H2S, DB13/T2352-2016, CJJ/T126-2022."""
PERIOD = re.compile(r"\d+月?[-至和、]\d+月|\d{4}-\d{4}年|\d+月\d+日|目录\d{4}|名录\d{4}|\"3\+1\"")
"""Months, years, editions, and the name of the three-tier response to alerts."""

LEVELS = {
    "%": (1.0, "%"),
    "家": (1.0, "firm"),
    "万户": (1e4, "household"),
    "辆": (1.0, "vehicle"),
    "亩": (1.0, "mu"),
    "公顷": (1.0, "ha"),
    "万吨": (1e4, "t"),
    "万千瓦": (1e4, "kW"),
    "微克/立方米": (1.0, "ug/m3"),
    "天": (1.0, "day"),
    "吨/平方公里·月": (1.0, "t/(km2*month)"),
    "吨/月·平方公里": (1.0, "t/(km2*month)"),
    "克/平方米": (1.0, "g/m2"),
    "个村": (1.0, "village"),
}
"""Units of levels and limits: shares, counts, capacities, areas, concentrations, loads, days."""
NO_LEVELS = {
    "mg/m3": "limit at a stack: in the factors",
    "毫克/立方米": "limit at a stack: in the factors",
    "克/升": "content limit: in the controls",
    "蒸吨/小时": "size of boiler",
    "吨": "size of vehicle, firm or station",
    "米": "size, distance",
    "平方米": "size of restaurant",
    "公里": "distance",
    "年": "age, edition",
    "小时": "delay",
    "次": "fines or checks",
    "级": "grade",
    "月": "date",
    "日": "date",
    "个": "count of equipment",
    "套": "count of equipment",
    "座": "count of equipment",
    "根": "count of equipment",
    "处": "the same scars by count",
    "位": "rank",
    "户": "firms to be promoted",
    "辆次": "checks",
    "万辆次": "checks",
    "家(次)": "visits",
}
"""Other units, and what numbers in them are."""
UNITS = sorted({*LEVELS, *NO_LEVELS}, key=len, reverse=True)
NUMBER = re.compile(rf"(\d+(?:\.\d+)?)({'|'.join(map(re.escape, UNITS))})?")

ALL = (
    "全部",
    "全覆盖",
    "六个百分之百",
    "全面禁止",
    "清零",
    "在册",
    "所有",
    "全区",
    "基本",
    "一、二、三类",
)
"""Words for a level of 100 %; 基本 (essentially) counts as all in the full reading."""


@dataclass(frozen=True)
class Printed:
    """A printed number in a known unit; ``unit`` is None if it is no level."""

    text: str
    value: float
    unit: str | None


def printed(quantity: str) -> Iterator[Printed]:
    """Yield every number of a quantity; one whose unit nobody knows has none and is a level."""
    text = PERIOD.sub(" ", NAME.sub(" ", OURS.sub(" ", quantity)))
    for number, unit in NUMBER.findall(text):
        if unit in NO_LEVELS:
            yield Printed(number + unit, float(number), None)
        else:
            scale, name = LEVELS.get(unit, (1.0, ""))
            yield Printed(number + unit, float(number) * scale, name)


def says_all(quantity: str) -> bool:
    """Tell whether a quantity says that everything is meant."""
    text = OURS.sub(" ", quantity)
    return any(word in text for word in ALL)
