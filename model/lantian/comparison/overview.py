"""Many runs, one row each, to be sorted and filtered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lantian.comparison.filters import ConditionError, read_condition
from lantian.comparison.opened import Run
from lantian.errors import InputError, Place, Problem
from lantian.language import Message, message
from lantian.report.words import computed_targets
from lantian.results import contract
from lantian.results.frame import Frame, make_frame

NAN = float("nan")


def overview(runs: Sequence[Run]) -> Frame:
    """Return one row per run: what it is, how many targets its plan meets, what it costs.

    Parameters
    ----------
    runs
        Any number.

    Returns
    -------
    Frame
        Table ``compared_runs``.
    """
    return make_frame(contract.COMPARED_RUNS, [_row(run) for run in runs])


def _row(run: Run) -> dict[str, Any]:
    summary = run.summary
    computed = computed_targets(summary)
    cost = summary["cost"]
    return {
        "run": run.label,
        "content_id": run.manifest["content_id"],
        "region": summary["region"] or "",
        "base_year": summary["base_year"],
        "last_year": summary["years"][-1],
        "targets": len(computed),
        "met": sum(t["met"].get("plan") is True for t in computed),
        "met_at_least_cost": sum(t["met"].get("least_cost") is True for t in computed),
        "out_of_reach": len({row["target"] for row in summary["out_of_reach"]}),
        "plan_cost": cost["by_case"].get("plan", NAN),
        "least_cost": cost["by_case"].get("least_cost", NAN),
        "unit": cost["unit"],
        "warnings": len(summary["warnings"]),
        "version": run.manifest["version"],
        "started": run.manifest["started"],
    }


SHARED = {
    "region": message("The runs are of different regions: totals are of different places."),
    "base_year": message("The runs start from different years."),
    "currency": message("The runs count in different currencies: costs cannot be compared."),
    "price_year": message("The runs count in prices of different years."),
    "version": message("The runs were made by different versions of the program."),
}
"""What runs should have in common -> what is said where they have not."""
OTHER_TARGETS = message(
    "The runs have different targets: how many are met is counted over different sets."
)


def cautions(runs: Sequence[Run]) -> list[Message]:
    """Return what should be known before numbers of the runs are held against each other."""
    said = [run.summary | {"version": run.manifest["version"]} for run in runs]
    told = [told for key, told in SHARED.items() if len({str(s.get(key)) for s in said}) > 1]
    if len({frozenset(t["id"] for t in computed_targets(s)) for s in said}) > 1:
        told.append(OTHER_TARGETS)
    return told if len(runs) > FEW else [*told, *other_builds(runs)]


FEW = 2
"""Runs of which every table is compared; of more than that no table is opened."""


def other_builds(runs: Sequence[Run]) -> list[Message]:
    """Return of each run of another build which of its tables this one cannot read."""
    return [
        message(
            "{run} was made by another build of Lantian ({version}, {day}). Left out are the"
            " tables that this one writes otherwise: {tables}. Run its scenario again for them.",
            run=run.label,
            tables=", ".join(run.written_otherwise),
            **run.build,
        )
        for run in runs
        if run.written_otherwise
    ]


def chosen(runs: Sequence[Run], where: str, by: str) -> list[Run]:
    """Return the runs that an expression holds for, in the order of a column.

    Parameters
    ----------
    runs
        Any number.
    where
        Expression over the columns of ``compared_runs`` and the ids of targets (their value under
        the plan, in backquotes), e.g. ``met == targets and plan_cost < 1e9``; empty: all.
    by
        Column to sort by, with ``-`` before it for the largest first; empty: as given.

    Returns
    -------
    list of Run
        What is left.

    Raises
    ------
    InputError
        If the expression cannot be read or names what there is not.
    """
    if not where and not by:
        return list(runs)
    table = [_wide(run) for run in runs]
    left: Sequence[int] = range(len(runs))
    try:
        if where:
            holds = read_condition(where)
            left = [i for i, row in enumerate(table) if holds(row)]
        if by:
            left = _sorted(left, [row[by.lstrip("-")] for row in table], by.startswith("-"))
    except ConditionError as error:
        raise InputError([_misread(where, error.args[0], table)]) from error
    except KeyError as error:
        why = message("there is no column '{name}'", name=by.lstrip("-"))
        raise InputError([_misread(by, why, table)]) from error
    return [runs[i] for i in left]


def sorted_by(run: Run, by: str) -> dict[str, Any]:
    """Return what a run was put in its place by: the column's name and cell; nothing without one.

    Parameters
    ----------
    run
        One of those that :func:`chosen` returned.
    by
        As it was asked for there.
    """
    name = by.lstrip("-")
    return {name: _wide(run)[name]} if name else {}


def _sorted(rows: Iterable[int], column: Sequence[Any], falling: bool) -> list[int]:
    """Return rows in the order of a column, blank cells last."""
    blank = [i for i in rows if column[i] != column[i]]
    others = [i for i in rows if column[i] == column[i]]
    return [*sorted(others, key=lambda i: column[i], reverse=falling), *blank]


def _wide(run: Run) -> dict[str, Any]:
    """Return a run's line of the overview, its tags, and each target's value under the plan."""
    values = {t["id"]: t["value"].get("plan", NAN) for t in run.summary["targets"]}
    return _row(run) | {"tags": run.tags} | values


def _misread(words: str, why: Message, table: Sequence[Mapping[str, Any]]) -> Problem:
    names = dict.fromkeys(name for row in table for name in row)
    return Problem(
        Place("--where / --sort"),
        message("'{words}' cannot be read: {why}.", words=words, why=why),
        fix=message("Columns are: {names}.", names=", ".join(names)),
    )
