"""The verdicts of the five plans in ``docs/verdicts.md`` are those of their runs.

Written anew with ``pytest tests/golden --update-golden``.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from golden.test_summaries import PLANS
from integration.workbench import REPOSITORY, Finished
from lantian.cli.terminal import number, percent
from lantian.cli.terminal.verdict import best_line, owner_lines, verdict_lines
from lantian.vocabulary import without_kind

PAGE = REPOSITORY / "docs" / "verdicts.md"
BEGIN = "<!-- Made by tests/golden/{by}.py: {name}. -->\n"
END = "<!-- End: {name}. -->\n"
MOST = 8
"""Measures of a mix that are named."""
SITES = ("construction-site", "demolition-site")
TIERS = {"binding": "binding targets", "approx": "targets worded as about"}
EVIDENCE = {
    "price": "prices",
    "per-tonne": "published costs per tonne",
    "transferred": "figures of elsewhere or of something near",
}
Lines = Iterator[str]


def named(run: Finished) -> Callable[[str], str]:
    table = run.table("labels").set_index("id")["en"].to_dict()
    return lambda name: str(table.get(name) or table.get(without_kind(name)) or without_kind(name))


def millions(value: float) -> str:
    return number(value / 1e6)


def costs(summary: dict[str, Any]) -> Lines:
    """Plan, least cost tier by tier, and the least cost for what the plan reaches."""
    cost, so_far, parts = summary["cost"], 0.0, []
    last = max(tier["year"] for tier in summary["tiers"])
    for tier in (t for t in summary["tiers"] if t["year"] == last):
        name = TIERS.get(tier["tier"], "all others that can be reached, on top")
        parts.append(f"{name} {millions(tier['spent'] - so_far)}")
        so_far = tier["spent"]
    told = {case: millions(spent) for case, spent in cost["spent"].items()}
    yield (
        f"Gross cost in {cost['year']}, million yuan a year: plan {told['plan']}; least cost"
        f" {told['least_cost']} ({'; '.join(parts)}); least cost for the plan's result"
        f" {told['match_plan']}."
    )
    saved = {case: millions(value) for case, value in cost["saved"].items() if value > 1e5}
    if saved:
        cases = {"plan": "plan", "least_cost": "least cost", "match_plan": "plan's result"}
        yield "Saved beside that: " + "; ".join(f"{cases[c]} {v}" for c, v in saved.items()) + "."


def mix(summary: dict[str, Any], label: Callable[[str], str]) -> Lines:
    """The recommended mix: the measures that cut most, with amount and cost."""
    paid = [row for row in summary["mix"] if not row["no_regret"]]
    shown = []
    for row in paid[:MOST]:
        unit, amount = max(row["amounts"].items(), key=lambda item: item[1]["amount"])
        has = "in the plan" if row["in_plan"] else "not in the plan"
        told = f"{label(row['measure'])} ({number(amount['amount'])} {unit}"
        shown.append(f"{told}, {millions(row['cost'])} million, {row['decides']}, {has})")
    more = f"; {len(paid) - MOST} more" if len(paid) > MOST else ""
    yield f"Mix: {'; '.join(shown) or 'nothing that costs'}{more}."
    free = [label(row["measure"]) for row in summary["mix"] if row["no_regret"]]
    if free:
        yield f"Measures that pay for themselves: {'; '.join(free)}."


def dust(run: Finished) -> Lines:
    """How much of the primary particles of the base year is dust, and how much of that of sites."""
    table, year = run.table("emissions"), run.summary["base_year"]
    rows = table[(table["pollutant"] == "PM2.5") & (table["year"] == year)]
    rows = rows[rows["case"] == "baseline"]
    of_dust = rows[rows["sector"] == "dust"]
    total, part = rows["value"].sum(), of_dust["value"].sum()
    sites = of_dust.loc[of_dust["source"].isin(SITES), "value"].sum()
    yield (
        f"Primary PM2.5 of {year}: {number(total)} t, {percent(part / total)} of it dust,"
        f" {percent(sites / part)} of that from building and demolition sites."
    )


def rests_on(summary: dict[str, Any], label: Callable[[str], str]) -> Lines:
    """Hindcast, chances, and what is assumed."""
    asked = [t for t in summary["targets"] if t["computed"]]
    about = dict.fromkeys(t["indicator"] for t in asked)
    rows = [r for r in summary["hindcast"] if not r["fitted"]]
    seen = [i for i in about if any(r["indicator"] == i for r in rows)]
    told = []
    for indicator in seen:
        own = [r for r in rows if r["indicator"] == indicator]
        each = ", ".join(f"{r['year']} {'+' * (r['error'] > 0)}{number(r['error'])}" for r in own)
        told.append(f"{label(indicator)} [{own[0]['unit']}] {each}")
    yield f"Hindcast, model less observed: {'; '.join(told)}."
    sure = [f"{label(t['id'])} {percent(t['probability']['plan'])}" for t in asked]
    yield f"Chance under the plan: {'; '.join(sure)}."
    shares = [own["assumed"] for own in summary["samples"]["variance_by_basis"].values()]
    reduction = summary["assumed_share"]["reduction"].values()
    first = summary["samples"]["measure_first"][:3]
    names = "; ".join(" / ".join(label(key) for key in row["keys"]) for row in first)
    yield (
        f"On assumed numbers rest at least {percent(min(reduction))} of the cut of each pollutant"
        f" and {percent(min(shares))} to {percent(max(shares))} of the spread of each target; worth"
        f" measuring first: {names}."
    )


def section(run: Finished) -> str:
    summary, label = run.summary, named(run)
    verdict = [
        *verdict_lines(summary, "en", label),
        *(best_line(row, "en", label) for row in summary["out_of_reach"]),
        *owner_lines(summary, "en", label),
    ]
    lines = [
        *(f"{line.rstrip('.')}." for line in verdict),
        *costs(summary),
        *mix(summary, label),
        *dust(run),
        *rests_on(summary, label),
    ]
    return f"### {summary['title']['en']}\n\n" + "".join(f"- {line}\n" for line in lines)


def of_costs() -> str:
    """What the rows of the table of costs rest on."""
    path = REPOSITORY / "inputs" / "measures" / "costs.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        found = Counter(row["evidence"] for row in csv.DictReader(stream))
    published = {name: found[name] for name in EVIDENCE}
    parts = ", ".join(f"{n} on {EVIDENCE[name]}" for name, n in published.items())
    share = sum(published.values()) / found.total()
    catalogue = REPOSITORY / "inputs" / "measures" / "catalogue.csv"
    with catalogue.open(encoding="utf-8", newline="") as stream:
        measures = list(csv.DictReader(stream))
    bare = sum(row["cost"] == "unpriced" for row in measures)
    is_open = sum(row["sign_open"] == "yes" for row in measures)
    return (
        f"Of {found.total()} rows of `costs.csv` {sum(published.values())} ({percent(share)}) rest"
        f" on published figures ({parts}), the others on judgement. Of {len(measures)} measures"
        f" {bare} have no price and {is_open} are of open sign; neither is in any mix.\n"
    )


def check(name: str, made: str, update: bool, by: str = "test_verdicts") -> None:
    """Hold what stands between two marks of the page, or write it."""
    page, (begin, end) = PAGE.read_text("utf-8"), (m.format(name=name, by=by) for m in (BEGIN, END))
    assert page.count(begin) == page.count(end) == 1
    before, rest = page.split(begin)
    held, after = rest.split(end)
    if update:
        PAGE.write_text(f"{before}{begin}{made}{end}{after}", encoding="utf-8")
        return
    assert held == made


@pytest.mark.parametrize("plan", PLANS)
def test_the_page_tells_of_each_plan_what_its_run_says(
    plan: str, run_plan: Callable[[str], Finished], update_golden: bool
) -> None:
    check(plan, section(run_plan(plan)), update_golden)


def test_the_page_tells_what_the_costs_rest_on(update_golden: bool) -> None:
    check("costs", of_costs(), update_golden)
