"""Share of good days."""

from lantian.indicators.days import Kind, days_indicator, of_rule

INDICATOR = days_indicator(
    "good-day-ratio",
    15,
    "1",
    Kind(thresholds=of_rule("good-day"), above=False, share=True, bias="good-days-bias"),
)
