"""What a target counts: a choice of sources and states, or a driver of the region.

    {sources: [bus-*, on-road/coach], technologies: [battery], without: [dpf]}
    {driver: straw-produced, less: {sources: [straw]}}

Names may hold ``*`` for any signs; a source may have its sector before it. All keys that are given
must agree; within one key any of its names is enough.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lantian.core.system import Index, Sources, States
from lantian.errors import Place, Problems, closest
from lantian.inventory.patterns import fits
from lantian.language import message

Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
PlaceOf = Callable[..., Place]
"""Returns where a part of a selection is written."""


class Selection(BaseModel):
    """A choice of states by what they are, or a driver, less another choice.

    Attributes
    ----------
    sectors, sources, technologies
        Of the states; patterns with ``*``.
    controls
        States with at least one of these controls.
    without
        States with none of these controls.
    driver
        A series of ``drivers.csv`` in the place of states: no measure changes it.
    less
        What is taken off.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    sectors: Names | None = None
    sources: Names | None = None
    technologies: Names | None = None
    controls: Names | None = None
    without: Names | None = None
    driver: Annotated[str, Field(min_length=1)] | None = None
    less: "Selection | None" = None

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        chosen = [getattr(self, key) is not None for key in KEYS]
        if self.driver is not None and any(chosen):
            raise ValueError(message("a driver is a number of the region: it has no sources"))
        if self.driver is None and not any(chosen):
            raise ValueError(message("nothing is chosen: name sectors, sources or a driver"))
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that is chosen, in the order of the keys."""
        chosen = [name for key in KEYS for name in getattr(self, key) or ()]
        return (*chosen, self.driver) if self.driver is not None else tuple(chosen)

    def whole(self) -> "Selection":
        """Return all states of its sources, whatever their technology and controls."""
        return Selection(sectors=self.sectors, sources=self.sources or ("*",))


KEYS = ("sectors", "sources", "technologies", "controls", "without")
"""Keys that choose states."""


@dataclass(frozen=True)
class _Axis:
    """The states that are left, with what they are called by each key."""

    sources: Sources
    states: States
    place: PlaceOf
    problems: Problems

    def of_sources(self, key: str, names: Iterable[str]) -> NDArray[np.bool_]:
        """Return which states belong to some sectors or sources, and note names of none."""
        own, sector = self.sources.id, self.sources.sector
        known = sector if key == "sectors" else (*own, *(f"{s}/*" for s in sector))
        found = np.zeros(len(own), np.bool_)
        for n, name in enumerate(names):
            agrees = np.array([_is(key, name, i, s) for i, s in zip(own, sector, strict=True)])
            if not agrees.any():
                said = (
                    message("'{name}' is not a sector.", name=name)
                    if key == "sectors"
                    else message("'{name}' is not a source of the inventory.", name=name)
                )
                self.problems.add(self.place(key, n), said, fix=closest(name, set(known)))
            found |= agrees
        return np.asarray(found[self.states.source])

    def of_states(
        self, key: str, names: Iterable[str], among: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return which states have a technology or a control, and note names that none has."""
        have = [self._called(key, k) for k in range(len(self.states))]
        known = {name for k in np.flatnonzero(among) for name in have[k]}
        found = np.zeros(len(have), np.bool_)
        for n, name in enumerate(names):
            agrees = np.array([any(fnmatchcase(own, name) for own in each) for each in have])
            if known and not (agrees & among).any():
                self.problems.add(
                    self.place(key, n),
                    message("none of the sources that are chosen has '{name}'.", name=name),
                    message("Expected one of {names}.", names=", ".join(sorted(known))),
                    closest(name, known),
                )
            found |= agrees
        return found

    def _called(self, key: str, state: int) -> tuple[str, ...]:
        technology, controls = self.states.technology[state], self.states.controls[state]
        return (technology,) if key == "technologies" else controls


def _is(key: str, name: str, source: str, sector: str) -> bool:
    return fnmatchcase(sector, name) if key == "sectors" else fits(name, source, sector)


def chosen_states(
    selection: Selection, sources: Sources, states: States, place: PlaceOf, problems: Problems
) -> Index:
    """Return the states that a selection chooses.

    Parameters
    ----------
    selection
        Without what is taken off; one of a driver chooses none.
    sources, states
        Axes of the system.
    place
        Where a part of the selection is written.
    problems
        Receives names that fit nothing.

    Returns
    -------
    Index
        Positions on the state axis, ascending.
    """
    if selection.driver is not None:
        return np.zeros(0, np.int64)
    axis = _Axis(sources, states, place, problems)
    kept = np.ones(len(states), np.bool_)
    for key in ("sectors", "sources"):
        if (names := getattr(selection, key)) is not None:
            kept &= axis.of_sources(key, names)
    among = kept.copy()
    for key in ("technologies", "controls", "without"):
        if (names := getattr(selection, key)) is not None and among.any():
            agrees = axis.of_states(key, names, among)
            kept &= ~agrees if key == "without" else agrees
    return np.flatnonzero(kept)
