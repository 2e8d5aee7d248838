"""What differs in what two runs were made from, down to the single number and its cell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lantian.comparison.altered import leaves
from lantian.comparison.opened import Run, damaged
from lantian.comparison.sides import Key, change, same
from lantian.errors import InputError, Problems
from lantian.language import NO_UNIT
from lantian.report.frames import Row
from lantian.results.contract import DIFFERENCES
from lantian.results.frame import Frame, make_frame
from lantian.scenario.nodes import parse_yaml

CELLS = {"value": ("value", "unit"), "range": ("low", "high", "basis", "source_key")}
"""Kind of difference -> cells of a number that make it; the first that applies is told."""


def differences(runs: Sequence[Run]) -> Frame:
    """Return every difference in the inputs of runs.

    Parameters
    ----------
    runs
        At least two; the first is the reference.

    Returns
    -------
    Frame
        Table ``differences``: versions first, then the scenario, numbers, files.
    """
    first, *others = runs
    return make_frame(DIFFERENCES, [row for run in others for row in _between(first, run)])


def _between(first: Run, other: Run) -> Iterator[dict[str, Any]]:
    yield from _texts("version", _versions(first), _versions(other), other.label)
    yield from _texts("scenario", _scenario(first), _scenario(other), other.label)
    yield from _numbers(first, other)
    yield from _texts("file", _files(first), _files(other), other.label)


def _texts(
    kind: str, one: Mapping[str, Any], other: Mapping[str, Any], run: str
) -> Iterator[dict[str, Any]]:
    for what in dict.fromkeys((*one, *other)):
        before, after = one.get(what), other.get(what)
        if before != after:
            yield _row(kind, what, run, _said(before), _said(after))


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _row(kind: str, what: str, run: str, before: str, after: str, **more: Any) -> dict[str, Any]:
    blank = {"change": float("nan"), "reference_place": "", "place": ""}
    return {"kind": kind, "what": what, "run": run, "reference_value": before, "value": after,
            **blank, **more}  # fmt: skip


def _versions(run: Run) -> dict[str, str]:
    """Return the versions of all that computes: the program, its language and libraries."""
    own = {"lantian": run.manifest["version"], "python": run.manifest.get("python", "")}
    libraries: dict[str, str] = run.manifest.get("libraries", {})
    return own | libraries


def _files(run: Run) -> dict[str, str]:
    """Return the hash of every file that was read."""
    found: dict[str, str] = run.manifest.get("inputs_sha256", {})
    return found


def _scenario(run: Run) -> dict[str, str]:
    """Return the scenario as texts by path; entries of a list go by their id.

    The title computes nothing, and that of a scenario that extends another follows its name.
    """
    path, problems = run.folder / "scenario.yaml", Problems()
    try:
        found = parse_yaml(path.read_text(encoding="utf-8"), path.name, problems).data
    except (OSError, ValueError) as error:
        raise InputError([damaged(path)]) from error
    if problems.found:
        raise InputError([damaged(path)])
    return {path: text for path, text in leaves(found) if not path.startswith("title.")}


def _numbers(first: Run, other: Run) -> Iterator[dict[str, Any]]:
    """Return the numbers that differ, the largest effect first."""
    one, two = _by_name(first), _by_name(other)
    told = {
        at: _number(at, one.get(at), two.get(at), other.label) for at in dict.fromkeys((*one, *two))
    }
    found = {at: row for at, row in told.items() if row}
    yield from (found[at] for at in sorted(found, key=lambda at: _rank(one.get(at), two.get(at))))


def _rank(one: Row | None, two: Row | None) -> tuple[bool, float, float]:
    """Numbers that move a target come first, then the largest change, then what one run lacks."""
    if one is None or two is None:
        return (True, 0.0, 0.0)
    by = change(one.value, two.value)
    return (False, -_effect(one, two), 0.0 if by != by else -abs(by))


def _effect(one: Row, two: Row) -> float:
    """Return about how far a change moves the target that the number moves most.

    The run tells what half the range does to it; zero where it does not.
    """
    half = (one.high - one.low) / 2
    known = half > 0.0 and one.swing == one.swing
    return float(abs(two.value - one.value) / half * one.swing) if known else 0.0


def _by_name(run: Run) -> dict[Key, Row]:
    """Return every number that a run used; equal names, as in two tables, are counted up."""
    seen: Counter[Key] = Counter()
    found = {}
    for row in sorted(run.rows("assumptions"), key=lambda row: str(row.place)):
        seen[row.part, row.input] += 1
        found[row.part, row.input, seen[row.part, row.input]] = row
    return found


def _number(at: Key, one: Row | None, two: Row | None, run: str) -> dict[str, Any] | None:
    what = f"{at[0]}: {at[1]}"
    if one is None or two is None:
        places = {"reference_place": one.place if one else "", "place": two.place if two else ""}
        return _row("value", what, run, _shown(one), _shown(two), **places)
    for kind, cells in CELLS.items():
        if not all(same(getattr(one, cell), getattr(two, cell)) for cell in cells):
            said = (_shown(r) if kind == "value" else _range(r) for r in (one, two))
            return _row(
                kind,
                what,
                run,
                *said,
                change=change(one.value, two.value),
                reference_place=one.place,
                place=two.place,
            )
    return None


def _shown(row: Row | None) -> str:
    return "" if row is None else f"{row.value:.12g} {_unit(row)}".strip()


def _range(row: Row) -> str:
    ends = f"{row.low:.6g} to {row.high:.6g} {_unit(row)}".strip()
    return f"{ends} ({row.basis}, {row.source_key})"


def _unit(row: Row) -> str:
    return "" if row.unit == NO_UNIT.template else str(row.unit)
