"""Results -> tidy tables; every table has a unit column, every row stands on its own."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from lantian.core.areas import Areas
from lantian.core.system import Array, System, eligible_activity, sum_by
from lantian.indicators.assembly import by_group, dust_emission
from lantian.indicators.pm25 import REGIONAL, VARIANTS, Variant
from lantian.indicators.receptors import Transfer
from lantian.indicators.tables import CONCENTRATION
from lantian.indicators.targets import ResolvedTarget
from lantian.optimise.problem.coefficients import group_names
from lantian.plan.ledger import LedgerRow
from lantian.results.basis import basis_table
from lantian.study.model import CaseResult, Results, Study, notes, units_of_groups
from lantian.vocabulary import Case, weakest

PER_YEAR = "t/a"
BACKGROUND = "background"
"""Name of the part of a concentration that no source of the inventory causes."""
RESIDUALS = ("primal", "dual", "complementarity", "gap")
"""Conditions of optimality that every answer is checked for."""

MEASURE_COLUMNS = (
    "measure",
    "source",
    "sector",
    "case",
    "year",
    "uptake",
    "uptake_unit",
    "level",
    "reach",
    "cost_yuan",
    "clause",
    "bindingness",
)

TARGET_COLUMNS = (
    "target",
    "indicator",
    "areas",
    "receptor",
    "clause",
    "case",
    "year",
    "base_year",
    "base_value",
    "limit",
    "value",
    "unit",
    "met",
    "margin",
    "probability",
    "bindingness",
)


def emissions(study: Study, results: Results) -> pd.DataFrame:
    """Return emissions by case, source, pollutant and year.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row each, ``value`` [t/a]; a pollutant that a source emits in no case and year is left
        out.
    """
    system, area = study.system, study.scenario.region or study.scenario.name
    frames = []
    for name, case in results.cases.items():
        frame = _long(
            case.emission[:, :, list(case.years)],
            {
                "source": system.sources.id,
                "pollutant": system.pollutants,
                "year": [system.years[y] for y in case.years],
            },
        )
        frame.insert(0, "case", name)
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    sector = dict(zip(system.sources.id, system.sources.sector, strict=True))
    table.insert(1, "region", area)
    table.insert(2, "unit_area", area)
    table.insert(3, "sector", table["source"].map(sector))
    emitted = table.groupby(["source", "pollutant"])["value"].transform("max") > 0
    return table[emitted].assign(unit=PER_YEAR).reset_index(drop=True)


def _long(values: Array, axes: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """Return an array as rows, the last axis running fastest."""
    labels = [np.asarray(list(axis), dtype=object) for axis in axes.values()]
    index = np.indices(values.shape).reshape(values.ndim, -1)
    columns = {name: label[i] for name, label, i in zip(axes, labels, index, strict=True)}
    return pd.DataFrame(columns | {"value": values.ravel()})


def area_emissions(study: Study, emitted: pd.DataFrame) -> pd.DataFrame:
    """Return emissions by case, area, sector, pollutant and year.

    They add up to those of the region.

    Parameters
    ----------
    study
        The scenario put together.
    emitted
        As :func:`emissions` gives it.

    Returns
    -------
    DataFrame
        ``value`` [t/a]; empty where the region is not divided.
    """
    if study.areas is None:
        return pd.DataFrame()
    keys = ["case", "area", "sector", "pollutant", "year", "unit"]
    rows = _by_area(study.areas, study, emitted, ["value"])
    return rows.groupby(keys, sort=False, as_index=False)[["value"]].sum()[
        [*keys[:5], "value", "unit"]
    ]


def area_costs(study: Study, paid: pd.DataFrame) -> pd.DataFrame:
    """Return the annual cost of the measures by case, year and area.

    ``cost`` is net of savings, ``borne`` only adds up measures that cost something, ``share`` is
    the area's part of that. Measures of unknown cost are left out.

    Parameters
    ----------
    study
        The scenario put together.
    paid
        As :func:`costs` gives it.

    Returns
    -------
    DataFrame
        Costs in ``unit``, share [1]; empty where the region is not divided.
    """
    if study.areas is None:
        return pd.DataFrame()
    keys = ["case", "year", "area", "unit"]
    paid = paid[paid["known"].astype(bool)].rename(columns={"cost_yuan": "cost"})
    paid = paid.assign(borne=paid["cost"].clip(lower=0.0))
    rows = _by_area(study.areas, study, paid, ["cost", "borne"])
    table = rows.groupby(keys, sort=False, as_index=False)[["cost", "borne"]].sum()
    total = table.groupby(["case", "year"])["borne"].transform("sum")
    table["share"] = table["borne"].div(total.where(total > 0)).fillna(0.0)
    return table[["case", "year", "area", "cost", "borne", "share", "unit"]]


def _by_area(areas: Areas, study: Study, rows: pd.DataFrame, amounts: list[str]) -> pd.DataFrame:
    """Repeat rows of sources per area they are in, with the amounts that fall on it."""
    axes = {"area": areas.names, "source": study.system.sources.id}
    share = _long(areas.share, axes).rename(columns={"value": "part"})
    split = rows.merge(share[share["part"] > 0], on="source")
    split[amounts] = split[amounts].mul(split["part"], axis=0)
    return split


def baseline_emissions(study: Study) -> pd.DataFrame:
    """Emissions without the plan, by source, pollutant and year."""
    system = study.system
    table = _long(
        study.baseline,
        {"source": system.sources.id, "pollutant": system.pollutants, "year": system.years},
    )
    sector = dict(zip(system.sources.id, system.sources.sector, strict=True))
    table.insert(0, "sector", table["source"].map(sector))
    return table.assign(unit=PER_YEAR)


def activity(study: Study, results: Results) -> pd.DataFrame:
    """Return activity by case and state; states that never hold any are left out.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        ``value`` in the ``unit`` of the source; columns case, sector, source, technology, control,
        year.
    """
    system, frames = study.system, []
    for name, case in results.cases.items():
        used = np.flatnonzero(case.activity.any(axis=1))
        source = system.states.source[used]
        years = [system.years[y] for y in case.years]
        frame = pd.DataFrame(
            {
                "case": name,
                "sector": np.array(system.sources.sector, dtype=object)[source],
                "source": np.array(system.sources.id, dtype=object)[source],
                "technology": [system.states.technology[s] for s in used],
                "control": ["+".join(system.states.controls[s]) for s in used],
                "unit": np.array(system.sources.unit, dtype=object)[source],
            }
        )
        wide = pd.DataFrame(case.activity[used][:, list(case.years)], columns=years)
        frames.append(
            pd.concat([frame, wide], axis=1).melt(
                id_vars=list(frame.columns), var_name="year", value_name="value"
            )
        )
    table = pd.concat(frames, ignore_index=True)
    return table[["case", "sector", "source", "technology", "control", "year", "value", "unit"]]


def targets(study: Study, results: Results) -> pd.DataFrame:
    """Return each target under each case: base, limit, value, met or missed by how much.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row per target and case or reading; base, limit, value and margin in ``unit``. Value and
        margin are NaN for an indicator that is not computed.
    """
    rows = [
        _target_row(resolved, name, case)
        for resolved in results.targets
        for name, case in (*results.cases.items(), *results.readings.items())
        if resolved.year in case.years
    ]
    table = pd.DataFrame(rows, columns=list(TARGET_COLUMNS))
    return table.astype({"base_year": "Int64", "met": "boolean"})


def _target_row(resolved: ResolvedTarget, name: str, case: CaseResult) -> dict[str, object]:
    """Return one target under one case or reading."""
    target, value = resolved.target, resolved.value(case.emission, resolved.year)
    return {
        "target": target.id,
        "indicator": _indicator(target.indicator, target.pollutant),
        "areas": " ".join(target.areas or ()) or None,
        "receptor": target.receptor,
        "clause": " ".join(target.clause),
        "case": name,
        "year": target.year,
        "base_year": resolved.base_year,
        "base_value": resolved.base_value,
        "limit": resolved.limit,
        "value": value,
        "unit": resolved.unit,
        "met": None if resolved.weight is None else is_met(resolved.limit, value),
        "margin": resolved.limit - value,
        "probability": None,
        "bindingness": target.bindingness,
    }


MET_TOLERANCE = 1e-9
"""Relative excess over a limit that is rounding of the solver, not a missed target."""


def is_met(limit: float, value: float) -> bool:
    """Tell whether a value keeps a limit, rounding aside.

    Parameters
    ----------
    limit
        Largest value that keeps the target.
    value
        What is reached, in the same unit.

    Returns
    -------
    bool
        True up to a relative excess of rounding size.
    """
    return bool(value <= limit + MET_TOLERANCE * max(abs(limit), abs(value)))


def _indicator(indicator: str, pollutant: str | None) -> str:
    return f"{indicator} {pollutant}" if pollutant else indicator


def measures(study: Study, results: Results) -> pd.DataFrame:
    """Return uptake and cost of each measure on each source, by case and year.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        Columns :data:`MEASURE_COLUMNS`: uptake in ``uptake_unit``, level and reach as shares of the
        eligible activity [1], cost [currency/a], NaN where unknown.
    """
    system = study.system
    committed = _committed(study)
    frames = [
        _measures_of(study, results, name, case, y, committed)
        for name, case in results.cases.items()
        for y in case.years
        if y >= system.start or len(system.years) == 1
    ]
    if not frames:
        return pd.DataFrame(columns=list(MEASURE_COLUMNS))
    return pd.concat(frames, ignore_index=True)


def _measures_of(
    study: Study,
    results: Results,
    name: Case,
    case: CaseResult,
    y: int,
    committed: Mapping[int, tuple[str, str]],
) -> pd.DataFrame:
    """Return the rows of one case and year, one per group."""
    system, groups = study.system, study.system.groups
    eligible = eligible_activity(system)[:, y]
    uptake = sum_by(case.uptake[:, [y]], system.moves.group, len(groups))[:, 0]
    columns = (
        [system.measures[m] for m in groups.measure],
        [system.sources.id[s] for s in groups.source],
        [system.sources.sector[s] for s in groups.source],
        name,
        system.years[y],
        uptake,
        [system.sources.unit[s] for s in groups.source],
        np.divide(uptake, eligible, out=np.zeros(len(groups)), where=eligible > 0),
        groups.reach,
        [
            np.nan if c is None else c.total * u
            for c, u in zip(results.unit_costs, uptake, strict=True)
        ],
        [committed.get(g, ("", ""))[0] for g in range(len(groups))],
        [committed.get(g, ("", ""))[1] for g in range(len(groups))],
    )
    return pd.DataFrame(dict(zip(MEASURE_COLUMNS, columns, strict=True)))


def _committed(study: Study) -> dict[int, tuple[str, str]]:
    commitments = study.scenario.commitments
    return {
        int(g): (" ".join(commitments[c].clause), commitments[c].bindingness)
        for g, c in zip(study.commitments.group, study.commitments.commitment, strict=True)
    }


def costs(study: Study, results: Results) -> pd.DataFrame:
    """Return the annual cost of each measure by case, in its parts; transfers stand apart.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row per measure, source, case and year in use; costs in ``unit``, NaN where they are
        unknown. A transfer is paid once for each unit in use and stands in ``transfer_unit``.
    """
    system, groups = study.system, study.system.groups
    rows = []
    for name, case in results.cases.items():
        uptake = sum_by(case.uptake, system.moves.group, len(groups))
        for y in case.years:
            for g in np.flatnonzero(uptake[:, y]):
                cost = results.unit_costs[g]
                parts = ("capital", "fixed", "variable", "savings", "transfer")
                amount = {
                    p: np.nan if cost is None else getattr(cost, p) * uptake[g, y] for p in parts
                }
                rows.append(
                    {
                        "measure": system.measures[groups.measure[g]],
                        "sector": system.sources.sector[groups.source[g]],
                        "source": system.sources.id[groups.source[g]],
                        "case": name,
                        "year": system.years[y],
                        "cost_yuan": np.nan if cost is None else cost.total * uptake[g, y],
                        **amount,
                        "known": cost is not None,
                        "unit": f"{study.money.currency}/a",
                        "transfer_unit": study.money.currency,
                    }
                )
    return pd.DataFrame(
        rows,
        columns=[
            "measure",
            "sector",
            "source",
            "case",
            "year",
            "cost_yuan",
            "capital",
            "fixed",
            "variable",
            "savings",
            "transfer",
            "known",
            "unit",
            "transfer_unit",
        ],
    )


def emitted_pollutants(system: System) -> list[str]:
    """Return the pollutants that any state emits, in the order of the axis."""
    return [str(p) for i, p in enumerate(system.pollutants) if system.factor[:, i].any()]


def credits(study: Study, results: Results) -> pd.DataFrame:  # noqa: A001 - table's name
    """Return the contribution of each measure to the reduction of plan and mix in the last year.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        ``alone``, ``last_in``, ``credit`` and its standard ``error`` [t/a] by case, measure and
        pollutant.
    """
    system, mix = study.system, results.mix_credits
    emitted = emitted_pollutants(system)
    frames = []
    known = []
    if results.credits is not None:
        known.append(("plan", results.credits, np.zeros_like(results.credits.credit)))
    if mix is not None:
        known.append(("least_cost", mix.credits, mix.error))
    for case, found, error in known:
        axes = {
            "measure": [system.measures[m] for m in found.measure],
            "pollutant": system.pollutants,
        }
        table = _long(found.alone, axes).rename(columns={"value": "alone"})
        table.insert(0, "case", case)
        table.insert(3, "year", system.years[-1])
        table = table.assign(
            last_in=found.last_in.ravel(),
            credit=found.credit.ravel(),
            error=error.ravel(),
            unit=PER_YEAR,
        )
        frames.append(table[table["pollutant"].isin(emitted)])
    columns = [
        "case",
        "measure",
        "pollutant",
        "year",
        "alone",
        "last_in",
        "credit",
        "error",
        "unit",
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def comparators(study: Study, results: Results) -> pd.DataFrame:
    """Return ways of choosing measures: cost, least cost for the same result, targets.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row per rule, year and target: costs in ``unit``, value and limit in ``target_unit``.
    """
    system, rows = study.system, []
    targets = {p.target.id: p for p in results.targets}
    for y, compared in results.compared.items():
        ids = [t.id for t in results.optimum[y].targets]
        rows += [
            (
                one.rule,
                one.aimed_at,
                system.years[y],
                one.cost,
                one.least,
                one.excess,
                f"{study.money.currency}/a",
                name,
                value,
                targets[name].limit,
                targets[name].unit,
                bool(met),
            )
            for one in compared
            for name, value, met in zip(ids, one.value, one.met, strict=True)
        ]
    return pd.DataFrame(
        rows,
        columns=[
            "rule",
            "aimed_at",
            "year",
            "cost",
            "least_cost_for_same",
            "excess",
            "unit",
            "target",
            "value",
            "limit",
            "target_unit",
            "met",
        ],
    )


def bridge(study: Study, results: Results) -> pd.DataFrame:
    """Return base year -> growth -> natural turnover -> measures -> plan, per pollutant.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        Steps in ``order``; the ``value`` [t/a] of a step is its change, that of the first and the
        last a whole.
    """
    system, found, rows = study.system, results.bridge, []
    columns = ["pollutant", "order", "step", "measure", "value", "unit", "from_year", "to_year"]
    from_year, to_year = study.scenario.base_year, system.years[-1]
    if results.credits is None and from_year == to_year:
        return pd.DataFrame(columns=columns)
    for pollutant in emitted_pollutants(system):
        p = system.pollutants.index(pollutant)
        steps = [
            ("base", "", found.base[p]),
            ("growth", "", found.growth[p]),
            ("turnover", "", found.turnover[p]),
        ]
        if results.credits is not None:
            steps += sorted(
                (
                    ("measure", system.measures[m], -c)
                    for m, c in zip(
                        results.credits.measure, results.credits.credit[:, p], strict=True
                    )
                ),
                key=lambda step: (step[2], step[1]),
            )
        steps.append(("final", "", found.final[p]))
        rows += [
            {
                "pollutant": pollutant,
                "order": i,
                "step": step,
                "measure": measure,
                "value": float(value),
                "unit": PER_YEAR,
                "from_year": from_year,
                "to_year": to_year,
            }
            for i, (step, measure, value) in enumerate(steps)
        ]
    return pd.DataFrame(rows, columns=columns)


def levels(study: Study, results: Results) -> pd.DataFrame:
    """Return the level of each commitment per source: as pledged and as reached, by year.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        ``pledged`` and ``reached`` in ``unit``: 1 for a share, else that of the source.
    """
    system, commitments, rows = study.system, study.commitments, []
    for k, (g, c) in enumerate(zip(commitments.group, commitments.commitment, strict=True)):
        commitment = study.scenario.commitments[c]
        source = system.groups.source[g]
        unit = "1" if commitment.is_share else system.sources.unit[source]
        rows += [
            (
                commitment.id,
                commitment.measure,
                system.sources.id[source],
                " ".join(commitment.clause),
                system.years[y],
                commitment.of or "amount",
                commitments.level[k, y],
                results.levels[k, y],
                unit,
                commitment.bindingness,
                commitment.credit,
            )
            for y in range(system.start, len(system.years))
        ]
    return pd.DataFrame(
        rows,
        columns=[
            "commitment",
            "measure",
            "source",
            "clause",
            "year",
            "of",
            "pledged",
            "reached",
            "unit",
            "bindingness",
            "credit",
        ],
    )


def indicators(study: Study, results: Results) -> pd.DataFrame:
    """Return PM2.5 by contribution and dustfall, with the range of the response.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        ``value``, ``low`` and ``high`` in ``unit`` by case, year, indicator and component; empty
        without a response.
    """
    columns = ["case", "year", "indicator", "component", "value", "low", "high", "unit"]
    response = study.response
    if response is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for name, case in results.cases.items():
        rows += _pm25_rows(study, name, case)
        dust = dust_emission(study.system.sources, case.emission)
        level = response.dustfall.level(dust)
        local = response.dustfall.contributions(dust)
        for y in case.years:
            at = (name, study.system.years[y], "dustfall")
            rows += [
                (*at, "total", level[y], np.nan, np.nan, "t/(km2*month)"),
                (*at, "dust", local[0, y], np.nan, np.nan, "t/(km2*month)"),
                (*at, REGIONAL, local[1, y], np.nan, np.nan, "t/(km2*month)"),
            ]
    return pd.DataFrame(rows, columns=columns)


def _pm25_rows(study: Study, name: Case, case: CaseResult) -> list[tuple[object, ...]]:
    assert study.response is not None
    variants = study.response.pm25
    grouped = by_group(study.system.sources, case.emission)
    total = {v: r.concentration(grouped) for v, r in variants.items()}
    parts = {v: r.contributions(grouped) for v, r in variants.items()}
    rows: list[tuple[object, ...]] = []
    for y in case.years:
        at = (name, study.system.years[y], "pm25")
        rows.append((*at, "total", total["central"][y], *_ends(total, y), "ug/m3"))
        for i, part in enumerate(variants["central"].contribution_names()):
            ends = _ends({v: parts[v][i] for v in variants}, y)
            rows.append((*at, part, parts["central"][i, y], *ends, "ug/m3"))
    return rows


def concentrations(study: Study, results: Results) -> pd.DataFrame:
    """Return the concentration at each receptor by case and year: total, background, each source.

    Low and high take all transfer coefficients and backgrounds at that end of their ranges;
    ``basis`` is theirs, whatever the emissions rest on.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases with their emissions.

    Returns
    -------
    DataFrame
        ``value``, ``low`` and ``high`` [ug/m3]; empty without a table of transfer.
    """
    transfer, system = study.transfer, study.system
    if transfer is None:
        return pd.DataFrame()
    axes = {
        "receptor": transfer.receptors,
        "component": ["total", BACKGROUND, *system.sources.id],
    }
    frames = []
    for name, case in results.cases.items():
        for y in case.years:
            parts = {v: _parts(transfer, case.emission[:, :, y], v) for v in VARIANTS}
            frame = _long(parts["central"], axes)
            frame.insert(0, "case", name)
            frame.insert(1, "year", system.years[y])
            ends = {v: parts[v].ravel() for v in ("low", "high")}
            frames.append(frame.assign(**ends, unit=CONCENTRATION))
    table = pd.concat(frames, ignore_index=True)
    at = zip(table["receptor"], table["component"], strict=True)
    return table.assign(basis=[_basis(transfer, receptor, part) for receptor, part in at])


def _basis(transfer: Transfer, receptor: str, component: str) -> str:
    """Return what a part of a concentration rests on; nothing for a source that adds nothing."""
    if component == "total":
        return weakest([b for (r, _), b in transfer.basis.items() if r == receptor])
    source = "" if component == BACKGROUND else component
    return transfer.basis.get((receptor, source), "")


def _parts(transfer: Transfer, emission: Array, variant: Variant) -> Array:
    """Return total, background and sources [ug/m3], dims (receptor, component)."""
    background = transfer.background[variant][:, None]
    own = transfer.contributions(emission, variant)
    return np.hstack([background + own.sum(axis=1, keepdims=True), background, own])


def _ends(by_variant: Mapping[Variant, Array], year: int) -> tuple[float, float]:
    values = [series[year] for series in by_variant.values()]
    return float(min(values)), float(max(values))


def observed(study: Study) -> pd.DataFrame:
    """Return what was observed, beside the projection."""
    rows = (
        []
        if study.response is None
        else [
            (r.indicator, r.year, r.value, r.low, r.high, r.unit, r.basis, r.source_key)
            for r in study.response.air.rows
        ]
    )
    return pd.DataFrame(
        rows, columns=["indicator", "year", "value", "low", "high", "unit", "basis", "source_key"]
    )


EXPLAIN_BEYOND = 2.0
"""Ratio to the independent estimate beyond which the run flags an inventory total."""


def topdown(study: Study) -> pd.DataFrame:
    """Return the inventory against independent estimates; beyond a factor of two it is flagged."""
    columns = [
        "sector",
        "pollutant",
        "year",
        "inventory",
        "topdown",
        "low",
        "high",
        "ratio",
        "within_factor_two",
        "unit",
        "basis",
        "source_key",
        "note",
    ]
    if study.response is None:
        return pd.DataFrame(columns=columns)
    system, rows = study.system, []
    for row in study.response.topdown.rows:
        if row.year not in system.years:
            continue
        chosen = [s for s, sector in enumerate(system.sources.sector) if row.sector in ("", sector)]
        p, y = system.pollutants.index(row.pollutant), system.years.index(row.year)
        ours, theirs = float(study.baseline[chosen, p, y].sum()), row.to("t/a")
        ratio = ours / theirs if theirs else float("nan")
        rows.append(
            (
                row.sector or "all",
                row.pollutant,
                row.year,
                ours,
                theirs,
                *row.range("t/a"),
                ratio,
                bool(1 / EXPLAIN_BEYOND <= ratio <= EXPLAIN_BEYOND),
                PER_YEAR,
                row.basis,
                row.source_key,
                row.note,
            )
        )
    return pd.DataFrame(rows, columns=columns)


def curve(results: Results, currency: str) -> pd.DataFrame:
    """Return the marginal cost curves of single pollutants.

    Parameters
    ----------
    results
        Holds the curves.
    currency
        Of the unit.

    Returns
    -------
    DataFrame
        Steps in ``order``: ``reduction`` [t/a] at ``unit_cost`` in ``unit``.
    """
    return pd.DataFrame(
        [
            (
                pollutant,
                i,
                step.measure,
                step.source,
                step.width,
                step.unit_cost,
                f"{currency}/t",
                found.method,
            )
            for pollutant, found in results.curves.items()
            for i, step in enumerate(found.steps)
        ],
        columns=[
            "pollutant",
            "order",
            "measure",
            "source",
            "reduction",
            "unit_cost",
            "unit",
            "method",
        ],
    )


def prices(study: Study, results: Results) -> pd.DataFrame:
    """Return the shadow prices of the targets in the least-cost mix; what an excess is and costs.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row per target and year of the optimum.
    """
    rows = []
    for y, answer in results.optimum.items():
        told = answer.diagnosis
        relaxed = np.zeros(len(answer.targets)) if told is None else told.excess
        rows += [
            {
                "target": t.id,
                "year": study.system.years[y],
                "shadow_price": t.shadow_price,
                "unit": t.price_unit,
                "binding": t.binding,
                "marginal_measure": "; ".join(t.marginal),
                "relaxed_by": by,
                "excess": t.excess,
                "excess_unit": t.unit,
                "excess_price": t.excess_price,
                "excess_cost": t.excess_cost,
                "cost_unit": f"{answer.currency}/a",
            }
            for t, by in zip(answer.targets, relaxed, strict=True)
        ]
    columns = (
        "target", "year", "shadow_price", "unit", "binding", "marginal_measure", "relaxed_by",
        "excess", "excess_unit", "excess_price", "excess_cost", "cost_unit",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=columns).replace({"excess_price": {np.inf: np.nan}})


def solves(study: Study, results: Results) -> pd.DataFrame:
    """Return how the optimiser's answers came about: cost, bound, residuals, number of solves.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row per case and year that was optimised; residuals [1].
    """
    rows = []
    for case, answers in (("least_cost", results.optimum), ("match_plan", results.match)):
        for y, answer in answers.items():
            whole = answer.whole
            rows.append(
                {
                    "case": case,
                    "year": study.system.years[y],
                    "cost": answer.cost,
                    "penalty": answer.penalty,
                    "linear_bound": None if whole is None else whole.linear_cost,
                    "whole_cost": None if whole is None else whole.cost,
                    "of_all_years": whole is not None and whole.of_all_years,
                    "unit": f"{answer.currency}/a",
                    "gap": None if whole is None else whole.gap,
                    "unproven": None if whole is None else whole.unproven,
                    "relaxed": answer.diagnosis is not None,
                    "joint_share": answer.joint_share,
                    "several_optima": answer.several_optima,
                    "solves": answer.solves,
                    "cold_restarts": answer.restarts,
                    "iterations": answer.iterations,
                    **{f"{kind}_residual": getattr(answer.worst, kind) for kind in RESIDUALS},
                    "reprojection_gap": answer.reprojection_gap,
                }
            )
    columns = (
        "case", "year", "cost", "penalty", "linear_bound", "whole_cost", "of_all_years", "unit",
        "gap", "unproven", "relaxed", "joint_share", "several_optima", "solves", "cold_restarts",
        "iterations",
        *(f"{kind}_residual" for kind in RESIDUALS), "reprojection_gap",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def whole_units(study: Study, results: Results) -> pd.DataFrame:
    """Return the numbers of units of the measures that come whole.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One row per case, year, measure and source that comes in units.
    """
    system = study.system
    units = units_of_groups(study)
    position = {name: g for g, name in enumerate(group_names(system))}
    rows = [
        (
            case,
            system.years[y],
            system.measures[system.groups.measure[position[name]]],
            system.sources.id[system.groups.source[position[name]]],
            count,
            size,
            units[position[name]],
        )
        for case, answers in (("least_cost", results.optimum), ("match_plan", results.match))
        for y, answer in answers.items()
        if answer.whole is not None
        for name, count, size in answer.whole.units
    ]
    return pd.DataFrame(
        rows, columns=["case", "year", "measure", "source", "number", "unit_size", "unit"]
    )


def iamc(table: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return sector totals in the layout of the IAMC, with years as columns.

    Parameters
    ----------
    table
        As :func:`emissions` gives it.
    scenario
        Name of the scenario.

    Returns
    -------
    DataFrame
        One row per case, sector and pollutant [t/a]; the variable is
        ``Emissions|pollutant|sector``.
    """
    total = (
        table.groupby(["case", "region", "sector", "pollutant", "year", "unit"], sort=False)[
            "value"
        ]
        .sum()
        .reset_index()
    )
    total["variable"] = "Emissions|" + total["pollutant"] + "|" + total["sector"]
    wide = total.pivot_table(
        index=["case", "region", "variable", "unit"], columns="year", values="value", sort=False
    ).reset_index()
    wide.insert(0, "model", "Lantian")
    wide.insert(1, "scenario", scenario + " " + wide.pop("case"))
    wide.columns.name = None
    return wide


