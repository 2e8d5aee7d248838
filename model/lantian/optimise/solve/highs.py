"""Arrays straight into HiGHS, kept alive between solves, every answer checked by us."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program, pack
from lantian.optimise.solve.check import Residuals, excludes_all, residuals
from lantian.optimise.status import (
    InfeasibleError,
    NoSolutionError,
    infeasible,
    numerical_trouble,
    time_limit,
    unbounded,
)
from lantian.tolerances import ACCEPTED, NO_PRICE, NOTHING, SOLVER, TOUCHING
from lantian.vocabulary import Family

INTEGER = 1
"""HiGHS code of a column that is a whole number."""
OPTIMAL = "Optimal"
"""How HiGHS calls a solved program."""
DUAL, PRIMAL = 1, 4
"""HiGHS codes of the two ways of the simplex method."""
ROWWISE, MINIMISE = 2, 1
"""HiGHS codes of the matrix format and the sense."""


@dataclass(frozen=True)
class Options:
    """Solver settings; the defaults give the same answer on every machine.

    Attributes
    ----------
    presolve
        Off: it costs more than it saves on these programs.
    time_limit
        [s] per solve.
    tolerance
        Primal and dual feasibility, in scaled units.
    """

    presolve: bool = False
    time_limit: float = 600.0
    tolerance: float = SOLVER


@dataclass(frozen=True)
class Solution:
    """Optimum of a least-cost problem in original units.

    Attributes
    ----------
    uptake
        [activity unit], dims (move,).
    objective
        Cost of the moves [currency/a].
    duals
        Change of cost per unit of each row's limit, per family.
    reduced_cost
        Change of cost per unit of each move, dims (move,).
    """

    uptake: Array
    objective: float
    duals: dict[Family, Array]
    reduced_cost: Array
    status: str
    iterations: int
    residuals: Residuals | None = None
    restarted: bool = False


@dataclass(frozen=True)
class Vertex:
    """Optimum of a scaled program: point, row prices, objective and how it was found."""

    x: Array
    price: Array
    objective: float
    iterations: int
    residuals: Residuals
    restarted: bool


@dataclass
class Session:
    """One live HiGHS object on one program; costs and bounds may change between solves.

    Our own copies of costs and bounds are what answers are checked against.
    """

    program: Program
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        program = self.program
        self._hold(program)
        self._columns = np.arange(len(program.cost), dtype=np.int32)
        self._rows = np.arange(len(program.row_lower), dtype=np.int32)
        self._open()
        self.iterations = 0
        self.restarts = 0
        self.solves = 0
        self.worst: Residuals | None = None

    def _open(self) -> None:
        """Hand the program to the solver."""
        self._solver = load(self.program, self.options)

    def take(self, program: Program) -> None:
        """Hold another program of the same rows and columns; nothing is left of the last one."""
        self.program = program
        self._hold(program)
        pass_program(self._solver, program)

    def _hold(self, program: Program) -> None:
        self.cost, self.lower, self.upper = program.cost, program.lower, program.upper
        self.row_lower, self.row_upper = program.row_lower, program.row_upper

    def set_cost(self, cost: Array) -> None:
        """Replace the cost of all columns."""
        self.cost = cost
        require_good(self._solver.changeColsCost(len(cost), self._columns, cost))

    def set_columns(self, lower: Array, upper: Array) -> None:
        """Replace the bounds of all columns.

        Parameters
        ----------
        lower, upper
            Scaled bounds, dims (column,).

        Raises
        ------
        RuntimeError
            If HiGHS refuses them.
        """
        self.lower, self.upper = lower, upper
        require_good(self._solver.changeColsBounds(len(lower), self._columns, lower, upper))

    def set_rows(self, lower: Array, upper: Array) -> None:
        """Replace the limits of all rows.

        Parameters
        ----------
        lower, upper
            Scaled limits, dims (row,).

        Raises
        ------
        RuntimeError
            If HiGHS refuses them.
        """
        self.row_lower, self.row_upper = lower, upper
        require_good(self._solver.changeRowsBounds(len(lower), self._rows, lower, upper))

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replace the limits of one row.

        Parameters
        ----------
        row
            Its position in the program.
        lower, upper
            Scaled limits.

        Raises
        ------
        RuntimeError
            If HiGHS refuses them.
        """
        self.row_lower, self.row_upper = self.row_lower.copy(), self.row_upper.copy()
        self.row_lower[row], self.row_upper[row] = lower, upper
        require_good(self._solver.changeRowBounds(row, lower, upper))

    def as_given(self) -> None:
        """Let the solver neither perturb bounds nor scale: we have scaled.

        For walks by primal simplex from a point that is feasible. There is then nothing to put
        back at the end, and a tenth to a quarter of the pivots is saved; a solve that went round
        in circles is noticed by the solver.
        """
        for name in ("primal_simplex_bound_perturbation_multiplier", "simplex_scale_strategy"):
            kind = type(self._solver.getOptionValue(name)[1])
            require_good(self._solver.setOptionValue(name, kind(0)))

    def basis(self) -> Any:
        """Return the basis of the last solve."""
        return self._solver.getBasis()

    def start_from(self, basis: Any) -> None:
        """Start the next solve from a basis of this program."""
        require_good(self._solver.setBasis(basis))

    @contextmanager
    def limits_kept(self) -> Iterator[None]:
        """Put bounds and limits back afterwards, whatever was done to them."""
        columns, rows = (self.lower, self.upper), (self.row_lower, self.row_upper)
        try:
            yield
        finally:
            self.set_columns(*columns)
            self.set_rows(*rows)

    def open_cone(self, x: Array, activity: Array) -> None:
        """Bound directions instead of points: only what is reached at a point limits.

        Parameters
        ----------
        x, activity
            Columns of the point and values of its rows, scaled.
        """
        self.set_columns(
            np.where(x - self.lower <= TOUCHING, 0.0, -np.inf),
            np.where(self.upper - x <= TOUCHING, 0.0, np.inf),
        )
        self.set_rows(
            np.where(activity - self.row_lower <= TOUCHING, 0.0, -np.inf),
            np.where(self.row_upper - activity <= TOUCHING, 0.0, np.inf),
        )

    def forget(self) -> None:
        """Start the next solve from nothing: cheaper than a basis far from the next optimum."""
        require_good(self._solver.clearSolver())

    def solve(self, primal: bool = False) -> Vertex:
        """Return the verified optimum.

        A warm start can return a wrong answer, so whatever fails the check, or is reported as
        having no solution without a proof, is solved once more from nothing, with presolve the
        other way, before it is believed.

        Parameters
        ----------
        primal
            Go on by primal simplex: where nothing but costs changed since the point the solver
            stands at, that point is still feasible, and this takes a third of the time of a dual
            simplex that must first make costs fit. From nowhere, or after a change of limits, it
            can take many times as long.

        Returns
        -------
        Vertex
            In scaled units; its residuals are at most :data:`ACCEPTED`.

        Raises
        ------
        NoSolutionError
            InfeasibleError, UnboundedError, TimeLimitError or NumericalError.
        """
        self.solves += 1
        try:
            with self._by(PRIMAL if primal else DUAL):
                vertex = self._attempt(restarted=False)
        except NoSolutionError as error:
            if isinstance(error, InfeasibleError) and self._is_proven_infeasible():
                raise
            vertex = self._second_attempt()
            self.restarts += 1
        self.worst = vertex.residuals if self.worst is None else self.worst.with_(vertex.residuals)
        return vertex

    def solve_once(self) -> Vertex:
        """Return the verified optimum, where the solver finds one at the first attempt.

        Raises
        ------
        NoSolutionError
            As the solver sees it: not tried a second way, so not to be told as a finding.
        """
        self.solves += 1
        return self._attempt(restarted=False)

    def add(self, other: "Session") -> None:
        """Count what another session did for the same answer as done by this one."""
        self.solves += other.solves
        self.iterations += other.iterations
        self.restarts += other.restarts
        if other.worst is not None:
            self.worst = other.worst if self.worst is None else self.worst.with_(other.worst)

    def _is_proven_infeasible(self) -> bool:
        """Whether the solver has row prices by which we see ourselves that nothing is feasible."""
        bounds, limits = (self.lower, self.upper), (self.row_lower, self.row_upper)
        ray = self._dual_ray()
        return ray is not None and excludes_all(bounds, self.program.matrix, limits, ray)

    def _dual_ray(self) -> Array | None:
        """Return the row prices by which the solver found its program infeasible, if it has any."""
        status, known, ray = self._solver.getDualRay()
        return np.asarray(ray) if status.name == "kOk" and known else None

    def _second_attempt(self) -> Vertex:
        """Solve from nothing and by another road: with presolve if it was off, or without."""
        self.forget()
        self._set_presolve(not self.options.presolve)
        try:
            return self._attempt(restarted=True)
        finally:
            self._set_presolve(self.options.presolve)

    @contextmanager
    def _by(self, strategy: int) -> Iterator[None]:
        """Let the solver take one of its ways; dual simplex is what it takes otherwise."""
        if strategy == DUAL:
            yield
            return
        require_good(self._solver.setOptionValue("simplex_strategy", strategy))
        try:
            yield
        finally:
            require_good(self._solver.setOptionValue("simplex_strategy", DUAL))

    def _set_presolve(self, on: bool) -> None:
        require_good(self._solver.setOptionValue("presolve", "on" if on else "off"))

    def restrict_to_optima(self, vertex: Vertex) -> None:
        """Shrink the bounds to the set of all optima of the program just solved.

        Any optimum keeps each column with a reduced cost, and each row with a price, at the bound
        that this price belongs to (complementary slackness). A price on a bound that the vertex
        itself does not touch is rounding.
        """
        matrix, price = self.program.matrix, vertex.price
        paid, size = matrix.transposed_sums(price)
        reduced, terms = self.cost - paid, np.abs(self.cost) + size
        end = np.where(reduced > 0, self.lower, self.upper)
        held = (np.abs(reduced) > NO_PRICE * terms) & _touches(vertex.x, end)
        # A row's price counts if it matters in the reduced cost of any column.
        weight = np.zeros(matrix.shape[0])
        part = np.abs(matrix.value * price[matrix.row])
        np.maximum.at(weight, matrix.row, part > NO_PRICE * terms[matrix.column])
        limit = np.where(price > 0, self.row_lower, self.row_upper)
        tight = (weight > 0) & _touches(matrix.times(vertex.x), limit)
        self.set_columns(np.where(held, end, self.lower), np.where(held, end, self.upper))
        self.set_rows(
            np.where(tight, limit, self.row_lower), np.where(tight, limit, self.row_upper)
        )

    def _run(self) -> tuple[str, Array, Array, int]:
        """Let the solver run; return its status, the point, the row prices, the iterations."""
        solver = self._solver
        # HiGHS counts the time of all solves of an object against its limit.
        limit = float(solver.getRunTime()) + self.options.time_limit
        require_good(solver.setOptionValue("time_limit", limit))
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus())
        count = max(int(solver.getInfo().simplex_iteration_count), 0)
        answer = solver.getSolution()
        return status, np.asarray(answer.col_value), np.asarray(answer.row_dual), count

    def _attempt(self, restarted: bool) -> Vertex:
        status, x, price, count = self._run()
        self.iterations += count
        if status != OPTIMAL:
            raise failure(status, self.options)
        found = residuals(
            self.cost,
            (self.lower, self.upper),
            self.program.matrix,
            (self.row_lower, self.row_upper),
            x,
            price,
        )
        if not found.largest <= ACCEPTED:
            raise numerical_trouble(status, found.largest)
        return Vertex(x, price, float(self.cost @ x), count, found, restarted)


