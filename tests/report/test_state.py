"""Charts of means show them at the state of the air in which the plan prints its limit."""

from collections.abc import Callable

import pandas as pd
import pytest

from integration.workbench import Finished
from lantian.report.chart import all_charts
from lantian.report.frames import Asked, RunTables, rows_of
from lantian.report.words import Words

CHARTS = {c.id: c for c in all_charts() if c.id in ("trajectory", "pm25-by-contribution")}
TOLERANCE = 1e-9


@pytest.fixture(params=sorted(CHARTS))
def drawn(request: pytest.FixtureRequest, tables: RunTables) -> pd.DataFrame:
    chart = CHARTS[request.param]
    found = chart.frame(Asked(tables, chart.reads)).pandas()
    return found[found["item"] == "pm25" if "item" in found else found.component == "total"]


@pytest.fixture(scope="module")
def tables(run_plan: Callable[[str], Finished]) -> RunTables:
    return RunTables(run_plan("tongzhou-2020").folder)


def test_a_mean_beside_its_limit_is_that_of_the_verdict(
    drawn: pd.DataFrame, tables: RunTables
) -> None:
    """The plan prints 55 at 273 K: its chart shows 55, not the 52.1 of the actual state."""
    targets = tables.table("targets").pandas()
    targets = targets[targets.indicator == "pm25"]
    assert set(targets.scale) - {1.0}
    limits = drawn[drawn.what == "limit"].set_index("year").value
    model = drawn[drawn.what == "model"].set_index(["case", "year"]).value
    told = [row for row in targets.itertuples() if (row.case, row.year) in model.index]
    assert {row.case for row in told} == {"baseline", "plan", "least_cost"}
    for row in told:
        assert limits[row.year] == pytest.approx(row.limit, rel=TOLERANCE)
        assert model[row.case, row.year] == pytest.approx(row.value, rel=TOLERANCE)


def test_observed_means_are_at_the_state_of_the_modelled_ones(
    drawn: pd.DataFrame, tables: RunTables
) -> None:
    seen = tables.table("hindcast").pandas()
    seen = seen[seen.indicator == "pm25"].set_index("year").observed
    shown = drawn[drawn.what == "observed"]
    assert len(shown)
    assert list(shown.value * shown.scale) == pytest.approx(list(seen[shown.year]), rel=TOLERANCE)


@pytest.mark.parametrize(("language", "said"), [("en", "at 273 K"), ("zh", "273 K")])
def test_the_caption_tells_the_state_and_the_way_to_the_actual_one(
    language: str, said: str, tables: RunTables
) -> None:
    for chart in CHARTS.values():
        frame = chart.frame(Asked(tables, chart.reads))
        state = chart.facts(frame, Words(language, {}))["state"]  # type: ignore[arg-type]
        assert said in state
        assert "0.948" in state


def test_a_plan_that_prints_the_actual_state_needs_no_words(
    run_plan: Callable[[str], Finished],
) -> None:
    tables = RunTables(run_plan("xincheng-2024").folder)
    chart = CHARTS["pm25-by-contribution"]
    frame = chart.frame(Asked(tables, chart.reads))
    assert {row.scale for row in rows_of(frame)} == {1.0}
