"""Runs side by side: every target as a part of its limit; one figure per case."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    base_line,
    names_left,
    numbers_below,
    rules_across,
    ticks_within,
)
from lantian.report.chart import MORE as MORE_ROWS
from lantian.report.chart import Chart, Page, amount, declare, fit_names, truth
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Entry, Stroke, draw_key
from lantian.report.runs_beside import MORE, MOST, PLACE, RUN, Beside, mark, runs_of
from lantian.report.words import Text, Words, figures, like
from lantian.results.contract import CASE, TARGET, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "least_cost")
_ROW, _LEAST = 0.3, 0.2
_HEAD = 0.14  # for the marks over the columns of values [inch]
_GAPS = {"page": 0.66, "column": 0.5, "slide": 0.66}  # from one column of values to the next
_COLUMNS = {"page": 3, "column": 2, "slide": 3}  # of values, at most
_SPAN, _EDGE = 0.2, 0.08  # of the limit that the axis shows at least; free at its ends
_LIMIT = Text("Limit", "限值")
_AXIS = Text("per cent of the limit", "相当于限值的百分比（%）")

DRAWN = declare(
    "compared-targets",
    Text("Targets of runs relative to their limits", "各运行结果目标值与限值之比"),
    ("target", "case", "run"),
    TARGET,
    replace(CASE, words=_CASES),
    YEAR,
    RUN,
    PLACE,
    amount("limit", "limit in this run", "该运行结果的限值"),
    amount("value", "value reached", "数值"),
    truth("met", "whether the value keeps the limit", "是否达到"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return value and limit of each target in each run, in the last year that it is about."""
    runs = runs_of(asked)
    rows = [row for row in asked.rows("compared_targets") if row.case in _CASES]
    last = {t: max(r.year for r in rows if r.target == t) for t in distinct(rows, "target")}
    rows = [row for row in rows if row.year == last[row.target]]
    cells = {}
    for row in rows:
        for cell in (_cell(row, runs, "reference_", runs.first), _cell(row, runs, "", row.run)):
            cells[row.target, row.case, cell["place"]] = cell
    known = [cell for cell in cells.values() if cell["limit"] == cell["limit"]]
    known = [cell for cell in known if cell["value"] == cell["value"] and cell["limit"]]
    known.sort(key=lambda cell: _CASES.index(str(cell["case"])))
    none = Text("no target that runs have in common", "没有可对照的目标")
    return make_frame(DRAWN, pick(known, none))


def _cell(row: Row, runs: Beside, side: str, run: str) -> dict[str, object]:
    numbers = {name: getattr(row, f"{side}{name}") for name in ("limit", "value", "met")}
    about = {name: getattr(row, name) for name in ("target", "case", "year", "unit")}
    return {**about, **numbers, "run": run, "place": runs.place(run)}


def draw(page: Page, drawn: Frame) -> float:
    """Draw a line for each target with the marks of the runs, and their values at the right."""
    rows, words = rows_of(drawn), page.words
    every = {row.place: row.run for row in sorted(rows, key=lambda row: row.place)}
    shown = dict(list(every.items())[:MOST])
    entries: list[Entry] = [Stroke(words.say(_LIMIT), style.MISSED, 1.0, upright=True)]
    entries += [mark(place, name) for place, name in shown.items()]
    page.top = draw_key(page, entries, page.top) + 0.05 + _HEAD
    told = list(shown)[: _COLUMNS[page.layout.name]] if len(every) <= _COLUMNS["page"] else []
    targets = distinct(rows, "target")
    least = max(_LEAST, fit_names(page, map(words.target, targets), share=0.36).height)
    below, all_targets = page.below(len(targets), least, BELOW), len(targets)
    targets = targets[: page.most_rows(least, below)]
    rows = [row for row in rows if row.target in targets and row.place in shown]
    names = fit_names(page, map(words.target, targets), share=0.36)
    tall = page.rows(len(targets), max(_ROW, least), least, below)
    gap = _GAPS[page.layout.name]
    panel = page.panel(
        names.room, page.top, page.right - names.room - gap * len(told) - 0.04,
        tall * len(targets), _limits(rows), (len(targets) - 0.5, -0.5),
    )  # fmt: skip
    ticks = ticks_within(*panel.across, 3 if page.layout.name == "column" else 5)
    rules_across(panel, ticks.places)
    levels = range(len(targets))
    panel.strokes(panel.across[0], levels, panel.across[1], levels, style.RULE, 0.6)
    panel.line((1.0, 1.0), panel.up, style.MISSED, 1.0)
    for n, target in enumerate(targets):
        for row in sorted((r for r in rows if r.target == target), key=lambda row: row.place):
            mark(row.place, row.run).draw(panel, row.value / row.limit, n)
            if row.place in told:
                x = panel.right + (told.index(row.place) + 1) * gap
                _said(page, x, float(panel.y(n)), row)
    whole = page.panel(0, 0, page.width, 1.0, (0, page.width), (1.0, 0))
    for n, place in enumerate(told):
        mark(place, every[place]).draw(whole, panel.right + (n + 1) * gap - 0.1, page.top - 0.05)
    names_left(panel, levels, names)
    base_line(panel)
    places = [figures(100 * place) for place in ticks.places]
    end = numbers_below(panel, ticks.places, places, words.say(_AXIS))
    end = page.write_rest(MORE, len(every) - MOST, end)
    return page.write_rest(MORE_ROWS, all_targets - len(targets), end)


