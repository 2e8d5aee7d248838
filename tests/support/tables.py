"""Every table of the project with the model of its lines."""

from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from integration.workbench import REPOSITORY
from lantian.indicators.daily import DailyRow
from lantian.indicators.dustfall_month import MonthRow
from lantian.indicators.energy_balance import EnergyUseRow
from lantian.indicators.health import FunctionRow, MortalityRow
from lantian.indicators.tables import AirRow, GridRow, ResponseRow, TopdownRow, WeatherRow
from lantian.indicators.townships import TownshipRow
from lantian.intake.market import MarketRow
from lantian.inventory.areas import AreaRow
from lantian.inventory.contract import ActivityRow
from lantian.inventory.conversions import ConversionRow
from lantian.inventory.layers import ExtendsRow
from lantian.inventory.months import FollowedRow, ProfileRow
from lantian.inventory.region import DatedRow, DriverRow
from lantian.inventory.sectors import registered
from lantian.inventory.sources import BandRow, NotCoveredRow, TechnologyRow
from lantian.measures.contract import (
    AppliesRow,
    ControlRow,
    CostCheckRow,
    CostRow,
    EnergyPriceRow,
    MeasureRow,
    ReachRow,
    ReplacementRow,
    VehiclePriceRow,
)
from lantian.measures.costs import PriceRow
from lantian.parameters import Row
from lantian.parameters.reader import SourceRow
from lantian.plan.ledger import LedgerRow
from lantian.results.tables.labels import LabelRow
from lantian.standards.tables import BreakpointRow, LimitRow, RuleRow

INPUTS = REPOSITORY / "inputs"
TABLES: dict[str, type[Row]] = {
    **{name: row for sector in registered() for name, row in sector.factor_tables.items()},
    **{name: row for sector in registered() for name, row in sector.region_tables.items()},
    **{name: row for sector in registered() for name, row in sector.optional_tables.items()},
    **{"air": AirRow, "response": ResponseRow, "topdown": TopdownRow, "extends": ExtendsRow},
    **{"region": DatedRow, "drivers": DriverRow, "bands": BandRow, "applies": AppliesRow},
    **{"controls": ControlRow, "cost_checks": CostCheckRow, "costs": CostRow, "prices": PriceRow},
    **{"energy_prices": EnergyPriceRow, "catalogue": MeasureRow, "reach": ReachRow},
    **{"replacements": ReplacementRow, "vehicle_prices": VehiclePriceRow, "clauses": LedgerRow},
    **{"labels": LabelRow, "grid_factors": GridRow, "townships": TownshipRow},
    **{"not_covered": NotCoveredRow, "areas": AreaRow},
    **{"weather": WeatherRow, "daily": DailyRow, "dustfall_months": MonthRow},
    **{"monthly_profiles": ProfileRow, "source_profiles": FollowedRow},
    **{"health_functions": FunctionRow, "mortality": MortalityRow},
    **{"conversions": ConversionRow, "energy_use": EnergyUseRow, "vehicle_market": MarketRow},
    **{"limits": LimitRow, "breakpoints": BreakpointRow, "rules": RuleRow},
}
"""Model of the lines of each table, by its name."""


def model_of(path: Path) -> type[Row]:
    """Return the model of the lines of a table."""
    if path.parent.name == "activity":
        return ActivityRow
    if path.name == "sources.csv":
        return TechnologyRow if path.parent.name == "sectors" else SourceRow
    return TABLES[path.stem]


FILES = sorted(
    path for path in INPUTS.rglob("*.csv") if len(path.read_text("utf-8-sig").splitlines()) > 1
)
"""Tables with at least one line."""


def takes_some_words(column: FieldInfo) -> bool:
    """Tell whether a column is declared as a list of words."""
    validated = any(isinstance(one, AfterValidator) for one in column.metadata)
    options = (column.annotation, *get_args(column.annotation))
    listed = any(get_origin(one) is Literal for one in options)
    return listed or (column.annotation is str and validated)
