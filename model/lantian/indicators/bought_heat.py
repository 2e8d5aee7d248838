"""Heat that a region buys: drawn from networks less what its own plants supply."""

from lantian.indicators.energy_balance import TABLE, UNITS, Balance, EnergyUseRow
from lantian.language import message

INDICATOR = Balance(
    id="bought-heat",
    unit=UNITS["heat"],
    order=44,
    carrier="heat",
    counted=True,
    requires={TABLE: EnergyUseRow},
    asks_for=message("what draws and supplies heat"),
    remedy=message("A region has it in energy_use.csv, with carrier 'heat'."),
)
