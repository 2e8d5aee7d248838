"""Coal as a share of primary energy (煤炭占能源消费总量比重)."""

from lantian.indicators.primary_energy import ASKS_FOR, REMEDY, REQUIRES, PrimaryShare

INDICATOR = PrimaryShare(
    id="coal-in-energy",
    unit="1",
    order=48,
    counted=True,
    part=True,
    asked="coal",
    requires=REQUIRES,
    asks_for=ASKS_FOR,
    remedy=REMEDY,
)
