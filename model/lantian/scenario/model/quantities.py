"""Numbers with units as a scenario gives them."""

import math
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_serializer

from lantian.language import message
from lantian.parameters import units


class Quantity(BaseModel):
    """A number with its unit, written ``55 ug/m3`` or ``30 %``."""

    model_config = ConfigDict(frozen=True)
    value: float
    unit: str

    def to(self, unit: str) -> float:
        """Return the number in another unit.

        Raises
        ------
        UnitError
            If the units measure different things.
        """
        return units.convert(self.value, self.unit, unit)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"

    @model_serializer
    def _written(self) -> str:
        return str(self)


def _read_quantity(given: Any) -> Any:
    if isinstance(given, Quantity):
        return given
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError(
            message("{given} is not a number with its unit; write for instance '30 %'", given=given)
        )
    if not isinstance(given, str) and not math.isfinite(given):
        raise ValueError(message("'{text}' is not a finite number", text=given))
    if isinstance(given, int | float):
        raise ValueError(
            message("{given} has no unit; write for instance '30 %' or '55 ug/m3'", given=given)
        )
    value, unit = units.parse_quantity(given)
    return {"value": value, "unit": unit}


Measured = Annotated[
    Quantity,
    BeforeValidator(_read_quantity, json_schema_input_type=str),
    Field(description="A number and its unit, for instance '30 %' or '55 ug/m3'."),
]


def is_share(quantity: Quantity) -> bool:
    """Return whether it has no dimension."""
    return units.is_like(quantity.unit, "")


def _possible(quantity: Quantity) -> Quantity:
    """Return a level as it is; a share lies between 0 and 1, an amount is not negative."""
    if is_share(quantity) and not 0.0 <= quantity.to("") <= 1.0:
        raise ValueError(message("{quantity} is not between 0 % and 100 %", quantity=quantity))
    if quantity.value < 0:
        raise ValueError(message("{quantity} is negative", quantity=quantity))
    return quantity


Level = Annotated[Measured, AfterValidator(_possible)]


def not_negative(quantity: Quantity) -> Quantity:
    """Refuse what is below zero."""
    if quantity.value < 0:
        raise ValueError(message("{quantity} is negative", quantity=quantity))
    return quantity


def only_share(quantity: Quantity) -> Quantity:
    """Refuse what has a dimension."""
    if not is_share(quantity):
        raise ValueError(
            message("{quantity} is not a share; write for instance '30 %'", quantity=quantity)
        )
    return quantity


Share = Annotated[Measured, AfterValidator(only_share), AfterValidator(_possible)]
"""Between 0 % and 100 %."""
Ratio = Annotated[Measured, AfterValidator(only_share), AfterValidator(not_negative)]
"""0 % or more, also above 100 %."""
Amount = Annotated[Measured, AfterValidator(not_negative)]
"""An amount of anything; not negative."""
Price = Amount
"""An amount of money, or of money per something; not negative."""


class Usual(NamedTuple):
    """Where the numbers of a key mostly lie, by judgement: one outside is asked back, not refused.

    ``Annotated[Ratio, Usual(0.01, 10.0)]`` declares it with the key. Numbers that measure something
    else than ``unit`` pass, and nothing at all (0) where ``may_be_none``.
    """

    low: float
    high: float
    unit: str = ""
    may_be_none: bool = True


SOME = Usual(0.01, 1.0)
"""A share that is rarely below 1 %: one that is may be a fraction written as per cent."""
SOMETHING = Usual(0.0, math.inf, may_be_none=False)
"""A number of any size that says nothing at 0."""


A_YEAR = "1/a"
"""Unit of a rate."""


def _no_more_than_all(quantity: Quantity) -> Quantity:
    for unit in ("", A_YEAR):
        if units.is_like(quantity.unit, unit) and quantity.to(unit) > 1.0:
            raise ValueError(message("{quantity} is more than all of it", quantity=quantity))
    return quantity


Cut = Annotated[Measured, AfterValidator(not_negative), AfterValidator(_no_more_than_all)]
"""A reduction: a share of 100 % at most, or an amount; not negative."""

HIGHEST_RATE = 0.3
"""Discount rate [1] above which a rate is taken for a slip: 800 % for 8.00 %."""


def plausible_rate(quantity: Quantity) -> Quantity:
    """Refuse a rate outside 0 to 30 %."""
    if not 0.0 <= quantity.to("") <= HIGHEST_RATE:
        raise ValueError(
            message(
                "a discount rate of {quantity} is not between 0 % and {most:g} %",
                quantity=quantity,
                most=HIGHEST_RATE * 100,
            )
        )
    return quantity


Rate = Annotated[Measured, AfterValidator(only_share), AfterValidator(plausible_rate)]
"""A discount rate."""


def _plausible_rise(quantity: Quantity) -> Quantity:
    if not -HIGHEST_RATE <= quantity.to("") <= HIGHEST_RATE:
        raise ValueError(
            message(
                "inflation of {quantity} is not between -{most:g} % and {most:g} %",
                quantity=quantity,
                most=HIGHEST_RATE * 100,
            )
        )
    return quantity


Rise = Annotated[Measured, AfterValidator(only_share), AfterValidator(_plausible_rise)]
"""A rise of prices in a year."""
