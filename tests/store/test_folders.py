"""Folders that appear complete or not at all, and what users put into them."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lantian.errors import InputError
from lantian.store import draft as drafting
from lantian.store.draft import (
    ABANDONED,
    BusyError,
    Claim,
    TakenError,
    drafts,
    exchange,
    filled_beside,
    hidden,
    leftovers,
    put_in_order,
    remove,
)
from lantian.store.written import RECORD, carry_over, free, made_by_user, move_into, note_written


def fill(folder: Path, **files: str) -> Path:
    """Write files of a folder, ``a_b`` as ``b`` in the folder ``a``."""
    for name, text in files.items():
        path = folder / name.replace("_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def texts(folder: Path) -> dict[str, str]:
    """Return what stands in a folder, but for what is hidden."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in found}


def always(_: Path) -> bool:
    return True


def never(_: Path) -> bool:
    return False


def written(run: Path, may_replace: Callable[[Path], bool], act: Callable[[Path], object]) -> None:
    """Write a run as ``act`` fills its draft."""
    with Claim(run, may_replace) as claim, claim.draft() as draft:
        act(draft)


def beside(folder: Path, act: Callable[[Path], object]) -> list[Path]:
    """Fill files in beside others, and return those of users that had to give way."""
    told: list[Path] = []
    with filled_beside(folder, told.append) as draft:
        act(draft)
    return told


def fail(draft: Path) -> None:
    fill(draft, a="never")
    raise ZeroDivisionError


# --- what was written, and what a user made ------------------------------------------------------


def test_what_is_not_as_it_was_written_is_a_users(tmp_path: Path) -> None:
    fill(tmp_path, a="1", b="2", c_d="3", gone="4")
    assert made_by_user(tmp_path) == []  # nothing is known
    note_written(tmp_path)
    assert made_by_user(tmp_path) == []
    fill(tmp_path, b="edited", c_new="5")
    (tmp_path / "gone").unlink()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert made_by_user(tmp_path) == ["b", "c/new", "link"]
    note_written(tmp_path, iter(["b"]))  # what is recorded of others stays
    assert made_by_user(tmp_path) == ["c/new", "link"]


def test_a_folder_below_keeps_a_record_of_its_own(tmp_path: Path) -> None:
    fill(tmp_path, a="1")
    note_written(tmp_path)
    note_written(fill(tmp_path / "charts", b="2"))
    assert made_by_user(tmp_path) == []
    fill(tmp_path, charts_c="3")
    assert made_by_user(tmp_path) == ["charts/c"]


@pytest.mark.parametrize("record", ["[1, 2]", "{", "[" * 100_000])
def test_a_damaged_record_makes_all_of_a_folder_a_users(tmp_path: Path, record: str) -> None:
    fill(tmp_path, a="1")
    (tmp_path / RECORD).write_text(record, encoding="utf-8")
    assert made_by_user(tmp_path) == ["a"]


def test_the_first_free_name_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert free(path) == path
    path.touch()
    assert free(path).name == "a.kept-1.csv"
    (tmp_path / "a.kept-1.csv").symlink_to("nowhere")
    assert free(path).name == "a.kept-2.csv"


def test_what_a_user_made_is_carried_over_and_replaces_nothing(tmp_path: Path) -> None:
    old = fill(tmp_path / "old", same="1", own_note="2", edited="3", plain="4")
    note_written(old, iter(["plain"]))
    new = fill(tmp_path / "new", same="1", edited="new", plain="newer")
    kept = carry_over(old, new)
    assert [path.relative_to(new).as_posix() for path in kept] == ["edited.kept-1", "own/note"]
    assert texts(new) == {
        **{"same": "1", "edited": "new", "plain": "newer"},
        **{"edited.kept-1": "3", "own/note": "2"},
    }


def test_files_of_a_draft_take_the_place_of_those_that_were_written(tmp_path: Path) -> None:
    folder = fill(tmp_path / "old", ours="1", edited="2", other="3", same="4")
    note_written(folder, iter(["ours", "edited"]))
    fill(folder, edited="by a user")
    draft = fill(tmp_path / "draft", ours="new", edited="new", same="4", sub_x="new")
    assert [path.name for path in move_into(draft, folder)] == ["edited.kept-1"]
    assert texts(folder) == {
        **{"ours": "new", "edited": "new", "edited.kept-1": "by a user"},
        **{"other": "3", "same": "4", "sub/x": "new"},
    }
    assert set(json.loads((folder / RECORD).read_text())) == {"ours", "edited", "same", "sub/x"}


# --- drafts, locks and what dead processes left --------------------------------------------------


