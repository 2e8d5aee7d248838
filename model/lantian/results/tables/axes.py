"""Arrays with labelled axes -> columns."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.results.frame import Cells


def as_cells(values: Sequence[Any]) -> Cells:
    """Return values as an array of plain Python objects, which positions pick from.

    Parameters
    ----------
    values
        Texts or numbers.

    Returns
    -------
    Array
        One-dimensional.
    """
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells


def crossed(axes: Mapping[str, Sequence[Any]]) -> dict[str, Cells]:
    """Return the labels of every cell of an array, the last axis running fastest.

    Parameters
    ----------
    axes
        Labels by the name of the axis, in the order of the array's axes.

    Returns
    -------
    dict
        A column per axis, as long as the array has cells.
    """
    shape = tuple(len(labels) for labels in axes.values())
    index = np.indices(shape).reshape(len(shape), -1)
    return {
        name: as_cells(labels)[at] for (name, labels), at in zip(axes.items(), index, strict=True)
    }


def stacked(parts: Sequence[Mapping[str, Any]]) -> dict[str, Cells]:
    """Return columns one below the other.

    Parameters
    ----------
    parts
        Columns of equal names; a single value stands for all rows of its part.

    Returns
    -------
    dict
        The columns of all parts; none without parts.
    """
    whole: dict[str, list[Cells]] = {}
    for part in parts:
        rows = next((len(v) for v in part.values() if isinstance(v, np.ndarray)), 1)
        for name, values in part.items():
            cells = values if isinstance(values, np.ndarray) else as_cells([values] * rows)
            whole.setdefault(name, []).append(cells)
    return {name: np.concatenate(cells) for name, cells in whole.items()}


def summed(values: Array, keys: Sequence[Cells]) -> tuple[list[Cells], Array]:
    """Add up rows with equal keys.

    Parameters
    ----------
    values
        Dims (row,).
    keys
        Columns that tell the sums apart, dims (row,) each.

    Returns
    -------
    list of Array
        The keys of the sums, in the order in which they first occur.
    Array
        The sums, rounded once, dims (sum,).
    """
    groups: dict[tuple[Any, ...], list[float]] = {}
    rows = zip(*(key.tolist() for key in keys), strict=True)
    for row, value in zip(rows, values.tolist(), strict=True):
        groups.setdefault(row, []).append(value)
    columns = [as_cells([row[k] for row in groups]) for k in range(len(keys))]
    return columns, np.array([math.fsum(group) for group in groups.values()])
