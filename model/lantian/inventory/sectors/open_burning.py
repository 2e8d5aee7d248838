"""Open burning of crop straw: tonnes burned in the field times a factor per tonne."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel, Source
from lantian.inventory.tabulated import FactorRow, tabulated

STRAW = Source(
    "straw",
    "t",
    ("open-field",),
    "other",
    "cropland",
    bands={
        "NOx": (2e-4, 2e-2),
        "VOC": (5e-4, 5e-2),
        "PM2.5": (1e-3, 6e-2),
        "PM10": (1e-3, 8e-2),
        "TSP": (1e-3, 1e-1),
        "SO2": (5e-5, 5e-3),
        "NH3": (5e-5, 1e-2),
        "CO": (5e-3, 5e-1),
        "CO2": (0.3, 3.0),
    },
)

REFUSE = Source("refuse", "t", ("open-pile",), "other", "population", bands=STRAW.bands)
RITUAL_PAPER = Source("ritual-paper", "t", ("open-pile",), "other", "population", bands=STRAW.bands)


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare the states of open burning.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF``.
    """
    return tabulated(SECTOR, inputs, "open-burning")


SECTOR = Sector(
    id="open-burning",
    guideline="T/CSES 144-2024 (biomass burning, E = A x EF); factors of Li et al. 2007 and "
    "Ni et al. 2015",
    sources=(STRAW, REFUSE, RITUAL_PAPER),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2"),
    factor_tables={"open-burning": FactorRow},
    declare=declare,
)
