"""Solvent use and petrol handling: volatile organic compounds by product, process or shop."""

from typing import Annotated, Literal

from lantian.inventory.contract import Array, Sector, SectorInputs, SectorModel
from lantian.inventory.equations import Equation, Follows, Kinds, equation_model
from lantian.inventory.tabulated import FactorRow, tabulated_equation
from lantian.language import message
from lantian.parameters import Band, Names, QuantityRow, declared
from lantian.vocabulary import Pollutant

TABLE, COATINGS = "voc", "coatings"
POLLUTANTS: tuple[Pollutant, ...] = ("VOC",)


class CoatingRow(QuantityRow):
    """A line of ``coatings.csv``: what the balance of a coating is made of.

    ``voc-content`` of the coating as delivered, its ``density``, the ``thinner`` that is mixed in
    for a tonne of it, and the share ``retained`` in the product or in waste that is handed over.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "voc-content": (Band("g/liter", 1.0, 1000.0),),
            "density": (Band("kg/liter", 0.6, 3.0),),
            "thinner": (Band("t/t", 0.0, 3.0),),
            "retained": (Band("", 0.0, 1.0),),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    parameter: Literal["voc-content", "density", "thinner", "retained"]


def coating_balance(
    content: float | Array,
    density: float | Array,
    thinner: float | Array = 0.0,
    retained: float | Array = 0.0,
) -> float | Array:
    """Return the VOC that a coating gives off, before any treatment: what went in and stays not.

    Parameters
    ----------
    content
        VOC of the coating as delivered [kg/l].
    density
        Of the coating [kg/l].
    thinner
        Solvent that is mixed in [t/t coating].
    retained
        Share that stays in the product or in waste [1].

    Returns
    -------
    float or Array
        [t/t coating].

    References
    ----------
    Mass balance: T/CSES 144-2024 allows it in the place of a factor where contents are known.
    """
    return (content / density + thinner) * (1.0 - retained)


def _balance(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    units = {"voc-content": "kg/liter", "density": "kg/liter", "thinner": "t/t", "retained": "1"}
    named = {"voc-content": "content"}
    table = inputs.factors[COATINGS]
    terms = {
        named.get(parameter, parameter): kinds.numbers(table, unit, parameter=parameter)
        for parameter, unit in units.items()
    }
    return [Equation(POLLUTANTS, coating_balance, terms)]


def _factors(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    return [tabulated_equation(inputs, kinds, TABLE, POLLUTANTS)]


def declare(inputs: SectorInputs) -> SectorModel:
    """Declare activity and factors before the control.

    The guideline's ``E = A * EF * (1 - eta * s * gamma)`` is split: ``A * EF`` here, removal times
    collection (eta * s) as the efficiency and the operating rate gamma as the rule effectiveness
    of a control. A coating with rows in ``coatings.csv`` takes its balance in the place of EF.

    References
    ----------
    T/CSES 144-2024, equation 24 and tables A.1, E.6, E.8.
    """
    rows = [row for row in inputs.factors[COATINGS].rows if isinstance(row, CoatingRow)]
    balanced = {(row.source, row.technology) for row in rows}
    _check(inputs, rows)

    def follows(source: str, technology: str) -> Follows:
        return _balance if (source, technology) in balanced else _factors

    return equation_model(inputs, follows)


def _check(inputs: SectorInputs, rows: list[CoatingRow]) -> None:
    """Note balances of what is not counted in tonnes, and beside a factor of the same coating."""
    factors = {row.key()[:2] for row in inputs.factors[TABLE].rows}
    units = {source.id: source.unit for source in inputs.sector.sources}
    for row in rows:
        if units.get(row.source, "t") != "t":
            inputs.problems.add(
                row.place.cell("source"),
                message("'{source}' is not counted in tonnes.", source=row.source),
            )
        if (row.source, row.technology) in factors:
            inputs.problems.add(
                row.place.cell("source"),
                message("a balance, and a factor in '{table}' as well.", table=TABLE),
                fix=message("Keep one of the two."),
            )


SECTOR = Sector(
    id="voc",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 24",
    sources=(),
    pollutants=POLLUTANTS,
    factor_tables={TABLE: FactorRow, COATINGS: CoatingRow},
    declare=declare,
)
