"""Small systems from a few lines, compiled by the very code that real regions go through.

``build(states={"truck / old": 60, "truck / new": 40}, factors={...}, measures=[shift(...)])``
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lantian.core.commitments import Commitments, Mode, Uptake, apply_commitments
from lantian.core.system import Array, System, emission_by_source
from lantian.errors import Place, Problems
from lantian.inventory.contract import (
    Sector,
    SectorInputs,
    SectorModel,
    Source,
    StateNames,
    Window,
)
from lantian.measures.catalogue import Catalogue, check_catalogue
from lantian.measures.compile import Compiled, compile_system
from lantian.measures.contract import (
    AVOIDED,
    AppliesRow,
    ControlRow,
    CostRow,
    MeasureRow,
    ReachRow,
)
from lantian.measures.costs import Money, PriceRow
from lantian.names import state_names
from lantian.parameters import QuantityRow, QuantityTable, ScenarioNumber, Space
from lantian.vocabulary import POLLUTANTS

YEARS = (2017, 2018, 2019)
START = 1
PRICES = {2014: 90.0, 2018: 100.0}
UNITS = {
    "truck": "vehicle",
    "train": "t",
    "shop": "shop",
    "firm": "firm",
    "plant": "firm",
    "road": "vehicle*km",
}

Q = TypeVar("Q", bound=QuantityRow)
Numbers = float | Sequence[float]


def row(model: type[Q], value: float, unit: str = "1", **keys: object) -> Q:
    """A row of a table whose range is the number itself."""
    return model.model_validate(
        {
            "value": value,
            "unit": unit,
            "low": value,
            "high": value,
            "basis": "published",
            "source_key": "test",
            **keys,
        }
    )


@dataclass(frozen=True)
class Lines:
    """What one measure writes into the tables of the catalogue."""

    measure: MeasureRow
    applies: tuple[AppliesRow, ...]
    reach: tuple[ReachRow, ...]
    costs: tuple[CostRow, ...]


def measure(
    name: str,
    kind: str,
    applies: Sequence[Mapping[str, str]],
    reach: float | None = 1.0,
    cost: float | None = 10.0,
    acts_on: str = "stock",
    conversion: tuple[float, str] | None = None,
) -> Lines:
    """A measure; ``cost`` is the variable cost per unit of the first source."""
    source = applies[0]["source"]
    quantities = [] if reach is None else [row(ReachRow, reach, measure=name, parameter="reach")]
    if conversion:
        quantities.append(
            row(ReachRow, *conversion, measure=name, source=source, parameter="conversion")
        )
    costs = (
        []
        if cost is None
        else [
            row(CostRow, cost, f"yuan/({UNITS[s]})/a", measure=name, source=s, item="variable")
            for s in dict.fromkeys(a["source"] for a in applies)
        ]
    )
    return Lines(
        MeasureRow(
            measure=name,
            kind=kind,
            acts_on=acts_on,
            sector="",  # type: ignore[arg-type]
            cost="unpriced" if cost is None else "priced",
            source_key="test",
        ),
        tuple(AppliesRow(measure=name, **a) for a in applies),
        tuple(quantities),
        tuple(costs),
    )


def shift(name: str, source: str, start: str, end: str, **more: object) -> Lines:
    """A shift from technologies (``"a b"``) of one source to another."""
    arcs = [{"source": source, "from_technology": t, "to_technology": end} for t in start.split()]
    return measure(name, "shift", arcs, **more)  # type: ignore[arg-type]


def close(name: str, sources: str, **more: object) -> Lines:
    """Activity of whole sources (``"a b"``) that ends."""
    arcs = [{"source": s, "to_technology": AVOIDED} for s in sources.split()]
    return measure(name, "activity", arcs, **more)  # type: ignore[arg-type]


def carry(name: str, start: str, end: str, factor: float, **more: object) -> Lines:
    """Activity that goes from ``source / technology`` to one of another source."""
    source, technology = start.split(" / ")
    to_source, to_technology = end.split(" / ")
    arcs = [
        {
            "source": source,
            "from_technology": technology,
            "to_source": to_source,
            "to_technology": to_technology,
        }
    ]
    unit = f"({UNITS[to_source]})/({UNITS[source]})"
    return measure(name, "activity", arcs, conversion=(factor, unit), **more)  # type: ignore[arg-type]


def equip(
    name: str, source: str, control: str, technology: str = "", group: str = "", **more: object
) -> Lines:
    """A control added to a source."""
    arcs = [{"source": source, "from_technology": technology, "control": control, "group": group}]
    return measure(name, "control", arcs, **more)  # type: ignore[arg-type]


def comply(
    name: str, source: str, control: str, replaces: str = "", group: str = "", **more: object
) -> Lines:
    """A control that is run better."""
    arcs = [{"source": source, "control": control, "replaces": replaces, "group": group}]
    return measure(name, "compliance", arcs, **more)  # type: ignore[arg-type]


def controls(
    efficiency: Mapping[str, float | Mapping[str, float]],
    ruled: float = 1.0,
) -> list[ControlRow]:
    """Rows of controls: a number removes NOx."""
    rows = []
    for name, given in efficiency.items():
        rows.append(row(ControlRow, ruled, control=name, parameter="rule_effectiveness"))
        removed = given if isinstance(given, Mapping) else {"NOx": given}
        rows += [
            row(ControlRow, e, control=name, pollutant=p, parameter="efficiency")
            for p, e in removed.items()
        ]
    return rows


def money_of(
    space: Space,
    rate: float = 0.0,
    prices: Mapping[int, float] = PRICES,
    price_year: int = 2018,
    year: int | None = None,
) -> Money:
    """Yuan at a discount rate [1/a]; ``year`` is the one whose energy and vehicles are bought."""
    rows = [row(PriceRow, level, year=year) for year, level in prices.items()]
    number = ScenarioNumber(("discount_rate",), rate, "1", Place("test"), rate, rate)
    index = QuantityTable("prices.csv", rows, Problems(), space)
    return Money("yuan", price_year, space.number(number), index, year)


def catalogue_of(
    lines: Sequence[Lines],
    efficiency: Sequence[ControlRow] = (),
    problems: Problems | None = None,
    space: Space | None = None,
) -> Catalogue:
    """The tables of all measures together."""
    found = Problems() if problems is None else problems
    taken = Space() if space is None else space
    return Catalogue(
        tuple(m.measure for m in lines),
        tuple(a for m in lines for a in m.applies),
        QuantityTable("reach.csv", [r for m in lines for r in m.reach], found, taken),
        QuantityTable("costs.csv", [c for m in lines for c in m.costs], found, taken),
        QuantityTable("controls.csv", list(efficiency), found, taken),
    )


def _unused(inputs: SectorInputs) -> SectorModel:
    raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class FixedModel(SectorModel):
    """A sector whose arrays are given and the same for every sample."""

    amount: Array
    factor: Array
    new: Array

    def activities(self, theta: Array, window: Window) -> Array:
        return self._of_samples(self.amount[:, window.years], theta)

    def factors(self, theta: Array, window: Window) -> Array:
        first = [self.states.of_kind(self.kinds).tolist().index(k) for k in range(len(self.kinds))]
        return self._of_samples(self.factor[first][:, :, window.years], theta)

    def recent(self, theta: Array, window: Window) -> Array:
        return self._of_samples(self.new[:, window.since][:, :, window.years], theta)

    @staticmethod
    def _of_samples(values: Array, theta: Array) -> Array:
        return np.repeat(values[..., None], theta.shape[1], axis=-1)


def block_of(
    states: Mapping[str, Numbers],
    factors: Mapping[str, float | Mapping[str, float]],
    recent: Mapping[str, Array] | None = None,
    years: int = len(YEARS),
    sector: str = "sector",
) -> tuple[Sector, SectorModel]:
    """A sector of states ``source / technology`` or ``source / technology / control``."""
    labels = [(*name.split(" / "), "")[:3] for name in states]
    activity = np.array([np.broadcast_to(v, years) for v in states.values()], dtype=float)
    factor = np.zeros((len(labels), len(POLLUTANTS), years))
    for s, (source, technology, _) in enumerate(labels):
        given = factors[f"{source} / {technology}"]
        by = given if isinstance(given, Mapping) else {"NOx": given}
        for pollutant, value in by.items():
            factor[s, POLLUTANTS.index(pollutant)] = value  # type: ignore[arg-type]
    new = np.zeros((len(labels), years, years))
    for name, values in (recent or {}).items():
        new[list(states).index(name)] = values
    sources = tuple(
        Source(
            s,
            UNITS[s],
            tuple(dict.fromkeys(t for own, t, _ in labels if own == s)),
            "other",
            "constant",
        )
        for s in dict.fromkeys(source for source, _, _ in labels)
    )
    model = FixedModel(
        states=StateNames(
            tuple(source for source, _, _ in labels),
            tuple(technology for _, technology, _ in labels),
            tuple((control,) if control else () for _, _, control in labels),
        ),
        pollutants=np.arange(len(POLLUTANTS)),
        amount=activity,
        factor=factor,
        new=new,
    )
    return Sector(sector, "test", sources, POLLUTANTS, {}, _unused), model


def compiled_of(
    states: Mapping[str, Numbers],
    factors: Mapping[str, float | Mapping[str, float]],
    measures: Sequence[Lines],
    efficiency: Sequence[ControlRow] = (),
    recent: Mapping[str, Array] | None = None,
    years: tuple[int, ...] = YEARS,
) -> tuple[Compiled, Space]:
    """Compile; any problem with the tables fails the test."""
    problems, space = Problems(), Space()
    catalogue = catalogue_of(measures, efficiency, problems, space)
    check_catalogue(catalogue, problems)
    compiled = compile_system(
        [block_of(states, factors, recent, len(years))],
        catalogue,
        money_of(space),
        years=years,
        start=START,
        space=space,
        problems=problems,
    )
    problems.stop_if_any()
    return compiled, space


def build(
    states: Mapping[str, Numbers],
    factors: Mapping[str, float | Mapping[str, float]],
    measures: Sequence[Lines],
    efficiency: Sequence[ControlRow] = (),
    recent: Mapping[str, Array] | None = None,
    years: tuple[int, ...] = YEARS,
) -> System:
    """The system of :func:`compiled_of` at its central values."""
    compiled, space = compiled_of(states, factors, measures, efficiency, recent, years)
    return compiled.system(space.central())


Level = float | tuple[str, float] | tuple[str, float, int]
MODES = {"available": Mode.AVAILABLE, "total": Mode.TOTAL, "new": Mode.NEW, "amount": Mode.AMOUNT}


def commitments_of(system: System, levels: Mapping[str, Level]) -> Commitments:
    """Commitments ``measure -> level`` (of what is available) or ``(mode, level[, since])``.

    The level holds from the first year of the plan; one commitment per measure on all its sources.
    """
    names = list(levels)
    group, commitment, mode, level, since = [], [], [], [], []
    for g, m in enumerate(system.groups.measure):
        name = system.measures[m]
        if name not in levels:
            continue
        given = levels[name]
        how, value, *rest = given if isinstance(given, tuple) else ("available", given)
        group.append(g)
        commitment.append(names.index(name))
        mode.append(MODES[str(how)])
        level.append([value if y >= system.start else 0.0 for y in range(len(system.years))])
        since.append(rest[0] if rest else system.start)
    shape = (len(group), len(system.years))
    return Commitments(
        np.array(group, int),
        np.array(commitment, int),
        np.array(mode, int),
        np.array(level, float).reshape(shape),
        np.array(since, int),
        np.ones(shape),
        np.ones(shape),
    )


def plan(system: System, levels: Mapping[str, Level]) -> Uptake:
    """Uptake of commitments given as in :func:`commitments_of`."""
    return apply_commitments(system, commitments_of(system, levels))


def last_year(system: System, activity: Array, empty: bool = False) -> dict[str, float]:
    """Activity of the last year by state name, without the empty states unless asked for."""
    return {
        name: float(a)
        for name, a in zip(state_names(system).keys, activity[:, -1], strict=True)
        if empty or abs(a) > 1e-9
    }


def total(system: System, activity: Array, pollutant: str = "NOx") -> Array:
    """Emission of all sources per year [t]."""
    p = system.pollutants.index(pollutant)
    return np.asarray(emission_by_source(system, activity)[:, p].sum(axis=0))


def uptake_of(system: System, moved: Array) -> dict[str, float]:
    """Uptake of the last year by measure."""
    result = dict.fromkeys(system.measures, 0.0)
    for m, amount in zip(system.groups.measure[system.moves.group], moved[:, -1], strict=True):
        result[system.measures[m]] += float(amount)
    return result
