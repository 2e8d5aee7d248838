"""Coal in homes and boilers, and natural gas in boilers and homes.

Sulphur dioxide and particles of coal boilers come from the mass balance of the coal; nitrogen
oxides of low-NOx gas boilers and of household heaters from the limit they must keep; everything
else is a factor per unit of fuel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from lantian.errors import Problems
from lantian.inventory.contract import (
    Array,
    Index,
    Sector,
    SectorInputs,
    Source,
    StateNames,
    Window,
    declare_activity,
    pollutant_index,
)
from lantian.inventory.equations import (
    Equation,
    EquationModel,
    Follows,
    Kinds,
    declare_equations,
)
from lantian.inventory.tabulated import FactorRow, tabulated_equation
from lantian.language import message
from lantian.parameters import (
    NOT_NEGATIVE,
    ONE,
    ZERO,
    Band,
    CalendarYear,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    column,
    declared,
    or_none,
    units,
)
from lantian.parameters.space import constant, stack
from lantian.vocabulary import Pollutant

SO2_PER_SULPHUR = 2.0
"""Mass of SO2 per mass of sulphur [1], the 2 of ``2 S (1 - sr)`` (T/CSES 144-2024, annex E)."""

LIMITED = ("nox-80", "nox-30")
"""Boilers whose NOx follows from the limit they must keep."""

FUELLED_BY_GAS = ("clean-heating", "clean-heat")
"""Homes and floors without coal; ``gas-use`` is the mean of those on gas, power and pipes."""

SIZE_SHARES: dict[Pollutant, str] = {"PM2.5": "pm25-share", "PM10": "pm10-share"}
"""Parameter that holds the share of a size class in the fly ash; all of it is TSP."""


class ParameterRow(QuantityRow):
    """A line of a parameter table: a term of an equation for a technology of a source.

    The guideline's shares kept in the ash are given as what leaves the grate (``sulphur-released``
    is ``1 - sr``, ``fly-ash`` is ``1 - ar``), to which the emission is proportional.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "sulphur": (Band("", 0.0002, 0.1),),
            "ash": (Band("", 0.01, 0.7),),
            "sulphur-released": (Band("", 0.02, 1.0),),
            "fly-ash": (Band("", 0.002, 1.0),),
            "pm25-share": (Band("", 0.001, 1.0),),
            "pm10-share": (Band("", 0.001, 1.0),),
            "nox-limit": (
                Band("mg/kWh", 3.0, 3000.0),
                Band("mg/m3", 2.0, 3000.0),
            ),
            "flue-gas": (Band("", 0.5, 100.0),),
            "share-of-limit": (Band("", 0.02, 2.0),),
            "gas-use": or_none(
                Band("m3/household", 20.0, 10000.0),
                Band("m3/m2", 0.1, 300.0),
            ),
            "heating-value": (Band("kWh/m3", 1.0, 100.0),),
            "coal-use": or_none(
                Band("t/household", 0.05, 30.0),
                Band("kg/m2", 0.5, 300.0),
            ),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    parameter: Literal[
        "sulphur",
        "ash",
        "sulphur-released",
        "fly-ash",
        "pm25-share",
        "pm10-share",
        "nox-limit",
        "flue-gas",
        "share-of-limit",
        "gas-use",
        "heating-value",
        "coal-use",
    ]


