"""What the terminal prints after a run, as data."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

import lantian
from lantian.core.projection import Projection
from lantian.core.system import Index, System
from lantian.ensemble.failure import Restriction
from lantian.ensemble.swings import COST
from lantian.ensemble.variance import WEATHER
from lantian.errors import one_line
from lantian.language import Message
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.parameters import units
from lantian.plan.targets import ResolvedTarget, pollutant_weights
from lantian.results.basis import number_of
from lantian.results.contract import (
    BASIS_SHARES,
    COSTS,
    CREDITS,
    HINDCAST,
    MEASURES,
    MIX,
    OUT_OF_REACH,
    OWNERS,
    PER_YEAR,
    PROBABILITIES,
    RANGES,
    TARGETS,
    TIERS_TABLE,
    TOPDOWN,
    UNPRICED,
    Table,
)
from lantian.results.frame import Frame
from lantian.results.tables.credits import credits_of_mix
from lantian.results.tables.registry import Run
from lantian.results.tables.targets import is_met
from lantian.results.tables.uncertainty import bound_of
from lantian.scenario.model import Commitment, Target
from lantian.study.model import Results, Study, notes
from lantian.vocabulary import BASES, LANGUAGES, POLLUTANTS, Case

TOP = 10
"""Measures and assumptions that a summary names."""


def summarise(run: Run) -> dict[str, Any]:
    """Return the summary of a run: targets, cost, leading measures, what it rests on.

    Parameters
    ----------
    run
        The study and what was found out about it.

    Returns
    -------
    dict
        Ready to be written as JSON.
    """
    study, results = run.study, run.results
    year = study.system.years[-1]
    return {
        "name": study.scenario.name,
        "title": {"en": study.scenario.title.en, "zh": study.scenario.title.zh},
        "version": lantian.__version__,
        "region": study.scenario.region,
        "years": list(study.system.years),
        "base_year": study.scenario.base_year,
        "currency": study.money.currency,
        "price_year": study.money.price_year,
        "credit": study.scenario.credit.model_dump(),
        "targets": _targets(study, results, run.table(TARGETS)),
        "samples": _samples(run),
        "levels": _levels(study, results),
        "cost": _cost(run, year),
        "tiers": _tiers(run.table(TIERS_TABLE)),
        "out_of_reach": _plain_rows(run.table(OUT_OF_REACH), OUT_OF_REACH),
        "mix": _mix(study, run.table(MIX), _credited(run), run.table(MEASURES)),
        "measures": _measures(study, run.table(CREDITS), "plan")[:TOP],
        "assumed_share": _assumed(run.table(BASIS_SHARES), year),
        "assumptions": _leading(run.assumptions),
        "topdown": run.table(TOPDOWN).records(
            "sector", "without", "pollutant", "year", "ratio", "stands"
        ),
        "owners": _owners(study, _plain_rows(run.table(OWNERS), OWNERS)),
        "hindcast": _plain_rows(run.table(HINDCAST), HINDCAST),
        "solver": _solver(study, results),
        "warnings": [one_line(w) for w in study.warnings],
        "notes": list(dict.fromkeys(m.text() for m in notes(study, results))),
    }


def _leading(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the assumed numbers that move a target, or a total, most."""
    found = [row for row in rows if row["basis"] == "assumed" and row["outcome"] not in ("", COST)]
    return [{**row, "keys": list(row["keys"])} for row in found[:TOP]]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what is no finite number becomes null."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _targets(study: Study, results: Results, table: Frame) -> list[dict[str, Any]]:
    found = []
    case: Case = "plan" if "plan" in results.cases else "baseline"
    shown = study.projection(results.cases[case])
    prices = {t.id: t for answer in results.optimum.values() for t in answer.targets}
    for resolved in results.targets:
        rows = table.at(table["target"] == resolved.target.id).records(
            "case", "value", "met", "probability"
        )
        computed = resolved.computed
        price = prices.get(resolved.target.id)
        found.append(
            {
                "id": resolved.target.id,
                "clause": list(resolved.target.clause),
                "indicator": resolved.target.indicator_id,
                "pollutant": resolved.target.pollutant,
                **_where(resolved.target),
                "bindingness": resolved.target.bindingness,
                "number": resolved.target.number,
                "year": resolved.target.year,
                "computed": computed,
                **_reading(study, resolved, shown),
                "unit": resolved.unit,
                "base_year": resolved.base_year,
                "base_value": _plain(resolved.base_value),
                "limit": _plain(resolved.limit),
                "value": {row["case"]: row["value"] for row in rows},
                "met": {row["case"]: row["met"] for row in rows},
                "probability": {row["case"]: _plain(row["probability"]) for row in rows},
                "max_feasible": None if price is None else _plain(price.max_feasible),
                "feasible": None
                if price is None
                else is_met(price.limit, price.max_feasible, resolved.bound),
                "shadow_price": None if price is None else _plain(price.shadow_price),
                "shadow_price_unit": None if price is None else price.price_unit,
            }
        )
    return found


