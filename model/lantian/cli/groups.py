"""Groups of commands, told in the language asked for."""

from typing import Any

import click

from lantian.language import say


class ToldGroup(click.Group):
    """A group whose commands are told in the language asked for."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command of the group."""
        from lantian.cli import in_language

        found = super().get_command(context, name)
        return None if found is None else in_language(found, language_of(context))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with the first paragraphs of their helps."""
        helps = {name: command.help or "" for name, command in self.commands.items()}
        firsts = {name: " ".join(text.split("\n\n")[0].split()) for name, text in helps.items()}
        language = language_of(context)
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(text, language)) for name, text in firsts.items()])


def language_of(context: click.Context) -> Any:
    """Return the language asked for, also before the program's own options are parsed.

    Parameters
    ----------
    context
        Of a call, at any depth.
    """
    given = context.find_root().obj
    return given["lang"] if isinstance(given, dict) else "en"
