"""Display names by kind: a target may have the id of a source; a scenario names what is its own."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from integration.workbench import REPOSITORY, Finished, call
from lantian import load
from lantian.report.words import Text, Words
from lantian.results.basis import NOT_TOLD
from lantian.results.tables.labels import study_labels
from lantian.store.labels import labels_of
from lantian.vocabulary import (
    LANGUAGES,
    OF_COMMITMENT,
    OF_TARGET,
    OTHER_POLLUTANTS,
    POLLUTANTS,
    Language,
    without_kind,
)

SOURCE = "furniture-coating"
"""A source of the starter, which a target is called after."""
OWN = {"en": "VOC a quarter down", "zh": "挥发性有机物下降目标"}
LABEL = f"    label: {{en: {OWN['en']}, zh: {OWN['zh']}}}\n"


@pytest.fixture
def project(starter: Path, tmp_path: Path) -> Path:
    """The starter, its VOC target called after a source."""
    root = tmp_path / "mine"
    shutil.copytree(starter, root, ignore=shutil.ignore_patterns("runs"))
    edit(root, "  - id: voc-cut\n", f"  - id: {SOURCE}\n")
    return root


def edit(root: Path, old: str, new: str) -> None:
    path = root / "scenarios" / "my-district.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(root: Path, language: str = "en") -> Finished:
    answer = call(
        "--lang",
        language,
        "run",
        "scenarios/my-district.yaml",
        "--no-charts",
        "--overwrite",
        at=root,
    )
    assert answer.code == 0, answer.err
    return Finished(answer, root / "runs" / "my-district")


def words(run: Finished, language: str) -> Words:
    rows = run.table("labels").itertuples()
    return Words(language, {row.id: Text(row.en, row.zh) for row in rows})  # type: ignore[arg-type]


def name_in_the_table(run: Finished) -> str:
    """Return the first cell of the target that takes VOC to 70 % of its base."""
    targets = run.answer.out.partition("Targets")[2] or run.answer.out.partition("目标")[2]
    line = [line for line in targets.splitlines() if "t/a)" in line or "吨" in line][1]
    return line.partition(" (t/a)")[0].partition("（")[0].strip()


def test_target_does_not_take_over_the_name_of_a_source(project: Path) -> None:
    found = run(project)
    assert name_in_the_table(found) == SOURCE
    names = words(found, "en")
    assert names.target(SOURCE) == SOURCE
    assert names.name(SOURCE) == "Furniture coating"


def test_target_keeps_the_name_that_only_it_can_have(project: Path) -> None:
    names = words(run(project), "en")
    assert names.target("nox-cut") == names.name("nox-cut") != "nox-cut"


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenario_names_its_targets_and_commitments(project: Path, language: str) -> None:
    edit(project, f"  - id: {SOURCE}\n", f"  - id: {SOURCE}\n{LABEL}")
    named = "    label: {en: Old trucks go, zh: 老旧货车淘汰}\n"
    edit(project, "  - id: trucks-scrapped\n", f"  - id: trucks-scrapped\n{named}")
    found = run(project, language)
    assert OWN[language] in found.answer.out
    names = words(found, language)
    assert names.target(SOURCE) == OWN[language]
    assert names.commitment("trucks-scrapped") in ("Old trucks go", "老旧货车淘汰")
    assert names.name(SOURCE) != OWN[language]


def test_scenario_names_sources_and_measures_of_its_own(project: Path) -> None:
    own = "labels:\n  clean-heating: {en: Heat pumps for homes, zh: 农户热泵}\nfinished:"
    edit(project, "finished:", own)
    found = run(project)
    assert "Heat pumps for homes" in found.answer.out
    assert words(found, "zh").name("clean-heating") == "农户热泵"


def test_table_of_labels_may_name_a_target_alone(project: Path) -> None:
    path = project / "inputs" / "labels.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    lines.append(f"{SOURCE},{OWN['en']},{OWN['zh']},target")
    path.write_text("\n".join([f"{header},kind", *lines, ""]), encoding="utf-8")
    found = run(project)
    assert OWN["en"] in found.answer.out
    assert words(found, "en").name(SOURCE) == "Furniture coating"


@pytest.mark.parametrize("kind", ["", "measure", "source"])
def test_an_id_is_named_once_though_its_kind_be_told(project: Path, kind: str) -> None:
    path = project / "inputs" / "labels.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    place = 2 + next(n for n, line in enumerate(lines) if line.startswith(f"{SOURCE},"))
    lines.append(f"{SOURCE},{OWN['en']},{OWN['zh']},{kind}")
    path.write_text("\n".join([f"{header},kind", *lines, ""]), encoding="utf-8")
    answer = call("check", "scenarios/my-district.yaml", at=project)
    assert answer.code == 2
    assert f"the same keys as in line {place}." in answer.err


def test_wrong_kind_and_half_a_label_are_refused_where_they_stand(project: Path) -> None:
    path = project / "inputs" / "labels.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},kind", *lines, "x,a,b,targets", ""]), encoding="utf-8")
    edit(project, f"  - id: {SOURCE}\n", f"  - id: {SOURCE}\n    label: {{en: only}}\n")
    answer = call("check", "scenarios/my-district.yaml", at=project)
    assert answer.code == 2
    assert "label.zh" in answer.err


def test_run_folder_on_its_own_keeps_the_names(project: Path, tmp_path: Path) -> None:
    edit(project, f"  - id: {SOURCE}\n", f"  - id: {SOURCE}\n{LABEL}")
    shutil.copytree(run(project).folder, tmp_path / "sent")
    answer = call("run", "sent/scenario.yaml", "--no-charts", "--out", "runs", at=tmp_path)
    assert OWN["en"] in answer.out


@pytest.mark.parametrize("plan", ["tongzhou-2020", "shijiazhuang-2019"])
def test_every_key_of_a_number_has_a_name_in_both_languages(plan: str) -> None:
    """A reader meets them where a report tells on which inputs a verdict rests."""
    study = load(REPOSITORY / "scenarios" / f"{plan}.yaml")
    known = study_labels(study)
    keys = {
        str(key) for row in study.space.rows.values() for key in row.key() if key not in NOT_TOLD
    }
    plain = {key for key in keys if re.fullmatch(r"[-.0-9]+( .*)?", key)}
    assert keys - plain - set(known) <= {*POLLUTANTS, *OTHER_POLLUTANTS, "all", "HC"}
    assert "stock" in keys


def test_a_target_with_the_id_of_another_indicator_is_called_after_its_own(project: Path) -> None:
    """A share of good days is no number of good days, whatever its id."""
    edit(project, f"  - id: {SOURCE}\n", "  - id: good-days\n")
    study = load(project / "scenarios" / "my-district.yaml")
    assert study_labels(study)[f"{OF_TARGET}good-days"].en == "emission"


def test_no_target_on_an_amount_is_called_a_cut(starter: Path) -> None:
    """The number beside it is what is left, not what is cut."""
    study = load(starter / "scenarios" / "my-district.yaml")
    named = study_labels(study)
    for target in study.scenario.targets:
        row = named.get(OF_TARGET + target.id) or named.get(target.id)
        assert row is None or not (row.en.lower().endswith(" cut") or row.zh.endswith("减排"))


def test_controls_of_own_measures_are_called_by_measure_and_source(starter: Path) -> None:
    study = load(starter / "scenarios/my-district.yaml")
    known = study_labels(study)
    assert study.catalogue.own_controls
    for row in study.catalogue.applies:
        named = known[row.control]
        assert named.en == f"{known[row.measure].en} ({known[row.source].en})"
        assert named.zh == f"{known[row.measure].zh}（{known[row.source].zh}）"


def test_a_target_with_the_id_of_a_key_of_numbers_keeps_its_own(project: Path) -> None:
    """Area is the name of an amount, not of a target that somebody calls so."""
    study = load(project / "scenarios" / "my-district.yaml")
    keys = {str(key) for row in study.space.rows.values() for key in row.key()}
    known = study_labels(study)
    named_keys = sorted(key for key in keys if key in known and known[key].en != key)
    assert len(named_keys) > 3
    for key in named_keys:
        one = study.scenario.targets[0].model_copy(update={"id": key})
        scenario = study.scenario.model_copy(update={"targets": [one]})
        other = replace(study, read=replace(study.read, scenario=scenario))
        assert study_labels(other)[OF_TARGET + key].en == key


def test_commitments_without_a_name_are_called_after_their_measures() -> None:
    """One of several of a measure has its id beside it, so that no two are called alike."""
    study = load(REPOSITORY / "scenarios" / "template-2026-2030.yaml")
    known = study_labels(study)
    names = []
    for commitment in study.scenario.commitments:
        row = known.get(OF_COMMITMENT + commitment.id) or known[commitment.id]
        assert commitment.id not in (row.en, row.zh)
        names.append(row.zh)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_is_called_by_its_name_wherever_its_id_stands(
    starter: Path, language: Language
) -> None:
    """A sentence knows the id alone; where nothing else has it, the name of the target is meant."""
    study = load(starter / "scenarios" / "my-district.yaml")
    named = study_labels(study)
    own = {key: row for key, row in named.items() if key.startswith((OF_TARGET, OF_COMMITMENT))}
    only = {key: row for key, row in own.items() if without_kind(key) not in named}
    assert only
    told, texts = labels_of(study, language), {k: Text(r.en, r.zh) for k, r in only.items()}
    for key, row in only.items():
        assert told(without_kind(key)) == getattr(row, language)
        assert Words(language, texts).name(without_kind(key)) == getattr(row, language)
