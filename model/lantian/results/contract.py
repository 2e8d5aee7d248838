"""Every table and array of a run, declared once.

Writer, reader, NetCDF attributes, ``runs/README.md``, charts and tests are made from these
declarations or held against them. Nothing here is computed and no heavy library is needed, so
whoever only reads runs may import it.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from lantian.language import Text
from lantian.vocabulary import (
    ALERT_LEVELS,
    BASES,
    BINDINGNESS,
    CASES,
    DECIDES,
    GRADES,
    POLLUTANTS,
    READINGS,
    TIERS,
    VEHICLE_GROUPS,
)

Kind = Literal["text", "id", "whole", "number", "truth", "year"]
"""What the cells of a column are; an id is looked up among the display names."""

Place = Literal["run", "curve", "program", "screen", "comparison"]
"""Who writes a table: ``lantian run``, ``lantian frontier``, ``--save-lp``, ``lantian inventory``
to the screen, or ``lantian compare``."""

PER_YEAR = "t/a"
MONEY = "currency"
"""Stands for the currency of the scenario, which the summary of the run names."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    means
        What a cell says.
    unit
        Of the numbers, where it is the same for all rows; ``1`` for a share or a count.
    unit_in
        Name of the column that holds the unit, where it differs.
    labels
        What the ids are ids of: ``sector``, ``measure``, ``case`` ...
    words
        The closed list that the cells are taken from; empty where there is none.
    separator
        Between the entries, where a cell lists several.
    blank
        When a cell is blank; None: never.
    infinite
        When a number is infinite; None: never.
    """

    name: str
    kind: Kind
    means: Text
    unit: str = ""
    unit_in: str = ""
    labels: str = ""
    words: tuple[str, ...] = ()
    separator: str = ""
    blank: Text | None = None
    infinite: Text | None = None

    def __post_init__(self) -> None:
        if (self.kind in ("number", "whole")) != bool(self.unit or self.unit_in):
            raise ValueError(f"column {self.name}: numbers, and only numbers, have a unit")
        if self.unit and self.unit_in:
            raise ValueError(f"column {self.name}: one unit, or a column with the units")
        if (self.kind == "id") != bool(self.labels):
            raise ValueError(f"column {self.name}: ids, and only ids, have labels")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its columns in the order in which they are written.

    Attributes
    ----------
    title
        Its name for a reader.
    means
        What it holds.
    key
        Columns that tell its rows apart.
    absent
        When the table is not written; None: it always is, if only with its header.
    yearly
        The numbers that follow ``columns``, one column per year named by it; None: none do.
    place
        Who writes it.
    """

    name: str
    title: Text
    means: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    absent: Text | None = None
    yearly: Column | None = None
    place: Place = "run"

    def __post_init__(self) -> None:
        names = self.names
        if len(set(names)) < len(names):
            raise ValueError(f"table {self.name}: a column is declared twice")
        asked = {*self.key, *(c.unit_in for c in self.columns if c.unit_in)}
        if not asked <= set(names):
            raise ValueError(f"table {self.name}: no column {', '.join(asked - set(names))}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, without those of single years."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the declaration of a column.

        Raises
        ------
        LookupError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        if self.yearly is not None and name.isdigit():
            return replace(self.yearly, name=name)
        raise LookupError(f"{self.name}.csv has no column {name!r}")


TABLES: Final[dict[str, Table]] = {}
"""Every table by name."""


def table(name: str) -> Table:
    """Return the declaration of a table.

    Raises
    ------
    LookupError
        If no table of that name is declared.
    """
    if name not in TABLES:
        raise LookupError(f"no table {name!r} is declared in results/contract.py")
    return TABLES[name]


def tables_of(place: Place) -> tuple[Table, ...]:
    """Return the tables that are written at a place, in the order of their declaration."""
    return tuple(declared for declared in TABLES.values() if declared.place == place)


def _declare(declared: Table) -> Table:
    if declared.name in TABLES:
        raise ValueError(f"table {declared.name} is declared twice")
    TABLES[declared.name] = declared
    return declared


# --- columns that several tables have ------------------------------------------------------------


def _id(name: str, labels: str, means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="id", means=means, labels=labels, blank=blank)


def _number(name: str, unit: str, means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="number", means=means, unit=unit, blank=blank)


def _amount(name: str, means: Text, blank: Text | None = None, unit_in: str = "unit") -> Column:
    """Return a number whose unit stands in another column."""
    return Column(name=name, kind="number", means=means, unit_in=unit_in, blank=blank)


def _text(name: str, means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="text", means=means, blank=blank)


def _count(name: str, means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="whole", means=means, unit="1", blank=blank)


def _year(name: str, means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="year", means=means, blank=blank)


def _truth(name: str, means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="truth", means=means, blank=blank)


def _word(name: str, words: tuple[str, ...], means: Text, blank: Text | None = None) -> Column:
    return Column(name=name, kind="text", means=means, words=words, blank=blank)


CASE = Column(
    name="case", kind="id", labels="case", words=CASES, means=Text("case of the run", "情景")
)
YEAR = _year("year", Text("calendar year", "年份"))
SECTOR = _id("sector", "sector", Text("sector of the source", "行业"))
SOURCE = _id("source", "source", Text("emission source", "排放源"))
MEASURE = _id("measure", "measure", Text("measure", "措施"))
TARGET = _id("target", "target", Text("target", "目标"))
AREA = _id("area", "area", Text("area of the region", "片区"))
POLLUTANT = Column(
    name="pollutant",
    kind="id",
    labels="pollutant",
    words=POLLUTANTS,
    means=Text("pollutant", "污染物"),
)
UNIT = _text("unit", Text("unit of the numbers of the row", "单位"))
COST_UNIT = _text("unit", Text("unit of the costs", "费用单位"))
CLAUSE = Column(
    name="clause",
    kind="id",
    labels="clause",
    separator=" ",
    means=Text("clauses of the plan that ask for it", "方案条款"),
)
BINDING_WORD = _word(
    "bindingness", BINDINGNESS, Text("how binding the plan's wording is", "约束程度")
)
BASIS = _word("basis", BASES, Text("what the number rests on", "数据来源等级"))
SOURCE_KEY = _text("source_key", Text("key of the citation in inputs/sources.csv", "文献编号"))
LOW = _amount("low", Text("lower end of its range", "下限"))
HIGH = _amount("high", Text("upper end of its range", "上限"))
NO_COST = Text("the cost of the measure is unknown", "措施费用未知")
NOT_COMMITTED = Text("no commitment of the plan is about it", "方案未作此项任务")
NOT_COMPUTED = Text("the indicator of the target is not computed", "该目标的指标未计算")
NOT_A_TARGET = Text("the row is about no computed target", "该行不是可计算的目标")
NO_LIMIT_OF_ITS_OWN = Text("the standard has no limit on it", "标准无此限值")
NO_KEYS = Text("its table has no keys", "该表无键")
NOT_GIVEN = Text("none is given", "未提供")
NOT_DIVIDED = Text("the region is not divided into areas", "地区未划分片区")


# --- emissions and activity ----------------------------------------------------------------------

EMISSIONS = _declare(
    Table(
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
            _id("region", "region", Text("region, or the scenario if it names none", "地区")),
            _id("unit_area", "region", Text("smallest place the row is about", "空间单元")),
            SECTOR,
            SOURCE,
            POLLUTANT,
            YEAR,
            _amount("value", Text("emission", "排放量")),
            UNIT,
        ),
    )
)

EMISSIONS_BY_MONTH = _declare(
    Table(
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
            _count("month", Text("month of the year, from 1", "月份")),
            _amount("value", Text("emission of the month", "当月排放量")),
            _text("unit", Text("unit of the emission", "单位")),
        ),
        absent=Text("the region does not say how the year is spread", "地区未给出月变化"),
    )
)

ACTIVITY = _declare(
    Table(
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
            _id("technology", "technology", Text("technology of the state", "技术")),
            replace(
                _id(
                    "control",
                    "control",
                    Text("package of controls", "控制措施组合"),
                    Text("nothing is controlled", "无控制"),
                ),
                separator="+",
            ),
            YEAR,
            _amount("value", Text("activity", "活动水平")),
            _text("unit", Text("activity unit of the source", "活动水平单位")),
        ),
    )
)

VEHICLES = _declare(
    Table(
        name="vehicles",
        title=Text("Kinds of vehicles", "车型与排放标准"),
        means=Text(
            "What each technology of a road vehicle is: group, fuel and emission standard.",
            "各机动车技术所属车型、燃料和排放标准。",
        ),
        key=("source", "technology"),
        columns=(
            SOURCE,
            _id("technology", "technology", Text("technology of the state", "技术")),
            _word("group", VEHICLE_GROUPS, Text("kind of vehicles", "车型")),
            _text("fuel", Text("fuel", "燃料")),
            _text("standard", Text("emission standard", "排放标准"), Text("battery", "纯电动")),
        ),
        absent=Text("the run has no road vehicles", "没有道路机动车"),
    )
)

# --- targets and commitments ---------------------------------------------------------------------

TARGETS = _declare(
    Table(
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
            _text("indicator", Text("indicator", "指标")),
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
            _id(
                "receptor",
                "receptor",
                Text("receptor that it is about", "受体"),
                Text("it is about no receptor", "不针对受体"),
            ),
            replace(CLAUSE, blank=Text("no clause is named", "未注明条款")),
            replace(
                CASE,
                words=(*CASES, *READINGS),
                means=Text("case of the run, or reading of the plan", "情景或方案读法"),
            ),
            replace(YEAR, means=Text("year in which it is judged", "目标年份")),
            _year(
                "base_year",
                Text("year that a cut is counted from", "基准年"),
                Text("the limit does not depend on a base year", "限值与基准年无关"),
            ),
            _amount(
                "base_value",
                Text("value in the base year", "基准年数值"),
                Text("the limit does not depend on a base year", "限值与基准年无关"),
            ),
            _amount("limit", Text("largest value that keeps it", "限值"), NOT_COMPUTED),
            _amount("value", Text("value reached", "数值"), NOT_COMPUTED),
            _text("unit", Text("unit of the four numbers", "单位"), NOT_COMPUTED),
            _number(
                "scale",
                "1",
                Text(
                    "times which its numbers are those of the table indicators: a mean that a plan"
                    " prints at 273 K stands there at the actual state of the air",
                    "乘以该系数即与“空气质量指标”表口径一致（按273 K印发的浓度在该表为实际状态）",
                ),
                NOT_COMPUTED,
            ),
            _truth("met", Text("whether the value keeps the limit", "是否达到"), NOT_COMPUTED),
            _amount("margin", Text("limit minus value", "余量"), NOT_COMPUTED),
            _number(
                "probability",
                "1",
                Text("probability that it is met", "达到的概率"),
                Text("no samples were drawn", "未抽样"),
            ),
            BINDING_WORD,
        ),
    )
)

