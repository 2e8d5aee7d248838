"""Numbers a thousand times too large or too small: refused, or told at their line.

Every number of a scenario that has a bit of everything, and of the tables beside it, is tried.
``LANTIAN_SLIPS=500 pytest tests/study/test_slips.py`` tries all; the names below are always tried.
"""

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from integration.test_two_faults import FILES as OF_YEARS
from lantian.errors import InputError
from lantian.study.load import load

OF_YEARS_ALONE = {
    **OF_YEARS,
    "inventory.csv": "".join(
        line
        for line in (*OF_YEARS["inventory.csv"].splitlines(True), "saw,industry,south,NOx,250,t,\n")
        if not line.endswith(",2020\n")
    ),
    "case.yaml": OF_YEARS["case.yaml"]
    .replace("reference_years: [2020]\n", "")
    .replace("relative_to: 2020", "relative_to: baseline")
    .replace(", growth: growth.csv, totals: totals.csv", "")
    .replace("years: [2024], ", ""),
}
"""An inventory of one year: nothing but its other sources tells what is odd."""
NUMBER = re.compile(r"(?<![\w.%-])\d+(?:\.\d+)?(?![\w.:])")
TIMES = (1000.0, 0.001)
COUNTS = ("samples: 64", "samples: 40", "optima: 20", "seed: 1")
"""How many are drawn: any number up to a limit is one that somebody may want."""


@dataclass(frozen=True)
class Slip:
    """A number of a file that is multiplied."""

    file: str
    start: int
    end: int
    times: float
    of: str

    @property
    def text(self) -> str:
        return FOLDERS[self.of][self.file]

    @property
    def slipped(self) -> str:
        value = float(self.text[self.start : self.end]) * self.times
        return f"{self.text[: self.start]}{value:.10g}{self.text[self.end :]}"

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.text.count("\n", 0, self.start) + 1

    def __str__(self) -> str:
        line = self.text.splitlines()[self.place[1] - 1].strip()
        number = self.text[self.start : self.end]
        return f"{self.of} {self.file}: {number} x {self.times:g} in {line}"


FOLDERS = {"several years": OF_YEARS, "one year": OF_YEARS_ALONE}


def slips() -> Iterator[Slip]:
    for of, files in FOLDERS.items():
        for file, text in files.items():
            for found in NUMBER.finditer(text) if file in read_by(files) else ():
                drawn = any(text[: found.end()].endswith(count) for count in COUNTS)
                if float(found[0]) and not drawn and found.start() not in alone(of, text):
                    yield from (Slip(file, *found.span(), times, of) for times in TIMES)


def alone(of: str, text: str) -> range:
    """Return where the one number of an inventory of one year stands that has none beside it."""
    line = text.find("kiln,industry,north,CO2") if of == "one year" else -1
    return range(0) if line < 0 else range(line, text.index("\n", line))


def read_by(files: dict[str, str]) -> set[str]:
    """Return the scenario and the tables that it names."""
    return {name for name in files if name == "case.yaml" or name in files["case.yaml"]}


EVERY = list(slips())
ALWAYS = ("budget", "amount", "ratio", "voc_to_nox", "times", "scr,kiln,NOx,60", "at_most: 10 a")
"""Parts of the lines whose numbers are always tried."""


def chosen() -> list[Slip]:
    always = [
        slip for slip in EVERY if slip.of == "several years" and any(a in str(slip) for a in ALWAYS)
    ]
    others = [slip for slip in EVERY if slip not in always]
    n = int(os.environ.get("LANTIAN_SLIPS", "24"))
    return [*always, *random.Random(n).sample(others, min(n, len(others)))]


def told(folder: Path, files: dict[str, str]) -> set[tuple[str, int]]:
    """Return the lines at which something is told."""
    for file, text in files.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    try:
        said = load(folder / "case.yaml").warnings
    except InputError as error:
        said = (*error.problems, *error.warnings)
    return {(p.place.file, p.place.line) for p in said if hasattr(p, "place")}


@pytest.mark.parametrize("of", FOLDERS)
def test_nothing_is_told_of_what_is_as_it_should_be(of: str, tmp_path: Path) -> None:
    assert not told(tmp_path, FOLDERS[of])


@pytest.mark.parametrize("slip", chosen(), ids=str)
def test_a_slip_of_a_thousand_is_told_at_its_line(slip: Slip, tmp_path: Path) -> None:
    found = told(tmp_path, {**FOLDERS[slip.of], slip.file: slip.slipped})
    if slip.file == "case.yaml":  # a level and its range are told where their commitment begins
        file, line = slip.place
        around = (
            [line - 1, line, line + 1] if "level" in str(slip) or "low" in str(slip) else [line]
        )
        assert found & {(file, own) for own in around}
    else:  # of two lines that contradict, either may be the wrong one
        assert found
