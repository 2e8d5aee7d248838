"""All five plans: ledger and scenario hold together, print and level agree, nothing counts twice.

What no rule covers stands here by name with its reason, so that a new case is seen.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lantian.core.commitments import apply_commitments, reached_levels
from lantian.core.system import emission_by_source
from lantian.errors import InputError
from lantian.parameters import units
from lantian.plan.commitments import read_as
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Quantity, Target
from lantian.study.load import load
from lantian.study.model import Results, Study
from lantian.study.solve import solve
from lantian.vocabulary import POLLUTANTS
from plans.quantities import Printed, printed, says_all

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"

COUNTS = {
    "tongzhou-2020": {"yes": 28, "parametric": 24, "enabling": 28, "no": 16, "target": 8},
    "shijiazhuang-2019": {"yes": 46, "parametric": 27, "enabling": 27, "no": 9, "target": 3},
    "tongzhou-2021": {"yes": 22, "parametric": 36, "enabling": 21, "no": 6, "target": 10},
    "xincheng-2024": {"yes": 27, "parametric": 18, "enabling": 26, "no": 19, "target": 5},
    "mentougou-2020": {"yes": 29, "parametric": 33, "enabling": 35, "no": 21, "target": 9},
}
"""Rows per class, from the table of the project's brief of the plans (plans/README.md, section 0);
498 rows in all. ``target`` rows are among the other classes."""
PLANS = sorted(COUNTS)

NOT_ENCODED = {
    "tongzhou-2020-007": "townships: yearly assignments are issued apart",
    "tongzhou-2020-032": "China VI dates are the city's and stand in the baseline",
    "tongzhou-2020-033": "China VI dates are the city's and stand in the baseline",
    "tongzhou-2020-065": "coal-free already: upkeep",
    "mentougou-2020-030": "China VI dates are the city's and stand in the baseline",
    "mentougou-2020-031": "China VI dates are the city's and stand in the baseline",
    "mentougou-2020-077": "coal-free areas: upkeep",
    "mentougou-2020-099": "acts on days of an alert only",
    "shijiazhuang-2019-005": "no new capacity: nothing grows in the baseline",
    "shijiazhuang-2019-024": "no new small boilers: nothing grows in the baseline",
    "shijiazhuang-2019-031": "China VI date is in the baseline",
    "shijiazhuang-2019-032": "lanes are only studied",
    "shijiazhuang-2019-046": "encouraged part of 045",
    "shijiazhuang-2019-066": "waste is treated already; its gases are outside the sectors",
    "shijiazhuang-2019-067": "fireworks are no source of the inventory",
    "shijiazhuang-2019-103": "acts on days of an alert only",
    "tongzhou-2021-028": "China VI(B) goes on: upkeep",
    "tongzhou-2021-040": "coal-free plain goes on: upkeep",
    "tongzhou-2021-046": "pilots beside 049",
    "tongzhou-2021-075": "fireworks are no source of the inventory",
    "tongzhou-2021-076": "acts on days of an alert only",
    "xincheng-2024-014": "due by the end of 2027",
    "xincheng-2024-017": "loose coal stays at zero: upkeep",
    "xincheng-2024-018": "raw coal stays banned: upkeep",
    "xincheng-2024-052": "due by the end of 2025",
    "xincheng-2024-066": "fireworks are banned already",
    "xincheng-2024-068": "fireworks are banned already",
}
"""Rows of class yes or parametric without a commitment or target."""

NO_LEVEL_OF_ITS_OWN = {
    ("tongzhou-2020-047", "7天"): "length of a stop of works",
    ("mentougou-2020-046", "7天"): "length of a stop of works",
    ("tongzhou-2020-067", "80%"): "saving against an old building; all new homes keep it",
    ("mentougou-2020-080", "80%"): "saving against an old building; all new homes keep it",
    ("mentougou-2020-075", "5个村"): "3700 t of coal is the assumed amount of five villages",
    ("shijiazhuang-2019-002", "7%"): "the other form of 67 ug/m3: one goal",
    ("shijiazhuang-2019-019", "3天"): "gas in store",
    ("shijiazhuang-2019-027", "100%"): "share of outlets sampled",
    ("shijiazhuang-2019-028", "50万吨"): "met by homes and plants of other rows, never on top",
    ("shijiazhuang-2019-035", "80%"): "share of trucks checked",
    ("shijiazhuang-2019-045", "20辆"): "size of a large fleet",
    ("shijiazhuang-2019-065", "97%"): "share of straw used; the rest is not what burns",
    ("shijiazhuang-2019-066", "100%"): "waste treated already",
    ("shijiazhuang-2019-066", "98%"): "waste treated already",
    ("shijiazhuang-2019-068", "39%"): "efficiency of nitrogen; the cut that follows is assumed",
    ("shijiazhuang-2019-097", "5天"): "range of the forecast",
    ("shijiazhuang-2019-099", "3天"): "days ahead of an alert",
    ("tongzhou-2021-045", "10%"): "share of works sampled",
    ("tongzhou-2021-064", "100%"): "share of sites visited every month",
    ("xincheng-2024-024", "60%"): "share of the retired trucks that is dismantled",
}
"""Printed numbers in the unit of a level that are no level of a commitment."""

NOT_ALL = {
    "mentougou-2020-072": "all sectors hold permits: only makes rules work",
    "mentougou-2020-074": "'essentially solved' without a value",
    "shijiazhuang-2019-033": "all new vehicles are looked at: no cut",
    "shijiazhuang-2019-015": "the zero of the plain is ordered by 017; homes have their number",
    "shijiazhuang-2019-073": "all eligible plants, but stricter than a value that is not printed",
    "tongzhou-2020-063": "all sectors hold permits: only makes rules work",
    "tongzhou-2021-072": "inside key areas only, whose extent is not printed",
    "xincheng-2024-017": "upkeep of zero",
    "xincheng-2024-055": "all spraying shops are checked: no cut",
    "xincheng-2024-062": "all stations are sampled: no cut",
    "xincheng-2024-069": "all large restaurants are monitored: only makes purifiers work",
}
"""Clauses that say 'all' without a commitment of 100 %."""

ALL_WITHOUT_THE_WORD = {
    "tongzhou-2020": {
        "zev-stock-subcentre-bus",
        "sand-yards-dealt-with",
        "no-unlabelled-machines",
        "gas-heaters-grade-5",
        "new-homes-80",
        "concrete-enclosed",
        "core-area-no-spraying",
    },
    "mentougou-2020": {
        "sand-yards-dealt-with",
        "no-unlabelled-machines",
        "gas-heaters-grade-5",
        "new-homes-80",
        "concrete-enclosed",
    },
    "shijiazhuang-2019": {
        "large-coal-boilers",
        "gas-boilers-new",
        "municipal-vehicles",
        "no-over-limit-machines",
        "gas-desulphurised",
        "gasifiers",
        "class-a-and-b",
        "spray-booths",
        "industrial-paint-limits",
        "odour-works",
        "plain-loose-coal",
    },
    "tongzhou-2021": {"no-new-fuel-freight", "machines-registered", "new-homes-standard"},
    "xincheng-2024": {"clean-heat-new-buildings"},
}
"""Commitments of 100 % whose clause sets a duty or ban without exception, in other words."""

LEVEL_NOT_READ_OFF = {
    "shijiazhuang-2019-014": "move of the steel works 'on time': no date",
    "shijiazhuang-2019-056": "pits that fail: their number is not printed",
    "shijiazhuang-2019-065": "share of straw used is printed, what burns is not",
    "shijiazhuang-2019-068": "efficiency of nitrogen is printed, the cut is not",
    "tongzhou-2021-071": "all residue is printed, silt is not",
    "tongzhou-2021-072": "extent of key areas is not printed",
    "xincheng-2024-013": "grade A is printed, its emission is not",
    "xincheng-2024-033": "nights of the control periods are not printed",
}
"""Rows of class yes that only an assumed level encodes."""

SOFTER_THAN_PRINT = {
    "dustfall-months": "a stricter reading of what dustfall-level holds the plan to: every month",
}
"""Targets that bind less than their clause, as they are our own reading beside another target."""


@cache
def study_of_plan(plan: str) -> Study:
    return load(SCENARIOS / f"{plan}.yaml")


@cache
def solved(plan: str) -> Results:
    return solve(study_of_plan(plan), curves=False)


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest) -> Study:
    return study_of_plan(str(request.param))


def own(found: dict[str, str], plan: Study) -> set[str]:
    """Return the keys that belong to a plan."""
    return {key for key in found if key.startswith(f"{plan.scenario.plan}-")}


@cache
def allowances(plan: str) -> dict[str, Quantity]:
    """Return what the groups of townships may be above the mean of all, by group."""
    folder = ROOT / "inputs" / "regions" / "beijing" / str(study_of_plan(plan).scenario.region)
    with (folder / "townships.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["group"]: Quantity(value=float(row["value"]), unit=row["unit"])
            for row in csv.DictReader(stream)
            if row["parameter"] == "allowance"
        }


def promised(item: Commitment | Target, plan: Study) -> Quantity | None:
    """Return the number that stands for the clause; None where it prints none."""
    if isinstance(item, Commitment):
        return item.level
    if item.indicator_id == "township-rule":  # the limit is 100 % of what the allowance gives
        assert item.at_most == Quantity(value=100, unit="%")
        return allowances(str(plan.scenario.plan)).get(str(item.receptor))
    return item.at_most or item.at_least or item.reduce_by or item.printed


def naming(plan: Study, row: str) -> list[Commitment | Target]:
    return [item for item in targets(plan) if row in item.clause]


def targets(plan: Study) -> tuple[Commitment | Target, ...]:
    return (*plan.scenario.commitments, *plan.scenario.targets)


def equals(number: Printed, quantity: Quantity) -> bool:
    """Tell whether a level is a printed number; 辆 counts vehicles as well as machines.

    What is printed without a unit is an index, never a share.
    """
    if not number.unit:
        return number.unit == "" and quantity == Quantity(value=number.value, unit="1")
    for unit in (number.unit, "machine") if number.unit == "vehicle" else (number.unit,):
        try:
            return quantity.to(unit) == pytest.approx(number.value, rel=1e-9)
        except units.UnitError:
            continue
    return False


# --- completeness --------------------------------------------------------------------------------


def test_counts_per_class(plan: Study) -> None:
    counts: Counter[str] = Counter(row.modelable for row in plan.ledger)
    counts["target"] = sum(row.sector == "target" for row in plan.ledger)
    assert counts == COUNTS[str(plan.scenario.plan)]


def test_all_rows_are_498() -> None:
    assert sum(len(study_of_plan(name).ledger) for name in PLANS) == 498


def test_rows_are_numbered_without_a_gap(plan: Study) -> None:
    assert [row.row_id for row in plan.ledger] == [
        f"{plan.scenario.plan}-{n:03d}" for n in range(1, len(plan.ledger) + 1)
    ]


def test_every_row_with_an_effect_is_encoded_or_excused(plan: Study) -> None:
    left = {
        row.row_id
        for row in plan.ledger
        if row.modelable in ("yes", "parametric") and not naming(plan, row.row_id)
    }
    assert left == own(NOT_ENCODED, plan)


def test_every_named_clause_exists(plan: Study) -> None:
    rows = {row.row_id for row in plan.ledger}
    assert {clause for item in targets(plan) for clause in item.clause} <= rows


def test_reasons_fit_their_rows(plan: Study) -> None:
    aimed = {clause for target in plan.scenario.targets for clause in target.clause}
    for row in plan.ledger:
        listed = row.row_id in aimed and row.fate == "not_modelled"
        assert (row.reason == "listed-target") == listed, row.row_id
        if row.reason in ("level-not-printed", "monitoring-without-number", "governance"):
            assert row.modelable != "yes", row.row_id
        if row.reason in ("level-not-printed", "monitoring-without-number"):
            assert not [n for n in printed(row.quantity) if n.unit is not None], row.row_id


def test_a_district_gets_no_credit_for_national_dates(plan: Study) -> None:
    """China VI is in force without any of these plans."""
    for row in plan.ledger:
        if "China VI" in row.gist_en and "国六" in row.quantity and not row.commitments:
            assert row.reason == "in-baseline", row.row_id


# --- printed numbers -----------------------------------------------------------------------------


def test_every_printed_level_is_in_the_scenario(plan: Study) -> None:
    missing = {
        (row.row_id, number.text)
        for row in plan.ledger
        for number in printed(row.quantity)
        if number.unit is not None
        and not any(
            level is not None and equals(number, level)
            for level in (promised(item, plan) for item in naming(plan, row.row_id))
        )
    }
    rows = {row.row_id for row in plan.ledger}
    assert missing == {key for key in NO_LEVEL_OF_ITS_OWN if key[0] in rows}


def test_all_means_100_per_cent(plan: Study) -> None:
    less = {
        row.row_id
        for row in plan.ledger
        if says_all(row.quantity)
        and not any(
            isinstance(item, Commitment)
            and item.credit == "printed"
            and item.level == Quantity(value=100, unit="%")
            for item in naming(plan, row.row_id)
        )
    }
    assert less == own(NOT_ALL, plan)


def test_every_printed_credit_has_its_number_in_print(plan: Study) -> None:
    rows = {row.row_id: row for row in plan.ledger}
    unread = set()
    for item in plan.scenario.commitments:
        quantities = [rows[clause].quantity for clause in item.clause]
        is_number = any(equals(n, item.level) for q in quantities for n in printed(q))
        is_all = item.level == Quantity(value=100, unit="%") and any(map(says_all, quantities))
        if item.credit == "printed" and not (is_number or is_all):
            unread.add(item.id)
    five_villages = {"villages-5-clean-heating"} & {c.id for c in plan.scenario.commitments}
    assert unread == ALL_WITHOUT_THE_WORD[str(plan.scenario.plan)] | five_villages
    levels = {c.id: c.level for c in plan.scenario.commitments}
    assert {levels[name].to("%") for name in unread - five_villages} == {100.0}


def test_every_number_of_a_target_is_in_print(plan: Study) -> None:
    rows = {row.row_id: row for row in plan.ledger}
    for target in plan.scenario.targets:
        quantity = promised(target, plan)
        if quantity is None:
            is_told = target.falls or target.reason or target.receptor == "improves"
            assert is_told, target.id
        elif quantity.value and not target.note.startswith(
            "No number is printed."
        ):  # 0 stands for a sign: no rise
            assert any(
                equals(n, quantity)
                for clause in target.clause
                for n in printed(rows[clause].quantity)
            ), target.id


def test_rows_that_print_a_level_are_credited_as_printed(plan: Study) -> None:
    assumed = {
        row.row_id
        for row in plan.ledger
        if row.modelable == "yes"
        and row.commitment_ids
        and not any(
            c.credit == "printed" for c in plan.scenario.commitments if row.row_id in c.clause
        )
    }
    assert assumed == own(LEVEL_NOT_READ_OFF, plan)


def test_assumed_levels_tell_range_and_reason(plan: Study) -> None:
    for c in plan.scenario.commitments:
        if c.credit != "printed":
            assert c.low is not None, c.id
            assert c.high is not None, c.id
            assert c.low.value < c.high.value, c.id
            assert c.note, c.id


def test_bindingness_is_that_of_a_clause(plan: Study) -> None:
    rows = {row.row_id: row for row in plan.ledger}
    other = {
        item.id
        for item in targets(plan)
        if item.bindingness
        not in {word for clause in item.clause for word in rows[clause].bindingness.split("+")}
    }
    assert other == {item.id for item in targets(plan)} & set(SOFTER_THAN_PRINT)
    for name in other:
        (own,) = (t for t in plan.scenario.targets if t.id == name)
        beside = [t for t in plan.scenario.targets if t.clause == own.clause and t.id != name]
        assert [t.bindingness for t in beside] == ["binding"], name


def test_numbers_are_read_with_their_units() -> None:
    cases: dict[str, list[tuple[float, str | None]]] = {
        "34.94万户 [=349,400 households]": [(349400.0, "household")],
        "2.8万千瓦 [=28 MW]": [(28000.0, "kW")],
        "260万吨": [(2.6e6, "t")],
        "92%": [(92.0, "%")],
        "30%以上": [(30.0, "%")],
        "120家以上; 目录2017年版": [(120.0, "firm")],
        "5.1吨/平方公里·月以内": [(5.1, "t/(km2*month)")],
        "61处; 4172亩": [(61, None), (4172, "mu")],
        "2.8万辆次以上": [(2.8, None)],
        "4.5吨以下; 全部": [(4.5, None)],
        "SO2 35mg/m3; DB13/T2352-2016; PM10": [(35.0, None)],
        "6-9月": [],
        "11月15日前": [],
        "17头": [(17.0, "")],
    }
    for quantity, numbers in cases.items():
        assert [(n.value, n.unit) for n in printed(quantity)] == numbers, quantity


SHORT_OF_PRINT = {
    "new-delivery-vehicles": "light trucks: the baseline sells battery ones already",
    "prefabricated-35": "35 % of NEW floor; sites at work were begun in earlier years",
    "restaurants-95": "95 % of the time in use; the reach leaves out 10 % of the outlets",
}
"""Printed numbers that the run does not reach, and why."""


def test_printed_amounts_and_shares_are_reached(plan: Study) -> None:
    """324 trucks, 349,400 homes, 92 % of roads are what the run moves, or it is told here."""
    at_end = plan.commitments.at_year_end()
    uptake = apply_commitments(plan.system, at_end)
    reached = reached_levels(plan.system, at_end, uptake)[:, -1]
    for i, c in enumerate(plan.scenario.commitments):
        own_commitments = plan.commitments.commitment == i
        if c.credit != "printed" or c.level == Quantity(value=100, unit="%"):
            continue
        if c.is_share:
            short = float(np.abs(reached[own_commitments] - c.level.to("")).max())
        else:
            source = int(plan.system.groups.source[plan.commitments.group[own_commitments][0]])
            amount = c.level.to(plan.system.sources.unit[source])
            short = abs(float(reached[own_commitments].sum()) / amount - 1.0)
        assert (short > 1e-9) == (c.id in SHORT_OF_PRINT), (c.id, short)


# --- nothing counts twice ------------------------------------------------------------------------


def test_one_commitment_for_a_measure_on_a_source(plan: Study) -> None:
    assert len(np.unique(plan.commitments.group)) == len(plan.commitments)


def test_a_second_commitment_on_the_same_source_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "inputs").symlink_to(ROOT / "inputs")
    (tmp_path / "scenarios").symlink_to(SCENARIOS)
    (tmp_path / "twice.yaml").write_text(
        "extends: scenarios/xincheng-2024.yaml\nname: twice\ncommitments:\n"
        "  - {id: again, measure: retire-china3-diesel-trucks-for-china6,"
        " clause: [xincheng-2024-024], level: 10 vehicle, from: 2024, by: 2024,"
        " bindingness: binding, credit: printed}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as told:
        load(tmp_path / "twice.yaml")
    assert any("is already committed on source" in p.text() for p in told.value.problems)


def test_activity_never_falls_below_zero(plan: Study) -> None:
    after = apply_commitments(plan.system, plan.commitments).activity
    assert after.min() >= -1e-9 * plan.system.baseline.max()


COAL = {
    "home-coal": "t",
    "coal-boiler": "t",
    "coal-boiler-large": "t",
    "power-coal": "t",
    "power-old": "output-per-power-old",
    "rural-home": "coal-use",
    "town-heating": "coal-use",
}
"""Sources of Shijiazhuang that burn coal for heat or power, and what turns their unit into t."""
WITHOUT_COAL = ("clean-heating", "clean-heat")


def coal(plan: Study, activity: np.ndarray) -> dict[str, float]:
    """Return the coal of 2019 by source [t]."""
    folder = ROOT / "inputs" / "regions" / "shijiazhuang"
    with (folder / "fuel-use.csv").open(encoding="utf-8", newline="") as stream:
        use = {
            (r["source"], r["technology"]): units.factor(r["unit"].split("/")[0], "t")
            * float(r["value"])
            for r in csv.DictReader(stream)
            if r["parameter"] == "coal-use"
        }
    with (folder / "region.csv").open(encoding="utf-8", newline="") as stream:
        region = {r["parameter"]: float(r["value"]) for r in csv.DictReader(stream)}
    found = dict.fromkeys(COAL, 0.0)
    states = plan.system.states
    for s, technology in enumerate(states.technology):
        source = plan.system.sources.id[states.source[s]]
        if source in COAL and technology not in WITHOUT_COAL:
            each = use.get((source, technology), region.get(COAL[source], 1.0))
            found[source] += each * float(activity[s, -1])
    return found


def test_coal_taken_away_is_no_more_than_there_is() -> None:
    """Capacity, homes and boilers cut the same coal: activity, then fuel, then control."""
    plan = study_of_plan("shijiazhuang-2019")
    before = coal(plan, plan.system.baseline)
    after = coal(plan, apply_commitments(plan.system, plan.commitments.at_year_end()).activity)
    for source, tonnes in before.items():
        assert tonnes > 0, source
        assert -1e-6 <= after[source] <= tonnes * (1 + 1e-12), source
    cut = {source: before[source] - after[source] for source in COAL}
    # 349,400 homes x 2.73 t; 28 MW x 1890 t/MW; all loose coal of the plain besides homes
    assert cut["rural-home"] == pytest.approx(349_400 * 2.73)
    assert cut["power-old"] == pytest.approx(28 * 1890)
    assert cut["coal-boiler-large"] == pytest.approx(0.0, abs=1e-6)  # limits take no coal away
    # the printed 0.5 Mt is reached by these and no commitment adds it once more
    assert sum(cut.values()) > 500_000
    alone = [c.id for c in plan.scenario.commitments if c.clause == ("shijiazhuang-2019-028",)]
    assert alone == []


def test_overlapping_cuts_are_not_added() -> None:
    """Together the measures cut less than the sum of each alone, and never more than is emitted."""
    plan = study_of_plan("shijiazhuang-2019")
    system, commitments = plan.system, plan.commitments
    names = {plan.scenario.commitments[c].id: c for c in commitments.commitment}
    overlap = [
        "power-capacity",
        "coal-power-saving",
        "rural-homes",
        "plain-loose-coal",
        "hill-briquettes",
        "built-up-heat-90",
        "large-coal-boilers",
        "power-deep",
    ]

    def cut(*chosen: str) -> np.ndarray:
        active = np.isin(commitments.commitment, [names[n] for n in chosen]).astype(float)
        activity = apply_commitments(system, commitments, active=active.reshape(-1, 1)).activity
        return np.asarray((plan.baseline - emission_by_source(system, activity))[:, :, -1])

    together, summed = cut(*overlap), np.sum([cut(name) for name in overlap], axis=0)
    emitted = plan.baseline[:, :, -1]
    so2 = POLLUTANTS.index("SO2")
    assert (together <= emitted + 1e-9).all()
    for source in COAL:
        s = system.sources.id.index(source)
        assert together[s, so2] <= summed[s, so2] + 1e-9, source
    homes = system.sources.id.index("rural-home")
    assert together[homes, so2] < 0.999 * summed[homes, so2]  # briquettes where homes are left


# --- credit and readings -------------------------------------------------------------------------


def extended(folder: Path, plan: str, more: str) -> Study:
    (folder / "inputs").symlink_to(ROOT / "inputs")
    (folder / "scenarios").symlink_to(SCENARIOS)
    path = folder / "other.yaml"
    path.write_text(f"extends: scenarios/{plan}.yaml\nname: other\n{more}", encoding="utf-8")
    return load(path)


def projected(plan: Study) -> np.ndarray:
    return emission_by_source(
        plan.system, apply_commitments(plan.system, plan.commitments).activity
    )


@pytest.mark.parametrize("name", PLANS)
def test_without_credit_only_printed_numbers_are_left(name: str, tmp_path: Path) -> None:
    bare = extended(tmp_path, name, "credit: {parametric: false, enabling: false}\n")
    whole = solved(name)
    np.testing.assert_allclose(
        projected(bare), whole.readings["plan_printed"].emission, rtol=1e-9, atol=1e-9
    )
    kept = {bare.scenario.commitments[c].credit for c in bare.commitments.commitment}
    assert kept == {"printed"}
    full = read_as(bare.all_commitments, bare.scenario, "plan_full")
    np.testing.assert_array_equal(
        apply_commitments(bare.system, full).moved, whole.cases["plan"].uptake
    )


@pytest.mark.parametrize("name", PLANS)
def test_strict_reading_is_the_plan_of_its_binding_commitments(name: str, tmp_path: Path) -> None:
    soft = [c.id for c in study_of_plan(name).scenario.commitments if c.bindingness != "binding"]
    full = study_of_plan(name)
    keep = np.array(
        [full.scenario.commitments[c].id not in soft for c in full.commitments.commitment],
        dtype=float,
    ).reshape(-1, 1)
    by_hand = emission_by_source(
        full.system, apply_commitments(full.system, full.commitments, active=keep).activity
    )
    results = solved(name)
    strict = results.readings["plan_strict"].emission
    np.testing.assert_allclose(strict, by_hand, rtol=1e-12, atol=1e-12)
    for pollutant in ("NOx", "VOC", "PM2.5"):
        p = POLLUTANTS.index(pollutant)
        plan, baseline = (
            results.cases[case].emission[:, p, -1].sum() for case in ("plan", "baseline")
        )
        assert plan - 1e-9 <= strict[:, p, -1].sum() <= baseline + 1e-9


# --- what goes on gives nothing new --------------------------------------------------------------

UPKEEP = {
    "tongzhou-2020": ["loose-coal-ban", "rural-clean-heating", "new-vehicle-china6"],
    "tongzhou-2021": ["loose-coal-ban", "rural-clean-heating", "new-vehicle-china6"],
    "xincheng-2024": ["loose-coal-ban", "rural-clean-heating", "new-vehicle-china6"],
}


@pytest.mark.parametrize("name", UPKEEP)
def test_upkeep_is_no_new_reduction(name: str) -> None:
    """Coal-free districts burn none before and after; new vehicles keep China VI in both cases."""
    plan = study_of_plan(name)
    assert not {c.measure for c in plan.scenario.commitments} & set(UPKEEP[name])
    results = solved(name)
    last = len(plan.system.years) - 1
    homes = [
        s
        for s, source in enumerate(plan.system.sources.id)
        if source in ("home-coal", "rural-home")
    ]
    before, after = (results.cases[case].emission[homes, :, last] for case in ("baseline", "plan"))
    np.testing.assert_array_equal(before, after)
    assert results.credits is not None
    credited = {plan.system.measures[m] for m in results.credits.measure}
    assert not credited & set(UPKEEP[name])


def test_ledger_rows_have_both_gists(plan: Study) -> None:
    blank: list[LedgerRow] = [row for row in plan.ledger if not (row.gist_en and row.gist_zh)]
    assert blank == []
