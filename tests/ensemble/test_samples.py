"""Random sets of numbers: the same whatever is asked for at a time, and as theory says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import call
from lantian.core.system import Array
from lantian.ensemble.draws import Draws, Mixing, draws_of
from lantian.ensemble.failure import failure_boxes
from lantian.ensemble.propagation import key_categories, propagate
from lantian.ensemble.sampled import Sampled, band_of, sample, spread_of, wilson
from lantian.ensemble.streams import PAGE
from lantian.ensemble.variance import (
    Cause,
    Variance,
    driver_levels,
    first_order,
    measure_first,
    noise_of,
    variances,
)
from lantian.ensemble.weather import weather, weather_slots, year_effects
from lantian.study.load import load
from lantian.study.model import Results, Study
from lantian.study.solve import solve
from support.columns import study_of, swings_of


@pytest.fixture(scope="module")
def small(starter: Path) -> tuple[Study, Results]:
    study = load(starter / "scenarios" / "my-district.yaml")
    return study, solve(study, curves=False)


def same(a: Sampled, b: Sampled) -> bool:
    pairs = [(getattr(a.outcomes, n), getattr(b.outcomes, n)) for n in ("value", "limit", "cost")]
    return all(x.tobytes() == y.tobytes() for x, y in pairs)


@pytest.mark.parametrize("width", [1, 7, 1000])
def test_the_same_bytes_for_any_width(small: tuple[Study, Results], width: int) -> None:
    study, results = small
    expected = sample(study, results.cases, samples=60)
    assert same(expected, sample(study, results.cases, samples=60, width=width))


def test_the_same_bytes_on_a_whole_region() -> None:
    study = study_of("xincheng-2024")
    expected = sample(study, {}, samples=9)
    for width in (1, 7):
        assert same(expected, sample(study, {}, samples=9, width=width))


@pytest.mark.parametrize("method", ["monte-carlo", "latin-hypercube", "sobol"])
def test_slices_across_pages_are_those_of_the_whole(
    method: str, small: tuple[Study, Results]
) -> None:
    draws = replace(draws_of(small[0], 2 * PAGE), method=method)
    whole = draws.levels(slice(0, 2 * PAGE))
    assert whole.shape[1] == 2 * PAGE
    assert (whole > 0.0).all()
    assert (whole < 1.0).all()
    assert (draws.levels(slice(PAGE - 3, PAGE + 4)) == whole[:, PAGE - 3 : PAGE + 4]).all()
    assert np.abs(whole.mean(axis=1) - 0.5).max() < 0.05
    if method != "monte-carlo":  # each of 2^7 strata of every driver has its part
        counts = np.apply_along_axis(lambda u: np.bincount((u * 128).astype(int)), 1, whole)
        assert (counts == 16).all()


def test_a_mix_is_that_of_the_run_at_central_values(small: tuple[Study, Results]) -> None:
    from lantian.ensemble.outcomes import ask, of_block

    study, results = small
    solved = {n: c for n, c in results.cases.items() if n in ("least_cost", "match_plan")}
    inquiry = ask(study, solved=solved)
    found = of_block(inquiry, study.space.central())
    for name, case in solved.items():
        expected = [t.judge(study.projection(case))[0] for t in study.targets]
        np.testing.assert_allclose(
            found.value[inquiry.cases.index(name), :, 0], expected, rtol=1e-12
        )


def test_a_mix_takes_no_more_than_there_is() -> None:
    study = study_of("xincheng-2024")
    results = solve(study, curves=False)
    from lantian.ensemble.mix import mix_of

    years = np.array([len(study.system.years) - 1])
    mix = mix_of(study.system, results.cases["least_cost"], years)
    draws, window = draws_of(study, 20), years
    from lantian.inventory.contract import Window

    values = study.compiled.values(draws.theta(slice(0, 20)), Window(window, years))
    baseline = np.zeros((len(study.system.states), 1, 20))
    baseline[study.compiled.structure.base] = values.activity
    left, moved = mix.activity(values, baseline)
    assert moved.any()
    assert (left >= -1e-9 * (1.0 + baseline.max())).all()


def test_correlated_groups_follow_their_matrix(small: tuple[Study, Results]) -> None:
    plain = draws_of(small[0], 8 * PAGE)
    value, vector = np.linalg.eigh(np.array([[1.0, -0.8], [-0.8, 1.0]]))
    mixing = Mixing(np.array([0, 1]), vector * np.sqrt(value))
    levels = replace(plain, mixing=(mixing,)).levels(slice(0, 8 * PAGE))
    from scipy.special import ndtri

    assert np.corrcoef(ndtri(levels[:2]))[0, 1] == pytest.approx(-0.8, abs=0.02)
    np.testing.assert_array_equal(levels[2:], plain.levels(slice(0, 8 * PAGE))[2:])


def test_rows_of_a_series_and_of_a_group_vary_together() -> None:
    study = study_of("tongzhou-2020")
    draws = draws_of(study, 10)
    keys = [study.space.number_of(s).given.key() for s in draws.slots.tolist()]
    stock = [k for k, key in enumerate(keys) if key[:2] == ("heavy-truck-transit", "stock")]
    assert len(stock) > 1
    assert len(set(draws.driver[stock].tolist())) == 1
    first = draws.slots[:2].tolist()
    grouped = replace(study, spread=replace(study.spread, group=dict.fromkeys(first, "both")))
    assert len(set(draws_of(grouped, 10).driver[:2].tolist())) == 1


# --- published examples --------------------------------------------------------------------------


def monte_carlo(columns: int, n: int = 200_000) -> Array:
    """Return levels as the program draws them, dims (input, sample)."""
    drawn = Draws(
        samples=n,
        method="monte-carlo",
        seed=3,
        central=np.zeros((0, 1)),
        slots=np.zeros(0, dtype=np.int64),
        quantiles=None,  # type: ignore[arg-type]
        driver=np.zeros(0, dtype=np.int64),
        drivers=columns,
        cause=(),
    )
    return drawn.levels(slice(0, n))


def test_the_additive_models_of_gum_supplement_1() -> None:
    """JCGM 101:2008, 9.2: four inputs of mean 0 and standard deviation 1, added up.

    Normal inputs give 0 +- 3.92, rectangular ones 0 +- 3.88 (the same standard uncertainty, 2).
    """
    from scipy.special import ndtri

    level = monte_carlo(4)
    normal = spread_of(ndtri(level).sum(axis=0))
    rectangular = spread_of((np.sqrt(12.0) * (level - 0.5)).sum(axis=0))
    assert [normal.low, normal.high] == pytest.approx([-3.92, 3.92], abs=0.04)
    assert [rectangular.low, rectangular.high] == pytest.approx([-3.88, 3.88], abs=0.04)
    assert normal.settled
    assert rectangular.settled


def test_mass_calibration_of_gum_supplement_1() -> None:
    """JCGM 101:2008, 9.3: first-order propagation gives 0.0539 mg, the true spread is 0.0754 mg.

    The first-order terms of the air density vanish, because the densities are best guessed alike.
    """
    from scipy.special import ndtri

    level = monte_carlo(5)
    reference, small_weight = 100_000.0 + 0.050 * ndtri(level[0]), 1.234 + 0.020 * ndtri(level[1])
    air = 1.10 + 0.20 * level[2]
    weight, standard = 7000.0 + 2000.0 * level[3], 7950.0 + 100.0 * level[4]
    found = (reference + small_weight) * (1.0 + (air - 1.2) * (1.0 / weight - 1.0 / standard))
    deviation = found - 100_000.0
    assert deviation.mean() == pytest.approx(1.234, abs=0.001)
    assert deviation.std() == pytest.approx(0.0754, abs=0.0006)
    told = spread_of(deviation)
    assert [told.low, told.high] == pytest.approx([1.0834, 1.3825], abs=0.003)


def test_the_falling_ball_of_nist_technical_note_1900() -> None:
    """Example E3 (Possolo 2015): mPa s; samples give 5.82 +- 1.11 and 4.05 to 8.39, Gauss 5.69.

    A time in the divisor with 15 % makes the spread lopsided, and moves its mean off the central
    value.
    """
    from scipy.special import ndtri

    level = monte_carlo(6)
    means = np.array([4.63, 61.0, 36.6, 2217.0, 1180.0, 810.0])
    spreads = np.array([0.0463, 6.1, 5.49, 0.5, 0.5, 0.5])

    def viscosity(numbers: Array) -> Array:
        calibration, time, own_time, ball, liquid, own_liquid = numbers
        return np.asarray(calibration * time * (ball - liquid) / own_time / (ball - own_liquid))

    assert viscosity(means) == pytest.approx(5.69, abs=0.005)
    found = viscosity(means[:, None] + spreads[:, None] * ndtri(level))
    told = spread_of(found)
    assert told.mean == pytest.approx(5.82, abs=0.01)
    assert found.std() == pytest.approx(1.11, abs=0.02)
    assert [told.low, told.high] == pytest.approx([4.05, 8.39], abs=0.04)
    assert told.settled


def test_first_order_and_samples_differ_as_theory_says() -> None:
    """ln of a wide uniform number: the mean is not the ln of the mean; of a narrow one it is."""
    level = monte_carlo(1)[0]
    for half, first_order_holds in ((0.01, True), (0.9, False)):
        x = 1.0 + half * (2.0 * level - 1.0)
        a, b = 1.0 - half, 1.0 + half
        exact = (b * np.log(b) - a * np.log(a)) / (b - a) - 1.0
        assert np.log(x).mean() == pytest.approx(exact, abs=0.004)
        assert (abs(exact) < 1e-4) == first_order_holds


def test_ranges_hold_the_truth_as_often_as_they_say() -> None:
    """Synthetic truths: the 95 % range of samples holds a further draw in 93 to 97 % of cases."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(400):
        values = np.exp(rng.normal(size=(3, 301)) * [[0.3], [0.5], [0.2]]).prod(axis=0)
        told = spread_of(values[1:])
        inside += told.low <= values[0] <= told.high
    assert 0.93 <= inside / 400 <= 0.97


