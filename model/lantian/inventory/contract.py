"""What a sector declares and what it gives to the model.

A sector is one file in this folder with a module-level ``SECTOR``. It names the columns of its
tables and the guideline, and holds one function, ``declare``, that turns tables into a
:class:`SectorModel`: states, and the numbers that activity and emission factors are made of. Its
sources are rows of a table, or stand in its file where they have equations of their own. Measures,
projection, optimisation and charts follow from that without further code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol

import numpy as np
from numpy.typing import NDArray

from lantian.errors import Place, Problems, closest
from lantian.language import message
from lantian.parameters import (
    MISSING,
    NOT_NEGATIVE,
    ONE,
    SHARE,
    ZERO,
    Band,
    CalendarYear,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
    or_none,
)
from lantian.parameters.space import constant, join, stack
from lantian.vocabulary import POLLUTANTS, Pollutant

Array = NDArray[np.float64]
Index = NDArray[np.int64]

Kind = tuple[str, str]
"""A source and a technology of it."""


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

    told_by = "parameter"
    plausible = declared(
        {
            "altitude": or_none(Band("m", 1.0, 6000.0)),
            "annual-precipitation": (Band("m", 0.005, 15.0),),
            "area": (Band("km2", 0.5, 1000000.0),),
            "city-area": (Band("km2", 0.5, 1000000.0),),
            "plain-area": or_none(Band("km2", 0.5, 1000000.0)),
            "population": (Band("person", 1000.0, 100000000.0),),
            "city-population": (Band("person", 100000.0, 100000000.0),),
            "city-vehicles": (Band("vehicle", 1000.0, 100000000.0),),
            "diesel-sulphur": (Band("ppm", 0.5, 20000.0),),
            "gasoline-sulphur": (Band("ppm", 0.5, 20000.0),),
            "load-factor": (Band("", 0.02, 1.0),),
            "mean-speed": (Band("km/h", 2.0, 150.0),),
            "mean-temperature": (Band("degC", -60.0, 60.0),),
            "mean-wind-speed": (Band("m/s", 0.1, 30.0),),
            "relative-humidity": (Band("", 0.02, 1.0),),
            "urban-share": or_none(Band("", 0.001, 1.0)),
            "wet-days": (Band("day", 1.0, 366.0),),
            "windy-time": or_none(Band("", 0.001, 1.0)),
            "": NOT_NEGATIVE,
        }
    )
    parameter: str


class ActivityRow(QuantityRow):
    """A line of ``inputs/regions/<region>/activity/<sector>.csv``.

    ``control`` names the control package in place (a control of ``controls.csv``) or is blank.
    """

    plausible = declared(
        {
            "": (*SHARE, *NOT_NEGATIVE),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    control: Annotated[str, Names("control")] = ""
    year: CalendarYear


@dataclass(frozen=True)
class StateNames:
    """Identity of the states of a sector, parallel tuples along the state axis.

    ``controls`` are the controls in place at the start, none or several.
    """

    source: tuple[str, ...]
    technology: tuple[str, ...]
    controls: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.source)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Source and technology, each pair once: what a factor before the control belongs to."""
        return tuple(dict.fromkeys(zip(self.source, self.technology, strict=True)))

    def of_kind(self, kinds: Sequence[Kind]) -> Index:
        """Return the position of each state's source and technology, dims (state,).

        Parameters
        ----------
        kinds
            Pairs of source and technology, each once.

        Returns
        -------
        Index
            Positions in ``kinds``.
        """
        position = {kind: k for k, kind in enumerate(kinds)}
        pairs = zip(self.source, self.technology, strict=True)
        return np.array([position[pair] for pair in pairs], dtype=np.int64)


@dataclass(frozen=True)
class Sold:
    """Activity of one year by when it came into use, at central values.

    Attributes
    ----------
    kind
        Source and technology of each part.
    year
        Year of sale of each part [a], dims (part,).
    amount
        Activity [source unit], dims (part,).
    """

    kind: tuple[Kind, ...]
    year: Index
    amount: Array


