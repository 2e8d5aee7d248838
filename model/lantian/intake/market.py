"""What new vehicles run on after the last year that a region tells: the market of the country.

``inputs/vehicle_market.csv`` has the share of new-energy vehicles in what is sold. A region that is
moved beyond its own sales would else go on selling what was sold then.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from lantian.errors import Problems
from lantian.inventory.sectors.on_road.vehicles import FLEETS, WEAR_GROUPS
from lantian.parameters import (
    SHARE,
    CalendarYear,
    QuantityRow,
    declared,
    listed,
    locate,
    read_quantities,
)

MARKET = "vehicle_market"
"""Name of the table."""
SALES = "fleet_sales"
BATTERY = "battery"
SPREAD = 0.3
"""Half-width of the range [share] of the shares of the other fuels."""

Cells = dict[str, str]
Series = Mapping[tuple[str, str], Sequence[Cells]]
"""Rows of the shares by source and fuel."""


class MarketRow(QuantityRow):
    """A line of ``vehicle_market.csv``: share of new-energy vehicles among those sold in a year.

    ``vehicles`` is a source of the sector on-road, or a group of them.
    """

    plausible = declared({"": SHARE})
    vehicles: Annotated[str, listed(tuple(dict.fromkeys((*WEAR_GROUPS, *FLEETS))))]
    year: CalendarYear


def with_market(
    rows: Sequence[Cells], base_year: int, inputs: Path, problems: Problems
) -> tuple[list[Cells], dict[str, int]]:
    """Return sales with those of the country after their last year, where that is too early.

    Parameters
    ----------
    rows
        Of ``fleet_sales.csv``.
    base_year
        Of the region; sales that are known up to it stay as they are.
    inputs
        Folder of all inputs.
    problems
        Receives what is wrong with the table of the market.

    Returns
    -------
    list of dict
        Rows of the shares of the vehicles that go on, complete, in the order of the table.
    dict
        These vehicles, and the last year that was told of each.
    """
    market = read_quantities(locate(inputs, MARKET), MarketRow, problems, inputs.parent)
    series: dict[tuple[str, str], list[Cells]] = {}
    for row in (r for r in rows if r["parameter"] == "share"):
        series.setdefault((row["source"], row["fuel"]), []).append(row)
    found: list[Cells] = []
    last: dict[str, int] = {}
    for source in dict.fromkeys(name for name, _ in series):
        told = max((int(r["year"]) for r in series.get((source, BATTERY), [])), default=None)
        sold = _market_of(source, market.rows)
        if told is None or told >= base_year or not sold:
            continue
        if _value(series[source, BATTERY], told) >= 1.0:
            continue  # all electric: no other fuel is there to take what the country leaves
        last[source] = told
        found += _extended(source, told, series, [r for r in sold if r.year > told])
    return found, last


def _market_of(source: str, rows: Iterable[MarketRow]) -> list[MarketRow]:
    """Return the market of a source: its own rows, else those of its group."""
    group = next((power.wear for power in FLEETS[source] if power.fuel == BATTERY), "")
    own = [row for row in rows if row.vehicles == source]
    return own or [row for row in rows if row.vehicles == group]


def _extended(source: str, told: int, series: Series, sold: Sequence[MarketRow]) -> Iterable[Cells]:
    """Yield the shares of all fuels of a source, in later years as the market leaves them."""
    before = _value(series[source, BATTERY], told)
    for (name, fuel), rows in series.items():
        if name != source:
            continue
        yield from rows
        share = _value(rows, told)
        for row in sold:
            left = (1.0 - row.value) / (1.0 - before)
            ends = (row.value, row.low, row.high) if fuel == BATTERY else _ends(share * left)
            yield {
                **rows[-1],
                "year": str(row.year),
                **dict(zip(("value", "low", "high"), (f"{x:.4g}" for x in ends), strict=True)),
                "basis": row.basis,
                "source_key": row.source_key,
                "note": f"{MARKET}.csv of {row.year}; what burns fuel shares the rest as in {told}",
            }


def _value(rows: Sequence[Cells], year: int) -> float:
    """Return the share in a year of a series, or that of its last row before it; else 0."""
    known = [row for row in rows if int(row["year"]) <= year]
    return float(max(known, key=lambda r: int(r["year"]))["value"]) if known else math.nan


def _ends(share: float) -> tuple[float, float, float]:
    return share, share * (1.0 - SPREAD), min(1.0, share * (1.0 + SPREAD))
