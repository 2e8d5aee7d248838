"""The page to decide from: what was asked, the answer, the mix, and what all of it rests on."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lantian.handover.blocks import Block, Paragraph
from lantian.handover.certifiable import NOT_CERTIFIABLE, is_certifiable
from lantian.handover.told import Told, is_share, without_rounding
from lantian.language import Text, message
from lantian.report.words import TIER_NAMES, chance_text, computed_targets, figures
from lantian.results.headline import earlier_years
from lantian.results.matched import match_note
from lantian.vocabulary import HEADLINE, Cause

CLOSE = "\u00a0"
"""Between a limit and its sign, a value and its verdict: they stay on one line."""
CASES = ("baseline", "plan", "least_cost")
UNSURE = 0.66
"""Probability [1] below which a target that is met at central values is told as open; "likely" in
the words of the IPCC begins here."""
MIX, INPUTS = 10, 5
"""Rows of the mix and of the inputs that move the targets most."""
ROOM = 17
"""Rows of the targets and the mix together that one sheet has room for."""
LEAST_ROWS = 4
WORTH = 0.01
"""Part of a cost from which what is saved beside it is told."""


def decision(told: Told) -> list[Block]:
    """Verdict, cost, mix and what they rest on.

    Parameters
    ----------
    told
        The run and the language.

    Returns
    -------
    list of Block
        What one sheet of A4 holds.
    """
    computed = sum(t["computed"] for t in told.summary["targets"])
    most = max(LEAST_ROWS, min(MIX, ROOM - computed))
    return [
        *(Paragraph(line, leading=True) for line in _answer(told)),
        *targets_grid(told),
        *(Paragraph(line) for line in _notes(told)),
        *tiers_grid(told),
        *mix_grid(told, most),
        *inputs_grid(told, min(INPUTS, max(LEAST_ROWS - 1, ROOM - computed - 2))),
        *_own_code(told),
    ]


def _own_code(told: Told) -> list[Block]:
    """Return that code of the user's own had a part in a run, if it had."""
    if is_certifiable(told.tables.manifest()):
        return []
    return [Paragraph(message(NOT_CERTIFIABLE).text(told.language))]


# --- the answer ----------------------------------------------------------------------------------


def _answer(told: Told) -> list[str]:
    """Return the plan, the least cost and what is out of reach, a few sentences each."""
    found = (_plan(told), _least_cost(told), _out_of_reach(told))
    return [text for text in found if text]


def _names(told: Told, targets: Iterable[Mapping[str, Any]]) -> str:
    return told.words.phrases(told.words.target(t["id"]) for t in targets)


def _sentences(told: Told, parts: Iterable[str]) -> str:
    return told.words.gap.join(part for part in parts if part)


def _plan(told: Told) -> str:
    """Return what the plan meets and costs, and for how much less the same could be had."""
    judged = [t for t in computed_targets(told.summary) if t["met"].get("plan") is not None]
    if not judged:
        return ""
    missed = [t for t in judged if not t["met"]["plan"]]
    return _sentences(
        told,
        [
            told.say(
                Text(
                    "The plan as written meets {met} of {all} computed targets{missed}. Its net"
                    " cost is {cost}{saved}.",
                    "按原文实施，方案达到{all}项可计算目标中的{met}项{missed}；净成本{cost}{saved}。",
                ),
                met=str(len(judged) - len(missed)),
                all=str(len(judged)),
                missed=_missed(told, missed),
                cost=told.money(told.summary["cost"]["by_case"].get("plan")),
                saved=_saved(told, "plan"),
            ),
            _same_result(told),
            _open(told, judged),
        ],
    )


def _missed(told: Told, missed: Sequence[Mapping[str, Any]]) -> str:
    if not missed:
        return ""
    return told.say(Text(": it misses {names}", "，未达到：{names}"), names=_names(told, missed))


def _saved(told: Told, case: str) -> str:
    """Return the parts of a net cost: gross cost, and what measures save that pay for themselves.

    Nothing where next to nothing is saved: the two costs are the same.
    """
    cost = told.summary["cost"]
    saved = cost["saved"].get(case, 0.0)
    if saved <= WORTH * max(cost["spent"].get(case, 0.0), 1.0):
        return ""
    return told.say(
        Text(
            " (gross cost {gross}; measures that pay for themselves save {saved})",
            "（总成本{gross}，自身有收益的措施节省{saved}）",
        ),
        gross=told.money(cost["spent"][case]),
        saved=told.money(saved),
    )


