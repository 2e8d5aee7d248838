"""The command line; the only module that prints or exits.

Heavy libraries are imported inside the commands, and the group knows its one-line helps without
importing them, so that ``lantian --help`` answers at once.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

import lantian
from lantian.cli.choices import Choice, ToldError
from lantian.cli.groups import (
    LANGUAGE_VARIABLE,
    StrictGroup,
    language_in,
    language_of,
    program_first,
)
from lantian.language import message, printable, say
from lantian.vocabulary import LANGUAGES, Language

if TYPE_CHECKING:
    from lantian.errors import Problem

WRONG_INPUT, STOPPED, NOBODY_READS, ENDED = 2, 130, 141, 143
"""Exit codes; the last three as shells give them."""

EXIT_CODES = {
    0: message("done"),
    1: message(
        "a bug in Lantian, please report it; or a solver that ran out of time or whose answer"
        " failed our check"
    ),
    2: message("problems in the input, all listed; nothing was written"),
    3: message(
        "done, and a binding or approximate target (`alert`: a level) is out of reach of every"
        " mix that the scenario allows"
    ),
    4: message("with `run --strict`: done, and the plan as written misses a target"),
    5: message(
        "with `runs --verify`, `runs verify` and `runs rerun`: something is not as it was made"
    ),
}
"""What the program says with its exit code; README and help tell it in these words."""

NEW_OBJECTS = 100_000
"""Objects between two collections of garbage. With Python's 700 a run spends 5 % of its time
looking for garbage among the rows and modules it has just read, and finds none."""

COMMANDS = {
    "run": "Project a plan, find the least-cost mix, write a run folder and charts.",
    "check": "Read scenarios and tables and show every problem; compute nothing.",
    "optimise": "Only the least-cost part: what is feasible, what is cheapest, and why.",
    "frontier": "The cost of every level of a target, or of two, with every kink.",
    "alert": "The cheapest lists of daily stops and cuts for the levels of an alert.",
    "robust": "Mixes that hold when inputs differ: what being sure costs, what is always chosen.",
    "ensemble": "Samples of many scenarios in one store, here or on a Dask cluster.",
    "inventory": "Show a region's emissions before running anything.",
    "measures": "Show the measure catalogue.",
    "standards": "Show the air-quality standards: limits, break points, rules.",
    "plans": "Show the plans and what became of their clauses.",
    "runs": "List the runs in a folder.",
    "compare": "Hold runs against each other: what went in, what came out.",
    "report": "Write the report of a run, or draw its charts again.",
    "brief": "Write the page to decide from of a run.",
    "init": "Write a small working example into a new folder.",
    "import": "Turn a workbook or CSV of somebody else into an inventory that runs.",
    "region": "Begin a region with the numbers of another.",
    "schema": "Print the JSON Schema of scenarios, for editors.",
}
MODULES = {
    "run": "running",
    "check": "running",
    "optimise": "choosing",
    "frontier": "choosing",
    "alert": "alert",
    "robust": "choosing",
    "ensemble": "ensemble",
    "inventory": "showing",
    "measures": "showing",
    "standards": "showing",
    "plans": "showing",
    "runs": "runs",
    "compare": "compare",
    "report": "reporting",
    "brief": "reporting",
    "init": "beginning",
    "import": "intake",
    "region": "intake",
    "schema": "beginning",
}
"""Command -> module of ``commands`` that holds it."""
FUNCTIONS = {"import": "import_book"}
"""Command -> its function, where that cannot have its name."""


OF_CLICK = (
    *("[OPTIONS]", "COMMAND", "[ARGS]", "INTEGER", "PER CENT", "TEXT", "PATH", "[default: "),
    *("[required]", "[env var: ", "Show this message and exit.", "Show the version and exit."),
)
"""What helps hold that click says by itself."""


class _Formatter(click.HelpFormatter):
    """Writes the headings of help in the language asked for."""

    language: Language = "en"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, self._told(args), say("Usage: ", self.language))

    def write_dl(self, rows: Iterable[tuple[str, str]], *widths: int, **kept: int) -> None:
        """Write options or commands, with what click says of them by itself."""
        told = [(self._told(name), self._told(say(text, self.language))) for name, text in rows]
        super().write_dl(told, *widths, **kept)

    def _told(self, text: str) -> str:
        for said in OF_CLICK:
            if said in text:
                text = text.replace(said, say(said, self.language))
        return text

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Begin a section under a heading."""
        with super().section(say(name, self.language)):
            yield


