"""A finished inventory: two tables become states and measures, or their faults are told."""

from pathlib import Path

import numpy as np
import pytest

from lantian.core.system import System
from lantian.errors import InputError, Problems
from lantian.finished import read_finished
from lantian.measures.compile import compile_system
from lantian.parameters import Space
from support.build import last_year, money_of, plan, total

HEADS = {
    "inventory": "source,pollutant,value,unit",
    "measures": "measure,source,pollutant,reduction,unit,reach,cost_per_year,cost_unit,group",
}
KILN = "kiln,NOx,1000,t"


def tables(
    folder: Path, inventory: list[str], measures: list[str], head: str = ""
) -> tuple[Path, Path]:
    for name, lines in (("inventory", inventory), ("measures", measures)):
        first = head if head and name == "inventory" else HEADS[name]
        (folder / f"{name}.csv").write_text("\n".join([first, *lines]) + "\n")
    return folder / "inventory.csv", folder / "measures.csv"


def system_of(
    folder: Path,
    inventory: list[str],
    measures: list[str],
    head: str = "",
    years: tuple[int, ...] = (2017, 2018),
) -> System:
    problems, space = Problems(), Space()
    found = read_finished(
        *tables(folder, inventory, measures, head), years, 2017, "yuan", folder, problems, space
    )
    money = money_of(space)
    compiled = compile_system(found.models, found.catalogue, money, years, 1, space, problems)
    problems.stop_if_any()
    return compiled.system(space.central())


def faults(folder: Path, inventory: list[str], measures: list[str], head: str = "") -> list[str]:
    with pytest.raises(InputError) as raised:
        system_of(folder, inventory, measures, head)
    return [p.text() for p in raised.value.problems]


def test_emissions_are_kept_to_the_last_digit(tmp_path: Path) -> None:
    system = system_of(tmp_path, [KILN, "kiln,VOC,2.5,kt/a", "boiler,NOx,7,t"], [])
    assert total(system, system.baseline).tolist() == [1007.0, 1007.0]
    assert total(system, system.baseline, "VOC").tolist() == [2500.0, 2500.0]


def test_shares_on_one_source_multiply(tmp_path: Path) -> None:
    # 1000 * (1 - 0.6) * (1 - 0.5) = 200
    system = system_of(
        tmp_path, [KILN], ["scr,kiln,NOx,60,%,100 %,1,万元,", "lnb,kiln,NOx,50,%,100 %,1,万元,"]
    )
    assert total(system, plan(system, {"scr": 1.0, "lnb": 1.0}).activity)[-1] == pytest.approx(200)


def test_amounts_on_one_source_add(tmp_path: Path) -> None:
    # 1000 - 300 - 200 = 500; half of the first: 1000 - 150 - 200
    system = system_of(
        tmp_path, [KILN], ["a,kiln,NOx,300,t,100 %,6,yuan,", "b,kiln,NOx,0.2,kt,100 %,8,yuan,"]
    )
    assert total(system, plan(system, {"a": 1.0, "b": 1.0}).activity)[-1] == pytest.approx(500)
    assert total(system, plan(system, {"a": 0.5, "b": 1.0}).activity)[-1] == pytest.approx(650)
    assert dict(zip(system.measures, system.moves.unit_cost, strict=True)) == {"a": 6.0, "b": 8.0}


def test_reach_cost_and_groups_are_those_of_the_table(tmp_path: Path) -> None:
    system = system_of(
        tmp_path, [KILN], ["scr,kiln,NOx,60,%,80 %,2,万元,g", "lnb,kiln,NOx,50,%,50%,,,g"]
    )
    assert system.groups.reach.tolist() == [0.8, 0.5]
    assert system.moves.unit_cost[0] == pytest.approx(2e4)
    assert np.isnan(system.moves.unit_cost[1])  # blank is unknown, never free
    assert all(len(c) <= 1 for c in system.states.controls)
    assert last_year(system, plan(system, {"scr": 1.0}).activity) == pytest.approx(
        {"kiln / as-is": 0.2, "kiln / as-is / scr on kiln": 0.8}
    )


