"""What groups, states, moves and limits are called.

Things are known by their position on an axis, or by ids that are kept apart. A name is put together
when somebody reads it, in one place, and nobody takes one apart: ids may hold any character.
"""

import re
from abc import abstractmethod
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal, SupportsIndex, overload

from lantian.core.system import NOWHERE, Index, System
from lantian.language import Label, Spoken, say
from lantian.vocabulary import OF_TARGET, Language

AVOIDED = "avoided"
"""How the to-state of avoided activity is called."""

MARKS = re.compile(r'[@/:<>+\[\]"]')
"""Characters that stand between the ids of a plain name; ids that hold one are quoted there."""


@dataclass(frozen=True)
class _Style:
    """Templates of names. ``state``: after the source, and between what follows."""

    group: str
    state: tuple[str, str]
    move: str
    year: str
    joined: dict[str, str]


_PLAIN = _Style(
    "{measure} @ {source}",
    (" / ", " / "),
    "{measure}: {origin} -> {target}",
    "{name} [{year}]",
    {"excludes": " + ", "needs": " < "},
)
_DISPLAYED: dict[Language, _Style] = {
    "en": _Style(
        "{measure} ({source})",
        (": ", ", "),
        "{measure} ({origin} → {target})",
        "{name}, {year}",
        {"excludes": " or ", "needs": " with "},
    ),
    "zh": _Style(
        "{measure}（{source}）",
        ("：", "、"),
        "{measure}（{origin} → {target}）",
        "{year}年{name}",
        {"excludes": "或", "needs": "须有"},
    ),
}


class Name(Spoken):
    """A name that is put together when it is read."""

    def text(self, language: Language = "en", label: Label | None = None) -> str:
        """Return the name as it is read.

        Parameters
        ----------
        language
            Language of the reader.
        label
            Gives the display name of an id in that language. Without it the name is plain: made of
            the ids themselves, each quoted where it could be mistaken, so that different things
            have different names.

        Returns
        -------
        str
            For a reader or as a key; not to be cut up again.
        """
        if label is None:
            return self._written(_PLAIN, _quoted, AVOIDED)
        return self._written(_DISPLAYED[language], label, say(AVOIDED, language))

    @abstractmethod
    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        """Fill the templates of a style; ``word`` gives what an id is called."""


@dataclass(frozen=True)
class IdName(Name):
    """What has one id: a target, a resource, a sector, a constraint of the user."""

    id: str

    def text(self, language: Language = "en", label: Label | None = None) -> str:
        """Return the id, or its display name.

        Parameters
        ----------
        language
            Not needed: there is nothing but the id.
        label
            Gives the display name of an id.
        """
        return self.id if label is None else label(self.id)

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        return word(self.id)


@dataclass(frozen=True)
class TargetName(IdName):
    """A target, which may be called otherwise than what else has its id."""

    def text(self, language: Language = "en", label: Label | None = None) -> str:
        """Return the id, or the display name of the target.

        Parameters
        ----------
        language
            Not needed: there is nothing but the id.
        label
            Gives the display name of an id.
        """
        return self.id if label is None else label(OF_TARGET + self.id)


@dataclass(frozen=True)
class GroupName(Name):
    """A measure on a source."""

    measure: str
    source: str

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        return style.group.format(measure=word(self.measure), source=word(self.source))


@dataclass(frozen=True)
class StateName(Name):
    """A technology of a source under a package of controls."""

    source: str
    technology: str
    controls: tuple[str, ...]

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        after, between = style.state
        return (
            word(self.source) + after + between.join(map(word, (self.technology, *self.controls)))
        )


_BETWEEN_KEYS = re.compile(r' / (?=(?:[^"]*"[^"]*")*[^"]*$)')
"""What stands between two keys of a plain name, outside of quotes."""


@dataclass(frozen=True)
class NumberName(Name):
    """A number of a table, by the keys of its row: a source first, as a rule."""

    keys: tuple[str, ...]

    @classmethod
    def of_plain(cls, text: str) -> "NumberName":
        """Return the name whose plain form a table holds; keys in quotes are whole."""
        return cls(tuple(_unquoted(key) for key in _BETWEEN_KEYS.split(text)))

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        after, between = style.state
        first, *rest = map(word, self.keys)
        return first + after + between.join(rest) if rest else first


@dataclass(frozen=True)
class MoveName(Name):
    """A measure that takes activity from one state to another; to none where it is avoided."""

    measure: str
    origin: StateName
    target: StateName | None

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        origin, target = (
            avoided if state is None else state._written(style, word, avoided)
            for state in (self.origin, self.target)
        )
        return style.move.format(measure=word(self.measure), origin=origin, target=target)


@dataclass(frozen=True)
class JointName(Name):
    """Measures on one source that exclude each other, or of which the first needs the rest."""

    measures: tuple[str, ...]
    source: str
    relation: Literal["excludes", "needs"]

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        joined = style.joined[self.relation].join(map(word, self.measures))
        return style.group.format(measure=joined, source=word(self.source))


@dataclass(frozen=True)
class YearName(Name):
    """Something in one of several years."""

    name: Name
    year: int

    def _written(self, style: _Style, word: Label, avoided: str) -> str:
        return style.year.format(name=self.name._written(style, word, avoided), year=self.year)


