"""Lantian: does a city's clean-air plan do what it promises, and what mix would be cheapest?

>>> import lantian as lt
>>> study = lt.load("scenarios/tongzhou-2020.yaml")  # doctest: +SKIP
>>> results = lt.solve(study)  # doctest: +SKIP

What the program has to offer is imported when it is first asked for: ``import lantian`` alone is
light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lantian import equations
    from lantian.compare.opened import Run, open_run
    from lantian.core import finance
    from lantian.errors import InputError, Problem
    from lantian.optimise.analyses.sweep import costs_at
    from lantian.results.dataset import read_dataset
    from lantian.results.frame import read_frame
    from lantian.study.load import load
    from lantian.study.model import Results, Study
    from lantian.study.solve import solve

_WHERE = {
    "InputError": "lantian.errors",
    "Problem": "lantian.errors",
    "Results": "lantian.study.model",
    "Run": "lantian.compare.opened",
    "Study": "lantian.study.model",
    "costs_at": "lantian.optimise.analyses.sweep",
    "load": "lantian.study.load",
    "open_run": "lantian.compare.opened",
    "read_dataset": "lantian.results.dataset",
    "read_frame": "lantian.results.frame",
    "solve": "lantian.study.solve",
}
"""Public name -> module that holds it."""
_MODULES = {"equations": "lantian.equations", "finance": "lantian.core.finance"}
"""Modules that are offered as they are."""

__all__ = [
    "InputError",
    "Problem",
    "Results",
    "Run",
    "Study",
    "__version__",
    "costs_at",
    "equations",
    "finance",
    "load",
    "open_run",
    "read_dataset",
    "read_frame",
    "solve",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name not in _WHERE:
        raise AttributeError(f"module 'lantian' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
