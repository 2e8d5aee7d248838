"""What a sector declares and what it gives to the model.

A sector is one file in this folder with a module-level ``SECTOR``. It names its sources, the
columns of its tables, plausible bands and the guideline, and holds one function, ``build``, that
turns tables into activity and emission factors per state. Measures, projection, optimisation and
charts follow from that without further code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lantian.errors import Problems, closest
from lantian.language import message
from lantian.parameters import QuantityRow, QuantityTable
from lantian.vocabulary import POLLUTANTS, Pollutant

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """A leaf category with ONE activity unit.

    Attributes
    ----------
    id
        Name in every table and scenario, for instance ``heavy-truck``.
    unit
        Unit of its activity, for instance ``vehicle``.
    technologies
        The exclusive ways in which its activity can be run.
    group
        Group of the PM2.5 response: mobile, dust, industry, living, coal or other.
    driver
        Id of the series in ``drivers.csv`` that its activity follows after the base year.
    bands
        Plausible band of a non-zero factor per pollutant [t/unit]; outside it the run stops.
    """

    id: str
    unit: str
    technologies: tuple[str, ...]
    group: str
    driver: str
    bands: Mapping[Pollutant, tuple[float, float]] = field(default_factory=dict)


class ParameterRow(QuantityRow):
    """A line of ``region.csv``: one property of the region, for instance its wet days."""

    parameter: str


class ActivityRow(QuantityRow):
    """A line of ``inputs/regions/<region>/activity/<sector>.csv``.

    ``control`` names the control package in place (a control of ``controls.csv``) or is blank.
    """

    source: str
    technology: str
    control: str = ""
    year: int


@dataclass(frozen=True)
class Use:
    """Says that the emission of some states rests on (is proportional to) a row's number."""

    row: QuantityRow
    states: tuple[int, ...]
    pollutants: tuple[Pollutant, ...] = POLLUTANTS


@dataclass(frozen=True)
class SectorBlock:
    """States of one sector. ``state`` is the first axis of every array.

    Attributes
    ----------
    source, technology, control
        Identity of each state; ``control`` is the package in place at the start, or blank.
    activity
        Baseline activity [source unit], dims (state, year).
    emission_factor
        Factor BEFORE the control [t/source unit], dims (state, pollutant, year); pollutants in the
        order of :data:`lantian.vocabulary.POLLUTANTS`.
    recent
        ``recent[s, f, y]``: activity in year y of units that came into use in the years f..y, for
        commitments on new or replaced units; zeros where a source keeps no vintages.
    uses
        Which rows of the inputs each emission rests on.
    """

    source: tuple[str, ...]
    technology: tuple[str, ...]
    control: tuple[str, ...]
    activity: Array
    emission_factor: Array
    recent: Array
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class SectorInputs:
    """Everything a sector's ``build`` may read.

    Attributes
    ----------
    years
        All years of the model, ascending, reference years included.
    base_year
        Last year with activity rows of its own; later years follow the drivers.
    activity
        Rows of the region's activity table of this sector.
    factors
        The sector's factor tables by file name (``inputs/factors/<name>.csv``).
    region
        The region's further tables of this sector by file name
        (``inputs/regions/<region>/<name>.csv``).
    parameters
        The region's parameters (``region.csv``: key column ``parameter``).
    drivers
        Index of each driver, 1 in the base year, dims (year,).
    problems
        Where to note what is wrong.
    """

    years: tuple[int, ...]
    base_year: int
    activity: QuantityTable[ActivityRow]
    factors: Mapping[str, QuantityTable[QuantityRow]]
    region: Mapping[str, QuantityTable[QuantityRow]]
    parameters: QuantityTable[ParameterRow]
    drivers: Mapping[str, Array]
    problems: Problems


@dataclass(frozen=True)
class Sector:
    """Declaration of a sector.

    Attributes
    ----------
    id
        Name of the sector and of its activity table.
    guideline
        The guideline whose equations are used, as it would be cited.
    sources
        Leaf categories, in the order of tables and charts.
    pollutants
        What the sector emits; each state needs a number for each of them.
    factor_tables, region_tables
        File name -> row model of the tables that ``build`` reads besides the activity.
    build
        Tables -> states.
    """

    id: str
    guideline: str
    sources: tuple[Source, ...]
    pollutants: tuple[Pollutant, ...]
    factor_tables: Mapping[str, type[QuantityRow]]
    build: Callable[[SectorInputs], SectorBlock]
    region_tables: Mapping[str, type[QuantityRow]] = field(default_factory=dict)

    def source(self, name: str) -> Source:
        """Return a source by its id."""
        return next(s for s in self.sources if s.id == name)


