"""Deaths that go with PM2.5: functions of risk and death rates of a region's tables.

It is no target of its own: it is not linear in the emissions, and published functions differ, so
they stand side by side. Deaths of a cause are its rate times the residents; the rate is the
nation's, in proportion to the crude death rate where the region has one. What a lower PM2.5 avoids
is the difference of what is attributable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from lantian.core.risk import avoided_cases, gemm_risk, straight_risk, tabulated_risk
from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.indicators.contract import Tables, span
from lantian.inventory.region import DatedRow
from lantian.language import message
from lantian.parameters import (
    Band,
    GoesWith,
    Number,
    Numbers,
    QuantityRow,
    QuantityTable,
    Space,
    declared,
)
from lantian.parameters.series import by_series, fill

Function = Literal["gemm", "gbd", "fusion", "ier"]
FUNCTIONS, RATES = TABLES = ("health_functions", "mortality")
"""Names of the tables."""
EXPOSURE = "pm25"
"""Indicator that people breathe."""
ALL_CAUSES = "all"
WHOLE = "ncd-lri"
"""Non-accidental deaths that are counted as a whole; the other causes are parts of it."""
SHARE_TOLERANCE = 1e-6
"""How far shares of ages may miss 1: they are typed decimals."""
CONCENTRATION = "ug/m3"
NEEDS: Mapping[Function, dict[str, str]] = {
    "gemm": {
        "theta": "1",
        "alpha": CONCENTRATION,
        "mu": CONCENTRATION,
        "nu": CONCENTRATION,
        "counterfactual": CONCENTRATION,
    },
    "fusion": {"slope": "m3/ug", "turn": CONCENTRATION},
    "gbd": {},
    "ier": {},
}
"""Parameters of each function with their units; a tabulated one has rows ``risk`` instead."""


class FunctionRow(QuantityRow):
    """A line of ``health_functions.csv``: a parameter of a function for a cause of death.

    A blank ``age`` holds for all ages without rows of their own; ``exposure`` [ug/m3] goes with
    ``risk``.
    """

    told_by = "parameter"
    plausible = declared(
        {
            **dict.fromkeys(
                ("alpha", "mu", "nu", "counterfactual", "turn"), (Band(CONCENTRATION, 0.1, 300.0),)
            ),
            "theta": (Band("", 0.01, 5.0),),
            "slope": (Band("m3/ug", 5e-4, 0.2),),
            "risk": (Band("", 0.5, 20.0),),
        }
    )
    goes_with = declared({"exposure": GoesWith("parameter", ("risk",))})
    function: Function
    cause: str = Field(min_length=1)
    age: str = ""
    parameter: Literal["theta", "alpha", "mu", "nu", "counterfactual", "slope", "turn", "risk"]
    exposure: Annotated[Number | None, Field(ge=0.1, le=1000.0)] = None


class MortalityRow(QuantityRow):
    """A line of ``mortality.csv``.

    ``rate``: deaths of a cause per resident and year in the nation; ``crude``: of all causes in the
    region; ``age-share``: part of the deaths at an age; ``life-left``: years that a death at an age
    takes.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "rate": (Band("1/a", 1e-5, 0.05),),
            "crude": (Band("1/a", 5e-4, 0.1),),
            "age-share": (Band("", 0.005, 1.0),),
            "life-left": (Band("a", 0.5, 120.0),),
        }
    )
    parameter: Literal["rate", "crude", "age-share", "life-left"]
    cause: str = ""
    age: str = ""


@dataclass(frozen=True)
class RiskCurve:
    """One function for one cause and age.

    Attributes
    ----------
    numbers
        Its parameters [units of :data:`NEEDS`], dims (parameter, 3): central, low, high.
    at
        Exposures of a tabulated one [ug/m3]; ``numbers`` are then its risks.
    """

    function: Function
    cause: str
    age: str
    numbers: Array
    at: tuple[float, ...] = ()

    def risk(self, exposure: Array) -> Array:
        """Return the relative risk [1], dims (year, 3); NaN where the curve is not known.

        Parameters
        ----------
        exposure
            PM2.5 [ug/m3], dims (year,).
        """
        return np.stack([self._risk(exposure, column) for column in self.numbers.T], axis=-1)

    def _risk(self, exposure: Array, numbers: Array) -> Array:
        if self.function == "gemm":
            return gemm_risk(exposure, *numbers)
        if self.function == "fusion":
            return straight_risk(exposure, *numbers)
        return tabulated_risk(exposure, self.at, numbers)