def _limits(rows: list[Row]) -> tuple[float, float]:
    """Return the ends of the axis, as parts of the limits: no less than a least span."""
    spots = [row.value / row.limit for row in rows]
    low, high = min(*spots, 1.0), max(*spots, 1.0)
    spare = max(_SPAN - (high - low), 0.0) / 2
    low, high = low - spare, high + spare
    return low - _EDGE * (high - low), high + _EDGE * (high - low)


def _said(page: Page, right: float, middle: float, row: Row) -> None:
    """Write a value and whether it keeps the limit, ending at a place [inch]."""
    sign, colour = ("✓", style.MET) if row.met else ("×", style.MISSED)
    page.paper.write(sign, right, middle, style.SMALL, colour, "right", "middle")
    size = page.words.scale_of_limit(row.limit, row.unit).size
    value = like(row.value / size, row.limit / size)
    page.paper.write(value, right - 0.12, middle, style.TINY, style.GREY, "right", "middle")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many targets each run meets, and which verdicts turn."""
    rows = rows_of(drawn)
    first = {row.target: row.met for row in rows if row.place == 0}
    counts, turned = [], []
    for run in distinct(rows, "run")[:MOST]:
        own = [row for row in rows if row.run == run]
        counts.append(
            words.say(_COUNT, run=run, n=str(sum(bool(r.met) for r in own)), all=str(len(own)))
        )
        turns = [r for r in own if r.target in first and bool(r.met) != bool(first[r.target])]
        turned += [
            words.say(_NOW[bool(r.met)], run=run, target=words.target(r.target)) for r in turns
        ]
    return {
        "case": words.case(rows[0].case),
        "counts": words.phrases(counts),
        "turned": words.phrases(turned),
    }


_COUNT = Text("{run} {n} of {all}", "{run} {n}/{all}")
_NOW = {
    True: Text("{target} is met in {run}", "{run}达到{target}"),
    False: Text("{target} is missed in {run}", "{run}未达到{target}"),
}

CHART = Chart(
    id="compared-targets",
    rank=10,
    place="comparison",
    reads=("compared_targets", "compared_runs"),
    title=Text("Targets of the runs: {case}", "各运行结果的目标：{case}"),
    caption=Text(
        "Each target as per cent of the limit of its own run, case {case}. Targets met: {counts}. "
        "Verdicts that turn beside the first run: {turned}.",
        "“{case}”情景中各目标值相当于该运行结果限值的百分比。达标项数：{counts}。与首个运行结果相比结论改变："
        "{turned}。",
    ),
    alt=Text(
        "Dot plot, one line per target, the limit at 100 per cent, a mark for each run ({case}). "
        "Met: {counts}. Turned: {turned}.",
        "点图（{case}），每项目标一行，限值位于100%处，每个运行结果一个标记。达标项数：{counts}。结论改变：{turned}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="case",
)