NONE_LEFT = Text("there was nothing to act on", "没有可作用的对象")
FROM_THEN_ON = Text("it holds in full from its beginning", "自开始之日起全面执行")
ALL_YEAR = Text("it acts all year", "全年")

LEVELS = _declare(
    Table(
        name="levels",
        title=Text("Levels of commitments", "任务水平"),
        means=Text(
            "Level of each commitment on each source and in each year: as pledged, as reached over"
            " the year, weighted with the activity of its months, and as reached at its end.",
            "各任务在各排放源、各年份的水平：承诺值、全年达到值（按各月活动水平加权）和年末达到值。",
        ),
        key=("commitment", "source", "year"),
        columns=(
            _id("commitment", "commitment", Text("commitment of the plan", "任务")),
            MEASURE,
            SOURCE,
            replace(CLAUSE, blank=Text("no clause is named", "未注明条款")),
            YEAR,
            _text("from", Text("year or month in which it begins", "开始时间")),
            _text("by", Text("year or month of its deadline", "完成时限"), FROM_THEN_ON),
            _text("season", Text("first and last month of its season", "作用月份"), ALL_YEAR),
            _text("of", Text("what the level is a share of, or amount", "水平的含义")),
            _amount("pledged", Text("level as pledged", "承诺水平")),
            _amount("reached", Text("level as reached over the year", "全年达到水平"), NONE_LEFT),
            _amount("year_end", Text("level as reached at its end", "年末达到水平"), NONE_LEFT),
            _text("unit", Text("1 for a share, else the activity unit of the source", "单位")),
            BINDING_WORD,
            _text("credit", Text("who sets the level", "水平由谁给出")),
        ),
    )
)

NOT_PRINTED = Text("the plan does not print it", "方案未注明")

CLAUSES = _declare(
    Table(
        name="clauses",
        title=Text("Clause ledger", "条款台账"),
        means=Text(
            "Every clause of the plan and what became of it.", "方案的每一条款及其处理结果。"
        ),
        key=("row_id",),
        columns=(
            _id("row_id", "clause", Text("line of the ledger", "台账编号")),
            _text("clause_no", Text("number of the clause in the plan", "条款序号"), NOT_GIVEN),
            _text(
                "part",
                Text("part of the clause", "条款部分"),
                Text("the clause is one", "条款不分部分"),
            ),
            _count("document_line", Text("line of the plan's text", "原文行号")),
            _text("sector", Text("field that the clause is about", "领域"), NOT_GIVEN),
            _text("modelable", Text("whether a level can be had", "可否建模")),
            _text("bindingness", Text("how binding its wording is", "约束程度"), NOT_GIVEN),
            _text("gist_en", Text("gist in English", "英文摘要"), NOT_GIVEN),
            _text("gist_zh", Text("gist in Chinese", "中文摘要"), NOT_GIVEN),
            _text(
                "quantity", Text("figures it prints", "数量要求"), Text("it prints none", "无数量")
            ),
            _text("baseline_year", Text("year it counts from", "基准年"), NOT_PRINTED),
            _text("deadline", Text("date by which it is due", "完成时限"), NOT_PRINTED),
            _text("lead_department", Text("who leads it", "牵头部门"), NOT_PRINTED),
            _text("fate", Text("modelled or not", "是否建模")),
            replace(
                _id(
                    "commitments",
                    "commitment",
                    Text("commitments that encode it", "对应任务"),
                    Text("none does", "无对应任务"),
                ),
                separator=" ",
            ),
            _text(
                "reason",
                Text("why it is not modelled", "未建模原因"),
                Text("it is modelled", "已建模"),
            ),
        ),
    )
)

# --- measures and their costs --------------------------------------------------------------------

MEASURES = _declare(
    Table(
        name="measures",
        title=Text("Measures", "措施"),
        means=Text(
            "Uptake, level, reach, cost and clause of each measure on each source, by case and"
            " year.",
            "各情景和年份下每项措施在每个排放源上的采用量、水平、可达比例、费用和条款。",
        ),
        key=("measure", "source", "case", "year"),
        columns=(
            MEASURE,
            SOURCE,
            SECTOR,
            CASE,
            YEAR,
            _amount(
                "uptake", Text("activity that the measure moves", "采用量"), unit_in="uptake_unit"
            ),
            _text("uptake_unit", Text("activity unit of the source", "采用量单位")),
            _number("level", "1", Text("uptake as a share of the eligible activity", "采用水平")),
            _number("reach", "1", Text("largest share that can be moved", "可达比例")),
            _number("cost_yuan", f"{MONEY}/a", Text("annual cost", "年费用"), NO_COST),
            replace(CLAUSE, blank=NOT_COMMITTED),
            replace(BINDING_WORD, blank=NOT_COMMITTED),
        ),
    )
)

COSTS = _declare(
    Table(
        name="costs",
        title=Text("Costs", "费用"),
        means=Text(
            "Annual cost of the measures in use, in its parts. Beside it transfers (subsidies):"
            " paid once for each unit in use.",
            "在用措施的年费用及其组成；转移支付（补贴）另列，按在用量一次性支付。",
        ),
        key=("measure", "source", "case", "year"),
        columns=(
            MEASURE,
            SECTOR,
            SOURCE,
            CASE,
            YEAR,
            _amount("cost_yuan", Text("annual cost, net of savings", "年费用"), NO_COST),
            _amount("capital", Text("annual part of the investment", "投资"), NO_COST),
            _amount("fixed", Text("fixed operating cost", "固定运行费"), NO_COST),
            _amount("variable", Text("variable operating cost", "可变运行费"), NO_COST),
            _amount("savings", Text("savings, counted against it", "节省"), NO_COST),
            _amount(
                "carbon",
                Text(
                    "CO2 at the price of the scenario, negative where less is emitted",
                    "按情景碳价计的 CO2，减排为负",
                ),
            ),
            _amount(
                "transfer", Text("subsidy, paid once", "转移支付"), NO_COST, unit_in="transfer_unit"
            ),
            _truth("known", Text("whether the cost is known", "费用是否已知")),
            COST_UNIT,
            _text("transfer_unit", Text("unit of the transfer", "转移支付单位")),
        ),
    )
)

CREDITS = _declare(
    Table(
        name="credits",
        title=Text("Credits", "减排贡献"),
        means=Text(
            "Reduction that each measure brings in the last year, in the plan and in the least-cost"
            " mix: alone, last in, and a credit that no order decides.",
            "末年方案和最低成本组合中各措施的减排量：单独、最后加入和与顺序无关的贡献。",
        ),
        key=("case", "measure", "pollutant"),
        columns=(
            CASE,
            MEASURE,
            POLLUTANT,
            YEAR,
            _amount("alone", Text("as the only measure", "单独减排量")),
            _amount("last_in", Text("what is lost without it", "最后加入减排量")),
            _amount("credit", Text("independent of any order", "贡献")),
            _amount("error", Text("standard error of the credit", "标准误差")),
            UNIT,
        ),
    )
)

COMPARATORS = _declare(
    Table(
        name="comparators",
        title=Text("Ways of choosing", "选择方式比较"),
        means=Text(
            "Ways of choosing measures on the same data: cost, least cost for the same result, and"
            " what each reaches of each target.",
            "同一数据上各种选择措施的方式：费用、同等效果的最低费用及各目标的结果。",
        ),
        key=("rule", "aimed_at", "year", "target"),
        columns=(
            _text("rule", Text("way of choosing", "选择方式")),
            _id(
                "aimed_at",
                "target",
                Text("target that a ranking is made for", "排序所针对的目标"),
                Text("the rule sees all targets", "针对全部目标"),
            ),
            YEAR,
            _amount("cost", Text("annual cost", "年费用")),
            _amount(
                "least_cost_for_same",
                Text("least cost of the same values of all targets", "同等效果的最低费用"),
                Text("the mix breaks one of the planner's limits", "组合突破了规划者自设的限制"),
            ),
            _amount(
                "excess",
                Text("cost minus least cost", "多花的费用"),
                Text("the mix breaks one of the planner's limits", "组合突破了规划者自设的限制"),
            ),
            COST_UNIT,
            TARGET,
            _amount("value", Text("value reached", "数值"), unit_in="target_unit"),
            _amount("limit", Text("limit of the target", "限值"), unit_in="target_unit"),
            _text("target_unit", Text("unit of value and limit", "目标单位")),
            _truth("met", Text("whether the value keeps the limit", "是否达到")),
        ),
    )
)

NO_CURVE = Text("no mix comes nearer than doing nothing", "任何组合都不能使其更接近限值")
COST_PER_YEAR = _text("cost_unit", Text("unit of the costs", "费用单位"))
TIER = _word("tier", TIERS, Text("how binding the targets are", "目标约束程度"))

TIERS_TABLE = _declare(
    Table(
        name="tiers",
        title=Text("Targets tier by tier", "分级求解"),
        means=Text(
            "Targets asked for tier by tier, binding ones first; what the cheapest mix costs for"
            " all that is reached up to a tier, and what the tier adds.",
            "按约束程度逐级提出目标；至该级为止可实现的全部目标的最低费用，以及该级新增的费用。",
        ),
        key=("year", "tier", "target"),
        columns=(
            YEAR,
            TIER,
            replace(TARGET, blank=Text("the tier has no target in this year", "该级当年无目标")),
            _truth("asked", Text("whether the tier asks for it", "是否在该级提出")),
            _truth("reached", Text("whether a mix reaches it", "能否实现")),
            _amount("cost", Text("cost of the mix up to this tier", "至该级的组合费用")),
            _amount("spent", Text("part of it: measures that cost", "其中：有成本的措施")),
            _amount("saved", Text("savings counted against it", "其中：自身有收益措施的节省")),
            _amount("added", Text("what the tier adds to the cost", "该级新增费用")),
            COST_UNIT,
        ),
    )
)

