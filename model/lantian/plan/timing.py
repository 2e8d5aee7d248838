"""Dates and seasons of commitments: what part of a year they reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array, System
from lantian.errors import Problems, closest
from lantian.inventory.months import MONTHS, YearShapes, in_season
from lantian.language import NOTHING, message
from lantian.measures.catalogue import Catalogue
from lantian.scenario.model import Commitment
from lantian.scenario.reader import ReadScenario


@dataclass(frozen=True)
class Timing:
    """When a commitment acts on a source.

    Attributes
    ----------
    season
        Share of the year's activity that lies in its season [1].
    progress, pace
        Part of its level that is reached over each year, weighted with the activity of its months,
        and at the end of each year [1], dims (year,).
    spread
        Part of what it moves in a year that is in each month [1], dims (month,), apart from dates
        within the year.
    by_month
        Share of a year's effect that falls into each month [1], dims (year, month); 0 in years
        without an effect.
    """

    season: float
    progress: Array
    pace: Array
    spread: Array
    by_month: Array


def time_of(commitment: Commitment, season: str, share: Array, years: Sequence[int]) -> Timing:
    """Return what part of each year a commitment reaches.

    Parameters
    ----------
    commitment
        Its dates count, and the reach in between grows evenly from the first to the last day.
    season
        First and last month in which it acts; blank for all year.
    share
        Of the activity in each month [1], dims (month,).
    years
        Calendar years.

    Returns
    -------
    Timing
        ``progress`` and ``pace`` are 1 where no date lies within a year.
    """
    own = share * in_season(season)
    reached = np.array([_reached(commitment, year) for year in years])
    weighed = reached * own
    part, total = own.sum(), weighed.sum(axis=1, keepdims=True)
    mean = total[:, 0] / part if part > 0 else np.zeros(len(years))
    whole = (reached == 1.0).all(axis=1) | (not commitment.has_month)
    return Timing(
        float(part) if season else 1.0,
        np.where(whole, 1.0, mean),
        np.array([_pace(commitment, year) for year in years]),
        own / part if part > 0 else share,
        np.divide(weighed, total, out=np.zeros_like(weighed), where=total > 0),
    )


def shape_of(commitment: Commitment, source: int, shapes: YearShapes) -> Array:
    """Return the shape of the year that a commitment acts on [1], dims (month,).

    Parameters
    ----------
    commitment
        With a profile of its own, or with that of its source.
    source
        Position of the source.
    shapes
        Of a region.
    """
    own = shapes.profiles.get(commitment.profile or "")
    return shapes.shares[source] if own is None else own


def spread_of_groups(
    system: System, catalogue: Catalogue, shapes: YearShapes, times: Mapping[int, Timing]
) -> dict[int, Array]:
    """Return the part of what groups move that is in each month [1], dims (month,), by group.

    Parameters
    ----------
    system
        Its groups.
    catalogue
        Season of each measure.
    shapes
        Months of the sources.
    times
        When commitments act, by group; they come before the catalogue.

    Returns
    -------
    dict
        Of groups that the plan takes, and of measures with a season.
    """
    season = {m.measure: m.season for m in catalogue.measures if m.season}
    found = {}
    pairs = zip(system.groups.measure.tolist(), system.groups.source.tolist(), strict=True)
    for group, (measure, source) in enumerate(pairs):
        if group in times:
            found[group] = times[group].spread
        elif system.measures[measure] in season:
            own = shapes.shares[source] * in_season(season[system.measures[measure]])
            found[group] = own / own.sum() if own.any() else shapes.shares[source]
    return found


def dated_spreads(times: Mapping[int, Timing]) -> dict[int, Array]:
    """Return the part of what groups of a plan move that is in each month of each year.

    Parameters
    ----------
    times
        When commitments act, by group.

    Returns
    -------
    dict
        [1], dims (year, month), by group: what begins in October is in the last three months of
        its first year.
    """
    return {
        group: np.where(time.by_month.any(axis=1, keepdims=True), time.by_month, time.spread)
        for group, time in times.items()
    }


def check_profiles(read: ReadScenario, shapes: YearShapes, problems: Problems) -> None:
    """Note profiles of commitments that no table has.

    Parameters
    ----------
    read
        The scenario.
    shapes
        Of its region.
    problems
        Receives every fault found.
    """
    for i, commitment in enumerate(read.scenario.commitments):
        name = commitment.profile
        if name is not None and name not in shapes.profiles:
            problems.add(
                read.place("commitments", i, "profile"),
                message("there is no profile '{name}'.", name=name),
                message("Expected one of {names}.", names=", ".join(shapes.profiles))
                if shapes.profiles
                else NOTHING,
                closest(name, shapes.profiles),
            )


def _reached(commitment: Commitment, year: int) -> Array:
    """Return the part of the level in each month of a year [1], dims (month,)."""
    months, begin = MONTHS * year + np.arange(MONTHS + 1), commitment.begin.begins
    grows = _grows(commitment)
    passed = np.maximum(months - begin, 0)
    growing = np.minimum(passed, grows)
    worth = growing**2 / (2.0 * max(grows, 1)) + (passed - growing)  # full months up to then
    return np.where(passed[:-1] >= grows, (months >= begin)[:-1], np.diff(worth))


def _grows(commitment: Commitment) -> int:
    """Return the months over which a level grows by the month."""
    if not commitment.ends_in_month or commitment.deadline is None:
        return 0
    return commitment.deadline.ends - commitment.begin.begins


def _pace(commitment: Commitment, year: int) -> float:
    """Return the part of the level at the end of a year [1]."""
    passed, grows = MONTHS * (year + 1) - commitment.begin.begins, _grows(commitment)
    return 1.0 if not grows or passed >= grows else max(passed, 0) / grows
