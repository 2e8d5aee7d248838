"""The linear program as text, and a table of what its symbols stand for."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lantian.core.system import System, state_names
from lantian.optimise.problem.coefficients import AVOIDED, LeastCost, group_names
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
    moves, units = _moves(problem, system), _units(problem, system)
    rows = []
    for symbol, component in symbols.items():
        parent = component.parent_component()
        if parent is component:
            rows.append({**_BLANK, "symbol": symbol, "family": parent.name, "says": parent.doc})
            continue
        name = component.index()
        row = {
            **_BLANK,
            "symbol": symbol,
            "family": parent.name,
            "name": name,
            "unit": units.get((parent.name, _undated(name)), ""),
            "low": component.lb,
            "high": component.ub,
            "says": parent.doc,
        }
        rows.append(row | moves.get(name, {}) if parent.name == "uptake" else row)
        if symbol.startswith(RANGE):
            rows.append({**row, "symbol": symbol.replace(RANGE, "r_u_", 1)})
    return make_frame(SYMBOLS, rows)


def _undated(name: str) -> str:
    """Name without the year that it carries where several years are one problem."""
    return re.sub(r" \[\d+\]$", "", name)


def _moves(problem: LeastCost, system: System) -> dict[str, dict[str, str]]:
    """Measure, source, states and unit of each column; years lie behind one another."""
    moves, groups = system.moves, system.groups
    state = [*state_names(system), AVOIDED]
    told = [
        {
            "measure": system.measures[groups.measure[g]],
            "source": system.sources.id[groups.source[g]],
            "from": state[origin],
            "to": state[target],
            "unit": system.sources.unit[groups.source[g]],
        }
        for g, origin, target in zip(moves.group, moves.origin, moves.target, strict=True)
    ]
    return {name: told[k % len(told)] for k, name in enumerate(problem.variables.names)}


def _units(problem: LeastCost, system: System) -> dict[tuple[str, str], str]:
    """Unit of the rows by family and name, where a family's rows differ in it."""
    of_source = system.sources.unit
    states = dict(
        zip(state_names(system), (of_source[s] for s in system.states.source), strict=True)
    )
    groups = dict(
        zip(group_names(system), (of_source[s] for s in system.groups.source), strict=True)
    )
    targets = dict(zip(problem.targets.names, problem.unit, strict=True))
    by_family = {
        "states": states,
        "new_units": states,
        "reach": groups,
        "targets": targets,
        "excess": targets,
    }
    return {(family, name): unit for family, of in by_family.items() for name, unit in of.items()}
