"""Days of heavy pollution in a year: AQI above 200."""

from lantian.indicators.days import Kind, days_indicator, of_rule

INDICATOR = days_indicator(
    "heavy-pollution-days",
    12,
    "day",
    Kind(thresholds=of_rule("heavy-day"), above=True, share=False, bias="heavy-days-bias"),
)
