"""Equations of dust as rows of a table: factor, reference values and exponents of each edition."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lantian.inventory.contract import Array
from lantian.language import message
from lantian.parameters import Band, Numbers, QuantityRow, QuantityTable, declared, units
from lantian.vocabulary import Pollutant

PARTICLES: tuple[Pollutant, ...] = ("PM2.5", "PM10", "TSP")
TABLE = "dust_equations"
"""Table of the equations."""
PAVED_ROAD = "paved-2011"
"""Edition that trucks of freight raise dust by."""

Term = Literal[
    "", "silt", "fleet-weight", "moisture", "speed", "drop-height", "wind", "wet-days",
    "windy-time", "evaporation", "passes", "interval", "water-laid",
]  # fmt: skip
"""What an equation takes; blank beside its factor."""
RAIN: Term = "wet-days"
"""Term that is no power: with so many days of rain nothing is left."""


class EquationRow(QuantityRow):
    """A line of ``dust_equations.csv``: a number of an equation.

    ``factor`` in the unit of what comes out; a term has a ``reference`` in the unit that the
    equation counts in and the ``exponent`` of its value over that; rain has the number of wet days
    at which nothing would be left (``none-at``). ``less`` is what was measured with the dust and is
    counted elsewhere (exhaust, brakes, tyres). A blank pollutant stands for all sizes.
    """

    told_by = "part"
    plausible = declared(
        {
            "factor": (
                Band("", 1e-8, 1.0),
                Band("g/(vehicle*km)", 0.001, 100000.0),
                Band("kg/m3", 1e-6, 10.0),
                Band("kg/hour", 0.0001, 1000.0),
                Band("kg/m2", 1e-4, 100.0),
            ),
            "exponent": (Band("", -5.0, 5.0),),
            "reference": (
                Band("", 1e-4, 1.0),
                Band("g/m2", 0.01, 100.0),
                Band("t", 0.1, 100.0),
                Band("m/s", 1e-8, 100.0),
                Band("m", 1e-4, 100.0),
                Band("vehicle/hour", 0.1, 1e4),
                Band("hour", 0.01, 1000.0),
            ),
            "none-at": (Band("day", 100.0, 5000.0),),
            "less": (Band("g/(vehicle*km)", 0.0, 10.0),),
        }
    )
    equation: str
    pollutant: Literal["", "PM2.5", "PM10", "TSP"] = ""
    term: Term = ""
    part: Literal["factor", "less", "exponent", "reference", "none-at"]


def dust(
    factor: float | Array,
    powers: Sequence[tuple[float | Array, float | Array, float | Array]],
    wet_days: float | Array = 0.0,
    none_at: float | Array = math.inf,
    less: float | Array = 0.0,
) -> float | Array:
    """Return the dust of an operation: a factor times powers of what it depends on.

    Parameters
    ----------
    factor
        In the unit of what comes out.
    powers
        Value, reference in the same unit, and exponent [1].
    wet_days, none_at
        Days of the year with measurable rain, and how many would leave nothing [day].
    less
        What was measured with the dust and is none, in the unit of what comes out.

    Returns
    -------
    float or Array
        In the unit of the factor.

    References
    ----------
    The form of US EPA AP-42 sections 11.9, 13.2.1, 13.2.2 and 13.2.4; numbers: the rows of
    ``dust_equations.csv``, each with its source.
    """
    dry = 1.0 - wet_days / none_at
    product = factor * dry
    for value, reference, exponent in powers:
        product = product * (value / reference) ** exponent
    return np.maximum(product - less * dry, 0.0)


@dataclass(frozen=True)
class DustEquation:
    """Numbers behind an equation, but for the values it takes.

    Attributes
    ----------
    name
        Its id.
    unit
        Of the factor.
    numbers
        By term and part, dims (particle size,).
    reference_unit
        Unit in which each term is asked for.
    """

    name: str
    unit: str
    numbers: Mapping[tuple[Term, str], Numbers]
    reference_unit: Mapping[Term, str]

    def terms(self, take: Callable[[Term, str], Numbers]) -> dict[str, Numbers]:
        """Return everything that goes into the equation, by name.

        Parameters
        ----------
        take
            Term and the unit wanted -> the numbers of its value.
        """
        own = {_name(self.name, *key): numbers for key, numbers in self.numbers.items()}
        taken = {
            _name(self.name, term, "value"): take(term, unit)
            for term, unit in self.reference_unit.items()
        }
        return {**own, **taken}

    def __call__(self, given: Mapping[str, Array]) -> Array:
        """Return what comes out [unit], from the values of :meth:`terms`."""

        def of(term: Term, part: str) -> Array:
            return given[_name(self.name, term, part)]

        powers = [
            (of(term, "value"), of(term, "reference"), of(term, "exponent"))
            for term in self.reference_unit
            if term != RAIN
        ]
        wet, most = (
            (of(RAIN, "value"), of(RAIN, "none-at")) if RAIN in self.reference_unit else (0, 1)
        )
        less = of("", "less") if ("", "less") in self.numbers else 0.0
        return dust(of("", "factor"), powers, wet, most, less)  # type: ignore[return-value]


def _name(*parts: str) -> str:
    return " ".join(parts)


def dust_equation(table: QuantityTable[Any], name: str) -> DustEquation | None:
    """Return an equation of the table; None, and a problem noted, if no row has its factor.

    Parameters
    ----------
    table
        Of :class:`EquationRow`.
    name
        Of the equation.
    """
    rows = [row for row in table.rows if row.equation == name]
    factors = [row for row in rows if row.part == "factor"]
    if not factors:
        table.row(equation=name, pollutant=PARTICLES[-1], term="", part="factor")
        return None
    numbers = {
        (row.term, row.part): table.numbers(
            factors[0].unit if not row.term else _unit_of(rows, row.term, row.part),
            equation=name,
            pollutant=[_size(table, name, row.term, row.part, p) for p in PARTICLES],
            term=row.term,
            part=row.part,
        )
        for row in rows
    }
    terms = list(dict.fromkeys(row.term for row in rows if row.term))
    for term in terms:
        _whole(table, rows, term)
    own = {term: _unit_of(rows, term, "none-at" if term == RAIN else "reference") for term in terms}
    return DustEquation(name, factors[0].unit, numbers, own)


def _whole(table: QuantityTable[Any], rows: Sequence[Any], term: str) -> None:
    """Note what a term lacks: a value alone says nothing without its reference and exponent."""
    has = {row.part for row in rows if row.term == term}
    for part in {"none-at"} if term == RAIN else {"exponent", "reference"}:
        if part not in has:
            table.row(equation=rows[0].equation, pollutant="", term=term, part=part)


def _unit_of(rows: Sequence[Any], term: str, part: str) -> str:
    return next((row.unit for row in rows if (row.term, row.part) == (term, part)), "1")


def _size(table: QuantityTable[Any], name: str, term: str, part: str, size: Pollutant) -> str:
    """Return the pollutant whose row holds for a size: its own, or the blank one."""
    own = {"equation": name, "term": term, "part": part}
    common = table.find(pollutant="", **own) is not None
    return "" if common and table.find(pollutant=size, **own) is None else size


@dataclass(frozen=True)
class Operation:
    """An equation at work on a source.

    Attributes
    ----------
    equation
        What a unit of it raises.
    left_by
        Equation of the share that is left, or None.
    tonnes
        Tonnes per unit of the source, for a factor and an amount of 1.
    """

    equation: DustEquation
    left_by: DustEquation | None
    tonnes: float

    def __call__(self, given: Mapping[str, Array], amount: Array) -> Array:
        """Return the dust of an amount of the operation [t/source unit]."""
        raised = self.equation(given) * amount * self.tonnes
        if self.left_by is None:
            return raised
        return raised * np.clip(self.left_by(given), 0.0, 1.0)  # no more than without watering


def tonnes_per_unit(row: QuantityRow, factor_unit: str, source_unit: str) -> float | None:
    """Return tonnes per unit of a source for a factor and an amount of 1; None if they do not fit.

    Parameters
    ----------
    row
        How much of an operation a unit of the source takes.
    factor_unit
        Of the equation.
    source_unit
        Of the activity of the source.
    """
    amount = "" if row.unit in ("", "1") else f"*({row.unit})"
    try:
        return units.factor(f"({factor_unit}){amount}", f"t/({source_unit})")
    except units.UnitError:
        return None


def misfit(table: QuantityTable[Any], row: QuantityRow, factor_unit: str, unit: str) -> None:
    """Note an amount whose unit does not lead from the equation to the source."""
    table.problems.add(
        row.place.cell("unit"),
        message(
            "{amount} of what the equation gives in {factor} is no dust per {unit}.",
            amount=row.unit or "1",
            factor=factor_unit,
            unit=unit,
        ),
        fix=message("Give the amount of the operation per unit of the source's activity."),
    )
