"""Outlines of townships: polygons that the user gives as GeoJSON, for a map.

``townships.geojson`` of a region's folder is a FeatureCollection in degrees of longitude and
latitude; each feature names its township, as ``townships.csv`` writes it, in ``properties``.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.errors import Place, Problems, closest
from lantian.inventory.layers import MAP
from lantian.language import message
from lantian.parameters.opening import LARGEST_TABLE, read_file
from lantian.parameters.reader import shown_path

TOWNSHIP = "township"
"""Property that names the township of a feature."""
KINDS = ("Polygon", "MultiPolygon")
FINEST = 2000.0
"""Parts of the map's width below which no corner is kept [1]: a page shows no more."""
_FEATURE = re.compile(r'"type"\s*:\s*"Feature"')


@dataclass(frozen=True)
class Ring:
    """A closed line.

    Attributes
    ----------
    township
        Whose outline it is part of.
    hole
        Whether what it encloses is not of the township.
    points
        Longitude and latitude [degree], dims (point, 2); the last is the first.
    """

    township: str
    hole: bool
    points: Array


def read_outlines(
    folders: Sequence[Path], root: Path, names: Collection[str], problems: Problems
) -> tuple[Ring, ...]:
    """Return the outlines of townships; none where no folder has polygons.

    Parameters
    ----------
    folders
        Of a region, the nearest first.
    root
        Places are told relative to this folder.
    names
        Townships that have a level.
    problems
        Receives what is no polygon, names that are missing, unknown or told twice, and townships
        without a polygon.
    """
    path = next((f / MAP for f in folders if (f / MAP).exists()), None)
    if path is None:
        return ()
    file = shown_path(path, root)
    features = _features(path, file, problems)
    if features is None:
        return ()
    found: dict[str, Any] = {}
    for feature, place in features:
        name = _name(feature, names, found, place, problems)
        shape = _shape(feature, place, problems)
        if name is not None:
            found[name] = shape
    for name in names:
        if name not in found:
            problems.add(
                Place(file),
                message("township '{name}' has no polygon.", name=name),
                message("Expected one feature per township of townships.csv."),
                message("Add it, or take the file out: bars are drawn without it."),
            )
    return _rings({name: shape for name, shape in found.items() if shape is not None})


def _features(
    path: Path, file: str, problems: Problems
) -> list[tuple[Mapping[str, Any], Place]] | None:
    """Return the features with their places; None where the file holds none."""
    content = read_file(path, file, LARGEST_TABLE, problems)
    if content is None:
        return None
    text = content.decode("utf-8-sig", errors="replace")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        problems.add(
            Place(file, error.lineno, error.colno),
            message("this cannot be read as JSON: {text}.", text=error.msg),
        )
        return None
    own = data.get("features") if isinstance(data, dict) else None
    if not isinstance(own, list) or data.get("type") != "FeatureCollection":
        problems.add(
            Place(file, 1),
            message("this is no collection of polygons."),
            message("Expected a FeatureCollection of GeoJSON."),
        )
        return None
    lines = [text.count("\n", 0, m.start()) + 1 for m in _FEATURE.finditer(text)]
    lines = lines if len(lines) == len(own) else [1] * len(own)
    places = (Place(file, line, path=f"features[{i}]") for i, line in enumerate(lines))
    return [(f if isinstance(f, dict) else {}, p) for f, p in zip(own, places, strict=True)]


def _name(
    feature: Mapping[str, Any],
    names: Collection[str],
    found: Collection[str],
    place: Place,
    problems: Problems,
) -> str | None:
    """Return the township of a feature; None if it is none."""
    name = (feature.get("properties") or {}).get(TOWNSHIP)
    if not isinstance(name, str) or not name:
        problems.add(
            place,
            message("this polygon names no township."),
            fix=message("Write its id in townships.csv as 'township' into its properties."),
        )
    elif name not in names:
        problems.add(
            place,
            message("township '{name}' has no level of the base year.", name=name),
            fix=closest(name, names),
        )
    elif name in found:
        problems.add(
            place,
            message("the polygon of '{name}' stands here for the second time.", name=name),
            fix=message("Make the two one MultiPolygon, or take out one."),
        )
    else:
        return name
    return None


def _shape(feature: Mapping[str, Any], place: Place, problems: Problems) -> Any:
    """Return the polygons of a feature; None if they are none."""
    from shapely import is_valid_reason  # only projects with polygons need it
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    geometry = feature.get("geometry") or {}
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in KINDS:
        told, expected = message("'{kind}' is no polygon.", kind=kind), ", ".join(KINDS)
        problems.add(place, told, message("Expected one of {names}.", names=expected))
        return None
    try:
        found = shape(geometry)
        west, south, east, north = found.bounds
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        problems.add(place, message("this polygon cannot be read: {text}.", text=str(error)))
        return None
    if not found.is_valid:
        reason = is_valid_reason(found)
        problems.add(place, message("this polygon is not valid: {reason}.", reason=reason))
    elif not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        problems.add(
            place,
            message("these are no degrees of longitude and latitude."),
            message("Expected -180 to 180 and -90 to 90."),
            message("Export the polygons in WGS 84 (EPSG:4326)."),
        )
    else:
        return found
    return None


def _rings(shapes: Mapping[str, Any]) -> tuple[Ring, ...]:
    """Return the closed lines of all townships, as fine as a page shows."""
    if not shapes:
        return ()
    ends = np.array([shape.bounds for shape in shapes.values()])
    wide = float(max(ends[:, 2].max() - ends[:, 0].min(), ends[:, 3].max() - ends[:, 1].min()))
    simple = {name: shape.simplify(wide / FINEST) for name, shape in shapes.items()}
    return tuple(
        Ring(name, hole, np.array(line.coords)[:, :2])
        for name, shape in simple.items()
        for polygon in getattr(shape, "geoms", [shape])
        for hole, line in _lines(polygon)
    )


def _lines(polygon: Any) -> list[tuple[bool, Any]]:
    """Return the closed lines of a polygon, and whether each encloses a hole."""
    return [(False, polygon.exterior), *((True, own) for own in polygon.interiors)]
