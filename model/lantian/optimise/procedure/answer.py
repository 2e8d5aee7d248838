"""What the least-cost procedure answers, as data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from lantian.core.system import Array
from lantian.names import Name
from lantian.optimise.solve.check import Residuals
from lantian.optimise.solve.proof import Proof
from lantian.optimise.solve.solved import Solved
from lantian.vocabulary import Family

MOST_SHARE = 100.0
"""Multiples of the needed reductions [1] beyond which the joint share is not sought."""
EXIT_OUT_OF_REACH = 3
"""Exit code of the command line when a target cannot be reached."""


@dataclass(frozen=True)
class BindingLimit:
    """A limit that keeps a target from being reached.

    Attributes
    ----------
    family
        ``reach`` (a measure's reach at a source), ``states`` (activity there is) or one of the
        planner's limits.
    name
        What the limit is about.
    gain
        Target units gained per unit of activity by which the limit is widened; share of the
        needed reductions where the limit binds all targets jointly.
    worth
        ``gain`` times the limit: what the target would gain if the limit doubled.
    """

    family: Family
    name: Name
    gain: float
    worth: float


@dataclass(frozen=True)
class Diagnosis:
    """Why targets are out of reach, and the cheapest relaxation.

    Attributes
    ----------
    alone
        Positions of the targets that no mix reaches even if it is the only one asked for.
    gap
        By how much each limit is missed at least, dims (target,) [target unit]: the smallest sum
        of excesses in shares of the needed reductions, of these the cheapest.
    excess
        By how much each limit was relaxed, dims (target,) [target unit]: the gap, and the margin
        of what is possible.
    margin
        Share of the possible reduction that is not asked for, as its last part has no sane price.
    binding
        Limits that bind, by position of the target out of reach; under None if only the combination
        is.
    unpriced
        Positions of the moves that would bring a target out of reach further down and are left out
        or held for want of a price, by position of the target.
    """

    alone: tuple[int, ...]
    gap: Array
    excess: Array
    margin: float
    binding: Mapping[int | None, tuple[BindingLimit, ...]]
    unpriced: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def held_by(self, target: int) -> tuple[BindingLimit, ...]:
        """Return the limits that hold a target, or all of them together."""
        return self.binding.get(target) or self.binding.get(None, ())


@dataclass(frozen=True)
class TargetResult:
    """One target in the least-cost mix. Values in the target's unit, prices in ``price_unit``.

    Attributes
    ----------
    baseline, limit, value
        Without the chosen measures, allowed, and in the mix.
    max_feasible
        Lowest value any mix reaches if this is the only target.
    slack
        ``limit - value``; negative where the limit is exceeded.
    shadow_price
        Positive: what one more unit of reduction costs. The price of tightening, or of loosening
        if nothing tighter is possible; 0 where the limit does not bind.
    price_tighter, price_looser
        Cost of the next unit and saving of the last; they differ where the curve has a kink.
        ``price_tighter`` is infinite at the end of what is feasible.
    marginal
        Positions of the moves whose uptake changes with the limit, largest part in it first.
    excess_price
        What an excess costs where the target is soft; infinite where it is hard.
    """

    id: str
    unit: str
    price_unit: str
    baseline: float
    limit: float
    value: float
    max_feasible: float
    met: bool
    binding: bool
    slack: float
    shadow_price: float
    price_tighter: float
    price_looser: float
    marginal: tuple[int, ...]
    excess_price: float = math.inf

    @property
    def excess(self) -> float:
        """By how much the mix is above the limit; rounding aside."""
        return 0.0 if self.met else max(self.value - self.limit, 0.0)

    @property
    def excess_cost(self) -> float:
        """What the excess of a soft target costs [currency/a]; 0 where the target is hard."""
        return self.excess * self.excess_price if math.isfinite(self.excess_price) else 0.0


@dataclass(frozen=True)
class UnitCount:
    """How many whole units of a measure stand on a source.

    Attributes
    ----------
    group
        Position of the group.
    number, size
        Number of units, and size of one [activity unit].
    year
        Calendar year, where several are one problem.
    """

    group: int
    number: int
    size: float
    year: int | None = None


@dataclass(frozen=True)
class WholeMix:
    """A mix in whole units beside its linear bound.

    Attributes
    ----------
    linear_cost, cost
        Of the linear program and of the mix [currency/a], with the price of excess.
    gap
        How far the linear bound lies below the mix [1, of the larger of the two costs].
    unproven
        How far below the mix a cheaper one could still lie [1]: 0 where the search was complete.
    units
        Number of units of every group that comes whole.
    of_all_years
        Whether the costs are those of all years of a pathway together, discounted [currency].
    """

    linear_cost: float
    cost: float
    gap: float
    unproven: float
    units: tuple[UnitCount, ...]
    of_all_years: bool = False


@dataclass(frozen=True)
class LeastCostResult:
    """Answer of the least-cost procedure.

    Attributes
    ----------
    uptake
        [activity unit], dims (move,).
    cost
        Of the moves of known cost [currency/a].
    joint_share
        Largest share of all needed reductions that can be had at once, at most
        :data:`MOST_SHARE`; 1 or more: all targets can be met; infinite if none is needed; NaN if
        even none of it is possible.
    several_optima
        Whether other mixes cost the same; the one reported is chosen by name.
    solves, worst
        How many programs were solved, and the largest residuals of any of them.
    unknown_cost
        Positions of the groups whose cost is unknown.
    solved, proof
        The program whose optimum this is, and what proves it: of all years of a pathway with
        foresight together; where measures come in whole units, ``proof`` is that of the linear
        bound.
    whole
        Where measures come in whole units: the linear bound and the numbers of units.
    given_up
        Without foresight: positions of the groups of which less stands than in the year before,
        because it cannot be kept.
    reprojection_gap
        Largest relative difference between target values of the program and of the projection.
    diagnosis
        Present if a target is out of reach; the mix then belongs to the relaxed limits.
    """

    uptake: Array
    cost: float
    targets: tuple[TargetResult, ...]
    joint_share: float
    several_optima: bool
    reprojection_gap: float
    diagnosis: Diagnosis | None
    unknown_cost: tuple[int, ...]
    duals: dict[Family, Array]
    reduced_cost: Array
    residuals: Residuals
    iterations: int
    restarts: int
    solves: int
    worst: Residuals
    solved: Solved = field(repr=False)
    proof: Proof
    currency: str = "yuan"
    given_up: tuple[int, ...] = ()
    whole: WholeMix | None = None

    @property
    def penalty(self) -> float:
        """What the excess of soft targets costs [currency/a]; not part of ``cost``."""
        return math.fsum(t.excess_cost for t in self.targets)

    def is_beyond(self, target: int) -> bool:
        """Tell whether no mix reaches a target, even if it is the only one asked for."""
        return self.diagnosis is not None and target in self.diagnosis.alone

    def held_by(self, target: int) -> tuple[BindingLimit, ...]:
        """Return the limits that hold a target; none if only targets of several rows do."""
        return () if self.diagnosis is None else self.diagnosis.held_by(target)

    @property
    def exit_code(self) -> int:
        """0, or the distinct code of targets out of reach."""
        return 0 if self.diagnosis is None else EXIT_OUT_OF_REACH
