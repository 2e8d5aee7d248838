"""Texts inside texts, names, and the helps of the commands in both languages."""

import csv
from collections.abc import Iterator
from importlib.resources import files

import click
import pytest

from integration.workbench import REPOSITORY
from lantian import cli
from lantian.cli.terminal import money_scale
from lantian.language import Listed, message, say
from lantian.parameters.reader import FAULTS
from lantian.parameters.units import UnitError, factor
from lantian.vocabulary import Language


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


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("limit {limit} {unit}; at best", "limit 0.3; at best"),
        ("limit {limit} ({unit}) is", "limit 0.3 is"),
        ("limit [{unit}]: {limit}", "limit: 0.3"),
    ],
)
def test_a_ratio_is_told_without_a_unit(template: str, told: str) -> None:
    assert say(template, "en", limit="0.3", unit=message("1")) == told
    assert "t/a" in say(template, "en", limit="0.3", unit=message("t/a"))


def test_exit_codes_are_told_in_the_same_words_everywhere() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for code, told in cli.EXIT_CODES.items():
        assert f"| {code} | {told.text()} |" in readme
        assert told.text("zh").rstrip("。") in readme
    context = click.Context(cli.group, obj=[])
    assert all(str(code) in cli.group.get_help(context) for code in cli.EXIT_CODES)


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
        (0.00158, "0.158万元/年"),
        (0.000158, "158元/年"),
    ],
)
def test_chinese_tells_money_in_wan_and_yi(millions: float, told: str) -> None:
    text = "Measures that pay for themselves, saving {saved} million {unit}: {names}"
    said = say(text, "zh", saved=millions, unit=message("yuan/a"), names="a")
    assert said == f"自身有收益的措施，共节省{told}：a"


@pytest.mark.parametrize(
    ("millions", "told"),
    [(0.00158, "1,580 USD/a"), (-0.0123456, "-12,300 USD/a"), (0.41, "0.41 million USD/a")],
)
def test_english_tells_a_small_sum_in_full(millions: float, told: str) -> None:
    text = "Measures that pay for themselves, saving {saved} million {unit}: {names}"
    said = say(text, "en", saved=millions, unit="USD/a", names="a")
    assert said == f"Measures that pay for themselves, saving {told}: a"


@pytest.mark.parametrize(
    ("sums", "language", "told"),
    [
        ((1_580.0, 20.0), "en", (1.0, "USD/a")),
        ((1_580.0, 3e6), "en", (1e6, "million USD/a")),
        ((float("nan"), 900.0), "zh", (1.0, "美元/年")),
        ((1_580.0,), "zh", (1e4, "万美元/年")),
        ((), "en", (1e6, "million USD/a")),
    ],
)
def test_sums_of_a_table_have_the_unit_that_fits(
    sums: tuple[float, ...], language: Language, told: tuple[float, str]
) -> None:
    scale = money_scale(sums, "USD/a", language)
    assert (scale.size, scale.unit) == told


@pytest.mark.parametrize(
    ("value", "spec", "told"),
    [
        (1011.0, ".3g", "1,010"),
        (200.0, ".1g", "200"),
        (9.28e8, ".3g", "928,000,000"),
        (0.00158, ".3g", "0.00158"),
        (412.0, ".3g", "412"),
        (1011.0, ",.0f", "1,011"),
        (3e20, ".3g", "3e+20"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_numbers_inside_texts_are_plain(
    value: float, spec: str, told: str, language: Language
) -> None:
    assert say("x{value:" + spec + "}", language, value=value) == f"x{told}"