def _reading(study: Study, resolved: ResolvedTarget, case: Projection) -> dict[str, Any]:
    """Return what must be read beside a target, where there is something."""
    if not resolved.computed:
        reason = resolved.target.reason
        return {"reason": reason} if reason else {}
    told = resolved.told(case)
    beside = {} if told is None else {"beside": {one: told.text(one) for one in LANGUAGES}}
    path = None if told is None else told.values.get("path")
    if isinstance(path, Message):
        beside["path"] = {one: path.text(one) for one in LANGUAGES}
    question = study.question
    alone = question.whole is None and question.coupling is None
    asked = resolved.asked and (alone or not resolved.has_branches)
    return {**beside, **({} if asked else {"judged_after": True})}


def _owners(study: Study, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return who makes a mean, at the state of the air of the targets on it: they stand beside."""
    found = []
    for row in rows:
        on_it = (t.scale for t in study.targets if t.target.indicator_id == row["indicator"])
        state = next((scale for scale in on_it if scale is not None), 1.0)
        parts = {name: row[name] / state for name in ("base", "total", "own", "city", "outside")}
        found.append({**row, **parts})
    return found


def _samples(run: Run) -> dict[str, Any] | None:
    """Return how sure the answers are; None where no samples were drawn."""
    found = run.sampled
    if found is None:
        return None
    ranges = run.table(RANGES)
    asked = ranges.at(ranges["what"] == "target")
    return {
        "number": found.draws.samples,
        "method": found.draws.method,
        "seed": found.draws.seed,
        "contradictory": found.impossible,
        "percentiles": len(asked),
        "unsettled": int(np.sum(~asked["settled"].astype(bool))),
        "weather": [_of_weather(run, t) for t in found.weather],
        "variance_by_basis": {
            run.study.targets[own.target].target.id: dict(zip(BASES, own.bases, strict=True))
            for own in run.variances
        },
        "measure_first": _first(run),
        "failures": _failures(run),
    }


def _of_weather(run: Run, target: int) -> dict[str, Any]:
    """Return the probabilities of a target that the weather matters to, under the plan."""
    name = run.study.targets[target].target.id
    rows = run.table(PROBABILITIES).records(*PROBABILITIES.names)
    case = "plan" if "plan" in run.results.cases else "baseline"
    own = next(row for row in rows if row["target"] == name and row["case"] == case)
    return {k: own[k] for k in ("target", "case", "probability", "normal_weather", "three_years")}


def _failures(run: Run) -> list[dict[str, Any]]:
    """Return where the plan misses each target that it may meet or miss."""
    return [
        {
            "target": run.study.targets[box.target].target.id,
            "coverage": box.coverage,
            "density": box.density,
            "when": [_when(run, side) for side in box.restrictions],
        }
        for box in run.boxes
    ]


def _when(run: Run, side: Restriction) -> dict[str, Any]:
    if side.driver == WEATHER:
        return {"keys": [], "above": side.above, "bound": side.bound, "unit": "1"}
    assert run.sampled is not None  # or there would be no box
    draws = run.sampled.draws
    slot = int(draws.slots[draws.driver == side.driver][0])
    bound, unit = bound_of(run, side)
    keys = list(number_of(run.study, slot)["keys"])
    return {"keys": keys, "above": side.above, "bound": bound, "unit": unit}


def _first(run: Run) -> list[dict[str, Any]]:
    """Return the inputs worth measuring first, each with the verdict that it would move most."""
    found = []
    for verdicts in run.first:
        best = max(verdicts, key=lambda own: abs(own.if_high - own.if_low))
        assert run.sampled is not None  # or nothing would be worth measuring
        draws = run.sampled.draws
        slot = int(draws.slots[draws.driver == best.driver][0])
        found.append(
            {
                "keys": list(number_of(run.study, slot)["keys"]),
                "target": run.study.targets[best.target].target.id,
                "share": best.share,
                "if_low": best.if_low,
                "if_high": best.if_high,
            }
        )
    return found


def _levels(study: Study, results: Results) -> list[dict[str, Any]]:
    """Return every level that the plan prints, and what of it the end of the last year reaches.

    A share has its lowest and highest value over the sources; an amount is their sum. A level of
    a season is a share of that season.
    """
    system, commitments, found = study.system, study.commitments, []
    for c, commitment in enumerate(study.scenario.commitments):
        own = commitments.commitment == c
        if commitment.credit != "printed" or not own.any():
            continue
        seasons = [study.times[g].season or 1.0 for g in commitments.group[own]]
        reached = results.last_levels[own, -1] / np.array(seasons)
        units_of = ["1"] * len(reached)
        if not commitment.is_share:
            units_of = [
                system.sources.unit[s] for s in system.groups.source[commitments.group[own]]
            ]
        reached = reached * [
            _printed_units(commitment, unit, float(pledged))
            for unit, pledged in zip(units_of, commitments.level[own, -1], strict=True)
        ]
        if not commitment.is_share:
            reached = reached.sum(keepdims=True)
        known = reached[~np.isnan(reached)]
        low, high = (known.min(), known.max()) if known.size else (math.nan, math.nan)
        found.append(
            {
                "commitment": commitment.id,
                "measure": commitment.measure,
                "clause": list(commitment.clause),
                "of": commitment.of or "amount",
                "unit": commitment.level.unit,
                "printed": commitment.level.value,
                "lowest": _plain(low),
                "highest": _plain(high),
                "held_by_reach": _holding_reach(study, results, np.flatnonzero(own)),
            }
        )
    return found


def _holding_reach(study: Study, results: Results, own: Index) -> float | None:
    """Return the least reach [1] that keeps a commitment below its level; None if none does."""
    level, group = study.commitments.level[:, -1], study.commitments.group
    held = [study.system.groups.reach[group[k]] for k in own if results.held_short(k, -1, level[k])]
    return float(min(held)) if held else None


def _printed_units(commitment: Commitment, unit: str, pledged: float) -> float:
    """Return how many of the units that a plan prints are in one of the source.

    Where they are other units of the same thing the level tells it, as both are the same.
    """
    if units.is_like(unit, commitment.level.unit):
        return units.factor(unit, commitment.level.unit)
    return commitment.level.value / pledged if pledged else math.nan


def _where(target: Target) -> dict[str, list[str] | str]:
    """Return places and months that a target is about, if not all of the region and the year."""
    places = list(target.areas or ()) if target.receptor is None else [target.receptor]
    found: dict[str, list[str] | str] = {"places": places} if places else {}
    return found if target.season is None else found | {"season": target.season}


def _plain_rows(table: Frame, declared: Table) -> list[dict[str, Any]]:
    return [{k: _plain(v) for k, v in row.items()} for row in table.records(*declared.names)]


def _tiers(table: Frame) -> list[dict[str, Any]]:
    """Return the cost of each tier and year, with its targets."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in _plain_rows(table, TIERS_TABLE):
        own = found.setdefault((row["year"], row["tier"]), {**row, "reached": [], "missed": []})
        if row["asked"]:
            own["reached" if row["reached"] else "missed"].append(row["target"])
    return [{k: v for k, v in o.items() if k not in ("target", "asked")} for o in found.values()]


def _credited(run: Run) -> Frame:
    """Return who gets the credit in the mix of its last year, which may not be the run's."""
    year = max(run.results.optimum, default=-1)
    is_last = year in (-1, len(run.study.system.years) - 1)
    return run.table(CREDITS) if is_last else credits_of_mix(run, year)


def _mix(study: Study, table: Frame, credited: Frame, uptakes: Frame) -> list[dict[str, Any]]:
    """Return the measures of the least-cost mix of its last year, those that matter most first.

    Amounts are sums over the sources that have the same unit: all that mix or plan take.
    """
    every = [r for r in table.records(*MIX.names) if r["case"] == "least_cost"]
    first = next((r["best_for"] for r in every if r["best_for"]), "")
    # where nothing of the headline can be reached, the answer is the best for what was asked first
    rows = [r for r in every if not r["best_for"]] or [r for r in every if r["best_for"] == first]
    last = max((row["year"] for row in rows), default=0)
    credit = {row["measure"]: row for row in _measures(study, credited, "least_cost")}
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["year"] == last:
            own = found.setdefault(row["measure"], _empty(row, credit))
            own["cost"] += row["cost"] if math.isfinite(row["cost"]) else 0.0
            own["priced"] &= math.isfinite(row["cost"])
            own["in_plan"] |= bool(row["in_plan"])
            amount = _amount_of(own, row["unit"])
            amount["amount"] += row["amount"]
            amount["plan"] += row["plan_amount"]
            amount["most"] += row["amount"] / row["share"] if row["share"] else row["amount"]
    mixed = {(row["measure"], row["source"]) for row in rows if row["year"] == last}
    _add_of_plan(found, [r for r in _of_plan(uptakes, last) if r[:2] not in mixed])
    for own in found.values():
        own["no_regret"] = own["priced"] and own["cost"] <= 0
    return sorted(found.values(), key=lambda own: (-own["weight"], -own["cost"], own["measure"]))


def _of_plan(uptakes: Frame, year: int) -> list[tuple[str, str, str, float, float]]:
    """Return what a plan takes: measure, source, unit, amount, and its share of what there is."""
    rows = uptakes.records("measure", "source", "case", "year", "uptake_unit", "uptake", "level")
    return [
        (row["measure"], row["source"], row["uptake_unit"], row["uptake"], row["level"])
        for row in rows
        if row["case"] == "plan" and row["year"] == year and row["uptake"] > 0.0
    ]


def _add_of_plan(
    found: Mapping[str, dict[str, Any]], taken: Iterable[tuple[str, str, str, float, float]]
) -> None:
    """Add what the plan takes of measures of a mix on sources where the mix leaves them."""
    for measure, _, unit, uptake, level in taken:
        if measure in found:
            own = found[measure]
            own["in_plan"] = True
            amount = _amount_of(own, unit)
            amount["plan"] += uptake
            amount["most"] += uptake / level


def _amount_of(own: Mapping[str, Any], unit: str) -> dict[str, float]:
    """Return what mix and plan take of a measure in a unit, and what there is, to be added to."""
    found: dict[str, float] = own["amounts"].setdefault(unit, {"amount": 0, "plan": 0, "most": 0})
    return found


def _empty(row: dict[str, Any], credit: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    told = credit.get(row["measure"], {})
    return {
        "measure": row["measure"],
        "year": row["year"],
        "best_for": row["best_for"],
        "decides": row["decides"],
        "amounts": {},
        "cost": 0.0,
        "cost_unit": row["cost_unit"],
        "priced": True,
        "in_plan": False,
        "weight": told.get("weight", 0.0),
        "credit": told.get("credit", {}),
    }


def _cost(run: Run, year: int) -> dict[str, Any]:
    """Return the net cost of each case, and its parts: gross cost, and what is saved beside it.

    A measure that costs on the whole counts as gross cost, one that pays for itself as saving. Of
    the last year that has a mix, which may lie before the last of the scenario.
    """
    study, results = run.study, run.results
    year = study.system.years[max(results.optimum)] if results.optimum else year
    table, unpriced = run.table(COSTS), run.table(UNPRICED)
    rows = table.at(table["year"] == year)
    known = rows["known"]
    net = {case: _net_by_measure(rows.at(known & (rows["case"] == case))) for case in results.cases}
    without = unpriced.at(unpriced["year"] == year).records("case", "pollutant", "share")
    return {
        "year": year,
        "unit": f"{study.money.currency}/a",
        "by_case": {case: math.fsum(own) for case, own in net.items()},
        "spent": {case: math.fsum(c for c in own if c > 0) for case, own in net.items()},
        "saved": {case: abs(math.fsum(c for c in own if c < 0)) for case, own in net.items()},
        "unpriced": {
            case: {r["pollutant"]: r["share"] for r in without if r["case"] == case}
            for case in results.cases
            if case != "baseline"
        },
        "unknown_cost": sorted(set(rows["measure"][~known])),
    }


def _net_by_measure(rows: Frame) -> list[float]:
    """Return what each measure costs less what it saves, over all its sources."""
    found: dict[str, list[float]] = {}
    for row in rows.records("measure", "cost_yuan"):
        found.setdefault(row["measure"], []).append(row["cost_yuan"])
    return [math.fsum(own) for own in found.values()]


def _measures(study: Study, table: Frame, case: Case) -> list[dict[str, Any]]:
    """Return the measures of a case, those with the largest share of its cuts first.

    Pollutants are weighed by the targets.
    """
    weights = pollutant_weights(study.targets, study.baseline)
    table = table.at(table["case"] == case)
    if not len(table) or not weights.any():
        return []
    measures, pollutants = (sorted(set(table[name])) for name in ("measure", "pollutant"))
    credit = np.zeros((len(measures), len(pollutants)))
    credit[_places(table, "measure", measures), _places(table, "pollutant", pollutants)] = table[
        "credit"
    ]
    cut = credit.clip(min=0.0).sum(axis=0)
    matter = weights[[POLLUTANTS.index(p) for p in pollutants]] / weights.sum()
    share = np.divide(credit, cut, out=np.zeros_like(credit), where=cut > 0)
    weight = (share * matter).sum(axis=1)
    return [
        {
            "measure": measures[m],
            "weight": float(weight[m]),
            "credit": dict(zip(pollutants, credit[m].tolist(), strict=True)),
            "unit": PER_YEAR,
        }
        for m in np.argsort(-weight, kind="stable").tolist()
    ]


def _places(table: Frame, name: str, labels: list[str]) -> list[int]:
    place = {label: i for i, label in enumerate(labels)}
    return [place[cell] for cell in table[name]]


def _assumed(table: Frame, year: int) -> dict[str, dict[str, Any]]:
    """Return the share of emissions and reductions that rests on assumed numbers."""
    rows = table.at((table["year"] == year) & (table["basis"] == "assumed"))
    return {
        what: {
            row["pollutant"]: row["share"]
            for row in rows.at((rows["what"] == what) & (rows["case"] == case)).records(
                "pollutant", "share"
            )
        }
        for what, case in (
            ("emission", "baseline"),
            ("activity", "baseline"),
            ("factor", "baseline"),
            ("reduction", "plan"),
        )
    }


def _solver(study: Study, results: Results) -> dict[str, Any]:
    """Return per case the answer of the last year with targets, and all targets out of reach."""
    cases: dict[Case, Mapping[int, LeastCostResult]] = {
        "least_cost": results.optimum,
        "match_plan": results.match,
    }
    return {
        case: {
            **_answer(study.system, answers[max(answers)]),
            "year": study.system.years[max(answers)],
            "out_of_reach": [
                t.id
                for answer in answers.values()
                if answer.diagnosis is not None
                for t in answer.targets
                if not t.met
            ],
        }
        for case, answers in cases.items()
        if answers
    }


def _answer(system: System, answer: LeastCostResult) -> dict[str, Any]:
    found = {
        "cost": _plain(answer.cost),
        "proven_bound": _plain(answer.proof.bound),
        "proof_gap": _plain(answer.proof.gap),
        "joint_share": _plain(answer.joint_share),
        "several_optima": answer.several_optima,
        "reprojection_gap": _plain(answer.reprojection_gap),
    }
    if answer.penalty:
        found["penalty"] = _plain(answer.penalty)
        found["excess"] = {
            t.id: {"value": _plain(t.excess), "unit": t.unit, "cost": _plain(t.excess_cost)}
            for t in answer.targets
            if t.excess_cost
        }
    if answer.whole is not None:
        whole = answer.whole
        found["whole"] = {
            "linear_bound": _plain(whole.linear_cost),
            "cost": _plain(whole.cost),
            "gap": _plain(whole.gap),
            "unproven": _plain(whole.unproven),
            "units": [
                {
                    "measure": system.measures[system.groups.measure[units.group]],
                    "source": system.sources.id[system.groups.source[units.group]],
                    "number": units.number,
                    "size": units.size,
                }
                for units in whole.units
            ],
        }
    return found