def _same_result(told: Told) -> str:
    """Return what the plan's own result costs at least, where that is less."""
    net = told.summary["cost"]["by_case"]
    if "match_plan" not in net or not net["match_plan"] < (1 - WORTH) * net.get("plan", 0.0):
        return ""
    return told.say(
        Text(
            "What it reaches could be had for {cost} net{saved}: {note}.",
            "同样效果的最低净成本为{cost}{saved}：{note}。",
        ),
        note=match_note(told.summary["targets"], told.words.name).text(told.language),
        cost=told.money(net["match_plan"]),
        saved=_saved(told, "match_plan"),
    )


def _open(told: Told, judged: Iterable[Mapping[str, Any]]) -> str:
    """Return which targets the plan meets at central values alone."""
    chances = [(t, (t.get("probability") or {}).get("plan")) for t in judged if t["met"]["plan"]]
    unsure = [
        f"{told.words.target(t['id'])} {chance_text(chance)}"
        for t, chance in chances
        if chance is not None and chance < UNSURE
    ]
    if not unsure:
        return ""
    return told.say(
        Text(
            "Met with central numbers, but less than likely: {names}.",
            "按中值达到但把握不足（概率低于66%）：{names}。",
        ),
        names=told.words.phrases(unsure),
    )


def _least_cost(told: Told) -> str:
    """Return what the cheapest mix costs, and what further targets would add."""
    net = told.summary["cost"]["by_case"]
    if "least_cost" not in net:
        return ""
    return told.say(
        Text(
            "The cheapest mix for the targets that are binding or worded as “about”, as far as"
            " they are within reach, has a net cost of {cost}{saved}{earlier}{more}.",
            "达到约束性和“左右”类目标（限可达者）的最低成本组合，净成本为{cost}{saved}{earlier}{more}。",
        ),
        cost=told.money(net["least_cost"]),
        saved=_saved(told, "least_cost"),
        earlier=_earlier(told),
        more=_on_top(told),
    )


def _earlier(told: Told) -> str:
    """Return what the targets of earlier years cost, which the mix of the last does not tell."""
    text = Text(" ({cost} for the targets of {year})", "（{year}年目标为{cost}）")
    years = earlier_years(told.summary["tiers"]).items()
    return "".join(told.say(text, cost=told.money(t["cost"]), year=str(y)) for y, t in years)


def _on_top(told: Told) -> str:
    """Return what the other targets within reach add to the headline, if there are any."""
    added = [t["added"] for t in told.summary["tiers"] if t["tier"] == "best_effort"]
    if not added or added[-1] is None:
        return ""
    more = Text("; all others within reach would add {cost} net", "；其余可达目标另增净成本{cost}")
    return told.say(more, cost=told.money(added[-1]))


BEYOND: Mapping[Cause, Text] = {
    "background": Text("Out of reach, as no emission here moves enough of it", "非本地排放所能及"),
    "budget": Text("Out of reach of the budget", "预算不足以达到"),
    "pace": Text("Out of reach at the ramp of the pathway", "建设速度不足以达到"),
    "limits": Text("Out of reach under the scenario's own limits", "情景自设限制下达不到"),
    "targets": Text("Out of reach beside the other targets", "与其他目标不能同时达到"),
    "measures": Text("Out of reach of every mix", "任何组合都达不到"),
}
"""What is said of targets out of reach, by what puts them there."""


def _out_of_reach(told: Told) -> str:
    """Return which targets are out of reach and why, how near a mix comes, and at what cost."""
    far = {row["target"]: row for row in told.summary["out_of_reach"]}
    found = []
    for cause, text in BEYOND.items():
        names = [_best_of(told, row) for row in far.values() if row["cause"] == cause]
        if names:
            names_of = Text("{why}: {names}.", "{why}：{names}。")
            found.append(told.say(names_of, why=told.say(text), names=told.words.phrases(names)))
    left = [name for name, row in far.items() if row["tier"] in HEADLINE]
    if left:
        left_out = told.words.phrases([told.words.target(name) for name in left])
        not_asked = Text("The cheapest mix leaves out {names}.", "最低成本组合未包含{names}。")
        found.append(told.say(not_asked, names=left_out))
    return _sentences(told, found)


