"""How the clauses and targets of a plan read, for people and for other programs."""

from typing import Any

import pytest

from lantian.errors import Place
from lantian.plan.ledger import LedgerRow
from lantian.plan.overview import (
    clause_lines,
    clause_records,
    count_classes,
    target_lines,
    target_records,
)
from lantian.scenario.model import Scenario

TARGET: dict[str, Any] = {
    **{"id": "t", "clause": ["c-2"], "indicator": "emission", "pollutant": "NOx"},
    **{"year": 2020, "bindingness": "best_effort"},
}
AGAINST = {"relative_to": 2015}
BUSES = {"indicator": "activity", "pollutant": None, "unit": "vehicle", "at_most": "5 vehicle"}
SCORE = {"other": "score", "unit": "1"}


def scenario(*targets: dict[str, Any], **more: Any) -> Scenario:
    whole = {
        **{"name": "a", "title": {"en": "A", "zh": "B"}, "region": "r"},
        **{"base_year": 2017, "last_year": 2020, "targets": targets},
        "economics": {"price_year": 2018, "discount_rate": "8 %"},
    }
    return Scenario.model_validate({**whole, **more})


def label(name: str) -> str:
    return name.upper()


LIMITS = [
    ({"at_most": "5 t/a"}, "at most 5 t/a", ""),
    ({"indicator": "good-days", "pollutant": None, "at_least": "5 day"}, "at least 5 day", ""),
    ({"reduce_by": "30 %", **AGAINST}, "cut by 30 %", "2015"),
    ({"reduce_by": "0 %", **AGAINST}, "no rise", "2015"),
    ({"rise_within": "0 t/a", **AGAINST}, "rises by at most 0 t/a", "2015"),
    ({"falls": True, **AGAINST}, "falls", "2015"),
    ({"projects": {"p": "5 t/a", "q": "6 t/a"}}, "cut by projects: p: 5 t/a; q: 6 t/a", ""),
    (
        {**BUSES, "at_most": None, "activity": {"sources": ["b"]}, "rise_by": "9 %", **AGAINST},
        "rises by 9 %",
        "2015",
    ),
    ({"indicator": {**SCORE, "value": 80}, "pollutant": None}, "80", ""),
    ({"indicator": {**SCORE, "reason": "no survey"}, "pollutant": None}, "no survey", ""),
]


@pytest.mark.parametrize(("keys", "limit", "against"), LIMITS)
def test_a_limit_is_told_in_words(keys: dict[str, Any], limit: str, against: str) -> None:
    (line,) = target_lines(scenario({**TARGET, **keys}), "en", label)
    assert (line["limit"], line["against"]) == (limit, against)
    computed = isinstance(keys.get("indicator", ""), str)
    assert line["result"] == ("computed" if computed else "not computed")
    assert (line["target"], line["year"], line["bindingness"]) == (
        "TARGET:T",
        "2020",
        "best effort",
    )


NAMES = [
    ({"at_most": "5 t/a"}, "EMISSION of NOx"),
    ({"at_most": "5 t/a", "sectors": ["dust", "voc"]}, "EMISSION of NOx from DUST; VOC"),
    ({"at_most": "5 t/a", "sources": ["b"]}, "EMISSION of NOx from B"),
    ({"at_most": "5 t/a", "areas": ["e", "w"]}, "EMISSION of NOx in E; W"),
    ({"at_most": "5 t/a", "season": "6-9"}, "EMISSION of NOx, months 6-9"),
    ({**BUSES, "activity": {"sources": ["b", "c"]}}, "ACTIVITY: B; C"),
    (
        {
            **{**BUSES, "indicator": "activity-ratio", "activity": {"sources": ["b"]}},
            **{"per": {"sources": ["c"]}, "unit": "1", "at_most": "5 %"},
        },
        "ACTIVITY-RATIO: B per C",
    ),
    (
        {
            **{**BUSES, "indicator": "activity-share", "unit": None, "at_most": "5 %"},
            **{"activity": {"sources": ["b"]}, "of": {"sources": ["c"]}},
        },
        "ACTIVITY-SHARE: B of C",
    ),
]


