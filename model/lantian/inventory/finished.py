"""A finished inventory: tonnes per source and year -> sectors and states.

Many bureaus hold tonnes per source, not activity and factors. Each source then is one slice of
activity whose factor is its emission. What a measure removes as a stated amount is a slice of its
own, a :class:`Portion`, which moves from before to after.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.system import sum_by
from lantian.inventory.contract import (
    Array,
    Index,
    Sector,
    SectorInputs,
    SectorModel,
    Source,
    StateNames,
    Window,
    every_year,
)
from lantian.inventory.tonnes import EmissionRow, Emissions, Emitter, FinishedRow, Series
from lantian.parameters import (
    ONE,
    ZERO,
    Numbers,
    Space,
)
from lantian.parameters.space import constant, join, stack
from lantian.tolerances import ROUNDING
from lantian.vocabulary import POLLUTANTS, Pollutant

SOURCE_UNIT = "source"
"""Unit of the activity of a source: 1 is all of it."""
REST = "as-is"
"""Technology of what no stated amount is taken from."""


@dataclass(frozen=True)
class Portion:
    """A part of a source that one measure takes away as a stated amount.

    Attributes
    ----------
    measure, source
        Ids.
    taken
        Amount in full use [t/a], dims (pollutant,); below 0 what the measure adds.
    """

    measure: str
    source: str
    taken: Numbers

    @property
    def before(self) -> str:
        """Technology of the part while nobody takes it."""
        return f"before {self.measure}"

    @property
    def after(self) -> str:
        """Technology of the part once it is taken."""
        return f"after {self.measure}"


@dataclass(frozen=True, kw_only=True)
class FinishedModel(SectorModel):
    """Sources of a finished inventory: one slice each, and a slice per portion.

    Attributes
    ----------
    emission
        Emission of each source [t/a], dims (source, pollutant, year).
    taken
        What each portion takes away in full use [t/a], dims (portion, pollutant); below 0 what it
        adds.
    source_of
        Source of each state [state].
    portion_of
        Portion of each state that is before or after one, -1 for what is left as it is.
    portioned
        Source of each portion [portion]; ascending.
    slices
        Slices in use in the base year [state].
    growth
        Level that each source follows [any unit], dims (source, year); 1 where it follows none.
    since
        Position of the year from which a source follows it, dims (source, pollutant).
    carrier
        Pollutant whose tonnes the slices of a source follow, -1 where they follow its growth
        [source]: its tonnes per slice are then the same in all years.
    base
        Position of the base year.
    """

    emission: Numbers
    taken: Numbers
    source_of: Index
    portion_of: Index
    portioned: Index
    slices: Array
    growth: Numbers
    since: Index
    carrier: Index
    base: int

    def activities(self, theta: Array, window: Window) -> Array:
        """Return the slices in use, dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            1 in the base year, or 0 after a measure that nobody has taken yet. What no portion is
            taken from grows.
        """
        shape = (len(self.slices), len(window.years), theta.shape[1])
        slices = np.broadcast_to(self.slices[:, None, None], shape).copy()
        rest = self.portion_of < 0
        slices[rest] *= self.scale(theta)[self.source_of[rest]][:, window.years]
        return slices

    def factors(self, theta: Array, window: Window) -> Array:
        """Return tonnes per slice: what measures remove, and the rest of each source.

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [t/slice], dims (state, pollutant, year, sample).
        """
        taken = self.taken(theta)[:, :, None]
        scale = self.scale(theta)[:, None, window.years]
        rest = np.maximum(self.left(theta, window), 0.0)
        factor = (rest / scale)[self.source_of]
        before = np.flatnonzero((self.portion_of >= 0) & (self.slices > 0))
        after = np.flatnonzero(self.slices == 0)
        factor[before] = np.maximum(taken[self.portion_of[before]], 0.0)
        factor[after] = np.maximum(-taken[self.portion_of[after]], 0.0)
        return factor

    def left(self, theta: Array, window: Window) -> Array:
        """Return what no portion takes away [t/a], dims (source, pollutant, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Negative where measures remove more than there is.
        """
        total = self.emitted(theta)[:, :, window.years]
        taken = sum_by(np.maximum(self.taken(theta), 0.0), self.portioned, len(total))
        return np.asarray(total - taken[:, :, None])

    def emitted(self, theta: Array) -> Array:
        """Return what the sources emit [t/a], dims (source, pollutant, year, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            After its last own row a source follows its growth.
        """
        level, total = self.growth(theta), self.emission(theta)
        years = np.arange(total.shape[2])
        since = np.minimum(years, self.since[:, :, None])
        return np.asarray(
            total * level[:, None] / level[np.arange(len(level))[:, None, None], since]
        )

    def scale(self, theta: Array) -> Array:
        """Return the slices of each source; in the base year there is one.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            As much as what they follow [slice], dims (source, year, sample).
        """
        level = self.growth(theta)
        carried = np.flatnonzero(self.carrier >= 0)
        level[carried] = self.emitted(theta)[carried, self.carrier[carried]]
        base = level[:, [self.base]]
        return np.divide(level, base, out=np.ones_like(level), where=(base > 0) & (level > 0))


def declare_sectors(
    emissions: Emissions,
    portions: Sequence[Portion],
    space: Space,
    carriers: Mapping[str, Pollutant] | None = None,
) -> list[tuple[Sector, FinishedModel]]:
    """Return the sectors of a finished inventory with their states.

    Parameters
    ----------
    emissions
        What the sources emit.
    portions
        What measures take from them as stated amounts.
    space
        Receives the numbers that are taken.
    carriers
        Pollutant whose tonnes the slices of a source follow; their growth where none is named.

    Returns
    -------
    list
        Each source as it is, and two states per portion.
    """
    found = []
    for name, sources in emissions.sectors.items():
        own = [p for source in sources for p in portions if p.source == source]
        with space.owned_by(name):
            found.append(_model(name, sources, own, emissions, space, carriers or {}))
    return found


def _model(
    name: str,
    sources: list[str],
    portions: Sequence[Portion],
    emissions: Emissions,
    space: Space,
    carriers: Mapping[str, Pollutant],
) -> tuple[Sector, FinishedModel]:
    level = constant(ONE, len(emissions.years))
    states: list[tuple[str, str, int, float]] = []
    for source in sources:
        states.append((source, REST, -1, 1.0))
        for i, portion in enumerate(portions):
            if portion.source == source:
                states += [(source, portion.before, i, 1.0), (source, portion.after, i, 0.0)]
    model = FinishedModel(
        states=StateNames(
            tuple(s[0] for s in states), tuple(s[1] for s in states), ((),) * len(states)
        ),
        pollutants=np.arange(len(POLLUTANTS)),
        emission=_tonnes(sources, emissions, space),
        taken=join([constant(ZERO, 0, len(POLLUTANTS)), *(p.taken[None] for p in portions)]),
        source_of=np.array([sources.index(s[0]) for s in states], dtype=np.int64),
        portion_of=np.array([s[2] for s in states], dtype=np.int64),
        portioned=np.array([sources.index(p.source) for p in portions], dtype=np.int64),
        slices=np.array([s[3] for s in states]),
        growth=stack([emissions.growth.get(s, level) for s in sources]),
        since=np.array([[_since(emissions, s, p) for p in POLLUTANTS] for s in sources]),
        carrier=np.array([_position(carriers.get(s)) for s in sources], dtype=np.int64),
        base=emissions.base,
    )
    return _sector(name, sources, [(s[0], s[1]) for s in states]), model


def _since(emissions: Emissions, source: str, pollutant: Pollutant) -> int:
    """Return the position of the year from which a source follows its growth."""
    series = emissions.series.get((source, pollutant))
    last = emissions.base_year if series is None else series.known[-1]
    return min(bisect_left(emissions.years, last), len(emissions.years) - 1)


def _position(pollutant: Pollutant | None) -> int:
    return -1 if pollutant is None else POLLUTANTS.index(pollutant)


def _tonnes(sources: Sequence[str], emissions: Emissions, space: Space) -> Numbers:
    """Return the emissions [t/a], dims (source, pollutant, year)."""
    nothing = constant(ZERO, len(emissions.years))
    found = []
    for source in sources:
        for pollutant in POLLUTANTS:
            series = emissions.series.get((source, pollutant))
            found.append(nothing if series is None else _of_series(series, space))
    return _shaped(join([row[None] for row in found]), len(sources), len(POLLUTANTS))


def _of_series(series: Series, space: Space) -> Numbers:
    """Return the emission of a source and pollutant [t/a], dims (year,)."""
    used = series.filling.used
    known = [
        space.number(_number(row), row.tonnes) if k in used else constant(ZERO)
        for k, row in enumerate(series.rows)
    ]
    return series.filling.numbers(known)


def _shaped(numbers: Numbers, *shape: int) -> Numbers:
    """Return numbers with their first axis split in two."""
    other = None if numbers.other is None else _shaped(numbers.other, *shape)
    years = numbers.shape[1:]
    return Numbers(
        numbers.slot.reshape(*shape, *years), numbers.factor.reshape(*shape, *years), other
    )


def emitted_per_slice(
    models: Iterable[tuple[Sector, FinishedModel]],
) -> dict[Emitter, Numbers]:
    """Return what sources emit in the base year [t/slice], each dims ()."""
    return {
        (source.id, pollutant): model.emission[s, p, model.base]
        for sector, model in models
        for s, source in enumerate(sector.sources)
        for p, pollutant in enumerate(POLLUTANTS)
    }


def overdrawn(models: Iterable[tuple[Sector, FinishedModel]], space: Space) -> list[str]:
    """Return the sources whose portions take away more than there is, in the central values."""
    theta, found = space.central(), []
    for sector, model in models:
        window = every_year(model.emission.shape[2])
        left, total = model.left(theta, window), model.emitted(theta)
        lacking = np.unique(np.argwhere(left < -ROUNDING * total)[:, 0])
        found += [sector.sources[s].id for s in lacking.tolist()]
    return found


def _number(row: FinishedRow) -> EmissionRow:
    keys = {"source": row.source, "pollutant": row.pollutant, "year": row.year}
    return row.as_quantity(EmissionRow, row.value, row.unit, **keys)


def _sector(name: str, sources: Sequence[str], labels: Sequence[tuple[str, str]]) -> Sector:
    def declare(inputs: SectorInputs) -> SectorModel:
        raise NotImplementedError("a finished inventory is declared from its own table")

    return Sector(
        name,
        "finished inventory",
        tuple(
            Source(s, SOURCE_UNIT, tuple(t for own, t in labels if own == s), "other", "constant")
            for s in sources
        ),
        POLLUTANTS,
        {},
        declare,
    )
