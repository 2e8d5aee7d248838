"""Tables of what a reader should know: quality, problems, names."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    ERROR,
    NO_SAMPLES,
    NOT_GIVEN,
    POLLUTANT,
    SECTOR,
    SETTLED,
    SOURCE_KEY,
    UNIT,
    amount_column,
    count_column,
    id_column,
    number_column,
    text_column,
    truth_column,
    word_column,
)
from lantian.results.contract.declaration import Column, Table

QUALITY = Table(
    name="quality",
    title=Text("Quality of the inventory", "清单质量"),
    means=Text(
        "Half of the 95 % range of each sector's baseline, by samples and by error propagation"
        " (IPCC approach 1), its grade from A to E, and whether it is a key category.",
        "各行业基准排放 95 % 范围的一半：抽样结果与误差传递（IPCC 方法一）结果，"
        "质量等级 A–E，是否为关键类别。",
    ),
    key=("pollutant", "sector"),
    columns=(
        POLLUTANT,
        replace(SECTOR, blank=Text("all sectors together", "全部行业")),
        amount_column("base", Text("emission in the base year", "基准年排放量")),
        amount_column("last", Text("emission in the last year without the plan", "末年基准排放量")),
        UNIT,
        number_column("sampled", "1", Text("half range by samples", "抽样半宽")),
        number_column(
            "propagated",
            "1",
            Text("half range by error propagation", "误差传递半宽"),
            Text("it emits nothing in one of the years", "某年无排放"),
        ),
        number_column(
            "of_trend",
            "1",
            Text("half range of the change, by error propagation", "变化量半宽"),
            Text("it emits nothing in one of the years", "某年无排放"),
        ),
        word_column("grade", ("A", "B", "C", "D", "E"), Text("grade", "质量等级")),
        truth_column("key_level", Text("whether it is key for the level", "是否水平关键类别")),
        truth_column("key_trend", Text("whether it is key for the trend", "是否趋势关键类别")),
        replace(
            ERROR,
            means=Text(
                "error of the ends as a share of the range by samples",
                "抽样范围两端的误差（占范围的比例）",
            ),
        ),
        SETTLED,
    ),
    absent=NO_SAMPLES,
)


NOT_COVERED = Table(
    name="not_covered",
    title=Text("Not covered", "未计入的排放源"),
    means=Text(
        "Sources that the inventory leaves out, for want of a number with a source or because the"
        " region has no table of them: totals are too low by them.",
        "清单未计入的排放源（缺少有出处的数据，或地区没有相应的表），总量因此偏低。",
    ),
    key=("missing",),
    columns=(
        id_column("missing", "source", Text("what is left out", "未计入的排放源")),
        text_column("pollutants", Text("pollutants that it emits most of", "主要污染物")),
        id_column(
            "counted_in",
            "sector",
            Text("sector that counts it where a region has it", "有该行业数据时计入的行业"),
            Text("no sector does", "无"),
        ),
        id_column(
            "counted_as",
            "source",
            Text("source that counts it where a region has it", "有该排放源数据时计入的排放源"),
            Text("no source does", "无"),
        ),
        text_column("reason_en", Text("why, in English", "原因（英文）")),
        text_column("reason_zh", Text("why, in Chinese", "原因")),
    ),
)


PROBLEMS = Table(
    name="problems",
    title=Text("Warnings", "提示"),
    means=Text(
        "Warnings: nothing here stopped the run, all of it should be read.",
        "提示：未中断运行，但均应阅读。",
    ),
    key=("warning",),
    columns=(
        text_column("warning", Text("what to know, with ids", "内容（编号）")),
        text_column("en", Text("the same with display names, in English", "英文说明")),
        text_column("zh", Text("the same with display names, in Chinese", "中文说明")),
    ),
)


LABELS = Table(
    name="labels",
    title=Text("Display names", "名称对照"),
    means=Text("Display names of ids.", "各编号的显示名称。"),
    key=("id",),
    columns=(
        text_column("id", Text("id", "编号")),
        text_column("en", Text("English name", "英文名称"), NOT_GIVEN),
        text_column("zh", Text("Chinese name", "中文名称"), NOT_GIVEN),
    ),
)


IAMC = Table(
    name="iamc",
    title=Text("IAMC layout", "IAMC 格式"),
    means=Text(
        "Emissions as a whole and by sector in the layout of the IAMC, which pyam reads: a"
        " column per year. A bar in the name of a sector is written as /.",
        "按 IAMC 格式（pyam 可读）的排放总量与行业排放量，每年一列；行业名称中的竖线写作 /。",
    ),
    key=("scenario", "region", "variable"),
    columns=(
        text_column("model", Text("Lantian", "模型")),
        text_column("scenario", Text("scenario and case", "情景")),
        id_column("region", "region", Text("region", "地区")),
        Column(
            name="variable",
            kind="text",
            separator="|",
            means=Text("Emissions, pollutant and, of a part, sector", "变量"),
        ),
        UNIT,
    ),
    yearly=amount_column(
        "year",
        Text("emission in the year", "该年排放量"),
        Text("the case was not solved for the year", "该情景未计算该年"),
    ),
)


REFERENCES = Table(
    name="references",
    title=Text("Sources of the numbers", "数据出处"),
    means=Text(
        "Works and records that the numbers of the run are taken from.",
        "本结果所用数据的文献和记录。",
    ),
    key=("source_key",),
    columns=(
        SOURCE_KEY,
        text_column("citation", Text("what it is", "文献"), NOT_GIVEN),
        text_column("url", Text("where it can be read", "网址"), NOT_GIVEN),
        text_column("accessed_via", Text("how it was read, if not there", "获取途径"), NOT_GIVEN),
        count_column("numbers", Text("numbers of the run that rest on it", "所用数据个数")),
    ),
)
