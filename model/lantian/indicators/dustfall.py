r"""Dustfall as a linear response to the district's coarse dust.

.. math:: D(y) = b + s \, E_{TSP}(y)

The background *b* (dust from outside and from the ground) is a share of the base year's level and
stays; the slope *s* follows from the base year: ``s = (D(base) - b) / E_TSP(base)``. No published
slope or background was found for Chinese districts, so both are assumptions with a range. A
dust-storm spring changes the level by more than most plans do; the response leaves that out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.indicators.pm25 import CalibrationError
from lantian.language import message

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DustfallResponse:
    """A calibrated dustfall response.

    Attributes
    ----------
    background
        Part that does not follow local dust [t/(km2 month)].
    slope
        Dustfall per emission [t/(km2 month) per t/a of TSP].
    """

    background: float
    slope: float

    def level(self, emission: Array) -> Array:
        """Return the dustfall.

        Parameters
        ----------
        emission
            TSP of the dust sources [t/a], dims (year,).

        Returns
        -------
        Array
            Dustfall ``D(y) = b + s * E_TSP(y)`` [t/(km2 month)], dims (year,).
        """
        return self.background + self.slope * emission

    def contributions(self, emission: Array) -> Array:
        """Return local part and background.

        Parameters
        ----------
        emission
            TSP of the dust sources [t/a], dims (year,).

        Returns
        -------
        Array
            Dustfall [t/(km2 month)], dims (part, year): the local part, then the background.
        """
        return np.vstack([self.slope * emission, np.full_like(emission, self.background)])

    def coefficients(self) -> float:
        """Return the slope [t/(km2 month) per t/a of TSP] for the linear program."""
        return self.slope


def calibrate_dustfall(
    base_level: float, background_share: float, base_emission: float
) -> DustfallResponse:
    """Build the response that gives the level of the base year.

    Parameters
    ----------
    base_level
        Dustfall of the base year [t/(km2 month)].
    background_share
        Share of it that local dust does not cause [1].
    base_emission
        TSP of the dust sources in the base year [t/a].

    Returns
    -------
    DustfallResponse
        With ``b = level * share`` and ``s = (level - b) / emission``.

    Raises
    ------
    CalibrationError
        If the share is outside 0..1, or there is no dust emission to respond to.
    """
    if not 0.0 <= background_share <= 1.0:
        raise CalibrationError(
            message("background share {share:g} is not between 0 and 1", share=background_share)
        )
    if base_emission <= 0.0:
        raise CalibrationError(
            message("no dust emission in the base year for the dustfall to follow")
        )
    background = base_level * background_share
    return DustfallResponse(background, (base_level - background) / base_emission)
