"""A plan at a glance: counts per class, what became of every clause, the targets."""

from collections.abc import Sequence
from typing import Any

from lantian.indicators.selection import Selection
from lantian.language import LIST_MARK, Label, Listed, message, say
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import FORMS, Commitment, Quantity, Scenario, Target
from lantian.vocabulary import OF_COMMITMENT, OF_TARGET, Language

CLASSES = ("yes", "parametric", "enabling", "no")
"""How far a clause can be modelled, as ledgers have it."""

PLAIN = "1"
"""Unit of a plain number."""

Record = dict[str, Any]


def count_classes(plan: str, ledger: Sequence[LedgerRow]) -> Record:
    """Return how many clauses a plan has, per class, and how many are modelled.

    Parameters
    ----------
    plan
        Name of the plan.
    ledger
        Its clauses.

    Returns
    -------
    dict
        Counts by the keys ``clauses``, ``modelled`` and each of :data:`CLASSES`, and the ``plan``.
    """
    return {
        "plan": plan,
        "clauses": len(ledger),
        **{name: sum(row.modelable == name for row in ledger) for name in CLASSES},
        "modelled": sum(row.fate == "modelled" for row in ledger),
    }


def clause_records(ledger: Sequence[LedgerRow], language: Language) -> list[Record]:
    """Return the clauses with ids, for other programs.

    Parameters
    ----------
    ledger
        Clauses of the plan.
    language
        Language of the gist.

    Returns
    -------
    list of dict
        One per clause, in the order of the ledger.
    """
    return [
        {
            "clause": _number(row),
            "row": row.row_id,
            "gist": _gist(row, language),
            "class": row.modelable,
            "bindingness": row.bindingness,
            "printed": row.quantity,
            "fate": row.commitments or row.reason,
        }
        for row in ledger
    ]


def clause_lines(
    ledger: Sequence[LedgerRow], scenario: Scenario | None, language: Language, label: Label
) -> list[Record]:
    """Return the clauses as people read them: with names, levels and targets.

    Parameters
    ----------
    ledger
        Clauses of the plan.
    scenario
        The plan's scenario, which holds the levels; None if there is none.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    list of dict
        One per clause, in the order of the ledger.
    """
    return [
        {
            "row": f"{position:03}",
            "clause": _number(row),
            "gist": _gist(row, language),
            "class": row.modelable,
            "printed": row.quantity,
            "fate": _fate(row, scenario, language, label),
        }
        for position, row in enumerate(ledger, start=1)
    ]


def target_records(scenario: Scenario) -> list[Record]:
    """Return the targets with ids, for other programs."""
    return [
        {
            "target": t.id,
            "clause": " ".join(t.clause),
            "indicator": t.indicator_id,
            "pollutant": t.pollutant or "",
            "sectors": " ".join(t.sectors or ()),
            "areas": " ".join(t.areas or ()),
            "receptor": t.receptor or "",
            "season": t.season or "",
            "sources": " ".join(t.sources or ()),
            **{key: _chosen(getattr(t, key)) for key in ("activity", "of", "per")},
            **{key: str(getattr(t, key) or "") for key in FORMS if key != "projects"},
            "projects": " ".join(f"{name}:{cut}" for name, cut in (t.projects or {}).items()),
            "falls": str(bool(t.falls)),
            "sand_dust": t.sand_dust or "",
            "alert_level": t.alert_level or "",
            "printed": "" if t.printed is None else str(t.printed),
            "reason": t.reason,
            "relative_to": t.relative_to or "",
            "year": t.year,
            "bindingness": t.bindingness,
            "computed": t.computed,
        }
        for t in scenario.targets
    ]


def _chosen(selection: Selection | None) -> str:
    """Return what a target counts, for other programs."""
    if selection is None:
        return ""
    kept = " ".join(selection.names)
    return kept if selection.less is None else f"{kept} less {_chosen(selection.less)}"


def target_lines(scenario: Scenario, language: Language, label: Label) -> list[Record]:
    """Return the targets as people read them.

    Parameters
    ----------
    scenario
        Holds the targets.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    list of dict
        One per target, in the order of the scenario.
    """
    return [
        {
            "target": _name(t, OF_TARGET, language, label),
            "indicator": _indicator(t, language, label),
            "limit": _limit(t, language),
            "against": "" if t.relative_to is None else str(t.relative_to),
            "year": str(t.year),
            "bindingness": t.bindingness.replace("_", " "),
            "result": "computed" if t.computed else "not computed",
        }
        for t in scenario.targets
    ]


