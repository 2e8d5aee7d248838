"""Input tables: inputs/*.csv or *.xlsx -> checked rows with their place and provenance."""

from lantian.parameters.reader import (
    QuantityTable,
    column,
    locate,
    read_quantities,
    read_table,
    shown_path,
)
from lantian.parameters.rows import (
    NOT_NEGATIVE,
    SHARE,
    Band,
    CalendarYear,
    KnownUnit,
    Number,
    OwnRow,
    QuantityRow,
    Row,
    check_range,
    check_size,
    listed,
    range_or_default,
)
from lantian.parameters.space import MISSING, ONE, ZERO, Numbers, ScenarioNumber, Space

__all__ = [
    "MISSING",
    "NOT_NEGATIVE",
    "ONE",
    "SHARE",
    "ZERO",
    "Band",
    "CalendarYear",
    "KnownUnit",
    "Number",
    "Numbers",
    "OwnRow",
    "QuantityRow",
    "QuantityTable",
    "Row",
    "ScenarioNumber",
    "Space",
    "check_range",
    "check_size",
    "column",
    "listed",
    "locate",
    "range_or_default",
    "read_quantities",
    "read_table",
    "shown_path",
]