def test_a_folder_appears_when_all_is_in_it_and_not_when_that_fails(tmp_path: Path) -> None:
    run = tmp_path / "deep" / "run"
    with Claim(run, never) as claim, claim.draft() as draft:
        fill(draft, a="1")
        assert not run.exists()
        assert drafts(run) == [draft]
    assert texts(run) == {"a": "1"}
    with pytest.raises(ZeroDivisionError):
        written(run, always, fail)
    assert texts(run) == {"a": "1"}
    assert sorted(os.listdir(run.parent)) == ["run"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_is_replaced_with_what_a_user_made_in_it(
    tmp_path: Path, can_exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_exchange:
        monkeypatch.setattr(drafting, "exchange", lambda *_: False)
    run = fill(tmp_path / "run", a="1", b="2")
    note_written(run)
    fill(run, b="edited", c="3")
    with Claim(run, always) as claim, claim.draft() as draft:
        fill(draft, a="new", b="new")
    assert texts(run) == {"a": "new", "b": "new", "b.kept-1": "edited", "c": "3"}
    assert sorted(claim.kept) == [run / "b.kept-1", run / "c"]
    assert os.listdir(tmp_path) == ["run"]


def test_two_folders_change_places(tmp_path: Path) -> None:
    one, other = fill(tmp_path / "one", a="1"), fill(tmp_path / "other", b="2")
    assert exchange(one, other)
    assert (texts(one), texts(other)) == ({"b": "2"}, {"a": "1"})
    assert not exchange(one, tmp_path / "none")


def test_what_may_not_be_replaced_is_left_alone(tmp_path: Path) -> None:
    run = fill(tmp_path / "run", a="1")
    with pytest.raises(TakenError), Claim(run, never):
        pass
    with Claim(run, always):
        pass  # nothing holds it any more
    other = tmp_path / "other"
    with pytest.raises(TakenError):  # something came to its place in the meantime
        written(other, never, lambda draft: fill(other, a="somebody else's"))
    assert texts(other) == {"a": "somebody else's"}
    assert sorted(os.listdir(tmp_path)) == ["other", "run"]


def test_a_name_is_written_by_one_at_a_time(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with Claim(run, always):
        with pytest.raises(BusyError), Claim(run, always):
            pass
        held = json.loads(hidden(run, drafting.LOCK).read_text(encoding="utf-8"))
        assert held["process"] == os.getpid()
        with Claim(tmp_path / "other", always):
            pass
    with Claim(run, always):
        pass
    assert os.listdir(tmp_path) == []


def mine(run: Path, word: str) -> Path:
    return hidden(run, f"{drafting.DRAFT}{drafting._machine()}-{word}")


def test_what_dead_processes_left_is_put_in_order(tmp_path: Path) -> None:
    run = tmp_path / "run"
    fill(hidden(run, drafting.ASIDE), a="old")
    fill(mine(run, "1"), a="half")
    young, aged = (fill(hidden(run, f"{drafting.DRAFT}elsewhere-{n}"), a="1") for n in "12")
    longer = time.time() - ABANDONED - 60
    for path in (aged / "a", aged):
        os.utime(path, (longer, longer))
    shorter = time.time() - ABANDONED + 60
    os.utime(young, (longer, longer))
    os.utime(young / "a", (shorter, shorter))
    assert leftovers(tmp_path) == [run]
    assert put_in_order(run) == [hidden(run, drafting.ASIDE), aged, mine(run, "1")]
    assert texts(run) == {"a": "old"}
    assert drafts(run) == [young]


def test_an_old_folder_that_was_set_aside_goes_where_the_new_one_stands(tmp_path: Path) -> None:
    run = fill(tmp_path / "run", a="new")
    fill(hidden(run, drafting.ASIDE), a="old")
    with Claim(run, always):
        pass
    assert texts(run) == {"a": "new"}
    assert os.listdir(tmp_path) == ["run"]


def test_locks_drafts_and_asides_tell_of_their_folder(tmp_path: Path) -> None:
    for name in (".a.lock", ".b.aside", ".c.draft-x-1", "d.lock", "e.draft-x-1", ".f", "g.aside"):
        (tmp_path / name).mkdir()
    assert leftovers(tmp_path) == [tmp_path / name for name in "abc"]


def test_a_folder_is_removed_in_one_step(tmp_path: Path) -> None:
    run = fill(tmp_path / "run", a="1")
    with Claim(run, always) as claim:
        remove(claim)
    assert os.listdir(tmp_path) == []


def test_files_are_filled_in_beside_others(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert beside(folder, lambda draft: fill(draft, a="1")) == []
    assert texts(folder) == {"a": "1"}
    fill(folder, a="edited", b="2")
    assert beside(folder, lambda draft: fill(draft, a="new", c="3")) == [folder / "a.kept-1"]
    assert texts(folder) == {"a": "new", "a.kept-1": "edited", "b": "2", "c": "3"}
    with pytest.raises(ZeroDivisionError):
        beside(folder, fail)
    assert texts(folder)["a"] == "new"
    assert os.listdir(tmp_path) == ["out"]


def test_an_error_of_the_disk_tells_of_the_folder(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(FileNotFoundError) as error:
        written(run, never, lambda draft: (draft / "a" / "b").write_text("1"))
    assert error.value.filename == str(run)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file"):
        beside(tmp_path / "file", fill)
