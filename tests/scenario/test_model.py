"""What a scenario's parts mean, year by year, and which of them cannot be."""

import re
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from lantian.indicators import registered
from lantian.scenario.dates import When
from lantian.scenario.model import Commitment, Quantity, Scenario, Target
from lantian.scenario.model.alerts import Alert
from lantian.scenario.model.base import Number
from lantian.scenario.model.overrides import Set
from lantian.scenario.model.quantities import Amount, Cut, Level, Rate, Ratio, Rise, Share
from lantian.scenario.model.question import Equity, Optimise, UptakeBound
from lantian.scenario.model.sampling import Correlated, OtherPlans, Robust
from lantian.scenario.model.scenario import ScenarioName
from lantian.scenario.model.setting import Economics, Harmonise, Health
from lantian.vocabulary import BINDINGNESS, CONVERGING

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
            {"credit": "parametric", "low": "80 %"},
            "a level the plan does not print needs low and high",
        ),
        (
            {"low": "95 %", "high": "99 %"},
            "low 95 % <= level 90 % <= high 99 % fails: widen the range or mend the level",
        ),
        ({"schedule": {2018: "5 firm"}}, "'firm' is not a unit of the same kind as '%'"),
        ({"schedule": {2018: "150 %"}}, "150 % is not between 0 % and 100 %"),
        ({"schedule": {}}, "a schedule without a step; leave it out, or give its years"),
        ({"schedule": {2017: "5 %"}}, "a step of 2017 in a schedule from 2018 to 2020"),
        ({"schedule": {2021: "5 %"}}, "a step of 2021 in a schedule from 2018 to 2020"),
        ({"by": "2017-12"}, "by 2017-12 is before from 2018"),
        ({"clause": []}, "what no clause of the plan asks for says in 'note' why it is asked"),
        (
            {"low": "80 %", "high": "89 %"},
            "low 80 % <= level 90 % <= high 89 % fails: widen the range or mend the level",
        ),
        (
            {"level": "5 t", "of": None, "pollutant": "NOx", "season": "11-3"},
            "tonnes are those of a year: they go with no season",
        ),
    ],
)
def test_commitments_that_cannot_be(change: dict[str, Any], said: str) -> None:
    assert fault(Commitment, {**BASE, **change}) == said


@pytest.mark.parametrize(
    "change",
    [
        {"level": "5 t", "of": None, "pollutant": "NOx"},
        {"by": "2018-01", "from": 2018},
        {"schedule": {2018: "5 %", 2020: "90 %"}},
        {"low": "90 %", "high": "90 %", "credit": "parametric"},
        {"clause": [], "note": "asked by the bureau"},
    ],
)
def test_commitments_that_can_just_be(change: dict[str, Any]) -> None:
    Commitment.model_validate({**BASE, **change})


EDGES: list[tuple[Any, Any, Any, str]] = [
    (Level, "0 %", "-0.1 %", "is not between 0 % and 100 %"),
    (Level, "100 %", "100.1 %", "is not between 0 % and 100 %"),
    (Level, "0 firm", "-1 firm", "is negative"),
    (Share, "0 %", "-0.1 %", "is not between 0 % and 100 %"),
    (Share, "100 %", "100.1 %", "is not between 0 % and 100 %"),
    (Share, "5 %", "5 t", "is not a share"),
    (Ratio, "0 %", "-1 %", "is negative"),
    (Ratio, "500 %", "5 t", "is not a share"),
    (Amount, "0 t", "-1 t", "is negative"),
    (Cut, "100 %", "100.1 %", "is more than all of it"),
    (Cut, "100 %/a", "100.1 %/a", "is more than all of it"),
    (Cut, "0 t", "-1 t", "is negative"),
    (Cut, "300 t", "-1 %", "is negative"),
    (Rate, "0 %", "-0.1 %", "is not between 0 % and 30 %"),
    (Rate, "30 %", "30.1 %", "is not between 0 % and 30 %"),
    (Rate, "5 %", "5 t", "is not a share"),
    (Rise, "-30 %", "-30.1 %", "is not between -30 % and 30 %"),
    (Rise, "30 %", "30.1 %", "is not between -30 % and 30 %"),
    (When, "2019-12", "2019-13", "is no date"),
    (When, "2019-1", "2019-0", "is no date"),
    (When, 2019, True, "is no date"),
    (When, 1990, 1989, "1990"),
    (When, 2100, 2101, "2100"),
    (Number, 1, True, "no number"),
    (Number, -0.5, float("inf"), "finite"),
    (ScenarioName, "runs-2", "runs", "'runs' is reserved; choose another name"),
    (ScenarioName, "a" * 80, "a" * 81, "80"),
    (ScenarioName, "a-1", "A-1", "pattern"),
]


