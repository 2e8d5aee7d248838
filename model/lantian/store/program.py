"""The linear program as text, and a table of what its symbols stand for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lantian.core.system import System
from lantian.names import AVOIDED, GroupName, IdName, MoveName, Name, StateName, undated
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.solve import formulation
from lantian.results.contract import SYMBOLS
from lantian.results.frame import Frame, make_frame

RANGE = "r_l_"
"""Prefix of the lower half of a row with two limits; its upper half is ``r_u_``."""
_BLANK: dict[str, Any] = dict.fromkeys(SYMBOLS.names)


def write_program(problem: LeastCost, system: System, path: Path) -> None:
    """Write a problem as ``<path>.lp`` and the names of its symbols as ``<path>.names.csv``.

    Parameters
    ----------
    problem
        Coefficient blocks.
    system
        What they were built from.
    path
        A suffix of its own is replaced; so are old files.
    """
    model = formulation.build_model(problem)
    symbols = formulation.write_lp(model, path.with_suffix(".lp"))
    name_table(symbols, problem, system).write(path.with_suffix(f".{SYMBOLS.name}.csv"))


def name_table(symbols: Mapping[str, Any], problem: LeastCost, system: System) -> Frame:
    """Return what each symbol of the text stands for, with the limits it keeps to.

    Parameters
    ----------
    symbols
        Symbol -> component of a Pyomo model, as :func:`lantian.optimise.solve.formulation.write_lp`
        returns it; the model must still be there.
    problem, system
        What the model was built from.

    Returns
    -------
    Frame
        Columns of the program (family ``uptake``, ``excess``) with the move they stand for, and its
        rows by family.
    """
    named = _named(problem)
    unit = dict(zip(system.sources.id, system.sources.unit, strict=True))
    unit |= dict(zip(problem.target_ids, problem.unit, strict=True))
    rows = []
    for symbol, component in symbols.items():
        parent = component.parent_component()
        if parent is component:
            rows.append({**_BLANK, "symbol": symbol, "family": parent.name, "says": parent.doc})
            continue
        row = {
            **_BLANK,
            "symbol": symbol,
            "family": parent.name,
            "name": component.index(),
            **_parts(named[parent.name, component.index()], unit),
            "low": component.lb,
            "high": component.ub,
            "says": parent.doc,
        }
        rows.append(row)
        if symbol.startswith(RANGE):
            rows.append({**row, "symbol": symbol.replace(RANGE, "r_u_", 1)})
    return make_frame(SYMBOLS, rows)


def _named(problem: LeastCost) -> dict[tuple[str, str], Name]:
    """Return what the model's components are about, by component and index."""
    axes = {
        "uptake": problem.variables.names,
        "excess": problem.targets.names,
        **{formulation.component_name(f): rows.names for f, rows in problem.families.items()},
    }
    return {
        (component, key): undated(name)
        for component, names in axes.items()
        for key, name in zip(names.keys, names, strict=True)
    }


def _parts(name: Name, unit: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a name that have columns of their own, and the unit where they tell."""
    match name:
        case MoveName(measure, origin, target):
            return {
                "measure": measure,
                "source": origin.source,
                "from": origin.text(),
                "to": AVOIDED if target is None else target.text(),
                "unit": unit[origin.source],
            }
        case GroupName(source=source) | StateName(source=source):
            return {"unit": unit[source]}
        case IdName(id):
            return {"unit": unit.get(id, "")}
        case _:
            return {}
