"""Manufacturing firms and concrete mixing plants without an inventory of their own processes."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel
from lantian.inventory.tabulated import FactorRow, tabulated

TABLE = "industry"


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare activity and emission per average firm, or per m3 of concrete.

    Printing, furniture, machinery coating and electronics count their solvents in the sector
    ``voc``, boilers in ``coal-gas``; both are left out here.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF * (1 - eta)``.
    """
    return tabulated(inputs, TABLE)


SECTOR = Sector(
    id="industry",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 2",
    sources=(),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "CO", "CO2"),
    factor_tables={TABLE: FactorRow},
    declare=declare,
)
