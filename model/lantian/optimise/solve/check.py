"""Proof of optimality that does not trust the solver: residuals of the optimality conditions.

For ``min c.x, l <= x <= u, L <= A x <= U`` a point x with row prices y is optimal if and only if
x is feasible, every reduced cost ``d = c - A'y`` and every price has the sign that its active
bound allows, and inactive bounds have none. All residuals are relative to the size of the terms
that were summed (at least 1, as the program is scaled).
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.program import Matrix
from lantian.tolerances import ACCEPTED, NO_PRICE


@dataclass(frozen=True)
class Residuals:
    """Largest relative violation of each optimality condition.

    Attributes
    ----------
    primal
        Of a bound or row limit.
    dual
        Of the sign a price or reduced cost must have where a side has no bound.
    complementarity
        Of "a price only on a bound that is reached": price times distance.
    gap
        Primal minus dual objective.
    """

    primal: float
    dual: float
    complementarity: float
    gap: float

    @property
    def largest(self) -> float:
        """The worst of the four."""
        # Unlike max(), this does not lose a NaN.
        return float(np.max([self.primal, self.dual, self.complementarity, self.gap]))

    def with_(self, other: "Residuals") -> "Residuals":
        """Return the worse of two, condition by condition."""
        return Residuals(
            max(self.primal, other.primal),
            max(self.dual, other.dual),
            max(self.complementarity, other.complementarity),
            max(self.gap, other.gap),
        )


def residuals(
    cost: Array,
    bounds: tuple[Array, Array],
    matrix: Matrix,
    limits: tuple[Array, Array],
    x: Array,
    price: Array,
) -> Residuals:
    """Return the residuals of a claimed optimum.

    Parameters
    ----------
    cost, bounds, matrix, limits
        The program: cost and (lower, upper) of the columns, matrix, (lower, upper) of the rows.
    x, price
        Claimed solution and row prices (change of cost per unit of the row's limit).
    """
    activity, activity_size = matrix.sums(x)
    paid, paid_size = matrix.transposed_sums(price)
    size, price_size = np.abs(x), np.abs(price)
    cost_size = np.abs(cost)
    # A price of 1e-17 on a large row is rounding, not a sign error: measure it by its terms.
    columns = _side(x, size, cost - paid, cost_size + paid_size, *bounds)
    rows = _side(activity, activity_size, price, price_size, *limits)
    primal, dual, complementarity = np.maximum(columns[:3], rows[:3]).tolist()
    gap = abs(float(cost @ x) - columns[3] - rows[3]) / max(1.0, float(cost_size @ size))
    return Residuals(primal, dual, complementarity, gap)


def excludes_all(
    bounds: tuple[Array, Array], matrix: Matrix, limits: tuple[Array, Array], ray: Array
) -> bool:
    """Tell whether row prices prove that no point keeps to all bounds and limits.

    By Farkas' lemma there is none if and only if, for some prices y, every x within its bounds has
    ``y A x`` above the largest ``y r`` of row values r within their limits.

    Parameters
    ----------
    bounds, matrix, limits
        As for :func:`residuals`.
    ray
        Row prices; their sign and size do not matter, dims (row,).

    Returns
    -------
    bool
        False where the difference is not clearly more than what was rounded.
    """
    return any(_separates(bounds, matrix, limits, y) for y in (ray, -ray))


def _separates(
    bounds: tuple[Array, Array], matrix: Matrix, limits: tuple[Array, Array], price: Array
) -> bool:
    paid, size = matrix.transposed_sums(price)
    paid[np.abs(paid) <= NO_PRICE * size] = 0.0
    price = np.where(np.abs(price) <= NO_PRICE * np.abs(price).max(initial=0.0), 0.0, price)
    least = _products(paid, np.where(paid > 0, *bounds))
    most = _products(price, np.where(price > 0, *limits[::-1]))
    terms = np.concatenate([least, -most])
    return bool(terms.sum() > ACCEPTED * np.abs(terms).sum())


def _products(price: Array, end: Array) -> Array:
    """Return price times end; a price that is none makes nothing of an end that is not there."""
    return np.asarray(price * np.where(price == 0.0, 0.0, end))


def _side(
    value: Array, size: Array, dual: Array, terms: Array, low: Array, high: Array
) -> tuple[float, float, float, float]:
    """Return the three violations of columns or of rows, and their part of the dual objective.

    Parameters
    ----------
    value, dual
        Columns and their reduced costs, or row values and their prices.
    size, terms
        Of what was summed to ``value`` and to ``dual``.
    low, high
        Bounds of ``value``.
    """
    weight, dual_weight = np.maximum(1.0, size), np.maximum(1.0, terms)
    bound = np.where(dual > 0, low, high)
    unbounded = ~np.isfinite(bound)
    bound[unbounded] = 0.0
    relative = np.abs(dual) / dual_weight
    distance = np.abs(value - bound) / weight
    distance[unbounded] = 0.0
    return (
        _worst(np.maximum(low - value, value - high) / weight),
        _worst(relative[unbounded]),
        _worst(relative * distance),
        float(dual @ bound),
    )


def _worst(values: Array) -> float:
    return float(values.max(initial=0.0))
