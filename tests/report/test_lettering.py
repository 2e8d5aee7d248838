"""Letters: widths, kerning, indices, line breaks and signs that a font lacks."""

import re
from pathlib import Path

import numpy as np
import pytest
from pylopdf_fonts_zh_cn import sans_path

from lantian.report.lettering import PITCH, Face, faces, set_line, unprintable, width, wrap
from lantian.report.paper import Paper


def test_a_second_font_is_used_only_for_signs_the_first_lacks() -> None:
    chinese, spare = faces()
    assert {run.face for run in set_line("通州区 NOx µg/m³ ≤ ✓ × −").runs} == {chinese}
    runs = set_line("Solvents (C₂–C₁₂)").runs
    assert [(run.text, run.face) for run in runs] == [
        ("Solvents (C", chinese), ("₂", spare), ("–C", chinese), ("₁₂", spare), (")", chinese)
    ]  # fmt: skip


def test_signs_that_no_font_has_are_told_once() -> None:
    assert unprintable("通州 \U000f1234 a\U000f1234한") == ["\U000f1234", "한"]
    assert len(set_line("\U000f1234").runs) == 1


def test_letters_are_kerned_and_a_line_is_as_wide_as_its_signs() -> None:
    face = faces()[0]
    assert face.kern("To") < -0.05
    assert width("To") == pytest.approx(0.599 + 0.606 + face.kern("To"), abs=2e-3)
    assert width("国三12") == pytest.approx(2 + 2 * 0.555)
    assert set_line("国三12").width == width("国三12")


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("NOx、PM2.5 and SO2", ["x", "2.5", "2"]),
        ("2020年NH3排放", ["3"]),
        ("N2O, CH4, CO2, PM10, O3", ["2", "4", "2", "10", "3"]),
        ("low-NOx burners", ["x"]),
        ("CO2e, NOxy, 5SO2, PM2, CO, VOCs, H2O", []),
    ],
)
def test_indices_of_formulas_are_small_and_below_the_line(text: str, indices: list[str]) -> None:
    runs = set_line(text).runs
    assert [run.text for run in runs if run.size < 1] == indices
    assert all((run.drop > 0) == (run.size < 1) for run in runs)
    assert "".join(run.text for run in runs) == text


def test_a_font_is_held_in_memory(tmp_path: Path) -> None:
    """Processes that a fork makes would share the place in an open file, and read at random."""
    copy = tmp_path / "font.otf"
    copy.write_bytes(Path(sans_path()).read_bytes())
    face = Face(copy)
    copy.write_bytes(b"")
    np.testing.assert_array_equal(face.glyph("通").vertices, faces()[0].glyph("通").vertices)


def test_outlines_lie_within_the_width() -> None:
    line = set_line("通州区PM2.5年均浓度")
    vertices, codes = line.outline
    assert len(vertices) == len(codes)
    drawn = vertices[codes != 79]  # the point of a closing step says nothing
    assert drawn[:, 0].min() > 0
    assert drawn[:, 0].max() < line.width
    assert -0.4 < drawn[:, 1].min() < drawn[:, 1].max() < 1.0


def test_a_long_name_is_broken_between_words_and_signs_and_never_cut() -> None:
    assert wrap("Zero-emission share of new buses", 9) == "Zero-emission\nshare of new buses"
    assert wrap("国三及以下柴油货车提前淘汰", 7) == "国三及以下柴油\n货车提前淘汰"
    assert wrap("4.5吨以下邮政、轻型环卫车", 6) == "4.5吨以下邮\n政、轻型环卫\n车"
    assert wrap("溶剂使用与油品储运（VOCs）", 10) == "溶剂使用与油品储运\n（VOCs）"
    assert wrap("short", 9) == "short"


@pytest.mark.parametrize("room", [1.5, 3.0, 7.0, 20.0])
@pytest.mark.parametrize(
    "text", ["Internationalisation of low-NOx burners", "重型柴油车路检路查和入户检查"]
)
def test_no_line_is_wider_than_its_room(text: str, room: float) -> None:
    lines = wrap(text, room).split("\n")
    assert max(map(width, lines)) <= room
    assert re.sub(r"\s", "", "".join(lines)) == text.replace(" ", "")


def test_a_text_stands_where_it_is_put() -> None:
    paper = Paper(5, 5)
    paper.write("one\ntwo", 2.0, 3.0, 72, side="right", level="base")
    first, second = paper.labels
    assert first.x + width("One") == pytest.approx(2.0)
    assert (first.y, second.y) == (3.0, pytest.approx(3.0 + PITCH))
    paper.write("up", 1.0, 4.0, 72, side="left", turned=True)
    left, top, right, bottom = paper.labels[-1].box
    np.testing.assert_allclose((bottom, bottom - top), (4.0, width("Up")))
    assert left < 1.0 < right
