"""Samples of many scenarios in one Zarr store that grows page by page and outlives a kill.

What is asked of a worker is small (a path and a page), and so is what it hands back. One process
writes: a page counts when its mark does, which is written last, so that whatever stops the
process, what is marked is complete and the rest is made anew.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import numpy as np

import lantian
from lantian.core.system import Array
from lantian.ensemble.pages import Page, Pages, pages_of
from lantian.ensemble.sampled import met, spread_of, wilson
from lantian.ensemble.streams import PAGE
from lantian.results.contract import ENSEMBLE
from lantian.results.frame import Frame, make_frame
from lantian.store.run import content_id, digest_of, inputs_of, scenario_text
from lantian.study.load import load
from lantian.study.model import CaseResult, Study, make_case
from lantian.study.solve import solved_mixes
from lantian.vocabulary import POLLUTANTS, Case, Reading

if TYPE_CHECKING:
    import zarr

SAMPLES, ANSWERS = "samples.zarr", "ensemble.csv"
"""Parts of the folder of an ensemble."""
MOST_SCENARIOS = 10_000
"""Scenarios of one ensemble; more of them are refused."""
KEPT = 2
"""Studies that a worker keeps at a time: its memory does not grow with their number."""
OUTCOMES = {
    "value": ("case", "target", "sample"),
    "limit": ("case", "target", "sample"),
    "base": ("case", "target", "sample"),
    "total": ("case", "pollutant", "sample"),
    "cost": ("case", "sample"),
    "impossible": ("sample",),
}
"""Arrays of the outcomes, as :class:`lantian.ensemble.outcomes.Outcomes` has them."""
MEANS = {
    "value": "value of the target under the weather of the year, in its unit",
    "limit": "limit of the target, in its unit",
    "base": "what a cut is relative to, in the unit of the target",
    "total": "emission of the last year [t/a]",
    "cost": "net annual cost in the last year of the measures whose cost is known",
    "impossible": "samples whose numbers contradict each other",
    "normal": "factor on the value that brings it to normal weather [1]",
    "uptake": "what the mix moves, in units of the source",
    "done": "pages that are complete",
}

Solved = Mapping[Case, tuple[Array, tuple[int, ...]]]
"""Uptake of each mix, dims (move, year), and the positions of its years."""


@dataclass(frozen=True)
class Task:
    """What is asked of a worker.

    Attributes
    ----------
    path
        Scenario, where the worker finds it too.
    token
        Of the call of the program: what a worker has of an earlier one may be out of date.
    number
        Page; None asks only what the scenario is made from.
    solved
        Mixes, where they have been found before.
    world
        Combination of the scenario's grid; empty for the scenario as it is.
    """

    path: str
    token: str
    number: int | None = 0
    solved: Solved | None = None
    world: str = ""


@dataclass(frozen=True)
class Answer:
    """What a worker hands back.

    Attributes
    ----------
    content
        Code of what the scenario is made from.
    about
        Names of what the axes stand for.
    cases
        Names of the cases.
    solved
        Mixes.
    page
        None where none was asked for.
    """

    content: str
    about: Mapping[str, Any]
    cases: tuple[Case | Reading, ...]
    solved: Solved
    page: Page | None


_loading = Lock()
"""Threads of a worker share what is loaded."""


class _Desk:
    """What a worker has of a scenario at hand."""

    def __init__(self, path: str, world: str) -> None:
        self.study = load(Path(path), world=world)
        digest = digest_of(scenario_text(self.study))
        self.content = content_id(lantian.__version__, digest, inputs_of(self.study))
        self._pages: Pages | None = None

    def pages(self, solved: Solved | None) -> Pages:
        """Return the samples, with mixes that were found before or are found now."""
        if self._pages is None:
            self._pages = Pages(self.study, self._cases(solved))
        return self._pages

    def _cases(self, solved: Solved | None) -> Mapping[Case, CaseResult]:
        if solved is None:
            return solved_mixes(self.study)
        system = self.study.system
        return {name: make_case(system, uptake, own) for name, (uptake, own) in solved.items()}


@lru_cache(maxsize=KEPT)
def _desk(path: str, world: str, token: str) -> _Desk:
    """Return what is at hand of a scenario in one call of the program, its token."""
    return _Desk(path, world)


def answer(task: Task) -> Answer:
    """Return what a task asks for; this is what runs on a worker.

    Parameters
    ----------
    task
        Which page of which scenario.

    Raises
    ------
    InputError, NoSolutionError
        As loading and solving do.
    """
    with _loading:
        desk = _desk(task.path, task.world, task.token)
        if task.number is None:
            return Answer(desk.content, about(desk.study), (), {}, None)
        pages = desk.pages(task.solved)
    solved = {name: (case.uptake, case.years) for name, case in pages.solved.items()}
    page = pages.page(task.number)
    return Answer(desk.content, about(desk.study), pages.inquiry.cases, solved, page)


def about(study: Study) -> dict[str, Any]:
    """Return what the axes of a study's samples stand for, as plain values."""
    targets = study.targets
    return {
        "version": lantian.__version__,
        "scenario": study.scenario.name,
        "region": study.scenario.region or "",
        "samples": study.scenario.samples,
        "seed": study.scenario.uncertainty.seed,
        "method": study.scenario.uncertainty.method,
        "currency": study.money.currency,
        "pollutants": list(POLLUTANTS),
        "targets": [t.target.id for t in targets],
        "target_units": [t.unit for t in targets],
        "target_years": [t.target.year for t in targets],
        "target_sides": [float(t.bound.side) for t in targets],
        "years": list(study.system.years),
        "moves": len(study.system.moves),
    }


