"""Commitments of a scenario -> commitments on the system's groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lantian.core.commitments import Commitments, Mode
from lantian.core.system import System
from lantian.errors import Place, Problems, closest
from lantian.inventory.conversions import ConversionRow, conversion_row
from lantian.inventory.hauls import HaulRow, haul, mode_of
from lantian.inventory.months import YearShapes, months_of_season
from lantian.language import NOTHING, Listed, Message, message
from lantian.measures.catalogue import Catalogue, find_measure
from lantian.measures.contract import MeasureRow
from lantian.measures.cost_check import removed_per_unit
from lantian.parameters import ZERO, Numbers, QuantityTable, ScenarioNumber, Space, units
from lantian.parameters.space import constant, join, stack
from lantian.plan.timing import Timing, check_profiles, shape_of, time_of
from lantian.scenario.model import TONNE, Commitment, Scenario
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Case, Reading

MODES = {"available": Mode.AVAILABLE, "total": Mode.TOTAL, "new": Mode.NEW, None: Mode.AMOUNT}


@dataclass(frozen=True)
class _OnGroup:
    group: int
    commitment: int
    mode: Mode
    level: tuple[Numbers, ...]
    since: int
    time: Timing


def check_measures(read: ReadScenario, catalogue: Catalogue, problems: Problems) -> None:
    """Note commitments whose measure is not in the catalogue; needs no region to be read.

    Parameters
    ----------
    read
        The scenario.
    catalogue
        All measures.
    problems
        Receives every fault found.
    """
    for i, commitment in enumerate(read.scenario.commitments):
        find_measure(
            commitment.measure,
            catalogue.measures,
            read.place("commitments", i, "measure"),
            problems,
        )


def read_commitments(
    read: ReadScenario,
    system: System,
    catalogue: Catalogue,
    *,
    shapes: YearShapes,
    space: Space,
    problems: Problems,
    conversions: QuantityTable[ConversionRow] | None = None,
) -> tuple[Commitments, Numbers, dict[int, Timing], list[Message]]:
    """Resolve every commitment; note those that do not fit the catalogue or the region.

    Parameters
    ----------
    read
        The scenario.
    system
        States, moves and groups of the region.
    catalogue
        All measures.
    shapes
        Shapes of the year, for dates and seasons within it.
    space
        Receives the levels.
    problems
        Receives every fault found.
    conversions
        Other units of the activity of sources, in which a level may be written.

    Returns
    -------
    commitments
        Sorted by group; also those that the scenario does not credit.
    levels
        Their levels [share or source unit], dims (commitment, year).
    times
        When each acts, by group.
    warnings
        Commitments that act on nothing in this region, for the run's report.
    """
    found: dict[int, _OnGroup] = {}
    warnings: list[Message] = []
    levels = _Levels(read, space, conversions)
    check_profiles(read, shapes, problems)
    for i, commitment in enumerate(read.scenario.commitments):
        measure = find_measure(
            commitment.measure,
            catalogue.measures,
            read.place("commitments", i, "measure"),
            problems,
        )
        if measure is None or not _fits(i, commitment, measure, read, system, problems):
            continue
        groups = _groups(i, commitment, read, system, catalogue, problems)
        if commitment.pollutant is not None and len(groups) > 1:
            _refuse_tonnes_of_many(i, commitment, len(groups), read, problems)
            continue
        if not groups and read.scenario.counts(commitment):
            warnings.append(
                message(
                    "{id}: '{measure}' finds no activity in this region.",
                    id=commitment.id,
                    measure=commitment.measure,
                )
            )
        for g in groups:
            time = _time(
                i,
                commitment,
                g,
                measure=measure,
                read=read,
                system=system,
                shapes=shapes,
                problems=problems,
            )
            here = _on_group(
                i, commitment, g, time=time, levels=levels, system=system, problems=problems
            )
            first = found.setdefault(g, here)
            if first is not here:
                source = system.sources.id[system.groups.source[g]]
                _refuse_second(i, commitment, source, first.commitment, read, problems)
    _ask_of_shares_beyond_all(list(found.values()), read, system, problems)
    arrays = _arrays([found[g] for g in sorted(found)], space, len(system.years))
    return *arrays, {g: own.time for g, own in found.items()}, warnings


def _refuse_tonnes_of_many(
    i: int, commitment: Commitment, sources: int, read: ReadScenario, problems: Problems
) -> None:
    problems.add(
        read.place("commitments", i, "pollutant"),
        message(
            "tonnes are those of one source; '{measure}' acts on {n}.",
            measure=commitment.measure,
            n=sources,
        ),
        fix=message("Name one under 'sources'; write a commitment for each."),
    )


def _refuse_second(
    i: int, commitment: Commitment, source: str, first: int, read: ReadScenario, problems: Problems
) -> None:
    problems.add(
        read.place("commitments", i),
        message(
            "'{measure}' is already committed on source '{source}' by '{other}'.",
            measure=commitment.measure,
            source=source,
            other=read.scenario.commitments[first].id,
        ),
        fix=message("Make it one commitment with both clauses, or name the sources."),
    )


def _ask_of_shares_beyond_all(
    found: Sequence[_OnGroup], read: ReadScenario, system: System, problems: Problems
) -> None:
    """Ask about final shares of one source that sum to more than all: 70 % by rail, 60 % by belt.

    Each is a share of what it reaches and of what is left to be moved, so that both can be met; as
    shares of all they cannot, unless states count for several of them (controls that stack).
    """
    moves, commitments = system.moves, read.scenario.commitments
    whole = [own for own in found if own.mode == Mode.TOTAL]
    for source in dict.fromkeys(system.groups.source[own.group] for own in whole):
        here = [own for own in whole if system.groups.source[own.group] == source]
        starts = [set(moves.origin[moves.group == own.group].tolist()) for own in here]
        total = [
            own
            for own, start in zip(here, starts, strict=True)
            if any(start & other for other in starts if other is not start)
        ]
        reached = system.groups.reached
        states = reached.state[np.isin(reached.group, [own.group for own in total])]
        most = int(np.bincount(states).max(initial=0))
        share = sum(commitments[own.commitment].level.to("") for own in total)
        if len(total) > most and share > most * (1.0 + ROUNDING):
            problems.warn(
                read.place("commitments", max(own.commitment for own in total), "level"),
                message(
                    "{names} are final shares of '{source}', together {share:.4g} %.",
                    names=Listed(commitments[own.commitment].id for own in total),
                    source=system.sources.id[source],
                    share=100.0 * share,
                ),
                fix=message("Each is taken of what it reaches and what is left to be moved."),
            )


class _Levels:
    """Levels of commitments as numbers of the scenario, each taken once.

    Those that the space knows already are taken again, so that the same plan with other dates needs
    no further slots.
    """

    def __init__(
        self,
        read: ReadScenario,
        space: Space,
        conversions: QuantityTable[ConversionRow] | None = None,
    ) -> None:
        self.read, self.space, self.conversions = read, space, conversions
        self._known = {n.name: n for n in space.given if isinstance(n, ScenarioNumber)}

    def at(
        self, i: int, commitment: Commitment, year: int, conversion: Callable[[str], "_Conversion"]
    ) -> Numbers:
        """Return the level in a year, dims (); ``conversion`` is of what it is written in."""
        step, progress = commitment.step_in(year)
        if progress == 0.0:
            return constant(ZERO)
        name = ("level", commitment.id, *([] if step is None else [str(step)]))
        given = commitment.level if step is None else (commitment.schedule or {})[step]
        own = conversion(given.unit)
        number = self._known.setdefault(name, self._number(i, commitment, name, step, own))
        return self.space.number(number, own.factor * progress)

    def _number(
        self,
        i: int,
        commitment: Commitment,
        name: tuple[str, ...],
        step: int | None,
        conversion: "_Conversion",
    ) -> ScenarioNumber:
        """Return the level as it is written; its range holds that of the conversion it needs."""
        given = commitment.level if step is None else (commitment.schedule or {})[step]
        low, high = commitment.low or given, commitment.high or given
        if step is not None:  # the range is that of the final level
            low = high = given
        part = ("level",) if step is None else ("schedule", step)
        return ScenarioNumber(
            name,
            given.value,
            given.unit,
            self.read.place("commitments", i, *part),
            low=low.to(given.unit) * conversion.least,
            high=high.to(given.unit) * conversion.most,
            basis="published" if commitment.credit == "printed" else "assumed",
        )


@dataclass(frozen=True)
class _Conversion:
    """How much of a source's unit one of a written unit is.

    Attributes
    ----------
    factor
        [source unit per written unit].
    least, most
        Ends of its range as shares of it [1].
    """

    factor: float
    least: float = 1.0
    most: float = 1.0


def _in_tonnes(written: str) -> _Conversion:
    return _Conversion(units.factor(written, TONNE))


def _fits(
    i: int,
    commitment: Commitment,
    measure: MeasureRow,
    read: ReadScenario,
    system: System,
    problems: Problems,
) -> bool:
    before = len(problems.found)
    is_new = commitment.of == "new"
    # An amount says by itself how much is meant, of new units as of the stock.
    if commitment.of is not None and is_new != (measure.acts_on == "new"):
        problems.add(
            read.place("commitments", i, "of"),
            message(
                "'{measure}' acts on {what}.",
                measure=commitment.measure,
                what=message("new and replaced units")
                if measure.acts_on == "new"
                else message("the stock"),
            ),
            fix=message(
                "Write 'of: available' or 'of: total', and which share of all in use is meant: what"
                " is new is a part of it."
            )
            if is_new
            else message("Write 'of: new'."),
        )
    if measure.kind == "activity" and commitment.of == "total":
        problems.add(
            read.place("commitments", i, "of"),
            message("activity that ends has no final share."),
            fix=message("Write 'of: available'."),
        )
    first = system.years[system.start]
    for key, year in (("from", commitment.from_year), ("by", commitment.by_year)):
        if not first <= year <= system.years[-1]:
            problems.add(
                read.place("commitments", i, key),
                message("{year} is not a year in which the plan can act.", year=year),
                message("Expected {first} to {last}.", first=first, last=system.years[-1]),
            )
    return len(problems.found) == before


def _groups(
    i: int,
    commitment: Commitment,
    read: ReadScenario,
    system: System,
    catalogue: Catalogue,
    problems: Problems,
) -> list[int]:
    known = {r.source for r in catalogue.applies if r.measure == commitment.measure}
    for n, name in enumerate(commitment.sources or ()):
        if name not in known:
            problems.add(
                read.place("commitments", i, "sources", n),
                message(
                    "'{measure}' does not apply to source '{source}'.",
                    measure=commitment.measure,
                    source=name,
                ),
                message("Expected: {names}.", names=", ".join(sorted(known))),
                closest(name, known),
            )
    wanted = set(commitment.sources or known)
    return [
        g
        for g, (m, s) in enumerate(zip(system.groups.measure, system.groups.source, strict=True))
        if system.measures[m] == commitment.measure and system.sources.id[s] in wanted
    ]


def _time(
    i: int,
    commitment: Commitment,
    group: int,
    *,
    measure: MeasureRow,
    read: ReadScenario,
    system: System,
    shapes: YearShapes,
    problems: Problems,
) -> Timing:
    """Return when a commitment acts; note a season beyond that of its measure."""
    season = commitment.season or measure.season
    if not set(months_of_season(season)) <= set(months_of_season(measure.season)):
        problems.add(
            read.place("commitments", i, "season"),
            message(
                "'{measure}' acts in months {season} only.",
                measure=measure.measure,
                season=measure.season,
            ),
        )
    share = shape_of(commitment, int(system.groups.source[group]), shapes)
    return time_of(commitment, season, share, system.years)


def _on_group(
    i: int,
    commitment: Commitment,
    group: int,
    *,
    time: Timing,
    levels: _Levels,
    system: System,
    problems: Problems,
) -> _OnGroup:
    unit = "" if commitment.is_share else system.sources.unit[system.groups.source[group]]
    level = (constant(ZERO),) * len(system.years)
    place = levels.read.place("commitments", i, "level")
    removed, season = np.ones(len(system.years)), time.season
    converted: Callable[[str], _Conversion] = partial(
        _converted, system=system, group=group, unit=unit, levels=levels
    )
    if commitment.pollutant is not None:
        converted = _in_tonnes
        season, removed = 1.0, _removed(commitment, group, system)
        if not (removed[system.start :] > 0).all():
            removed = np.where(removed > 0, removed, 1.0)
            _note_removes_nothing(commitment, group, system, place, problems)
    try:
        level = tuple(
            _over(levels.at(i, commitment, year, converted), removed[y], season)
            if y >= system.start
            else constant(ZERO)
            for y, year in enumerate(system.years)
        )
    except units.UnitError as error:
        problems.add(
            place,
            message("{text}.", text=error.args[0]),
            fix=_fitting_sources(commitment, group, system),
        )
    since = system.years.index(max(commitment.from_year, system.years[system.start]))
    return _OnGroup(group, i, MODES[commitment.of], level, since, time)


def _fitting_sources(commitment: Commitment, group: int, system: System) -> Message:
    """Return which of the sources of a measure the unit of a level fits, if only some of them."""
    if commitment.sources is not None or commitment.is_share:
        return NOTHING
    acted_on = system.groups.source[system.groups.measure == system.groups.measure[group]]
    fitting = [
        system.sources.id[s]
        for s in acted_on.tolist()
        if units.is_like(commitment.level.unit, system.sources.unit[s])
    ]
    if not fitting:
        return NOTHING
    return message(
        "If it is about some sources only: 'sources: [{names}]'.", names=", ".join(fitting)
    )


def _converted(
    written: str,
    system: System,
    group: int,
    unit: str,
    levels: _Levels,
) -> _Conversion:
    """Return how much of a source's unit one of a written unit is, by a conversion if need be.

    Raises
    ------
    UnitError
        If it is another thing and no conversion leads to it, or several of a different size do.
    """
    if levels.conversions is None or units.is_like(written, unit):
        return _Conversion(units.factor(written, unit))
    source = system.sources.id[system.groups.source[group]]
    starts = system.moves.origin[system.moves.group == group]
    technologies = {system.states.technology[state] for state in starts.tolist()}
    named = [_other_unit(levels, source, t, written, unit) for t in sorted(technologies)]
    rows = [row for row in named if row is not None]
    each = {row.to(f"({written})/({unit})") for row in rows}
    if len(each) > 1:
        raise units.UnitError(
            message(
                "technologies of '{source}' are of different size in {unit}: {names}",
                source=source,
                unit=written,
                names=", ".join(f"{size:g}" for size in sorted(each)),
            )
        )
    size = next(iter(each), 0.0)
    if not size:
        raise units.UnitError(
            message(
                "source '{source}' is counted in {own}, and no row of conversions.csv turns that"
                " into {unit}",
                source=source,
                own=unit,
                unit=written,
            )
        )
    low, high = rows[0].range(f"({written})/({unit})")
    return _Conversion(1.0 / size, size / high, size / low if low else 1.0)


def _other_unit(
    levels: _Levels, source: str, technology: str, written: str, unit: str
) -> ConversionRow | HaulRow | None:
    """Return the row that tells of a technology how much of a written unit one unit is.

    Of freight the way tells its tonne kilometres.
    """
    table = levels.conversions
    row = None if table is None else conversion_row(table, source, technology, written)
    if row is not None:
        return row
    way = haul(levels.space.given, source, "distance", mode_of(technology))
    fits = way is not None and units.is_like(f"({written})/({unit})", way.unit)
    return way if fits else None


def _over(level: Numbers, removed: float, season: float) -> Numbers:
    """Return tonnes as activity, or the part of a level that lies in its season.

    A level that is neither stays as it is, to the last bit.
    """
    part = season / removed
    return level if part == 1.0 else level.times(part)


def _removed(commitment: Commitment, group: int, system: System) -> NDArray[np.float64]:
    """Return what a unit moved removes of the pollutant [t/source unit], dims (year,)."""
    return np.array(
        [
            removed_per_unit(system, year, group, str(commitment.pollutant))
            for year in range(len(system.years))
        ]
    )


def _note_removes_nothing(
    commitment: Commitment, group: int, system: System, place: Place, problems: Problems
) -> None:
    problems.add(
        place,
        message(
            "'{measure}' removes no {pollutant} from source '{source}'.",
            measure=commitment.measure,
            pollutant=commitment.pollutant,
            source=system.sources.id[system.groups.source[group]],
        ),
    )


def _arrays(found: list[_OnGroup], space: Space, years: int) -> tuple[Commitments, Numbers]:
    levels = join([constant(ZERO, 0, years), *(stack(c.level)[None] for c in found)])
    return Commitments(
        np.array([p.group for p in found], dtype=np.int64),
        np.array([p.commitment for p in found], dtype=np.int64),
        np.array([p.mode for p in found], dtype=np.int64),
        levels(space.central())[..., 0],
        np.array([p.since for p in found], dtype=np.int64),
        np.array([p.time.progress for p in found]).reshape(len(found), years),
        np.array([p.time.pace for p in found]).reshape(len(found), years),
    ), levels


def counts_in(
    commitments: Commitments, scenario: Scenario, reading: Case | Reading
) -> NDArray[np.bool_]:
    """Return which commitments count in a reading of the plan.

    Parameters
    ----------
    commitments
        Of every commitment of the scenario.
    scenario
        Its commitments say whether they bind, and where their level comes from; its ``credit``
        says which kinds of level count in the plan.
    reading
        ``plan`` and ``plan_year_end``: those the scenario credits; ``plan_full``: all;
        ``plan_strict``: binding ones of the credited; ``plan_printed``: levels that the plan
        prints; any other case: none.

    Returns
    -------
    numpy.ndarray
        Truth values, dims (commitment,).
    """
    tests: dict[str, Callable[[Commitment], bool]] = {
        "plan": scenario.counts,
        "plan_year_end": scenario.counts,
        "plan_full": lambda c: True,
        "plan_strict": lambda c: scenario.counts(c) and c.bindingness == "binding",
        "plan_printed": lambda c: c.credit == "printed",
    }
    if reading not in tests:
        return np.zeros(len(commitments), dtype=np.bool_)
    counts = [tests[reading](scenario.commitments[c]) for c in commitments.commitment]
    return np.array(counts, dtype=np.bool_)


def credited(commitments: Commitments, scenario: Scenario) -> Commitments:
    """Return the commitments that count in the plan.

    Parameters
    ----------
    commitments
        Of every commitment of the scenario.
    scenario
        Its ``credit`` says which kinds of level count.

    Returns
    -------
    Commitments
        Without the others.
    """
    return commitments.where(counts_in(commitments, scenario, "plan"))


def read_as(commitments: Commitments, scenario: Scenario, reading: Reading) -> Commitments:
    """Return the commitments that count in another reading of the plan.

    Parameters
    ----------
    commitments
        Of every commitment of the scenario.
    scenario, reading
        As :func:`counts_in`.

    Returns
    -------
    Commitments
        Without the others; at the pace of a year's end where that is the reading.
    """
    own = commitments.where(counts_in(commitments, scenario, reading))
    return own.at_year_end() if reading == "plan_year_end" else own
