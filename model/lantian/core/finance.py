"""Time value of money and the control-cost equations of cost manuals. Pure functions.

Payments fall at the end of each period, rates are per period, money in and money out have
opposite signs only where the function says so.

References
----------
US EPA, Air Pollution Control Cost Manual, 7th ed., section 1 chapter 2 (capital recovery, present
value). US EPA, Control Strategy Tool, cost equations "default", "type 1" and "type 2".
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

KW_PER_MW = 1000.0
"""[kW/MW], SI."""
HOURS_PER_YEAR = 8760.0
"""[h/a], as in the control-cost equations: 365 days of 24 h."""
MMBTU_PER_HOUR_PER_MW = 3.412
"""[(MMBtu/h)/MW], the rounded value of the type 2 equation."""


def capital_recovery_factor(rate: ArrayLike, years: ArrayLike) -> Array:
    """Return the share of a capital sum that is paid every year [1/a].

    ``i (1+i)^n / ((1+i)^n - 1)``, and its limit ``1/n`` at a rate of zero.

    Parameters
    ----------
    rate
        Interest or discount rate i [1/a], above -1.
    years
        Life n [a], positive.

    Returns
    -------
    Array
        Factor [1/a], in the shape to which both arguments broadcast.

    Raises
    ------
    ValueError
        If a life is not positive or a rate is -1 or less.

    References
    ----------
    US EPA, Air Pollution Control Cost Manual, 7th ed., section 1 chapter 2.
    """
    i, n = np.broadcast_arrays(np.asarray(rate, float), np.asarray(years, float))
    if np.any(n <= 0) or np.any(i <= -1):
        raise ValueError("a life must be positive and a rate above -1")
    # expm1 and log1p keep full precision where the rate is close to zero.
    present = -np.expm1(-n * np.log1p(i))
    return np.asarray(np.divide(i, present, out=np.array(1.0 / n), where=i != 0))


def annualised_cost(
    capital: ArrayLike,
    rate: ArrayLike,
    years: ArrayLike,
    fixed: ArrayLike = 0.0,
    variable: ArrayLike = 0.0,
    savings: ArrayLike = 0.0,
) -> Array:
    """Return ``capital * CRF + fixed + variable - savings`` [currency/a].

    Parameters
    ----------
    capital
        Investment [currency].
    rate, years
        Discount rate [1/a] and life [a].
    fixed, variable, savings
        Recurring items [currency/a].

    Returns
    -------
    Array
        Cost [currency/a], in the shape to which all arguments broadcast.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.

    References
    ----------
    US EPA, Air Pollution Control Cost Manual, 7th ed., section 1 chapter 2.
    """
    capital_a = np.asarray(capital, float) * capital_recovery_factor(rate, years)
    recurring = np.asarray(fixed, float) + np.asarray(variable, float) - np.asarray(savings, float)
    return np.asarray(capital_a + recurring)


def payment(rate: float, periods: float, present: float) -> float:
    """Return the equal payment per period that pays off ``present`` [currency].

    Parameters
    ----------
    rate
        Interest rate i [1/period].
    periods
        Number of payments n.
    present
        Debt at the start [currency].

    Returns
    -------
    float
        ``present * CRF(i, n)`` [currency/period], with :func:`capital_recovery_factor`.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.
    """
    return float(present * capital_recovery_factor(rate, periods))


def future_value(rate: float, periods: float, payment: float, present: float = 0.0) -> float:
    """Return what ``present`` and equal deposits ``payment`` grow to [currency].

    Parameters
    ----------
    rate
        Interest rate i [1/period].
    periods
        Number of deposits n.
    payment
        Deposit at the end of each period [currency].
    present
        Sum at the start [currency].

    Returns
    -------
    float
        ``(present + payment * annuity) * (1+i)^n`` [currency], the annuity being 1 / CRF.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.
    """
    return float((present + payment * _annuity(rate, periods)) * (1 + rate) ** periods)


def present_value(rate: float, periods: float, payment: float, future: float = 0.0) -> float:
    """Return the sum that, paid now, balances payments and a final sum [currency].

    ``present + payment * annuity + future / (1+i)^n = 0``: the sign is that of money paid out.

    Parameters
    ----------
    rate
        Interest rate i [1/period].
    periods
        Number of payments n.
    payment
        Payment at the end of each period [currency].
    future
        Sum at the end of the last period [currency].

    Returns
    -------
    float
        The sum [currency], negative where the payments are positive.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.
    """
    return float(-(payment * _annuity(rate, periods) + future / (1 + rate) ** periods))


def nper(rate: float, payment: float, present: float) -> float:
    """Return the number of payments that pay off ``present``.

    Parameters
    ----------
    rate
        Interest rate i [1/period].
    payment
        Payment at the end of each period [currency].
    present
        Debt at the start [currency].

    Returns
    -------
    float
        ``-ln(1 - i * present / payment) / ln(1+i)`` [period], not rounded; ``present / payment`` at
        a rate of zero.

    Raises
    ------
    ValueError
        If the payment does not even cover the interest.
    """
    if payment <= rate * present:
        raise ValueError("the payment does not cover the interest: the debt is never paid off")
    if rate == 0:
        return present / payment
    return float(-np.log1p(-rate * present / payment) / np.log1p(rate))


def npv(rate: float, flows: ArrayLike) -> float:
    """Return the net present value; the first flow is not discounted [currency].

    Parameters
    ----------
    rate
        Discount rate [1/period].
    flows
        Money in (+) and out (-) [currency], dims (period,).

    Returns
    -------
    float
        Sum of ``flow[t] / (1 + rate)^t``, t from 0 [currency].
    """
    flows = np.asarray(flows, float)
    return float(np.sum(flows / (1 + rate) ** np.arange(len(flows))))


def irr(flows: ArrayLike) -> float:
    """Return the internal rate of return [1/period]: the rate at which the NPV is zero.

    Flows that change sign more than once may have several; the one nearest to zero is returned.

    Parameters
    ----------
    flows
        Money in (+) and out (-) [currency], dims (period,); the first is not discounted.

    Returns
    -------
    float
        Rate [1/period].

    Raises
    ------
    ValueError
        If there is none: all flows have one sign, or no rate balances them.
    """
    discounts = np.roots(
        np.asarray(flows, float)[::-1]
    )  # the NPV is a polynomial in 1 / (1 + rate)
    found = discounts.real[(discounts.imag == 0) & (discounts.real > 0)]
    if not len(found):
        raise ValueError("no rate makes the net present value of these flows zero")
    return float(min(1 / found - 1, key=abs))


def convert_price(amount: ArrayLike, index: Mapping[int, float], year: int, to: int) -> Array:
    """Return money of one year in prices of another by a price index [currency of ``to``].

    Parameters
    ----------
    amount
        Money [currency of ``year``].
    index
        Price level by year [any unit; only ratios count].
    year, to
        Year of the prices given, and of those wanted.

    Returns
    -------
    Array
        ``amount * index[to] / index[year]``, in the shape of ``amount``.

    Raises
    ------
    KeyError
        If the index lacks one of the years.
    """
    return at_price_level(amount, index[to], index[year])


def at_price_level(amount: ArrayLike, to: ArrayLike, written: ArrayLike) -> Array:
    """Return money at another price level: ``amount * to / written``.

    Parameters
    ----------
    amount
        Money as it is written [currency].
    to, written
        Level of the prices wanted, and of those it is written in [any unit; only the ratio counts].

    Returns
    -------
    Array
        [currency], in the shape to which the arguments broadcast.
    """
    return np.asarray(np.asarray(amount, float) * to / np.asarray(written, float))


def worth_left(life: ArrayLike, age: ArrayLike) -> Array:
    """Return the share of its price that a thing in use is worth: ``(1 - 2 / life) ** age``.

    It falls by twice the straight rate a year (double declining balance).

    Parameters
    ----------
    life
        [a], positive.
    age
        [a].

    Returns
    -------
    Array
        Share [1]; 0 of what lives two years or less.
    """
    yearly = np.maximum(1.0 - 2.0 / np.asarray(life, float), 0.0)
    return np.asarray(yearly ** np.asarray(age, float))


def cost_at_size(cost: ArrayLike, size: ArrayLike, exponent: ArrayLike) -> Array:
    """Return what a plant of another size costs: ``cost * size ** exponent``.

    Parameters
    ----------
    cost
        Of the plant whose cost is known [any unit of money].
    size
        Size of the other plant over that of this one [1].
    exponent
        0.6 to 0.7 for the capital of many plants, 1 where the cost grows with the size.

    Returns
    -------
    Array
        In the unit of ``cost``.

    References
    ----------
    US EPA, Air Pollution Control Cost Manual, 7th ed., section 1 chapter 2 (power law of sizes).
    """
    return np.asarray(np.asarray(cost, float) * np.asarray(size, float) ** exponent)


@dataclass(frozen=True)
class ControlCost:
    """Yearly cost of a control [currency, currency/a].

    ``operation`` is operation and maintenance; ``per_tonne`` the annual cost per t reduced.
    """

    capital: float
    annualised: float
    operation: float
    annual: float
    per_tonne: float


def control_cost_default(
    tonnes: float, cost_per_tonne: float, capital_ratio: float, rate: float, years: float
) -> ControlCost:
    """Return the cost by the "default" equation: a cost per t and a capital-to-annual ratio.

    Parameters
    ----------
    tonnes
        Emission reduced [t/a], not 0.
    cost_per_tonne
        Annual cost [currency/t].
    capital_ratio
        Capital per annual cost [a].
    rate, years
        Discount rate [1/a] and life [a].

    Returns
    -------
    ControlCost
        Operation is what the annual cost leaves after the annualised capital.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.

    References
    ----------
    US EPA, Control Strategy Tool, "default" cost equation.
    """
    annual = tonnes * cost_per_tonne
    return _from_annual(annual, annual * capital_ratio, tonnes, rate, years)


def control_cost_type1(
    tonnes: float,
    megawatt: float,
    capital_multiplier: float,
    *,
    fixed: float,
    variable: float,
    capacity_factor: float,
    scale: tuple[float, float],
    rate: float,
    years: float,
) -> ControlCost:
    """Return the cost by the "type 1" equation, as coded in the Control Strategy Tool.

    Parameters
    ----------
    tonnes
        Emission reduced [t/a], not 0.
    megawatt
        Size of the unit [MW].
    capital_multiplier
        [currency/kW] before scaling.
    fixed, variable
        Operation and maintenance [currency/kW/a] and [currency/MWh].
    capacity_factor
        Share of the year's hours at full load [1].
    scale
        Reference size [MW] and exponent of the scale factor ``reference ** exponent``.
    rate, years
        Discount rate [1/a] and life [a].

    Returns
    -------
    ControlCost
        Annual cost is annualised capital plus operation.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.

    References
    ----------
    US EPA, Control Strategy Tool, "type 1" cost equation.
    """
    reference, exponent = scale
    capital = capital_multiplier * megawatt * reference**exponent * KW_PER_MW
    operation = fixed * megawatt * KW_PER_MW
    operation += variable * megawatt * capacity_factor * HOURS_PER_YEAR
    annualised = payment(rate, years, capital)
    annual = annualised + operation
    return ControlCost(capital, annualised, operation, annual, annual / tonnes)


def control_cost_type2(
    tonnes: float,
    heat_input: float,
    capital: tuple[float, float],
    annual: tuple[float, float],
    rate: float,
    years: float,
) -> ControlCost:
    """Return the cost by the "type 2" equation: power laws of size.

    Parameters
    ----------
    tonnes
        Emission reduced [t/a], not 0.
    heat_input
        Size of the boiler [MMBtu/h].
    capital, annual
        Factor and exponent of ``a * MW ** b`` [currency] and [currency/a].
    rate, years
        Discount rate [1/a] and life [a].

    Returns
    -------
    ControlCost
        Operation is what the annual cost leaves after the annualised capital.

    Raises
    ------
    ValueError
        As :func:`capital_recovery_factor`.

    References
    ----------
    US EPA, Control Strategy Tool, "type 2" cost equation.
    """
    megawatt = heat_input / MMBTU_PER_HOUR_PER_MW
    sums = [a * megawatt**b for a, b in (annual, capital)]
    return _from_annual(sums[0], sums[1], tonnes, rate, years)


def _from_annual(
    annual: float, capital: float, tonnes: float, rate: float, years: float
) -> ControlCost:
    annualised = payment(rate, years, capital)
    return ControlCost(capital, annualised, annual - annualised, annual, annual / tonnes)


def _annuity(rate: float, periods: float) -> float:
    return float(1 / capital_recovery_factor(rate, periods))
