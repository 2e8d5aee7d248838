"""Cost curves that were asked for: their table, and a folder that charts are drawn from."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

import lantian
from lantian.optimise.analyses.frontier import Frontier
from lantian.store.run import label_table
from lantian.study.model import CostSurface, Study

COLUMNS = (
    "kind", "slice", "order", "target", "value", "limit", "target_unit", "cost", "unit", "price",
    "gap", "bound_value", "bound_cost", "against", "against_limit", "against_value",
    "against_unit", "others", "precision", "year",
)  # fmt: skip


def curve_table(study: Study, surface: CostSurface) -> pd.DataFrame:
    """Return kinks of every curve, and the plan and the least-cost mix as single points.

    ``price`` is the cost of one more unit of reduction between a kink and the one before; ``gap``
    by how much the cost there can lie below the straight line, ``bound_value`` and ``bound_cost``
    where the bounds meet.

    Parameters
    ----------
    study
        The scenario put together.
    surface
        The curves.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`; costs in ``unit``, values in the unit of their target, NaN where
        there is none.
    """
    currency, axes = study.money.currency, surface.axes
    two = len(axes) > 1
    fixed = {
        "target": axes.ids[0],
        "target_unit": axes.unit[0],
        "unit": f"{currency}/a",
        "limit": surface.limit[0],
        "against": axes.ids[1] if two else "",
        "against_unit": axes.unit[1] if two else "",
        "others": "held" if surface.held else "free",
        "year": study.system.years[surface.year],
    }
    frames = []
    for k, part in enumerate(surface.slices):
        rows = _kinks(part.frontier)
        frames.append(
            rows.assign(
                kind="kink",
                slice=k,
                order=range(len(rows)),
                against_limit=part.against_limit,
                precision=part.frontier.precision,
            )
        )
    for case, (cost, values) in surface.mixes.items():
        frames.append(
            pd.DataFrame(
                [
                    {
                        "kind": case,
                        "value": values[0],
                        "cost": cost,
                        "against_value": values[1] if two else np.nan,
                    }
                ]
            )
        )
    table = pd.concat(frames, ignore_index=True).assign(**fixed).reindex(columns=list(COLUMNS))
    return table.replace([np.inf, -np.inf], np.nan).astype({"slice": "Int64", "order": "Int64"})


def _kinks(frontier: Frontier) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "value": [k.value for k in frontier.kinks],
            "cost": [k.cost for k in frontier.kinks],
            "against_value": [k.values[1] if len(k.values) > 1 else np.nan for k in frontier.kinks],
        }
    )
    blank = np.full((1, 2), np.nan)
    corner = np.concatenate([blank, frontier.bound]) if len(frontier.kinks) > 1 else blank
    return rows.assign(
        price=np.r_[np.nan, frontier.price],
        gap=np.r_[np.nan, frontier.gap],
        bound_value=corner[:, 0],
        bound_cost=corner[:, 1],
    )


def write_curve(study: Study, surface: CostSurface, folder: Path) -> pd.DataFrame:
    """Write the table into a folder with what charts need, and return it.

    Parameters
    ----------
    study
        The scenario put together.
    surface
        The curves.
    folder
        Made if missing; its table of an earlier curve is replaced.

    Returns
    -------
    DataFrame
        As :func:`curve_table`.
    """
    table = curve_table(study, surface)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    tables = {"frontier": table, "labels": label_table(study)}
    for name, rows in tables.items():
        rows.to_csv(folder / "tables" / f"{name}.csv", index=False, lineterminator="\n")
    title = study.scenario.title
    summary = {
        "name": study.scenario.name,
        "title": {"en": title.en, "zh": title.zh},
        "version": lantian.__version__,
        "base_year": study.scenario.base_year,
    }
    (folder / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return table
