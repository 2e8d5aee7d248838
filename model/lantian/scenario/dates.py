"""Dates within the years of a plan: a year, or a month of it."""

import re
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_serializer,
)

from lantian.inventory.months import MONTHS
from lantian.language import message

Year = Annotated[int, Field(ge=1990, le=2100, strict=True)]

_MONTH = re.compile(r"(\d{4})(?:-(0?[1-9]|1[0-2]))?")


class Date(BaseModel):
    """A year, or with a month that month of it."""

    model_config = ConfigDict(frozen=True)
    year: Year
    month: Annotated[int, Field(ge=1, le=MONTHS)] | None = None

    @property
    def begins(self) -> int:
        """Months from the year 0 to its first day."""
        return MONTHS * self.year + (self.month or 1) - 1

    @property
    def ends(self) -> int:
        """Months from the year 0 to the end of its last day."""
        return self.begins + 1 if self.month else self.begins + MONTHS

    def __str__(self) -> str:
        return str(self.year) if self.month is None else f"{self.year}-{self.month:02d}"

    @model_serializer
    def _written(self) -> int | str:
        return self.year if self.month is None else str(self)


def _read_date(given: Any) -> Any:
    if isinstance(given, Date):
        return given
    if isinstance(given, int) and not isinstance(given, bool):
        return {"year": given}
    found = _MONTH.fullmatch(str(given).strip())
    if found is None:
        raise ValueError(
            message("'{given}' is no date; write a year (2019) or a month (2019-10)", given=given)
        )
    return {"year": int(found[1]), "month": int(found[2]) if found[2] else None}


When = Annotated[
    Date,
    BeforeValidator(_read_date),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1990, "maximum": 2100},
                {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{1,2})?$"},
            ]
        }
    ),
]
"""A date as it is written: ``2019`` or ``2019-10``."""
