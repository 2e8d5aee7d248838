"""Dates and seasons within a year, by hand; and what no date may ever do."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.core.commitments import apply_commitments
from lantian.core.system import Array, System
from lantian.errors import Problems
from lantian.inventory.months import YearShapes
from lantian.measures.catalogue import Catalogue
from lantian.parameters import Space
from lantian.plan.commitments import read_commitments
from lantian.plan.timing import Timing, time_of
from lantian.scenario.model import Commitment
from lantian.scenario.reader import read_scenario
from support.build import build, catalogue_of, close, controls, equip
from support.scenarios import commitment, sound, text_of

FLAT = np.full(12, 1 / 12)
WINTER = np.array([0.3, 0.2, 0.1, *[0.0] * 7, 0.1, 0.3])
RAMP = (np.arange(12) + 0.5) / 12
YEARS = (2017, 2018, 2019)


def dated(begin: str, deadline: str | None = None, season: str = "") -> Commitment:
    given = {"from": int(begin) if len(begin) == 4 else begin, "season": season or None}
    if deadline is not None:
        given["by"] = int(deadline) if len(deadline) == 4 else deadline
    fixed = {"id": "a", "measure": "m", "clause": ("c",), "level": "50 %", "of": "available"}
    return Commitment(**fixed, **given, bindingness="binding", credit="printed")  # type: ignore[arg-type]


def timing(
    begin: str, deadline: str | None = None, share: Array = FLAT, season: str = ""
) -> Timing:
    return time_of(dated(begin, deadline, season), season, share, YEARS)


@pytest.mark.parametrize(
    ("begin", "deadline", "share", "over_the_year", "at_its_end"),
    [
        ("2018", "2019", FLAT, (1, 1, 1), (1, 1, 1)),  # the level itself grows year by year
        ("2019-01", "2019-12", FLAT, (0, 0, 1 / 2), (0, 0, 1)),
        ("2019", "2019-12", FLAT, (0, 0, 1 / 2), (0, 0, 1)),
        ("2019-07", None, FLAT, (0, 0, 1 / 2), (1, 1, 1)),
        ("2018-07", "2019-06", FLAT, (0, 1 / 8, 7 / 8), (0, 1 / 2, 1)),
        ("2018", "2020-12", FLAT, (0, 1 / 6, 1 / 2), (0, 1 / 3, 2 / 3)),
        ("2018-09", "2019", FLAT, (0, 1 / 3, 1), (1, 1, 1)),
        # What is left of the winter behind the date, and nothing of the summer before it.
        ("2019-04", "2019-10", WINTER, (0, 0, 0.4), (0, 0, 1)),
        ("2019-11", "2019-12", WINTER, (0, 0, 0.1 / 4 + 0.3 * 3 / 4), (0, 0, 1)),
    ],
)
def test_a_year_counts_with_the_part_of_its_activity_that_is_reached(
    begin: str,
    deadline: str | None,
    share: Array,
    over_the_year: tuple[float, ...],
    at_its_end: tuple[float, ...],
) -> None:
    found = timing(begin, deadline, share)
    assert found.progress == pytest.approx(over_the_year)
    assert found.pace == pytest.approx(at_its_end)


def test_a_season_counts_with_its_share_of_the_year() -> None:
    summer = timing("2018", "2018", WINTER, "6-9")
    assert summer.season == 0.0
    assert not summer.by_month.any()
    assert timing("2018", "2018", FLAT, "6-9").season == pytest.approx(1 / 3)
    winter = timing("2018-11", None, WINTER, "11-3")
    assert winter.season == pytest.approx(1.0)
    assert winter.progress == pytest.approx([0, 0.4, 1])
    assert winter.by_month[1] == pytest.approx([*[0] * 10, 1 / 4, 3 / 4])


MONTH = st.integers(0, 35)
SHAPE = st.lists(st.integers(0, 9), min_size=12, max_size=12).filter(any)


def written(month: int) -> str:
    return f"{2017 + month // 12}-{month % 12 + 1:02d}"


@given(MONTH, MONTH, MONTH, SHAPE)
def test_a_later_deadline_never_reaches_more(a: int, b: int, c: int, shape: list[int]) -> None:
    begin, early, late = map(written, sorted((a, b, c)))
    share = np.array(shape) / sum(shape)
    sooner, later = timing(begin, early, share), timing(begin, late, share)
    for found in (sooner, later):
        assert ((found.progress >= 0) & (found.progress <= 1)).all()
        assert (np.diff(found.pace) >= 0).all()
        sums = found.by_month.sum(axis=1)
        assert np.allclose(sums, found.progress > 0)
    assert (later.progress <= sooner.progress + 1e-12).all()
    assert (later.pace <= sooner.pace + 1e-12).all()


LINES = [close("end", "firm"), equip("fit", "shop", "f")]
STATES = {"firm / any": 30.0, "shop / any": 40.0}
EFFICIENCY = controls({"f": 0.5})
SHAPES = YearShapes(np.array([FLAT, WINTER]), {"winter": WINTER, "flat": FLAT})
CATALOGUE: Catalogue = catalogue_of(LINES, EFFICIENCY)


@pytest.fixture(scope="module")
def system() -> System:
    return build(STATES, dict.fromkeys(STATES, 1.0), LINES, EFFICIENCY)


def moved(folder: Path, system: System, *lines: str) -> tuple[Array, Array, str]:
    problems = Problems()
    read = sound(folder, text_of(list(lines)))
    found, *_ = read_commitments(
        read, system, CATALOGUE, shapes=SHAPES, space=Space(), problems=problems
    )
    uptake = [apply_commitments(system, own).moved for own in (found, found.at_year_end())]
    return uptake[0], uptake[1], " ".join(p.text() for p in problems.found)


@pytest.mark.parametrize(
    ("level", "keys", "over_the_year"),
    [
        ("50 %", {"by": "2019-12", "from_": "2019"}, 20 * float(WINTER @ RAMP)),
        ("50 %", {"by": "2019-12", "from_": "2019", "profile": "flat"}, 40 * 0.5 / 2),
        ("50 %", {"by": "2019-12", "from_": "2019", "profile": "flat", "of": "total"}, 10),
        ("50 %", {"by": "2019", "from_": "2019", "season": "11-3"}, 20),
        ("50 %", {"by": "2019", "from_": "2019", "season": "11-12"}, 20 * 0.4),
        ("8 shop", {"by": "2019-12", "from_": "2019", "profile": "flat"}, 4),
    ],
)
def test_a_level_moves_the_part_of_the_year_that_its_date_leaves(
    tmp_path: Path, system: System, level: str, keys: dict[str, str], over_the_year: float
) -> None:
    uptake, at_end, told = moved(tmp_path, system, commitment("a", "fit", level, **keys))
    assert not told
    assert uptake[:, 2].sum() == pytest.approx(over_the_year)
    if "season" not in keys:
        assert at_end[:, 2].sum() == pytest.approx(8 if "shop" in level else 20)
    assert not uptake[:, 1].any()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"by": "2019-13"}, "'2019-13' is no date"),
        ({"by": "autumn"}, "'autumn' is no date"),
        ({"from_": "2019-06", "by": "2019-05"}, "by 2019-05 is before from 2019-06"),
        ({"season": "13-2"}, "'13-2' is no season"),
        ({"season": "summer"}, "'summer' is no season"),
    ],
)
def test_a_wrong_date_is_told_where_it_stands(
    tmp_path: Path, keys: dict[str, str], said: str
) -> None:
    problems = Problems()
    path = tmp_path / "scenarios" / "case.yaml"
    path.parent.mkdir()
    path.write_text(text_of([commitment("a", "fit", **keys)]), encoding="utf-8")
    read_scenario(path, problems)
    assert said in " ".join(p.text() for p in problems.found)
    assert all(p.place.line for p in problems.found)


def test_a_profile_that_no_table_has_is_told_with_the_nearest(
    tmp_path: Path, system: System
) -> None:
    *_, told = moved(tmp_path, system, commitment("a", "fit", profile="wintr"))
    assert "there is no profile 'wintr'" in told
    assert "winter" in told
