"""What is known of a year without an inventory of it: totals of emissions, observed means."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lantian.errors import Problems
from lantian.indicators import find
from lantian.indicators.tables import AirRow
from lantian.inventory.totals import Reference, TotalRow, reference_total
from lantian.language import Message, message
from lantian.parameters import QuantityTable, ScenarioNumber, Space, units
from lantian.parameters.space import stack
from lantian.scenario.model import Target
from lantian.scenario.reader import ReadScenario

EMISSION = "emission"


@dataclass(frozen=True)
class References:
    """Tables that tell what cuts are relative to where the run has no inventory of the year.

    Attributes
    ----------
    totals
        Of emissions, by year, pollutant and sector.
    observed
        Of indicators, by year.
    told
        What single targets say themselves, by their ids.
    """

    totals: QuantityTable[TotalRow]
    observed: QuantityTable[AirRow]
    told: Mapping[str, Reference] = field(default_factory=dict)

    def of(self, target: Target) -> Reference | None:
        """Return what is known of the year a target is relative to; None if that is nothing.

        Parameters
        ----------
        target
            Relative to a year.

        Returns
        -------
        Reference or None
            In the unit of its indicator. Of single sources, areas, places or months nothing is
            known but what the target itself tells.
        """
        if target.id in self.told:
            return self.told[target.id]
        year = target.relative_to
        part = target.sources or target.areas or target.receptor or target.season
        if not isinstance(year, int) or part:
            return None
        if target.indicator_id == EMISSION:
            return reference_total(self.totals, target.pollutant, year, target.sectors)
        row = self.observed.find(indicator=target.indicator_id, year=year)
        if row is None or row.state != (target.state or row.state):
            return None
        unit = find(target.indicator_id).unit_of(target.subject)
        return Reference(stack([self.observed.taken(row, unit)]), (row,))


def told_by_targets(
    read: ReadScenario, space: Space, problems: Problems
) -> Mapping[str, Reference]:
    """Return what targets themselves say of the year they are relative to, by their ids.

    Parameters
    ----------
    read
        The scenario.
    space
        Holds every number that is taken.
    problems
        Receives numbers in a unit of another kind, and those of years with an inventory.

    Returns
    -------
    Mapping
        In the unit of each indicator.
    """
    found = {}
    for i, target in enumerate(read.scenario.targets):
        if not target.computed or target.earlier is None:
            continue
        place, own = read.place("targets", i, "was"), target.earlier
        if not without_inventory(target, read.scenario.years):
            problems.add(
                place,
                message("the run has an inventory of {year}.", year=target.relative_to),
                fix=message("Take this away: the inventory counts."),
            )
            continue
        unit = find(target.indicator_id).unit_of(target.subject)
        try:
            factor = units.per_year(own.value.unit, unit.removesuffix("/a"))
        except units.UnitError as error:
            problems.add(place, message("{text}.", text=error.args[0]))
            continue
        low, high = ((end or own.value).to(own.value.unit) for end in (own.low, own.high))
        number = ScenarioNumber(
            ("was", target.id), own.value.value, own.value.unit, place, low=low, high=high
        )
        found[target.id] = Reference(stack([space.number(number, factor)]), ())
    return found


def without_inventory(target: Target, years: tuple[int, ...]) -> bool:
    """Tell whether a cut is relative to a year that the run has no inventory of."""
    year = target.relative_to
    return target.computed and isinstance(year, int) and year not in years


def check_references(read: ReadScenario, references: References, problems: Problems) -> None:
    """Note cuts against a year of which neither an inventory nor a total is known.

    Parameters
    ----------
    read
        The scenario.
    references
        Totals, and what was observed.
    problems
        Receives every fault found.
    """
    for i, target in enumerate(read.scenario.targets):
        lacks = without_inventory(target, read.scenario.years) and target.was is None
        if lacks and references.of(target) is None:
            problems.add(
                read.place("targets", i, "relative_to"),
                message("the run has no inventory of {year}.", year=target.relative_to),
                fix=_remedy(target, read.scenario.finished is not None),
            )


def _remedy(target: Target, is_finished: bool) -> Message:
    if is_finished:
        return message("Write what it was in that year beside it, as 'was: 120 t'.")
    if target.activity is not None or target.sources or target.areas:
        return message(
            "Write what it was in that year beside it, as 'was: 120 t'; or add the year to"
            " reference_years and to the region's activity tables."
        )
    if target.indicator_id != EMISSION:
        return message(
            "Write what was observed of it in that year into the region's table air; or add the"
            " year to reference_years and to the region's activity tables."
        )
    return message(
        "Write the total of that year into the region's table totals (year, pollutant, sector);"
        " or add the year to reference_years and to the region's activity tables."
    )
