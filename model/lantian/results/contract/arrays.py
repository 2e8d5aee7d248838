"""Arrays of ``results.nc``."""

from dataclasses import dataclass
from typing import Final, Literal

from lantian.language import Text
from lantian.results.contract.columns import NO_COST
from lantian.results.contract.declaration import MONEY


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A variable of ``results.nc``.

    Attributes
    ----------
    dims
        Names of its dimensions.
    means
        What it holds.
    kind
        Of its cells: ``number``, ``whole``, ``year`` or ``text``.
    unit
        As UDUNITS knows it; ``1`` where UDUNITS has no word for it, and empty for texts.
    own_unit
        Its unit in the words of the program, where UDUNITS has none.
    role
        ``data``, ``axis`` (numbers along the dimension of that name) or ``label`` (of the items
        of its dimension).
    blank
        When a number is missing.
    """

    name: str
    dims: tuple[str, ...]
    means: Text
    kind: Literal["number", "whole", "year", "text"] = "number"
    unit: str = ""
    own_unit: str = ""
    role: Literal["data", "axis", "label"] = "data"
    blank: Text | None = None

    def __post_init__(self) -> None:
        if (self.kind == "text") == bool(self.unit):
            raise ValueError(f"variable {self.name}: numbers, and only numbers, have a unit")


NOT_SOLVED = Text("the case was not solved for the year", "该情景未计算该年")


def _label(name: str, dimension: str, en: str, zh: str) -> Variable:
    return Variable(name=name, dims=(dimension,), means=Text(en, zh), kind="text", role="label")


VARIABLES: Final[dict[str, Variable]] = {
    variable.name: variable
    for variable in (
        Variable(
            name="emission",
            dims=("case", "source", "pollutant", "year"),
            means=Text("emission", "排放量"),
            unit="t year-1",
            blank=NOT_SOLVED,
        ),
        Variable(
            name="activity",
            dims=("case", "state", "year"),
            means=Text("activity in each state", "各状态的活动水平"),
            unit="1",
            own_unit="state_unit",
            blank=NOT_SOLVED,
        ),
        Variable(
            name="uptake",
            dims=("case", "move", "year"),
            means=Text("activity moved", "转移的活动水平"),
            unit="1",
            own_unit="state_unit of the state that the move starts from",
            blank=NOT_SOLVED,
        ),
        Variable(
            name="emission_factor",
            dims=("state", "pollutant", "year"),
            means=Text("emission factor after controls", "控制后的排放因子"),
            unit="1",
            own_unit="t per state_unit",
        ),
        Variable(
            name="unit_cost",
            dims=("move",),
            means=Text("annual net cost of moving one unit", "转移一单位的年净成本"),
            unit="1",
            own_unit=f"{MONEY} per year and state_unit of the state that the move starts from",
            blank=NO_COST,
        ),
        Variable(
            name="move_from",
            dims=("move",),
            means=Text("position of the state that the move starts from, from 0", "起始状态的位置"),
            kind="whole",
            unit="1",
        ),
        Variable(
            name="move_to",
            dims=("move",),
            means=Text(
                "position of the state that the move goes to, -1 where activity is avoided",
                "目标状态的位置，-1 表示活动被避免",
            ),
            kind="whole",
            unit="1",
        ),
        Variable(
            name="move_conversion",
            dims=("move",),
            means=Text("units of the to-state per unit of the from-state", "单位换算"),
            unit="1",
            own_unit="state_unit per state_unit",
        ),
        Variable(
            name="year",
            dims=("year",),
            means=Text("calendar year", "年份"),
            kind="year",
            unit="1",
            role="axis",
        ),
        _label("case_id", "case", "case of the run", "情景"),
        _label("pollutant_id", "pollutant", "pollutant", "污染物"),
        _label("source_id", "source", "emission source", "排放源"),
        _label("sector", "source", "sector of the source", "行业"),
        _label("unit", "source", "activity unit of the source", "活动水平单位"),
        _label("state_id", "state", "state: source, technology and controls", "状态"),
        _label("state_source", "state", "source of the state", "状态所属排放源"),
        _label("state_unit", "state", "activity unit of the state", "状态的活动水平单位"),
        _label("technology", "state", "technology of the state", "技术"),
        _label("measure", "move", "measure of the move", "措施"),
    )
}
"""Every variable of ``results.nc`` by name, in the order in which they are written."""

INDEXES: Final = {name: f"{name}_id" for name in ("case", "source", "state", "pollutant")}
"""Dimension -> variable that names its items; CF keeps coordinates of that name for numbers."""