@dataclass(frozen=True)
class ActivityStates:
    """Activity rows gathered into states; see :func:`activity_states`."""

    source: tuple[str, ...]
    technology: tuple[str, ...]
    control: tuple[str, ...]
    activity: Array
    uses: tuple[Use, ...]


def activity_states(sector: Sector, inputs: SectorInputs) -> ActivityStates:
    """Gather a sector's activity rows into states with a value for every year.

    A year takes the row of the same year or else of the latest earlier one, times the change of
    the source's driver in between. Every state needs a row in each reference year up to the base
    year, so that a base-year technology cannot silently become the past.

    Parameters
    ----------
    sector
        Its sources set the order of the states and the unit of each.
    inputs
        Activity rows and drivers; problems receives unknown names, missing years and units that do
        not fit.

    Returns
    -------
    ActivityStates
        ``activity`` in the source's unit, dims (state, year).
    """
    rows = [row for row in inputs.activity.rows if _is_known(row, sector, inputs.problems)]
    order = {s.id: i for i, s in enumerate(sector.sources)}
    names = sorted(
        {(r.source, r.technology, r.control) for r in rows},
        key=lambda n: (order[n[0]], sector.source(n[0]).technologies.index(n[1]), n[2]),
    )
    activity = np.zeros((len(names), len(inputs.years)))
    uses = []
    for s, (source, _, _) in enumerate(names):
        series = {r.year: r for r in rows if (r.source, r.technology, r.control) == names[s]}
        for y, year in enumerate(inputs.years):
            row = _row_for(series, year, inputs, " / ".join(filter(None, names[s])))
            if row is not None:
                index = inputs.drivers[sector.source(source).driver]
                growth = index[y] / index[_position(inputs, row.year)]
                activity[s, y] = growth * inputs.activity.in_unit(row, sector.source(source).unit)
        uses += [Use(row, (s,)) for row in series.values()]
    return ActivityStates(
        tuple(n[0] for n in names),
        tuple(n[1] for n in names),
        tuple(n[2] for n in names),
        activity,
        tuple(uses),
    )


def _position(inputs: SectorInputs, year: int) -> int:
    return inputs.years.index(year)


def _row_for(
    series: Mapping[int, ActivityRow], year: int, inputs: SectorInputs, name: str
) -> ActivityRow | None:
    if year <= inputs.base_year and year not in series:
        inputs.problems.add(
            next(iter(series.values())).place,
            message("no row of the year {year} for '{name}'.", year=year, name=name),
            fix=message("Add the row; write 0 if there is none."),
        )
        return None
    return series[max(y for y in series if y <= year)]


def _is_known(row: ActivityRow, sector: Sector, problems: Problems) -> bool:
    sources = [s.id for s in sector.sources]
    if row.source not in sources:
        problems.add(
            row.place,
            message(
                "'{name}' is not a source of sector '{sector}'.", name=row.source, sector=sector.id
            ),
            fix=closest(row.source, sources),
        )
        return False
    known = sector.source(row.source).technologies
    if row.technology not in known:
        problems.add(
            row.place,
            message(
                "'{name}' is not a technology of source '{source}'.",
                name=row.technology,
                source=row.source,
            ),
            message("Expected: {names}.", names=", ".join(known)),
            closest(row.technology, known),
        )
        return False
    return True


def factor_array(states: int, years: int) -> Array:
    """Return an empty emission factor [t/source unit] to be filled by a sector.

    Parameters
    ----------
    states, years
        Lengths of the axes.

    Returns
    -------
    Array
        Zeros, dims (state, pollutant, year).
    """
    return np.zeros((states, len(POLLUTANTS), years))


def no_vintages(states: int, years: int) -> Array:
    """Return the ``recent`` of a sector that keeps no vintages.

    Parameters
    ----------
    states, years
        Lengths of the axes.

    Returns
    -------
    Array
        Zeros, dims (state, year, year).
    """
    return np.zeros((states, years, years))


def pollutant_index(names: Sequence[Pollutant]) -> list[int]:
    """Return the positions of pollutants on the pollutant axis."""
    return [POLLUTANTS.index(name) for name in names]
