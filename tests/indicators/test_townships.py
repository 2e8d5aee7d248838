"""The township rule: the constructed case std-g7, and townships on their district's response."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.case import BASE_YEAR, YEARS, context, declared, projected, row, rows_of
from lantian.core.projection import Projection
from lantian.core.townships import check_townships
from lantian.errors import InputError
from lantian.indicators import find
from lantian.indicators.contract import Context, Row, Subject, Surroundings
from lantian.indicators.township_dustfall import TownshipDustFitted
from lantian.indicators.townships import IMPROVES, TownshipRow, TownshipsFitted
from lantian.standards.printing import lower_in_print
from lantian.vocabulary import GROUPS

UNITS = {"A": (1, 40, 38), "B": (1, 44, 42), "C": (2, 44, 42), "D": (3, 45, 43.5),
         "E": (4, 46, 44), "F": (1, 39, 39.5), "G": (1, 44, 43)}  # fmt: skip
ALLOWANCE = {1: 0, 2: 2, 3: 3, 4: 4}


def test_the_given_case() -> None:
    groups, before, after = (np.array(x) for x in zip(*UNITS.values(), strict=True))
    allowance = np.array([ALLOWANCE[g] for g in groups.tolist()], dtype=float)
    found = check_townships(before.astype(float), after, allowance)
    names = np.array(list(UNITS))
    assert before.mean() == pytest.approx(43.143, abs=1e-3)
    assert 100 * found.mean_rate == pytest.approx(3.252, abs=1e-3)
    assert 100 * found.rate_of_means == pytest.approx(3.311, abs=1e-3)
    assert names[~found.falls].tolist() == ["F"]
    assert names[~found.level].tolist() == ["B", "G"]
    assert names[found.improves].tolist() == ["A", "B", "C", "D", "E"]
    assert names[~(found.level | found.improves)].tolist() == ["G"]
    assert names[~found.met].tolist() == ["F", "G"]


def townships(kernel: float = 1.2) -> list[TownshipRow]:
    """The small region's rows, with another coefficient of dust in the first township."""
    rows: list[TownshipRow] = rows_of("townships")
    return [r.model_copy(update={"value": kernel}) if r.value == 1.2 else r for r in rows]


def at(rows: list[TownshipRow]) -> Context:
    return context({"townships": rows, "air": rows_of("air"), "response": rows_of("response")})


def fitted(in_step: bool = False) -> TownshipsFitted:
    here = replace(at(townships()), surroundings=Surroundings(in_step=in_step))
    own = declared(find("township-rule"), here)
    found = own.fit(here.space.central(), projected(1, 0))
    assert isinstance(found, TownshipsFitted)
    return found


@pytest.mark.parametrize("in_step", [False, True])
def test_townships_start_at_their_levels_and_move_together_as_the_district(in_step: bool) -> None:
    own = fitted(in_step)
    case = projected(1, 1)
    found = own.concentrations(case)
    district = own.district.value(case, Subject())
    start = own.concentrations(projected(1, 0))
    base = projected(1, 0).year(BASE_YEAR)
    assert start[:, base, 0] == pytest.approx([60, 70])
    moved = district - own.district.value(projected(1, 0), Subject())[base]
    assert found.mean(axis=0) == pytest.approx(65 + moved)
    g = GROUPS.index("dust")
    dust = own.district.parts(case).value[1 + g] - own.local[g]
    # 1.2 and 0.8 of what the district's dust changes, and all else alike
    assert found[0] - found[1] == pytest.approx(60 - 70 + 0.4 * dust)


def test_a_unit_is_held_to_the_larger_of_the_two() -> None:
    own = fitted()
    case = projected(1, 1)
    after = own.concentrations(case)
    rate = 1 - after / own.before[:, None]
    for name, u, allowance in (("g1", 0, 0.0), ("g2", 1, 3.0)):
        value = own.value(case, Subject(receptor=name))
        assert value.shape == (len(case.years), 1, 1)
        level = after.mean(axis=0) + allowance
        improved = own.before[u] * (1 - rate.mean(axis=0))
        assert value[:, 0] == pytest.approx(after[u] / np.maximum(level, improved))
    change = own.value(case, Subject(receptor=IMPROVES))
    # whole numbers are printed: 59.5 of 60 is 60
    assert change[:, :, 0] == pytest.approx((after[..., 0] / np.array([[59.5], [69.5]])).T)


def test_what_levels_rest_on_stands_beside_every_answer() -> None:
    here = at(townships())
    for name, of in (("township-rule", "pm25"), ("township-dustfall", "dustfall")):
        levels = [r for r in townships() if r.parameter == of and r.year == BASE_YEAR]
        assumed = sum(r.basis == "assumed" for r in levels)
        own = declared(find(name), here).fit(here.space.central(), projected(1, 0))
        told = own.told(projected(1, 1), Subject(receptor=IMPROVES), BASE_YEAR)
        assert told is not None
        assert told.text() == f"levels of {assumed} of {len(levels)} townships are assumed"
    measured = [
        r.model_copy(update={"basis": "measured"}) if r.parameter == "pm25" else r
        for r in townships()
    ]
    there = at(measured)
    own = declared(find("township-rule"), there).fit(there.space.central(), projected(1, 0))
    assert own.told(projected(1, 1), Subject(receptor=IMPROVES), BASE_YEAR) is None


