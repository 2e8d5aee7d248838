"""``iamc.csv`` is read by pyam, as a modeller of the IAMC would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration.workbench import Finished

READ = """
import json, sys
import pyam

data = pyam.IamDataFrame(sys.argv[1])
total = data.filter(scenario="* plan", variable="Emissions|NOx|*", year=2020).timeseries()
assert data.check_aggregate("Emissions|NOx") is None
whole = data.filter(scenario="* plan", variable="Emissions|NOx", year=2020).data
json.dump({
    "index": data.index.names,
    "coordinates": data.coordinates,
    "model": data.model, "scenario": data.scenario, "region": data.region,
    "variable": data.variable, "unit": data.unit, "year": [int(y) for y in data.year],
    "nox": float(total.to_numpy().sum()), "aggregated": float(whole["value"].sum()),
    "rows": len(data.data),
}, sys.stdout)
"""


@pytest.fixture(scope="module")
def read(tongzhou: Finished, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What pyam finds, in a process of its own: it writes caches and sets up logs when loaded."""
    home = tmp_path_factory.mktemp("pyam")
    path = tongzhou.folder / "tables" / "iamc.csv"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(path)],
        env={**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_pyam_reads_every_number(read: dict[str, Any], tongzhou: Finished) -> None:
    wide = tongzhou.table("iamc")
    years = [name for name in wide if name.isdigit()]
    assert read["year"] == [int(year) for year in years]
    assert read["rows"] >= int(wide[years].notna().to_numpy().sum())
    assert (read["model"], read["region"]) == (["Lantian"], ["tongzhou"])
    assert "kt NOx/yr" in read["unit"]
    assert sorted(read["scenario"]) == sorted(set(wide["scenario"]))
    assert set(read["variable"]) >= set(wide["variable"])


def test_pyam_adds_up_the_sectors(read: dict[str, Any], tongzhou: Finished) -> None:
    rows = tongzhou.table("emissions")
    chosen = (rows["case"] == "plan") & (rows["pollutant"] == "NOx") & (rows["year"] == 2020)
    total = rows.loc[chosen, "value"].sum()
    assert read["nox"] == pytest.approx(total / 1000, rel=1e-12)
    assert read["aggregated"] == pytest.approx(total / 1000, rel=1e-12)


def test_columns_are_those_of_the_format(read: dict[str, Any], tongzhou: Finished) -> None:
    assert read["index"] == ["model", "scenario"]
    assert read["coordinates"] == ["region", "variable", "unit", "year"]
    table: Path = tongzhou.folder / "tables" / "iamc.csv"
    header = table.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert header[:5] == ["model", "scenario", "region", "variable", "unit"]
    assert header[5:] == sorted(header[5:])