def test_a_measure_may_lower_several_pollutants_at_once(tmp_path: Path) -> None:
    system = system_of(
        tmp_path,
        [KILN, "kiln,SO2,50,t"],
        ["scr,kiln,NOx,60,%,100 %,9,yuan,", "scr,kiln,SO2,10,%,100 %,9,yuan,"],
    )
    done = plan(system, {"scr": 1.0}).activity
    assert [total(system, done, p)[-1] for p in ("NOx", "SO2")] == pytest.approx([400.0, 45.0])
    assert system.moves.unit_cost.tolist() == [9.0]  # one cost for both lines


def test_years_after_the_base_year_keep_its_value_unless_given(tmp_path: Path) -> None:
    system = system_of(
        tmp_path,
        ["kiln,NOx,10,t,2017", "kiln,NOx,8,t,2019"],
        [],
        HEADS["inventory"] + ",year",
        (2017, 2018, 2019),
    )
    assert total(system, system.baseline).tolist() == [10.0, 10.0, 8.0]


SCR = "scr,kiln,NOx,60,%,100 %,1,yuan,"


@pytest.mark.parametrize(
    ("inventory", "measures", "said"),
    [
        ([KILN, KILN], [], "inventory.csv:3\n  source 'kiln', pollutant 'NOx' twice."),
        (["kiln,NOx,-5,t"], [], "inventory.csv:2\n  an emission cannot be -5.0."),
        (["kiln,NOx,5,m3"], [], "inventory.csv:2\n  'm3' is not a unit of the same kind as 't'."),
        (["kiln,NOX,5,t"], [], "inventory.csv:2:2  pollutant\n  'NOX' is not one of"),
        (["kiln,NOx,nan,t"], [], "inventory.csv:2:3  value\n"),
        (
            [KILN],
            ["scr,kihn,NOx,60,%,100 %,1,yuan,"],
            "measures.csv:2\n  'kihn' is not a source of the inventory. Did you mean 'kiln'?",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,130,%,100 %,1,yuan,"],
            "measures.csv:2\n  reduction 130 % is impossible.",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,-1,t,100 %,1,yuan,"],
            "measures.csv:2\n  reduction -1 t is impossible.",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,1200,t,100 %,1,yuan,"],
            "measures.csv:2\n  the measures on 'kiln' remove more than it emits.",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,60,%,0 %,1,yuan,"],
            "measures.csv:2\n  reach 0 % is not above 0 % and up to 100 %.",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,60,%,0.9,1,yuan,"],
            "measures.csv:2\n  reach: '0.9' has no unit. Write for instance '90 %'.",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,60,%,100 %,1,,"],
            "measures.csv:2\n  cost_per_year needs a cost_unit.",
        ),
        (
            [KILN],
            ["scr,kiln,NOx,60,%,100 %,1,USD,"],
            "measures.csv:2\n  'USD' is not a unit of the same kind as 'yuan'.",
        ),
        ([KILN], [SCR, SCR], "measures.csv:3\n  pollutant 'NOx' twice."),
        (
            [KILN],
            [SCR, "b,kiln,NOx,5,t,100 %,1,yuan,"],
            "measures.csv:3\n  source 'kiln' has measures that remove shares and others that remove"
            " amounts. Use one of the two for a source.",
        ),
        (
            [KILN],
            ["b,kiln,NOx,5,t,100 %,1,yuan,g"],
            "measures.csv:2\n  exclusive groups need reductions in %.",
        ),
        (
            [KILN],
            ["scr,kiln,VOC,60,%,100 %,1,yuan,"],
            "measures.csv:2\n  source 'kiln' emits no VOC.",
        ),
        (
            [KILN, "kiln,SO2,5,t"],
            [SCR, "scr,kiln,SO2,10,%,90 %,1,yuan,"],
            "measures.csv:3\n  'reach' differs from line 2.",
        ),
    ],
)
def test_faults(tmp_path: Path, inventory: list[str], measures: list[str], said: str) -> None:
    found = faults(tmp_path, inventory, measures)
    assert any(one.startswith(said) for one in found), found


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("4,,assumed", "low and high go together: give both or neither."),
        (
            "11,12,assumed",
            "low 11 <= value 10 <= high 12 fails: widen the range or mend the value.",
        ),
        ("10,10,assumed", "an assumed number needs a range: low and high must differ."),
    ],
)
def test_ranges_that_cannot_be(tmp_path: Path, cells: str, said: str) -> None:
    head = HEADS["inventory"] + ",low,high,basis"
    assert faults(tmp_path, [f"kiln,NOx,10,t,{cells}"], [], head) == [f"inventory.csv:2\n  {said}"]
