"""Biomass that a region draws less what it supplies."""

from lantian.indicators.energy_balance import TABLE, UNITS, Balance, EnergyUseRow
from lantian.language import message

INDICATOR = Balance(
    id="bought-biomass",
    unit=UNITS["biomass"],
    order=43,
    carrier="biomass",
    counted=True,
    requires={TABLE: EnergyUseRow},
    asks_for=message("what draws and supplies biomass"),
    remedy=message("A region has it in energy_use.csv, with carrier 'biomass'."),
)
