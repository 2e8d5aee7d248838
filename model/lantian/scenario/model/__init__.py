"""The scenario: what a policy modeller writes, checked and frozen."""

from lantian.scenario.model.alerts import Alert, AlertAction
from lantian.scenario.model.base import Truth
from lantian.scenario.model.commitments import TONNE, Commitment
from lantian.scenario.model.overrides import Pick, Set
from lantian.scenario.model.quantities import A_YEAR, HIGHEST_RATE, Quantity, Usual
from lantian.scenario.model.question import Resource, UptakeBound, WholeUnits
from lantian.scenario.model.sampling import Correlated, Sampling
from lantian.scenario.model.scenario import Scenario
from lantian.scenario.model.setting import Credited, Finished, Harmonise, StartsFrom
from lantian.scenario.model.targets import FORMS, Target

__all__ = [
    "A_YEAR",
    "FORMS",
    "HIGHEST_RATE",
    "TONNE",
    "Alert",
    "AlertAction",
    "Commitment",
    "Correlated",
    "Credited",
    "Finished",
    "Harmonise",
    "Pick",
    "Quantity",
    "Resource",
    "Sampling",
    "Scenario",
    "Set",
    "StartsFrom",
    "Target",
    "Truth",
    "UptakeBound",
    "Usual",
    "WholeUnits",
]