def test_the_error_of_percentiles_is_that_of_other_samples() -> None:
    """Half of a 95 % interval: the ends of 19 of 20 other sets of samples lie no further off."""
    rng, levels = np.random.default_rng(3), (0.025, 0.25, 0.5, 0.75, 0.975)
    exact = np.array([-1.95996, -0.67449, 0.0, 0.67449, 1.95996])
    bands = [band_of(rng.normal(size=400), levels) for _ in range(300)]
    off = np.abs(np.array([band.lines for band in bands]) - exact).max(axis=1)
    told = np.array([band.error * (band.lines[-1] - band.lines[0]) for band in bands])
    assert 0.9 <= (off <= told).mean() <= 1.0
    wide = np.mean([band.error for band in bands])
    assert band_of(rng.normal(size=40_000), levels).error == pytest.approx(wide / 10.0, rel=0.3)


def test_too_few_samples_are_told() -> None:
    assert band_of(np.arange(39.0), (0.025, 0.975)).error == np.inf
    assert band_of(np.arange(40.0), (0.025, 0.975)).error < np.inf
    assert band_of(np.ones(5), (0.025, 0.975)).settled  # what never varies is known
    rng = np.random.default_rng(1)
    assert not spread_of(rng.normal(size=30)).settled
    assert not spread_of(np.exp(2.0 * rng.normal(size=200))).settled
    assert spread_of(rng.normal(size=2000)).settled
    low, high = wilson(0.0, 1000)
    assert low == 0.0
    assert high == pytest.approx(0.0038, abs=1e-4)


