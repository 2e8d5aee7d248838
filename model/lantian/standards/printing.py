"""What bulletins print, and what is lower in print."""

import numpy as np

from lantian.core.system import Array
from lantian.standards.tables import Standard
from lantian.tolerances import HAIR


def lower_in_print(base: Array, step: float) -> Array:
    """Return the largest values that print lower than others.

    Parameters
    ----------
    base
        Values that they are held against.
    step
        Smallest difference that is printed, in the same unit.

    Returns
    -------
    Array
        Half a step below what is printed already prints lower, or just not: a hair more does.
    """
    return np.asarray((np.round(base / step) - 0.5 - HAIR) * step)


def printed_below(
    base: Array, standard: Standard | None, indicator: str, unit: str, year: int
) -> Array:
    """Return the largest values that print lower than others; these where no step is known.

    Parameters
    ----------
    base
        Values that they are held against [``unit``].
    standard, indicator, unit, year
        As in :func:`printed_step`.
    """
    step = printed_step(standard, indicator, unit, year)
    return base if step is None else lower_in_print(base, step)


def printed_step(standard: Standard | None, indicator: str, unit: str, year: int) -> float | None:
    """Return the smallest difference that bulletins print; None where it is not known.

    Parameters
    ----------
    standard
        Has the rules; None where a project has none.
    indicator, unit
        Id, and the unit of the difference.
    year
        Calendar year of the bulletin.
    """
    row = None if standard is None else standard.rule("printed-step", indicator, year)
    return None if row is None else row.to(unit)
