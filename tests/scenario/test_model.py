"""What a scenario's parts mean, year by year, and which of them cannot be."""

from typing import Any

import pytest
from pydantic import ValidationError

from lantian.indicators import registered
from lantian.scenario.model import Commitment, Quantity, Scenario, Target
from lantian.scenario.model.overrides import Set

BASE: dict[str, Any] = {
    "id": "a",
    "measure": "m",
    "clause": ["c"],
    "level": "90 %",
    "of": "available",
    "from": 2018,
    "by": 2020,
    "bindingness": "binding",
    "credit": "printed",
}
AIM: dict[str, Any] = {
    "id": "t",
    "clause": ["c"],
    "indicator": "emission",
    "pollutant": "NOx",
    "reduce_by": "30 %",
    "relative_to": 2015,
    "year": 2020,
    "bindingness": "binding",
}
WHOLE: dict[str, Any] = {
    "name": "a-1",
    "title": {"en": "A", "zh": "B"},
    "region": "r",
    "base_year": 2017,
    "last_year": 2020,
    "economics": {"price_year": 2018, "discount_rate": "8 %"},
}


def levels(**changes: Any) -> list[float]:
    commitment = Commitment.model_validate({**BASE, **changes})
    found = []
    for year in range(2017, 2023):
        step, progress = commitment.step_in(year)
        level = commitment.level if step is None else (commitment.schedule or {})[step]
        found.append(level.to("" if commitment.is_share else commitment.level.unit) * progress)
    return found


def fault(model: type, given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(given)  # type: ignore[attr-defined]
    first = raised.value.errors()[0]
    return str(first.get("ctx", {}).get("error", first["msg"]))


def test_a_level_grows_in_equal_steps_and_stays() -> None:
    # 90 % over 2018, 2019, 2020: 30, 60, 90 %
    assert levels() == pytest.approx([0.0, 0.3, 0.6, 0.9, 0.9, 0.9])


def test_a_level_of_one_year_is_there_at_once() -> None:
    assert levels(**{"from": 2019, "by": 2019}) == [0.0, 0.0, 0.9, 0.9, 0.9, 0.9]


def test_an_amount_grows_in_its_own_unit() -> None:
    assert levels(level="120 firm", of=None) == [0.0, 40.0, 80.0, 120.0, 120.0, 120.0]


def test_a_schedule_takes_the_place_of_the_steps() -> None:
    assert levels(schedule={2018: "10 %", 2020: "90 %"}) == [0.0, 0.1, 0.1, 0.9, 0.9, 0.9]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "130 %"}, "130 % is not between 0 % and 100 %"),
        ({"level": "-5 firm", "of": None}, "-5 firm is negative"),
        ({"level": 30}, "30 has no unit; write for instance '30 %' or '55 ug/m3'"),
        ({"level": True}, "True is not a number with its unit; write for instance '30 %'"),
        ({"of": None}, "a share needs 'of': available, total or new"),
        ({"level": "5 firm"}, "'of' goes with a share, not with the amount 5 firm"),
        ({"by": 2017}, "by 2017 is before from 2018"),
        ({"credit": "parametric"}, "a level the plan does not print needs low and high"),
        (
            {"low": "95 %", "high": "99 %"},
            "low 95 % <= level 90 % <= high 99 % fails: widen the range or mend the level",
        ),
        ({"schedule": {2018: "5 firm"}}, "'firm' is not a unit of the same kind as '%'"),
        ({"schedule": {2018: "150 %"}}, "150 % is not between 0 % and 100 %"),
    ],
)
def test_commitments_that_cannot_be(change: dict[str, Any], said: str) -> None:
    assert fault(Commitment, {**BASE, **change}) == said


