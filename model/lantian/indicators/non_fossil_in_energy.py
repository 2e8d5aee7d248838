"""What is not fossil as a share of primary energy (非化石能源占能源消费总量比重)."""

from lantian.indicators.primary_energy import ASKS_FOR, REMEDY, REQUIRES, PrimaryShare

INDICATOR = PrimaryShare(
    id="non-fossil-in-energy",
    unit="1",
    order=49,
    counted=True,
    part=True,
    asked="non-fossil",
    requires=REQUIRES,
    asks_for=ASKS_FOR,
    remedy=REMEDY,
)
