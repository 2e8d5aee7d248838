"""Every line of the page of kinds of clauses is a target or commitment that can be computed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from integration.workbench import Project
from lantian.core.commitments import Uptake, apply_commitments, reached_levels
from lantian.core.projection import Projection
from lantian.study.load import load
from lantian.study.model import Study

TEXT = (Path(__file__).parents[2] / "docs" / "clauses.md").read_text(encoding="utf-8")
SPAN = re.compile(
    r"\| (?P<kind>[^|]+) \| (?P<example>[^|]+) \| `(?P<line>(indicator|measure): .*?)`"
)
LINES = [
    (found["kind"], YAML(typ="safe").load("{" + found["line"] + "}"))
    for found in map(SPAN.match, TEXT.splitlines())
    if found
]
"""Kind and keys of each line that says how a clause is written."""
DUE = {"clause": ["page"], "bindingness": "approx"}
YEARS = {"from": 2026, "by": 2030}


def named(n: int) -> str:
    return f"line-{n}"


def targets() -> list[dict[str, Any]]:
    return [
        {"id": named(n), "year": 2030, **DUE, **keys}
        for n, (_, keys) in enumerate(LINES)
        if "indicator" in keys
    ]


def commitments() -> Iterator[list[dict[str, Any]]]:
    """Lists in which no measure stands twice, as a plan has them."""
    left = [(named(n), keys) for n, (_, keys) in enumerate(LINES) if "measure" in keys]
    while left:
        first = {keys["measure"]: (name, keys) for name, keys in reversed(left)}
        due = {**DUE, **YEARS, "credit": "printed"}
        yield [
            {"id": name, **due, **({} if "schedule" not in keys else {"by": None}), **keys}
            for name, keys in first.values()
        ]
        left = [pair for pair in left if pair not in first.values()]


@pytest.fixture(scope="module", params=list(commitments()), ids=lambda own: f"{len(own)} measures")
def plan(request: pytest.FixtureRequest, home: Project) -> Study:
    """The template's city with the lines of the page in the place of the template's own."""
    folder = home.root / "scenarios"
    template = YAML(typ="safe").load((folder / "template-2026-2030.yaml").read_text("utf-8"))
    own = {**template, "name": "page", "targets": targets(), "commitments": request.param}
    own = {key: value for key, value in own.items() if key not in ("plan", "alert")}
    path = folder / "page.yaml"
    try:
        with path.open("w", encoding="utf-8") as stream:
            YAML().dump(own, stream)
        return load(path)
    finally:
        path.unlink()


@pytest.fixture(scope="module")
def uptake(plan: Study) -> Uptake:
    return apply_commitments(plan.system, plan.commitments.at_year_end())


def test_the_page_has_lines() -> None:
    assert len({kind for kind, _ in LINES}) == len(LINES)
    written = sum("| `" in text for text in TEXT.splitlines())
    elsewhere = sum("| `alert:`" in text for text in TEXT.splitlines())
    assert len(LINES) == written - elsewhere


def test_every_target_of_the_page_has_a_value(plan: Study) -> None:
    projected = Projection(
        plan.system.years, plan.baseline[..., None], plan.system.baseline[..., None]
    )
    for target in plan.targets:
        listed = isinstance(LINES[int(target.target.id[5:])][1]["indicator"], dict)
        assert target.target.computed != listed, target.target.id
        if not listed:
            value = target.judge(projected)[0]
            assert np.isfinite(value).all(), target.target.id


def test_every_commitment_of_the_page_moves_what_it_says(plan: Study, uptake: Uptake) -> None:
    """Short of its level only where the reach of a measure or what there is ends it."""
    reached = reached_levels(plan.system, plan.commitments, uptake)[:, -1]
    for c, commitment in enumerate(plan.scenario.commitments):
        own = plan.commitments.commitment == c
        assert own.any(), commitment.id
        assert reached[own].max() > 0.0, commitment.id
