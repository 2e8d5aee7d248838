"""A bound of the least cost that holds whatever was rounded on the way to it.

For any row prices y, the cost of every point within the limits of ``min c.x, l <= x <= u,
L <= A x <= U`` is at least

    sum_i min(y_i L_i, y_i U_i) + sum_j min over x_j in [l_j, u_j] of (c - A'y)_j x_j

The solver's prices make this the optimum but for rounding. Each rounding error is bounded by the
size of what was summed and taken off, so the result is a bound in exact arithmetic, too. The
program is taken as it is handed over: its numbers are doubles, scaled by powers of two.

References
----------
A. Neumaier and O. Shcherbina, "Safe bounds in linear and mixed-integer linear programming",
Mathematical Programming 99, 283-296, 2004.
N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 3.1:
a sum of n products is off by at most ``gamma(n)`` times the sum of their sizes, in any order.
"""

from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.program import Program

UNIT_ROUNDOFF = 2.0**-53
"""Largest relative error of one operation on doubles [1]."""
SPARE = 8
"""Operations allowed for beside the products of a sum: errors of sizes and of differences."""


@dataclass(frozen=True)
class Proof:
    """What an optimum costs, and what no mix within the limits costs less than.

    Attributes
    ----------
    cost
        Of the mix, with the price of excess [currency/a].
    bound
        Safe lower bound of it [currency/a]; minus infinity if nothing bounds it.
    size
        Of the costs that were summed to ``cost`` [currency/a].
    of_all_years
        Whether all are those of all years of a pathway together, discounted [currency].
    """

    cost: float
    bound: float
    size: float
    of_all_years: bool = False

    @property
    def gap(self) -> float:
        """How far the bound lies below the cost [1, of the costs that were summed]."""
        return (self.cost - self.bound) / self.size if self.size > 0 else 0.0


def prove(program: Program, x: Array, price: Array) -> Proof:
    """Return the cost of an optimum and a safe bound of it, from the solver's prices.

    Parameters
    ----------
    program
        With its own cost, and the bounds and limits that were solved.
    x, price
        Optimum and row prices, scaled.
    """
    scale = program.cost_scale
    return Proof(
        float(program.cost @ x) * scale,
        safe_bound(program, price) * scale,
        float(np.abs(program.cost) @ np.abs(x)) * scale,
    )


def safe_bound(program: Program, price: Array) -> float:
    """Return a number that no point within the limits of a program costs less than [scaled].

    Parameters
    ----------
    program
        Its cost, bounds, matrix and limits.
    price
        Row prices, dims (row,); better ones give a better bound.
    """
    program = replace(program, upper=_finite_upper(program))
    price = _of_one_sign(price, program)
    paid, size = program.matrix.transposed_sums(price)
    entries = np.bincount(program.matrix.column, minlength=len(program.cost))
    error = _gamma(entries + SPARE) * (np.abs(program.cost) + size)
    reduced = program.cost - paid
    columns = _least_products(reduced - error, reduced + error, program.lower, program.upper)
    limit = np.where(price > 0, program.row_lower, program.row_upper)
    rows = price * np.where(price == 0, 0.0, limit)
    terms = np.concatenate([columns, rows])
    used = int(np.count_nonzero(terms))
    return float(terms.sum() - _gamma(np.array(used + SPARE)) * np.abs(terms).sum())


def _gamma(n: Array | np.ndarray) -> Array:
    """Return the relative error of a sum of n products [1]."""
    return np.asarray(n * UNIT_ROUNDOFF / (1.0 - n * UNIT_ROUNDOFF), float)


def _of_one_sign(price: Array, program: Program) -> Array:
    """Return prices without those of sides that have no limit: rounding, and worth nothing."""
    found = np.where(np.isfinite(program.row_lower), price, np.minimum(price, 0.0))
    return np.where(np.isfinite(program.row_upper), found, np.maximum(found, 0.0))


def _least_products(low: Array, high: Array, lower: Array, upper: Array) -> Array:
    """Return the least of ``d x`` for d between low and high and x between lower and upper."""
    with np.errstate(invalid="ignore"):
        products = np.stack([d * x for d in (low, high) for x in (lower, upper)])
    # Nothing times infinity: a column without a cost is worth nothing wherever it stands.
    return np.asarray(np.where(np.isnan(products), 0.0, products).min(axis=0))


def _finite_upper(program: Program) -> Array:
    """Return upper bounds of the columns; a soft target's excess is no larger than it can get.

    An excess costs and enters the row of its target only, so in the cheapest point it is what the
    other columns leave the row above its limit: at most what they do at their worst bounds.
    """
    upper, matrix = program.upper.copy(), program.matrix
    for e, row in zip(program.excess.tolist(), program.target.tolist(), strict=True):
        if np.isfinite(upper[e]) or program.cost[e] < 0:
            continue
        own = matrix.row == row
        column, value = matrix.column[own], matrix.value[own]
        others, unit = column != e, float(-value[column == e].sum())
        ends = np.stack([value * program.lower[column], value * program.upper[column]])[:, others]
        worst, limit = ends.max(axis=0), program.row_upper[row]
        most = worst.sum() - limit if np.isfinite(limit) else 0.0
        error = _gamma(np.array(len(worst) + SPARE)) * (np.abs(ends).max(axis=0).sum() + abs(most))
        upper[e] = max(float(most + error) / unit * (1 + SPARE * UNIT_ROUNDOFF), 0.0)
    return upper
