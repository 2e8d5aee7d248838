"""Share of days of heavy pollution."""

from lantian.indicators.days import Kind, days_indicator, of_rule

INDICATOR = days_indicator(
    "heavy-pollution-ratio",
    13,
    "1",
    Kind(thresholds=of_rule("heavy-day"), above=True, share=True, bias="heavy-days-bias"),
)
