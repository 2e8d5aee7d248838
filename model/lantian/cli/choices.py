"""What options take: words, whole numbers, per cent; told in the reader's language otherwise."""

import re
from typing import Any

import click

from lantian.language import Message, message

DOUBTED = 5.0
"""Per cent below which a number without its sign may be a share: 0.9, 1 and 2 are asked back."""


class ToldError(click.BadParameter):
    """What is wrong with what was typed, as it is said in the reader's language.

    Parameters
    ----------
    said
        What it is.
    context, option
        Of the call.
    """

    def __init__(
        self, said: Message, context: click.Context | None, option: click.Parameter | None
    ) -> None:
        super().__init__(said.text(), context, option)
        self.said = said


def name_of(option: click.Parameter | None) -> str:
    """Return what an option is called: the longest of its names."""
    return "" if option is None else max((*option.opts, option.human_readable_name), key=len)


class Choice(click.Choice):  # type: ignore[type-arg]  # generic since click 8.2
    """One of some words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word that was meant.

        Parameters
        ----------
        value, param, ctx
            As click gives them.

        Raises
        ------
        ToldError
            If it is none of them.
        """
        if value not in self.choices:
            said = message(
                "{value} is no choice for {name}; choose from {names}.",
                value=repr(value),
                name=name_of(param),
                names=", ".join(map(repr, self.choices)),
            )
            raise ToldError(said, ctx, param)
        return str(super().convert(value, param, ctx))


class _Between(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A number between two ends.

    Parameters
    ----------
    low, high
        Ends of what it may be.
    """

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def about(self, value: Any, option: click.Parameter | None) -> dict[str, Any]:
        """Return what a message tells of a value that is refused."""
        return {"value": repr(value), "name": name_of(option), "low": self.low, "high": self.high}


class Whole(_Between):
    """A whole number between two ends."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number.

        Parameters
        ----------
        value, param, ctx
            As click gives them.

        Raises
        ------
        ToldError
            If it is no whole number, or none between the ends.
        """
        text = str(value).strip()
        number = int(text) if re.fullmatch(r"[+-]?\d{1,18}", text) else None
        if number is not None and self.low <= number <= self.high:
            return number
        said = message(
            "{value} is not what {name} takes: a whole number from {low} to {high}.",
            **self.about(value, param),
        )
        raise ToldError(said, ctx, param)


class PerCent(_Between):
    """A number of per cent [%] between two ends, with its sign or without."""

    name = "per cent"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number [%].

        Parameters
        ----------
        value, param, ctx
            As click gives them.

        Raises
        ------
        ToldError
            If it is no number, not between the ends, or may be meant as a share.
        """
        number, sign = _per_cent(str(value))
        if number is not None and sign and self.low <= number <= self.high:
            return number
        if number is not None and DOUBTED <= number <= self.high:
            return number
        said = message(
            "{value} is not what {name} takes: per cent from {low:g} to {high:g}.",
            **self.about(value, param),
        )
        if number is not None and not sign and 0.0 < number < DOUBTED:
            said = message(
                "{value} for {name}: is a share meant, or per cent? Write the sign, as in '90%'.",
                **self.about(value, param),
            )
        raise ToldError(said, ctx, param)


def _per_cent(text: str) -> tuple[float | None, str]:
    """Return the number of a text and the sign of per cent after it, where it has one."""
    found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{1,9})?)\s*([%％]?)\s*", text)
    return (float(found[1]), found[2]) if found else (None, "")
