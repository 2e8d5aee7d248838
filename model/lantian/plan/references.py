"""What is known of a year without an inventory of it: totals of emissions, observed means."""

from dataclasses import dataclass

from lantian.errors import Problems
from lantian.indicators import find
from lantian.indicators.tables import AirRow
from lantian.inventory.totals import Reference, TotalRow, reference_total
from lantian.language import Message, message
from lantian.parameters import QuantityTable
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
    """

    totals: QuantityTable[TotalRow]
    observed: QuantityTable[AirRow]

    def of(self, target: Target) -> Reference | None:
        """Return what is known of the year a target is relative to; None if that is nothing.

        Parameters
        ----------
        target
            Relative to a year.

        Returns
        -------
        Reference or None
            In the unit of its indicator. Of single sources, areas or places nothing is known.
        """
        year = target.relative_to
        if not isinstance(year, int) or target.sources or target.areas or target.receptor:
            return None
        if target.indicator_id == EMISSION:
            return reference_total(self.totals, target.pollutant, year, target.sectors)
        row = self.observed.find(indicator=target.indicator_id, year=year)
        if row is None or row.state != (target.state or row.state):
            return None
        unit = find(target.indicator_id).unit_of(target.subject)
        return Reference(stack([self.observed.taken(row, unit)]), (row,))


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
        if without_inventory(target, read.scenario.years) and references.of(target) is None:
            problems.add(
                read.place("targets", i, "relative_to"),
                message("the run has no inventory of {year}.", year=target.relative_to),
                fix=_remedy(target),
            )


def _remedy(target: Target) -> Message:
    if target.indicator_id != EMISSION:
        return message(
            "Write what was observed of it in that year into the region's table air; or add the"
            " year to reference_years and to the region's activity tables."
        )
    if target.sources or target.areas:
        return message("Add it to reference_years and to the region's activity tables.")
    return message(
        "Write the total of that year into the region's table totals (year, pollutant, sector);"
        " or add the year to reference_years and to the region's activity tables."
    )