@pytest.mark.parametrize(("kind", "inside", "outside", "said"), EDGES)
def test_values_just_inside_are_taken_and_just_outside_refused(
    kind: Any, inside: object, outside: object, said: str
) -> None:
    own = TypeAdapter[Any](kind)
    own.validate_python(inside)
    with pytest.raises(ValidationError, match=re.escape(said)):
        own.validate_python(outside)


OTHER = {"pollutant": None, "reduce_by": None, "relative_to": None}
COUNT = {"indicator": "activity", "pollutant": None, "activity": {"sources": ["bus"]}}
MORE_THAN_ALL = {"reduce_by": None, "relative_to": None, "at_most": "120 %"}
LISTED = {
    **{"indicator": {"other": "satisfaction", "unit": "1", "reason": "no survey"}},
    **{"pollutant": None, "reduce_by": None, "relative_to": None},
}
ONE_FORM = (
    "a target needs one of at_most, at_least, reduce_by, rise_by, rise_within, projects and falls"
)
AGAINST_WHAT = "reduce_by, rise_by, rise_within, falls need relative_to (a year, or baseline)"
AGAINST_NOTHING = (
    "relative_to goes with reduce_by, rise_by, rise_within, falls; to leave one out that comes from"
    " another file, write 'relative_to:' with nothing behind it"
)
ONE_LIMIT = (
    "a target has one limit, this one has {}; to drop one that is inherited from another file,"
    " write its key with nothing behind it"
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"at_most": "5 t/a"}, ONE_LIMIT.format("at_most, reduce_by")),
        (
            {"reduce_by": None, "relative_to": None},
            ONE_FORM,
        ),
        ({"at_least": "5 t/a"}, ONE_LIMIT.format("at_least, reduce_by")),
        (
            {**LISTED, "at_least": "85 %"},
            "'indicator.reason' stands in the place of a limit, and this one has at_least",
        ),
        ({"falls": True}, ONE_LIMIT.format("reduce_by, falls")),
        (
            {"at_least": "5 t/a", "reduce_by": None},
            AGAINST_NOTHING,
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
            {**OTHER, "indicator": "pm25", "at_least": "60 ug/m3"},
            "less of 'pm25' is better: write at_most, reduce_by or rise_within",
        ),
        (
            {**OTHER, "indicator": "good-days", "at_most": "275 day"},
            "more of 'good-days' is better: write at_least or rise_by",
        ),
        (
            {**OTHER, "indicator": "good-days", "at_least": "400 day"},
            "400 day is more than a year has",
        ),
        (
            {**OTHER, "indicator": "good-days", "at_least": "367 day"},
            "367 day is more than a year has",
        ),
        (
            {"indicator": "pm25", "pollutant": None, "sectors": ["dust"]},
            "'sectors' goes with emission, not with 'pm25'",
        ),
        ({"relative_to": "baseline", "was": "5 t/a"}, "'was' tells of the year of relative_to"),
        ({"was": {"value": "5 t/a", "low": "4 t/a"}}, "low and high go together"),
        (
            {"was": {"value": "5 t/a", "low": "4 t/a", "high": "4.9 t/a"}},
            "5 t/a is not within 4 t/a to 4.9 t/a",
        ),
        (
            {"was": {"value": "5 t/a", "low": "5100 kg/a", "high": "6 t/a"}},
            "5 t/a is not within 5100 kg/a to 6 t/a",
        ),
        ({"headline": True}, "'headline' goes with 'number: reading'"),
        (
            {**LISTED, "indicator": {"other": "x", "unit": "t"}, "at_most": "5 km"},
            "'km' is not a unit of the same kind as 't'",
        ),
    ],
)
def test_targets_that_cannot_be(change: dict[str, Any], said: str) -> None:
    assert fault(Target, {**AIM, **change}) == said


@pytest.mark.parametrize(
    "change",
    [
        {**OTHER, "indicator": "good-days", "at_least": "366 day"},
        {"was": {"value": "5 t/a", "low": "5000 kg/a", "high": "5 t/a"}},
        {"was": {"value": "5 t/a"}},
        {"was": "5 t/a"},
        {"headline": True, "number": "reading"},
        {**LISTED, "indicator": {"other": "x", "unit": "t"}, "at_most": "5 kg"},
    ],
)
def test_targets_that_can_just_be(change: dict[str, Any]) -> None:
    Target.model_validate({**AIM, **change})


