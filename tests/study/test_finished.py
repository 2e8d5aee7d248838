"""A finished inventory: two tables become states and measures, or their faults are told."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.core.system import System, emission_by_source
from lantian.errors import InputError, Problems, one_line
from lantian.inventory.contract import every_year
from lantian.inventory.finished import declare_sectors
from lantian.inventory.region import DriverRow, drivers_of
from lantian.inventory.tonnes import filled_years, read_emissions
from lantian.measures.compile import compile_system
from lantian.parameters import QuantityTable, Space
from lantian.parameters.money import Exchange
from lantian.study.finished import FinishedTables, read_finished
from lantian.vocabulary import POLLUTANTS
from support.build import last_year, money_of, plan, total

HEADS = {
    "inventory": "source,pollutant,value,unit",
    "measures": "measure,source,pollutant,reduction,unit,reach,cost_per_year,cost_unit,group",
}
KILN = "kiln,NOx,1000,t"


def tables(
    folder: Path,
    inventory: list[str],
    measures: list[str],
    head: str = "",
    measures_head: str = "",
) -> tuple[Path, Path]:
    heads = {"inventory": head, "measures": measures_head}
    for name, lines in (("inventory", inventory), ("measures", measures)):
        first = heads[name] or HEADS[name]
        (folder / f"{name}.csv").write_text("\n".join([first, *lines]) + "\n")
    return folder / "inventory.csv", folder / "measures.csv"


def system_of(
    folder: Path,
    inventory: list[str],
    measures: list[str],
    head: str = "",
    years: tuple[int, ...] = (2017, 2018),
    measures_head: str = "",
    growth: Path | None = None,
) -> System:
    problems, space = Problems(), Space()
    found = read_finished(
        FinishedTables(*tables(folder, inventory, measures, head, measures_head), growth=growth),
        years,
        2017,
        exchange=Exchange("yuan", {"EUR": 7.8}),
        root=folder,
        problems=problems,
        space=space,
    )
    money = money_of(space)
    compiled = compile_system(
        found.models,
        found.catalogue,
        money,
        years=years,
        start=1,
        space=space,
        problems=problems,
        scales=found.scales,
    )
    problems.stop_if_any()
    return compiled.system(space.central())


def faults(folder: Path, inventory: list[str], measures: list[str], head: str = "") -> list[str]:
    with pytest.raises(InputError) as raised:
        system_of(folder, inventory, measures, head)
    return [p.text() for p in raised.value.problems]


def said_of_lines(folder: Path, inventory: list[str], measures: list[str]) -> list[str]:
    """Return the faults by their lines alone; each stands at a cell."""
    found = faults(folder, inventory, measures)
    assert all(re.match(r"\S+:\d+:\d+  \w+\n", one) for one in found), found
    return [re.sub(r"^(\S+:\d+):\d+  \w+\n", r"\1\n", one) for one in found]


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


def yearly(folder: Path, rows: list[str], years: tuple[int, ...]) -> list[float]:
    system = system_of(folder, rows, [], HEADS["inventory"] + ",year", years)
    return cast(list[float], total(system, system.baseline).tolist())


def test_years_lie_on_straight_lines_and_the_last_row_holds(tmp_path: Path) -> None:
    rows = ["kiln,NOx,10,t,2017", "kiln,NOx,8,t,2019", "kiln,NOx,2,t,2022"]
    assert yearly(tmp_path, rows, tuple(range(2017, 2025))) == pytest.approx(
        [10, 9, 8, 6, 4, 2, 2, 2]
    )


def test_a_row_outside_the_run_is_used_only_by_a_line_that_crosses_its_end(tmp_path: Path) -> None:
    rows = ["kiln,NOx,10,t,2017", "kiln,NOx,8,t,2019", "kiln,NOx,0,t,2023"]
    assert yearly(tmp_path, rows, (2017, 2018)) == [10, 9]
    assert warned(tmp_path, rows, (2017, 2018)) == [
        "inventory.csv:4:5  year: rows of 2023 of source 'kiln', pollutant 'NOx' lie outside the"
        " run and are not used."
    ]
    assert warned(tmp_path, rows, (2017, 2018, 2019, 2020)) == []


def warned(folder: Path, rows: list[str], years: tuple[int, ...]) -> list[str]:
    path, _ = tables(folder, rows, [], HEADS["inventory"] + ",year")
    problems = Problems()
    read_emissions(path, years, 2017, folder, problems, Space())
    problems.stop_if_any()
    return [one_line(warning) for warning in problems.warnings]


def test_filled_years_are_listed_once_per_set_of_years(tmp_path: Path) -> None:
    rows = ["kiln,NOx,10,t,2017", "kiln,NOx,8,t,2019", "mill,NOx,1,t,", "mill,SO2,2,t,"]
    path, _ = tables(tmp_path, rows, [], HEADS["inventory"] + ",year")
    found = read_emissions(path, tuple(range(2017, 2021)), 2017, tmp_path, Problems(), Space())
    assert [m.text() for m in filled_years(found, "inventory.csv")] == [
        "inventory.csv has no row of 2018, 2020 for 1 series; these years lie on straight lines"
        " between the rows, or stay as the last one: kiln NOx.",
        "inventory.csv has one year of 2 series, which stay as they are in 2018, 2019, 2020:"
        " mill NOx, mill SO2.",
    ]


def test_before_its_first_row_a_series_has_no_number(tmp_path: Path) -> None:
    rows = ["kiln,NOx,10,t,2019"]
    path, _ = tables(tmp_path, rows, [], HEADS["inventory"] + ",year")
    problems = Problems()
    read_emissions(path, (2017, 2018, 2019), 2017, tmp_path, problems, Space())
    assert [p.text() for p in problems.found] == [
        "inventory.csv:2:5  year\n  source 'kiln', pollutant 'NOx' begins in 2019; the run needs"
        " 2017, 2018. Add a row of 2017 or earlier; 0 t only if nothing was emitted."
    ]


@given(
    known=st.dictionaries(
        st.integers(2000, 2040), st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=6
    ),
    length=st.integers(1, 12),
)
def test_regions_and_finished_inventories_fill_years_alike(
    known: dict[int, float], length: int
) -> None:
    """Drivers of a region and tonnes of a source are the lines that NumPy draws."""
    years = tuple(range(min(known), min(known) + length))
    expected = np.interp(years, sorted(known), [known[y] for y in sorted(known)])
    with TemporaryDirectory() as name:
        rows = [f"kiln,NOx,{value!r},t,{year}" for year, value in known.items()]
        assert yearly_from(Path(name), rows, years) == pytest.approx(expected.tolist())
    space, problems = Space(), Problems()
    driver = [
        DriverRow.model_construct(
            driver="d", year=year, value=value + 1, unit="1", low=0.0, high=2e6, basis="derived",
            source_key="x", note="",
        )
        for year, value in known.items()
    ]  # fmt: skip
    found = drivers_of(QuantityTable("drivers.csv", driver, problems, space), years, {}, {})
    assert found["d"](space.central())[:, 0] == pytest.approx((expected + 1).tolist())


def yearly_from(folder: Path, rows: list[str], years: tuple[int, ...]) -> list[float]:
    """Return the emissions of a run whose base year is its first."""
    path, _ = tables(folder, rows, [], HEADS["inventory"] + ",year")
    problems, space = Problems(), Space()
    found = read_emissions(path, years, years[0], folder, problems, Space())
    problems.stop_if_any()
    ((_, model),) = declare_sectors(found, [], space)
    block = model.block(space.central(), every_year(len(years)))
    return cast(list[float], block.factor[0, POLLUTANTS.index("NOx"), :, 0].tolist())


def test_a_share_below_0_raises_a_pollutant(tmp_path: Path) -> None:
    system = system_of(
        tmp_path,
        [KILN, "kiln,NH3,10,t"],
        ["scr,kiln,NOx,60,%,100 %,9,yuan,", "scr,kiln,NH3,-40,%,100 %,9,yuan,"],
    )
    done = plan(system, {"scr": 0.5}).activity
    assert [total(system, done, p)[-1] for p in ("NOx", "NH3")] == pytest.approx([700.0, 12.0])


def test_an_amount_below_0_is_added_even_to_nothing(tmp_path: Path) -> None:
    system = system_of(
        tmp_path, [KILN], ["scr,kiln,NOx,600,t,100 %,9,yuan,", "scr,kiln,NH3,-4,t,100 %,9,yuan,"]
    )
    done = plan(system, {"scr": 0.5}).activity
    assert [total(system, done, p)[-1] for p in ("NOx", "NH3")] == pytest.approx([700.0, 2.0])


TONNE = "measure,source,pollutant,reduction,unit,cost_per_tonne,cost_unit"


def by_tonne(
    folder: Path, inventory: list[str], measures: list[str], years: tuple[int, ...] = (2017, 2018)
) -> System:
    """Return the system of an inventory with years whose measures are paid by the tonne."""
    return system_of(
        folder, inventory, measures, HEADS["inventory"] + ",year", years, measures_head=TONNE
    )


def cost_of(system: System, uptake: dict[str, float]) -> float:
    moved = plan(system, uptake).moved
    return float(np.nansum(system.moves.unit_cost[:, None] * moved, axis=0)[-1])


def test_measures_in_series_are_paid_for_what_is_left_for_them(tmp_path: Path) -> None:
    # 600 t at 10 yuan; of the 400 t left, half are treated: 100 t removed at 30 yuan
    system = by_tonne(
        tmp_path,
        ["kiln,NOx,1000,t,"],
        ["scr,kiln,NOx,60,%,10,yuan/t", "lnb,kiln,NOx,50,%,0.003,万元/t"],
    )
    assert cost_of(system, {"scr": 1.0}) == pytest.approx(6000)
    assert cost_of(system, {"lnb": 1.0}) == pytest.approx(15000)
    assert cost_of(system, {"scr": 1.0, "lnb": 0.5}) == pytest.approx(6000 + 100 * 30)


@given(
    shares=st.lists(st.integers(1, 99), min_size=1, max_size=4),
    level=st.floats(0.0, 1.0),
    later=st.integers(100, 5000),
)
def test_one_price_per_tonne_costs_the_tonnes_removed_times_it(
    shares: list[int], level: float, later: int
) -> None:
    with TemporaryDirectory() as name:
        system = by_tonne(
            Path(name),
            ["kiln,NOx,1000,t,2017", f"kiln,NOx,{later},t,2018", "kiln,SO2,7,t,"],
            [f"m{i},kiln,NOx,{share},%,8,yuan/t" for i, share in enumerate(shares)],
        )
    done = plan(system, {f"m{i}": level for i in range(len(shares))})
    cut = total(system, system.baseline)[-1] - total(system, done.activity)[-1]
    assert cost_of(system, {f"m{i}": level for i in range(len(shares))}) == pytest.approx(
        8 * cut, abs=1e-6
    )
    assert total(system, system.baseline)[-1] == pytest.approx(later)
    assert total(system, system.baseline, "SO2").tolist() == pytest.approx([7.0, 7.0])


def test_stated_amounts_are_paid_by_the_tonne_too(tmp_path: Path) -> None:
    system = by_tonne(tmp_path, ["kiln,NOx,1000,t,"], ["a,kiln,NOx,300,t,10,yuan/t"])
    assert cost_of(system, {"a": 0.5}) == pytest.approx(1500)


def test_growth_is_followed_after_the_last_row(tmp_path: Path) -> None:
    (tmp_path / "growth.csv").write_text(
        "source,year,value\nindustry/*,2017,100\nindustry/*,2021,140\nmill,2017,1\nmill,2021,3\n"
    )
    system = system_of(
        tmp_path,
        [
            "kiln,NOx,10,t,industry,2017",
            "kiln,NOx,22,t,industry,2018",
            "mill,NOx,1,t,industry,",
            "bus,NOx,5,t,traffic,",
        ],
        [],
        HEADS["inventory"] + ",sector,year",
        (2017, 2018, 2019, 2020, 2021),
        growth=tmp_path / "growth.csv",
    )
    found = emission_by_source(system, system.baseline)[:, POLLUTANTS.index("NOx")]
    assert found.tolist() == pytest.approx(
        np.array([[10, 22, 24, 26, 28], [1, 1.5, 2, 2.5, 3], [5] * 5])
    )


def test_costs_by_size_follow_the_power_law(tmp_path: Path) -> None:
    # 10 yuan at 20 MW; 80 MW cost 4 ** 0.5 = 2 times as much
    head = TONNE.replace("cost_per_tonne", "cost_per_year") + ",at_size,exponent"
    system = system_of(
        tmp_path,
        ["a,NOx,1,t,20 MW", "b,NOx,1,t,80 MW"],
        ["scr,*,NOx,50,%,10,yuan,20000 kW,0.5"],
        HEADS["inventory"] + ",size",
        measures_head=head,
    )
    assert system.moves.unit_cost.tolist() == pytest.approx([10.0, 20.0])


SCR = "scr,kiln,NOx,60,%,100 %,1,yuan,"


@pytest.mark.parametrize(
    ("inventory", "measures", "said"),
    [
        ([KILN, KILN], [], "inventory.csv:3\n  source 'kiln', pollutant 'NOx' twice."),
        (["kiln,NOx,-5,t"], [], "inventory.csv:2\n  an emission cannot be -5.0."),
        (["kiln,NOx,5,m3"], [], "inventory.csv:2\n  'm3' is not a unit of the same kind as 't'."),
        (["kiln,NOy,5,t"], [], "inventory.csv:2\n  'NOy' is not one of"),
        (["kiln,NOx,nan,t"], [], "inventory.csv:2\n"),
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
            "measures.csv:2\n  'scr' lowers nothing on 'kiln': its reduction is -1 t. A reduction"
            " below 0 raises a pollutant; it stands beside one above 0 of the same measure and"
            " source.",
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
            "measures.csv:2\n  money in USD needs a rate: write 'rates: {USD: .. yuan}' under"
            " economics.",
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
    found = said_of_lines(tmp_path, inventory, measures)
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
    found = faults(tmp_path, [f"kiln,NOx,10,t,{cells}"], [], head)
    assert found == [f"inventory.csv:2:5  low\n  {said}"]


def test_an_inventory_of_a_header_is_told_once(tmp_path: Path) -> None:
    told = faults(
        tmp_path, [], ["scr,kiln,NOx,50,%,100 %,10,yuan,", "lnb,mill,NOx,50,%,100 %,10,yuan,"]
    )
    assert len(told) == 1
    assert told[0].startswith("inventory.csv:2\n  the table has no rows.")
