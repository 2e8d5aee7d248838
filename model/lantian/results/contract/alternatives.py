"""Tables of whole plans that cost little more than the least."""

from lantian.language import Text
from lantian.results.contract.columns import (
    MEASURE,
    SOURCE,
    UNIT,
    amount_column,
    count_column,
    number_column,
    word_column,
)
from lantian.results.contract.declaration import MONEY, Column, Table

NOT_ASKED = Text("the scenario does not ask for `alternatives`", "方案未要求替代组合")
NONE_DIFFERS = Text("none does", "无")
ROLES = ("must", "never", "free")
"""Whether every mix within the allowance has a measure, none, or some."""
WITHIN = number_column(
    "within", "1", Text("most that a plan may cost beyond the least cost", "允许高出最低成本的比例")
)
PLAN = count_column(
    "plan", Text("number of the plan; 0 is the least cost", "组合序号，0为最低成本")
)


def _measures(name: str, means: Text) -> Column:
    return Column(
        name=name, kind="id", labels="measure", separator=" ", means=means, blank=NONE_DIFFERS
    )


ALTERNATIVES = Table(
    name="alternatives",
    title=Text("Whole plans at little more than the least cost", "接近最低成本的替代组合"),
    means=Text(
        "Complete mixes of the last year with targets that meet the same targets, as different"
        " from each other as can be, each solved and checked as the least cost is.",
        "最后一个目标年中达到相同目标、彼此差异尽可能大的完整组合，求解与校核方式同最低成本组合。",
    ),
    key=("within", "plan"),
    columns=(
        WITHIN,
        PLAN,
        number_column("cost", f"{MONEY}/a", Text("annual net cost", "年净成本")),
        number_column("more", f"{MONEY}/a", Text("cost beyond the least cost", "比最低成本多出")),
        _measures(
            "without", Text("measures of the least cost that it does without", "不采用的措施")
        ),
        _measures("with_more", Text("measures that it takes notably more of", "明显增加的措施")),
    ),
    absent=NOT_ASKED,
)


ALTERNATIVE_MEASURES = Table(
    name="alternative_measures",
    title=Text("Measures of the alternatives", "替代组合的措施"),
    means=Text(
        "What each of these plans takes of each measure; plan 0 lists all that could be taken.",
        "各替代组合采用的措施量；序号0列出全部可用措施。",
    ),
    key=("within", "plan", "measure", "source"),
    columns=(
        WITHIN,
        PLAN,
        MEASURE,
        SOURCE,
        amount_column("uptake", Text("amount of activity", "活动水平")),
        UNIT,
        number_column(
            "share", "1", Text("part of the most that it can take", "占该措施可取上限的比例")
        ),
        word_column(
            "role",
            ROLES,
            Text(
                "whether every mix within that cost has it, none, or some",
                "该成本范围内的组合是否都有、都没有或部分有该措施",
            ),
        ),
    ),
    absent=NOT_ASKED,
)
