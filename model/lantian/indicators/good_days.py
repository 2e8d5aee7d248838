"""Good days in a year: AQI of 100 at most."""

from lantian.indicators.days import Kind, days_indicator, of_rule

INDICATOR = days_indicator(
    "good-days",
    14,
    "day",
    Kind(thresholds=of_rule("good-day"), above=False, share=False, bias="good-days-bias"),
)
