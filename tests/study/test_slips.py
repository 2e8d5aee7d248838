"""Numbers a thousand times too large or too small: refused, or told at their place."""

from pathlib import Path

import pytest

from integration.test_two_faults import FILES
from lantian.errors import InputError
from lantian.study.load import load

SLIPS = [
    ("case.yaml", "USD: 7.1 yuan", "USD: {} yuan", (7100, 0.0071)),
    ("case.yaml", "2024: 60 yuan/t", "2024: {} yuan/t", (60000, 0.06)),
    ("case.yaml", "price: 5 万元/t", "price: {} 万元/t", (5000, 0.0005)),
    ("case.yaml", "reduce_by: 10 %,\n", "reduce_by: {} %,\n", (10000, 0.01)),
    ("case.yaml", "discount_rate: 5 %", "discount_rate: {} %", (5000, 0.005)),
    ("case.yaml", "level: 30 %", "level: {} %", (30000,)),
    ("case.yaml", "at_most: 90 %}", "at_most: {} %}", (90000, 0.09)),
    ("case.yaml", "ramp: 100 %", "ramp: {} %", (100000, 0.1)),
    ("inventory.csv", "kiln,industry,north,NOx,1000,", "kiln,industry,north,NOx,{},", (1e6, 1)),
    ("measures.csv", "scr,kiln,NOx,60,%", "scr,kiln,NOx,{},%", (60000, 0.06)),
    ("measures.csv", "NOx,40,%,90 %", "NOx,40,%,{} %", (90000, 0.09)),
    ("growth.csv", "kiln,2027,110", "kiln,2027,{}", (110000, 0.11)),
    ("totals.csv", "NOx,2022,1900,", "NOx,2022,{},", (1.9e6, 1.9)),
]


def told(folder: Path, **changed: str) -> set[tuple[str, int]]:
    """Return the lines at which something is told."""
    for file, text in {**FILES, **changed}.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    try:
        said = load(folder / "case.yaml").warnings
    except InputError as error:
        said = (*error.problems, *error.warnings)
    return {(p.place.file, p.place.line) for p in said if hasattr(p, "place")}


@pytest.mark.parametrize(("file", "old", "new", "values"), SLIPS)
def test_a_slip_of_a_thousand_is_told_at_its_line(
    file: str, old: str, new: str, values: tuple[float, ...], tmp_path: Path
) -> None:
    before, _, _ = FILES[file].partition(old)
    line = before.count("\n") + 1
    assert (file, line) not in told(tmp_path)
    for value in values:
        text = FILES[file].replace(old, new.replace("{}", f"{value:.10g}"), 1)
        assert text != FILES[file]
        assert (file, line) in told(tmp_path, **{file: text}), value
