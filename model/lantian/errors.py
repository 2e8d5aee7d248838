"""Problems with a user's input: collected, then shown all at once."""

import errno
import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from lantian.language import NOTHING, Label, Message, Spoken, message, printable
from lantian.vocabulary import Language

GAP = {"en": " ", "zh": ""}
"""Between two sentences."""


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in a user's file; lines and columns count from 1, 0 is unknown.

    ``header`` has the names of the columns, where it is a line of a table.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    header: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def cell(self, column: str) -> "Place":
        """Return the place of a cell of this line; of a column that the table lacks the line.

        Parameters
        ----------
        column
            Its name.
        """
        if column in self.header:
            return replace(self, column=self.header.index(column) + 1, path=column)
        return self if self.header else replace(self, path=column)

    def __str__(self) -> str:
        spot = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        return f"{spot}  {self.path}" if self.path else spot


@dataclass(frozen=True, repr=False)
class Problem(Spoken):
    """One mistake, or what may be one: where, what was found, what was expected, how to mend it."""

    place: Place
    found: Message
    expected: Message = NOTHING
    fix: Message = NOTHING

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """What problems have in common that are one mistake made many times."""
        said = self.found.kind, self.expected.kind, self.fix.kind
        return self.place.file, *said

    def text(self, language: Language = "en", label: Label | None = None) -> str:
        """Return the problem as it is printed: the place, then one indented line.

        Parameters
        ----------
        language
            Language of the reader.
        label
            Gives the display names of what is listed in it.
        """
        parts = (self.found, self.expected, self.fix)
        said = GAP[language].join(t for t in (part.text(language, label) for part in parts) if t)
        return printable(f"{self.place}\n  {said}")


def problem_of(error: OSError, file: str = "", writes: bool = False) -> Problem:
    """Return what the system refused as a problem.

    Parameters
    ----------
    error
        As it was raised while a file was opened, read or written.
    file
        Its name as it is shown; what the error itself says if blank.
    writes
        Whether it was to be written.

    Returns
    -------
    Problem
        At the file.
    """
    named = file or os.path.relpath(str(error.filename)) if error.filename else file
    why = message(error.strerror or type(error).__name__)
    if writes or error.errno in WRITING:
        return Problem(Place(named or "-"), message("cannot be written: {why}.", why=why))
    if error.errno in RIGHTS:
        return Problem(Place(named or "-"), message("cannot be opened: {why}.", why=why))
    return Problem(Place(named or "-"), message("cannot be read: {why}.", why=why))


WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.ENOTEMPTY, errno.EEXIST)
"""What the system only refuses to those who write."""
RIGHTS = (errno.EACCES, errno.EPERM)
"""What it refuses to readers and writers alike."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell of what the system refuses in a block as of a place that cannot be written.

    Parameters
    ----------
    path
        What is to be written.

    Raises
    ------
    InputError
        Where the system refuses it.
    """
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise InputError([problem_of(error, writes=True)]) from error