def undated(name: Name) -> Name:
    """Return a name without the year it may stand in."""
    return name.name if isinstance(name, YearName) else name


class Names(Sequence[Name]):
    """Names along an axis, each made when somebody looks at it.

    A solve needs none: a hundred thousand names take longer to write than their coefficients.

    Parameters
    ----------
    count
        How many there are.
    name
        Returns the name at a position.
    texts, axis
        Where all texts are kept for others with the same names, and under which key.
    """

    def __init__(
        self,
        count: int,
        name: Callable[[int], Name],
        texts: dict[str, tuple[str, ...]] | None = None,
        axis: str = "",
    ) -> None:
        self._count, self._name = count, name
        self._texts, self._axis = {} if texts is None else texts, axis

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, position: SupportsIndex) -> Name: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Name]: ...
    def __getitem__(self, position: SupportsIndex | slice) -> Name | Sequence[Name]:
        if isinstance(position, slice):
            return [self[k] for k in range(*position.indices(self._count))]
        return self._name(range(self._count)[position])

    def __iter__(self) -> Iterator[Name]:
        return map(self._name, range(self._count))

    @property
    def texts(self) -> tuple[str, ...]:
        """All names in plain form."""
        if self._axis not in self._texts:
            self._texts[self._axis] = tuple(name.text() for name in self)
        return self._texts[self._axis]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All names in plain form, repetitions numbered: each once."""
        seen: Counter[str] = Counter()
        found = []
        for text in self.texts:
            seen[text] += 1
            found.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
        return tuple(found)

    def chosen(self, positions: Index) -> "Names":
        """Return the names at some positions."""
        return Names(len(positions), lambda k: self[positions[k]])

    def in_year(self, year: int) -> "Names":
        """Return the names, each with a year."""
        return Names(self._count, lambda k: YearName(self[k], year))


def of_ids(ids: Sequence[str]) -> Names:
    """Return the names of things that have one id each."""
    return Names(len(ids), lambda k: IdName(ids[k]))


def listed(names: Sequence[Name]) -> Names:
    """Return names that are made already."""
    return Names(len(names), lambda k: names[k])


def joined(parts: Sequence[Names]) -> Names:
    """Return names one part after the other."""
    first = [0, *accumulate(map(len, parts))]

    def name(position: int) -> Name:
        k = bisect_right(first, position) - 1
        return parts[k][position - first[k]]

    return Names(first[-1], name)


def group_name(system: System, group: SupportsIndex) -> GroupName:
    """Return the name of a group.

    Parameters
    ----------
    system
        Measures, sources and groups.
    group
        Position on the group axis.

    Returns
    -------
    GroupName
        Its measure and its source.
    """
    measure, source = system.groups.measure[group], system.groups.source[group]
    return GroupName(system.measures[measure], system.sources.id[source])


def state_name(system: System, state: SupportsIndex) -> StateName:
    """Return the name of a state.

    Parameters
    ----------
    system
        Sources and states.
    state
        Position on the state axis.

    Returns
    -------
    StateName
        Its source, technology and controls.
    """
    states = system.states
    source = system.sources.id[states.source[state]]
    return StateName(source, states.technology[state], states.controls[state])


def move_name(system: System, move: SupportsIndex) -> MoveName:
    """Return the name of a move.

    Parameters
    ----------
    system
        Measures, states and moves.
    move
        Position on the move axis.

    Returns
    -------
    MoveName
        Its measure and both ends.
    """
    moves = system.moves
    target = moves.target[move]
    return MoveName(
        system.measures[system.groups.measure[moves.group[move]]],
        state_name(system, moves.origin[move]),
        None if target == NOWHERE else state_name(system, target),
    )


def group_names(system: System) -> Names:
    """Return the names along the group axis."""
    return Names(len(system.groups), lambda g: group_name(system, g), system.texts, "groups")


def state_names(system: System) -> Names:
    """Return the names along the state axis."""
    return Names(len(system.states), lambda s: state_name(system, s), system.texts, "states")


def move_names(system: System) -> Names:
    """Return the names along the move axis."""
    return Names(len(system.moves), lambda m: move_name(system, m), system.texts, "moves")


def ids_in_one(ids: Sequence[str], separator: str) -> str:
    """Return several ids as one that no other ids give.

    Parameters
    ----------
    ids
        What is put together; one that holds the separator is quoted.
    separator
        Between them.

    Returns
    -------
    str
        A key, or a cell of a table; not to be cut up again.
    """
    return separator.join(
        _in_quotes(word) if separator in word or '"' in word else word for word in ids
    )


def _quoted(word: str) -> str:
    """Return an id, in quotes if a character in it could be taken for the end of it."""
    return word if MARKS.search(word) is None else _in_quotes(word)


def _in_quotes(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _unquoted(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def input_name(what: str, language: Language, label: Label) -> tuple[str, str]:
    """Return which part of the model takes an input, and what it is called.

    Parameters
    ----------
    what
        Part and plain name of a number; anything else is called as it is, and of no part.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    part, colon, keys = what.partition(": ")
    if not colon:
        return "", what
    said = say(part, language)
    named = NumberName.of_plain(keys).text(language, label)
    return said if said != part else label(part), named
