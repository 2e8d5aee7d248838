"""The ``optimise`` part of a scenario -> limits on the system, or problems with their places."""

import numpy as np

from lantian.core.areas import Areas
from lantian.core.system import Array, Index, System, eligible_activity, emission_by_source
from lantian.errors import InputError, Place, Problems, closest
from lantian.language import message
from lantian.measures.catalogue import Catalogue, find_measure
from lantian.optimise.problem.planner_limits import (
    Bound,
    Equity,
    PlannerLimits,
    Requirement,
    Resource,
    known_cost,
    sector_parts,
)
from lantian.optimise.problem.user_constraints import UserFile, read_user_constraints
from lantian.optimise.procedure.pathway import Coupling
from lantian.optimise.procedure.question import Question
from lantian.optimise.procedure.whole import WholeGroups
from lantian.parameters import shown_path, units
from lantian.parameters.opening import LARGEST_TEXT, check_there, read_file
from lantian.plan.areas import check_no_areas
from lantian.scenario.model import Quantity, UptakeBound, WholeUnits
from lantian.scenario.model import Resource as GivenResource
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import ROUNDING

PLACE = "optimise"


def read_question(
    read: ReadScenario,
    system: System,
    catalogue: Catalogue,
    problems: Problems,
    areas: Areas | None = None,
) -> Question:
    """Return what the scenario's ``optimise`` part asks for; note what cannot be.

    To be trusted only if no problem was noted.
    """
    settings = read.scenario.optimise
    limits = read_limits(read, system, catalogue, problems, areas)
    coupling = None
    if settings.pathway is not None:
        coupling = Coupling(
            settings.pathway.ramp.to(""),
            settings.pathway.foresight,
            read.scenario.economics.discount_rate.to(""),
            investment_lives(catalogue, system),
            read_total_budget(read, problems),
        )
    return Question(
        limits,
        coupling,
        read_whole(read, system, catalogue, problems),
        _user_file(read, problems),
        settings.interface,
        settings.relaxation_margin.to(""),
        settings.floor == "plan",
        settings.unpriced == "hold",
        sign_open_groups(catalogue, system),
    )


def sign_open_groups(catalogue: Catalogue, system: System) -> tuple[int, ...]:
    """Return the groups of measures of which nobody can say whether they cost or save money.

    Parameters
    ----------
    catalogue
        Says which measures these are.
    system
        Its groups.
    """
    named = {row.measure for row in catalogue.measures if row.sign_open == "yes"}
    measure = [system.measures[m] for m in system.groups.measure]
    return tuple(g for g, name in enumerate(measure) if name in named)


def read_limits(
    read: ReadScenario,
    system: System,
    catalogue: Catalogue,
    problems: Problems,
    areas: Areas | None = None,
) -> PlannerLimits:
    """Resolve the planner's limits; note those that name nothing or cannot hold.

    The limits by groups; amounts in the source unit, money in [currency/a].
    """
    reader = _Reader(read, system, catalogue, problems)
    settings = read.scenario.optimise
    budget = np.inf if settings.budget is None else reader.money("budget", settings.budget, "/a")
    return PlannerLimits(
        budget,
        reader.bounds(),
        reader.exclusive(),
        reader.requirements(),
        reader.equity(areas),
        reader.guard(),
        reader.resources(),
    )


def _user_file(read: ReadScenario, problems: Problems) -> UserFile | None:
    """Return the file of the user's own constraints, which is not run yet."""
    name = read.scenario.optimise.constraints
    if name is None:
        return None
    path = read.path.parent / name
    if not check_there(path, name, read.place(PLACE, "constraints"), problems):
        return None
    shown = shown_path(path, read.root)
    if read_file(path, shown, LARGEST_TEXT, problems) is None:
        return None
    try:
        return read_user_constraints(path, shown)
    except InputError as error:
        problems.found += error.problems
        return None


def read_total_budget(read: ReadScenario, problems: Problems) -> float:
    """Return the budget of all years of a pathway together [currency]; infinite without one.

    Parameters
    ----------
    read
        The scenario.
    problems
        Receives a budget whose unit does not fit.

    Returns
    -------
    float
        Budget [currency].
    """
    given = read.scenario.optimise.total_budget
    if given is None:
        return float("inf")
    return _money(read, "total_budget", given, "", problems)


