"""Lines of costs held against the others of their measure."""

from random import Random

import pytest

from lantian.errors import Place, Problems
from lantian.measures.contract import CostRow
from lantian.measures.odd_costs import LIFE, doubt_lines_of_costs
from lantian.parameters import read_table
from support.tables import INPUTS

ROWS = read_table(INPUTS / "measures" / "costs.csv", CostRow, Problems(), INPUTS.parent)
SHARES = {100.0: 0.5, 0.01: 0.5}
"""Least share of slips by each factor that are told here alone. Those of ten are within what costs
differ by from source to source, and cannot be told from that."""


def cost(line: int, measure: str, source: str, item: str, value: float, unit: str) -> CostRow:
    row = CostRow(
        **{"measure": measure, "source": source, "item": item, "value": value, "unit": unit},
        **{"low": value, "high": value, "basis": "derived", "source_key": "s"},
        **{"currency_year": 2018, "transfer": "no", "evidence": "price"},
    )
    return row.at(Place("costs.csv", line))


def doubted(rows: list[CostRow]) -> list[int]:
    problems = Problems()
    doubt_lines_of_costs(rows, problems)
    assert len({w.place for w in problems.warnings}) == len(problems.warnings)
    return [warning.place.line for warning in problems.warnings]


def of_two_sources(mill: float, running: float) -> list[CostRow]:
    """Return a measure and another on a kiln and on a mill, of ten times the size per unit."""
    return [
        cost(2, "scr", "kiln", "capital", 100.0, "yuan/t"),
        cost(3, "scr", "mill", "capital", mill, "yuan/t"),
        cost(4, "filter", "kiln", "capital", 20.0, "yuan/t"),
        cost(5, "filter", "mill", "capital", 200.0, "yuan/t"),
        cost(6, "filter", "mill", "variable", running, "yuan/t/a"),
    ]


@pytest.mark.parametrize(
    ("mill", "running", "lines"),
    [
        (110.0, 40.0, []),  # alike
        (1_500.0, 40.0, []),  # 15 times, nearly as with the other measure
        (20_000.0, 40.0, [2, 3]),  # 200 times, 20 beyond that
        (110.0, 4_000.0, [6]),  # 20 times a year what is invested
        (110.0, 0.2, [6]),  # a thousandth
    ],
)
def test_a_line_is_held_against_those_of_its_measure(
    mill: float, running: float, lines: list[int]
) -> None:
    assert doubted(of_two_sources(mill, running)) == lines


@pytest.mark.parametrize("times", SHARES)
def test_most_slips_of_a_hundred_are_told(times: float) -> None:
    assert doubted(ROWS) == []
    money = [i for i, row in enumerate(ROWS) if row.value and row.item != LIFE]
    chosen = Random(1).sample(money, 60)
    told = 0
    for i in chosen:
        row = ROWS[i]
        slipped = row.model_copy(update={"value": row.value * times}).at(row.place)
        told += bool(doubted([*ROWS[:i], slipped, *ROWS[i + 1 :]]))
    assert told >= SHARES[times] * len(chosen)
