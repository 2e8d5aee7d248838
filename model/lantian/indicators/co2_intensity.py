"""CO2 per unit of gross domestic product: what is emitted in the region over what it produces.

Both are of the same year. The product is the driver ``gdp`` of the region, at constant prices;
what is emitted elsewhere for power and heat that the region draws is not in it.
"""

from dataclasses import dataclass

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
from lantian.inventory.region import DriverRow
from lantian.language import message
from lantian.parameters import Numbers
from lantian.parameters.series import by_series, fill
from lantian.vocabulary import POLLUTANTS, Pollutant

CO2 = POLLUTANTS.index("CO2")
GDP = "gdp"
"""The driver."""
MONEY = "wan_yuan"


@dataclass(frozen=True, kw_only=True)
class IntensityFitted(Fitted):
    """Emission over product, the sample axis last.

    Attributes
    ----------
    years
        Years of ``product``.
    product
        Gross domestic product [10^4 yuan], dims (year, sample).
    sources
        Length of the source axis.
    """

    years: tuple[int, ...]
    product: Array
    sources: int

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return CO2 per product [t per 10^4 yuan], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        own = [self.years.index(y) for y in projection.years]
        return ordered_sum(projection.emission[:, CO2]) / self.product[own]

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the intensity: the product is given, so it is linear in emissions.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        product = self.product[self.years.index(year)]
        weight = np.zeros((self.sources, len(POLLUTANTS), len(product)))
        weight[:, CO2] = 1.0 / product
        return [Row(weight, np.zeros(len(product)))]

    def parts(self, projection: Projection) -> Parts:
        """Return the intensity [t per 10^4 yuan]; it is told as a whole.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return Parts((TOTAL,), self.value(projection, Subject())[None])


@dataclass(frozen=True, kw_only=True)
class IntensityDeclared(Declared):
    """Product of every year of the model [10^4 yuan], dims (year,)."""

    years: tuple[int, ...]
    product: Numbers
    sources: int

    def fit(self, theta: Array, baseline: Projection) -> IntensityFitted:
        """Return the product of every year; emissions need no calibration.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return IntensityFitted(years=self.years, product=self.product(theta), sources=self.sources)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return CO2."""
        return (POLLUTANTS[CO2],)


class Intensity(Indicator):
    """CO2 per unit of gross domestic product."""

    def declare(self, context: Context) -> IntensityDeclared | None:
        """Take the product from the region's drivers.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        table = context.tables.read("drivers", DriverRow)
        rows = by_series(table.select(driver=GDP)).get((GDP,), [])
        filling = fill([row.year for row in rows], context.years)
        if filling is None:
            return None
        product = filling.numbers([table.taken(row, MONEY) for row in rows])
        return IntensityDeclared(
            years=context.years,
            product=product,
            sources=len(context.sources),
            ranged=product.slots,
        )


INDICATOR = Intensity(
    id="co2-intensity",
    unit=f"t/{MONEY}",
    order=4,
    harmful=True,
    requires={"drivers": DriverRow},
    asks_for=message("GDP"),
    remedy=message("Add rows of the driver 'gdp' to drivers.csv of the region, in yuan."),
)
