"""``lantian init``: a small working example as CSV and as Excel, or all that Lantian carries."""

import csv
import shutil
from importlib.resources import files
from pathlib import Path

TABLES = ("inventory", "measures")
LIBRARY = ("scenarios", "inputs")
"""Folders of the project that a wheel carries along (pyproject.toml, force-include)."""


def copy_library(folder: Path) -> list[Path]:
    """Copy all scenarios and inputs that come with Lantian, and return the two folders."""
    package = Path(str(files("lantian")))
    carried = package / "starter"
    # An editable installation has no copy in the package: the project around it is the master.
    root = carried if carried.is_dir() else package.parent.parent
    copied = [folder / name for name in LIBRARY]
    for path in copied:
        shutil.copytree(root / path.name, path)
    return copied


def write_starter(folder: Path) -> list[Path]:
    """Write the example project and return its files.

    ``scenarios/my-district.yaml`` reads CSV tables, ``scenarios/my-district-excel.yaml`` the same
    numbers from Excel; ``inputs/`` holds names and sources.
    """
    source = files("lantian") / "starter_files"
    texts = {
        name: (source / name).read_text(encoding="utf-8")
        for name in (
            "README.md",
            "scenario.yaml",
            "inventory.csv",
            "measures.csv",
            "labels.csv",
            "sources.csv",
        )
    }
    scenarios = folder / "scenarios"
    written = {
        folder / "README.md": texts["README.md"],
        folder / "inputs" / "labels.csv": texts["labels.csv"],
        folder / "inputs" / "sources.csv": texts["sources.csv"],
        scenarios / "my-district.yaml": texts["scenario.yaml"],
        scenarios / "my-district-excel.yaml": _excel_scenario(texts["scenario.yaml"]),
    }
    written |= {scenarios / f"{name}.csv": texts[f"{name}.csv"] for name in TABLES}
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    books = [_write_excel(scenarios / f"{name}.xlsx", texts[f"{name}.csv"]) for name in TABLES]
    return [*written, *books]


def _excel_scenario(text: str) -> str:
    text = text.replace("name: my-district\n", "name: my-district-excel\n")
    for name in TABLES:
        text = text.replace(f"{name}.csv", f"{name}.xlsx")
    return text


def _write_excel(path: Path, text: str) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one sheet
    for row in csv.reader(text.splitlines()):
        sheet.append([_cell(cell) for cell in row])
    book.save(path)
    return path


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
