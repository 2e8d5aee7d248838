"""Any set of numbers: columns of a parameter vector against one at a time, and against rows."""

from dataclasses import replace

import numpy as np
import pytest

from inventory.tabulated_case import of_region, sectors, with_traffic
from lantian.inventory.contract import Block, Sector, SectorInputs, SectorModel, Window, every_year
from lantian.parameters import QuantityRow, QuantityTable, Space
from lantian.parameters.space import Array

SECTORS = (
    "ammonia",
    "catering",
    "coal-gas",
    "dust",
    "heavy-industry",
    "homes",
    "industry",
    "non-road",
    "open-burning",
    "voc",
)
REGIONS = {"tongzhou": ((2015, 2017, 2018, 2019, 2020), 2017), "shijiazhuang": ((2018, 2019), 2018)}
COLUMNS = 17
CHUNK = 4


def drawn(space: Space, columns: int, seed: int) -> Array:
    """Numbers anywhere in their ranges, dims (slot, column)."""
    low, high = space.ends()
    return low + (high - low) * np.random.default_rng(seed).random((len(space), columns))


def arrays(block: Block) -> list[Array]:
    return [a for a in (block.activity, block.factor, block.recent) if a is not None]


def written(inputs: SectorInputs, theta: Array) -> SectorInputs:
    """Inputs whose rows hold the values of a column of a parameter vector.

    Rows that nobody took hold NaN: it would show if they were read all the same.
    """
    old, space = inputs.activity.space, Space()
    taken = {id(row) for row in old.given}

    def value(row: QuantityRow) -> float:
        return float(theta[old.slot(row), 0]) if id(row) in taken else np.nan

    def again(table: QuantityTable[QuantityRow]) -> QuantityTable[QuantityRow]:
        rows = [row.model_copy(update={"value": value(row)}) for row in table.rows]
        return QuantityTable(table.file, rows, inputs.problems, space)

    anew = replace(
        inputs,
        activity=again(inputs.activity),
        factors={name: again(table) for name, table in inputs.factors.items()},
        region={name: again(table) for name, table in inputs.region.items()},
        parameters=again(inputs.parameters),
    )
    return anew if anew.traffic is None else with_traffic(anew)


CASES = [(s, r) for s in SECTORS for r in REGIONS if (s, r) != ("heavy-industry", "tongzhou")]
"""Tongzhou has no heavy industry."""


@pytest.fixture(params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[Sector, SectorInputs]:
    name, region = request.param
    sector = sectors()[name]
    return sector, of_region(sector, region, *REGIONS[region])


def evaluate(model: SectorModel, theta: Array, window: Window) -> list[Array]:
    return arrays(model.block(theta, window))


def test_columns_are_the_bytes_of_one_at_a_time(case: tuple[Sector, SectorInputs]) -> None:
    sector, inputs = case
    model, window = sector.declare(inputs), every_year(len(inputs.years))
    theta = drawn(inputs.activity.space, COLUMNS, seed=1)
    together = evaluate(model, theta, window)
    for width in (1, CHUNK):
        for start in range(0, COLUMNS, width):
            own = slice(start, start + width)
            for whole, part in zip(together, evaluate(model, theta[:, own], window), strict=True):
                assert whole[..., own].tobytes() == part.tobytes()


def test_some_years_are_those_of_all_years(case: tuple[Sector, SectorInputs]) -> None:
    sector, inputs = case
    model, n = sector.declare(inputs), len(inputs.years)
    theta = drawn(inputs.activity.space, 3, seed=2)
    every = model.block(theta, every_year(n))
    last = model.block(theta, Window(np.array([n - 1]), np.array([0, n - 1])))
    np.testing.assert_array_equal(last.activity, every.activity[:, [n - 1]])
    np.testing.assert_array_equal(last.factor, every.factor[:, :, -1:])
    if every.recent is not None:
        np.testing.assert_array_equal(last.recent, every.recent[:, [0, n - 1]][:, :, [n - 1]])


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_numbers_written_into_the_tables_give_the_same(
    case: tuple[Sector, SectorInputs], seed: int
) -> None:
    sector, inputs = case
    model, window = sector.declare(inputs), every_year(len(inputs.years))
    theta = drawn(inputs.activity.space, 1, seed)
    anew = written(inputs, theta)
    declared = sector.declare(anew)
    assert declared.states == model.states
    assert not inputs.problems.found
    expected = evaluate(declared, anew.activity.space.central(), window)
    for got, right in zip(evaluate(model, theta, window), expected, strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-12)
        assert not np.isnan(right).any()
