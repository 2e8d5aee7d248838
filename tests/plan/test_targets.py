"""Targets as limits: each cut against its own base year."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from lantian.indicators.targets import ResolvedTarget, as_rows, pollutant_weights, resolve_targets

from lantian.core.areas import Areas
from lantian.core.system import Sources
from lantian.errors import Problems
from lantian.vocabulary import POLLUTANTS
from support.scenarios import HEAD, sound, target, text_of

YEARS = (2015, 2017, 2018, 2019)
SOURCES = Sources(("car", "site"), ("on-road", "dust"), ("vehicle", "m2"), ("mobile", "dust"))
NOX = POLLUTANTS.index("NOx")
REGION = HEAD.replace("last_year", "reference_years: [2015]\nlast_year")


def emission() -> np.ndarray:
    """NOx [t/a]: cars 100, 80, 90, 95; sites 20, 20, 20, 25."""
    result = np.zeros((2, len(POLLUTANTS), 4))
    result[:, NOX] = [[100.0, 80.0, 90.0, 95.0], [20.0, 20.0, 20.0, 25.0]]
    return result


AREAS = Areas(("north", "south"), np.array([[0.6, 0.1], [0.4, 0.9]]))


def targets(
    folder: Path, *targets: str, areas: Areas | None = AREAS
) -> tuple[list[ResolvedTarget], list[str]]:
    problems = Problems()
    read = sound(folder, text_of([], list(targets), REGION))
    found = resolve_targets(read, SOURCES, YEARS, emission(), None, problems, areas=areas)
    return found, [p.text().split("\n  ")[1] for p in problems.found]


@pytest.mark.parametrize(
    ("keys", "limit"),
    [
        ({"reduce_by": "30 %", "relative_to": "2015"}, 84.0),  # 0.7 * 120, not of 2017
        ({"reduce_by": "30 %", "relative_to": "2017"}, 70.0),  # 0.7 * 100
        ({"reduce_by": "30 %", "relative_to": "baseline"}, 84.0),  # 0.7 * 120 of 2019 itself
        ({"reduce_by": "30 %", "relative_to": "2015", "sectors": "[on-road]"}, 70.0),  # 0.7 * 100
        ({"reduce_by": "15 t", "relative_to": "2017"}, 85.0),
        ({"at_most": "0.09 kt/a"}, 90.0),
    ],
)
def test_limits_by_hand(tmp_path: Path, keys: dict[str, str], limit: float) -> None:
    found, told = targets(tmp_path, target("t", **keys))
    assert told == []
    assert found[0].limit == pytest.approx(limit)
    assert found[0].unit == "t/a"


def test_an_indicator_counts_its_sectors_only(tmp_path: Path) -> None:
    found, _ = targets(
        tmp_path, target("all", at_most="1 t/a"), target("dust", at_most="1 t/a", sectors="[dust]")
    )
    assert [p.value(emission(), 3) for p in found] == [120.0, 25.0]


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ({"areas": "[north]"}, 0.6 * 95 + 0.1 * 25),
        ({"areas": "[north, south]"}, 120.0),
        ({"areas": "[south, south]"}, 0.4 * 95 + 0.9 * 25),
        ({"areas": "[south]", "sectors": "[dust]"}, 0.9 * 25),
    ],
)
def test_an_indicator_counts_its_areas_by_their_shares(
    tmp_path: Path, keys: dict[str, str], value: float
) -> None:
    found, told = targets(tmp_path, target("t", at_most="1 t/a", **keys))
    assert told == []
    assert found[0].value(emission(), 3) == pytest.approx(value)


def test_a_cut_in_an_area_is_one_of_the_area(tmp_path: Path) -> None:
    found, _ = targets(tmp_path, target("t", reduce_by="10 %", relative_to="2015", areas="[north]"))
    assert found[0].limit == pytest.approx(0.9 * (0.6 * 100 + 0.1 * 20))


def test_areas_of_a_region_without_them_have_their_own_message(tmp_path: Path) -> None:
    _, told = targets(tmp_path, target("t", at_most="1 t/a", areas="[north]"), areas=None)
    assert told == [
        "region 'here' has no areas. Add a table areas.csv to its folder in inputs/regions."
    ]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"sectors": "[on-raod]", "at_most": "1 t/a"},
            "'on-raod' is not a sector. Did you mean 'on-road'?",
        ),
        ({"pollutant": "VOC", "at_most": "1 t/a"}, "nothing emits VOC here."),
        ({"at_most": "1 ug/m3"}, "'ug/m3' is not a unit of the same kind as 't/a'."),
        (
            {"reduce_by": "1 ug/m3", "relative_to": "2015"},
            "'ug/m3' is not a unit of the same kind as 't'.",
        ),
    ],
)
def test_targets_that_do_not_fit(tmp_path: Path, keys: dict[str, str], said: str) -> None:
    assert said in targets(tmp_path, target("t", **keys))[1]


def test_an_indicator_that_is_not_computed_has_no_value(tmp_path: Path) -> None:
    found, told = targets(
        tmp_path, target("days", indicator="heavy-pollution-days", pollutant="", at_most="9 day")
    )
    assert told == []
    assert np.isnan(found[0].value(emission(), 3))
    assert len(as_rows(found, 3)) == 0


def test_only_targets_of_the_year_go_to_the_optimiser(tmp_path: Path) -> None:
    found, _ = targets(
        tmp_path, target("now", at_most="1 t/a"), target("early", at_most="2 t/a", year="2018")
    )
    rows = as_rows(found, 3)
    assert (rows.ids, rows.limit.tolist(), rows.unit) == (("now",), [1.0], ("t/a",))
    assert np.einsum("tsp,sp->t", rows.weight, emission()[:, :, 3]).tolist() == [120.0]
    assert as_rows(found, 3, np.array([7.0])).limit.tolist() == [7.0]


def test_pollutants_matter_by_what_they_make_of_the_targets() -> None:
    voc = POLLUTANTS.index("VOC")
    tonnes = emission()
    tonnes[0, voc] = 30.0
    weight = np.zeros((2, len(POLLUTANTS)))
    weight[:, NOX], weight[:, voc] = 0.1, 0.2  # of 2019: 0.1 * 120 = 12 and 0.2 * 30 = 6
    total = np.zeros((2, len(POLLUTANTS)))
    total[:, NOX] = 1.0
    mean, sum_, not_computed = (SimpleNamespace(weight=w, year=3) for w in (weight, total, None))
    found = pollutant_weights([mean, sum_, not_computed], tonnes)  # type: ignore[list-item]
    assert found[[NOX, voc]] == pytest.approx([2 / 3 + 1, 1 / 3])
    assert found.sum() == pytest.approx(2.0)
