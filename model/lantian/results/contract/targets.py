"""Tables of targets, commitments and clauses."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    BINDING_WORD,
    CASE,
    CLAUSE,
    MEASURE,
    NOT_COMPUTED,
    NOT_GIVEN,
    POLLUTANT,
    SOURCE,
    TARGET,
    YEAR,
    amount_column,
    count_column,
    id_column,
    number_column,
    text_column,
    truth_column,
    year_column,
)
from lantian.results.contract.declaration import Column, Table
from lantian.vocabulary import CASES, READINGS

OF_YEAR = Text("it is about the whole year", "针对全年")
TARGETS = Table(
    name="targets",
    title=Text("Targets", "目标"),
    means=Text(
        "Base, limit and value of each target under each case and reading; met, or missed by"
        " how much.",
        "各情景和各读法下每个目标的基准值、限值和数值；是否达到，差多少。",
    ),
    key=("target", "case"),
    columns=(
        TARGET,
        text_column("indicator", Text("indicator", "指标")),
        replace(
            POLLUTANT,
            means=Text("pollutant of an emission", "排放的污染物"),
            blank=Text("it is about no emission", "不针对排放量"),
        ),
        Column(
            name="areas",
            kind="id",
            labels="area",
            separator=" ",
            means=Text("areas that it is about", "涉及片区"),
            blank=Text("it is about the whole region", "针对全地区"),
        ),
        id_column(
            "receptor",
            "receptor",
            Text("receptor that it is about", "受体"),
            Text("it is about no receptor", "不针对受体"),
        ),
        text_column("season", Text("first and last month that it is about", "针对月份"), OF_YEAR),
        replace(CLAUSE, blank=Text("no clause is named", "未注明条款")),
        replace(
            CASE,
            words=(*CASES, *READINGS),
            means=Text("case of the run, or reading of the plan", "情景或方案读法"),
        ),
        replace(YEAR, means=Text("year in which it is judged", "目标年份")),
        year_column(
            "base_year",
            Text("year that a cut is counted from", "基准年"),
            Text("the limit does not depend on a base year", "限值与基准年无关"),
        ),
        amount_column(
            "base_value",
            Text("value in the base year", "基准年数值"),
            Text("the limit does not depend on a base year", "限值与基准年无关"),
        ),
        amount_column("limit", Text("largest value that keeps it", "限值"), NOT_COMPUTED),
        amount_column("value", Text("value reached", "数值"), NOT_COMPUTED),
        text_column("unit", Text("unit of the four numbers", "单位"), NOT_COMPUTED),
        number_column(
            "scale",
            "1",
            Text(
                "times which its numbers are those of the table indicators: a mean that a plan"
                " prints at 273 K stands there at the actual state of the air",
                "乘以该系数即与“空气质量指标”表口径一致（按273 K印发的浓度在该表为实际状态）",
            ),
            NOT_COMPUTED,
        ),
        truth_column("met", Text("whether the value keeps the limit", "是否达到"), NOT_COMPUTED),
        amount_column(
            "margin",
            Text(
                "room that is left to the limit; negative: what is lacking", "余量；负数为尚差的量"
            ),
            NOT_COMPUTED,
        ),
        number_column(
            "probability",
            "1",
            Text("probability that it is met", "达到的概率"),
            Text("no samples were drawn", "未抽样"),
        ),
        BINDING_WORD,
    ),
)


NONE_LEFT = Text("there was nothing to act on", "没有可作用的对象")
FROM_THEN_ON = Text("it holds in full from its beginning", "自开始之日起全面执行")
ALL_YEAR = Text("it acts all year", "全年")

LEVELS = Table(
    name="levels",
    title=Text("Levels of commitments", "任务水平"),
    means=Text(
        "Level of each commitment on each source and in each year: as pledged, as reached over"
        " the year, weighted with the activity of its months, and as reached at its end.",
        "各任务在各排放源、各年份的水平：任务水平、全年达到值（按各月活动水平加权）和年末达到值。",
    ),
    key=("commitment", "source", "year"),
    columns=(
        id_column("commitment", "commitment", Text("commitment of the plan", "任务")),
        MEASURE,
        SOURCE,
        replace(CLAUSE, blank=Text("no clause is named", "未注明条款")),
        YEAR,
        text_column("from", Text("year or month in which it begins", "开始时间")),
        text_column("by", Text("year or month of its deadline", "完成时限"), FROM_THEN_ON),
        text_column("season", Text("first and last month of its season", "作用月份"), ALL_YEAR),
        text_column("of", Text("what the level is a share of, or amount", "水平的含义")),
        amount_column("pledged", Text("level as pledged", "任务水平")),
        amount_column("reached", Text("level as reached over the year", "全年达到水平"), NONE_LEFT),
        amount_column("year_end", Text("level as reached at its end", "年末达到水平"), NONE_LEFT),
        number_column(
            "reach",
            "1",
            Text("largest share of the activity that the measure can be applied to", "可达比例"),
        ),
        truth_column(
            "held_by_reach",
            Text(
                "whether this reach is all used at the year's end, and the level is not reached",
                "年末是否已用尽可达比例而未达到任务水平",
            ),
        ),
        text_column("unit", Text("1 for a share, else the activity unit of the source", "单位")),
        BINDING_WORD,
        text_column("credit", Text("who sets the level", "水平由谁给出")),
    ),
)


NOT_PRINTED = Text("the plan does not print it", "方案未注明")

CLAUSES = Table(
    name="clauses",
    title=Text("Clause ledger", "条款台账"),
    means=Text("Every clause of the plan and what became of it.", "方案的每一条款及其处理结果。"),
    key=("row_id",),
    columns=(
        id_column("row_id", "clause", Text("line of the ledger", "台账编号")),
        text_column("clause_no", Text("number of the clause in the plan", "条款序号"), NOT_GIVEN),
        text_column(
            "part",
            Text("part of the clause", "条款部分"),
            Text("the clause is one", "条款不分部分"),
        ),
        count_column("document_line", Text("line of the plan's text", "原文行号")),
        text_column("sector", Text("field that the clause is about", "领域"), NOT_GIVEN),
        text_column("modelable", Text("whether a level can be had", "可否建模")),
        text_column("bindingness", Text("how binding its wording is", "约束程度"), NOT_GIVEN),
        text_column("gist_en", Text("gist in English", "英文摘要"), NOT_GIVEN),
        text_column("gist_zh", Text("gist in Chinese", "中文摘要"), NOT_GIVEN),
        text_column(
            "quantity", Text("figures it prints", "数量要求"), Text("it prints none", "无数量")
        ),
        text_column("baseline_year", Text("year it counts from", "基准年"), NOT_PRINTED),
        text_column("deadline", Text("date by which it is due", "完成时限"), NOT_PRINTED),
        text_column("lead_department", Text("who leads it", "牵头部门"), NOT_PRINTED),
        text_column("fate", Text("modelled or not", "是否建模")),
        replace(
            id_column(
                "commitments",
                "commitment",
                Text("commitments that encode it", "对应任务"),
                Text("none does", "无对应任务"),
            ),
            separator=" ",
        ),
        text_column(
            "reason",
            Text("why it is not modelled", "未建模原因"),
            Text("it is modelled", "已建模"),
        ),
    ),
)
