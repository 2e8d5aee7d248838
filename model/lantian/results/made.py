"""The tables of a study and its results, without a run folder."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lantian.errors import closest
from lantian.results.contract import table as declaration
from lantian.results.contract import tables_of
from lantian.results.frame import make_frame
from lantian.results.tables.registry import Run
from lantian.study.model import Results, Study

if TYPE_CHECKING:
    import pandas as pd


class MadeTables(Mapping[str, "pd.DataFrame"]):
    """Every table that a run would write, by name; each is made when it is first asked for.

    Parameters
    ----------
    study, results
        As :func:`lantian.load` and :func:`lantian.solve` return them.
    """

    def __init__(self, study: Study, results: Results) -> None:
        self._run = Run(study, results)

    def __iter__(self) -> Iterator[str]:
        """Names of all tables that a run can have; those that this one has not are told as that."""
        return (declared.name for declared in tables_of("run"))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return any(declared.name == name for declared in tables_of("run"))

    def __getitem__(self, name: str) -> "pd.DataFrame":
        """Return a table with the types of its declaration; without rows where there is none.

        Raises
        ------
        KeyError
            If no table of that name is declared; the nearest is named.
        """
        if name not in self:
            raise KeyError(f"no table {name!r}. {closest(name, self).text()}".strip())
        declared = declaration(name)
        found = self._run.find(declared)
        return (make_frame(declared, []) if found is None else found).pandas()

    def __repr__(self) -> str:
        return f"<tables of {self._run.study.scenario.name}: {', '.join(self)}>"


def tables(study: Study, results: Results) -> MadeTables:
    """Return every table that a run would write, without writing one.

    Parameters
    ----------
    study, results
        As :func:`lantian.load` and :func:`lantian.solve` return them.

    Returns
    -------
    MadeTables
        Name -> DataFrame, with the columns that ``runs/README.md`` lists. What rests on samples is
        drawn when it is first asked for.

    Examples
    --------
    >>> import lantian as lt
    >>> study = lt.load("my-district/scenarios/my-district.yaml")
    >>> found = lt.tables(study, lt.solve(study))
    >>> found["targets"].query("case == 'plan'")[["target", "met"]]
                target    met
    1          nox-cut  False
    7          voc-cut  False
    13  outer-pm25-cut   True
    """
    return MadeTables(study, results)
