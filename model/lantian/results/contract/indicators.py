"""Tables of indicators and of what they are held against."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    BASIS,
    CASE,
    HIGH,
    LOW,
    NO_LIMIT_OF_ITS_OWN,
    NO_SAMPLES,
    NOT_GIVEN,
    POLLUTANT,
    SECTOR,
    SOURCE,
    SOURCE_KEY,
    UNIT,
    YEAR,
    amount_column,
    count_column,
    id_column,
    number_column,
    text_column,
    truth_column,
    word_column,
)
from lantian.results.contract.declaration import Column, Table
from lantian.vocabulary import HARMONISING

NO_INVENTORY = Text("the run has no inventory of the year", "本次运行没有该年清单")
NO_ROLLING_MEAN = Text(
    "the standard has no rolling mean of it, or a year that it goes back to is not known",
    "标准未规定滑动平均，或缺少所需的以前年份",
)

INDICATORS = Table(
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
        id_column("indicator", "indicator", Text("indicator", "指标")),
        id_column("component", "component", Text("total, or what it comes from", "组成")),
        amount_column("value", Text("value", "数值")),
        replace(LOW, blank=Text("no range is known", "范围未知")),
        replace(HIGH, blank=Text("no range is known", "范围未知")),
        UNIT,
    ),
)


BY_STANDARD = Table(
    name="by_standard",
    title=Text("Air quality by standard", "按不同标准评价"),
    means=Text(
        "The same air judged by each standard: levels against the limits of class 2 as they"
        " hold in the year, days and the composite index by each one's rules. Before a"
        " standard is in force its first phase is taken. Years that a rolling mean goes back to are"
        " those of the case, or observed; a case without a mix of these years has no such mean.",
        "同一结果按各标准评价：浓度对照当年二级限值，天数和综合指数按各标准规则计算；标准实施前取其首个阶段。"
        "滑动平均所用的以前年份取该情景的结果或观测值；情景缺少这些年份时不计算。",
    ),
    key=("case", "year", "standard", "indicator"),
    columns=(
        CASE,
        YEAR,
        text_column("standard", Text("standard", "标准")),
        text_column("phase", Text("phase of it that holds in the year", "阶段")),
        id_column("indicator", "indicator", Text("indicator", "指标")),
        amount_column("value", Text("value under that standard", "数值")),
        amount_column("limit", Text("limit of class 2", "二级限值"), NO_LIMIT_OF_ITS_OWN),
        truth_column("met", Text("whether the value keeps it", "是否达标"), NO_LIMIT_OF_ITS_OWN),
        count_column(
            "rolling_years",
            Text("years, up to this one, whose mean is held against the limit", "滑动平均的年数"),
            NO_ROLLING_MEAN,
        ),
        amount_column("rolling", Text("mean of these years", "滑动平均值"), NO_ROLLING_MEAN),
        truth_column(
            "rolling_met", Text("whether that keeps it", "滑动平均是否达标"), NO_ROLLING_MEAN
        ),
        UNIT,
    ),
    absent=Text("the levels of the six pollutants are not known", "六项污染物浓度未知"),
)


ISOPLETH = Table(
    name="isopleth",
    title=Text("Ozone on the isopleth", "臭氧等值线"),
    means=Text(
        "Ozone of the last year over NOx and VOC: the surface of the region's isopleth.csv, and"
        " where each case lies on it. Emissions of the base year are at 1 and 1.",
        "末年臭氧随NOx和VOCs排放的变化：地区isopleth.csv给出的曲面以及各情景所在的点；基准年排放为1和1。",
    ),
    key=("case", "nox", "voc"),
    columns=(
        replace(CASE, blank=Text("a point of the surface", "曲面上的点")),
        YEAR,
        number_column("nox", "1", Text("NOx over that of the base year", "NOx排放与基准年之比")),
        number_column("voc", "1", Text("VOC over that of the base year", "VOCs排放与基准年之比")),
        amount_column("value", Text("90th percentile of ozone", "臭氧第90百分位数")),
        UNIT,
    ),
    absent=Text("the region has no isopleth of ozone", "地区无臭氧等值线数据"),
)


CONCENTRATIONS = Table(
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
        id_column("receptor", "receptor", Text("receptor", "受体")),
        id_column("component", "source", Text("total, background, or a source", "组成")),
        amount_column("value", Text("concentration", "浓度")),
        LOW,
        HIGH,
        UNIT,
        replace(BASIS, blank=Text("the source adds nothing there", "该源无贡献")),
    ),
    absent=Text("the scenario has no table of transfer", "情景无传输系数表"),
)


OBSERVED = Table(
    name="observed",
    title=Text("Observations", "观测值"),
    means=Text("What was observed, beside the projection.", "与预测并列的观测值。"),
    key=("indicator", "year"),
    columns=(
        id_column("indicator", "indicator", Text("indicator", "指标")),
        YEAR,
        amount_column("value", Text("value observed", "观测值")),
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


HINDCAST = Table(
    name="hindcast",
    title=Text("Hindcast", "回顾检验"),
    means=Text(
        "Each observed value of the years of the run beside that of the model under the plan, "
        "both of air at its actual state. Low and high are the model's with all numbers of the "
        "response at their low, and all at their high ends; the 95 % range is that of the random "
        "sets of inputs from which `courses` is drawn.",
        "运行年份内各观测值与方案情景模拟值对照，均为实际状态。下限、上限为响应的全部参数分别取"
        "下限、上限时的模拟值；95 % 范围取自绘制 `courses` 的随机样本。",
    ),
    key=("indicator", "year"),
    columns=(
        id_column("indicator", "indicator", Text("indicator", "指标")),
        YEAR,
        amount_column("observed", Text("value observed", "观测值")),
        amount_column("value", Text("value of the model", "模拟值")),
        replace(LOW, blank=Text("no range is known", "范围未知")),
        replace(HIGH, blank=Text("no range is known", "范围未知")),
        amount_column("error", Text("value of the model less that observed", "模拟值减观测值")),
        Column(
            name="inside",
            kind="truth",
            means=Text("whether it lies within the range of the model", "观测值是否在模拟范围内"),
        ),
        amount_column(
            "sampled_low", Text("lower end of the 95 % range", "95 % 范围下限"), NO_SAMPLES
        ),
        amount_column(
            "sampled_high", Text("upper end of the 95 % range", "95 % 范围上限"), NO_SAMPLES
        ),
        number_column(
            "below",
            "1",
            Text("part of the samples below the value observed", "样本中低于观测值的比例"),
            NO_SAMPLES,
        ),
        Column(
            name="fitted",
            kind="truth",
            means=Text(
                "whether the model is fitted to it: in its base year, and of levels that take up "
                "what was observed before it",
                "模型是否按该值标定：基准年，以及直接采用基准年以前观测值的指标",
            ),
        ),
        UNIT,
        BASIS,
        SOURCE_KEY,
    ),
)


OWNERS = Table(
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
        id_column("indicator", "indicator", Text("indicator", "指标")),
        CASE,
        YEAR,
        Column(
            name="in_step",
            kind="truth",
            means=Text("whether the rest of the city cuts as the plan does", "全市是否同步减排"),
        ),
        Column(
            name="stated",
            kind="truth",
            means=Text("whether it is what the scenario states", "是否为情景设定的口径"),
        ),
        amount_column("base", Text("mean of the base year", "基准年年均浓度")),
        amount_column("total", Text("mean of the year", "当年年均浓度")),
        amount_column(
            "own", Text("change that the region's own emissions make", "本区排放变化的贡献")
        ),
        amount_column("city", Text("change that the rest of the city makes", "全市其他区域的贡献")),
        amount_column("outside", Text("change from outside", "市外及背景的贡献")),
        UNIT,
    ),
)


_NO_DRAWS = Text("no samples were asked for", "未要求抽样")

TOPDOWN = Table(
    name="topdown",
    title=Text("Independent estimates", "独立估算对照"),
    means=Text(
        "The inventory against independent estimates of the same sectors, each with its own range:"
        " whether a value lies inside the range of the estimate, outside of it on either side while"
        " both ranges meet, or apart.",
        "清单量与相同行业的独立估算对照，两者各有范围：清单量在估算范围之内，在其外但两个范围相交，或完全不相交。",
    ),
    key=("sector", "without", "pollutant", "year", "source_key"),
    columns=(
        id_column("sector", "sector", Text("sector, or all", "行业")),
        id_column(
            "without",
            "sector",
            Text("sector that is not compared", "不参与对照的行业"),
            Text("none is left out", "无"),
        ),
        POLLUTANT,
        YEAR,
        amount_column("inventory", Text("emission of the inventory", "清单量")),
        amount_column(
            "own_low", Text("lower end of its own 95 % range", "清单量下限（95 %）"), _NO_DRAWS
        ),
        amount_column(
            "own_high", Text("upper end of its own 95 % range", "清单量上限（95 %）"), _NO_DRAWS
        ),
        amount_column("topdown", Text("independent estimate", "独立估算")),
        LOW,
        HIGH,
        number_column(
            "ratio",
            "1",
            Text("inventory over estimate", "比值"),
            Text("the estimate is zero", "估算值为零"),
        ),
        word_column(
            "stands",
            ("inside", "overlapping", "apart"),
            Text("how the inventory stands to the range of the estimate", "与估算范围的关系"),
        ),
        UNIT,
        BASIS,
        SOURCE_KEY,
        text_column("note", Text("how the estimate was made", "说明"), NOT_GIVEN),
    ),
)


KNOWN_TOTALS = Table(
    name="known_totals",
    title=Text("Known totals", "已知总量"),
    means=Text(
        "Totals that are known of years (table totals of the region), beside the inventory of their"
        " year before it is brought to any, with its range; and what each is used for.",
        "地区总量表（totals）中各年的已知总量，与该年调整前的清单及其范围对照，并列出各自的用途。",
    ),
    key=("sector", "pollutant", "year"),
    columns=(
        id_column("sector", "sector", Text("sector, or all", "行业")),
        POLLUTANT,
        YEAR,
        amount_column("total", Text("total that is known", "已知总量")),
        LOW,
        HIGH,
        amount_column("inventory", Text("total of the inventory", "清单总量"), NO_INVENTORY),
        amount_column("least", Text("low end of the inventory", "清单下限"), NO_INVENTORY),
        amount_column("most", Text("high end of the inventory", "清单上限"), NO_INVENTORY),
        number_column("ratio", "1", Text("inventory over total", "比值"), NO_INVENTORY),
        truth_column(
            "inside",
            Text("whether the inventory is in the range of the total", "清单是否在总量范围内"),
            NO_INVENTORY,
        ),
        truth_column("brought", Text("whether the inventory is brought to it", "清单是否按其调整")),
        Column(
            name="targets",
            kind="id",
            labels="target",
            separator=" ",
            means=Text("targets that are relative to it", "以其为基准的目标"),
            blank=Text("no target is relative to it", "没有目标以其为基准"),
        ),
        UNIT,
        BASIS,
        SOURCE_KEY,
    ),
    absent=Text("the region has no table totals", "地区没有总量表（totals）"),
)


HARMONISED = Table(
    name="harmonised",
    title=Text("What was brought to known totals", "按已知总量调整的排放源"),
    means=Text(
        "What bringing the inventory to known totals changes, source by source, without the plan.",
        "按已知总量调整清单对各排放源的改变（无方案）。",
    ),
    key=("source", "pollutant", "year"),
    columns=(
        SECTOR,
        SOURCE,
        POLLUTANT,
        YEAR,
        amount_column("before", Text("emission before", "调整前排放量")),
        amount_column("after", Text("emission after", "调整后排放量")),
        number_column("ratio", "1", Text("after over before", "调整后与调整前之比")),
        UNIT,
        word_column("method", HARMONISING, Text("how the correction goes on", "调整方法")),
    ),
    absent=Text("the scenario has no part harmonise", "情景没有 harmonise 部分"),
)
