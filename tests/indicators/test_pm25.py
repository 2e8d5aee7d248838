"""The three parts of the PM2.5 mean: hand-worked numbers, states of the air, refusals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from indicators.case import SOURCES, YEARS, context, declared, projected, row, rows_of
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Place
from lantian.indicators import find
from lantian.indicators.available import declare_indicators
from lantian.indicators.contract import Context, Subject, Surroundings, span
from lantian.indicators.groups import COLUMNS, PRECURSORS
from lantian.indicators.pm25 import Pm25Declared, Pm25Fitted, city_slopes
from lantian.indicators.tables import AirRow, ResponseRow
from lantian.vocabulary import GROUPS, POLLUTANTS

BASE = YEARS.index(2017)
SLOPE = "ug/m3/(kt/a)"
ALONE, WHOLE = Surroundings(in_step=False), Subject()


def column(*values: Any) -> Array:
    return np.array(values, dtype=float)[..., None]


def response(**changes: float) -> list[Any]:
    """Round numbers: 2 ug/m3 per kt at the ground, dust half of it, gases a tenth."""
    own = {"ground": 2.0, "regional": -0.1, "weather": 0.0, "city": 3.0, **changes}

    def made(parameter: str, value: float, unit: str = "1", **keys: Any) -> Any:
        return row(ResponseRow, value, unit, parameter=parameter, **keys)

    rows = [
        made("ground-slope", own["ground"], SLOPE),
        made("state-factor", 0.95),
        *(made("relative-slope", 0.1, pollutant=p) for p in PRECURSORS[1:]),
        *(made("relative-slope", v, height=h, pollutant="PM2.5")
          for h, v in {"ground": 1.0, "stove": 1.2, "low-stack": 0.8, "high-stack": 0.4,
                       "dust": 0.5}.items()),
        *(made("released", 1.0, group=g, height="dust" if g == "dust" else "ground")
          for g in GROUPS),
        *(made("regional-change", own["regional"], year=y) for y in YEARS if y > 2017),
        *(made("weather", own["weather"], year=y) for y in YEARS if y > 2017),
    ]  # fmt: skip
    if own["city"]:
        rows += [made("city-slope", own["city"], SLOPE, pollutant=p) for p in PRECURSORS]
        rows += [made("city-emission", 1.0, "kt/a", pollutant=p) for p in PRECURSORS]
    return rows


def air(state: str = "actual", index: float = 1.25) -> list[Any]:
    """60 ug/m3 in the base year, and an index a quarter higher in 2015."""
    seen = [row(AirRow, 60.0, "ug/m3", indicator="pm25", year=2017, state=state)]
    levels = {2015: 40.0 * index, 2017: 40.0, 2018: 36.0, 2019: 30.0, 2020: 28.0}
    return seen + [
        row(AirRow, v, "ug/m3", indicator="pm25-index", year=y, state="actual")
        for y, v in levels.items()
    ]


def place(
    surroundings: Surroundings, rows: Sequence[Any] | None = None, seen: Sequence[Any] | None = None
) -> Context:
    given = {"air": seen or air(), "response": rows or response()}
    at = context({**given, "drivers": rows_of("drivers"), "transfer": rows_of("transfer")})
    return replace(at, surroundings=surroundings)


def fitted(
    surroundings: Surroundings = ALONE,
    rows: Sequence[Any] | None = None,
    seen: Sequence[Any] | None = None,
    case: Projection | None = None,
) -> Pm25Fitted:
    at = place(surroundings, rows, seen)
    own = declared(find("pm25"), at)
    assert isinstance(own, Pm25Declared)
    return own.fit(at.space.central(), case or halved())


def halved() -> Projection:
    """100 t of every pollutant of every source in the base year, half of it in 2020."""
    emission = np.full((len(SOURCES), len(POLLUTANTS), len(YEARS), 1), 100.0)
    emission[:, :, YEARS.index(2020)] = 50.0
    return Projection(YEARS, emission, np.ones((2, len(YEARS), 1)))


def means(own: Pm25Fitted, subject: Subject = WHOLE) -> list[float]:
    found: list[float] = own.value(halved(), subject)[:, 0].tolist()
    return found


# own part of 2017: six sources at the ground 0.1 kt * 2, one of dust half of that, and four gases
# of seven sources at a tenth: 6 * 0.2 + 0.1 + 4 * 7 * 0.02 = 1.86
OWN = 1.86


def test_own_part_and_the_path_of_the_outside_by_hand() -> None:
    # 2020: half of the own part, and (60 - 1.86) * 0.9^3 from outside
    found = means(fitted())
    assert found[BASE] == pytest.approx(60.0, abs=1e-12)
    assert found[-1] == pytest.approx(OWN / 2 + (60 - OWN) * 0.9**3)


def test_before_the_base_year_the_outside_follows_the_index() -> None:
    assert means(fitted())[0] == pytest.approx(OWN + (60 - OWN) * 1.25)


def test_in_a_hindcast_it_follows_the_index_afterwards_too() -> None:
    found = means(fitted(Surroundings(in_step=False, observed=True)))
    assert found[-1] == pytest.approx(OWN / 2 + (60 - OWN) * 28 / 40)


def test_in_step_the_rest_of_the_city_falls_by_the_same_share() -> None:
    # five precursors of 1 kt at 3 ug/m3 per kt: 15 of the mean, half of it in 2020
    found = means(fitted(Surroundings(in_step=True)))
    assert found[BASE] == pytest.approx(60.0)
    assert found[-1] == pytest.approx((OWN + 15) / 2 + (60 - OWN - 15) * 0.9**3)


def test_both_readings_are_told_with_their_owners() -> None:
    stated, other = fitted(Surroundings(in_step=True)).owners(halved())
    assert (stated.in_step, other.in_step) == (True, False)
    assert stated.city[[BASE, -1], 0].tolist() == pytest.approx([15.0, 7.5])
    assert stated.own[-1, 0] == other.own[-1, 0] == pytest.approx(OWN / 2)
    assert not other.city.any()
    assert other.total[BASE, 0] == pytest.approx(60.0)
    assert len(fitted(rows=response(city=0.0)).owners(halved())) == 1


def test_a_mean_at_273_k_is_converted_once_and_told_in_the_state_of_the_target() -> None:
    old = fitted(seen=air(state="standard"))
    assert means(old)[BASE] == pytest.approx(57.0)
    assert means(old, Subject(state="standard"))[BASE] == pytest.approx(60.0)
    assert means(old, Subject(state="actual"))[BASE] == pytest.approx(57.0)


def test_the_row_of_the_optimiser_gives_the_mean_in_every_state() -> None:
    own, case = fitted(Surroundings(in_step=True)), halved()
    for state in ("standard", "actual"):
        subject = Subject(state=state)
        (found,) = own.rows(subject, 2020)
        value = (found.weight * case.emission[:, :, -1]).sum(axis=(0, 1)) + found.constant
        assert value.tolist() == pytest.approx(own.value(case, subject)[-1].tolist())


def test_weather_multiplies_the_whole_mean_of_projected_years() -> None:
    calm, windy = means(fitted()), means(fitted(rows=response(weather=-0.06)))
    assert windy[:2] == pytest.approx(calm[:2])
    assert windy[2:] == pytest.approx([0.94 * v for v in calm[2:]])


def test_parts_add_up_with_the_city_and_the_outside_last() -> None:
    parts = fitted(Surroundings(in_step=True)).parts(halved())
    assert parts.component == ("total", *GROUPS, "city", "regional")
    np.testing.assert_allclose(parts.value[0], parts.value[1:].sum(axis=0))


def test_a_source_of_its_own_height_departs_from_its_group() -> None:
    stack = row(ResponseRow, 1.0, "1", parameter="released", source="kiln", height="high-stack")
    own = fitted(rows=[*response(), stack]).stated.own
    kiln, canteen = (SOURCES.id.index(s) for s in ("kiln", "canteen"))
    assert own[kiln, 0, 0] == pytest.approx(0.4 * own[canteen, 0, 0])
    assert own[kiln, 1:].tolist() == own[canteen, 1:].tolist()


def test_city_slopes_by_hand_and_of_what_is_not_emitted() -> None:
    base = column([100.0, 0.0], [300.0, 0.0])
    weight = column([1.0, 1.0], [0.5, 1.0])
    found = city_slopes(column(5.0, 2.0), weight, base)
    # 5 / (100 + 150) = 0.02 per counted tonne
    np.testing.assert_allclose(found[..., 0], [[0.02, 0.0], [0.01, 0.0]])


# --- at the door ---------------------------------------------------------------------------------


def told(at: Context) -> list[str]:
    find("pm25").declare(at)
    return [p.text() for p in at.problems.found]


def test_a_district_must_say_what_the_rest_of_its_city_does() -> None:
    for surroundings, asked, problems in (
        (Surroundings(), True, 1),
        (Surroundings(), False, 0),
        (Surroundings(in_step=False), True, 0),
    ):
        at = place(surroundings)
        declare_indicators(at, {"pm25": Place("plan.yaml", 7)} if asked else {})
        found = [p.text() for p in at.problems.found if "plan.yaml" in p.text()]
        assert len(found) == problems
        assert all("in_step" in text for text in found)


def test_in_step_without_the_rest_of_a_city_is_refused() -> None:
    (only,) = told(place(Surroundings(in_step=True), response(city=0.0)))
    assert "city-emission" in only


def test_slopes_far_apart_need_a_reason() -> None:
    far = [
        r.model_copy(update={"value": 0.05, "low": 0.01, "high": 0.1, "note": note}).at(r.place)
        if (r.parameter, r.height) == ("relative-slope", "high-stack")
        else r
        for note in ("",)
        for r in response()
    ]
    (only,) = told(place(Surroundings(in_step=False), far))
    assert "give the reason" in only
    reasoned = [r.model_copy(update={"note": "tall stacks"}).at(r.place) for r in far]
    assert told(place(Surroundings(in_step=False), reasoned)) == []


def test_own_and_city_parts_above_the_observation_are_refused() -> None:
    at = place(Surroundings(in_step=True), response(city=30.0))
    own = declared(find("pm25"), at)
    own.check(at.space.central(), halved(), at.problems)
    (only,) = (p.found.text() for p in at.problems.found)
    assert only == (
        "what the region and its city make of 2017 (151.9 ug/m3) exceeds the observed 60.0 ug/m3:"
        " lower the slopes or check the emissions."
    )
    assert own.fit(at.space.central(), halved()).impossible.tolist() == [True]


@pytest.mark.parametrize(("indicator", "state"), [("pm25", ""), ("dustfall", "actual")])
def test_concentrations_and_nothing_else_have_a_state(indicator: str, state: str) -> None:
    with pytest.raises(ValueError, match="state"):
        row(AirRow, 1.0, "ug/m3", indicator=indicator, year=2017, state=state)


# --- Tongzhou -------------------------------------------------------------------------------------


def tongzhou(in_step: bool = False) -> tuple[Context, Pm25Declared]:
    at = replace(context(), surroundings=Surroundings(in_step=in_step))
    own = declared(find("pm25"), at)
    assert isinstance(own, Pm25Declared)
    return at, own


def test_tongzhou_is_read_at_its_actual_state() -> None:
    # 67 ug/m3 at 273 K; 1.2 ug/m3 per kt at the ground, dust 0.4 of that
    at, own = tongzhou()
    theta = at.space.central()
    assert own.observed.actual(theta, own.state_factor(theta))[0, 0] == pytest.approx(67 * 0.948)
    slope = own.fit(theta, projected(1, seed=1)).stated.own[:, 0, 0] * 1e3
    by_source = dict(zip(SOURCES.id, slope.tolist(), strict=True))
    assert by_source["car"] == pytest.approx(1.2)
    assert by_source["road-trunk"] == pytest.approx(0.48)


def test_every_column_reproduces_the_base_year_of_its_own_state() -> None:
    at, own = tongzhou(in_step=True)
    theta = span(at.space, own.ranged)
    found = own.fit(theta, projected(1, seed=1)).value(projected(1, seed=1), Subject())
    assert found[BASE] == pytest.approx(67 * own.state_factor(theta))
    assert found[-1, 1] < found[-1, 0] < found[-1, 2]


def test_the_range_moves_all_numbers_of_the_response_and_no_others() -> None:
    at, own = tongzhou()
    theta = span(at.space, own.ranged)
    moved = np.flatnonzero((theta[:, 1] != theta[:, 2]) & ~np.isnan(theta[:, 0]))
    assert set(moved) <= set(own.ranged.tolist())
    assert {int(own.ground.slot), int(own.state_factor.slot)} <= set(moved.tolist())
    assert not set(own.observed.number.slots) & set(moved.tolist())


def test_years_after_the_base_follow_the_path_whatever_years_are_projected() -> None:
    at, own = tongzhou()
    case, chosen = projected(1, seed=1), [BASE, YEARS.index(2020)]
    few = Projection((2017, 2020), case.emission[:, :, chosen], case.activity[:, chosen])
    whole, part = (own.fit(at.space.central(), c).stated.outside for c in (case, few))
    np.testing.assert_array_equal(part, whole[chosen])


def test_only_precursors_weigh() -> None:
    at, own = tongzhou()
    (found,) = own.fit(at.space.central(), projected(1, seed=1)).rows(Subject(), 2020)
    others = [p for p in range(len(POLLUTANTS)) if p not in COLUMNS]
    assert not found.weight[:, others].any()


def test_a_year_without_index_path_or_weather_is_a_problem_with_its_keys() -> None:
    rows = [r for r in rows_of("response") if (r.parameter, r.year) != ("regional-change", 2019)]
    (only,) = told(place(Surroundings(in_step=False), rows, rows_of("air")))
    assert "parameter 'regional-change'" in only
    assert "year '2019'" in only
    seen = [r for r in rows_of("air") if (r.indicator, r.year) != ("pm25-index", 2015)]
    (only,) = told(place(Surroundings(in_step=False), rows_of("response"), seen))
    assert "indicator 'pm25-index', year '2015'" in only
