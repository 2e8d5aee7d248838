"""Indicators that others are made of, declared once per study."""

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators import find
from lantian.indicators.contract import Context, Declared, Fitted


def declared_part(name: str, context: Context) -> Declared | None:
    """Return an indicator with its numbers; None where the tables hold nothing of it.

    Parameters
    ----------
    name
        Its id.
    context
        Tables and axes; remembers what was declared, so that faults are told once.

    Returns
    -------
    Declared or None
        The same for all who ask.
    """
    if name not in context.made:
        indicator, before = find(name), context.faults()
        complete = all(context.tables.has(table) for table in indicator.requires)
        context.made[name] = indicator.declare(context) if complete else None
        if context.faults() > before:
            context.faulty.append(name)
    elif name in context.faulty:
        context.faulty.append(name)
    return context.made[name]


def fit_once(declared: Declared, theta: Array, baseline: Projection) -> Fitted:
    """Calibrate an indicator for some columns, once for all that are made of it.

    Parameters
    ----------
    declared
        As :func:`declared_part` gives it.
    theta, baseline
        As in :class:`~lantian.indicators.contract.Declared`.

    Returns
    -------
    Fitted
        The same for all who ask.
    """
    return baseline.once("fit", (declared, theta), lambda: declared.fit(theta, baseline))