def _best_of(told: Told, row: Mapping[str, Any]) -> str:
    """Return how near to a target out of reach a mix comes, and what coming near costs."""
    return told.say(
        Text(
            "{name} (at best {best} against {limit}; down to {value} costs {cost})",
            "{name}（最好{best}，限值{limit}；降到{value}的净成本为{cost}）",
        ),
        name=told.words.target(row["target"]),
        best=told.value(row["best"], row["unit"]),
        limit=told.amount(row["limit"], row["unit"]),
        value=told.value(row["value"], row["unit"]),
        cost=told.money(row["cost"]),
    )


# --- what should be known beside it --------------------------------------------------------------


def _notes(told: Told) -> list[str]:
    """Return what marks and numbers mean, and what they rest on, in one paragraph."""
    found = (_of_chances(told), _not_asked(told), _whose_air(told), _assumed(told), _unpriced(told))
    text = _sentences(told, found)
    return [text] if text else []


def _of_chances(told: Told) -> str:
    samples = told.summary.get("samples")
    if samples is None:
        return ""
    return told.say(
        Text(
            "Per cents after ✓ or ✗: share of {n} random sets of inputs in which the target is met;"
            " a mix solved to its limit has about half.",
            "✓、✗后的百分数为{n}组随机输入数据中达标的比例；恰好达到限值的组合约为一半。",
        ),
        n=f"{samples['number']:,}",
    )


def _not_asked(told: Told) -> str:
    """Return the targets that least cost misses because the mix was not asked for them."""
    asked = {name for t in told.summary["tiers"] for name in t["reached"] if _is_headline(t)}
    far = {row["target"] for row in told.summary["out_of_reach"]}
    names = [
        t
        for t in computed_targets(told.summary)
        if t["met"].get("least_cost") is False and t["id"] not in asked | far
    ]
    if not names or not told.summary["tiers"]:
        return ""
    return told.say(
        Text("Least cost was not asked for: {names}.", "最低成本情景未以下列目标为条件：{names}。"),
        names=_names(told, names),
    )


def _is_headline(tier: Mapping[str, Any]) -> bool:
    return tier["tier"] in HEADLINE


def _whose_air(told: Told) -> str:
    """Return whose doing the change of PM2.5 under the plan is."""
    case = "plan" if "plan" in told.summary["cost"]["spent"] else "least_cost"
    rows = [
        row
        for row in told.summary["owners"]
        if row["stated"] and row["indicator"] == "pm25" and row["case"] == case
    ]
    if not rows:
        return ""
    row = rows[-1]
    return told.say(
        Text(
            "Of the change of mean PM2.5 until {year} ({case}) {own} {unit} is due to own sources,"
            " {city} to the rest of the city, {outside} to what comes from outside.",
            "至{year}年PM2.5年均浓度的变化（{case}）：本地排放源{own}、本市其他区{city}、外来{outside}{unit}。",
        ),
        year=str(row["year"]),
        case=told.words.case(case),
        unit=told.unit(row["unit"]),
        **{name: _signed(row[name]) for name in ("own", "city", "outside")},
    )


def _signed(value: float) -> str:
    text = figures(round(value, 2))
    return f"+{text}" if value > 0 and text != "0" else text


def _assumed(told: Told) -> str:
    """Return what part of the emissions rests on an assumed number."""
    shares = told.summary["assumed_share"].get("emission", {}).values()
    if not shares:
        return ""
    ends = dict.fromkeys(chance_text(share) for share in (min(shares), max(shares)))
    return told.say(
        Text(
            "{share} of the emission of each pollutant rests on at least one assumed number.",
            "各污染物排放量的{share}至少依据一个假设数据。",
        ),
        share=told.say(Text(" to ", "—")).join(ends),
    )


def _unpriced(told: Told) -> str:
    """Return which measures have no price, and are in no sum."""
    names = told.summary["cost"]["unknown_cost"]
    if not names:
        return ""
    return told.say(
        Text(
            "Without a defensible price, in no mix and in no cost: {names}.",
            "没有可靠成本、不进入组合也不计入成本：{names}。",
        ),
        names=told.words.join(told.words.name(name) for name in names),
    )


# --- tables --------------------------------------------------------------------------------------