class NewHeatingRow(QuantityRow):
    """A line of ``new-heating.csv``: activity that comes into use in a year (new or replaced)."""

    plausible = declared(
        {
            "": (
                Band("household", 5.0, 5e6),
                Band("m3", 2e3, 1e11),
                Band("m2", 200.0, 1e10),
                Band("t", 1.0, 1e8),
                *NOT_NEGATIVE,
            ),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    year: CalendarYear


def emission(activity: ArrayLike, factor: ArrayLike) -> Array:
    """Return ``E = A * EF``, in the product of the units given.

    Parameters
    ----------
    activity
        Activity A [any unit].
    factor
        Emission per activity EF.

    Returns
    -------
    Array
        Emission, in the shape to which both broadcast.

    References
    ----------
    T/CSES 144-2024, equation 2.
    """
    product: Array = np.asarray(activity, dtype=float) * np.asarray(factor, dtype=float)
    return product


def so2_mass_balance(coal: ArrayLike, sulphur: ArrayLike, retained: ArrayLike) -> Array:
    """Return the SO2 of burned coal, ``2 A S (1 - sr)``.

    Parameters
    ----------
    coal
        Coal burned [t].
    sulphur
        Sulphur in the coal [share of mass].
    retained
        Share of the sulphur that stays in the ash [1].

    Returns
    -------
    Array
        SO2 [t], in the shape to which the arguments broadcast.

    References
    ----------
    T/CSES 144-2024, annex E.
    """
    sulphur_released = np.asarray(sulphur, dtype=float) * (1 - np.asarray(retained, dtype=float))
    return emission(coal, SO2_PER_SULPHUR * sulphur_released)


def pm_mass_balance(
    coal: ArrayLike, ash: ArrayLike, bottom: ArrayLike, size_share: ArrayLike
) -> Array:
    """Return the particles of burned coal before cleaning, ``A Aar (1 - ar) f``.

    Parameters
    ----------
    coal
        Coal burned [t].
    ash
        Ash in the coal as received [share of mass].
    bottom
        Share of the ash that stays on the grate [1].
    size_share
        Share of the size class in the fly ash [1].

    Returns
    -------
    Array
        Particles of the size class [t], in the shape to which the arguments broadcast.

    References
    ----------
    T/CSES 144-2024, annex E.
    """
    fly = np.asarray(ash, dtype=float) * (1 - np.asarray(bottom, dtype=float))
    return emission(coal, fly * np.asarray(size_share, dtype=float))


def nox_at_limit(limit: ArrayLike, flue_gas: ArrayLike, share_of_limit: ArrayLike) -> Array:
    """Return the NOx factor of a boiler that keeps a concentration limit.

    Parameters
    ----------
    limit
        Limit at the reference oxygen [t/m3 of dry flue gas].
    flue_gas
        Dry flue gas at that oxygen [m3 per m3 of gas burned].
    share_of_limit
        Real concentration as a share of the limit [1].

    Returns
    -------
    numpy.ndarray
        Factor [t/m3 of gas burned].
    """
    return emission(
        np.asarray(limit, dtype=float) * np.asarray(share_of_limit, dtype=float), flue_gas
    )


def _fuel(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    """Declare factors per unit of fuel, all of them tabulated."""
    return [_tabulated(inputs, kinds, SECTOR.pollutants)]


def _tabulated(inputs: SectorInputs, kinds: Kinds, pollutants: Sequence[Pollutant]) -> Equation:
    return tabulated_equation(inputs, kinds, "coal-gas", pollutants)


def _without(*pollutants: Pollutant) -> tuple[Pollutant, ...]:
    return tuple(p for p in SECTOR.pollutants if p not in pollutants)


def _of_sulphur(sulphur: Array, released: Array) -> Array:
    """Return the SO2 of a tonne of coal [t/t]."""
    return so2_mass_balance(1.0, sulphur, 1.0 - released)


def _of_ash(ash: Array, fly_ash: Array, size_share: Array) -> Array:
    """Return the particles of a tonne of coal [t/t]."""
    return pm_mass_balance(1.0, ash, 1.0 - fly_ash, size_share)


def _coal_boilers(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    furnace, coal = inputs.factors["combustion"], inputs.region["fuel-use"]
    sulphur = {
        "sulphur": kinds.numbers(coal, "1", parameter="sulphur"),
        "released": kinds.numbers(furnace, "1", parameter="sulphur-released"),
    }
    ash = {
        "ash": kinds.numbers(coal, "1", parameter="ash"),
        "fly_ash": kinds.numbers(furnace, "1", parameter="fly-ash"),
    }
    size = kinds.numbers(furnace, "1", parameter=tuple(SIZE_SHARES.values()))
    return [
        Equation(("SO2",), _of_sulphur, sulphur),
        Equation(tuple(SIZE_SHARES), _of_ash, {**ash, "size_share": size}),
        Equation(("TSP",), _of_ash, {**ash, "size_share": constant(ONE)}),
        _tabulated(inputs, kinds, _without("SO2", "TSP", *SIZE_SHARES)),
    ]


def _limited_boilers(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    table = inputs.factors["combustion"]
    terms = {
        "limit": kinds.numbers(table, "t/m3", parameter="nox-limit"),
        "flue_gas": kinds.numbers(table, "1", parameter="flue-gas"),
        "share_of_limit": kinds.numbers(table, "1", parameter="share-of-limit"),
    }
    return [
        Equation(("NOx",), nox_at_limit, terms),
        _tabulated(inputs, kinds, _without("NOx")),
    ]


def _heater_nox(gas: Array, heating_value: Array, limit: Array, share_of_limit: Array) -> Array:
    """Return the NOx of a household heater that keeps a limit per heat [t/household]."""
    return emission(emission(gas, heating_value), limit * share_of_limit)


def _heaters(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    heater, factors = inputs.factors["combustion"], inputs.factors["coal-gas"]
    gas = kinds.numbers(inputs.region["fuel-use"], "m3/household", parameter="gas-use")
    terms = {
        "gas": gas,
        "heating_value": kinds.numbers(heater, "kWh/m3", parameter="heating-value"),
        "limit": kinds.numbers(heater, "t/kWh", parameter="nox-limit"),
        "share_of_limit": kinds.numbers(heater, "1", parameter="share-of-limit"),
    }
    others = _without("NOx")
    factor = kinds.numbers(factors, "t/m3", pollutant=others)
    return [
        Equation(("NOx",), _heater_nox, terms),
        Equation(others, emission, {"activity": gas, "factor": factor}),
    ]


def _heated(parameter: str, fuel_unit: str, inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    """Declare factors of homes or heated floors: their fuel times the factor of the fuel."""
    counted = [inputs.sector.source(source).unit for source in kinds.source[:, 0]]
    per = column([f"{fuel_unit}/{unit}" for unit in counted])
    terms = {
        "activity": kinds.numbers(inputs.region["fuel-use"], per, parameter=parameter),
        "factor": kinds.numbers(
            inputs.factors["coal-gas"], f"t/{fuel_unit}", pollutant=SECTOR.pollutants
        ),
    }
    return [Equation(SECTOR.pollutants, emission, terms)]


_HEATED_BY_GAS = partial(_heated, "gas-use", "m3")
_HEATED_BY_COAL = partial(_heated, "coal-use", "t")


def _follows(source: str, technology: str) -> Follows:
    match source:
        case "coal-boiler":
            return _coal_boilers
        case "gas-boiler" if technology in LIMITED:
            return _limited_boilers
        case "gas-heater":
            return _heaters
        case "rural-home" | "town-heating":
            return _HEATED_BY_GAS if technology in FUELLED_BY_GAS else _HEATED_BY_COAL
        case _:
            return _fuel


@dataclass(frozen=True, kw_only=True)
class HeatingModel(EquationModel):
    """Coal and gas burning, with the activity that comes into use every year.

    Attributes
    ----------
    renewed
        States with such activity, dims (renewed,).
    new
        What comes into use in a year, new or replaced [source unit], dims (renewed, year).
    """

    renewed: Index
    new: Numbers

    def recent(self, theta: Array, window: Window) -> Array:
        """Return how much of each activity came into use since each year.

        New units outlive the years of the model, but never exceed what there is.

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [source unit], dims (state, since, year, sample).
        """
        years, since = window.years, window.since
        new = self.new(theta)
        upto = np.cumsum(new, axis=1)
        came = upto[:, None, years] - (upto - new)[:, since, None]
        present = self.activities(theta, window)[self.renewed][:, None]
        happened = (since[:, None] <= years)[..., None]
        recent = np.zeros((len(self.states), len(since), len(years), theta.shape[1]))
        recent[self.renewed] = np.where(happened, np.minimum(came, present), 0.0)
        return recent


def declare(inputs: SectorInputs) -> HeatingModel:
    """Declare the states of coal and gas burning.

    References
    ----------
    T/CSES 144-2024, equation 2 and annexes D and E.
    """
    states, activity = declare_activity(inputs)
    renewed, new = _new_units(states, inputs)
    return HeatingModel(
        states=states,
        pollutants=pollutant_index(SECTOR.pollutants),
        activity=activity,
        equations=declare_equations(inputs, states.kinds, _follows),
        renewed=renewed,
        new=new,
    )


def _new_units(states: StateNames, inputs: SectorInputs) -> tuple[Index, Numbers]:
    """Return the states that new units come to, and how many in each year, dims (renewed, year).

    A year without a row of its own takes the latest earlier one; before the first row nothing is
    new. New units run without a control package.
    """
    table = inputs.region["new-heating"]
    names = list(zip(states.source, states.technology, states.controls, strict=True))
    series: dict[int, dict[int, QuantityRow]] = {}
    for row in table.rows:
        if isinstance(row, NewHeatingRow):
            name = (row.source, row.technology, ())
            if name in names:
                series.setdefault(names.index(name), {})[row.year] = row
                _check_new(row, inputs)
            else:
                _note_missing_state(row, inputs.problems)
    new = [
        _yearly(rows, table, inputs.sector.source(states.source[s]).unit, inputs.years)
        for s, rows in series.items()
    ]
    return np.array(list(series), dtype=np.int64), (
        stack(new) if new else constant(ZERO, 0, len(inputs.years))
    )


def _check_new(row: NewHeatingRow, inputs: SectorInputs) -> None:
    """Note more new units of a source in a year than it had in the base year in all."""
    had = [
        other.to(row.unit)
        for other in inputs.activity.rows
        if (other.source, other.year) == (row.source, inputs.base_year)
        and units.is_like(other.unit, row.unit)
    ]
    if had and row.value > sum(had):
        inputs.problems.warn(
            row.place.cell("value"),
            message(
                "{value} {unit} are new in {year}: more than all that '{source}' had in {base}.",
                value=f"{row.value:g}",
                unit=row.unit,
                year=row.year,
                source=row.source,
                base=inputs.base_year,
            ),
            fix=message("Check the unit."),
        )


def _note_missing_state(row: NewHeatingRow, problems: Problems) -> None:
    problems.add(
        row.place.cell("technology"),
        message(
            "no activity row of source '{source}', technology '{technology}' without a control.",
            source=row.source,
            technology=row.technology,
        ),
    )


def _yearly(
    rows: dict[int, QuantityRow],
    table: QuantityTable[QuantityRow],
    unit: str,
    years: tuple[int, ...],
) -> Numbers:
    """Take the row that holds in each year, dims (year,)."""
    passed = [[given for given in rows if given <= year] for year in years]
    return stack(
        [table.taken(rows[max(given)], unit) if given else constant(ZERO) for given in passed]
    )


_COAL: dict[Pollutant, tuple[float, float]] = {
    "NOx": (2e-4, 2e-2),
    "VOC": (2e-5, 3e-2),
    "PM2.5": (1e-4, 4e-2),
    "PM10": (1e-4, 8e-2),
    "TSP": (2e-4, 0.2),
    "SO2": (1e-4, 5e-2),
    "CO": (5e-4, 0.5),
    "CO2": (0.5, 5.0),
}
_GAS: dict[Pollutant, tuple[float, float]] = {
    "NOx": (3e-8, 2e-5),
    "VOC": (2e-9, 2e-6),
    "PM2.5": (2e-9, 5e-7),
    "PM10": (2e-9, 5e-7),
    "TSP": (2e-9, 5e-7),
    "SO2": (5e-10, 5e-7),
    "CO": (3e-8, 3e-5),
    "CO2": (5e-4, 1e-2),
}
_HEATER: dict[Pollutant, tuple[float, float]] = {
    "NOx": (5e-5, 2e-2),
    "VOC": (2e-6, 2e-3),
    "PM2.5": (2e-6, 5e-4),
    "PM10": (2e-6, 5e-4),
    "TSP": (2e-6, 5e-4),
    "SO2": (5e-7, 5e-4),
    "CO": (3e-5, 3e-2),
    "CO2": (0.2, 20.0),
}

_RURAL_HOME: dict[Pollutant, tuple[float, float]] = {
    "NOx": (5e-5, 5e-2),
    "VOC": (5e-6, 5e-2),
    "PM2.5": (2e-6, 5e-2),
    "PM10": (2e-6, 8e-2),
    "TSP": (2e-6, 0.1),
    "SO2": (5e-7, 5e-2),
    "CO": (5e-5, 1.0),
    "CO2": (0.2, 20.0),
}
_FLOOR: dict[Pollutant, tuple[float, float]] = {
    "NOx": (5e-7, 5e-4),
    "VOC": (5e-7, 5e-4),
    "PM2.5": (2e-6, 5e-4),
    "PM10": (2e-6, 8e-4),
    "TSP": (2e-6, 1e-3),
    "SO2": (1e-6, 5e-4),
    "CO": (5e-5, 1e-2),
    "CO2": (2e-3, 0.2),
}
_LARGE: dict[Pollutant, tuple[float, float]] = {
    "NOx": (1e-4, 1e-2),
    "VOC": (1e-5, 5e-3),
    "PM2.5": (5e-6, 2e-3),
    "PM10": (5e-6, 4e-3),
    "TSP": (5e-6, 8e-3),
    "SO2": (5e-5, 1e-2),
    "CO": (5e-4, 0.1),
    "CO2": (0.5, 5.0),
}
_LARGE_BOILERS = (
    "grate-heating",
    "grate-heating-ultra-low",
    "other-boiler",
    "other-boiler-ultra-low",
)
"""Boilers from 35 t/h: grate and spreader boilers for heating have a limit of their own."""

SECTOR = Sector(
    id="coal-gas",
    guideline="T/CSES 144-2024, fixed combustion: equation 2, annexes D and E",
    sources=(
        Source("home-coal", "t", ("bulk-coal", "clean-coal"), "coal", "rural-households", _COAL),
        Source("coal-boiler", "t", ("hand-fired", "automatic-grate"), "coal", "heated-area", _COAL),
        Source("gas-boiler", "m3", ("conventional", *LIMITED), "living", "heated-area", _GAS),
        Source(
            "gas-heater",
            "household",
            ("nox-grade-2", "nox-grade-3", "nox-grade-5"),
            "living",
            "heated-area",
            _HEATER,
        ),
        Source("home-gas", "m3", ("cooking-water",), "living", "heated-area", _GAS),
        Source(
            "rural-home",
            "household",
            ("bulk-coal", "clean-coal", "clean-heating"),
            "coal",
            "rural-households",
            _RURAL_HOME,
        ),
        Source("town-heating", "m2", ("stove", "clean-heat"), "coal", "heated-area", _FLOOR),
        Source("coal-boiler-large", "t", _LARGE_BOILERS, "coal", "heated-area", _LARGE),
    ),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "CO", "CO2"),
    factor_tables={"coal-gas": FactorRow, "combustion": ParameterRow},
    region_tables={"fuel-use": ParameterRow, "new-heating": NewHeatingRow},
    declare=declare,
)
