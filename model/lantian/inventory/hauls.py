"""How far freight goes, by where it arises and by mode: what makes tonne kilometres of tonnes."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from lantian.parameters import SHARE, Band, Names, QuantityRow, declared

HAULS = "hauls"
"""Name of the table."""
ROAD = "road"
"""Mode of trucks."""
IN_FLEET = {
    f"in-{vehicles}": vehicles
    for vehicles in ("light-truck", "medium-truck", "heavy-truck", "heavy-truck-transit")
}
"""Shares of trucks that the fleet of a region holds too, and its sources that hold them."""


class HaulRow(QuantityRow):
    """A line of ``hauls.csv``: how far the freight of a source goes, and what trucks take.

    ``distance`` inside the region by mode; of the road ``load`` and ``loaded-share`` of trucks,
    their mean ``weight`` and the ``silt`` of the roads; of containers their ``mass`` with cargo.
    ``in-heavy-truck`` and its like are the share of the kilometres of these trucks that
    ``fleet.csv`` counts too, among its heavy trucks: they are taken out there.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "distance": (Band("km", 0.05, 3000.0),),
            "load": (Band("t/vehicle", 0.5, 100.0), Band("TEU/vehicle", 0.2, 4.0)),
            "loaded-share": (Band("", 0.2, 1.0),),
            "weight": (Band("t", 3.0, 60.0),),
            "silt": (Band("g/m2", 0.01, 100.0),),
            "mass": (Band("t/TEU", 1.0, 40.0),),
            **dict.fromkeys(IN_FLEET, SHARE),
        }
    )
    source: Annotated[str, Names("source")]
    mode: Literal["road", "rail", "water", "belt"]
    parameter: Literal[
        "distance", "load", "loaded-share", "weight", "silt", "mass",
        "in-light-truck", "in-medium-truck", "in-heavy-truck", "in-heavy-truck-transit",
    ]  # fmt: skip


def mode_of(technology: str) -> str:
    """Return the mode of a technology: ``rail`` of ``rail-diesel``."""
    return technology.partition("-")[0]


def haul(numbers: Iterable[Any], source: str, parameter: str, *modes: str) -> HaulRow | None:
    """Return a parameter of how freight is carried, as the inventory takes it.

    Parameters
    ----------
    numbers
        All that are taken, such as those of a space.
    source
        Where the freight arises.
    parameter
        Which one.
    modes
        By which it may be carried; any if none is given.

    Returns
    -------
    HaulRow or None
        The row itself, so that it varies with the emissions; None where the source is no freight.
    """
    rows = (n for n in numbers if isinstance(n, HaulRow))
    own = (n for n in rows if (n.source, n.parameter) == (source, parameter))
    return next((n for n in own if not modes or n.mode in modes), None)
