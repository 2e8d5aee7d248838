"""CO2 of the power that a region buys, at the factor of the grid in each year."""

from lantian.indicators.energy_balance import POWER, TABLE, Balance, EnergyUseRow
from lantian.indicators.tables import GRID, GridRow
from lantian.inventory.region import DriverRow
from lantian.language import message

INDICATOR = Balance(
    id="bought-power-co2",
    unit="t/a",
    order=45,
    carrier=POWER,
    grid=True,
    counted=True,
    requires={TABLE: EnergyUseRow, "drivers": DriverRow, GRID: GridRow},
    asks_for=message("what draws and supplies power, and the CO2 of the grid"),
    remedy=message(
        "A region has it in energy_use.csv and grid_factors.csv, with its consumption and the"
        " driver 'power-use'."
    ),
)
