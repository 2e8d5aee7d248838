"""``set:``, ``drop:``, ``futures:`` and ``grid:`` of a scenario: what they change, and where."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from lantian.errors import Place, Problems, closest
from lantian.language import message
from lantian.parameters.changes import LEVEL, SCENARIO, Change, Changes, Selection
from lantian.scenario.model import Commitment, Pick, Scenario, Set
from lantian.scenario.nodes import Path_
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import CASES, READINGS

TABLES = {
    "driver": ("drivers", "driver"),
    "price": ("energy_prices", "carrier"),
    "factor": ("factors", "source"),
    "activity": ("activity", "source"),
    "fleet": ("fleet", "source"),
    "reach": ("reach", "measure"),
    "control": ("controls", "control"),
    "cost": ("costs", "measure"),
    "response": ("response", "parameter"),
    "parameter": ("region", "parameter"),
    "level": (SCENARIO, "id"),
    "economics": (SCENARIO, "kind"),
}
"""What a change is about -> name of the table (or of its folder) and the column of the name."""

LEVELS = {"kind": LEVEL}
"""Among the numbers of a scenario, those that are levels."""

SHARES = ("level", "reach", "control")
"""Of what these give, shares stay between 0 and 1."""

MOST = 10_000
"""Variants of one scenario; more of them are refused."""


JOINED = ", "
"""Between the alternatives that a variant of a grid takes."""


@dataclass(frozen=True)
class Variant:
    """A world beside the scenario's own: its name, and what differs in it.

    Attributes
    ----------
    name
        Of a future, or the alternative that is taken of each axis of a grid: ``cars 2, prices 1``.
    changes
        What is set, with the place of each.
    without_plan
        Whether it is another world without the plan, which the plan of the scenario is held to.
    """

    name: str
    changes: tuple[tuple[Set, Place], ...]
    without_plan: bool = False

    @property
    def dates(self) -> tuple[tuple[Set, Place], ...]:
        """Changes of dates of commitments, which are none of numbers."""
        return tuple(pair for pair in self.changes if pair[0].is_date)


def change_of(given: Set, place: Place, base_year: int) -> Change:
    """Return a change of numbers as the parameter vector takes it.

    Parameters
    ----------
    given
        What the scenario says; no change of dates.
    place
        Where it says so.
    base_year
        Growth is compounded after it.

    Returns
    -------
    Change
        With the table and the columns it is about.
    """
    return Change(
        selection_of(given),
        place,
        to=None if given.to is None else given.to.value,
        plus=None if given.plus is None else given.plus.value,
        unit=next((q.unit for q in (given.to, given.plus) if q is not None), ""),
        times=1.0 if given.times is None else given.times,
        growth=0.0 if given.growth is None else given.growth.to(""),
        since=base_year,
        of_shares=given.subject[0] in SHARES,
    )


def selection_of(given: Pick) -> Selection:
    """Return which numbers of the tables, or of the scenario, are meant.

    Parameters
    ----------
    given
        What the scenario says.

    Returns
    -------
    Selection
        With the table and the columns it is about.
    """
    subject, name = given.subject
    if subject == "table":
        return Selection(name, given.where, given.years or ())
    table, column = TABLES[subject]
    keys = {**(LEVELS if subject == "level" else {}), column: name, **given.where}
    return Selection(table, keys, given.years or (), subject)


def changes_of(read: ReadScenario, variants: Sequence[Variant]) -> Changes:
    """Return the changes of numbers that a scenario makes, and those of its variants.

    Parameters
    ----------
    read
        The scenario.
    variants
        As :func:`read_variants` gives them.

    Returns
    -------
    Changes
        Without those of dates.
    """
    own = [(g, read.place("set", i)) for i, g in enumerate(read.scenario.set)]
    return changes_between(own, variants, read.scenario.base_year)


def changes_between(
    own: Sequence[tuple[Set, Place]], variants: Sequence[Variant], base: int
) -> Changes:
    """Return changes of numbers, first those of all variants, then those of each.

    Parameters
    ----------
    own
        What is changed in all of them, with its places.
    variants
        What each changes further.
    base
        Year after which growth is compounded.

    Returns
    -------
    Changes
        Without those of dates.
    """
    further = {id(g): (g, place) for variant in variants for g, place in variant.changes}
    asked = [pair for pair in (*own, *further.values()) if not pair[0].is_date]
    at = {id(given): i for i, (given, _) in enumerate(asked)}
    return Changes(
        [change_of(given, place, base) for given, place in asked],
        sum(not given.is_date for given, _ in own),
        [tuple(at[id(g)] for g, _ in v.changes if id(g) in at) for v in variants],
    )


def with_dates_and_drops(read: ReadScenario, problems: Problems) -> ReadScenario:
    """Return the scenario with its own dates set and what it drops left out.

    Parameters
    ----------
    read
        The scenario as it is written.
    problems
        Receives ids that are not there.

    Returns
    -------
    ReadScenario
        Places of what is left stay those of the file.
    """
    dates = [(g, read.place("set", i)) for i, g in enumerate(read.scenario.set) if g.is_date]
    dated = replace(read, scenario=with_dates(read.scenario, dates, problems, read.left_out))
    return dated if not read.scenario.drop else _without(dated, problems)


def with_dates(
    scenario: Scenario,
    changes: Sequence[tuple[Set, Place]],
    problems: Problems,
    left_out: Collection[str] = (),
) -> Scenario:
    """Return a scenario whose commitments have other dates.

    Parameters
    ----------
    scenario
        Its commitments are found by id.
    changes
        Changes of dates, with their places.
    problems
        Receives ids that are not there, and dates in the wrong order.
    left_out
        Ids of commitments that are too faulty to read: nothing further is told of them.

    Returns
    -------
    Scenario
        The same where nothing is changed.
    """
    if not changes:
        return scenario
    commitments = {c.id: c for c in scenario.commitments}
    for given, place in changes:
        name = given.subject[1]
        if name in left_out:
            continue  # told already
        if name not in commitments:
            problems.add(
                place,
                message("there is no commitment '{id}'.", id=name),
                fix=closest(name, commitments),
            )
            continue
        commitments[name] = _dated(commitments[name], given, place, scenario, problems)
    return scenario.model_copy(update={"commitments": tuple(commitments.values())})


def _dated(
    commitment: Commitment, given: Set, place: Place, scenario: Scenario, problems: Problems
) -> Commitment:
    first = given.begin or commitment.begin
    last = given.deadline or commitment.deadline
    acting = [y for y in scenario.years if y > scenario.base_year] or [scenario.base_year]
    asked = [date.year for date in (given.begin, given.deadline) if date is not None]
    beyond = [year for year in asked if year not in acting]
    if commitment.schedule is not None:
        problems.add(
            place, message("'{id}' has a schedule, whose years are its dates.", id=commitment.id)
        )
    elif beyond:
        problems.add(
            place,
            message("{year} is not a year in which the plan can act.", year=beyond[0]),
            message("Expected {first} to {last}.", first=acting[0], last=acting[-1]),
        )
    elif last is not None and last.ends <= first.begins:
        problems.add(place, message("by {by} is before from {first}.", by=last, first=first))
    else:
        return commitment.model_copy(update={"begin": first, "deadline": last})
    return commitment


def _without(read: ReadScenario, problems: Problems) -> ReadScenario:
    """Leave out what is dropped, from the scenario and from its document alike."""
    scenario = read.scenario
    known = [c.id for c in scenario.commitments] + [t.id for t in scenario.targets]
    for i, name in enumerate(scenario.drop):
        if name not in (*known, *read.left_out):
            problems.add(
                read.place("drop", i),
                message("there is no commitment or target '{id}'.", id=name),
                fix=closest(name, known),
            )
        elif read.has_own(name, read.place("drop", i).file):
            problems.add(
                read.place("drop", i),
                message("'{id}' is dropped, and written here as well.", id=name),
                fix=message("Take one of the two out, or give what is new another id."),
            )
    return read.without(set(scenario.drop))


def read_variants(read: ReadScenario, problems: Problems) -> list[Variant]:
    """Return the worlds that ``futures``, ``grid`` and ``baselines`` name, in their order.

    Parameters
    ----------
    read
        The scenario.
    problems
        Receives dates that do not fit, and a grid of too many combinations.

    Returns
    -------
    list of Variant
        Futures first, then every combination of the grid, then baselines.
    """
    found = _named(read, "futures", read.scenario.futures)
    axes = [
        [
            (f"{axis} {i + 1}", _alternative(given, read, axis, i))
            for i, given in enumerate(alternatives)
        ]
        for axis, alternatives in read.scenario.grid.items()
    ]
    if prod(map(len, axes)) > MOST:
        problems.add(
            read.place("grid"),
            message("{n} combinations are more than {most}.", n=prod(map(len, axes)), most=MOST),
        )
    elif axes:
        found += [
            Variant(JOINED.join(names), tuple(change for own in changes for change in own))
            for names, changes in (zip(*chosen, strict=True) for chosen in product(*axes))
        ]
    for variant in found:
        with_dates(read.scenario, variant.dates, problems, read.left_out)
    for axis in read.scenario.grid:
        if not axis.strip():
            problems.add(read.place("grid", axis), message("a world needs a name."))
    every = found + _baselines(read, problems)
    check_names_of_worlds(every, problems)
    return every


def worlds_of_grid(read: ReadScenario, problems: Problems) -> list[Variant]:
    """Return every combination of the grid of a scenario; as :func:`read_variants`."""
    futures = len(read.scenario.futures)
    return [v for v in read_variants(read, problems)[futures:] if not v.without_plan]


def in_world(read: ReadScenario, world: Variant) -> ReadScenario:
    """Return the scenario in one of its worlds: what that changes is set, and it has no others.

    Parameters
    ----------
    read
        The scenario as it is written.
    world
        One of its worlds.

    Returns
    -------
    ReadScenario
        Named after both; faults of what is set are told where the world says it.
    """
    own = read.scenario.set
    places: dict[Path_, Place] = {
        ("set", len(own) + i): place for i, (_, place) in enumerate(world.changes)
    }
    name = f"{read.scenario.name}.{_plain(world.name)}"
    nothing: dict[str, object] = {"futures": {}, "grid": {}, "baselines": {}}
    every = (*own, *(given for given, _ in world.changes))
    data = {**read.document.data, "name": name, "set": read.document.data.get("set") or []}
    return replace(
        read,
        scenario=read.scenario.model_copy(update={**nothing, "name": name, "set": every}),
        document=replace(read.document, data=data, places={**read.document.places, **places}),
    )


def _plain(name: str) -> str:
    """Return the name of a world as part of a name of a folder."""
    return re.sub(r"[^\w.-]+", "-", name.replace(JOINED, "."))


def check_names_of_worlds(worlds: Sequence[Variant], problems: Problems) -> None:
    """Note worlds without a name, and names that another world has, or a case of every run.

    Parameters
    ----------
    worlds
        Each with at least one change, at which its name is told.
    problems
        Receives every fault found.
    """
    seen: set[str] = set()
    for world in worlds:
        place = world.changes[0][1]
        if not isinstance(world.name, str) or not world.name.strip():
            problems.add(place, message("a world needs a name."))
        elif world.name in (*CASES, *READINGS):
            problems.add(
                place,
                message("'{name}' is what a case of every run is called.", name=world.name),
                fix=message("Choose another name."),
            )
        elif world.name in seen:
            problems.add(
                place,
                message("two worlds are called '{name}'.", name=world.name),
                fix=message("Choose another name."),
            )
        seen.add(world.name)


def _named(
    read: ReadScenario, key: str, worlds: Mapping[str, tuple[Set, ...]], without_plan: bool = False
) -> list[Variant]:
    return [
        Variant(
            name,
            tuple((g, read.place(key, name, i)) for i, g in enumerate(given)),
            without_plan,
        )
        for name, given in worlds.items()
    ]


def _baselines(read: ReadScenario, problems: Problems) -> list[Variant]:
    """Return further worlds without the plan, in which no commitment can have another level."""
    found = _named(read, "baselines", read.scenario.baselines, without_plan=True)
    for given, place in (pair for variant in found for pair in variant.changes):
        if given.level is not None:
            problems.add(
                place,
                message("a baseline has no commitments whose level or dates could differ."),
                fix=message("Name it under 'futures', or change a driver or another number."),
            )
    return found


def _alternative(
    given: Set | tuple[Set, ...], read: ReadScenario, axis: str, i: int
) -> tuple[tuple[Set, Place], ...]:
    if isinstance(given, Set):
        return ((given, read.place("grid", axis, i)),)
    return tuple((g, read.place("grid", axis, i, n)) for n, g in enumerate(given))
