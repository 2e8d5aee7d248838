"""Known totals: what cuts are relative to, what an inventory is brought to, and contradictions."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lantian as lt
from integration.workbench import Project, call, copy_project
from lantian.ensemble.outcomes import ask, outcomes
from lantian.errors import InputError
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS

NORTH, SMALL = "inputs/regions/north-city", "inputs/regions/small"
TABLES = ("region", "drivers", "air", "activity/industry", "activity/voc", "activity/open-burning")
HEAD = """
name: {name}
title: {{en: small, zh: 小}}
region: small
base_year: 2025
last_year: 2028
samples: 0
uncertainty: {{swings: false}}
economics: {{price_year: 2024, discount_rate: 5 %}}
"""
TOTALS = "sector,pollutant,year,value,unit,low,high,basis,source_key,note"
VOC = POLLUTANTS.index("VOC")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A region of three sectors, those of the made-up city of the north."""
    found = copy_project(tmp_path_factory.mktemp("small"))
    (found.root / SMALL / "activity").mkdir(parents=True)
    for table in TABLES:
        shutil.copy(found.root / NORTH / f"{table}.csv", found.root / SMALL / f"{table}.csv")
    known = found.lines(f"{SMALL}/activity/voc.csv")
    found.write(f"{SMALL}/activity/voc.csv", [row for row in known if row[0] != "metal-coating"])
    (found.root / SMALL / "topdown.csv").write_text(f"{TOTALS}\n", encoding="utf-8")
    return found


Load = Callable[..., Study]


@pytest.fixture
def write(project: Project) -> Callable[[str, tuple[str, ...]], Path]:
    """Writes a scenario of the region, and its table of totals (rows up to the range)."""

    def written(scenario: str, totals: tuple[str, ...]) -> Path:
        lines = [f"{row},assumed,assumption," for row in totals]
        table = project.root / SMALL / "totals.csv"
        table.write_text("\n".join([TOTALS, *lines, ""]), encoding="utf-8")
        path = project.root / "scenarios" / "small.yaml"
        path.write_text(HEAD.format(name="small") + scenario, encoding="utf-8")
        return path

    return written


@pytest.fixture
def load(write: Callable[[str, tuple[str, ...]], Path]) -> Load:
    def loaded(scenario: str, *totals: str) -> Study:
        return lt.load(write(scenario, totals))

    return loaded


def told(load: Load, scenario: str, *totals: str) -> list[str]:
    """Every problem, where it stands and what it says."""
    with pytest.raises(InputError) as faults:
        load(scenario, *totals)
    return [problem.text() for problem in faults.value.problems]


def by_sector(study: Study, pollutant: str = "VOC") -> dict[str, np.ndarray]:
    """Emission of the baseline [t/a] by sector, dims (year,)."""
    own = study.baseline[:, POLLUTANTS.index(pollutant)]
    return {
        name: own[[s == name for s in study.system.sources.sector]].sum(axis=0)
        for name in dict.fromkeys(study.system.sources.sector)
    }


def cut(**keys: Any) -> str:
    own = {
        "id": "t",
        "clause": "[x]",
        "indicator": "emission",
        "reduce_by": "12 %",
        "relative_to": 2020,
        "year": 2028,
        "bindingness": "binding",
        **keys,
    }
    return f"targets:\n  - {{{', '.join(f'{k}: {v}' for k, v in own.items())}}}\n"


def test_a_cut_counts_from_a_total_where_there_is_no_inventory(load: Load) -> None:
    study = load(cut(pollutant="VOC"), ",VOC,2020,1.8,万吨,1.6,2")
    (target,) = study.targets
    assert (target.base_year, target.base_value) == (2020, 18000.0)
    assert target.limit == pytest.approx(0.88 * 18000.0)
    assert study.system.years == (2025, 2026, 2027, 2028)


@pytest.mark.parametrize(
    ("keys", "totals", "base"),
    [
        ({"was": "1.8 万吨"}, (), 18000.0),
        ({"was": "1.8 万吨/a", "sources": "[car-repair-*]"}, (), 18000.0),
        ({"was": "18 kt"}, (",VOC,2020,1.6,万吨,1.4,2",), 18000.0),  # the nearer one
    ],
)
def test_a_target_tells_itself_what_it_is_relative_to(
    load: Load, keys: dict[str, str], totals: tuple[str, ...], base: float
) -> None:
    (target,) = load(cut(pollutant="VOC", **keys), *totals).targets
    assert target.base_value == pytest.approx(base)
    assert target.limit == pytest.approx(0.88 * base)


