"""Tables of what measures do and cost."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    BINDING_WORD,
    CASE,
    CLAUSE,
    COST_UNIT,
    MEASURE,
    NO_COST,
    NOT_COMMITTED,
    POLLUTANT,
    SECTOR,
    SOURCE,
    UNIT,
    YEAR,
    amount_column,
    number_column,
    text_column,
    truth_column,
)
from lantian.results.contract.declaration import MONEY, Table

MEASURES = Table(
    name="measures",
    title=Text("Measures", "措施"),
    means=Text(
        "Uptake, level, reach, cost and clause of each measure on each source, by case and year.",
        "各情景和年份下每项措施在每个排放源上的采用量、水平、可达比例、成本和条款。",
    ),
    key=("measure", "source", "case", "year"),
    columns=(
        MEASURE,
        SOURCE,
        SECTOR,
        CASE,
        YEAR,
        amount_column(
            "uptake", Text("activity that the measure moves", "采用量"), unit_in="uptake_unit"
        ),
        text_column("uptake_unit", Text("activity unit of the source", "采用量单位")),
        number_column("level", "1", Text("uptake as a share of the eligible activity", "采用水平")),
        number_column("reach", "1", Text("largest share that can be moved", "可达比例")),
        number_column("cost_yuan", f"{MONEY}/a", Text("annual net cost", "年净成本"), NO_COST),
        replace(CLAUSE, blank=NOT_COMMITTED),
        replace(BINDING_WORD, blank=NOT_COMMITTED),
    ),
)


COSTS = Table(
    name="costs",
    title=Text("Costs", "成本"),
    means=Text(
        "Annual net cost of the measures in use, in its parts. Beside it transfers (subsidies):"
        " paid once for each unit in use.",
        "在用措施的年净成本及其组成；转移支付（补贴）另列，按在用量一次性支付。",
    ),
    key=("measure", "source", "case", "year"),
    columns=(
        MEASURE,
        SECTOR,
        SOURCE,
        CASE,
        YEAR,
        amount_column("cost_yuan", Text("annual net cost", "年净成本"), NO_COST),
        amount_column("capital", Text("annual part of the investment", "投资"), NO_COST),
        amount_column("fixed", Text("fixed operating cost", "固定运行费"), NO_COST),
        amount_column("variable", Text("variable operating cost", "可变运行费"), NO_COST),
        amount_column("savings", Text("savings, counted against it", "节省"), NO_COST),
        amount_column(
            "carbon",
            Text(
                "CO2 at the price of the scenario, negative where less is emitted",
                "按情景碳价计的 CO2，减排为负",
            ),
        ),
        amount_column(
            "transfer", Text("subsidy, paid once", "转移支付"), NO_COST, unit_in="transfer_unit"
        ),
        truth_column("known", Text("whether the cost is known", "成本是否已知")),
        COST_UNIT,
        text_column("transfer_unit", Text("unit of the transfer", "转移支付单位")),
    ),
)


CREDITS = Table(
    name="credits",
    title=Text("Contributions", "减排贡献"),
    means=Text(
        "Reduction that each measure brings in the last year, in the plan and in the least-cost"
        " mix: alone, last in, and a share that no order decides.",
        "末年方案和最低成本组合中各措施的减排量：单独、最后加入和与顺序无关的贡献。",
    ),
    key=("case", "measure", "pollutant"),
    columns=(
        CASE,
        MEASURE,
        POLLUTANT,
        YEAR,
        amount_column("alone", Text("as the only measure", "单独减排量")),
        amount_column("last_in", Text("what is lost without it", "最后加入减排量")),
        amount_column("credit", Text("independent of any order", "贡献")),
        amount_column("error", Text("standard error of the contribution", "标准误差")),
        UNIT,
    ),
)
