"""The catalogue covers what the five plans do: 125 measures, by id or by what stands for them."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pytest

from integration.workbench import Finished
from lantian.errors import Problems
from lantian.inventory.sources import read_sectors
from lantian.measures.catalogue import Catalogue, read_catalogue
from lantian.measures.contract import CostRow, EnergyPriceRow, Evidence
from lantian.measures.costs import declare_costs
from lantian.parameters import Space
from lantian.parameters.space import CONSTANTS, Given
from support.build import money_of

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
    rows += [(row.source_key, row.place) for row in catalogue.energy.rows]
    rows += [(row.source_key, row.place) for row in catalogue.vehicles.rows]
    for key, place in rows:
        assert key in keys, place


def paid(catalogue: Catalogue) -> set[str]:
    """Return the measures with a cost to society."""
    rows = [r for r in catalogue.costs.rows if r.transfer == "no" and r.item != "life"]
    return {r.measure for r in rows} | {r.measure for r in catalogue.replacements.rows}


def test_a_cost_is_given_unless_the_measure_is_unpriced(catalogue: Catalogue) -> None:
    given = paid(catalogue)
    for measure in catalogue.measures:
        assert (measure.cost != "unpriced") == (measure.measure in given), measure.measure


def test_few_measures_are_unpriced(catalogue: Catalogue) -> None:
    assert sum(m.cost == "unpriced" for m in catalogue.measures) < 10


def test_prices_have_a_year_and_capital_a_life(catalogue: Catalogue) -> None:
    lives = {(row.measure, row.source) for row in catalogue.costs.rows if row.item == "life"}
    for row in catalogue.costs.rows:
        timeless = row.item == "life" or bool(row.carrier)
        assert timeless == (row.currency_year is None), row.place
        if row.item == "capital" and row.transfer == "no":
            assert {(row.measure, row.source), (row.measure, "")} & lives, row.place
    for bought in catalogue.replacements.rows:
        assert {(bought.measure, bought.source), (bought.measure, "")} & lives, bought.place


def test_every_cost_says_what_it_rests_on() -> None:
    with (ROOT / "inputs" / "measures" / "costs.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [r for r in rows if r["evidence"] not in get_args(Evidence)] == []
    bare = [r for r in rows if r["source_key"] == "assumption" and r["evidence"] != "judgement"]
    assert bare == []
    found = [r for r in rows if r["basis"] == "published" and r["evidence"] == "judgement"]
    assert found == []


SECTORS = read_sectors(ROOT / "inputs", ROOT, Problems())
UNIT = {source.id: source.unit for sector in SECTORS for source in sector.sources}
SAVING = ("savings", "energy-saved", "life")
"""Items whose high end makes a measure cheap."""


def pairs(catalogue: Catalogue, open_sign: str = "") -> list[tuple[str, str]]:
    """Return the measures with a price, on each source, whose sign is said to be open or not."""
    wanted = {
        m.measure
        for m in catalogue.measures
        if m.cost != "unpriced" and open_sign in ("", m.sign_open)
    }
    found = [(r.measure, r.source) for r in catalogue.applies if r.measure in wanted]
    return list(dict.fromkeys(found))


def index() -> dict[int, float]:
    with (ROOT / "inputs" / "prices.csv").open(encoding="utf-8", newline="") as stream:
        return {int(r["year"]): float(r["value"]) for r in csv.DictReader(stream)}


def totals(
    catalogue: Catalogue, wanted: Sequence[tuple[str, str]], change: Callable[[Given], float]
) -> list[float]:
    """Return unit costs in yuan of 2018 at 8 % with another value of every number."""
    space = catalogue.costs.space
    money = money_of(space, 0.08, index())
    units = [UNIT[source] for _, source in wanted]
    numbers = declare_costs(catalogue.cost_tables, wanted, units, money)
    theta = space.central()
    theta[len(CONSTANTS) :, 0] = [change(given) for given in space.given]
    capital, fixed, variable, savings, _ = numbers(theta)[..., 0]
    return list(capital + fixed + variable - savings)


def central(given: Given) -> float:
    return given.value


def cheap(given: Given) -> float:
    """The end of an amount or of money that makes a measure cheap; prices stay."""
    if not isinstance(given, CostRow):
        return given.value
    return given.high if given.item in SAVING else given.low


def dear(given: Given) -> float:
    if not isinstance(given, CostRow):
        return given.value
    return given.low if given.item in SAVING else given.high


def test_a_measure_whose_sign_is_open_may_cost_or_save(catalogue: Catalogue) -> None:
    # What kilometres cost that are not driven stands at the vehicles, not at the roads.
    wanted = [pair for pair in pairs(catalogue, "yes") if not pair[1].startswith("road-")]
    ends = (totals(catalogue, wanted, cheap), totals(catalogue, wanted, dear))
    for pair, low, high in zip(wanted, *ends, strict=True):
        assert low < 0 < high, pair


def test_what_saves_money_by_its_central_figures_is_marked(catalogue: Catalogue) -> None:
    """At prices of 2018; or it would fill every mix."""
    wanted = pairs(catalogue, "no")
    for pair, cost in zip(wanted, totals(catalogue, wanted, central), strict=True):
        assert cost > 0, pair


def old_cost(capital: float, life: float, recurring: float) -> float:
    return capital * 0.08 / (1 - 1.08**-life) + recurring


@pytest.mark.parametrize(
    ("measure", "source", "before"),
    [
        ("zev-new-light-logistics", "light-truck", old_cost(80e3, 9, 5000 - 13000)),
        ("zev-new-postal", "postal-van", old_cost(60e3, 8, 4000 - 10000)),
        ("zev-new-coach", "coach", old_cost(550e3, 9, 15000 - 35000)),
        ("zev-new-sanitation", "sanitation-heavy", old_cost(550e3, 10, 12000 - 30000)),
        ("retire-china3-diesel-trucks", "heavy-truck", old_cost(350e3, 13, -12000)),
        ("old-vehicle-scrappage-incentive", "car", old_cost(120e3, 14, -4000)),
        ("rural-clean-heating", "home-coal", old_cost(11000, 15, 300)),
        ("clean-district-heating-share", "town-heating", old_cost(120, 25, 12)),
        ("kiln-fuel-switch", "kiln", old_cost(300, 15, 1000)),
    ],
)
def test_energy_and_vehicles_apart_add_up_to_what_they_were(
    catalogue: Catalogue, measure: str, source: str, before: float
) -> None:
    """Unit costs at prices of 2018 of the tables that knew savings and premiums only in yuan."""
    (cost,) = totals(catalogue, [(measure, source)], central)
    assert cost == pytest.approx(before, rel=1e-6)


def test_a_dearer_fuel_acts_on_every_measure_that_saves_it(catalogue: Catalogue) -> None:
    rows = [r for r in catalogue.costs.rows if r.item == "energy-saved" and r.carrier == "diesel"]
    assert len({r.measure for r in rows}) > 10
    wanted = [(r.measure, r.source) for r in rows]

    def dearer(given: Given) -> float:
        diesel = isinstance(given, EnergyPriceRow) and given.carrier == "diesel"
        return given.value * (1.1 if diesel else 1.0)

    before, after = totals(catalogue, wanted, central), totals(catalogue, wanted, dearer)
    for r, old, new in zip(rows, before, after, strict=True):
        assert old - new == pytest.approx(0.67 * r.to(f"l/{UNIT[r.source]}/a")), r.place


def test_unpriced_costs_of_a_run_are_listed(catalogue: Catalogue, tongzhou: Finished) -> None:
    unpriced = {m.measure for m in catalogue.measures if m.cost == "unpriced"}
    acting = set(tongzhou.table("credits")["measure"])
    assert set(tongzhou.summary["cost"]["unknown_cost"]) >= acting & unpriced
    assert set(tongzhou.summary["cost"]["unknown_cost"]) <= unpriced