def test_what_an_activity_was_varies_in_its_range(load: Load) -> None:
    """A cap of activity against a year without an inventory; each sample has its own."""
    was = "{value: 5000 t, low: 4000 t, high: 6000 t}"
    counted = cut(indicator="activity", activity="{sources: [straw]}", reduce_by="5 %/a", was=was)
    study = load(counted)
    (target,) = study.targets
    assert target.unit == "t"
    assert target.limit == pytest.approx(5000.0 * 0.95**8)
    low, high = study.space.ends()
    assert target.reference is not None
    assert (target.reference(low)[0], target.reference(high)[0]) == (4000.0, 6000.0)


def test_what_it_was_is_held_against_all_else_at_once(load: Load) -> None:
    """Every form of a wrong reference, each told where it stands."""
    wrong = {
        "kind": {"was": "18 km"},
        "inventory": {"was": "18 kt", "relative_to": 2025},
        "slip": {"was": "18 万吨", "sources": "[car-repair-*]", "sectors": "[voc]"},
    }
    text = "targets:\n" + "".join(
        cut(pollutant="VOC", id=name, **keys).removeprefix("targets:\n")
        for name, keys in wrong.items()
    )
    found = told(load, text)
    for i, said in enumerate(("not a unit of the same kind", "has an inventory of 2025")):
        assert [t for t in found if f"targets[{i}].was" in t and said in t], found


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"was": "-3 kt"}, "is negative"),
        ({"was": "{value: 5 kt, low: 6 kt, high: 7 kt}"}, "5 kt is not within 6 kt to 7 kt"),
        ({"was": "{value: 5 kt, low: 4 kt}"}, "low and high go together"),
        ({"was": "{value: 5 kt, low: 4 m, high: 6 kt}"}, "not a unit of the same kind"),
        ({"was": "5 kt", "relative_to": "baseline"}, "'was' tells of the year"),
        ({"reduce_by": "3 %/a", "relative_to": "baseline"}, "needs relative_to a year"),
        ({"reduce_by": "120 %/a", "was": "5 kt"}, "more than all of it"),
        ({"was": "18 Mt"}, "Check the unit"),
    ],
)
def test_a_reference_that_cannot_be_is_told(load: Load, keys: dict[str, str], said: str) -> None:
    assert [t for t in told(load, cut(pollutant="VOC", **keys)) if said in t]


def test_sectors_of_a_total_add_up(load: Load) -> None:
    totals = ("voc,VOC,2020,12000,t/a,11000,13000", "industry,VOC,2020,5,kt/a,4,6")
    study = load(cut(pollutant="VOC", sectors="[voc, industry]"), *totals)
    assert study.targets[0].base_value == pytest.approx(17000.0)


def test_a_mean_counts_from_what_was_observed(project: Project) -> None:
    seen = project.root / "inputs/regions/seen"
    seen.mkdir()
    (seen / "extends.csv").write_text("region,note\nnorth-city,\n", encoding="utf-8")
    header, now, *_ = project.lines(f"{NORTH}/air.csv")
    row = ["pm25", "2020", "actual", "52", "ug/m3", "51", "53", "assumed", "assumption", ""]
    project.write("inputs/regions/seen/air.csv", [header, row, now])
    extended = HEAD.format(name="seen").replace("region: small", "region: seen")
    path = project.root / "scenarios" / "seen.yaml"
    text = extended + cut(indicator="pm25", state="actual", reduce_by="10 %")
    path.write_text(text, encoding="utf-8")
    study = lt.load(path)
    assert study.targets[0].limit == pytest.approx(0.9 * 52.0)
    assert study.targets[0].base_year == 2020


def test_a_total_varies_with_its_range(load: Load) -> None:
    study = load(cut(pollutant="VOC"), ",VOC,2020,18,kt/a,16,20")
    theta = np.repeat(study.space.central(), 3, axis=1)
    slot = study.targets[0].reference.numbers.slots  # type: ignore[union-attr]
    theta[slot] = [[16.0, 18.0, 20.0]]
    limit = outcomes(ask(study), theta).limit[0, 0]
    assert limit == pytest.approx([14080.0, 15840.0, 17600.0])


def test_an_inventory_of_the_year_wins_and_both_are_told(
    write: Callable[[str, tuple[str, ...]], Path], project: Project
) -> None:
    scenario = cut(pollutant="VOC", relative_to=2025)
    path = str(write(scenario, (",VOC,2025,16,kt/a,15,17",)))
    answer = call("run", path, "--no-charts", "--overwrite", at=project.root)
    assert answer.code in (0, 3), answer.err
    table = pd.read_csv(project.root / "runs/small/tables/known_totals.csv")
    (row,) = table.to_dict("records")
    assert row["total"] == 16000.0
    assert row["inventory"] == pytest.approx(14680.07, rel=1e-5)
    assert row["least"] < row["inventory"] < row["most"]
    assert not row["inside"]
    assert "14680" in answer.out  # outside of the range of the total, inside its own
    targets = pd.read_csv(project.root / "runs/small/tables/targets.csv")
    assert targets["base_value"].tolist() == pytest.approx([14680.07] * len(targets), rel=1e-5)


