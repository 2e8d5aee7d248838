"""The program whose optimum an answer is, kept so that it can be written, read and proved."""

from dataclasses import dataclass, field, replace

from lantian.names import Names, of_ids
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program
from lantian.optimise.solve.highs import Session


@dataclass(frozen=True)
class Solved:
    """A program as it was solved last.

    Attributes
    ----------
    problem
        Blocks that it was packed from: they tell what columns and rows are about.
    program
        With the limits as they stood: relaxed where targets are out of reach.
    counters
        What the columns of whole numbers count: the last ones of the program, and its last rows
        tie them to the uptake.
    """

    problem: LeastCost
    program: Program
    counters: Names = field(default_factory=lambda: of_ids(()))


def as_solved(problem: LeastCost, session: Session) -> Solved:
    """Return the program of a session with its bounds and limits as they stand.

    Parameters
    ----------
    problem
        What the program was packed from.
    session
        After the last question; its cost may be that of another.
    """
    program = replace(
        session.program,
        lower=session.lower,
        upper=session.upper,
        row_lower=session.row_lower,
        row_upper=session.row_upper,
    )
    return Solved(problem, program)
