"""Every text that the program says has its Chinese form, with the same fields."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from integration.workbench import REPOSITORY, Finished, call
from lantian import language

PACKAGE = REPOSITORY / "model" / "lantian"
TABLE = PACKAGE / "translations" / "zh.csv"
WORDS = re.compile(r"[A-Z]?[a-z]+([ ,.;:'(){}][ A-Za-z_,.;:'(){}]*)?")
"""English words; ids, numbers, versions and dates of a table's cells stay as they are."""
SPEAKERS = ("message", "say")


def templates() -> Iterator[tuple[str, str]]:
    """Yield place and template of every literal passed to ``message`` or ``say``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in SPEAKERS and node.args:
                yield from (
                    (f"{path.relative_to(REPOSITORY)}:{node.lineno}", text)
                    for text in literals(node.args[0])
                )


def literals(node: ast.expr) -> list[str]:
    """Return the texts an argument can be: a literal, or either branch of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return []


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def translations() -> list[dict[str, str]]:
    return read(TABLE)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_template_has_a_translation() -> None:
    known = {row["en"] for row in translations()}
    assert [f"{place}: {text!r}" for place, text in templates() if text and text not in known] == []


def test_translations_keep_the_fields() -> None:
    changed = [row["en"] for row in translations() if fields(row["en"]) != fields(row["zh"])]
    assert not changed


def test_translations_are_given_once_and_in_chinese() -> None:
    english = [row["en"] for row in translations()]
    assert sorted(english) == sorted(set(english))
    assert not [row["en"] for row in translations() if not row["zh"].strip()]


JARGON = re.compile(
    r"\b(credits?|slices?|enabling|(a|the|each|of|no|these|all) moves?|moves whose)\b", re.I
)
"""Words of the code that a reader of English does not know."""
WORDS_OF_TABLES = {"enabling"}
"""Words that scenarios and tables hold as they are."""
ONE_WORD = {
    "污染源": "排放源",
    "源类": "排放源",
    "措施目录": "措施库",
    "承诺": "任务",
    "渗透率": "可达比例",
    "普及率": "可达比例",
    "覆盖率": "可达比例",
    "活动量": "活动水平",
    "规则有效性": "投运率",
    "实际有效率": "投运率",
    "可信度等级": "数据来源等级",
}
"""What is not said in messages -> the one word of the concept."""


def declared(language: int = 0) -> Iterator[str]:
    """Yield every text that a chart, a table or a report declares: 0 in English, 1 in Chinese."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "arrays.py":  # names of dimensions, for whoever computes with them
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                yield from (t for argument in node.args[language:][:1] for t in literals(argument))


def test_no_word_of_the_code_is_said_to_a_reader() -> None:
    texts = [*declared(), *(row["en"] for row in translations())]
    assert len(texts) > 1000
    found = [text for text in texts if JARGON.search(text) and text not in WORDS_OF_TABLES]
    assert found == []


def test_a_concept_has_one_word() -> None:
    named = [row["zh"] for row in read(REPOSITORY / "inputs" / "labels.csv")]
    said = [*(row["zh"] for row in translations()), *declared(1), *named]
    assert len(said) > 3000
    found = [text for text in said for word in ONE_WORD if word in text]
    found += [row["zh"] for row in translations()
              if re.search(r"\bsectors?\b", row["en"]) and "部门" in row["zh"]]  # fmt: skip
    assert found == []


def test_pages_use_the_one_word_too() -> None:
    """A plan may promise (承诺) in a sentence; what it commits to is a 任务."""
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
    pages += [REPOSITORY / folder / "README.md" for folder in ("inputs", "scenarios", "runs")]
    pages += (PACKAGE / "starter_files").iterdir()
    texts = {str(path): path.read_text(encoding="utf-8") for path in pages}
    assert len(texts) > 20
    words = ONE_WORD.keys() - {"承诺"}
    assert [(path, word) for path, text in texts.items() for word in words if word in text] == []


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_what_is_printed_and_handed_over_has_none_of_these_words(
    spoken: str, starter: Path, tmp_path: Path
) -> None:
    """Texts that are put together from several are looked at as a reader gets them."""
    scenario, runs = "scenarios/my-district.yaml", str(tmp_path / "runs")
    own = ("--lang", spoken)
    told = [
        call(*own, *arguments, at=starter).out
        for arguments in (
            ("run", scenario, "--no-charts", "--out", runs),
            ("optimise", scenario, "--compare", "--ranges", "--alternatives"),
            ("optimise", scenario, "--explain", "scrap-old-trucks"),
            ("frontier", scenario, "--target", "nox-cut", "--out", str(tmp_path / "curve")),
            ("report", f"{runs}/my-district", "--format", "html", "--out", str(tmp_path / "page")),
        )
    ]
    page = (tmp_path / "page" / f"report.{spoken}.html").read_text(encoding="utf-8")
    body = re.sub(r"<script>.*?</script>|<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    captions = (tmp_path / "curve" / "charts" / "captions.md").read_text(encoding="utf-8")
    text = "\n".join([*told, body, captions])
    assert len(text) > 10_000
    assert JARGON.findall(text) == []
    assert [word for word in ONE_WORD if word in text] == []


def test_sentences_are_never_built_from_values() -> None:
    """An f-string cannot be looked up in the table; a unit put together from two can."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in SPEAKERS
                and node.args
            ):
                built = isinstance(node.args[0], ast.JoinedStr)
                assert not (built and " " in ast.unparse(node.args[0])), f"{path}:{node.lineno}"


class Watched(dict[str, str]):
    """Translations that remember what was asked for and not there."""

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__(known)
        self.missed: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if key and key not in self:
            self.missed.add(key)
        return super().get(key, default)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    known = Watched({row["en"]: row["zh"] for row in translations()})
    monkeypatch.setattr(language, "_chinese", lambda: known)
    return known


def test_nothing_is_said_in_english_to_a_chinese_reader(
    watched: Watched, tongzhou: Finished, tmp_path: Path
) -> None:
    """Catches templates that reach ``say`` through a variable: column heads, case names."""
    root = tongzhou.folder.parents[1]
    scenario = "scenarios/tongzhou-2020.yaml"
    for arguments in (
        ("--help",),
        ("measures",),
        ("plans",),
        ("plans", "tongzhou-2020", "--clauses"),
        ("runs",),
        ("inventory", "tongzhou"),
        ("check", scenario),
        (
            "optimise",
            scenario,
            "--compare",
            "--ranges",
            "--explain",
            "retire-china3-diesel-trucks",
        ),
        ("optimise", "scenarios/published/kohn-cement.yaml", "--alternatives"),
        (
            "frontier",
            scenario,
            "--target",
            "nox-total",
            "--out",
            str(tmp_path / "curve"),
            "--no-charts",
        ),
        ("frontier", scenario, "--target", "nothing"),
        ("run", scenario, "--no-charts", "--out", str(tmp_path / "runs")),
        ("init", str(tmp_path / "mine")),
        ("inventory", "nowhere"),
        ("report", str(tmp_path)),
    ):
        call("--lang", "zh", *arguments, at=root)
    ids = {path.name for path in (root / "runs").iterdir()} | {
        row["id"] for row in read(root / "inputs" / "labels.csv")
    }
    assert {text for text in watched.missed - ids if WORDS.fullmatch(text)} == set()
