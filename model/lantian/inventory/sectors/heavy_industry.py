"""Power, steel, coking, building materials, drugs and chemicals, counted by what they make.

The boilers of other firms belong to ``coal-gas``, solvents in printing and coating to ``voc``,
firms without an inventory of their processes to ``industry``. A technology is a level of stack
control (``before-retrofit``, ``ultra-low``): its factor is that of the plant with its treatment,
because a retrofit takes the place of the old treatment and does not come on top of it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from lantian.inventory.contract import Array, Sector, SectorInputs
from lantian.inventory.equations import (
    Equation,
    EquationModel,
    Kinds,
    equation_model,
)
from lantian.inventory.tabulated import FactorRow, tabulated_equation
from lantian.parameters import column

TABLE = "heavy-industry"

KG_PER_MG = 1e-6
"""[kg/mg]."""

CAPACITY: Mapping[str, str] = {
    "power-old": "t/MW",
    "iron-old": "t/t",
    "coke-old": "t/t",
    "cement-old": "t/t",
}
"""Sources counted by capacity -> unit of the yearly output of one unit of it.

Plans retire capacity; its emission is that of what it makes. The output of each is a parameter
of the region, ``output-per-<source>``.
"""


def at_limit(limit: ArrayLike, flue_gas: ArrayLike, share_of_limit: ArrayLike) -> Array:
    """Return the factor of a stack that keeps a concentration limit.

    Parameters
    ----------
    limit
        Limit at the reference oxygen [mg/m3].
    flue_gas
        Dry flue gas at that oxygen [m3 per t of product or coal].
    share_of_limit
        Yearly mean concentration as a share of the limit [1].

    Returns
    -------
    numpy.ndarray
        Factor [kg/t].

    References
    ----------
    T/CSES 144-2024, method of measured concentrations: ``E = C * V``.
    """
    mean = np.asarray(limit, dtype=float) * np.asarray(share_of_limit, dtype=float)
    factor: Array = mean * np.asarray(flue_gas, dtype=float) * KG_PER_MG
    return factor


def of_capacity(factor: ArrayLike, output: ArrayLike) -> Array:
    """Return the factor of a unit of capacity from that of what it makes.

    Parameters
    ----------
    factor
        Factor of the output [t/t].
    output
        Yearly output of a unit of capacity [t/unit].

    Returns
    -------
    numpy.ndarray
        Factor [t/unit], in the shape to which the arguments broadcast.
    """
    product: Array = np.asarray(factor, dtype=float) * np.asarray(output, dtype=float)
    return product


def _counted_by_capacity(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    sources = [str(source) for source in kinds.source[:, 0]]
    terms = {
        "output": inputs.parameters.numbers(
            column([CAPACITY[source] for source in sources]),
            parameter=column([f"output-per-{source}" for source in sources]),
        ),
        "factor": kinds.numbers(inputs.factors[TABLE], "t/t", pollutant=SECTOR.pollutants),
    }
    return [Equation(SECTOR.pollutants, of_capacity, terms)]


def _counted_by_output(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    return [tabulated_equation(inputs, kinds, TABLE, SECTOR.pollutants)]


def declare(inputs: SectorInputs) -> EquationModel:
    """Declare the states of the sector; a region without heavy industry has none.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF * (1 - eta)``; for capacity ``A`` is capacity times
    the output per unit of it.
    """
    return equation_model(
        inputs,
        lambda source, _: _counted_by_capacity if source in CAPACITY else _counted_by_output,
    )


SECTOR = Sector(
    id="heavy-industry",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 2 and "
    "method of measured concentrations",
    sources=(),
    pollutants=("NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2"),
    factor_tables={TABLE: FactorRow},
    declare=declare,
)