OUT_OF_REACH = _declare(
    Table(
        name="out_of_reach",
        title=Text("Targets out of reach", "无法实现的目标"),
        means=Text(
            "Each target that no mix reaches beside those that bind more: the best that can be"
            " done, what it costs, where its cost curve bends, what holds it.",
            "在约束力更强的目标之外任何组合都不能实现的目标：可达到的最好水平及其费用、成本曲线的"
            "拐点和制约因素。",
        ),
        key=("year", "target"),
        columns=(
            YEAR,
            TARGET,
            TIER,
            _amount("limit", Text("limit of the target", "限值")),
            _amount("outside", Text("part that no emission of the region moves", "外来部分")),
            _amount("baseline", Text("value without measures", "无措施时的数值")),
            _amount("best", Text("lowest value that is possible", "可达到的最低值")),
            _amount("value", Text("value of the mix that is costed", "所计费用对应的数值")),
            UNIT,
            _number("margin", "1", Text("share of what is possible left out", "未采用的份额")),
            _amount("cost", Text("cost of that mix", "该组合费用"), unit_in="cost_unit"),
            _amount("knee_value", Text("value where the curve bends", "拐点数值"), NO_CURVE),
            _amount("knee_cost", Text("cost there", "拐点费用"), NO_CURVE, unit_in="cost_unit"),
            COST_PER_YEAR,
            _amount(
                "mean_cost",
                Text("mean cost of a unit of reduction", "单位削减的平均费用"),
                NO_CURVE,
                unit_in="price_unit",
            ),
            _text("price_unit", Text("unit of the mean cost", "平均费用单位")),
            Column(
                name="held_by",
                kind="text",
                separator="; ",
                means=Text("limits that hold it, money first", "制约因素，资金在先"),
                blank=Text("nothing but the limit itself", "仅限值本身"),
            ),
        ),
    )
)

MIX = _declare(
    Table(
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
            _amount("amount", Text("activity that the measure moves", "采用量")),
            UNIT,
            _number("share", "1", Text("share of what the measure can act on", "占可作用量的份额")),
            _amount("cost", Text("annual cost", "年费用"), NO_COST, unit_in="cost_unit"),
            COST_PER_YEAR,
            Column(
                name="decides",
                kind="text",
                means=Text("who can order the measure", "由谁决定"),
                words=DECIDES,
                blank=Text("the catalogue does not tell", "措施库未注明"),
            ),
            _truth("no_regret", Text("whether it costs nothing or saves money", "是否无悔措施")),
            _truth("in_plan", Text("whether the plan takes it here", "方案是否采用")),
            _amount("plan_amount", Text("what the plan takes of it", "方案采用量")),
        ),
    )
)

UNPRICED = _declare(
    Table(
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
            _number("share", "1", Text("share of the cut without a price", "无价格的份额")),
        ),
    )
)

BRIDGE = _declare(
    Table(
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
            _count("order", Text("place of the step, from 0", "次序")),
            _word(
                "step",
                ("base", "growth", "turnover", "inventory", "measure", "final"),
                Text(
                    "kind of step; inventory: change that the user's own table brings",
                    "步骤；inventory：自有清单给出的变化",
                ),
            ),
            replace(MEASURE, blank=Text("the step is no measure", "该步骤不是措施")),
            _amount("value", Text("change; whole in the first and last step", "变化量")),
            UNIT,
            _year("from_year", Text("base year", "基准年")),
            _year("to_year", Text("last year", "末年")),
        ),
    )
)

# --- indicators and what they are held against ---------------------------------------------------

INDICATORS = _declare(
    Table(
        name="indicators",
        title=Text("Indicators", "空气质量指标"),
        means=Text(
            "Each indicator by what it is made of, with the range of its response.",
            "各指标的组成及其响应的范围。",
        ),
        key=("case", "year", "indicator", "component"),
        columns=(
            CASE,
            YEAR,
            _id("indicator", "indicator", Text("indicator", "指标")),
            _id("component", "component", Text("total, or what it comes from", "组成")),
            _amount("value", Text("value", "数值")),
            replace(LOW, blank=Text("no range is known", "范围未知")),
            replace(HIGH, blank=Text("no range is known", "范围未知")),
            UNIT,
        ),
    )
)

BY_STANDARD = _declare(
    Table(
        name="by_standard",
        title=Text("Air quality by standard", "按不同标准评价"),
        means=Text(
            "The same air judged by each standard: levels against the limits of class 2 as they"
            " hold in the year, days and the composite index by each one's rules. Before a"
            " standard is in force its first phase is taken.",
            "同一结果按各标准评价：浓度对照当年二级限值，天数和综合指数按各标准规则计算；标准实施前取其首个阶段。",
        ),
        key=("case", "year", "standard", "indicator"),
        columns=(
            CASE,
            YEAR,
            _text("standard", Text("standard", "标准")),
            _text("phase", Text("phase of it that holds in the year", "阶段")),
            _id("indicator", "indicator", Text("indicator", "指标")),
            _amount("value", Text("value under that standard", "数值")),
            _amount("limit", Text("limit of class 2", "二级限值"), NO_LIMIT_OF_ITS_OWN),
            _truth("met", Text("whether the value keeps it", "是否达标"), NO_LIMIT_OF_ITS_OWN),
            UNIT,
        ),
        absent=Text("the levels of the six pollutants are not known", "六项污染物浓度未知"),
    )
)

CONCENTRATIONS = _declare(
    Table(
        name="concentrations",
        title=Text("Concentrations at receptors", "受体浓度"),
        means=Text(
            "Concentration at each receptor: total, background, and what each source adds. Low and"
            " high take all coefficients and backgrounds at that end of their ranges.",
            "各受体的浓度：合计、背景和各排放源的贡献；上下限取全部系数和背景值的同一端。",
        ),
        key=("case", "year", "receptor", "component"),
        columns=(
            CASE,
            YEAR,
            _id("receptor", "receptor", Text("receptor", "受体")),
            _id("component", "source", Text("total, background, or a source", "组成")),
            _amount("value", Text("concentration", "浓度")),
            LOW,
            HIGH,
            UNIT,
            replace(BASIS, blank=Text("the source adds nothing there", "该源无贡献")),
        ),
        absent=Text("the scenario has no table of transfer", "情景无传输系数表"),
    )
)

OBSERVED = _declare(
    Table(
        name="observed",
        title=Text("Observations", "观测值"),
        means=Text("What was observed, beside the projection.", "与预测并列的观测值。"),
        key=("indicator", "year"),
        columns=(
            _id("indicator", "indicator", Text("indicator", "指标")),
            YEAR,
            _amount("value", Text("value observed", "观测值")),
            LOW,
            HIGH,
            UNIT,
            Column(
                name="state",
                kind="text",
                means=Text("state of the air in which it was published", "发布时的空气状态"),
                words=("", "standard", "actual"),
                blank=Text("it is no concentration", "不是浓度"),
            ),
            BASIS,
            SOURCE_KEY,
        ),
    )
)

HINDCAST = _declare(
    Table(
        name="hindcast",
        title=Text("Hindcast", "回顾检验"),
        means=Text(
            "Each observed value of the years of the run beside that of the model under the plan, "
            "both of air at its actual state. Low and high are the model's with all numbers of the "
            "response at their low, and all at their high ends.",
            "运行年份内各观测值与方案情景模拟值对照，均为实际状态。下限、上限为响应的全部参数分别取"
            "下限、上限时的模拟值。",
        ),
        key=("indicator", "year"),
        columns=(
            _id("indicator", "indicator", Text("indicator", "指标")),
            YEAR,
            _amount("observed", Text("value observed", "观测值")),
            _amount("value", Text("value of the model", "模拟值")),
            replace(LOW, blank=Text("no range is known", "范围未知")),
            replace(HIGH, blank=Text("no range is known", "范围未知")),
            _amount("error", Text("value of the model less that observed", "模拟值减观测值")),
            Column(
                name="inside",
                kind="truth",
                means=Text(
                    "whether it lies within the range of the model", "观测值是否在模拟范围内"
                ),
            ),
            Column(
                name="fitted",
                kind="truth",
                means=Text(
                    "whether the model is fitted to it, as in its base year",
                    "模型是否按该值标定（基准年）",
                ),
            ),
            UNIT,
            BASIS,
            SOURCE_KEY,
        ),
    )
)

OWNERS = _declare(
    Table(
        name="owners",
        title=Text("Who makes a concentration", "浓度由谁造成"),
        means=Text(
            "What the region, the rest of its city and the outside make of a mean in the base year "
            "and in the last year, in both readings of what the rest of the city does.",
            "基准年和末年年均浓度中本区、全市其他区域和市外各占多少；分“全市同步减排”与“仅本区减排”"
            "两种口径。",
        ),
        key=("indicator", "case", "in_step"),
        columns=(
            _id("indicator", "indicator", Text("indicator", "指标")),
            CASE,
            YEAR,
            Column(
                name="in_step",
                kind="truth",
                means=Text(
                    "whether the rest of the city cuts as the plan does", "全市是否同步减排"
                ),
            ),
            Column(
                name="stated",
                kind="truth",
                means=Text("whether it is what the scenario states", "是否为情景设定的口径"),
            ),
            _amount("base", Text("mean of the base year", "基准年年均浓度")),
            _amount("total", Text("mean of the year", "当年年均浓度")),
            _amount(
                "own", Text("change that the region's own emissions make", "本区排放变化的贡献")
            ),
            _amount("city", Text("change that the rest of the city makes", "全市其他区域的贡献")),
            _amount("outside", Text("change from outside", "市外及背景的贡献")),
            UNIT,
        ),
    )
)

TOPDOWN = _declare(
    Table(
        name="topdown",
        title=Text("Independent estimates", "独立估算对照"),
        means=Text(
            "Totals of the inventory against independent estimates; beyond a factor of two they are"
            " flagged.",
            "清单总量与独立估算的对照；相差超过两倍的予以标记。",
        ),
        key=("sector", "pollutant", "year", "source_key"),
        columns=(
            _id("sector", "sector", Text("sector, or all", "行业")),
            POLLUTANT,
            YEAR,
            _amount("inventory", Text("total of the inventory", "清单总量")),
            _amount("topdown", Text("independent estimate", "独立估算")),
            LOW,
            HIGH,
            _number(
                "ratio",
                "1",
                Text("inventory over estimate", "比值"),
                Text("the estimate is zero", "估算值为零"),
            ),
            _truth("within_factor_two", Text("whether within a factor of two", "是否在两倍以内")),
            UNIT,
            BASIS,
            SOURCE_KEY,
            _text("note", Text("how the estimate was made", "说明"), NOT_GIVEN),
        ),
    )
)

# --- areas of the region -------------------------------------------------------------------------

AREA_EMISSIONS = _declare(
    Table(
        name="area_emissions",
        title=Text("Emissions by area", "分片区排放量"),
        means=Text(
            "Emissions by area and sector; they add up to those of the region.",
            "各片区、行业的排放量；合计等于全地区。",
        ),
        key=("case", "area", "sector", "pollutant", "year"),
        columns=(
            CASE,
            AREA,
            SECTOR,
            POLLUTANT,
            YEAR,
            _amount("value", Text("emission", "排放量")),
            UNIT,
        ),
        absent=NOT_DIVIDED,
    )
)

