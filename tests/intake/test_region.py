"""``lantian region new``: as the other region until its numbers are replaced, and it says so."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

import lantian as lt
from integration.workbench import REPOSITORY, Project, call, copy_project
from lantian.vocabulary import POLLUTANTS

SHORT = "yanqing"
TODO = f"scenarios/{SHORT}-todo.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def keys(row: dict[str, str]) -> list[str]:
    return [row.get(k, "") for k in ("source", "technology", "control", "fuel", "year")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_project(tmp_path_factory.mktemp("regions"))


@pytest.fixture(scope="module")
def moved(project: Project) -> Path:
    """A district of Beijing in 2025, half as many people as Tongzhou had in 2017."""
    answer = call(
        "region",
        "new",
        f"beijing/{SHORT}",
        "--from",
        "tongzhou",
        "--base-year",
        "2025",
        "--scale",
        "population",
        "--to",
        "751500 person",
        at=project.root,
    )
    assert (answer.code, answer.err) == (0, "")
    assert f"written: {TODO}" in answer.out
    told, _, files = answer.out.partition("written: ")
    moves = re.findall(r"PM2.5 mean (\d+) -> (\d+)", told)
    assert [int(new) - int(old) for old, new in moves] == [8]
    assert "are still those of Tongzhou District (Beijing). " in files
    assert "have sources of their own: fleet_sales.csv" in files
    assert "emit nothing: Freight, ports and airports; Power and heavy industry." in files
    return project.root / "inputs" / "regions" / "beijing" / SHORT


def emissions(scenario: Path) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    """Return the baseline of the base year of each source [t/a]."""
    study = lt.load(scenario)
    year = study.system.years.index(study.scenario.base_year)
    return dict(zip(study.system.sources.id, study.baseline[:, :, year], strict=True))


def test_unchanged_copy_emits_what_the_other_does_wherever_it_stands(project: Project) -> None:
    """A region of its own city borrows what the other has from the regions above it, too."""
    assert call("region", "new", "elsewhere", at=project.root).code == 0
    own = project.root / "inputs" / "regions" / "elsewhere"
    assert rows(own / "extends.csv")[0]["region"] == "china"
    assert (own / "climate.csv").exists()
    text = (project.root / "scenarios" / "elsewhere.yaml").read_text(encoding="utf-8")
    twin = project.root / "scenarios" / "twin.yaml"
    twin.write_text(
        text.replace("region: elsewhere", "region: tongzhou").replace('"elsewhere"', "twin"),
        encoding="utf-8",
    )
    copied, there = emissions(project.root / "scenarios" / "elsewhere.yaml"), emissions(twin)
    assert copied.keys() == there.keys()
    for source, emission in there.items():
        np.testing.assert_allclose(copied[source], emission, rtol=1e-12, err_msg=source)


def test_every_source_of_a_region_of_half_the_size_emits_half(project: Project) -> None:
    """Whatever table an amount stands in: none is left out, and none is scaled twice."""
    options = ("--from", "north-city", "--scale", "population", "--to")
    emitted = {}
    for name, people in (("whole", "9500000 person"), ("half", "4750000 person")):
        answer = call("region", "new", name, *options, people, at=project.root)
        assert answer.code == 0, answer.err
        study = lt.load(project.root / "scenarios" / f"{name}.yaml")
        emitted[name] = dict(zip(study.system.sources.id, study.baseline, strict=True))
    assert len(emitted["whole"]) > 50
    for source, whole in emitted["whole"].items():
        np.testing.assert_allclose(2 * emitted["half"][source], whole, rtol=1e-4, err_msg=source)


def test_amounts_are_scaled_years_moved_and_shares_left(moved: Path, project: Project) -> None:
    model = project.root / "inputs" / "regions" / "beijing" / "tongzhou"
    for table in ("activity/voc", "activity/dust", "fleet"):
        here, there = (sorted(rows(f / f"{table}.csv"), key=keys) for f in (moved, model))
        assert len(here) == len(there)
        for own, other in zip(here, there, strict=True):
            half = 1 if own["unit"] == "%" else 0.5  # shares of kilometres stay
            assert float(own["value"]) == pytest.approx(float(other["value"]) * half, rel=1e-5)
            assert int(own["year"]) == int(other["year"]) + 8
    share = "dustfall-background-share"
    found = [r for r in rows(moved / "response.csv") if r["parameter"] == share]
    assert [(r["year"], r["value"]) for r in found] == [("2025", "0.3"), ("2028", "0.35")]
    people = {r["year"]: r for r in rows(moved / "region.csv") if r["parameter"] == "population"}
    assert people["2025"]["value"] == "751500"
    assert people["2025"]["source_key"] == "assumption"
    assert float(people["2023"]["value"]) == pytest.approx(1387000 / 2)
    assert rows(moved / "topdown.csv") == []


def test_every_copied_number_is_marked_and_cited(moved: Path, project: Project) -> None:
    for path in moved.rglob("*.csv"):
        for row in rows(path):
            if row.get("source_key", "assumption") != "assumption":
                assert row["source_key"] == "borrowed-tongzhou"
                assert row["note"].startswith("tongzhou, ")
                assert row["basis"] in ("assumed", "derived")
    table = "inputs/sources.csv"  # runs that were made before depend on it
    assert (project.root / table).read_bytes() == (REPOSITORY / table).read_bytes()


def test_check_and_run_tell_how_many_numbers_are_borrowed_until_none_is(
    moved: Path, project: Project
) -> None:
    scenario = f"scenarios/{SHORT}.yaml"
    table = f"inputs/regions/beijing/{SHORT}/activity/open-burning.csv"
    before = call("check", scenario, at=project.root).out
    said = next(
        line
        for line in before.splitlines()
        if "are still those of Tongzhou District (Beijing)" in line
    )
    n, _, m, *_ = said.split()
    sales = rows(project.root / f"inputs/regions/beijing/{SHORT}/fleet_sales.csv")
    of_the_country = [r for r in sales if r["source_key"] == "assumption"]
    assert int(n) == int(m) - len(of_the_country)
    project.set(table, "source_key", "assumption", source="straw", year="2025")
    after = call("check", scenario, at=project.root).out
    project.set(table, "source_key", "borrowed-tongzhou", source="straw", year="2025")
    assert f"{int(n) - 1} of {m} numbers of this region are still those of Tongzhou" in after


def test_list_has_the_thirty_numbers_that_move_emissions_most(
    moved: Path, project: Project
) -> None:
    found = rows(project.root / TODO)
    assert [int(row["rank"]) for row in found] == list(range(1, 31))
    swing = [float(row["swing"].rstrip("%")) for row in found]
    assert swing == sorted(swing, reverse=True)
    assert swing[-1] > 0
    for row in found:
        line = rows(project.root / row["table"])[int(row["line"]) - 2]
        assert float(line["value"]) == float(row["value"])
        assert line["source_key"] == "borrowed-tongzhou"
        assert row["where_to_write"].startswith(f"{row['table']}:{row['line']} (")
        assert all(cell for name, cell in row.items() if name not in ("year", "unit"))
    assert len({(row["table"], row["what"]) for row in found}) == 30


def test_first_number_of_the_list_moves_what_it_says(moved: Path, project: Project) -> None:
    """At the ends of its range, written into the table, all other numbers as they are."""
    first = rows(project.root / TODO)[0]
    scenario = project.root / "scenarios" / f"{SHORT}.yaml"
    study = lt.load(scenario)
    pollutant = [str(name) for name in POLLUTANTS].index(first["moves"])
    year = len(study.system.years) - 1

    def total() -> float:
        return float(lt.load(scenario).baseline[:, pollutant, year].sum())

    table = first["table"]
    lines, line = project.lines(table), int(first["line"]) - 1
    at = lines[0].index("value")
    middle, ends, now = total(), [], lines[line][at]
    for value in (first["low"], first["high"], now):
        lines[line][at] = value
        project.write(table, lines)
        ends.append(total())
    assert ends[2] == middle
    swing = abs(ends[1] - ends[0]) / 2 / middle
    assert swing == pytest.approx(float(first["swing"].rstrip("%")) / 100, abs=6e-4)


FACTORS = (
    ("car,-1\n", "factors-0.csv:2:2  factor\n  '-1' is not above 0."),
    (
        "strw,2\n",
        "factors-1.csv:2:1  source\n  'strw' is not a source of the other region. Did you mean",
    ),
    ("car,1.5\ncar,2\n", "factors-2.csv:3:1  source\n  the same keys as in line 2."),
    ("car,nan\n", "factors-3.csv:2:2  factor\n  'nan' is not a finite number."),
    ("car,lots\n", "factors-4.csv:2:2  factor\n  'lots' is not a number."),
    ("car\n", "factors-5.csv:2:2  factor\n  this is missing."),
    ("car,2,3\n", "factors-6.csv:2:3\n  3 cells in a table of 2 columns."),
    ("car,0\n", "factors-7.csv:2:2  factor\n  '0' is not above 0."),
    ("car,1e999\n", "factors-8.csv:2:2  factor\n  '1e999' is not a finite number."),
    ("taxi,2\nTaxi,2\n", "factors-9.csv:3:1  source\n  'Taxi' differs from 'taxi' in line 2"),
    (",2\n,3\n", "factors-10.csv:3:1  source\n  the same keys as in line 2."),
)
WRONG = {
    "there": (["beijing/tongzhou"], "this is there already"),
    "unknown": (["new", "--from", "tongzou"], "Did you mean 'tongzhou'?"),
    "no such size": (
        ["new", "--scale", "gdp", "--to", "5 亿元"],
        "no number for 'gdp', only for population, area",
    ),
    "unit": (["new", "--scale", "area", "--to", "5 person"], "not a unit of the same kind"),
    "zero": (["new", "--scale", "area", "--to", "0 km2"], "not above zero"),
    "no number": (["new", "--scale", "area", "--to", "large"], "not a number and a unit"),
    "alone": (["new", "--scale", "area"], "--scale and --to go together"),
    "no table": (["new", "--scale", "table", "--to", "none.csv"], "none.csv"),
    "no parent": (["nowhere/new"], "there is no region 'nowhere'"),
    "no name": (["beijing/某区"], "NAME\n  '某区' is no name for a scenario"),
    "no name either": (["beijing/My District"], "such as my-district."),
    "far ahead": (["new", "--base-year", "2100"], "2100"),
    "long ago": (["new", "--base-year", "1890"], "1890"),
    **{
        f"factors {n}": (["new", "--scale", "table", "--to", f"factors-{n}.csv"], said)
        for n, (_, said) in enumerate(FACTORS)
    },
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_done_is_told_and_nothing_written(kind: str, project: Project) -> None:
    arguments, said = WRONG[kind]
    for n, (lines, _) in enumerate(FACTORS):
        (project.root / f"factors-{n}.csv").write_text(f"source,factor\n{lines}", encoding="utf-8")
    before = sorted(project.root.rglob("*"))
    answer = call("region", "new", *arguments, at=project.root)
    assert answer.code == 2
    assert said in answer.err
    assert sorted(project.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("model", "year", "size"),
    [
        ("north-city", "2023", ("population", "8000000 person")),
        ("shijiazhuang", "2024", ("gdp", "9000 亿元")),
        ("xian/xincheng", "2025", ("area", "60 km2")),
        ("mentougou", "2025", ()),
    ],
)
def test_whatever_is_borrowed_is_a_region_that_can_be_checked(
    model: str, year: str, size: tuple[str, ...], project: Project
) -> None:
    """No number of another size or year contradicts what was scaled."""
    name = model.rpartition("/")[2] + "-twin"
    options = ("--scale", size[0], "--to", size[1]) if size else ()
    arguments = ("region", "new", name, "--from", model, "--base-year", year, *options)
    answer = call(*arguments, at=project.root)
    assert (answer.code, answer.err) == (0, "")
    assert "mend this" not in answer.out
    around = "Not scaled, as it is of the surroundings: "
    assert (around in answer.out) == (model == "xian/xincheng")
    assert (project.root / "scenarios" / f"{name}-todo.csv").exists()


def test_sources_are_scaled_one_by_one_by_a_table(project: Project) -> None:
    (project.root / "factors.csv").write_text("source,factor\nstraw,3\n", encoding="utf-8")
    options = ("--scale", "table", "--to", "factors.csv")
    assert call("region", "new", "farmland", *options, at=project.root).code == 0
    burning = rows(project.root / "inputs/regions/farmland/activity/open-burning.csv")
    straw = {r["year"]: r["value"] for r in burning if r["source"] == "straw"}
    assert straw == {"2015": "9000", "2017": "4500"}
    fleet = rows(project.root / "inputs/regions/farmland/fleet.csv")
    assert next(r["value"] for r in fleet if r["parameter"] == "stock") == "315000"


def test_sales_go_on_as_in_the_country_where_the_other_region_stops(
    moved: Path, project: Project
) -> None:
    """Tongzhou tells sales until 2020; a district of 2025 does not sell the cars of 2020."""
    shares = {
        (row["source"], row["fuel"], int(row["year"])): row
        for row in rows(moved / "fleet_sales.csv")
        if row["parameter"] == "share"
    }
    market = {
        (row["vehicles"], int(row["year"])): row["value"]
        for row in rows(project.root / "inputs" / "vehicle_market.csv")
    }
    assert shares["car", "battery", 2025]["value"] == market["car", 2025]
    assert shares["heavy-truck", "battery", 2030]["value"] == market["heavy", 2030]
    assert shares["taxi", "battery", 2030]["value"] == market["taxi", 2030]
    for source in ("car", "light-truck", "bus-other"):
        fuels = [f for (s, f, y) in shares if (s, y) == (source, 2025)]
        total = sum(float(shares[source, fuel, 2025]["value"]) for fuel in fuels)
        assert total == pytest.approx(1.0, abs=1e-3), source
    assert shares["car", "battery", 2017]["source_key"] == "borrowed-tongzhou"
    assert shares["car", "battery", 2025]["source_key"] == "assumption"
    study = lt.load(project.root / "scenarios" / f"{SHORT}.yaml")
    assert not [w for w in study.warnings if "new vehicles" in w.text()]


def test_sales_that_end_before_the_base_year_are_told_once(moved: Path, project: Project) -> None:
    table = moved / "fleet_sales.csv"
    text = table.read_text(encoding="utf-8")
    table.unlink()
    try:
        told = [w.text() for w in lt.load(project.root / "scenarios" / f"{SHORT}.yaml").warnings]
    finally:
        table.write_text(text, encoding="utf-8")
    (said,) = (text for text in told if "new vehicles" in text)
    assert "until 2020 only, and the base year is 2025: " in said
    assert "car" in said
    assert "fleet_sales.csv:" in said


def test_what_the_other_region_leaves_out_is_left_out(project: Project) -> None:
    """Of its own district it is no row; of the city above both the new region says so again."""
    model = project.root / "inputs" / "regions" / "beijing" / "bare"
    (model / "without" / "activity").mkdir(parents=True)
    (model / "extends.csv").write_text("region,note\nbeijing/tongzhou,\n", encoding="utf-8")
    burning = model / "without" / "activity" / "open-burning.csv"
    burning.write_text("source,technology,control\nstraw,open-field,\n", encoding="utf-8")
    weather = model / "without" / "weather.csv"
    weather.write_text("indicator,parameter\npm25,effect\n", encoding="utf-8")
    answer = call("region", "new", "beijing/thin", "--from", "beijing/bare", at=project.root)
    assert (answer.code, answer.err) == (0, "")
    own = project.root / "inputs" / "regions" / "beijing" / "thin"
    burned = own / "activity" / "open-burning.csv"
    assert not burned.exists() or "straw" not in burned.read_text(encoding="utf-8")
    assert rows(own / "without" / "weather.csv") == [{"indicator": "pm25", "parameter": "effect"}]
