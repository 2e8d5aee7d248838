"""Equations of guidelines and manuals, for use by themselves.

The program takes them with its own numbers; some serve only who counts by other data, such as the
release of stock places or a stack that keeps a concentration limit. Each cites where it is from.
"""

from lantian.core.harmonise import harmonise
from lantian.core.risk import (
    attributable_fraction,
    avoided_cases,
    gemm_risk,
    impact_fraction,
    joint_fraction,
    relative_risk,
)
from lantian.inventory.dust_equations import dust
from lantian.inventory.sectors.ammonia import (
    chain_efficiency,
    fertiliser_emission,
    places_emission,
    tan_excreted,
    tan_losses,
)
from lantian.inventory.sectors.catering import exhaust_emission
from lantian.inventory.sectors.coal_gas import nox_at_limit, pm_mass_balance, so2_mass_balance
from lantian.inventory.sectors.heavy_industry import at_limit
from lantian.inventory.sectors.non_road import machine_emission
from lantian.inventory.sectors.voc import coating_balance
from lantian.optimise.analyses.ranking import largest_reduction_per_source

__all__ = [
    "at_limit",
    "attributable_fraction",
    "avoided_cases",
    "chain_efficiency",
    "coating_balance",
    "dust",
    "exhaust_emission",
    "fertiliser_emission",
    "gemm_risk",
    "harmonise",
    "impact_fraction",
    "joint_fraction",
    "largest_reduction_per_source",
    "machine_emission",
    "nox_at_limit",
    "places_emission",
    "pm_mass_balance",
    "relative_risk",
    "so2_mass_balance",
    "tan_excreted",
    "tan_losses",
]