def targets_grid(told: Told) -> list[Block]:
    """Return each target's limit, its value in each case, and whether it is met.

    Parameters
    ----------
    told
        The run and the language.

    Returns
    -------
    list of Block
        A table, if a target is computed.
    """
    heads = [
        told.say(Text("target", "目标")),
        told.say(Text("year", "年份")),
        told.say(Text("limit", "限值")),
        *(told.words.case(case) for case in CASES),
        told.say(Text("unit", "单位")),
    ]
    rising = _at_least(told)
    rows = [
        [
            told.words.target(t["id"]),
            str(t["year"]),
            _limit(told, t, t["id"] in rising),
            *(_judged(told, t, case) for case in CASES),
            "" if _in_per_cent(t) else told.unit(t["unit"] or ""),
        ]
        for t in computed_targets(told.summary)
    ]
    return told.grid(told.say(Text("Targets", "目标")), heads, rows)


def _at_least(told: Told) -> set[str]:
    """Return the targets whose limit is a lower bound: the margin is what lies above it."""
    known = (row for row in told.rows("targets") if row.margin == row.margin)
    return {row.target for row in known if (row.limit - row.value) * row.margin < 0.0}


def _in_per_cent(target: Mapping[str, Any]) -> bool:
    limit = target["limit"]
    return limit is not None and is_share(limit, target["unit"] or "")


def _limit(told: Told, target: Mapping[str, Any], rising: bool) -> str:
    if target["limit"] is None:
        return "–"
    return f"{'≥' if rising else '≤'}{CLOSE}{told.value(target['limit'], target['unit'] or '')}"


def _judged(told: Told, target: Mapping[str, Any], case: str) -> str:
    value, met = target["value"].get(case), target["met"].get(case)
    if value is None:
        return "–"
    said = figures(100 * value) + "%" if _in_per_cent(target) else figures(value)
    mark = {True: f"{CLOSE}✓", False: f"{CLOSE}✗", None: ""}[met]
    chance = (target.get("probability") or {}).get(case)
    return f"{said}{mark}" + ("" if chance is None else f"{CLOSE}{chance_text(chance)}")


def tiers_grid(told: Told) -> list[Block]:
    """Return what each tier of targets adds to the least cost.

    Parameters
    ----------
    told
        The run and the language.

    Returns
    -------
    list of Block
        A table, if anything was asked of the mix.
    """
    tiers = [t for t in told.summary["tiers"] if t["year"] == told.year and t["cost"] is not None]
    scale = told.money_scale(t["cost"] for t in tiers)
    heads = [
        told.say(Text("tier", "级别")),
        told.say(Text("targets reached", "达到的目标")),
        told.say(Text("net cost up to here, {unit}", "累计净成本（{unit}）"), unit=scale.unit),
        told.say(Text("added, {unit}", "增加（{unit}）"), unit=scale.unit),
    ]
    rows: list[list[str | float]] = [
        [
            told.say(TIER_NAMES[t["tier"]]),
            told.words.phrases(map(told.words.target, t["reached"])),
            without_rounding(t["cost"]) / scale.size,
            without_rounding(t["added"]) / scale.size,
        ]
        for t in tiers
    ]
    caption = Text("Least cost, tier by tier (net of what is saved)", "分级最低成本（已扣除节省）")
    return told.grid(told.say(caption), heads, rows)


def mix_grid(told: Told, most: int) -> list[Block]:
    """Return the recommended mix, the measures with most effect first.

    Parameters
    ----------
    told
        The run and the language.
    most
        Measures that are shown.

    Returns
    -------
    list of Block
        A table whose caption says how many there are.
    """
    mix = told.summary["mix"]
    scale = told.money_scale(row["cost"] for row in mix)
    heads = [
        told.say(Text("measure", "措施")),
        told.say(Text("amount", "用量")),
        told.say(Text("in the plan", "方案用量")),
        told.say(Text("net cost, {unit}", "净成本（{unit}）"), unit=scale.unit),
    ]
    rows = [
        [
            told.words.name(row["measure"]),
            told.words.join(_amount(told, a["amount"], u) for u, a in row["amounts"].items()),
            told.words.join(_amount(told, a["plan"], u) for u, a in row["amounts"].items()),
            row["cost"] / scale.size,
        ]
        for row in mix[:most]
    ]
    caption = Text("Recommended mix", "推荐组合")
    if len(mix) > most:
        caption = Text(
            "Recommended mix: of {all} measures the {n} that do most for the targets{share}",
            "推荐组合：{all}项措施中对目标作用最大的{n}项{share}",
        )
    said = {"all": str(len(mix)), "n": str(most), "share": _share_of_cost(told, mix, most)}
    return told.grid(told.say(caption, **said), heads, rows, most)


