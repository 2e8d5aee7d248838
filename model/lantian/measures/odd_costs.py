"""Lines of costs that do not fit the others of their measure: slips of units that no band shows."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lantian.errors import Place, Problems
from lantian.language import message
from lantian.measures.contract import CostRow
from lantian.parameters import units

APART = 12.0
"""Factor between a line and the nearest of its measure above which it is asked back, beyond what
other measures differ by between the two sources: those that come along are at most 10 apart."""
RUNNING = (0.002, 5.0)
"""What running something a year costs per investment [1]: those that come along 0.0045 to 2.4."""
LIFE, CAPITAL, YEARLY = "life", "capital", ("fixed", "variable")
"""Items of a cost."""

Line = tuple[str, str, str]
"""Measure, item and unit."""
Lines = Mapping[str, Mapping[Line, Sequence[CostRow]]]
"""Rows by the source and by what they tell of it."""


def doubt_lines_of_costs(rows: Iterable[CostRow], problems: Problems) -> None:
    """Warn of costs that are far from what the same measure costs elsewhere, or from its others.

    Parameters
    ----------
    rows
        Of ``costs.csv``; lives have a band of their own.
    problems
        Receives the doubts, one at most for each line; what is doubted already is passed over.
    """
    told = {warning.place for warning in problems.warnings}
    money = [row for row in rows if row.value and row.item != LIFE]
    lines: dict[str, dict[Line, list[CostRow]]] = defaultdict(lambda: defaultdict(list))
    alike: dict[Line, list[CostRow]] = defaultdict(list)
    for row in money:
        lines[row.source][_line(row)].append(row)
        alike[_line(row)].append(row)
    for row in (row for row in money if row.place.cell("value") not in told):
        if not _is_far(row, alike[_line(row)], lines, problems):
            _doubt_running(row, lines[row.source], problems)


def _line(row: CostRow) -> Line:
    return row.measure, row.item, row.unit


def _is_far(row: CostRow, alike: Sequence[CostRow], lines: Lines, problems: Problems) -> bool:
    """Warn of a line that is far from all others of its measure, and tell whether it is."""
    others = [other for other in alike if other is not row]
    if not others or any(abs(_log(row, other)) <= math.log(APART) for other in others):
        return False
    apart, nearest = min(
        ((_apart(row, other, lines), other.place) for other in others), key=lambda one: one[0]
    )
    if apart > math.log(APART):
        _tell(row.place, problems, times=math.exp(apart), of=row, line=nearest.line)
    return apart > math.log(APART)


def _apart(row: CostRow, other: CostRow, lines: Lines) -> float:
    """Return how far two lines of a measure are apart, as a logarithm.

    A source whose unit of activity holds ten times as much costs ten times as much with every
    measure: two lines that differ as others between the same sources are not apart.
    """
    between = _log(row, other)
    usual = [0.0, *_between(row.source, other.source, lines, _line(row))]
    return min(abs(between - ratio) for ratio in usual)


def _between(one: str, other: str, lines: Lines, own: Line) -> Iterator[float]:
    """Yield the logarithms by which further lines of two sources differ, per the same activity."""
    for line in lines[one].keys() & lines[other].keys() if one != other else ():
        if line != own and _activity(line[2]) == _activity(own[2]):
            yield from (_log(a, b) for a in lines[one][line] for b in lines[other][line])


def _log(one: CostRow, other: CostRow) -> float:
    return math.log(abs(one.value / other.value))


def _activity(unit: str) -> str:
    """Return what a cost is per: ``t`` of yuan/t/a."""
    return unit.split("/")[1] if "/" in unit else ""


def _tell(place: Place, problems: Problems, times: float, of: CostRow, line: int) -> None:
    problems.warn(
        place.cell("value"),
        message(
            "{value} {unit} is {times} times more or less than in line {line}, the nearest of the"
            " same measure.",
            value=f"{of.value:g}",
            unit=of.unit,
            times=f"{times:.0f}",
            line=line,
        ),
        fix=message("Check the number and its unit."),
    )


def _doubt_running(row: CostRow, own: Mapping[Line, Sequence[CostRow]], problems: Problems) -> None:
    """Warn of what running costs that is far from usual shares of every investment beside it."""
    if row.item not in YEARLY:
        return
    invested = [
        other
        for (measure, item, _), others in own.items()
        if (measure, item) == (row.measure, CAPITAL)
        for other in others
    ]
    shares = [(share, other) for other in invested if (share := _share(row, other)) is not None]
    low, high = RUNNING
    if shares and not any(low <= share <= high for share, _ in shares):
        share, other = shares[0]
        problems.warn(
            row.place.cell("value"),
            message(
                "to run it costs {share} times what line {line} invests, in each year.",
                share=f"1/{1.0 / share:.0f}" if share < 1.0 else f"{share:.0f}",
                line=other.place.line,
            ),
            fix=message("Check the numbers and units of both lines."),
        )


def _share(row: CostRow, invested: CostRow) -> float | None:
    """Return a yearly cost per investment [1/a]; None where the two are of different things."""
    for unit in (f"{invested.unit}/a", invested.unit):
        if units.is_like(row.unit, unit):
            return abs(units.convert(row.value, row.unit, unit) / invested.value)
    return None
