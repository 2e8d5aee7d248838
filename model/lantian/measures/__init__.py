"""Measures: tables of the catalogue, one file per kind of measure, and how they become moves."""
