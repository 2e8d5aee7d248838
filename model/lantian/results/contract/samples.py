"""Tables of the samples: probabilities, ranges, variance, failures."""

from dataclasses import replace

from lantian.language import Text
from lantian.results.contract.columns import (
    BASIS,
    CASE,
    ERROR,
    NO_KEYS,
    NO_SAMPLES,
    SETTLED,
    TARGET,
    UNIT,
    YEAR,
    amount_column,
    count_column,
    number_column,
    text_column,
    word_column,
)
from lantian.results.contract.declaration import Table
from lantian.vocabulary import CASES, READINGS

NO_SAMPLES_OR_SWINGS = Text("no samples, or no swings, were asked for", "未要求抽样或两端计算")
NO_WEATHER = Text("its value does not depend on the weather of a year", "与当年气象无关")
NO_LIMIT = Text("its limit is nothing", "限值为零")
OF_A_BASIS = Text("the row is about a basis, or the weather", "该行为数据来源等级或气象")
SAMPLED_CASE = replace(
    CASE,
    words=(*CASES, *READINGS),
    means=Text("case of the run, or reading of the plan", "情景或方案读法"),
)

PROBABILITIES = Table(
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
        number_column("probability", "1", Text("part of the samples that meet it", "达标概率")),
        number_column("low", "1", Text("lower end of its 95 % interval", "概率下限")),
        number_column("high", "1", Text("upper end of its 95 % interval", "概率上限")),
        number_column(
            "part_low",
            "1",
            Text("lower end of the 95 % range of value by limit", "数值与限值之比的下限（95 %）"),
            NO_LIMIT,
        ),
        number_column(
            "part_high",
            "1",
            Text("upper end of the 95 % range of value by limit", "数值与限值之比的上限（95 %）"),
            NO_LIMIT,
        ),
        number_column(
            "normal_weather",
            "1",
            Text("probability at normal weather", "常年气象下的概率"),
            NO_WEATHER,
        ),
        number_column(
            "three_years",
            "1",
            Text("probability that the mean of three such years meets it", "三年均值达标概率"),
            NO_WEATHER,
        ),
        number_column(
            "lucky", "1", Text("met thanks to the weather", "因气象有利而达标"), NO_WEATHER
        ),
        number_column(
            "unlucky",
            "1",
            Text("missed because of the weather", "因气象不利而未达标"),
            NO_WEATHER,
        ),
    ),
    absent=NO_SAMPLES,
)


RANGES = Table(
    name="ranges",
    title=Text("Ranges of the answers", "结果范围"),
    means=Text(
        "Mean, median and 95 % range of targets, emission totals and cost over the samples; the"
        " error of the percentiles tells whether there were enough.",
        "各目标、排放总量和成本在样本中的均值、中位数和 95 % 范围；百分位误差说明样本是否足够。",
    ),
    key=("what", "outcome", "case"),
    columns=(
        word_column("what", ("target", "emission", "cost"), Text("what the row is about", "内容")),
        text_column("outcome", Text("target, pollutant, or cost", "目标、污染物或成本")),
        SAMPLED_CASE,
        YEAR,
        amount_column("mean", Text("mean", "均值")),
        amount_column("median", Text("median", "中位数")),
        amount_column("low", Text("lower end of the 95 % range", "95 % 范围下限")),
        amount_column("high", Text("upper end of the 95 % range", "95 % 范围上限")),
        UNIT,
        ERROR,
        SETTLED,
    ),
    absent=NO_SAMPLES,
)


COURSES = Table(
    name="courses",
    title=Text("Ranges year by year", "逐年结果范围"),
    means=Text(
        "Middle, 50 % and 95 % range of emission totals, and of the indicators that targets are"
        " about, in every year: a fan, from the first 250 samples, with the weather of each year."
        " Its ends are to be seen, not to be read as numbers: `ranges` has those of all samples.",
        "逐年排放总量及目标所涉指标的中位数、50 % 与 95 % 范围（扇形图），取前250个样本，"
        "含当年气象；两端供作图，数值以 `ranges` 为准。",
    ),
    key=("outcome", "case", "year"),
    columns=(
        text_column("outcome", Text("pollutant or indicator", "污染物或指标")),
        CASE,
        YEAR,
        amount_column("low", Text("lower end of the 95 % range", "95 % 范围下限")),
        amount_column("lower", Text("lower end of the 50 % range", "50 % 范围下限")),
        amount_column("median", Text("median", "中位数")),
        amount_column("upper", Text("upper end of the 50 % range", "50 % 范围上限")),
        amount_column("high", Text("upper end of the 95 % range", "95 % 范围上限")),
        UNIT,
        ERROR,
        SETTLED,
    ),
    absent=NO_SAMPLES,
)


DISTRIBUTIONS = Table(
    name="distributions",
    title=Text("Distributions of the inputs", "输入数据的分布"),
    means=Text(
        "Distribution from which each number is drawn; numbers of a series, and of a named"
        " group, are drawn together.",
        "每个数据抽样所用的分布；同一序列或同一命名组的数据一起变化。",
    ),
    key=("part", "input", "place"),
    columns=(
        text_column("part", Text("sector, or other part of the model, that takes it", "所属模块")),
        text_column("input", Text("keys of the row", "数据项"), NO_KEYS),
        text_column("distribution", Text("family", "分布类型")),
        text_column("cause", Text("group that it varies with", "所属组"), Text("none", "无")),
        amount_column("value", Text("number used in the central run", "中心取值")),
        amount_column("mean", Text("mean", "均值")),
        amount_column("low", Text("2.5 % of the draws are below", "2.5 % 分位")),
        amount_column("median", Text("median", "中位数")),
        amount_column("high", Text("2.5 % of the draws are above", "97.5 % 分位")),
        UNIT,
        text_column("place", Text("where it stands", "出处")),
    ),
    absent=NO_SAMPLES,
)


