"""A projection brought to a total that is known of its base year."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lantian.vocabulary import CONVERGING, Harmonising

Array = NDArray[np.float64]


def harmonise(
    years: Sequence[int],
    model: ArrayLike,
    total: ArrayLike,
    base_year: int,
    method: Harmonising,
    until: int | None = None,
) -> Array:
    r"""Return a projection that begins at a known total of its base year.

    With :math:`g` the part of the correction that is left in a year and :math:`m_0` the projection
    in the base year,

    .. math:: h(y) = m(y) (1 + g(y) (T / m_0 - 1)) \quad\text{or}\quad h(y) = m(y) + g(y) (T - m_0)

    ``ratio`` and ``offset`` keep the correction (:math:`g = 1`), the converging ones let it fade in
    a straight line until a year. ``interpolate`` goes straight from the total to the projection of
    that year. ``budget`` keeps the sum of the projection from the base year on, and among the paths
    that do the one whose yearly changes differ least from those of the projection. Years before the
    base year are corrected like it.

    Parameters
    ----------
    years
        Calendar years along the first axis of ``model``, ascending.
    model
        Projection, dims (year, ...).
    total
        What is known of the base year, dims (...).
    base_year
        One of ``years``.
    method
        How the correction goes on.
    until
        Year in which a converging one ends.

    Returns
    -------
    numpy.ndarray
        dims of ``model``, in its unit.

    Raises
    ------
    ValueError
        If ``until`` is missing, not after the base year or, of ``interpolate``, none of ``years``;
        if ``budget`` has no year after the base year.

    References
    ----------
    Gidden et al. 2018, Environmental Modelling & Software 105, 187-200, for the methods by their
    names there (reduce_ratio, reduce_offset, linear_interpolate, budget).
    """
    path, known = np.asarray(model, dtype=float), np.asarray(total, dtype=float)
    at, first = np.asarray(years), path[list(years).index(base_year)]
    if method == "interpolate":
        return _straight(at, path, known, base_year, _end(method, base_year, until))
    left = _left(at, base_year, method, until).reshape(-1, *[1] * (path.ndim - 1))
    if method.endswith("ratio"):
        return np.asarray(path * (1.0 + left * (_quotient(known, first) - 1.0)))
    return np.asarray(path + left * (known - first))


def _quotient(known: Array, first: Array) -> Array:
    """Return the total over the projection; 1 where nothing is projected."""
    one = np.ones(np.broadcast(known, first).shape)
    return np.asarray(np.divide(known, first, out=one, where=first != 0.0))


def _end(method: Harmonising, base_year: int, until: int | None) -> int:
    if until is None or until <= base_year:
        raise ValueError(f"{method} needs a year after {base_year} in which it ends")
    return until


def _left(at: NDArray[np.int64], base_year: int, method: Harmonising, until: int | None) -> Array:
    """Return the part of the correction that is left in each year [1], dims (year,)."""
    if method == "budget":
        return _balanced(at, base_year)
    if method not in CONVERGING:
        return np.ones(len(at))
    span = _end(method, base_year, until) - base_year
    return np.clip(1.0 - (at - base_year) / span, 0.0, 1.0)


def _straight(
    at: NDArray[np.int64], path: Array, known: Array, base_year: int, until: int
) -> Array:
    """Return the line from the total to the projection of a year, and then the projection."""
    if until not in at:
        raise ValueError(f"interpolate needs the projection of {until}")
    last, first = path[at.tolist().index(until)], path[at.tolist().index(base_year)]
    part = ((at - base_year) / (until - base_year)).reshape(-1, *[1] * (path.ndim - 1))
    line = known + part * (last - known)
    found = np.where(part < 0.0, path * _quotient(known, first), line)
    return np.asarray(np.where(part > 1.0, path, found))


def _balanced(at: NDArray[np.int64], base_year: int) -> Array:
    """Return the correction that begins at 1, adds up to nothing and bends least, dims (year,).

    Its sum is that of straight lines between the years. Least squares of the yearly changes under
    that one condition are a linear system.
    """
    after = at[at >= base_year].astype(float)
    if len(after) < 2:
        raise ValueError(f"budget needs a year after {base_year}")
    step = np.diff(after)
    weight = np.zeros(len(after))
    weight[:-1] += step / 2.0
    weight[1:] += step / 2.0
    change = np.diff(np.eye(len(after)), axis=0) / step[:, None]
    bend = change.T @ change
    system = np.block([[bend[1:, 1:], weight[1:, None]], [weight[None, 1:], np.zeros((1, 1))]])
    free = np.linalg.solve(system, -np.append(bend[1:, 0], weight[0]))[:-1]
    return np.concatenate([np.ones(int((at < base_year).sum()) + 1), free])
