"""Calls with a mistake in them: each kind at every command, told in the reader's language."""

import re
from collections.abc import Iterator

import click
import pytest

from integration.workbench import call
from lantian.cli import group
from lantian.cli.choices import Choice, PerCent, Whole
from lantian.cli.groups import language_of

NOTHING = "no-such-thing"
OWN = re.compile(r"--?[a-z][a-z-]*|'[^']*'|“[^”]*”|\b[A-Z][A-Z0-9_.]+\b")
"""What is no text of ours: options, what was typed, names of arguments."""


def commands(
    found: click.Command = group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command and the words it is called by."""
    if isinstance(found, click.Group):
        context = click.Context(found, obj=[])
        assert language_of(context) == "en"
        for name in found.list_commands(context):
            inner = found.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))
    if path:
        yield path, found


def wrong_values(kind: click.ParamType) -> tuple[str, ...]:
    """Return what an option of a kind does not take."""
    match kind:
        case Choice():
            return (NOTHING, kind.choices[0].upper(), "")
        case Whole():
            return (str(kind.low - 1), str(kind.high + 1), "9" * 30, "2.5", "two", "1e3", "nan", "")
        case PerCent():
            return ("0.9", "1", "2", "-5", "100", "1e30", "nan", "90 t", "two", "", "0%", "100 %")
        case _:
            return ()


def mistakes() -> Iterator[tuple[str, ...]]:
    """Yield calls of every command with one mistake."""
    for path, command in commands():
        yield (*path, f"--{NOTHING}")
        room = any(isinstance(p, click.Argument) and p.nargs == -1 for p in command.params)
        if not room and not isinstance(command, click.Group):
            yield (*path, *(NOTHING for _ in command.params), NOTHING)
        if isinstance(command, click.Group):
            yield (*path, NOTHING)
        needed = [NOTHING for p in command.params if isinstance(p, click.Argument) and p.required]
        if needed:
            yield path
        for option in (p for p in command.params if isinstance(p, click.Option)):
            name = max(option.opts, key=len)
            if option.is_flag:
                yield (*path, *needed, f"{name}=yes")
                continue
            yield (*path, *needed, name)
            if not option.multiple:
                yield (*path, *needed, name, "1", name, "1")
            for value in wrong_values(option.type):
                yield (*path, *needed, f"{name}={value}")


@pytest.mark.parametrize("words", sorted({*mistakes()}), ids=" ".join)
def test_a_wrong_call_is_told_in_the_readers_language(words: tuple[str, ...]) -> None:
    answer = call("--lang", "zh", *words)
    assert (answer.code, answer.out) == (2, "")
    usage, help_, *said = answer.err.splitlines()
    assert usage.startswith("用法")
    assert help_.startswith("查看帮助")
    assert len(said) == 1
    assert not re.findall(r"[A-Za-z]{2,}", OWN.sub("", said[0])), said[0]
    assert re.search(r"[\u4e00-\u9fff]{2}", said[0].removeprefix("错误："))


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_help_is_told_in_the_readers_language(path: tuple[str, ...]) -> None:
    told = call("--lang", "zh", *path, "--help").out
    for english in ("Show this", "default", "required", "INTEGER", "OPTIONS", "COMMAND"):
        assert english not in told


@pytest.mark.parametrize(
    ("typed", "meant"), [("90", 90), ("90%", 90), ("2 %", 2), ("99.9％", 99.9)]
)
def test_per_cent_is_read_with_its_sign_and_without(typed: str, meant: float) -> None:
    assert PerCent(1, 99.9).convert(typed, None, None) == meant