VARIANCE = Table(
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
        word_column("what", ("basis", "input", "weather"), Text("what the row is about", "内容")),
        count_column("rank", Text("the largest first", "排序"), OF_A_BASIS),
        text_column("input", Text("the first number of the cause", "该原因的首个数据"), OF_A_BASIS),
        replace(BASIS, blank=Text("it is the weather", "气象")),
        count_column(
            "numbers", Text("numbers that vary with it", "一起变化的数据个数"), OF_A_BASIS
        ),
        number_column("share", "1", Text("part of the variance", "方差占比")),
        number_column(
            "screened", "1", Text("the same by exact swings alone", "仅按两端计算"), OF_A_BASIS
        ),
        number_column("noise", "1", Text("part that chance alone may make", "噪声水平")),
        text_column("place", Text("where it stands", "出处"), OF_A_BASIS),
    ),
    absent=NO_SAMPLES_OR_SWINGS,
)


MEASURE_FIRST = Table(
    name="measure_first",
    title=Text("What to measure first", "应优先测定的数据"),
    means=Text(
        "The ten inputs whose better knowledge would settle most verdicts, and how likely each"
        " target is if the input turns out to lie in the lowest or highest third.",
        "最值得先测定的十项输入数据，以及其落在最低或最高三分之一时各目标的达标概率。",
    ),
    key=("rank", "target"),
    columns=(
        count_column("rank", Text("the most worth first", "排序")),
        text_column("input", Text("the first number of the cause", "该原因的首个数据"), NO_KEYS),
        BASIS,
        count_column("numbers", Text("numbers that vary with it", "一起变化的数据个数")),
        TARGET,
        number_column("share", "1", Text("part of the variance of its margin", "方差占比")),
        number_column("probability", "1", Text("that the plan meets it", "方案达标概率")),
        number_column("if_low", "1", Text("the same if the input is low", "数据偏低时的概率")),
        number_column("if_high", "1", Text("the same if the input is high", "数据偏高时的概率")),
        number_column(
            "off",
            "1",
            Text("half of the wider of their 95 % intervals", "两者95 % 区间半宽的较大者"),
        ),
        text_column("place", Text("where it stands", "出处")),
    ),
    absent=NO_SAMPLES_OR_SWINGS,
)


FAILURES = Table(
    name="failures",
    title=Text("When the plan fails", "方案何时失败"),
    means=Text(
        "The box of inputs that explains most misses of a target under the plan: all of its"
        " rows together. Coverage and density are those on samples not used to find it.",
        "最能解释方案未达标的输入条件组合：同一目标各行须同时成立；涵盖比例和密度由未用于寻找的样本检验。",
    ),
    key=("target", "rank"),
    columns=(
        TARGET,
        count_column("rank", Text("the most telling first", "排序")),
        word_column("what", ("input", "weather"), Text("what the row is about", "内容")),
        text_column("input", Text("the first number of the cause", "该原因的首个数据"), OF_A_BASIS),
        word_column("side", ("above", "below"), Text("on which side of the bound", "界限的哪一侧")),
        amount_column("bound", Text("bound; of the weather, factor on the mean", "界限")),
        UNIT,
        number_column("coverage", "1", Text("part of all misses inside", "涵盖比例")),
        number_column(
            "coverage_off", "1", Text("half of its 95 % interval", "涵盖比例的95 % 区间半宽")
        ),
        number_column("density", "1", Text("part of what lies inside that is missed", "密度")),
        number_column("density_off", "1", Text("half of its 95 % interval", "密度的95 % 区间半宽")),
        text_column("place", Text("where it stands", "出处"), OF_A_BASIS),
    ),
    absent=NO_SAMPLES_OR_SWINGS,
)


ENSEMBLE = Table(
    name="ensemble",
    title=Text("Targets of an ensemble", "样本集的目标"),
    means=Text(
        "Of every scenario of an ensemble: how likely each target is met under each case, with the"
        " weather of the year, and how its value is spread.",
        "样本集中每个情景：各情况下各目标按当年气象的达标概率及数值分布。",
    ),
    key=("scenario", "target", "case"),
    columns=(
        text_column("scenario", Text("name of the scenario", "情景名称")),
        text_column(
            "region",
            Text("region it is about", "地区"),
            Text("it has its own inventory", "自带清单"),
        ),
        TARGET,
        SAMPLED_CASE,
        replace(YEAR, means=Text("year in which it is judged", "目标年份")),
        number_column("probability", "1", Text("part of the samples that meet it", "达标概率")),
        number_column("low", "1", Text("lower end of its 95 % interval", "概率下限")),
        number_column("high", "1", Text("upper end of its 95 % interval", "概率上限")),
        amount_column("value_median", Text("median of the value", "数值中位数")),
        amount_column("value_low", Text("lower end of its 95 % range", "数值下限（95 %）")),
        amount_column("value_high", Text("upper end of its 95 % range", "数值上限（95 %）")),
        amount_column("limit_median", Text("median of the limit", "限值中位数")),
        UNIT,
        count_column("samples", Text("samples behind it", "样本数")),
        ERROR,
        SETTLED,
    ),
    place="ensemble",
)
