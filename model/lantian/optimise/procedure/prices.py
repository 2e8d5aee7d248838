"""Shadow prices on both sides of each limit, with the measures that move at the margin."""

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import price_unit
from lantian.optimise.procedure.answer import TargetResult
from lantian.optimise.solve.highs import Vertex
from lantian.optimise.solve.live import Live
from lantian.optimise.status import InfeasibleError
from lantian.tolerances import MINOR, TOUCHING


def target_results(
    live: Live, currency: str, best: Array, value: Array, final: Vertex
) -> tuple[TargetResult, ...]:
    """Return one result per target, with the prices on both sides of limits that bind.

    Parameters
    ----------
    live
        The problem; its session holds the limits of the mix.
    currency
        Names the unit of the prices.
    best, value
        Lowest value of each target alone, and its value in the mix [target unit], dims (target,).
    final
        Vertex of the mix.

    Returns
    -------
    tuple of TargetResult
        In the order of the targets.
    """
    program = live.program
    room = live.session.row_upper - program.matrix.times(final.x)
    binds = room[program.target] <= TOUCHING
    return tuple(
        _result(live, t, currency, float(best[t]), float(value[t]), final if binds[t] else None)
        for t in range(len(live.problem.targets))
    )


def _result(
    live: Live, t: int, currency: str, best: float, value: float, final: Vertex | None
) -> TargetResult:
    """Result of one target; ``final`` is None where its limit does not bind."""
    problem = live.problem
    tighter, looser, marginal = (0.0, 0.0, ()) if final is None else _margins(live, t, final)
    slack = float(problem.limit[t]) - value
    asked = np.isfinite(problem.targets.upper[t])
    return TargetResult(
        id=problem.target_ids[t],
        unit=problem.unit[t],
        price_unit=price_unit(currency, problem.unit[t]),
        baseline=float(problem.base[t]),
        limit=float(problem.limit[t]),
        value=value,
        max_feasible=best,
        met=bool(slack >= -live.tolerance()[t]),
        binding=final is not None,
        slack=slack,
        shadow_price=tighter if np.isfinite(tighter) else looser,
        price_tighter=tighter,
        price_looser=looser,
        marginal=marginal,
        excess_price=float(problem.price[t]) if asked else np.inf,
    )


def _margins(live: Live, t: int, final: Vertex) -> tuple[float, float, tuple[int, ...]]:
    """Price of tightening and of loosening a limit, and the moves that change with it."""
    program, session = live.program, live.session
    with session.limits_kept():
        session.open_cone(final.x, program.matrix.times(final.x))
        session.set_cost(program.cost)
        (tighter, first), (looser, second) = (_step(live, t, side) for side in (-1.0, 1.0))
    unit = program.cost_scale / program.row_scale[program.target[t]]
    # Nothing tighter is possible: then what would change with a looser limit is at the margin.
    step = first if first is not None else second
    marginal = () if step is None else _movers(live, t, step)
    # Adding zero turns -0 into 0.
    return float(tighter * unit + 0.0), float(-looser * unit + 0.0), marginal


def _step(live: Live, t: int, side: float) -> tuple[float, Array | None]:
    """Change of cost when the limit moves by one scaled unit to a side, and the direction."""
    session = live.session
    before = session.row_upper
    upper = before.copy()
    # In the cone this limit stands at 0; every other one that is reached stays there.
    upper[live.program.target[t]] = side
    session.set_rows(session.row_lower, upper)
    try:
        vertex = session.solve()
    except InfeasibleError:
        return np.inf * -side, None
    finally:
        session.set_rows(session.row_lower, before)
    return vertex.objective, vertex.x


def _movers(live: Live, t: int, step: Array) -> tuple[int, ...]:
    """Return the moves in a direction, the largest part in the target first, equal ones by name."""
    moves, names = live.program.moves, live.problem.variables.names
    part = np.abs(live.effect_as_cost(t) * step)[: len(moves)]
    moving = np.flatnonzero(part > MINOR * part.max(initial=0.0)).tolist()
    moving.sort(key=lambda k: (-part[k], names[moves[k]].text()))
    return tuple(moves[moving].tolist())