@dataclass(frozen=True)
class Health:
    """Everything that avoided deaths are made of; the last axis is central, low, high.

    Attributes
    ----------
    curves
        Functions in the order of their table.
    ages
        Age groups; they add up to all ages.
    deaths
        Deaths of a year by cause [1/a], dims (year, 3).
    age_share
        Part of the deaths at each age [1], dims (age, 3); sums to 1.
    life_left
        Years that a death takes [a], dims (age, 3).
    """

    curves: tuple[RiskCurve, ...]
    ages: tuple[str, ...]
    deaths: Mapping[str, Array]
    age_share: Array
    life_left: Array

    @property
    def series(self) -> list[tuple[Function, str]]:
        """Pairs of function and cause, in the order of the table."""
        return list(dict.fromkeys((c.function, c.cause) for c in self.curves))

    def avoided(self, function: Function, cause: str, before: Array, after: Array) -> Array:
        """Return the deaths that a fall of PM2.5 avoids [1/a], dims (age, year, 3).

        Parameters
        ----------
        function, cause
            One of :attr:`series`.
        before, after
            PM2.5 [ug/m3], dims (year,).

        Returns
        -------
        Array
            Low and high are at the ends of risk and death rate together.
        """
        found = []
        for age, share in zip(self.ages, self.age_share, strict=True):
            curve = self._curve(function, cause, age)
            deaths = self.deaths[cause] * share
            found.append(avoided_cases(deaths, curve.risk(before), curve.risk(after)))
        return np.array(found)

    def _curve(self, function: Function, cause: str, age: str) -> RiskCurve:
        """Return the curve of an age, else that of all ages."""
        own = [c for c in self.curves if (c.function, c.cause) == (function, cause)]
        return next((c for c in own if c.age == age), None) or next(c for c in own if not c.age)


def read_health(
    tables: Tables, years: tuple[int, ...], space: Space, problems: Problems, place: Place
) -> Health | None:
    """Return what avoided deaths are made of; note what is missing. None if it cannot be.

    Parameters
    ----------
    tables
        Of the region.
    years
        Of the model.
    space
        Receives the numbers.
    problems
        Receives every fault found.
    place
        Where the scenario asks for it.
    """
    missing = [f"{name}.csv" for name in (*TABLES, "region") if not tables.has(name)]
    if missing:
        problems.add(
            place,
            message("avoided deaths ask for {names}.", names=", ".join(missing)),
            fix=message("Add the tables to the region's folder, or leave 'health' out."),
        )
        return None
    before = len(problems.found)
    reader = _Reader(space, problems, tables.read(RATES, MortalityRow))
    curves = reader.curves(tables.read(FUNCTIONS, FunctionRow))
    residents = reader.residents(tables.read("region", DatedRow), years)
    share, left, ages = reader.ages()
    rates = {c.cause: reader.rate(c.cause) for c in curves}
    crude = reader.crude()
    if len(problems.found) > before or residents is None:
        return None
    theta = span(space, np.array(sorted(reader.taken), dtype=np.int64))
    parts = share(theta)
    return Health(
        tuple(RiskCurve(c.function, c.cause, c.age, c.numbers(theta), c.at) for c in curves),
        ages,
        {cause: residents(theta) * rate(theta) * crude(theta) for cause, rate in rates.items()},
        parts / parts.sum(axis=0),
        left(theta),
    )


@dataclass(frozen=True)
class _Declared:
    """A curve before its numbers are taken."""

    function: Function
    cause: str
    age: str
    numbers: Numbers
    at: tuple[float, ...]


class _Ratio:
    """Crude death rate of the region over that of the nation; 1 where the region has none."""

    def __init__(self, own: Numbers | None, nation: Numbers | None) -> None:
        self.own, self.nation = own, nation

    def __call__(self, theta: Array) -> Array:
        """Return the ratio at its centre [1]: both rates are of one kind, their ranges too."""
        if self.own is None or self.nation is None:
            return np.ones(theta.shape[1])
        return np.full(theta.shape[1], (self.own(theta) / self.nation(theta))[0])


