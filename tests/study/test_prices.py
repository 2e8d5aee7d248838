"""Prices beyond the last year whose level is known: stated inflation, or one problem."""

from pathlib import Path

import pytest

from lantian.errors import InputError, Problems
from lantian.parameters import Space
from lantian.study.given import read_money
from lantian.study.load import load
from support.scenarios import HEAD, sound, text_of

PRICES = """year,value,unit,low,high,basis,source_key,note
2017,90,percent,89,91,assumed,assumption,
2018,100,percent,99,101,assumed,assumption,
"""


def test_levels_go_on_by_what_the_scenario_says(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "prices.csv").write_text(PRICES, encoding="utf-8")
    head = HEAD.replace("economics: {", "economics: {inflation: 10 %, ")
    assert head != HEAD
    money = read_money(sound(tmp_path, text_of([], head=head)), Space(), Problems())
    levels = {row.year: row.value for row in money.index.rows}
    last = max(levels)
    assert last == 2019
    assert levels[last] == pytest.approx(110.0)
    (row,) = (row for row in money.index.rows if row.year == last)
    assert (row.low, row.high, row.basis) == (pytest.approx(108.9), pytest.approx(111.1), "assumed")


def test_a_price_year_without_a_level_is_one_problem(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    (tmp_path / "inputs").symlink_to(root / "inputs")
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    path = tmp_path / "later.yaml"
    path.write_text(
        "extends: scenarios/xincheng-2024.yaml\nname: later\neconomics: {price_year: 2030}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as stop:
        load(path)
    assert [p.text() for p in stop.value.problems] == [
        "later.yaml:3:13  economics.price_year\n  the price index has no year 2030. Expected 2008"
        " to 2024. Write what prices rise by after that, such as 'inflation: 2 %'."
    ]
