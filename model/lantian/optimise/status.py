"""The ways in which a solve can end without an answer, each with its own message."""

from collections.abc import Mapping, Sequence

from lantian.language import Listed, Message, Spoken, message
from lantian.vocabulary import Family

MILLION = 1e6
"""Money is told in millions."""


class NoSolutionError(Exception):
    """A solve ended without an optimum.

    Attributes
    ----------
    message
        Why, in the reader's language.
    family
        Family of limits that is to blame, if any.
    measure
        Measure whose cost is to blame, if any.
    """

    def __init__(
        self, told: Message, family: Family | None = None, measure: str | None = None
    ) -> None:
        self.message = told
        self.family, self.measure = family, measure
        super().__init__(told.text())

    def __reduce__(
        self,
    ) -> tuple[type["NoSolutionError"], tuple[Message, Family | None, str | None]]:
        return type(self), (self.message, self.family, self.measure)


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


def contradictory(limits: Sequence[Spoken]) -> InfeasibleError:
    """The measures that are fixed or floored break limits, whatever the targets."""
    return InfeasibleError(
        message(
            "The committed levels contradict the limits of the measures themselves, before any "
            "target is asked for: {rows}.",
            rows=Listed(limits),
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
    """
    return NumericalError(
        message(
            "The solver's answer could not be verified, even after a cold restart (status "
            "{status}, largest residual {residual}).",
            status=status,
            residual=f"{residual:.1e}",
        )
    )


def at_odds(limits: Sequence[Spoken], family: Family | None = None) -> InfeasibleError:
    """A lower limit lies above its upper limit.

    Parameters
    ----------
    limits
        What the limits are called.
    family
        Family of the limits; None for bounds of moves.
    """
    return InfeasibleError(
        message("At least and at most contradict each other: {rows}.", rows=Listed(limits)), family
    )


def money_pump(measures: Sequence[str], earner: str) -> UnboundedError:
    """Measures that lead back to where they started and earn money on the way.

    Parameters
    ----------
    measures
        On the way round, each once.
    earner
        The one of them to blame.
    """
    return UnboundedError(
        message(
            "These measures lead round in a circle and earn money each time: {measures}. Check "
            "their costs and savings.",
            measures=Listed(measures),
        ),
        measure=earner,
    )


def budget_too_small(
    budget: float, mandatory: float, unit: str, family: Family = "budget"
) -> InfeasibleError:
    """The budget does not pay for what must be done anyway.

    Parameters
    ----------
    budget, mandatory
        Budget, and cost of what must be done [unit].
    unit
        Of both, such as yuan/a.
    family
        Family of limits that the budget is.
    """
    return InfeasibleError(
        message(
            "The budget of {budget:.6g} million {unit} is below the cost of what must be done "
            "anyway, {mandatory:.6g} million {unit}. Raise it, or commit or ask for less at least.",
            budget=budget / MILLION,
            mandatory=mandatory / MILLION,
            unit=message(unit),
        ),
        family,
    )


def ruled_out(families: Mapping[Family, Sequence[Spoken]]) -> InfeasibleError:
    """The planner's limits leave nothing.

    Parameters
    ----------
    families
        Each family of limits without which there would be a mix, with what its limits are called;
        the first is to blame.
    """
    return InfeasibleError(
        message(
            "No mix of measures satisfies the limits of this scenario; it would without: "
            "{families}.",
            families=Listed(
                message("{family} ({limits})", family=family, limits=Listed(limits))
                for family, limits in families.items()
            ),
        ),
        next(iter(families)),
    )
