"""Every table of every plan: as declared, read back cell by cell, its ids with names."""

from collections.abc import Callable

import pandas as pd
import pytest

from integration.workbench import PLANS, Finished
from lantian.results.contract import TABLES, Column, Table, tables_of
from lantian.results.frame import make_frame, pandas_type, read_frame
from lantian.vocabulary import without_kind

NAMED = ("sector", "source", "technology", "control", "measure", "target")
"""What the ids of the plans have display names for."""
NO_LABEL = {"all", "total", "background"}
"""Words that stand for more than one id."""

Runs = Callable[[str], Finished]


def read(run: Finished, table: Table) -> pd.DataFrame:
    return read_frame(table, run.folder / "tables" / f"{table.name}.csv")


@pytest.mark.parametrize("plan", PLANS)
def test_a_run_writes_the_declared_tables_and_no_others(plan: str, run_plan: Runs) -> None:
    written = {path.stem for path in (run_plan(plan).folder / "tables").iterdir()}
    declared = {table.name for table in tables_of("run")}
    assert written <= declared
    assert {TABLES[name].absent is not None for name in declared - written} == {True}


@pytest.mark.parametrize("plan", PLANS)
def test_every_table_agrees_with_its_declaration(plan: str, run_plan: Runs) -> None:
    run = run_plan(plan)
    for table in tables_of("run"):
        path = run.folder / "tables" / f"{table.name}.csv"
        if not path.exists():
            continue
        rows = read_frame(table, path)
        plain = rows.astype(object).where(rows.notna(), None)
        frame = make_frame(table, {str(name): list(plain[name]) for name in rows})
        assert frame.text() == path.read_text(encoding="utf-8-sig"), table.name
        types = {str(name): str(kind) for name, kind in rows.dtypes.items()}
        assert types == {name: pandas_type(table.column(name)) for name in types}


@pytest.mark.parametrize("plan", PLANS)
def test_a_number_stands_beside_its_unit(plan: str, run_plan: Runs) -> None:
    for table in tables_of("run"):
        if table.absent is not None:
            continue
        rows = read(run_plan(plan), table)
        for column in table.columns:
            if column.unit_in:
                bare = rows[column.name].notna() & rows[column.unit_in].isna()
                assert not bare.any(), f"{table.name}.{column.name}"


def ids(rows: pd.DataFrame, column: Column) -> set[str]:
    cells = rows[column.name].dropna()
    if column.separator:
        cells = cells.str.split(column.separator).explode()
    return set(cells) - NO_LABEL


@pytest.mark.parametrize("plan", PLANS)
def test_ids_have_names(plan: str, run_plan: Runs) -> None:
    run = run_plan(plan)
    known = {without_kind(name) for name in run.table("labels")["id"]}
    for table in tables_of("run"):
        rows = read(run, table) if table.absent is None else pd.DataFrame()
        for column in table.columns:
            if column.labels in NAMED and len(rows):
                assert ids(rows, column) <= known, f"{table.name}.{column.name}"


def test_columns_that_are_never_blank_somewhere_may_still_be_blank_elsewhere(
    run_plan: Runs,
) -> None:
    """What may be blank is blank in some run of ours, or it is a matter of other scenarios."""
    full = set()
    for table in tables_of("run"):
        if table.absent is not None:
            continue
        frames = [read(run_plan(plan), table) for plan in PLANS]
        full |= {
            f"{table.name}.{c.name}"
            for c in table.columns
            if c.blank is not None and all(frame[c.name].notna().all() for frame in frames)
        }
    assert full == {
        *(f"clauses.{name}" for name in ("clause_no", "sector", "bindingness")),
        *("clauses.gist_en", "clauses.gist_zh", "labels.en", "labels.zh", "assumptions.input"),
        *("targets.clause", "levels.clause"),  # scenarios without a plan name none
        *("comparators.least_cost_for_same", "comparators.excess"),  # limits of the planner's own
        *("topdown.ratio", "topdown.note"),
        *("topdown.own_low", "topdown.own_high"),  # no samples were asked for
        *(f"solves.{name}" for name in ("joint_share", "proof_gap", "proven_bound")),
        *(f"hindcast.{name}" for name in ("sampled_low", "sampled_high", "below")),  # likewise
        "hindcast.low",
        "hindcast.high",
        "indicators.low",
        "indicators.high",  # no range is known
        "tiers.target",  # a scenario without a binding target
        *(f"out_of_reach.{name}" for name in ("knee_value", "knee_cost", "mean_cost", "held_by")),
        "mix.decides",  # a catalogue of one's own
        "mix.cost",  # measures without a price that a scenario holds
    }


def test_what_is_avoided_and_spent_adds_up_over_the_years(tongzhou: Finished) -> None:
    found = read(tongzhou, TABLES["cumulative"]).set_index(["case", "what", "year"])["value"]
    emitted = read(tongzhou, TABLES["emissions"])
    after = emitted[(emitted["year"] > 2017) & (emitted["pollutant"] == "NOx")]
    total = after.groupby("case")["value"].sum()
    assert found["plan", "NOx", 2020] == pytest.approx(total["baseline"] - total["plan"])
    costs = read(tongzhou, TABLES["costs"])
    spent = costs[costs["case"] == "plan"].groupby("year")["cost_yuan"].sum()
    for year in (2018, 2019, 2020):
        assert found["plan", "cost", year] == pytest.approx(spent[spent.index <= year].sum())
    assert "least_cost" not in found.index.get_level_values("case")  # solved for one year only


@pytest.mark.parametrize("plan", ["tongzhou-2021", "shijiazhuang-2019"])
def test_months_of_every_case_add_up_to_its_last_year(plan: str, run_plan: Runs) -> None:
    run = run_plan(plan)
    months = read(run, TABLES["emissions_by_month"])
    yearly = read(run, TABLES["emissions"])
    keys = ["case", "sector", "pollutant"]
    last = yearly["year"] == yearly.groupby("case")["year"].transform("max")
    whole = yearly[last].groupby(keys)["value"].sum()
    added = months.groupby(keys)["value"].sum()
    assert len(months) == 12 * len(added)
    found = added.reindex(whole.index)
    assert (found - whole).abs().max() <= 1e-9 * whole.max()
    assert added[~added.index.isin(whole.index)].abs().max() == 0


def test_a_year_that_ends_at_another_pace_is_told_by_both(run_plan: Runs) -> None:
    levels = read(run_plan("shijiazhuang-2019"), TABLES["levels"])
    homes = levels[levels["commitment"] == "rural-homes"].iloc[-1]
    assert (homes["from"], homes["by"]) == ("2019-04", "2019-10")
    assert homes["year_end"] == pytest.approx(homes["pledged"])
    assert 0.38 < homes["reached"] / homes["pledged"] < 0.40  # of the degree days behind October
