"""The targets of one year in many samples, as limits on one mix.

The mix is known by its uptake at central values. In a sample each move takes the same share of what
is there for it, so its uptake follows what the sample has more or less of; with that, each target
in each sample is a straight line in the central uptake. Where moves follow on each other this holds
to first order: what is left is found by projecting the mix exactly, and put into the limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index, System, eligible_activity, rounding_of
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.worlds import World, Worlds
from lantian.optimise.problem.coefficients import LeastCost, Rows
from lantian.optimise.problem.program import pack
from lantian.optimise.solve.growing import Growing
from lantian.optimise.solve.highs import unscaled_uptake
from lantian.tolerances import DROPPED
from lantian.vocabulary import Family

WIDTH = 50
"""Samples whose problems are put together at a time."""
KEPT = 1e-4
"""Mean excess over a limit [1, of the reduction that is needed most] that is none: far below what
the choice of samples makes."""
STEPS = 200
"""Programs that are solved at most for one mix."""

Truth = NDArray[np.bool_]


class Columns(Protocol):
    """Sets of numbers that are taken some at a time."""

    @property
    def samples(self) -> int:
        """How many there are."""

    def theta(self, own: slice, /) -> Array:
        """Return some of them, dims (slot, sample)."""


@dataclass(frozen=True)
class SampledLimits:
    """What a mix of one year has to keep in each sample: ``gain @ uptake <= room``.

    Attributes
    ----------
    problem
        Of the central values, nothing asked of its targets.
    column
        Moves that change any target, dims (column,).
    gain
        Effect of the central uptake [target unit per unit], dims (target, column, sample).
    room
        What is left to each limit without any move [target unit], dims (target, sample).
    size
        What an excess is measured by [target unit], dims (target,).
    """

    problem: LeastCost
    column: Index
    gain: Array
    room: Array
    size: Array

    def excess(self, uptake: Array) -> Array:
        """Return by how much a mix exceeds the limits [target unit], dims (target, sample)."""
        used = np.flatnonzero(uptake[self.column])
        own = uptake[self.column[used]]
        return np.asarray(np.einsum("c,tcs->ts", own, self.gain[:, used]) - self.room)

    def corrected(self, uptake: Array, excess: Array) -> "SampledLimits":
        """Return limits by which a mix has the excess that was found for it by projection.

        Parameters
        ----------
        uptake
            Of the mix, dims (move,).
        excess
            What it really exceeds the limits by, dims (target, sample).
        """
        return replace(self, room=self.room - (excess - self.excess(uptake)))

    def spread(self, uptake: Array, possible: Truth) -> Array:
        """Return the standard deviation of a mix's excess [target unit], dims (target,)."""
        return np.asarray(self.excess(uptake)[:, possible].std(axis=1))

    def in_the_worst(self, part: Array, possible: Truth, spare: Array | float = 0.0) -> Array:
        """Return the cheapest mix whose worst samples keep each limit in the mean.

        The mean of the worst tenth (conditional value at risk) is the largest mean over any tenth:
        each of these means is one row, and the one that is largest for the mix at hand is added
        until it is within the limit (Künzi-Bay and Mayer 2006). The last sample of the part counts
        by what of it belongs there, so that the mix changes with the part in no steps.

        Parameters
        ----------
        part
            Which part of the samples is the worst, by target [1], dims (target,).
        possible
            Samples that count, dims (sample,).
        spare
            What the mean may exceed the limit by [target unit], dims (target,).

        Returns
        -------
        Array
            Uptake [activity unit], dims (move,).

        Raises
        ------
        NoSolutionError
            If there is none.
        """
        count = np.maximum(part * possible.sum(), 1.0)
        session, room = Growing(pack(self.problem)), np.zeros(0)
        over = np.broadcast_to(spare, len(self.size))
        for _ in range(STEPS):
            uptake = unscaled_uptake(self.problem, session.program, session.solve().x)
            excess = np.where(possible, self.excess(uptake), -np.inf)
            worst = [_worst(own, float(n)) for own, n in zip(excess, count, strict=True)]
            new = [
                self._row(session, t, *own) + float(over[t] / self.size[t])
                for t, own in enumerate(worst)
                if excess[t, own[0]] @ own[1] - over[t] > KEPT * self.size[t]
            ]
            if not new:
                break
            room = np.append(room, new)
            session.limit_added(room)
        return uptake

    def _row(self, session: Growing, target: int, samples: Index, weight: Array) -> float:
        """Add that the mean excess over some samples is nothing; return the row's limit."""
        program, size = session.program, self.size[target]
        gain = np.zeros(len(self.problem.variables))
        gain[self.column] = self.gain[target][:, samples] @ weight / size
        n = len(program.moves)
        own = np.zeros(len(program.cost))
        own[:n] = gain[program.moves] * program.column_scale[:n]
        own[np.abs(own) <= DROPPED * np.abs(own).max()] = 0.0
        session.add_row(own)
        return float(self.room[target, samples] @ weight / size)