AREA_COSTS = _declare(
    Table(
        name="area_costs",
        title=Text("Costs by area", "分片区费用"),
        means=Text(
            "Annual cost of the measures by area; measures of unknown cost are left out.",
            "各片区措施的年费用；费用未知的措施不计。",
        ),
        key=("case", "year", "area"),
        columns=(
            CASE,
            YEAR,
            AREA,
            _amount("cost", Text("annual cost, net of savings", "年费用")),
            _amount("borne", Text("of measures that cost something", "承担的费用")),
            _number("share", "1", Text("the area's part of what is borne", "占比")),
            COST_UNIT,
        ),
        absent=NOT_DIVIDED,
    )
)

# --- the optimiser -------------------------------------------------------------------------------

MACC = _declare(
    Table(
        name="macc",
        title=Text("Marginal cost curves", "边际减排成本曲线"),
        means=Text(
            "Marginal cost curves of single pollutants in the last year: steps in rising order.",
            "末年单一污染物的边际减排成本曲线：按单位费用递增的各段。",
        ),
        key=("pollutant", "order"),
        columns=(
            POLLUTANT,
            _count("order", Text("place of the step, from 0", "次序")),
            replace(MEASURE, means=Text("what brings most of the reduction", "措施")),
            SOURCE,
            _number("reduction", PER_YEAR, Text("width of the step", "减排量")),
            _amount("unit_cost", Text("height of the step", "单位费用")),
            _text("unit", Text("unit of the unit cost", "单位")),
            _text("method", Text("integrated, or each measure alone", "方法")),
        ),
    )
)

PRICES = _declare(
    Table(
        name="prices",
        title=Text("Prices of the targets", "目标的影子价格"),
        means=Text(
            "Shadow price of each target in the least-cost mix; by how much its limit was relaxed;"
            " the excess of soft targets and what it costs.",
            "最低成本组合中各目标的影子价格、限值放宽量，软目标的超出量及其费用。",
        ),
        key=("target", "year"),
        columns=(
            TARGET,
            YEAR,
            replace(
                _amount("shadow_price", Text("cost of one more unit", "影子价格")),
                infinite=Text("the limit can be moved to neither side", "限值两侧均不可移动"),
            ),
            _text("unit", Text("unit of the prices", "价格单位")),
            _truth("binding", Text("whether the limit binds", "是否起约束作用")),
            Column(
                name="marginal_measure",
                kind="text",
                separator="; ",
                means=Text("moves whose uptake changes with the limit", "边际措施"),
                blank=Text("the limit does not bind", "限值不起约束作用"),
            ),
            _amount("relaxed_by", Text("relaxation of the limit", "放宽量"), unit_in="excess_unit"),
            _amount("excess", Text("excess over the limit", "超出量"), unit_in="excess_unit"),
            _text("excess_unit", Text("unit of the target", "目标单位")),
            _amount(
                "excess_price",
                Text("price of the excess of a soft target", "超出单价"),
                Text("the target is hard", "硬目标"),
            ),
            _amount("excess_cost", Text("cost of the excess", "超出费用"), unit_in="cost_unit"),
            _text("cost_unit", Text("unit of the cost", "费用单位")),
        ),
    )
)

NOT_WHOLE = Text("no measure comes in whole units", "无整台措施")
RESIDUAL_OF: Final = {
    "primal": Text("largest violation of a limit", "原始可行性残差"),
    "dual": Text("largest violation of a price condition", "对偶可行性残差"),
    "complementarity": Text("largest product of slack and price", "互补残差"),
    "gap": Text("gap between cost and bound", "对偶间隙残差"),
}
"""Conditions of optimality that every answer is checked for."""

SOLVES = _declare(
    Table(
        name="solves",
        title=Text("Solves", "求解记录"),
        means=Text(
            "How each mix came about: cost, penalty of soft targets, proven bound, linear bound and"
            " gap of whole units, number of solves, residuals of the conditions of optimality.",
            "各组合的求解情况：费用、软目标罚金、已证明的下界、整台措施的线性下界与间隙、求解次数和"
            "最优性条件残差。",
        ),
        key=("case", "year"),
        columns=(
            CASE,
            YEAR,
            _amount("cost", Text("annual cost of known measures", "年费用")),
            _amount("penalty", Text("cost of the excess of soft targets", "罚金")),
            _amount("linear_bound", Text("linear lower bound", "线性下界"), NOT_WHOLE),
            _amount("whole_cost", Text("cost in whole units", "整台费用"), NOT_WHOLE),
            _truth("of_all_years", Text("whether both are of all years", "是否多年合计")),
            COST_UNIT,
            _amount(
                "proven_bound",
                Text("no mix costs less, rounding included", "已证明的费用下界"),
                Text("nothing is proven", "未能证明"),
            ),
            _number(
                "proof_gap",
                "1",
                Text("proven bound below the cost", "证明间隙"),
                Text("nothing is proven", "未能证明"),
            ),
            _number("gap", "1", Text("bound below the mix", "间隙"), NOT_WHOLE),
            _number("unproven", "1", Text("room for a cheaper mix", "未证明部分"), NOT_WHOLE),
            _truth("relaxed", Text("whether limits were relaxed", "是否放宽限值")),
            replace(
                _number(
                    "joint_share",
                    "1",
                    Text(
                        "part of all needed reductions that can be had at once", "可同时实现的比例"
                    ),
                    Text("not even none of it can be had", "完全不可行"),
                ),
                infinite=Text("nothing needs to be reduced", "无需减排"),
            ),
            _truth("several_optima", Text("whether other mixes cost the same", "是否有多个最优解")),
            _count("solves", Text("linear programs solved", "求解次数")),
            _count("cold_restarts", Text("solves begun anew", "冷启动次数")),
            _count("iterations", Text("pivots", "迭代次数")),
            *(_number(f"{name}_residual", "1", means) for name, means in RESIDUAL_OF.items()),
            _number("reprojection_gap", "1", Text("program against projection", "回代误差")),
        ),
    )
)

WHOLE_UNITS = _declare(
    Table(
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
            _count("number", Text("number of units", "台数")),
            _amount("unit_size", Text("size of a unit", "单台规格")),
            _text("unit", Text("activity unit of the source", "单位")),
        ),
    )
)

# --- what the numbers rest on, and what to know --------------------------------------------------

BASIS_SHARES = _declare(
    Table(
        name="basis",
        title=Text("Basis of the numbers", "数据来源构成"),
        means=Text(
            "Emissions and reductions by the weakest basis of the numbers they are made of.",
            "按所用数据中最弱来源等级划分的排放量和减排量。",
        ),
        key=("pollutant", "what", "case", "year", "basis"),
        columns=(
            POLLUTANT,
            _word(
                "what",
                ("emission", "activity", "factor", "reduction"),
                Text("what is judged: both, activity or factor alone, the cut", "对象"),
            ),
            CASE,
            YEAR,
            BASIS,
            _amount("value", Text("amount on this basis", "数量")),
            _number("share", "1", Text("its part of the total", "占比")),
            UNIT,
        ),
    )
)

NO_SWING = Text(
    "it moves no target and no cost, or swings were not asked for",
    "对目标和费用均无影响，或未要求计算",
)
NO_LIMIT = Text("an emission total or the cost has no limit", "排放总量和费用没有限值")

ASSUMPTIONS = _declare(
    Table(
        name="assumptions",
        title=Text("Inputs by what they move", "输入数据及其影响"),
        means=Text(
            "Every number that is used, those first that move a target of the plan most when they"
            " alone go from one end of their range to the other. Nothing is linearised.",
            "所用的全部数据；单独从范围一端变到另一端时对方案目标影响最大的排在前面，均为精确计算，未作线性化。",
        ),
        key=("part", "input", "place"),
        columns=(
            _text("part", Text("sector, or other part of the model, that takes it", "所属模块")),
            _text("input", Text("keys of the row", "数据项"), NO_KEYS),
            _amount("value", Text("number used", "取值")),
            UNIT,
            LOW,
            HIGH,
            BASIS,
            SOURCE_KEY,
            _text(
                "outcome",
                Text(
                    "target that it moves most; total of a pollutant where no target is computed;"
                    " cost, if it moves nothing else",
                    "影响最大的目标；没有可计算的目标时为污染物总量；若只影响费用则为费用",
                ),
                NO_SWING,
            ),
            _amount(
                "at_low",
                Text("the outcome at its low end", "取下限时的结果"),
                NO_SWING,
                "outcome_unit",
            ),
            _amount(
                "at_high",
                Text("the outcome at its high end", "取上限时的结果"),
                NO_SWING,
                "outcome_unit",
            ),
            _amount(
                "limit_at_low",
                Text("limit of the target at its low end", "取下限时的限值"),
                NO_LIMIT,
                "outcome_unit",
            ),
            _amount(
                "limit_at_high",
                Text("limit of the target at its high end", "取上限时的限值"),
                NO_LIMIT,
                "outcome_unit",
            ),
            _text("outcome_unit", Text("unit of the outcome", "结果的单位"), NO_SWING),
            _number(
                "swing",
                "1",
                Text(
                    "half the difference of both ends, as shares of the limit at each end, or of"
                    " the central value of a total or the cost",
                    "两端之差的一半，以各自限值的比例计；总量和费用以中心值的比例计",
                ),
                NO_SWING,
            ),
            _text("place", Text("file and line of the number, or key of the scenario", "出处")),
        ),
    )
)

VARIANTS = _declare(
    Table(
        name="variants",
        title=Text("Variants", "方案变体"),
        means=Text(
            "Targets, emission totals and cost of the last year in every future and every"
            " combination of the grid, for each case that needs no optimiser.",
            "各设定情形及各组合下的目标、末年排放总量和费用（不含优化的情景）。",
        ),
        key=("variant", "case", "what", "outcome"),
        columns=(
            _text("variant", Text("future, or alternatives of the grid", "变体")),
            replace(
                CASE,
                words=(*CASES, *READINGS),
                means=Text("case of the run, or reading of the plan", "情景或方案读法"),
            ),
            _word("what", ("target", "emission", "cost"), Text("what the row is about", "内容")),
            _text("outcome", Text("target, pollutant, or cost", "目标、污染物或费用")),
            YEAR,
            _amount("value", Text("value reached", "数值")),
            UNIT,
            _amount("limit", Text("largest value that keeps the target", "限值"), NOT_A_TARGET),
            _truth("met", Text("whether the value keeps the limit", "是否达到"), NOT_A_TARGET),
        ),
        absent=Text("the scenario names no futures and no grid", "方案未设定情形或组合"),
    )
)

