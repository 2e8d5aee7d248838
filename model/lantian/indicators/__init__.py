"""Indicators that plans promise: one file each, found by scanning this folder."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lantian.indicators.contract import Indicator


@cache
def registered() -> tuple[Indicator, ...]:
    """Return all indicators, in the order in which tables show them.

    Raises
    ------
    ValueError
        If two of them have the same id.
    """
    modules = [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)]
    found = [module.INDICATOR for module in modules if hasattr(module, "INDICATOR")]
    ids = [indicator.id for indicator in found]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise ValueError(f"declared twice: {sorted(twice)}")
    return tuple(sorted(found, key=lambda indicator: (indicator.order, indicator.id)))


def find(name: str) -> Indicator:
    """Return an indicator by its id.

    Raises
    ------
    LookupError
        If none is registered under it.
    """
    found = next((i for i in registered() if i.id == name), None)
    if found is None:
        raise LookupError(f"no indicator {name!r}")
    return found
