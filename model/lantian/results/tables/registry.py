"""Which function makes which table; the modules of this folder are found by scanning it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from lantian.ensemble.swings import swings
from lantian.results.basis import assumptions
from lantian.results.contract import Table, tables_of
from lantian.results.frame import Data, Frame, make_frame
from lantian.study.alerts import AlertAnswer, answer_alert
from lantian.study.model import Results, Study


@dataclass(frozen=True)
class Run:
    """What tables are made from: a study, its results, and the tables made before."""

    study: Study
    results: Results
    _made: dict[str, Frame | None] = field(default_factory=dict, repr=False)

    @cached_property
    def assumptions(self) -> list[dict[str, Any]]:
        """Every number that is used and what it moves, once for all who ask."""
        wanted = self.study.scenario.uncertainty.swings
        return assumptions(self.study, swings(self.study) if wanted else None)

    @cached_property
    def alert(self) -> AlertAnswer | None:
        """The lists of an alert, once for both of their tables; None without an alert."""
        return None if self.study.alert is None else answer_alert(self.study)

    def find(self, table: Table) -> Frame | None:
        """Return a table of the run; None where it is absent.

        Raises
        ------
        DisagreementError
            If what was made does not agree with the declaration.
        """
        if table.name not in self._made:
            data = builders()[table.name](self)
            if data is None and table.absent is None:
                raise AssertionError(f"{table.name} is never absent")
            self._made[table.name] = None if data is None else make_frame(table, data)
        return self._made[table.name]

    def table(self, table: Table) -> Frame:
        """Return a table that is never absent."""
        found = self.find(table)
        if found is None:
            raise AssertionError(f"{table.name} is absent")
        return found


Builder = Callable[[Run], Data | None]
"""Makes the data of a table; None where the table is absent."""

_BUILDERS: dict[str, Builder] = {}


def builds(table: Table) -> Callable[[Builder], Builder]:
    """Register a function as the one that makes a table.

    Parameters
    ----------
    table
        Declaration.

    Returns
    -------
    Callable
        A decorator that leaves the function as it is.
    """

    def register(builder: Builder) -> Builder:
        if table.name in _BUILDERS:
            raise ValueError(f"table {table.name} is made twice")
        _BUILDERS[table.name] = builder
        return builder

    return register


@cache
def builders() -> dict[str, Builder]:
    """Return the function that makes each table of a run, by the table's name.

    Raises
    ------
    LookupError
        If a table of a run is declared and nothing makes it, or the other way round.
    """
    package = import_module("lantian.results.tables")
    for module in sorted(m.name for m in iter_modules([str(Path(package.__path__[0]))])):
        import_module(f"{package.__name__}.{module}")
    unmatched = set(_BUILDERS) ^ {table.name for table in tables_of("run")}
    if unmatched:
        raise LookupError(f"declared or made, but not both: {', '.join(sorted(unmatched))}")
    return _BUILDERS


def all_tables(run: Run) -> dict[str, Frame]:
    """Return every table of a run by name.

    Parameters
    ----------
    run
        Study, results and what is made of them once for several tables.

    Returns
    -------
    dict
        Name of the file without suffix -> table, in the order of the declarations.
    """
    found = {table.name: run.find(table) for table in tables_of("run")}
    return {name: frame for name, frame in found.items() if frame is not None}
