"""Groups of commands, told in the language asked for."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import pairwise

import click

from lantian.language import say
from lantian.vocabulary import Language

LANGUAGE_VARIABLE = "LANTIAN_LANG"
"""Environment variable that sets the language where ``--lang`` does not."""


class StrictGroup(click.Group):
    """A group that tells in the reader's language what is wrong with the call of its commands."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Parse the options of the group; faults of them say of which command they are."""
        with _faults_of(context):
            return super().parse_args(context, arguments)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called.

        Parameters
        ----------
        context
            Of the call.
        arguments
            What was typed after the options of the group.

        Returns
        -------
        tuple
            Name, command and the arguments left for it.

        Raises
        ------
        click.UsageError
            If there is no such command, an option of it stands there twice, or more stands there
            than it takes.
        """
        called, known = str(arguments[0]), self.list_commands(context)
        language = language_of(context)
        if called not in known:
            near = get_close_matches(called, known, n=1)
            hint = say("Did you mean '{near}'?", language, near=near[0]) if near else ""
            said = say("No such command '{name}'.", language, name=called)
            context.fail(f"{said} {hint}".strip())
        name, command, rest = super().resolve_command(context, arguments)
        if command is not None:
            refuse_twice_and_beyond(command, context, rest, language)
        return name, command, rest


@contextmanager
def _faults_of(context: click.Context) -> Iterator[None]:
    """Note with faults of a call of which command they are, where click leaves that out."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or context
        raise


class ToldGroup(StrictGroup):
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


def refuse_twice_and_beyond(
    command: click.Command, context: click.Context, arguments: list[str], language: Language
) -> None:
    """Refuse options that stand there twice, of which one would be lost, and what no one takes.

    Parameters
    ----------
    command
        That is called.
    context
        Of the call.
    arguments
        What was typed after its name; other faults of them are told when it is called.
    language
        Of the reader.

    Raises
    ------
    click.UsageError
        If there is such an option, or an argument too many.
    """
    inside = click.Context(command, parent=context, info_name=command.name)
    with _faults_of(inside):
        found, beyond, order = command.make_parser(inside).parse_args(list(arguments))
    for option in order:
        if not isinstance(option, click.Option) or option.multiple or option.is_flag:
            continue
        if not option.count and order.count(option) > 1:
            inside.fail(say("Option '{name}' is given twice.", language, name=option.opts[0]))
    if beyond and not isinstance(command, click.Group) and not found.get("help"):
        inside.fail(say("Nothing takes '{text}'.", language, text=" ".join(beyond)))


def language_of(context: click.Context) -> Language:
    """Return the language asked for, also before the program's own options are parsed.

    Parameters
    ----------
    context
        Of a call, at any depth.
    """
    given = context.find_root().obj
    if isinstance(given, dict):
        language: Language = given["lang"]
        return language
    return language_in(given or [])


def program_first(arguments: Sequence[str]) -> list[str]:
    """Return what was typed with the options of the program before its command.

    ``lantian run plan.yaml --lang zh`` is as good as ``lantian --lang zh run plan.yaml``.

    Parameters
    ----------
    arguments
        That click has not parsed yet; what stands behind ``--`` is nobody's option.
    """
    ours: list[str] = []
    rest = list(arguments)
    end = rest.index("--") if "--" in rest else len(rest)
    at = 0
    while at < end:
        name, _, value = rest[at].partition("=")
        words = 2 if PROGRAM_OPTIONS.get(name) and not value else 1
        if name not in PROGRAM_OPTIONS or at + words > end:
            at += 1
            continue
        ours += rest[at : at + words]
        del rest[at : at + words]
        end -= words
    return ours + rest


PROGRAM_OPTIONS = {"--lang": True, "--debug": False}
"""Option of the program itself -> whether a value follows it."""


def language_in(arguments: Sequence[str]) -> Language:
    """Return the language asked for by what was typed, or by the environment.

    Parameters
    ----------
    arguments
        That click has not parsed yet.
    """
    asked = [
        word.partition("=")[2] or after
        for word, after in pairwise([*arguments, ""])
        if word.partition("=")[0] == "--lang"
    ]
    return "zh" if (asked or [os.environ.get(LANGUAGE_VARIABLE, "")])[-1] == "zh" else "en"
