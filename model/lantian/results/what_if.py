"""Worlds that a program names, evaluated beside a study as its futures are."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lantian.ensemble.outcomes import cases_of
from lantian.ensemble.variants import evaluated
from lantian.errors import InputError, Place, Problem, Problems, closest
from lantian.inventory.contract import BeyondRangesError
from lantian.language import message
from lantian.parameters.reader import fault_fix, fault_message
from lantian.results.contract import VARIANTS
from lantian.results.frame import make_frame
from lantian.results.tables.variants import table_of
from lantian.scenario.changes import (
    Variant,
    changes_between,
    check_names_of_worlds,
    with_dates,
)
from lantian.scenario.model import Set
from lantian.study.load import check_changes, load_beside
from lantian.study.model import Study
from lantian.vocabulary import Case, Reading

if TYPE_CHECKING:
    import pandas as pd

Wish = Mapping[str, Any]
"""A change as ``futures`` of a scenario has it: ``{"driver": "car-stock", "growth": "2 %"}``."""


def variants(
    study: Study,
    worlds: Mapping[str, Wish | Sequence[Wish]],
    cases: Sequence[Case | Reading] | None = None,
) -> "pd.DataFrame":
    """Return what becomes of targets, totals and cost where numbers are others.

    Parameters
    ----------
    study
        As :func:`lantian.load` returns it; it stays as it is.
    worlds
        Name -> a change, or several, written as under ``futures`` in a scenario. Many named at
        once take far less time than one after another.
    cases
        ``baseline``, ``plan`` and readings of it that are told; all by default.

    Returns
    -------
    pandas.DataFrame
        Table ``variants`` of a run: every world under each case that needs no optimiser.

    Raises
    ------
    InputError
        With every change that cannot be read, is about no number that is used, or is about a
        number that is nothing in the study: what is not there has no states that could grow. Also
        for a case that is none, or asks for the optimiser: scenarios and futures have those.

    Examples
    --------
    >>> import lantian as lt
    >>> study = lt.load("my-district/scenarios/my-district.yaml")
    >>> worlds = {f"{n} %": {"level": "trucks-scrapped", "to": f"{n} %"} for n in (10, 20, 30)}
    >>> found = lt.variants(study, worlds)
    >>> found.query("case == 'plan' and outcome == 'NOx'")["value"].is_monotonic_decreasing
    True
    """
    asked = [_variant(name, given) for name, given in worlds.items()]
    if not asked:
        raise InputError([Problem(Place("variants"), message("no world is named."))])
    problems = Problems()
    _check_cases(cases or (), cases_of(study), problems)
    check_names_of_worlds(asked, problems)
    changes = changes_between((), asked, study.scenario.base_year)
    theta = study.space.changed(changes)
    check_changes(changes, study.space, study.scenario, problems)
    for variant in asked:
        with_dates(study.scenario, variant.dates, problems)
    _refuse_new(study, asked, theta, problems)
    problems.stop_if_any()
    try:
        found = evaluated(study, asked, theta, cases)
    except BeyondRangesError:  # such as a standard years before its time
        study = load_beside(study, asked)
        found = evaluated(study, asked, study.space.variants(), cases)
    return make_frame(VARIANTS, table_of(study, found)).pandas()


def _check_cases(asked: Sequence[str], known: Sequence[str], problems: Problems) -> None:
    """Note cases that are none of those that need no optimiser."""
    for case in asked:
        if case not in known:
            problems.add(
                Place("cases"),
                message("'{name}' is no case that needs no optimiser.", name=case),
                message("Expected one of {names}.", names=", ".join(known)),
                closest(case, known),
            )


def _variant(name: str, given: Wish | Sequence[Wish]) -> Variant:
    several = [given] if isinstance(given, Mapping) else given
    places = [Place(f"variants['{name}'][{i}]") for i in range(len(several))]
    return Variant(name, tuple(zip(map(_change, several, places), places, strict=True)))


def _change(given: Wish, place: Place) -> Set:
    from pydantic import ValidationError

    try:
        return Set.model_validate(dict(given))
    except ValidationError as error:
        raise InputError([_told(fault, place) for fault in error.errors()]) from error


def _told(fault: Any, place: Place) -> Problem:
    """Return a fault of a change with the nearest key that there is, if its key is not known."""
    if fault["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in Set.model_fields.items()]
        name = str(fault["loc"][-1])
        return Problem(place, message("unknown key '{key}'.", key=name), fix=closest(name, known))
    return Problem(place, fault_message(fault), fix=fault_fix(fault))


def _refuse_new(
    study: Study, asked: Sequence[Variant], theta: np.ndarray[Any, Any], problems: Problems
) -> None:
    """Note numbers that are nothing in the study, range and all, and something in a world."""
    begun = np.argwhere((study.space.central() == 0.0) & (theta != 0.0)).tolist()
    for slot, v in begun:
        number, _, amount = study.space.number_of(slot)
        if not any(amount):
            problems.add(
                asked[v].changes[0][1],
                message("'{name}' is 0 in the study.", name=" / ".join(map(str, number.key()))),
                fix=message("Set it in a scenario and load that."),
            )
