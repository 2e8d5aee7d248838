"""Proof of optimality that does not trust the solver: residuals of the optimality conditions.

For ``min c.x, l <= x <= u, L <= A x <= U`` a point x with row prices y is optimal if and only if
x is feasible, every reduced cost ``d = c - A'y`` and every price has the sign that its active
bound allows, and inactive bounds have none. All residuals are relative to the size of the terms
that were summed (at least 1, as the program is scaled).
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array
from lantian.optimise.program import Matrix


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
    paid_by_row, paid_size = matrix.transposed_sums(price)
    value = np.r_[x, activity]
    weight = np.maximum(1.0, np.r_[np.abs(x), activity_size])
    dual = np.r_[cost - paid_by_row, price]
    # A price of 1e-17 on a large row is rounding, not a sign error: measure it by its terms.
    terms = np.r_[np.abs(cost) + paid_size, np.abs(price)]
    dual_weight = np.maximum(1.0, terms)
    low, high = (np.r_[b, r] for b, r in zip(bounds, limits, strict=True))
    side = np.where(dual > 0, low, high)
    unbounded = ~np.isfinite(side)
    distance = np.where(unbounded, 0.0, np.abs(value - np.where(unbounded, 0.0, side)))
    paid = np.where(unbounded, 0.0, dual * np.where(unbounded, 0.0, side)).sum()
    objective = float(cost @ x)
    size = max(1.0, float(np.abs(cost) @ np.abs(x)))
    return Residuals(
        primal=_worst(np.maximum(low - value, value - high) / weight),
        dual=_worst(np.where(unbounded, np.abs(dual), 0.0) / dual_weight),
        complementarity=_worst(np.abs(dual) * distance / (weight * dual_weight)),
        gap=abs(objective - float(paid)) / size,
    )


def _worst(values: Array) -> float:
    return float(values.max(initial=0.0))
