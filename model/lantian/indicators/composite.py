r"""Composite index: what each of six concentrations is of its limit, added up.

.. math:: I = \sum_i w_i C_i / S_i

The ranking rule of 2014 has weights of one, annual means of SO2, NO2, PM10 and PM2.5 over their
limits of the year, the 95th percentile of CO over its limit of the day and the 90th percentile of
ozone over that of 8 hours. It is linear in emissions as long as ozone is a path that is given;
with an isopleth it is judged after the solve. The weights of 2026 are not confirmed: indices of
the two standards do not compare.
"""

from dataclasses import dataclass, replace

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
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
from lantian.indicators.six import (
    INDICATOR_OF,
    Six,
    declared_six,
    fit_six,
    pollutants_of,
    ranged_slots,
)
from lantian.indicators.tables import AirRow, ResponseRow
from lantian.language import Message, message
from lantian.standards.aqi import index_weights
from lantian.standards.tables import SIX, Standard
from lantian.vocabulary import Pollutant

OZONE = SIX.index("O3")


@dataclass(frozen=True, kw_only=True)
class CompositeFitted(Fitted):
    """The six with the standard that weighs them."""

    six: Six
    standard: Standard

    def _terms(self, projection: Projection) -> Array:
        """Return what each of the six adds [1], dims (pollutant, year, sample)."""
        weight = np.array([index_weights(self.standard, y) for y in projection.years]).T
        return weight[..., None] * self.six.levels(projection)

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the index [1], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return ordered_sum(self._terms(projection))

    def rows(self, subject: Subject, year: int) -> list[Row] | None:
        """Return the row of the index: those of five concentrations, and ozone as a constant.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        share = index_weights(self.standard, year)
        ozone = self.six.given_ozone(year)
        if ozone is None:
            return None
        rows = [
            (w, row)
            for p, (w, own) in enumerate(zip(share, self.six.fitted, strict=True))
            if p != OZONE
            for row in own.rows(Subject(), year) or ()
        ]
        weight = np.asarray(sum(w * row.weight for w, row in rows))
        constant = np.asarray(sum(w * row.constant for w, row in rows) + share[OZONE] * ozone)
        return [Row(weight, constant)]

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return what ozone adds, and where it is taken from.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return message(
            "{part:.2f} of it is ozone: {path}",
            part=float(self._terms(projection.at(year))[OZONE, 0, 0]),
            path=self.six.ozone.told(projection, subject, year),
        )

    def parts(self, projection: Projection) -> Parts:
        """Return the index and what each of the six adds [1].

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        terms = self._terms(projection)
        names = tuple(INDICATOR_OF[p] for p in SIX)
        return Parts((TOTAL, *names), np.concatenate([ordered_sum(terms)[None], terms]))


@dataclass(frozen=True, kw_only=True)
class CompositeDeclared(Declared):
    """The six with their numbers, and the standard that weighs them."""

    six: tuple[Declared, ...]
    standard: Standard

    def fit(self, theta: Array, baseline: Projection) -> CompositeFitted:
        """Calibrate the six on the baseline.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        six = fit_six(self.six, theta, baseline)
        return CompositeFitted(six=six, standard=self.standard, impossible=six.impossible)

    def under(self, standard: Standard) -> "CompositeDeclared":
        """Return the index with the limits and weights of another standard.

        Parameters
        ----------
        standard
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return replace(self, standard=standard)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return what the six rest on."""
        return pollutants_of(self.six)


class Composite(Indicator):
    """Composite index of the six pollutants."""

    def declare(self, context: Context) -> CompositeDeclared | None:
        """Take the six; their numbers are all there is.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        standard, six = context.standards.get(context.standard), declared_six(context)
        if standard is None or six is None:
            return None
        return CompositeDeclared(six=six, standard=standard, ranged=ranged_slots(six))


SIX_ASKED = message("levels of all six pollutants and tables of the standard")
SIX_REMEDY = message(
    "A region has the levels in air.csv and response.csv, a project the standards in"
    " inputs/standards; a finished inventory has none."
)

INDICATOR = Composite(
    id="composite-index",
    unit="1",
    order=11,
    harmful=True,
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=SIX_ASKED,
    remedy=SIX_REMEDY,
)