@pytest.mark.parametrize(("keys", "name"), NAMES)
def test_an_indicator_is_told_with_what_it_is_of(keys: dict[str, Any], name: str) -> None:
    (line,) = target_lines(scenario({**TARGET, **keys}), "en", label)
    assert line["indicator"] == name


def test_a_target_has_the_name_that_its_scenario_gives() -> None:
    own = scenario({**TARGET, "at_most": "5 t/a", "label": {"en": "E", "zh": "Z"}})
    assert [target_lines(own, lang, label)[0]["target"] for lang in ("en", "zh")] == ["E", "Z"]


def test_other_programs_get_ids_and_every_key() -> None:
    keys = {"projects": {"p": "5 t/a", "q": "6 t/a"}, "sectors": ["dust", "voc"], "season": "6-9"}
    (record,) = target_records(scenario({**TARGET, **keys}))
    assert {key: value for key, value in record.items() if value != ""} == {
        **{"target": "t", "clause": "c-2", "indicator": "emission", "pollutant": "NOx"},
        **{"sectors": "dust voc", "season": "6-9", "projects": "p:5 t/a q:6 t/a"},
        **{"falls": "False", "year": 2020, "bindingness": "best_effort", "computed": True},
    }
    (record,) = target_records(scenario({**TARGET, "falls": True, **AGAINST}))
    assert (record["falls"], record["relative_to"], record["projects"]) == ("True", 2015, "")
    counted = {"activity": {"sources": ["b"]}, "sources": None}
    (record,) = target_records(scenario({**TARGET, **BUSES, **counted}))
    assert (record["activity"], record["at_most"], record["of"]) == ("b", "5 vehicle", "")
    listed = {"indicator": {**SCORE, "value": 80}, "pollutant": None}
    (record,) = target_records(scenario({**TARGET, **listed}))
    assert (record["printed"], record["computed"], record["indicator"]) == ("80 1", False, "score")


def row(n: int, **cells: str) -> LedgerRow:
    given = {
        **{"row_id": f"c-{n}", "clause_no": f"({n})", "document_line": str(n), "sector": "dust"},
        **{"modelable": "yes", "bindingness": "binding", "gist_en": "wash", "gist_zh": "洗"},
        **{"fate": "not_modelled", **cells},
    }
    return LedgerRow.model_validate(given).at(Place("clauses.csv", n))


LEDGER = (
    row(1, part="b", fate="modelled", commitments="x y", quantity="90 %"),
    row(2, modelable="parametric", fate="modelled"),
    row(3, modelable="no", reason="governance"),
)
COMMITMENT = {
    **{"measure": "m", "clause": ["c-1"], "of": "available", "from": 2018, "by": 2020},
    **{"bindingness": "binding", "credit": "printed"},
}
PLANNED = scenario(
    {**TARGET, "at_most": "5 t/a"},
    commitments=[{**COMMITMENT, "id": n, "level": f"{v} %"} for n, v in (("x", 90), ("z", 10))],
)


def test_clauses_are_told_with_what_became_of_them() -> None:
    lines = clause_lines(LEDGER, PLANNED, "en", label)
    assert [line["row"] for line in lines] == ["001", "002", "003"]
    assert [line["clause"] for line in lines] == ["(1) b", "(2)", "(3)"]
    assert [line["fate"] for line in lines] == [
        "COMMITMENT:X: 90 %",
        "target TARGET:T: at most 5 t/a",
        "governance",
    ]
    assert {line["gist"] for line in clause_lines(LEDGER, None, "zh", label)} == {"洗"}
    fates = [line["fate"] for line in clause_lines(LEDGER, None, "en", label)]
    assert fates == ["X; Y", "", "governance"]


def test_clauses_are_counted_by_how_far_they_can_be_modelled() -> None:
    assert count_classes("p", LEDGER) == {
        **{"plan": "p", "clauses": 3, "modelled": 2},
        **{"yes": 1, "parametric": 1, "enabling": 0, "no": 1},
    }
    assert [record["fate"] for record in clause_records(LEDGER, "en")] == ["x y", "", "governance"]
    assert clause_records(LEDGER, "en")[0]["printed"] == "90 %"
