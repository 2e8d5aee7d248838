"""Benchmarks run when they are asked for by name, ``pytest tests/benchmarks``, and tell a table."""

from pathlib import Path

import pytest

from benchmarks.measure import Table

TABLES = pytest.StashKey[list[Table]]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the measurements, not the smoke, out of an ordinary run of the suite."""
    asked = any("benchmarks" in str(argument) for argument in config.invocation_params.args)
    return None if asked or not collection_path.name.startswith("test_speed") else True


@pytest.fixture
def told(request: pytest.FixtureRequest) -> list[Table]:
    """Tables put here are printed when all is over."""
    return request.config.stash.setdefault(TABLES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for table in terminalreporter.config.stash.get(TABLES, []):
        terminalreporter.write_line("")
        for line in table.lines():
            terminalreporter.write_line(line)