class _ChineseFormatter(_Formatter):
    """As its parent, in Chinese."""

    language: Language = "zh"


FORMATTERS = {"en": _Formatter, "zh": _ChineseFormatter}


class LazyGroup(StrictGroup):
    """A group that imports a command's module only when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the command names in the order of use."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return a command.

        Parameters
        ----------
        context
            Of the call.
        name
            What was typed.

        Returns
        -------
        click.Command or None
            None if there is none of that name.
        """
        if name not in COMMANDS:
            return None
        module = import_module(f"lantian.cli.commands.{MODULES[name]}")
        command: click.Command = getattr(module, FUNCTIONS.get(name, name))
        return in_language(command, language_of(context))

    def invoke(self, context: click.Context) -> Any:
        """Run a command; a closed pipe is no failure of it, as click would have it.

        Parameters
        ----------
        context
            Of the call.

        Returns
        -------
        Any
            What the command returns.
        """
        try:
            return super().invoke(context)
        except BrokenPipeError as error:
            raise _PipeClosedError from error

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the program is for, in the language asked for.

        Parameters
        ----------
        context
            Of the call.
        formatter
            Receives the text.
        """
        told = in_language(click.Command(None, help=self.help), language_of(context))
        told.format_help_text(context, formatter)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the one-line helps from the table above.

        Parameters
        ----------
        context
            Of the call.
        formatter
            Receives the lines.
        """
        language = language_of(context)
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(text, language)) for name, text in COMMANDS.items()])

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the exit codes of every command mean.

        Parameters
        ----------
        context
            Of the call.
        formatter
            Receives the lines.
        """
        language = language_of(context)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(n), told.text(language)) for n, told in EXIT_CODES.items()])


def in_language(command: click.Command, language: Language) -> click.Command:
    """Return a copy of a command with its helps in a language, paragraph by paragraph.

    Parameters
    ----------
    command
        With English helps.
    language
        Of the reader.

    Returns
    -------
    click.Command
        The command itself is unchanged.
    """
    told = copy(command)
    told.params = [copy(parameter) for parameter in command.params]
    for part in (told, *told.params):
        if isinstance(part, click.Command | click.Option) and part.help:
            paragraphs = part.help.split("\n\n")
            part.help = "\n\n".join(say(" ".join(p.split()), language) for p in paragraphs)
    return told


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(lantian.__version__, prog_name="lantian")
@click.option(
    "--lang",
    type=Choice(LANGUAGES),
    default="en",
    envvar=LANGUAGE_VARIABLE,
    help="Language of everything that is printed. 输出语言。",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def group(context: click.Context, lang: Language, debug: bool) -> None:
    """Lantian: does a clean-air plan do what it promises, and what mix would be cheapest?"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit()
    context.obj = {"lang": lang, "debug": debug}


class _Terminated(BaseException):
    """The system asked the process to end: drafts are cleared away first."""


class _PipeClosedError(Exception):
    """Whoever read the output has enough of it."""


