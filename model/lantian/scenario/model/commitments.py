"""Commitments of a plan."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lantian.inventory.months import Season
from lantian.language import message
from lantian.parameters import units
from lantian.scenario.dates import When, Year
from lantian.scenario.model.base import Clauses, Id, Strict, Title, check_clause
from lantian.scenario.model.quantities import Level, Quantity, Usual, is_share
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Bindingness, Credit, Pollutant

TONNE = "t"
"""Unit of what a commitment with a pollutant removes."""


class Commitment(Strict):
    """What a plan says about a measure.

    Attributes
    ----------
    id
        Own name of the commitment, unique in the scenario.
    label
        What tables and charts call it; the name of its measure if there is none.
    measure
        Row of ``inputs/measures/catalogue.csv``.
    clause
        ``row_id`` of the ledger rows that it encodes.
    level
        A share (``92 %``) or an amount in the source's unit (``120 firm``).
    pollutant
        With it the level is the tonnes of this pollutant that the measure, used alone, removes.
    of
        What a share is a share of: ``available`` (activity still in the from-states), ``total``
        (final share of what the measure can act on or has acted on), ``new`` (new and replaced
        units).
    sources
        Narrows the measure to some of its sources.
    begin, deadline
        The level grows in equal steps from the first year to the deadline, and stays. With months
        (``by: 2019-10``) it grows evenly from the first day of the one to the last of the other,
        and a year counts with the share of its activity that is reached. Without a deadline it
        holds in full from the first day on.
    season
        First and last month in which it acts, where that is not all year: ``6-9``.
    profile
        Shape of the year of what it acts on, where that is not that of the source.
    schedule
        Level that counts in each year, in the place of the steps.
    credit
        ``printed``: the plan prints the level; ``parametric``: the analyst sets it;
        ``enabling``: it only raises how well rules are kept.
    low, high, note
        Range and reason of a level the plan does not print.
    """

    id: Id
    label: Title | None = None
    measure: Id
    clause: Clauses
    level: Annotated[Level, Usual(0.001, 1.0)]
    pollutant: Pollutant | None = None
    of: Literal["available", "total", "new"] | None = None
    sources: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    begin: When = Field(alias="from")
    deadline: When | None = Field(None, alias="by")
    season: Annotated[Season, Field(min_length=1)] | None = None
    profile: Id | None = None
    schedule: Annotated[dict[Year, Level] | None, Usual(0.001, 1.0)] = None
    bindingness: Bindingness
    credit: Credit
    low: Level | None = None
    high: Level | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self._check_schedule()
        check_clause(self.clause, self.note)
        if self.pollutant is not None:
            self.level.to(TONNE)
            if self.season:
                raise ValueError(message("tonnes are those of a year: they go with no season"))
        if self.is_share:
            if self.of is None:
                raise ValueError(message("a share needs 'of': available, total or new"))
        elif self.of is not None:
            raise ValueError(
                message("'of' goes with a share, not with the amount {level}", level=self.level)
            )
        if self.deadline is not None and self.deadline.ends <= self.begin.begins:
            raise ValueError(
                message("by {by} is before from {first}", by=self.deadline, first=self.begin)
            )
        if self.credit != "printed" and (self.low is None or self.high is None):
            raise ValueError(message("a level the plan does not print needs low and high"))
        if self.low is not None and self.high is not None:
            k = self.level.unit
            if not self.low.to(k) <= self.level.value <= self.high.to(k):
                raise ValueError(
                    message(
                        "low {low} <= level {level} <= high {high} fails: widen the range or mend "
                        "the level",
                        low=self.low,
                        level=self.level,
                        high=self.high,
                    )
                )
        return self

    def _check_schedule(self) -> None:
        """Note a schedule without steps, outside its dates, or of another kind than the level."""
        if self.schedule is None:
            return
        if not self.schedule:
            raise ValueError(message("a schedule without a step; leave it out, or give its years"))
        first, last = self.begin.year, self.deadline.year if self.deadline else max(self.schedule)
        for year in self.schedule:
            if not first <= year <= last:
                raise ValueError(
                    message(
                        "a step of {year} in a schedule from {first} to {last}",
                        year=year,
                        first=first,
                        last=last,
                    )
                )
        for step in self.schedule.values():
            if self.is_share or is_share(step):
                step.to(self.level.unit)

    @property
    def last_step(self) -> Quantity | None:
        """Level that the schedule ends with; None without one."""
        return self.schedule[max(self.schedule)] if self.schedule else None

    @property
    def ends_off_level(self) -> bool:
        """Whether the schedule ends at another level than that given, and no note says it."""
        step = self.last_step
        if step is None:
            return False
        if str(step) in self.note:
            return False  # it says why
        if not units.is_like(step.unit, self.level.unit):
            return False  # in another unit of the same thing, which only the region can compare
        last = step.to(self.level.unit)
        return not math.isclose(last, self.level.value, rel_tol=ROUNDING, abs_tol=ROUNDING)

    @property
    def is_share(self) -> bool:
        """Whether the level is a share (no unit) and not an amount."""
        return is_share(self.level)

    @property
    def from_year(self) -> int:
        """First year in which it acts."""
        return self.begin.year

    @property
    def by_year(self) -> int:
        """Year of the deadline."""
        return self.begin.year if self.deadline is None else self.deadline.year

    @property
    def has_month(self) -> bool:
        """Whether a date lies within a year; a schedule says itself what counts in a year."""
        dated = self.begin.month is not None or self.ends_in_month
        return self.schedule is None and dated

    @property
    def ends_in_month(self) -> bool:
        """Whether the level is reached at a date within a year, so that it grows by the month."""
        return self.schedule is None and (self.deadline or self.begin).month is not None

    def progress(self, year: int) -> float:
        """Return the share of the final level that counts in a year."""
        if self.ends_in_month:
            return float(year >= self.from_year)
        steps = self.by_year - self.from_year + 1
        return min(max((year - self.from_year + 1) / steps, 0.0), 1.0)

    def step_in(self, year: int) -> tuple[int | None, float]:
        """Return the step of the schedule that holds in a year, and the share of it reached.

        Parameters
        ----------
        year
            Calendar year.

        Returns
        -------
        int or None
            Year of the step; None without a schedule.
        float
            Share of the level [1].
        """
        if self.schedule is None:
            return None, self.progress(year)
        passed = [y for y in self.schedule if y <= year]
        return (max(passed), 1.0) if passed else (None, 0.0)
