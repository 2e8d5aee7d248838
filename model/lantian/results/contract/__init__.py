"""Every table and array of a run, declared once.

Writer, reader, NetCDF attributes, ``runs/README.md``, charts and tests are made from these
declarations or held against them. Nothing here is computed and no heavy library is needed, so
whoever only reads runs may import it.
"""

from lantian.results.contract.alerts import ALERT, ALERT_TOTALS
from lantian.results.contract.alternatives import ALTERNATIVE_MEASURES, ALTERNATIVES
from lantian.results.contract.areas import AREA_COSTS, AREA_EMISSIONS
from lantian.results.contract.arrays import INDEXES, VARIABLES, Variable
from lantian.results.contract.assumptions import ASSUMPTIONS, BASELINES, BASIS_SHARES, VARIANTS
from lantian.results.contract.columns import (
    AREA,
    BASIS,
    CASE,
    MEASURE,
    POLLUTANT,
    SECTOR,
    SOURCE,
    TARGET,
    UNIT,
    YEAR,
)
from lantian.results.contract.comparison import (
    COMPARED_BRIDGES,
    COMPARED_COST_BRIDGES,
    COMPARED_COSTS,
    COMPARED_MIXES,
    COMPARED_RUNS,
    COMPARED_TARGETS,
    COMPARED_TOTALS,
    DIFFERENCES,
)
from lantian.results.contract.declaration import MONEY, PER_YEAR, Column, Kind, Place, Table
from lantian.results.contract.emissions import (
    ACTIVITY,
    CUMULATIVE,
    EMISSIONS,
    EMISSIONS_BY_MONTH,
    VEHICLES,
)
from lantian.results.contract.health import BENEFITS, CO_CONTROL, HEALTH
from lantian.results.contract.indicators import (
    BY_STANDARD,
    CONCENTRATIONS,
    HARMONISED,
    HINDCAST,
    INDICATORS,
    ISOPLETH,
    KNOWN_TOTALS,
    OBSERVED,
    OWNERS,
    TOPDOWN,
)
from lantian.results.contract.least_cost import (
    BRIDGE,
    COMPARATORS,
    MIX,
    OUT_OF_REACH,
    TIERS_TABLE,
    UNPRICED,
)
from lantian.results.contract.measures import COSTS, CREDITS, MEASURES
from lantian.results.contract.notes import IAMC, LABELS, NOT_COVERED, PROBLEMS, QUALITY, REFERENCES
from lantian.results.contract.optimiser import MACC, PRICES, RESIDUAL_OF, SOLVES, WHOLE_UNITS
from lantian.results.contract.registry import TABLES, by_name, table, tables_of
from lantian.results.contract.requested import FRONTIER, INVENTORY, MONTHS, SYMBOLS
from lantian.results.contract.robust import CHOSEN, OPTIMA, REGRETS, ROBUST, ROBUST_MIXES
from lantian.results.contract.samples import (
    COURSES,
    DISTRIBUTIONS,
    ENSEMBLE,
    FAILURES,
    MEASURE_FIRST,
    PROBABILITIES,
    RANGES,
    SAMPLED_CASE,
    VARIANCE,
)
from lantian.results.contract.targets import CLAUSES, LEVELS, TARGETS
from lantian.results.contract.townships import OUTLINES, TOWNSHIPS

__all__ = [
    "ACTIVITY",
    "ALERT",
    "ALERT_TOTALS",
    "ALTERNATIVES",
    "ALTERNATIVE_MEASURES",
    "AREA",
    "AREA_COSTS",
    "AREA_EMISSIONS",
    "ASSUMPTIONS",
    "BASELINES",
    "BASIS",
    "BASIS_SHARES",
    "BENEFITS",
    "BRIDGE",
    "BY_STANDARD",
    "CASE",
    "CHOSEN",
    "CLAUSES",
    "COMPARATORS",
    "COMPARED_BRIDGES",
    "COMPARED_COSTS",
    "COMPARED_COST_BRIDGES",
    "COMPARED_MIXES",
    "COMPARED_RUNS",
    "COMPARED_TARGETS",
    "COMPARED_TOTALS",
    "CONCENTRATIONS",
    "COSTS",
    "COURSES",
    "CO_CONTROL",
    "CREDITS",
    "CUMULATIVE",
    "DIFFERENCES",
    "DISTRIBUTIONS",
    "EMISSIONS",
    "EMISSIONS_BY_MONTH",
    "ENSEMBLE",
    "FAILURES",
    "FRONTIER",
    "HARMONISED",
    "HEALTH",
    "HINDCAST",
    "IAMC",
    "INDEXES",
    "INDICATORS",
    "INVENTORY",
    "ISOPLETH",
    "KNOWN_TOTALS",
    "LABELS",
    "LEVELS",
    "MACC",
    "MEASURE",
    "MEASURES",
    "MEASURE_FIRST",
    "MIX",
    "MONEY",
    "MONTHS",
    "NOT_COVERED",
    "OBSERVED",
    "OPTIMA",
    "OUTLINES",
    "OUT_OF_REACH",
    "OWNERS",
    "PER_YEAR",
    "POLLUTANT",
    "PRICES",
    "PROBABILITIES",
    "PROBLEMS",
    "QUALITY",
    "RANGES",
    "REFERENCES",
    "REGRETS",
    "RESIDUAL_OF",
    "ROBUST",
    "ROBUST_MIXES",
    "SAMPLED_CASE",
    "SECTOR",
    "SOLVES",
    "SOURCE",
    "SYMBOLS",
    "TABLES",
    "TARGET",
    "TARGETS",
    "TIERS_TABLE",
    "TOPDOWN",
    "TOWNSHIPS",
    "UNIT",
    "UNPRICED",
    "VARIABLES",
    "VARIANCE",
    "VARIANTS",
    "VEHICLES",
    "WHOLE_UNITS",
    "YEAR",
    "Column",
    "Kind",
    "Place",
    "Table",
    "Variable",
    "by_name",
    "table",
    "tables_of",
]
