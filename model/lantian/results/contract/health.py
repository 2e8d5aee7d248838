"""Tables of health, benefits and climate."""

from lantian.language import Text
from lantian.results.contract.columns import (
    CASE,
    COST_UNIT,
    MEASURE,
    UNIT,
    YEAR,
    amount_column,
    id_column,
    number_column,
    text_column,
    word_column,
)
from lantian.results.contract.declaration import Column, Table

FUNCTIONS = ("gemm", "gbd", "fusion", "ier")
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
        number_column(name, unit, means, blank),
        number_column(f"{name}_low", unit, low, blank),
        number_column(f"{name}_high", unit, high, blank),
    )


AVOIDED = _range("avoided", "1/a", Text("deaths avoided in a year", "年避免死亡数"), BEYOND)
LIFE_YEARS = _range("life_years", "a/a", Text("years of life not lost", "避免寿命损失年"), BEYOND)

HEALTH = Table(
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
        id_column("cause", "cause", Text("cause of death", "死因")),
        text_column("age", Text("age group", "年龄组")),
        number_column("pm25_baseline", "ug/m3", Text("PM2.5 of the baseline", "基准PM2.5浓度")),
        number_column("pm25", "ug/m3", Text("PM2.5 of the case", "情景PM2.5浓度")),
        *AVOIDED,
        *LIFE_YEARS,
    ),
    absent=NO_HEALTH,
)


BENEFITS = Table(
    name="benefits",
    title=Text("Benefit and cost", "效益与成本"),
    means=Text(
        "Avoided deaths of all ages, their value where one is given, annual net cost and CO2 of"
        " each case, function by function.",
        "各情景全部年龄的避免死亡、其货币价值（如给出）、年净成本和二氧化碳，按函数列出。",
    ),
    key=("case", "year", "function"),
    columns=(
        CASE,
        YEAR,
        FUNCTION,
        word_column(
            "scope",
            ("whole", "causes"),
            Text("non-accidental deaths as a whole, or the sum of causes", "死因口径"),
        ),
        *AVOIDED,
        *LIFE_YEARS,
        amount_column("benefit", Text("value of the avoided deaths", "货币化效益"), NO_VALUE),
        amount_column("benefit_low", Text("its lower end", "效益下限"), NO_VALUE),
        amount_column("benefit_high", Text("its upper end", "效益上限"), NO_VALUE),
        amount_column("cost", Text("annual net cost of measures of known cost", "年净成本")),
        amount_column("net", Text("benefit less cost", "净效益"), NO_VALUE),
        number_column("co2_here", "t/a", Text("CO2 not emitted in the region", "本地CO2减排")),
        number_column(
            "co2_grid",
            "t/a",
            Text("CO2 not emitted for electricity", "电力CO2减排"),
            Text("the region has no grid factor", "地区无电网因子"),
        ),
        COST_UNIT,
    ),
    absent=NO_HEALTH,
)


CO_CONTROL = Table(
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
        amount_column("so2", Text("SO2 cut", "SO2减排量")),
        amount_column("nox", Text("NOx cut", "NOx减排量")),
        amount_column("voc", Text("VOC cut", "VOCs减排量")),
        amount_column("pm25", Text("primary PM2.5 cut", "一次PM2.5减排量")),
        amount_column("co2_here", Text("CO2 cut in the region", "本地CO2减排量")),
        amount_column("co2_grid", Text("CO2 cut by less electricity", "电力CO2减排量")),
        amount_column("co2", Text("CO2 cut in all", "CO2减排总量")),
        UNIT,
        word_column(
            "kind",
            ("gain", "neutral", "conflict"),
            Text("whether it saves CO2 as well, neither, or costs some", "协同类型"),
        ),
    ),
    absent=Text("the region has no grid factor", "地区无电网因子"),
)
