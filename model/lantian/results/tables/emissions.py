"""Emissions by source, in the layout of the IAMC, and without any plan."""

import numpy as np

from lantian.results.contract import EMISSIONS, IAMC, INVENTORY, MONTHS, PER_YEAR
from lantian.results.frame import Cells, Data, Frame, make_frame
from lantian.results.tables.axes import as_cells, crossed, stacked, summed
from lantian.results.tables.months import MONTHLY
from lantian.results.tables.registry import Run, builds
from lantian.study.model import Study


@builds(EMISSIONS)
def emissions(run: Run) -> Data:
    """Emissions of every case; what a source emits in no case and year is left out."""
    study, cases = run.study, run.results.cases
    system, area = study.system, study.scenario.region or study.scenario.name
    emitted = np.zeros((len(system.sources), len(system.pollutants)), bool)
    for case in cases.values():
        emitted |= (case.emission[:, :, list(case.years)] > 0).any(axis=2)
    parts = [
        _of_case(study, name, case.emission[:, :, list(case.years)][emitted], emitted, case.years)
        for name, case in cases.items()
    ]
    return {**stacked(parts), "region": area, "unit_area": area, "unit": PER_YEAR}


def _of_case(
    study: Study, case: str, values: Cells, emitted: Cells, years: tuple[int, ...]
) -> dict[str, Cells | str]:
    """Return the columns of one case; ``values`` has dims (emitted pair, year)."""
    system = study.system
    source, pollutant = (np.repeat(at, len(years)) for at in np.nonzero(emitted))
    return {
        "case": case,
        "sector": as_cells(system.sources.sector)[source],
        "source": as_cells(system.sources.id)[source],
        "pollutant": as_cells(system.pollutants)[pollutant],
        "year": np.tile([system.years[y] for y in years], int(emitted.sum())),
        "value": values.ravel(),
    }


@builds(IAMC)
def iamc(run: Run) -> Data:
    """Emissions as a whole and by sector, years as columns, in the words and units of the IAMC."""
    emitted, scenario = run.table(EMISSIONS), run.study.scenario.name
    whole = np.full(len(emitted["value"]), "")
    sector = as_cells([_part(name) for name in emitted["sector"].tolist()])
    cells = [[emitted["case"], emitted["region"], emitted["pollutant"], part, emitted["year"]]
             for part in (whole, sector)]  # fmt: skip
    keys, total = summed(
        np.concatenate([emitted["value"]] * 2),
        [np.concatenate(columns) for columns in zip(*cells, strict=True)],
    )
    rows = list(dict.fromkeys(zip(*(key.tolist() for key in keys[:-1]), strict=True)))
    place = {row: n for n, row in enumerate(rows)}
    years = {year: np.full(len(rows), np.nan) for year in sorted(set(keys[-1].tolist()))}
    for *row, year, value in zip(*(key.tolist() for key in keys), total.tolist(), strict=True):
        years[year][place[tuple(row)]] = value / TONNES_PER_KT
    return {
        "model": "Lantian",
        "scenario": [f"{scenario} {case}" for case, *_ in rows],
        "region": [region for _, region, *_ in rows],
        "variable": [f"Emissions|{pollutant}{part}" for *_, pollutant, part in rows],
        "unit": [f"kt {pollutant}/yr" for *_, pollutant, _ in rows],
        **{str(year): values for year, values in years.items()},
    }


TONNES_PER_KT = 1000.0


def _part(sector: str) -> str:
    """Return a sector as the end of a variable, in which a bar would make parts of it."""
    return f"|{sector.replace('|', '/')}"


def baseline_emissions(study: Study) -> Frame:
    """Return emissions without the plan, by source, pollutant and year."""
    system = study.system
    axes = {"source": range(len(system.sources)), "pollutant": system.pollutants}
    labels = crossed({**axes, "year": system.years})
    source = labels["source"].astype(np.int64)
    return make_frame(
        INVENTORY,
        {
            **labels,
            "sector": as_cells(system.sources.sector)[source],
            "source": as_cells(system.sources.id)[source],
            "value": study.baseline.ravel(),
            "unit": PER_YEAR,
        },
    )


def monthly_emissions(study: Study) -> Frame | None:
    """Return emissions of the base year by source, pollutant and month.

    Parameters
    ----------
    study
        The scenario put together.

    Returns
    -------
    Frame or None
        None where the region does not say how its sources are spread over the year.
    """
    if not study.shapes.known:
        return None
    months = study.shapes.shares
    system, year = study.system, study.scenario.base_year
    yearly = study.baseline[:, :, system.years.index(year)]
    axes = {"source": range(len(system.sources)), "pollutant": system.pollutants}
    labels = crossed({**axes, "month": range(1, months.shape[1] + 1)})
    source = labels["source"].astype(np.int64)
    share = np.broadcast_to(months[:, None], (*yearly.shape, months.shape[1]))
    return make_frame(
        MONTHS,
        {
            **labels,
            "sector": as_cells(system.sources.sector)[source],
            "source": as_cells(system.sources.id)[source],
            "year": year,
            "share": share.ravel(),
            "value": (yearly[..., None] * share).ravel(),
            "unit": MONTHLY,
        },
    )
