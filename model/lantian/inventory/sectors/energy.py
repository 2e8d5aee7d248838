"""Heat of boilers by size and fuel, own power plants, renewable power, and steel by its route.

Each source is counted by what it supplies (heat, power, steel), so that a change of fuel or route
takes nothing from what is delivered. What a region counts here it leaves out of ``coal-gas`` and
``heavy-industry``. What each technology draws from the grid or burns is in the table
``energy_use``.
"""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel
from lantian.inventory.tabulated import FactorRow, tabulated

TABLE = "energy"


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare what is supplied, and the emission of a unit of it by technology.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF * (1 - eta)``.
    """
    return tabulated(inputs, TABLE)


SECTOR = Sector(
    id="energy",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 2",
    sources=(),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2"),
    factor_tables={TABLE: FactorRow},
    declare=declare,
    another_way=True,
)
