"""Texts inside texts, names, and the helps of the commands in both languages."""

import csv
from collections.abc import Iterator
from importlib.resources import files

import click
import pytest

from lantian import cli
from lantian.language import Listed, message, say
from lantian.parameters.reader import FAULTS
from lantian.parameters.units import UnitError, factor


def commands_of(group: click.Group, context: click.Context) -> Iterator[click.Command]:
    """Yield a group and all that can be called in it, however deep."""
    yield group
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands_of(command, context)
        else:
            yield command


def helps() -> Iterator[str]:
    for command in commands_of(cli.group, click.Context(cli.group)):
        for part in (command, *command.params):
            if isinstance(part, click.Command | click.Option) and part.help:
                yield from (" ".join(p.split()) for p in part.help.split("\n\n"))


def test_helps_and_faults_have_translations() -> None:
    text = (files("lantian") / "translations" / "zh.csv").read_text(encoding="utf-8")
    known = {row["en"] for row in csv.DictReader(text.splitlines())}
    assert {*helps(), *cli.COMMANDS.values(), *FAULTS.values()} - known == set()


def test_message_inside_a_message_is_said_in_the_same_language() -> None:
    with pytest.raises(UnitError) as caught:
        factor("km", "t")
    assert str(caught.value) == "'km' is not a unit of the same kind as 't'"
    told = message("{text}.", text=caught.value.args[0])
    assert told.text("zh") == "单位“km”与“t”量纲不同。"


def test_names_are_told_by_their_labels_only_where_asked() -> None:
    told = message("What holds the targets back together: {limits}.", limits=Listed(["a", "b"]))
    assert told.text() == "What holds the targets back together: a; b."
    assert told.text("zh", {"a": "甲", "b": "乙"}.__getitem__).endswith("甲；乙。")


def test_text_without_a_translation_is_said_in_english() -> None:
    assert say("no such text", "zh") == "no such text"


@pytest.mark.parametrize(
    ("millions", "told"),
    [
        (928.4, "9.28亿元/年"),
        (100.0, "1亿元/年"),
        (99.99, "10,000万元/年"),
        (0.41, "41万元/年"),
        (-2.346, "-235万元/年"),
        (0.0, "0万元/年"),
    ],
)
def test_chinese_tells_money_in_wan_and_yi(millions: float, told: str) -> None:
    text = "Least cost in {year}: {cost} million {unit}"
    said = say(text, "zh", year=2020, cost=millions, unit=message("yuan/a"))
    assert said == f"2020 年最低成本：{told}"
