"""Oil products that a region buys."""

from lantian.indicators.energy_balance import TABLE, UNITS, Balance, EnergyUseRow
from lantian.language import message

INDICATOR = Balance(
    id="bought-oil",
    unit=UNITS["oil"],
    order=42,
    carrier="oil",
    counted=True,
    requires={TABLE: EnergyUseRow},
    asks_for=message("what draws and supplies oil"),
    remedy=message("A region has it in energy_use.csv, with carrier 'oil'."),
)
