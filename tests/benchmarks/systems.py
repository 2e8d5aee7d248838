"""Large systems of the real type, the same on every machine: sources like those of a plan.

Each source has ten technologies by the eight packages of three controls and 480 moves: shifts to
every better technology and three add-on controls, so activity is shared and chained as in a region.
"""

import numpy as np

from lantian.core.system import Groups, Moves, Sources, States, System
from lantian.optimise.problem.coefficients import LeastCost, Targets, build_least_cost
from support.pairs import no_pairs

SEED = 4
TECHNOLOGIES, CONTROLS = 10, 3
PACKAGES, GROUPS = 2**CONTROLS, TECHNOLOGIES - 1 + CONTROLS
POLLUTANTS = ("SO2", "NOx", "VOC", "PM2.5")
CUT = 0.6
"""Share of every pollutant's baseline that the targets ask for [1]."""
SECTORS = 10
"""Groups of sources that each have targets of their own, of half the ambition."""
STATES = TECHNOLOGIES * PACKAGES


def large_system(moves: int, years: int = 1) -> System:
    """Return a system of about so many moves."""
    origin, target, group = one_source()
    n = max(moves // len(origin), 1)
    rng = np.random.default_rng(SEED)
    size = 10 ** rng.uniform(0, 5, n)
    baseline = np.zeros((n, TECHNOLOGIES, PACKAGES))
    baseline[:, :, 0] = size[:, None] * rng.uniform(0.2, 1.0, (n, TECHNOLOGIES))
    first = np.repeat(np.arange(n), len(origin))
    unit_cost = rng.uniform(0.05, 2.0, (n, len(origin))) * 1e6 / size[:, None]
    states = n * STATES
    return System(
        years=tuple(range(2020, 2020 + years)),
        start=0,
        pollutants=POLLUTANTS,
        measures=tuple(f"measure-{k}" for k in range(GROUPS)),
        sources=Sources(
            tuple(f"source-{i}" for i in range(n)), ("sector",) * n, ("unit",) * n, ("other",) * n
        ),
        states=States(
            np.repeat(np.arange(n), STATES),
            tuple(f"technology-{k}" for k in range(TECHNOLOGIES) for _ in range(PACKAGES)) * n,
            tuple(tuple("abc"[b] for b in range(CONTROLS) if p >> b & 1) for p in range(PACKAGES))
            * (n * TECHNOLOGIES),
        ),
        moves=Moves(
            np.tile(origin, n) + STATES * first,
            np.tile(target, n) + STATES * first,
            np.ones(len(first)),
            np.tile(group, n) + GROUPS * first,
            unit_cost.ravel(),
            np.ones(len(unit_cost.ravel())),
        ),
        groups=Groups(
            np.tile(np.arange(GROUPS), n),
            np.repeat(np.arange(n), GROUPS),
            rng.uniform(0.2, 1.0, n * GROUPS),
            np.zeros(n * GROUPS, dtype=np.int64),
            np.zeros(n * GROUPS, dtype=bool),
            no_pairs(),
        ),
        baseline=np.repeat(baseline.reshape(-1, 1), years, axis=1),
        factor=np.repeat(_factors(rng, n, size)[:, :, None], years, axis=2),
        recent=np.zeros((states, 1, years)),
    )


def one_source() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return from-state, to-state and group of the moves of one source, sorted by group."""
    moves = [
        (to - 1, PACKAGES * t + p, PACKAGES * to + p)
        for to in range(1, TECHNOLOGIES)
        for t in range(to)
        for p in range(PACKAGES)
    ]
    moves += [
        (TECHNOLOGIES - 1 + b, PACKAGES * t + p, PACKAGES * t + p + 2**b)
        for b in range(CONTROLS)
        for t in range(TECHNOLOGIES)
        for p in range(PACKAGES)
        if not p >> b & 1
    ]
    found = np.array(sorted(moves), dtype=np.int64)
    return found[:, 1], found[:, 2], found[:, 0]


def _factors(rng: np.random.Generator, n: int, size: np.ndarray) -> np.ndarray:
    raw = rng.uniform(0.5, 1.5, (n, 1, 1, len(POLLUTANTS))) * 100 / size[:, None, None, None]
    better = 1.0 / (1 + np.arange(TECHNOLOGIES))[None, :, None, None]
    clean = rng.uniform(0.1, 0.9, (n, 1, CONTROLS, len(POLLUTANTS)))
    has = np.arange(PACKAGES)[:, None] >> np.arange(CONTROLS) & 1
    package = np.where(has[None, None, :, :, None], clean[:, :, None], 1.0).prod(axis=3)
    return (raw * better * package).reshape(-1, len(POLLUTANTS))


def targets_of(system: System, share: float = CUT) -> Targets:
    """Return targets that ask for a share of every pollutant's baseline."""
    p, n = len(system.pollutants), len(system.sources)
    sector = np.arange(n) % SECTORS
    members = np.concatenate([np.ones((1, n)), np.arange(SECTORS)[:, None] == sector])
    weight = np.einsum("ks,pq->kpsq", members, np.eye(p)).reshape(-1, n, p)
    by_state = system.factor[:, :, 0] * system.baseline[:, :1]
    source = np.zeros((n, p))
    np.add.at(source, system.states.source, by_state)
    base = np.einsum("tsp,sp->t", weight, source)
    used = base > 0
    asked = np.repeat([share] + [share / 2] * SECTORS, p)
    names = [f"{q}-{k or 'total'}" for k in range(SECTORS + 1) for q in system.pollutants]
    kept = np.flatnonzero(used)
    return Targets(
        tuple(names[k] for k in kept),
        weight[kept],
        np.zeros(len(kept)),
        ((1 - asked) * base)[kept],
        ("t/a",) * len(kept),
    )


def large_problem(moves: int) -> LeastCost:
    """Return the least-cost blocks of a large system."""
    system = large_system(moves)
    return build_least_cost(system, 0, targets_of(system))
