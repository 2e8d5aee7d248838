"""Writes the lists of tables and arrays in runs/README.md from their declarations.

``python docs/tables.py`` rewrites them; ``python docs/tables.py --check`` only tells, by its exit
code, whether they agree.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lantian.results.contract import (
    TABLES,
    VARIABLES,
    Column,
    Place,
    Table,
    Variable,
    tables_of,
)

README = Path(__file__).parents[1] / "runs" / "README.md"
BEGIN = "<!-- Made from model/lantian/results/contract/ by docs/tables.py. -->"
END = "<!-- End of what is made. -->"
PLACES: dict[Place, str] = {
    "run": "Tables of a run (`tables/`)",
    "curve": "Tables of `lantian frontier`",
    "program": "Tables of `--save-lp`",
    "screen": "Tables on the screen",
    "comparison": "Tables of `lantian compare`",
    "ensemble": "Tables of `lantian ensemble`",
}
KINDS = {"id": "id", "text": "text", "whole": "whole number", "number": "number",
         "truth": "True or False", "year": "year"}  # fmt: skip


def section() -> str:
    """Return the part of the README that is made, from its first to its last line."""
    blocks = [BEGIN]
    for place, heading in PLACES.items():
        declared = tables_of(place)
        blocks += [f"## {heading}", _overview(declared)]
    blocks += [f"## Arrays of `results.nc`\n\n{_arrays(VARIABLES.values())}", "## Columns"]
    blocks += [_columns(declared) for declared in TABLES.values()]
    return "\n\n".join([*blocks, END])


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = ((cell.replace("|", "\\|") for cell in line) for line in lines)
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def _overview(tables: Iterable[Table]) -> str:
    return _rows(
        ("table", "名称", "holds"),
        ((f"[{t.name}](#{t.name})", t.title.zh, " ".join(_holds(t))) for t in tables),
    )


def _holds(table: Table) -> Iterator[str]:
    yield table.means.en
    if table.absent is not None:
        yield f"Not written where {table.absent.en}."


def _columns(table: Table) -> str:
    every = (*table.columns, *([table.yearly] if table.yearly else []))
    keys = ", ".join(f"`{name}`" for name in table.key)
    return "\n\n".join(
        [
            f"### {table.name}",
            f"{table.title.zh}：{table.means.zh} One row per {keys}.",
            _rows(
                ("column", "含义", "kind", "means"),
                ((_name(c, table), c.means.zh, _kind(c), _meaning(c)) for c in every),
            ),
        ]
    )


def _name(column: Column, table: Table) -> str:
    return "*a year*" if column is table.yearly else f"`{column.name}`"


def _kind(column: Column) -> str:
    kind = KINDS[column.kind] + (f" of {column.labels}" if column.labels else "")
    if column.unit_in:
        return f"{kind} in `{column.unit_in}`"
    return kind + (f" [{column.unit}]" if column.unit else "")


def _meaning(column: Column) -> str:
    more = [column.means.en]
    if column.words and column.labels != "pollutant":
        more.append(" / ".join(column.words))
    if column.separator:
        more.append(f"several stand with {_between(column.separator)} between")
    if column.blank is not None:
        more.append(f"blank: {column.blank.en}")
    if column.infinite is not None:
        more.append(f"inf: {column.infinite.en}")
    return "; ".join(more)


def _between(separator: str) -> str:
    return f"`{separator.strip()}`" if separator.strip() else "blanks"


def _arrays(variables: Iterable[Variable]) -> str:
    return _rows(
        ("array", "含义", "dimensions", "unit", "means"),
        (
            (f"`{v.name}`", v.means.zh, ", ".join(v.dims), v.own_unit or v.unit, _missing(v))
            for v in variables
        ),
    )


def _missing(variable: Variable) -> str:
    blank = "" if variable.blank is None else f"; missing: {variable.blank.en}"
    return variable.means.en + blank


def updated(text: str) -> str:
    """Return the README with its made part as it should be.

    Parameters
    ----------
    text
        The README as it is.

    Returns
    -------
    str
        All of it.
    """
    before, rest = text.split(BEGIN)
    return before + section() + rest.split(END)[1]


def main() -> int:
    """Rewrite the README, or tell whether it agrees."""
    text = README.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(text != updated(text))
    README.write_text(updated(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
