"""What the optimiser is asked."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lantian.language import message
from lantian.scenario.model.base import Id, Strict
from lantian.scenario.model.quantities import (
    SOME,
    SOMETHING,
    Amount,
    Level,
    Price,
    Quantity,
    Ratio,
    Share,
    Usual,
    is_share,
)
from lantian.tolerances import ROUNDING
from lantian.vocabulary import BINDINGNESS, Bindingness, Foresight, Interface


class UptakeBound(Strict):
    """Least and most uptake of a measure in the least-cost mix.

    Attributes
    ----------
    measure, source
        On one source, or on all the measure applies to. A share then holds on each of them, an
        amount for all together.
    at_least, at_most
        A share of the eligible activity (``30 %``) or an amount in the source's unit.
    """

    measure: Id
    source: Id | None = None
    at_least: Annotated[Level | None, SOME] = None
    at_most: Annotated[Level | None, SOME] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = [level for level in (self.at_least, self.at_most) if level is not None]
        if not given:
            raise ValueError(message("a bound needs at_least, at_most or both"))
        if len({is_share(level) for level in given}) > 1:
            raise ValueError(message("at_least and at_most are both shares or both amounts"))
        if len(given) > 1 and given[0].to(given[1].unit) > given[1].value * (1 + ROUNDING):
            raise ValueError(
                message("at_least {least} is above at_most {most}", least=given[0], most=given[1])
            )
        return self

    @property
    def is_share(self) -> bool:
        """Whether the levels are shares of the eligible activity."""
        return is_share(self.at_least or self.at_most or Quantity(value=0.0, unit="%"))


class Prerequisite(Strict):
    """A measure whose share of the eligible activity is at most ``ratio`` x that of another.

    Where both act on a source, on that source; else the share of the other on all its sources.
    """

    measure: Id
    needs: Id
    ratio: Annotated[Ratio, Usual(0.01, 10.0, may_be_none=False)] = Quantity(value=100, unit="%")


class Equity(Strict):
    """Who bears the cost: no sector, or no area, more than a share of it. Savings do not count."""

    sectors: Share | None = None
    areas: Share | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.sectors is None and self.areas is None:
            raise ValueError(message("equity needs sectors, areas or both"))
        return self


class Guard(Strict):
    """Ozone: the relative cut of VOC is at least this multiple (``80 %``) of that of NOx."""

    voc_to_nox: Annotated[Ratio, Usual(0.01, 5.0, may_be_none=False)]


class ResourceUse(Strict):
    """What one measure takes of a resource.

    Attributes
    ----------
    source
        On one source, or alike on all that the measure applies to.
    amount
        Per unit of the source's activity that is moved; for a finished inventory, of full use of
        the measure on the source.
    """

    measure: Id
    source: Id | None = None
    amount: Annotated[Amount, SOMETHING]


class Resource(Strict):
    """Something that measures share, of which a year has only so much."""

    id: Id
    at_most: Amount
    uses: tuple[ResourceUse, ...]

    @model_validator(mode="after")
    def _is_used(self) -> Self:
        if not self.uses:
            raise ValueError(message("nothing draws on '{id}'", id=self.id))
        return self


class Pathway(Strict):
    """All projection years in one problem.

    Attributes
    ----------
    ramp
        The most of a measure that is added in a year, as a share of the eligible activity.
    foresight
        ``perfect``: all years at once; ``myopic``: year by year, each bound to what stands.
    """

    ramp: Annotated[Share, SOME._replace(may_be_none=False)] = Quantity(value=100, unit="%")
    foresight: Foresight = "perfect"


class WholeUnits(Strict):
    """A measure that comes in whole units of an amount (``1 firm``), or not at all.

    A share (``5 %``) is a unit of that part of the eligible activity. ``all-or-nothing``: on each
    source its whole reach, or nothing.
    """

    measure: Id
    source: Id | None = None
    unit: Annotated[Literal["all-or-nothing"] | Level, Usual(0.001, 1.0)]

    @property
    def is_share(self) -> bool:
        """Whether the unit is a share of the eligible activity."""
        return not isinstance(self.unit, str) and is_share(self.unit)


class Optimise(Strict):
    """Settings of the least-cost problem.

    Attributes
    ----------
    floor
        ``plan``: every commitment is a lower bound; ``none``: a blank sheet.
    interface
        ``highs``: arrays straight to the solver; ``pyomo``: through the algebraic model.
    reading
        ``full``: targets are asked for tier by tier, binding ones first, then approximate ones,
        then those the plan wishes for; ``strict``: only binding ones, the others are judged.
    watch
        Kinds of targets that are judged and never asked for (``[conditional, delegated]``).
    unpriced
        Measures without a price: ``exclude`` leaves them out of every mix, also where the plan
        commits them; ``hold`` keeps them at the plan's level, where they cost nothing that is told.
    relaxation_margin
        Of a target out of reach the best that can be done is told less this share of the possible
        reduction: the last 5 % of what is possible have no sane price. It acts nowhere else.
    budget
        Net annual cost of the mix at most (``3 亿元/a``).
    total_budget
        Sum of the annual costs of all years of a pathway at most (``8 亿元``).
    bounds, exclusive, requires, resources, equity, guard
        Limits on the mix. Of measures that exclude each other the shares of reach on a common
        source sum to 1 at most; measures that draw on one resource take no more than there is.
    constraints
        A Python file beside the scenario with ``def add(model, data)`` that adds constraints of
        the uptake to the Pyomo model; needs ``interface: pyomo``.
    pathway
        Couples the years; without it each target year stands alone.
    whole
        Measures that come in whole units: solved as a mixed-integer program, the linear bound and
        the gap are reported.
    """

    floor: Literal["none", "plan"] = "none"
    interface: Interface = "highs"
    reading: Literal["full", "strict"] = "full"
    watch: tuple[Bindingness, ...] = ()
    unpriced: Literal["exclude", "hold"] = "exclude"
    relaxation_margin: Annotated[Share, Usual(0.001, 0.5)] = Quantity(value=5, unit="%")
    budget: Price | None = None
    total_budget: Price | None = None
    bounds: tuple[UptakeBound, ...] = ()
    exclusive: tuple[Annotated[tuple[Id, ...], Field(min_length=2)], ...] = ()
    requires: tuple[Prerequisite, ...] = ()
    resources: tuple[Resource, ...] = ()
    equity: Equity | None = None
    guard: Guard | None = None
    constraints: str | None = None
    pathway: Pathway | None = None
    whole: tuple[WholeUnits, ...] = ()

    @property
    def watched(self) -> tuple[Bindingness, ...]:
        """Kinds of targets that are not asked for."""
        if self.reading == "strict":
            return tuple(b for b in BINDINGNESS if b != "binding")
        return self.watch

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.constraints is not None and self.interface != "pyomo":
            raise ValueError(message("user constraints need 'interface: pyomo'"))
        if self.total_budget is not None and self.pathway is None:
            raise ValueError(message("total_budget goes with a pathway; a year has a budget"))
        return self
