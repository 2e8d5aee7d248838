"""What became of every clause of the plan: modelled, or why not, by field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lantian.language import say
from lantian.report import style
from lantian.report.axes import BELOW, base_line, names_left, numbers_below, ticks_within
from lantian.report.chart import Chart, Page, count, declare, fit_names
from lantian.report.frames import Asked, distinct, pick, rows_of
from lantian.report.keys import Swatch, draw_key
from lantian.report.words import Text, Words, figures
from lantian.results.contract import UNIT
from lantian.results.frame import Frame, make_frame

_ROW, _LEAST = 0.22, 0.15
_MODELLED = "modelled"
_AXIS = Text("clauses", "条款数")
_FIELDS: dict[str, Text] = {
    "target": Text("Targets", "目标"),
    "governance": Text("Governance", "组织管理"),
    "vehicles": Text("Vehicles", "机动车"),
    "nonroad": Text("Non-road machinery", "非道路移动机械"),
    "dust": Text("Dust", "扬尘"),
    "voc": Text("VOC", "VOCs"),
    "industry": Text("Industry", "工业"),
    "coal": Text("Coal", "燃煤"),
    "energy": Text("Energy", "能源"),
    "catering": Text("Catering", "餐饮"),
    "ammonia": Text("Ammonia", "氨"),
    "burning/fireworks": Text("Burning and fireworks", "焚烧与烟花爆竹"),
    "monitoring": Text("Monitoring", "监测"),
    "emergency": Text("Emergency response", "应急响应"),
}
_COLOURS = (
    "#1768a8", "#e4a758", "#80d2fa", "#634f5b", "#d0e397", "#b194c7", "#652805", "#9dc1a5",
    "#d56a77", "#0f4876", "#f6c74b",
)  # fmt: skip
_MODELLED_NAME = Text("modelled", "已建模")

DRAWN = declare(
    "clause-ledger",
    Text("Clauses of the plan by field and what became of them", "方案条款按领域与处理结果统计"),
    ("field", "fate"),
    replace(UNIT, name="field", means=Text("field that the clauses are about", "领域")),
    replace(UNIT, name="fate", means=Text("modelled, or why not", "已建模或未建模原因")),
    count("clauses", "number of clauses", "条款数"),
)


def frame(asked: Asked) -> Frame:
    """Return the number of clauses by field and fate, the field with most clauses first."""
    rows = asked.rows("clauses")
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        fate = _MODELLED if row.fate == _MODELLED else row.reason or row.fate
        found[row.sector, fate] = found.get((row.sector, fate), 0) + 1
    none = Text("the plan has no ledger", "方案没有条款台账")
    whole: dict[str, int] = {}
    for (field, _), number in found.items():
        whole[field] = whole.get(field, 0) + number
    cells = [
        {"field": field, "fate": fate, "clauses": number}
        for (field, fate), number in sorted(
            found.items(), key=lambda i: (-whole[i[0][0]], i[0][0], i[0][1] != _MODELLED, i[0][1])
        )
    ]
    return make_frame(DRAWN, pick(cells, none))


def _fates(drawn: Frame) -> list[str]:
    """Return modelled, then the reasons why not, the commonest first."""
    rows = rows_of(drawn)
    number = {f: sum(r.clauses for r in rows if r.fate == f) for f in distinct(rows, "fate")}
    return sorted(number, key=lambda fate: (fate != _MODELLED, -number[fate]))


def draw(page: Page, drawn: Frame) -> float:
    """Draw a bar of clauses for each field, split by what became of them."""
    rows, words = rows_of(drawn), page.words
    fates = _fates(drawn)
    colours = {fate: _COLOURS[n % len(_COLOURS)] for n, fate in enumerate(fates)}
    entries = [Swatch(_fate(fate, words), colours[fate]) for fate in fates]
    page.top = draw_key(page, entries, page.top) + 0.05
    fields = distinct(rows, "field")
    names = fit_names(page, (_field(field, words) for field in fields), share=0.3)
    least = max(_LEAST, names.height)
    tall = page.rows(len(fields), max(_ROW, least), least, BELOW)
    numbers = {(row.field, row.fate): row.clauses for row in rows}
    most = max(_whole(numbers, field) for field in fields)
    panel = page.panel(
        names.room, page.top, page.right - 0.25 - names.room, tall * len(fields), (0, most),
        (len(fields) - 0.5, -0.5),
    )  # fmt: skip
    for n, field in enumerate(fields):
        left = 0
        for fate in fates:
            number = numbers.get((field, fate), 0)
            if number:
                panel.boxes(left, n - 0.36, number, 0.72, [colours[fate]])
                left += number
        panel.label(str(left), left, n, style.SMALL, shift=(3, 0))
    names_left(panel, range(len(fields)), names)
    base_line(panel)
    places = [p for p in ticks_within(0, most).places if float(p).is_integer()]
    return numbers_below(panel, places, [figures(p) for p in places], words.say(_AXIS))


def _whole(numbers: Mapping[tuple[str, str], int], field: str) -> int:
    return sum(number for (own, _), number in numbers.items() if own == field)


def _field(field: str, words: Words) -> str:
    return words.say(_FIELDS[field]) if field in _FIELDS else words.name(field)


def _fate(fate: str, words: Words) -> str:
    """Return the name of a fate; reasons are translated where the ledger's own words are."""
    if fate == _MODELLED:
        return words.say(_MODELLED_NAME)
    return say(fate, words.language).replace("-", " ").replace("_", " ")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many clauses are modelled, and why the others are not."""
    rows = rows_of(drawn)
    number = {fate: sum(r.clauses for r in rows if r.fate == fate) for fate in _fates(drawn)}
    whole = sum(number.values())
    reasons = [f"{_fate(fate, words)} {n}" for fate, n in number.items() if fate != _MODELLED]
    return {
        "all": str(whole),
        "modelled": str(number.get(_MODELLED, 0)),
        "rest": str(whole - number.get(_MODELLED, 0)),
        "reasons": words.join(reasons),
        "fields": _most(rows_of(drawn), words),
    }


def _most(rows: Sequence[object], words: Words) -> str:
    """Return the three fields with most clauses."""
    fields = distinct(rows, "field")
    numbers = {f: sum(r.clauses for r in rows if r.field == f) for f in fields}  # type: ignore[attr-defined]
    return words.join(f"{_field(field, words)} {numbers[field]}" for field in fields[:3])


CHART = Chart(
    id="clause-ledger",
    rank=70,
    reads=("clauses",),
    title=Text("What became of the plan's clauses", "方案条款建模情况"),
    caption=Text(
        "{all} clauses of the plan by field: {modelled} are modelled, {rest} are not ({reasons}).",
        "方案共{all}条条款，按领域统计：{modelled}条已建模，{rest}条未建模（{reasons}）。",
    ),
    alt=Text(
        "Bars of clauses by field, split by what became of them. Of {all}, {modelled} are "
        "modelled; not modelled: {reasons}. Most clauses: {fields}.",
        "按领域统计的条款条形图，按处理结果分段。{all}条中{modelled}条已建模；未建模：{reasons}。"
        "条款最多的领域：{fields}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
