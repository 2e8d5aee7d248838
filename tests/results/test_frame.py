"""Frames agree with their declaration or are refused; CSV keeps every cell."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lantian.language import Text
from lantian.results.contract import Column, Table
from lantian.results.frame import DisagreementError, Frame, is_blank, make_frame, read_frame

SAYS = Text("x", "某")
NEVER = Text("never mind", "无")
SHOPS = Table(
    name="shops",
    title=SAYS,
    means=SAYS,
    key=("shop", "year"),
    columns=(
        Column(name="shop", kind="id", labels="shop", means=SAYS),
        Column(name="year", kind="year", means=SAYS),
        Column(name="size", kind="number", unit_in="unit", means=SAYS, blank=NEVER),
        Column(name="unit", kind="text", means=SAYS, blank=NEVER, words=("m2", "ha")),
        Column(name="doors", kind="whole", unit="1", means=SAYS, blank=NEVER),
        Column(name="open", kind="truth", means=SAYS),
        Column(name="good", kind="truth", means=SAYS, blank=NEVER),
        Column(name="loss", kind="number", unit="1", means=SAYS, infinite=NEVER),
    ),
)
COLUMNS: dict[str, Any] = {
    "shop": ["a", "甲"],
    "year": 2020,
    "size": [0.1, None],
    "unit": ["m2", ""],
    "doors": [3, None],
    "open": [True, False],
    "good": [None, True],
    "loss": [1e-7, np.inf],
}


def changed(**columns: Any) -> dict[str, Any]:
    return {**COLUMNS, **columns}


def shops() -> Frame:
    return make_frame(SHOPS, COLUMNS)


def test_columns_come_in_the_order_of_the_declaration() -> None:
    frame = make_frame(SHOPS, dict(reversed(COLUMNS.items())))
    assert tuple(frame.columns) == SHOPS.names
    assert len(frame) == 2
    assert frame["year"].tolist() == [2020, 2020]


def test_rows_give_the_same_frame() -> None:
    frame = make_frame(SHOPS, shops().records())
    assert frame.text() == shops().text()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({k: v for k, v in COLUMNS.items() if k != "size"}, "size"),
        (changed(colour="red"), "colour"),
        (changed(shop=["a", ""]), "shop: blank"),
        (changed(shop=["a", 1]), "shop: not of kind id"),
        (changed(shop=["a"]), "shop: 1 cells for 2 rows"),
        (changed(shop=["a", "a"]), "two rows of"),
        (changed(year=[2020, None]), "year: blank"),
        (changed(year=[2020, 2020.5]), "year: not of kind year"),
        (changed(year=True), "year: not of kind year"),
        (changed(size=["small", 1.0]), "size: not of kind number"),
        (changed(size=[1.0, -np.inf]), "size: infinite"),
        (changed(loss=[1.0, np.nan]), "loss: blank"),
        (changed(unit=["m2", "acre"]), "unit: unknown words"),
        (changed(doors=[1.5, 2.0]), "doors: not of kind whole"),
        (changed(open=["True", "False"]), "open: not of kind truth"),
        (changed(open=[1, 0]), "open: not of kind truth"),
        (changed(open=[None, True]), "open: blank"),
        ([{"shop": "a"}, {"shops": "b"}], "rows differ"),
    ],
)
def test_what_does_not_agree_is_refused(data: Any, told: str) -> None:
    with pytest.raises(DisagreementError, match=f"shops.csv: .*{told}"):
        make_frame(SHOPS, data)


def test_numbers_of_numpy_are_taken() -> None:
    frame = make_frame(
        SHOPS,
        changed(
            year=np.array([2020, 2021]),
            doors=[np.int64(3), None],
            open=np.array([True, False]),
            good=[np.bool_(True), None],
        ),
    )
    assert frame.cells("doors") == [3, None]
    assert [type(v) for v in frame.cells("good")] == [bool, type(None)]


def test_a_table_without_rows_has_its_header_only() -> None:
    for empty in (make_frame(SHOPS, []), make_frame(SHOPS, {name: [] for name in COLUMNS})):
        assert len(empty) == 0
        assert empty.text() == ",".join(SHOPS.names) + "\n"


def test_blank_cells_are_told() -> None:
    frame = shops()
    blank = {c.name: is_blank(c, frame[c.name]).tolist() for c in SHOPS.columns}
    assert {name for name, cells in blank.items() if cells == [False, True]} == {
        "size",
        "unit",
        "doors",
    }
    assert blank["good"] == [True, False]
    assert not any(blank["shop"] + blank["year"] + blank["open"] + blank["loss"])


def test_csv_is_what_pandas_would_write(tmp_path: Path) -> None:
    frame = shops()
    frame.write(tmp_path / "shops.csv")
    written = (tmp_path / "shops.csv").read_bytes()
    assert written[:3] == b"\xef\xbb\xbf"
    assert written[3:].decode() == frame.text() == frame.pandas().to_csv(index=False)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_reading_gives_every_cell_back(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "shops.csv"
    path.write_bytes(mark + shops().text().encode())
    pd.testing.assert_frame_equal(read_frame(SHOPS, path), shops().pandas())


def test_reading_leaves_out_what_is_not_declared(tmp_path: Path) -> None:
    path = tmp_path / "shops.csv"
    shops().pandas().assign(colour="red")[["colour", *reversed(SHOPS.names)]].to_csv(
        path, index=False
    )
    assert tuple(read_frame(SHOPS, path).columns) == SHOPS.names


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("size", "area", "no column size"), ("2020", "soon", "soon"), ("True", "perhaps", "bool")],
)
def test_a_file_that_does_not_agree_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = tmp_path / "shops.csv"
    path.write_text(shops().text().replace(old, new))
    with pytest.raises(DisagreementError, match=told):
        read_frame(SHOPS, path)


def test_some_rows() -> None:
    frame = shops()
    assert frame.at(frame["shop"] == "甲").records("shop", "size") == [{"shop": "甲", "size": None}]
    assert frame.first(1).cells("doors") == [3]
    assert frame.first(9).cells("doors") == [3, None]
    with pytest.raises(LookupError, match="colour"):
        frame["colour"]
    assert repr(frame) == "<Frame shops: 2 rows>"


def test_columns_of_years_follow_the_others() -> None:
    yearly = Column(name="year", kind="number", unit="1", means=SAYS, blank=NEVER)
    wide = Table(
        name="wide",
        title=SAYS,
        means=SAYS,
        key=("shop",),
        columns=(SHOPS.column("shop"),),
        yearly=yearly,
    )
    frame = make_frame(wide, {"2021": [1.0, 2.0], "shop": ["a", "b"], "2020": [None, 0.5]})
    assert frame.text() == "shop,2020,2021\na,,1.0\nb,0.5,2.0\n"
    with pytest.raises(DisagreementError, match="later"):
        make_frame(wide, {"shop": ["a"], "later": [1.0]})
