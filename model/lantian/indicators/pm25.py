r"""PM2.5 annual mean as a linear response to emissions, calibrated on observations.

The concentration of a year is a regional part, which the region cannot change, and one local part
per source group and precursor that follows its emission in proportion:

.. math:: C(y) = C_{reg}(y) + \sum_{g,p} C_{loc}[g, p] \, E[g, p, y] / E[g, p, b]

with base year *b* and ``C_loc[g, p] = C(b) * local_share * group_share[g] * weight[g, p]``. The
base year reproduces its observation by construction. In an earlier year with an observation the
regional part is what remains after the local part, so that year is reproduced as well; after the
base year it follows a path that the region's table states.

Where the straight line is known to fail:

- **Winter nitrate.** In NOx-rich winter air less NOx means more ozone and OH, and can mean *more*
  nitrate and PM2.5; a positive NOx coefficient then has the wrong sign. Run a sensitivity with
  the NOx weight at zero.
- **Ammonia** does little while it is in excess and more once it becomes scarce, and what NOx and
  SO2 cuts do depends on how much of it there is. A single coefficient holds for small changes.
- **Deep cuts.** The effect of a ton grows as emissions approach zero; published surfaces for the
  Beijing region are convex in that direction. The line is a tangent at the base year.
- **Weather.** Years differ by several ug/m3 without any change in emissions; the residual of a
  reference year holds that difference.
- **Place.** Group shares were apportioned for a city; a district has its own mix and is smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Fitted,
    Indicator,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.groups import COLUMNS, PRECURSORS, Grouping, grouping
from lantian.indicators.tables import (
    CONCENTRATION,
    REGIONAL,
    YEARLY,
    AirRow,
    ResponseRow,
    check_sums,
    response_of,
)
from lantian.language import message
from lantian.parameters import Numbers, QuantityTable, column
from lantian.parameters.series import OfYear
from lantian.vocabulary import GROUPS, POLLUTANTS, Pollutant

OWN = ("local-share", "group-share", "weight", YEARLY)
"""Parameters of the response that are about PM2.5."""


@dataclass(frozen=True)
class Pm25Response:
    """A calibrated linear response, the sample axis last.

    Attributes
    ----------
    years
        Years of ``regional``.
    local
        Contribution in the base year [ug/m3], dims (group, precursor, sample).
    slope
        What a ton adds [ug/m3 per t/a], dims (group, precursor, sample); 0 where ``local`` is.
    regional
        Part that the region cannot change [ug/m3], dims (year, sample).
    """

    years: tuple[int, ...]
    local: Array
    slope: Array
    regional: Array

    def contributions(self, emission: Array, years: Sequence[int]) -> Array:
        """Return the annual mean split by group; the last line is the regional part.

        Parameters
        ----------
        emission
            [t/a], dims (group, precursor, year, sample).
        years
            Calendar years along its year axis.

        Returns
        -------
        Array
            [ug/m3], dims (part, year, sample).
        """
        local = ordered_sum((self.slope[:, :, None] * emission).swapaxes(0, 1))
        regional = self.regional[[self.years.index(y) for y in years]]
        return np.concatenate([local, np.broadcast_to(regional, local.shape[1:])[None]])

    def concentration(self, emission: Array, years: Sequence[int]) -> Array:
        """Return the annual mean ``C(y)`` of the module's equation.

        Parameters
        ----------
        emission, years
            As :meth:`contributions`.

        Returns
        -------
        Array
            [ug/m3], dims (year, sample).
        """
        return ordered_sum(self.contributions(emission, years))


def local_contribution(
    observed: Array, local_share: Array, group_share: Array, weight: Array
) -> Array:
    """Split an observed mean into its local parts.

    Parameters
    ----------
    observed
        Annual mean of the base year [ug/m3], dims (sample,).
    local_share
        Share of it that the region's own emissions cause [1], dims (sample,).
    group_share
        Share of each source group in the local part, dims (group, sample); scaled to a sum of 1.
    weight
        Share of each precursor within a group's part, dims (group, precursor, sample); scaled
        likewise.

    Returns
    -------
    Array
        Contribution [ug/m3], dims (group, precursor, sample).
    """
    of_group = group_share / ordered_sum(group_share)
    of_precursor = weight / ordered_sum(weight.swapaxes(0, 1))[:, None]
    return np.asarray(observed * local_share * of_group[:, None] * of_precursor)


def calibrate_pm25(
    *,
    years: tuple[int, ...],
    base_year: int,
    later: tuple[int, ...],
    observed: Array,
    local_share: Array,
    group_share: Array,
    weight: Array,
    regional_change: Array,
    emission: Array,
) -> Pm25Response:
    """Build the response that reproduces the observations up to the base year.

    Parameters
    ----------
    years
        Years of ``emission``, ascending; the base year is one of them.
    base_year
        Year of the shares.
    later
        Every year of the model after the base year, ascending.
    observed
        Annual means [ug/m3] of the years up to the base year, dims (year, sample).
    local_share, group_share, weight
        As :func:`local_contribution`.
    regional_change
        Change of the regional part from the year before [1], dims (later year, sample).
    emission
        [t/a], dims (group, precursor, year, sample).

    Returns
    -------
    Pm25Response
        Its ``regional`` is observed minus local up to the base year, and follows
        ``regional_change`` after it. A part of a precursor that is not emitted in the base year
        has no slope.
    """
    base, past = years.index(base_year), len(observed)
    local = local_contribution(observed[base], local_share, group_share, weight)
    slope = slope_of(local, emission[:, :, base])
    caused = ordered_sum(ordered_sum(slope[:, :, None] * emission[:, :, :past]))
    before = observed - caused
    steps = np.broadcast_to(1.0 + regional_change, (len(later), *before.shape[1:]))
    path = np.multiply.accumulate(np.concatenate([before[[base]], steps]))
    after = path[[1 + later.index(y) for y in years[past:]]]
    return Pm25Response(years, local, slope, np.concatenate([before, after]))


def slope_of(local: Array, base_emission: Array) -> Array:
    """Return how much the mean changes per emission.

    Parameters
    ----------
    local
        Contribution in the base year [ug/m3], dims (group, precursor, sample).
    base_emission
        Emission in the base year [t/a], in the same dims.

    Returns
    -------
    Array
        ``local / base_emission`` [ug/m3 per t/a]; 0 where either is.
    """
    local, emission = np.broadcast_arrays(local, base_emission)
    some = (local != 0.0) & (emission > 0.0)
    slope: Array = np.divide(local, emission, out=np.zeros(local.shape), where=some)
    return slope


@dataclass(frozen=True, kw_only=True)
class Pm25Fitted(Fitted):
    """The calibrated response of a region.

    Attributes
    ----------
    groups
        Which source is in which group.
    response
        Slopes and regional part.
    """

    groups: Grouping
    response: Pm25Response

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the annual mean [ug/m3], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        grouped = self.groups.total(projection.emission)
        return self.response.concentration(grouped, projection.years)

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the mean; its constant is the regional part.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        slope, group = self.response.slope, self.groups.group
        weight = np.zeros((len(group), len(POLLUTANTS), slope.shape[-1]))
        weight[:, COLUMNS] = slope[group]
        return [Row(weight, self.response.regional[self.response.years.index(year)])]

    def parts(self, projection: Projection) -> Parts:
        """Return the mean, what each group adds and the regional part [ug/m3].

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        grouped = self.groups.total(projection.emission)
        parts = self.response.contributions(grouped, projection.years)
        return Parts((TOTAL, *GROUPS, REGIONAL), np.concatenate([ordered_sum(parts)[None], parts]))


