"""YAML with places, and scenarios that extend others."""

import math
from pathlib import Path

import pytest

from lantian.errors import Problems
from lantian.scenario import nodes
from lantian.scenario.nodes import Document, parse_yaml, path_text, read_document


def parse(text: str) -> tuple[Document, list[str]]:
    problems = Problems()
    return parse_yaml(text, "a.yaml", problems), [p.text() for p in problems.found]


def read(tmp_path: Path, name: str = "child.yaml", **files: str) -> tuple[Document, list[str]]:
    for stem, text in files.items():
        (tmp_path / f"{stem}.yaml").write_text(text)
    problems = Problems()
    return read_document(tmp_path / name, tmp_path, problems), [p.text() for p in problems.found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("true", True),
        ("5", 5),
        ("'5'", "5"),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("-3", -3),
        ("1_000", 1000),
        ("1.5e3", 1500.0),
        ("~", None),
        ("", None),
        ("2018-01-01", "2018-01-01"),
        ("30 %", "30 %"),
        (".inf", math.inf),
    ],
)
def test_scalars_are_what_yaml_1_2_says(text: str, value: object) -> None:
    document, told = parse(f"a: {text}\n")
    assert told == []
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


PLAIN = 'name: x\ntitle: {en: "X", zh: "y"}\nlist:\n  - {a: 1, b: 2}\nbase_year: 2024\n'
WIDE = {":": "：", ",": "，", "{": "｛", "}": "｝", '"': "“”＂", " ": "\u3000\u00a0"}
SLIPS = [(i, wide) for i, sign in enumerate(PLAIN) for wide in WIDE.get(sign, "")]


def test_a_wide_sign_is_told_at_its_place() -> None:
    """Each sign of a scenario in the width of Chinese, one at a time, wherever that is no YAML."""
    n = 0
    for i, wide in SLIPS:
        text = PLAIN[:i] + wide + PLAIN[i + 1 :]
        before = PLAIN[:i].split("\n")
        _, told = parse(text)
        if told:  # elsewhere it is a text, whose key nobody knows
            shown = wide if PLAIN[i] != " " else f"U+{ord(wide):04X}"
            said = f"not YAML: '{shown}' is no sign of it."
            assert [said in one for one in told] == [True]
            assert told[0].startswith(f"a.yaml:{len(before)}:{len(before[-1]) + 1}\n")
            n += 1
    assert n > len(SLIPS) / 3


@pytest.mark.parametrize("text", ["name：x", "a: 1\nb： 2\nc: 3\n", "a: {b：1, c: 2\n"])
def test_a_wide_colon_is_told_in_its_line_and_not_behind_it(text: str) -> None:
    _, (told,) = parse(text)
    line = text[: text.index("：")].count("\n") + 1
    assert told.startswith(f"a.yaml:{line}:")
    assert told.endswith("Type ':'.")


def test_chinese_texts_are_not_blamed_for_what_is_wrong_elsewhere() -> None:
    _, (told,) = parse('title: "方案：一，二（三）"\nzh: 一、二：三，四\nb: [1, 2\n')
    assert "sign" not in told


def test_of_a_key_that_stands_twice_the_first_is_read() -> None:
    document, told = parse("a: 1\nb: 2\na: 3\n")
    assert told == ["a.yaml:3:1  a\n  key 'a' twice."]
    assert document.data == {"a": 1, "b": 2}


def test_every_part_has_line_and_column() -> None:
    document, _ = parse("a: 1\nb:\n  - x: 2\n    y: [3, 4]\n")
    assert str(document.place(("a",))) == "a.yaml:1:1  a"
    assert str(document.place(("b", 0))) == "a.yaml:3:5  b[0]"
    assert str(document.place(("b", 0, "y"))) == "a.yaml:4:5  b[0].y"
    assert str(document.place(("b", 0, "y", 1))) == "a.yaml:4:12  b[0].y[1]"


