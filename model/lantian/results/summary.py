"""What the terminal prints after a run, as data."""

import math
from typing import Any

import numpy as np
import pandas as pd

import lantian
from lantian.indicators.targets import pollutant_weights
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.parameters import units
from lantian.scenario.model import Target
from lantian.study.model import Results, Study, notes
from lantian.vocabulary import POLLUTANTS

TOP = 10
"""Measures and assumptions that a summary names."""


def summarise(study: Study, results: Results, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the summary of a run: targets, cost, leading measures, what it rests on.

    Parameters
    ----------
    study
        The scenario put together.
    results
        What was found out about it.
    tables
        As :func:`~lantian.results.tables.all_tables` gives them.

    Returns
    -------
    dict
        Ready to be written as JSON.
    """
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
        "targets": _targets(results, tables["targets"]),
        "levels": _levels(study, results),
        "cost": _cost(study, results, tables["costs"], year),
        "measures": _measures(study, tables["credits"]),
        "assumed_share": _assumed(tables["basis"], year),
        "assumptions": _records(tables["assumptions"].head(TOP)),
        "topdown": _records(
            tables["topdown"][["sector", "pollutant", "year", "ratio", "within_factor_two"]]
        ),
        "solver": _solver(study, results),
        "warnings": [w.text() for w in study.warnings],
        "notes": list(dict.fromkeys(m.text() for m in notes(study, results))),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _plain(v) for k, v in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: NaN and NA become null."""
    if value is None or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _targets(results: Results, table: pd.DataFrame) -> list[dict[str, Any]]:
    found = []
    prices = {t.id: t for answer in results.optimum.values() for t in answer.targets}
    for resolved in results.targets:
        rows = table[table["target"] == resolved.target.id].set_index("case")
        computed = resolved.weight is not None
        price = prices.get(resolved.target.id)
        found.append(
            {
                "id": resolved.target.id,
                "clause": list(resolved.target.clause),
                "indicator": resolved.target.indicator,
                "pollutant": resolved.target.pollutant,
                **_where(resolved.target),
                "bindingness": resolved.target.bindingness,
                "year": resolved.target.year,
                "computed": computed,
                "unit": resolved.unit,
                "base_year": resolved.base_year,
                "base_value": _plain(resolved.base_value),
                "limit": _plain(resolved.limit),
                "value": {case: _plain(rows.loc[case, "value"]) for case in rows.index},
                "met": {case: _plain(rows.loc[case, "met"]) for case in rows.index},
                "max_feasible": None if price is None else _plain(price.max_feasible),
                "shadow_price": None if price is None else _plain(price.shadow_price),
                "shadow_price_unit": None if price is None else price.price_unit,
            }
        )
    return found


def _levels(study: Study, results: Results) -> list[dict[str, Any]]:
    """Return every level that the plan prints, and what of it the last year reaches.

    A share has its lowest and highest value over the sources; an amount is their sum.
    """
    system, commitments, found = study.system, study.commitments, []
    for c, commitment in enumerate(study.scenario.commitments):
        own = commitments.commitment == c
        if commitment.credit != "printed" or not own.any():
            continue
        reached, unit = results.levels[own, -1], "1"
        if not commitment.is_share:
            unit = system.sources.unit[system.groups.source[commitments.group[own][0]]]
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
                "lowest": _plain(units.convert(low, unit, commitment.level.unit)),
                "highest": _plain(units.convert(high, unit, commitment.level.unit)),
            }
        )
    return found


def _where(target: Target) -> dict[str, list[str]]:
    """Return the places that a target is about, if it is not about all of the region."""
    places = list(target.areas or ()) if target.receptor is None else [target.receptor]
    return {"places": places} if places else {}


def _cost(study: Study, results: Results, table: pd.DataFrame, year: int) -> dict[str, Any]:
    rows = table[table["year"] == year]
    unknown = sorted(set(rows.loc[~rows["known"].astype(bool), "measure"]))
    total = rows.groupby("case")["cost_yuan"].sum()
    return {
        "year": year,
        "unit": f"{study.money.currency}/a",
        "by_case": {case: float(total.get(case, 0.0)) for case in results.cases},
        "unknown_cost": unknown,
    }


def _measures(study: Study, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the measures with the largest share of the plan's cuts, weighed by the targets."""
    weights = pollutant_weights(study.targets, study.baseline)
    table = table[table["case"] == "plan"]
    if table.empty or not weights.any():
        return []
    wide = table.pivot(index="measure", columns="pollutant", values="credit")
    cut = wide.clip(lower=0).sum().replace(0.0, math.nan)
    matter = pd.Series(weights / weights.sum(), index=list(POLLUTANTS)).reindex(wide.columns)
    weight = (wide / cut * matter).sum(axis=1)
    top = weight.sort_values(ascending=False, kind="stable").head(TOP)
    return [
        {
            "measure": str(name),
            "weight": _plain(weight[name]),
            "credit": {str(p): _plain(wide.loc[name, p]) for p in wide.columns},
            "unit": "t/a",
        }
        for name in top.index
    ]


def _assumed(table: pd.DataFrame, year: int) -> dict[str, dict[str, Any]]:
    """Return the share of emissions and reductions that rests on assumed numbers."""
    rows = table[(table["year"] == year) & (table["basis"] == "assumed")]
    found: dict[str, dict[str, Any]] = {}
    for what, case in (
        ("emission", "baseline"),
        ("activity", "baseline"),
        ("factor", "baseline"),
        ("reduction", "plan"),
    ):
        own = rows[(rows["what"] == what) & (rows["case"] == case)]
        found[what] = {
            str(p): _plain(s) for p, s in zip(own["pollutant"], own["share"], strict=True)
        }
    return found


def _solver(study: Study, results: Results) -> dict[str, Any]:
    """Return per case the answer of the last year with targets, and all targets out of reach."""
    cases = {"least_cost": results.optimum, "match_plan": results.match}
    return {
        case: {
            **_answer(answers[max(answers)]),
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


def _answer(answer: LeastCostResult) -> dict[str, Any]:
    found = {
        "cost": _plain(answer.cost),
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
            "units": {name: {"number": n, "size": size} for name, n, size in whole.units},
        }
    return found