class Ensemble:
    """The folder of an ensemble: samples of every scenario, and what they say of its targets.

    Parameters
    ----------
    folder
        Of the ensemble.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def root(self) -> "zarr.Group":
        """The store, made if it is not there."""
        import zarr

        return zarr.open_group(str(self.folder / SAMPLES), mode="a", zarr_format=3)

    def known(self, name: str) -> Mapping[str, Any] | None:
        """Return what is told of a scenario; None where its arrays are not all there."""
        if name not in self.root:
            return None
        found = dict(self._group(name).attrs)
        return found if "content" in found else None

    def missing(self, name: str) -> list[int]:
        """Return the pages of a scenario that are not complete."""
        done = np.asarray(self._array(name, "done")[:])
        return np.flatnonzero(~done).tolist()

    def solved(self, name: str) -> Solved:
        """Return the mixes of a scenario."""
        known, uptake = dict(self._group(name).attrs), self._array(name, "uptake")
        mixes = cast("dict[Case, list[int]]", known["mixes"])
        return {
            case: (np.asarray(uptake[k]), tuple(years))
            for k, (case, years) in enumerate(mixes.items())
        }

    def begin(self, own: Answer) -> None:
        """Make the arrays of a scenario from its first answer; what is told of it comes last."""
        assert own.page is not None
        name = str(own.about["scenario"])
        group = self.root.create_group(name, overwrite=True)
        found, samples = own.page.outcomes, int(own.about["samples"])
        for array, dims in OUTCOMES.items():
            shape = (*getattr(found, array).shape[:-1], samples)
            self._make(group, array, shape, dims, getattr(found, array).dtype)
        self._make(group, "normal", (*own.page.normal.shape[:-1], samples), ("target", "sample"))
        pages = len(pages_of(samples))
        self._make(group, "done", (pages,), ("page",), "bool", chunk=1)
        self._begin_mixes(group, own)
        group.attrs.update(
            {
                **own.about,
                "mixes": {case: list(years) for case, (_, years) in own.solved.items()},
                "cases": list(own.cases),
                "content": own.content,
            }
        )

    def _begin_mixes(self, group: "zarr.Group", own: Answer) -> None:
        shape = (len(own.solved), int(own.about["moves"]), len(own.about["years"]))
        self._make(group, "uptake", shape, ("mix", "move", "year"), chunk=max(shape[2], 1))
        for k, (uptake, _) in enumerate(own.solved.values()):
            cast("zarr.Array[Any]", group["uptake"])[k] = uptake

    def _make(
        self,
        group: "zarr.Group",
        name: str,
        shape: tuple[int, ...],
        dims: tuple[str, ...],
        dtype: Any = "float64",
        chunk: int = PAGE,
    ) -> None:
        """Make an array whose chunks hold a page each; bytes are the same whoever fills them."""
        group.create_array(
            name,
            shape=shape,
            chunks=tuple(max(n, 1) for n in (*shape[:-1], chunk)),
            dtype=dtype,
            dimension_names=dims,
            attributes={"long_name": MEANS[name]},
        )

    def write(self, name: str, page: Page) -> None:
        """Write a page, its mark last."""
        own = slice(page.number * PAGE, page.number * PAGE + page.normal.shape[-1])
        for array, values in {**asdict(page.outcomes), "normal": page.normal}.items():
            self._array(name, array)[..., own] = values
        self._array(name, "done")[page.number] = True

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder)

    def answers(self, names: list[str]) -> Frame:
        """Return how likely the targets of the scenarios are met, and how they are spread."""
        return make_frame(ENSEMBLE, [row for name in names for row in self._answers_of(name)])

    def _answers_of(self, name: str) -> Iterator[dict[str, Any]]:
        told = dict(self._group(name).attrs)
        kept = ~np.asarray(self._array(name, "impossible")[:])
        cases = cast("list[str]", told["cases"])
        for t, target in enumerate(cast("list[str]", told["targets"])):
            side = cast("list[float]", told["target_sides"])[t]
            value, limit = (np.asarray(self._array(name, n)[:, t])[:, kept] for n in VALUES)
            for c, case in enumerate(cases):
                if np.isnan(value[c]).any():
                    continue  # not computed
                share = float(met(limit[c] * side, value[c] * side).mean())
                low, high = wilson(share, value.shape[1])
                spread = spread_of(value[c])
                yield {
                    "scenario": name,
                    "region": told["region"],
                    "target": target,
                    "case": case,
                    "year": cast("list[int]", told["target_years"])[t],
                    "probability": share,
                    "low": low,
                    "high": high,
                    "value_median": spread.median,
                    "value_low": spread.low,
                    "value_high": spread.high,
                    "limit_median": spread_of(limit[c]).median,
                    "unit": cast("list[str]", told["target_units"])[t],
                    "samples": value.shape[1],
                    "error": spread.error,
                    "settled": spread.settled,
                }

    def _group(self, name: str) -> "zarr.Group":
        return cast("zarr.Group", self.root[name])

    def _array(self, name: str, array: str) -> "zarr.Array[Any]":
        return cast("zarr.Array[Any]", self._group(name)[array])


VALUES = ("value", "limit")


def is_ensemble(folder: Path) -> bool:
    """Tell whether a folder is that of an ensemble: it has a store, and nothing else but answers.

    Parameters
    ----------
    folder
        That may be replaced or gone on with.
    """
    if not (folder / SAMPLES / "zarr.json").is_file():
        return False
    return {path.name for path in folder.iterdir()} <= {SAMPLES, ANSWERS}
