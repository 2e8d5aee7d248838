"""Gas that a region buys: drawn less what it makes itself."""

from lantian.indicators.energy_balance import TABLE, UNITS, Balance, EnergyUseRow
from lantian.language import message

INDICATOR = Balance(
    id="bought-gas",
    unit=UNITS["gas"],
    order=41,
    carrier="gas",
    counted=True,
    requires={TABLE: EnergyUseRow},
    asks_for=message("what draws and supplies gas"),
    remedy=message("A region has it in energy_use.csv, with carrier 'gas'."),
)
