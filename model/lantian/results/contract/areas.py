"""Tables of the areas of a region."""

from lantian.language import Text
from lantian.results.contract.columns import (
    AREA,
    CASE,
    COST_UNIT,
    NOT_DIVIDED,
    POLLUTANT,
    SECTOR,
    UNIT,
    YEAR,
    amount_column,
    number_column,
)
from lantian.results.contract.declaration import Table

AREA_EMISSIONS = Table(
    name="area_emissions",
    title=Text("Emissions by area", "分片区排放量"),
    means=Text(
        "Emissions by area and sector; they add up to those of the region.",
        "各片区、行业的排放量；合计等于全地区。",
    ),
    key=("case", "area", "sector", "pollutant", "year"),
    columns=(
        CASE,
        AREA,
        SECTOR,
        POLLUTANT,
        YEAR,
        amount_column("value", Text("emission", "排放量")),
        UNIT,
    ),
    absent=NOT_DIVIDED,
)


AREA_COSTS = Table(
    name="area_costs",
    title=Text("Costs by area", "分片区成本"),
    means=Text(
        "Annual net cost of the measures by area; measures of unknown cost are left out.",
        "各片区措施的年净成本；成本未知的措施不计。",
    ),
    key=("case", "year", "area"),
    columns=(
        CASE,
        YEAR,
        AREA,
        amount_column("cost", Text("annual net cost", "年净成本")),
        amount_column("borne", Text("of measures that cost something", "承担的成本")),
        number_column("share", "1", Text("the area's part of what is borne", "占比")),
        COST_UNIT,
    ),
    absent=NOT_DIVIDED,
)
