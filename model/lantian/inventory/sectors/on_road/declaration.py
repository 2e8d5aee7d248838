"""On-road vehicles: stock x mileage in the area x factor, with cohort turnover of every fleet.

``E = P * VKT * EF`` [1]_. Battery vehicles have no exhaust; the power plants that charge them are
another sector's.

References
----------
.. [1] MEP 2014. Technical guide for on-road vehicle emission inventories (trial), announcement
   no. 92, annex 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.inventory.contract import (
    Array,
    Index,
    Kind,
    Sector,
    SectorInputs,
    SectorModel,
    Sold,
    Source,
    Start,
    StateNames,
    Window,
    pollutant_index,
)
from lantian.inventory.sectors.on_road.carried import carry_on
from lantian.inventory.sectors.on_road.cells import RULES
from lantian.inventory.sectors.on_road.corrections import CorrectionRow
from lantian.inventory.sectors.on_road.factors import (
    EMITTED,
    BaseFactorRow,
    ClimateRow,
    Factors,
    RatioRow,
    RoadRatioRow,
    VehicleParameterRow,
    declare_factors,
)
from lantian.inventory.sectors.on_road.fleet import (
    DateRow,
    Fleet,
    FleetRow,
    SalesRow,
    declare_fleet,
)
from lantian.inventory.sectors.on_road.traffic import TABLE, TrafficRow, declare_traffic
from lantian.inventory.sectors.on_road.vehicles import FLEETS, GROUPS, driver_of
from lantian.vocabulary import Pollutant

_LIGHT_BANDS: Mapping[Pollutant, tuple[float, float]] = {
    "NOx": (5e-6, 1.0),
    "VOC": (1e-4, 0.5),
    "PM2.5": (1e-6, 0.06),
    "PM10": (1e-6, 0.06),
    "TSP": (1e-6, 0.06),
    "SO2": (5e-8, 2e-3),
    "NH3": (5e-7, 0.02),
    "CO": (1e-4, 5.0),
    "CO2": (0.03, 100.0),
}
_HEAVY_BANDS: Mapping[Pollutant, tuple[float, float]] = {
    "NOx": (1e-4, 3.0),
    "VOC": (1e-5, 0.5),
    "PM2.5": (1e-5, 0.2),
    "PM10": (1e-5, 0.2),
    "TSP": (1e-5, 0.2),
    "SO2": (1e-6, 0.02),
    "NH3": (1e-6, 0.05),
    "CO": (1e-4, 2.0),
    "CO2": (0.5, 500.0),
}


@dataclass(frozen=True)
class Packages:
    """States by the controls in place.

    Attributes
    ----------
    kind
        Position of the kind of each state, dims (state,).
    share
        Share of each state in its kind [1], dims (state, year).
    """

    kind: Index
    share: Array


MID_YEAR = 0.5
"""A standard that begins by then is what is sold for most of a year [a]."""


@dataclass(frozen=True, kw_only=True)
class OnRoadModel(SectorModel):
    """Vehicles of a region; each fuel and standard of a source is a kind of its own.

    Attributes
    ----------
    fleet
        Numbers behind the vehicles of each kind.
    factor
        Numbers behind their factors.
    packages
        Which part of each kind is in which state; None where each kind is a state.
    """

    fleet: Fleet
    factor: Factors
    packages: Packages | None = None

    def amounts(self, theta: Array, window: Window) -> tuple[Array, Array]:
        """Return all and new vehicles; the fleet turns over only once.

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        tuple
            As :meth:`activities` and :meth:`recent`.
        """
        return self._vehicles(theta, window)

    def on_sale(self, theta: Array, source: str, technology: str, year: int) -> str:
        """Return the standard that is sold for most of a year, if that is a later one.

        Parameters
        ----------
        theta, source, technology, year
            As in :class:`SectorModel`.
        """
        fuel, _, standard = technology.partition("-")
        found = [g for g in GROUPS if g.source == source and g.power.fuel == fuel]
        if not found or standard not in found[0].power.standards:
            return technology
        rule, standards = found[0].power.rule, found[0].power.standards
        begin = self.fleet.dates(theta)[RULES.index(rule), : len(standards), 0]
        sold = int(np.flatnonzero(begin <= year + MID_YEAR)[-1])
        return f"{fuel}-{standards[max(sold, standards.index(standard))]}"

    def _vehicles(self, theta: Array, window: Window) -> tuple[Array, Array]:
        """Return the vehicles of each state, all and new ones, as :meth:`Fleet.__call__`."""
        every, new = self.fleet(theta, window)
        if self.packages is None:
            return every, new
        share = self.packages.share[:, window.years, None]
        return every[self.packages.kind] * share, new[self.packages.kind] * share[:, None]

    def corners(self, support: Array) -> Array:
        """Return columns in which every state holds vehicles that can hold any.

        Parameters
        ----------
        support
            As :meth:`SectorModel.corners`.

        Returns
        -------
        Array
            dims (slot, corner).
        """
        return self.fleet.corners(support)

    def activities(self, theta: Array, window: Window) -> Array:
        """Return the vehicles of each state, dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [vehicle].
        """
        return self._vehicles(theta, window)[0]

    def factors(self, theta: Array, window: Window) -> Array:
        """Return the factors, dims (state, pollutant, year, sample) [t/vehicle].

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Each year has its own, since petrol vehicles deteriorate.
        """
        return self.factor(theta, window.years)

    def recent(self, theta: Array, window: Window) -> Array:
        """Return the vehicles new since a year, dims (state, since, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [vehicle].
        """
        return self._vehicles(theta, window)[1]

    def sold(self, theta: Array, year: int) -> Sold:
        """Return the vehicles of a year by year of sale, as :meth:`SectorModel.sold`.

        Parameters
        ----------
        theta, year
            As :meth:`SectorModel.sold`.

        Returns
        -------
        Sold
            All vehicles in use.
        """
        grid, vehicles = self.fleet.grid, self.fleet.by_cell(theta, year)[:, 0]
        chosen = slice(len(vehicles))
        return Sold(
            tuple(self.kinds[k] for k in grid.cells.state[chosen]),
            self.fleet.vintages[grid.spans[2, grid.span][chosen]].astype(np.int64),
            vehicles,
        )


def declare(inputs: SectorInputs) -> OnRoadModel:
    """Declare the vehicles of a region and the numbers behind them.

    Parameters
    ----------
    inputs
        Tables of the region.

    Returns
    -------
    OnRoadModel
        States that can hold vehicles for some numbers inside their ranges.
    """
    kinds, fleet = declare_fleet(inputs)
    if inputs.start is not None:
        kinds, fleet = carry_on(fleet, inputs.start)
    names = [
        (group.source, "-".join(filter(None, (group.power.fuel, standard))))
        for group, standard in kinds
    ]
    source, technology = zip(*names, strict=True)
    states, packages = StateNames(source, technology, ((),) * len(names)), None
    if inputs.start is not None:
        states, packages = _packages(names, inputs.start, inputs)
    return OnRoadModel(
        states=states,
        pollutants=pollutant_index(EMITTED),
        fleet=fleet,
        factor=declare_factors(inputs, kinds),
        packages=packages,
    )


def _packages(
    kinds: Sequence[Kind], start: Start, inputs: SectorInputs
) -> tuple[StateNames, Packages]:
    """Return the states of kinds that another scenario left, and their shares in these.

    What is left has controls. They stay on the same share of each kind, of new vehicles too, so
    that what was reached holds on without a plan.
    """
    found = [(k, *kind, *own) for k, kind in enumerate(kinds) for own in _left(kind, start, inputs)]
    of, source, technology, controls, share = zip(*found, strict=True)
    return StateNames(source, technology, controls), Packages(np.array(of), np.array(share))


def _left(kind: Kind, start: Start, inputs: SectorInputs) -> list[tuple[tuple[str, ...], Array]]:
    """Return the controls of the states of a kind, and their shares in it, dims (year,)."""
    names = zip(start.states.source, start.states.technology, strict=True)
    own = [s for s, name in enumerate(names) if name == kind]
    amount = start.activity[own]
    whole = amount.sum(axis=0)
    share = np.divide(amount, whole, out=np.zeros_like(amount), where=whole > 0.0)
    at = [start.years.index(min(year, inputs.base_year)) for year in inputs.years]
    found = {start.states.controls[s]: share[i, at] for i, s in enumerate(own)}
    # Where nothing was left, later sales are as they come.
    found[()] = found.get((), np.zeros(len(at))) + (whole <= 0.0)[at]
    return sorted(found.items(), key=lambda item: item[0])


def _source(name: str) -> Source:
    light = FLEETS[name][0].wear in ("car", "light", "motorcycle")
    return Source(
        id=name,
        unit="vehicle",
        technologies=tuple(t for power in FLEETS[name] for t in power.technologies),
        group="mobile",
        driver=driver_of(name),
        bands=_LIGHT_BANDS if light else _HEAVY_BANDS,
    )


SECTOR = Sector(
    id="on-road",
    guideline="MEP 2014, Technical guide for on-road vehicle emission inventories (trial), "
    "announcement no. 92, annex 3",
    sources=tuple(_source(name) for name in FLEETS),
    pollutants=EMITTED,
    factor_tables={
        "vehicle_base_factors": BaseFactorRow,
        "vehicle_corrections": CorrectionRow,
        "vehicle_china6_ratios": RatioRow,
        "vehicle_road_ratios": RoadRatioRow,
        "vehicle_parameters": VehicleParameterRow,
    },
    region_tables={
        "fleet": FleetRow,
        "fleet_sales": SalesRow,
        "standard_dates": DateRow,
        "climate": ClimateRow,
    },
    optional_tables={TABLE: TrafficRow},
    traffic=declare_traffic,
    main_table="fleet",
    declare=declare,
)
