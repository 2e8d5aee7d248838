"""Coal in homes and boilers, and natural gas in boilers and homes.

Sulphur dioxide and particles of coal boilers come from the mass balance of the coal; nitrogen
oxides of low-NOx gas boilers and of household heaters from the limit they must keep; everything
else is a factor per unit of fuel.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from lantian.inventory.contract import (
    ActivityStates,
    Array,
    Sector,
    SectorBlock,
    SectorInputs,
    Source,
    Use,
    activity_states,
    factor_array,
    no_vintages,
    pollutant_index,
)
from lantian.inventory.tabulated import FactorRow
from lantian.language import message
from lantian.parameters import QuantityRow, QuantityTable
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

    source: str
    technology: str
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

    source: str
    technology: str
    year: int


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


class _Terms:
    """Fetches the terms of one factor and remembers the rows it rests on."""

    def __init__(self, inputs: SectorInputs, source: str, technology: str) -> None:
        self.inputs = inputs
        self.keys = {"source": source, "technology": technology}
        self.rows: list[QuantityRow] = []

    def _from(self, table: QuantityTable[QuantityRow], unit: str, **keys: str) -> float:
        row = table.row(**self.keys, **keys)
        if row is None:
            return float("nan")
        self.rows.append(row)
        return table.in_unit(row, unit)

    def factor(self, pollutant: Pollutant, unit: str) -> float:
        return self._from(self.inputs.factors["coal-gas"], unit, pollutant=pollutant)

    def parameter(self, name: str, unit: str = "1") -> float:
        return self._from(self.inputs.factors["combustion"], unit, parameter=name)

    def local(self, name: str, unit: str = "1") -> float:
        return self._from(self.inputs.region["fuel-use"], unit, parameter=name)


def _coal_boiler(terms: _Terms, pollutant: Pollutant) -> float:
    if pollutant == "SO2":
        return float(
            so2_mass_balance(1, terms.local("sulphur"), 1 - terms.parameter("sulphur-released"))
        )
    if pollutant in SIZE_SHARES or pollutant == "TSP":
        share = terms.parameter(SIZE_SHARES[pollutant]) if pollutant in SIZE_SHARES else 1.0
        return float(pm_mass_balance(1, terms.local("ash"), 1 - terms.parameter("fly-ash"), share))
    return terms.factor(pollutant, "t/t")


def _gas_boiler(terms: _Terms, pollutant: Pollutant) -> float:
    if pollutant == "NOx" and terms.keys["technology"] in LIMITED:
        return float(
            nox_at_limit(
                terms.parameter("nox-limit", "t/m3"),
                terms.parameter("flue-gas"),
                terms.parameter("share-of-limit"),
            )
        )
    return terms.factor(pollutant, "t/m3")


def _gas_heater(terms: _Terms, pollutant: Pollutant) -> float:
    gas = terms.local("gas-use", "m3/household")
    if pollutant != "NOx":
        return float(emission(gas, terms.factor(pollutant, "t/m3")))
    heat = emission(gas, terms.parameter("heating-value", "kWh/m3"))
    limit = terms.parameter("nox-limit", "t/kWh") * terms.parameter("share-of-limit")
    return float(emission(heat, limit))


def _heated(terms: _Terms, pollutant: Pollutant, unit: str) -> float:
    """Return the factor of a home or a heated floor: its fuel times the factor of the fuel."""
    if terms.keys["technology"] in FUELLED_BY_GAS:
        return float(
            emission(terms.local("gas-use", f"m3/{unit}"), terms.factor(pollutant, "t/m3"))
        )
    return float(emission(terms.local("coal-use", f"t/{unit}"), terms.factor(pollutant, "t/t")))


def _factor(terms: _Terms, pollutant: Pollutant) -> float:
    """Return the factor before the control [t/activity unit]."""
    match terms.keys["source"]:
        case "coal-boiler":
            return _coal_boiler(terms, pollutant)
        case "gas-boiler":
            return _gas_boiler(terms, pollutant)
        case "gas-heater":
            return _gas_heater(terms, pollutant)
        case "rural-home":
            return _heated(terms, pollutant, "household")
        case "town-heating":
            return _heated(terms, pollutant, "m2")
        case source:
            return terms.factor(pollutant, f"t/({SECTOR.source(source).unit})")


def build(inputs: SectorInputs) -> SectorBlock:
    """Return the states of coal and gas burning.

    References
    ----------
    T/CSES 144-2024, equation 2 and annexes D and E.
    """
    states = activity_states(SECTOR, inputs)
    names = list(zip(states.source, states.technology, strict=True))
    ef = factor_array(len(names), len(inputs.years))
    uses = list(states.uses)
    for name in dict.fromkeys(names):
        members = tuple(s for s, other in enumerate(names) if other == name)
        for pollutant, p in zip(SECTOR.pollutants, pollutant_index(SECTOR.pollutants), strict=True):
            terms = _Terms(inputs, *name)
            ef[list(members), p, :] = _factor(terms, pollutant)
            uses += [Use(row, members, (pollutant,)) for row in terms.rows]
    recent, new_uses = _recent(states, inputs)
    return SectorBlock(
        states.source,
        states.technology,
        states.control,
        states.activity,
        ef,
        recent,
        (*uses, *new_uses),
    )


def _recent(states: ActivityStates, inputs: SectorInputs) -> tuple[Array, list[Use]]:
    """Return how much of each activity came into use since each year, and the rows behind it.

    A year without a row of its own takes the latest earlier one; before the first row nothing is
    new. New units run without a control package and outlive the years of the model.
    """
    recent = no_vintages(len(states.source), len(inputs.years))
    table = inputs.region["new-heating"]
    names = list(zip(states.source, states.technology, states.control, strict=True))
    series: dict[int, dict[int, QuantityRow]] = {}
    for row in table.rows:
        if isinstance(row, NewHeatingRow):
            name = (row.source, row.technology, "")
            if name in names:
                series.setdefault(names.index(name), {})[row.year] = row
            else:
                inputs.problems.add(
                    row.place,
                    message(
                        "no activity row of source '{source}', technology '{technology}' without a "
                        "control.",
                        source=row.source,
                        technology=row.technology,
                    ),
                )
    for s, rows in series.items():
        new = _yearly(rows, table, SECTOR.source(states.source[s]).unit, inputs.years)
        upto = np.cumsum(new)
        since = upto[np.newaxis, :] - (upto - new)[:, np.newaxis]
        recent[s] = np.minimum(np.triu(since), states.activity[s][np.newaxis, :])
    return recent, [Use(row, (s,)) for s, rows in series.items() for row in rows.values()]


def _yearly(
    rows: dict[int, QuantityRow],
    table: QuantityTable[QuantityRow],
    unit: str,
    years: tuple[int, ...],
) -> Array:
    passed = [[given for given in rows if given <= year] for year in years]
    return np.array([table.in_unit(rows[max(given)], unit) if given else 0.0 for given in passed])


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
    "SO2": (1e-6, 5e-2),
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
    build=build,
)
