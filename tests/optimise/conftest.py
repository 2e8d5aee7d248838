"""Small and random systems for the tests of the optimiser (not fixtures: plain functions)."""

from collections.abc import Sequence

import numpy as np

from lantian.core.system import NOWHERE, Array, Groups, Moves, Sources, States, System
from lantian.optimise.problem.coefficients import Targets
from support.pairs import no_pairs


def small_system(
    activity: Sequence[float],
    factor: Sequence[Sequence[float]],
    moves: Sequence[tuple[int, int, int, float]],
    reach: Sequence[float],
    source: Sequence[int] | None = None,
    group_source: Sequence[int] | None = None,
    conversion: Sequence[float] | None = None,
) -> System:
    """One year; activity [state], factor [state][pollutant], moves (group, from, to, cost)."""
    n = len(activity)
    owner = np.arange(n) if source is None else np.asarray(source)
    n_sources, n_pollutants = int(owner.max()) + 1, len(factor[0])
    group = np.array([m[0] for m in moves], dtype=np.int64)
    origin = np.array([m[1] for m in moves], dtype=np.int64)
    first = [int(owner[origin[list(group).index(g)]]) for g in range(len(reach))]
    baseline = np.asarray(activity, float)[:, None]
    return System(
        years=(2020,),
        start=0,
        pollutants=("NOx", "VOC", "PM2.5")[:n_pollutants],
        measures=tuple(f"measure-{g}" for g in range(len(reach))),
        sources=Sources(
            tuple(f"source-{i}" for i in range(n_sources)),
            ("sector",) * n_sources,
            ("unit",) * n_sources,
            ("other",) * n_sources,
        ),
        states=States(owner.astype(np.int64), tuple(f"state-{i}" for i in range(n)), ((),) * n),
        moves=Moves(
            origin,
            np.array([m[2] for m in moves], dtype=np.int64),
            np.ones(len(moves)) if conversion is None else np.asarray(conversion, float),
            group,
            np.array([m[3] for m in moves], dtype=float),
            np.ones(len(moves)),
        ),
        groups=Groups(
            np.arange(len(reach)),
            np.asarray(first if group_source is None else group_source),
            np.asarray(reach, float),
            np.zeros(len(reach), dtype=np.int64),
            np.zeros(len(reach), dtype=bool),
            no_pairs(),
        ),
        baseline=baseline,
        factor=np.asarray(factor, float)[:, :, None],
        recent=np.zeros((n, 1, 1)),
    )


def total_targets(system: System, limit: Sequence[float], constant: float = 0.0) -> Targets:
    """Limits [t] on the total of the first pollutants, in order."""
    n = len(limit)
    weight = np.zeros((n, len(system.sources), len(system.pollutants)))
    for k in range(n):
        weight[k, :, k] = 1.0
    return Targets(
        tuple(f"{p}-total" for p in system.pollutants[:n]),
        weight,
        np.full(n, constant),
        np.asarray(limit, float),
        ("t",) * n,
    )


def random_system(
    seed: int,
    n_sources: int = 3,
    n_technologies: int = 3,
    n_shifts: int = 2,
    n_pollutants: int = 2,
    unknown: float = 0.0,
) -> System:
    """Sources with technologies x packages of two controls; technology shifts and add-on controls.

    Package states are empty in the baseline, as in a real plan.
    """
    rng = np.random.default_rng(seed)
    states, baseline, factor = [], [], []
    moves: list[tuple[int, int, int, float]] = []
    group_source: list[int] = []
    for s in range(n_sources):
        first, size = len(states), 10 ** rng.uniform(0, 5)
        clean = rng.uniform(0.1, 0.9, (2, n_pollutants))
        for t in range(n_technologies):
            ef = rng.uniform(0.5, 1.5, n_pollutants) / (1 + t) * 100 / size
            for package in range(4):
                states.append(s)
                baseline.append(size * rng.uniform(0.2, 1) if package == 0 else 0.0)
                left = np.where([[package & 1], [package & 2]], clean, 1.0).prod(axis=0)
                factor.append(ef * left)
        for to in range(n_technologies - 1, max(n_technologies - 1 - n_shifts, 0), -1):
            cost = rng.uniform(-0.1, 1)
            for origin in range(to):
                for package in range(4):
                    price = (cost + rng.uniform(0, 1) * (to - origin)) * 1e6 / size
                    move = (first + 4 * origin + package, first + 4 * to + package)
                    moves.append((len(group_source), *move, price))
            group_source.append(s)
        for bit in (1, 2):
            price = rng.uniform(0.1, 2) * 1e6 / size
            price = np.nan if rng.uniform() < unknown else price
            for t in range(n_technologies):
                for package in range(4):
                    if not package & bit:
                        state = first + 4 * t + package
                        moves.append((len(group_source), state, state + bit, price))
            group_source.append(s)
    reach = rng.uniform(0.2, 1, len(group_source))
    return small_system(baseline, factor, moves, reach, states, group_source)


def baseline_total(system: System) -> Array:
    """Baseline emission per pollutant [t] in the first year."""
    return np.einsum("spy,sy->py", system.factor, system.baseline)[:, 0]


def reachable_limits(system: System, share: float) -> list[float]:
    """Limits that ask for a share of the most that all pollutants can be cut by together."""
    from lantian.optimise.procedure.least_cost import least_cost

    base = baseline_total(system)
    result = least_cost(system, 0, total_targets(system, list(base)))
    best = np.array([t.max_feasible for t in result.targets])
    asked = total_targets(system, list(base - (base - best)))
    joint = least_cost(system, 0, asked).joint_share
    return list(base - share * min(joint, 1.0) * (base - best))


__all__ = [
    "NOWHERE",
    "baseline_total",
    "random_system",
    "reachable_limits",
    "small_system",
    "total_targets",
]