NO_TOTAL = "the run has no inventory of 2020. Write the total of that year"


@pytest.mark.parametrize(
    ("keys", "totals", "said"),
    [
        ({"pollutant": "VOC"}, (), NO_TOTAL),
        ({"pollutant": "VOC"}, (",VOC,2021,18,kt/a,16,20",), NO_TOTAL),
        ({"pollutant": "NOx"}, (",VOC,2020,18,kt/a,16,20",), NO_TOTAL),
        ({"pollutant": "VOC", "sectors": "[voc]"}, (",VOC,2020,18,kt/a,16,20",), NO_TOTAL),
        ({"pollutant": "VOC", "sources": "[car-repair-*]"}, (",VOC,2020,18,kt/a,16,20",),
         "the run has no inventory of 2020. Write what it was in that year beside it"),
        ({"indicator": "pm25", "state": "actual"}, (),
         "the run has no inventory of 2020. Write what was observed of it"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told_at_the_target(
    load: Load, keys: dict[str, str], totals: tuple[str, ...], said: str
) -> None:
    found = told(load, cut(**keys), *totals)
    assert [t for t in found if said in t and "targets[0].relative_to" in t], found


def test_contradictions_are_told_together_and_where_they_stand(load: Load) -> None:
    totals = (
        ",VOC,2025,1.5,kt/a,1.4,1.6",  # a tenth of the inventory
        "vocs,VOC,2025,1,kt/a,0.9,1.1",
        "voc,VOC,2022,30,kt/a,28,32",
        ",VOC,2022,18,kt/a,16,20",
    )
    found = told(load, "", *totals)
    assert len(found) == 3, found
    assert "totals.csv:2" in found[0]
    assert "the inventory has 14680 t of VOC in 2025" in found[0]
    assert "totals.csv:3" in found[1]
    assert "'vocs' is not a known sector. Did you mean 'voc'?" in found[1]
    assert "totals.csv:5" in found[2]
    assert "its sectors emit at least 28000 t of VOC in 2022" in found[2]


def test_a_total_that_cannot_be_read_is_not_missing(load: Load) -> None:
    found = told(load, cut(pollutant="VOC"), ",VOC,2020,18,km,16,20")
    assert len(found) == 1, found
    assert "totals.csv:2:5" in found[0]


def brought(**keys: Any) -> str:
    return f"  - {{{', '.join(f'{k}: {v}' for k, v in keys.items())}}}\n"


BOTH = ("industry,VOC,2025,5000,t/a,4000,6000", ",VOC,2025,12000,t/a,11000,13000")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"method": "ratio"}, [5000.0, 5095.41, 5190.82, 5286.23]),
        ({"method": "offset"}, [5000.0, 5080.0, 5160.0, 5240.0]),
        ({"method": "converging-ratio", "until": 2027}, [5000.0, 4683.95, 4352.5, 4432.5]),
        ({"method": "converging-offset", "until": 2027}, [5000.0, 4676.25, 4352.5, 4432.5]),
        ({"method": "interpolate", "until": 2028}, [5000.0, 4810.83, 4621.67, 4432.5]),
    ],
)
def test_a_sector_and_the_rest_are_brought_to_their_totals(
    load: Load, keys: dict[str, Any], expected: list[float]
) -> None:
    own = brought(pollutants="[VOC]", sectors="[industry]", **keys)
    study = load(f"harmonise:\n{own}{brought(pollutants='[VOC]')}", *BOTH)
    found = by_sector(study)
    assert found["industry"] == pytest.approx(expected, rel=1e-5)
    assert found["voc"][0] + found["open-burning"][0] == pytest.approx(7000.0)
    before = load("")
    np.testing.assert_allclose(found["voc"] / by_sector(before)["voc"], 7000 / 10487.57223531)
    np.testing.assert_array_equal(by_sector(study, "NOx")["industry"], [333, 339, 345, 351])


def test_a_budget_keeps_the_sum(load: Load) -> None:
    own = brought(pollutants="[VOC]", sectors="[industry]", method="budget")
    found = by_sector(load(f"harmonise:\n{own}", *BOTH))["industry"]
    assert found[0] == pytest.approx(5000.0)
    assert np.trapezoid(found) == pytest.approx(np.trapezoid([4192.5, 4272.5, 4352.5, 4432.5]))


