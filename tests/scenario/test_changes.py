"""What a scenario sets, drops and takes for other worlds; names and dates that are not there."""

from pathlib import Path

import pytest

from lantian.errors import Problems
from lantian.scenario.changes import (
    MOST,
    change_of,
    in_world,
    read_variants,
    with_dates_and_drops,
    worlds_of_grid,
)
from support.scenarios import commitment, read_text, sound, text_of

PLAN = [commitment("a", "m"), commitment("b", "n", schedule="{2019: 50 %}")]


def told(folder: Path, more: str) -> list[str]:
    """What is told when dates and drops, and then worlds, are read."""
    read = sound(folder, text_of(PLAN) + more)
    problems = Problems()
    read_variants(with_dates_and_drops(read, problems), problems)
    return [p.text() for p in problems.found]


@pytest.mark.parametrize(
    ("more", "place", "said"),
    [
        ("set:\n  - {level: b, by: 2019}\n", 11, "'b' has a schedule, whose years are its dates."),
        ("set:\n  - {level: bb, by: 2019}\n", 11, "there is no commitment 'bb'."),
        ("set:\n  - {level: a, by: 2029}\n", 11, "2029 is not a year in which the plan can act."),
        (
            "set:\n  - {level: a, from: 2017, by: 2029}\n",
            11,
            "2017 is not a year in which the plan can act. Expected 2018 to 2019.",
        ),
        ("set:\n  - {level: a, from: 2019, by: 2018}\n", 11, "by 2018 is before from 2019."),
        ("drop: [a, aa]\n", 10, "there is no commitment or target 'aa'."),
        ("drop: [a]\n", 10, "'a' is dropped, and written here as well."),
        (
            "grid:\n  ' ': [{driver: x, times: 2}, {driver: x, times: 3}]\n",
            11,
            "a world needs a name.",
        ),
        ("futures:\n  plan:\n    - {driver: x, times: 2}\n", 12, "'plan' is what a case of every"),
        ("futures:\n  ' ':\n    - {driver: x, times: 2}\n", 12, "a world needs a name."),
        (
            "baselines:\n  none:\n    - {level: a, to: 10 %}\n",
            12,
            "a baseline has no commitments whose level or dates could differ.",
        ),
        (
            "futures:\n  x:\n    - {driver: x, times: 2}\n"
            "baselines:\n  x:\n    - {driver: x, times: 3}\n",
            15,
            "two worlds are called 'x'.",
        ),
    ],
)
def test_what_cannot_be_changed_is_told_at_its_line(
    tmp_path: Path, more: str, place: int, said: str
) -> None:
    found = told(tmp_path, more)
    assert any(one.startswith(f"case.yaml:{place}:") and said in one for one in found), found


GRID = """futures:
  else:
    - {driver: y, times: 2}
grid:
  cars: [{driver: x, times: 2}, {driver: x, times: 3}]
  'late plan':
    - [{level: a, by: 2018}, {driver: y, times: 4}]
    - {level: a, to: 40 %}
baselines:
  none:
    - {driver: y, times: 5}
"""


def test_a_scenario_in_one_of_its_worlds_has_no_others(tmp_path: Path) -> None:
    read = sound(tmp_path, text_of([commitment("a", "m")]) + GRID)
    worlds = worlds_of_grid(read, Problems())
    assert [world.name for world in worlds] == [
        "cars 1, late plan 1",
        "cars 1, late plan 2",
        "cars 2, late plan 1",
        "cars 2, late plan 2",
    ]
    inside = in_world(read, worlds[2])
    assert inside.scenario.name == "case.cars-2.late-plan-1"
    assert [given.times for given in inside.scenario.set] == [3.0, None, 4.0]
    assert str(inside.place("set", 1)).startswith("case.yaml:15:8  ")
    assert [inside.scenario.grid, inside.scenario.futures, inside.scenario.baselines] == [{}] * 3
    dated = with_dates_and_drops(inside, Problems()).scenario.commitments[0]
    assert dated.deadline is not None
    assert dated.deadline.year == 2018


@pytest.mark.parametrize(
    ("given", "table", "keys", "how"),
    [
        ("{driver: x, times: 2}", "drivers", {"driver": "x"}, (None, None, "", 2.0, 0.0)),
        ("{driver: x, growth: 5 %}", "drivers", {"driver": "x"}, (None, None, "", 1.0, 0.05)),
        (
            "{table: t, where: {a: b}, years: [2018], plus: -2 a}",
            "t",
            {"a": "b"},
            (None, -2.0, "a", 1.0, 0.0),
        ),
        ("{table: t, to: 40 %}", "t", {}, (40.0, None, "%", 1.0, 0.0)),
    ],
)
def test_a_change_is_of_a_table_and_columns(
    tmp_path: Path, given: str, table: str, keys: dict[str, str], how: tuple[object, ...]
) -> None:
    read = sound(tmp_path, text_of(PLAN) + f"set:\n  - {given}\n")
    own = change_of(read.scenario.set[0], read.place("set", 0), 2017)
    assert (own.selection.table, own.selection.keys) == (table, keys)
    assert own.selection.years == ((2018,) if "years" in given else ())
    assert (own.to, own.plus, own.unit, own.times, own.growth) == how
    assert (own.since, own.place.line) == (2017, 11)


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_grid_has_only_so_many_worlds(tmp_path: Path, beyond: int) -> None:
    n = round(MOST**0.5)
    axes = {"one": n, "other": n + beyond}
    lines = [
        f"  {axis}: [{', '.join(['{driver: x, times: 2}'] * size)}]" for axis, size in axes.items()
    ]
    found = told(tmp_path, "\n".join(["grid:", *lines]) + "\n")
    said = f"{n * (n + beyond)} combinations are more than {MOST}."
    assert [said in one for one in found] == [True] * beyond


def test_what_is_dropped_is_no_longer_there(tmp_path: Path) -> None:
    parent = tmp_path / "parent.yaml"
    parent.write_text(text_of(PLAN), encoding="utf-8")
    read, problems = read_text(tmp_path, "extends: parent.yaml\nname: child\ndrop: [a]\n")
    assert read is not None
    left = with_dates_and_drops(read, problems)
    assert not problems.found
    assert [c.id for c in left.scenario.commitments] == ["b"]
    assert str(left.place("commitments", 0, "id")) == "parent.yaml:9:6  commitments[1].id"
