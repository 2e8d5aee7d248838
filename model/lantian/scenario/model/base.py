"""What all parts of a scenario share: ids, truths, strictness."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
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