def solve(problem: LeastCost, options: Options | None = None) -> Solution:
    """Return the checked optimum of a least-cost problem in original units.

    Parameters
    ----------
    problem
        Coefficient blocks.
    options
        Solver settings.

    Raises
    ------
    NoSolutionError
        InfeasibleError, UnboundedError, TimeLimitError or NumericalError.
    """
    program = pack(problem)
    return unpack(problem, program, Session(program, options or Options()).solve())


def unpack(problem: LeastCost, program: Program, vertex: Vertex) -> Solution:
    """Return a vertex in original units.

    Parameters
    ----------
    problem
        What was packed.
    program
        Its scaled program.
    vertex
        Optimum of ``program``, under its costs or others.

    Returns
    -------
    Solution
        Objective and reduced costs are at the costs of ``problem``.
    """
    variables, uptake = problem.variables, unscaled_uptake(problem, program, vertex.x)
    duals = split_prices(problem, program, vertex.price)
    reduced = variables.cost.copy()
    for name, rows in problem.families.items():
        entries = rows.value * duals[name][rows.row]
        reduced -= np.bincount(rows.column, entries, minlength=len(variables))
    return Solution(
        uptake=uptake,
        objective=float(variables.cost @ uptake),
        duals=duals,
        reduced_cost=reduced,
        status="optimal",
        iterations=vertex.iterations,
        residuals=vertex.residuals,
        restarted=vertex.restarted,
    )