def ledger(study: Study) -> pd.DataFrame:
    """Return the clause ledger with the fate of every clause."""
    return pd.DataFrame(
        [row.model_dump() for row in study.ledger], columns=list(LedgerRow.model_fields)
    )


def problems(study: Study, results: Results) -> pd.DataFrame:
    """Return the warnings of the run: nothing here stopped it, all of it should be read.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    DataFrame
        One column, ``warning``.
    """
    told = list(dict.fromkeys(m.text() for m in (*study.warnings, *notes(study, results))))
    told += [f"commitments compete for and share: {name}" for name in results.crowded]
    return pd.DataFrame({"warning": told})


def all_tables(study: Study, results: Results) -> dict[str, pd.DataFrame]:
    """Return every table of a run by name.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Cases, readings and answers of the run.

    Returns
    -------
    dict
        Name of the file without suffix -> table.
    """
    emitted = emissions(study, results)
    basis, assumptions = basis_table(study, results)
    paid = costs(study, results)
    optional = {
        "concentrations": concentrations(study, results),
        "area_emissions": area_emissions(study, emitted),
        "area_costs": area_costs(study, paid),
    }
    return {
        "emissions": emitted,
        "activity": activity(study, results),
        "targets": targets(study, results),
        "measures": measures(study, results),
        "costs": paid,
        "levels": levels(study, results),
        "credits": credits(study, results),
        "comparators": comparators(study, results),
        "bridge": bridge(study, results),
        "indicators": indicators(study, results),
        "observed": observed(study),
        "topdown": topdown(study),
        "macc": curve(results, study.money.currency),
        "prices": prices(study, results),
        "solves": solves(study, results),
        "whole_units": whole_units(study, results),
        "basis": basis,
        "assumptions": assumptions,
        "clauses": ledger(study),
        "problems": problems(study, results),
        "iamc": iamc(emitted, study.scenario.name),
        **{name: table for name, table in optional.items() if not table.empty},
    }