def _share_of_cost(told: Told, mix: Sequence[Mapping[str, Any]], most: int) -> str:
    """Return what share of the net cost the first measures make; blank where nothing is paid."""
    costs = [row["cost"] for row in mix if row["priced"]]
    shown = sum(row["cost"] for row in mix[:most] if row["priced"])
    if not 0.0 < shown <= sum(costs):
        return ""
    of = Text("; {share} of its net cost", "，占净成本的{share}")
    return told.say(of, share=f"{shown / sum(costs):.0%}")


def _amount(told: Told, amount: float, unit: str) -> str:
    return f"{told.rounded(amount)}{told.words.gap}{told.unit(unit)}" if amount else "–"


def inputs_grid(told: Told, most: int) -> list[Block]:
    """Return the inputs that change the targets most, with their range and what it does.

    Parameters
    ----------
    told
        The run and the language.
    most
        Inputs that are shown.

    Returns
    -------
    list of Block
        A table, if swings were asked for.
    """
    heads = [
        told.say(Text("input", "数据")),
        told.say(Text("value", "取值")),
        told.say(Text("range", "范围")),
        told.say(Text("basis", "数据来源等级")),
        told.say(Text("target", "影响的目标")),
        told.say(Text("goes from ... to ...", "由……到……")),
    ]
    rows = [
        [
            _input_of(told, row),
            f"{told.rounded(row['value'])}{told.words.gap}{told.unit(row['unit'])}".strip(),
            f"{told.rounded(row['low'])} – {told.rounded(row['high'])}",
            told.words.basis(row["basis"]),
            told.words.target(row["outcome"]),
            _moved(told, row),
        ]
        for row in told.summary["assumptions"]
        if row.get("outcome")
    ]
    caption = Text("What the verdicts rest on most", "对结论影响最大的数据")
    return told.grid(told.say(caption), heads, rows[:most], most)


def _input_of(told: Told, row: Mapping[str, Any]) -> str:
    """Return the name of a number by its keys, and what kind of number of these it is."""
    name = told.number_of(row["keys"])
    words = re.split(r"/|\.csv", str(row["place"]))
    kind = next((KINDS[word] for word in reversed(words) if word in KINDS), None)
    of = Text("{name} ({kind})", "{name}（{kind}）")
    return name if kind is None else told.say(of, name=name, kind=told.say(kind))


KINDS: Mapping[str, Text] = {
    "activity": Text("activity", "活动水平"),
    "air": Text("observed", "监测值"),
    "climate": Text("of the month", "月气象"),
    "controls": Text("control", "治理措施"),
    "conversions": Text("in the other unit", "单位换算"),
    "costs": Text("cost", "成本"),
    "drivers": Text("growth", "增长"),
    "dustfall_months": Text("share of the month", "该月系数"),
    "energy_prices": Text("price", "价格"),
    "energy_use": Text("balance of energy", "能源平衡"),
    "factors": Text("emission factor", "排放因子"),
    "grid_factors": Text("CO2 of power drawn", "外购电CO2因子"),
    "fleet": Text("fleet", "车队"),
    "hauls": Text("haul", "运输"),
    "prices": Text("price index", "价格指数"),
    "reach": Text("reach", "可达比例"),
    "response": Text("response of the air", "空气响应"),
    "vehicle_prices": Text("price", "价格"),
}
"""Table or folder of a number -> what it is; the rest is clear by its keys."""


def _moved(told: Told, row: Mapping[str, Any]) -> str:
    """Return between what an input moves a target's value, or its limit if only that."""
    value, limit = ((row[f"{part}_low"], row[f"{part}_high"]) for part in ("at", "limit_at"))
    unit = row["outcome_unit"]
    if value[0] == value[1] and None not in limit:
        return told.say(Text("limit {ends}", "限值 {ends}"), ends=_ends(told, limit, unit))
    return _ends(told, value, unit)


def _ends(told: Told, ends: Sequence[float], unit: str) -> str:
    if all(is_share(end, unit) for end in ends):
        return " – ".join(f"{figures(100 * end)}%" for end in ends)
    return f"{figures(ends[0])} – {figures(ends[1])} {told.unit(unit)}".strip()
