"""The headline cost of years that a page or a screen has no table for."""

from collections.abc import Mapping, Sequence
from typing import Any

from lantian.vocabulary import HEADLINE


def last_year(tiers: Sequence[Mapping[str, Any]]) -> int:
    """Return the last year with targets; 0 where there is none."""
    return max((tier["year"] for tier in tiers), default=0)


def earlier_years(tiers: Sequence[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Return the last tier of the headline in each year with targets but the last.

    Parameters
    ----------
    tiers
        As in ``summary.json``.

    Returns
    -------
    dict
        Year -> tier, ascending.
    """
    last = last_year(tiers)
    return {t["year"]: t for t in tiers if t["tier"] in HEADLINE and t["year"] < last}