def _terminate(signal_number: int, frame: FrameType | None) -> NoReturn:
    raise _Terminated


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let a request to end the process be met in order: by an exception, not in mid-air."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_everything() -> None:
    """Let signs that the output's encoding lacks be printed as '?' and not end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave the process.

    Parameters
    ----------
    arguments
        What was typed after ``lantian``; that of the process if None.

    Raises
    ------
    SystemExit
        With 0 done, 1 a solver that gave up, 2 the user's input, a disk that cannot be read or
        written, or a problem without a solution, 3 a target is out of reach, 4 ``--strict`` and a
        target is missed, 130 stopped, 141 nobody reads the output, 143 ended by the system. A bug
        is any other exception, and leaves with 1.
    InputError, NoSolutionError
        With ``--debug``, in the place of their text and code.
    """
    gc.set_threshold(NEW_OBJECTS)
    given = program_first(sys.argv[1:] if arguments is None else arguments)
    language = language_in(given)
    click.Context.formatter_class = FORMATTERS[language]
    _print_everything()
    try:
        with _ending_in_order():
            code = _answer(given, language)
        sys.stdout.flush()
    except _Terminated:
        click.echo(say("Stopped.", language), err=True)
        code = ENDED
    except (_PipeClosedError, BrokenPipeError):
        _close_pipe()
        code = NOBODY_READS
    sys.exit(code)


def _close_pipe() -> None:
    """Send what is left to nowhere, or Python would complain when it flushes at the end."""
    with suppress(OSError, ValueError):  # a stream in memory has no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answer(given: list[str], language: Language) -> int:
    """Run the command line and return the exit code, problems told."""
    from lantian.errors import InputError, problem_of
    from lantian.optimise.status import InfeasibleError, NoSolutionError, UnboundedError

    try:
        code = group.main(args=given, prog_name="lantian", standalone_mode=False, obj=given)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.exceptions.Abort:
        click.echo(say("Stopped.", language), err=True)
        code = STOPPED
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            path = error.ctx.command_path
            click.echo(error.ctx.get_usage(), err=True)
            click.echo(say("Try '{path} --help' for help.", language, path=path), err=True)
        said = say("Error: {text}", language, text=_plain(error, language))
        click.echo(printable(said), err=True)
        code = WRONG_INPUT
    except (InputError, OSError) as error:
        if "--debug" in given or isinstance(error, BrokenPipeError):
            raise
        if not isinstance(error, InputError):
            error = InputError([problem_of(error)])
        _show_problems(error.problems, error.warnings, language)
        code = WRONG_INPUT
    except NoSolutionError as error:
        if "--debug" in given:
            raise
        click.echo(error.message.text(language), err=True)
        # Time and rounding are no mistake of the input.
        code = WRONG_INPUT if isinstance(error, InfeasibleError | UnboundedError) else 1
    return code if isinstance(code, int) else 0


def _plain(error: click.ClickException, language: Language) -> str:
    """Return what click says of a wrong call, the commonest mistakes in the language asked for."""
    match error:
        case click.MissingParameter(param=click.Parameter() as parameter):
            return say("'{name}' is missing.", language, name=parameter.human_readable_name)
        case click.NoSuchOption(option_name=name, possibilities=near):
            hint = say("Did you mean '{near}'?", language, near=near[0]) if near else ""
            said = say("there is no option '{name}'.", language, name=name)
            return f"{said} {hint}".strip()
        case ToldError(said=said):
            return said.text(language)
        case click.BadOptionUsage(option_name=name):
            return say(_use_of(name, error.ctx), language, name=name)
        case _:
            return error.format_message()


def _use_of(name: str, context: click.Context | None) -> str:
    """Return what is wrong with the use of an option: it takes a value, or none."""
    options = [] if context is None else context.command.get_params(context)
    flags = [option for option in options if isinstance(option, click.Option) and option.is_flag]
    if any(name in (*flag.opts, *flag.secondary_opts) for flag in flags):
        return "'{name}' takes no value."
    return "'{name}' needs a value."


def _show_problems(
    problems: Sequence[Problem], warnings: Sequence[Problem], language: Language
) -> None:
    from lantian.errors import told

    for text in told(problems, language):
        click.echo(text, err=True)
    if warnings:
        click.echo(say("Not what stops it, but worth reading:", language), err=True)
        for text in told(warnings, language):
            click.echo(text, err=True)
    n = len(problems)
    closing = "1 problem; nothing was written." if n == 1 else "{n} problems; nothing was written."
    click.echo(say(closing, language, n=n), err=True)