def test_what_prints_alike_has_not_improved() -> None:
    before, after = np.array([40.0, 40.0]), np.array([39.6, 39.4])
    found = check_townships(before, after, np.zeros(2), lower_in_print(before, 1.0))
    assert found.falls.tolist() == [False, True]


def holds(rows: list[Row], case: Projection, y: int) -> bool:
    """Whether some choice keeps all rows in a year."""
    names = sorted({name for row in rows for name in row.binary})
    assert len(names) == len(rows) // 2
    return any(
        all(_kept(row, case, y, dict(zip(names, choice, strict=True))) for row in rows)
        for choice in itertools.product((0, 1), repeat=len(names))
    )


def _kept(row: Row, case: Projection, y: int, choice: dict[str, int]) -> bool:
    left = row.constant + (row.weight * case.emission[:, :, y]).sum(axis=(0, 1))
    left = left + sum(factor * choice[name] for name, factor in row.binary.items())
    assert row.limit is not None
    return bool(left[0] <= row.limit[0])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.floats(0.9, 1.1), st.sampled_from(["g1", "g2"]), st.booleans())
def test_rows_and_choices_say_what_the_rule_says(
    seed: int, limit: float, group: str, in_step: bool
) -> None:
    own, subject = fitted(in_step), Subject(receptor=group)
    case = projected(1, seed)
    for y, year in enumerate(case.years):
        value = own.value(case, subject)[y].max()
        if abs(value - limit) > 1e-9:
            rows = own.rows_within(subject, year, np.array([limit]))
            assert holds(rows, case, y) == (value < limit)


def test_rows_of_an_improvement_are_the_units() -> None:
    own, case, subject = fitted(True), projected(1, 4), Subject(receptor=IMPROVES)
    for y, year in enumerate(case.years):
        told = [
            r.constant + (r.weight * case.emission[:, :, y]).sum(axis=(0, 1))
            for r in own.rows(subject, year)
        ]
        np.testing.assert_allclose(told, own.value(case, subject)[y], rtol=1e-12)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            townships(kernel=1.5),
            "the kernel rows of 'dust' add up to 2.30, not to the 2 townships.",
        ),
        (
            [
                *townships(),
                row(TownshipRow, 1, "1", parameter="kernel", township="c", source_group="dust"),
            ],
            "township 'c' has no level of the base year.",
        ),
        (
            [r for r in townships() if r.group != "g1" or r.parameter != "allowance"],
            "no row for parameter 'allowance'",
        ),
    ],
)
def test_mistakes_are_told(rows: list[TownshipRow], told: str) -> None:
    here = at(rows)
    with pytest.raises(InputError, match=told):
        declared(find("township-rule"), here)


def test_without_levels_of_the_base_year_there_is_no_indicator() -> None:
    later = [r for r in townships() if r.parameter != "pm25"]
    assert find("township-rule").declare(at(later)) is None
    assert find("township-dustfall").declare(at([r for r in later if r.value < 6])) is None


# --- dustfall ------------------------------------------------------------------------------------


def dusty() -> TownshipDustFitted:
    here = at(townships())
    found = declared(find("township-dustfall"), here).fit(here.space.central(), projected(1, 0))
    assert isinstance(found, TownshipDustFitted)
    return found


def less_dust(kept: float) -> Projection:
    case = projected(1, 0)
    return Projection(case.years, kept * case.emission, case.activity)


def test_dustfall_of_townships_moves_together_as_the_district() -> None:
    own, case = dusty(), less_dust(0.6)
    level, start = own.levels(case)[..., 0], own.levels(less_dust(1.0))[..., 0]
    base = YEARS.index(BASE_YEAR)
    assert start[:, base] == pytest.approx([6, 8])
    district = own.district.value(case, Subject())[:, 0]
    before = own.district.value(less_dust(1.0), Subject())[base, 0]
    assert level.mean(axis=0) == pytest.approx(7 + district - before)
    assert (start - level)[0] == pytest.approx(1.5 * (start - level)[1])  # 1.2 against 0.8


def test_a_township_falls_or_falls_as_much_as_the_district() -> None:
    own, base = dusty(), YEARS.index(BASE_YEAR)
    for kept in (1.0, 0.999, 0.5, 1.5):
        case = less_dust(kept)
        level = own.levels(case)[:, base, 0]
        part = own.district.value(case, Subject())[base, 0] / own._district[0]
        allowed = np.maximum([5.95, 7.95], np.array([6, 8]) * part)
        found = own.value(case, Subject())[base, :, 0]
        assert found == pytest.approx(level / allowed, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.floats(0.8, 1.2), st.floats(0.9, 1.1))
def test_rows_and_choices_say_what_the_rule_of_dustfall_says(
    seed: int, kept: float, limit: float
) -> None:
    own, case = dusty(), projected(1, seed)
    case = Projection(case.years, kept * case.emission, case.activity)
    for y, year in enumerate(case.years):
        value = own.value(case, Subject())[y].max()
        if abs(value - limit) > 1e-9:
            rows = own.rows_within(Subject(), year, np.array([limit]))
            assert holds(rows, case, y) == (value < limit)
