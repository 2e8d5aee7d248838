"""Tables of the measure catalogue (``inputs/measures``) and of controls (``inputs/controls.csv``).

A measure is rows in these tables and no code. What its kind means in moves between states stands
in :mod:`lantian.measures.compile`.
"""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from lantian.inventory.months import Season
from lantian.language import message
from lantian.parameters import (
    NOT_NEGATIVE,
    Band,
    CalendarYear,
    GoesWith,
    Names,
    Number,
    QuantityRow,
    Row,
    check_size,
    declared,
    or_none,
)
from lantian.parameters.rows import CellError
from lantian.vocabulary import Decides, MeasureKind, Pollutant

AVOIDED = "avoided"
"""``to_technology`` of an activity that no longer takes place."""

CostClass = Literal["priced", "rule", "unpriced"]
Carrier = Literal[
    "electricity",
    "electricity-home",
    "diesel",
    "petrol",
    "gas",
    "gas-home",
    "coal",
    "coal-home",
    "heat",
]
"""What energy is bought as; ``-home``: at the price that households pay."""
Evidence = Literal["price", "per-tonne", "transferred", "judgement"]
"""What a cost rests on: a price found here, a published cost per tonne removed, a figure of another
place or time carried over, or nothing but judgement."""


OF_VEHICLES = (Band("kWh/vehicle/a", 100.0, 1e6), Band("kWh/household/a", 50.0, 1e5))
"""Where energy of one unit plausibly lies; of a unit of the same fuel it is a ratio."""


class MeasureRow(Row):
    """A line of ``catalogue.csv``: one measure.

    ``acts_on`` tells whether it can act on the whole stock or only on new and replaced units.

    ``cost``: ``priced``, with a range however wide; ``rule``, which only makes others do what they
    are bound to do and costs its administration; ``unpriced`` where no defensible figure exists:
    such a measure can be committed by a plan but is never chosen by the optimiser.

    ``sign_open`` marks a priced measure of which nobody can say whether it costs or saves money.
    ``decides`` is who can order it by the kind of the measure: the nation (standards of products
    and fuels), the city (vehicles, large plants, permits, schemes of all districts), the district
    (sites, roads, kitchens, firms, homes); blank where that is not told.
    ``season`` is the first and last month in which it acts (``6-9``): its reach is a share of what
    is done then. Blank: all year.
    """

    measure: str
    kind: MeasureKind
    acts_on: Literal["stock", "new"]
    sector: Annotated[str, Names("sector")]
    cost: CostClass
    sign_open: Literal["yes", "no"] = "no"
    decides: Literal["", Decides] = ""
    season: Season = ""
    source_key: str
    note: str = ""


class AppliesRow(Row):
    """A line of ``applies.csv``: one arc (or family of arcs) of a measure.

    activity
        ``from_technology`` -> ``to_technology`` ``avoided``, or -> ``to_technology`` of
        ``to_source`` (then ``reach.csv`` holds a ``conversion``).
    shift
        ``from_technology`` -> ``to_technology`` of the same source.
    control
        adds ``control`` to ``from_technology`` (blank: to every technology). Controls that share
        a ``group`` on a source exclude each other.
    compliance
        as control, acting after all controls; with ``replaces`` it takes the place of that
        control (the same device, better run).
    """

    measure: Annotated[str, Names("measure")]
    source: Annotated[str, Names("source")]
    from_technology: Annotated[str, Names("technology")] = ""
    to_technology: str = ""
    to_source: Annotated[str, Names("source")] = ""
    control: Annotated[str, Names("control")] = ""
    replaces: Annotated[str, Names("control")] = ""
    group: str = ""