def _money(read: ReadScenario, key: str, given: Quantity, per: str, problems: Problems) -> float:
    try:
        economics = read.scenario.economics
        return given.value * economics.exchange.factor(given.unit, f"{economics.currency}{per}")
    except units.UnitError as error:
        problems.add(read.place(PLACE, key), message("{text}.", text=error.args[0]))
        return float("inf")


class _Reader:
    """Looks up what the limits name."""

    def __init__(
        self, read: ReadScenario, system: System, catalogue: Catalogue, problems: Problems
    ) -> None:
        self.read, self.system, self.problems = read, system, problems
        self.catalogue = catalogue
        self.settings = read.scenario.optimise

    def money(self, key: str, given: Quantity, per: str) -> float:
        return _money(self.read, key, given, per, self.problems)

    def groups(self, measure: str, source: str | None, *path: str | int) -> Index:
        """Return the groups of a measure, of one source if named; none if there is a problem."""
        nothing = np.zeros(0, dtype=np.int64)
        place = self.read.place(PLACE, *path)
        if find_measure(measure, self.catalogue.measures, place, self.problems) is None:
            return nothing
        system = self.system
        own = np.flatnonzero(np.array(system.measures)[system.groups.measure] == measure)
        if not own.size:
            self.problems.add(
                place, message("'{measure}' finds no activity in this region.", measure=measure)
            )
            return nothing
        if source is None:
            return own
        known = [system.sources.id[s] for s in system.groups.source[own]]
        if source not in known:
            self.problems.add(
                self.read.place(PLACE, *path[:-1], "source"),
                message(
                    "'{measure}' does not apply to source '{source}'.",
                    measure=measure,
                    source=source,
                ),
                message("Expected: {names}.", names=", ".join(sorted(known))),
                closest(source, known),
            )
            return nothing
        return np.asarray(own[np.array(known) == source])

    def bounds(self) -> tuple[Bound, ...]:
        found: list[Bound] = []
        for i, given in enumerate(self.settings.bounds):
            groups = self.groups(given.measure, given.source, "bounds", i, "measure")
            if groups.size:
                bound = self._bound(i, given, groups)
                self._check_bound(i, given, bound)
                self._check_pair(i, bound, found)
                found.append(bound)
        return tuple(found)

    def _bound(self, i: int, given: UptakeBound, groups: Index) -> Bound:
        limits = []
        unit = "" if given.is_share else self._unit(groups, "bounds", i)
        for key, level, empty in (
            ("at_least", given.at_least, 0.0),
            ("at_most", given.at_most, np.inf),
        ):
            try:
                limits.append(empty if level is None else level.to(unit))
            except units.UnitError as error:
                limits.append(empty)
                self.problems.add(
                    self.read.place(PLACE, "bounds", i, key), message("{text}.", text=error.args[0])
                )
        return Bound(given.measure, groups, limits[0], limits[1], given.is_share)

    def _unit(self, groups: Index, *path: str | int) -> str:
        found = dict.fromkeys(
            self.system.sources.unit[s] for s in self.system.groups.source[groups]
        )
        if len(found) > 1:
            self.problems.add(
                self.read.place(PLACE, *path),
                message(
                    "the sources are counted in different units: {names}.", names=", ".join(found)
                ),
                fix=message("Name one source, or give a share."),
            )
        return str(next(iter(found)))

    def _check_bound(self, i: int, given: UptakeBound, bound: Bound) -> None:
        if bound.least <= 0:
            return
        place = self.read.place(PLACE, "bounds", i, "at_least")
        if not self.can_be_chosen(given.measure, bound.groups, place):
            return
        reach = self.system.groups.reach[bound.groups]
        if bound.is_share:
            most, shown = float(reach.min()), f"{reach.min():.4g}"
        else:
            there = eligible_activity(self.system)[bound.groups, self.system.start :]
            most = float((reach[:, None] * there).sum(axis=0).max())
            shown = f"{most:.6g} {given.at_least.unit if given.at_least else ''}"
        if bound.least > most * (1 + ROUNDING):
            self.problems.add(
                place,
                message(
                    "at least {least} of '{measure}' is more than its reach, {reach}.",
                    least=given.at_least,
                    measure=given.measure,
                    reach=shown,
                ),
            )

    def _check_pair(self, i: int, bound: Bound, others: list[Bound]) -> None:
        """Two bounds on one measure must leave something between them."""
        for other in others:
            same = bound.measure == other.measure and bound.is_share == other.is_share
            shared = (
                np.intersect1d(bound.groups, other.groups).size > 0
                if bound.is_share
                else np.array_equal(bound.groups, other.groups)
            )
            least, most = max(bound.least, other.least), min(bound.most, other.most)
            if same and shared and least > most * (1 + ROUNDING):
                self.problems.add(
                    self.read.place(PLACE, "bounds", i),
                    message(
                        "the bounds on '{measure}' contradict each other.", measure=bound.measure
                    ),
                )

    def can_be_chosen(self, measure: str, groups: Index, place: Place) -> bool:
        """Tell whether a mix may take a measure; note one whose cost is not known."""
        moves = self.system.moves
        if np.isfinite(moves.unit_cost[np.isin(moves.group, groups)]).all():
            return True
        self.problems.add(
            place,
            message("the cost of '{measure}' is unknown, so it is never chosen.", measure=measure),
            fix=message("Commit it, or give it a cost."),
        )
        return False

    def exclusive(self) -> tuple[Index, ...]:
        """Return per entry and source the groups that exclude one another."""
        found = []
        for i, names in enumerate(self.settings.exclusive):
            each = [self.groups(name, None, "exclusive", i, n) for n, name in enumerate(names)]
            if not all(g.size for g in each):
                continue
            if len(set(names)) < len(names):
                self.problems.add(
                    self.read.place(PLACE, "exclusive", i),
                    message("a measure cannot exclude itself."),
                )
                continue
            groups = np.concatenate(each)
            source = self.system.groups.source[groups]
            shared = [groups[source == s] for s in np.unique(source) if (source == s).sum() > 1]
            if not shared:
                self.problems.add(
                    self.read.place(PLACE, "exclusive", i),
                    message("{names} have no source in common.", names=", ".join(names)),
                )
            found += shared
        return tuple(found)

    def guard(self) -> float | None:
        """Return the multiple of the cut of NOx that the cut of VOC is at least [1]."""
        given = self.settings.guard
        if given is None:
            return None
        emitted = emission_by_source(self.system, self.system.baseline)
        for name in ("VOC", "NOx"):
            if not emitted[:, self.system.pollutants.index(name)].any():
                self.problems.add(
                    self.read.place(PLACE, "guard"),
                    message(
                        "the inventory has no {pollutant}, of which a share could be cut.",
                        pollutant=name,
                    ),
                    fix=message("Add its emissions, or take the guard out."),
                )
        return given.voc_to_nox.to("")

    def requirements(self) -> tuple[Requirement, ...]:
        found: list[Requirement] = []
        for i, given in enumerate(self.settings.requires):
            groups = self.groups(given.measure, None, "requires", i, "measure")
            needed = self.groups(given.needs, None, "requires", i, "needs")
            if not (groups.size and needed.size):
                continue
            if given.measure == given.needs:
                self.problems.add(
                    self.read.place(PLACE, "requires", i, "needs"),
                    message("a measure cannot need itself."),
                )
                continue
            place = self.read.place(PLACE, "requires", i, "needs")
            if self.settings.floor == "plan" or self.can_be_chosen(given.needs, needed, place):
                found += self._requirement(i, groups, needed, given.ratio.to(""))
        return tuple(found)

    def _requirement(self, i: int, groups: Index, needed: Index, ratio: float) -> list[Requirement]:
        """Tie each group to what it needs on its own source, or else on all."""
        source = self.system.groups.source
        found = []
        for g in groups:
            own = needed[source[needed] == source[g]]
            if not own.size:
                self._unit(needed, "requires", i, "needs")
            found.append(Requirement(np.array([g]), own if own.size else needed, ratio))
        return found

    def resources(self) -> tuple[Resource, ...]:
        return tuple(self._resource(i, r) for i, r in enumerate(self.settings.resources))

    def _resource(self, i: int, given: GivenResource) -> Resource:
        use: dict[int, float] = {}
        for k, line in enumerate(given.uses):
            path = ("resources", i, "uses", k)
            groups = self.groups(line.measure, line.source, *path, "measure").tolist()
            if use.keys() & set(groups):
                self.problems.add(
                    self.read.place(PLACE, *path),
                    message("'{measure}' is given twice.", measure=line.measure),
                )
            try:
                use.update(dict.fromkeys(groups, line.amount.to(given.at_most.unit)))
            except units.UnitError as error:
                self.problems.add(
                    self.read.place(PLACE, *path, "amount"),
                    message("{text}.", text=error.args[0]),
                )
        return Resource(
            given.id,
            given.at_most.value,
            np.array(list(use), dtype=np.int64),
            np.array(list(use.values())),
        )

    def equity(self, areas: Areas | None) -> tuple[Equity, ...]:
        given, found = self.settings.equity, []
        if given is None:
            return ()
        if given.sectors is not None:
            found.append(Equity(*sector_parts(self.system), given.sectors.to("")))
            self._check_equity("sectors", found[-1])
        if given.areas is not None and areas is not None:
            found.append(Equity(areas.names, areas.share, given.areas.to("")))
            self._check_equity("areas", found[-1])
        elif given.areas is not None:
            check_no_areas(self.read, areas, self.problems, PLACE, "equity", "areas")
        return tuple(found)

    def _check_equity(self, key: str, equity: Equity) -> None:
        """Note a share below what one of the bearers carries whatever is chosen."""
        system = self.system
        last = len(system.years) - 1
        paid = np.unique(system.groups.source[system.moves.group[known_cost(system, last) > 0]])
        part = equity.part[:, paid]
        n = int(part.any(axis=1).sum())
        least = max(1 / n, float(part.min(axis=1).max())) if n else 0.0
        if equity.most < least - ROUNDING:
            template = (
                message(
                    "{n} sectors have measures that cost anything; one of them bears at least "
                    "{share:.1%} of the cost.",
                    n=n,
                    share=least,
                )
                if key == "sectors"
                else message(
                    "{n} areas have measures that cost anything; one of them bears at least "
                    "{share:.1%} of the cost.",
                    n=n,
                    share=least,
                )
            )
            self.problems.add(self.read.place(PLACE, "equity", key), template)


