"""The tables of a region with one cell, row or file spoilt: what is said, and where."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from integration.workbench import Project, call, copy_project

REGION = "inputs/regions/beijing/tongzhou"
COAL = "inputs/factors/coal-gas.csv"
BULK_NOX = {"source": "home-coal", "technology": "bulk-coal", "pollutant": "NOx"}
LEDGER = "inputs/plans/tongzhou-2020/clauses.csv"

Told = list[tuple[str, str]]
Spoil = Callable[[Project], Told]


@dataclass(frozen=True)
class Cell:
    """One cell set to a text; ``column`` False: the place names the line alone."""

    table: str
    name: str
    text: str
    keys: dict[str, str]
    message: str
    column: bool = True

    def __call__(self, project: Project) -> Told:
        line, at = project.set(self.table, self.name, self.text, **self.keys)
        place = f"{self.table}:{line}" + (f":{at}  {self.name}" if self.column else "")
        return [(place, self.message)]


CELLS = {
    "not a number": Cell(COAL, "value", "two", BULK_NOX, "'two' is not a number."),
    "a boolean": Cell(COAL, "value", "TRUE", BULK_NOX, "'TRUE' is not a number."),
    # Its roads stay roads: the tables that name them are not told to be wrong.
    "a word in the equations of road dust": Cell(
        "inputs/factors/dust_equations.csv",
        "basis",
        "publishd",
        {"equation": "paved-2011", "pollutant": "TSP", "part": "factor"},
        "'publishd' is not one of 'measured', 'published', 'derived', 'assumed'."
        " Did you mean 'published'?",
    ),
    "NaN": Cell(COAL, "value", "NaN", BULK_NOX, "'NaN' is not a finite number."),
    "empty number": Cell(COAL, "value", "", BULK_NOX, "this is missing. Fill it in."),
    "empty unit": Cell(COAL, "unit", "", BULK_NOX, "this is missing. Fill it in."),
    "unknown unit": Cell(
        COAL,
        "unit",
        "kg/tt",
        BULK_NOX,
        "'kg/tt' is not a known unit. Did you mean 't'? Units are listed in inputs/README.md,"
        " section 3.",
    ),
    "unit of another kind": Cell(
        COAL,
        "unit",
        "kg/m3",
        BULK_NOX,
        "'kg/m3' is not a unit of the same kind as 't/t'.",
        column=False,
    ),
    "slip of a thousand": Cell(
        COAL,
        "unit",
        "t/t",
        BULK_NOX,
        r"NOx of 'home-coal / bulk-coal' is 2\.2 t per t\. Plausible: \S+ to \S+\. Check the unit"
        r" of its factor \(a slip of 1000 is common\)\.",
        column=False,
    ),
    "low above value": Cell(
        COAL,
        "low",
        "2.5",
        BULK_NOX,
        "low 2.5 <= value 2.2 <= high 2.99 fails: widen the range or mend the value.",
        column=False,
    ),
    "unknown basis": Cell(
        COAL,
        "basis",
        "guess",
        BULK_NOX,
        "'guess' is not one of 'measured', 'published', 'derived', 'assumed'.",
    ),
    "no source": Cell(COAL, "source_key", "", BULK_NOX, "this is missing. Fill it in."),
    "misspelt technology of a factor": Cell(
        COAL,
        "technology",
        "bulk-cole",
        BULK_NOX,
        "'bulk-cole' is not a technology of sector 'coal-gas'. Did you mean 'bulk-coal'?",
        column=False,
    ),
    "misspelt technology of an activity": Cell(
        f"{REGION}/activity/coal-gas.csv",
        "technology",
        "bulk-cole",
        {"source": "home-coal", "technology": "bulk-coal", "year": "2017"},
        "'bulk-cole' is not a technology of source 'home-coal'. Expected: .*bulk-coal.*"
        "Did you mean 'bulk-coal'?",
        column=False,
    ),
    "misspelt source of an activity": Cell(
        f"{REGION}/activity/coal-gas.csv",
        "source",
        "home-cole",
        {"source": "home-coal", "technology": "bulk-coal", "year": "2015"},
        "'home-cole' is not a source of sector 'coal-gas'. Did you mean 'home-coal'?",
        column=False,
    ),
    "part of a year": Cell(
        f"{REGION}/activity/coal-gas.csv",
        "year",
        "2017.5",
        {"source": "home-coal", "technology": "bulk-coal", "year": "2017"},
        "'2017.5' is not a whole number.",
    ),
    "unknown measure": Cell(
        "inputs/measures/reach.csv",
        "measure",
        "loose-cole-ban",
        {"measure": "loose-coal-ban"},
        "'loose-cole-ban' is not in the measure catalogue. Did you mean 'loose-coal-ban'?",
        column=False,
    ),
    "unknown control": Cell(
        "inputs/measures/applies.csv",
        "control",
        "six-control",
        {"control": "six-controls"},
        "'six-control' is not a control. Did you mean 'six-controls'?",
        column=False,
    ),
    "unknown source of a measure": Cell(
        "inputs/measures/applies.csv",
        "source",
        "ritual-papr",
        {"measure": "ritual-burning-control"},
        "'ritual-papr' is not a known source. Did you mean 'ritual-paper'?",
        column=False,
    ),
    "unknown technology of a measure": Cell(
        "inputs/measures/applies.csv",
        "from_technology",
        "bulk-cole",
        {"measure": "loose-coal-ban", "from_technology": "bulk-coal"},
        "'bulk-cole' is not a known technology. Did you mean 'bulk-coal'?",
        column=False,
    ),
    "unknown kind of measure": Cell(
        "inputs/measures/catalogue.csv",
        "kind",
        "shifts",
        {"measure": "coal-boiler-to-gas"},
        "'shifts' is not one of 'activity', 'shift', 'control', 'compliance'."
        " Did you mean 'shift'?",
    ),
    "cost without its year in the index": Cell(
        "inputs/measures/costs.csv",
        "currency_year",
        "1995",
        {"measure": "coal-boiler-to-gas", "item": "capital", "transfer": "no"},
        "the price index has no year 1995.",
        column=False,
    ),
    "cost per another unit": Cell(
        "inputs/measures/costs.csv",
        "unit",
        "yuan/vehicle",
        {"measure": "coal-boiler-to-gas", "item": "capital", "transfer": "no"},
        "'yuan/vehicle' is not a unit of the same kind as .*",
        column=False,
    ),
    "shares that do not add up": Cell(
        "inputs/regions/china/response.csv",
        "value",
        "0.6",
        {"parameter": "released", "group": "mobile"},
        "the rows released mobile add up to 0.6, not to 1.",
        column=False,
    ),
    "clause without its commitment": Cell(
        LEDGER,
        "commitments",
        "zev-new-bos",
        {"row_id": "tongzhou-2020-013"},
        "'zev-new-bos' is not a commitment of the scenario. Did you mean 'zev-new-bus'?",
        column=False,
    ),
    "clause without a reason": Cell(
        LEDGER,
        "reason",
        "",
        {"row_id": "tongzhou-2020-001"},
        "a clause that is not modelled needs a reason, and only such a clause.",
        column=False,
    ),
    "sector of a source": Cell(
        "inputs/sectors/sources.csv",
        "sector",
        "vok",
        {"source": "printing", "technology": "solvent"},
        "'vok' is not a sector. Did you mean 'voc'?",
        column=False,
    ),
    "misspelt fuel": Cell(
        "inputs/factors/vehicle_base_factors.csv",
        "fuel",
        "gasolin",
        {"fuel": "gasoline"},
        "'gasolin' is not one of 'gasoline', .* Did you mean 'gasoline'?",
    ),
    "source of a cost": Cell(
        "inputs/measures/costs.csv",
        "source",
        "medium-truk",
        {"source": "medium-truck"},
        "'medium-truk' is not a known source. Did you mean 'medium-truck'?",
        column=False,
    ),
    "year of nobody": Cell(
        f"{REGION}/drivers.csv",
        "year",
        "9999",
        {"driver": "heated-area", "year": "2018"},
        "'9999' is above 2150.",
    ),
    "published assumption": Cell(
        f"{REGION}/drivers.csv",
        "basis",
        "published",
        {"driver": "heated-area", "year": "2018", "source_key": "assumption"},
        "a number that is 'published' has a source of its own, not 'assumption'.",
    ),
    "band of a source": Cell(
        "inputs/sectors/bands.csv",
        "low",
        "9",
        {"source": "printing", "pollutant": "VOC"},
        "low 9 is above high 1.",
        column=False,
    ),
}

NO_ROW = "no row .*; write 0 if there is none."
ALSO = {
    "misspelt technology of an activity": [NO_ROW],
    "misspelt source of an activity": [NO_ROW],
    "assumed_without_a_range": [NO_ROW],
    "unknown measure": ["'loose-coal-ban' has no reach on source 'home-coal'."],
    "in_several_files": ["'loose-coal-ban' has no reach on source 'home-coal'."],
    "clause without its commitment": ["the ledger does not list '.*' under clause '.*'."],
}
"""What follows from a mistake elsewhere, and is told as well."""


def assumed_without_a_range(project: Project) -> Told:
    table, keys = f"{REGION}/drivers.csv", {"driver": "heated-area", "year": "2018"}
    line, _ = project.set(table, "low", "1.03", **keys)
    project.set(table, "high", "1.03", **keys)
    return [(f"{table}:{line}", "an assumed number needs a range: low and high must differ.")]


def cars_counted_in_ten_thousands(project: Project) -> Told:
    table, keys = f"{REGION}/fleet.csv", {"source": "car", "parameter": "stock", "year": "2017"}
    line, _ = project.set(table, "value", "36", **keys)
    project.set(table, "low", "28", **keys)
    project.set(table, "high", "43", **keys)
    return [
        (
            f"{table}:{n}",
            f".* vehicle is .* times more or less than in line {n - 1}. Check the unit; where it"
            " is true, add a row of a year in between.",
        )
        for n in (line, line + 1)
    ]


def table_in_two_files(project: Project) -> Told:
    (project.root / COAL).with_suffix(".xlsx").write_bytes(b"")
    return [(COAL, f"the same table stands in {COAL[:-4]}.xlsx. Keep one of the two files.")]


def ledger_without_clauses(project: Project) -> Told:
    project.write(LEDGER, project.lines(LEDGER)[:1])
    return [
        (
            LEDGER,
            "the ledger has no clause. List the plan's clauses, or leave 'plan' out of the"
            " scenario.",
        )
    ]


def missing_factor(project: Project) -> Told:
    project.drop("inputs/factors/voc.csv", source="architectural-coating", technology="solvent")
    return [
        (
            "inputs/factors/voc.csv",
            "no row for source 'architectural-coating', technology"
            " 'solvent', pollutant 'VOC'. Add the row; write 0 if there is none.",
        )
    ]


def missing_reference_year(project: Project) -> Told:
    table = f"{REGION}/activity/coal-gas.csv"
    project.drop(table, source="home-coal", technology="bulk-coal", year="2015")
    line = project.find(table, source="home-coal", technology="bulk-coal")
    return [
        (
            f"{table}:{line}",
            "no row of the year 2015 for 'home-coal / bulk-coal'. Add the"
            " row; write 0 if there is none.",
        )
    ]


def measure_without_cost(project: Project) -> Told:
    project.drop("inputs/measures/costs.csv", measure="coal-boiler-to-gas")
    line = project.find("inputs/measures/catalogue.csv", measure="coal-boiler-to-gas")
    return [
        (
            f"inputs/measures/catalogue.csv:{line}",
            "'coal-boiler-to-gas' has no cost row. A"
            " measure without a cost is never free: write 'unpriced'.",
        )
    ]


def measure_without_reach(project: Project) -> Told:
    project.drop("inputs/measures/reach.csv", measure="loose-coal-ban")
    line = project.find("inputs/measures/catalogue.csv", measure="loose-coal-ban")
    return [
        (
            f"inputs/measures/catalogue.csv:{line}",
            "'loose-coal-ban' has no reach on source 'home-coal'.",
        )
    ]


def measure_without_arcs(project: Project) -> Told:
    project.drop("inputs/measures/applies.csv", measure="loose-coal-ban")
    line = project.find("inputs/measures/catalogue.csv", measure="loose-coal-ban")
    return [
        (
            f"inputs/measures/catalogue.csv:{line}",
            "'loose-coal-ban' applies to nothing. Add rows to applies.csv.",
        )
    ]


def missing_driver(project: Project) -> Told:
    project.drop(f"{REGION}/drivers.csv", driver="heated-area")
    return [(f"{REGION}/drivers.csv", "no driver 'heated-area', which source '.*' follows.*")]


def driver_that_begins_late(project: Project) -> Told:
    project.drop(f"{REGION}/drivers.csv", driver="heated-area", year="2015")
    line = project.find(f"{REGION}/drivers.csv", driver="heated-area")
    return [
        (
            f"{REGION}/drivers.csv:{line}",
            "driver 'heated-area' begins in 2017, and the run in 2015. Add a row of 2015 or "
            "earlier.",
        )
    ]


def same_row_twice(project: Project) -> Told:
    lines = project.lines(COAL)
    first = project.find(COAL, **BULK_NOX)
    project.write(COAL, [*lines, lines[first - 1]])
    return [
        (f"{COAL}:{len(lines) + 1}", f"the same keys as in line {first}. Keep one of the two rows.")
    ]


def too_many_cells(project: Project) -> Told:
    lines = project.lines(COAL)
    line = project.find(COAL, **BULK_NOX)
    lines[line - 1].append("more")
    project.write(COAL, lines)
    width = len(lines[0])
    return [
        (
            f"{COAL}:{line}",
            f"{width + 1} cells in a table of {width} columns. A text that"
            " holds a comma needs quotes.",
        )
    ]


def misspelt_column(project: Project) -> Told:
    lines = project.lines(COAL)
    at = lines[0].index("pollutant")
    lines[0][at] = "polutant"
    project.write(COAL, lines)
    return [
        (f"{COAL}:1", "column 'pollutant' is missing."),
        (f"{COAL}:1:{at + 1}", "unknown column 'polutant'. Expected: .*Did you mean 'pollutant'?"),
    ]


def standards_in_the_wrong_order(project: Project) -> Told:
    dates = "inputs/regions/beijing/standard_dates.csv"
    for column, text in (("value", "1993"), ("low", "1992"), ("high", "1994")):
        early, _ = project.set(dates, column, text, rule="diesel", standard="IV")
    at = project.lines(dates)[0].index("value") + 1
    told = "standard IV of 'diesel' begins in 1993, before III in 2006. Mend one of the two.*"
    return [(f"{dates}:{early}:{at}  value", told)]


def not_utf8(project: Project) -> Told:
    path = project.root / COAL
    path.write_bytes(path.read_bytes() + "通州区".encode("gb18030"))
    return [(COAL, "the file is not UTF-8. In Excel: save as 'CSV UTF-8'.")]


def missing_file(project: Project) -> Told:
    (project.root / COAL).unlink()
    return [(COAL, "this table is missing. Expected columns: .*source, technology, pollutant.*")]


def missing_observation(project: Project) -> Told:
    project.drop(f"{REGION}/air.csv", indicator="pm25", year="2017")
    return [
        (
            f"{REGION}/air.csv",
            "no row for indicator 'pm25', year '2017'. Add the row.",
        )
    ]


def loop_that_earns(project: Project) -> Told:
    """A coach becomes electric, and goes back for more than that costs."""
    rows = {
        "catalogue": "back-to-diesel,shift,stock,on-road,priced,no,,,assumption,test",
        "applies": "back-to-diesel,coach,battery,diesel-VI,,,,",
        "reach": "back-to-diesel,,reach,1,1,0.5,1,assumed,assumption,test",
        "costs": "back-to-diesel,coach,savings,,2018,no,190000,yuan/vehicle/a,50000,200000,assumed,"
        "assumption,judgement,test",
    }
    for name, row in rows.items():
        table = f"inputs/measures/{name}.csv"
        project.write(table, [*project.lines(table), row.split(",")])
    line = len(project.lines("inputs/measures/costs.csv"))
    return [
        (
            f"inputs/measures/costs.csv:{line}",
            "These measures lead round in a circle and earn money each time: "
            "zev-support-other-fleets; "
            "back-to-diesel. Check their costs and savings.",
        )
    ]


def in_several_files(project: Project) -> Told:
    """A region table, a catalogue table, the ledger and the scenario."""
    names = ("empty unit", "unknown measure", "clause without a reason")
    told = [place for name in names for place in CELLS[name](project)]
    scenario = "scenarios/tongzhou-2020.yaml"
    text = (project.root / scenario).read_text(encoding="utf-8").splitlines()
    line = 1 + next(i for i, words in enumerate(text) if "clause: [tongzhou-2020-003]" in words)
    project.edit(scenario, "[tongzhou-2020-003]", "[tongzhou-2020-903]")
    column = len("    clause: [") + 1
    return sorted(
        [
            *told,
            (
                f"{scenario}:{line}:{column}  targets[0].clause[0]",
                "'tongzhou-2020-903' is not in .*clauses.csv.*",
            ),
        ]
    )


OTHERS = (
    cars_counted_in_ten_thousands,
    table_in_two_files,
    ledger_without_clauses,
    assumed_without_a_range,
    missing_factor,
    missing_reference_year,
    measure_without_cost,
    measure_without_reach,
    measure_without_arcs,
    missing_driver,
    driver_that_begins_late,
    same_row_twice,
    too_many_cells,
    misspelt_column,
    standards_in_the_wrong_order,
    not_utf8,
    missing_file,
    missing_observation,
    loop_that_earns,
    in_several_files,
)
CASES: dict[str, Spoil] = {**CELLS, **{case.__name__: case for case in OTHERS}}


def agrees(said: str, expected: str) -> bool:
    return said == expected or re.fullmatch(expected.replace("?", r"\?"), said) is not None


def is_at(where: str, place: str) -> bool:
    """Tell whether a problem stands at a place; where that is a line, at a cell of it."""
    a_cell = r":\d+(  \w+)?" if re.search(r"csv:\d+$", place) else ""
    return re.fullmatch(re.escape(place) + a_cell, where) is not None


@pytest.mark.parametrize("name", CASES)
def test_mistake_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    expected = CASES[name](project)
    answer = call("check", "scenarios/tongzhou-2020.yaml", at=project.root)
    lines = answer.err.splitlines()[:-1]
    told = list(zip(lines[::2], (line.strip() for line in lines[1::2]), strict=True))
    assert answer.code == 2
    for place, text in expected:
        assert any(is_at(where, place) and agrees(what, text) for where, what in told), answer.err
    others = [s for where, s in told if not any(is_at(where, place) for place, _ in expected)]
    for what in others:
        assert any(agrees(what, text) for text in ALSO.get(name, [])), answer.err


def test_a_faulty_table_does_not_hide_the_problems_of_other_sectors(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    grill = {"source": "restaurant-large", "technology": "none", "year": "2015"}
    project.set(f"{REGION}/activity/catering.csv", "value", "abc", **grill)
    project.set(COAL, "unit", "kg", **BULK_NOX)
    answer = call("check", "scenarios/tongzhou-2020.yaml", at=project.root)
    assert answer.code == 2
    assert "'abc' is not a number." in answer.err
    assert "'kg' is not a unit of the same kind as 't/t'." in answer.err