@dataclass(frozen=True, kw_only=True)
class Pm25Declared(Declared):
    """Numbers of the response.

    Attributes
    ----------
    groups
        Which source is in which group.
    base_year
        Year of the shares.
    past, later
        Years of the model up to the base year, and after it.
    observed
        Annual mean [ug/m3], dims (past year,).
    local_share, group_share, weight
        As :func:`local_contribution`, without the sample axis.
    regional_change
        Change from the year before [1], dims (later year,).
    table
        Where faults of the calibration are told.
    """

    groups: Grouping
    base_year: int
    past: tuple[int, ...]
    later: tuple[int, ...]
    observed: Numbers
    local_share: Numbers
    group_share: Numbers
    weight: Numbers
    regional_change: Numbers
    table: str = field(repr=False)

    def fit(self, theta: Array, baseline: Projection) -> Pm25Fitted:
        """Calibrate on the baseline, whose base year is reproduced.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        emission = self.groups.total(baseline.emission)
        response = self._response(theta, baseline.years, emission)
        base = emission[:, :, baseline.year(self.base_year)]
        empty = _empty(response.local, base).any(axis=(0, 1))
        impossible = np.logical_or((response.regional < 0.0).any(axis=0), empty)
        return Pm25Fitted(groups=self.groups, response=response, impossible=impossible)

    def _response(self, theta: Array, years: tuple[int, ...], emission: Array) -> Pm25Response:
        past = [self.past.index(y) for y in years if y <= self.base_year]
        return calibrate_pm25(
            years=years,
            base_year=self.base_year,
            later=self.later,
            observed=self.observed[past](theta),
            local_share=self.local_share(theta),
            group_share=self.group_share(theta),
            weight=self.weight(theta),
            regional_change=self.regional_change(theta),
            emission=emission,
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note precursors with nothing to respond to, and a local part above an observation.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        place, emission = Place(self.table), self.groups.total(baseline.emission)
        response = self._response(theta, baseline.years, emission)
        empty = np.argwhere(
            _empty(response.local, emission[:, :, baseline.year(self.base_year)])[..., 0]
        )
        if empty.size:
            problems.add(
                place,
                message(
                    "no emission in the base year to respond to: {named};"
                    " give the weight to another precursor or group in the table.",
                    named=", ".join(f"{GROUPS[g]} {PRECURSORS[p]}" for g, p in empty),
                ),
            )
            return
        observed = self.observed(theta)[:, 0]
        for year, seen, regional in zip(
            self.past, observed, response.regional[: len(self.past), 0], strict=True
        ):
            if regional < 0.0:
                problems.add(
                    place,
                    message(
                        "the local part of {year} ({local:.1f} ug/m3) exceeds the observed"
                        " {observed:.1f} ug/m3: lower local-share or check the emissions.",
                        year=year,
                        local=seen - regional,
                        observed=seen,
                    ),
                )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the precursors."""
        return PRECURSORS