# --- variance ------------------------------------------------------------------------------------


def test_indices_are_those_of_salib_and_of_theory() -> None:
    """A sum of 3 x, 2 x and x of alike inputs: 9, 4 and 1 of 14 parts."""
    from SALib.analyze import rbd_fast

    level = monte_carlo(4, 4000)
    output = 3.0 * level[0] + 2.0 * level[1] + level[2]
    found = first_order(level, output)
    assert found[:3] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.03)
    assert found[3] < noise_of(output) + 0.01
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    theirs = rbd_fast.analyze(problem, level.T, output, num_resamples=2)["S1"]
    np.testing.assert_allclose(found, np.clip(theirs, 0.0, 1.0), atol=1e-12)


def test_what_moves_a_target_most_is_named_first() -> None:
    study = study_of("tongzhou-2020")
    sampled = sample(study, {}, samples=300)
    found = variances(sampled, swings_of("tongzhou-2020"))
    own = next(v for v in found if study.targets[v.target].target.id == "transport-nox")
    names = [
        study.space.number_of(int(sampled.draws.slots[sampled.draws.driver == c.driver][0]))
        for c in own.causes[:4]
    ]
    assert {n.given.key()[0] for n in names} >= {"heavy-truck", "diesel-truck"}
    assert own.causes[0].share > 5.0 * own.noise
    first = measure_first(sampled, found)
    verdict = next(v for verdicts in first for v in verdicts if v.target == own.target)
    assert abs(verdict.if_high - verdict.if_low) > 0.2


