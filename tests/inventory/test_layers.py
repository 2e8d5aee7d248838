"""A region's tables laid over those of the regions it extends."""

from pathlib import Path

import pytest

from lantian.errors import InputError, Problems
from lantian.inventory.layers import Layers, check_names, find_layers
from lantian.parameters import QuantityRow, Space

HEADER = "source,year,value,unit,low,high,basis,source_key,note"


class FleetRow(QuantityRow):
    source: str
    year: int | None = None


def write(root: Path, region: str, **tables: str) -> None:
    """Write tables of a region: ``a__b`` lies in folder a, a cell per word, a line per ';'."""
    for name, text in tables.items():
        path = root / "inputs" / "regions" / region / f"{name.replace('__', '/')}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [",".join(line.split()).replace("-", "") for line in text.split(";")]
        path.write_text("\n".join(lines) + "\n")


def number(source: str, value: int, year: str = "-") -> str:
    return f"; {source} {year} {value} t 0 99 derived x how"


def head(*rows: str) -> str:
    return HEADER.replace(",", " ") + "".join(rows)


def extends(parent: str) -> str:
    return f"region note; {parent} near"


def layers(root: Path, name: str) -> tuple[Layers, Problems]:
    problems = Problems()
    return find_layers(root / "inputs", name, root, problems, Space()), problems