NO_PLAN_VALUE = Text("the scenario has no commitments", "情景没有任务")
BASELINES = _declare(
    Table(
        name="baselines",
        title=Text("Worlds without the plan", "无方案情形"),
        means=Text(
            "Targets and emission totals of the last year in each further world without the plan,"
            " and what the plan of the scenario takes off it.",
            "其他无方案情形下的目标值和末年排放总量，以及方案相对各情形的减少量。",
        ),
        key=("baseline", "what", "outcome"),
        columns=(
            _text("baseline", Text("name of the world", "情形")),
            _word("what", ("target", "emission"), Text("what the row is about", "内容")),
            _text("outcome", Text("target or pollutant", "目标或污染物")),
            YEAR,
            _amount("value", Text("value without the plan", "无方案时的数值")),
            _amount("plan", Text("value under the scenario's plan", "方案下的数值"), NO_PLAN_VALUE),
            _amount(
                "taken_off", Text("by how much the plan is below it", "方案减少量"), NO_PLAN_VALUE
            ),
            UNIT,
            _amount("limit", Text("largest value that keeps the target", "限值"), NOT_A_TARGET),
            _truth(
                "met",
                Text("whether the world keeps it without the plan", "无方案时是否达到"),
                NOT_A_TARGET,
            ),
        ),
        absent=Text("the scenario names no baselines", "情景未设其他无方案情形"),
    )
)

NO_SAMPLES = Text("no samples were drawn", "未抽样")
NO_SAMPLES_OR_SWINGS = Text("no samples, or no swings, were asked for", "未要求抽样或两端计算")
NO_WEATHER = Text("its value does not depend on the weather of a year", "与当年气象无关")
OF_A_BASIS = Text("the row is about a basis, or the weather", "该行为数据来源等级或气象")
SAMPLED_CASE = replace(
    CASE,
    words=(*CASES, *READINGS),
    means=Text("case of the run, or reading of the plan", "情景或方案读法"),
)

PROBABILITIES = _declare(
    Table(
        name="probabilities",
        title=Text("Probabilities", "达标概率"),
        means=Text(
            "Probability that each target is met under each case, with the weather of the year and"
            " at normal weather. A mix is held as shares of what it acts on: one that was solved to"
            " its limits at central values is met about half the time.",
            "各情景下各目标达到的概率，分别按当年气象和常年气象；最低成本组合按比例固定，恰好达到限值的组合约有一半概率达标。",
        ),
        key=("target", "case"),
        columns=(
            TARGET,
            SAMPLED_CASE,
            replace(YEAR, means=Text("year in which it is judged", "目标年份")),
            _number("probability", "1", Text("part of the samples that meet it", "达标概率")),
            _number("low", "1", Text("lower end of its 95 % interval", "概率下限")),
            _number("high", "1", Text("upper end of its 95 % interval", "概率上限")),
            _number(
                "normal_weather",
                "1",
                Text("probability at normal weather", "常年气象下的概率"),
                NO_WEATHER,
            ),
            _number(
                "three_years",
                "1",
                Text("probability that the mean of three such years meets it", "三年均值达标概率"),
                NO_WEATHER,
            ),
            _number(
                "lucky", "1", Text("met thanks to the weather", "因气象有利而达标"), NO_WEATHER
            ),
            _number(
                "unlucky",
                "1",
                Text("missed because of the weather", "因气象不利而未达标"),
                NO_WEATHER,
            ),
        ),
        absent=NO_SAMPLES,
    )
)

RANGES = _declare(
    Table(
        name="ranges",
        title=Text("Ranges of the answers", "结果范围"),
        means=Text(
            "Mean, median and 95 % range of targets, emission totals and cost over the samples; the"
            " error of the percentiles tells whether there were enough.",
            "各目标、排放总量和费用在样本中的均值、中位数和 95 % 范围；"
            "百分位误差说明样本是否足够。",
        ),
        key=("what", "outcome", "case"),
        columns=(
            _word("what", ("target", "emission", "cost"), Text("what the row is about", "内容")),
            _text("outcome", Text("target, pollutant, or cost", "目标、污染物或费用")),
            SAMPLED_CASE,
            YEAR,
            _amount("mean", Text("mean", "均值")),
            _amount("median", Text("median", "中位数")),
            _amount("low", Text("lower end of the 95 % range", "95 % 范围下限")),
            _amount("high", Text("upper end of the 95 % range", "95 % 范围上限")),
            UNIT,
            Column(
                name="error",
                kind="number",
                unit="1",
                means=Text(
                    "largest error of the three percentiles as a share of the range",
                    "三个百分位的最大误差（占范围的比例）",
                ),
                infinite=Text("there are too few samples to tell", "样本太少，无法判断"),
            ),
            _truth("settled", Text("whether the samples suffice", "样本是否足够")),
        ),
        absent=NO_SAMPLES,
    )
)

DISTRIBUTIONS = _declare(
    Table(
        name="distributions",
        title=Text("Distributions of the inputs", "输入数据的分布"),
        means=Text(
            "Distribution from which each number is drawn; numbers of a series, and of a named"
            " group, are drawn together.",
            "每个数据抽样所用的分布；同一序列或同一命名组的数据一起变化。",
        ),
        key=("part", "input", "place"),
        columns=(
            _text("part", Text("sector, or other part of the model, that takes it", "所属模块")),
            _text("input", Text("keys of the row", "数据项"), NO_KEYS),
            _text("distribution", Text("family", "分布类型")),
            _text("cause", Text("group that it varies with", "所属组"), Text("none", "无")),
            _amount("value", Text("number used in the central run", "中心取值")),
            _amount("mean", Text("mean", "均值")),
            _amount("low", Text("2.5 % of the draws are below", "2.5 % 分位")),
            _amount("median", Text("median", "中位数")),
            _amount("high", Text("2.5 % of the draws are above", "97.5 % 分位")),
            UNIT,
            _text("place", Text("where it stands", "出处")),
        ),
        absent=NO_SAMPLES,
    )
)

VARIANCE = _declare(
    Table(
        name="variance",
        title=Text("Where the spread comes from", "不确定性来源"),
        means=Text(
            "Part of the variance of the margin of each target under the plan that knowing one"
            " cause, or all numbers of one basis, would take away. Exact swings choose the thirty"
            " causes; what is below the noise is chance.",
            "弄清某一原因或某一来源等级的全部数据后，方案下各目标余量方差可减少的比例；由精确的两端计算筛选前三十项，低于噪声者不足为据。",
        ),
        key=("target", "what", "basis", "rank"),
        columns=(
            TARGET,
            _word("what", ("basis", "input", "weather"), Text("what the row is about", "内容")),
            _count("rank", Text("the largest first", "排序"), OF_A_BASIS),
            _text("input", Text("the first number of the cause", "该原因的首个数据"), OF_A_BASIS),
            replace(BASIS, blank=Text("it is the weather", "气象")),
            _count("numbers", Text("numbers that vary with it", "一起变化的数据个数"), OF_A_BASIS),
            _number("share", "1", Text("part of the variance", "方差占比")),
            _number(
                "screened", "1", Text("the same by exact swings alone", "仅按两端计算"), OF_A_BASIS
            ),
            _number("noise", "1", Text("part that chance alone may make", "噪声水平")),
            _text("place", Text("where it stands", "出处"), OF_A_BASIS),
        ),
        absent=NO_SAMPLES_OR_SWINGS,
    )
)

MEASURE_FIRST = _declare(
    Table(
        name="measure_first",
        title=Text("What to measure first", "应优先测定的数据"),
        means=Text(
            "The ten inputs whose better knowledge would settle most verdicts, and how likely each"
            " target is if the input turns out to lie in the lowest or highest third.",
            "最值得先测定的十项输入数据，以及其落在最低或最高三分之一时各目标的达标概率。",
        ),
        key=("rank", "target"),
        columns=(
            _count("rank", Text("the most worth first", "排序")),
            _text("input", Text("the first number of the cause", "该原因的首个数据"), NO_KEYS),
            BASIS,
            _count("numbers", Text("numbers that vary with it", "一起变化的数据个数")),
            TARGET,
            _number("share", "1", Text("part of the variance of its margin", "方差占比")),
            _number("probability", "1", Text("that the plan meets it", "方案达标概率")),
            _number("if_low", "1", Text("the same if the input is low", "数据偏低时的概率")),
            _number("if_high", "1", Text("the same if the input is high", "数据偏高时的概率")),
            _text("place", Text("where it stands", "出处")),
        ),
        absent=NO_SAMPLES_OR_SWINGS,
    )
)

FAILURES = _declare(
    Table(
        name="failures",
        title=Text("When the plan fails", "方案何时失败"),
        means=Text(
            "The box of inputs that explains most misses of a target under the plan: all of its"
            " rows together. Coverage and density are those on samples not used to find it.",
            "最能解释方案未达标的输入条件组合：同一目标各行须同时成立；覆盖率和密度由未用于寻找的样本检验。",
        ),
        key=("target", "rank"),
        columns=(
            TARGET,
            _count("rank", Text("the most telling first", "排序")),
            _word("what", ("input", "weather"), Text("what the row is about", "内容")),
            _text("input", Text("the first number of the cause", "该原因的首个数据"), OF_A_BASIS),
            _word("side", ("above", "below"), Text("on which side of the bound", "界限的哪一侧")),
            _amount("bound", Text("bound; of the weather, factor on the mean", "界限")),
            UNIT,
            _number("coverage", "1", Text("part of all misses inside", "覆盖率")),
            _number("density", "1", Text("part of what lies inside that is missed", "密度")),
            _text("place", Text("where it stands", "出处"), OF_A_BASIS),
        ),
        absent=NO_SAMPLES_OR_SWINGS,
    )
)

NOT_ROBUST = Text("the scenario does not ask for `robust`", "方案未要求稳健组合")
ASKED = _number(
    "asked",
    "1",
    Text("probability with which each target is to hold", "要求的达标概率"),
    Text("the mean of the worst tenth keeps the limits", "要求最差十分之一样本的均值达标"),
)

ROBUST = _declare(
    Table(
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
            _number("probability", "1", Text("part of fresh samples that meet it", "达标概率")),
            _truth("within_reach", Text("whether what was asked for can be had", "是否可达")),
            _number("cost", f"{MONEY}/a", Text("annual cost at central values", "中值年化成本")),
            _number("cost_low", f"{MONEY}/a", Text("lower end of its 95 % range", "成本下限")),
            _number("cost_median", f"{MONEY}/a", Text("its median", "成本中位数")),
            _number("cost_high", f"{MONEY}/a", Text("upper end of its 95 % range", "成本上限")),
            _number("more", f"{MONEY}/a", Text("cost beyond the least cost", "比最低成本多出")),
        ),
        absent=NOT_ROBUST,
    )
)

