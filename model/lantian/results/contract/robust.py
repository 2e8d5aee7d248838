"""Tables of mixes that hold when inputs differ."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    ERROR,
    MEASURE,
    SETTLED,
    SOURCE,
    TARGET,
    UNIT,
    amount_column,
    count_column,
    number_column,
    text_column,
    truth_column,
)
from lantian.results.contract.declaration import MONEY, Table

NOT_ROBUST = Text("the scenario does not ask for `robust`", "方案未要求稳健组合")
ASKED = number_column(
    "asked",
    "1",
    Text("probability with which each target is to hold", "要求的达标概率"),
    Text("the mean of the worst tenth keeps the limits", "要求最差十分之一样本的均值达标"),
)

ROBUST = Table(
    name="robust",
    title=Text("Robust mixes", "稳健组合"),
    means=Text(
        "The cheapest mixes that hold with a probability, and the one whose worst tenth keeps"
        " the limits in the mean. Probabilities are those of samples not used to find them.",
        "按给定概率达标的最低成本组合，以及最差十分之一样本均值达标的组合；概率由未用于寻找的样本检验。",
    ),
    key=("asked", "target"),
    columns=(
        ASKED,
        replace(TARGET, blank=Text("all targets together", "全部目标")),
        number_column("probability", "1", Text("part of fresh samples that meet it", "达标概率")),
        number_column("low", "1", Text("lower end of its 95 % interval", "概率下限")),
        number_column("high", "1", Text("upper end of its 95 % interval", "概率上限")),
        truth_column("within_reach", Text("whether what was asked for can be had", "是否可达")),
        number_column(
            "cost", f"{MONEY}/a", Text("annual net cost at central values", "中值年净成本")
        ),
        number_column("cost_low", f"{MONEY}/a", Text("lower end of its 95 % range", "成本下限")),
        number_column("cost_median", f"{MONEY}/a", Text("its median", "成本中位数")),
        number_column("cost_high", f"{MONEY}/a", Text("upper end of its 95 % range", "成本上限")),
        ERROR,
        SETTLED,
        number_column("more", f"{MONEY}/a", Text("cost beyond the least cost", "比最低成本多出")),
    ),
    absent=NOT_ROBUST,
)


ROBUST_MIXES = Table(
    name="robust_mixes",
    title=Text("Measures of robust mixes", "稳健组合的措施"),
    means=Text(
        "What each robust mix takes of each measure in the last year, at central values.",
        "各稳健组合在末年采用的措施量（中值）。",
    ),
    key=("asked", "measure", "source"),
    columns=(
        ASKED,
        MEASURE,
        SOURCE,
        amount_column("uptake", Text("amount of activity", "活动水平")),
        UNIT,
        number_column("share", "1", Text("part of what the measure can act on", "占可作用量比例")),
    ),
    absent=NOT_ROBUST,
)


CHOSEN = Table(
    name="chosen",
    title=Text("How often measures are chosen", "措施入选频率"),
    means=Text(
        "One optimum per random set of numbers: how often each measure is in it, and what part"
        " it takes of what it can act on where it is.",
        "对每组随机数据各求一次最优：各措施入选的频率，及入选时占其可作用量的比例。",
    ),
    key=("measure",),
    columns=(
        MEASURE,
        number_column("frequency", "1", Text("part of the optima that have it", "入选频率")),
        number_column("frequency_low", "1", Text("lower end of its 95 % interval", "入选频率下限")),
        number_column(
            "frequency_high", "1", Text("upper end of its 95 % interval", "入选频率上限")
        ),
        number_column("median", "1", Text("median share where it is chosen", "入选时份额中位数")),
        number_column("low", "1", Text("lower end of the 80 % range", "份额下限（80 %）")),
        number_column("high", "1", Text("upper end of the 80 % range", "份额上限（80 %）")),
        number_column("central", "1", Text("share at central values", "中值下的份额")),
        ERROR,
        SETTLED,
    ),
    absent=NOT_ROBUST,
)


OPTIMA = Table(
    name="optima",
    title=Text("Least cost under random numbers", "随机数据下的最低成本"),
    means=Text(
        "Distribution of the least cost over one optimum per random set of numbers, and how"
        " often all targets of the headline can be met.",
        "逐组随机数据最优解的最低成本分布，及首要目标全部可达的频率。",
    ),
    key=("samples",),
    columns=(
        count_column("samples", Text("random sets that have an optimum", "有最优解的样本数")),
        count_column("without", Text("sets whose numbers leave no mix", "无可行组合的样本数")),
        number_column("all_met", "1", Text("part in which all targets can be met", "全部可达频率")),
        number_column(
            "all_met_low", "1", Text("lower end of its 95 % interval", "全部可达频率下限")
        ),
        number_column(
            "all_met_high", "1", Text("upper end of its 95 % interval", "全部可达频率上限")
        ),
        number_column("low", f"{MONEY}/a", Text("lower end of the 95 % range", "下限")),
        number_column("median", f"{MONEY}/a", Text("median", "中位数")),
        number_column("high", f"{MONEY}/a", Text("upper end of the 95 % range", "上限")),
        number_column("central", f"{MONEY}/a", Text("least cost at central values", "中值")),
        ERROR,
        SETTLED,
    ),
    absent=NOT_ROBUST,
)


REGRETS = Table(
    name="regrets",
    title=Text("Regret over futures", "各情形下的后悔值"),
    means=Text(
        "The mix that is best in one future, and the mix of all mixes to be regretted least, judged"
        " in all futures: cost beyond the best there, and by how much limits are exceeded that can"
        " be kept there. The first rank is to be regretted least.",
        "各情形下的最优组合，以及所有组合中最大后悔值最小者，在各情形下的成本增量和超限程度；"
        "排序第一者后悔最小。",
    ),
    key=("rank", "in_future"),
    columns=(
        count_column("rank", Text("the least to regret first", "排序")),
        text_column(
            "best_in",
            Text("future that the mix is best in", "组合最优的情形"),
            Text("the mix of all mixes to be regretted least", "所有组合中后悔最小者"),
        ),
        text_column("in_future", Text("future that it is judged in", "评价的情形")),
        number_column("cost", f"{MONEY}/a", Text("annual net cost there", "年净成本")),
        number_column("regret", f"{MONEY}/a", Text("cost beyond the best there", "后悔值")),
        number_column("excess", "1", Text("largest excess over a limit", "最大超限比例")),
    ),
    absent=Text("`robust` was not asked for, or there are no futures", "未要求或无设定情形"),
)
