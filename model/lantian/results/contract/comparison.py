"""Tables of runs side by side."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    CASE,
    COST_UNIT,
    MEASURE,
    NOT_COMPUTED,
    NOT_GIVEN,
    POLLUTANT,
    SOURCE,
    TARGET,
    UNIT,
    YEAR,
    amount_column,
    count_column,
    id_column,
    number_column,
    text_column,
    truth_column,
    word_column,
    year_column,
)
from lantian.results.contract.declaration import Column, Table
from lantian.vocabulary import CASES, READINGS

RUN = text_column("run", Text("run that is held against the first one", "与首个结果对照的运行结果"))
ONLY_THE_OTHER = Text("the first run has none", "首个运行结果中没有")
ONLY_THE_FIRST = Text("the other run has none", "对照的运行结果中没有")
NOT_BOTH = Text("only one of the runs has it", "仅其中一个运行结果有此项")


def _two(name: str, means: Text, unit_in: str = "unit") -> tuple[Column, Column]:
    """Return a number of the first run and of the other one."""
    first = Text(f"{means.en}, in the first run", f"{means.zh}（首个）")
    other = Text(f"{means.en}, in the other run", f"{means.zh}（对照）")
    return (
        amount_column(f"reference_{name}", first, ONLY_THE_OTHER, unit_in),
        amount_column(name, other, ONLY_THE_FIRST, unit_in),
    )


def _by_how_much(name: str = "difference", unit_in: str = "unit") -> Column:
    return amount_column(
        name, Text("by how much the other run has more", "差值"), NOT_BOTH, unit_in
    )


DIFFERENCES = Table(
    name="differences",
    title=Text("Differences of inputs", "输入差异"),
    means=Text(
        "What differs in the inputs: versions, the scenario, each number with its cell, files.",
        "输入的差异：版本、情景、逐个数据及其位置、文件。",
    ),
    key=("kind", "what", "run", "reference_place", "place"),
    columns=(
        word_column(
            "kind",
            ("version", "scenario", "value", "range", "file"),
            Text("what kind of input; range: the same value, known otherwise", "输入的种类"),
        ),
        text_column("what", Text("name of the input", "输入名称")),
        RUN,
        text_column("reference_value", Text("in the first run", "首个结果的值"), ONLY_THE_OTHER),
        text_column("value", Text("in the other run", "对照结果的值"), ONLY_THE_FIRST),
        number_column(
            "change",
            "1",
            Text("difference as a part of the first value", "相对变化"),
            Text("it is no number, or the first one is zero or missing", "非数值或首值为零"),
        ),
        text_column("reference_place", Text("its cell, first run", "位置（首个）"), NOT_GIVEN),
        text_column("place", Text("its cell, other run", "位置"), NOT_GIVEN),
    ),
    place="comparison",
)


COMPARED_TARGETS = Table(
    name="compared_targets",
    title=Text("Targets compared", "目标对照"),
    means=Text(
        "Each target in two runs under each case; those whose verdict turns come first, then"
        " those that move most.",
        "两个运行结果中各情景的目标；结论改变者在前，其余按变化大小排列。",
    ),
    key=("target", "case", "year", "run"),
    columns=(
        TARGET,
        replace(CASE, words=(*CASES, *READINGS)),
        YEAR,
        RUN,
        *_two("limit", Text("limit", "限值")),
        *_two("value", Text("value", "数值")),
        _by_how_much(),
        truth_column("reference_met", Text("met in the first run", "首个是否达到"), NOT_COMPUTED),
        truth_column("met", Text("met in the other run", "是否达到"), NOT_COMPUTED),
        truth_column("flipped", Text("the verdict turns", "结论是否改变")),
        replace(UNIT, blank=NOT_COMPUTED),
    ),
    place="comparison",
)


COMPARED_TOTALS = Table(
    name="compared_totals",
    title=Text("Totals compared", "排放总量对照"),
    means=Text("Emission of each pollutant in two runs.", "两个运行结果中各污染物排放总量。"),
    key=("pollutant", "case", "year", "run"),
    columns=(
        POLLUTANT,
        CASE,
        YEAR,
        RUN,
        *_two("value", Text("emission", "排放量")),
        _by_how_much(),
        number_column(
            "change",
            "1",
            Text("difference as a part of the first value", "相对变化"),
            Text("only one of the runs has it, or the first is zero", "缺项或首值为零"),
        ),
        UNIT,
    ),
    place="comparison",
)


COMPARED_COSTS = Table(
    name="compared_costs",
    title=Text("Net costs compared", "净成本对照"),
    means=Text(
        "Cost of each case in two runs, less what its measures save; those without a price are not"
        " in it.",
        "两个运行结果中各情景的成本（已扣除节省）；不含无价措施。",
    ),
    key=("case", "year", "unit", "run"),
    columns=(
        CASE,
        YEAR,
        RUN,
        *_two("value", Text("net cost", "净成本")),
        _by_how_much(),
        COST_UNIT,
    ),
    place="comparison",
)


COMPARED_MIXES = Table(
    name="compared_mixes",
    title=Text("Mixes compared", "措施组合对照"),
    means=Text(
        "Measures of which the least-cost mixes of two runs take another amount.",
        "两个最低成本组合中用量不同的措施。",
    ),
    key=("case", "year", "measure", "source", "run"),
    columns=(
        CASE,
        YEAR,
        MEASURE,
        SOURCE,
        RUN,
        *_two("amount", Text("amount", "用量")),
        _by_how_much(),
        UNIT,
        *_two("cost", Text("net cost", "净成本"), "cost_unit"),
        _by_how_much("cost_difference", "cost_unit"),
        text_column("cost_unit", Text("unit of the costs", "成本单位")),
    ),
    place="comparison",
)


COMPARED_BRIDGES = Table(
    name="compared_bridges",
    title=Text("Plan emissions, run to run", "方案排放量的差异分解"),
    means=Text(
        "What leads from the emissions under the plan of the first run to those of the other"
        " (without plans: from least cost to least cost): steps that add up, in no order that"
        " matters.",
        "从首个结果的方案排放量（无方案时为最低成本）到对照结果的分解："
        "各项之和等于总差，与顺序无关。",
    ),
    key=("pollutant", "run", "order"),
    columns=(
        POLLUTANT,
        RUN,
        count_column("order", Text("place in the row of steps", "序号")),
        word_column(
            "step",
            ("reference", "base", "growth", "turnover", "inventory", "measure", "run"),
            Text("what the step is; reference and run are the two ends", "步骤"),
        ),
        replace(MEASURE, blank=Text("the step is no measure", "该步骤不是措施")),
        amount_column("value", Text("emission at an end, else what the step adds", "数值")),
        UNIT,
    ),
    place="comparison",
)


_AT_AN_END = Text("the whole at an end", "两端的总额")
COMPARED_COST_BRIDGES = Table(
    name="compared_cost_bridges",
    title=Text("Net cost, run to run", "净成本的差异分解"),
    means=Text(
        "What leads from the net cost of a case in the first run to that in the other, in the last"
        " year of both: measures that add up, in no order that matters. Each is told apart into"
        " what another amount and what another unit cost makes of it, half of what both do"
        " together going to each. Measures without a price are in none.",
        "从首个结果某情景的净成本到对照结果的分解（两者共同的最后一年）：各项措施之和等于总差，与顺序无关。"
        "每项又分为用量变化和单位成本变化两部分，共同作用各计一半。无价措施不计入。",
    ),
    key=("case", "run", "order"),
    columns=(
        replace(CASE, words=("plan", "match_plan", "least_cost")),
        YEAR,
        RUN,
        count_column("order", Text("place in the row of steps", "序号")),
        word_column(
            "step",
            ("reference", "measure", "run"),
            Text("what the step is; reference and run are the two ends", "步骤"),
        ),
        replace(MEASURE, blank=Text("the step is no measure", "该步骤不是措施")),
        amount_column("value", Text("net cost at an end, else what the step adds", "数值")),
        amount_column("by_amount", Text("of it by another amount", "其中：用量变化"), _AT_AN_END),
        amount_column(
            "by_price", Text("of it by another unit cost", "其中：单位成本变化"), _AT_AN_END
        ),
        COST_UNIT,
    ),
    place="comparison",
)


COMPARED_RUNS = Table(
    name="compared_runs",
    title=Text("Runs compared", "运行结果一览"),
    means=Text("One row for each run.", "每个运行结果一行。"),
    key=("run",),
    columns=(
        replace(RUN, means=Text("run", "运行结果")),
        text_column("content_id", Text("what the run was made from, as a code", "内容编号")),
        id_column("region", "region", Text("region", "地区"), NOT_GIVEN),
        year_column("base_year", Text("year the plan starts from", "基准年")),
        year_column("last_year", Text("last year of the run", "末年")),
        count_column("targets", Text("computed targets", "可计算目标数")),
        count_column("met", Text("of these, met by the plan as written", "方案达到数")),
        count_column(
            "met_at_least_cost", Text("of these, met at least cost", "最低成本组合达到数")
        ),
        count_column("out_of_reach", Text("targets out of reach of every mix", "不可达目标数")),
        amount_column(
            "plan_cost", Text("net cost of the plan", "方案净成本"), Text("no plan", "无方案")
        ),
        amount_column(
            "least_cost", Text("least net cost", "最低净成本"), Text("not solved", "未求解")
        ),
        COST_UNIT,
        count_column("warnings", Text("warnings", "警告数")),
        text_column("version", Text("version of the program", "程序版本")),
        text_column("started", Text("when the run began", "开始时间")),
    ),
    place="comparison",
)
