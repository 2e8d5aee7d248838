"""Scenarios: YAML text -> nodes with file, line and column -> a frozen, checked Scenario."""
