"""Which numbers a study uses, and for what."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.inventory.contract import Window, every_year
from lantian.measures.compile import Parts
from lantian.parameters.space import CONSTANTS
from lantian.parameters.watch import Slots, slots_read
from lantian.study.model import Study


@dataclass(frozen=True)
class Uses:
    """Which slots each part of a study is made of.

    Attributes
    ----------
    system
        Parts of the system.
    levels, indicators
        Levels of commitments, and the indicators that can be computed; a price on CO2 counts as
        one, since it is paid for what is emitted, and what cuts are relative to as well.
    """

    system: Parts[Slots]
    levels: Slots
    indicators: Slots

    @property
    def every(self) -> Index:
        """Slots that are used for anything, without those of constants, ascending."""
        parts = (*self.system, self.levels, self.indicators)
        return _without_constants(np.logical_or.reduce(parts))

    @property
    def cost(self) -> Index:
        """Those that nothing but costs is made of."""
        *others, cost = self.system
        return _without_constants(
            cost & ~np.logical_or.reduce([*others, self.levels, self.indicators])
        )


def _without_constants(slots: Slots) -> Index:
    found = np.flatnonzero(slots)
    return found[found >= len(CONSTANTS)]


def uses(study: Study, window: Window | None = None) -> Uses:
    """Return what the numbers of a study are used for.

    Parameters
    ----------
    study
        The scenario put together.
    window
        Years that are asked for; all by default.

    Returns
    -------
    Uses
        By part.
    """
    years = study.compiled.structure.years
    window = every_year(len(years)) if window is None else window
    read = partial(slots_read, theta=study.space.central())
    before = Projection(years, study.baseline[..., None], study.system.baseline[..., None])

    def fit(theta: Array) -> None:
        for own in study.indicators.values():
            own.declared.fit(theta, before)
        for target in study.targets:
            if target.reference is not None:
                target.reference(theta)
        if study.carbon is not None:
            study.carbon.price(theta)

    return Uses(study.compiled.functions(window).map(read), read(study.levels), read(fit))
