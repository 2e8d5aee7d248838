"""What the program shows: the answer of a run, and tables."""

from lantian.cli.terminal.optimum import Beside, print_optimum, proof_line, whole_table
from lantian.cli.terminal.records import (
    format_records,
    inventory_tables,
    months_table,
    records_table,
)
from lantian.cli.terminal.summary import print_summary
from lantian.cli.terminal.text import CASE_NAMES, console, money_scale, number, percent

__all__ = [
    "CASE_NAMES",
    "Beside",
    "console",
    "format_records",
    "inventory_tables",
    "money_scale",
    "months_table",
    "number",
    "percent",
    "print_optimum",
    "print_summary",
    "proof_line",
    "records_table",
    "whole_table",
]
