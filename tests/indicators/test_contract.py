"""What holds for every indicator that is registered, whoever wrote it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indicators.case import (
    BASE_YEAR,
    TABLES,
    YEARS,
    columns_of,
    context,
    declared,
    drawn,
    projected,
    rows_of,
    subjects,
)
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Place
from lantian.indicators import find, registered
from lantian.indicators.available import GivenTables, declare_indicators, fit_indicators
from lantian.indicators.contract import (
    CENTRAL,
    PARAMETERS,
    TOTAL,
    Context,
    Fitted,
    Indicator,
    Row,
    Subject,
)
from lantian.indicators.days import Days
from lantian.indicators.tables import EVERY_YEAR, ResponseRow
from lantian.inventory.layers import Layers
from lantian.parameters import QuantityRow, units
from lantian.vocabulary import POLLUTANTS

COLUMNS, CHUNK = 17, 4
DAYS = {i.id for i in registered() if isinstance(i, Days)}
AFTER = {"alert-cut", "o3-8h-p90", "composite-rank", "road-residue", *DAYS}
"""Judged after the solve: no straight line leads to them."""
EVERY = pytest.mark.parametrize("indicator", registered(), ids=lambda i: i.id)
AT_A_LIMIT = {
    *("activity-share", "activity-ratio", "township-rule", "township-dustfall"),
    *("power-in-final-energy", "coal-in-energy", "non-fossil-in-energy"),
}
"""Linear at a limit that is known, and told by a test of their own."""
OF_TABLES = {"alert-cut", "emission", "township-rule", "township-dustfall"}
"""What has a table of its own, or is one number beside others."""
LINEAR = pytest.mark.parametrize(
    "indicator",
    [i for i in registered() if i.id not in AT_A_LIMIT],
    ids=lambda i: i.id,
)
"""Those that the optimiser can be asked for by rows, whatever the limit."""
COUNTED = {i.id for i in registered() if i.counted}
"""Those that count activity, whatever it emits."""
ASKING = pytest.mark.parametrize(
    "indicator", [i for i in registered() if i.asks_for.text()], ids=lambda i: i.id
)


def answers(fitted: Fitted, case: Projection, about: list[Subject]) -> Iterator[Array]:
    """Every array that an indicator gives, its samples last."""
    for subject in about:
        yield fitted.value(case, subject)
        for year in case.years:
            for row in fitted.rows(subject, year) or ():
                yield from (row.weight, row.constant)
                yield from () if row.activity is None else (row.activity,)
    parts = fitted.parts(case)
    if parts is not None:
        yield parts.value


@EVERY
def test_declaration_is_complete(indicator: Indicator) -> None:
    assert find(indicator.id) is indicator
    assert units.is_known(indicator.unit)
    assert set(indicator.needs) <= set(indicator.takes) <= set(PARAMETERS)
    assert bool(indicator.asks_for.text()) == bool(indicator.remedy.text())
    assert indicator.asks_for.text() or not indicator.requires


def test_tables_are_in_one_order_and_ids_are_their_own() -> None:
    assert len({i.order for i in registered()}) == len(registered())
    with pytest.raises(LookupError, match="no indicator 'pm52'"):
        find("pm52")


def told_by(row: Row, case: Projection, y: int) -> Array:
    """What a row of the optimiser comes to."""
    activity = 0.0 if row.activity is None else (row.activity * case.activity[:, y]).sum(axis=0)
    emitted = (row.weight * case.emission[:, :, y]).sum(axis=(0, 1))
    return np.asarray(row.constant + emitted + activity)


@LINEAR
def test_rows_say_what_the_value_is(indicator: Indicator) -> None:
    at = context()
    own = declared(indicator, at)
    case, theta = projected(COLUMNS, seed=1), drawn(at.space, COLUMNS, seed=2)
    fitted = own.fit(theta, projected(COLUMNS, seed=3))
    for subject in subjects(indicator, own):
        value = fitted.value(case, subject)
        assert value.shape == (len(YEARS), COLUMNS)
        for y, year in enumerate(YEARS):
            rows = fitted.rows(subject, year)
            if rows is None:
                assert indicator.id in AFTER
                continue
            each = [
                row.constant
                + (row.weight * case.emission[:, :, y]).sum(axis=(0, 1))
                + (
                    0.0
                    if row.activity is None
                    else (row.activity * case.activity[:, y]).sum(axis=0)
                )
                for row in rows
            ]
            linear = np.max(np.broadcast_arrays(*each), axis=0)  # all of them must be kept
            np.testing.assert_allclose(np.broadcast_to(linear, COLUMNS), value[y], rtol=1e-12)


@EVERY
def test_columns_are_the_bytes_of_one_at_a_time(indicator: Indicator) -> None:
    at = context()
    own = declared(indicator, at)
    theta, baseline, case = (
        drawn(at.space, COLUMNS, 1),
        projected(COLUMNS, 2),
        projected(COLUMNS, 3),
    )
    about = subjects(indicator, own)
    together = list(answers(own.fit(theta, baseline), case, about))
    for width in (1, CHUNK):
        for start in range(0, COLUMNS, width):
            part = slice(start, start + width)
            alone = own.fit(theta[:, part], columns_of(baseline, part))
            again = list(answers(alone, columns_of(case, part), about))
            for whole, single in zip(together, again, strict=True):
                same = whole if whole.shape[-1] == 1 else whole[..., part]
                assert same.tobytes() == single.tobytes()


@EVERY
def test_some_years_are_those_of_all_years(indicator: Indicator) -> None:
    at = context()
    own = declared(indicator, at)
    theta, baseline, case = drawn(at.space, 3, 1), projected(3, 2), projected(3, 3)
    some = [YEARS.index(y) for y in (2015, BASE_YEAR, 2020)]

    def only(whole: Projection) -> Projection:
        years = tuple(YEARS[y] for y in some)
        return Projection(years, whole.emission[:, :, some], whole.activity[:, some])

    few, every = own.fit(theta, only(baseline)), own.fit(theta, baseline)
    for subject in subjects(indicator, own):
        expected = every.value(case, subject)[some]
        np.testing.assert_array_equal(few.value(only(case), subject), expected)
        np.testing.assert_array_equal(every.value(case.at(2020), subject)[0], expected[-1])


@EVERY
def test_only_the_pollutants_it_names_matter(indicator: Indicator) -> None:
    at = context()
    own = declared(indicator, at)
    fitted = own.fit(at.space.central(), projected(1, seed=1))
    case = projected(1, seed=2)
    for subject in subjects(indicator, own):
        needed = [POLLUTANTS.index(p) for p in own.pollutants(subject)]
        assert bool(needed) != (indicator.id in COUNTED)
        blank = np.full_like(case.emission, np.nan)
        blank[:, needed] = case.emission[:, needed]
        found = fitted.value(Projection(case.years, blank, case.activity), subject)
        assert found.tobytes() == fitted.value(case, subject).tobytes()


@EVERY
def test_parts_add_up_to_the_value(indicator: Indicator) -> None:
    at = context()
    own = declared(indicator, at)
    case = projected(3, seed=1)
    fitted = own.fit(drawn(at.space, 3, seed=2), projected(3, seed=3))
    parts = fitted.parts(case)
    if parts is None:
        # These have tables of their own, or are what a target says.
        assert indicator.id in OF_TABLES | COUNTED
        return
    for receptor in dict.fromkeys(parts.receptor or ("",)):
        own_parts = [
            (name, value)
            for name, value, place in zip(
                parts.component, parts.value, parts.receptor or [""] * len(parts.value), strict=True
            )
            if place == receptor
        ]
        total = dict(own_parts)[TOTAL]
        subject = Subject(receptor=receptor or None)
        np.testing.assert_allclose(total, fitted.value(case, subject), rtol=1e-13)
        rest = [value for name, value in own_parts if name != TOTAL]
        if rest:
            np.testing.assert_allclose(sum(rest), total, rtol=1e-13)


@EVERY
def test_range_is_told_around_the_central_value(indicator: Indicator) -> None:
    at = context()
    before, case = projected(1, seed=1), projected(1, seed=2)
    own = declared(indicator, at)
    found = fit_indicators({indicator.id: own}, at.space, before, at.problems)[indicator.id]
    central = own.fit(at.space.central(), before)
    for subject in subjects(indicator, own):
        value = found.fitted.value(case, subject)
        assert value[..., CENTRAL].tobytes() == central.value(case, subject)[..., 0].tobytes()
        if len(own.ranged) and indicator.id not in COUNTED:
            spread = value.max(axis=-1) - value.min(axis=-1)
            assert (spread[YEARS.index(2018) :] > 0).all()


@pytest.mark.parametrize("indicator", [i for i in registered() if i.requires], ids=lambda i: i.id)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_numbers_written_into_the_tables_give_the_same(indicator: Indicator, seed: int) -> None:
    """Shares that must add up to 1 are scaled to it, in a column as in the tables."""
    at = context()
    own = declared(indicator, at)
    theta, baseline, case = drawn(at.space, 1, seed), projected(1, 2), projected(1, 3)
    value = dict(zip(map(id, at.space.given), theta[-len(at.space.given) :, 0], strict=True))
    again = context(
        {
            name: [
                r.model_copy(update={"value": float(value.get(id(given), np.nan))})
                for r, given in zip(rows_of(name), _given(at, name), strict=True)
            ]
            for name in TABLES
        }
    )
    scaled = indicator.declare(again)
    assert scaled is not None
    told = [p.found.text() for p in again.problems.found]
    assert all("add up to" in text for text in told)
    for one, two in zip(
        answers(own.fit(theta, baseline), case, subjects(indicator, own)),
        answers(scaled.fit(again.space.central(), baseline), case, subjects(indicator, scaled)),
        strict=True,
    ):
        np.testing.assert_allclose(one, two, rtol=1e-13)


def _given(at: Context, name: str) -> list[object]:
    """The rows that numbers were taken from; a response as it stands in the base year."""
    tables = at.tables
    assert isinstance(tables, GivenTables)
    taken = at.dated.get(name, tables.tables[name]).rows
    by_key = {_undated(row): row for row in taken}
    return [by_key.get(_undated(row), row) for row in tables.tables[name].rows]


def _undated(row: QuantityRow) -> tuple[object, ...]:
    """The keys of a row; without its year where only that of the base year counts."""
    if isinstance(row, ResponseRow) and row.parameter not in EVERY_YEAR:
        return (row.parameter, row.group, row.source, row.height, row.pollutant)
    return row.key()


@ASKING
def test_what_has_no_tables_is_told_where_it_is_asked_for(indicator: Indicator) -> None:
    at, here = context({}), Place("plan.yaml", 7)
    assert indicator.id not in declare_indicators(at, {})
    assert at.problems.found == []
    assert indicator.id not in declare_indicators(at, {indicator.id: here})
    (told,) = at.problems.found
    assert told.place == here
    assert told.text().startswith(f"plan.yaml:7\n  '{indicator.id}' asks for ")


@ASKING
def test_a_region_without_a_table_is_told_the_same(indicator: Indicator, tmp_path: Path) -> None:
    at = context({})
    region = replace(at, tables=Layers((tmp_path,), tmp_path, at.problems, at.space))
    declare_indicators(region, {})
    assert at.problems.found == []
    declare_indicators(region, {indicator.id: Place("plan.yaml", 7)})
    (told,) = at.problems.found
    assert told.fix == indicator.remedy


@ASKING
def test_tables_that_hold_nothing_of_it_are_not_it(indicator: Indicator) -> None:
    at = context({name: [] for name in TABLES})
    assert indicator.id not in declare_indicators(at, {})
    assert at.problems.found == []
