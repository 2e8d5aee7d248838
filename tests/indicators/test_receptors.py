"""Source-receptor matrices: units, hand-worked concentrations, both ends of the ranges."""

import numpy as np
import pytest

from lantian.core.projection import Projection
from lantian.core.system import Sources
from lantian.errors import Problems
from lantian.indicators.available import Available, GivenTables, declare_indicators, fit_indicators
from lantian.indicators.contract import CENTRAL, HIGH, LOW, Context, Subject
from lantian.indicators.receptors import TRANSFER, TransferRow, transfer_table
from lantian.parameters import Space
from lantian.vocabulary import POLLUTANTS

SOURCES = Sources(("kiln", "mill"), ("a", "a"), ("slice",) * 2, ("other",) * 2)
TSP = POLLUTANTS.index("TSP")
SCHOOL = Subject(receptor="school")


def row(source: str, value: float, unit: str, **more: object) -> TransferRow:
    keys = {"receptor": "school", "source": source, "pollutant": "TSP" if source else ""}
    return TransferRow.model_validate({**keys, "value": value, "unit": unit, **more})


def case() -> Projection:
    """1000 t of the kiln, 500 t of the mill."""
    emission = np.zeros((2, len(POLLUTANTS), 1, 1))
    emission[:, TSP, 0, 0] = [1000.0, 500.0]
    return Projection((2020,), emission, np.zeros((0, 1, 1)))


def matrix(*rows: TransferRow) -> Available:
    problems, space = Problems(), Space()
    tables = GivenTables({TRANSFER: transfer_table(rows, "transfer.csv", problems, space)})
    at = Context((2020,), 2020, SOURCES, None, tables, space, problems)
    found = fit_indicators(declare_indicators(at, {}), space, case(), problems)
    problems.stop_if_any()
    return found["concentration"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("ug/m3/t", 1.0),
        ("ug/m3/kt", 1e-3),
        ("ug/m3/(t/a)", 1.0),
        ("ug/m3/(kt/a)", 1e-3),
        ("mg/m3/(lb)", 1000 / 0.00045359237),  # 1000 ug per mg, 0.00045359237 t per lb
        ("ug/m3/(g/s)", 1e6 / (365 * 24 * 3600)),  # 1 t/a = 1e6 g in 31 536 000 s
    ],
)
def test_coefficients_are_read_in_any_unit_that_fits(unit: str, expected: float) -> None:
    assert row("kiln", 1, unit).factor() == pytest.approx(expected)


def test_concentration_is_background_and_what_each_source_adds() -> None:
    # kiln 1000 t * 0.02 = 20, mill 500 t * 0.01 = 5, background 10
    found = matrix(row("", 10, "ug/m3"), row("mill", 10, "ug/m3/kt"), row("kiln", 0.02, "ug/m3/t"))
    assert found.declared.choices == {"receptor": ("school",)}
    assert found.fitted.value(case(), SCHOOL)[0, CENTRAL] == pytest.approx(35.0)
    parts = found.fitted.parts(case())
    assert parts is not None
    assert parts.component == ("total", "background", "kiln", "mill")
    assert parts.value[:, 0, CENTRAL].tolist() == pytest.approx([35.0, 10.0, 20.0, 5.0])


def test_ends_of_the_ranges_are_their_own_matrices() -> None:
    found = matrix(
        row("", 10, "ug/m3"),  # no range: 30 % either way
        row("kiln", 0.02, "ug/m3/t", low=0.01, high=0.05),
        row("mill", 0, "ug/m3/t"),
    )
    (own,) = found.fitted.rows(SCHOOL, 2020) or ()
    assert own.weight[0, TSP, [LOW, CENTRAL, HIGH]].tolist() == pytest.approx([0.01, 0.02, 0.05])
    assert own.constant[[LOW, CENTRAL, HIGH]].tolist() == pytest.approx([7.0, 10.0, 13.0])


def test_a_part_is_as_firm_as_the_weakest_of_its_coefficients() -> None:
    found = matrix(
        row("", 10, "ug/m3", basis="measured", low=9, high=11),
        row("kiln", 0.02, "ug/m3/t", basis="derived"),
    )
    parts = found.fitted.parts(case())
    assert parts is not None
    assert parts.receptor == ("school",) * 4
    assert parts.basis == ("derived", "measured", "derived", "")
