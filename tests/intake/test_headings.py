"""Books of a few lines as text: spans of headings, sums of lines, and what a mapping writes."""

from pathlib import Path
from string import punctuation

import pytest

from intake.test_import import take, tonnes
from integration.workbench import Answer
from lantian.errors import Problems
from lantian.intake.mapping import Mapping, Names, Table, ValueColumn, read_mapping, write_mapping


def of_text(tmp_path: Path, *lines: str) -> Answer:
    (tmp_path / "b.csv").write_text("\n".join(lines), encoding="utf-8")
    return take(tmp_path, "b.csv")


@pytest.mark.parametrize(
    ("head", "span"),
    [
        (["source,SO2 (t) 2022,NOx (t) 2022"], "'1'"),
        (["source,SO2 2022,NOx 2022", ",t,t"], "1-2"),
        (["source,SO2,NOx", ",2022,2022", ",t,t"], "1-3"),
    ],
)
def test_headings_may_stand_in_several_lines(head: list[str], span: str, tmp_path: Path) -> None:
    answer = of_text(tmp_path, *head, "kiln,9,8")
    assert answer.code == 0, answer.err
    assert f"header: {span} " in (tmp_path / "b.csv.import.yaml").read_text(encoding="utf-8")
    assert tonnes(tmp_path) == {("kiln", "SO2"): 9, ("kiln", "NOx"): 8}


SUMS = {
    "of the last two above": (["a,1,2", "b,3,5", "c,5,9", "d,8,14", "e,7,7"], "d"),
    "of all three above": (["a,1,2", "b,3,5", "c,5,9", "d,9,16", "e,7,7"], "d"),
    "of the next two below": (["e,7,7", "d,8,14", "b,3,5", "c,5,9", "a,1,2"], "d"),
    "but for a digit": (["a,1,2", "b,3,5", "c,5,9", "d,8,14.1", "e,7,7"], ""),
    "in one pollutant alone": (["a,1,2", "b,3,5", "c,5,9", "d,8,", "e,7,7"], ""),
    "of one line alone": (["a,1,2", "d,1,2", "e,7,7"], ""),
}


@pytest.mark.parametrize("kind", SUMS)
def test_a_line_is_a_sum_of_two_or_more_right_beside_it_in_two_pollutants(
    kind: str, tmp_path: Path
) -> None:
    lines, total = SUMS[kind]
    answer = of_text(tmp_path, "source,SO2 (t) 2022,NOx (t) 2022", *lines)
    assert answer.code == 0, answer.err
    assert ("is the sum of other lines" in answer.out) == bool(total)
    kept = {line.split(",")[0] for line in lines} - {total}
    assert {source for source, _ in tonnes(tmp_path)} == kept


def test_a_source_that_stands_twice_is_told_with_the_place_before(tmp_path: Path) -> None:
    lines = ["source,SO2 (t) 2022,NOx (t) 2022", "kiln,9,8", "kiln,1,"]
    answer = of_text(tmp_path, *lines)
    assert answer.code == 2
    assert "b.csv:3:2  B3\n  source 'kiln' has SO2 twice, before in B2." in answer.err
    mapping = tmp_path / "b.csv.import.yaml"
    text = mapping.read_text(encoding="utf-8").replace("add_up: false", "add_up: true")
    mapping.write_text(text, encoding="utf-8")
    answer = take(tmp_path, "b.csv")
    assert "1 rows were added to others" in answer.out
    assert tonnes(tmp_path) == {("kiln", "SO2"): 10, ("kiln", "NOx"): 8}


def test_a_long_note_above_the_table_is_no_heading(tmp_path: Path) -> None:
    note = "SO2 (" + "counted as the bureau counts them, " * 2 + ")"
    head = ["source,SO2 (t) 2022,NOx (t) 2022", "kiln,9,8"]
    assert of_text(tmp_path, f'"{note}","{note.replace("SO2", "NOx")}"', *head).code == 0
    assert tonnes(tmp_path) == {("kiln", "SO2"): 9, ("kiln", "NOx"): 8}


def test_whatever_a_heading_is_made_of_the_mapping_can_be_read_again(tmp_path: Path) -> None:
    signs = [*punctuation, "a", "1", "氮", "no", "null", " #", ": ", "- "]
    headings = [name for a in signs for b in ("", ":", "a") if (name := (a + b).strip())]
    table = Table(
        sheet="?",
        header="1",
        names=Names(source=("A",)),
        values=tuple(ValueColumn(column="B", heading=heading) for heading in headings),
    )
    mapping, problems = Mapping(book=":", inventory=table), Problems()
    write_mapping(mapping, tmp_path / "b.import.yaml")
    read = read_mapping(tmp_path / "b.import.yaml", tmp_path, problems)
    assert [p.text() for p in problems.found] == []
    assert read is not None
    assert read[0] == mapping