OWN = {"region": None, "finished": {"inventory": "i", "measures": "m"}}


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
        (
            {**OWN, "harmonise": [{"pollutants": ["NOx"]}]},
            "harmonise goes with a region: a finished inventory is final",
        ),
        (
            {**OWN, "air": {"in_step": False}},
            "air goes with a region: a finished inventory has no levels",
        ),
        (
            {"samples": 1000, "uncertainty": {"method": "sobol"}},
            "points of Sobol are balanced in powers of two: samples 1024, not 1000",
        ),
    ],
)
def test_scenarios_that_cannot_be(change: dict[str, Any], said: str) -> None:
    assert fault(Scenario, {**WHOLE, **change}) == said


MONEY = WHOLE["economics"]


@pytest.mark.parametrize(
    ("model", "given", "said"),
    [
        (Set, {"driver": "x", "growth": "200 %"}, "a growth of 200 % a year is not between"),
        (Set, {"economics": "carbon_price", "to": "-5 CNY/t"}, "-5 CNY/t is negative"),
        (
            UptakeBound,
            {"measure": "m", "at_least": "5 %", "at_most": "9 firm"},
            "at_least and at_most are both shares or both amounts",
        ),
        (Economics, {**MONEY, "inflation": "60 %"}, "inflation of 60 % is not between"),
        (Economics, {**MONEY, "rates": {"CNY": "1 CNY"}}, "yuan is the currency itself"),
        (Economics, {**MONEY, "rates": {"USD": "0 CNY"}}, "a rate of 0 CNY is not positive"),
        (Economics, {**MONEY, "rates": {"USD": "7 t"}}, "'t' is not a unit of the same kind as"),
        (Set, {"driver": "x", "growth": "101 %"}, "a growth of 101 % a year is not between"),
        (Set, {"driver": "x", "growth": "-51 %"}, "a growth of -51 % a year is not between"),
        (UptakeBound, {"measure": "m"}, "a bound needs at_least, at_most or both"),
        (
            UptakeBound,
            {"measure": "m", "at_least": "5.1 %", "at_most": "5 %"},
            "at_least 5.1 % is above at_most 5 %",
        ),
        (Equity, {}, "equity needs sectors, areas or both"),
        (Optimise, {"constraints": "own.py"}, "user constraints need 'interface: pyomo'"),
        (Optimise, {"total_budget": "5 CNY"}, "total_budget goes with a pathway"),
        (OtherPlans, {"within": ["0 %"]}, "an allowance lies above 0 and is 100 % at most"),
        (Harmonise, {"pollutants": ["NOx"], "until": 2020}, f"{', '.join(CONVERGING)} need"),
        (Health, {"value_of_life": "5 CNY"}, "value_of_life, low and high go together"),
        (
            Health,
            {"value_of_life": "5 CNY", "low": "6 CNY", "high": "7 CNY"},
            "low 6 CNY <= value 5 CNY <= high 7 CNY fails",
        ),
        (Robust, {"probabilities": ["100 %"]}, "a probability lies between 0 and 100 %"),
        (Robust, {"probabilities": ["0 %"]}, "a probability lies between 0 and 100 %"),
    ],
)
def test_settings_that_cannot_be(model: type, given: dict[str, Any], said: str) -> None:
    assert fault(model, given).startswith(said)


@pytest.mark.parametrize(
    ("between", "matrix", "said"),
    [
        ("aa", [[1, 0], [0, 1]], "a group is named twice"),
        ("ab", [[1, 0]], "a matrix of 2 groups has 2 rows of 2"),
        ("ab", [[1], [0]], "a matrix of 2 groups has 2 rows of 2"),
        ("ab", [[1, 0.5], [0.4, 1]], "a correlation matrix is symmetric"),
        ("ab", [[0.9, 0.5], [0.5, 1]], "a correlation matrix is symmetric, with ones"),
        ("abc", [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]], "no quantities can be correlated"),
    ],
)
def test_correlations_that_cannot_be(between: str, matrix: list[list[float]], said: str) -> None:
    assert fault(Correlated, {"between": [*between], "matrix": matrix}).startswith(said)


def test_correlations_that_can_just_be() -> None:
    """Of three quantities one is the sum of the other two: the least eigenvalue is 0."""
    half = 0.5**0.5
    matrix = [[1, 0, half], [0, 1, half], [half, half, 1]]
    assert Correlated.model_validate({"between": [*"abc"], "matrix": matrix}).between == (*"abc",)


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Set, {"driver": "x", "growth": "100 %"}),
        (Set, {"driver": "x", "growth": "-50 %"}),
        (Set, {"driver": "x", "times": 1000}),
        (UptakeBound, {"measure": "m", "at_least": "5 %", "at_most": "50000 ppm"}),
        (Equity, {"sectors": "5 %"}),
        (Equity, {"areas": "5 %"}),
        (Optimise, {"constraints": "own.py", "interface": "pyomo"}),
        (Optimise, {"total_budget": "5 CNY", "pathway": {}}),
        (OtherPlans, {"within": ["0.01 %", "100 %"]}),
        (Robust, {"probabilities": ["99.9 %", "0.1 %"]}),
    ],
)
def test_settings_that_can_just_be(model: type[BaseModel], given: dict[str, Any]) -> None:
    model.model_validate(given)