ROBUST_MIXES = _declare(
    Table(
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
            _amount("uptake", Text("amount of activity", "活动量")),
            UNIT,
            _number("share", "1", Text("part of what the measure can act on", "占可作用量比例")),
        ),
        absent=NOT_ROBUST,
    )
)

CHOSEN = _declare(
    Table(
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
            _number("frequency", "1", Text("part of the optima that have it", "入选频率")),
            _number("median", "1", Text("median share where it is chosen", "入选时份额中位数")),
            _number("low", "1", Text("lower end of the 80 % range", "份额下限（80 %）")),
            _number("high", "1", Text("upper end of the 80 % range", "份额上限（80 %）")),
            _number("central", "1", Text("share at central values", "中值下的份额")),
        ),
        absent=NOT_ROBUST,
    )
)

OPTIMA = _declare(
    Table(
        name="optima",
        title=Text("Least cost under random numbers", "随机数据下的最低成本"),
        means=Text(
            "Distribution of the least cost over one optimum per random set of numbers, and how"
            " often all targets of the headline can be met.",
            "逐组随机数据最优解的最低成本分布，及首要目标全部可达的频率。",
        ),
        key=("samples",),
        columns=(
            _count("samples", Text("random sets that have an optimum", "有最优解的样本数")),
            _count("without", Text("sets whose numbers leave no mix", "无可行组合的样本数")),
            _number("all_met", "1", Text("part in which all targets can be met", "全部可达频率")),
            _number("low", f"{MONEY}/a", Text("lower end of the 95 % range", "下限")),
            _number("median", f"{MONEY}/a", Text("median", "中位数")),
            _number("high", f"{MONEY}/a", Text("upper end of the 95 % range", "上限")),
            _number("central", f"{MONEY}/a", Text("least cost at central values", "中值")),
        ),
        absent=NOT_ROBUST,
    )
)

REGRETS = _declare(
    Table(
        name="regrets",
        title=Text("Regret over futures", "各情形下的后悔值"),
        means=Text(
            "The mix that is best in one future, judged in all others: cost beyond the best there,"
            " and by how much limits are exceeded that can be kept there. The first rank is to be"
            " regretted least.",
            "各情形下的最优组合在其他情形下的成本增量和超限程度；排序第一者后悔最小。",
        ),
        key=("rank", "in_future"),
        columns=(
            _count("rank", Text("the least to regret first", "排序")),
            _text("best_in", Text("future that the mix is best in", "组合最优的情形")),
            _text("in_future", Text("future that it is judged in", "评价的情形")),
            _number("cost", f"{MONEY}/a", Text("annual cost there", "年化成本")),
            _number("regret", f"{MONEY}/a", Text("cost beyond the best there", "后悔值")),
            _number("excess", "1", Text("largest excess over a limit", "最大超限比例")),
        ),
        absent=Text("`robust` was not asked for, or there are no futures", "未要求或无设定情形"),
    )
)

QUALITY = _declare(
    Table(
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
            _amount("base", Text("emission in the base year", "基准年排放量")),
            _amount("last", Text("emission in the last year without the plan", "末年基准排放量")),
            UNIT,
            _number("sampled", "1", Text("half range by samples", "抽样半宽")),
            _number(
                "propagated",
                "1",
                Text("half range by error propagation", "误差传递半宽"),
                Text("it emits nothing in one of the years", "某年无排放"),
            ),
            _number(
                "of_trend",
                "1",
                Text("half range of the change, by error propagation", "变化量半宽"),
                Text("it emits nothing in one of the years", "某年无排放"),
            ),
            _word("grade", ("A", "B", "C", "D", "E"), Text("grade", "质量等级")),
            _truth("key_level", Text("whether it is key for the level", "是否水平关键类别")),
            _truth("key_trend", Text("whether it is key for the trend", "是否趋势关键类别")),
        ),
        absent=NO_SAMPLES,
    )
)

PROBLEMS = _declare(
    Table(
        name="problems",
        title=Text("Warnings", "提示"),
        means=Text(
            "Warnings: nothing here stopped the run, all of it should be read.",
            "提示：未中断运行，但均应阅读。",
        ),
        key=("warning",),
        columns=(
            _text("warning", Text("what to know, with ids", "内容（编号）")),
            _text("en", Text("the same with display names, in English", "英文说明")),
            _text("zh", Text("the same with display names, in Chinese", "中文说明")),
        ),
    )
)

LABELS = _declare(
    Table(
        name="labels",
        title=Text("Display names", "名称对照"),
        means=Text("Display names of ids.", "各编号的显示名称。"),
        key=("id",),
        columns=(
            _text("id", Text("id", "编号")),
            _text("en", Text("English name", "英文名称"), NOT_GIVEN),
            _text("zh", Text("Chinese name", "中文名称"), NOT_GIVEN),
        ),
    )
)

IAMC = _declare(
    Table(
        name="iamc",
        title=Text("IAMC layout", "IAMC 格式"),
        means=Text(
            "Emissions as a whole and by sector in the layout of the IAMC, which pyam reads: a"
            " column per year. A bar in the name of a sector is written as /.",
            "按 IAMC 格式（pyam 可读）的排放总量与行业排放量，每年一列；行业名称中的竖线写作 /。",
        ),
        key=("scenario", "region", "variable"),
        columns=(
            _text("model", Text("Lantian", "模型")),
            _text("scenario", Text("scenario and case", "情景")),
            _id("region", "region", Text("region", "地区")),
            Column(
                name="variable",
                kind="text",
                separator="|",
                means=Text("Emissions, pollutant and, of a part, sector", "变量"),
            ),
            UNIT,
        ),
        yearly=_amount(
            "year",
            Text("emission in the year", "该年排放量"),
            Text("the case was not solved for the year", "该情景未计算该年"),
        ),
    )
)

# --- written on request --------------------------------------------------------------------------

MONTHS = _declare(
    Table(
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
            _count("month", Text("month of the year, from 1", "月份")),
            _number("share", "1", Text("share of the year", "占全年比例")),
            _amount("value", Text("emission of the month", "当月排放量")),
            _text("unit", Text("unit of the emission", "单位")),
        ),
        place="screen",
    )
)

INVENTORY = _declare(
    Table(
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
            _amount("value", Text("emission", "排放量")),
            UNIT,
        ),
        place="screen",
    )
)

NO_STRETCH = Text("there is no kink before", "前无折点")
NO_KINK = Text("the row is the plan or the least-cost mix", "该行为方案或最低成本组合")
ONE_TARGET = Text("the curve is of one target alone", "仅针对一个目标")

FRONTIER = _declare(
    Table(
        name="frontier",
        title=Text("Cost curve of a target", "目标的费用曲线"),
        means=Text(
            "Least cost of every level of a target, at several levels of a second one if there is"
            " one: kinks of the curves, and the plan and the least-cost mix as points.",
            "目标各水平的最低费用（可含第二目标的若干水平）：曲线折点，以及方案和最低成本组合。",
        ),
        key=("kind", "slice", "order"),
        columns=(
            _word("kind", ("kink", *CASES), Text("kink, or the case of a point", "类型")),
            _count("slice", Text("number of the curve", "曲线序号"), NO_KINK),
            _count("order", Text("place on the curve, from 0", "次序"), NO_KINK),
            _id("target", "target", Text("target, pollutant or indicator", "目标")),
            _amount("value", Text("level of it", "数值"), unit_in="target_unit"),
            _amount(
                "limit",
                Text("what the scenario promises", "情景承诺的限值"),
                Text("it promises nothing", "无承诺"),
                unit_in="target_unit",
            ),
            _text("target_unit", Text("unit of its levels", "目标单位")),
            _amount("cost", Text("least annual cost", "最低年费用")),
            COST_UNIT,
            _number(
                "price",
                f"{MONEY}/a per unit of the target",
                Text("cost of one more unit since the kink before", "单价"),
                NO_STRETCH,
            ),
            _amount("gap", Text("how far the cost can lie below the line", "间隙"), NO_STRETCH),
            _amount(
                "bound_value",
                Text("level where the bounds meet", "下界处数值"),
                NO_STRETCH,
                unit_in="target_unit",
            ),
            _amount("bound_cost", Text("cost where the bounds meet", "下界处费用"), NO_STRETCH),
            _id("against", "target", Text("second target", "第二目标"), ONE_TARGET),
            _amount(
                "against_limit",
                Text("limit on the second target", "第二目标限值"),
                Text("there is none", "无限值"),
                unit_in="against_unit",
            ),
            _amount(
                "against_value",
                Text("its level", "第二目标数值"),
                ONE_TARGET,
                unit_in="against_unit",
            ),
            _text("against_unit", Text("unit of the second target", "第二目标单位"), ONE_TARGET),
            _word(
                "others",
                ("held", "free"),
                Text("whether the other targets are held at their limits", "其他目标"),
            ),
            _text("precision", Text("exact, or within a bound", "精度"), NO_KINK),
            YEAR,
        ),
        place="curve",
    )
)

# --- townships -----------------------------------------------------------------------------------

TOWNSHIPS = _declare(
    Table(
        name="townships",
        title=Text("Townships", "街道乡镇"),
        means=Text(
            "Annual mean of PM2.5 of each township beside the base year, and the plan's rule in"
            " its parts and in both readings of the average rate.",
            "各街道乡镇细颗粒物年均浓度与基准年的比较，以及方案规则的各部分和平均改善率的两种读法。",
        ),
        key=("case", "year", "township"),
        columns=(
            CASE,
            YEAR,
            _id("township", "area", Text("township or subdistrict", "街道乡镇")),
            _id("group", "receptor", Text("group of the rule", "规则分组")),
            _amount("before", Text("level of the base year", "基准年浓度")),
            _amount("value", Text("level", "浓度")),
            _number("rate", "1", Text("improvement", "改善率")),
            _number("mean_rate", "1", Text("mean of the rates of all", "各单位改善率的平均")),
            _number("rate_of_means", "1", Text("rate of the mean of all", "平均浓度的改善率")),
            _amount("above", Text("above the mean and the allowance", "高于均值及允许值")),
            _truth("falls", Text("below the base year", "低于基准年")),
            _truth("level", Text("keeps the level", "浓度达标")),
            _truth("improves", Text("rate above the mean of the rates", "改善率高于平均")),
            _truth(
                "improves_by_means",
                Text("rate above the rate of the means", "改善率高于均值的改善率"),
            ),
            _truth("met", Text("falls, and keeps level or rate", "是否达标")),
            UNIT,
        ),
        absent=Text("the region has no levels of townships", "地区无街道乡镇浓度"),
    )
)

# --- health and climate --------------------------------------------------------------------------

