"""Samples, distributions, correlation, robust mixes and alternatives to the least cost."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from lantian.language import message
from lantian.parameters.distributions import read_distribution
from lantian.scenario.model.base import Number, Strict, Truth
from lantian.scenario.model.overrides import Pick
from lantian.scenario.model.quantities import Quantity, Share, Usual
from lantian.scenario.sizes import MOST_SAMPLES, MOST_SEARCHED
from lantian.tolerances import ROUNDING

Sampling = Literal["monte-carlo", "latin-hypercube", "sobol"]
"""Ways of drawing sets of numbers."""


def _a_distribution(text: str) -> str:
    read_distribution(text)
    return text


class Distributed(Pick):
    """Numbers with another distribution.

    Attributes
    ----------
    distribution
        As a table may write it: ``uniform``, ``discrete 10:0.3 20:0.7``.
    """

    distribution: Annotated[str, AfterValidator(_a_distribution)]


class Correlated(Strict):
    """Groups of numbers that vary neither alike nor independently.

    Attributes
    ----------
    between
        Names of groups: of ``groups``, or of the column ``correlation`` of a table.
    matrix
        Correlation of each with each, of the normal deviates that stand for them.
    """

    between: Annotated[tuple[str, ...], Field(min_length=2)]
    matrix: tuple[tuple[Annotated[Number, Field(ge=-1, le=1)], ...], ...]

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        import numpy as np

        n = len(self.between)
        if len(set(self.between)) < n:
            raise ValueError(message("a group is named twice"))
        if len(self.matrix) != n or any(len(row) != n for row in self.matrix):
            raise ValueError(message("a matrix of {n} groups has {n} rows of {n}", n=n))
        own = np.array(self.matrix)
        if (own != own.T).any() or (np.diag(own) != 1.0).any():
            raise ValueError(
                message("a correlation matrix is symmetric, with ones on its diagonal")
            )
        if np.linalg.eigvalsh(own).min() < -ROUNDING:
            raise ValueError(
                message(
                    "no quantities can be correlated like this: the matrix has a negative"
                    " eigenvalue"
                )
            )
        return self


class Uncertainty(Strict):
    """What a run tells about how sure its answers are.

    Attributes
    ----------
    swings
        Whether it projects every number at both ends of its range.
    method
        How sets of numbers are drawn.
    seed
        The same seed gives the same sets.
    distributions
        Numbers with other distributions than range and basis give.
    groups
        Named groups of numbers that vary together.
    correlations
        How groups vary with each other.
    """

    swings: Truth = Field(True, description="Project every number at both ends of its range")
    method: Sampling = Field("monte-carlo", description="How sets of numbers are drawn")
    seed: Annotated[int, Field(ge=0, strict=True)] = Field(1, description="Same seed, same sets")
    distributions: tuple[Distributed, ...] = Field(
        (), description="Numbers with another distribution: {cost: dust-net, distribution: uniform}"
    )
    groups: dict[str, Annotated[tuple[Pick, ...], Field(min_length=1)]] = Field(
        {}, description="Groups of numbers that vary together"
    )
    correlations: tuple[Correlated, ...] = Field((), description="How groups vary with each other")


class Robust(Strict):
    """Mixes that hold when numbers differ.

    Attributes
    ----------
    samples
        Random sets of numbers of the search; 10,000 others check what it finds.
    probabilities
        With which each target is to hold.
    optima
        Random sets of numbers of each of which the optimum is found.
    """

    samples: Annotated[int, Field(ge=40, le=MOST_SEARCHED, strict=True)] = Field(
        500, description="Random sets of numbers of the search"
    )
    probabilities: Annotated[tuple[Share, ...], Field(min_length=1), Usual(0.05, 1.0)] = Field(
        tuple(Quantity(value=p, unit="%") for p in (50, 60, 70, 80, 90, 95, 99)),
        description="With which each target is to hold",
    )
    optima: Annotated[int, Field(ge=0, le=MOST_SAMPLES, strict=True)] = Field(
        500, description="Random sets of numbers of each of which the optimum is found"
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not all(0.0 < p.to("") < 1.0 for p in self.probabilities):
            raise ValueError(message("a probability lies between 0 and 100 %, both excluded"))
        return self

    @property
    def asked(self) -> tuple[float, ...]:
        """Probabilities [1], ascending."""
        return tuple(sorted({round(p.to(""), 12) for p in self.probabilities}))


class OtherPlans(Strict):
    """Whole plans that cost little more than the least.

    Attributes
    ----------
    within
        By how much they may cost more.
    """

    within: Annotated[tuple[Share, ...], Field(min_length=1), Usual(0.001, 1.0)] = Field(
        tuple(Quantity(value=p, unit="%") for p in (1, 5, 10)),
        description="By how much they may cost more than the least",
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not all(0.0 < p.to("") <= 1.0 for p in self.within):
            raise ValueError(message("an allowance lies above 0 and is 100 % at most"))
        return self

    @property
    def asked(self) -> tuple[float, ...]:
        """Allowances [1], ascending."""
        return tuple(sorted({round(p.to(""), 12) for p in self.within}))
