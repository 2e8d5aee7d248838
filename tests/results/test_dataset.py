"""``results.nc``: by the CF conventions, the same bytes for the same inputs, nothing invented."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cf_units
import numpy as np
import pytest
import xarray as xr
from compliance_checker.runner import CheckSuite, ComplianceChecker

from integration.workbench import PLANS, REPOSITORY, Finished, call
from lantian.results.contract import VARIABLES
from lantian.results.dataset import CONVENTIONS, OWN_UNIT, read_dataset

KOHN = "scenarios/published/kohn-cement.yaml"

Runs = Callable[[str], Finished]


@pytest.mark.parametrize("plan", PLANS)
def test_the_cf_checker_finds_nothing(plan: str, run_plan: Runs, tmp_path: Path) -> None:
    CheckSuite.load_all_available_checkers()
    report = tmp_path / "report.txt"
    passed, errors = ComplianceChecker.run_checker(
        str(run_plan(plan).folder / "results.nc"),
        [CONVENTIONS.lower().replace("-", ":")],
        verbose=1,
        criteria="strict",
        output_filename=str(report),
        output_format="text",
    )
    assert passed, report.read_text(encoding="utf-8")
    assert not errors


def test_attributes_are_those_of_the_declarations(tongzhou: Finished) -> None:
    with xr.open_dataset(tongzhou.folder / "results.nc") as data:
        assert set(data.variables) == set(VARIABLES)
        for name, declared in VARIABLES.items():
            found = data[name]
            assert found.dims == declared.dims, name
            assert found.attrs["long_name"] == declared.means.en
            assert found.attrs.get("units", "") == declared.unit
            assert (OWN_UNIT in found.attrs) == bool(declared.own_unit)
        assert data["unit_cost"].attrs[OWN_UNIT].startswith("yuan per year and state_unit")
        assert data.attrs["institution"].strip()
        labels = {name for name, declared in VARIABLES.items() if declared.role == "label"}
        assert set(data.coords) == {*labels, "year"}


def test_units_without_a_word_in_udunits_are_one(tongzhou: Finished) -> None:
    """Were UDUNITS to learn what a household is, the attribute could go."""
    with xr.open_dataset(tongzhou.folder / "results.nc") as data:
        units = set(np.unique(data["state_unit"].astype(str)))
        own = {v.attrs["units"] for v in data.values() if OWN_UNIT in v.attrs}
    assert own == {"1"}
    strange = []
    for unit in sorted(units):
        try:
            cf_units.Unit(unit)
        except ValueError:
            strange.append(unit)
    assert {"household", "vehicle"} <= set(strange)


def test_years_that_a_case_was_not_solved_for_are_missing(tongzhou: Finished) -> None:
    data = read_dataset(tongzhou.folder / "results.nc")
    least = data.sel(case="least_cost")
    for name in ("emission", "activity", "uptake"):
        assert least[name].sel(year=[2015, 2017, 2018, 2019]).isnull().all(), name
        assert least[name].sel(year=2020).notnull().all(), name
        assert data[name].sel(case=["baseline", "plan"]).notnull().all(), name
    assert np.isnan(data["uptake"].encoding["_FillValue"])


def test_items_are_selected_by_name(tongzhou: Finished) -> None:
    data = read_dataset(tongzhou.folder / "results.nc")
    table = tongzhou.table("emissions")
    chosen = (table["case"] == "plan") & (table["pollutant"] == "NOx") & (table["year"] == 2020)
    value = data["emission"].sel(case="plan", pollutant="NOx", year=2020).sum("source")
    assert float(value) == pytest.approx(table.loc[chosen, "value"].sum(), rel=1e-12)


def test_the_recipe_of_the_readme_selects_by_name(tongzhou: Finished, tmp_path: Path) -> None:
    lines = (REPOSITORY / "runs" / "README.md").read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if "xarray.open_dataset(" in line)
    recipe = [line.strip() for line in lines[first : first + 5]]
    code = ["import xarray", *recipe[:4], f"print(float({recipe[4]}))"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(code)],
        cwd=tongzhou.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = read_dataset(tongzhou.folder / "results.nc")["emission"].sel(
        case="plan", pollutant="NOx", year=2020
    )
    assert float(done.stdout) == pytest.approx(float(expected.sum("source")), rel=1e-12)


def test_two_runs_give_the_same_bytes(starter: Path, district: Finished, tmp_path: Path) -> None:
    """Written to another place, by another command, later."""
    out = str(tmp_path / "elsewhere")
    call("--lang", "zh", "run", "scenarios/my-district.yaml", "--no-charts", "--out", out,
         at=starter)  # fmt: skip
    again = Finished(district.answer, tmp_path / "elsewhere" / "my-district")
    for name in ("results.nc", "scenario.yaml", "summary.json"):
        assert (again.folder / name).read_bytes() == (district.folder / name).read_bytes(), name
    names = sorted(path.name for path in (district.folder / "tables").iterdir())
    assert names == sorted(path.name for path in (again.folder / "tables").iterdir())
    for name in names:
        ours = (district.folder / "tables" / name).read_bytes()
        assert (again.folder / "tables" / name).read_bytes() == ours, name


def test_the_history_names_the_content_and_no_time(tongzhou: Finished) -> None:
    with xr.open_dataset(tongzhou.folder / "results.nc") as data:
        history = data.attrs["history"]
    manifest = tongzhou.manifest
    assert history == (
        f"lantian {manifest['version']}: run of scenario tongzhou-2020,"
        f" content id {manifest['content_id']}"
    )


def test_a_run_loads_neither_pandas_nor_xarray(tmp_path: Path) -> None:
    """They are for those who read runs; loading them would take a third of a second."""
    script = (
        "import contextlib, io, sys\n"
        "from lantian.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    main(['run', {KOHN!r}, '--no-charts', '--out', {str(tmp_path)!r}])\n"
        "print({'pandas', 'xarray', 'matplotlib'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
    assert (tmp_path / "kohn-cement" / "results.nc").exists()
