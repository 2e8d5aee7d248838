r"""Concentrations at receptors as a linear function of emissions: a source-receptor matrix.

.. math:: C_r(y) = b_r + \sum_{s,p} T_{r,s,p} \, E_{s,p}(y)

The coefficients *T* come from outside: a dispersion model run once with a unit emission of each
source, or a published table. Gaussian plume models gave them to the first least-cost studies of
air quality at receptors [1]_; GAINS [2]_ and SHERPA [3]_ fit them to runs of a chemical transport
model. What holds for all of these holds here: a straight line of yearly means around the
emissions that the coefficients were made for. Chemistry that bends (see
:mod:`lantian.indicators.pm25`), stacks that a measure changes, and winds of another year are not in
it. A receptor is one substance at one place. (The references support the form of the equation, no
number; they are cited from memory.)

.. [1] S. E. Atkinson and D. H. Lewis, A cost-effectiveness analysis of alternative air quality
   control strategies, J. Environ. Econ. Manage. 1 (1974) 237-250.
.. [2] M. Amann et al., Cost-effective control of air quality and greenhouse gases in Europe:
   modeling and policy applications, Environ. Model. Softw. 26 (2011) 1489-1501.
.. [3] P. Thunis et al., On the design and assessment of regional air quality plans: the SHERPA
   approach, J. Environ. Manage. 183 (2016) 952-958.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lantian.core.system import Sources
from lantian.errors import Problems, closest
from lantian.indicators.pm25 import VARIANTS, Variant
from lantian.indicators.tables import CONCENTRATION
from lantian.language import message
from lantian.parameters import OwnRow, check_range, range_or_default, units
from lantian.parameters.units import UnitError
from lantian.vocabulary import POLLUTANTS, Basis, Pollutant, weakest

Array = NDArray[np.float64]

PER_MASS = ("ug/m3/t", "ug/m3/(t/a)")
"""A coefficient [ug/m3 per t a year], written per amount or per amount and year."""


class TransferRow(OwnRow):
    """A line of the transfer table.

    With a source and a pollutant: what one ton a year of it adds at the receptor. With neither:
    the background of the receptor, which no source of the inventory causes.
    """

    receptor: str = Field(min_length=1)
    source: str = ""
    pollutant: Pollutant | Literal[""] = ""
    value: float
    unit: str = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.source) != bool(self.pollutant):
            raise ValueError(
                message(
                    "source and pollutant go together; a row without both is the background"
                    " of its receptor"
                )
            )
        check_range(self.value, self.low, self.high, self.basis)
        return self

    @property
    def is_background(self) -> bool:
        """Whether the row is the background of its receptor."""
        return not self.source

    def factor(self) -> float:
        """Return what the row's numbers are multiplied by to be in ug/m3 [per t a year].

        Raises
        ------
        UnitError
            If the unit measures something else.
        """
        if self.is_background:
            return units.factor(self.unit, CONCENTRATION)
        try:
            return units.factor(self.unit, PER_MASS[1])
        except UnitError:
            return units.factor(self.unit, PER_MASS[0])


@dataclass(frozen=True)
class Transfer:
    """A source-receptor matrix.

    Attributes
    ----------
    receptors
        Names of the receptors, in the order of the table.
    weight
        [ug/m3 per t/a], dims (receptor, source, pollutant): central, and all at either end of
        their ranges together.
    background
        [ug/m3], dims (receptor,), in the same variants.
    basis
        What the coefficients of a source at a receptor rest on, the weakest of them, by receptor
        and source; under a blank source the background's.
    """

    receptors: tuple[str, ...]
    weight: Mapping[Variant, Array]
    background: Mapping[Variant, Array]
    basis: Mapping[tuple[str, str], Basis]

    def contributions(self, emission: Array, variant: Variant = "central") -> Array:
        """Return what each source adds at each receptor.

        Parameters
        ----------
        emission
            Emission [t/a], dims (source, pollutant, ...).
        variant
            Central coefficients, or all at one end of their ranges.

        Returns
        -------
        Array
            Contribution ``sum over p of weight[r, s, p] * E[s, p]`` [ug/m3], dims (receptor,
            source, ...).
        """
        return np.asarray(np.einsum("rsp,sp...->rs...", self.weight[variant], emission))


def check_transfer(
    rows: Sequence[TransferRow], emitted: Collection[tuple[str, Pollutant]], problems: Problems
) -> None:
    """Hold the rows against the inventory; note what cannot be.

    Parameters
    ----------
    rows
        Lines of the transfer table.
    emitted
        Sources with the pollutants they emit.
    problems
        Receives every fault found.
    """
    sources = {source for source, _ in emitted}
    first: dict[tuple[str, str, str], TransferRow] = {}
    for row in rows:
        same = first.setdefault((row.receptor, row.source, row.pollutant), row)
        if same is not row:
            problems.add(
                row.place,
                message("the same keys as in line {line}.", line=same.place.line),
                fix=message("Keep one of the two rows."),
            )
        _check_row(row, sources, emitted, problems)
    for receptor in dict.fromkeys(row.receptor for row in rows):
        _check_complete([r for r in rows if r.receptor == receptor], emitted, problems)


def _check_row(
    row: TransferRow,
    sources: Collection[str],
    emitted: Collection[tuple[str, Pollutant]],
    problems: Problems,
) -> None:
    try:
        row.factor()
    except UnitError as error:
        problems.add(row.place, message("{text}.", text=error.args[0]))
    if row.value < 0 or (row.low is not None and row.low < 0):
        problems.add(
            row.place, message("a transfer coefficient or a background cannot be negative.")
        )
    if row.is_background:
        return
    if row.source not in sources:
        problems.add(
            row.place,
            message("'{name}' is not a source of the inventory.", name=row.source),
            fix=closest(row.source, sources),
        )
    elif (row.source, row.pollutant) not in emitted:
        problems.add(
            row.place,
            message(
                "source '{source}' emits no {pollutant}.",
                source=row.source,
                pollutant=row.pollutant,
            ),
        )


def _check_complete(
    rows: Sequence[TransferRow], emitted: Collection[tuple[str, Pollutant]], problems: Problems
) -> None:
    """Note a receptor without background or sources, and sources that its rows forget."""
    receptor, place = rows[0].receptor, rows[0].place
    if not any(row.is_background for row in rows):
        problems.add(
            place,
            message("receptor '{name}' has no background.", name=receptor),
            fix=message(
                "Add a row with blank source and pollutant, in ug/m3; write 0 if there is none."
            ),
        )
    known = {(row.source, row.pollutant) for row in rows if not row.is_background}
    if not known:
        problems.add(place, message("no source reaches receptor '{name}'.", name=receptor))
    pollutants = {pollutant for _, pollutant in known}
    for source, pollutant in sorted(emitted):
        if pollutant in pollutants and (source, pollutant) not in known:
            problems.add(
                place,
                message(
                    "receptor '{name}' has no row for {pollutant} of source '{source}'.",
                    name=receptor,
                    pollutant=pollutant,
                    source=source,
                ),
                fix=message("Add the row; write 0 if it does not reach there."),
            )


def build_transfer(rows: Sequence[TransferRow], sources: Sources) -> Transfer:
    """Return the matrix of rows that were checked, along the source axis of the system.

    Parameters
    ----------
    rows
        Lines of the transfer table, without a fault.
    sources
        Source axis of the system; it has every source of the rows.

    Returns
    -------
    Transfer
        Weights [ug/m3 per t/a] are 0 where there is no row.
    """
    receptors = tuple(dict.fromkeys(row.receptor for row in rows))
    weight = {v: np.zeros((len(receptors), len(sources), len(POLLUTANTS))) for v in VARIANTS}
    background = {v: np.zeros(len(receptors)) for v in VARIANTS}
    basis: dict[tuple[str, str], Basis] = {}
    for row in rows:
        key = (row.receptor, row.source)
        basis[key] = weakest([row.basis, basis.get(key, row.basis)])
        r = receptors.index(row.receptor)
        for variant, number in _variants(row):
            if row.is_background:
                background[variant][r] = number
            else:
                at = (r, sources.id.index(row.source), POLLUTANTS.index(row.pollutant))
                weight[variant][at] = number
    return Transfer(receptors, weight, background, basis)


def _variants(row: TransferRow) -> Iterator[tuple[Variant, float]]:
    low, high = range_or_default(row.value, row.low, row.high)
    for variant, number in zip(VARIANTS, (low, row.value, high), strict=True):
        yield variant, number * row.factor()
