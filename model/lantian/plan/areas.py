"""Areas that a scenario asks for, held against those of its region."""

from lantian.core.areas import Areas
from lantian.errors import Problems, closest
from lantian.language import message
from lantian.scenario.reader import ReadScenario


def check_no_areas(
    read: ReadScenario, areas: Areas | None, problems: Problems, *path: str | int
) -> bool:
    """Note that areas are asked for where there are none; return whether that is so.

    Parameters
    ----------
    read
        The scenario.
    areas
        Of the region; None if it is not divided.
    problems
        Receives the fault.
    path
        Keys and positions of the part that asks for areas.

    Returns
    -------
    bool
        Whether there are none.
    """
    if areas is None:
        region = read.scenario.region
        problems.add(
            read.place(*path),
            message("the inventory has no areas.")
            if region is None
            else message("region '{region}' has no areas.", region=region),
            fix=message("Fill the column 'area' of the inventory.")
            if region is None
            else message("Add a table areas.csv to its folder in inputs/regions."),
        )
    return areas is None


def check_area_names(
    names: tuple[str, ...], read: ReadScenario, areas: Areas, problems: Problems, *path: str | int
) -> bool:
    """Note names that are no area, each at its place in a list; return whether all are known.

    Parameters
    ----------
    names
        As written.
    read
        The scenario.
    areas
        Of the region.
    problems
        Receives every fault found.
    path
        Keys and positions of the list.

    Returns
    -------
    bool
        Whether all are known.
    """
    for n, name in enumerate(names):
        if name not in areas.names:
            problems.add(
                read.place(*path, n),
                message("'{name}' is not an area.", name=name),
                message("Expected one of {names}.", names=", ".join(areas.names)),
                closest(name, areas.names),
            )
    return set(names) <= set(areas.names)
