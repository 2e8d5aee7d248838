"""A run's tables -> the content of its report, section by section."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lantian.handover.blocks import Block, Grid, Listing, Paragraph, Picture, Report, Section
from lantian.handover.certifiable import NOT_CERTIFIABLE, is_certifiable
from lantian.language import Text, message
from lantian.report.captions import Entry
from lantian.report.frames import Row, RunTables
from lantian.report.words import (
    BINDING_NAMES,
    MONEY_STEP,
    TIER_NAMES,
    Words,
    chance_text,
    figures,
)
from lantian.vocabulary import Language

MOST = 40
"""Rows of a table in the report; the workbook and the run's tables hold all."""
CASES = ("baseline", "plan", "least_cost")


@dataclass(frozen=True)
class Told:
    """A run and the language it is told in.

    Attributes
    ----------
    tables
        Of the run.
    words
        Names in the reader's language.
    pictures
        Texts of the charts that are drawn, in gallery order.
    """

    tables: RunTables
    words: Words
    pictures: Sequence[Entry]

    @property
    def language(self) -> Language:
        """Language of the reader."""
        return self.words.language

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What stands in ``summary.json``."""
        return self.tables.summary()

    @property
    def year(self) -> int:
        """Last year with targets, of which costs are told."""
        return int(self.summary["cost"]["year"])

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, none where the run has none."""
        return self.tables.rows(table) if self.tables.has(table) else []

    def say(self, text: Text, **values: str) -> str:
        """Return a text in the reader's language."""
        return self.words.say(text, **values)

    def unit(self, unit: str) -> str:
        """Return a unit in the reader's language."""
        printed = self.words.unit(unit)
        return printed if printed != unit else message(unit).text(self.language)

    def money(self, amount: float | None) -> str:
        """Return a sum in millions or 万 of the currency, with its unit."""
        if amount is None or amount != amount:
            return "–"
        return f"{figures(amount / MONEY_STEP[self.language])} {self.money_unit}"

    @property
    def money_unit(self) -> str:
        """Unit that sums of money are told in."""
        currency = self.unit(str(self.summary["currency"]))
        return self.say(Text("million {currency}/a", "万{currency}/年"), currency=currency)

    def charts(self, *ids: str) -> list[Block]:
        """Return the pictures of some charts, those of one chart one after another."""
        own = (e for name in ids for e in self.pictures if _is_of(e.stem, name))
        return [_picture(entry) for entry in own]


def _picture(entry: Entry) -> Picture:
    return Picture(entry.stem, entry.title, entry.caption, entry.alt)


def _is_of(stem: str, chart: str) -> bool:
    return stem == chart or stem.startswith(f"{chart}-")


def grid(caption: str, heads: Iterable[str], rows: Iterable[Sequence[str | float]]) -> list[Block]:
    """Return a table as blocks: none without rows, its first rows where there are many."""
    cells = tuple(tuple(row) for row in rows)
    if not cells:
        return []
    width = range(len(cells[0]))
    numeric = frozenset(i for i in width if all(isinstance(row[i], float) for row in cells))
    return [Grid(caption, tuple(heads), cells[:MOST], numeric)]


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
    rest = [_picture(entry) for entry in told.pictures if entry.stem not in shown]
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


# --- the decision page ---------------------------------------------------------------------------


def decision(told: Told) -> list[Block]:
    """Verdict, cost, mix and what they rest on."""
    return [
        *(Paragraph(line, leading=True) for line in _answer(told)),
        *targets_grid(told),
        *tiers_grid(told),
        *mix_grid(told, most=10),
        *_rests_on(told, most=5),
        *_own_code(told),
    ]


def _own_code(told: Told) -> list[Block]:
    """Return that code of the user's own had a part in a run, if it had."""
    if is_certifiable(told.tables.manifest()):
        return []
    return [Paragraph(message(NOT_CERTIFIABLE).text(told.language))]


def _answer(told: Told) -> list[str]:
    """Return the answer in three sentences: the plan, the least cost, what is out of reach."""
    computed = [t for t in told.summary["targets"] if t["computed"]]
    costs = told.summary["cost"]["spent"]
    lines = []
    if any("plan" in t["met"] for t in computed):
        lines.append(
            told.say(
                Text(
                    "The plan as written meets {met} of {all} computed targets; it costs {cost}.",
                    "按原文实施，方案达到 {all} 项可计算目标中的 {met} 项，费用 {cost}。",
                ),
                met=str(sum(t["met"].get("plan") is True for t in computed)),
                all=str(len(computed)),
                cost=told.money(costs.get("plan")),
            )
        )
    if "least_cost" in costs:
        lines.append(
            told.say(
                Text(
                    "The cheapest mix that meets the binding and approximate targets within reach"
                    " costs {cost}{more}.",
                    "达到可达的约束性和“左右”类目标的最低费用组合费用为 {cost}{more}。",
                ),
                cost=told.money(costs["least_cost"]),
                more=_on_top(told),
            )
        )
    far = list(dict.fromkeys(row["target"] for row in told.summary["out_of_reach"]))
    if far:
        lines.append(
            told.say(
                Text("Out of reach of every mix: {names}.", "任何组合都达不到：{names}。"),
                names=told.words.join(told.words.target(name) for name in far),
            )
        )
    return lines