def unscaled_uptake(problem: LeastCost, program: Program, x: Array) -> Array:
    """Return the uptake of all moves [activity unit] at a point of the scaled program.

    Parameters
    ----------
    problem
        What was packed.
    program
        Its scaled program.
    x
        Scaled point, dims (column,), the moves of the program first.

    Returns
    -------
    Array
        [activity unit], dims (move,), inside the bounds of the moves; 0 for moves left out, unless
        their bounds say otherwise.
    """
    uptake = np.zeros(len(problem.variables))
    n = len(program.moves)
    kept = np.where(np.abs(x[:n]) < NOTHING, 0.0, x[:n])
    uptake[program.moves] = kept * program.column_scale[:n]
    # The solver may miss a bound by its tolerance; uptake is reported inside its bounds.
    return np.clip(uptake, problem.variables.lower, problem.variables.upper)


def split_prices(problem: LeastCost, program: Program, price: Array) -> dict[Family, Array]:
    """Return row prices in original units per family; 0 for rows that were left out.

    Parameters
    ----------
    problem
        What was packed.
    program
        Its scaled program.
    price
        Scaled row prices, dims (row of the program,).

    Returns
    -------
    dict
        Family -> change of cost per unit of each limit [unit of the cost per unit of the row], dims
        (row of the family,).
    """
    families = problem.families
    full = np.zeros(sum(len(rows) for rows in families.values()))
    full[program.rows] = price * program.cost_scale / program.row_scale
    ends = np.cumsum([len(rows) for rows in families.values()])
    return dict(zip(families, np.split(full, ends[:-1]), strict=True))


