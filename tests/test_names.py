"""Names are put together when they are read, differ where things differ, and are lazy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.language import Listed, message
from lantian.names import (
    GroupName,
    IdName,
    JointName,
    MoveName,
    Name,
    Names,
    NumberName,
    StateName,
    YearName,
    joined,
    listed,
    move_names,
    of_ids,
    undated,
)
from optimise.conftest import small_system

OLD = StateName("trucks", "china-3", ())
NEW = StateName("trucks", "china-6", ("filter",))
LABELS = {"renew": "更新", "trucks": "货车", "china-3": "国三", "china-6": "国六", "filter": "滤网"}


@pytest.mark.parametrize(
    ("name", "plain", "english", "chinese"),
    [
        (IdName("nox"), "nox", "nox", "nox"),
        (GroupName("renew", "trucks"), "renew @ trucks", "renew (trucks)", "更新（货车）"),
        (NEW, "trucks / china-6 / filter", "trucks: china-6, filter", "货车：国六、滤网"),
        (
            MoveName("renew", OLD, NEW),
            "renew: trucks / china-3 -> trucks / china-6 / filter",
            "renew (trucks: china-3 → trucks: china-6, filter)",
            "更新（货车：国三 → 货车：国六、滤网）",
        ),
        (
            MoveName("renew", OLD, None),
            "renew: trucks / china-3 -> avoided",
            "renew (trucks: china-3 → avoided)",
            "更新（货车：国三 → 不再发生）",
        ),
        (
            JointName(("renew", "scrap"), "trucks", "excludes"),
            "renew + scrap @ trucks",
            "renew or scrap (trucks)",
            "更新或scrap（货车）",
        ),
        (
            YearName(GroupName("renew", "trucks"), 2020),
            "renew @ trucks [2020]",
            "renew (trucks), 2020",
            "2020年更新（货车）",
        ),
    ],
)
def test_every_form_of_a_name(name: Name, plain: str, english: str, chinese: str) -> None:
    assert name.text() == plain
    assert name.text("en", str) == english
    assert name.text("zh", lambda word: LABELS.get(word, word)) == chinese


def test_an_id_with_marks_in_it_is_quoted_inside_a_plain_name_only() -> None:
    name = GroupName('RTO @ solvent "shop" [large]', "shop")
    assert name.text() == '"RTO @ solvent ""shop"" [large]" @ shop'
    assert name.text("en", str) == 'RTO @ solvent "shop" [large] (shop)'


IDS = st.text(st.sampled_from('ab @/:->+<[]|"; 炉'), min_size=1, max_size=6)
STATES = st.builds(StateName, IDS, IDS, st.lists(IDS, max_size=2).map(tuple))
NAMES = st.one_of(
    st.builds(GroupName, IDS, IDS),
    STATES,
    st.builds(MoveName, IDS, STATES, st.none() | STATES),
    st.builds(JointName, st.lists(IDS, min_size=2, max_size=2).map(tuple), IDS,
              st.sampled_from(["excludes", "needs"])),
)  # fmt: skip


@given(NAMES, NAMES)
def test_different_things_have_different_plain_names(one: Name, other: Name) -> None:
    assert (one.text() == other.text()) == (one == other)


@pytest.mark.parametrize(
    "keys", [("freight-volume", "2030"), ("a / b", 'the "c"', "d/e"), ("x",), ("a", "b / c / d")]
)
def test_a_plain_name_of_a_number_is_read_back(keys: tuple[str, ...]) -> None:
    assert NumberName.of_plain(NumberName(keys).text()).keys == keys


def test_names_are_made_when_somebody_looks() -> None:
    asked = []

    def name(k: int) -> Name:
        asked.append(k)
        return IdName("abc"[k])

    names = Names(3, name)
    some = names.chosen(np.array([2, 0])).in_year(2020)
    assert (len(names), len(some), asked) == (3, 2, [])
    assert some[-1] == YearName(IdName("a"), 2020)
    assert asked == [0]
    assert [n.text() for n in names[1:]] == ["b", "c"]
    with pytest.raises(IndexError):
        names[3]


def test_names_of_parts_follow_one_another() -> None:
    parts = [of_ids("ab"), of_ids(()), of_ids("c")]
    assert joined(parts).keys == ("a", "b", "c")
    assert joined(parts)[2] == IdName("c")


def test_keys_are_unique() -> None:
    assert listed([IdName("a"), IdName("b"), IdName("a")]).keys == ("a", "b", "a (2)")


def test_the_names_of_moves_are_those_of_their_ends() -> None:
    system = small_system([9.0, 0.0], [[2.0], [1.0]], [(0, 0, 1, 4.0), (0, 1, -1, 4.0)], [0.5])
    states = StateName("source-0", "state-0", ()), StateName("source-1", "state-1", ())
    assert list(move_names(system)) == [
        MoveName("measure-0", *states),
        MoveName("measure-0", states[1], None),
    ]


def test_a_year_is_taken_off() -> None:
    assert undated(YearName(OLD, 2020)) == undated(OLD) == OLD


@pytest.mark.parametrize(
    ("language", "said"), [("en", "renew (trucks); x"), ("zh", "renew（trucks）；x")]
)
def test_names_inside_a_message_are_told_once(language: str, said: str) -> None:
    told = message("{names}", names=Listed([GroupName("renew", "trucks"), IdName("x"), "x"]))
    assert told.text(language, str) == said  # type: ignore[arg-type]
