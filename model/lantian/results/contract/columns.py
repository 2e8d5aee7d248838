"""Columns that several tables have."""

from lantian.language import Text
from lantian.results.contract.declaration import Column
from lantian.vocabulary import BASES, BINDINGNESS, CASES, POLLUTANTS


def id_column(name: str, labels: str, means: Text, blank: Text | None = None) -> Column:
    """Return a column of ids, which are looked up among the names of a kind."""
    return Column(name=name, kind="id", means=means, labels=labels, blank=blank)


def number_column(name: str, unit: str, means: Text, blank: Text | None = None) -> Column:
    """Return a number whose unit is the same for all rows."""
    return Column(name=name, kind="number", means=means, unit=unit, blank=blank)


def amount_column(
    name: str, means: Text, blank: Text | None = None, unit_in: str = "unit"
) -> Column:
    """Return a number whose unit stands in another column."""
    return Column(name=name, kind="number", means=means, unit_in=unit_in, blank=blank)


def text_column(name: str, means: Text, blank: Text | None = None) -> Column:
    """Return a text."""
    return Column(name=name, kind="text", means=means, blank=blank)


def count_column(name: str, means: Text, blank: Text | None = None) -> Column:
    """Return a count."""
    return Column(name=name, kind="whole", means=means, unit="1", blank=blank)


def year_column(name: str, means: Text, blank: Text | None = None) -> Column:
    """Return a calendar year."""
    return Column(name=name, kind="year", means=means, blank=blank)


def truth_column(name: str, means: Text, blank: Text | None = None) -> Column:
    """Return a yes or no."""
    return Column(name=name, kind="truth", means=means, blank=blank)


def word_column(
    name: str, words: tuple[str, ...], means: Text, blank: Text | None = None
) -> Column:
    """Return a word of a closed list."""
    return Column(name=name, kind="text", means=means, words=words, blank=blank)


CASE = Column(
    name="case", kind="id", labels="case", words=CASES, means=Text("case of the run", "情景")
)
YEAR = year_column("year", Text("calendar year", "年份"))
SECTOR = id_column("sector", "sector", Text("sector of the source", "行业"))
SOURCE = id_column("source", "source", Text("emission source", "排放源"))
MEASURE = id_column("measure", "measure", Text("measure", "措施"))
TARGET = id_column("target", "target", Text("target", "目标"))
AREA = id_column("area", "area", Text("area of the region", "片区"))
POLLUTANT = Column(
    name="pollutant",
    kind="id",
    labels="pollutant",
    words=POLLUTANTS,
    means=Text("pollutant", "污染物"),
)
UNIT = text_column("unit", Text("unit of the numbers of the row", "单位"))
COST_UNIT = text_column("unit", Text("unit of the costs", "成本单位"))
CLAUSE = Column(
    name="clause",
    kind="id",
    labels="clause",
    separator=" ",
    means=Text("clauses of the plan that ask for it", "方案条款"),
)
BINDING_WORD = word_column(
    "bindingness", BINDINGNESS, Text("how binding the plan's wording is", "约束程度")
)
BASIS = word_column("basis", BASES, Text("what the number rests on", "数据来源等级"))
SOURCE_KEY = text_column(
    "source_key", Text("key of the citation in inputs/sources.csv", "文献编号")
)
ERROR = Column(
    name="error",
    kind="number",
    unit="1",
    means=Text(
        "largest error of the percentiles, half of a 95 % interval, as a share of the range",
        "各百分位的最大误差（95 % 区间半宽，占范围的比例）",
    ),
    infinite=Text("there are too few samples to tell", "样本太少，无法判断"),
)
NO_SAMPLES = Text("no samples were drawn", "未抽样")
SETTLED = truth_column("settled", Text("whether the samples suffice", "样本是否足够"))
LOW = amount_column("low", Text("lower end of its range", "下限"))
HIGH = amount_column("high", Text("upper end of its range", "上限"))
NO_COST = Text("the cost of the measure is unknown", "措施成本未知")
NOT_COMMITTED = Text("no commitment of the plan is about it", "方案未作此项任务")
NOT_COMPUTED = Text("the indicator of the target is not computed", "该目标的指标未计算")
NOT_A_TARGET = Text("the row is about no computed target", "该行不是可计算的目标")
NO_LIMIT_OF_ITS_OWN = Text("the standard has no limit on it", "标准无此限值")
NO_KEYS = Text("its table has no keys", "该表无键")
NOT_GIVEN = Text("none is given", "未提供")
NOT_DIVIDED = Text("the region is not divided into areas", "地区未划分片区")