def test_a_bound_is_of_shares_or_of_amounts() -> None:
    bounds = ({"at_least": "5 %"}, {"at_most": "5 %"}, {"at_most": "5 firm"})
    found = [UptakeBound.model_validate({"measure": "m", **own}).is_share for own in bounds]
    assert found == [True, True, False]


def test_a_strict_reading_asks_for_binding_targets_alone() -> None:
    watched = Optimise(reading="strict", watch=("delegated",)).watched
    assert {*watched, "binding"} == {*BINDINGNESS}
    assert "binding" not in watched
    assert Optimise(watch=("delegated",)).watched == ("delegated",)


def test_allowances_are_asked_once_and_in_order() -> None:
    assert OtherPlans.model_validate({"within": ["10 %", "5 %", "5.0 %"]}).asked == (0.05, 0.1)


def test_points_of_sobol_are_a_power_of_two() -> None:
    for samples in (0, 1, 64, 1024):
        sobol = {"samples": samples, "uncertainty": {"method": "sobol"}}
        assert Scenario.model_validate({**WHOLE, **sobol}).samples == samples


def test_cuts_of_an_alert_are_those_of_all_pollutants_or_of_one() -> None:
    given = {
        **{"month": 1, "year": 2018, "particles": "PM2.5", "cut": {"red": "30 %"}},
        **{"cut_of": {"SO2": {"red": "15 %", "yellow": "5 %"}, "VOC": {"red": "0 %"}}},
        "actions": [{"id": "a", "source": "s", "part": "5 %", "reach": "5 %", "cost": "1 yuan"}],
    }
    fields = {k: v for k, v in given.items() if k in Alert.model_fields}
    alert = Alert.model_validate(fields)
    demands = [alert.demand(pollutant, "red") for pollutant in ("NOx", "SO2", "VOC")]
    assert demands == pytest.approx([0.3, 0.15, 0.0])
    assert alert.demand("NOx", "yellow") == 0.0
    weights = [alert.weight(pollutant, "red") for pollutant in ("NOx", "SO2", "VOC")]
    assert weights == pytest.approx([1.0, 2.0, 0.0])
    assert alert.weight("SO2", "yellow") == 1.0


def test_probabilities_are_asked_once_and_in_order() -> None:
    assert Robust.model_validate({"probabilities": ["90 %", "50 %", "90.0 %"]}).asked == (0.5, 0.9)


@pytest.mark.parametrize(
    ("price", "years"),
    [(None, {}), ("50 CNY/t", {2017: 50.0}), ({2019: "60 CNY/t"}, {2019: 60.0})],
)
def test_a_price_of_carbon_begins_where_it_is_said(price: Any, years: dict[int, float]) -> None:
    economics = Economics.model_validate({**MONEY, "carbon_price": price})
    found = economics.carbon_prices(2017)
    assert {year: each.to("CNY/t") for year, each in found.items()} == years


def test_the_value_of_a_life_lies_in_its_range() -> None:
    given = {"value_of_life": "5 CNY", "low": "4 CNY", "high": "6 CNY"}
    assert str(Health.model_validate(given).value_of_life) == "5 CNY"


@pytest.mark.parametrize(
    ("schedule", "off"),
    [
        ({2019: "60 %", 2020: "90 %"}, False),
        ({2019: "60 %", 2020: "80 %"}, True),
    ],
)
def test_a_schedule_ends_at_the_level(schedule: dict[int, str], off: bool) -> None:
    assert Commitment.model_validate({**BASE, "schedule": schedule}).ends_off_level == off


def test_only_a_region_can_compare_steps_of_another_unit_with_the_level() -> None:
    given = {**BASE, "level": "120 firm", "of": None, "schedule": {2020: "100 t/h"}}
    assert not Commitment.model_validate(given).ends_off_level


def test_a_commitment_can_be_made_from_the_parts_of_another() -> None:
    own = Commitment.model_validate(BASE)
    names = {name: f.alias or name for name, f in Commitment.model_fields.items()}
    assert Commitment.model_validate({names[n]: part for n, part in own}) == own


PARTS = (
    *("activity-share", "good-day-ratio", "heavy-pollution-ratio", "alert-cut"),
    *("power-in-final-energy", "coal-in-energy", "non-fossil-in-energy"),
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
    if not ((own.harmful and key == "at_least") or (own.wished and key == "at_most")):
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
