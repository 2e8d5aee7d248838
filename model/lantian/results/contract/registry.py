"""Every table by its name, gathered from the modules that declare them."""

from collections.abc import Iterable
from typing import Final

from lantian.results.contract import (
    alerts,
    alternatives,
    areas,
    assumptions,
    comparison,
    emissions,
    health,
    indicators,
    least_cost,
    measures,
    notes,
    optimiser,
    requested,
    robust,
    samples,
    targets,
    townships,
)
from lantian.results.contract.declaration import Place, Table

MODULES = (
    emissions,
    targets,
    measures,
    least_cost,
    indicators,
    areas,
    optimiser,
    assumptions,
    samples,
    robust,
    alternatives,
    notes,
    townships,
    health,
    alerts,
    requested,
    comparison,
)
"""In the order in which their tables are written and told."""


def by_name(declared: Iterable[Table]) -> dict[str, Table]:
    """Return tables by their names, in the order given.

    Raises
    ------
    ValueError
        If two have one name.
    """
    found: dict[str, Table] = {}
    for table_ in declared:
        if table_.name in found:
            raise ValueError(f"table {table_.name} is declared twice")
        found[table_.name] = table_
    return found


TABLES: Final = by_name(
    declared
    for module in MODULES
    for declared in vars(module).values()
    if isinstance(declared, Table)
)
"""Every table by name."""


def table(name: str) -> Table:
    """Return the declaration of a table.

    Raises
    ------
    LookupError
        If no table of that name is declared.
    """
    if name not in TABLES:
        raise LookupError(f"no table {name!r} is declared in results/contract")
    return TABLES[name]


def tables_of(place: Place) -> tuple[Table, ...]:
    """Return the tables that are written at a place, in the order of their declaration."""
    return tuple(declared for declared in TABLES.values() if declared.place == place)
