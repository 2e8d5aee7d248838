"""Solvent use and petrol handling: volatile organic compounds by product, process or shop."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel, Source
from lantian.inventory.tabulated import FactorRow, tabulated

TABLE = "voc"
SHOP_TECHNOLOGIES = ("solvent-paint", "water-paint", "no-spray")
SOLVENT_TECHNOLOGIES = ("solvent", "water-based")


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare activity and factors before the control.

    The guideline's ``E = A * EF * (1 - eta * s * gamma)`` is split: ``A * EF`` here, removal times
    collection (eta * s) as the efficiency and the operating rate gamma as the rule effectiveness
    of a control.

    References
    ----------
    T/CSES 144-2024, equation 24 and tables A.1, E.6, E.8.
    """
    return tabulated(SECTOR, inputs, TABLE)


SECTOR = Sector(
    id="voc",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 24",
    sources=(
        Source(
            "architectural-coating",
            "t",
            ("solvent", "water-based", "low-voc"),
            "living",
            "coating-use",
            {"VOC": (0.001, 0.8)},
        ),
        Source(
            "car-repair-small",
            "shop",
            SHOP_TECHNOLOGIES,
            "living",
            "car-repair",
            {"VOC": (0.003, 1.0)},
        ),
        Source(
            "car-repair-medium",
            "shop",
            SHOP_TECHNOLOGIES,
            "living",
            "car-repair",
            {"VOC": (0.02, 5.0)},
        ),
        Source(
            "car-repair-large",
            "shop",
            SHOP_TECHNOLOGIES,
            "living",
            "car-repair",
            {"VOC": (0.08, 20.0)},
        ),
        Source(
            "printing",
            "t",
            ("solvent", "water-based", "vegetable-oil"),
            "industry",
            "solvent-industry",
            {"VOC": (0.001, 1.0)},
        ),
        Source(
            "furniture",
            "t",
            SOLVENT_TECHNOLOGIES,
            "industry",
            "solvent-industry",
            {"VOC": (0.005, 1.0)},
        ),
        Source(
            "machinery-coating",
            "t",
            SOLVENT_TECHNOLOGIES,
            "industry",
            "solvent-industry",
            {"VOC": (0.005, 1.0)},
        ),
        Source(
            "electronics",
            "t",
            ("ordinary", "low-voc"),
            "industry",
            "solvent-industry",
            {"VOC": (0.005, 1.0)},
        ),
        Source(
            "dry-cleaning",
            "t",
            ("open-machine", "closed-machine"),
            "living",
            "population",
            {"VOC": (0.01, 1.0)},
        ),
        Source(
            "household-products",
            "person",
            ("ordinary", "low-voc"),
            "living",
            "population",
            {"VOC": (2e-5, 0.01)},
        ),
        Source(
            "petrol-station",
            "t",
            ("uncontrolled", "stage-1", "stage-2", "stage-3"),
            "other",
            "petrol-sales",
            {"VOC": (3e-5, 0.02)},
        ),
        Source(
            "petrol-depot",
            "t",
            ("uncontrolled", "vapour-recovery"),
            "other",
            "petrol-sales",
            {"VOC": (1e-5, 0.02)},
        ),
    ),
    pollutants=("VOC",),
    factor_tables={TABLE: FactorRow},
    declare=declare,
)
