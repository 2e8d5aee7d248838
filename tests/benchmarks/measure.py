"""Timing of alternatives in turns, so that the noise of the machine falls on all of them alike."""

import gc
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Timing:
    """Seconds of the repeats of one thing."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def noise(self) -> float:
        """Range over median."""
        return (max(self.seconds) - min(self.seconds)) / self.median


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
    found: dict[str, list[float]] = {name: [] for name in what}
    for call in what.values() if warm else ():
        call()
    for _ in range(repeats):
        for name, call in what.items():
            gc.collect()
            start = perf_counter()
            call()
            found[name].append(perf_counter() - start)
    return {name: Timing(tuple(seconds)) for name, seconds in found.items()}
