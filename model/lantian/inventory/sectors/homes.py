"""Homes and their waste: cooking by head, and what is laid down in landfills by tonne."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel
from lantian.inventory.tabulated import FactorRow, tabulated


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare the states of homes and landfills.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF``.
    """
    return tabulated(inputs, "homes")


SECTOR = Sector(
    id="homes",
    guideline="T/CSES 144-2024 (E = A x EF); factors derived from published inventories of "
    "Changchun and of China",
    sources=(),
    pollutants=("VOC", "NH3", "PM2.5", "PM10", "TSP"),
    factor_tables={"homes": FactorRow},
    declare=declare,
)
