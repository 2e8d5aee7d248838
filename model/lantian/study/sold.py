"""What a case leaves of a sector whose activity is known by when it came into use."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import NOWHERE, Array, Index
from lantian.inventory.contract import SectorModel, Sold
from lantian.study.model import Study


@dataclass(frozen=True)
class End:
    """A case of a study.

    Attributes
    ----------
    study
        The study.
    activity, uptake
        Of the case, dims (state, year) and (move, year).
    since
        Position of the year since which units count as new [group].
    """

    study: Study
    activity: Array
    uptake: Array
    since: Index


def sold_after(model: SectorModel, end: End, year: int) -> Sold | None:
    """Return what a case leaves of a year's activity by when it came into use.

    Measures on new units take from what was sold since they began, and what they put in its place
    is as new. All others take from every year of sale alike, and what they bring comes into use in
    the year they act.

    Parameters
    ----------
    model
        The sector, as its study declared it.
    end
        The case.
    year
        Position of the year.

    Returns
    -------
    Sold or None
        None where the sector does not tell.
    """
    study = end.study
    before = model.sold(study.space.central(), year)
    if before is None:
        return None
    flow = _Flow.of(model, before, end, year)
    flow.move_new()
    flow.bring_in()
    return flow.left()


@dataclass(frozen=True)
class _Flow:
    """Activity of kinds by year of sale while the moves of a case are followed.

    Attributes
    ----------
    end, year
        The case and the position of its year.
    kinds
        Sources and technologies.
    first
        First year of sale [a].
    amount
        Activity, dims (kind, year of sale); changed in place.
    kind_of
        Kind of each state of the system, -1 where it belongs to another sector.
    """

    end: End
    year: int
    kinds: tuple[tuple[str, str], ...]
    first: int
    amount: Array
    kind_of: Index

    @classmethod
    def of(cls, model: SectorModel, sold: Sold, end: End, year: int) -> "_Flow":
        """Return the activity of the baseline."""
        system = end.study.system
        position = {kind: k for k, kind in enumerate(model.kinds)}
        states = zip(system.states.source, system.states.technology, strict=True)
        kind_of = [position.get((system.sources.id[s], technology), -1) for s, technology in states]
        first = int(min(*sold.year, system.years[0]))
        amount = np.zeros((len(position), system.years[year] - first + 1))
        rows = np.array([position[kind] for kind in sold.kind], dtype=np.int64)
        np.add.at(amount, (rows, sold.year - first), sold.amount)
        return cls(end, year, model.kinds, first, amount, np.array(kind_of))

    def _moved(self, new: bool) -> list[int]:
        """Return the moves that change the kind, of measures on new units or of all others."""
        system = self.end.study.system
        moves, groups = system.moves, system.groups
        origin = self.kind_of[moves.origin]
        target = np.where(moves.target == NOWHERE, -1, self.kind_of[moves.target])
        chosen: NDArray[np.bool_] = (
            (origin != target)
            & (self.end.uptake[:, self.year] > 0.0)
            & (groups.new_only[moves.group] == new)
        )
        return np.flatnonzero(chosen).tolist()

    def _between(self, move: int) -> tuple[int, int, float]:
        """Return the kinds a move leads from and to, -1 outside the sector, and the conversion."""
        moves = self.end.study.system.moves
        target = int(moves.target[move])
        to = -1 if target == NOWHERE else int(self.kind_of[target])
        return int(self.kind_of[moves.origin[move]]), to, float(moves.conversion[move])

    def move_new(self) -> None:
        """Follow the measures on new units."""
        system = self.end.study.system
        for move in self._moved(new=True):
            origin, target, conversion = self._between(move)
            since = system.years[self.end.since[system.moves.group[move]]] - self.first
            part = np.zeros(self.amount.shape[1])
            if origin >= 0:
                part[since:] = self.amount[origin, since:]
                whole = part.sum()
                taken = min(self.end.uptake[move, self.year] / whole, 1.0) if whole > 0.0 else 0.0
                part *= taken
                self.amount[origin] -= part
            if target >= 0:
                self.amount[target] += conversion * part

    def bring_in(self) -> None:
        """Follow what all other measures bring into use, year by year."""
        system = self.end.study.system
        for move in self._moved(new=False):
            _, target, conversion = self._between(move)
            if target < 0:
                continue
            own = self.end.uptake[move, : self.year + 1]
            growth = np.maximum(np.diff(own, prepend=0.0), 0.0)
            at = np.array(system.years[: self.year + 1]) - self.first
            self.amount[target, at] += conversion * own[-1] * growth / growth.sum()

    def left(self) -> Sold:
        """Return what is in use in the case, which measures took from every year of sale alike."""
        states = self.kind_of >= 0
        wanted = np.zeros(len(self.kinds))
        activity = np.maximum(self.end.activity[states, self.year], 0.0)
        np.add.at(wanted, self.kind_of[states], activity)
        amount = self.amount.copy()
        amount[:, -1] += np.where(amount.sum(axis=1) > 0.0, 0.0, wanted)
        whole = amount.sum(axis=1)
        amount *= np.divide(wanted, whole, out=np.zeros_like(whole), where=whole > 0.0)[:, None]
        kind, year = np.nonzero(amount)
        return Sold(tuple(self.kinds[k] for k in kind), year + self.first, amount[kind, year])
