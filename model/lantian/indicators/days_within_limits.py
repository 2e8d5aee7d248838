"""Days on which all six keep the limits of a day: from 2031 no longer the good days."""

from lantian.indicators.days import Kind, days_indicator, of_limits

INDICATOR = days_indicator(
    "days-within-limits",
    16,
    "day",
    Kind(thresholds=of_limits, above=False, share=False, bias="good-days-bias"),
)
