"""How numbers vary, as a scenario and its tables say it: distributions, groups, correlations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lantian.errors import Place, Problems, closest
from lantian.language import Message, message
from lantian.parameters import Space
from lantian.parameters.changes import Selection
from lantian.parameters.distributions import Distribution, check_distribution, read_distribution
from lantian.parameters.space import CONSTANTS
from lantian.scenario.changes import selection_of
from lantian.scenario.model import Correlated, Pick
from lantian.scenario.reader import ReadScenario

KEY = "uncertainty"


@dataclass(frozen=True)
class Spread:
    """How the numbers of a study vary, as far as it is written.

    Attributes
    ----------
    distribution
        Of the slots for which a table or the scenario names one.
    group
        Name of the group of the slots that are in one.
    correlations
        How groups vary with each other.
    """

    distribution: Mapping[int, Distribution] = field(default_factory=dict)
    group: Mapping[int, str] = field(default_factory=dict)
    correlations: tuple[Correlated, ...] = ()


UNWRITTEN = Spread()
"""Nothing is said: range and basis tell it all."""

Explain = Callable[[Selection], tuple[Message, ...]]
"""Tells why a selection finds no number, and how to put it right."""


def read_spread(read: ReadScenario, space: Space, explain: Explain, problems: Problems) -> Spread:
    """Read how numbers vary.

    Parameters
    ----------
    read
        The scenario, with what it says under ``uncertainty``.
    space
        Every number that is used.
    explain
        What to say where a selection finds no number.
    problems
        Receives impossible distributions, unknown groups and selections that find nothing.

    Returns
    -------
    Spread
        What the scenario says goes before what the tables say.
    """
    told = read.scenario.uncertainty
    written = _written(space, problems)
    group = {
        len(CONSTANTS) + i: number.correlation
        for i, number in enumerate(space.given)
        if number.correlation
    }
    owned: dict[int, str] = {}
    for name, picks in told.groups.items():
        for i, pick in enumerate(picks):
            place = read.place(KEY, "groups", name, i)
            picked = _picked(pick, place, space, explain, problems)
            _check_alone(name, picked, owned, place, problems)
            owned |= dict.fromkeys(picked, name)
        group |= owned
        members = [slot for slot, owner in group.items() if owner == name]
        _doubt_fixed(members, read.place(KEY, "groups", name), space, problems)
    for i, asked in enumerate(told.distributions):
        place = read.place(KEY, "distributions", i)
        own = read_distribution(asked.distribution)
        picked = _picked(asked, place, space, explain, problems)
        if own.needs_range:
            _doubt_fixed(picked, place, space, problems)
        for slot in picked:
            written[slot] = own
            _check(own, slot, place, space, problems)
    _check_correlations(read, set(group.values()), problems)
    return Spread(written, group, told.correlations)


def _written(space: Space, problems: Problems) -> dict[int, Distribution]:
    """Return the distributions that tables name."""
    found = {}
    for i, number in enumerate(space.given):
        if number.distribution:
            slot = len(CONSTANTS) + i
            found[slot] = read_distribution(number.distribution)
            _check(found[slot], slot, number.place, space, problems)
    return found


def _check(own: Distribution, slot: int, place: Place, space: Space, problems: Problems) -> None:
    try:
        check_distribution(own, space.number_of(slot))
    except ValueError as error:
        problems.add(place, message("{text}.", text=error.args[0]))


def _picked(
    pick: Pick, place: Place, space: Space, explain: Explain, problems: Problems
) -> Sequence[int]:
    """Return the slots of the numbers that are meant; a problem if there are none."""
    selection = selection_of(pick)
    found = [len(CONSTANTS) + i for i, number in enumerate(space.given) if selection.holds(number)]
    if not found:
        problems.add(place, *explain(selection))
    return found


def _check_alone(
    name: str, slots: Sequence[int], owned: Mapping[int, str], place: Place, problems: Problems
) -> None:
    """Note numbers that another group of the scenario has: one number cannot vary with both."""
    others = [owned[slot] for slot in slots if owned.get(slot, name) != name]
    for other in dict.fromkeys(others):
        problems.add(
            place,
            message(
                "{n} of these numbers are in the group '{other}' too.",
                n=others.count(other),
                other=other,
            ),
            fix=message("Leave them in one, or let the groups vary with each other: correlations."),
        )


def _doubt_fixed(slots: Sequence[int], place: Place, space: Space, problems: Problems) -> None:
    """Warn of numbers that are to vary and have no range in which they could."""
    amounts = [space.number_of(slot).amount for slot in slots]
    if slots and all(amount.low == amount.high for amount in amounts):
        problems.warn(
            place,
            message("none of these numbers has a range: they do not vary."),
            fix=message("Write low and high in their table."),
        )


def _check_correlations(read: ReadScenario, known: set[str], problems: Problems) -> None:
    """Note groups that nobody is in, and those that two matrices speak of."""
    seen: set[str] = set()
    for i, asked in enumerate(read.scenario.uncertainty.correlations):
        for n, name in enumerate(asked.between):
            place = read.place(KEY, "correlations", i, "between", n)
            if name not in known:
                problems.add(
                    place,
                    message("there is no group '{name}'.", name=name),
                    fix=closest(name, known),
                )
            elif name in seen:
                problems.add(place, message("'{name}' is in two matrices: write one.", name=name))
            seen.add(name)
