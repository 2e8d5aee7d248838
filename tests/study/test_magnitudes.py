"""Numbers held against independent estimates, prices of the year before, and who uses them."""

from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Problems
from lantian.indicators.tables import TopdownRow
from lantian.inventory.plausible import PRICES, check_jumps
from lantian.measures.contract import EnergyPriceRow
from lantian.parameters.reader import QuantityTable, read_table
from lantian.study.magnitudes import check_topdown
from support.build import build, close, row

SYSTEM = build(
    {"truck / old": [10.0, 10.0, 10.0], "shop / any": [2.0, 2.0, 2.0]},
    {"truck / old": {"NOx": 1.0}, "shop / any": {"NOx": 1.0}},
    [close("end", "truck")],
)
EMISSION = np.zeros((2, len(SYSTEM.pollutants), 3))
EMISSION[:, SYSTEM.pollutants.index("NOx")] = [[10.0], [2.0]]


@pytest.mark.parametrize(
    ("estimate", "found", "doubted"),
    [
        (12.0, [], []),
        (2.1, [], []),
        (1.9, [], ["'truck' alone emits 5 times"]),
        (0.3, [], ["'truck' alone emits 33 times", "'shop' alone emits 7 times"]),
        (0.05, ["'truck' alone emits 200 times"], ["'shop' alone emits 40 times"]),
        (1000.0, [], []),
        (3000.0, [], ["all sources together emit 1/250"]),
        (0.0, [], []),
    ],
)
def test_sources_are_held_against_the_estimate_of_all(
    estimate: float, found: list[str], doubted: list[str]
) -> None:
    rows = [row(TopdownRow, estimate, "t/a", pollutant="NOx", year=y) for y in SYSTEM.years]
    problems = Problems()
    check_topdown(SYSTEM, EMISSION, rows, SYSTEM.years[:1], problems)  # the others lie ahead
    for told, begins in ((problems.found, found), (problems.warnings, doubted)):
        texts = [p.found.text() for p in told]
        assert len(texts) == len(begins)
        assert all(t.startswith(b) for t, b in zip(texts, begins, strict=True)), texts


@pytest.mark.parametrize(("price", "told"), [(0.07, ""), (0.3, "warned"), (2.5, "found")])
def test_prices_that_jump_are_told(price: float, told: str, tmp_path: Path) -> None:
    head = "carrier,year,value,unit,low,high,basis,source_key"
    lines = [head] + [
        f"electricity,{year},{p},yuan/kWh,{p / 2},{p * 2},assumed,assumption"
        for year, p in ((2018, 0.06), (2019, price))
    ]
    path = tmp_path / "energy_prices.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    problems = Problems()
    rows = read_table(path, EnergyPriceRow, Problems(), tmp_path)
    check_jumps(QuantityTable(path.name, rows, problems), *PRICES)
    assert bool(problems.found) == (told == "found")
    assert bool(problems.warnings) == (told == "warned")
