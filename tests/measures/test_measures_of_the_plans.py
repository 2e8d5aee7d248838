"""The catalogue covers what the five plans do: 125 measures, by id or by what stands for them."""

import csv
from pathlib import Path

import pytest

from integration.workbench import Finished
from lantian.errors import Problems
from lantian.measures.catalogue import Catalogue, read_catalogue
from lantian.parameters import Space

ROOT = Path(__file__).parents[2]

IDS = """
    zev-new-bus zev-new-taxi zev-new-sanitation zev-new-postal zev-new-coach
    zev-new-light-logistics zev-new-government-fleet zev-stock-postal-express-sanitation-light
    zev-stock-permitted-light-trucks zev-stock-subcentre-bus nev-rollout-total
    clean-muck-truck-fleet zev-concrete-mixers zev-support-other-fleets
    charging-infrastructure retire-china3-diesel-public-soe retire-china3-diesel-trucks
    retire-lean-burn-gas-vehicles old-vehicle-scrappage-incentive
    retire-old-municipal-service-vehicles high-emitter-low-emission-zone
    ban-new-ice-freight-operators new-vehicle-china6 catalyst-replacement
    diesel-aftertreatment-retrofit hdv-remote-monitoring hdd-inspection-programme
    inspection-maintenance-closed-loop fuel-quality-enforcement freight-road-to-rail
    green-urban-logistics traffic-flow-improvement gate-access-control
    night-muck-haul-clean-fleet clean-fleet-in-public-projects nrmm-low-emission-zone
    nrmm-registered-only nrmm-retire-old nrmm-stage4-or-electric nrmm-inspection
    construction-six-100 construction-dust-enforcement construction-enclosed-works
    construction-abc-grading prefabricated-building-share site-exit-track-out-control
    road-mechanised-wet-sweeping road-dust-load-limit sweeping-full-coverage
    bare-ground-treatment close-sand-gravel-yards mine-restoration open-pit-mine-shutdown
    sealed-muck-transport material-yard-control farmland-dust-control green-space-dust-control
    linear-small-works-dust rural-clean-heating loose-coal-ban clean-coal-quality
    coal-consumption-cap clean-district-heating-share coal-boiler-ultra-low
    gas-boiler-low-nox-new gas-boiler-low-nox-existing ban-new-small-boilers retire-coal-power
    coal-power-deep-treatment gas-heating-appliance-low-nox building-energy-standard
    building-and-heating-retrofit renewables-and-heat-pumps energy-intensity-control
    cement-capacity-cut iron-capacity-cut coke-capacity-cut old-coke-oven-retirement
    enterprise-relocation exit-general-manufacturing scattered-polluters-cleanup
    steel-ultra-low coking-ultra-low ule-pilots-materials-foundry kiln-classified-treatment
    kiln-fuel-switch coal-gas-desulphurisation retire-small-gasifiers
    concrete-plant-green-upgrade industrial-fugitive-control ammonia-slip-control
    permit-and-metering-compliance cleaner-production-audit performance-grade-upgrade
    obsolete-capacity-elimination new-project-entry-control industrial-voc-abatement
    low-voc-materials architectural-coating-limits refinish-coating-limits
    industrial-coating-limits auto-repair-spray-upgrade auto-repair-core-area-exit
    shared-spray-centres ldar graded-voc-enterprise-treatment activated-carbon-overhaul
    vapour-recovery-monitoring offpeak-refuelling open-drycleaner-phaseout
    wastewater-odour-control catering-fume-control catering-online-monitoring
    illegal-catering-bbq-control fertiliser-reduction livestock-ammonia-control
    open-burning-ban straw-utilisation domestic-waste-treatment fireworks-ban
    ritual-burning-control emergency-alert-reductions emergency-plant-lists
    emergency-transport-response seasonal-peak-shifting
"""
OF_THE_PLANS = IDS.split()
"""The measures of the project's brief of the plans (plans/measures.csv)."""

