"""Relative risks of long-term exposure, and the deaths that go with them.

Shapes and their names are those of the WHO's AirQ+ and of the R package healthiar; GEMM is the
Global Exposure Mortality Model. Every function takes arrays.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from lantian.core.system import Array

Shape = Literal["linear", "log-linear", "linear-log", "log-log"]
STEP = 10.0
"""Increment of exposure that published relative risks are for [ug/m3]."""


def relative_risk(
    exposure: ArrayLike, risk: ArrayLike, cutoff: float, shape: Shape = "log-linear"
) -> Array:
    """Return the relative risk of an exposure from that of ten micrograms.

    Parameters
    ----------
    exposure
        [ug/m3].
    risk
        Relative risk of an exposure of ``cutoff`` + 10 [1].
    cutoff
        Exposure without a risk [ug/m3].
    shape
        How it grows between and beyond.

    Returns
    -------
    Array
        [1], 1 at the cutoff and below it.

    References
    ----------
    WHO, AirQ+; R package healthiar, function ``get_risk``.
    """
    x, r = np.maximum(np.asarray(exposure, float), cutoff), np.asarray(risk, float)
    return _SHAPES[shape](x, r, cutoff)


def _linear(x: Array, r: Array, c: float) -> Array:
    return np.asarray(1.0 + (r - 1.0) * (x - c) / STEP)


def _log_linear(x: Array, r: Array, c: float) -> Array:
    return np.asarray(np.exp(np.log(r) * (x - c) / STEP))


def _logs(x: Array, c: float) -> Array:
    """Return how far an exposure is, on a logarithm, as a part of ten micrograms [1]."""
    return np.asarray(np.log((x + 1.0) / (c + 1.0)) / np.log((STEP + c + 1.0) / (c + 1.0)))


def _linear_log(x: Array, r: Array, c: float) -> Array:
    return np.asarray(1.0 + (r - 1.0) * _logs(x, c))


def _log_log(x: Array, r: Array, c: float) -> Array:
    return np.asarray(np.exp(np.log(r) * _logs(x, c)))


_SHAPES: Mapping[Shape, Callable[[Array, Array, float], Array]] = {
    "linear": _linear,
    "log-linear": _log_linear,
    "linear-log": _linear_log,
    "log-log": _log_log,
}


def gemm_risk(
    exposure: ArrayLike,
    theta: ArrayLike,
    alpha: ArrayLike,
    mu: ArrayLike,
    nu: ArrayLike,
    counterfactual: ArrayLike = 2.4,
) -> Array:
    """Return the relative risk of the Global Exposure Mortality Model [1].

    Parameters
    ----------
    exposure
        Annual mean of PM2.5 [ug/m3].
    theta
        Slope [1].
    alpha, mu, nu
        Shape [ug/m3].
    counterfactual
        Exposure below which no risk is seen [ug/m3].

    Returns
    -------
    Array
        ``exp(theta ln(1 + z/alpha) / (1 + exp(-(z - mu)/nu)))``, z above the counterfactual.

    References
    ----------
    Burnett et al. 2018, PNAS 115, 9592.
    """
    z = np.maximum(np.asarray(exposure, float) - np.asarray(counterfactual, float), 0.0)
    weight = 1.0 + np.exp(-(z - np.asarray(mu)) / np.asarray(nu))
    return np.asarray(np.exp(np.asarray(theta) * np.log1p(z / np.asarray(alpha)) / weight))


def straight_risk(exposure: ArrayLike, slope: ArrayLike, turn: ArrayLike) -> Array:
    """Return a risk whose logarithm is straight up to a point [1]; NaN above it.

    Parameters
    ----------
    exposure
        [ug/m3].
    slope
        Of the logarithm [1/(ug/m3)].
    turn
        Where the published curve bends [ug/m3]; what it does there is not told.

    Returns
    -------
    Array
        ``exp(slope * exposure)``.

    References
    ----------
    Burnett et al. 2022 (FUSION), below its bend.
    """
    x = np.asarray(exposure, float)
    return np.asarray(np.where(x <= np.asarray(turn), np.exp(np.asarray(slope) * x), np.nan))


def tabulated_risk(exposure: ArrayLike, at: ArrayLike, risk: ArrayLike) -> Array:
    """Return a risk between the points of a table [1]; NaN above the last.

    Parameters
    ----------
    exposure
        [ug/m3].
    at, risk
        Exposures of the table, ascending [ug/m3], and their risks [1]; 1 without exposure.

    Returns
    -------
    Array
        On straight lines between the points.
    """
    known = np.concatenate([[0.0], np.asarray(at, float)])
    values = np.concatenate([[1.0], np.asarray(risk, float)])
    return np.asarray(np.interp(np.asarray(exposure, float), known, values, right=np.nan))


def attributable_fraction(risk: ArrayLike) -> Array:
    """Return the share of cases that would not be without the exposure, ``(RR - 1)/RR`` [1]."""
    return np.asarray(1.0 - 1.0 / np.asarray(risk, float))


def joint_fraction(fractions: ArrayLike) -> Array:
    """Return the share that several independent exposures cause together [1].

    Parameters
    ----------
    fractions
        Attributable fraction of each [1], dims (exposure, ...).

    Returns
    -------
    Array
        ``1 - product of (1 - fraction)``, never more than their sum.
    """
    return np.asarray(1.0 - np.prod(1.0 - np.asarray(fractions, float), axis=0))


def avoided_cases(cases: ArrayLike, before: ArrayLike, after: ArrayLike) -> Array:
    """Return the cases that a lower exposure avoids: the difference of what is attributable.

    Parameters
    ----------
    cases
        Of a year, whatever they come from.
    before, after
        Relative risk at the exposure before and after [1].

    Returns
    -------
    Array
        ``cases (1/after - 1/before)``, in the unit of the cases.
    """
    fall = attributable_fraction(before) - attributable_fraction(after)
    return np.asarray(np.asarray(cases, float) * fall)


def impact_fraction(before: ArrayLike, after: ArrayLike) -> Array:
    """Return the share of cases that a lower exposure avoids, ``(before - after)/before`` [1].

    Parameters
    ----------
    before, after
        Relative risk at the exposure before and after [1].

    Returns
    -------
    Array
        Potential impact fraction.
    """
    return np.asarray(1.0 - np.asarray(after, float) / np.asarray(before, float))