def test_weather_counts_once_and_for_all_cases_alike() -> None:
    study = study_of("tongzhou-2020")
    own = weather(study, "pm25", (2020,), slice(0, 4000))
    assert own is not None
    assert weather(study, "dustfall", (2020,), slice(0, 10)) is None
    # The base year was favourable by 4.9 %: at normal weather the same emissions give more.
    assert own.normal.mean() == pytest.approx(1.0 / 0.951, abs=0.002)
    deviation = (own.year[0] / own.normal).std()
    assert deviation == pytest.approx(0.06, abs=0.004)
    assert (own.three[0] / own.normal).std() == pytest.approx(deviation / np.sqrt(3.0), rel=0.05)
    part = weather(study, "pm25", (2020,), slice(1000, 1100))
    assert part is not None
    np.testing.assert_array_equal(part.year, own.year[:, 1000:1100])


def test_the_weather_is_in_the_numbers_once() -> None:
    """Without it all that rests on PM2.5 differs by just its factor; nothing else varies it."""
    from lantian.ensemble.outcomes import ask, of_block

    study = study_of("tongzhou-2020")
    sampled, effects = sample(study, {}, samples=50), year_effects(study)
    assert effects is not None
    draws = sampled.draws
    assert not set(draws.slots.tolist()) & weather_slots(study).keys()
    theta = draws.theta(slice(0, 50))
    still = theta.copy()
    still[effects.slots] = 0.0
    values = [of_block(ask(study), own).value[..., sampled.kept] for own in (theta, still)]
    ids = [t.target.id for t in study.targets]
    pm25, days, nox = (ids.index(name) for name in ("pm25-mean", "heavy-days", "nox-total"))
    np.testing.assert_array_equal(values[0], sampled.outcomes.value)
    factor, luck = values[0][:, pm25] / values[1][:, pm25], sampled.luck(pm25)
    assert luck is not None
    np.testing.assert_allclose(factor, np.broadcast_to(luck, factor.shape), 1e-9)
    assert np.corrcoef((values[0] - values[1])[1, days], factor[1])[0, 1] > 0.8
    np.testing.assert_array_equal(values[0][:, nox], values[1][:, nox])


def test_a_year_has_the_same_weather_whichever_others_are_asked_for() -> None:
    study = study_of("tongzhou-2020")
    one = weather(study, "pm25", (2020,), slice(0, 9))
    many = weather(study, "pm25", (2018, 2019, 2020), slice(0, 9))
    assert one is not None
    assert many is not None
    np.testing.assert_array_equal(one.year[0], many.year[2])


