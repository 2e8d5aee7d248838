"""The cheapest mix, and of equally cheap ones the same one on every machine."""

from dataclasses import replace
from zlib import crc32

import numpy as np

from lantian.core.system import Array
from lantian.names import Names
from lantian.optimise.solve.highs import Solution, Vertex, unpack
from lantian.optimise.solve.live import Live
from lantian.optimise.status import NoSolutionError
from lantian.tolerances import MINOR, ROUNDING

ORDER_RANGE = 2.0**32
"""Number of values of the checksum that orders names."""
PATH_WEIGHT = 1e-3
"""Weight [1] of a move's own name against its group's in breaking ties."""


def cheapest_mix(live: Live) -> tuple[Solution, Vertex, bool]:
    """Return the cheapest mix, its vertex, and whether others cost the same.

    Of equally cheap mixes it is the one that comes first by name. The prices are those of the
    first vertex found: all of them are right for every optimum.
    """
    problem, program, session = live.problem, live.program, live.session
    session.set_cost(program.cost)
    first = session.solve()
    last, several = _first_by_name(live, first)
    # The face is found by prices that are rounded: its mix is taken only if it costs the same.
    cost = float(program.cost @ last.x)
    final = first
    if abs(cost - first.objective) <= ROUNDING * float(np.abs(program.cost) @ np.abs(first.x)):
        final = Vertex(last.x, first.price, cost, first.iterations, first.residuals, False)
    priced = unpack(problem, program, first)
    uptake = unpack(problem, program, final).uptake
    mix = replace(
        priced,
        uptake=uptake,
        objective=float(problem.variables.cost @ uptake),
        iterations=session.iterations,
        restarted=session.restarts > 0,
    )
    return mix, final, several


def _first_by_name(live: Live, first: Vertex) -> tuple[Vertex, bool]:
    """Of all optima the one that comes first by name, and whether there are others."""
    session = live.session
    order, by_group = _order(live)
    with session.limits_kept():
        session.restrict_to_optima(first)
        try:
            session.set_cost(order)
            last = session.solve(primal=True)
            # The other end of the face: if it is as good by name, there is one mix only.
            session.set_cost(-by_group)
            spread = -session.solve(primal=True).objective - float(by_group @ last.x)
        except NoSolutionError:
            # Rounding emptied the face: the first vertex is as cheap as any.
            return first, False
    return last, spread > MINOR


def _order(live: Live) -> tuple[Array, Array]:
    """Secondary costs: shares of capacity, weighted by names alone; and by group only.

    Two paths to one state (first filter A, then B, or the other way round) are not two mixes,
    so mixes are told apart by groups; the small weights of moves only make the choice unique.
    """
    program, variables, reach = live.program, live.problem.variables, live.problem.reach
    weight = np.zeros(len(variables))
    weight[reach.column] = _name_weights(reach.names)[reach.row]
    n = len(program.moves)
    own = _name_weights(variables.names)[program.moves]
    capacity = variables.capacity[program.moves]
    share = program.column_scale[:n] / np.where(capacity > 0, capacity, 1.0)
    by_group, by_move = np.zeros_like(program.cost), np.zeros_like(program.cost)
    by_group[:n] = weight[program.moves] * share
    by_move[:n] = PATH_WEIGHT * own * share
    return by_group + by_move, by_group


def _name_weights(names: Names) -> Array:
    """One number in [1, 2) per name, the same on every machine and in every order."""
    return np.array([1.0 + crc32(text.encode()) / ORDER_RANGE for text in names.texts])
