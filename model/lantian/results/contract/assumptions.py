"""Tables of what the numbers rest on, and of what others would give."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    BASIS,
    CASE,
    HIGH,
    LOW,
    NO_KEYS,
    NOT_A_TARGET,
    POLLUTANT,
    SOURCE_KEY,
    UNIT,
    YEAR,
    amount_column,
    number_column,
    text_column,
    truth_column,
    word_column,
)
from lantian.results.contract.declaration import Table
from lantian.vocabulary import CASES, READINGS

BASIS_SHARES = Table(
    name="basis",
    title=Text("Basis of the numbers", "数据来源构成"),
    means=Text(
        "Emissions and reductions by the weakest basis of the numbers they are made of.",
        "按所用数据中最弱来源等级划分的排放量和减排量。",
    ),
    key=("pollutant", "what", "case", "year", "basis"),
    columns=(
        POLLUTANT,
        word_column(
            "what",
            ("emission", "activity", "factor", "reduction"),
            Text("what is judged: both, activity or factor alone, the cut", "对象"),
        ),
        CASE,
        YEAR,
        BASIS,
        amount_column("value", Text("amount on this basis", "数量")),
        number_column("share", "1", Text("its part of the total", "占比")),
        UNIT,
    ),
)


NO_SWING = Text(
    "it moves no target and no cost, or swings were not asked for",
    "对目标和成本均无影响，或未要求计算",
)
NO_LIMIT = Text("an emission total or the cost has no limit", "排放总量和成本没有限值")

ASSUMPTIONS = Table(
    name="assumptions",
    title=Text("Inputs by what they move", "输入数据及其影响"),
    means=Text(
        "Every number that is used, those first that move a target of the plan most when they"
        " alone go from one end of their range to the other. Nothing is linearised.",
        "所用的全部数据；单独从范围一端变到另一端时对方案目标影响最大的排在前面，均为精确计算，未作线性化。",
    ),
    key=("part", "input", "place"),
    columns=(
        text_column("part", Text("sector, or other part of the model, that takes it", "所属模块")),
        text_column("input", Text("keys of the row", "数据项"), NO_KEYS),
        amount_column("value", Text("number used", "取值")),
        UNIT,
        LOW,
        HIGH,
        BASIS,
        SOURCE_KEY,
        text_column(
            "outcome",
            Text(
                "target that it moves most; total of a pollutant where no target is computed;"
                " cost, if it moves nothing else",
                "影响最大的目标；没有可计算的目标时为污染物总量；若只影响成本则为成本",
            ),
            NO_SWING,
        ),
        amount_column(
            "at_low",
            Text("the outcome at its low end", "取下限时的结果"),
            NO_SWING,
            "outcome_unit",
        ),
        amount_column(
            "at_high",
            Text("the outcome at its high end", "取上限时的结果"),
            NO_SWING,
            "outcome_unit",
        ),
        amount_column(
            "limit_at_low",
            Text("limit of the target at its low end", "取下限时的限值"),
            NO_LIMIT,
            "outcome_unit",
        ),
        amount_column(
            "limit_at_high",
            Text("limit of the target at its high end", "取上限时的限值"),
            NO_LIMIT,
            "outcome_unit",
        ),
        text_column("outcome_unit", Text("unit of the outcome", "结果的单位"), NO_SWING),
        number_column(
            "swing",
            "1",
            Text(
                "half the difference of both ends, as shares of the limit at each end, or of"
                " the central value of a total or the cost",
                "两端之差的一半，以各自限值的比例计；总量和成本以中心值的比例计",
            ),
            NO_SWING,
        ),
        text_column("place", Text("file and line of the number, or key of the scenario", "出处")),
    ),
)


VARIANTS = Table(
    name="variants",
    title=Text("Variants", "方案变体"),
    means=Text(
        "Targets, emission totals and cost of the last year in every future and every"
        " combination of the grid, for each case that needs no optimiser.",
        "各设定情形及各组合下的目标、末年排放总量和成本（不含优化的情景）。",
    ),
    key=("variant", "case", "what", "outcome"),
    columns=(
        text_column("variant", Text("future, or alternatives of the grid", "变体")),
        replace(
            CASE,
            words=(*CASES, *READINGS),
            means=Text("case of the run, or reading of the plan", "情景或方案读法"),
        ),
        word_column("what", ("target", "emission", "cost"), Text("what the row is about", "内容")),
        text_column("outcome", Text("target, pollutant, or cost", "目标、污染物或成本")),
        YEAR,
        amount_column("value", Text("value reached", "数值")),
        UNIT,
        amount_column("limit", Text("largest value that keeps the target", "限值"), NOT_A_TARGET),
        truth_column("met", Text("whether the value keeps the limit", "是否达到"), NOT_A_TARGET),
    ),
    absent=Text("the scenario names no futures and no grid", "方案未设定情形或组合"),
)


NO_PLAN_VALUE = Text("the scenario has no commitments", "情景没有任务")
BASELINES = Table(
    name="baselines",
    title=Text("Worlds without the plan", "无方案情形"),
    means=Text(
        "Targets and emission totals of the last year in each further world without the plan,"
        " and what the plan of the scenario takes off it.",
        "其他无方案情形下的目标值和末年排放总量，以及方案相对各情形的减少量。",
    ),
    key=("baseline", "what", "outcome"),
    columns=(
        text_column("baseline", Text("name of the world", "情形")),
        word_column("what", ("target", "emission"), Text("what the row is about", "内容")),
        text_column("outcome", Text("target or pollutant", "目标或污染物")),
        YEAR,
        amount_column("value", Text("value without the plan", "无方案时的数值")),
        amount_column(
            "plan", Text("value under the scenario's plan", "方案下的数值"), NO_PLAN_VALUE
        ),
        amount_column(
            "taken_off", Text("by how much the plan is below it", "方案减少量"), NO_PLAN_VALUE
        ),
        UNIT,
        amount_column("limit", Text("largest value that keeps the target", "限值"), NOT_A_TARGET),
        truth_column(
            "met",
            Text("whether the world keeps it without the plan", "无方案时是否达到"),
            NOT_A_TARGET,
        ),
    ),
    absent=Text("the scenario names no baselines", "情景未设其他无方案情形"),
)
