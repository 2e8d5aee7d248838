"""The ways in which a solve can end without an answer, each with its own message."""

from lantian.language import Message, Names, message

MILLION = 1e6
"""Money is told in millions."""


class NoSolutionError(Exception):
    """A solve ended without an optimum; ``message`` says why in the reader's language.

    ``about`` is what is to blame, if it is known: a key of the scenario's ``optimise`` part, or a
    measure.
    """

    def __init__(self, told: Message, about: str = "") -> None:
        self.message = told
        self.about = about
        super().__init__(told.text())

    def __reduce__(self) -> tuple[type["NoSolutionError"], tuple[Message, str]]:
        return type(self), (self.message, self.about)


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
    """The answer could not be verified.

    Parameters
    ----------
    status
        What the solver said.
    residual
        Largest violation found by our own check.

    Returns
    -------
    NumericalError
        To be raised.
    """
    return NumericalError(
        message(
            "The solver's answer could not be verified, even after a cold restart (status "
            "{status}, largest residual {residual}).",
            status=status,
            residual=f"{residual:.1e}",
        )
    )


def at_odds(rows: list[str], about: str = "") -> InfeasibleError:
    """A lower limit lies above its upper limit.

    Parameters
    ----------
    rows
        Names of the limits.
    about
        Family of the limits; blank for bounds of moves.

    Returns
    -------
    InfeasibleError
        To be raised.
    """
    return InfeasibleError(
        message("At least and at most contradict each other: {rows}.", rows="; ".join(rows)), about
    )


def money_pump(measures: list[str], earner: str) -> UnboundedError:
    """Measures that lead back to where they started and earn money on the way.

    Parameters
    ----------
    measures
        On the way round, each once.
    earner
        The one of them to blame.

    Returns
    -------
    UnboundedError
        To be raised.
    """
    return UnboundedError(
        message(
            "These measures lead round in a circle and earn money each time: {measures}. Check "
            "their costs and savings.",
            measures=Names(measures),
        ),
        earner,
    )


def budget_too_small(
    budget: float, mandatory: float, unit: str, about: str = "budget"
) -> InfeasibleError:
    """The budget does not pay for what must be done anyway.

    Parameters
    ----------
    budget, mandatory
        Budget, and cost of what must be done [unit].
    unit
        Of both, such as yuan/a.
    about
        Key of the scenario that sets the budget.

    Returns
    -------
    InfeasibleError
        To be raised.
    """
    return InfeasibleError(
        message(
            "The budget of {budget:.6g} million {unit} is below the cost of what must be done "
            "anyway, {mandatory:.6g} million {unit}. Raise it, or commit or ask for less at least.",
            budget=budget / MILLION,
            mandatory=mandatory / MILLION,
            unit=message(unit),
        ),
        about,
    )


def ruled_out(families: list[str], about: str) -> InfeasibleError:
    """The planner's own limits leave nothing.

    Parameters
    ----------
    families
        Each family of limits without which there would be a mix, as a text.
    about
        Family to blame.

    Returns
    -------
    InfeasibleError
        To be raised.
    """
    return InfeasibleError(
        message(
            "No mix of measures satisfies the limits of this scenario; it would without: "
            "{families}.",
            families="; ".join(families),
        ),
        about,
    )
