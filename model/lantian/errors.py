"""Problems with a user's input: collected, then shown all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from lantian.language import NOTHING, Message, message
from lantian.vocabulary import Language

GAP = {"en": " ", "zh": ""}
"""Between two sentences."""


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in a user's file; lines and columns count from 1, 0 is unknown."""

    file: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        spot = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        return f"{spot}  {self.path}" if self.path else spot


@dataclass(frozen=True)
class Problem:
    """One mistake: where, what was found, what was expected and how to mend it."""

    place: Place
    found: Message
    expected: Message = NOTHING
    fix: Message = NOTHING

    def text(self, language: Language = "en") -> str:
        """Return the problem as it is printed: the place, then one indented line."""
        parts = (self.found, self.expected, self.fix)
        said = GAP[language].join(t for t in (part.text(language) for part in parts) if t)
        return f"{self.place}\n  {said}"


class InputError(Exception):
    """Everything found wrong with the input, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = {p.text(): p for p in problems}.values()
        self.problems = sorted(unique, key=lambda p: (p.place, p.found.text()))
        super().__init__("\n".join(p.text() for p in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[list[Problem]]]:
        return InputError, (self.problems,)


class Problems:
    """Collects problems so that a user sees all of them in one go."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

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

    def stop_if_any(self, beyond: int = 0) -> None:
        """Raise all problems found so far.

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
            raise InputError(self.found)


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
    near = nearest(word, known)
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
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")
