"""Annual mean of NO2, following NOx."""

from lantian.indicators.rollback import ASKS_FOR, REMEDY, Rollback
from lantian.indicators.tables import AirRow, ResponseRow

INDICATOR = Rollback(
    id="no2",
    unit="ug/m3",
    order=8,
    harmful=True,
    follows="NOx",
    measured="NO2",
    takes=("season",),
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=ASKS_FOR,
    remedy=REMEDY,
)