def _on_top(told: Told) -> str:
    """Return what the other targets within reach add to the headline, if there are any."""
    added = [t["added"] for t in told.summary["tiers"] if t["tier"] == "best_effort"]
    if not added:
        return ""
    more = Text("; all others within reach add {cost}", "；其余可达目标另加 {cost}")
    return told.say(more, cost=told.money(added[-1]))


def targets_grid(told: Told) -> list[Block]:
    """Return each target's limit, its value in each case, and whether it is met."""
    heads = [
        told.say(Text("target", "目标")),
        told.say(Text("year", "年份")),
        told.say(Text("limit", "限值")),
        *(told.words.case(case) for case in CASES),
        told.say(Text("unit", "单位")),
    ]
    rows = [
        [
            told.words.target(t["id"]),
            str(t["year"]),
            figures(t["limit"]) if t["limit"] is not None else "–",
            *(_judged(t, case) for case in CASES),
            told.unit(t["unit"] or ""),
        ]
        for t in told.summary["targets"]
        if t["computed"]
    ]
    return grid(told.say(Text("Targets", "目标")), heads, rows)


def _judged(target: Mapping[str, Any], case: str) -> str:
    value, met = target["value"].get(case), target["met"].get(case)
    if value is None:
        return "–"
    mark = {True: " ✓", False: " ✗", None: ""}[met]
    chance = (target.get("probability") or {}).get(case)
    return f"{figures(value)}{mark}" + ("" if chance is None else f" {chance_text(chance)}")


def tiers_grid(told: Told) -> list[Block]:
    """Return what each tier of targets adds to the least cost."""
    heads = [
        told.say(Text("tier", "级别")),
        told.say(Text("targets reached", "达到的目标")),
        told.say(Text("cost up to here, {unit}", "累计费用（{unit}）"), unit=told.money_unit),
        told.say(Text("added, {unit}", "增加（{unit}）"), unit=told.money_unit),
    ]
    step = MONEY_STEP[told.language]
    rows: list[list[str | float]] = [
        [
            told.say(TIER_NAMES[t["tier"]]),
            told.words.join(told.words.target(name) for name in t["reached"]) or "–",
            _without_rounding(t["cost"]) / step,
            _without_rounding(t["added"]) / step,
        ]
        for t in told.summary["tiers"]
        if t["year"] == told.year and t["cost"] is not None
    ]
    return grid(told.say(Text("Least cost, tier by tier", "分级最低费用")), heads, rows)


def _without_rounding(amount: float) -> float:
    """Return a sum of money; what is left of a difference of equal sums is nothing."""
    return 0.0 if abs(amount) < 1.0 else float(amount)


def mix_grid(told: Told, most: int = MOST) -> list[Block]:
    """Return the recommended mix, the measures with most effect first."""
    heads = [
        told.say(Text("measure", "措施")),
        told.say(Text("amount", "用量")),
        told.say(Text("plan", "方案用量")),
        told.say(Text("cost, {unit}", "费用（{unit}）"), unit=told.money_unit),
    ]
    rows = [
        [
            told.words.name(row["measure"]),
            told.words.join(_amount(told, a["amount"], u) for u, a in row["amounts"].items()),
            told.words.join(_amount(told, a["plan"], u) for u, a in row["amounts"].items()),
            row["cost"] / MONEY_STEP[told.language],
        ]
        for row in told.summary["mix"][:most]
    ]
    return grid(told.say(Text("Recommended mix", "推荐组合")), heads, rows)


def _amount(told: Told, amount: float, unit: str) -> str:
    return f"{figures(amount)} {told.unit(unit)}"


def _rests_on(told: Told, most: int) -> list[Block]:
    """Return the inputs that move the targets most, with their range and what it does."""
    heads = [
        told.say(Text("input", "数据")),
        told.say(Text("value", "取值")),
        told.say(Text("range", "范围")),
        told.say(Text("basis", "数据来源等级")),
        told.say(Text("moves", "影响的目标")),
        told.say(Text("from ... to ...", "由……到……")),
    ]
    rows = [
        [
            told.words.join(told.words.name(str(key)) for key in row["keys"]),
            f"{figures(row['value'])} {told.unit(row['unit'])}",
            f"{figures(row['low'])} – {figures(row['high'])}",
            told.words.basis(row["basis"]),
            told.words.target(row["outcome"]),
            _moved(told, row),
        ]
        for row in told.summary["assumptions"][:most]
        if row.get("outcome")
    ]
    return grid(told.say(Text("What it rests on most", "最有影响的数据")), heads, rows)


def _moved(told: Told, row: Mapping[str, Any]) -> str:
    """Return between what an input moves a target's value, or its limit if only that."""
    value, limit = ((row[f"{part}_low"], row[f"{part}_high"]) for part in ("at", "limit_at"))
    unit = told.unit(row["outcome_unit"])
    if value[0] == value[1] and None not in limit:
        ends = f"{figures(limit[0])} – {figures(limit[1])} {unit}"
        return told.say(Text("limit {ends}", "限值 {ends}"), ends=ends)
    return f"{figures(value[0])} – {figures(value[1])} {unit}"


