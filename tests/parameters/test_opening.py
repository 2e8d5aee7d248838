"""One guarded opening of what users name: whatever stands there is read or told."""

from pathlib import Path

import pytest

from lantian.errors import Place, Problems
from lantian.parameters.opening import SHOWN, check_there, exists, read_file, repeated

HERE = Place("case.yaml", 3)


def test_what_cannot_even_be_looked_at_is_there_and_told_later(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    assert exists(tmp_path / "link")
    assert exists(tmp_path / ("x" * 300))  # too long a name for any file
    assert not exists(tmp_path / "nowhere")
    assert not exists(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("named", "fix"), [("tabel.csv", "Did you mean 'table.csv'?"), ("no/such/folder.csv", "")]
)
def test_a_file_that_is_named_and_not_there_is_told_with_the_nearest(
    tmp_path: Path, named: str, fix: str
) -> None:
    (tmp_path / "table.csv").touch()
    (tmp_path / "tabel.d").mkdir()
    problems = Problems()
    assert check_there(tmp_path / "table.csv", "table.csv", HERE, problems)
    assert not problems.found
    assert not check_there(tmp_path / named, named, HERE, problems)
    said = f"case.yaml:3\n  there is no file '{named}'. {fix}"
    assert [p.text() for p in problems.found] == [said.strip()]


def test_a_file_is_read_up_to_its_largest_size_and_told_beyond(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"12345")
    problems = Problems()
    assert read_file(tmp_path / "t.csv", "t.csv", 5, problems) == b"12345"
    assert not problems.found
    assert read_file(tmp_path / "t.csv", "t.csv", 4, problems) is None
    assert read_file(tmp_path, "here", 4, problems) is None
    assert read_file(tmp_path / "none", "none", 4, problems) is None
    assert [p.text() for p in problems.found] == [
        "t.csv\n  the file is too large: more than 0 MB.",
        "here\n  this is a folder or a device, not a file.",
        "none\n  cannot be read: No such file or directory.",
    ]


def test_a_faulty_value_is_not_repeated_at_any_length() -> None:
    assert repeated("x" * (SHOWN - 2)) == repr("x" * (SHOWN - 2))  # two quotes
    assert repeated("x" * (SHOWN - 1)) == "'" + "x" * (SHOWN - 1) + "..."
