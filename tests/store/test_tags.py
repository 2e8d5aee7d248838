"""Words of a user on a run: what may be one, and when they are no longer of the run."""

from pathlib import Path

import pytest

from lantian.errors import InputError
from lantian.store.tags import FILE, LONGEST, tags_of, write_tags

MANIFEST = {"content_id": "abc"}


@pytest.mark.parametrize("tag", ["x", "x" * LONGEST, "用于报告", "two words"])
def test_tags_are_kept_in_order_and_go_one_by_one(tmp_path: Path, tag: str) -> None:
    write_tags(tmp_path, MANIFEST, {"z", tag, "A"})
    assert tags_of(tmp_path, MANIFEST) == tuple(sorted({"A", tag, "z"}))
    assert tags_of(tmp_path, {"content_id": "another"}) == ()
    write_tags(tmp_path, MANIFEST, set())
    assert tags_of(tmp_path, MANIFEST) == ()
    assert list(tmp_path.iterdir()) == []
    write_tags(tmp_path, MANIFEST, set())  # there is none to take away


@pytest.mark.parametrize(
    "tag", ["", "x" * (LONGEST + 1), "a,b", "a;b", "a\nb", " a", "a ", "a\x1b[31m"]
)
def test_what_does_not_fit_a_line_of_a_list_is_no_tag(tmp_path: Path, tag: str) -> None:
    with pytest.raises(InputError, match="is no tag"):
        write_tags(tmp_path, MANIFEST, {"good", tag})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"content_id": "abc"}', '{"content_id": "abc", "tags": "a"}']
)
def test_a_damaged_file_holds_no_tags(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert tags_of(tmp_path, MANIFEST) == ()
