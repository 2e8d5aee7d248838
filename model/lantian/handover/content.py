"""A run's tables -> the content of its report, section by section."""

from collections.abc import Callable, Iterable

from lantian.handover.blocks import Block, Listing, Paragraph, Picture, Report, Section
from lantian.handover.decision import decision, inputs_grid, mix_grid
from lantian.handover.robust import robust
from lantian.handover.told import MOST, Told, picture
from lantian.language import LIST_MARK, Text, message, say
from lantian.report.frames import Row
from lantian.report.words import BINDING_NAMES, chance_text, figures
from lantian.vocabulary import Language


def build(told: Told) -> Report:
    """Return the content of the report of a run.

    Parameters
    ----------
    told
        The run and the language.

    Returns
    -------
    Report
        Sections that have something to say.
    """
    sections = [Section(name, told.say(title), make(told)) for name, title, make in SECTIONS]
    shown = {b.stem for s in sections for b in s.blocks if isinstance(b, Picture)}
    rest = [picture(entry) for entry in told.pictures if entry.stem not in shown]
    sections.append(Section("further", told.say(Text("Further charts", "其他图件")), rest))
    return Report(_title(told), _below(told), tuple(s for s in sections if s.blocks))


def brief(told: Told) -> Report:
    """Return the decision page alone."""
    name, title, make = SECTIONS[0]
    return Report(_title(told), _below(told), (Section(name, told.say(title), make(told)),))


def _title(told: Told) -> str:
    return str(told.summary["title"][told.language])


def _below(told: Told) -> str:
    manifest = told.tables.manifest()
    return told.say(
        Text(
            "{place}, {first} to {last}. Lantian {version}, content id {id}.",
            "{place}，{first}—{last}年。Lantian {version}，内容编号 {id}。",
        ),
        place=told.words.name(str(told.summary["region"] or told.summary["name"])),
        first=str(told.summary["base_year"]),
        last=str(told.summary["years"][-1]),
        version=str(manifest.get("version", "")),
        id=str(manifest.get("content_id", "")),
    )


def targets(told: Told) -> list[Block]:
    """Charts of the targets, and how far those out of reach can be brought."""
    found = told.summary["out_of_reach"]
    scale = told.money_scale(row["cost"] for row in found)
    heads = [
        told.say(Text("target", "目标")),
        told.say(Text("limit", "限值")),
        told.say(Text("at best", "最好能到")),
        told.say(Text("costed at", "计费水平")),
        told.say(Text("unit", "单位")),
        told.say(Text("net cost there, {unit}", "该水平净成本（{unit}）"), unit=scale.unit),
    ]
    rows: list[list[str | float]] = [
        [
            told.words.target(row["target"]),
            float(row["limit"]),
            float(row["best"]),
            float(row["value"]),
            told.unit(row["unit"]),
            float(row["cost"]) / scale.size,
        ]
        for row in found
    ]
    far = told.grid(told.say(Text("Targets out of reach", "不可达目标")), heads, rows)
    return [*told.charts("targets-at-a-glance", "trajectory", "pm25-by-contribution"), *far]


def inventory(told: Told) -> list[Block]:
    """Emissions by sector, and how they stand beside independent estimates."""
    return told.charts("sector-table", "emissions-by-sector", "topdown-check", "hindcast")


def measures(told: Told) -> list[Block]:
    """What each measure of the plan does, and what it costs."""
    ids = (
        "measure-effects",
        "waterfall",
        "uptake",
        "cost-per-tonne",
        "cost-per-effect",
        "cost-by-sector",
    )
    return told.charts(*ids, "activity-flow", "fleet-by-standard")


def least_cost(told: Told) -> list[Block]:
    """The cheapest mix in full, its prices, and other ways of choosing."""
    ids = ("marginal-cost", "shadow-prices", "ways-of-choosing", "cost-frontier")
    return [*mix_grid(told, MOST), *told.charts(*ids, "alternatives")]


def uncertainty(told: Told) -> list[Block]:
    """How sure the verdicts are, what to measure first, and what the answers rest on."""
    blocks = [*_sampled(told), *told.charts("target-probabilities")]
    blocks += [*told.charts("variance-by-input"), *_measure_first(told), *inputs_grid(told, MOST)]
    return [*blocks, *told.charts("basis-of-numbers")]