FUNCTIONS = ("gemm", "gbd", "fusion")
FUNCTION = Column(
    name="function",
    kind="id",
    labels="function",
    words=FUNCTIONS,
    means=Text("published function of risk", "暴露反应函数"),
)
NO_HEALTH = Text("the scenario does not ask for avoided deaths", "情景未要求计算避免死亡")
BEYOND = Text("the function is not known at this PM2.5", "该浓度超出函数范围")
NO_VALUE = Text("no value of a life is given", "未给出统计生命价值")


def _range(name: str, unit: str, means: Text, blank: Text) -> tuple[Column, Column, Column]:
    """Return a number and the ends of its range."""
    low = Text(f"{means.en}, lower end", f"{means.zh}（下限）")
    high = Text(f"{means.en}, upper end", f"{means.zh}（上限）")
    return (
        _number(name, unit, means, blank),
        _number(f"{name}_low", unit, low, blank),
        _number(f"{name}_high", unit, high, blank),
    )


AVOIDED = _range("avoided", "1/a", Text("deaths avoided in a year", "年避免死亡数"), BEYOND)
LIFE_YEARS = _range("life_years", "a/a", Text("years of life not lost", "避免寿命损失年"), BEYOND)

HEALTH = _declare(
    Table(
        name="health",
        title=Text("Avoided deaths", "避免死亡"),
        means=Text(
            "Deaths that each case avoids beside the baseline of the same year, by function, cause"
            " and age; ages add up to all deaths. Functions stand side by side, and `ncd-lri` holds"
            " the other causes: never add either.",
            "各情景相对同年基准情景避免的死亡，按函数、死因和年龄组；各年龄组之和为全部死亡。"
            "各函数并列，ncd-lri 已含其他死因，均不可相加。",
        ),
        key=("case", "year", "function", "cause", "age"),
        columns=(
            CASE,
            YEAR,
            FUNCTION,
            _id("cause", "cause", Text("cause of death", "死因")),
            _text("age", Text("age group", "年龄组")),
            _number("pm25_baseline", "ug/m3", Text("PM2.5 of the baseline", "基准PM2.5浓度")),
            _number("pm25", "ug/m3", Text("PM2.5 of the case", "情景PM2.5浓度")),
            *AVOIDED,
            *LIFE_YEARS,
        ),
        absent=NO_HEALTH,
    )
)

BENEFITS = _declare(
    Table(
        name="benefits",
        title=Text("Benefit and cost", "效益与费用"),
        means=Text(
            "Avoided deaths of all ages, their value where one is given, annual cost and CO2 of"
            " each case, function by function.",
            "各情景全部年龄的避免死亡、其货币价值（如给出）、年费用和二氧化碳，按函数列出。",
        ),
        key=("case", "year", "function"),
        columns=(
            CASE,
            YEAR,
            FUNCTION,
            _word(
                "scope",
                ("whole", "causes"),
                Text("non-accidental deaths as a whole, or the sum of causes", "死因口径"),
            ),
            *AVOIDED,
            *LIFE_YEARS,
            _amount("benefit", Text("value of the avoided deaths", "货币化效益"), NO_VALUE),
            _amount("benefit_low", Text("its lower end", "效益下限"), NO_VALUE),
            _amount("benefit_high", Text("its upper end", "效益上限"), NO_VALUE),
            _amount("cost", Text("annual cost of measures of known cost", "年费用")),
            _amount("net", Text("benefit less cost", "净效益"), NO_VALUE),
            _number("co2_here", "t/a", Text("CO2 not emitted in the region", "本地CO2减排")),
            _number(
                "co2_grid",
                "t/a",
                Text("CO2 not emitted for electricity", "电力CO2减排"),
                Text("the region has no grid factor", "地区无电网因子"),
            ),
            COST_UNIT,
        ),
        absent=NO_HEALTH,
    )
)

CO_CONTROL = _declare(
    Table(
        name="co_control",
        title=Text("Air and climate", "减污降碳"),
        means=Text(
            "What each measure cuts of pollutants and of CO2 in the last year, CO2 with the"
            " electricity it uses or saves at the grid's factor of that year.",
            "末年每项措施的污染物和二氧化碳减排量，二氧化碳含按当年电网因子计的用电变化。",
        ),
        key=("case", "measure"),
        columns=(
            CASE,
            MEASURE,
            YEAR,
            _amount("so2", Text("SO2 cut", "SO2减排量")),
            _amount("nox", Text("NOx cut", "NOx减排量")),
            _amount("voc", Text("VOC cut", "VOCs减排量")),
            _amount("pm25", Text("primary PM2.5 cut", "一次PM2.5减排量")),
            _amount("co2_here", Text("CO2 cut in the region", "本地CO2减排量")),
            _amount("co2_grid", Text("CO2 cut by less electricity", "电力CO2减排量")),
            _amount("co2", Text("CO2 cut in all", "CO2减排总量")),
            UNIT,
            _word(
                "kind",
                ("gain", "neutral", "conflict"),
                Text("whether it saves CO2 as well, neither, or costs some", "协同类型"),
            ),
        ),
        absent=Text("the region has no grid factor", "地区无电网因子"),
    )
)

# --- alert days ----------------------------------------------------------------------------------

NO_ALERT = Text("the scenario has no alert", "情景无预警设置")
ALERT_LEVEL = _word("level", ALERT_LEVELS, Text("level of the alert", "预警级别"))


def _tonnes(name: str, en: str, zh: str) -> Column:
    return _number(name, "t/d", Text(en, zh))


ALERT = _declare(
    Table(
        name="alert",
        title=Text("Emergency list", "应急减排清单"),
        means=Text(
            "What is ordered on a day of each alert level at least cost: yellow within orange"
            " within red.",
            "各预警级别每日以最低费用采取的停限产措施：黄色包含于橙色，橙色包含于红色。",
        ),
        key=("level", "action"),
        columns=(
            ALERT_LEVEL,
            _text("action", Text("name of the action", "措施名称")),
            SOURCE,
            SECTOR,
            _word(
                "grade",
                GRADES,
                Text("performance grade of the firms", "绩效等级"),
                Text("none is given", "未提供"),
            ),
            _word("order", ("stop", "cut"), Text("stopped, or cut by the share", "停产或限产")),
            _text("words_en", Text("words of the list in English", "英文措施内容"), NOT_GIVEN),
            _text("words_zh", Text("words of the list in Chinese", "中文措施内容"), NOT_GIVEN),
            _number("share", "1", Text("share of the action", "停限比例")),
            _tonnes("so2", "SO2 that is not emitted", "SO2减排量"),
            _tonnes("nox", "NOx that is not emitted", "NOx减排量"),
            _tonnes("particles", "particles that are not emitted", "颗粒物减排量"),
            _tonnes("voc", "VOC that are not emitted", "VOCs减排量"),
            _amount("cost", Text("cost of the day", "日费用")),
            _amount("low", Text("lower end of the cost", "费用下限")),
            _amount("high", Text("upper end of the cost", "费用上限")),
            COST_UNIT,
        ),
        absent=NO_ALERT,
    )
)

ALERT_TOTALS = _declare(
    Table(
        name="alert_totals",
        title=Text("Emergency totals", "应急减排汇总"),
        means=Text(
            "Daily total of the month, demand and cut of each pollutant at each alert level; what"
            " is lacking and where it is.",
            "各预警级别各污染物的当月日排放总量、减排要求和减排量；差额及其所在。",
        ),
        key=("level", "pollutant"),
        columns=(
            ALERT_LEVEL,
            POLLUTANT,
            _tonnes("total", "society-wide total of a day of the month", "当月全社会日排放量"),
            _tonnes("total_year", "total of the year over 365 days", "年均日排放量"),
            _tonnes("listed", "total of what the actions are about", "清单源日排放量"),
            _number("demand", "1", Text("share of the total that must go", "减排比例要求")),
            _tonnes("wanted", "cut that is asked for", "应减排量"),
            _tonnes("cut", "cut of the list", "清单减排量"),
            _number("share", "1", Text("share of the total that goes", "实际减排比例")),
            _tonnes("short", "what is lacking to the demand", "差额"),
            _truth("met", Text("whether the demand is met", "是否达到")),
            _tonnes("protected", "emitted by protected sources", "保障类排放量"),
            _tonnes(
                "beyond_reach", "listed, but beyond the reach of the actions", "措施不可及部分"
            ),
            _tonnes("unlisted", "neither listed nor protected", "未列入清单部分"),
            Column(
                name="binding",
                kind="id",
                labels="source",
                separator=" ",
                means=Text("actions at their reach", "已用尽的措施"),
                blank=Text("the demand is met", "已达到要求"),
            ),
        ),
        absent=NO_ALERT,
    )
)

ROWS = Text("the symbol stands for a row", "该符号为约束行")
UNBOUNDED = Text("there is no limit", "无限值")

SYMBOLS = _declare(
    Table(
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
            _text("symbol", Text("name in the text", "符号")),
            _text("family", Text("kind of column or row", "类别")),
            _text("name", Text("full name", "全名"), Text("there is only one", "仅此一个")),
            replace(MEASURE, blank=ROWS),
            replace(SOURCE, blank=ROWS),
            _text("from", Text("state that activity goes from", "起始状态"), ROWS),
            _text("to", Text("state it goes to, or avoided", "目标状态"), ROWS),
            _amount("low", Text("lower limit", "下限"), UNBOUNDED),
            _amount("high", Text("upper limit", "上限"), UNBOUNDED),
            _number("scale", "1", Text("how much 1 in the text stands for", "文本中1所代表的数量")),
            _text(
                "unit",
                Text("unit of the limits", "单位"),
                Text("it is that of the family", "见该类别的说明"),
            ),
            _text("says", Text("the family in words", "类别说明"), Text("nothing is said", "无")),
        ),
        place="program",
    )
)

CUMULATIVE = _declare(
    Table(
        name="cumulative",
        title=Text("Since the base year", "累计减排与费用"),
        means=Text(
            "Emissions avoided and money spent since the base year, year after year, so that acting"
            " earlier shows. Only of cases for which every year in between is known.",
            "自基准年起逐年累计的减排量和费用，可体现提前行动的效果；仅限各年均已计算的情景。",
        ),
        key=("case", "what", "year"),
        columns=(
            CASE,
            _id("what", "pollutant", Text("pollutant, or cost", "污染物或费用")),
            YEAR,
            _amount("value", Text("sum over the years after the base year", "累计值")),
            _text("unit", Text("unit of the sum", "单位")),
        ),
    )
)