STAND_FOR = {
    "zev-concrete-mixers": (["zev-support-other-fleets"], "mixers are among the heavy trucks"),
    "gate-access-control": (["hdv-remote-monitoring"], "a gate sees the same trucks as telemetry"),
    "clean-fleet-in-public-projects": (
        ["nrmm-stage4-or-electric"],
        "machines of public works are no source of their own",
    ),
    "green-space-dust-control": (["bare-ground-greening"], "bare soil under green is bare ground"),
    "linear-small-works-dust": (
        ["construction-enclosed-works"],
        "linear and small works have that measure's specification",
    ),
    "coal-consumption-cap": (
        ["retire-coal-power", "energy-intensity-control", "rural-clean-heating"],
        "a total is met by the measures that cut coal and is none itself",
    ),
    "activated-carbon-overhaul": (["industrial-voc-abatement"], "a mended device is a device"),
    "open-drycleaner-phaseout": (["dry-cleaning-closed-machines"], "the same from the other end"),
    "catering-online-monitoring": (["catering-purifier-monitoring"], "another name"),
    "livestock-ammonia-control": (
        ["low-nitrogen-feed", "covered-manure-storage", "slurry-injection", "small-farm-exit"],
        "one clause, four measures with their own costs",
    ),
}
"""Measures of the plans that the catalogue has under other ids, or split."""

NO_MEASURE = {
    "charging-infrastructure": "cuts nothing by itself; the vehicles are the measure",
    "new-vehicle-china6": "in force by city and state: date of a standard in the baseline",
    "ban-new-small-boilers": "none grow in the baseline",
    "ammonia-slip-control": "monitoring; slip is in no factor",
    "domestic-waste-treatment": "treated already; landfill gas is no source here",
    "fireworks-ban": "fireworks are no source here: days, not a year",
    "emergency-alert-reductions": "targets of an alert's day, listed and not computed",
    "emergency-plant-lists": "lists of firms for alerts",
    "emergency-transport-response": "days of an alert only",
}
"""Measures of the plans that have no line in the catalogue."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    problems = Problems()
    found = read_catalogue(ROOT / "inputs", ROOT, problems, Space())
    problems.stop_if_any()
    return found


def test_there_are_125() -> None:
    assert len(OF_THE_PLANS) == len(set(OF_THE_PLANS)) == 125


def test_every_measure_of_the_plans_has_its_place(catalogue: Catalogue) -> None:
    known = {m.measure for m in catalogue.measures}
    assert {name for name in OF_THE_PLANS if name not in known} == {*STAND_FOR, *NO_MEASURE}
    assert {name for names, _ in STAND_FOR.values() for name in names} <= known


def test_every_measure_rests_on_a_source_or_an_assumption(catalogue: Catalogue) -> None:
    with (ROOT / "inputs" / "sources.csv").open(encoding="utf-8", newline="") as stream:
        keys = {row["key"] for row in csv.DictReader(stream)}
    assert "assumption" in keys
    rows = [(row.source_key, row.place) for row in catalogue.measures]
    rows += [(row.source_key, row.place) for row in catalogue.costs.rows]
    rows += [(row.source_key, row.place) for row in catalogue.reach.rows]
    for key, place in rows:
        assert key in keys, place


def test_a_cost_is_unknown_or_given(catalogue: Catalogue) -> None:
    given = {row.measure for row in catalogue.costs.rows if row.transfer == "no"}
    for measure in catalogue.measures:
        assert (measure.cost == "known") == (measure.measure in given), measure.measure


def test_prices_have_a_year_and_capital_a_life(catalogue: Catalogue) -> None:
    lives = {(row.measure, row.source) for row in catalogue.costs.rows if row.item == "life"}
    for row in catalogue.costs.rows:
        assert row.item == "life" or row.currency_year is not None, row.place
        if row.item == "capital" and row.transfer == "no":
            assert {(row.measure, row.source), (row.measure, "")} & lives, row.place


def test_unknown_costs_of_a_run_are_listed(catalogue: Catalogue, tongzhou: Finished) -> None:
    unknown = {m.measure for m in catalogue.measures if m.cost == "unknown"}
    acting = set(tongzhou.table("credits")["measure"])
    assert set(tongzhou.summary["cost"]["unknown_cost"]) >= acting & unknown
    assert set(tongzhou.summary["cost"]["unknown_cost"]) <= unknown
