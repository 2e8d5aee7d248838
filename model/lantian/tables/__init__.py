"""Input tables: inputs/*.csv or *.xlsx -> checked rows with their place and provenance."""

from lantian.tables.reader import (
    QuantityTable,
    locate,
    read_quantities,
    read_table,
    shown_path,
)
from lantian.tables.rows import QuantityRow, Row

__all__ = [
    "QuantityRow",
    "QuantityTable",
    "Row",
    "locate",
    "read_quantities",
    "read_table",
    "shown_path",
]
