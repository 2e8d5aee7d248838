"""Sectors: one file each, found by scanning this folder."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lantian.inventory.contract import Sector


@cache
def registered() -> tuple[Sector, ...]:
    """Return all sectors, sorted by the names of their files.

    Raises
    ------
    ValueError
        If two sectors, or two sources, have the same id.
    """
    names = sorted(m.name for m in iter_modules(__path__))
    sectors = tuple(import_module(f"{__name__}.{name}").SECTOR for name in names)
    for ids in ([s.id for s in sectors], [x.id for s in sectors for x in s.sources]):
        twice = {i for i in ids if ids.count(i) > 1}
        if twice:
            raise ValueError(f"declared twice: {sorted(twice)}")
    return sectors
