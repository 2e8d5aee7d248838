"""Known totals: what cuts are relative to, what an inventory is brought to, and contradictions."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lantian as lt
from integration.workbench import Project, call, copy_project
from lantian.ensemble.outcomes import Inquiry, inquiry, outcomes
from lantian.errors import InputError
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS

NORTH, SMALL = "inputs/regions/north-city", "inputs/regions/small"
TABLES = ("region", "drivers", "air", "activity/industry", "activity/voc", "activity/open-burning")
HEAD = """
name: {name}
title: {{en: small, zh: 小}}
region: small
base_year: 2025
last_year: 2028
samples: 0
uncertainty: {{swings: false}}
economics: {{price_year: 2024, discount_rate: 5 %}}
"""
TOTALS = "sector,pollutant,year,value,unit,low,high,basis,source_key,note"
VOC = POLLUTANTS.index("VOC")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A region of three sectors, those of the made-up city of the north."""
    found = copy_project(tmp_path_factory.mktemp("small"))
    (found.root / SMALL / "activity").mkdir(parents=True)
    for table in TABLES:
        shutil.copy(found.root / NORTH / f"{table}.csv", found.root / SMALL / f"{table}.csv")
    (found.root / SMALL / "topdown.csv").write_text(f"{TOTALS}\n", encoding="utf-8")
    return found


Load = Callable[..., Study]


@pytest.fixture
def write(project: Project) -> Callable[[str, tuple[str, ...]], Path]:
    """Writes a scenario of the region, and its table of totals (rows up to the range)."""

    def written(scenario: str, totals: tuple[str, ...]) -> Path:
        lines = [f"{row},assumed,assumption," for row in totals]
        table = project.root / SMALL / "totals.csv"
        table.write_text("\n".join([TOTALS, *lines, ""]), encoding="utf-8")
        path = project.root / "scenarios" / "small.yaml"
        path.write_text(HEAD.format(name="small") + scenario, encoding="utf-8")
        return path

    return written


@pytest.fixture
def load(write: Callable[[str, tuple[str, ...]], Path]) -> Load:
    def loaded(scenario: str, *totals: str) -> Study:
        return lt.load(write(scenario, totals))

    return loaded


def told(load: Load, scenario: str, *totals: str) -> list[str]:
    """Every problem, where it stands and what it says."""
    with pytest.raises(InputError) as faults:
        load(scenario, *totals)
    return [problem.text() for problem in faults.value.problems]


def by_sector(study: Study, pollutant: str = "VOC") -> dict[str, np.ndarray]:
    """Emission of the baseline [t/a] by sector, dims (year,)."""
    own = study.baseline[:, POLLUTANTS.index(pollutant)]
    return {
        name: own[[s == name for s in study.system.sources.sector]].sum(axis=0)
        for name in dict.fromkeys(study.system.sources.sector)
    }


def cut(**keys: Any) -> str:
    own = {
        "id": "t",
        "clause": "[x]",
        "indicator": "emission",
        "reduce_by": "12 %",
        "relative_to": 2020,
        "year": 2028,
        "bindingness": "binding",
        **keys,
    }
    return f"targets:\n  - {{{', '.join(f'{k}: {v}' for k, v in own.items())}}}\n"


def test_print(load):
    import time
    t=time.time(); s=load(""); print(time.time()-t)
    print({k:v for k,v in by_sector(s).items() if v.any()}, by_sector(s,"NOx"))
    print(len(s.space))
