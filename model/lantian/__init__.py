"""Lantian: does a city's clean-air plan do what it promises, and what mix would be cheapest?

Examples are of the starter project that ``lantian init my-district`` writes, run once.

>>> import lantian as lt
>>> study = lt.load("my-district/scenarios/my-district.yaml")
>>> lt.solve(study)
Results(baseline, plan, least_cost, match_plan: least cost meets 3 of 3 targets)

What the program has to offer is imported when it is first asked for: ``import lantian`` alone is
light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lantian import equations
    from lantian.comparison.opened import Run, open_run
    from lantian.comparison.side_by_side import Comparison, compare
    from lantian.core import finance
    from lantian.errors import InputError, Problem
    from lantian.handover import figures as charts
    from lantian.optimise.analyses.sweep import costs_at
    from lantian.results.dataset import read_dataset
    from lantian.results.frame import read_frame
    from lantian.results.made import MadeTables, tables
    from lantian.results.what_if import variants
    from lantian.study.load import load
    from lantian.study.model import Results, Study
    from lantian.study.solve import solve

_WHERE = {
    "Comparison": "lantian.comparison.side_by_side",
    "InputError": "lantian.errors",
    "MadeTables": "lantian.results.made",
    "Problem": "lantian.errors",
    "Results": "lantian.study.model",
    "Run": "lantian.comparison.opened",
    "Study": "lantian.study.model",
    "compare": "lantian.comparison.side_by_side",
    "costs_at": "lantian.optimise.analyses.sweep",
    "load": "lantian.study.load",
    "open_run": "lantian.comparison.opened",
    "read_dataset": "lantian.results.dataset",
    "read_frame": "lantian.results.frame",
    "solve": "lantian.study.solve",
    "tables": "lantian.results.made",
    "variants": "lantian.results.what_if",
}
"""Public name -> module that holds it."""
_MODULES = {
    "charts": "lantian.handover.figures",
    "equations": "lantian.equations",
    "finance": "lantian.core.finance",
}
"""Modules that are offered as they are."""

__all__ = [
    "Comparison",
    "InputError",
    "MadeTables",
    "Problem",
    "Results",
    "Run",
    "Study",
    "__version__",
    "charts",
    "compare",
    "costs_at",
    "equations",
    "finance",
    "load",
    "open_run",
    "read_dataset",
    "read_frame",
    "solve",
    "tables",
    "variants",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name not in _WHERE:
        raise AttributeError(f"module 'lantian' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