def _name(item: Target | Commitment, kind: str, language: Language, label: Label) -> str:
    """Return what a target or commitment is called: by its scenario, or by the project."""
    return label(kind + item.id) if item.label is None else str(getattr(item.label, language))


def _number(row: LedgerRow) -> str:
    return f"{row.clause_no} {row.part}".strip()


def _gist(row: LedgerRow, language: Language) -> str:
    return row.gist_zh if language == "zh" else row.gist_en


def _fate(row: LedgerRow, scenario: Scenario | None, language: Language, label: Label) -> str:
    if scenario is None:
        return LIST_MARK[language].join(map(label, row.commitment_ids)) or row.reason
    told = [
        say(
            "{name}: {value}",
            language,
            name=_name(c, OF_COMMITMENT, language, label),
            value=_quantity(c.level, language),
        )
        for c in scenario.commitments
        if c.id in row.commitment_ids
    ]
    told += [
        say(
            "target {name}: {value}",
            language,
            name=_name(t, OF_TARGET, language, label),
            value=_limit(t, language),
        )
        for t in scenario.targets
        if row.row_id in t.clause
    ]
    return LIST_MARK[language].join(told) or row.reason


def _indicator(target: Target, language: Language, label: Label) -> str:
    """Return the name of the indicator with what of it the target is about."""
    name, subject = label(target.indicator_id), target.subject
    if subject.pollutant is not None:
        name = say("{name} of {pollutant}", language, name=name, pollutant=subject.pollutant)
    if subject.sectors is not None:
        sectors = Listed(map(label, subject.sectors))
        name = say("{name} from {sectors}", language, name=name, sectors=sectors)
    if subject.sources is not None:
        sources = Listed(map(label, subject.sources))
        name = say("{name} from {sectors}", language, name=name, sectors=sources)
    for template, chosen in COUNTED:
        selection: Selection | None = getattr(subject, chosen)
        if selection is not None:
            counted = _selected(selection, language, label)
            name = say(template, language, name=name, what=counted)
    if subject.receptor is not None:
        receptor = label(subject.receptor)
        name = say("{name} at {receptor}", language, name=name, receptor=receptor)
    if subject.alert_level is not None:
        name = say("{name}, {level}", language, name=name, level=message(subject.alert_level))
    if subject.areas is not None:
        places = Listed(map(label, subject.areas))
        name = say("{name} in {places}", language, name=name, places=places)
    if subject.season is not None:
        name = say("{name}, months {season}", language, name=name, season=subject.season)
    return name


COUNTED = (("{name}: {what}", "activity"), ("{name} of {what}", "of"), ("{name} per {what}", "per"))
"""How what a target counts is told, and the parameters that hold it."""


def _selected(selection: Selection, language: Language, label: Label) -> str:
    """Return what a selection chooses, as people read it."""
    kept = say("{names}", language, names=Listed(map(label, selection.names)))
    if selection.less is None:
        return kept
    less = _selected(selection.less, language, label)
    return say("{name} less {what}", language, name=kept, what=less)


def _limit(target: Target, language: Language) -> str:
    if target.at_most is not None:
        return say("at most {value}", language, value=_quantity(target.at_most, language))
    if target.at_least is not None:
        return say("at least {value}", language, value=_quantity(target.at_least, language))
    if target.printed is not None:
        return _quantity(target.printed, language)
    if target.falls:
        return say("falls", language)
    if target.rise_by is not None:
        return say("rises by {value}", language, value=_quantity(target.rise_by, language))
    if target.rise_within is not None:
        within = _quantity(target.rise_within, language)
        return say("rises by at most {value}", language, value=within)
    if target.projects is not None:
        cuts = Listed([f"{n}: {_quantity(cut, language)}" for n, cut in target.projects.items()])
        return say("cut by projects: {names}", language, names=cuts)
    if target.reduce_by is None:
        return target.reason
    if not target.reduce_by.value:
        return say("no rise", language)
    return say("cut by {value}", language, value=_quantity(target.reduce_by, language))


def _quantity(quantity: Quantity, language: Language) -> str:
    unit = message("" if quantity.unit == PLAIN else quantity.unit)
    return say("{value} {unit}", language, value=f"{quantity.value:g}", unit=unit).rstrip()
