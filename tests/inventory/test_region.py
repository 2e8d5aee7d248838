"""A region as a whole: sectors it has not, numbers of other years, drivers with holes."""

from pathlib import Path

import numpy as np
import pytest

from integration.workbench import Project, copy_project
from lantian.errors import InputError, Problems
from lantian.inventory.contract import Array, SectorModel, every_year
from lantian.inventory.region import Region, read_region
from lantian.inventory.sectors import registered
from lantian.parameters import Space
from lantian.study.given import tables_beside

YEARS = (2015, 2017, 2018, 2019, 2020)
TONGZHOU = "inputs/regions/beijing/tongzhou"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path)


def read(project: Project, name: str = "tongzhou") -> Region:
    problems, inputs = Problems(), project.root / "inputs"
    found = read_region(
        inputs,
        name,
        YEARS,
        base_year=2017,
        root=project.root,
        problems=problems,
        space=Space(),
        others=tables_beside(),
    )
    problems.stop_if_any()
    return found


def sector_of(region: Region, sector: str) -> SectorModel:
    return next(model for own, model in region.models if own.id == sector)


def sources(region: Region, sector: str) -> tuple[str, ...]:
    return sector_of(region, sector).states.source


def activity(region: Region, sector: str) -> Array:
    window, theta = every_year(len(YEARS)), region.layers.space.central()
    return sector_of(region, sector).block(theta, window).activity[..., 0]


def told(region: Region) -> list[str]:
    return [warning.text() for warning in region.warnings]


def test_a_sector_without_a_table_emits_nothing_and_is_named(project: Project) -> None:
    whole = read(project)
    (project.root / TONGZHOU / "activity" / "catering.csv").unlink()
    dust = project.root / TONGZHOU / "activity" / "dust.csv"
    roads = [line for line in dust.read_text("utf-8").splitlines() if line.startswith("road-")]
    (project.root / TONGZHOU / "fleet.csv").unlink()
    for place in ("beijing", "china"):
        (project.root / "inputs" / "regions" / place / "fleet.csv").unlink()
    with pytest.raises(InputError) as error:
        read(project)
    asked = [p.text() for p in error.value.problems if "share of kilometres" in p.text()]
    assert len(asked) == len(roads)
    text = dust.read_text("utf-8")
    for line in roads:
        kept = line.split(",")[:4]
        text = text.replace(line, ",".join([*kept, "1e8,vehicle*km,5e7,2e8,assumed,assumption,"]))
    dust.write_text(text, "utf-8")
    region = read(project)
    assert [sector.id for sector, _ in region.models] == [s.id for s in registered()]
    for sector in ("catering", "heavy-industry", "on-road"):
        assert sources(region, sector) == ()
        assert activity(region, sector).shape == (0, len(YEARS))
    assert set(sources(region, "dust")) == set(sources(whole, "dust")) != set()
    said = "sectors without a table in this region emit nothing: {}."
    assert told(whole)[0] == said.format("freight; heavy-industry")
    assert told(region)[0] == said.format("catering; freight; heavy-industry; on-road")


def test_a_source_that_is_counted_only_later_is_left_out_and_named(project: Project) -> None:
    region = read(project)
    assert told(region)[1:] == [
        "sources that are counted only after 2017 are not part of this inventory: bare-farmland; "
        "ritual-paper."
    ]
    assert "bare-farmland" not in sources(region, "dust")
    project.set(f"{TONGZHOU}/activity/dust.csv", "year", "2017", source="bare-farmland")
    with pytest.raises(InputError, match="no row of the year 2015 for 'bare-farmland"):
        read(project)


def test_a_sector_with_its_table_needs_its_other_tables(project: Project) -> None:
    (project.root / "inputs" / "regions" / "china" / "catering-exhaust.csv").unlink()
    with pytest.raises(InputError) as error:
        read(project)
    assert [str(p.place) for p in error.value.problems] == [f"{TONGZHOU}/catering-exhaust.csv"]


def test_a_table_of_vehicles_in_the_folder_of_activities_is_told(project: Project) -> None:
    project.write(f"{TONGZHOU}/activity/on-road.csv", [["source"]])
    with pytest.raises(InputError, match="no table of a region is called 'on-road'"):
        read(project)


def test_a_hole_in_a_driver_is_filled_and_told(project: Project) -> None:
    table = f"{TONGZHOU}/drivers.csv"
    years = (2018, 2019, 2020, 2021)
    given = {year: project.find(table, driver="heated-area", year=str(year)) for year in years}
    value = project.lines(table)[0].index("value")
    index = {y: float(project.lines(table)[n - 1][value]) for y, n in given.items()}
    whole = read(project)
    for year in (2019, 2020):  # those of 2018 and 2021 stay
        project.drop(table, driver="heated-area", year=str(year))
    region = read(project)
    assert told(region)[-1:] == [
        "drivers without rows of 2019, 2020, which follow from their other years: heated-area."
    ]
    at = sources(region, "coal-gas").index("home-gas")
    before, after = (activity(r, "coal-gas")[at] for r in (whole, region))
    np.testing.assert_array_equal(after[:3], before[:3])
    step = (index[2021] - index[2018]) / 3
    line = np.array([index[2018] + step, index[2018] + 2 * step])
    np.testing.assert_allclose(after[3:], before[3:] * line / np.array([index[2019], index[2020]]))


def test_what_holds_for_all_drivers_is_told_by_their_number(project: Project) -> None:
    table = f"{TONGZHOU}/drivers.csv"
    names = {line[0] for line in project.lines(table)[1:]}
    for name in sorted(names):
        for year in (2019, 2020):
            project.drop(table, driver=name, year=str(year))
    (said,) = [text for text in told(read(project)) if "2019" in text]
    assert said.endswith(f"which follow from their other years: {len(names)} of {len(names)}.")


def test_a_parameter_takes_the_row_of_the_base_year(project: Project) -> None:
    table = f"{TONGZHOU}/region.csv"
    line = project.find(table, parameter="wet-days")
    rows = project.lines(table)
    value, year = rows[0].index("value"), rows[0].index("year")
    for when, days in (("2015", "70"), ("2019", "78")):
        row = [*rows[line - 1]]
        row[year], row[value] = when, days
        rows.append(row)
    del rows[line - 1]
    project.write(table, rows)
    region = read(project)
    assert region.parameters.value("day", parameter="wet-days") == 74
    assert told(region)[-1:] == [
        f"numbers of {table} without a row of 2017, which follow from their other years: wet-days."
    ]


def test_a_parameter_that_begins_after_the_base_year_is_missing(project: Project) -> None:
    project.set(f"{TONGZHOU}/region.csv", "year", "2018", parameter="wet-days")
    with pytest.raises(InputError, match="no row for parameter 'wet-days'"):
        read(project)