@dataclass(frozen=True)
class Start:
    """What a sector begins with where its scenario starts from the end of another.

    Attributes
    ----------
    years
        Years of the inventory, ascending, the base year last.
    states
        States that hold anything, and those that the other scenario begins with.
    activity
        Central values [source unit], dims (state, year).
    total
        Source -> its activity in all states [source unit], dims (year,). A source that is not
        here begins with rows of the region: the other scenario has none of it, or it is counted
        anew.
    sold
        The same by when it came into use, one for each year; empty where the sector does not tell.
    """

    years: tuple[int, ...]
    states: StateNames
    activity: Array
    total: Mapping[str, Numbers]
    sold: tuple[Sold, ...] = ()

    def part(self, state: int, year: int) -> Numbers:
        """Return the activity of a state in a year: a share of its source's total.

        Parameters
        ----------
        state
            Position of the state.
        year
            One of the years.

        Returns
        -------
        Numbers
            Of shape (), in the source's unit.
        """
        y, name = self.years.index(year), self.states.source[state]
        of_source = [s for s, source in enumerate(self.states.source) if source == name]
        whole = self.activity[of_source, y].sum()
        share = self.activity[state, y] / whole if whole > 0.0 else 0.0
        total = self.total[name][y]
        return Numbers(total.slot, total.factor * share)


@dataclass(frozen=True)
class Block:
    """Arrays of a sector for some years and any number of samples, the sample axis last.

    Attributes
    ----------
    activity
        Baseline activity [source unit], dims (state, year, sample).
    factor
        Factor BEFORE the control [t/source unit], dims (kind, pollutant, year, sample), for the
        kinds and pollutants that the sector declares; the year axis has length 1 where nothing
        depends on the year.
    recent
        ``recent[s, f, y]``: activity in year y of units that came into use in the years f..y, for
        commitments on new or replaced units, dims (state, since, year, sample); None where no
        source keeps vintages.
    """

    activity: Array
    factor: Array
    recent: Array | None = None


@dataclass(frozen=True)
class Window:
    """Which years are asked for, as positions among the years of the model.

    ``years`` are those of activity and factors, ``since`` those from which units count as new.
    """

    years: Index
    since: Index


def every_year(years: int) -> Window:
    """Return the window of all years of a model that has so many."""
    every = np.arange(years)
    return Window(every, every)


class BeyondRangesError(ValueError):
    """Numbers lie outside the ranges that states were made for: put the study together anew."""


