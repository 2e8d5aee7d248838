"""Tables of emissions, activity and vehicles."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    CASE,
    POLLUTANT,
    SECTOR,
    SOURCE,
    UNIT,
    YEAR,
    amount_column,
    count_column,
    id_column,
    text_column,
    word_column,
)
from lantian.results.contract.declaration import Table
from lantian.vocabulary import VEHICLE_GROUPS

EMISSIONS = Table(
    name="emissions",
    title=Text("Emissions", "排放量"),
    means=Text(
        "Emissions by case, source, pollutant and year; a pollutant that a source emits in no"
        " case and year is left out.",
        "各情景、排放源、污染物和年份的排放量；从不排放的污染物不列出。",
    ),
    key=("case", "source", "pollutant", "year"),
    columns=(
        CASE,
        id_column("region", "region", Text("region, or the scenario if it names none", "地区")),
        id_column("unit_area", "region", Text("smallest place the row is about", "空间单元")),
        SECTOR,
        SOURCE,
        POLLUTANT,
        YEAR,
        amount_column("value", Text("emission", "排放量")),
        UNIT,
    ),
)


EMISSIONS_BY_MONTH = Table(
    name="emissions_by_month",
    title=Text("Emissions by month", "分月排放量"),
    means=Text(
        "Emissions of the last year of each case by sector and month: what a measure takes away"
        " is spread by its dates, its season and the year of its source. Months add up to the"
        " year.",
        "各情景末年分行业、分月排放量：措施削减量按其时限、作用月份和排放源的月变化分配，各月之和为全年。",
    ),
    key=("case", "sector", "pollutant", "month"),
    columns=(
        CASE,
        SECTOR,
        POLLUTANT,
        YEAR,
        count_column("month", Text("month of the year, from 1", "月份")),
        amount_column("value", Text("emission of the month", "当月排放量")),
        text_column("unit", Text("unit of the emission", "单位")),
    ),
    absent=Text("the region does not say how the year is spread", "地区未给出月变化"),
)


ACTIVITY = Table(
    name="activity",
    title=Text("Activity", "活动水平"),
    means=Text(
        "Activity by case and state of a source: technology and package of controls. States"
        " that never hold any are left out.",
        "各情景下排放源各状态（技术与控制组合）的活动水平；始终为零的状态不列出。",
    ),
    key=("case", "source", "technology", "control", "year"),
    columns=(
        CASE,
        SECTOR,
        SOURCE,
        id_column("technology", "technology", Text("technology of the state", "技术")),
        replace(
            id_column(
                "control",
                "control",
                Text("package of controls", "控制措施组合"),
                Text("nothing is controlled", "无控制"),
            ),
            separator="+",
        ),
        YEAR,
        amount_column("value", Text("activity", "活动水平")),
        text_column("unit", Text("activity unit of the source", "活动水平单位")),
    ),
)


VEHICLES = Table(
    name="vehicles",
    title=Text("Kinds of vehicles", "车型与排放标准"),
    means=Text(
        "What each technology of a road vehicle is: group, fuel and emission standard.",
        "各机动车技术所属车型、燃料和排放标准。",
    ),
    key=("source", "technology"),
    columns=(
        SOURCE,
        id_column("technology", "technology", Text("technology of the state", "技术")),
        word_column("group", VEHICLE_GROUPS, Text("kind of vehicles", "车型")),
        text_column("fuel", Text("fuel", "燃料")),
        text_column("standard", Text("emission standard", "排放标准"), Text("battery", "纯电动")),
    ),
    absent=Text("the run has no road vehicles", "没有道路机动车"),
)


CUMULATIVE = Table(
    name="cumulative",
    title=Text("Since the base year", "累计减排与成本"),
    means=Text(
        "Emissions avoided and money spent since the base year, year after year, so that acting"
        " earlier shows. Only of cases for which every year in between is known.",
        "自基准年起逐年累计的减排量和成本，可体现提前行动的效果；仅限各年均已计算的情景。",
    ),
    key=("case", "what", "year"),
    columns=(
        CASE,
        id_column("what", "pollutant", Text("pollutant, or cost", "污染物或成本")),
        YEAR,
        amount_column("value", Text("sum over the years after the base year", "累计值")),
        text_column("unit", Text("unit of the sum", "单位")),
    ),
)
