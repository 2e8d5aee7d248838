"""Tables of the measure catalogue (``inputs/measures``) and of controls (``inputs/controls.csv``).

A measure is rows in these tables and no code. What its kind means in moves between states stands
in :mod:`lantian.measures.compile`.
"""

from typing import Literal

from lantian.parameters import QuantityRow, Row
from lantian.vocabulary import MeasureKind, Pollutant

AVOIDED = "avoided"
"""``to_technology`` of an activity that no longer takes place."""


class MeasureRow(Row):
    """A line of ``catalogue.csv``: one measure.

    ``acts_on`` tells whether it can act on the whole stock or only on new and replaced units.
    ``cost`` is ``unknown`` where no defensible figure exists: such a measure can be committed by
    a plan but is never chosen by the optimiser.
    """

    measure: str
    kind: MeasureKind
    acts_on: Literal["stock", "new"]
    sector: str
    cost: Literal["known", "unknown"]
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

    measure: str
    source: str
    from_technology: str = ""
    to_technology: str = ""
    to_source: str = ""
    control: str = ""
    replaces: str = ""
    group: str = ""


class ReachRow(QuantityRow):
    """A line of ``reach.csv``.

    ``reach`` [share] is the largest share of the eligible activity; ``conversion`` [to-unit per
    from-unit] belongs to a move between sources. A blank ``source`` holds for all of a measure's.
    """

    measure: str
    source: str = ""
    parameter: Literal["reach", "conversion"]


class CostRow(QuantityRow):
    """A line of ``costs.csv``.

    ``capital`` [yuan per activity unit], ``fixed``, ``variable`` and ``savings`` [yuan per
    activity unit and year], ``life`` [a]. ``transfer`` marks a subsidy: money that changes hands,
    reported but never part of the cost to society.
    """

    measure: str
    source: str = ""
    item: Literal["capital", "fixed", "variable", "savings", "life"]
    currency_year: int | None = None
    transfer: Literal["yes", "no"] = "no"


class ControlRow(QuantityRow):
    """A line of ``controls.csv``.

    ``efficiency`` [share] is the removal of a pollutant while the control works;
    ``rule_effectiveness`` [share, blank pollutant] the share of time and sites where it does.
    Pollutants without a row are not affected.
    """

    control: str
    pollutant: Pollutant | Literal[""] = ""
    parameter: Literal["efficiency", "rule_effectiveness"]
