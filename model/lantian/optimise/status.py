"""The ways in which a solve can end without an answer, each with its own message."""

from lantian.language import Message, message


class NoSolution(Exception):
    """A solve ended without an optimum; ``message`` says why in the reader's language."""

    def __init__(self, told: Message) -> None:
        self.message = told
        super().__init__(told.text())

    def __reduce__(self) -> tuple[type["NoSolution"], tuple[Message]]:
        return type(self), (self.message,)


class Infeasible(NoSolution):
    """No mix of measures satisfies all limits."""


class Unbounded(NoSolution):
    """Cost can fall without limit."""


class TimeLimit(NoSolution):
    """The solver ran out of time."""


class NumericalTrouble(NoSolution):
    """The solver failed, or its answer failed our own check twice."""


def infeasible() -> Infeasible:
    """No mix satisfies the limits."""
    return Infeasible(message("No mix of measures satisfies all limits at once."))


def contradictory(rows: list[str]) -> Infeasible:
    """The measures that are fixed or floored break limits, whatever the targets."""
    return Infeasible(
        message(
            "The committed levels contradict the limits of the measures themselves, before any "
            "target is asked for: {rows}.",
            rows=", ".join(rows),
        )
    )


def unbounded() -> Unbounded:
    """Cost can fall without limit."""
    return Unbounded(
        message("The cost can fall without limit: a measure that saves money has no upper bound.")
    )


def time_limit(seconds: float) -> TimeLimit:
    """The solver ran out of time."""
    return TimeLimit(
        message("The solver stopped at its time limit of {seconds} s.", seconds=seconds)
    )


def numerical_trouble(status: str, residual: float) -> NumericalTrouble:
    """The answer could not be verified."""
    return NumericalTrouble(
        message(
            "The solver's answer could not be verified, even after a cold restart (status "
            "{status}, largest residual {residual}).",
            status=status,
            residual=f"{residual:.1e}",
        )
    )
