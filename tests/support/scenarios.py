"""A scenario file of a few lines, read as the program reads it."""

from pathlib import Path

from lantian.errors import Problems
from lantian.scenario.reader import ReadScenario, read_scenario

HEAD = """name: case
title: {en: Case, zh: 例}
region: here
base_year: 2017
last_year: 2019
economics: {price_year: 2018, discount_rate: 8 %}
"""


def commitment(name: str, measure: str, level: str = "50 %", **keys: str) -> str:
    """A line of ``commitments``; a share is one of what is available unless said otherwise."""
    given = {
        "clause": "[c-1]",
        "from_": "2018",
        "by": "2019",
        "bindingness": "binding",
        "credit": "printed",
        **({"of": "available"} if "%" in level else {}),
        **keys,
    }
    rest = ", ".join(f"{k.rstrip('_')}: {v}" for k, v in given.items())
    return f"  - {{id: {name}, measure: {measure}, level: {level}, {rest}}}\n"


def target(name: str, **keys: str) -> str:
    """A line of ``targets``: NOx in 2019 unless said otherwise."""
    given = {
        "clause": "[c-1]",
        "indicator": "emission",
        "pollutant": "NOx",
        "year": "2019",
        "bindingness": "binding",
        **keys,
    }
    rest = ", ".join(f"{k}: {v}" for k, v in given.items() if v)
    return f"  - {{id: {name}, {rest}}}\n"


def text_of(commitments: list[str], targets: list[str] | None = None, head: str = HEAD) -> str:
    """A whole scenario."""
    return (
        head
        + ("commitments:\n" + "".join(commitments) if commitments else "")
        + ("targets:\n" + "".join(targets) if targets else "")
    )


def read_text(folder: Path, text: str) -> tuple[ReadScenario | None, Problems]:
    """Write the scenario to a file and read it."""
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    return read_scenario(path, problems), problems


def sound(folder: Path, text: str) -> ReadScenario:
    """Read a scenario that has no problems."""
    read, problems = read_text(folder, text)
    problems.stop_if_any()
    assert read is not None
    return read
