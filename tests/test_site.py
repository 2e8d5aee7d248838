"""The documentation as a site: its pages are there, and its tutorials do what they say."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from integration.workbench import REPOSITORY, call

DOCS = REPOSITORY / "docs"
TUTORIALS = {
    path.stem: (path, DOCS / "zh" / path.name) for path in (DOCS / "tutorials").glob("*.md")
}
BLOCK = re.compile(r'```(\w+)(?: title="([^"]+)")?\n(.*?)```', re.DOTALL)


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """Return language, title and text of each block of a page."""
    return BLOCK.findall(path.read_text(encoding="utf-8"))


def pages(nav: Any) -> Iterator[str]:
    """Yield the pages of the menu."""
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from pages(part)


def test_every_page_is_in_the_menu_and_there() -> None:
    menu = YAML(typ="safe").load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert set(pages(menu)) == there


def test_the_gallery_names_every_chart() -> None:
    done = subprocess.run(
        [sys.executable, "docs/gallery.py", "--check"], cwd=REPOSITORY, check=False
    )
    assert done.returncode == 0, "run: python docs/gallery.py"


def test_every_tutorial_is_there_in_both_languages() -> None:
    assert set(TUTORIALS) == {"modeller", "researcher", "report"}
    for english, chinese in TUTORIALS.values():
        assert blocks(english) == blocks(chinese)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_runs_as_it_stands(name: str, tmp_path: Path) -> None:
    known: dict[str, Any] = {}
    with chdir(tmp_path):
        for language, title, text in blocks(TUTORIALS[name][0]):
            if language == "yaml":
                Path(title).write_text(text, encoding="utf-8")
            elif language == "python":
                exec(compile(text, name, "exec"), known)
            else:
                _run(text, tmp_path)


def _run(text: str, folder: Path) -> None:
    for line in text.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "lantian"
        answer = call(*arguments, at=folder)
        assert answer.code == 0, f"{line}\n{answer.out}{answer.err}"
