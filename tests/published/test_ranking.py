"""Published answers: largest reduction per source, with cost-year conversion.

US EPA, Emissions Modeling Framework, MaxEmsRedStrategyDetailedTest.java, inventory
orl-nonpoint-for_cs_testing.txt and measures CM*.csv (USEPA/emf commit a49dd41ea1a2).
"""

import numpy as np
import pytest

from lantian.core.finance import convert_price
from lantian.optimise.analyses.ranking import NONE, Selection, largest_reduction_per_source

INVENTORY = [
    ("37001", "2294000000", "PM10", 1000),
    ("37001", "2296000000", "PM10", 2000),
    ("37003", "2294000000", "PM2.5", 3000),
    ("37003", "2296000000", "PM10", 4000),
    ("37003", "2850000030", "VOC", 5000),
    ("37005", "2311010000", "PM10", 6000),
    ("37005", "2801500000", "NOx", 7000),
    ("37005", "2302002100", "PM10", 8000),
    ("37007", "2801000003", "SO2", 9000),
    ("37007", "2805001000", "PM10", 10000),
    ("37011", "2104008001", "PM10", 11000),
    ("37013", "2302002000", "NOx", 12000),
    ("37013", "2302002100", "PM10", 13000),
    ("37015", "2801500000", "PM10", 14000),
    ("37015", "2311010000", "PM10", 15000),
    ("37017", "2801500000", "SO2", 16000),
    ("37017", "2311010000", "VOC", 17000),
    ("37019", "2104008000", "PM2.5", 18000),
    ("37019", "2801500000", "PM10", 19000),
    ("37021", "2850000030", "PM10", 20000),
    ("37021", "2311010000", "PM10", 21000),
    ("37023", "2294000000", "NH3", 22000),
    ("37023", "2296000000", "SO2", 23000),
    ("37025", "2801000003", "PM10", 24000),
    ("37025", "2805001000", "VOC", 25000),
    ("37025", "2104008000", "PM10", 26000),
    ("37029", "2302002000", "H3", 27000),
    ("37029", "2302002100", "NH3", 28000),
    ("37029", "2801500000", "M10", 29000),
    ("37029", "2104008000", "VOC", 30000),
    ("37029", "2104008000", "PM10", 40000),
]
MEASURES = [
    ("PPVAC000", "Known", None, 51.0, 100, 1999, 485, ("2294000000",)),
    ("PUCHS000", "Known", None, 38.0, 100, 1990, 2753, ("2296000000",)),
    ("PUHAP000", "Known", None, 68.0, 100, 1990, 537, ("2296000000",)),
    ("PAGTL", "Known", "37", 9.5, 100, 1990, 138, ("2801000003",)),
    ("PCATFWAT", "Known", None, 50.0, 100, 1990, 307, ("2805001000",)),
    ("PRESWDEDAD", "Emerging", None, 50.0, 100, 1990, 1320, ("2104008001", "2104008000")),
    ("PRESWDCSTV", "Known", None, 98.0, 90, 2001, 2000, ("2104008000",)),
    ("PCHRBCATOX", "Known", None, 83.0, 100, 2001, 2966, ("2302002000", "2302002100")),
    ("PCHRBESP", "Known", None, 18.5, 100, 2001, 7000, ("2302002000", "2302002100")),
    ("PAGBU", "Known", "37", 63.0, 100, 1992, 3182, ("2801500000",)),
    ("PCONWATCHM", "Known", None, 63.0, 100, 1990, 3600, ("2311010000",)),
]
"""id, class, state whose counties it is for, efficiency %, rule effectiveness %, cost year,
dollars per ton, source classification codes."""
GDP = {1990: 7112.5, 1992: 7336.6, 1999: 9470.3, 2000: 9817.0, 2001: 9890.7}
SOURCES = [row for row in INVENTORY if row[2] == "PM10"]


def select(measures: list[tuple], penetration: float = 1.0) -> Selection:
    applicable = [
        [scc in m[7] and county.startswith(m[2] or "") for county, scc, _, _ in SOURCES]
        for m in measures
    ]
    return largest_reduction_per_source(
        emissions=[row[3] for row in SOURCES],
        applicable=applicable,
        efficiency=[m[3] / 100 for m in measures],
        cost_per_tonne=[m[6] for m in measures],
        rule_effectiveness=np.array([m[4] / 100 for m in measures]),
        rule_penetration=penetration,
        price_index=np.array([convert_price(1.0, GDP, m[5], 2000) for m in measures]),
    )


def row(selection: Selection, county: str, scc: str) -> tuple[float, float, float]:
    k = [s[:2] for s in SOURCES].index((county, scc))
    return 100 * selection.reduction[k], selection.tonnes[k], selection.cost[k]


def of_class(name: str) -> list[tuple]:
    return [m for m in MEASURES if name in ("all", m[1])]


@pytest.mark.parametrize(("name", "records"), [("all", 15), ("Known", 14), ("Emerging", 3)])
def test_number_of_controlled_sources(name: str, records: int) -> None:
    assert np.count_nonzero(select(of_class(name)).measure != NONE) == records


@pytest.mark.parametrize(
    ("name", "county", "scc", "expected"),
    [
        ("all", "37029", "2104008000", (88.2, 35280, 70034226.09)),
        ("all", "37015", "2801500000", (63, 8820, 37553698.05)),
        ("Known", "37029", "2104008000", (88.2, 35280, 70034226.09)),
        ("Emerging", "37029", "2104008000", (50, 20000, 36438495.61)),
    ],
)
def test_printed_rows(name: str, county: str, scc: str, expected: tuple[float, ...]) -> None:
    assert row(select(of_class(name)), county, scc) == pytest.approx(expected, rel=1e-5)


def test_the_weaker_of_two_measures_is_never_selected() -> None:
    chosen = select(MEASURES).measure
    assert "PCHRBESP" not in {MEASURES[k][0] for k in chosen if k != NONE}


@pytest.mark.parametrize(
    ("county", "scc", "expected", "tolerance"),
    [
        ("37005", "2302002100", (13.875, 1110, 7712102.28), 1e-5),
        ("37015", "2801500000", (47.25, 6615, 28165273.54), 1e-5),
        # Printed rounded in the source.
        ("37013", "2302002100", (13.88, 1804, 12530000), 1e-3),
    ],
)
def test_rule_penetration_of_75_percent(
    county: str, scc: str, expected: tuple[float, ...], tolerance: float
) -> None:
    two = [m for m in MEASURES if m[0] in ("PAGBU", "PCHRBESP")]
    selection = select(two, penetration=0.75)
    assert np.count_nonzero(selection.measure != NONE) == 4
    assert row(selection, county, scc) == pytest.approx(expected, rel=tolerance)