def _sampled(told: Told) -> list[Block]:
    """Return what the per cents beside the verdicts are; nothing without samples."""
    samples = told.summary.get("samples")
    if samples is None:
        return []
    said = told.say(
        Text(
            "Per cents beside a verdict are the share of {n} random sets of inputs, drawn from"
            " their stated ranges, in which it is met. What has no range is not in them.",
            "结论旁的百分数为按各输入数据给定范围随机抽取的 {n} 组数据中达标的比例；"
            "没有范围的因素未计入。",
        ),
        n=f"{samples['number']:,}",
    )
    return [Paragraph(said)]


def _measure_first(told: Told) -> list[Block]:
    """Return the inputs worth measuring first, and what they would do to the verdict."""
    heads = [
        told.say(Text("input", "数据")),
        told.say(Text("target", "目标")),
        told.say(Text("share of its variance", "占其方差")),
        told.say(Text("met if it is low", "取低值时达标")),
        told.say(Text("met if it is high", "取高值时达标")),
    ]
    samples = told.summary.get("samples") or {"measure_first": []}
    rows = [
        [
            told.number_of(row["keys"]),
            told.words.target(row["target"]),
            chance_text(row["share"]),
            chance_text(row["if_low"]),
            chance_text(row["if_high"]),
        ]
        for row in samples["measure_first"]
    ]
    return told.grid(told.say(Text("Worth measuring first", "最值得先测定的数据")), heads, rows)


def health(told: Told) -> list[Block]:
    """Avoided deaths by function beside cost, and CO2; nothing where the scenario asks for none."""
    rows = [row for row in told.rows("benefits") if row.year == told.year]
    heads = [
        told.say(Text("case", "情景")),
        told.say(Text("function", "函数")),
        told.say(Text("deaths avoided", "避免死亡")),
        told.say(Text("range", "范围")),
    ]
    cells = [
        [
            told.words.case(row.case),
            row.function.upper(),
            float(row.avoided),
            f"{figures(row.avoided_low)} – {figures(row.avoided_high)}",
        ]
        for row in rows
        if row.avoided == row.avoided
    ]
    found = told.grid(told.say(Text("Deaths avoided", "避免死亡")), heads, cells)
    return [*told.charts("benefit-and-cost"), *found]


def clauses(told: Told) -> list[Block]:
    """What became of each clause of the plan."""
    heads = [
        told.say(Text("clause", "条款")),
        told.say(Text("what it says", "内容")),
        told.say(Text("bindingness", "约束程度")),
        told.say(Text("what became of it", "落实")),
    ]
    rows = [
        [
            row.clause_no or row.row_id,
            (row.gist_zh if told.language == "zh" else row.gist_en) or "",
            "/".join(told.say(BINDING_NAMES[part]) for part in row.bindingness.split("+")),
            _fate(told, row),
        ]
        for row in told.rows("clauses")
    ]
    found = told.grid(told.say(Text("Clauses of the plan", "方案条款")), heads, rows)
    return [*told.charts("clause-ledger", "commitments"), *found]


def _fate(told: Told, row: Row) -> str:
    if row.fate == "modelled":
        return told.say(MODELLED)
    word = str(row.reason or row.fate)
    said = message(word).text(told.language)
    return said if said != word else told.words.name(word)


MODELLED = Text("modelled", "已建模")


def not_computed(told: Told) -> list[Block]:
    """Targets that are listed only, and what the run warns of."""
    names = [told.words.target(t["id"]) for t in told.summary["targets"] if not t["computed"]]
    listed = told.say(
        Text("Not computed: {names}.", "未计算：{names}。"), names=told.words.join(names)
    )
    warned = gathered([getattr(row, told.language) for row in told.rows("problems")], told.language)
    return [*([Paragraph(listed)] if names else []), *([Listing(warned)] if warned else [])]


COLON: dict[Language, str] = {"en": ": ", "zh": "："}