def values(root: Path, name: str) -> dict[tuple[str, int | None], float]:
    found, problems = layers(root, name)
    table = found.read("fleet", FleetRow)
    problems.stop_if_any()
    return {(r.source, r.year): r.value for r in table.rows}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city with four numbers, a district with one of its own, one added and one taken away."""
    write(
        tmp_path,
        "city",
        fleet=head(
            number("car", 1, "2017"), number("bus", 2), number("car", 3, "2020"), number("van", 8)
        ),
        activity__dust=head(number("road", 7)),
    )
    write(
        tmp_path,
        "city/north",
        extends=extends("city"),
        fleet=head(number("taxi", 5), number("van", 4)),
        without__fleet="source; bus",
    )
    return tmp_path


CITY = {("car", 2017): 1, ("bus", None): 2, ("car", 2020): 3, ("van", None): 8}
NORTH = {("car", 2017): 1, ("car", 2020): 3, ("taxi", None): 5, ("van", None): 4}


def test_the_same_keys_replace_and_others_come_on_top(root: Path) -> None:
    assert values(root, "city") == CITY
    assert values(root, "north") == NORTH
    assert list(values(root, "city/north")) == list(NORTH)


def test_every_row_keeps_its_own_file_and_line(root: Path) -> None:
    found, _ = layers(root, "north")
    assert [str(r.place) for r in found.read("fleet", FleetRow).rows] == [
        "inputs/regions/city/fleet.csv:2",
        "inputs/regions/city/fleet.csv:4",
        "inputs/regions/city/north/fleet.csv:2",
        "inputs/regions/city/north/fleet.csv:3",
    ]


def test_years_of_two_places_do_not_mix(root: Path) -> None:
    write(root, "street", extends=extends("city"), fleet=head(number("car", 6, "2018")))
    assert values(root, "street") == {
        ("bus", None): 2,
        ("van", None): 8,
        ("car", 2018): 6,
    }


def test_what_a_row_lies_over_may_come_from_far(root: Path) -> None:
    write(
        root,
        "street",
        extends=extends("north"),
        fleet=head(number("taxi", 6), number("bus", 1)),
        without__fleet="source; car",
    )
    assert values(root, "street") == {("van", None): 4, ("taxi", None): 6, ("bus", None): 1}


def test_a_table_that_only_the_region_extended_has(root: Path) -> None:
    found, problems = layers(root, "north")
    assert [r.value for r in found.read("activity/dust", FleetRow).rows] == [7]
    assert found.has("activity/dust")
    assert not found.has("activity/voc")
    problems.stop_if_any()


def test_a_table_that_no_region_has_is_missing_in_the_region_itself(root: Path) -> None:
    found, problems = layers(root, "north")
    found.read("drivers", FleetRow, optional=True)
    problems.stop_if_any()
    table = found.read("drivers", FleetRow)
    assert table.file == "inputs/regions/city/north/drivers.csv"
    assert [str(p.place) for p in problems.found] == ["inputs/regions/city/north/drivers.csv"]


def test_districts_of_a_region_are_none_of_its_files(root: Path) -> None:
    folder = root / "inputs" / "regions"
    files = {path.relative_to(folder).as_posix() for path in layers(root, "city")[0].files()}
    assert files == {"city/fleet.csv", "city/activity/dust.csv"}
    more = {path.relative_to(folder).as_posix() for path in layers(root, "north")[0].files()}
    own = {"extends.csv", "fleet.csv", "without/fleet.csv"}
    assert more - files == {f"city/north/{name}" for name in own}


def told(root: Path, name: str) -> list[str]:
    """What is said of a region: its folders, its fleet and the names of its tables."""
    try:
        found, problems = layers(root, name)
    except InputError as error:
        return [p.text() for p in error.problems]
    found.read("fleet", FleetRow)
    check_names(found, ["fleet"], ["dust"])
    return [p.text() for p in problems.found]


def test_a_sound_region_has_no_problems(root: Path) -> None:
    assert told(root, "north") == []


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"extends": extends("cty")},
            "inputs/regions/here/extends.csv:2:1  region\n"
            "  there is no region 'cty'. Did you mean 'city'?",
        ),
        (
            {"extends": extends("here")},
            "inputs/regions/here/extends.csv:2:1  region\n  region 'here' extends itself.",
        ),
        (
            {"extends": "region note; city near; north near"},
            "inputs/regions/here/extends.csv:3\n"
            "  a region extends one other region at most. Let the other one extend the second.",
        ),
        (
            {"extends": extends("city"), "without__fleet": "source; lorry"},
            "inputs/regions/here/without/fleet.csv:2\n"
            "  no region that this one extends has a row with these keys. Copy the keys of the row "
            "that does not hold here.",
        ),
        (
            {"extends": extends("city"), "flet": head(number("car", 1))},
            "inputs/regions/here/flet.csv\n  no table of a region is called 'flet'. "
            "Expected one of extends, fleet. Did you mean 'fleet'?",
        ),
        (
            {"extends": extends("city"), "activity__duct": head(number("road", 1))},
            "inputs/regions/here/activity/duct.csv\n  no table of a region is called 'duct'. "
            "Expected one of dust. Did you mean 'dust'?",
        ),
        (
            {"extends": extends("city"), "without__flet": "source; car"},
            "inputs/regions/here/without/flet.csv\n  no table of a region is called 'flet'. "
            "Expected one of extends, fleet. Did you mean 'fleet'?",
        ),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(
    root: Path, tables: dict[str, str], expected: str
) -> None:
    write(root, "here", **tables)
    assert told(root, "here") == [expected]


def test_a_circle_of_regions_is_told_where_it_closes(root: Path) -> None:
    write(root, "city", extends=extends("north"))
    assert told(root, "north") == [
        "inputs/regions/city/extends.csv:2:1  region\n  region 'north' extends itself."
    ]


def test_regions_of_one_name_need_their_path(root: Path) -> None:
    write(root, "other/north", fleet=head(number("car", 1)))
    assert told(root, "north") == [
        "inputs/regions/north\n  several regions are called 'north'. "
        "Expected one of city/north, other/north."
    ]
    assert values(root, "other/north") == {("car", None): 1}


@pytest.mark.parametrize("name", ["activity", "city/activity", "without", "..", "../regions/city"])
def test_no_other_folder_is_a_region(root: Path, name: str) -> None:
    assert len(told(root, name)) == 1
