"""Options that take one of some words; what is none of them is told in the reader's language."""

from typing import Any

import click


class NoChoiceError(click.BadParameter):
    """What was typed is none of the words that there are.

    Parameters
    ----------
    value
        What was typed.
    choices
        What there is.
    context, option
        Of the call.
    """

    def __init__(
        self,
        value: object,
        choices: tuple[str, ...],
        context: click.Context | None,
        option: click.Parameter | None,
    ) -> None:
        super().__init__("no choice", context, option)
        self.value, self.choices = repr(value), ", ".join(map(repr, choices))


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
        NoChoiceError
            If it is none of them.
        """
        if value not in self.choices:
            raise NoChoiceError(value, tuple(self.choices), ctx, param)
        return str(super().convert(value, param, ctx))