def test_beijing_2017_was_met_by_the_weather() -> None:
    """58 ug/m3 were measured; at normal weather it would have been 61, above the target of 60."""
    study = study_of("tongzhou-2020")
    own = weather(study, "pm25", (2017,), slice(0, 4000))
    assert own is not None
    assert (own.year == 1.0).all()  # the year that was observed holds its own weather
    normal = 58.0 * own.normal
    assert normal.mean() == pytest.approx(61.0, abs=0.1)
    assert (normal > 60.0).mean() > 0.8


# --- error propagation ---------------------------------------------------------------------------


def test_the_published_case_of_error_propagation() -> None:
    """New Zealand's inventory 1990-2002 (2004), annex 7, table of tier 1 uncertainties."""
    rows = np.array(
        [
            [22850.6, 30815.77, 5, 0, 5, 2.06, 0.0489, 0.5003, 3.54],
            [2403.65, 2954.03, 5, 0, 5, 0.2, 0.0005, 0.048, 0.34],
            [749.78, 987.54, 5, 50, 50, 0.66, 0.0012, 0.016, 0.13],
            [2.52, 97.09, 45, 120, 128, 0.17, 0.0015, 0.0016, 0.21],
            [21371.91, 23584.68, 1, 46, 46, 14.48, -0.039, 0.3829, 1.87],
            [573.09, 548.0, 1, 90, 90, 0.66, -0.0024, 0.0089, 0.22],
            [18.77, 22.49, 50, 40, 64, 0.02, 0, 0.0004, 0.03],
            [88.89, 86.14, 100, 100, 141, 0.16, -0.0004, 0.0014, 0.2],
        ]
    ).T
    found = propagate(rows[0], rows[1], rows[2] / 100, rows[3] / 100, (61597.0, 74915.0))
    np.testing.assert_allclose(100 * found.combined, rows[4], atol=0.51)
    np.testing.assert_allclose(100 * found.in_total, rows[5], atol=0.02)
    np.testing.assert_allclose(found.type_a, rows[6], atol=3e-4)
    np.testing.assert_allclose(found.type_b, rows[7], atol=1e-4)
    np.testing.assert_allclose(100 * found.trend, rows[8], atol=0.02)


def test_key_categories_are_those_that_make_up_most() -> None:
    assert key_categories(np.array([1.0, 60.0, -30.0, 6.0, 3.0])).tolist() == [
        False,
        True,
        True,
        True,
        False,
    ]


# --- what a user writes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("samples: 100001", "100000"),
        ("uncertainty: {method: sobol}\nsamples: 1000", "1024"),
        (
            "uncertainty: {distributions: [{level: nothing, distribution: uniform}]}",
            "no commitment",
        ),
        ("uncertainty: {groups: {a: [{table: inventorie}]}}", "inventory"),
        (
            "uncertainty: {correlations: [{between: [a, b], matrix: [[1, 0], [0, 1]]}]}",
            "no group 'a'",
        ),
        (
            "uncertainty: {correlations: [{between: [a, b], matrix: [[1, 0.5], [0.4, 1]]}]}",
            "symmetric",
        ),
        (
            "uncertainty: {correlations: [{between: [a, b, c],"
            " matrix: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]}]}",
            "eigenvalue",
        ),
        ("uncertainty: {distributions: [{table: inventory, distribution: gamma}]}", "lognormal"),
        (
            "uncertainty: {distributions: [{table: inventory, distribution: Log-Normal}]}",
            "it is written 'lognormal'",
        ),
        *(
            (f"uncertainty: {{correlations: [{{between: [a, b], matrix: {matrix}}}]}}", told)
            for matrix, told in (
                ("[[1, .nan], [.nan, 1]]", "nan is not a finite number"),
                ("[[1, 0.5], [0.5, .inf]]", "inf is not a finite number"),
                ("[[1, true], [true, 1]]", "is not a number"),
                ("[[1, x], [x, 1]]", "'x' is not a number"),
                ("[[1, 1.5], [1.5, 1]]", "1.5 is above 1"),
                ("[[1, 0.5], [0.5]]", "2 rows of 2"),
            )
        ),
        *(
            (f"uncertainty: {{distributions: [{{table: inventory, distribution: '{own}'}}]}}", told)
            for own, told in (
                ("discrete nan:0.5 20:0.5", "'nan' is not a finite number"),
                ("discrete 10:0.5 20:x", "'x' is not a finite number"),
                ("discrete 10:0.3 20:0.9", "add up to 1"),
                ("discrete 10:-0.3 20:1.3", "above 0"),
                ("discrete 10 20", "10:0.3 20:0.7"),
                ("empirical 1e400 2", "'1e400' is not a finite number"),
                ("empirical 3", "two values or more"),
                ("normal 3", "low and high"),
            )
        ),
    ],
)
def test_what_cannot_be_drawn_is_told(starter: Path, tmp_path: Path, added: str, told: str) -> None:
    import shutil

    own = tmp_path / "own"
    shutil.copytree(starter, own)
    path = own / "scenarios" / "my-district.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")
    answer = call("check", "scenarios/my-district.yaml", at=own)
    assert answer.code == 2
    assert told in answer.err + answer.out


