"""Columns against the ordinary way: random numbers written into the tables and the scenario.

Everything varies at once: activity, fleets, dates, factors, controls, reach, costs, prices,
drivers, response, levels and the discount rate. A copy of the project gets these numbers as its
central ones and is read, put together and projected as any scenario is.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import Project, copy_project
from lantian.core.system import Array
from lantian.ensemble.outcomes import ask, cases_of, outcomes
from lantian.measures.contract import CostRow
from lantian.parameters import QuantityRow, ScenarioNumber
from lantian.parameters.rows import check_band
from lantian.parameters.space import CONSTANTS
from lantian.study.load import load
from lantian.study.model import Study
from support.columns import by_the_ordinary_way, drawn, study_of

SETS = [("tongzhou-2020", 11), ("shijiazhuang-2019", 12), ("xincheng-2024", 13)]
SUMS = {"released": ("group", "source"), "background": (), "age-share": ()}
"""What has one sum over all rows with the same further keys: by height, by month, by age."""
CHECKS = ("region.check_block", "layers.check_jumps", "sectors.on_road.fleet._note_lost")
"""What the door says of central numbers together: bands of factors, jumps between years, vehicles
older than the first date. It is about what people write; here all leave the middle at once."""
FREE = 0.9, 1.1
"""A number of the scenario without a range is drawn between these parts of it [1]."""


def random_set(study: Study, seed: int) -> Array:
    """Return one column in which every number varies, and shares add up to what they did."""
    theta, rng = drawn(study, 1, seed), np.random.default_rng(seed)
    for slot in may_gain(study):
        theta[slot] = np.maximum(theta[slot], 0.0)
    (low, high), central = study.space.ends(), study.space.central()
    sums: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for slot, number in enumerate(study.space.given, len(CONSTANTS)):
        if isinstance(number, ScenarioNumber) and low[slot] == high[slot]:
            part = rng.uniform(*FREE)
            theta[slot] = number.value * (min(part, 1.0) if number.unit == "%" else part)
        kind = str(getattr(number, getattr(number, "told_by", "") or "place"))
        if kind in SUMS:
            sums[(kind, *(str(getattr(number, key)) for key in SUMS[kind]))].append(slot)
    for slots in sums.values():
        if theta[slots].any():
            theta[slots] *= central[slots].sum() / theta[slots].sum()
    return theta


def may_gain(study: Study) -> list[int]:
    """Return the costs whose range reaches below 0, where a table would write savings."""
    low, _ = study.space.ends()
    return [
        slot
        for slot, number in enumerate(study.space.given, len(CONSTANTS))
        if isinstance(number, CostRow) and low[slot] < 0
    ]


def write_tables(project: Project, study: Study, theta: Array) -> None:
    """Write the values into the rows they come from; ranges are widened where one is left."""
    lines: dict[str, dict[int, float]] = defaultdict(dict)
    for slot, number in enumerate(study.space.given, len(CONSTANTS)):
        if isinstance(number, QuantityRow):
            lines[number.place.file][number.place.line] = float(theta[slot, 0])
    for file, values in lines.items():
        path = project.root / file
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        at = {name: rows[0].index(name) for name in ("value", "low", "high")}
        for line, value in values.items():
            row = rows[line - 1]
            row[at["value"]] = repr(value)
            row[at["low"]] = repr(min(float(row[at["low"]]), value))
            row[at["high"]] = repr(max(float(row[at["high"]]), value))
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)


def write_scenario(path: Path, study: Study, theta: Array) -> None:
    """Write levels and the discount rate where they stand; the rest of the text stays."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for slot, number in enumerate(study.space.given, len(CONSTANTS)):
        if isinstance(number, ScenarioNumber):
            i, key = number.place.line - 1, re.findall(r"\w+", number.place.path)[-1]
            lines[i] = replaced(lines[i], key, f"{float(theta[slot, 0])!r} {number.unit}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def replaced(line: str, key: str, value: str) -> str:
    """Return a line in which a key has another value, in a flow or on its own."""
    new, count = re.subn(rf"(\b{key}: )[^,}}]+", rf"\g<1>{value}", line)
    assert count == 1, f"{key} in {line!r}"
    return new


def different(one: Array, other: Array) -> float:
    """Return the largest relative difference of what is computed."""
    both = np.isfinite(one) & np.isfinite(other)
    assert (np.isfinite(one) == np.isfinite(other)).all()
    scale, gap = np.maximum(np.abs(one), np.abs(other))[both], np.abs(one - other)[both]
    return float(np.max(gap[scale > 0] / scale[scale > 0], initial=0.0))


@pytest.mark.parametrize(("plan", "seed"), SETS)
def test_numbers_written_into_the_tables_give_what_their_column_gives(
    plan: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path / "project")
    path = project.root / "scenarios" / f"{plan}.yaml"
    study = study_of(plan)
    theta = random_set(study, seed)
    assert (theta != study.space.central())[len(CONSTANTS) :].sum() > 1500
    column = outcomes(ask(study), theta)
    write_tables(project, study, theta)
    write_scenario(path, study, theta)
    for check in CHECKS:
        monkeypatch.setattr(f"lantian.inventory.{check}", lambda *given: None)
    anew = load(path)
    assert cases_of(anew) == cases_of(study)
    for name, values in by_the_ordinary_way(anew).items():
        assert different(getattr(column, name)[..., 0], values) < 1e-12, name


@pytest.mark.parametrize("plan", ["tongzhou-2020", "shijiazhuang-2019"])
def test_both_ends_of_a_range_could_be_written_as_its_value(plan: str) -> None:
    study = study_of(plan)
    ends, gains = study.space.ends(), set(may_gain(study))
    for slot, number in enumerate(study.space.given, len(CONSTANTS)):
        if isinstance(number, QuantityRow) and slot not in gains:
            kind = getattr(number, number.told_by) if number.told_by else ""
            for end in ends:
                check_band(end[slot].item(), number.unit, number.bands(kind))


def test_a_difference_is_seen() -> None:
    one = np.array([1.0, np.nan, 0.0])
    assert different(one, np.array([1.0 + 1e-9, np.nan, 0.0])) == pytest.approx(1e-9, rel=1e-6)
    with pytest.raises(AssertionError):
        different(one, np.array([1.0, 2.0, 0.0]))