def _worst(excess: Array, count: float) -> tuple[Index, Array]:
    """Return the samples of the largest excesses and their weights [1], which add up to 1."""
    order = np.argsort(-excess, kind="stable")[: int(np.ceil(count))]
    weight = np.ones(len(order))
    weight[-1] -= len(order) - count
    return order, weight / count


def sampled_limits(
    worlds: Worlds,
    draws: Columns,
    asked: Mapping[int, Truth],
    weather: Mapping[int, Array],
    extra: Mapping[int, Mapping[Family, Rows]],
) -> dict[int, SampledLimits]:
    """Return the limits of all samples of some draws, by year position.

    Parameters
    ----------
    worlds
        Makes their problems.
    draws
        The samples.
    asked
        Targets of each year that must hold, dims (target,).
    weather
        Factor on each of the targets of a year [1], dims (target, sample).
    extra
        Limits of the planner, and choices between rows of a target as they are held, by year.

    Returns
    -------
    dict
        Targets are those that are asked for, in their order.
    """
    (central,) = worlds.of_block(worlds.study.space.central())
    begun = {
        y: _Begun(central, y, own, draws.samples, extra[y]) for y, own in asked.items() if own.any()
    }
    at = 0
    for part in blocks(draws.samples, WIDTH):
        for own in worlds.of_block(draws.theta(part)):
            for year in begun.values():
                year.take(own, at)
            at += 1
    return {y: own.finished(weather[y][asked[y]]) for y, own in begun.items()}


class _Begun:
    """The limits of one year as samples come in."""

    def __init__(
        self,
        central: World,
        year: int,
        asked: Truth,
        samples: int,
        extra: Mapping[Family, Rows],
    ) -> None:
        self.central, self.year, self.asked = central, year, np.flatnonzero(asked)
        problem = central.problems[year]
        n = len(problem.targets)
        self.problem = replace(
            problem,
            targets=replace(problem.targets, upper=np.full(n, np.inf)),
            price=np.full(n, np.inf),
            extra=extra,
        )
        changes = np.zeros(len(problem.variables), np.bool_)
        own = np.isin(problem.targets.row, self.asked)
        changes[problem.targets.column[own]] = True
        variables = problem.variables
        live = (variables.lower != 0.0) | (variables.upper != 0.0)
        self.column = np.flatnonzero(changes & live)
        self.place = np.full(len(variables), -1)
        self.place[self.column] = np.arange(len(self.column))
        self.gain = np.zeros((len(self.asked), len(self.column), samples))
        self.limit = np.zeros((len(self.asked), samples))
        self.base = np.zeros((len(self.asked), samples))

    def take(self, own: World, sample: int) -> None:
        """Put the numbers of a sample in their places."""
        problem, at = own.problems[self.year], own.at[self.year]
        there = ratio_of(self.central.system, own.system, at)[self.column]
        rows = problem.targets
        for k, t in enumerate(self.asked.tolist()):
            entries = rows.row == t
            place = self.place[rows.column[entries]]
            inside = place >= 0
            self.gain[k, place[inside], sample] = rows.value[entries][inside]
        self.gain[:, :, sample] *= there
        self.limit[:, sample] = problem.limit[self.asked]
        self.base[:, sample] = problem.base[self.asked]

    def finished(self, weather: Array) -> SampledLimits:
        """Return the limits, under the weather of each sample [1], dims (target, sample)."""
        room = self.limit / weather - self.base
        size = np.abs(room).max(axis=1)
        size[size == 0.0] = 1.0
        return SampledLimits(self.problem, self.column, self.gain, room, size)


def ratio_of(central: System, own: System, year: int) -> Array:
    """Return what a sample has for each move, in parts of what there is at central values [1].

    Parameters
    ----------
    central, own
        Systems of one structure.
    year
        Position of the year.

    Returns
    -------
    Array
        By the activity in the from-state; where it is empty without other measures, by what the
        measure can act on there, dims (move,).
    """
    moves = central.moves
    before, after = central.baseline[:, year], own.baseline[:, year]
    filled = before > rounding_of(central, before)[central.states.source]
    state = np.divide(after, before, out=np.zeros_like(before), where=filled)
    there, now = (eligible_activity(s)[:, year] for s in (central, own))
    group = np.divide(now, there, out=np.ones_like(now), where=there > 0.0)
    return np.where(filled[moves.origin], state[moves.origin], group[moves.group])
