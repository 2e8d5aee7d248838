"""Tables that are written on request."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    COST_UNIT,
    MEASURE,
    POLLUTANT,
    SECTOR,
    SOURCE,
    UNIT,
    YEAR,
    amount_column,
    count_column,
    id_column,
    number_column,
    text_column,
    word_column,
)
from lantian.results.contract.declaration import MONEY, Table
from lantian.vocabulary import CASES

MONTHS = Table(
    name="inventory_months",
    title=Text("Inventory by month", "分月清单"),
    means=Text(
        "Emissions of the base year by month, without the plan; months add up to the year."
        " `lantian inventory --months --format csv` prints it.",
        "基准年无方案时的分月排放量，各月之和为全年；"
        "由 `lantian inventory --months --format csv` 输出。",
    ),
    key=("source", "pollutant", "month"),
    columns=(
        SECTOR,
        SOURCE,
        POLLUTANT,
        YEAR,
        count_column("month", Text("month of the year, from 1", "月份")),
        number_column("share", "1", Text("share of the year", "占全年比例")),
        amount_column("value", Text("emission of the month", "当月排放量")),
        text_column("unit", Text("unit of the emission", "单位")),
    ),
    place="screen",
)


INVENTORY = Table(
    name="inventory",
    title=Text("Baseline inventory", "基准清单"),
    means=Text(
        "Emissions without the plan; `lantian inventory --format csv` prints it.",
        "无方案时的排放量；由 `lantian inventory --format csv` 输出。",
    ),
    key=("source", "pollutant", "year"),
    columns=(
        SECTOR,
        SOURCE,
        POLLUTANT,
        YEAR,
        amount_column("value", Text("emission", "排放量")),
        UNIT,
    ),
    place="screen",
)


NO_STRETCH = Text("there is no kink before", "前无折点")
NO_KINK = Text("the row is the plan or the least-cost mix", "该行为方案或最低成本组合")
ONE_TARGET = Text("the curve is of one target alone", "仅针对一个目标")

FRONTIER = Table(
    name="frontier",
    title=Text("Cost curve of a target", "目标的成本曲线"),
    means=Text(
        "Least cost of every level of a target, at several levels of a second one if there is"
        " one: kinks of the curves, and the plan and the least-cost mix as points.",
        "目标各水平的最低成本（可含第二目标的若干水平）：曲线折点，以及方案和最低成本组合。",
    ),
    key=("kind", "curve", "order"),
    columns=(
        word_column("kind", ("kink", *CASES), Text("kink, or the case of a point", "类型")),
        count_column("curve", Text("number of the curve", "曲线序号"), NO_KINK),
        count_column("order", Text("place on the curve, from 0", "次序"), NO_KINK),
        id_column("target", "target", Text("target, pollutant or indicator", "目标")),
        amount_column("value", Text("level of it", "数值"), unit_in="target_unit"),
        amount_column(
            "limit",
            Text("what the scenario promises", "情景要求的限值"),
            Text("it promises nothing", "无要求"),
            unit_in="target_unit",
        ),
        text_column("target_unit", Text("unit of its levels", "目标单位")),
        amount_column("cost", Text("least annual net cost", "最低年净成本")),
        COST_UNIT,
        number_column(
            "price",
            f"{MONEY}/a per unit of the target",
            Text("cost of one more unit since the kink before", "单价"),
            NO_STRETCH,
        ),
        amount_column("gap", Text("how far the cost can lie below the line", "间隙"), NO_STRETCH),
        amount_column(
            "bound_value",
            Text("level where the bounds meet", "下界处数值"),
            NO_STRETCH,
            unit_in="target_unit",
        ),
        amount_column("bound_cost", Text("cost where the bounds meet", "下界处成本"), NO_STRETCH),
        id_column("against", "target", Text("second target", "第二目标"), ONE_TARGET),
        amount_column(
            "against_limit",
            Text("limit on the second target", "第二目标限值"),
            Text("there is none", "无限值"),
            unit_in="against_unit",
        ),
        amount_column(
            "against_value",
            Text("its level", "第二目标数值"),
            ONE_TARGET,
            unit_in="against_unit",
        ),
        text_column("against_unit", Text("unit of the second target", "第二目标单位"), ONE_TARGET),
        word_column(
            "others",
            ("held", "free"),
            Text("whether the other targets are held at their limits", "其他目标"),
        ),
        text_column("precision", Text("exact, or within a bound", "精度"), NO_KINK),
        YEAR,
    ),
    place="curve",
)


ROWS = Text("the symbol stands for a row", "该符号为约束行")
UNBOUNDED = Text("there is no limit", "无限值")

SYMBOLS = Table(
    name="names",
    title=Text("Symbols of the linear program", "线性规划符号"),
    means=Text(
        "What each symbol of the linear program stands for, with the limits it keeps to in"
        " original units; the text is scaled. `<program>.names.csv` beside each `.lp`.",
        "线性规划各符号的含义及其限值（原单位；文本中的数字已缩放）；"
        "与 `.lp` 并列的 `.names.csv`。",
    ),
    key=("symbol",),
    columns=(
        text_column("symbol", Text("name in the text", "符号")),
        text_column("family", Text("kind of column or row", "类别")),
        text_column("name", Text("full name", "全名"), Text("there is only one", "仅此一个")),
        replace(MEASURE, blank=ROWS),
        replace(SOURCE, blank=ROWS),
        text_column("from", Text("state that activity goes from", "起始状态"), ROWS),
        text_column("to", Text("state it goes to, or avoided", "目标状态"), ROWS),
        amount_column("low", Text("lower limit", "下限"), UNBOUNDED),
        amount_column("high", Text("upper limit", "上限"), UNBOUNDED),
        number_column(
            "scale", "1", Text("how much 1 in the text stands for", "文本中1所代表的数量")
        ),
        text_column(
            "unit",
            Text("unit of the limits", "单位"),
            Text("it is that of the family", "见该类别的说明"),
        ),
        text_column("says", Text("the family in words", "类别说明"), Text("nothing is said", "无")),
    ),
    place="program",
)