COUNT = {"indicator": "activity", "pollutant": None, "activity": {"sources": ["bus"]}}
MORE_THAN_ALL = {"reduce_by": None, "relative_to": None, "at_most": "120 %"}
ONE_FORM = (
    "a target needs one of at_most, at_least, reduce_by, rise_by, rise_within, projects and falls"
)
AGAINST_WHAT = (
    "reduce_by, rise_by, rise_within, falls need relative_to (a year, or baseline), and only they"
    " do"
)
ONE_LIMIT = (
    "a target has one limit, this one has {}; to drop one that is inherited from another file,"
    " write its key with nothing behind it"
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"at_most": "5 t/a"}, ONE_LIMIT.format("at_most: reduce_by:")),
        (
            {"reduce_by": None, "relative_to": None},
            ONE_FORM,
        ),
        ({"at_least": "5 t/a"}, ONE_LIMIT.format("at_least: reduce_by:")),
        ({"falls": True}, ONE_LIMIT.format("reduce_by: falls:")),
        (
            {"at_least": "5 t/a", "reduce_by": None},
            AGAINST_WHAT,
        ),
        (
            {"relative_to": None},
            AGAINST_WHAT,
        ),
        ({"pollutant": None}, "a target of 'emission' needs 'pollutant'"),
        (
            {"projects": {}, "reduce_by": None, "relative_to": None},
            "at least 1 must be given",
        ),
        (COUNT, "a target of 'activity' needs 'unit'"),
        ({**COUNT, "indicator": "activity-share", **MORE_THAN_ALL}, "120 % is more than all of it"),
        (
            {**COUNT, "indicator": "activity-ratio", "unit": "t"},
            "a target of 'activity-ratio' needs 'per'",
        ),
        (
            {**COUNT, "unit": "vehicle", "reduce_by": None, "relative_to": None, "at_most": "5 t"},
            "'t' is not a unit of the same kind as 'vehicle'",
        ),
        ({"indicator": "pm25"}, "'pollutant' goes with emission, not with 'pm25'"),
        (
            {"indicator": "pm25", "pollutant": None, "sectors": ["dust"]},
            "'sectors' goes with emission, not with 'pm25'",
        ),
    ],
)
def test_targets_that_cannot_be(change: dict[str, Any], said: str) -> None:
    assert fault(Target, {**AIM, **change}) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"region": None}, "a scenario needs either a region or a finished inventory"),
        (
            {"finished": {"inventory": "i", "measures": "m"}},
            "a scenario needs either a region or a finished inventory",
        ),
        ({"last_year": 2016}, "last_year 2016 is before base_year 2017"),
        ({"reference_years": [2018]}, "reference_years must not lie after base_year"),
    ],
)
def test_scenarios_that_cannot_be(change: dict[str, Any], said: str) -> None:
    assert fault(Scenario, {**WHOLE, **change}) == said


PARTS = (
    *("activity-share", "good-day-ratio", "heavy-pollution-ratio", "alert-cut"),
    "power-in-final-energy",
)
"""Shares of a whole; others of unit 1 are ratios, ranks and an index."""


def test_every_indicator_of_unit_one_is_a_share_or_none() -> None:
    others = {"composite-index", "composite-rank", "activity", "activity-ratio"}
    rules = {"township-rule", "township-dustfall"}
    assert {i.id for i in registered() if i.unit == "1"} - others - rules == set(PARTS)
    assert {i.id for i in registered() if i.part} == set(PARTS)


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("key", ["at_most", "at_least"])
def test_no_share_is_more_than_all_of_it(name: str, key: str) -> None:
    own = next(i for i in registered() if i.id == name)
    given = {"activity": {"sources": ["bus"]}, "alert_level": "red"}
    keys = {k: v for k, v in given.items() if k in own.needs}
    aim = {k: v for k, v in AIM.items() if k not in ("pollutant", "reduce_by", "relative_to")}
    if not (own.harmful and key == "at_least"):
        said = fault(Target, {**aim, "indicator": name, **keys, key: "101 %"})
        assert said == "101 % is more than all of it"


def test_years_are_the_reference_years_and_all_from_the_base_year() -> None:
    assert Scenario.model_validate({**WHOLE, "reference_years": [2015, 2017]}).years == (
        2015,
        2017,
        2018,
        2019,
        2020,
    )


def test_a_quantity_reads_as_it_is_written() -> None:
    assert str(Quantity(value=55.0, unit="ug/m3")) == "55 ug/m3"
    assert Quantity(value=30.0, unit="%").to("") == pytest.approx(0.3)


@pytest.mark.parametrize("growth", ["2 %", "2 %/a", " 2 %/年 ", "2 %/year"])
def test_a_growth_is_a_share_whether_or_not_a_year_is_written_behind_it(growth: str) -> None:
    own = Set.model_validate({"driver": "car-stock", "growth": growth}).growth
    assert own is not None
    assert own.to("") == pytest.approx(0.02)


@pytest.mark.parametrize("growth", ["2 t/a", "2/a", "2 %/month"])
def test_what_is_no_growth_stays_a_mistake(growth: str) -> None:
    with pytest.raises(ValidationError):
        Set.model_validate({"driver": "car-stock", "growth": growth})
