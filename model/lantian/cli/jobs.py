"""Several runs at a time, each in a process of its own: if one is stopped, the others go on."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor


def run_each(
    commands: Sequence[Sequence[str]], jobs: int, width: int
) -> Iterator[subprocess.CompletedProcess[str]]:
    """Run commands of Lantian and yield what they said, in their order.

    Parameters
    ----------
    commands
        Arguments of each.
    jobs
        How many run at a time.
    width
        Of the terminal [character].

    Yields
    ------
    subprocess.CompletedProcess
        With both outputs as text; a negative code is the signal that stopped it.
    """
    environment = {**os.environ, "COLUMNS": str(width), "PYTHONIOENCODING": "utf-8"}

    def one(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lantian", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, commands)