def test_a_missing_part_stands_where_its_parent_does() -> None:
    document, _ = parse("a:\n  - x: 2\n")
    assert str(document.place(("a", 0, "z", "deep"))) == "a.yaml:2:5  a[0].z.deep"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\n", "a.yaml:2:1\n  not YAML: did not find expected ',' or ']'."),
        ("a: &x 1\nb: &x 2\n", "a.yaml:2:4\n  not YAML: an anchor is given twice."),
        ("污染: 1\nb: \x07\n", "a.yaml:2:4\n  not YAML: a character that cannot be shown."),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1\n  not YAML: but found another document."),
        ("a:\n\t- 1\n", "a.yaml:2:1\n  not YAML: a tab stands where only blanks may indent."),
        ("a: " + "[" * 2000, "a.yaml:1:1003\n  not YAML: exceeded maximum nesting depth."),
        ("a: {b: 1, b: 2}\n", "a.yaml:1:11  a.b\n  key 'b' twice."),
        ("- 1\n", "a.yaml:1:1\n  a scenario is a mapping of keys to values."),
        ("a: 1\nb: \x07\n", "a.yaml:2:4\n  not YAML: a character that cannot be shown."),
        ("[1]: 2\n", "a.yaml:1:1\n  a key is a word."),
        ("a: " + "9" * 41, "a.yaml:1:4  a\n  a number of 41 signs."),
        ("a: !!int b\n", "a.yaml:1:4  a\n  'b' is not a number."),
        ('a: "x\\x07"\n', "a.yaml:1:4  a\n  'x\\x07' holds a control sign."),
        (
            "a: " + "[" * 31 + "]" * 31,
            "a.yaml:1:34  a"
            + "[0]" * 30
            + "\n  nested more than 30 levels deep, or inside itself.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, said: str) -> None:
    assert parse(text)[1] == [said]


def test_what_can_just_be_read_is() -> None:
    deepest, longest = "[" * 29 + "1" + "]" * 29, "9" * 40
    document, told = parse(f"a: {deepest}\nb: {longest}\n")
    assert told == []
    assert document.data["b"] == int(longest)


def test_aliases_make_no_more_parts_than_there_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x [1, 2, 3]\nb: [*x, *x]\n"  # the whole, a, b, two lists and nine numbers
    monkeypatch.setattr(nodes, "MOST_PARTS", 14)
    assert parse(text)[1] == []
    monkeypatch.setattr(nodes, "MOST_PARTS", 13)
    assert [t.split("\n")[1] for t in parse(text)[1]] == [
        "  aliases make more than 13 parts of this."
    ]


def test_paths_read_as_users_write_them() -> None:
    assert path_text(("commitments", 7, "measure")) == "commitments[7].measure"
    assert path_text(()) == ""


PARENT = (
    "name: base\ntitle: {en: A, zh: B}\nyears: [1, 2]\nitems:\n"
    "  - {id: x, n: 1, m: 1}\n  - {id: y, n: 2}\n"
)


def test_a_child_changes_keys_items_by_id_and_whole_lists(tmp_path: Path) -> None:
    child = (
        "extends: parent.yaml\nname: mine\ntitle:\n  en: C\nyears: [3]\nitems:\n"
        "  - id: y\n    n: 5\n  - id: z\n    n: 6\n"
    )
    document, told = read(tmp_path, parent=PARENT, child=child)
    assert told == []
    assert document.data == {
        "name": "mine",
        "title": {"en": "C", "zh": "B"},
        "years": [3],
        "items": [{"id": "x", "n": 1, "m": 1}, {"id": "y", "n": 5}, {"id": "z", "n": 6}],
    }


def test_merged_parts_stand_in_the_file_that_says_them(tmp_path: Path) -> None:
    child = "extends: parent.yaml\nname: mine\nitems:\n  - id: y\n    n: 5\n  - id: z\n    n: 6\n"
    document, _ = read(tmp_path, parent=PARENT, child=child)
    assert str(document.place(("name",))) == "child.yaml:2:1  name"
    assert str(document.place(("title", "zh"))) == "parent.yaml:2:16  title.zh"
    assert str(document.place(("items", 0, "m"))) == "parent.yaml:5:19  items[0].m"
    assert str(document.place(("items", 1, "n"))) == "child.yaml:5:5  items[0].n"
    assert str(document.place(("items", 2, "n"))) == "child.yaml:7:5  items[1].n"
    assert str(document.place(("years", 1))) == "parent.yaml:3:12  years[1]"


def test_an_empty_list_takes_everything_away(tmp_path: Path) -> None:
    document, _ = read(tmp_path, parent=PARENT, child="extends: parent.yaml\nitems: []\n")
    assert document.data["items"] == []
    assert document.data["name"] == "base"


def test_parents_may_have_parents(tmp_path: Path) -> None:
    document, told = read(
        tmp_path,
        top="a: 1\nb: 1\nc: 1\n",
        middle="extends: top.yaml\nb: 2\nc: 2\n",
        child="extends: middle.yaml\nc: 3\n",
    )
    assert (document.data, told) == ({"a": 1, "b": 2, "c": 3}, [])
    assert [document.place((k,)).file for k in "abc"] == ["top.yaml", "middle.yaml", "child.yaml"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"child": "name: a\nextends: gone.yaml\n"}, "there is no file 'gone.yaml'."),
        ({"child": "extends: child.yaml\n"}, "'child.yaml' extends itself."),
        (
            {"child": "extends: b.yaml\n", "b": "extends: child.yaml\n"},
            "'child.yaml' extends itself.",
        ),
    ],
)
def test_a_parent_that_cannot_be(tmp_path: Path, files: dict[str, str], said: str) -> None:
    _, told = read(tmp_path, **files)
    assert [t.split("\n  ")[1] for t in told] == [said]
    assert "extends" in told[0]


def test_a_title_that_is_no_pair_of_languages_is_left_to_the_model(tmp_path: Path) -> None:
    document, told = read(
        tmp_path, parent="name: p\ntitle: Plain\n", child="extends: parent.yaml\nname: c\n"
    )
    assert told == []
    assert document.data["title"] == "Plain"
