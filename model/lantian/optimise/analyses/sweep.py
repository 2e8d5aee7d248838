"""The least cost at many limits of one target: live programs that start from a basis nearby.

Where only a limit changes, a basis stays dual feasible, and the dual simplex needs few steps to the
next, tighter limit. HiGHS lets go of the interpreter while it solves, so the
looser and the tighter half of the limits are solved at once, each by its own program in its own
thread. Which program solves what depends on the limits alone: answers are the same on any machine.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import pack
from lantian.optimise.solve.highs import Options, Session, Vertex

One = TypeVar("One")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Level:
    """The optimum at one limit of the swept target.

    Attributes
    ----------
    limit
        [target unit].
    cost
        [currency/a].
    price
        Cost of one more unit of reduction [currency/a per target unit]: no mix of the problem lies
        below the line through the optimum with this slope.
    """

    limit: float
    cost: float
    price: float
    vertex: Vertex


class Sweep:
    """Two live programs of one problem, for loose and for tight limits of one target.

    Parameters
    ----------
    problem, target
        Blocks, and the position of the swept target; its own limit is left out.
    options
        Solver settings.
    """

    def __init__(self, problem: LeastCost, target: int, options: Options | None = None) -> None:
        upper = problem.targets.upper.copy()
        upper[target] = np.inf
        self.problem = replace(problem, targets=replace(problem.targets, upper=upper))
        self.target = target
        self.program = pack(self.problem)
        chosen = options or Options()
        self.loose, self.tight = (Side(Session(self.program, chosen)) for _ in range(2))
        self.row = int(self.program.target[target])
        self.unit = float(self.program.row_scale[self.row])
        """Scaled to original units of the target."""

    @property
    def solves(self) -> int:
        """How many programs have been solved."""
        return self.loose.session.solves + self.tight.session.solves

    def at(self, limits: Sequence[float] | Array) -> list[Level]:
        """Return the optimum at each limit [target unit], loosest first.

        Raises
        ------
        NoSolutionError
            If a limit cannot be held, or an answer cannot be verified.
        """
        falling = sorted((float(v) for v in limits), reverse=True)
        half = (len(falling) + 1) // 2
        first, second = at_once(
            lambda: self.solve(self.loose, falling[:half]),
            lambda: self.solve(self.tight, falling[half:]),
        )
        both = self.loose.bases | self.tight.bases
        self.loose.bases, self.tight.bases = both, both.copy()
        return first + second

    def solve(self, side: "Side", falling: list[float]) -> list[Level]:
        """Return the optimum at falling limits.

        Each from the nearest looser one that is known: the way back to a looser limit takes several
        times as long.

        Parameters
        ----------
        side
            Live program to use; it keeps the bases found.
        falling
            Limits [target unit], loosest first.

        Returns
        -------
        list
            One :class:`Level` per limit, in the order given.

        Raises
        ------
        NoSolutionError
            If a limit cannot be held, or an answer cannot be verified.
        """
        session, last = side.session, None
        before = session.row_upper[self.row]
        if falling and session.cost is not self.program.cost:
            session.set_cost(self.program.cost)
        found = []
        for limit in falling:
            nearest = min((v for v in side.bases if v >= limit), default=None)
            if nearest is None:
                session.forget()
            elif nearest != last:
                session.start_from(side.bases[nearest])
            found.append(self._level(session, limit))
            side.bases[limit], last = session.basis(), limit
        session.set_row(self.row, session.row_lower[self.row], before)
        return found

    def _level(self, session: Session, limit: float) -> Level:
        scaled = (limit - self.problem.base[self.target]) / self.unit
        session.set_row(self.row, session.row_lower[self.row], scaled)
        vertex = session.solve()
        scale = self.program.cost_scale
        price = -float(vertex.price[self.row]) * scale / self.unit
        return Level(limit, vertex.objective * scale, price, vertex)


@dataclass
class Side:
    """A live program, and the bases that are optimal at some limits."""

    session: Session
    bases: dict[float, Any] = field(default_factory=dict)


def costs_at(
    problem: LeastCost, target: int, limits: Sequence[float] | Array, options: Options | None = None
) -> list[Level]:
    """Return the least cost at each limit [target unit] of one target, loosest first.

    All other limits are held. For the whole curve see
    :func:`lantian.optimise.analyses.frontier.cost_frontier`, which needs fewer solves.

    Parameters
    ----------
    problem, target
        Blocks, and the position of the swept target; its own limit is left out.
    limits
        [target unit], in any order.
    options
        Solver settings.

    Raises
    ------
    NoSolutionError
        If a limit cannot be held, or an answer cannot be verified.
    """
    return Sweep(problem, target, options).at(limits)


def at_once(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """Return what two calls return that mostly wait for the solver, each in its own thread.

    Parameters
    ----------
    one, other
        Calls without arguments; ``other`` runs in a thread of its own.

    Returns
    -------
    tuple
        What ``one`` and ``other`` return. What either raises is raised once both have ended.
    """
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(other)
        return one(), later.result()
