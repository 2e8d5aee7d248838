"""Lines of a plan become commitments on the right groups, with the right levels."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantian.core.commitments import Commitments, Mode, apply_commitments
from lantian.core.system import System
from lantian.errors import Problems
from lantian.inventory.conversions import ConversionRow
from lantian.inventory.months import YearShapes, even_shares
from lantian.measures.catalogue import Catalogue
from lantian.parameters import QuantityTable, Space
from lantian.plan.commitments import credited, read_as, read_commitments
from lantian.scenario.model import Credited
from lantian.vocabulary import READINGS
from support.build import build, catalogue_of, close, controls, equip, row, shift
from support.scenarios import commitment, sound, text_of

SOLD = np.array([[5.0 * max(y - f + 1, 0) for y in range(3)] for f in range(3)])
LINES = [
    close("end", "firm plant"),
    shift("renew", "truck", "old", "new"),
    shift("buy", "truck", "old", "new", acts_on="new"),
    shift("by-rail", "road", "truck", "rail"),
    shift("by-belt", "road", "truck", "belt"),
    equip("fit", "shop", "f"),
    equip("fit-too", "shop", "g"),
    close("end-trains", "train"),
]
STATES = {
    "firm / any": 30.0,
    "plant / any": 10.0,
    "truck / old": 60.0,
    "truck / new": 0.0,
    "road / truck": 50.0,
    "road / rail": 0.0,
    "road / belt": 0.0,
    "shop / any": 7.0,
    "train / line": 0.0,
}
EFFICIENCY = controls({"f": 0.5, "g": 0.3})


@pytest.fixture(scope="module")
def system() -> System:
    return build(STATES, dict.fromkeys(STATES, 1.0), LINES, EFFICIENCY, {"truck / old": SOLD})


CATALOGUE: Catalogue = catalogue_of(LINES, EFFICIENCY)
EVEN = YearShapes(even_shares(5), {"winter": np.array([0.3, 0.2, 0.1, *[0.0] * 7, 0.1, 0.3])})


def pledged(folder: Path, system: System, *lines: str) -> tuple[Commitments, list[str], list[str]]:
    problems = Problems()
    read = sound(folder, text_of(list(lines)))
    commitments, _, _, warnings = read_commitments(
        read, system, CATALOGUE, shapes=EVEN, space=Space(), problems=problems
    )
    return commitments, [w.text() for w in warnings], [p.text() for p in problems.found]


def names(system: System, commitments: Commitments) -> list[tuple[str, str]]:
    return [
        (system.measures[system.groups.measure[g]], system.sources.id[system.groups.source[g]])
        for g in commitments.group
    ]


def test_a_commitment_acts_on_all_sources_of_its_measure(tmp_path: Path, system: System) -> None:
    found, warnings, told = pledged(tmp_path, system, commitment("a", "end", "20 firm"))
    assert (warnings, told) == ([], [])
    assert names(system, found) == [("end", "firm"), ("end", "plant")]
    assert found.commitment.tolist() == [0, 0]
    assert found.mode.tolist() == [Mode.AMOUNT, Mode.AMOUNT]
    # 20 firms in two equal steps, none before the plan
    assert found.level.tolist() == [[0.0, 10.0, 20.0]] * 2


def test_sources_narrow_a_commitment(tmp_path: Path, system: System) -> None:
    found, _, _ = pledged(tmp_path, system, commitment("a", "end", sources="[plant]"))
    assert names(system, found) == [("end", "plant")]


def test_an_amount_is_converted_to_the_units_of_the_source(tmp_path: Path, system: System) -> None:
    found, _, _ = pledged(tmp_path, system, commitment("a", "renew", "0.004 万辆"))
    assert found.level[0].tolist() == pytest.approx([0.0, 20.0, 40.0])


@pytest.mark.parametrize(
    ("of", "measure", "mode"),
    [
        ("available", "renew", Mode.AVAILABLE),
        ("total", "renew", Mode.TOTAL),
        ("new", "buy", Mode.NEW),
    ],
)
def test_what_a_share_is_of(
    tmp_path: Path, system: System, of: str, measure: str, mode: Mode
) -> None:
    found, _, told = pledged(tmp_path, system, commitment("a", measure, of=of))
    assert (found.mode.tolist(), told) == ([mode], [])


def test_new_units_count_from_the_first_year_of_the_commitment(
    tmp_path: Path, system: System
) -> None:
    found, _, _ = pledged(tmp_path, system, commitment("a", "buy", of="new", from_="2019"))
    assert system.years[int(found.since[0])] == 2019
    # In full from 2019: half of the 5 sold that year, not of the 10 since 2018.
    assert apply_commitments(system, found).moved.sum(axis=0).tolist() == [0.0, 0.0, 2.5]


def test_an_amount_of_what_is_new_is_that_many_of_those_that_are_bought(
    tmp_path: Path, system: System
) -> None:
    """4 lorries by 2019 in two steps, of 5 sold each year; 40 are no more than the 10 there are."""
    for level, moved in (("4 vehicle", [0.0, 2.0, 4.0]), ("40 vehicle", [0.0, 5.0, 10.0])):
        found, _, told = pledged(tmp_path, system, commitment("a", "buy", level))
        assert (found.mode.tolist(), told) == ([Mode.AMOUNT], [])
        assert apply_commitments(system, found).moved.sum(axis=0).tolist() == moved


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ((("by-rail", "70 %"), ("by-belt", "30 %")), False),
        ((("by-rail", "70 %"), ("by-belt", "60 %")), True),
        ((("fit", "70 %"), ("fit-too", "60 %")), False),  # both may stand on one shop
    ],
)
def test_final_shares_of_one_source_that_are_more_than_all_are_asked_about(
    tmp_path: Path, system: System, lines: tuple[tuple[str, str], ...], asked: bool
) -> None:
    problems = Problems()
    made = [commitment(f"c-{m}", m, level, of="total") for m, level in lines]
    read_commitments(
        sound(tmp_path, text_of(made)),
        system,
        CATALOGUE,
        shapes=EVEN,
        space=Space(),
        problems=problems,
    )
    assert not problems.found
    told = [p.text() for p in problems.warnings]
    assert len(told) == asked
    assert all("c-by-rail; c-by-belt are final shares of 'road', together 130 %" in t for t in told)


def test_a_commitment_that_finds_nothing_warns(tmp_path: Path, system: System) -> None:
    found, warnings, told = pledged(tmp_path, system, commitment("a", "end-trains"))
    assert (len(found), told) == (0, [])
    assert warnings == ["a: 'end-trains' finds no activity in this region."]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            commitment("a", "renwe"),
            "measure\n  'renwe' is not in the measure catalogue. Did you mean 'renew'?",
        ),
        (
            commitment("a", "renew", of="new"),
            "of\n  'renew' acts on the stock. Write 'of: available' or 'of: total', and which share"
            " of all in use is meant: what is new is a part of it.",
        ),
        (
            commitment("a", "buy"),
            "of\n  'buy' acts on new and replaced units. Write 'of: new'.",
        ),
        (
            commitment("a", "end", of="total"),
            "of\n  activity that ends has no final share. Write 'of: available'.",
        ),
        (
            commitment("a", "renew", from_="2017"),
            "from\n  2017 is not a year in which the plan can act. Expected 2018 to 2019.",
        ),
        (
            commitment("a", "renew", by="2025"),
            "by\n  2025 is not a year in which the plan can act. Expected 2018 to 2019.",
        ),
        (
            commitment("a", "end", sources="[plnt]"),
            "sources[0]\n  'end' does not apply to source 'plnt'. Expected: firm, plant."
            " Did you mean 'plant'?",
        ),
        (
            commitment("a", "renew", "5 t"),
            "level\n  't' is not a unit of the same kind as 'vehicle'.",
        ),
    ],
)
def test_commitments_that_do_not_fit(tmp_path: Path, system: System, line: str, said: str) -> None:
    _, _, told = pledged(tmp_path, system, line)
    assert len(told) == 1
    assert told[0].startswith("case.yaml:8:")
    assert told[0].split("commitments[0].")[1] == said


def test_a_measure_is_committed_once_on_a_source(tmp_path: Path, system: System) -> None:
    _, _, told = pledged(
        tmp_path, system, commitment("a", "end"), commitment("b", "end", sources="[plant]")
    )
    assert told == [
        "case.yaml:9:5  commitments[1]\n  'end' is already committed on source 'plant' by 'a'."
        " Make it one commitment with both clauses, or name the sources."
    ]


MANY = [
    commitment("a", "end", "12 firm"),
    commitment("b", "renew", "33 %"),
    commitment("c", "buy", "70 %", of="new"),
    commitment("d", "fit", "90 %", of="total"),
    commitment("e", "fit-too", "10 %"),
]


@given(st.permutations(MANY))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_order_of_lines_changes_nothing_bit_for_bit(
    tmp_path: Path, system: System, lines: list[str]
) -> None:
    first = apply_commitments(system, pledged(tmp_path, system, *MANY)[0])
    second = apply_commitments(system, pledged(tmp_path, system, *lines)[0])
    assert first.moved.tobytes() == second.moved.tobytes()
    assert first.activity.tobytes() == second.activity.tobytes()
    assert first.moved.any()


def test_narrower_readings_leave_out_what_is_not_binding_or_not_printed(
    tmp_path: Path, system: System
) -> None:
    lines = [
        commitment("a", "end"),
        commitment("b", "renew", bindingness="encouraged"),
        commitment("c", "fit", credit="parametric", low="10 %", high="60 %"),
    ]
    read = sound(tmp_path, text_of(lines))
    commitments, _, _, _ = read_commitments(
        read, system, CATALOGUE, shapes=EVEN, space=Space(), problems=Problems()
    )
    counted = {
        reading: {
            measure for measure, _ in names(system, read_as(commitments, read.scenario, reading))
        }
        for reading in READINGS
    }
    assert counted == {
        "plan_full": {"end", "renew", "fit"},
        "plan_strict": {"end", "fit"},
        "plan_printed": {"end", "renew"},
        "plan_year_end": {"end", "renew", "fit"},
    }
    less = read.scenario.model_copy(update={"credit": Credited(parametric=False)})
    assert {measure for measure, _ in names(system, credited(commitments, less))} == {
        "end",
        "renew",
    }
    assert len(read_as(commitments, less, "plan_full")) == len(commitments)
    assert {m for m, _ in names(system, read_as(commitments, less, "plan_strict"))} == {"end"}


def conversions(*rows: tuple[str, str, float, str, str]) -> QuantityTable[ConversionRow]:
    """Lines: source, technology, value, its unit, unit that is counted in."""
    read = [
        row(ConversionRow, value, unit, source=source, technology=technology, counted_in=counted)
        for source, technology, value, unit, counted in rows
    ]
    return QuantityTable("conversions.csv", read, Problems(), Space())


def converted(
    folder: Path, system: System, table: QuantityTable[ConversionRow], *lines: str
) -> tuple[list[list[float]], list[str]]:
    problems = Problems()
    read = sound(folder, text_of(list(lines)))
    found, _, _, _ = read_commitments(
        read, system, CATALOGUE, shapes=EVEN, space=Space(), problems=problems, conversions=table
    )
    return found.level.tolist(), [p.text().split("\n  ")[1] for p in problems.found]


FREIGHT = conversions(
    ("truck", "", 5e5, "t*km/vehicle", "t*km"),
    ("truck", "old", 40.0, "kW/vehicle", "kW"),
    ("truck", "new", 80.0, "kW/vehicle", "kW"),
)
"""A lorry carries half a million tonne kilometres in a year."""


def test_a_level_may_be_in_another_unit_of_the_same_thing(tmp_path: Path, system: System) -> None:
    mixed = {"schedule": "{2018: 3 vehicle, 2019: 4 Mt*km}"}
    line = commitment("a", "renew", "4 Mt*km", **mixed)
    assert converted(tmp_path, system, FREIGHT, line) == ([[0.0, 3.0, 8.0]], [])
    # Measures start from old lorries only: what new ones have does not matter.
    power = commitment("a", "renew", "800 kW")
    assert converted(tmp_path, system, FREIGHT, power) == ([[0.0, 10.0, 20.0]], [])


def test_the_range_of_a_conversion_is_drawn_with_the_level(tmp_path: Path, system: System) -> None:
    """10 vehicles of 40 kW are 5 of 80 kW, and 20 of 20 kW."""
    wide = row(ConversionRow, 40.0, "kW/vehicle", source="truck", technology="", counted_in="kW")
    wide = wide.model_copy(update={"low": 20.0, "high": 80.0})
    table = QuantityTable("conversions.csv", [wide], Problems(), Space())
    problems, space = Problems(), Space()
    read = sound(tmp_path, text_of([commitment("a", "renew", "400 kW")]))
    _, levels, _, _ = read_commitments(
        read, system, CATALOGUE, shapes=EVEN, space=space, problems=problems, conversions=table
    )
    assert problems.found == []
    assert levels(space.central())[0, -1, 0] == 10.0
    low, high = (levels(end)[0, -1, 0] for end in space.ends())
    assert (low, high) == (5.0, 20.0)


def test_sources_that_a_unit_fits_are_told_where_it_fits_some_only(tmp_path: Path) -> None:
    """What ends on lorries and firms alike may be said in lorries, of the lorries."""
    lines = [close("end", "truck firm plant")]
    states = {"truck / old": 60.0, "firm / any": 30.0, "plant / any": 10.0}
    mixed = build(states, dict.fromkeys(states, 1.0), lines, EFFICIENCY)
    catalogue = catalogue_of(lines, EFFICIENCY)

    def said(level: str, **keys: str) -> list[str]:
        problems = Problems()
        read = sound(tmp_path, text_of([commitment("a", "end", level, **keys)]))
        read_commitments(
            read, mixed, catalogue, shapes=EVEN, space=Space(), problems=problems,
            conversions=conversions(),
        )  # fmt: skip
        return [p.text() for p in problems.found]

    for level, fitting in (("3 vehicle", "truck"), ("3 firm", "firm, plant")):
        told = said(level)
        assert told
        assert all(text.endswith(f"'sources: [{fitting}]'.") for text in told)
        assert said(level, sources=f"[{fitting}]") == []
    assert not any("sources:" in text for text in said("3 person"))


def test_a_unit_that_no_conversion_leads_to_is_told(tmp_path: Path, system: System) -> None:
    line = commitment("a", "renew", "4 firm")
    _, told = converted(tmp_path, system, FREIGHT, line)
    (said,) = told
    assert said.endswith(
        "source 'truck' is counted in vehicle, and no row of conversions.csv turns that into firm."
    )
    unlike = conversions(
        ("truck", "old", 40.0, "kW/vehicle", "kW"), ("truck", "", 5.0, "kW/vehicle", "kW")
    )
    assert converted(tmp_path, system, unlike, commitment("a", "renew", "80 kW"))[1] == []
    _, told = converted(tmp_path, system, conversions(), commitment("a", "renew", "80 kW"))
    (said,) = told
    assert said.endswith("no row of conversions.csv turns that into kW.")
