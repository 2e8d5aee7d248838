"""What the program shows: the answer of a run, and tables."""

from lantian.cli.terminal.optimum import optimum_table, proof_line, tiers_table, whole_table
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
    "console",
    "format_records",
    "inventory_tables",
    "money_scale",
    "months_table",
    "number",
    "optimum_table",
    "percent",
    "print_summary",
    "proof_line",
    "records_table",
    "tiers_table",
    "whole_table",
]
