"""What the technologies of road vehicles are."""

from collections.abc import Iterator

from lantian.inventory.sectors.on_road.vehicles import FLEETS, group_of
from lantian.results.contract import VEHICLES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(VEHICLES)
def vehicles(run: Run) -> Data | None:
    """Group, fuel and standard of each technology of the vehicles that the run has."""
    here = [source for source in run.study.system.sources.id if source in FLEETS]
    return [row for source in here for row in _kinds(source)] or None


def _kinds(source: str) -> Iterator[dict[str, str]]:
    for power in FLEETS[source]:
        for technology, standard in power.standard_of.items():
            yield {
                "source": source,
                "technology": technology,
                "group": group_of(source),
                "fuel": power.fuel,
                "standard": standard,
            }