class _Reader:
    """Takes the numbers of the tables, and remembers which."""

    def __init__(
        self, space: Space, problems: Problems, rates: QuantityTable[MortalityRow]
    ) -> None:
        self.space, self.problems, self.rates = space, problems, rates
        self.taken: set[int] = set()
        for row in rates.rows:
            if row.low < 0:
                problems.add(
                    row.place.cell("value"),
                    message("a death rate, share or life cannot be negative."),
                )

    def curves(self, table: QuantityTable[FunctionRow]) -> list[_Declared]:
        """Return every function, cause and age of the table."""
        keys = dict.fromkeys((r.function, r.cause, r.age) for r in table.rows)
        return [self._curve(table, *key) for key in keys]

    def _curve(
        self, table: QuantityTable[FunctionRow], function: Function, cause: str, age: str
    ) -> _Declared:
        keys: dict[str, Any] = {"function": function, "cause": cause, "age": age}
        points = table.select(**keys, parameter="risk")
        points.sort(key=lambda row: row.exposure or 0.0)
        at = tuple(row.exposure or 0.0 for row in points)
        self._check_points(points)
        needs = NEEDS[function]
        if needs:
            found = table.numbers(
                list(needs.values()), parameter=list(needs), exposure=None, **keys
            )
        else:
            found = table.numbers("1", parameter="risk", exposure=list(at), **keys)
        return _Declared(function, cause, age, self._noted(found), at)

    def _check_points(self, points: list[FunctionRow]) -> None:
        for row in points:
            if row.exposure is None or row.exposure <= 0:
                self.problems.add(
                    row.place.cell("exposure"),
                    message("a risk needs its exposure, above 0 ug/m3."),
                )
            elif row.low < 1:
                self.problems.add(
                    row.place.cell("low"),
                    message("a relative risk below 1: cleaner air would be worse."),
                    fix=message("Give the risk of the exposure over that of none."),
                )

    def residents(self, table: QuantityTable[DatedRow], years: tuple[int, ...]) -> Numbers | None:
        """Return the residents of every year."""
        rows = by_series(table.select(parameter="population")).get(("population",), [])
        dated = [row for row in rows if row.year is not None]
        filling = fill([row.year or 0 for row in dated], years)
        if filling is None:
            self.problems.add(
                Place(table.file),
                message("avoided deaths ask for 'population' from {year} on.", year=years[0]),
                fix=message("Add its row."),
            )
            return None
        return self._noted(filling.numbers([table.taken(row, "person") for row in dated]))

    def ages(self) -> tuple[Numbers, Numbers, tuple[str, ...]]:
        """Return share of deaths and years left by age, and the ages."""
        rows = [row for row in self.rates.rows if row.parameter == "age-share"]
        ages = tuple(row.age for row in rows)
        total = sum(self.rates.in_unit(row, "") for row in rows)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            self.problems.add(
                rows[0].place if rows else Place(self.rates.file),
                message(
                    "the shares of '{name}' add up to {total:.1%}, not to 100 %.",
                    name="age-share",
                    total=total,
                ),
            )
        return (
            self._noted(self._rates("", "age-share", ages)),
            self._noted(self._rates("a", "life-left", ages)),
            ages,
        )

    def rate(self, cause: str) -> Numbers:
        """Return the death rate of a cause in the nation."""
        return self._noted(self.rates.numbers("1/a", parameter="rate", cause=cause, age=""))

    def crude(self) -> _Ratio:
        """Return how the region's death rate stands to the nation's."""
        row = self.rates.find(parameter="crude", cause="", age="")
        if row is None:
            return _Ratio(None, None)
        own = self.rates.taken(row, "1/a")
        nation = self.rates.numbers("1/a", parameter="rate", cause=ALL_CAUSES, age="")
        return _Ratio(own, nation)

    def _rates(self, unit: str, parameter: str, ages: tuple[str, ...]) -> Numbers:
        return self.rates.numbers(unit, parameter=parameter, cause="", age=list(ages))

    def _noted(self, numbers: Numbers) -> Numbers:
        self.taken |= set(numbers.slots.tolist())
        return numbers
