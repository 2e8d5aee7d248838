"""Input tables: inputs/*.csv or *.xlsx -> checked rows with their place and provenance."""

from lantian.parameters.reader import (
    QuantityTable,
    locate,
    read_quantities,
    read_table,
    shown_path,
)
from lantian.parameters.rows import OwnRow, QuantityRow, Row, check_range, range_or_default

__all__ = [
    "OwnRow",
    "QuantityRow",
    "QuantityTable",
    "Row",
    "check_range",
    "locate",
    "range_or_default",
    "read_quantities",
    "read_table",
    "shown_path",
]
