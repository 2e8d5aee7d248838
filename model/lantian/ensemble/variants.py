"""Futures and grids of a scenario, evaluated beside it as columns of one structure.

Numbers of a variant are a column. Other dates of commitments are no numbers: such variants get
their commitments anew, on the same states and moves, and are evaluated together with those that
have the same dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from lantian.core.system import Array, Index
from lantian.ensemble.outcomes import Inquiry, Outcomes, ask, cases_of, outcomes
from lantian.errors import Problems
from lantian.language import message
from lantian.plan.commitments import credited, read_commitments
from lantian.scenario.changes import Variant, with_dates
from lantian.study.model import Study
from lantian.vocabulary import Case, Reading


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """Variants of a scenario and what they come to.

    Attributes
    ----------
    variants
        In their order; the samples of ``outcomes``.
    cases
        Baseline, plan and the readings that differ from it.
    outcomes
        Of every case and variant.
    """

    variants: tuple[Variant, ...]
    cases: tuple[Case | Reading, ...]
    outcomes: Outcomes


def evaluate_variants(study: Study) -> Evaluated | None:
    """Evaluate the futures of a scenario and all combinations of its grid.

    Parameters
    ----------
    study
        The scenario put together.

    Returns
    -------
    Evaluated or None
        None if the scenario has no variants.
    """
    variants = tuple(v for v in study.variants if not v.without_plan)
    return evaluated(study, variants, study.space.variants()) if variants else None


def evaluated(
    study: Study,
    variants: Sequence[Variant],
    theta: Array,
    cases: Sequence[Case | Reading] | None = None,
) -> Evaluated:
    """Evaluate variants under cases that need no optimiser.

    Parameters
    ----------
    study
        The scenario put together.
    variants
        At least one.
    theta
        Values of all slots in each of them, dims (slot, variant).
    cases
        Which; all by default.

    Returns
    -------
    Evaluated
        In the order of the variants.
    """
    told = tuple(cases or cases_of(study))
    parts, order = [], []
    with np.errstate(divide="ignore", invalid="ignore"):  # what is no number is told
        for own in _by_dates(variants):
            parts.append(outcomes(_inquiry(study, variants[own[0]], told), theta[:, own]))
            order.append(own)
    back = np.argsort(np.concatenate(order))
    found = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=-1)[..., back]
        for name in Outcomes.__dataclass_fields__
    }
    every = Outcomes(**found)
    _require_numbers(study, variants, every)
    return Evaluated(variants=tuple(variants), cases=told, outcomes=every)


def _require_numbers(study: Study, variants: Sequence[Variant], found: Outcomes) -> None:
    """Stop where a variant leaves nothing to compute: a share of nothing, a load of nothing.

    Raises
    ------
    InputError
        With every variant in which that is so, where its first change stands.
    """
    computed = [t for t, target in enumerate(study.targets) if target.computed]
    lost = np.asarray(~np.isfinite(found.value[:, computed]).all(axis=0), dtype=bool)
    other = ~np.isfinite(found.total).all(axis=(0, 1)) | ~np.isfinite(found.cost).all(axis=0)
    problems = Problems()
    for v in np.flatnonzero(lost.any(axis=0) | other).tolist():
        ids = [study.targets[computed[t]].target.id for t in np.flatnonzero(lost[:, v])]
        problems.add(
            variants[v].changes[0][1],
            message(
                "in '{name}' these are not numbers: {outcomes}.",
                name=variants[v].name,
                outcomes=", ".join(ids) or message("emissions and costs"),
            ),
            fix=message("A share, or a load, of nothing is none: leave a little of it."),
        )
    problems.stop_if_any()


def _inquiry(study: Study, variant: Variant, cases: tuple[Case | Reading, ...]) -> Inquiry:
    """Return what is asked; on the dates of the study itself it is found once for all calls."""
    return ask(_dated(study, variant), cases) if variant.dates else _undated(study, cases)


@lru_cache(maxsize=4)
def _undated(study: Study, cases: tuple[Case | Reading, ...]) -> Inquiry:
    return ask(study, cases)


def evaluate_baselines(study: Study) -> Evaluated | None:
    """Evaluate the further worlds without the plan that a scenario names.

    Parameters
    ----------
    study
        The scenario put together.

    Returns
    -------
    Evaluated or None
        None if the scenario names none.
    """
    own = [v for v, variant in enumerate(study.variants) if variant.without_plan]
    if not own:
        return None
    variants = tuple(study.variants[v] for v in own)
    return evaluated(study, variants, study.space.variants()[:, own], ("baseline",))


MOST_CHECKED = 200
"""Worlds that are looked at before a run: a second's work."""


def check_worlds(study: Study) -> None:
    """Look whether the worlds of a scenario leave everything to be computed; a run looks at all.

    Parameters
    ----------
    study
        The scenario put together; of a large grid only the first worlds are looked at.

    Raises
    ------
    InputError
        As :func:`evaluated`.
    """
    theta = study.space.variants()
    for without_plan in (False, True):
        own = [v for v, one in enumerate(study.variants) if one.without_plan == without_plan]
        own = own[:MOST_CHECKED]
        if own:
            chosen = [study.variants[v] for v in own]
            evaluated(study, chosen, theta[:, own], ("baseline",) if without_plan else None)


def _by_dates(variants: Sequence[Variant]) -> list[Index]:
    """Return the positions of the variants that share all dates, group by group."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for v, variant in enumerate(variants):
        groups.setdefault(tuple(id(given) for given, _ in variant.dates), []).append(v)
    return [np.array(own) for own in groups.values()]


def _dated(study: Study, variant: Variant) -> Study:
    """Return the study with the dates of a variant; states, moves and slots stay."""
    problems = Problems()
    scenario = with_dates(study.scenario, variant.dates, problems)
    read = replace(study.read, scenario=scenario)
    commitments, levels, times, _ = read_commitments(
        read,
        study.system,
        study.catalogue,
        shapes=study.shapes,
        space=study.space,
        problems=problems,
        conversions=study.conversions,
    )
    problems.stop_if_any()
    return replace(
        study,
        read=read,
        commitments=credited(commitments, scenario),
        all_commitments=commitments,
        levels=levels,
        times=times,
    )