def test_every_sample_begins_at_its_total(load: Load) -> None:
    """What is brought varies as the total does, and no more as the inventory did."""
    study = load("harmonise:\n" + brought(pollutants="[VOC]"), BOTH[1])
    low, high = study.space.ends()
    theta = np.concatenate([study.space.central(), low, high], axis=1)
    inquiry = ask(study, years=(2025,))
    values = inquiry.evaluator.values(theta)
    total = inquiry.evaluator.baseline(values).emission[:, VOC, 0].sum(axis=0)
    assert total == pytest.approx([12000.0, 11000.0, 13000.0])
    whole = outcomes(inquiry, theta)
    for width in (1, 2):
        np.testing.assert_array_equal(outcomes(inquiry, theta, width).total, whole.total)


def test_measures_keep_their_shares(load: Load) -> None:
    """All factors of a sector move together: a share that is removed stays what it is."""
    with_, without = (
        load(scenario, *totals)
        for scenario, totals in (("harmonise:\n" + brought(pollutants="[VOC]"), BOTH[1:]), ("", ()))
    )
    ratio = 12000.0 / 14680.07223531
    np.testing.assert_allclose(
        with_.system.factor[:, VOC], without.system.factor[:, VOC] * ratio, rtol=1e-9
    )


def test_the_run_tells_what_was_changed_source_by_source(
    write: Callable[[str, tuple[str, ...]], Path], project: Project
) -> None:
    entry = "harmonise:\n" + brought(pollutants="[VOC]")
    path = str(write(cut(pollutant="VOC", relative_to=2025) + entry, BOTH))
    answer = call("run", path, "--no-charts", "--overwrite", at=project.root)
    assert answer.code in (0, 3), answer.err
    table = pd.read_csv(project.root / "runs/small/tables/harmonised.csv")
    own = table[table["year"] == 2025]
    assert own["before"].sum() == pytest.approx(14680.07, rel=1e-6)
    assert own["after"].sum() == pytest.approx(12000.0)
    np.testing.assert_allclose(own["ratio"], own["after"] / own["before"])
    assert own["source"].is_unique
    assert "VOC 14680 to 12000 t" in answer.out


@pytest.mark.parametrize(("total", "asked"), [(12e3, False), (1.2e6, True), (1200.0, True)])
def test_a_total_far_from_the_inventory_is_asked_about(
    load: Load, total: float, asked: bool
) -> None:
    """14,680 t of VOC are in the inventory: 万吨 for t, or t for 万吨, is a slip."""
    row = f",VOC,2025,{total},t/a,{0.9 * total},{1.1 * total}"
    study = load("harmonise:\n" + brought(pollutants="[VOC]"), row)
    told = [p.text() for p in study.warnings if "times the inventory" in p.text()]
    assert len(told) == asked


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"pollutants": "[NOx]"}], "there is no total of NOx in 2025 of all sectors."),
        ([{"pollutants": "[VOC]", "sectors": "[vocs]"}],
         "'vocs' is not a sector. Did you mean 'voc'?"),
        ([{"pollutants": "[VOC]", "sectors": "[voc, industry]"}],
         "there is no total of VOC in 2025 of voc, industry."),
        ([{"pollutants": "[VOC]"}, {"pollutants": "[VOC, NOx]"}],
         "VOC of all sectors is brought to a total twice."),
        ([{"pollutants": "[VOC]", "year": 2027}],
         "the run has no inventory of 2027. Expected one of 2025."),
        ([{"pollutants": "[VOC]", "method": "interpolate", "until": 2031}],
         "2031 is not a year of the run. Expected a year up to 2028."),
        ([{"pollutants": "[VOC]", "method": "offset", "until": 2031}],
         "need until (a year), and only they do"),
        ([{"pollutants": "[VOC]", "method": "converging-ratio"}],
         "need until (a year), and only they do"),
        *(
            ([{"pollutants": "[VOC]", "method": method, "until": until}],
             f"{until} is not after 2025, the year of the total.")
            for method in ("converging-ratio", "converging-offset", "interpolate")
            for until in (2020, 2025)
        ),
        ([{"pollutants": "[N2O]"}], "nothing emits N2O here."),
        ([{"pollutants": "[VOC]", "sectors": "[open-burning]", "method": "offset"}],
         "VOC would fall below nothing in 2026."),
    ],
)  # fmt: skip
def test_faults_of_harmonising(load: Load, entries: list[dict[str, str]], said: str) -> None:
    totals = (*BOTH, ",N2O,2025,9,kt/a,8,10", "open-burning,VOC,2025,0.2,t/a,0.1,0.3")
    found = told(load, "harmonise:\n" + "".join(brought(**own) for own in entries), *totals)
    assert any(said in text for text in found), found
