r"""Measures that act in some months only: what they move in a month, beside the year of a source.

.. math:: e_m(s) = w_m(s) \, e(s) + \sum_g \bigl( v_m(g) - w_m(s) \bigr) \, \Delta e_g(s)

is what source *s* emits in month *m*, with its emission of the year *e*, the part *w* of its year
that is in the month, what a group *g* changes of it over the year, and the part *v* of that which
is in the month. Both parts sum to 1 over the months, so that the months add up to the year.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_total
from lantian.tolerances import ROUNDING

if TYPE_CHECKING:
    from lantian.core.system import Arcs, Moves, States

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class Shift:
    """What measures change of sources in other months than these emit in.

    Attributes
    ----------
    sources
        Positions, dims (changed source,).
    months
        Part of the change that is in each month, less that of the source's year [1], dims
        (changed source, year or 1, month).
    change
        Of the year's emission [t/a], dims (changed source, pollutant, year, sample).
    """

    sources: Index
    months: Array
    change: Array

    def of_years(self, own: slice) -> "Shift":
        """Return the same in some of its years."""
        return Shift(self.sources, _of_years(self.months, own), self.change[:, :, own])

    def by_month(self, sources: Index, pollutant: int) -> Array:
        """Return what some sources together emit more in each month than by their years [t].

        Parameters
        ----------
        sources
            Positions of those that count.
        pollutant
            Its position.

        Returns
        -------
        Array
            Dims (month, year, sample).
        """
        own = np.flatnonzero(np.isin(self.sources, sources))
        months = np.moveaxis(self.months[own], -1, 0)
        each = months[..., None] * self.change[own, pollutant]
        return np.stack([ordered_total(month) for month in each])

    def within(self, months: Array) -> Array:
        """Return what is emitted more in some months than by the source's year [t].

        Parameters
        ----------
        months
            1 for those that count, dims (month,).

        Returns
        -------
        Array
            Dims as :attr:`change`.
        """
        return np.asarray((self.months @ months)[:, None, :, None] * self.change)


@dataclass(frozen=True)
class Shifts:
    """Shifts of a case, found when something asks for months.

    Attributes
    ----------
    make
        Finds them.
    """

    make: Callable[[], tuple[Shift, ...]] = tuple

    @cached_property
    def found(self) -> tuple[Shift, ...]:
        """All of them."""
        return self.make()

    def of_years(self, own: slice) -> "Shifts":
        """Return the same in some of their years."""
        return Shifts(lambda: tuple(shift.of_years(own) for shift in self.found))


NO_SHIFTS = Shifts()
"""Of a case without measures."""


@dataclass(frozen=True)
class Monthly:
    """What an emission counts in a row about some months.

    Attributes
    ----------
    months
        1 for those that count, dims (month,).
    yearly
        What a tonne in these months counts [unit of the row per t], dims (source, pollutant) or
        (source, pollutant, sample).
    """

    months: Array
    yearly: Array

    def scaled(self, factor: Array | float) -> "Monthly":
        """Return the same in another unit."""
        return Monthly(self.months, self.yearly * factor)

    def of_sample(self, k: int) -> "Monthly":
        """Return that of one sample, where it may be the same in all."""
        return Monthly(self.months, self.yearly[..., min(k, self.yearly.shape[-1] - 1)])


@dataclass(frozen=True)
class Layer:
    """Groups of which no two touch the same source.

    Attributes
    ----------
    moves
        Their moves.
    states
        Every state that one of them takes from or brings to, ascending.
    sources, months
        As :class:`Shift`, of all years.
    """

    moves: Index
    states: Index
    sources: Index
    months: Array


@dataclass(frozen=True)
class SeasonalGroups:
    """Groups whose effect has other months than the year of their source.

    Attributes
    ----------
    spread
        Part of what a group moves that is in each month [1], dims (year or 1, month), by group.
    layers
        The same groups.
    """

    spread: Mapping[int, Array]
    layers: tuple[Layer, ...]

    def parts(self, groups: int, months: Array) -> Array:
        """Return the part of what each group moves that is in some months; NaN of all others.

        Of groups whose months are the same every year.

        Parameters
        ----------
        groups
            Length of the axis.
        months
            1 for those that count, dims (month,).
        """
        found = np.full(groups, np.nan)
        for group, spread in self.spread.items():
            found[group] = spread[0] @ months
        return found

    def shifts(
        self,
        moves: "Arcs | Moves",
        conversion: Array,
        moved: Array,
        emitted: Callable[["Layer", Array], Array],
        years: Index | None = None,
    ) -> tuple[Shift, ...]:
        """Return what a case changes in other months than its sources emit in.

        Parameters
        ----------
        moves
            Both ends of each move.
        conversion
            To-units per from-unit, dims (move, 1 or sample).
        moved
            Of a case [source unit], dims (move, year, sample).
        emitted
            What an activity of the states of a layer emits [t/a]: dims (state of the layer, year,
            sample) to (source of the layer, pollutant, year, sample).
        years
            Positions of the years of ``moved`` among all; all of them by default.
        """
        found = []
        for layer in self.layers:
            own = moved[layer.moves]
            if not own.any():
                continue
            change = np.zeros((len(layer.states), *moved.shape[1:]))
            origin, target = (ends[layer.moves] for ends in (moves.origin, moves.target))
            np.subtract.at(change, np.searchsorted(layer.states, origin), own)
            inside = target >= 0
            gained = conversion[layer.moves][inside][:, None] * own[inside]
            np.add.at(change, np.searchsorted(layer.states, target[inside]), gained)
            months = layer.months if years is None else _of_years(layer.months, years)
            found.append(Shift(layer.sources, months, emitted(layer, change)))
        return tuple(found)


def seasonal_groups(
    moves: "Arcs | Moves", states: "States", shares: Array, spread: Mapping[int, Array]
) -> SeasonalGroups:
    """Return the groups whose months are not those of their source.

    Parameters
    ----------
    moves, states
        Of the system.
    shares
        Part of every source's year in each month [1], dims (source, month).
    spread
        As :class:`SeasonalGroups`, of any groups.

    Returns
    -------
    SeasonalGroups
        Those whose months are not those of their sources in some year.
    """
    touched = {group: _touched(moves, states, group) for group in spread}
    kept = {
        group: own
        for group, own in spread.items()
        if not np.allclose(shares[touched[group], None], own, rtol=0.0, atol=ROUNDING)
    }
    layers: list[list[int]] = []
    for group in kept:
        taken = set(touched[group].tolist())
        free = (own for own in layers if not taken & _all_touched(touched, own))
        layer = next(free, None)
        if layer is None:
            layers.append([group])
        else:
            layer.append(group)
    return SeasonalGroups(kept, tuple(_layer(moves, touched, shares, kept, own) for own in layers))


def _touched(moves: "Arcs | Moves", states: "States", group: int) -> Index:
    """Return the sources that a group takes from or brings to."""
    own = moves.group == group
    ends = np.concatenate([moves.origin[own], moves.target[own]])
    return np.unique(states.source[ends[ends >= 0]])


def _all_touched(touched: Mapping[int, Index], groups: Iterable[int]) -> set[int]:
    return {source for group in groups for source in touched[group].tolist()}


def _layer(
    moves: "Arcs | Moves",
    touched: Mapping[int, Index],
    shares: Array,
    spread: Mapping[int, Array],
    groups: list[int],
) -> Layer:
    sources = np.concatenate([touched[group] for group in groups])
    shape = (max(len(spread[g]) for g in groups), shares.shape[1])
    own = np.concatenate([np.broadcast_to(spread[g], (len(touched[g]), *shape)) for g in groups])
    chosen = np.flatnonzero(np.isin(moves.group, groups))
    ends = np.unique(np.concatenate([moves.origin[chosen], moves.target[chosen]]))
    return Layer(chosen, ends[ends >= 0], sources, own - shares[sources, None])


def _of_years(months: Array, years: Index | slice) -> Array:
    """Return the months of some years, which may be the same in all."""
    return months[:, years] if months.shape[1] > 1 else months
