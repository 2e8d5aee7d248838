"""Open burning of crop straw: tonnes burned in the field times a factor per tonne."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel
from lantian.inventory.tabulated import FactorRow, tabulated


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare the states of open burning.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF``.
    """
    return tabulated(inputs, "open-burning")


SECTOR = Sector(
    id="open-burning",
    guideline="T/CSES 144-2024 (biomass burning, E = A x EF); factors of Li et al. 2007 and "
    "Ni et al. 2015",
    sources=(),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2"),
    factor_tables={"open-burning": FactorRow},
    declare=declare,
)
