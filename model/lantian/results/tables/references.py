"""Where the numbers of a run come from."""

from collections import Counter

from lantian.parameters import locate
from lantian.parameters.reader import SourceRow, borrowed_source, read_sources
from lantian.results.contract import REFERENCES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(REFERENCES)
def references(run: Run) -> Data:
    """Sources of every number that is used, those of most numbers first."""
    used = Counter(row["source_key"] for row in run.assumptions if row["source_key"])
    path = locate(run.study.read.root / "inputs", "sources")
    known = read_sources(path, path.stat().st_mtime_ns) if path.exists() else {}
    ranked = sorted(used.items(), key=lambda item: (-item[1], item[0]))
    return [_row(key, number, known.get(key) or borrowed_source(key)) for key, number in ranked]


def _row(key: str, numbers: int, source: SourceRow | None) -> dict[str, str | int]:
    told = {name: getattr(source, name, "") for name in ("citation", "url", "accessed_via")}
    return {"source_key": key, **told, "numbers": numbers}