# --- when the plan fails -------------------------------------------------------------------------


def test_a_planted_box_is_found_and_checked_on_other_samples() -> None:
    """Missed where input 2 is above 0.7 and input 5 below 0.4; a tenth is missed anywhere else."""
    from lantian.ensemble.failure import find_box, inside_of, told_by

    rng = np.random.default_rng(7)
    level = rng.random((12, 4000))
    missed = ((level[2] > 0.7) & (level[5] < 0.4)) | (rng.random(4000) < 0.02)
    sides = find_box(level[:, ::2], missed[::2])
    assert {(s.driver, s.above) for s in sides} == {(2, True), (5, False)}
    bound = {s.driver: s.bound for s in sides}
    assert bound[2] == pytest.approx(0.7, abs=0.03)
    assert bound[5] == pytest.approx(0.4, abs=0.03)
    coverage, density = told_by(inside_of(sides, level[:, 1::2]), missed[1::2])
    assert coverage > 0.8
    assert density > 0.9


def test_a_planted_failure_of_a_plan_is_told_by_its_inputs(small: tuple[Study, Results]) -> None:
    """Of all leading causes the two are named that decide, with what the other samples say."""
    study, results = small
    sampled = sample(study, results.cases, samples=1000)
    plan, limit = sampled.case("plan"), sampled.outcomes.limit
    t = next(k for k, own in enumerate(study.targets) if own.computed and own.bound.side > 0)
    high, low, *others = range(8)
    level = driver_levels(sampled, [high, low])
    planted = (level[0] > 0.6) & (level[1] < 0.5)
    value = sampled.outcomes.value.copy()
    value[plan, t] = np.where(planted, 2.0, 0.5) * limit[plan, t]
    missing = replace(sampled, outcomes=replace(sampled.outcomes, value=value))
    causes = tuple(Cause(d, 0.1, 0.1) for d in (*others, high, low))
    (box,) = failure_boxes(missing, [Variance(t, causes, (), 0.01)])
    assert {(s.driver, s.above) for s in box.restrictions} == {(high, True), (low, False)}
    bound = {s.driver: s.bound for s in box.restrictions}
    assert [bound[high], bound[low]] == pytest.approx([0.6, 0.5], abs=0.05)
    assert box.misses == planted[1::2].sum()
    assert box.coverage > 0.9
    assert box.density > 0.9


def test_where_misses_are_chance_no_box_is_told() -> None:
    from lantian.ensemble.failure import find_box, inside_of, told_by

    rng = np.random.default_rng(8)
    level, missed = rng.random((6, 2000)), rng.random(2000) < 0.3
    sides = find_box(level[:, ::2], missed[::2])
    _, density = told_by(inside_of(sides, level[:, 1::2]), missed[1::2])
    assert density < 0.4