REFERENCES = _declare(
    Table(
        name="references",
        title=Text("Sources of the numbers", "数据出处"),
        means=Text(
            "Works and records that the numbers of the run are taken from.",
            "本结果所用数据的文献和记录。",
        ),
        key=("source_key",),
        columns=(
            SOURCE_KEY,
            _text("citation", Text("what it is", "文献"), NOT_GIVEN),
            _text("url", Text("where it can be read", "网址"), NOT_GIVEN),
            _text("accessed_via", Text("how it was read, if not there", "获取途径"), NOT_GIVEN),
            _count("numbers", Text("numbers of the run that rest on it", "所用数据个数")),
        ),
    )
)

# --- runs side by side ---------------------------------------------------------------------------

RUN = _text("run", Text("run that is held against the first one", "与首个结果对照的运行结果"))
ONLY_THE_OTHER = Text("the first run has none", "首个运行结果中没有")
ONLY_THE_FIRST = Text("the other run has none", "对照的运行结果中没有")
NOT_BOTH = Text("only one of the runs has it", "仅其中一个运行结果有此项")


def _two(name: str, means: Text, unit_in: str = "unit") -> tuple[Column, Column]:
    """Return a number of the first run and of the other one."""
    first = Text(f"{means.en}, in the first run", f"{means.zh}（首个）")
    return (
        _amount(f"reference_{name}", first, ONLY_THE_OTHER, unit_in),
        _amount(name, means, ONLY_THE_FIRST, unit_in),
    )


def _by_how_much(name: str = "difference", unit_in: str = "unit") -> Column:
    return _amount(name, Text("by how much the other run has more", "差值"), NOT_BOTH, unit_in)


DIFFERENCES = _declare(
    Table(
        name="differences",
        title=Text("Differences of inputs", "输入差异"),
        means=Text(
            "What differs in the inputs: versions, the scenario, each number with its cell, files.",
            "输入的差异：版本、情景、逐个数据及其位置、文件。",
        ),
        key=("kind", "what", "run", "reference_place", "place"),
        columns=(
            _word(
                "kind",
                ("version", "scenario", "value", "range", "file"),
                Text("what kind of input; range: the same value, known otherwise", "输入的种类"),
            ),
            _text("what", Text("name of the input", "输入名称")),
            RUN,
            _text("reference_value", Text("in the first run", "首个结果的值"), ONLY_THE_OTHER),
            _text("value", Text("in the other run", "对照结果的值"), ONLY_THE_FIRST),
            _number(
                "change",
                "1",
                Text("difference as a part of the first value", "相对变化"),
                Text("it is no number, or the first one is zero or missing", "非数值或首值为零"),
            ),
            _text("reference_place", Text("its cell, first run", "位置（首个）"), NOT_GIVEN),
            _text("place", Text("its cell, other run", "位置"), NOT_GIVEN),
        ),
        place="comparison",
    )
)

COMPARED_TARGETS = _declare(
    Table(
        name="compared_targets",
        title=Text("Targets compared", "目标对照"),
        means=Text(
            "Each target in two runs under each case; those whose verdict turns come first.",
            "两个运行结果中各情景的目标；结论改变者在前。",
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
            _truth("reference_met", Text("met in the first run", "首个是否达到"), NOT_COMPUTED),
            _truth("met", Text("met in the other run", "是否达到"), NOT_COMPUTED),
            _truth("flipped", Text("the verdict turns", "结论是否改变")),
            replace(UNIT, blank=NOT_COMPUTED),
        ),
        place="comparison",
    )
)

COMPARED_TOTALS = _declare(
    Table(
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
            _number(
                "change",
                "1",
                Text("difference as a part of the first value", "相对变化"),
                Text("only one of the runs has it, or the first is zero", "缺项或首值为零"),
            ),
            UNIT,
        ),
        place="comparison",
    )
)

COMPARED_COSTS = _declare(
    Table(
        name="compared_costs",
        title=Text("Costs compared", "费用对照"),
        means=Text(
            "Cost of each case in two runs; measures without a price are not in it.",
            "两个运行结果中各情景的费用；不含无价措施。",
        ),
        key=("case", "year", "unit", "run"),
        columns=(CASE, YEAR, RUN, *_two("value", Text("cost", "费用")), _by_how_much(), COST_UNIT),
        place="comparison",
    )
)

COMPARED_MIXES = _declare(
    Table(
        name="compared_mixes",
        title=Text("Mixes compared", "措施组合对照"),
        means=Text(
            "Measures of which the least-cost mixes of two runs take another amount.",
            "两个最低费用组合中用量不同的措施。",
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
            *_two("cost", Text("cost", "费用"), "cost_unit"),
            _by_how_much("cost_difference", "cost_unit"),
            _text("cost_unit", Text("unit of the costs", "费用单位")),
        ),
        place="comparison",
    )
)

COMPARED_BRIDGES = _declare(
    Table(
        name="compared_bridges",
        title=Text("From one run to the other", "差异分解"),
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
            _count("order", Text("place in the row of steps", "序号")),
            _word(
                "step",
                ("reference", "base", "growth", "turnover", "inventory", "measure", "run"),
                Text("what the step is; reference and run are the two ends", "步骤"),
            ),
            replace(MEASURE, blank=Text("the step is no measure", "该步骤不是措施")),
            _amount("value", Text("emission at an end, else what the step adds", "数值")),
            UNIT,
        ),
        place="comparison",
    )
)

COMPARED_RUNS = _declare(
    Table(
        name="compared_runs",
        title=Text("Runs compared", "运行结果一览"),
        means=Text("One row for each run.", "每个运行结果一行。"),
        key=("run",),
        columns=(
            replace(RUN, means=Text("run", "运行结果")),
            _text("content_id", Text("what the run was made from, as a code", "内容编号")),
            _id("region", "region", Text("region", "地区"), NOT_GIVEN),
            _year("base_year", Text("year the plan starts from", "基准年")),
            _year("last_year", Text("last year of the run", "末年")),
            _count("targets", Text("computed targets", "可计算目标数")),
            _count("met", Text("of these, met by the plan as written", "方案达到数")),
            _count("met_at_least_cost", Text("of these, met at least cost", "最低费用组合达到数")),
            _count("out_of_reach", Text("targets out of reach of every mix", "不可达目标数")),
            _amount("plan_cost", Text("cost of the plan", "方案费用"), Text("no plan", "无方案")),
            _amount("least_cost", Text("least cost", "最低费用"), Text("not solved", "未求解")),
            COST_UNIT,
            _count("warnings", Text("warnings", "警告数")),
            _text("version", Text("version of the program", "程序版本")),
            _text("started", Text("when the run began", "开始时间")),
        ),
        place="comparison",
    )
)

# --- arrays of results.nc ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A variable of ``results.nc``.

    Attributes
    ----------
    dims
        Names of its dimensions.
    means
        What it holds.
    kind
        Of its cells: ``number``, ``whole``, ``year`` or ``text``.
    unit
        As UDUNITS knows it; ``1`` where UDUNITS has no word for it, and empty for texts.
    own_unit
        Its unit in the words of the program, where UDUNITS has none.
    role
        ``data``, ``axis`` (numbers along the dimension of that name) or ``label`` (of the items
        of its dimension).
    blank
        When a number is missing.
    """

    name: str
    dims: tuple[str, ...]
    means: Text
    kind: Literal["number", "whole", "year", "text"] = "number"
    unit: str = ""
    own_unit: str = ""
    role: Literal["data", "axis", "label"] = "data"
    blank: Text | None = None

    def __post_init__(self) -> None:
        if (self.kind == "text") == bool(self.unit):
            raise ValueError(f"variable {self.name}: numbers, and only numbers, have a unit")


NOT_SOLVED = Text("the case was not solved for the year", "该情景未计算该年")


def _label(name: str, dimension: str, en: str, zh: str) -> Variable:
    return Variable(name=name, dims=(dimension,), means=Text(en, zh), kind="text", role="label")


VARIABLES: Final[dict[str, Variable]] = {
    variable.name: variable
    for variable in (
        Variable(
            name="emission",
            dims=("case", "source", "pollutant", "year"),
            means=Text("emission", "排放量"),
            unit="t year-1",
            blank=NOT_SOLVED,
        ),
        Variable(
            name="activity",
            dims=("case", "state", "year"),
            means=Text("activity in each state", "各状态的活动水平"),
            unit="1",
            own_unit="state_unit",
            blank=NOT_SOLVED,
        ),
        Variable(
            name="uptake",
            dims=("case", "move", "year"),
            means=Text("activity moved", "转移的活动水平"),
            unit="1",
            own_unit="state_unit of the state that the move starts from",
            blank=NOT_SOLVED,
        ),
        Variable(
            name="emission_factor",
            dims=("state", "pollutant", "year"),
            means=Text("emission factor after controls", "控制后的排放因子"),
            unit="1",
            own_unit="t per state_unit",
        ),
        Variable(
            name="unit_cost",
            dims=("move",),
            means=Text("annual cost of moving one unit", "转移一单位的年费用"),
            unit="1",
            own_unit=f"{MONEY} per year and state_unit of the state that the move starts from",
            blank=NO_COST,
        ),
        Variable(
            name="move_from",
            dims=("move",),
            means=Text("position of the state that the move starts from, from 0", "起始状态的位置"),
            kind="whole",
            unit="1",
        ),
        Variable(
            name="move_to",
            dims=("move",),
            means=Text(
                "position of the state that the move goes to, -1 where activity is avoided",
                "目标状态的位置，-1 表示活动被避免",
            ),
            kind="whole",
            unit="1",
        ),
        Variable(
            name="move_conversion",
            dims=("move",),
            means=Text("units of the to-state per unit of the from-state", "单位换算"),
            unit="1",
            own_unit="state_unit per state_unit",
        ),
        Variable(
            name="year",
            dims=("year",),
            means=Text("calendar year", "年份"),
            kind="year",
            unit="1",
            role="axis",
        ),
        _label("case_id", "case", "case of the run", "情景"),
        _label("pollutant_id", "pollutant", "pollutant", "污染物"),
        _label("source_id", "source", "emission source", "排放源"),
        _label("sector", "source", "sector of the source", "行业"),
        _label("unit", "source", "activity unit of the source", "活动水平单位"),
        _label("state_id", "state", "state: source, technology and controls", "状态"),
        _label("state_source", "state", "source of the state", "状态所属排放源"),
        _label("state_unit", "state", "activity unit of the state", "状态的活动水平单位"),
        _label("technology", "state", "technology of the state", "技术"),
        _label("measure", "move", "measure of the move", "措施"),
    )
}
"""Every variable of ``results.nc`` by name, in the order in which they are written."""

INDEXES: Final = {name: f"{name}_id" for name in ("case", "source", "state", "pollutant")}
"""Dimension -> variable that names its items; CF keeps coordinates of that name for numbers."""
