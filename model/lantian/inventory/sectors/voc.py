"""Solvent use and petrol handling: volatile organic compounds by product, process or shop."""

from lantian.inventory.contract import Sector, SectorInputs, SectorModel
from lantian.inventory.tabulated import FactorRow, tabulated

TABLE = "voc"


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare activity and factors before the control.

    The guideline's ``E = A * EF * (1 - eta * s * gamma)`` is split: ``A * EF`` here, removal times
    collection (eta * s) as the efficiency and the operating rate gamma as the rule effectiveness
    of a control.

    References
    ----------
    T/CSES 144-2024, equation 24 and tables A.1, E.6, E.8.
    """
    return tabulated(inputs, TABLE)


SECTOR = Sector(
    id="voc",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 24",
    sources=(),
    pollutants=("VOC",),
    factor_tables={TABLE: FactorRow},
    declare=declare,
)
