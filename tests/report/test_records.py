"""Tables of records on a terminal: what is too wide breaks its headings, and cuts none."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from lantian.cli.alerts import totals_table
from lantian.cli.terminal import records_table
from lantian.cli.terminal.text import WIDE
from lantian.vocabulary import LANGUAGES

WORDS = st.lists(
    st.sampled_from(["t", "share", "a day", "（吨/日）", "总量", "pollutant"]), min_size=1
)


def printed(table: Any) -> str:
    out = Console(file=io.StringIO(), width=WIDE)
    out.print(table)
    return out.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@given(headings=st.lists(WORDS.map(" ".join), min_size=6, max_size=9, unique=True))
def test_no_heading_is_cut(headings: list[str]) -> None:
    text = printed(records_table([dict.fromkeys(headings, "0.00333")], "en"))
    seen = "".join(text.split())
    for letter in set("".join("".join(headings).split())):
        assert seen.count(letter) >= "".join(headings).count(letter)


class Totals:
    """Of one alert, as its table gives them."""

    def records(self) -> list[dict[str, Any]]:
        numbers = dict.fromkeys(("total", "total_year", "listed", "wanted", "cut", "share"), 0.1)
        return [{"level": "yellow", "pollutant": "SO2", "short": 0.00333, **numbers}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_heading_of_an_alert_stands_in_full(language: Any) -> None:
    text = printed(totals_table(Totals(), "yellow", language, str))  # type: ignore[arg-type]
    assert "".join(text.split()).count("（吨）" if language == "zh" else "(t)") == 6
