"""Tables of the optimiser: curves, prices, solves."""

from dataclasses import replace
from typing import Final

from lantian.language import Text
from lantian.results.contract.columns import (
    CASE,
    COST_UNIT,
    MEASURE,
    POLLUTANT,
    SOURCE,
    TARGET,
    YEAR,
    amount_column,
    count_column,
    number_column,
    text_column,
    truth_column,
)
from lantian.results.contract.declaration import PER_YEAR, Column, Table

MACC = Table(
    name="macc",
    title=Text("Marginal cost curves", "边际减排成本曲线"),
    means=Text(
        "Marginal cost curves of single pollutants in the last year: steps in rising order.",
        "末年单一污染物的边际减排成本曲线：按单位成本递增的各段。",
    ),
    key=("pollutant", "order"),
    columns=(
        POLLUTANT,
        count_column("order", Text("place of the step, from 0", "次序")),
        replace(MEASURE, means=Text("what brings most of the reduction", "措施")),
        SOURCE,
        number_column("reduction", PER_YEAR, Text("width of the step", "减排量")),
        amount_column("unit_cost", Text("height of the step", "单位成本")),
        text_column("unit", Text("unit of the unit cost", "单位")),
        text_column("method", Text("integrated, or each measure alone", "方法")),
    ),
)


PRICES = Table(
    name="prices",
    title=Text("Prices of the targets", "目标的影子价格"),
    means=Text(
        "Shadow price of each target in the least-cost mix; by how much its limit was relaxed;"
        " the excess of soft targets and what it costs.",
        "最低成本组合中各目标的影子价格、限值放宽量，软目标的超出量及其成本。",
    ),
    key=("target", "year"),
    columns=(
        TARGET,
        YEAR,
        replace(
            amount_column("shadow_price", Text("cost of one more unit", "影子价格")),
            infinite=Text("the limit can be moved to neither side", "限值两侧均不可移动"),
        ),
        text_column("unit", Text("unit of the prices", "价格单位")),
        truth_column("binding", Text("whether the limit binds", "是否起约束作用")),
        Column(
            name="marginal_measure",
            kind="text",
            separator="; ",
            means=Text(
                "measures, with the states they lead from and to, whose use changes with the limit",
                "边际措施",
            ),
            blank=Text("the limit does not bind", "限值不起约束作用"),
        ),
        amount_column(
            "relaxed_by", Text("relaxation of the limit", "放宽量"), unit_in="excess_unit"
        ),
        amount_column("excess", Text("excess over the limit", "超出量"), unit_in="excess_unit"),
        text_column("excess_unit", Text("unit of the target", "目标单位")),
        amount_column(
            "excess_price",
            Text("price of the excess of a soft target", "超出单价"),
            Text("the target is hard", "硬目标"),
        ),
        amount_column("excess_cost", Text("cost of the excess", "超出成本"), unit_in="cost_unit"),
        text_column("cost_unit", Text("unit of the cost", "成本单位")),
    ),
)


NOT_WHOLE = Text("no measure comes in whole units", "无整台措施")
RESIDUAL_OF: Final = {
    "primal": Text("largest violation of a limit", "原始可行性残差"),
    "dual": Text("largest violation of a price condition", "对偶可行性残差"),
    "complementarity": Text("largest product of slack and price", "互补残差"),
    "gap": Text("gap between cost and bound", "对偶间隙残差"),
}
"""Conditions of optimality that every answer is checked for."""

SOLVES = Table(
    name="solves",
    title=Text("Solves", "求解记录"),
    means=Text(
        "How each mix came about: cost, penalty of soft targets, proven bound, linear bound and"
        " gap of whole units, number of solves, residuals of the conditions of optimality.",
        "各组合的求解情况：成本、软目标罚金、已证明的下界、整台措施的线性下界与间隙、求解次数和"
        "最优性条件残差。",
    ),
    key=("case", "year"),
    columns=(
        CASE,
        YEAR,
        amount_column("cost", Text("annual net cost of known measures", "年净成本")),
        amount_column("penalty", Text("cost of the excess of soft targets", "罚金")),
        amount_column("linear_bound", Text("linear lower bound", "线性下界"), NOT_WHOLE),
        amount_column("whole_cost", Text("cost in whole units", "整台成本"), NOT_WHOLE),
        truth_column("of_all_years", Text("whether both are of all years", "是否多年合计")),
        COST_UNIT,
        amount_column(
            "proven_bound",
            Text("no mix costs less, rounding included", "已证明的成本下界"),
            Text("nothing is proven", "未能证明"),
        ),
        number_column(
            "proof_gap",
            "1",
            Text("proven bound below the cost", "证明间隙"),
            Text("nothing is proven", "未能证明"),
        ),
        number_column("gap", "1", Text("bound below the mix", "间隙"), NOT_WHOLE),
        number_column("unproven", "1", Text("room for a cheaper mix", "未证明部分"), NOT_WHOLE),
        truth_column("relaxed", Text("whether limits were relaxed", "是否放宽限值")),
        replace(
            number_column(
                "joint_share",
                "1",
                Text("part of all needed reductions that can be had at once", "可同时实现的比例"),
                Text("not even none of it can be had", "完全不可行"),
            ),
            infinite=Text("nothing needs to be reduced", "无需减排"),
        ),
        truth_column(
            "several_optima", Text("whether other mixes cost the same", "是否有多个最优解")
        ),
        count_column("solves", Text("linear programs solved", "求解次数")),
        count_column("cold_restarts", Text("solves begun anew", "冷启动次数")),
        count_column("iterations", Text("pivots", "迭代次数")),
        *(number_column(f"{name}_residual", "1", means) for name, means in RESIDUAL_OF.items()),
        number_column("reprojection_gap", "1", Text("program against projection", "回代误差")),
    ),
)


WHOLE_UNITS = Table(
    name="whole_units",
    title=Text("Whole units", "整台数量"),
    means=Text(
        "Number and size of the units of the measures that come whole.",
        "按整台计的措施的台数和规格。",
    ),
    key=("case", "year", "measure", "source"),
    columns=(
        CASE,
        YEAR,
        MEASURE,
        SOURCE,
        count_column("number", Text("number of units", "台数")),
        amount_column("unit_size", Text("size of a unit", "单台规格")),
        text_column("unit", Text("activity unit of the source", "单位")),
    ),
)