def gathered(texts: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return texts that begin alike up to a colon as one, each beginning as a sentence does.

    Parameters
    ----------
    texts
        One line each.
    language
        That they are in.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        begin, colon, rest = text.partition(COLON[language])
        found.setdefault(begin + colon, []).append(rest)
    joined = (begin + LIST_MARK[language].join(rest) for begin, rest in found.items())
    return tuple(text[:1].upper() + text[1:] for text in joined)


def method(told: Told) -> list[Block]:
    """How the numbers were made, in a paragraph."""
    return [
        Paragraph(
            told.say(
                Text(
                    "Emissions are activity times factor, by source and technology. The baseline"
                    " follows drivers, turnover and rules already in force. Measures move activity"
                    " from one state to another, within their reach; what several do together is"
                    " credited by the order-independent mean. Least cost is the optimum of a linear"
                    " program, proved by its dual; costs are annual, of society, in prices of"
                    " {year}. Every number has a range and a basis; docs/method.md has the"
                    " equations with their sources.",
                    "排放量为各排放源、各技术的活动水平与因子之积。基准情景只含增长、自然更新和已生效的规定。"
                    "措施在可达比例内把活动水平从一种状态移到另一种；多项措施的共同效果按与顺序无关的平均值"
                    "分摊。最低成本是线性规划的最优解，并由对偶证明；成本为社会年净成本，{year}年价格。"
                    "每个数据都有范围和来源等级；方程及出处见 docs/method.md。",
                ),
                year=str(told.summary["price_year"]),
            )
        )
    ]


def references(told: Told) -> list[Block]:
    """Sources of the numbers, those of most numbers first."""
    rows = told.rows("references")
    if not rows:
        return []
    return [Paragraph(told.say(COUNTED)), Listing(tuple(_cited(row, told) for row in rows))]


def _cited(row: Row, told: Told) -> str:
    """Return a source as it is cited; that there is none is said in the reader's language."""
    parts = (say(row.citation or row.source_key, told.language), row.url or "")
    return " ".join(part for part in parts if part) + f" [{row.source_key}: {row.numbers}]"


COUNTED = Text(
    "In brackets: the key under which inputs/sources.csv has the source, and how many numbers of"
    " this run are from it.",
    "方括号内为该出处在 inputs/sources.csv 中的键，以及本次运行取自该出处的数据个数。",
)


def made_from(told: Told) -> list[Block]:
    """How the run can be made again."""
    manifest = told.tables.manifest()
    heads = (told.say(Text("what", "项目")), told.say(Text("value", "内容")))
    libraries = ", ".join(f"{name} {v}" for name, v in manifest.get("libraries", {}).items())
    rows = [
        (told.say(Text("command", "命令")), str(manifest.get("command", ""))),
        (told.say(Text("content id", "内容编号")), str(manifest.get("content_id", ""))),
        (told.say(Text("begun", "开始时间")), str(manifest.get("started", ""))),
        (told.say(Text("version", "版本")), f"Lantian {manifest.get('version', '')}"),
        (told.say(Text("libraries", "程序库")), libraries),
    ]
    return told.grid(told.say(Text("Made from", "运行信息")), heads, rows)


SECTIONS: tuple[tuple[str, Text, Callable[[Told], list[Block]]], ...] = (
    ("decision", Text("The answer", "结论"), decision),
    ("targets", Text("Targets", "目标"), targets),
    ("inventory", Text("Emissions today", "排放清单"), inventory),
    ("measures", Text("The plan's measures", "方案措施"), measures),
    ("least-cost", Text("Least cost", "最低成本"), least_cost),
    ("uncertainty", Text("How sure it is", "可靠程度"), uncertainty),
    ("robust", Text("Mixes that hold when inputs differ", "数据变化时仍成立的组合"), robust),
    ("health", Text("Health and climate", "健康与气候效益"), health),
    ("clauses", Text("The plan, clause by clause", "方案条款落实"), clauses),
    ("not-computed", Text("Not computed, and warnings", "未计算的目标与提示"), not_computed),
    ("method", Text("Method", "方法"), method),
    ("references", Text("Sources", "数据出处"), references),
    ("made-from", Text("How it was made", "如何重做"), made_from),
)
"""Id, heading and maker of each section, in the order of reading."""
