"""A plugin of pytest that notes which test runs which line of the package, and for how long."""

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from mutation.warm import function_of

RECORD = "LANTIAN_RECORD"
"""Variable of the environment with the name of the record, without suffix."""

_target = Path(os.environ[RECORD])
_measured = coverage.Coverage(
    data_file=str(_target.with_suffix(".lines")), source_pkgs=["lantian"], config_file=False
)
_measured.start()  # before anything of the package is imported
_seconds: dict[str, float] = defaultdict(float)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _measured.switch_context(function_of(item.nodeid))
    began = time.perf_counter()
    yield
    _seconds[function_of(item.nodeid)] += time.perf_counter() - began


def pytest_sessionfinish(exitstatus: int) -> None:
    _measured.stop()
    _measured.save()
    if exitstatus == pytest.ExitCode.OK:
        _target.with_suffix(".json").write_text(json.dumps(_seconds), encoding="utf-8")
