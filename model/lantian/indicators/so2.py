"""Annual mean of SO2."""

from lantian.indicators.rollback import ASKS_FOR, REMEDY, Rollback
from lantian.indicators.tables import AirRow, ResponseRow

INDICATOR = Rollback(
    id="so2",
    unit="ug/m3",
    order=6,
    harmful=True,
    follows="SO2",
    measured="SO2",
    takes=("season",),
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=ASKS_FOR,
    remedy=REMEDY,
)
