"""Manufacturing firms and concrete mixing plants without an inventory of their own processes."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel, Source
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
    return tabulated(SECTOR, inputs, TABLE)


SECTOR = Sector(
    id="industry",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 2",
    sources=(
        Source(
            "general-manufacturing",
            "firm",
            ("average",),
            "industry",
            "manufacturing",
            {
                "NOx": (0.01, 2.0),
                "VOC": (0.1, 20.0),
                "PM2.5": (0.01, 3.0),
                "PM10": (0.02, 5.0),
                "TSP": (0.03, 10.0),
                "SO2": (0.005, 2.0),
                "CO": (0.02, 10.0),
                "CO2": (10.0, 5000.0),
            },
        ),
        Source(
            "scattered-firm",
            "firm",
            ("uncontrolled",),
            "industry",
            "scattered-firms",
            {
                "NOx": (0.003, 1.0),
                "VOC": (0.03, 5.0),
                "PM2.5": (0.005, 2.0),
                "PM10": (0.01, 3.0),
                "TSP": (0.02, 5.0),
                "SO2": (0.003, 2.0),
                "CO": (0.02, 10.0),
                "CO2": (2.0, 1000.0),
            },
        ),
        Source(
            "concrete-plant",
            "m3",
            ("open", "enclosed"),
            "industry",
            "concrete-output",
            {"PM2.5": (5e-7, 2e-4), "PM10": (2e-6, 1e-3), "TSP": (5e-6, 3e-3)},
        ),
    ),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "CO", "CO2"),
    factor_tables={TABLE: FactorRow},
    declare=declare,
)