@dataclass(frozen=True, kw_only=True)
class SectorModel:
    """What a sector made of its tables: which states there are, and the numbers behind them.

    A sector derives from it and gives :meth:`factors`; sectors with vintages give :meth:`recent`
    too, sectors without activity rows :meth:`activities`. All three are array functions: no branch
    on a value, so that they hold for every sample.

    Attributes
    ----------
    states
        Identity of each state.
    pollutants
        Positions of the pollutants of :meth:`factors` on the pollutant axis.
    activity
        Numbers of the activity rows; None where the sector has none of these.
    """

    states: StateNames
    pollutants: Index
    activity: "ActivityNumbers | None" = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Source and technology of each row of :meth:`factors`."""
        return self.states.kinds

    def on_sale(self, theta: Array, source: str, technology: str, year: int) -> str:
        """Return what is bought in a year by who asks for a technology.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, 1).
        source, technology
            What is asked for.
        year
            Calendar year of the purchase.

        Returns
        -------
        str
            The technology itself, unless it is no longer sold by then.
        """
        return technology

    def block(self, theta: Array, window: Window) -> Block:
        """Return all arrays of the sector for some columns of the parameter vector.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        window
            Years that are asked for.

        Returns
        -------
        Block
            Dims as there.
        """
        activity, recent = self.amounts(theta, window)
        return Block(activity, self.factors(theta, window), recent)

    def amounts(self, theta: Array, window: Window) -> tuple[Array, Array | None]:
        """Return :meth:`activities` and :meth:`recent` together, where one work gives both.

        Parameters
        ----------
        theta, window
            As :meth:`block`.

        Returns
        -------
        tuple
            Both as they are there.
        """
        return self.activities(theta, window), self.recent(theta, window)

    def activities(self, theta: Array, window: Window) -> Array:
        """Return the baseline activity [source unit], dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`block`.

        Returns
        -------
        Array
            Without any commitment.
        """
        assert self.activity is not None  # a sector without activity rows has its own
        return self.activity(theta, window.years)

    def corners(self, support: Array) -> Array:
        """Return columns in which states hold activity that hold none at all low or all high ends.

        Activity that is a product of numbers has none; a sector gives them where one number has to
        be low and another high for something to be there.

        Parameters
        ----------
        support
            Central values, low and high ends, dims (slot, 3).

        Returns
        -------
        Array
            dims (slot, corner).
        """
        return support[:, :0]

    def factors(self, theta: Array, window: Window) -> Array:
        """Return the factors before the control, as in :class:`Block`.

        Parameters
        ----------
        theta, window
            As :meth:`block`.

        Returns
        -------
        Array
            [t/source unit], dims (kind, pollutant, year or 1, sample).
        """
        raise NotImplementedError

    def recent(self, theta: Array, window: Window) -> Array | None:
        """Return the activity of new units, as in :class:`Block`; None without vintages.

        Parameters
        ----------
        theta, window
            As :meth:`block`.

        Returns
        -------
        Array or None
            [source unit], dims (state, since, year, sample).
        """
        return None

    def sold(self, theta: Array, year: int) -> Sold | None:
        """Return the activity of a year by when it came into use; None where that is not known.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, 1).
        year
            Position of the year.

        Returns
        -------
        Sold or None
            All that is in use in that year, without any commitment.
        """
        return None


@dataclass(frozen=True, kw_only=True)
class NoStates(SectorModel):
    """A sector that emits nothing in a region."""

    states: StateNames = StateNames((), (), ())
    pollutants: Index = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def activities(self, theta: Array, window: Window) -> Array:
        """Return nothing, dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Without any state.
        """
        return np.zeros((0, len(window.years), theta.shape[1]))

    def factors(self, theta: Array, window: Window) -> Array:
        """Return nothing, dims (kind, pollutant, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Without any kind.
        """
        return np.zeros((0, 0, 1, theta.shape[1]))


class Traffic(Protocol):
    """Kilometres of vehicles by road, for sectors that follow them."""

    @property
    def roads(self) -> tuple[str, ...]:
        """Sources that stand for a class of roads."""

    @property
    def vehicles(self) -> tuple[str, ...]:
        """Sources of vehicles."""

    @property
    def weight(self) -> Numbers:
        """Mean weight of the vehicles of a source [t], dims (source,)."""

    def kilometres(self, theta: Array, years: Index) -> Array:
        """Return the kilometres [vehicle km/a], dims (source, road, year, sample)."""


@dataclass(frozen=True)
class Elsewhere:
    """Kilometres of vehicles of a fleet that another sector counts, in the base year.

    Attributes
    ----------
    vehicles
        Which source of the fleet drives them, dims (part,).
    places
        Where that is written.
    kilometres
        Values of all slots -> [vehicle km/a], dims (part, sample).
    """

    vehicles: tuple[str, ...]
    places: tuple[Place, ...]
    kilometres: Callable[[Array], Array]


@dataclass(frozen=True)
class SectorInputs:
    """Everything a sector's ``declare`` may read.

    Attributes
    ----------
    sector
        The sector itself, with its sources.
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
        Level of each driver [any unit; only ratios count], dims (year,).
    problems
        Where to note what is wrong.
    traffic
        Kilometres by road, where the region says who drives where.
    elsewhere
        Kilometres that another sector counts, where it says whose they are.
    """

    sector: "Sector"
    years: tuple[int, ...]
    base_year: int
    activity: QuantityTable[ActivityRow]
    factors: Mapping[str, QuantityTable[QuantityRow]]
    region: Mapping[str, QuantityTable[QuantityRow]]
    parameters: QuantityTable[ParameterRow]
    drivers: Mapping[str, Numbers]
    problems: Problems
    start: Start | None = None
    traffic: Traffic | None = None
    elsewhere: Elsewhere | None = None


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
        Leaf categories, in the order of tables and charts. A file leaves them empty whose sources
        are rows of ``inputs/sectors/sources.csv``.
    pollutants
        What the sector emits; each state needs a number for each of them.
    factor_tables, region_tables
        File name -> row model of the tables that ``declare`` reads besides the activity.
    optional_tables
        Likewise of a region, where it may have none.
    traffic
        Tables of the sector -> kilometres by road, which other sectors follow.
    elsewhere
        Tables of the sector -> kilometres that it counts of vehicles of another one.
    declare
        Tables -> states and the numbers behind them.
    units
        What the activity of its sources may count; anything if empty.
    main_table
        Table of the region without which the sector emits nothing there; its activity table if
        blank. A sector that names one has no activity table.
    another_way
        Whether what it counts may as well be counted by other sectors, so that a region without
        it lacks nothing.
    """

    id: str
    guideline: str
    sources: tuple[Source, ...]
    pollutants: tuple[Pollutant, ...]
    factor_tables: Mapping[str, type[QuantityRow]]
    declare: Callable[[SectorInputs], SectorModel]
    region_tables: Mapping[str, type[QuantityRow]] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    main_table: str = ""
    another_way: bool = False
    optional_tables: Mapping[str, type[QuantityRow]] = field(default_factory=dict)
    traffic: Callable[[SectorInputs], Traffic | None] | None = None
    elsewhere: Callable[[SectorInputs], Elsewhere | None] | None = None

    def source(self, name: str) -> Source:
        """Return a source by its id."""
        return next(s for s in self.sources if s.id == name)


@dataclass(frozen=True)
class ActivityNumbers:
    """Activity of each state and year: a row, carried on by a driver where it is of another year.

    Attributes
    ----------
    row
        Activity [source unit] of the row that holds, dims (state, year).
    level, start
        Level of the source's driver in the year, and in the year of the row, dims (state, year);
        both 1 where these are the same year.
    """

    row: Numbers
    level: Numbers
    start: Numbers

    def __call__(self, theta: Array, years: Index) -> Array:
        """Return the activity [source unit], dims (state, year, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        years
            Positions of the years.

        Returns
        -------
        Array
            Row times the change of the driver since the year of the row.
        """
        growth = self.level[:, years](theta) / self.start[:, years](theta)
        return np.asarray(self.row[:, years](theta) * growth)


def declare_activity(inputs: SectorInputs) -> tuple[StateNames, ActivityNumbers]:
    """Gather a sector's activity rows into states with a number for every year.

    A year takes the row of the same year or else of the latest earlier one, times the change of
    the source's driver in between. Every state needs a row in each reference year up to the base
    year, so that a base-year technology cannot silently become the past.

    Parameters
    ----------
    inputs
        Activity rows and drivers; the sources of the sector set the order of the states and the
        unit of each; problems receives unknown names, missing years and units that do not fit.

    Returns
    -------
    StateNames
        In the order of the sector's sources and their technologies.
    ActivityNumbers
        In the source's unit, dims (state, year).
    """
    sector = inputs.sector
    states = _states(inputs)
    order = {s.id: i for i, s in enumerate(sector.sources)}
    names = sorted(
        states, key=lambda n: (order[n[0]], sector.source(n[0]).technologies.index(n[1]), n[2])
    )
    terms = [[_terms(n, states[n], year, inputs) for year in inputs.years] for n in names]
    none = constant(ONE, 0, len(inputs.years))
    row, level, start = (
        join([none, *(stack([of_year[i] for of_year in own])[None] for own in terms)])
        for i in range(3)
    )
    labels = zip(*names, strict=True) if names else ((), (), ())
    return StateNames(*labels), ActivityNumbers(row, level, start)


Name = tuple[str, str, tuple[str, ...]]
"""Source, technology and controls of a state."""


@dataclass
class _Known:
    """What is known of a state: its rows by year, and what another scenario left of it by year.

    ``left`` is None where the source begins with rows of its own.
    """

    rows: dict[int, ActivityRow] = field(default_factory=dict)
    left: dict[int, Numbers] | None = None


def _states(inputs: SectorInputs) -> dict[Name, _Known]:
    """Gather states from rows and from what another scenario left.

    Of a source that begins with what was left only later rows count; of others that they name a
    state.
    """
    rows = [r for r in inputs.activity.rows if _is_known(r, inputs.sector, inputs.problems)]
    states: dict[Name, _Known] = {}
    begun = {} if inputs.start is None else inputs.start.total
    if inputs.start is not None:
        names = inputs.start.states
        for s, name in enumerate(zip(names.source, names.technology, names.controls, strict=True)):
            if name[0] in begun:
                parts = {year: inputs.start.part(s, year) for year in inputs.start.years}
                states[name] = _Known(left=parts)
    for row in rows:
        controls = (row.control,) if row.control else ()
        known = _Known(left={} if row.source in begun else None)
        known = states.setdefault((row.source, row.technology, controls), known)
        if row.source not in begun or row.year > inputs.base_year:
            known.rows[row.year] = row
    return states


def _number_of(
    name: Name, known: _Known, year: int, inputs: SectorInputs
) -> tuple[int, Numbers] | None:
    """Return the number that holds in a year and the year it is of; None if it is missing."""
    if known.left is not None and not any(given <= year for given in known.rows):
        then = min(year, inputs.base_year)
        return then, known.left.get(then, constant(ZERO))
    row = _row_for(known.rows, year, inputs, _shown(name))
    if row is None or row.year not in inputs.years:
        return None
    return row.year, inputs.activity.taken(row, inputs.sector.source(row.source).unit)


def _terms(
    name: Name, known: _Known, year: int, inputs: SectorInputs
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the row of a state in a year, and the levels of its driver then and at the row."""
    found, same = _number_of(name, known, year, inputs), constant(ONE)
    if found is None:
        return constant(MISSING), same, same
    then, row = found
    if then == year:
        return row, same, same
    driver = inputs.drivers[inputs.sector.source(name[0]).driver]
    return row, driver[inputs.years.index(year)], driver[inputs.years.index(then)]


def _shown(name: Name) -> str:
    return " / ".join([name[0], name[1], *name[2]])


def _row_for(
    series: Mapping[int, ActivityRow], year: int, inputs: SectorInputs, name: str
) -> ActivityRow | None:
    if year <= inputs.base_year and year not in series:
        inputs.problems.add(
            next(iter(series.values())).place.cell("year"),
            message("no row of the year {year} for '{name}'.", year=year, name=name),
            fix=message("Add the row; write 0 if there is none."),
        )
        return None
    known = [y for y in series if y <= year and y in inputs.years]
    return series[max(known)] if known else None


def _is_known(row: ActivityRow, sector: Sector, problems: Problems) -> bool:
    sources = [s.id for s in sector.sources]
    if row.source not in sources:
        problems.add(
            row.place.cell("source"),
            message(
                "'{name}' is not a source of sector '{sector}'.", name=row.source, sector=sector.id
            ),
            fix=closest(row.source, sources),
        )
        return False
    known = sector.source(row.source).technologies
    if row.technology not in known:
        problems.add(
            row.place.cell("technology"),
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


def pollutant_index(names: Sequence[Pollutant]) -> Index:
    """Return the positions of pollutants on the pollutant axis."""
    return np.array([POLLUTANTS.index(name) for name in names], dtype=np.int64)
