"""Sectors whose factors follow guideline equations: each equation and the numbers it takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lantian.inventory.contract import (
    Array,
    Index,
    Kind,
    Sector,
    SectorInputs,
    SectorModel,
    Window,
    declare_activity,
    pollutant_index,
)
from lantian.parameters import Numbers, QuantityRow, QuantityTable, column
from lantian.vocabulary import Pollutant


@dataclass(frozen=True)
class Kinds:
    """Some of the kinds of a sector, with their keys as columns.

    Attributes
    ----------
    at
        Positions among all kinds of the sector, dims (kind,).
    source, technology
        Keys to look numbers up by, dims (kind, 1).
    """

    at: Index
    source: Any
    technology: Any

    def numbers(self, table: QuantityTable[QuantityRow], unit: Any, **keys: Any) -> Numbers:
        """Return numbers of a table whose keys begin with source and technology.

        Parameters
        ----------
        table
            A missing row is noted in its problems.
        unit
            Unit wanted, one for all or dims (kind, 1).
        keys
            Values of the further key columns, one for all or dims (pollutant,).

        Returns
        -------
        Numbers
            Dims (kind, 1) or (kind, pollutant).
        """
        return table.numbers(unit, source=self.source, technology=self.technology, **keys)


@dataclass(frozen=True)
class Equation:
    """An equation for the factors of some pollutants, and the numbers it takes.

    Attributes
    ----------
    pollutants
        Second axis of what it gives.
    kernel
        Takes the terms by name, with any trailing axes, and gives the factor [t/source unit].
    terms
        Shapes broadcast to (kind, pollutant).
    """

    pollutants: tuple[Pollutant, ...]
    kernel: Callable[..., Any]
    terms: Mapping[str, Numbers]

    def __call__(self, theta: Array) -> Array:
        """Return the factors for every column of a parameter vector.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            [t/source unit]; broadcasts to (kind, pollutant, sample).
        """
        return np.asarray(self.kernel(**{name: term(theta) for name, term in self.terms.items()}))


Follows = Callable[[SectorInputs, Kinds], Sequence[Equation]]
"""Declares the equations of some kinds; together they give each pollutant of the sector once."""


@dataclass(frozen=True, kw_only=True)
class EquationModel(SectorModel):
    """A sector whose factors follow equations that do not depend on the year.

    Attributes
    ----------
    equations
        Each with the positions of its kinds, dims (kind,), and of its pollutants among those of
        the sector, dims (pollutant,).
    """

    equations: tuple[tuple[Index, Index, Equation], ...]

    def factors(self, theta: Array, window: Window) -> Array:
        """Return the factors before the control, dims (kind, pollutant, 1, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [t/source unit]; NaN where no equation holds, which the door takes for a fault.
        """
        factor = np.full((len(self.kinds), len(self.pollutants), 1, theta.shape[1]), np.nan)
        for kinds, pollutants, equation in self.equations:
            factor[kinds[:, None], pollutants, 0] = equation(theta)
        return factor


def declare_equations(
    inputs: SectorInputs, kinds: Sequence[Kind], follows: Callable[[str, str], Follows]
) -> tuple[tuple[Index, Index, Equation], ...]:
    """Return the equations of all kinds, as :attr:`EquationModel.equations`.

    Parameters
    ----------
    inputs
        Tables that the equations take their numbers from.
    kinds
        Pairs of source and technology.
    follows
        Source and technology -> what declares its equations; kinds with the same are declared
        together.

    Returns
    -------
    tuple
        Positions of kinds, positions of pollutants, equation.
    """
    groups: dict[Follows, list[int]] = {}
    for k, kind in enumerate(kinds):
        groups.setdefault(follows(*kind), []).append(k)
    return tuple(
        (chosen.at, _positions(inputs.sector, equation), equation)
        for declare, at in groups.items()
        for chosen in [_chosen(kinds, at)]
        for equation in declare(inputs, chosen)
    )


def _positions(sector: Sector, equation: Equation) -> Index:
    return np.array([sector.pollutants.index(p) for p in equation.pollutants], dtype=np.int64)


def _chosen(kinds: Sequence[Kind], at: Sequence[int]) -> Kinds:
    return Kinds(np.array(at), column([kinds[k][0] for k in at]), column([kinds[k][1] for k in at]))


def equation_model(inputs: SectorInputs, follows: Callable[[str, str], Follows]) -> EquationModel:
    """Declare a sector with activity rows whose factors follow equations.

    Parameters
    ----------
    inputs, follows
        As :func:`declare_equations`.

    Returns
    -------
    EquationModel
        Factors [t/activity unit] before the control.
    """
    states, activity = declare_activity(inputs)
    return EquationModel(
        states=states,
        pollutants=pollutant_index(inputs.sector.pollutants),
        activity=activity,
        equations=declare_equations(inputs, states.kinds, follows),
    )
