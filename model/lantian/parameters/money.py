"""Money in any currency that a scenario states a rate for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lantian.language import message
from lantian.parameters import units
from lantian.parameters.units import UnitError
from lantian.vocabulary import CURRENCIES, YUAN


def currency_name(code: str) -> str:
    """Return a currency as it is called here: ISO 4217, and ``yuan`` for CNY.

    Parameters
    ----------
    code
        As it is written.

    Raises
    ------
    ValueError
        If there is no such currency.
    """
    name = YUAN if code == "CNY" else code
    if name not in (YUAN, *CURRENCIES):
        raise ValueError(message("'{name}' is no currency of ISO 4217, such as EUR", name=code))
    return name


@dataclass(frozen=True)
class Exchange:
    """Rates into the currency of a scenario.

    Attributes
    ----------
    currency
        Of the scenario.
    rates
        What one unit of another is worth [``currency``], by its name.
    """

    currency: str
    rates: Mapping[str, float] = field(default_factory=dict)

    def factor(self, unit: str, to: str) -> float:
        """Return how many ``to`` one ``unit`` is, also where they are of two currencies.

        Parameters
        ----------
        unit
            As it is written, such as ``万元/t`` or ``EUR/MW``.
        to
            A unit in :attr:`currency`.

        Returns
        -------
        float
            Factor [``to`` per ``unit``].

        Raises
        ------
        UnitError
            If they measure different things, or a rate is missing.
        """
        for word in re.findall(r"[^\W\d_]\w*", unit):
            other = _currency_of(word)
            if other is None or other == self.currency:
                continue
            if other not in self.rates:
                raise UnitError(
                    message(
                        "'{unit}' is money in {other}: write what one is worth, 'rates:"
                        " {{{other}: .. {currency}}}', under economics",
                        unit=unit,
                        other=other,
                        currency=self.currency,
                    )
                )
            rate = units.factor(word, other) * self.rates[other]
            own = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", self.currency, unit)
            return rate * self.factor(own, to)
        return units.factor(unit, to)


def _currency_of(word: str) -> str | None:
    """Return the currency that a word is an amount of: yuan of 万元; None if it is no money."""
    kind = units.money_of(word)
    return None if kind is None else currency_name(kind)
