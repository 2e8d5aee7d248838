"""Polygons of townships: rings with their holes, and every fault told at once where it stands."""

import json
from pathlib import Path
from typing import Any

import pytest

from lantian.errors import Problems
from lantian.inventory.layers import MAP
from lantian.inventory.outlines import Ring, read_outlines

NAMES = ("east", "west")
SQUARE = [[116.5, 39.8], [116.6, 39.8], [116.6, 39.9], [116.5, 39.9], [116.5, 39.8]]
HOLE = [[116.52, 39.82], [116.54, 39.82], [116.54, 39.84], [116.52, 39.84], [116.52, 39.82]]
BOW_TIE = [[116.7, 39.8], [116.8, 39.9], [116.8, 39.8], [116.7, 39.9], [116.7, 39.8]]


def moved(ring: list[list[float]], east: float) -> list[list[float]]:
    return [[x + east, y] for x, y in ring]


def feature(name: Any, *rings: Any, kind: str = "Polygon") -> dict[str, Any]:
    properties = {} if name is None else {"township": name}
    shape = {"type": kind, "coordinates": list(rings)}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def read(folder: Path, *features: Any) -> tuple[tuple[Ring, ...], Problems]:
    whole = {"type": "FeatureCollection", "features": list(features)}
    return read_text(folder, json.dumps(whole, indent=1))


def read_text(folder: Path, text: str) -> tuple[tuple[Ring, ...], Problems]:
    (folder / MAP).write_text(text, encoding="utf-8")
    problems = Problems()
    return read_outlines((folder,), folder, NAMES, problems), problems


def test_rings_are_closed_and_holes_are_told(tmp_path: Path) -> None:
    parts = [[moved(SQUARE, 0.1)], [moved(SQUARE, 0.3)]]
    west = {"type": "MultiPolygon", "coordinates": parts}
    other = {"type": "Feature", "properties": {"township": "west"}, "geometry": west}
    rings, problems = read(tmp_path, feature("east", SQUARE, HOLE), other)
    assert not problems.found
    assert [(r.township, r.hole) for r in rings] == [
        ("east", False),
        ("east", True),
        ("west", False),
        ("west", False),
    ]
    for ring in rings:
        assert ring.points[0].tolist() == ring.points[-1].tolist()
        assert ring.points.shape == (5, 2)


def test_corners_that_no_page_shows_are_left_out(tmp_path: Path) -> None:
    fine = [[116.5 + 0.1 * n / 999, 39.8] for n in range(1000)]
    ring = [*fine, [116.6, 39.9], [116.5, 39.9], [116.5, 39.8]]
    rings, _ = read(tmp_path, feature("east", ring), feature("west", moved(SQUARE, 0.1)))
    assert [len(r.points) for r in rings] == [5, 5]


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    problems = Problems()
    assert read_outlines((tmp_path,), tmp_path, NAMES, problems) == ()
    assert not problems.found


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path,
        feature("east", SQUARE),
        feature("east", moved(SQUARE, 0.1)),
        feature("wset", moved(SQUARE, 0.2)),
        feature(None, moved(SQUARE, 0.3)),
        feature("nowhere", BOW_TIE),
        feature("far", [[5e5, 4.4e6], [5.1e5, 4.4e6], [5.1e5, 4.5e6], [5e5, 4.4e6]]),
        feature("line", *SQUARE, kind="LineString"),
        feature("odd", [["a", "b"]]),
    )
    told = [p.found.text() for p in problems.found]
    for said in (
        "the polygon of 'east' stands here for the second time.",
        "township 'wset' has no level of the base year.",
        "this polygon names no township.",
        "this polygon is not valid: Self-intersection",
        "these are no degrees of longitude and latitude.",
        "'LineString' is no polygon.",
        "this polygon cannot be read: ",
        "township 'west' has no polygon.",
    ):
        assert any(own.startswith(said) for own in told), (said, told)
    lines = (tmp_path / MAP).read_text(encoding="utf-8").splitlines()
    at = [n for n, line in enumerate(lines, 1) if '"Feature"' in line]
    (twice,) = [p for p in problems.found if "second time" in p.found.text()]
    assert (twice.place.line, twice.place.path) == (at[1], "features[1]")
    (wrong,) = [p for p in problems.found if "'wset'" in p.found.text()]
    assert "west" in wrong.fix.text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"type": "FeatureCollection", "features": [', "this cannot be read as JSON: "),
        ("[]", "this is no collection of polygons."),
        ('{"type": "Polygon", "coordinates": []}', "this is no collection of polygons."),
        ('{"type": "Collection", "features": []}', "this is no collection of polygons."),
        ('{"type": "Topology", "features": []}', "this is no collection of polygons."),
        ('{"type": "FeatureCollection", "features": {}}', "this is no collection of polygons."),
        ('{"type": "FeatureCollection", "features": [3, null]}', "this polygon names no township."),
    ],
)
def test_what_is_no_collection_is_told(text: str, told: str, tmp_path: Path) -> None:
    rings, problems = read_text(tmp_path, text)
    assert rings == ()
    assert problems.found[0].found.text().startswith(told)
    assert problems.found[0].place.file == MAP


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        (box(-180, -90, 180, 90), False),
        (box(-180.1, -90, 180, 90), True),
        (box(-180, -90.1, 180, 90), True),
        (box(-180, -90, 180.1, 90), True),
        (box(-180, -90, 180, 90.1), True),
    ],
)
def test_degrees_end_where_the_globe_does(
    ring: list[list[float]], said: bool, tmp_path: Path
) -> None:
    rings, problems = read(tmp_path, feature("east", ring))
    told = [p.found.text() for p in problems.found if "degrees" in p.found.text()]
    assert len(told) == said
    assert len(rings) == (not said)


def test_a_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / MAP).mkdir()
    problems = Problems()
    assert read_outlines((tmp_path,), tmp_path, NAMES, problems) == ()
    assert ["a folder or a device" in p.text() for p in problems.found] == [True]
