"""Years coupled: one program over all projection years, of which one year is the special case.

    min  sum_y d[y] * cost . u[:, y]
    s.t. the blocks of every year
         build-up   0 <= built[g, y] <= ramp * eligible[g, y]

``u`` is what stands in a year. What is *built* is that, less what still stands of earlier years:
with r the part of the eligible activity that goes on from one year to the next (equipment leaves
with the activity it sits on) and L the life of the investment,

    built[y] = u[y] - r[y] u[y-1] + (r[y] ... r[y-L+1]) built[y-L]

so nothing is given up before its time, and nothing stands longer than its life unless built anew.
With foresight all years are solved at once; without (``myopic``) one after the other, each bound
to what stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.rounds import ratio
from lantian.core.system import Array, System, eligible_activity
from lantian.names import (
    Name,
    YearName,
    group_name,
    group_names,
    joined,
    listed,
    of_ids,
    undated,
)
from lantian.optimise.problem.coefficients import (
    LeastCost,
    Rows,
    Targets,
    Variables,
    make_rows,
)
from lantian.optimise.problem.contradictions import require_consistent, require_total_budget
from lantian.optimise.problem.planner_limits import group_totals, known_cost
from lantian.optimise.procedure.answer import Diagnosis, LeastCostResult, WholeMix
from lantian.optimise.procedure.least_cost import (
    answer_problem,
    reprojection_gap,
    unknown_groups,
)
from lantian.optimise.procedure.whole import WholeGroups, beside, count_units, least_cost_whole
from lantian.optimise.solve.highs import Options
from lantian.optimise.status import InfeasibleError
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Family, Foresight, Interface

Block = Callable[[int], LeastCost]
"""The coefficient blocks of a year, by its position."""


@dataclass(frozen=True)
class Coupling:
    """How years hang together.

    Attributes
    ----------
    ramp
        Most that is built in a year, share of the eligible activity [1].
    foresight
        ``perfect`` or ``myopic``.
    rate
        Discount rate [1/a].
    life
        Of the investment in each group [a]; infinite where it has none, dims (group,).
    budget
        Most that all years may cost together, not discounted [currency].
    """

    ramp: float
    foresight: Foresight
    rate: float
    life: Array
    budget: float = np.inf


def least_cost_pathway(
    system: System,
    years: Sequence[int],
    targets: dict[int, Targets],
    *,
    coupling: Coupling,
    block: Block,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    interface: Interface = "highs",
    whole: WholeGroups | None = None,
) -> dict[int, LeastCostResult]:
    """Return the cheapest mix of every year such that the years can follow one another.

    Parameters
    ----------
    system
        Its eligible activity of every year says what goes on standing.
    years
        Positions of consecutive years; nothing stands before the first.
    targets
        By year position.
    coupling
        Ramp, foresight, discount rate, lives and total budget.
    block
        Returns the blocks of a year, with the planner's limits.
    options, currency, margin, interface
        As for :func:`lantian.optimise.procedure.least_cost.least_cost`.
    whole
        Groups of which whole units stand in every year.

    Returns
    -------
    dict
        By year position. Costs are those of the year, not discounted. A shadow price is what one
        more unit in that year costs in all years together, in money of that year.

    Raises
    ------
    NoSolutionError
        As :func:`lantian.optimise.procedure.least_cost.least_cost`, or the limits of a year
        contradict each other.
    """
    blocks = [block(y) for y in years]
    for one in blocks:
        require_consistent(system, one)
    require_total_budget(blocks, coupling.budget, currency)
    build = _BuildUp(system, list(years), coupling, blocks)

    def solve(problem: LeastCost, asked: Sequence[int]) -> LeastCostResult:
        """Answer one problem about some years, at their positions."""
        if whole is None:
            return answer_problem(problem, options, currency, margin, interface)
        parts = [count_units(whole, system, y) for y in asked]
        counters = beside(parts, [system.years[y] for y in asked])
        return least_cost_whole(problem, counters, options, currency, margin, interface)

    if coupling.foresight == "perfect":
        every = solve(_stacked(system, blocks, build, coupling), years)
        answers = [_of_year(every, blocks, k, build.discount) for k in range(len(blocks))]
    else:
        answers = _one_by_one(blocks, build, solve)
    return {
        y: _judged(system, y, targets[y], one, answer)
        for y, one, answer in zip(years, blocks, answers, strict=True)
    }


def discount_factors(years: Sequence[int], rate: float) -> Array:
    """Return the weight of each calendar year, 1 in the first.

    Parameters
    ----------
    years
        Calendar years.
    rate
        Discount rate [1/a].

    Returns
    -------
    Array
        ``(1 + rate)^-(year - first year)`` [1], dims (year,).
    """
    return (1.0 + rate) ** -(np.asarray(years, float) - years[0])


class _BuildUp:
    """What is built in each year, as linear functions of what stands in each year."""

    def __init__(
        self, system: System, years: list[int], coupling: Coupling, blocks: list[LeastCost]
    ) -> None:
        self.system, self.years, self.budget = system, years, coupling.budget
        self.discount = discount_factors([system.years[y] for y in years], coupling.rate)
        self.eligible = eligible_activity(system)[:, years]
        # Where activity grows, what stood goes on standing; where it shrinks, equipment leaves with
        # it in proportion.
        before = np.c_[np.zeros(len(self.eligible)), self.eligible[:, :-1]]
        self.stays = np.minimum(ratio(self.eligible, before), 1.0)
        self.room = coupling.ramp * self.eligible
        self.life = np.maximum(np.where(np.isfinite(coupling.life), np.round(coupling.life), 0), 0)
        self.coefficient = self._coefficients()
        # What is held at the plan's level is not built by choice: it keeps to no ramp.
        held = np.isin(np.arange(len(system.groups)), system.moves.group[blocks[0].variables.fixed])
        self.groups = np.flatnonzero(~held & (system.groups.reach > 0))
        # A plan taken as a floor may build faster, or give up: the limits make way for it.
        floor = np.array([group_totals(system, b.variables.lower) for b in blocks]).T
        planned = np.einsum("gyk,gk->gy", self.coefficient, floor)
        self.least = np.minimum(planned, 0.0)
        self.most = np.maximum(self.room, planned)

    def _coefficients(self) -> Array:
        """``built[g, y] = sum_k coefficient[g, y, k] * u[g, k]``."""
        n, years = self.eligible.shape
        built = np.zeros((n, years, years))
        for y in range(years):
            built[:, y, y] = 1.0
            if y:
                built[:, y, y - 1] -= self.stays[:, y]
            for g in np.flatnonzero((self.life > 0) & (self.life <= y)):
                first = y - int(self.life[g])
                built[g, y] += self.stays[g, first + 1 : y + 1].prod() * built[g, first]
        return built

    def rows(self, sizes: list[int]) -> Rows:
        """Return the rows that couple all years."""
        order = np.argsort(self.system.moves.group, kind="stable")
        count = np.bincount(self.system.moves.group, minlength=len(self.system.groups))
        members = np.split(order, np.cumsum(count)[:-1])
        offset = np.cumsum([0, *sizes])
        row, column, value = [], [], []
        names: list[Name] = []
        for y in range(len(self.years)):
            for g in self.groups:
                own = members[g]
                for k in np.flatnonzero(self.coefficient[g, y]):
                    row.append(np.full(len(own), len(names)))
                    column.append(own + offset[k])
                    value.append(np.full(len(own), self.coefficient[g, y, k]))
                year = self.system.years[self.years[y]]
                names.append(YearName(group_name(self.system, g), year))
        return make_rows(
            listed(names),
            np.concatenate([*row, np.zeros(0, np.int64)]),
            np.concatenate([*column, np.zeros(0, np.int64)]),
            np.concatenate([*value, np.zeros(0)]),
            self.least[self.groups].T.ravel(),
            self.most[self.groups].T.ravel(),
        )

    def rows_after(self, y: int, stood: Array) -> Rows:
        """Return the rows of one year after others, dims of ``stood`` (group, years so far)."""
        moves = self.system.moves
        place = np.full(len(self.system.groups), -1)
        place[self.groups] = np.arange(len(self.groups))
        own = np.flatnonzero(place[moves.group] >= 0)
        carried = np.einsum("gk,gk->g", self.coefficient[:, y, :y], stood)[self.groups]
        return make_rows(
            group_names(self.system).chosen(self.groups),
            place[moves.group[own]],
            own,
            np.ones(len(own)),
            self.least[self.groups, y] - carried,
            self.most[self.groups, y] - carried,
        )


def _stacked(
    system: System, blocks: list[LeastCost], build: _BuildUp, coupling: Coupling
) -> LeastCost:
    """Blocks of all years side by side, and the rows that couple them."""
    sizes = [len(b.variables) for b in blocks]
    years = [system.years[y] for y in build.years]
    parts = [(b.variables, y, d) for b, y, d in zip(blocks, years, build.discount, strict=True)]
    variables = Variables(
        names=joined([v.names.in_year(y) for v, y, _ in parts]),
        cost=np.concatenate([v.cost * d for v, _, d in parts]),
        lower=np.concatenate([v.lower for v, _, _ in parts]),
        upper=np.concatenate([v.upper for v, _, _ in parts]),
        fixed=np.concatenate([v.fixed for v, _, _ in parts]),
        capacity=np.concatenate([v.capacity for v, _, _ in parts]),
    )
    families = list(dict.fromkeys(name for b in blocks for name in b.families))
    rows = {
        name: _beside([b.families.get(name) for b in blocks], sizes, years, name != "targets")
        for name in families
    }
    extra = {n: r for n, r in rows.items() if n not in ("states", "reach", "targets")}
    extra["build-up"] = build.rows(sizes)
    if np.isfinite(coupling.budget):
        cost = np.concatenate([known_cost(system, y) for y in build.years])
        extra["total-budget"] = _total_budget(cost, coupling.budget)
    return LeastCost(
        variables,
        rows["states"],
        rows["reach"],
        rows["targets"],
        tuple(i for b in blocks for i in b.target_ids),
        np.concatenate([b.base for b in blocks]),
        tuple(u for b in blocks for u in b.unit),
        np.concatenate([b.limit for b in blocks]),
        np.concatenate([b.price * d for b, d in zip(blocks, build.discount, strict=True)]),
        np.concatenate([b.firm for b in blocks]),
        extra,
    )


def _beside(parts: Sequence[Rows | None], sizes: list[int], years: list[int], dated: bool) -> Rows:
    """Return one family of all years; names carry the year where they repeat."""
    nothing = make_rows(
        of_ids(()), *(np.zeros(0, np.int64),) * 2, np.zeros(0), np.zeros(0), np.zeros(0)
    )
    found = [nothing if p is None else p for p in parts]
    first = np.cumsum([0, *(len(p) for p in found)])
    offset = np.cumsum([0, *sizes])
    return Rows(
        joined(
            [p.names.in_year(y) if dated else p.names for p, y in zip(found, years, strict=True)]
        ),
        np.concatenate([p.row + r for p, r in zip(found, first[:-1], strict=True)]),
        np.concatenate([p.column + c for p, c in zip(found, offset[:-1], strict=True)]),
        np.concatenate([p.value for p in found]),
        np.concatenate([p.lower for p in found]),
        np.concatenate([p.upper for p in found]),
    )


def _total_budget(cost: Array, budget: float) -> Rows:
    """Costs of all years, one behind the other, within what all of them may cost together."""
    used = np.flatnonzero(cost)
    return make_rows(
        of_ids(["total-budget"]),
        np.zeros(len(used), np.int64),
        used,
        cost[used],
        -np.inf,
        budget,
    )


def _of_year(
    whole: LeastCostResult, blocks: list[LeastCost], k: int, discount: Array
) -> LeastCostResult:
    """Return the part of one year."""
    sizes, counts = ([len(b.variables) for b in blocks], [len(b.targets) for b in blocks])
    own = slice(sum(sizes[:k]), sum(sizes[: k + 1]))
    rows = slice(sum(counts[:k]), sum(counts[: k + 1]))
    uptake, cost = whole.uptake[own], blocks[k].variables.cost
    targets = tuple(
        replace(
            t,
            shadow_price=t.shadow_price / discount[k],
            price_tighter=t.price_tighter / discount[k],
            price_looser=t.price_looser / discount[k],
            excess_price=t.excess_price / discount[k],
            # A target may be served by what was built in other years: moves lie year by year.
            marginal=tuple(dict.fromkeys(m % sizes[k] for m in t.marginal)),
        )
        for t in whole.targets[rows]
    )
    first = k == 0  # the solves of all years are counted once
    return replace(
        whole,
        proof=replace(whole.proof, of_all_years=len(blocks) > 1),
        solves=whole.solves * first,
        restarts=whole.restarts * first,
        iterations=whole.iterations * first,
        uptake=uptake,
        cost=float(cost @ uptake),
        targets=targets,
        diagnosis=_diagnosis(whole.diagnosis, rows, len(uptake)),
        duals={name: prices / discount[k] for name, prices in _slices(whole, blocks, k).items()},
        reduced_cost=whole.reduced_cost[own] / discount[k],
    )


def _units_of_year(whole: WholeMix | None, year: int) -> WholeMix | None:
    """Return a whole-unit mix with the units of one calendar year; its costs stay as they are."""
    if whole is None:
        return None
    own = tuple(replace(units, year=None) for units in whole.units if units.year == year)
    return replace(whole, units=own, of_all_years=len(own) < len(whole.units))


def _slices(whole: LeastCostResult, blocks: list[LeastCost], k: int) -> dict[Family, Array]:
    found: dict[Family, Array] = {}
    for name in blocks[k].families:
        sizes = [len(b.families[name]) if name in b.families else 0 for b in blocks]
        found[name] = whole.duals[name][sum(sizes[:k]) : sum(sizes[: k + 1])]
    return found


def _diagnosis(whole: Diagnosis | None, rows: slice, moves: int) -> Diagnosis | None:
    """Return the part of a diagnosis that is about the targets of one year of so many moves."""
    if whole is None:
        return None
    own = range(rows.start, rows.stop)
    alone = tuple(t - rows.start for t in whole.alone if t in own)
    excess = whole.excess[rows]
    if not alone and not (excess > 0).any():
        return None
    binding = {
        None if t is None else t - rows.start: tuple(
            replace(limit, name=undated(limit.name)) for limit in limits
        )
        for t, limits in whole.binding.items()
        if t is None or t in own
    }
    unpriced = {
        t - rows.start: tuple(m % moves for m in left)
        for t, left in whole.unpriced.items()
        if t in own
    }
    return Diagnosis(alone, whole.gap[rows], excess, whole.margin, binding, unpriced)


def _one_by_one(
    blocks: list[LeastCost],
    build: _BuildUp,
    solve: Callable[[LeastCost, Sequence[int]], LeastCostResult],
) -> list[LeastCostResult]:
    """Solve year after year, each bound to what stands."""
    answers: list[LeastCostResult] = []
    stood = np.zeros((len(build.system.groups), 0))
    for k, block in enumerate(blocks):
        rows = build.rows_after(k, stood)
        if np.isfinite(build.budget):
            left = build.budget - sum(a.cost for a in answers)
            cost = known_cost(build.system, build.years[k])
            block = _with(block, "total-budget", _total_budget(cost, left))
        try:
            one = _with(block, "build-up", rows)
            answer = solve(one, build.years[k : k + 1])
        except InfeasibleError:
            # What stands cannot all be kept, e.g. as its activity goes another way: keep what can.
            one = _with(block, "build-up", replace(rows, lower=np.full(len(rows), -np.inf)))
            answer = solve(one, build.years[k : k + 1])
        # Rows that were let loose, and what the solver's answer leaves of them.
        total = group_totals(build.system, answer.uptake)
        short = rows.lower - total[build.groups] > ROUNDING * np.maximum(np.abs(rows.lower), 1.0)
        lost = build.groups[short].tolist()
        answers.append(replace(answer, given_up=tuple(lost)))
        stood = np.c_[stood, total]
    return answers


def _with(block: LeastCost, family: Family, rows: Rows) -> LeastCost:
    return replace(block, extra={**block.extra, family: rows})


def _judged(
    system: System, year: int, targets: Targets, block: LeastCost, answer: LeastCostResult
) -> LeastCostResult:
    value = block.base + block.targets.times(answer.uptake)
    return replace(
        answer,
        whole=_units_of_year(answer.whole, system.years[year]),
        reprojection_gap=reprojection_gap(system, year, targets, answer.uptake, value),
        unknown_cost=unknown_groups(system),
    )
