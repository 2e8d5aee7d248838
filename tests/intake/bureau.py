"""A workbook as a bureau keeps it: made anew for each test, with the numbers it holds."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

POLLUTANTS = ("SO2", "NOx", "CO", "VOC", "PM10", "PM2.5", "NH3", "CO2")
HEADINGS = (
    "二氧化硫",
    "氮氧化物",
    "一氧化碳",
    "VOCs",
    "PM₁₀",
    "细颗粒物(PM2.5)",
    "氨",
    "二氧化碳（万吨）",
)
SECTORS = {
    "固定燃烧源": ("电厂", "供热锅炉", "工业锅炉", "民用散煤"),
    "工艺过程源": ("水泥", "钢铁", "化工", "砖瓦", "其他"),
    "移动源": ("货车", "客车", "工程机械"),
    "溶剂使用源": ("家具喷涂", "汽修", "印刷"),
    "扬尘源": ("道路", "施工"),
    "农业源": ("畜禽", "氮肥"),
    "其他排放源": ("餐饮",),
}
WAN = 1e4


@dataclass
class Bureau:
    """The workbook and what an import of it must find [t], by source and pollutant."""

    path: Path
    tonnes: dict[tuple[str, str], float] = field(default_factory=dict)


def names(n: int) -> list[tuple[str, str]]:
    """Return sector and source of n sources, those of a sector together."""
    kinds = [(sector, kind) for sector, own in SECTORS.items() for kind in own]
    many, more = divmod(n, len(kinds))
    return [
        (sector, f"{kind}{i + 1}")
        for k, (sector, kind) in enumerate(kinds)
        for i in range(many + (k < more))
    ]


def write(path: Path, n: int = 120, seed: int = 1) -> Bureau:
    """Write the workbook: sheet of emissions, sheet of measures, and one that is no table."""
    book, made = Workbook(), Bureau(path)
    cover = book.active
    assert cover is not None
    cover.title = "封面"
    cover["A1"] = "某市大气污染物排放清单"
    _emissions(book.create_sheet("2024年清单"), names(n), Random(seed), made)
    _measures(book.create_sheet("减排措施"))
    book.save(path)
    return made


def _emissions(sheet: Any, sources: list[tuple[str, str]], random: Random, made: Bureau) -> None:
    last = 3 + len(HEADINGS) + 1
    sheet.append(["2024年某市大气污染物排放清单（单位：吨）"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=last)
    sheet.append(["序号", "行业", "排放源", "大气污染物排放量"])
    sheet.merge_cells(start_row=2, end_row=2, start_column=4, end_column=last - 1)
    sheet.append([None, None, None, *HEADINGS, "NOx占比"])
    for column in (1, 2, 3):
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    sheet.cell(2, last).value = "NOx占比"
    whole = [0.0] * len(HEADINGS)
    for sector in dict.fromkeys(sector for sector, _ in sources):
        start, part = sheet.max_row + 1, [0.0] * len(HEADINGS)
        for name in (source for own, source in sources if own == sector):
            values = [_value(random, name, p) for p in POLLUTANTS]
            sheet.append([sheet.max_row - 2, None, name, *map(_shown, values), 0.0123])
            sheet.cell(sheet.max_row, last).number_format = "0.0%"
            for i, value in enumerate(values):
                part[i] += value or 0.0
                if value is not None:
                    factor = WAN if POLLUTANTS[i] == "CO2" else 1.0
                    made.tonnes[name, POLLUTANTS[i]] = value * factor
        sheet.cell(start, 2).value = sector
        sheet.cell(start, 2).alignment = Alignment(vertical="center")
        sheet.merge_cells(start_row=start, end_row=sheet.max_row, start_column=2, end_column=2)
        sheet.append([None, "小计", None, *part, None])
        whole = [a + b for a, b in zip(whole, part, strict=True)]
    sheet.append([None, "合计", None, *whole, None])
    sheet.append(["注：数据来自年度调查；“-”表示没有排放。"])
    assert get_column_letter(last) == "L"


def _value(random: Random, name: str, pollutant: str) -> float | None:
    if random.random() < 0.2 and not name.endswith("1"):
        return None
    if name.endswith("1"):
        return round(random.uniform(5, 9) * (1 if pollutant == "CO2" else 1000), 2)
    return round(random.uniform(1, 5 if pollutant == "CO2" else 3000), 2)


def _shown(value: float | None) -> Any:
    """Return a cell as people type it: a number, a text with thousands, a dash or nothing."""
    if value is None:
        return "-"
    return f"{value:,.2f}" if value > 1000 else value


def _measures(sheet: Any) -> None:
    sheet.append(
        [
            "序号",
            "措施名称",
            "适用排放源",
            "污染物",
            "去除率（%）",
            "可实施比例",
            "年成本（万元/年）",
        ]
    )
    rows = [
        ("低氮燃烧", "工业锅炉1", "氮氧化物", 50, 0.8, 120),
        ("SCR脱硝", "电厂1", "氮氧化物", 80, 0.9, 2_600),
        ("货车更新", "货车1", "氮氧化物", 60, 0.35, 900),
        ("货车更新", "货车1", "PM2.5", 70, 0.35, 900),
        ("水性涂料", "家具喷涂1", "VOCs", 65, 0.6, None),
    ]
    for i, row in enumerate(rows, start=1):
        sheet.append([i, *row])
        sheet.cell(sheet.max_row, 6).number_format = "0%"
