"""Restaurants by size and state of their purifier, and open-air barbecue."""

from typing import Literal

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
from lantian.parameters import QuantityRow
from lantian.vocabulary import Pollutant

CONCENTRATION = "catering-concentration"
EXHAUST = "catering-exhaust"
PURIFIERS = ("none", "poorly-kept", "standard", "high-efficiency")


class ConcentrationRow(QuantityRow):
    """A line of ``catering-concentration.csv``: exhaust concentration as let out."""

    technology: str
    pollutant: Pollutant


class ExhaustRow(QuantityRow):
    """A line of ``catering-exhaust.csv``: flow [m3/h] and hours per year [h] of an outlet."""

    source: str
    parameter: Literal["flow", "hours"]


def exhaust_emission(concentration: Array, flow: Array, hours: Array) -> Array:
    """Return the emission of an outlet in a year by the exhaust-volume method.

    Parameters
    ----------
    concentration
        Of the exhaust as let out [t/m3].
    flow
        Exhaust flow of an outlet while cooking [m3/h].
    hours
        Cooking hours in a year [h].

    Returns
    -------
    Array
        Emission of an outlet [t].

    References
    ----------
    T/CSES 144-2024, equation 1: ``E = C * Q * T``, there in mg/m3, m3/h and h times 1e-6.
    """
    return concentration * flow * hours


def build(inputs: SectorInputs) -> SectorBlock:
    """Return outlets and emission per outlet; concentrations already include the purifier."""
    states = activity_states(SECTOR, inputs)
    uses = list(states.uses)
    volume = _exhaust(states, inputs, uses)
    ef = factor_array(len(states.source), len(inputs.years))
    for pollutant, p in zip(SECTOR.pollutants, pollutant_index(SECTOR.pollutants), strict=True):
        concentration = _concentration(states, pollutant, inputs, uses)
        ef[:, p, :] = exhaust_emission(concentration, volume["flow"], volume["hours"])[:, None]
    return SectorBlock(
        states.source,
        states.technology,
        states.control,
        states.activity,
        ef,
        no_vintages(len(states.source), len(inputs.years)),
        tuple(uses),
    )


def _members(names: tuple[str, ...], name: str) -> tuple[int, ...]:
    return tuple(s for s, found in enumerate(names) if found == name)


def _exhaust(states: ActivityStates, inputs: SectorInputs, uses: list[Use]) -> dict[str, Array]:
    table = inputs.region[EXHAUST]
    found = {name: _empty(states) for name in ("flow", "hours")}
    for source in dict.fromkeys(states.source):
        members = _members(states.source, source)
        for parameter, unit in (("flow", "m3/h"), ("hours", "h")):
            row = table.row(source=source, parameter=parameter)
            if row is not None:
                found[parameter][list(members)] = table.in_unit(row, unit)
                uses.append(Use(row, members, SECTOR.pollutants))
    return found


def _concentration(
    states: ActivityStates, pollutant: Pollutant, inputs: SectorInputs, uses: list[Use]
) -> Array:
    table = inputs.factors[CONCENTRATION]
    found = _empty(states)
    for technology in dict.fromkeys(states.technology):
        members = _members(states.technology, technology)
        row = table.row(technology=technology, pollutant=pollutant)
        if row is not None:
            found[list(members)] = table.in_unit(row, "t/m3")
            uses.append(Use(row, members, (pollutant,)))
    return found


def _empty(states: ActivityStates) -> Array:
    return factor_array(len(states.source), 1)[:, 0, 0]


SECTOR = Sector(
    id="catering",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 1",
    sources=(
        Source(
            "restaurant-large",
            "outlet",
            PURIFIERS,
            "living",
            "catering-trade",
            {"VOC": (0.005, 5.0), "PM2.5": (0.003, 4.0), "PM10": (0.003, 5.0), "TSP": (0.003, 6.0)},
        ),
        Source(
            "restaurant-medium",
            "outlet",
            PURIFIERS,
            "living",
            "catering-trade",
            {"VOC": (0.003, 3.0), "PM2.5": (0.001, 2.0), "PM10": (0.001, 2.5), "TSP": (0.001, 3.0)},
        ),
        Source(
            "restaurant-small",
            "outlet",
            PURIFIERS,
            "living",
            "catering-trade",
            {
                "VOC": (0.001, 1.5),
                "PM2.5": (0.0005, 1.0),
                "PM10": (0.0005, 1.2),
                "TSP": (0.0005, 1.5),
            },
        ),
        Source(
            "barbecue",
            "outlet",
            ("open-air",),
            "living",
            "catering-trade",
            {"VOC": (0.002, 0.5), "PM2.5": (0.005, 1.0), "PM10": (0.005, 1.2), "TSP": (0.005, 1.5)},
        ),
    ),
    pollutants=("VOC", "PM2.5", "PM10", "TSP"),
    factor_tables={CONCENTRATION: ConcentrationRow},
    region_tables={EXHAUST: ExhaustRow},
    build=build,
)
