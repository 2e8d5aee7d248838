"""Sources as rows of a table: what is said of faulty ones, and a new one without Python."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.tabulated_case import (
    ROOT,
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    sectors,
)
from inventory.tabulated_case import read as read_rows
from lantian.errors import Problems
from lantian.inventory.contract import ParameterRow, Sector
from lantian.inventory.dust_equations import TABLE, EquationRow
from lantian.inventory.sectors.dust import OPERATIONS, OperationRow, ProcessRow
from lantian.inventory.sources import read_not_covered, read_sectors
from lantian.inventory.tabulated import FactorRow

SOURCES = "sector,source,technology,unit,group,driver\n"
BANDS = "source,pollutant,low,high,unit\n"
SHOP = "voc,bakery,oven,shop,living,population\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, str], tuple[dict[str, Sector], list[str]]]:
    """Read lines of the two tables; give sectors by id and what is said."""
    (tmp_path / "sectors").mkdir()

    def of_lines(sources: str, bands: str = "") -> tuple[dict[str, Sector], list[str]]:
        (tmp_path / "sectors" / "sources.csv").write_text(SOURCES + sources)
        (tmp_path / "sectors" / "bands.csv").write_text(BANDS + bands)
        problems = Problems()
        found = read_sectors(tmp_path, tmp_path, problems)
        return {s.id: s for s in found}, [p.text() for p in problems.found]

    return of_lines


def test_lines_become_sources_in_their_order(read) -> None:
    found, told = read(
        "voc,tannery,old,kt,industry,trade\n" + SHOP + "voc,tannery,new,kt,industry,trade\n",
        "bakery,VOC,1,20,kg/shop\ntannery,VOC,2,3,kg/t\n",
    )
    assert not told
    tannery, bakery = found["voc"].sources
    assert (tannery.id, tannery.technologies) == ("tannery", ("old", "new"))
    assert (tannery.unit, tannery.group, tannery.driver) == ("kt", "industry", "trade")
    assert tannery.bands == {"VOC": pytest.approx((2.0, 3.0))}  # 2 kg/t is 2 t per kt
    assert bakery.bands == {"VOC": pytest.approx((0.001, 0.02))}
    assert found["industry"].sources == ()


def test_sectors_with_equations_of_their_own_keep_their_sources(read) -> None:
    found, _ = read(SHOP)
    assert found["ammonia"] == sectors()["ammonia"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("vac,bakery,oven,shop,living,population\n", "'vac' is not a sector. Did you mean 'voc'?"),
        (
            "ammonia,goat,meadow,head,other,livestock\n",
            "the sources of sector 'ammonia' have equations of their own. They stand in its file,",
        ),
        (SHOP + SHOP, "sectors/sources.csv:3:2  source\n  the same keys as in line 2. Keep one"),
        (
            SHOP + "industry,bakery,kiln,shop,living,population\n",
            "sources.csv:3:2  source\n  source 'bakery' belongs to sector 'voc'. Give one",
        ),
        (
            "voc,pig,oven,shop,living,population\n",
            "source 'pig' belongs to sector 'ammonia'.",
        ),
        (
            SHOP + "voc,bakery,grill,t,living,population\n",
            "sources.csv:3:4  unit\n  'unit' of source 'bakery' is 't' here, 'shop' in line 2.",
        ),
        (
            SHOP + "voc,bakery,grill,shop,other,population\n",
            "'group' of source 'bakery' is 'other' here, 'living' in line 2.",
        ),
        (
            SHOP + "voc,bakery,grill,shop,living,trade\n",
            "'driver' of source 'bakery' is 'trade' here, 'population' in line 2.",
        ),
        (
            "dust,quarry,open,shop,dust,construction\n",
            "sector 'dust' has no equation for activity in 'shop'. Expected: m2*month, vehicle*km,",
        ),
        (
            "voc,bakery,oven,shopp,living,population\n",
            "sources.csv:2:4  unit\n  'shopp' is not a known unit. Did you mean 'shop'?",
        ),
        (
            "voc,bakery,oven,shop,livin,population\n",
            "sources.csv:2:5  group\n  'livin' is not one of 'mobile', 'dust', 'industry',",
        ),
        ("voc,bakery,,shop,living,population\n", "sources.csv:2:3  technology\n  this is missing."),
    ],
)
def test_a_faulty_source_is_told(read, lines: str, expected: str) -> None:
    _, told = read(lines)
    assert len(told) == 1
    assert expected in told[0]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("bakery,VOC,3,2,kg/shop\n", "bands.csv:2:3  low\n  low 3 is above high 2."),
        ("bakery,VOX,1,2,kg/shop\n", "bands.csv:2:2  pollutant\n  'VOX' is not one of 'NOx',"),
        ("bakery,NOx,1,2,kg/shop\n", "bands.csv:2:2  pollutant\n  sector 'voc' does not emit NOx."),
        ("bakers,VOC,1,2,kg/shop\n", "'bakers' is not a source of the table of sources. Did you"),
        ("bakery,VOC,1,2,kg/shopp\n", "bands.csv:2:5  unit\n  'kg/shopp' is not a known unit."),
        ("bakery,VOC,1,2,kg/t\n", "'kg/t' is not a unit of the same kind as 't/shop'."),
        (
            "bakery,VOC,1,2,kg/shop\nbakery,VOC,1,2,t/shop\n",
            "bands.csv:3:1  source\n  the same keys as in line 2. Keep one of the two rows.",
        ),
        ("bakery,VOC,-1,2,kg/shop\n", "bands.csv:2:3  low\n  '-1' is below 0"),
        ("bakery,VOC,1,inf,kg/shop\n", "bands.csv:2:4  high\n  'inf' is not a finite number."),
    ],
)
def test_a_faulty_band_is_told(read, lines: str, expected: str) -> None:
    _, told = read(SHOP, lines)
    assert len(told) == 1
    assert expected in told[0]


def test_a_new_source_needs_rows_and_no_python(read) -> None:
    found, told = read(SHOP)
    assert not told
    factor = number(FactorRow, 2, "kg/shop", source="bakery", technology="oven", pollutant="VOC")
    voc, shops = found["voc"], activity("bakery", "oven", "shop", 0, 500)
    given = inputs_of(voc, shops, {"voc": [factor], "coatings": []}, {})
    assert emission(at_central(voc, given), "VOC", 2017) == pytest.approx(1.0)
    assert not given.problems.found


def test_a_new_road_follows_the_equation_of_roads(read) -> None:
    # AP-42: 3.23 * 1^0.91 * 2.204623^1.02 (short tons) = 7.234417 g/vkm; 1e6 vkm -> 7.234417 t
    found, _ = read("dust,road-village,paved,vehicle*km,dust,road-traffic\n")
    keys = {"source": "road-village", "technology": "paved"}
    problems = Problems()
    equations = read_rows(ROOT / "inputs" / "factors", TABLE, EquationRow, problems)
    acting = [number(OperationRow, 1.0, "1", operation="paved-2011", **keys)]
    process = [
        number(ProcessRow, 1.0, "g/m2", parameter="silt", **keys),
        number(ProcessRow, 2.0, "t", parameter="fleet-weight", **keys),
    ]
    given = inputs_of(
        found["dust"],
        activity("road-village", "paved", "vehicle*km", 0, 1e6),
        {"dust_size": [], "dust_process": process, TABLE: equations, OPERATIONS: acting},
        {},
        [number(ParameterRow, 0, "day", parameter="wet-days")],
    )
    block = at_central(found["dust"], given)
    assert emission(block, "TSP", 2017) == pytest.approx(7.234417, rel=1e-6)
    assert not given.problems.found


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    problems = Problems()
    read_sectors(tmp_path, ROOT, problems)
    (told,) = problems.found
    assert "this table is missing" in told.text()


def test_what_a_region_has_a_sector_or_a_source_for_is_not_missing() -> None:
    problems = Problems()
    missing = [
        {row.missing for row in read_not_covered(ROOT / "inputs", ROOT, present, problems)}
        for present in (set(), {"freight"}, {"freight", "energy"}, {"home-biomass", "landfill"})
    ]
    assert not problems.found
    assert missing[0] - missing[1] == {"rail-and-aviation"}
    assert missing[1] - missing[2] == {"gas-fired-power", "power-for-fleets"}
    assert {"town-waste", "composting"} <= missing[2]
    assert missing[0] - missing[3] == {"home-biomass", "town-waste"}