def _empty(local: Array, base_emission: Array) -> NDArray[np.bool_]:
    """Tell where a part of the mean has no emission to respond to, dims as the arguments."""
    return np.asarray((local != 0.0) & (base_emission <= 0.0))


class Pm25(Indicator):
    """Annual mean of PM2.5."""

    def declare(self, context: Context) -> Pm25Declared | None:
        """Take observations, shares, weights and the path of the regional part.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        response = response_of(context)
        if not any(row.parameter in OWN for row in response.rows):
            return None
        air: QuantityTable[AirRow] = context.tables.read("air", AirRow)
        past = tuple(y for y in context.years if y <= context.base_year)
        later = tuple(y for y in context.years if y > context.base_year)
        shares = _numbers(response, "group-share", group=GROUPS)
        weight = _numbers(response, "weight", group=column(GROUPS), pollutant=PRECURSORS)
        local = _numbers(response, "local-share")
        central = context.space.central()
        check_sums(shares(central)[None, :, 0], "group-share", [""], response)
        check_sums(weight(central)[..., 0], "weight", GROUPS, response)
        return Pm25Declared(
            groups=grouping(context.sources),
            base_year=context.base_year,
            past=past,
            later=later,
            observed=air.numbers(CONCENTRATION, indicator=self.id, year=past),
            local_share=local,
            group_share=shares,
            weight=weight,
            regional_change=_numbers(response, YEARLY, year=later),
            table=response.file,
            ranged=local.slots,
        )


def _numbers(table: OfYear[ResponseRow], parameter: str, **keys: object) -> Numbers:
    every: dict[str, Any] = {"group": "", "pollutant": "", "year": None, **keys}
    return table.numbers("1", parameter=parameter, **every)


INDICATOR = Pm25(
    id="pm25",
    unit=CONCENTRATION,
    order=1,
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=message("a response of the region to its emissions"),
    remedy=message("A region has it in air.csv and response.csv; a finished inventory has none."),
)
