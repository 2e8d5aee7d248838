"""Options of the program count wherever they stand; output is as wide as it is asked to be."""

import pytest

from integration.workbench import call
from lantian.cli.groups import program_first
from lantian.cli.terminal.text import WIDE, console


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("run a.yaml", "run a.yaml"),
        ("run a.yaml --lang zh", "--lang zh run a.yaml"),
        ("run --lang=zh a.yaml --debug", "--lang=zh --debug run a.yaml"),
        ("--debug run --lang zh a.yaml", "--debug --lang zh run a.yaml"),
        ("run a.yaml -- --lang zh", "run a.yaml -- --lang zh"),
        ("run a.yaml --lang", "run a.yaml --lang"),
        ("run a.yaml --language zh", "run a.yaml --language zh"),
    ],
)
def test_options_of_the_program_come_first(typed: str, read: str) -> None:
    assert program_first(typed.split()) == read.split()


def test_a_command_answers_in_the_language_named_behind_it() -> None:
    before, behind = (
        call("--lang", "zh", "plans", "nowhere"),
        call("plans", "nowhere", "--lang", "zh"),
    )
    assert before.code == behind.code == 2
    assert before.err == behind.err


@pytest.mark.parametrize(("asked", "wide"), [("80", 80), ("120", 120), ("", WIDE), ("wide", WIDE)])
def test_output_into_a_pipe_is_as_wide_as_asked(
    asked: str, wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", asked)
    assert console().width == wide
