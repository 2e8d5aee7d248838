"""The section of a report about mixes that hold when inputs differ."""

from lantian.handover.blocks import Block, Paragraph
from lantian.handover.told import Told, without_rounding
from lantian.language import Text
from lantian.report.words import chance_text


def robust(told: Told) -> list[Block]:
    """What being sure costs, how the optimum itself varies, and which mix is regretted least."""
    return [
        *_sure_grid(told),
        *told.charts("cost-of-being-sure"),
        *_optima(told),
        *told.charts("measures-chosen"),
        *_regrets_grid(told),
    ]


def _sure_grid(told: Told) -> list[Block]:
    """Return each mix that holds with a probability: its cost, and how often it held when tried."""
    own = [row for row in told.rows("robust") if not row.target]
    scale = told.money_scale(row.cost for row in own)
    heads = [
        told.say(Text("each target is to hold with", "各目标达标概率要求")),
        told.say(Text("can be had", "可达")),
        told.say(Text("net cost, {unit}", "净成本（{unit}）"), unit=scale.unit),
        told.say(Text("beyond the least cost, {unit}", "比最低成本多（{unit}）"), unit=scale.unit),
        told.say(Text("all targets held together", "全部目标同时达标")),
    ]
    cells: list[list[str | float]] = [
        [
            _asked_for(told, row.asked),
            told.say(_YES if row.within_reach else _NO),
            row.cost / scale.size,
            without_rounding(row.more) / scale.size,
            chance_text(row.probability),
        ]
        for row in own
    ]
    return told.grid(told.say(Text("Mixes that hold when inputs differ", "稳健组合")), heads, cells)


_YES, _NO = Text("yes", "是"), Text("no, the nearest mix", "否，为最接近者")


def _asked_for(told: Told, asked: float) -> str:
    if asked == asked:
        return chance_text(asked)
    return told.say(Text("the mean of the worst tenth", "最差十分之一样本的均值"))


def _optima(told: Told) -> list[Block]:
    """Return how the least cost varies when every set of inputs has its own cheapest mix."""
    said = [
        told.say(
            Text(
                "With a mix of its own for each of {n} random sets of inputs, the least cost lies"
                " between {low} and {high} (95 %), in the middle at {median}; in {met} of them all"
                " targets of the headline can be met.",
                "对 {n} 组随机输入数据分别求最优，最低成本的 95 % 范围为 {low} 至 {high}，"
                "中位数 {median}；其中 {met} 可全部达到首要目标。",
            ),
            n=f"{row.samples:,}",
            low=told.money(row.low),
            high=told.money(row.high),
            median=told.money(row.median),
            met=chance_text(row.all_met),
        )
        for row in told.rows("optima")
    ]
    return [Paragraph(line) for line in said]


def _regrets_grid(told: Told) -> list[Block]:
    """Return the mixes that are judged over futures, the one to regret least first."""
    rows = told.rows("regrets")
    scale = told.money_scale(row.regret for row in rows)
    heads = [
        told.say(Text("mix", "组合")),
        told.say(Text("largest regret, {unit}", "最大后悔值（{unit}）"), unit=scale.unit),
        told.say(Text("largest excess over a limit", "最大超限")),
    ]
    cells: list[list[str | float]] = []
    for rank in sorted({row.rank for row in rows}):
        own = [row for row in rows if row.rank == rank]
        name = (
            told.say(Text("best in {future}", "{future}下的最优组合"), future=own[0].best_in)
            if own[0].best_in
            else told.say(Text("of all mixes the one to regret least", "所有组合中后悔最小者"))
        )
        regret = max(row.regret for row in own) / scale.size
        cells.append([name, regret, f"{max(row.excess for row in own):.1%}"])
    return told.grid(
        told.say(Text("Mixes over the named futures", "各设定情形下的组合")), heads, cells
    )
