"""95th percentile of the daily CO of a year."""

from lantian.indicators.rollback import ASKS_FOR, REMEDY, Rollback
from lantian.indicators.tables import AirRow, ResponseRow

INDICATOR = Rollback(
    id="co-p95",
    unit="mg/m3",
    order=9,
    harmful=True,
    follows="CO",
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=ASKS_FOR,
    remedy=REMEDY,
)
