"""Annual mean of PM10, following what is emitted of it."""

from lantian.indicators.rollback import ASKS_FOR, REMEDY, Rollback
from lantian.indicators.tables import AirRow, ResponseRow

INDICATOR = Rollback(
    id="pm10",
    unit="ug/m3",
    order=5,
    harmful=True,
    follows="PM10",
    measured="PM10",
    takes=("season",),
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=ASKS_FOR,
    remedy=REMEDY,
)
