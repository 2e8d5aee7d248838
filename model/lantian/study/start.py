"""What a case of another scenario leaves: the activity with which a scenario starts from it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lantian.core.commitments import Commitments, apply_commitments
from lantian.core.system import Array, Index, shift_activity
from lantian.errors import Problems, closest
from lantian.inventory.contract import Sector, SectorModel, Start, StateNames, Window
from lantian.inventory.layers import find_layers
from lantian.language import message
from lantian.parameters import Numbers, ScenarioNumber, Space
from lantian.parameters.opening import check_there
from lantian.parameters.space import stack
from lantian.plan.commitments import read_as
from lantian.scenario.model import StartsFrom
from lantian.scenario.reader import ReadScenario
from lantian.study.model import Study
from lantian.study.sold import End, sold_after
from lantian.study.solve import solve
from lantian.tolerances import NOTHING
from lantian.vocabulary import READINGS

KEY = "starts_from"


def path_of_start(read: ReadScenario, heirs: tuple[Path, ...], problems: Problems) -> Path | None:
    """Return the scenario that another one starts from; None if there is none.

    Parameters
    ----------
    read
        The scenario.
    heirs
        Scenarios that start from this one, in any number of steps.
    problems
        Receives a file that is missing, or a circle.

    Returns
    -------
    Path or None
        The scenario file, from the folder of the file that names it.

    Raises
    ------
    InputError
        If it cannot be used: nothing else makes sense then.
    """
    start = read.scenario.starts_from
    if start is None:
        return None
    place = read.place(KEY, "scenario")
    path = (read.root / place.file).parent / start.scenario
    if check_there(path, start.scenario, place, problems):
        if path.resolve() not in [heir.resolve() for heir in (*heirs, read.path)]:
            return path
        problems.add(place, message("'{file}' starts from itself.", file=start.scenario))
    problems.stop_if_any()
    return None


def check_start(read: ReadScenario, origin: Study, problems: Problems) -> None:
    """Hold a scenario against the one it starts from: region and years.

    Parameters
    ----------
    read
        The scenario.
    origin
        The one it starts from.
    problems
        Receives what does not fit.
    """
    start, scenario = read.scenario.starts_from, read.scenario
    assert start is not None  # or there would be no study of it
    if not _is_of_place(read, origin, start, problems):
        return
    if start.year != scenario.base_year:
        problems.add(
            read.place(KEY, "year"),
            message(
                "{year} is not the base_year, {base}.", year=start.year, base=scenario.base_year
            ),
        )
    lacking = [y for y in _known(read) if y not in origin.system.years]
    if lacking:
        problems.add(
            read.place(KEY, "scenario"),
            message(
                "'{file}' has no year {years}.",
                file=start.scenario,
                years=", ".join(map(str, lacking)),
            ),
            message("Expected one of {years}.", years=", ".join(map(str, origin.system.years))),
        )


def _is_of_place(read: ReadScenario, origin: Study, start: StartsFrom, problems: Problems) -> bool:
    """Tell whether what is left is part of what this scenario is about; note it if not."""
    there, here, inputs = origin.scenario.region, str(read.scenario.region), read.root / "inputs"
    if there is None:
        said = message("'{file}' is not about a region.", file=start.scenario)
    elif (
        find_layers(inputs, there, read.root, problems).own
        in find_layers(inputs, here, read.root, problems).folders
    ):
        return True
    else:
        said = message(
            "'{file}' is about '{there}', which is not '{here}' or what that extends.",
            file=start.scenario,
            there=there,
            here=here,
        )
    problems.add(read.place(KEY, "scenario"), said)
    return False


def _known(read: ReadScenario) -> tuple[int, ...]:
    """Return the years of the inventory: reference years and the base year."""
    return tuple(y for y in read.scenario.years if y <= read.scenario.base_year)


def read_starts(
    read: ReadScenario, origin: Study, space: Space, problems: Problems
) -> dict[str, Start]:
    """Return what a case of another scenario leaves to each sector.

    Parameters
    ----------
    read
        The scenario that starts from it.
    origin
        The other one; its numbers are as it has them, whatever this one sets.
    space
        Receives the total of each source, with a range as wide as that of its baseline there.
    problems
        Receives a case that does not have the year.

    Returns
    -------
    dict
        By sector.

    Raises
    ------
    InputError
        If the case does not have the year.
    """
    start, years = read.scenario.starts_from, _known(read)
    assert start is not None  # or there would be no study of it
    _check_recounted(read, origin, start, problems)
    at = np.array([origin.system.years.index(y) for y in years])
    end = _end(read, origin, start, int(at[-1]), problems)
    if end is None:
        problems.stop_if_any()
        return {}
    totals = _totals(read, end, at, space)
    models = zip(origin.sectors, origin.compiled.models, strict=True)
    begun = {source: total for source, total in totals.items() if source not in start.recounted}
    return {sector.id: _start_of(sector, model, end, at, years, begun) for sector, model in models}


def _check_recounted(
    read: ReadScenario, origin: Study, start: StartsFrom, problems: Problems
) -> None:
    known = origin.system.sources.id
    for i, name in enumerate(start.recounted):
        if name not in known:
            problems.add(
                read.place(KEY, "recounted", i),
                message("'{name}' is not a source.", name=name),
                fix=closest(name, known),
            )


def _end(
    read: ReadScenario, origin: Study, start: StartsFrom, year: int, problems: Problems
) -> End | None:
    """Return the case that a scenario starts from; None and a problem if it lacks the year."""
    system = origin.system
    if start.case == "baseline":
        nothing = np.zeros((len(system.moves), len(system.years)))
        return End(origin, system.baseline, nothing, _new_since(origin, None))
    if start.case == "plan":
        return _end_of_plan(origin, origin.commitments)
    for reading in READINGS:
        if start.case == reading:
            commitments = read_as(origin.all_commitments, origin.scenario, reading)
            return _end_of_plan(origin, commitments)
    found = {str(name): case for name, case in solve(origin).cases.items()}.get(start.case)
    if found is None or year not in found.years:
        problems.add(
            read.place(KEY, "case"),
            message("'{case}' was not found for {year}.", case=start.case, year=start.year),
            fix=message("Only years with a target that is computed are optimised."),
        )
        return None
    activity = shift_activity(system.moves, system.baseline, found.uptake)
    return End(origin, activity, found.uptake, _new_since(origin, None))


def _end_of_plan(origin: Study, commitments: Commitments) -> End:
    applied = apply_commitments(origin.system, commitments.at_year_end())
    return End(origin, applied.activity, applied.moved, _new_since(origin, commitments))


def _new_since(origin: Study, commitments: Commitments | None) -> Index:
    """Return the position of the year since which units count as new, dims (group,)."""
    since = np.full(len(origin.system.groups), origin.system.start)
    if commitments is not None:
        since[commitments.group] = commitments.since
    return since


def _sources_of(study: Study) -> Index:
    return study.system.states.source


def _left(end: End, at: Index) -> Array:
    """Return the activity of all states in some years, without what is rounding."""
    activity = np.maximum(end.activity[:, at], 0.0)
    source = _sources_of(end.study)
    whole = np.zeros((len(end.study.system.sources), len(at)))
    np.add.at(whole, source, activity)
    return np.where(activity > NOTHING * whole[source], activity, 0.0)


def _totals(read: ReadScenario, end: End, at: Index, space: Space) -> Mapping[str, Numbers]:
    """Return the activity of each source that has states as numbers, dims (year,)."""
    sources, left = end.study.system.sources, _left(end, at)
    value = np.zeros((len(sources), len(at)))
    np.add.at(value, _sources_of(end.study), left)
    low, high = _spread(end.study, at)
    found = {}
    for s in np.unique(_sources_of(end.study)):
        source = sources.id[s]
        with space.owned_by(sources.sector[s]):
            numbers = [
                ScenarioNumber(
                    (KEY, source, str(end.study.system.years[year])),
                    float(value[s, y]),
                    sources.unit[s],
                    read.place(KEY),
                    low=float(value[s, y] * low[s, y]),
                    high=float(value[s, y] * high[s, y]),
                    basis="assumed",
                )
                for y, year in enumerate(at)
            ]
            found[source] = stack([space.number(number) for number in numbers])
    return found


def _spread(study: Study, at: Index) -> tuple[Array, Array]:
    """Return how far the baseline of each source can lie from its central value [1].

    With all numbers at their low or their high ends, dims (source, year).
    """
    theta = study.space.support()
    values = study.compiled.values(theta, Window(at, np.array([study.system.start])))
    total = np.zeros((len(study.system.sources), len(at), theta.shape[1]))
    np.add.at(total, _sources_of(study)[study.compiled.structure.base], values.activity)
    central = total[..., :1]
    ratio = np.divide(total, central, out=np.ones_like(total), where=central > 0.0)
    return ratio.min(axis=2), ratio.max(axis=2)


def _start_of(
    sector: Sector,
    model: SectorModel,
    end: End,
    at: Index,
    years: tuple[int, ...],
    totals: Mapping[str, Numbers],
) -> Start:
    """Return what a case leaves to one sector."""
    study, left = end.study, _left(end, at)
    structure = study.compiled.structure
    base = set(structure.base.tolist())
    chosen = [
        s
        for s, source in enumerate(structure.states.source)
        if structure.sources.sector[source] == sector.id and (s in base or left[s].any())
    ]
    names = StateNames(
        tuple(structure.sources.id[s] for s in structure.states.source[chosen]),
        tuple(structure.states.technology[s] for s in chosen),
        tuple(structure.states.controls[s] for s in chosen),
    )
    sold = [sold_after(model, end, int(y)) for y in at]
    return Start(
        years,
        names,
        left[chosen],
        {source: totals[source] for source in dict.fromkeys(names.source) if source in totals},
        tuple(s for s in sold if s is not None),
    )