def read_whole(
    read: ReadScenario, system: System, catalogue: Catalogue, problems: Problems
) -> WholeGroups | None:
    """Return the groups that come in whole units; None if there are none.

    Groups in their order, with the size of a unit [source unit], NaN for all or nothing.
    """
    reader = _Reader(read, system, catalogue, problems)
    size: dict[int, float] = {}
    share: dict[int, float] = {}
    for i, given in enumerate(read.scenario.optimise.whole):
        groups = reader.groups(given.measure, given.source, "whole", i, "measure")
        if groups.size:
            place = read.place(PLACE, "whole", i, "measure")
            reader.can_be_chosen(given.measure, groups, place)
        for g in groups:
            if int(g) in size.keys() | share.keys():
                problems.add(
                    read.place(PLACE, "whole", i),
                    message("'{measure}' is given twice.", measure=given.measure),
                )
            kind = share if given.is_share else size
            kind[int(g)] = _unit_size(i, given, int(g), read, system, problems)
    order = sorted(size.keys() | share.keys())
    if not order:
        return None
    unknown = float("nan")
    return WholeGroups(
        np.array(order),
        np.array([size.get(g, unknown) for g in order]),
        np.array([share.get(g, unknown) for g in order]),
    )


def _unit_size(
    i: int, given: WholeUnits, group: int, read: ReadScenario, system: System, problems: Problems
) -> float:
    """Return the size of a unit [activity unit, or a share]; NaN for all or nothing."""
    if isinstance(given.unit, str):
        return float("nan")
    place = read.place(PLACE, "whole", i, "unit")
    try:
        size = given.unit.to(
            "" if given.is_share else system.sources.unit[system.groups.source[group]]
        )
    except units.UnitError as error:
        problems.add(
            place,
            message("{text}.", text=error.args[0]),
            fix=message("Write a share, for instance '5 %', or all-or-nothing."),
        )
        return float("nan")
    if size <= 0:
        problems.add(place, message("a unit of nothing is no unit."))
    return size


def investment_lives(catalogue: Catalogue, system: System) -> Array:
    """Return the life of each group's investment.

    Parameters
    ----------
    catalogue
        Its cost rows hold the lives.
    system
        Groups of the region.

    Returns
    -------
    Array
        Life [a], dims (group,); infinite for a group without one.
    """
    found = np.full(len(system.groups), np.inf)
    rows = [r for r in catalogue.costs.rows if r.item == "life"]
    for g, (m, s) in enumerate(zip(system.groups.measure, system.groups.source, strict=True)):
        for name in ("", system.sources.id[s]):  # a source's own row comes last and holds
            for row in rows:
                if row.measure == system.measures[m] and row.source == name:
                    found[g] = catalogue.costs.in_unit(row, "a")
    return found
