"""Economics, air from outside, credit and finished inventories."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from lantian.language import message
from lantian.parameters.money import Exchange, currency_name
from lantian.parameters.units import UnitError
from lantian.scenario.dates import Year
from lantian.scenario.model.base import Id, KeyFaultError, KnownPollutant, Strict, Truth, some
from lantian.scenario.model.quantities import SOME, Amount, Measured, Quantity, Rate, Rise, Usual
from lantian.vocabulary import CONVERGING, CURRENCIES, YUAN, Case, Harmonising, Reading

Currency = Annotated[
    str,
    AfterValidator(currency_name),
    Field(json_schema_extra={"enum": [YUAN, "CNY", *CURRENCIES]}),
]


def _dated(given: Any) -> str:
    """Tell whether a price is one, or one for each of some years."""
    return "dated" if isinstance(given, dict) and "value" not in given else "one"


CarbonPrice = Annotated[
    Annotated[Amount, Tag("one")]
    | Annotated[dict[Year, Amount], Field(min_length=1), Tag("dated")],
    Discriminator(_dated),
]


class Economics(Strict):
    """How money is counted.

    Attributes
    ----------
    currency
        Of all results: ``yuan``, or a code of ISO 4217.
    rates
        What one unit of another currency is worth, such as ``{EUR: 7.8 yuan}``.
    carbon_price
        Of a tonne of CO2.
    inflation
        What prices rise by in each year after the last whose price level is known.
    """

    currency: Currency = YUAN
    price_year: Year
    discount_rate: Annotated[Rate, SOME]
    inflation: Annotated[Rise | None, Usual(0.0005, 0.3)] = None
    rates: dict[Currency, Measured] = Field(default_factory=dict)
    carbon_price: CarbonPrice | None = Field(
        None,
        description="Price of a tonne of CO2, or one for each of some years: straight lines"
        " between them, the last one holds on, none before the first",
    )

    @model_validator(mode="after")
    def _worth(self) -> Self:
        for name, rate in self.rates.items():
            if name == self.currency:
                raise KeyFaultError("rates", message("{name} is the currency itself", name=name))
            try:
                worth = rate.to(self.currency)
            except UnitError as error:
                raise KeyFaultError("rates", error.args[0]) from error
            if worth <= 0:
                raise KeyFaultError("rates", message("a rate of {rate} is not positive", rate=rate))
        return self

    def carbon_prices(self, first: int) -> dict[int, Quantity]:
        """Return the price of CO2 by year, from a first year on where it has none; may be none."""
        given = self.carbon_price
        if given is None:
            return {}
        return dict(given) if isinstance(given, dict) else {first: given}

    @property
    def exchange(self) -> Exchange:
        """Rates into the currency."""
        rates = {name: rate.to(self.currency) for name, rate in self.rates.items()}
        return Exchange(self.currency, rates)


class Air(Strict):
    """What is said of the air that the plan does not make.

    Attributes
    ----------
    in_step
        Whether the rest of a district's city cuts as the district does. A scenario with a target on
        a mean that the city makes part of must say so.
    outside
        What the part from outside follows after the base year: the stated ``path``, or what was
        ``observed`` around (a hindcast).
    """

    in_step: Truth | None = Field(
        None, description="Whether the rest of the city cuts as the district does"
    )
    outside: Literal["path", "observed"] = "path"


class Credited(Strict):
    """Which commitments without a printed level count in the plan."""

    parametric: Truth = True
    enabling: Truth = True


class Finished(Strict):
    """A finished inventory in place of a region: tables beside the scenario file.

    ``transfer`` says what the sources add to the concentrations at receptors, ``growth`` what they
    follow after their last own year, ``catalogue`` which of our sources they are, so that our
    measures can be used on them, ``totals`` what is known of years without an inventory.
    """

    inventory: Id
    measures: Id
    transfer: Id | None = None
    growth: Id | None = None
    catalogue: Id | None = None
    totals: Id | None = None


class Harmonise(Strict):
    """Emissions that are brought to totals which are known, and how the correction goes on.

    Attributes
    ----------
    pollutants
        Each to its own total of the region's table ``totals``.
    sectors
        Together to the sum of their totals; all that no other entry names by default.
    year
        Of the totals: the base year by default, or a reference year.
    method
        As in :func:`lantian.equations.harmonise`.
    until
        Year in which a converging method has come back to the inventory.
    """

    pollutants: Annotated[tuple[KnownPollutant, ...], AfterValidator(some)]
    sectors: Annotated[tuple[Id, ...], AfterValidator(some)] | None = None
    year: Year | None = None
    method: Harmonising = "ratio"
    until: Year | None = None

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if (self.method in CONVERGING) != (self.until is not None):
            raise ValueError(
                message(
                    "{names} need until (a year), and only they do", names=", ".join(CONVERGING)
                )
            )
        return self


class Health(Strict):
    """Deaths that less PM2.5 avoids, by several published functions side by side.

    Attributes
    ----------
    value_of_life, low, high
        Value of a statistical life in prices of the scenario (``476 万元``), and its range;
        without it nothing is put into money.
    """

    value_of_life: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        given = [self.value_of_life, self.low, self.high]
        if any(x is None for x in given) and any(x is not None for x in given):
            raise ValueError(message("value_of_life, low and high go together"))
        value, low, high = given
        if value is not None and low is not None and high is not None:
            unit = value.unit
            if not low.to(unit) <= value.value <= high.to(unit):
                raise ValueError(
                    message(
                        "low {low} <= value {value} <= high {high} fails",
                        low=low,
                        value=value,
                        high=high,
                    )
                )
        return self


class StartsFrom(Strict):
    """Another scenario whose end is the start of this one.

    Attributes
    ----------
    scenario
        Its file, from the folder of the file that names it.
    case
        Which of its cases or readings leaves what this one begins with.
    year
        The year of it: the base year of this one.
    recounted
        Sources that begin with rows of the region all the same, because they were counted anew.
        Of a fleet the number of vehicles is then its own, and their age and kind as they were left.
    """

    scenario: Id
    case: Case | Reading = "plan"
    year: Year
    recounted: tuple[Id, ...] = ()
