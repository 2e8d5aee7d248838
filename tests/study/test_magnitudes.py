"""Numbers held against independent estimates, prices of the year before, and who uses them."""

from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Place, Problems
from lantian.indicators.tables import TopdownRow
from lantian.inventory.contract import ActivityRow
from lantian.inventory.plausible import PRICES, check_jumps
from lantian.inventory.sectors.on_road.fleet import FleetRow
from lantian.measures.contract import EnergyPriceRow
from lantian.parameters import QuantityRow
from lantian.parameters.reader import QuantityTable, read_table
from lantian.study.magnitudes import check_topdown, doubt_amounts
from support.build import Level, build, close, commitments_of, row
from support.scenarios import commitment, sound, text_of

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


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("5 vehicle", ""),
        ("20 vehicle", ""),
        ("60 vehicle", "60 vehicle is 5 times what there is: 12 vehicle in truck; shop."),
        ("5000 vehicle", "5000 vehicle is 417 times what there is"),
        ("100 %", ""),
    ],
)
def test_amounts_of_several_times_all_that_there_is_are_told(
    level: str, told: str, tmp_path: Path
) -> None:
    system = build(
        {"truck / old": [10.0, 10.0, 10.0], "shop / any": [2.0, 2.0, 2.0]},
        {"truck / old": {"NOx": 1.0}, "shop / any": {"NOx": 1.0}},
        [close("end", "truck shop")],
    )
    read = sound(tmp_path, text_of([commitment("c", "end", level)]))
    given = read.scenario.commitments[0]
    own: Level = 1.0 if given.is_share else ("amount", given.level.value)
    problems = Problems()
    doubt_amounts(system, commitments_of(system, {"end": own}), read, problems)
    assert problems.found == []
    assert [p.place.path for p in problems.warnings] == ["commitments[0].level"] * bool(told)
    assert all(p.found.text().startswith(told) for p in problems.warnings)


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


def doubted(values: list[float], row: type[QuantityRow], keys: dict[str, str]) -> set[int]:
    """Return the lines at which a series of values from 2015 on is doubted or refused."""
    problems = Problems()
    rows = [
        row(**keys, year=2015 + i, value=v, low=v, high=v, basis="derived", source_key="s").at(
            Place("t.csv", i)
        )
        for i, v in enumerate(values)
    ]
    check_jumps(QuantityTable("t.csv", rows, problems))
    return {p.place.line for p in (*problems.found, *problems.warnings)}


STOCK = (FleetRow, {"source": "car", "parameter": "stock", "unit": "vehicle"})
COAL = (ActivityRow, {"source": "kiln", "technology": "as-is", "unit": "t"})
GROWS = [3.0e5, 3.4e5, 3.9e5, 4.5e5]


@pytest.mark.parametrize("times", [10.0, 0.1])
@pytest.mark.parametrize(
    ("table", "at"), [*((STOCK, at) for at in range(4)), (COAL, 1), (COAL, 2)], ids=str
)
def test_a_number_ten_times_those_of_the_years_beside_it_is_told(
    table: tuple[type[QuantityRow], dict[str, str]], at: int, times: float
) -> None:
    """The ends of a series of other amounts than stocks may be so: coal is banned within a year."""
    values = [v * times if i == at else v for i, v in enumerate(GROWS)]
    assert doubted(GROWS, *table) == set()
    assert doubted(values, *table) & {
        at,
        at + 1,
    }  # of the first two rows either may be the wrong one


def test_what_is_banned_and_what_is_new_is_not_doubted() -> None:
    assert doubted([20_000.0, 1_000.0, 100.0], *COAL) == set()
    assert doubted([10.0, 80.0, 600.0], *COAL) == set()
    assert doubted([100.0, 0.0, 100.0], *COAL) == set()
