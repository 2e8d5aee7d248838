"""A solved mix under other numbers: each move takes the same share of what is there for it.

At central values this is the mix to rounding; in a sample with more vehicles more of them are
moved. No state is left with less than nothing.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import NOWHERE, Array, Index, System, Values
from lantian.study.model import CaseResult
from lantian.tolerances import ROUNDING


@dataclass(frozen=True)
class Mix:
    """A mix as shares.

    Attributes
    ----------
    steps
        Moves in use, those together whose origins nothing later fills, in this order.
    share
        Part of the activity in the origin that a move takes [1], dims (move, year of the mix).
    origin, target
        States, dims (move,).
    """

    steps: tuple[Index, ...]
    share: Array
    origin: Index
    target: Index

    def activity(self, values: Values, baseline: Array) -> tuple[Array, Array]:
        """Return what the mix leaves in every state, and what it moves.

        Parameters
        ----------
        values
            Numbers of the years of the mix.
        baseline
            Activity without the plan [source unit], dims (state, year, sample).

        Returns
        -------
        Array
            [source unit], dims (state, year, sample).
        Array
            [unit of the from-source], dims (move, year, sample).
        """
        held = np.array(baseline)
        moved = np.zeros((len(self.origin), *held.shape[1:]))
        for own in self.steps:
            moved[own] = self.share[own][:, :, None] * held[self.origin[own]]
            np.subtract.at(held, self.origin[own], moved[own])
            inside = own[self.target[own] != NOWHERE]
            arriving = values.conversion[inside][:, None] * moved[inside]
            np.add.at(held, self.target[inside], arriving)
        return held, moved


def mix_of(system: System, case: CaseResult, years: Index) -> Mix:
    """Return a solved case as shares.

    Parameters
    ----------
    system
        At central values.
    case
        What was solved.
    years
        Positions of the years that are wanted.

    Returns
    -------
    Mix
        Nothing is moved in years that were not solved.
    """
    moves = system.moves
    solved = np.isin(years, case.years)
    uptake = np.where(solved, case.uptake[:, years], 0.0)
    used = np.flatnonzero((uptake > 0.0).any(axis=1))
    steps = _in_order(moves.origin[used], moves.target[used], len(system.states))
    share, held = np.zeros(uptake.shape), system.baseline[:, years].copy()
    found = []
    for step in steps:
        own = used[step]
        there = held[moves.origin[own]]
        share[own] = np.divide(
            uptake[own], there, out=np.zeros(there.shape), where=there > 0.0
        ).clip(max=1.0 + ROUNDING)
        np.subtract.at(held, moves.origin[own], uptake[own])
        inside = own[moves.target[own] != NOWHERE]
        np.add.at(held, moves.target[inside], moves.conversion[inside, None] * uptake[inside])
        found.append(own)
    return Mix(tuple(found), share, moves.origin, moves.target)


def _in_order(origin: Index, target: Index, states: int) -> list[Index]:
    """Return positions of moves, step by step: what fills a state comes before what empties it."""
    level = np.zeros(states, dtype=np.int64)
    inside = target != NOWHERE
    for _ in range(states):
        before = level.copy()
        np.maximum.at(level, target[inside], level[origin[inside]] + 1)
        if (level == before).all():
            break
    else:
        raise AssertionError("moves of a mix lead in a circle")
    return [np.flatnonzero(level[origin] == n) for n in np.unique(level[origin])]
