"""Sectors whose factors follow guideline equations: each equation and the numbers it takes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lantian.inventory.contract import Array, Index, Kind, SectorModel, Window
from lantian.parameters import Numbers, column


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

    def __len__(self) -> int:
        return len(self.at)


def choose(kinds: Sequence[Kind], wanted: Iterable[bool]) -> Kinds:
    """Return the kinds that share an equation.

    Parameters
    ----------
    kinds
        All kinds of a sector.
    wanted
        Whether each of them is one of these.

    Returns
    -------
    Kinds
        In the order of ``kinds``; may be empty.
    """
    at = [k for k, is_one in enumerate(wanted) if is_one]
    return Kinds(
        np.array(at, dtype=np.int64),
        column([kinds[k][0] for k in at]),
        column([kinds[k][1] for k in at]),
    )


@dataclass(frozen=True)
class Equation:
    """The equation that the factors of some kinds and pollutants follow.

    Attributes
    ----------
    kinds
        Positions of the kinds, dims (kind,).
    pollutants
        Positions among the pollutants of the sector, dims (pollutant,).
    kernel
        Takes the terms by name, any trailing axes, and gives the factor [t/source unit].
    terms
        The numbers it takes; their shapes broadcast to (kind, pollutant).
    """

    kinds: Index
    pollutants: Index
    kernel: Callable[..., Any]
    terms: Mapping[str, Numbers]

    def __call__(self, theta: Array) -> Array:
        """Return the factors [t/source unit] for every column of a parameter vector.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            Broadcasts to (kind, pollutant, sample).
        """
        return np.asarray(self.kernel(**{name: term(theta) for name, term in self.terms.items()}))


@dataclass(frozen=True, kw_only=True)
class EquationModel(SectorModel):
    """A sector whose factors follow equations that do not depend on the year.

    Attributes
    ----------
    equations
        Together they cover each kind and pollutant once.
    """

    equations: tuple[Equation, ...]

    def factors(self, theta: Array, window: Window) -> Array:
        """Return the factors before the control, dims (kind, pollutant, 1, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [t/source unit]; NaN where no equation holds, which is a fault of the sector.
        """
        factor = np.full((len(self.kinds), len(self.pollutants), 1, theta.shape[1]), np.nan)
        for equation in self.equations:
            factor[equation.kinds[:, None], equation.pollutants, 0] = equation(theta)
        return factor
