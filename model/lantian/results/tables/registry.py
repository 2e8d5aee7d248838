"""Which function makes which table; the modules of this folder are found by scanning it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.ensemble.courses import Key, courses
from lantian.ensemble.failure import Box, failure_boxes
from lantian.ensemble.optima import Optima, optima
from lantian.ensemble.quality import WithoutPlan, without_plan
from lantian.ensemble.robust import RobustMix, robust_mixes
from lantian.ensemble.sampled import Sampled, sample
from lantian.ensemble.swings import Swings, swings
from lantian.ensemble.variance import Variance, Verdict, measure_first, variances
from lantian.indicators.available import Available
from lantian.indicators.contract import Parts
from lantian.indicators.tables import TopdownRow
from lantian.optimise.analyses.alternatives import WholePlans
from lantian.results.basis import assumptions
from lantian.results.contract import Table, tables_of
from lantian.results.frame import Data, Frame, make_frame
from lantian.study.alerts import AlertAnswer, answer_alert
from lantian.study.model import CaseResult, Results, Study
from lantian.study.questions import alternatives_within
from lantian.vocabulary import Case


@dataclass(frozen=True)
class Run:
    """What tables are made from: a study, its results, and the tables made before.

    Without ``sampling`` nothing is said of ranges, whatever the scenario asks for: two thirds of
    the work of a plan.
    """

    study: Study
    results: Results
    sampling: bool = True
    _made: dict[str, Frame | None] = field(default_factory=dict, repr=False)

    @cached_property
    def assumptions(self) -> list[dict[str, Any]]:
        """Every number that is used and what it moves, once for all who ask."""
        return assumptions(self.study, self.swings)

    @cached_property
    def swings(self) -> Swings | None:
        """Exact swings of every number; None where they were not asked for."""
        asked = self.sampling and self.study.scenario.uncertainty.swings
        return swings(self.study) if asked else None

    @cached_property
    def sampled(self) -> Sampled | None:
        """Outcomes under random sets of numbers; None where none were asked for."""
        if not (self.sampling and self.study.scenario.samples):
            return None
        return sample(self.study, self.results.cases)

    @cached_property
    def courses(self) -> dict[Key, Array] | None:
        """Totals and indicators year by year in the first random sets of numbers."""
        if self.sampled is None:
            return None
        mixes = {n: own for n, own in self.results.cases.items() if n not in ("baseline", "plan")}
        years, everywhere = self.study.system.years, self.regional({*self.study.indicators})
        seen = {
            (row.indicator, row.year)
            for row in self.study.observed
            if row.indicator in everywhere and row.year in years
        }
        fans = [*self.regional(self.judged)]
        return courses(self.study, mixes, fans, sorted(seen), self.sampled.draws)

    @property
    def judged(self) -> set[str]:
        """Indicators that targets are about."""
        return {t.target.indicator_id for t in self.study.targets if t.computed}

    def regional(self, indicators: set[str]) -> dict[str, str]:
        """Return those indicators that are told of the region as a whole, with their units."""
        return {
            own.indicator.id: own.indicator.unit
            for _, own, parts in self.parts
            if own.indicator.id in indicators and not parts.receptor
        }

    @cached_property
    def estimated(self) -> list[TopdownRow]:
        """Independent estimates of years that the inventory has; a projection is none."""
        known = [y for y in self.study.system.years if y <= self.study.scenario.base_year]
        return [row for row in self.study.topdown if row.year in known]

    @cached_property
    def without_plan(self) -> WithoutPlan | None:
        """Sources in the first random sets of numbers, in all years that somebody asks for."""
        if self.sampled is None:
            return None
        ends = {self.study.scenario.base_year, self.study.system.years[-1]}
        years = sorted(ends | {row.year for row in self.estimated})
        return without_plan(self.study, self.sampled.draws, years)

    @cached_property
    def variances(self) -> list[Variance]:
        """Where the variance of each target comes from; empty where that was not asked for."""
        if self.sampled is None or self.swings is None:
            return []
        return variances(self.sampled, self.swings)

    @cached_property
    def first(self) -> list[list[Verdict]]:
        """Causes worth measuring first, with what each does to every target."""
        return [] if self.sampled is None else measure_first(self.sampled, self.variances)

    @cached_property
    def boxes(self) -> list[Box]:
        """Where the plan misses each target."""
        return [] if self.sampled is None else failure_boxes(self.sampled, self.variances)

    @cached_property
    def robust(self) -> tuple[RobustMix, ...]:
        """Mixes that hold when numbers differ; none where they were not asked for."""
        told = self.study.scenario.robust
        return () if told is None else tuple(robust_mixes(self.study, told.samples, told.asked))

    @cached_property
    def optima(self) -> Optima | None:
        """One optimum per random set of numbers; None where they were not asked for."""
        told = self.study.scenario.robust
        asked = told is not None and bool(told.optima) and bool(self.results.tiers)
        return optima(self.study, told.optima) if told is not None and asked else None

    @cached_property
    def alternatives(self) -> tuple[WholePlans, ...]:
        """Whole plans within some allowances; none where they were not asked for."""
        told = self.study.scenario.alternatives
        if told is None or not self.results.tiers:
            return ()
        return tuple(alternatives_within(self.study, told.asked))

    @cached_property
    def parts(self) -> list[tuple[Case, Available, Parts]]:
        """What each case's indicators are made of, once for the tables of regions and receptors."""
        every = self.study.indicators.values()
        found = [
            (name, own, own.fitted.parts(projection))
            for name, projection in self.projected.items()
            for own in every
        ]
        return [(name, own, parts) for name, own, parts in found if parts is not None]

    @cached_property
    def projected(self) -> dict[Case, Projection]:
        """Each case of the run at central values."""
        return {name: self.study.projection(own) for name, own in self.results.cases.items()}

    def has_year(self, case: str, year: int) -> bool:
        """Tell whether a case, or a reading of the plan, has a year, by its position."""
        results = self.results
        every: dict[str, CaseResult] = {}
        every.update({str(name): own for name, own in results.cases.items()})
        every.update({str(name): own for name, own in results.readings.items()})
        return case in every and year in every[case].years

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
