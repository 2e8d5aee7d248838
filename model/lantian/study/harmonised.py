"""What a scenario brings to known totals, and what that changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array
from lantian.errors import Place, Problems, closest
from lantian.inventory.contract import Sector, SectorModel
from lantian.inventory.totals import Reference, TotalRow, reference_total
from lantian.language import Message, message
from lantian.measures.compile import Compiled
from lantian.measures.harmonised import Harmonised
from lantian.parameters import QuantityTable
from lantian.scenario.model import Harmonise, Scenario
from lantian.scenario.reader import ReadScenario
from lantian.study.totals import shown
from lantian.vocabulary import POLLUTANTS, Pollutant

KEY = "harmonise"

FAR_OFF = 5.0
"""Ratio of a total to its inventory [1], or of that to it, from which on units are asked about."""

Models = Sequence[tuple[Sector, SectorModel]]


@dataclass(frozen=True)
class _Asked:
    """One pollutant of an entry of ``harmonise``, with the year of its total."""

    entry: Harmonise
    pollutant: Pollutant
    year: int
    place: Place


def read_harmonised(
    read: ReadScenario, totals: QuantityTable[TotalRow], models: Models, problems: Problems
) -> tuple[Harmonised, ...]:
    """Return the sources that a scenario brings to totals.

    Parameters
    ----------
    read
        The scenario.
    totals
        What is known of its region.
    models
        Sectors in their order with what they declared.
    problems
        Receives unknown sectors, sectors that are named twice and totals that are not there.

    Returns
    -------
    tuple of Harmonised
        Those that are sound.
    """
    asked = list(_asked(read, problems))
    told = len(problems.found)
    _check_names(read, models, problems)
    _check_once(asked, problems)
    if len(problems.found) > told:
        return ()
    found = []
    for own in asked:
        rivals = [a for a in asked if a.pollutant == own.pollutant and a.entry.sectors]
        total = _total(own, totals, problems)
        less = [] if own.entry.sectors else [_total(a, totals, problems) for a in rivals]
        if total is None or None in less:
            continue
        if any(a.year != own.year for a in rivals) and not own.entry.sectors:
            problems.add(
                own.place,
                message("totals of sectors and of all the others must be of one year."),
            )
            continue
        named = {name for a in rivals for name in a.entry.sectors or ()}
        at = _positions(own.entry.sectors, named, models)
        found.append(_group(own, read, at, models, total, [r for r in less if r is not None]))
    return tuple(found)


def _asked(read: ReadScenario, problems: Problems) -> Iterator[_Asked]:
    scenario = read.scenario
    for i, entry in enumerate(scenario.harmonise):
        year = scenario.base_year if entry.year is None else entry.year
        if year not in scenario.years or year > scenario.base_year:
            known = [y for y in scenario.years if y <= scenario.base_year]
            problems.add(
                read.place(KEY, i, "year"),
                message("the run has no inventory of {year}.", year=year),
                message("Expected one of {years}.", years=", ".join(map(str, known))),
            )
            continue
        if not _goes_on(i, entry, year, read, problems):
            continue
        for pollutant in entry.pollutants:
            yield _Asked(entry, pollutant, year, read.place(KEY, i))


def _goes_on(i: int, entry: Harmonise, year: int, read: ReadScenario, problems: Problems) -> bool:
    """Tell whether a correction ends after the year of its total; note one that does not."""
    last, until = read.scenario.years[-1], entry.until
    if until is not None and until <= year:
        problems.add(
            read.place(KEY, i, "until"),
            message("{until} is not after {year}, the year of the total.", until=until, year=year),
        )
        return False
    if entry.method == "interpolate" and until is not None and until > last:
        problems.add(
            read.place(KEY, i, "until"),
            message("{year} is not a year of the run.", year=until),
            message("Expected a year up to {year}.", year=last),
        )
        return False
    if entry.method == "budget" and year == last:
        problems.add(
            read.place(KEY, i, "method"),
            message(
                "no year of the run is after {year}, over which the sum could stay.", year=year
            ),
            fix=message("Take another method, such as ratio."),
        )
        return False
    return True


def _check_names(read: ReadScenario, models: Models, problems: Problems) -> None:
    known = [sector.id for sector, model in models if len(model.states)]
    for i, entry in enumerate(read.scenario.harmonise):
        for n, name in enumerate(entry.sectors or ()):
            if name not in known:
                problems.add(
                    read.place(KEY, i, "sectors", n),
                    message("'{name}' is not a sector.", name=name),
                    fix=closest(name, known),
                )


def _check_once(asked: Iterable[_Asked], problems: Problems) -> None:
    """Note what would be brought to two totals."""
    seen: set[tuple[str, str]] = set()
    for own in asked:
        for name in own.entry.sectors or ("",):
            if (name, own.pollutant) in seen:
                problems.add(
                    own.place,
                    message(
                        "{pollutant} of {sector} is brought to a total twice.",
                        pollutant=own.pollutant,
                        sector=message("all sectors") if not name else f"'{name}'",
                    ),
                )
            seen.add((name, own.pollutant))


def _total(own: _Asked, totals: QuantityTable[TotalRow], problems: Problems) -> Reference | None:
    found = reference_total(totals, own.pollutant, own.year, own.entry.sectors)
    if found is None:
        problems.add(
            own.place,
            message(
                "there is no total of {pollutant} in {year} of {sectors}.",
                pollutant=own.pollutant,
                year=own.year,
                sectors=", ".join(own.entry.sectors or ()) or message("all sectors"),
            ),
            fix=message("Write it into the region's table totals (year, pollutant, sector)."),
        )
    return found


def _positions(sectors: Sequence[str] | None, named: set[str], models: Models) -> list[int]:
    """Return the positions of the sectors that are brought: those named, or all that are not."""
    return [
        i
        for i, (sector, model) in enumerate(models)
        if len(model.states)
        and (sector.id in sectors if sectors is not None else sector.id not in named)
    ]


def _group(
    own: _Asked,
    read: ReadScenario,
    at: list[int],
    models: Models,
    total: Reference,
    less: list[Reference],
) -> Harmonised:
    last = np.cumsum([0, *(len(sector.sources) for sector, _ in models)]).tolist()
    sources = [s for i in at for s in range(last[i], last[i + 1])]
    return Harmonised(
        pollutant=POLLUTANTS.index(own.pollutant),
        sectors=np.array(at, dtype=np.int64),
        sources=np.array(sources, dtype=np.int64),
        total=total,
        less=tuple(less),
        base=read.scenario.years.index(own.year),
        method=own.entry.method,
        until=own.entry.until,
        place=own.place,
    )


def check_harmonised(compiled: Compiled, theta: Array, problems: Problems) -> None:
    """Note totals of what nothing emits, and corrections that lead below nothing.

    Parameters
    ----------
    compiled
        The system, with what is brought to totals.
    theta
        Central values, dims (slot, 1).
    problems
        Receives every fault found.
    """
    years = compiled.structure.years
    for group, path in zip(compiled.harmonised, compiled.paths(theta), strict=True):
        pollutant = POLLUTANTS[group.pollutant]
        brought = (path * group.scale(years, path, theta))[:, 0]
        if path[group.base, 0] <= 0.0:
            problems.add(
                group.place, message("nothing emits {pollutant} here.", pollutant=pollutant)
            )
        elif group.known(theta)[0] <= 0.0:
            problems.add(
                group.place,
                message(
                    "totals of sectors leave nothing of {pollutant} for the others.",
                    pollutant=pollutant,
                ),
            )
        elif (brought < 0.0).any():
            problems.add(
                group.place,
                message(
                    "{pollutant} would fall below nothing in {year}.",
                    pollutant=pollutant,
                    year=years[int(np.flatnonzero(brought < 0.0)[0])],
                ),
                fix=message("Take another method, such as ratio."),
            )
        elif not 1.0 / FAR_OFF < group.known(theta)[0] / path[group.base, 0] < FAR_OFF:
            problems.warn(
                group.place,
                message(
                    "the total of {pollutant} is {ratio:.3g} times the inventory.",
                    pollutant=pollutant,
                    ratio=float(group.known(theta)[0] / path[group.base, 0]),
                ),
                fix=message("Check the units of both."),
            )


def brought_totals(scenario: Scenario) -> frozenset[tuple[str, str, int]]:
    """Return sector (blank for all), pollutant and year of the totals that are brought to."""
    return frozenset(
        (sector, pollutant, scenario.base_year if entry.year is None else entry.year)
        for entry in scenario.harmonise
        for pollutant in entry.pollutants
        for sector in entry.sectors or ("",)
    )


def told_harmonised(compiled: Compiled, theta: Array) -> list[Message]:
    """Return what was brought to totals, if anything was.

    Parameters
    ----------
    compiled
        The system, with what is brought.
    theta
        Central values, dims (slot, 1).
    """
    found: dict[int, list[str]] = {}
    for group, path in zip(compiled.harmonised, compiled.paths(theta), strict=True):
        before, after = float(path[group.base, 0]), float(group.known(theta)[0])
        said = f"{POLLUTANTS[group.pollutant]} {shown(before)} to {shown(after)} t"
        found.setdefault(group.base, []).append(said)
    return [
        message(
            "emissions of {year} are brought to known totals: {changes}; by source in"
            " tables/harmonised.csv.",
            year=compiled.structure.years[base],
            changes=", ".join(changes),
        )
        for base, changes in found.items()
    ]
