"""Source-receptor matrices: units, hand-worked concentrations, both ends of the ranges."""

import numpy as np
import pytest

from lantian.core.system import Sources
from lantian.indicators.receptors import TransferRow, build_transfer
from lantian.vocabulary import POLLUTANTS

SOURCES = Sources(("kiln", "mill"), ("a", "a"), ("slice",) * 2, ("other",) * 2)
TSP = POLLUTANTS.index("TSP")


def row(source: str, value: float, unit: str, **more: object) -> TransferRow:
    keys = {"receptor": "school", "source": source, "pollutant": "TSP" if source else ""}
    return TransferRow.model_validate({**keys, "value": value, "unit": unit, **more})


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
    rows = [row("", 10, "ug/m3"), row("kiln", 0.02, "ug/m3/t"), row("mill", 10, "ug/m3/kt")]
    transfer = build_transfer(rows, SOURCES)
    emission = np.zeros((2, len(POLLUTANTS)))
    emission[:, TSP] = [1000.0, 500.0]
    assert transfer.receptors == ("school",)
    assert transfer.background["central"].tolist() == [10.0]
    assert transfer.contributions(emission)[0].tolist() == pytest.approx([20.0, 5.0])


def test_ends_of_the_ranges_are_their_own_matrices() -> None:
    rows = [
        row("", 10, "ug/m3"),  # no range: 30 % either way
        row("kiln", 0.02, "ug/m3/t", low=0.01, high=0.05),
        row("mill", 0, "ug/m3/t"),
    ]
    transfer = build_transfer(rows, SOURCES)
    kiln = [transfer.weight[v][0, 0, TSP] for v in ("low", "central", "high")]
    assert kiln == pytest.approx([0.01, 0.02, 0.05])
    background = [transfer.background[v][0] for v in ("low", "central", "high")]
    assert background == pytest.approx([7.0, 10.0, 13.0])
