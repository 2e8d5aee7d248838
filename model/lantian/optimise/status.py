"""The ways in which a solve can end without an answer, each with its own message."""

from lantian.language import Message, message


class NoSolutionError(Exception):
    """A solve ended without an optimum; ``message`` says why in the reader's language."""

    def __init__(self, told: Message) -> None:
        self.message = told
        super().__init__(told.text())

    def __reduce__(self) -> tuple[type["NoSolutionError"], tuple[Message]]:
        return type(self), (self.message,)


class InfeasibleError(NoSolutionError):
    """No mix of measures satisfies all limits."""


class UnboundedError(NoSolutionError):
    """Cost can fall without limit."""


class TimeLimitError(NoSolutionError):
    """The solver ran out of time."""


class NumericalError(NoSolutionError):
    """The solver failed, or its answer failed our own check twice."""


def infeasible() -> InfeasibleError:
    """No mix satisfies the limits."""
    return InfeasibleError(message("No mix of measures satisfies all limits at once."))


def contradictory(rows: list[str]) -> InfeasibleError:
    """The measures that are fixed or floored break limits, whatever the targets."""
    return InfeasibleError(
        message(
            "The committed levels contradict the limits of the measures themselves, before any "
            "target is asked for: {rows}.",
            rows=", ".join(rows),
        )
    )


def unbounded() -> UnboundedError:
    """Cost can fall without limit."""
    return UnboundedError(
        message("The cost can fall without limit: a measure that saves money has no upper bound.")
    )


def time_limit(seconds: float) -> TimeLimitError:
    """The solver ran out of time."""
    return TimeLimitError(
        message("The solver stopped at its time limit of {seconds} s.", seconds=seconds)
    )


def numerical_trouble(status: str, residual: float) -> NumericalError:
    """The answer could not be verified."""
    return NumericalError(
        message(
            "The solver's answer could not be verified, even after a cold restart (status "
            "{status}, largest residual {residual}).",
            status=status,
            residual=f"{residual:.1e}",
        )
    )
