"""Targets as limits: each cut against its own base year; at the door, and for any sample."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import case
from lantian.core.areas import Areas
from lantian.core.projection import Projection
from lantian.core.system import Array, Sources
from lantian.errors import Problems
from lantian.indicators import find
from lantian.indicators.available import (
    Available,
    GivenTables,
    declare_indicators,
    fit_all,
    fit_indicators,
)
from lantian.indicators.contract import Context, Declared, Fitted, Row, Subject
from lantian.language import message
from lantian.parameters import Space
from lantian.plan.doubts import doubt_targets
from lantian.plan.read_targets import (
    check_targets,
    indicators_asked,
    resolve_targets,
    targets_asked,
)
from lantian.plan.targets import (
    ResolvedTarget,
    as_rows,
    base_values,
    judge_targets,
    pollutant_weights,
)
from lantian.vocabulary import POLLUTANTS
from support.scenarios import HEAD, sound, target, text_of

YEARS = (2015, 2017, 2018, 2019)
SOURCES = Sources(("car", "site"), ("on-road", "dust"), ("vehicle", "m2"), ("mobile", "dust"))
NOX = POLLUTANTS.index("NOx")
NOTHING = np.zeros((0, 1))
"""No numbers: all base years have an inventory."""
REGION = HEAD.replace("last_year", "reference_years: [2015]\nlast_year")


def emission() -> np.ndarray:
    """NOx [t/a]: cars 100, 80, 90, 95; sites 20, 20, 20, 25."""
    result = np.zeros((2, len(POLLUTANTS), 4))
    result[:, NOX] = [[100.0, 80.0, 90.0, 95.0], [20.0, 20.0, 20.0, 25.0]]
    return result


def before(emission: Array) -> Projection:
    """A case of one sample."""
    return Projection(YEARS, emission[..., None], np.zeros((0, len(YEARS), 1)))


AREAS = Areas(("north", "south"), np.array([[0.6, 0.1], [0.4, 0.9]]))


def targets(
    folder: Path, *targets: str, areas: Areas | None = AREAS
) -> tuple[list[ResolvedTarget], list[str]]:
    problems, space = Problems(), Space()
    read = sound(folder, text_of([], list(targets), REGION))
    at = Context(YEARS, 2017, SOURCES, areas, GivenTables({}), space, problems)
    declared = declare_indicators(at, indicators_asked(read))
    known = fit_indicators(declared, space, before(emission()), problems)
    found = resolve_targets(
        read, SOURCES, known, baseline=before(emission()), problems=problems, areas=areas
    )
    return found, [p.text().split("\n  ")[1] for p in problems.found]


@pytest.mark.parametrize(
    ("keys", "limit"),
    [
        ({"reduce_by": "30 %", "relative_to": "2015"}, 84.0),  # 0.7 * 120, not of 2017
        ({"reduce_by": "30 %", "relative_to": "2017"}, 70.0),  # 0.7 * 100
        ({"reduce_by": "30 %", "relative_to": "baseline"}, 84.0),  # 0.7 * 120 of 2019 itself
        ({"reduce_by": "30 %", "relative_to": "2015", "sectors": "[on-road]"}, 70.0),  # 0.7 * 100
        ({"reduce_by": "15 t", "relative_to": "2017"}, 85.0),
        ({"at_most": "0.09 kt/a"}, 90.0),
        ({"rise_within": "10 %", "relative_to": "2017"}, 110.0),
        ({"rise_within": "10 %/a", "relative_to": "2017"}, 121.0),  # two years
        ({"reduce_by": "5 %/yr", "relative_to": "2017"}, 90.25),
        ({"rise_within": "5 t", "relative_to": "2017"}, 105.0),
        ({"projects": "{kiln: 12 t, boiler: 0.003 kt/a}"}, 105.0),  # 120 of 2019 itself less 15
        ({"reduce_by": "10 %", "relative_to": "2015", "sources": "['on-road/*']"}, 90.0),
    ],
)
def test_limits_by_hand(tmp_path: Path, keys: dict[str, str], limit: float) -> None:
    found, told = targets(tmp_path, target("t", **keys))
    assert told == []
    assert found[0].limit == pytest.approx(limit)
    assert found[0].unit == "t/a"


def test_an_indicator_counts_its_sectors_only(tmp_path: Path) -> None:
    found, _ = targets(
        tmp_path, target("all", at_most="1 t/a"), target("dust", at_most="1 t/a", sectors="[dust]")
    )
    assert [p.judge(before(emission()))[0] for p in found] == [120.0, 25.0]


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ({"areas": "[north]"}, 0.6 * 95 + 0.1 * 25),
        ({"areas": "[north, south]"}, 120.0),
        ({"areas": "[south, south]"}, 0.4 * 95 + 0.9 * 25),
        ({"areas": "[south]", "sectors": "[dust]"}, 0.9 * 25),
        ({"areas": "[south]", "sources": "[si*]"}, 0.9 * 25),
    ],
)
def test_an_indicator_counts_its_areas_by_their_shares(
    tmp_path: Path, keys: dict[str, str], value: float
) -> None:
    found, told = targets(tmp_path, target("t", at_most="1 t/a", **keys))
    assert told == []
    assert found[0].judge(before(emission()))[0] == pytest.approx(value)


def test_a_cut_in_an_area_is_one_of_the_area(tmp_path: Path) -> None:
    found, _ = targets(tmp_path, target("t", reduce_by="10 %", relative_to="2015", areas="[north]"))
    assert found[0].limit == pytest.approx(0.9 * (0.6 * 100 + 0.1 * 20))


def test_areas_of_a_region_without_them_have_their_own_message(tmp_path: Path) -> None:
    _, told = targets(tmp_path, target("t", at_most="1 t/a", areas="[north]"), areas=None)
    assert told == [
        "region 'here' has no areas. Add a table areas.csv to its folder in inputs/regions."
    ]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"sectors": "[on-raod]", "at_most": "1 t/a"},
            "'on-raod' is not a sector. Did you mean 'on-road'?",
        ),
        ({"pollutant": "VOC", "at_most": "1 t/a"}, "nothing emits VOC here."),
        (
            {"sources": "[cra]", "at_most": "1 t/a"},
            "'cra' is not a source of the inventory. Did you mean 'car'?",
        ),
        (
            {"projects": "{kiln: 1 vehicle}"},
            "'vehicle' is not a unit of the same kind as 't'.",
        ),
        ({"at_most": "1 ug/m3"}, "'ug/m3' is not a unit of the same kind as 't/a'."),
        (
            {"reduce_by": "1 ug/m3", "relative_to": "2015"},
            "'ug/m3' is not a unit of the same kind as 't'.",
        ),
    ],
)
def test_targets_that_do_not_fit(tmp_path: Path, keys: dict[str, str], said: str) -> None:
    assert said in targets(tmp_path, target("t", **keys))[1]


def shares(folder: Path, *parts: tuple[str, str, str]) -> list[str]:
    """What is told of targets on shares of the lorries: technologies, form and level."""
    at = case.context()
    lines = [
        target(f"t{i}", indicator="activity-share", pollutant="", **{
            "activity": f"{{sources: [truck], technologies: [{technology}]}}", form: level},
            year="2020")
        for i, (technology, form, level) in enumerate(parts)
    ]  # fmt: skip
    read = sound(folder, text_of([], lines, REGION.replace("2019", "2020")))
    asked = replace(at, asked=targets_asked(read))
    declared = declare_indicators(asked, indicators_asked(read))
    held = case.projected(1, seed=2)
    known = fit_indicators(declared, at.space, held, at.problems)
    resolve_targets(
        read,
        at.sources,
        known,
        baseline=held,
        problems=at.problems,
        areas=at.areas,
    )
    return [p.text() for p in at.problems.found]


@settings(max_examples=20)
@given(
    least=st.tuples(st.integers(1, 99), st.integers(1, 99)),
    most=st.tuples(st.integers(1, 99), st.integers(1, 99)),
)
def test_shares_of_one_whole_that_cannot_be_are_told(
    tmp_path_factory: pytest.TempPathFactory, least: tuple[int, int], most: tuple[int, int]
) -> None:
    """Whatever the shares: told where their sum is above all of it, or where it leaves a rest."""
    folder = tmp_path_factory.mktemp("shares")
    names = ("diesel", "battery")
    found = shares(folder, *((n, "at_least", f"{x} %") for n, x in zip(names, least, strict=True)))
    assert any("come to at least" in t and "targets[1]" in t for t in found) == (sum(least) > 100)
    found = shares(folder, *((n, "at_most", f"{x} %") for n, x in zip(names, most, strict=True)))
    assert any("come to at most" in t and "targets[1]" in t for t in found) == (sum(most) < 100)
    # Least and most of the two that leave each other no place.
    both = [("diesel", "at_least", f"{least[0]} %"), ("diesel", "at_most", f"{most[0]} %")]
    cannot = least[0] > most[0]
    assert any("cannot all be: t0, t1" in t for t in shares(folder, *both)) == cannot
    # One that is more than all of it by itself is told at its limit alone.
    alone = ("diesel", "rise_by", "900 %, relative_to: 2017"), ("battery", "at_least", "1 %")
    assert not any("come to" in t or "cannot all" in t for t in shares(folder, *alone))
    # The same part twice is no sum.
    found = shares(folder, *(("diesel", "at_least", f"{x} %") for x in least))
    assert not any("come to" in t for t in found)


def test_an_indicator_that_is_not_computed_has_no_value(tmp_path: Path) -> None:
    index = "{other: my-index, unit: day}"
    found, told = targets(tmp_path, target("t", indicator=index, pollutant="", at_most="9 day"))
    assert told == []
    assert np.isnan(found[0].judge(before(emission()))).all()
    assert (found[0].computed, found[0].unit, len(as_rows(found, 3))) == (False, "", 0)


def test_only_targets_of_the_year_go_to_the_optimiser(tmp_path: Path) -> None:
    found, _ = targets(
        tmp_path, target("now", at_most="1 t/a"), target("early", at_most="2 t/a", year="2018")
    )
    rows = as_rows(found, 3)
    assert (rows.ids, rows.limit.tolist(), rows.unit) == (("now",), [1.0], ("t/a",))
    assert np.einsum("tsp,sp->t", rows.weight, emission()[:, :, 3]).tolist() == [120.0]
    assert as_rows(found, 3, np.array([7.0])).limit.tolist() == [7.0]


def test_pollutants_matter_by_what_they_make_of_the_targets() -> None:
    voc = POLLUTANTS.index("VOC")
    tonnes = emission()
    tonnes[0, voc] = 30.0
    weight = np.zeros((2, len(POLLUTANTS)))
    weight[:, NOX], weight[:, voc] = 0.1, 0.2  # of 2019: 0.1 * 120 = 12 and 0.2 * 30 = 6
    total = np.zeros((2, len(POLLUTANTS)))
    total[:, NOX] = 1.0
    mean, sum_, not_computed = (SimpleNamespace(weight=w, year=3) for w in (weight, total, None))
    found = pollutant_weights([mean, sum_, not_computed], tonnes)  # type: ignore[list-item]
    assert found[[NOX, voc]] == pytest.approx([2 / 3 + 1, 1 / 3])
    assert found.sum() == pytest.approx(2.0)


# --- for any sample ------------------------------------------------------------------------------

PLAN = [
    target("nox", reduce_by="30 %", relative_to="2015"),
    target("north", at_most="9000 t/a", areas="[north]"),
    target("index", indicator="{other: my-index, unit: '1', value: 6.85}", pollutant=""),
    target("mean", indicator="pm25", pollutant="", at_most="55 ug/m3"),
    target("falls", indicator="pm25", pollutant="", reduce_by="0 %", relative_to="2015"),
    target("dust", indicator="dustfall", pollutant="", reduce_by="1 t/(km2*month)",
           relative_to="baseline"),
    target("school", indicator="concentration", pollutant="", receptor="school",
           at_most="25 ug/m3"),
    target("co2", indicator="co2-intensity", pollutant="", reduce_by="18 %", relative_to="2017"),
]  # fmt: skip


def whole_plan(folder: Path) -> tuple[list[ResolvedTarget], dict[str, Available], Context]:
    """A target of every kind on the small region of the indicators."""
    head = REGION.replace("last_year: 2019", "last_year: 2020")
    read = sound(folder, text_of([], [t.replace("year: 2019", "year: 2020") for t in PLAN], head))
    at = case.context()
    known = fit_indicators(
        declare_indicators(at, indicators_asked(read)),
        at.space,
        case.projected(1, seed=1),
        at.problems,
    )
    found = resolve_targets(
        read,
        case.SOURCES,
        known,
        baseline=case.projected(1, seed=1),
        problems=at.problems,
        areas=case.AREAS,
    )
    at.problems.stop_if_any()
    return found, known, at


def declared_of(known: Mapping[str, Available]) -> dict[str, Declared]:
    return {name: own.declared for name, own in known.items()}


def test_samples_are_judged_as_one_at_a_time(tmp_path: Path) -> None:
    found, known, at = whole_plan(tmp_path)
    theta, columns = case.drawn(at.space, 7, seed=2), 7
    baseline, plan = case.projected(columns, seed=3), case.projected(columns, seed=4)
    fitted = fit_all(declared_of(known), theta, baseline)
    judged = judge_targets(found, fitted, base_values(found, fitted, baseline, NOTHING), plan)
    assert judged.value.shape == judged.limit.shape == judged.base.shape == (len(PLAN), columns)
    for k in range(columns):
        own = slice(k, k + 1)
        single = fit_all(declared_of(known), theta[:, own], case.columns_of(baseline, own))
        bases = base_values(found, single, case.columns_of(baseline, own), NOTHING)
        alone = [
            replace(t, fitted=t.fitted and single[t.target.indicator_id], base=base)
            for t, base in zip(found, bases, strict=True)
        ]
        for t, resolved in enumerate(alone):
            value, base, limit = resolved.judge(case.columns_of(plan, own))
            expected = (judged.value[t, k], judged.base[t, k], judged.limit[t, k])
            np.testing.assert_array_equal((value, base, limit), expected)


def test_limits_and_bases_of_a_sample_by_hand(tmp_path: Path) -> None:
    found, known, at = whole_plan(tmp_path)
    baseline, plan = case.projected(2, seed=3), case.projected(2, seed=4)
    fitted = fit_all(declared_of(known), case.drawn(at.space, 2, seed=2), baseline)
    judged = judge_targets(found, fitted, base_values(found, fitted, baseline, NOTHING), plan)
    row = {t.target.id: k for k, t in enumerate(found)}
    nox = baseline.emission[:, NOX].sum(axis=0)
    assert judged.base[row["nox"]] == pytest.approx(nox[0])
    assert judged.limit[row["nox"]] == pytest.approx(0.7 * nox[0])
    assert judged.value[row["nox"]] == pytest.approx(plan.emission[:, NOX, -1].sum(axis=0))
    assert np.isnan(judged.base[row["north"]]).all()
    assert judged.limit[row["north"]].tolist() == [9000.0, 9000.0]
    assert judged.limit[row["falls"]].tolist() == judged.base[row["falls"]].tolist()
    dust = fitted["dustfall"].value(baseline, Subject())
    assert judged.limit[row["dust"]] == pytest.approx(dust[-1] - 1.0)
    assert np.isnan([a[row["index"]] for a in (judged.value, judged.base, judged.limit)]).all()


def test_central_column_is_that_of_the_samples(tmp_path: Path) -> None:
    found, known, at = whole_plan(tmp_path)
    baseline, plan = case.projected(1, seed=1), case.projected(1, seed=4)
    fitted = fit_all(declared_of(known), at.space.central(), baseline)
    judged = judge_targets(found, fitted, base_values(found, fitted, baseline, NOTHING), plan)
    for t, resolved in enumerate(found):
        columns = (judged.value[t, 0], judged.base[t, 0], judged.limit[t, 0])
        np.testing.assert_array_equal(resolved.judge(plan), columns)
        if resolved.computed:
            assert resolved.limit == judged.limit[t, 0]


def test_rows_of_the_optimiser_say_what_the_value_is(tmp_path: Path) -> None:
    found, _, _ = whole_plan(tmp_path)
    plan, year = case.projected(1, seed=4), len(case.YEARS) - 1
    rows = as_rows(found, year)
    assert rows.ids == tuple(t.target.id for t in found if t.computed)
    values = rows.constant + (rows.weight * plan.emission[:, :, year, 0]).sum(axis=(1, 2))
    assert values == pytest.approx([t.judge(plan)[0] for t in found if t.computed], rel=1e-12)
    assert rows.limit.tolist() == [t.limit for t in found if t.computed]


def test_an_indicator_without_a_value_in_the_year_is_told(tmp_path: Path) -> None:
    problems = Problems()
    read = sound(tmp_path, text_of([], [target("t", at_most="1 t/a")], REGION))

    class Silent(Fitted):
        def value(self, projection: Projection, subject: Subject) -> Array:
            return np.full((len(projection.years), 1), np.nan)

    emission_indicator = replace(find("emission"), asks_for=message("GDP"))
    known = {"emission": Available(emission_indicator, Declared(), Silent())}
    resolve_targets(read, SOURCES, known, baseline=before(emission()), problems=problems)
    (told,) = problems.found
    assert told.text().endswith("'emission' asks for GDP of 2019.")
    assert told.place.path == "targets[0].year"


def test_units_are_checked_before_any_table_is_read(tmp_path: Path) -> None:
    problems = Problems()
    wrong = target("t", indicator="co2-intensity", pollutant="", at_most="1 t/a")
    check_targets(sound(tmp_path, text_of([], [wrong], REGION)), problems)
    (told,) = problems.found
    assert told.found.text() == "'t/a' is not a unit of the same kind as 't/wan_yuan'."


# --- what the contract carries beyond the indicators that are registered -------------------------


class Stand(Fitted):
    """An indicator made up for a test: its value and its rows are given."""

    def __init__(self, value: Any, rows: list[Row] | None = None) -> None:
        super().__init__()
        object.__setattr__(self, "given", (value, rows))

    def value(self, projection: Projection, subject: Subject) -> Array:
        return np.asarray(self.given[0](projection.emission))  # type: ignore[attr-defined]

    def rows(self, subject: Subject, year: int) -> list[Row] | None:
        found: list[Row] | None = self.given[1]  # type: ignore[attr-defined]
        return found


def stand_in(folder: Path, fitted: Fitted, **keys: str) -> ResolvedTarget:
    """A target on an indicator that takes the place of the emission of NOx."""
    problems = Problems()
    read = sound(folder, text_of([], [target("t", **keys)], REGION))
    known = {"emission": Available(find("emission"), Declared(), fitted)}
    found = resolve_targets(read, SOURCES, known, baseline=before(emission()), problems=problems)
    problems.stop_if_any()
    return found[0]


def days(emission: Array) -> Array:
    """Days of the year, of 365, on which a total is above 105: a step, no straight line."""
    total = emission[:, NOX].sum(axis=0)
    return (
        np.where(total[..., None] > 105 - np.linspace(0, 30, 365), 1, 0).sum(axis=-1).astype(float)
    )


def test_what_has_no_rows_is_judged_after_the_solve(tmp_path: Path) -> None:
    heavy = stand_in(tmp_path, Stand(days), reduce_by="25 %", relative_to="2015")
    assert heavy.computed
    assert len(as_rows([heavy], heavy.year)) == 0
    cut = emission()
    cut[:, NOX, 3] *= 0.7  # 84 t: above 105 - 30 k / 364 from day k = 255 of 0..364 on
    value, base, limit = heavy.judge(before(cut))
    assert (value, base, limit) == (110.0, 365.0, 0.75 * 365)


def by_place(emission: Array) -> Array:
    """Cars are all in one township, sites in another: dims (year, township, sample)."""
    return emission[:, NOX].swapaxes(0, 1)


def test_a_target_on_several_places_is_judged_by_the_worst(tmp_path: Path) -> None:
    # cars 100 -> 95, limit 90: 5 too many; sites 20 -> 25, limit 18: 7 too many
    every = stand_in(tmp_path, Stand(by_place), reduce_by="10 %", relative_to="2015")
    assert every.judge(before(emission())) == pytest.approx((25.0, 20.0, 18.0))
    assert (every.base_value, every.limit) == pytest.approx((20.0, 18.0))
    better = emission()
    better[1, NOX, 3] = 10.0
    assert every.judge(before(better)) == pytest.approx((95.0, 100.0, 90.0))
    two = Projection(YEARS, np.stack([emission(), better], axis=-1), np.zeros((0, 4, 2)))
    judged = judge_targets([every], {"emission": every.fitted or Fitted()}, [every.base], two)
    assert judged.value.tolist() == [[25.0, 95.0]]
    assert judged.limit.tolist() == [pytest.approx([18.0, 90.0])]


ROW = Row(np.ones((2, len(POLLUTANTS), 1)), np.zeros(1))


@pytest.mark.parametrize(
    "rows",
    [
        [ROW, ROW],  # dustfall of every month, or every township
        [replace(ROW, binary={"either": np.ones(1)})],  # below the mean, or falling faster
        [replace(ROW, limit=np.ones(1))],
        [replace(ROW, sense="at_least")],
    ],
    ids=["several", "binary", "own-limit", "from-below"],
)
def test_rows_that_are_no_upper_limit_are_not_asked_as_one(tmp_path: Path, rows: list[Row]) -> None:
    total = Stand(lambda emission: emission[:, NOX].sum(axis=0), rows)
    found = stand_in(tmp_path, total, at_most="100 t/a")
    assert found.rows == tuple(rows)
    assert found.weight is None
    assert len(as_rows([found], found.year)) == 0
    assert found.judge(before(emission()))[0] == 120.0


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"at_most": "1.2 t/a"}, ""),  # 120 without the plan
        ({"at_most": "1.19 t/a"}, "without the plan there is 101 times as much. Check the unit."),
        ({"at_most": "0 t/a"}, ""),
        ({"reduce_by": "99.9 %", "relative_to": "2015"}, ""),
    ],
)
def test_a_limit_of_next_to_nothing_is_asked(
    tmp_path: Path, keys: dict[str, str], told: str
) -> None:
    found, _ = targets(tmp_path, target("t", **keys))
    read, problems = sound(tmp_path, text_of([], [target("t", **keys)], REGION)), Problems()
    doubt_targets(read, found, before(emission()), problems)
    assert [p.text().split("\n  ")[1] for p in problems.warnings] == ([told] if told else [])