class ReachRow(QuantityRow):
    """A line of ``reach.csv``.

    ``reach`` [share] is the largest share of the eligible activity; ``conversion`` [to-unit per
    from-unit] belongs to a move between sources. A blank ``source`` holds for all of a measure's.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "reach": (Band("", 0.002, 1.0),),
            "conversion": (
                Band("m3/t", 30.0, 20000.0),
                Band("person*km/vehicle", 500.0, 300000.0),
                *NOT_NEGATIVE,
            ),
        }
    )
    measure: Annotated[str, Names("measure")]
    source: Annotated[str, Names("source")] = ""
    parameter: Literal["reach", "conversion"]


PAID = ("capital", "fixed", "variable", "per-tonne")
"""Items of a cost that are money spent: one factor may be on all of them."""


class CostRow(QuantityRow):
    """A line of ``costs.csv``.

    ``capital`` [yuan per activity unit], ``fixed``, ``variable`` and ``savings`` [yuan per
    activity unit and year], ``life`` [a]. ``energy-used`` and ``energy-saved`` [kWh, l, m3, t or GJ
    of ``carrier`` per activity unit and year] are amounts, paid for at ``energy_prices.csv``.
    ``per-tonne`` [yuan per t] is paid for each tonne of ``pollutant`` that the measure itself
    removes. ``transfer`` marks a subsidy: money that changes hands, reported but never part of the
    cost to society. ``evidence`` says what the number rests on and is no key.

    With ``at_size`` (``35 MW``) money is that of a plant of this size; another size costs
    ``(size / at_size) ** exponent`` times as much as a whole. They are no keys either.
    """

    told_by = "item"
    may_gain = True
    plausible = declared(
        {
            "life": (Band("a", 0.5, 200.0),),
            "energy-saved": (Band("1/a", 0.01, 10.0), *OF_VEHICLES, *NOT_NEGATIVE),
            "energy-used": (Band("1/a", 1e-4, 10.0), *OF_VEHICLES, *NOT_NEGATIVE),
            "": NOT_NEGATIVE,
        }
    )
    measure: Annotated[str, Names("measure")]
    source: Annotated[str, Names("source")] = ""
    item: Literal[
        "capital",
        "fixed",
        "variable",
        "savings",
        "life",
        "energy-used",
        "energy-saved",
        "per-tonne",
    ]
    pollutant: Literal["", Pollutant] = ""
    carrier: Literal["", Carrier] = ""
    currency_year: CalendarYear | None = None
    transfer: Literal["yes", "no"] = "no"
    evidence: Evidence = "judgement"
    at_size: str = ""
    exponent: Number | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.at_size) != (self.exponent is not None):
            raise CellError("at_size", message("at_size and exponent go together"))
        if (self.item == "per-tonne") != bool(self.pollutant):
            said = message("a cost per tonne names its pollutant, and no other cost does")
            raise CellError("pollutant", said)
        if self.at_size:
            check_size(self.at_size, "at_size")
        return self

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the names of the key columns."""
        names = super().keys()
        return tuple(name for name in names if name not in ("evidence", "at_size", "exponent"))

    @property
    def sort(self) -> tuple[str, str]:
        """The item; all that is paid is one."""
        return "item", PAID[0] if self.item in PAID else self.item


class SizeRow(QuantityRow):
    """A line of ``regions/<region>/sizes.csv``: the size of a source's plants, such as 70 MW."""

    source: Annotated[str, Names("source")]


class EnergyPriceRow(QuantityRow):
    """A line of ``energy_prices.csv``: what a carrier costs in the money of a year."""

    told_by = "carrier"
    plausible = declared(
        {
            "electricity": (Band("yuan/kWh", 0.05, 20.0),),
            "electricity-home": (Band("yuan/kWh", 0.05, 20.0),),
            "diesel": (Band("yuan/l", 0.3, 100.0),),
            "petrol": (Band("yuan/l", 0.3, 100.0),),
            "gas": (Band("yuan/m3", 0.1, 100.0),),
            "gas-home": (Band("yuan/m3", 0.1, 100.0),),
            "coal": (Band("yuan/t", 20.0, 20000.0),),
            "coal-home": (Band("yuan/t", 20.0, 20000.0),),
            "heat": (Band("yuan/GJ", 1.0, 2000.0),),
        }
    )
    carrier: Carrier
    year: CalendarYear


class VehiclePriceRow(QuantityRow):
    """A line of ``vehicle_prices.csv``: a new vehicle or machine in the money of a year.

    ``vehicle`` is its class, which several sources may share.
    """

    plausible = declared(
        {
            "": (
                Band("yuan/vehicle", 3000.0, 30000000.0),
                Band("yuan/machine", 3000.0, 30000000.0),
            ),
        }
    )
    vehicle: str
    technology: str
    year: CalendarYear


class ReplacementRow(QuantityRow):
    """A line of ``replacements.csv``: what a measure buys on a source, in place of capital rows.

    ``bought`` and ``instead_of`` are technologies or fuels of a class ``vehicle``; a fuel is bought
    with the standard that is on sale in the year. The value is the age [a] at which ``instead_of``
    is sold: 0 where a new one is not bought. A blank ``instead_of`` is worth nothing: it is
    scrapped.
    """

    plausible = declared(
        {
            "": or_none(Band("a", 0.1, 60.0)),
        }
    )
    measure: Annotated[str, Names("measure")]
    source: Annotated[str, Names("source")]
    vehicle: Annotated[str, Names("vehicle")]
    bought: str
    instead_of: str = ""


class CostCheckRow(QuantityRow):
    """A line of ``cost_checks.csv``: a published cost per tonne removed [yuan per t].

    It is charged to one pollutant alone; a blank ``source`` holds for all of a measure's;
    ``region`` is where it was found.
    """

    plausible = declared(
        {
            "": (Band("yuan/t", 100.0, 3e6), Band("yuan/t", -3e6, -10.0)),
        }
    )
    measure: Annotated[str, Names("measure")]
    source: Annotated[str, Names("source")] = ""
    pollutant: Pollutant
    region: str
    currency_year: CalendarYear


class ControlRow(QuantityRow):
    """A line of ``controls.csv``.

    ``efficiency`` [share] is the removal of a pollutant while the control works;
    ``rule_effectiveness`` [share, blank pollutant] the share of time and sites where it does.
    Pollutants without a row are not affected.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "efficiency": or_none(Band("", 0.001, 1.0), Band("", -1.0, -0.001)),
            "rule_effectiveness": (Band("", 0.02, 1.0),),
        }
    )
    goes_with = declared({"pollutant": GoesWith("parameter", ("efficiency",))})
    control: str
    pollutant: Literal["", Pollutant] = ""
    parameter: Literal["efficiency", "rule_effectiveness"]