# --- the other sections --------------------------------------------------------------------------


def targets(told: Told) -> list[Block]:
    """Charts of the targets, and how far those out of reach can be brought."""
    heads = [
        told.say(Text("target", "目标")),
        told.say(Text("limit", "限值")),
        told.say(Text("at best", "最好能到")),
        told.say(Text("unit", "单位")),
        told.say(Text("cost, {unit}", "费用（{unit}）"), unit=told.money_unit),
    ]
    rows: list[list[str | float]] = [
        [
            told.words.target(row["target"]),
            float(row["limit"]),
            float(row["best"]),
            told.unit(row["unit"]),
            float(row["cost"]) / MONEY_STEP[told.language],
        ]
        for row in told.summary["out_of_reach"]
    ]
    far = grid(told.say(Text("Targets out of reach", "不可达目标")), heads, rows)
    return [*told.charts("targets-at-a-glance", "trajectory", "pm25-by-contribution"), *far]


def inventory(told: Told) -> list[Block]:
    """Emissions by sector, and how they stand beside independent estimates."""
    return told.charts("sector-table", "emissions-by-sector", "topdown-check", "hindcast")


def measures(told: Told) -> list[Block]:
    """What each measure of the plan does, and what it costs."""
    ids = ("measure-effects", "waterfall", "uptake", "cost-per-tonne", "cost-by-sector")
    return told.charts(*ids, "fleet-by-standard")


def least_cost(told: Told) -> list[Block]:
    """The cheapest mix in full, its prices, and other ways of choosing."""
    ids = ("marginal-cost", "shadow-prices", "ways-of-choosing", "cost-frontier")
    return [*mix_grid(told), *_unpriced(told), *told.charts(*ids)]


def _unpriced(told: Told) -> list[Block]:
    """Return which measures have no price, and are in no sum."""
    names = told.summary["cost"]["unknown_cost"]
    if not names:
        return []
    said = told.say(
        Text(
            "Without a price, and in no cost: {names}.", "没有可靠费用、不计入任何费用：{names}。"
        ),
        names=told.words.join(told.words.name(name) for name in names),
    )
    return [Paragraph(said)]


def uncertainty(told: Told) -> list[Block]:
    """How sure the verdicts are, what to measure first, and what the answers rest on."""
    blocks = [*_sampled(told), *_measure_first(told), *_rests_on(told, MOST)]
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
            told.words.join(told.words.name(str(key)) for key in row["keys"]),
            told.words.name(row["target"]),
            chance_text(row["share"]),
            chance_text(row["if_low"]),
            chance_text(row["if_high"]),
        ]
        for row in samples["measure_first"]
    ]
    return grid(told.say(Text("Worth measuring first", "最值得先测定的数据")), heads, rows)


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
    return grid(told.say(Text("Deaths avoided", "避免死亡")), heads, cells)


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
    found = grid(told.say(Text("Clauses of the plan", "方案条款")), heads, rows)
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
    warned = tuple(getattr(row, told.language) for row in told.rows("problems"))
    return [*([Paragraph(listed)] if names else []), *([Listing(warned)] if warned else [])]


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
                    "分摊。最低费用是线性规划的最优解，并由对偶证明；费用为社会年费用，{year}年价格。"
                    "每个数据都有范围和来源等级；方程及出处见 docs/method.md。",
                ),
                year=str(told.summary["price_year"]),
            )
        )
    ]


def references(told: Told) -> list[Block]:
    """Sources of the numbers, those of most numbers first."""
    rows = told.rows("references")
    return [Listing(tuple(_cited(row) for row in rows))] if rows else []


def _cited(row: Row) -> str:
    parts = (row.citation or row.source_key, row.url or "")
    return " ".join(part for part in parts if part) + f" [{row.source_key}: {row.numbers}]"


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
    return grid(told.say(Text("Made from", "运行信息")), heads, rows)


SECTIONS: tuple[tuple[str, Text, Callable[[Told], list[Block]]], ...] = (
    ("decision", Text("The answer", "结论"), decision),
    ("targets", Text("Targets", "目标"), targets),
    ("inventory", Text("Emissions today", "排放清单"), inventory),
    ("measures", Text("The plan's measures", "方案措施"), measures),
    ("least-cost", Text("Least cost", "最低费用"), least_cost),
    ("uncertainty", Text("How sure it is", "可靠程度"), uncertainty),
    ("health", Text("Health and climate", "健康与气候效益"), health),
    ("clauses", Text("The plan, clause by clause", "方案条款落实"), clauses),
    ("not-computed", Text("Not computed, and warnings", "未计算的目标与提示"), not_computed),
    ("method", Text("Method", "方法"), method),
    ("references", Text("Sources", "数据出处"), references),
    ("made-from", Text("How it was made", "如何重做"), made_from),
)
"""Id, heading and maker of each section, in the order of reading."""
