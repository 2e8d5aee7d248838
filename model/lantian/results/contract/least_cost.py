"""Tables of the least-cost mix: its tiers, what it takes, what has no price."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    CASE,
    COST_UNIT,
    MEASURE,
    NO_COST,
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
from lantian.vocabulary import CAUSES, DECIDES, TIERS

COMPARATORS = Table(
    name="comparators",
    title=Text("Ways of choosing", "选择方式比较"),
    means=Text(
        "Ways of choosing measures on the same data: cost, least cost for the same result, and"
        " what each reaches of each target.",
        "同一数据上各种选择措施的方式：成本、同等效果的最低成本及各目标的结果。",
    ),
    key=("rule", "aimed_at", "year", "target"),
    columns=(
        text_column("rule", Text("way of choosing", "选择方式")),
        id_column(
            "aimed_at",
            "target",
            Text("target that a ranking is made for", "排序所针对的目标"),
            Text("the rule sees all targets", "针对全部目标"),
        ),
        YEAR,
        amount_column("cost", Text("annual net cost", "年净成本")),
        amount_column(
            "least_cost_for_same",
            Text("least cost of the same values of all targets", "同等效果的最低成本"),
            Text("the mix breaks one of the planner's limits", "组合突破了规划者自设的限制"),
        ),
        amount_column(
            "excess",
            Text("cost minus least cost", "多花的成本"),
            Text("the mix breaks one of the planner's limits", "组合突破了规划者自设的限制"),
        ),
        COST_UNIT,
        TARGET,
        amount_column("value", Text("value reached", "数值"), unit_in="target_unit"),
        amount_column("limit", Text("limit of the target", "限值"), unit_in="target_unit"),
        text_column("target_unit", Text("unit of value and limit", "目标单位")),
        truth_column("met", Text("whether the value keeps the limit", "是否达到")),
    ),
)


NO_CURVE = Text("no mix comes nearer than doing nothing", "任何组合都不能使其更接近限值")
COST_PER_YEAR = text_column("cost_unit", Text("unit of the costs", "成本单位"))
TIER = word_column("tier", TIERS, Text("how binding the targets are", "目标约束程度"))

TIERS_TABLE = Table(
    name="tiers",
    title=Text("Targets tier by tier", "分级求解"),
    means=Text(
        "Targets asked for tier by tier, binding ones first; what the cheapest mix costs for"
        " all that is reached up to a tier, and what the tier adds.",
        "按约束程度逐级提出目标；至该级为止可实现的全部目标的最低成本，以及该级新增的成本。",
    ),
    key=("year", "tier", "target"),
    columns=(
        YEAR,
        TIER,
        replace(TARGET, blank=Text("the tier has no target in this year", "该级当年无目标")),
        truth_column("asked", Text("whether the tier asks for it", "是否在该级提出")),
        truth_column("reached", Text("whether a mix reaches it", "能否实现")),
        amount_column("cost", Text("net cost of the mix up to this tier", "至该级的组合净成本")),
        amount_column("spent", Text("gross cost: measures that cost", "总成本：有成本的措施")),
        amount_column(
            "saved", Text("savings of measures that pay for themselves", "自身有收益措施的节省")
        ),
        amount_column("added", Text("what the tier adds to the net cost", "该级新增净成本")),
        COST_UNIT,
    ),
)


OUT_OF_REACH = Table(
    name="out_of_reach",
    title=Text("Targets out of reach", "无法实现的目标"),
    means=Text(
        "Each target that no mix reaches beside those that bind more: the best that can be"
        " done, what it costs, where its cost curve bends, what holds it.",
        "在约束力更强的目标之外任何组合都不能实现的目标：可达到的最好水平及其成本、成本曲线的"
        "拐点和制约因素。",
    ),
    key=("year", "target"),
    columns=(
        YEAR,
        TARGET,
        TIER,
        word_column("cause", CAUSES, Text("what puts it out of reach", "不可达的原因")),
        amount_column("limit", Text("limit of the target", "限值")),
        amount_column("outside", Text("part that no emission of the region moves", "外来部分")),
        amount_column("baseline", Text("value without measures", "无措施时的数值")),
        amount_column("best", Text("lowest value that is possible", "可达到的最低值")),
        amount_column("value", Text("value of the mix that is costed", "所计成本对应的数值")),
        UNIT,
        number_column("margin", "1", Text("share of what is possible left out", "未采用的份额")),
        amount_column("cost", Text("net cost of that mix", "该组合净成本"), unit_in="cost_unit"),
        amount_column("knee_value", Text("value where the curve bends", "拐点数值"), NO_CURVE),
        amount_column("knee_cost", Text("cost there", "拐点成本"), NO_CURVE, unit_in="cost_unit"),
        COST_PER_YEAR,
        amount_column(
            "mean_cost",
            Text("mean cost of a unit of reduction", "单位削减的平均成本"),
            NO_CURVE,
            unit_in="price_unit",
        ),
        text_column("price_unit", Text("unit of the mean cost", "平均成本单位")),
        Column(
            name="held_by",
            kind="text",
            separator="; ",
            means=Text("limits that hold it, money first", "制约因素，资金在先"),
            blank=Text("nothing but the limit itself", "仅限值本身"),
        ),
    ),
)


MIX = Table(
    name="mix",
    title=Text("Recommended mix", "推荐组合"),
    means=Text(
        "What the mixes take of each measure on each source, and what the plan takes of it.",
        "各组合在每个排放源上采用的措施数量，以及方案本身的数量。",
    ),
    key=("case", "best_for", "year", "measure", "source"),
    columns=(
        CASE,
        replace(
            TARGET,
            name="best_for",
            means=Text(
                "target out of reach for which it is the best mix that can be had, as within a"
                " budget",
                "对达不到的目标（如受预算所限）所能做到的最好组合所针对的目标",
            ),
            blank=Text("it is the mix of the case", "为该情景的组合"),
        ),
        YEAR,
        MEASURE,
        SOURCE,
        amount_column("amount", Text("activity that the measure moves", "采用量")),
        UNIT,
        number_column(
            "share", "1", Text("share of what the measure can act on", "占可作用量的份额")
        ),
        amount_column("cost", Text("annual net cost", "年净成本"), NO_COST, unit_in="cost_unit"),
        COST_PER_YEAR,
        Column(
            name="decides",
            kind="text",
            means=Text("who can order the measure", "由谁决定"),
            words=DECIDES,
            blank=Text("the catalogue does not tell", "措施库未注明"),
        ),
        truth_column("no_regret", Text("whether it costs nothing or saves money", "是否无悔措施")),
        truth_column("in_plan", Text("whether the plan takes it here", "方案是否采用")),
        amount_column("plan_amount", Text("what the plan takes of it", "方案采用量")),
    ),
)


UNPRICED = Table(
    name="unpriced",
    title=Text("Cuts without a price", "无价格的减排"),
    means=Text(
        "Share of the cut of each case that measures without a defensible price bring: the"
        " case against itself without them.",
        "各情景减排量中由缺乏可靠成本数据的措施带来的份额：与去掉这些措施的同一情景相比。",
    ),
    key=("case", "year", "pollutant"),
    columns=(
        CASE,
        YEAR,
        POLLUTANT,
        number_column("share", "1", Text("share of the cut without a price", "无价格的份额")),
    ),
)


BRIDGE = Table(
    name="bridge",
    title=Text("From base year to plan", "从基准年到方案"),
    means=Text(
        "Base year -> growth -> natural turnover -> measures -> plan, for each pollutant."
        " Without commitments it leads to the least cost, without targets to the baseline.",
        "各污染物从基准年经增长、自然更替和措施到方案末年的变化；"
        "无任务时到最低成本，无目标时到基准情景。",
    ),
    key=("pollutant", "order"),
    columns=(
        POLLUTANT,
        replace(CASE, means=Text("case that it leads to", "终点情景")),
        count_column("order", Text("place of the step, from 0", "次序")),
        word_column(
            "step",
            ("base", "growth", "turnover", "inventory", "measure", "final"),
            Text(
                "kind of step; inventory: change that the user's own table brings",
                "步骤；inventory：自有清单给出的变化",
            ),
        ),
        replace(MEASURE, blank=Text("the step is no measure", "该步骤不是措施")),
        amount_column("value", Text("change; whole in the first and last step", "变化量")),
        UNIT,
        year_column("from_year", Text("base year", "基准年")),
        year_column("to_year", Text("last year", "末年")),
    ),
)
