"""Timing of alternatives in turns, so that the noise of the machine falls on all of them alike."""

import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Timing:
    """Seconds of the repeats of one thing: on the clock, and of the processor.

    On a shared machine the processor's time, compared turn by turn, is the steadier one. Only the
    clock sees what a second thread saves; of it the least counts, as others can only add to it.
    """

    clock: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def wall(self) -> float:
        return min(self.clock)

    @property
    def cpu(self) -> float:
        return min(self.processor)

    @property
    def noise(self) -> float:
        """Range over the least of the clock."""
        return max(self.clock) / self.wall - 1

    def over(self, other: "Timing") -> float:
        """Median of the ratios of processor time, turn by turn."""
        pairs = zip(self.processor, other.processor, strict=False)
        return median(one / base for one, base in pairs)


@dataclass
class Table:
    """Rows of a report."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, name: str, *cells: float | str) -> None:
        self.rows.append((name, *(c if isinstance(c, str) else f"{c:.3g}" for c in cells)))

    def lines(self) -> list[str]:
        grid = [self.columns, *self.rows]
        width = [max(len(row[k]) for row in grid) for k in range(len(self.columns))]
        load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        return [
            f"{self.title} ({load})",
            *(
                "  ".join(
                    c.ljust(w) if k == 0 else c.rjust(w)
                    for k, (c, w) in enumerate(zip(row, width, strict=True))
                )
                for row in grid
            ),
        ]


def in_turns(
    what: Mapping[str, Callable[[], object]], repeats: int, warm: bool = True
) -> dict[str, Timing]:
    """Time each of some calls ``repeats`` times, in turns, after one call each to warm up."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in what}
    for call in what.values() if warm else ():
        call()
    for _ in range(repeats):
        for name, call in what.items():
            gc.collect()
            clock, processor = perf_counter(), process_time()
            call()
            found[name].append((perf_counter() - clock, process_time() - processor))
    return {name: Timing(*zip(*seconds, strict=True)) for name, seconds in found.items()}


def processor_time_of(arguments: Sequence[str], root: Path) -> float:
    """Return the processor time [s] of a Python process and of those it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "model")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,  # a run with targets out of reach ends with 3
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
