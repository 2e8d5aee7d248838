"""The least-cost procedure: what can be reached, what it costs at least, and why.

1. Largest reduction of each target alone, then of all together.
2. If that is not enough: by how much, which limits bind, the cheapest relaxation.
3. Least cost; ties broken by name, the same way on every machine.
4. The answer goes back through the projection and must give the same target values.
5. Shadow prices on both sides of each limit, with the measure that moves at the margin.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

import numpy as np

from lantian.core.system import Array, System, emission_by_source, shift_activity
from lantian.language import Message, Names, message
from lantian.optimise.check import Residuals
from lantian.optimise.coefficients import (
    LeastCost,
    Rows,
    Targets,
    build_least_cost,
    group_names,
    price_unit,
    target_values,
)
from lantian.optimise.highs import Options, Session, Solution, Vertex, split_prices, unpack
from lantian.optimise.program import Program, needed_reduction, pack
from lantian.optimise.soundness import require_sound
from lantian.optimise.status import (
    MILLION,
    InfeasibleError,
    NoSolutionError,
    contradictory,
    numerical_trouble,
    ruled_out,
)

Interface = Literal["highs", "pyomo"]

TOUCHING = 1e-8
"""Distance to a limit [1, scaled] below which it counts as reached."""
SAME_COST = 1e-9
"""Cost difference [1, relative] below which two mixes cost the same."""
SAME_MIX = 1e-7
"""Difference of the secondary objective [1, scaled] below which two mixes are one."""
MOST_SHARE = 100.0
"""Multiples of the needed reductions [1] beyond which the joint share is not sought."""
SHOWN = 10
"""Binding limits listed per target."""
EXIT_OUT_OF_REACH = 3
"""Exit code of the command line when a target cannot be reached."""
ORDER_RANGE = 2.0**32
"""Number of values of the checksum that orders names."""
PATH_WEIGHT = 1e-3
"""Weight [1] of a move's own name against its group's in breaking ties."""


@dataclass(frozen=True)
class BindingLimit:
    """A limit that keeps a target from being reached.

    Attributes
    ----------
    family
        ``reach`` (a measure's reach at a source), ``states`` (activity there is) or ``moves``
        (new and replaced units, or a committed level).
    gain
        Target units gained per unit of activity by which the limit is widened; share of the
        needed reductions where the limit binds all targets jointly.
    worth
        ``gain`` times the limit: what the target would gain if the limit doubled.
    """

    family: str
    name: str
    gain: float
    worth: float


@dataclass(frozen=True)
class Diagnosis:
    """Why targets are out of reach, and the cheapest relaxation.

    Attributes
    ----------
    alone
        Targets that no mix reaches even if it is the only one asked for.
    gap
        By how much each limit is missed at least, dims (target,) [target unit]: the smallest sum
        of excesses in shares of the needed reductions, of these the cheapest.
    excess
        By how much each limit was relaxed, dims (target,) [target unit]: the gap, and the margin
        of what is possible.
    margin
        Share of the possible reduction that is not asked for, as its last part has no sane price.
    binding
        Limits that bind, per target out of reach; under ``""`` if only the combination is.
    """

    alone: tuple[str, ...]
    gap: Array
    excess: Array
    margin: float
    binding: dict[str, tuple[BindingLimit, ...]]


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
        Moves whose uptake changes with the limit, by their part in it (names, largest first).
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
    marginal: tuple[str, ...]


@dataclass(frozen=True)
class WholeMix:
    """A mix in whole units beside its linear bound.

    Attributes
    ----------
    linear_cost, cost
        Of the linear program and of the mix [currency/a], with the price of excess.
    gap
        How much dearer than the linear bound [1]; NaN if that costs nothing.
    unproven
        How far below the mix a cheaper one could still lie [1]: 0 where the search was complete.
    units
        Name of the group, number of units, size of a unit [activity unit].
    """

    linear_cost: float
    cost: float
    gap: float
    unproven: float
    units: tuple[tuple[str, int, float], ...]


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
    penalty
        What the excess of soft targets costs [currency/a]; not part of ``cost``.
    whole
        Where measures come in whole units: the linear bound and the numbers of units.
    given_up
        Without foresight: what stood in the year before and cannot be kept (names of groups).
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
    unknown_cost: tuple[str, ...]
    duals: dict[str, Array]
    reduced_cost: Array
    residuals: Residuals
    iterations: int
    restarts: int
    solves: int
    worst: Residuals
    currency: str = "yuan"
    penalty: float = 0.0
    given_up: tuple[str, ...] = ()
    whole: WholeMix | None = None

    @property
    def exit_code(self) -> int:
        """0, or the distinct code of targets out of reach."""
        return 0 if self.diagnosis is None else EXIT_OUT_OF_REACH


def least_cost(
    system: System,
    year: int,
    targets: Targets,
    committed: Array | None = None,
    floor: Array | None = None,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    extra: Mapping[str, Rows] | None = None,
    interface: Interface = "highs",
) -> LeastCostResult:
    """Return the cheapest mix of measures that meets the targets of one year.

    Parameters
    ----------
    system, year, targets, committed, floor
        As for :func:`lantian.optimise.coefficients.build_least_cost`.
    options
        Solver settings.
    currency
        Of the costs; names the unit of the shadow prices.
    margin
        Where targets are out of reach: share of the possible reduction that is not asked for [1].
    extra
        Further limits by family, see :mod:`lantian.optimise.rules`.
    interface
        ``highs``: arrays straight into the solver; ``pyomo``: through the algebraic model.

    Raises
    ------
    NoSolutionError
        If the committed levels contradict the measures' limits, cost can fall without limit, the
        solver runs out of time or its answer cannot be verified. A target out of reach is no
        error: see ``diagnosis``.
    """
    problem = build_least_cost(system, year, targets, committed, floor, extra)
    require_sound(system, problem)
    answer = answer_problem(problem, options, currency, margin, interface)
    value = problem.base + problem.targets.times(answer.uptake)
    return replace(
        answer,
        reprojection_gap=reprojection_gap(system, year, targets, answer.uptake, value),
        unknown_cost=unknown_groups(system),
    )


def answer_problem(
    problem: LeastCost,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    interface: Interface = "highs",
) -> LeastCostResult:
    """Ask all questions of one problem; what needs the system itself is left for the caller.

    Parameters
    ----------
    problem, options, currency, margin, interface
        As for :func:`least_cost`.
    """
    program = pack(problem)
    session = open_session(problem, program, options or Options(), interface)
    ask = _Procedure(problem, program, session)
    best, alone = ask.alone()
    share, joint = ask.together(best)
    reached = share >= 1 - SAME_COST
    if reached:
        ask.accept()
    diagnosis = None if reached else ask.relax(best, alone, joint, margin)
    solution, final, several = ask.cheapest()
    value = problem.base + problem.targets.times(solution.uptake)
    rows = ask.target_results(currency, best, value, final)
    if reached:
        ask.require_kept(value)
    known = ~problem.variables.fixed
    over = final.x[program.excess][~program.hard] * program.excess_unit[~program.hard]
    assert session.worst is not None  # there was at least one solve
    return LeastCostResult(
        uptake=solution.uptake,
        cost=float(problem.variables.cost[known] @ solution.uptake[known]),
        targets=rows,
        joint_share=share,
        several_optima=several,
        reprojection_gap=0.0,
        diagnosis=diagnosis,
        unknown_cost=(),
        duals=solution.duals,
        reduced_cost=solution.reduced_cost,
        residuals=solution.residuals or final.residuals,
        iterations=session.iterations,
        restarts=session.restarts,
        solves=session.solves,
        worst=session.worst,
        currency=currency,
        penalty=float(problem.price[~program.hard] @ over),
    )


def open_session(
    problem: LeastCost, program: Program, options: Options, interface: Interface
) -> Session:
    """Return a live program on the back end asked for."""
    if interface == "highs":
        return Session(program, options)
    # Imported here: the usual way needs no Pyomo.
    from lantian.optimise.formulation import ModelSession

    return ModelSession(program, options, problem)


def reprojection_gap(
    system: System, year: int, targets: Targets, uptake: Array, value: Array
) -> float:
    """Return the largest relative difference between ``value`` and the projection's targets [1].

    Parameters
    ----------
    uptake
        [activity unit], dims (move,).
    value
        Target values claimed for it [target unit], dims (target,).
    """
    before = system.baseline[:, [year]]
    after = shift_activity(system.moves, before, uptake[:, None])
    projected, size = (
        target_values(system, targets, emission_by_source(system, a, year)[:, :, 0])
        for a in (after, before)
    )
    size = np.maximum(np.maximum(np.abs(size), np.abs(projected)), np.finfo(float).tiny)
    return float(np.max(np.abs(projected - value) / size, initial=0.0))


def explain(result: LeastCostResult) -> list[Message]:
    """Return what a reader must be told about targets out of reach, ties and unknown costs."""
    told = _explain_reach(result) if result.diagnosis else []
    if result.several_optima:
        told.append(
            message("Several mixes cost the same; the one shown is chosen by the measures' names.")
        )
    if result.whole is not None:
        told.append(
            message(
                "In whole units: {cost:.6g} million {unit}; the linear bound is {bound:.6g} "
                "million {unit}.",
                cost=result.whole.cost / MILLION,
                bound=result.whole.linear_cost / MILLION,
                unit=message(f"{result.currency}/a"),
            )
        )
    if result.given_up:
        told.append(
            message(
                "What stood the year before cannot all be kept: {measures}.",
                measures=Names(dict.fromkeys(result.given_up)),
            )
        )
    if result.unknown_cost:
        told.append(
            message(
                "Never chosen because their cost is unknown: {measures}.",
                measures=Names(dict.fromkeys(n.split(" @ ")[0] for n in result.unknown_cost)),
            )
        )
    return told


def _explain_reach(result: LeastCostResult) -> list[Message]:
    diagnosis = result.diagnosis
    assert diagnosis is not None
    told = []
    for target, excess in zip(result.targets, diagnosis.excess, strict=True):
        if target.id in diagnosis.alone:
            told.append(
                message(
                    "Target '{target}' is out of reach: every measure together brings "
                    "{best:.6g} {unit}, the limit is {limit:.6g} {unit}.",
                    target=Names([target.id]),
                    best=target.max_feasible,
                    limit=target.limit,
                    unit=message(target.unit),
                )
            )
        if excess > 0:
            told.append(_explain_relaxed(target, float(excess), diagnosis.margin))
    if not diagnosis.alone:
        told.insert(
            0,
            message(
                "Each target can be reached, but not all at once: at most {share:.1%} of the "
                "needed reductions.",
                share=result.joint_share,
            ),
        )
    for name, limits in diagnosis.binding.items():
        listed = Names(limit.name for limit in limits)
        if listed and name:
            told.append(
                message(
                    "What holds '{target}' back: {limits}.",
                    target=Names([name]),
                    limits=listed,
                )
            )
        elif listed:
            told.append(message("What holds the targets back together: {limits}.", limits=listed))
    return told


def _explain_relaxed(target: TargetResult, excess: float, margin: float) -> Message:
    values = {"target": Names([target.id]), "excess": excess, "unit": message(target.unit)}
    if not margin:
        return message("Relaxed: target '{target}' by {excess:.6g} {unit}.", **values)
    return message(
        "Relaxed: target '{target}' by {excess:.6g} {unit}; the last {margin:.0%} of what is "
        "possible are not bought.",
        margin=margin,
        **values,
    )


def unknown_groups(system: System) -> tuple[str, ...]:
    """Return the names of the groups whose cost is unknown."""
    names = group_names(system)
    found = np.unique(system.moves.group[np.isnan(system.moves.unit_cost)])
    return tuple(names[g] for g in found)


def _name_weights(names: Sequence[str]) -> Array:
    """One number in [1, 2) per name, the same on every machine and in every order."""
    return np.array([1.0 + crc32(name.encode()) / ORDER_RANGE for name in names])


@dataclass
class _Procedure:
    """The questions asked of one live program, in order; each leaves it ready for the next."""

    problem: LeastCost
    program: Program
    session: Session

    def alone(self) -> tuple[Array, dict[int, Vertex]]:
        """Lowest value of each target [target unit], and the vertices where limits are missed."""
        problem, program, session = self.problem, self.program, self.session
        lowest = problem.base.copy()
        vertices = {}
        self._reset(targets=False)
        held = problem.targets.times(problem.variables.lower)
        for t in range(len(problem.targets)):
            cost = self._effect_as_cost(t)
            if not cost.any():
                lowest[t] += held[t]
                continue
            session.set_cost(cost)
            vertex = self._first_solve()
            uptake = unpack(problem, program, vertex).uptake
            lowest[t] += problem.targets.times(uptake)[t]
            vertices[t] = vertex
        return lowest, vertices

    def together(self, best: Array) -> tuple[float, Vertex | None]:
        """Largest share of all needed reductions at once, and the vertex where it ends."""
        program, session = self.program, self.session
        need = needed_reduction(self.problem)
        needed = (need > 0) & program.hard
        self._reset(targets=True)
        alone = (self.problem.base - best)[needed] / need[needed]
        most = max(float(np.min(alone, initial=MOST_SHARE)), 0.0)
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[program.share] = 0.0
        upper[program.share] = most if needed.any() else 1.0
        session.set_columns(lower, upper)
        cost = np.zeros_like(program.cost)
        cost[program.share] = -1.0
        session.set_cost(cost)
        try:
            vertex = self._first_solve(targets=True)
        except InfeasibleError:
            return np.nan, None
        return (float(vertex.x[program.share]) if needed.any() else np.inf), vertex

    def accept(self) -> None:
        """Ask for all of every target, as they can be had together."""
        self._reset(targets=True)

    def relax(
        self, best: Array, alone: dict[int, Vertex], joint: Vertex | None, margin: float
    ) -> Diagnosis:
        """Cheapest relaxation of the limits; the session keeps it for what follows."""
        problem, program, session = self.problem, self.program, self.session
        self._reset(targets=True)
        lower, upper = program.lower.copy(), program.upper.copy()
        upper[program.excess] = np.inf
        session.set_columns(lower, upper)
        cost = np.zeros_like(program.cost)
        cost[program.excess] = np.where(program.hard, 1.0, 0.0)
        session.set_cost(cost)
        vertex = session.solve()
        session.restrict_to_optima(vertex)
        session.set_cost(program.cost)
        excess = np.maximum(session.solve().x[program.excess], 0.0)
        gap = np.where(program.hard & (excess > TOUCHING), excess, 0.0)
        possible = (problem.base - self._limits()) / program.excess_unit - gap
        excess = gap + np.where(gap > 0, margin * np.maximum(possible, 0.0), 0.0)
        self._hold_excess(excess)
        try:
            session.solve()
        except InfeasibleError:
            # At the very edge of the feasible set rounding can leave nothing.
            self._hold_excess(excess + TOUCHING)
        missed = [
            t
            for t in alone
            if program.hard[t] and best[t] > self._limits()[t] + SAME_COST * program.excess_unit[t]
        ]
        ids = problem.targets.names
        binding = {ids[t]: self._binding(alone[t], t) for t in missed}
        if not missed and joint is not None:
            binding[""] = self._binding(joint, None)
        unit = program.excess_unit
        return Diagnosis(tuple(ids[t] for t in missed), gap * unit, excess * unit, margin, binding)

    def cheapest(self) -> tuple[Solution, Vertex, bool]:
        """Least cost, then the one of equal mixes that comes first by name."""
        problem, program, session = self.problem, self.program, self.session
        session.set_cost(program.cost)
        first = session.solve()
        solution = unpack(problem, program, first)
        bounds = session.lower, session.upper, session.row_lower, session.row_upper
        session.restrict_to_optima(first)
        order, by_group = self._order()
        final, several = first, False
        try:
            session.set_cost(order)
            last = session.solve()
            session.set_cost(-by_group)
            spread = -session.solve().objective - float(by_group @ last.x)
            several = spread > SAME_MIX
        except NoSolutionError:
            # Rounding emptied the face: the first vertex is as cheap as any.
            last = first
        cost = float(program.cost @ last.x)
        if abs(cost - first.objective) <= SAME_COST * float(np.abs(program.cost) @ np.abs(first.x)):
            final = Vertex(last.x, first.price, cost, first.iterations, first.residuals, False)
        session.set_columns(*bounds[:2])
        session.set_rows(*bounds[2:])
        uptake = unpack(problem, program, final).uptake
        objective = float(problem.variables.cost @ uptake)
        mix = Solution(
            uptake, objective, solution.duals, solution.reduced_cost, "optimal",
            session.iterations, first.residuals, session.restarts > 0,
        )  # fmt: skip
        return mix, final, several

    def target_results(
        self, currency: str, best: Array, value: Array, final: Vertex
    ) -> tuple[TargetResult, ...]:
        """One result per target, with the prices on both sides of limits that bind."""
        problem, program = self.problem, self.program
        limits = problem.limit
        room = self.session.row_upper - program.matrix.times(final.x)
        tolerance = self._tolerance()
        results = []
        for t, name in enumerate(problem.targets.names):
            binds = bool(room[program.target[t]] <= TOUCHING)
            tighter, looser, marginal = self._margins(t, final) if binds else (0.0, 0.0, ())
            slack = limits[t] - value[t]
            results.append(
                TargetResult(
                    id=name,
                    unit=problem.unit[t],
                    price_unit=price_unit(currency, problem.unit[t]),
                    baseline=float(problem.base[t]),
                    limit=float(limits[t]),
                    value=float(value[t]),
                    max_feasible=float(best[t]),
                    met=bool(slack >= -tolerance[t]),
                    binding=binds,
                    slack=float(slack),
                    shadow_price=tighter if np.isfinite(tighter) else looser,
                    price_tighter=tighter,
                    price_looser=looser,
                    marginal=marginal,
                )
            )
        return tuple(results)

    def require_kept(self, value: Array) -> None:
        """Refuse an answer that breaks a hard limit.

        Raises
        ------
        NumericalError
            With the largest excess.
        """
        over = np.where(self.program.hard, value - self._limits(), -np.inf)
        if (over > self._tolerance()).any():
            raise numerical_trouble("Optimal", float(over.max()))

    def _tolerance(self) -> Array:
        """Excess over a limit that is rounding [target unit]; the relaxed program uses up one."""
        program = self.program
        return 2 * TOUCHING * np.maximum(program.row_scale[program.target], program.excess_unit)

    def _limits(self) -> Array:
        return self.problem.base + self.problem.targets.upper

    def _reset(self, targets: bool) -> None:
        program, session = self.program, self.session
        upper = program.row_upper.copy()
        if not targets:
            upper[program.target] = np.inf
        session.set_rows(program.row_lower, upper)
        session.set_columns(program.lower, program.upper)

    def _hold_excess(self, excess: Array) -> None:
        program = self.program
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[program.excess[program.hard]] = excess[program.hard]
        upper[program.excess[program.hard]] = excess[program.hard]
        self.session.set_columns(lower, upper)
        self.session.set_rows(program.row_lower, program.row_upper)

    def _effect_as_cost(self, t: int) -> Array:
        program = self.program
        matrix = program.matrix
        entries = matrix.row == program.target[t]
        cost = np.zeros_like(program.cost)
        cost[matrix.column[entries]] = matrix.value[entries]
        cost[len(program.moves) :] = 0.0
        return cost

    def _first_solve(self, targets: bool = False) -> Vertex:
        try:
            return self.session.solve()
        except InfeasibleError as error:
            rows = [] if targets else self._contradictions()
            if rows:
                raise contradictory(rows) from None
            families = [] if targets else self._in_the_way()
            raise (ruled_out(families) if families else error) from None

    def _in_the_way(self) -> list[str]:
        """The planner's own limits, by family, without which there would be a mix."""
        session, program = self.session, self.program
        lower, upper = session.row_lower, session.row_upper
        found, first = [], 0
        for family, rows in self.problem.families.items():
            last = first + len(rows)
            own = (program.rows >= first) & (program.rows < last)
            first = last
            if family not in self.problem.extra:
                continue
            session.set_rows(np.where(own, -np.inf, lower), np.where(own, np.inf, upper))
            try:
                session.solve()
            except NoSolutionError:
                continue
            found.append(f"{family} ({', '.join(rows.names[:SHOWN])})")
        session.set_rows(lower, upper)
        return found

    def _contradictions(self) -> list[str]:
        """Names of the limits that the fixed and least uptakes break by themselves."""
        variables = self.problem.variables
        found = [
            variables.names[m] for m in np.flatnonzero(variables.lower > variables.upper)[:SHOWN]
        ]
        for rows in (self.problem.states, self.problem.reach):  # the rest may need more uptake
            held = rows.times(variables.lower)
            size = np.maximum(np.abs(held), np.finfo(float).tiny)
            broken = np.maximum(rows.lower - held, held - rows.upper) > TOUCHING * size
            found += [rows.names[r] for r in np.flatnonzero(broken)[:SHOWN]]
        return found

    def _order(self) -> tuple[Array, Array]:
        """Secondary costs: shares of capacity, weighted by names alone; and by group only.

        Two paths to one state (first filter A, then B, or the other way round) are not two mixes,
        so mixes are told apart by groups; the small weights of moves only make the choice unique.
        """
        program, variables, reach = self.program, self.problem.variables, self.problem.reach
        weight = np.zeros(len(variables))
        weight[reach.column] = _name_weights(reach.names)[reach.row]
        n = len(program.moves)
        own = _name_weights([variables.names[m] for m in program.moves])
        capacity = variables.capacity[program.moves]
        share = program.column_scale[:n] / np.where(capacity > 0, capacity, 1.0)
        by_group, by_move = np.zeros_like(program.cost), np.zeros_like(program.cost)
        by_group[:n] = weight[program.moves] * share
        by_move[:n] = PATH_WEIGHT * own * share
        return by_group + by_move, by_group

    def _margins(self, t: int, final: Vertex) -> tuple[float, float, tuple[str, ...]]:
        """Price of tightening and of loosening a limit, and the moves that change with it."""
        bounds = (
            self.session.lower, self.session.upper, self.session.row_lower, self.session.row_upper
        )  # fmt: skip
        self._open_cone(final)
        self.session.set_cost(self.program.cost)
        sides = [self._step(t, side) for side in (-1.0, 1.0)]
        self.session.set_columns(*bounds[:2])
        self.session.set_rows(*bounds[2:])
        unit = self.program.cost_scale / self.program.row_scale[self.program.target[t]]
        (tighter, first), (looser, second) = sides
        step = first if first is not None else second
        marginal = () if step is None else self._movers(t, step)
        # Adding zero turns -0 into 0.
        return float(tighter * unit + 0.0), float(-looser * unit + 0.0), marginal

    def _open_cone(self, final: Vertex) -> None:
        """Bounds on directions instead of points: only what is reached at the optimum limits."""
        session = self.session
        x, activity = final.x, self.program.matrix.times(final.x)
        session.set_columns(
            np.where(x - session.lower <= TOUCHING, 0.0, -np.inf),
            np.where(session.upper - x <= TOUCHING, 0.0, np.inf),
        )
        session.set_rows(
            np.where(activity - session.row_lower <= TOUCHING, 0.0, -np.inf),
            np.where(session.row_upper - activity <= TOUCHING, 0.0, np.inf),
        )

    def _step(self, t: int, side: float) -> tuple[float, Array | None]:
        """Change of cost when the limit moves by one scaled unit to a side, and the direction."""
        session = self.session
        before = session.row_upper
        upper = before.copy()
        upper[self.program.target[t]] = side
        session.set_rows(session.row_lower, upper)
        try:
            vertex = session.solve()
        except InfeasibleError:
            return np.inf * -side, None
        finally:
            session.set_rows(session.row_lower, before)
        return vertex.objective, vertex.x

    def _movers(self, t: int, step: Array) -> tuple[str, ...]:
        part = np.abs(self._effect_as_cost(t) * step)[: len(self.program.moves)]
        names = self.problem.variables.names
        moving = np.flatnonzero(part > SAME_MIX * part.max(initial=0.0))
        ordered = sorted((-float(part[k]), names[self.program.moves[k]]) for k in moving)
        return tuple(name for _, name in ordered)

    def _binding(self, vertex: Vertex, t: int | None) -> tuple[BindingLimit, ...]:
        """Limits with a price where a target (or the joint share) ends, worthiest first."""
        problem, program = self.problem, self.program
        scale = 1.0 if t is None else program.row_scale[program.target[t]]
        prices = split_prices(problem, program, vertex.price * scale / program.cost_scale)
        found = []
        for family, rows in problem.families.items():
            if family == "targets":
                continue
            size = np.abs(np.where(np.isfinite(rows.upper), rows.upper, rows.lower))
            gain = np.abs(prices[family])
            # What is relative to other uptake has no size of its own.
            worth = gain * np.where(size > 0, size, 1.0)
            floor = SAME_MIX * worth.max(initial=0.0)
            found += [
                BindingLimit(family, rows.names[r], float(gain[r]), float(worth[r]))
                for r in np.flatnonzero(worth > floor)
            ]
        return tuple(sorted(found, key=lambda limit: (-limit.worth, limit.name)))[:SHOWN]
