"""On-road vehicles: stock x mileage in the area x factor, with cohort turnover of every fleet.

``E = P * VKT * EF`` [1]_. Battery vehicles have no exhaust; the power plants that charge them are
another sector's.

References
----------
.. [1] MEP 2014. Technical guide for on-road vehicle emission inventories (trial), announcement
   no. 92, annex 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lantian.inventory.contract import (
    Array,
    Sector,
    SectorInputs,
    SectorModel,
    Source,
    StateNames,
    Window,
    pollutant_index,
)
from lantian.inventory.sectors.on_road.corrections import CorrectionRow
from lantian.inventory.sectors.on_road.factors import (
    EMITTED,
    BaseFactorRow,
    ClimateRow,
    Factors,
    RatioRow,
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
from lantian.inventory.sectors.on_road.vehicles import FLEETS, driver_of
from lantian.vocabulary import Pollutant

_LIGHT_BANDS: Mapping[Pollutant, tuple[float, float]] = {
    "NOx": (1e-5, 0.5),
    "VOC": (1e-4, 0.5),
    "PM2.5": (1e-6, 0.06),
    "PM10": (1e-6, 0.06),
    "TSP": (1e-6, 0.06),
    "SO2": (1e-6, 1e-3),
    "NH3": (5e-7, 0.02),
    "CO": (1e-3, 5.0),
    "CO2": (0.05, 100.0),
}
_HEAVY_BANDS: Mapping[Pollutant, tuple[float, float]] = {
    "NOx": (1e-3, 3.0),
    "VOC": (1e-5, 0.5),
    "PM2.5": (1e-5, 0.2),
    "PM10": (1e-5, 0.2),
    "TSP": (1e-5, 0.2),
    "SO2": (1e-5, 0.02),
    "NH3": (1e-5, 0.03),
    "CO": (1e-3, 2.0),
    "CO2": (1.0, 500.0),
}


@dataclass(frozen=True, kw_only=True)
class OnRoadModel(SectorModel):
    """Vehicles of a region; each state is a kind of its own.

    Attributes
    ----------
    fleet
        Numbers behind the vehicles.
    factor
        Numbers behind their factors.
    """

    fleet: Fleet
    factor: Factors

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
        return self.fleet(theta, window)

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
        return self.fleet(theta, window)[0]

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
        return self.fleet(theta, window)[1]


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
    states, fleet = declare_fleet(inputs)
    names = StateNames(
        tuple(group.source for group, _ in states),
        tuple("-".join(filter(None, (group.power.fuel, standard))) for group, standard in states),
        ("",) * len(states),
    )
    return OnRoadModel(
        states=names,
        pollutants=pollutant_index(EMITTED),
        fleet=fleet,
        factor=declare_factors(inputs, states),
    )


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
        "vehicle_parameters": VehicleParameterRow,
    },
    region_tables={
        "fleet": FleetRow,
        "fleet_sales": SalesRow,
        "standard_dates": DateRow,
        "climate": ClimateRow,
    },
    main_table="fleet",
    declare=declare,
)