def load(program: Program, options: Options, integer: Index | None = None) -> Any:
    """Return a HiGHS object that holds a program; columns ``integer`` are whole numbers.

    Parameters
    ----------
    program
        Scaled program.
    options
        Of the solver.
    integer
        Positions of the columns that are whole numbers; None: there are none.

    Returns
    -------
    highspy.Highs
        Ready to run.

    Raises
    ------
    RuntimeError
        If HiGHS refuses an option or the program, or holds one of another size.
    """
    # Imported here: a run without optimisation needs no solver.
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    settings = {
        "output_flag": False,
        "log_to_console": False,
        "presolve": "on" if options.presolve else "off",
        # Serial dual simplex: from nowhere primal simplex takes up to 20 times as long on large
        # programs, an interior point leaves no basis to start from, and several threads give no
        # gain and no fixed order.
        "solver": "simplex",
        "simplex_strategy": DUAL,
        "parallel": "off",
        "threads": 1,
        "random_seed": 0,
        "time_limit": options.time_limit,
        "primal_feasibility_tolerance": options.tolerance,
        "dual_feasibility_tolerance": options.tolerance,
        "mip_feasibility_tolerance": options.tolerance,
        # The search for whole units goes on until nothing is left to prove.
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
    }
    for name, value in settings.items():
        require_good(solver.setOptionValue(name, value))
    pass_program(solver, program, integer)
    return solver


def pass_program(solver: Any, program: Program, integer: Index | None = None) -> None:
    """Hand a program to a solver in the place of the one it holds.

    Parameters
    ----------
    solver
        A HiGHS object.
    program, integer
        As for :func:`load`.

    Raises
    ------
    RuntimeError
        If HiGHS refuses the program, or holds one of another size.
    """
    matrix = program.matrix
    m, n = matrix.shape
    kind = np.zeros(n, dtype=np.int32)
    kind[[] if integer is None else integer] = INTEGER
    # The integrality array must have n entries: an empty one leaves an empty model behind.
    status = solver.passModel(
        n, m, len(matrix.value), ROWWISE, MINIMISE, 0.0,
        program.cost, program.lower, program.upper, program.row_lower, program.row_upper,
        matrix.starts().astype(np.int32), matrix.column.astype(np.int32), matrix.value, kind,
    )  # fmt: skip
    require_good(status)
    if (solver.getNumCol(), solver.getNumRow()) != (n, m):
        raise RuntimeError(f"HiGHS holds {solver.getNumCol()} columns, expected {n}")


def balanced(cost: Array) -> Array:
    """Return costs of which the largest is 1: the solver's tolerance then means the same for all.

    Parameters
    ----------
    cost
        Of at least one column, scaled.
    """
    size = np.abs(cost).max()
    return cost / size if size else cost


def _touches(value: Array, end: Array) -> NDArray[np.bool_]:
    """Whether a value lies at a finite bound, but for what the check of an answer lets pass."""
    finite = np.isfinite(end)
    distance = np.abs(value - np.where(finite, end, 0.0))
    return finite & (distance <= ACCEPTED * np.maximum(1.0, np.abs(value)))


def require_good(status: Any) -> None:
    """Refuse to go on after HiGHS has refused something.

    Raises
    ------
    RuntimeError
        If the status is one of an error.
    """
    if status.name == "kError":
        raise RuntimeError("HiGHS refused a model, option or change")


def failure(status: str, options: Options) -> NoSolutionError:
    """Return the error that belongs to a status of HiGHS.

    Parameters
    ----------
    status
        What HiGHS calls the state of the model.
    options
        Their time limit [s] is told.

    Returns
    -------
    NoSolutionError
        To be raised: NumericalError for any status that is not known.
    """
    if status == "Infeasible":
        return infeasible()
    if status in ("Unbounded", "Primal infeasible or unbounded"):
        return unbounded()
    if status == "Time limit reached":
        return time_limit(options.time_limit)
    return numerical_trouble(status, np.nan)