class InputError(Exception):
    """Everything found wrong with the input, in the order of files and lines.

    ``warnings`` is what was found beside it and would not have stopped the work.
    """

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> None:
        self.problems, self.warnings = in_order(problems), in_order(warnings)
        super().__init__("\n".join(p.text() for p in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[list[Problem], list[Problem]]]:
        return InputError, (self.problems, self.warnings)


def one_line(said: Spoken, language: Language = "en", label: Label | None = None) -> str:
    """Return a warning as a table holds it: its place and what it says, in one line."""
    return said.text(language, label).replace("\n  ", ": ")


FEW = 5
"""Problems of one kind in one file that are told in full; of more, the first and the places."""


def told(problems: Iterable[Problem], language: Language = "en") -> list[str]:
    """Return problems as they are printed, those of one kind in a file together.

    Parameters
    ----------
    problems
        In order.
    language
        Language of the reader.

    Returns
    -------
    list of str
        One text per problem, or per kind of which there are more than :data:`FEW` in a file.
    """
    listed = list(problems)
    kinds: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in listed:
        kinds.setdefault(problem.kind, []).append(problem)
    texts = []
    for problem in listed:
        alike = kinds[problem.kind]
        if len(alike) <= FEW or _is_named_alone(problem, alike):
            texts.append(problem.text(language))
        elif problem is alike[0]:
            texts.append(f"{problem.text(language)}\n  {_others(alike[1:], language)}")
    return texts


def _is_named_alone(problem: Problem, alike: Sequence[Problem]) -> bool:
    """Tell whether a problem is one of a few that differ and have no line to look at."""
    if problem.place.line or len(alike) > MANY:
        return False
    return len({str(one.found.text()) for one in alike}) == len(alike)


def _others(alike: Sequence[Problem], language: Language) -> str:
    """Return how many more there are and in which lines."""
    lines = list(dict.fromkeys(p.place.line for p in alike if p.place.line))
    if not lines:
        return message("{n} more of this kind.", n=len(alike)).text(language)
    named = ", ".join(map(str, lines[:MANY])) + (", ..." if len(lines) > MANY else "")
    more = message("{n} more of this kind, in lines {lines}.", n=len(alike), lines=named)
    return more.text(language)


MANY = 20
"""Lines that are listed for problems of one kind."""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of files and lines, each once."""
    unique = {p.text(): p for p in problems}.values()
    return sorted(unique, key=lambda p: (p.place, p.found.text()))


class Problems:
    """Collects problems so that a user sees all of them in one go.

    Attributes
    ----------
    found
        What stops the work.
    warnings
        What may be meant, and should be read: the work goes on.
    """

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.warnings: list[Problem] = []

    def add(
        self, place: Place, found: Message, expected: Message = NOTHING, fix: Message = NOTHING
    ) -> None:
        """Note a problem and go on.

        Parameters
        ----------
        place
            Where it stands.
        found
            What is there.
        expected, fix
            What would be right, and how to put it right; left out where nothing is known.
        """
        self.found.append(Problem(place, found, expected, fix))

    def warn(
        self, place: Place, found: Message, expected: Message = NOTHING, fix: Message = NOTHING
    ) -> None:
        """Note what may be a mistake; as :meth:`add`, but nothing is stopped by it."""
        self.warnings.append(Problem(place, found, expected, fix))

    def stop_if_any(self, beyond: int = 0) -> None:
        """Raise all problems found so far; what is wrong is not doubted as well.

        Parameters
        ----------
        beyond
            Number of problems known before, with which the work can go on.

        Raises
        ------
        InputError
            If there is at least one more.
        """
        if len(self.found) > beyond:
            wrong = {problem.place for problem in self.found}
            raise InputError(self.found, [w for w in self.warnings if w.place not in wrong])


def closest(word: str, known: Iterable[str]) -> Message:
    """Return 'Did you mean ...?' for the known word nearest to a misspelt one, or nothing.

    Parameters
    ----------
    word
        What was written.
    known
        What could have been meant.

    Returns
    -------
    Message
        Empty where no known word is near.
    """
    names = list(dict.fromkeys(known))
    plain = folded(word)
    begun = [name for name in names if len(plain) > SHORT and folded(name).startswith(plain)]
    typed = get_close_matches(word, names, n=1, cutoff=TYPED)
    if not typed and 1 < len(begun) <= MOST_NEAR and plain not in map(folded, begun):
        return message("Did you mean one of {names}?", names=", ".join(begun))
    near = nearest(word, names)
    return message("Did you mean '{near}'?", near=near) if near else NOTHING


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word nearest to a misspelt one, or a blank if none is near.

    Parameters
    ----------
    word
        What was written.
    known
        What could have been meant.

    Returns
    -------
    str
        One of ``known``, or "".
    """
    names = list(known)
    plain = folded(word)
    alike = [name for name in names if plain and folded(name) == plain]
    if alike or len(word) < SHORT:
        return next(iter(alike), "")
    return next(iter(get_close_matches(word, names, n=1, cutoff=0.6)), "")


TYPED = 0.85
"""Likeness [1] of a word to the one that was meant and mistyped."""
MOST_NEAR = 6
"""Names that begin alike and are all told."""
SHORT = 3
"""Signs of a word; of shorter ones any other is near, and mostly something else: OC is no VOC."""


def folded(word: str) -> str:
    """Return a word without what people type differently: case, width, dots, dashes, blanks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))
