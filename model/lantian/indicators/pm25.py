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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lantian.language import message
from lantian.vocabulary import Pollutant

Array = NDArray[np.float64]

PRECURSORS: tuple[Pollutant, ...] = ("PM2.5", "SO2", "NOx", "VOC", "NH3")
"""Order of the pollutant axis of a response: primary particles, then the gases that form them."""

REGIONAL = "regional"
"""Name of the part that the region cannot change."""

Variant = Literal["low", "central", "high"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
"""Weak, central and strong response to local emissions."""


class CalibrationError(ValueError):
    """The numbers given cannot be made to reproduce the observations."""


@dataclass(frozen=True)
class Pm25Response:
    """A calibrated linear response.

    Attributes
    ----------
    groups, pollutants
        Names along the axes.
    years
        Years of ``regional``.
    local
        Contribution in the base year [ug/m3], dims (group, pollutant).
    base_emission
        Emission in the base year [t/a], dims (group, pollutant).
    regional
        Part that the region cannot change [ug/m3], dims (year,).
    """

    groups: tuple[str, ...]
    pollutants: tuple[Pollutant, ...]
    years: tuple[int, ...]
    local: Array
    base_emission: Array
    regional: Array

    def coefficients(self) -> Array:
        """Return the slope per ton [ug/m3 per t/a], dims (group, pollutant).

        Zero where the response has no local part; these are the numbers of the linear program.
        """
        return slope(self.local, self.base_emission)

    def concentration(self, emission: Array) -> Array:
        """Return the annual mean ``C(y)`` of the module's equation.

        Parameters
        ----------
        emission
            Emission [t/a], dims (group, pollutant, year).

        Returns
        -------
        Array
            Annual mean [ug/m3], dims (year,).
        """
        local: Array = np.einsum("gp,gpy->y", self.coefficients(), emission)
        return self.regional + local

    def contributions(self, emission: Array) -> Array:
        """Return the annual mean split by group.

        The last line is the regional part; names are :meth:`contribution_names`.

        Parameters
        ----------
        emission
            Emission [t/a], dims (group, pollutant, year).

        Returns
        -------
        Array
            Annual mean [ug/m3], dims (part, year).
        """
        local = np.einsum("gp,gpy->gy", self.coefficients(), emission)
        return np.vstack([local, self.regional])

    def contribution_names(self) -> tuple[str, ...]:
        """Return the names of the lines of :meth:`contributions`."""
        return (*self.groups, REGIONAL)


def slope(local: Array, base_emission: Array) -> Array:
    """Return how much the mean changes per emission.

    Parameters
    ----------
    local
        Contribution in the base year [ug/m3], dims (group, pollutant).
    base_emission
        Emission in the base year [t/a], dims (group, pollutant); not 0 where ``local`` is not.

    Returns
    -------
    Array
        ``local / base_emission`` [ug/m3 per t/a], dims (group, pollutant); 0 where ``local`` is 0.
    """
    return np.divide(local, base_emission, out=np.zeros_like(local), where=local != 0.0)


def local_contribution(
    observed: float, local_share: float, group_share: Array, weight: Array
) -> Array:
    """Split an observed mean into its local parts.

    Parameters
    ----------
    observed
        Annual mean of the base year [ug/m3].
    local_share
        Share of it that the region's own emissions cause [1].
    group_share
        Share of each source group in the local part [1], dims (group,).
    weight
        Share of each precursor within a group's part [1], dims (group, pollutant).

    Returns
    -------
    Array
        Contribution [ug/m3], dims (group, pollutant).
    """
    return observed * local_share * group_share[:, np.newaxis] * weight


def calibrate_pm25(
    *,
    groups: Sequence[str],
    years: Sequence[int],
    base_year: int,
    observed: Mapping[int, float],
    local_share: float,
    group_share: Array,
    weight: Array,
    regional_change: Mapping[int, float],
    emission: Array,
    pollutants: Sequence[Pollutant] = PRECURSORS,
) -> Pm25Response:
    """Build the response that reproduces the observations up to the base year.

    Parameters
    ----------
    groups, pollutants, years
        Axes of ``emission``; years ascend.
    base_year
        Year of the shares.
    observed
        Observed annual means [ug/m3] by year; needed for the base year and each earlier year.
    local_share, group_share, weight
        As :func:`local_contribution`.
    regional_change
        Change of the regional part from the year before [1], for each year after the base year.
    emission
        Emission [t/a], dims (group, pollutant, year); the base year and earlier years are used.

    Returns
    -------
    Pm25Response
        Its ``regional`` is observed minus local up to the base year, and follows
        ``regional_change`` after it.

    Raises
    ------
    CalibrationError
        If shares do not add up, an observation or a change is missing, a precursor with a weight
        has no emission in the base year, or an earlier year would need a negative regional part.
    """
    _check_shares(groups, group_share, weight)
    _check_years(years, base_year, observed, regional_change)
    local = local_contribution(observed[base_year], local_share, group_share, weight)
    base_emission = np.array(emission[:, :, list(years).index(base_year)])
    _check_emission(groups, pollutants, local, base_emission)
    caused = np.einsum("gp,gpy->y", slope(local, base_emission), emission)
    regional = _regional(years, base_year, observed, regional_change, caused)
    return Pm25Response(
        tuple(groups), tuple(pollutants), tuple(years), local, base_emission, regional
    )


def _regional(
    years: Sequence[int],
    base_year: int,
    observed: Mapping[int, float],
    regional_change: Mapping[int, float],
    caused: Array,
) -> Array:
    regional = np.zeros(len(years))
    for y, year in enumerate(years):
        if year <= base_year:
            regional[y] = observed[year] - caused[y]
        else:
            regional[y] = regional[y - 1] * (1.0 + regional_change[year])
        if regional[y] < 0.0:
            raise CalibrationError(
                message(
                    "the local part of {year} ({local:.1f} ug/m3) exceeds the observed"
                    " {observed:.1f} ug/m3: lower local-share or check the emissions",
                    year=year,
                    local=caused[y],
                    observed=observed.get(year, 0.0),
                )
            )
    return regional


def _check_shares(groups: Sequence[str], group_share: Array, weight: Array) -> None:
    if not np.isclose(group_share.sum(), 1.0):
        raise CalibrationError(
            message("the group shares add up to {total:g}, not to 1", total=group_share.sum())
        )
    for name, total in zip(groups, weight.sum(axis=1), strict=True):
        if not np.isclose(total, 1.0):
            raise CalibrationError(
                message(
                    "the weights of group '{name}' add up to {total:g}, not to 1",
                    name=name,
                    total=total,
                )
            )


def _check_years(
    years: Sequence[int],
    base_year: int,
    observed: Mapping[int, float],
    regional_change: Mapping[int, float],
) -> None:
    unseen = [y for y in years if y <= base_year and y not in observed]
    unstated = [y for y in years if y > base_year and y not in regional_change]
    if unseen:
        raise CalibrationError(
            message("no observed PM2.5 of {years}", years=", ".join(map(str, unseen)))
        )
    if unstated:
        raise CalibrationError(
            message(
                "no change of the regional PM2.5 in {years}", years=", ".join(map(str, unstated))
            )
        )


def _check_emission(
    groups: Sequence[str], pollutants: Sequence[Pollutant], local: Array, base_emission: Array
) -> None:
    empty = np.argwhere((local != 0.0) & (base_emission <= 0.0))
    if empty.size:
        named = ", ".join(f"{groups[g]} {pollutants[p]}" for g, p in empty)
        raise CalibrationError(
            message(
                "no emission in the base year to respond to: {named};"
                " give the weight to another precursor or group in the table",
                named=named,
            )
        )
