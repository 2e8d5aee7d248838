"""Concentrations and dustfall that the emissions of the cases lead to."""

from collections.abc import Mapping

import numpy as np

from lantian.core.system import Array
from lantian.indicators.assembly import Response, by_group, dust_emission
from lantian.indicators.pm25 import REGIONAL, VARIANTS, Variant
from lantian.indicators.receptors import Transfer
from lantian.results.contract import CONCENTRATION, CONCENTRATIONS, DUSTFALL, INDICATORS
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import as_cells, crossed, stacked
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult, Study
from lantian.vocabulary import weakest

TOTAL = "total"
BACKGROUND = "background"
"""Name of the part of a concentration that no source of the inventory causes."""

Row = dict[str, object]


@builds(INDICATORS)
def indicators(run: Run) -> Data:
    """PM2.5 by contribution with the range of the response, and dustfall."""
    study, response = run.study, run.study.response
    if response is None:
        return []
    return [
        {"case": name, "year": study.system.years[y], **row}
        for name, case in run.results.cases.items()
        for rows in (_pm25(study, response, case), _dustfall(study, response, case))
        for y, row in rows
    ]


def _pm25(study: Study, response: Response, case: CaseResult) -> list[tuple[int, Row]]:
    """Return position of the year and row: the total first, then each contribution."""
    variants = response.pm25
    grouped = by_group(study.system.sources, case.emission)
    total = {v: r.concentration(grouped)[None] for v, r in variants.items()}
    parts = {v: r.contributions(grouped) for v, r in variants.items()}
    every = {v: np.concatenate([total[v], parts[v]]) for v in variants}
    names = [TOTAL, *variants["central"].contribution_names()]
    return [(y, _pm25_row(name, every, i, y)) for y in case.years for i, name in enumerate(names)]


def _pm25_row(name: str, values: Mapping[Variant, Array], part: int, year: int) -> Row:
    ends = [series[part, year] for series in values.values()]
    return {
        "indicator": "pm25",
        "component": name,
        "value": values["central"][part, year],
        "low": min(ends),
        "high": max(ends),
        "unit": CONCENTRATION,
    }


def _dustfall(study: Study, response: Response, case: CaseResult) -> list[tuple[int, Row]]:
    """Return position of the year and row; no range of its response is known."""
    dust = dust_emission(study.system.sources, case.emission)
    local = response.dustfall.contributions(dust)
    series = {TOTAL: response.dustfall.level(dust), "dust": local[0], REGIONAL: local[1]}
    fixed: Row = {"indicator": "dustfall", "low": None, "high": None, "unit": DUSTFALL}
    return [
        (y, {**fixed, "component": name, "value": values[y]})
        for y in case.years
        for name, values in series.items()
    ]


@builds(CONCENTRATIONS)
def concentrations(run: Run) -> Data | None:
    """Concentration at each receptor by case and year: total, background, each source.

    Its basis is that of coefficients and background, whatever the emissions rest on.
    """
    transfer, system = run.study.transfer, run.study.system
    if transfer is None:
        return None
    labels = crossed(
        {
            "receptor": transfer.receptors,
            "component": [TOTAL, BACKGROUND, *system.sources.id],
        }
    )
    at = zip(labels["receptor"].tolist(), labels["component"].tolist(), strict=True)
    basis = as_cells([_basis(transfer, receptor, component) for receptor, component in at])
    parts = [
        {
            "case": name,
            "year": system.years[y],
            **labels,
            **_values(transfer, case.emission[:, :, y]),
            "basis": basis,
        }
        for name, case in run.results.cases.items()
        for y in case.years
    ]
    return stacked(parts) | {"unit": CONCENTRATION}


def _values(transfer: Transfer, emission: Array) -> dict[str, Cells]:
    names: dict[Variant, str] = {"central": "value", "low": "low", "high": "high"}
    return {names[v]: _parts(transfer, emission, v).ravel() for v in VARIANTS}


def _basis(transfer: Transfer, receptor: str, component: str) -> str:
    """Return what a part of a concentration rests on; nothing for a source that adds nothing."""
    if component == TOTAL:
        return weakest([b for (r, _), b in transfer.basis.items() if r == receptor])
    source = "" if component == BACKGROUND else component
    return transfer.basis.get((receptor, source), "")


def _parts(transfer: Transfer, emission: Array, variant: Variant) -> Array:
    """Return total, background and sources [ug/m3], dims (receptor, component)."""
    background = transfer.background[variant][:, None]
    own = transfer.contributions(emission, variant)
    return np.hstack([background + own.sum(axis=1, keepdims=True), background, own])
