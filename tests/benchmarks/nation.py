"""A made-up nation: one plan in thousands of counties, sampled as an ensemble.

``python tests/benchmarks/nation.py --counties 40 --jobs 2`` writes the scenarios of so many
counties into a temporary project, samples them, and tells time and memory, and what 2,850 would
take. ``--scheduler ADDRESS`` gives them to a Dask cluster. Each county is the city of the template
with other fleets over sixteen years; the numbers mean nothing, their sizes are real.
"""

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
NATION = 2850
GOES_ON = {"china": ("weather",), "north-city": ("regional-change", "dustfall-background-change")}
"""Parameters of the response that end before the last year, by folder of ``inputs/regions``."""
COUNTY = """extends: template-2026-2030.yaml
name: county-{n:04d}
last_year: {last}
samples: {samples}
uncertainty: {{seed: {n}, swings: false}}
set:
{changes}
"""


def write_counties(project: Path, counties: int, samples: int, last: int) -> list[Path]:
    """Write the scenario of each county; amounts differ by a factor of up to two both ways."""
    for part in ("inputs", "scenarios"):
        shutil.copytree(ROOT / part, project / part)
    lengthen(project, last)
    sources = ("heavy-truck", "light-truck", "car")
    found = []
    for n in range(counties):
        times = np.exp(np.random.default_rng(n).uniform(-0.7, 0.7, len(sources))).round(3)
        changes = "\n".join(
            f"  - {{fleet: {name}, where: {{parameter: stock}}, times: {factor}}}"
            for name, factor in zip(sources, times.tolist(), strict=True)
        )
        path = project / "scenarios" / f"county-{n:04d}.yaml"
        told = COUNTY.format(n=n, samples=samples, last=last, changes=changes)
        path.write_text(told, encoding="utf-8")
        found.append(path)
    return found


def lengthen(project: Path, last: int) -> None:
    """Let what is told of later years go on as in the last of them."""
    for name, parameters in GOES_ON.items():
        path = project / "inputs" / "regions" / name / "response.csv"
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = csv.reader(stream)
        at = head.index("year")
        for parameter in parameters:
            own = [row for row in rows if row[head.index("parameter")] == parameter][-1]
            later = range(int(own[at]) + 1, last + 1)
            rows += [[*own[:at], str(year), *own[at + 1 :]] for year in later]
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])


def folder_size(folder: Path) -> int:
    """Return how much room the files of a folder take [byte]."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=40)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--last-year", type=int, default=2040)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--scheduler")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        paths = write_counties(project, asked.counties, asked.samples, asked.last_year)
        where = ["--scheduler", asked.scheduler] if asked.scheduler else ["--jobs", str(asked.jobs)]
        out = project / "out"
        command = ["ensemble", *map(str, paths), "--out", str(out), *where]
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "lantian", *command], check=True,
                       stdout=subprocess.DEVNULL, cwd=project, env=os.environ)  # fmt: skip
        took = time.perf_counter() - began
        size = folder_size(out)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    n = asked.counties
    print(f"{n} counties: {took:.1f} s; processors {processor:.1f} s; at most {memory:.0f} MB")
    print(f"each {took / n:.2f} s; processors {processor / n:.2f} s; {size / n / 1e6:.2f} MB")
    hours = NATION / n / 3600
    print(f"{NATION}: {took * hours:.1f} h; processors {processor * hours:.1f} h")


if __name__ == "__main__":
    main()
