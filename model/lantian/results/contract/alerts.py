"""Tables of alert days."""

from lantian.language import Text
from lantian.results.contract.columns import (
    COST_UNIT,
    NOT_GIVEN,
    POLLUTANT,
    SECTOR,
    SOURCE,
    amount_column,
    number_column,
    text_column,
    truth_column,
    word_column,
)
from lantian.results.contract.declaration import Column, Table
from lantian.vocabulary import ALERT_LEVELS, GRADES

NO_ALERT = Text("the scenario has no alert", "情景无预警设置")
ALERT_LEVEL = word_column("level", ALERT_LEVELS, Text("level of the alert", "预警级别"))


def _tonnes(name: str, en: str, zh: str) -> Column:
    return number_column(name, "t/d", Text(en, zh))


ALERT = Table(
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
        text_column("action", Text("name of the action", "措施名称")),
        SOURCE,
        SECTOR,
        word_column(
            "grade",
            GRADES,
            Text("performance grade of the firms", "绩效等级"),
            Text("none is given", "未提供"),
        ),
        word_column("order", ("stop", "cut"), Text("stopped, or cut by the share", "停产或限产")),
        text_column("words_en", Text("words of the list in English", "英文措施内容"), NOT_GIVEN),
        text_column("words_zh", Text("words of the list in Chinese", "中文措施内容"), NOT_GIVEN),
        number_column("share", "1", Text("share of the action", "停限比例")),
        _tonnes("so2", "SO2 that is not emitted", "SO2减排量"),
        _tonnes("nox", "NOx that is not emitted", "NOx减排量"),
        _tonnes("particles", "particles that are not emitted", "颗粒物减排量"),
        _tonnes("voc", "VOC that are not emitted", "VOCs减排量"),
        amount_column("cost", Text("cost of the day", "日费用")),
        amount_column("low", Text("lower end of the cost", "费用下限")),
        amount_column("high", Text("upper end of the cost", "费用上限")),
        COST_UNIT,
    ),
    absent=NO_ALERT,
)


ALERT_TOTALS = Table(
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
        number_column("demand", "1", Text("share of the total that must go", "减排比例要求")),
        _tonnes("wanted", "cut that is asked for", "应减排量"),
        _tonnes("cut", "cut of the list", "清单减排量"),
        number_column("share", "1", Text("share of the total that goes", "实际减排比例")),
        _tonnes("short", "what is lacking to the demand", "差额"),
        truth_column("met", Text("whether the demand is met", "是否达到")),
        _tonnes("protected", "emitted by protected sources", "保障类排放量"),
        _tonnes("beyond_reach", "listed, but beyond the reach of the actions", "措施不可及部分"),
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
