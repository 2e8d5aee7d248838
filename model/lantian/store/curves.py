"""Cost curves that were asked for: their table, and a folder that charts are drawn from."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lantian
from lantian.results.contract import FRONTIER
from lantian.results.frame import Frame, make_frame
from lantian.results.tables.labels import label_table
from lantian.study.model import CostSurface, Slice, Study

_BLANK: dict[str, Any] = dict.fromkeys(FRONTIER.names)


def curve_table(study: Study, surface: CostSurface) -> Frame:
    """Return kinks of every curve, and the plan and the least-cost mix as single points.

    Parameters
    ----------
    study
        The scenario put together.
    surface
        The curves.

    Returns
    -------
    Frame
        Costs in ``unit``, values in the unit of their target.
    """
    axes, two = surface.axes, len(surface.axes) > 1
    fixed = {
        "target": axes.ids[0],
        "target_unit": axes.unit[0],
        "unit": f"{study.money.currency}/a",
        "limit": _finite(surface.limit[0]),
        "against": axes.ids[1] if two else "",
        "against_unit": axes.unit[1] if two else "",
        "others": "held" if surface.held else "free",
        "year": study.system.years[surface.year],
    }
    rows = [row for k, part in enumerate(surface.slices) for row in _kinks(k, part)]
    rows += [
        {"kind": case, "cost": cost, "value": values[0], "against_value": _second(values)}
        for case, (cost, values) in surface.mixes.items()
    ]
    return make_frame(FRONTIER, [{**_BLANK, **row, **fixed} for row in rows])


def _kinks(number: int, part: Slice) -> Iterator[dict[str, Any]]:
    """Yield a row per kink; price, gap and bound are those of the stretch before it."""
    curve = part.frontier
    for k, kink in enumerate(curve.kinks):
        bound = (None, None) if k == 0 else curve.bound[k - 1]
        yield {
            "kind": "kink",
            "curve": number,
            "order": k,
            "value": kink.value,
            "cost": kink.cost,
            "price": None if k == 0 else _finite(curve.price[k - 1]),
            "gap": None if k == 0 else _finite(curve.gap[k - 1]),
            "bound_value": _finite(bound[0]),
            "bound_cost": _finite(bound[1]),
            "against_limit": _finite(part.against_limit),
            "against_value": _second(kink.values),
            "precision": curve.precision,
        }


def _finite(value: Any) -> float | None:
    """Return a number, or None where it is none or has no end."""
    return float(value) if value is not None and math.isfinite(value) else None


def _second(values: Any) -> float | None:
    """Return the value of the second target, if there is one."""
    return float(values[1]) if len(values) > 1 else None


def write_curve(study: Study, surface: CostSurface, folder: Path) -> Frame:
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
    Frame
        As :func:`curve_table`.
    """
    table = curve_table(study, surface)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for frame in (table, label_table(study)):
        frame.write(folder / "tables" / f"{frame.table.name}.csv")
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
