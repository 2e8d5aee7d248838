"""Our rules of plain scalars are those of YAML 1.2, and what is written reads back as it was."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lantian.errors import Problems
from lantian.scenario.nodes import parse_yaml
from lantian.scenario.yaml_text import composed, written

WORDS = (
    "no", "Yes", "on", "1:30", "2019-10", "2019-10-01", "1e3", "1e+3", "-1.5e-3", "1.", ".5",
    "1_000", "0o17", "017", "0x1F", "0b11", "true", "FALSE", "null", "~", ".inf", "-.INF", ".nan",
    "12e3", "+.5", "30 %", "+", "<<", "=", "1.2.3", "1e", "e3", "万元", "0", "-0", "1 000",
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_scalar_is_what_another_reader_of_yaml_1_2_takes_it_for(word: str) -> None:
    text = f"key: {word}\n"
    reader = YAML(typ="safe", pure=True)
    theirs = next(value for key, value in reader.compose(text).value)
    ours = next(value for key, value in composed(text).value)
    assert (ours.tag, ours.value) == (str(theirs.ctag), theirs.value) or (
        str(theirs.ctag).endswith(("timestamp", "value", "merge")) and ours.tag.endswith("str")
    )


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, width=32)
    | st.sampled_from(WORDS)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=40)
)
keys = st.text("abcdefgh 污染源:#-", min_size=1, max_size=8)
data = st.dictionaries(
    keys,
    st.recursive(
        scalars,
        lambda below: st.lists(below, max_size=4) | st.dictionaries(keys, below, max_size=4),
        max_leaves=12,
    ),
    max_size=6,
)


@given(data)
def test_what_is_written_reads_back_as_it_was(given_data: dict[str, Any]) -> None:
    problems = Problems()
    read = parse_yaml(written(given_data), "s.yaml", problems).data
    assert not problems.found
    assert read == given_data
    assert list(read) == list(given_data)


def test_a_number_without_a_point_stays_a_number_in_words_of_1_1() -> None:
    read = parse_yaml("a: 1e3\nb: no\nc: -.inf\n", "s.yaml", Problems()).data
    assert read == {"a": 1000.0, "b": "no", "c": -math.inf}
