"""What all parts of a scenario share: ids, truths, strictness."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from lantian.language import Message, message
from lantian.vocabulary import Pollutant, pollutant_meant

Id = Annotated[str, Field(min_length=1)]
"""Name of something in a scenario; never blank, since tables tell rows apart by it."""


def _meant(given: Any) -> Any:
    """Return the pollutant that a text means."""
    return pollutant_meant(given) if isinstance(given, str) else given


KnownPollutant = Annotated[Pollutant, BeforeValidator(_meant)]


class KeyFaultError(ValueError):
    """A fault of a part of a scenario that stands in one of its keys."""

    def __init__(self, key: str, said: Message) -> None:
        self.key = key
        super().__init__(said)


NO_CLAUSE = "none"
"""Clause of what no plan says, but whoever asks: a scenario of one's own may add it."""


def _of_no_clause(given: Any) -> Any:
    return () if given == NO_CLAUSE else given


Clauses = Annotated[
    tuple[Id, ...],
    BeforeValidator(_of_no_clause),
    WithJsonSchema(
        {"anyOf": [{"const": NO_CLAUSE}, {"type": "array", "items": {"type": "string"}}]}
    ),
]
"""Rows of the ledger that something encodes, or ``none``."""


def check_clause(clause: tuple[str, ...], note: str) -> None:
    """Hold what has no clause against its note.

    Parameters
    ----------
    clause
        Rows of the ledger.
    note
        What is said of it.

    Raises
    ------
    KeyFaultError
        If it has none, and does not say why it is asked.
    """
    if not clause and not note.strip():
        raise KeyFaultError(
            "clause",
            message("what no clause of the plan asks for says in 'note' why it is asked"),
        )


Truth = Annotated[bool, Field(strict=True)]
"""True or false, and no 1, 0, on or off."""


def _no_truth(given: Any) -> Any:
    """Refuse true and false, which count as 1 and 0 elsewhere."""
    if isinstance(given, bool):
        raise PydanticCustomError("float_type", "no number")
    return given


Number = Annotated[float, BeforeValidator(_no_truth), Field(allow_inf_nan=False)]
"""A finite number, and no true or false."""


class Strict(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Strict):
    """A title in both languages."""

    en: Id
    zh: Id


def some(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a list as it is; judged when its items are sound, so that no fault is told twice."""
    if not given:
        raise ValueError(message("at least {min_length} must be given", min_length=1))
    return given
