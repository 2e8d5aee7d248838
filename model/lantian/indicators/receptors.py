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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from lantian.core.ordered import ordered_sum, ordered_total
from lantian.core.projection import Projection
from lantian.core.system import Array, Index, sum_by
from lantian.errors import Problems, closest
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Fitted,
    Indicator,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.tables import CONCENTRATION
from lantian.language import message
from lantian.parameters import (
    Number,
    Numbers,
    OwnRow,
    QuantityRow,
    QuantityTable,
    Space,
    check_range,
    range_or_default,
    units,
)
from lantian.parameters.rows import CellError
from lantian.parameters.space import join
from lantian.parameters.units import UnitError
from lantian.vocabulary import POLLUTANTS, Basis, Pollutant, weakest

TRANSFER = "transfer"
"""Name of the table."""
BACKGROUND = "background"
"""Name of the part that no source of the inventory causes."""
PER_MASS = ("ug/m3/t", "ug/m3/(t/a)")
"""A coefficient [ug/m3 per t a year], written per amount or per amount and year."""


class TransferRow(OwnRow):
    """A line of the transfer table.

    With a source and a pollutant: what one ton a year of it adds at the receptor. With neither:
    the background of the receptor, which no source of the inventory causes.
    """

    receptor: str = Field(min_length=1)
    source: str = ""
    pollutant: Literal["", Pollutant] = ""
    value: Number
    unit: str = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.source) != bool(self.pollutant):
            raise CellError(
                "pollutant",
                message(
                    "source and pollutant go together; a row without both is the background"
                    " of its receptor"
                ),
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
                row.place.cell("receptor"),
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
        problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
    if row.value < 0 or (row.low is not None and row.low < 0):
        problems.add(
            row.place.cell("value"),
            message("a transfer coefficient or a background cannot be negative."),
        )
    if row.is_background:
        return
    if row.source not in sources:
        problems.add(
            row.place.cell("source"),
            message("'{name}' is not a source of the inventory.", name=row.source),
            fix=closest(row.source, sources),
        )
    elif (row.source, row.pollutant) not in emitted:
        problems.add(
            row.place.cell("pollutant"),
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
    receptor, place = rows[0].receptor, rows[0].place.cell("receptor")
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


class TransferNumber(QuantityRow):
    """The number of a line of the transfer table [ug/m3, or ug/m3 per t/a], with its range."""

    receptor: str
    source: str
    pollutant: Literal["", Pollutant]


def transfer_table(
    rows: Sequence[TransferRow], file: str, problems: Problems, space: Space
) -> QuantityTable[TransferNumber]:
    """Return the lines of a transfer table as numbers, with the default range where one has none.

    Parameters
    ----------
    rows
        Lines that were checked.
    file
        As it is shown.
    problems
        Passed on to the table.
    space
        Where numbers that are taken get their slots.

    Returns
    -------
    QuantityTable
        In units that fit one another.
    """
    return QuantityTable(file, [_number(row) for row in rows], problems, space)


def _number(row: TransferRow) -> TransferNumber:
    low, high = range_or_default(row.value, row.low, row.high)
    value, low, high = (number * row.factor() for number in (row.value, low, high))
    return TransferNumber(
        receptor=row.receptor,
        source=row.source,
        pollutant=row.pollutant,
        value=value,
        unit=CONCENTRATION if row.is_background else PER_MASS[1],
        low=low,
        high=high,
        basis=row.basis,
        source_key=row.source_key,
        note=row.note,
    ).at(row.place)


@dataclass(frozen=True)
class Pairs:
    """Where the coefficients stand, sorted by receptor and source.

    Attributes
    ----------
    receptor, source, pollutant
        Positions [coefficient].
    """

    receptor: Index
    source: Index
    pollutant: Index

    def of(self, receptor: int) -> slice:
        """Return the coefficients of one receptor."""
        first, end = np.searchsorted(self.receptor, [receptor, receptor + 1])
        return slice(int(first), int(end))

    def emission(self, projection: Projection, own: slice) -> Array:
        """Return what is emitted of each pair [t/a], dims (coefficient, year, sample)."""
        return projection.emission[self.source[own], self.pollutant[own]]


@dataclass(frozen=True, kw_only=True)
class ReceptorsFitted(Fitted):
    """A source-receptor matrix, the sample axis last.

    Attributes
    ----------
    receptors, sources
        Names of both axes.
    pairs
        Where the coefficients stand.
    coefficient
        [ug/m3 per t/a], dims (coefficient, sample).
    background
        [ug/m3], dims (receptor, sample).
    basis
        What the coefficients of a source at a receptor rest on, the weakest of them, by receptor
        and source; under a blank source the background's.
    """

    receptors: tuple[str, ...]
    sources: tuple[str, ...]
    pairs: Pairs
    coefficient: Array
    background: Array
    basis: Mapping[tuple[str, str], Basis]

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the concentration at the subject's receptor [ug/m3], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        r = self.receptors.index(str(subject.receptor))
        own = self.pairs.of(r)
        added = self.coefficient[own, None] * self.pairs.emission(projection, own)
        return np.asarray(self.background[r] + ordered_total(added))

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the concentration; its constant is the background, which stays.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        r = self.receptors.index(str(subject.receptor))
        own = self.pairs.of(r)
        weight = np.zeros((len(self.sources), len(POLLUTANTS), self.coefficient.shape[-1]))
        weight[self.pairs.source[own], self.pairs.pollutant[own]] = self.coefficient[own]
        return [Row(weight, self.background[r])]

    def parts(self, projection: Projection) -> Parts:
        """Return total, background and what each source adds, at every receptor [ug/m3].

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        own = self._by_source(projection)
        background = np.broadcast_to(self.background[:, None, None], (len(own), 1, *own.shape[2:]))
        total = background + ordered_sum(own.swapaxes(0, 1))[:, None]
        value = np.concatenate([total, background, own], axis=1)
        names = (TOTAL, BACKGROUND, *self.sources)
        return Parts(
            component=names * len(self.receptors),
            value=value.reshape(-1, *value.shape[2:]),
            receptor=tuple(r for r in self.receptors for _ in names),
            basis=tuple(self._basis(r, name) for r in self.receptors for name in names),
        )

    def _by_source(self, projection: Projection) -> Array:
        """Return what each source adds [ug/m3], dims (receptor, source, year, sample)."""
        n = len(self.sources)
        added = self.coefficient[:, None] * self.pairs.emission(projection, slice(None))
        label = self.pairs.receptor * n + self.pairs.source
        summed = sum_by(added, label, len(self.receptors) * n)
        return np.asarray(summed.reshape(len(self.receptors), n, *added.shape[1:]))

    def _basis(self, receptor: str, component: str) -> str:
        """Return what a part rests on; nothing for a source that adds nothing."""
        if component == TOTAL:
            return weakest([b for (r, _), b in self.basis.items() if r == receptor])
        source = "" if component == BACKGROUND else component
        return self.basis.get((receptor, source), "")


@dataclass(frozen=True, kw_only=True)
class ReceptorsDeclared(Declared):
    """Numbers of a source-receptor matrix.

    Attributes
    ----------
    receptors, sources, pairs, basis
        As :class:`ReceptorsFitted`.
    coefficient, background
        As there, without the sample axis.
    """

    receptors: tuple[str, ...]
    sources: tuple[str, ...]
    pairs: Pairs
    coefficient: Numbers
    background: Numbers
    basis: Mapping[tuple[str, str], Basis]

    def fit(self, theta: Array, baseline: Projection) -> ReceptorsFitted:
        """Return the matrix; it is given and needs no calibration.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return ReceptorsFitted(
            receptors=self.receptors,
            sources=self.sources,
            pairs=self.pairs,
            coefficient=self.coefficient(theta),
            background=self.background(theta),
            basis=self.basis,
        )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the pollutants that reach the receptor."""
        own = self.pairs.of(self.receptors.index(str(subject.receptor)))
        return tuple(POLLUTANTS[p] for p in np.unique(self.pairs.pollutant[own]))


class Concentration(Indicator):
    """Concentration at a receptor."""

    def declare(self, context: Context) -> ReceptorsDeclared | None:
        """Take coefficients and backgrounds.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        if not context.tables.has(TRANSFER):
            return None
        table = context.tables.read(TRANSFER, TransferNumber)
        if not table.rows:
            return None
        receptors = tuple(dict.fromkeys(row.receptor for row in table.rows))
        basis: dict[tuple[str, str], Basis] = {}
        for row in table.rows:
            key = (row.receptor, row.source)
            basis[key] = weakest([row.basis, basis.get(key, row.basis)])
        at, coefficients = _sorted(table.rows, receptors, context.sources.id)
        coefficient = _taken(table, coefficients, PER_MASS[1])
        background = _taken(table, [r for r in table.rows if not r.source], CONCENTRATION)
        return ReceptorsDeclared(
            choices={"receptor": receptors},
            ranged=np.r_[coefficient.slots, background.slots],
            receptors=receptors,
            sources=context.sources.id,
            pairs=at,
            coefficient=coefficient,
            background=background,
            basis=basis,
        )


def _sorted(
    rows: Sequence[TransferNumber], receptors: tuple[str, ...], sources: tuple[str, ...]
) -> tuple[Pairs, list[TransferNumber]]:
    """Return the places of the coefficients, and their rows in the same order."""
    found = sorted(
        (
            (receptors.index(row.receptor), sources.index(row.source), row)
            for row in rows
            if row.source
        ),
        key=lambda pair: pair[:2],
    )
    at = [(r, s, POLLUTANTS.index(row.pollutant)) for r, s, row in found if row.pollutant]
    return Pairs(*np.array(at, dtype=np.int64).reshape(-1, 3).T), [row for *_, row in found]


def _taken(
    table: QuantityTable[TransferNumber], rows: Sequence[TransferNumber], unit: str
) -> Numbers:
    """Return the numbers of some rows, dims (row,)."""
    return join([table.taken(row, unit)[None] for row in rows])


INDICATOR = Concentration(
    id="concentration",
    unit=CONCENTRATION,
    order=3,
    harmful=True,
    takes=("receptor",),
    needs=("receptor",),
    asks_for=message("a finished inventory with a transfer table"),
    remedy=message("Name the table under 'finished' as 'transfer'."),
)
