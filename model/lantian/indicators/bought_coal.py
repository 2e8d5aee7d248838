"""Coal that a region burns: drawn less what it digs itself."""

from lantian.indicators.energy_balance import TABLE, UNITS, Balance, EnergyUseRow
from lantian.language import message

INDICATOR = Balance(
    id="bought-coal",
    unit=UNITS["coal"],
    order=46,
    carrier="coal",
    counted=True,
    requires={TABLE: EnergyUseRow},
    asks_for=message("what draws and supplies coal"),
    remedy=message("A region has it in energy_use.csv, with carrier 'coal'."),
)
