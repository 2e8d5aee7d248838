"""Lines of the answer: verdict, how sure, who is responsible, what observations say."""

from collections.abc import Sequence
from typing import Any

from lantian.cli.terminal.notes import of_target
from lantian.cli.terminal.text import (
    CROWDED,
    FEW,
    SINGLY,
    all_names,
    few_names,
    millions,
    number,
    paragraph,
    signed,
)
from lantian.language import LIST_MARK, Label, Listed, Message, message, say
from lantian.report.words import computed_targets
from lantian.vocabulary import HEADLINE, OF_TARGET, Language


def verdict_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which targets the plan misses, which no mix reaches, which are not computed."""
    computed = computed_targets(summary)
    missed = [t["id"] for t in computed if t["met"].get("plan") is False]
    left = [t["id"] for t in summary["targets"] if not t["computed"]]
    lines = []
    if any("plan" in t["met"] for t in computed):
        template = "The plan meets all {all} targets"
        if missed:
            template = "The plan meets {met} of {all} targets; missed: {names}"
        told = say(
            template,
            language,
            met=len(computed) - len(missed),
            all=len(computed),
            names=all_names(missed, label, OF_TARGET),
        )
        lines.append(told)
    lines += _pace_lines(summary, computed, language, label)
    if left:
        lines.append(
            say("Not computed: {names}", language, names=all_names(left, label, OF_TARGET))
        )
    return lines


AFTER, READ = "*", "#"
"""Marks of targets that are judged after the solve, and of those whose number no plan prints."""


def target_marks(target: dict[str, Any]) -> str:
    """Return the marks of a target, which :func:`beside_lines` explain.

    Parameters
    ----------
    target
        As in ``summary.json``.
    """
    after, read = bool(target.get("judged_after")), bool(target["number"] == "reading")
    return AFTER * after + READ * read


def beside_lines(
    summary: dict[str, Any], shown: Sequence[dict[str, Any]], language: Language, label: Label
) -> list[str]:
    """Return what must be read beside targets: paths that are given, what was not asked for.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    shown
        Its targets that stand in the table, with their marks.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    beside: dict[str, list[str]] = {}
    paths: dict[str, None] = {}
    for target in summary["targets"]:
        if "beside" in target and not target.get("judged_after"):
            beside.setdefault(target["beside"][language], []).append(target["id"])
        if "path" in target and target.get("judged_after"):
            paths[target["path"][language]] = None
    found = [
        say("{name}: {text}", language, name=few_names(ids, label, OF_TARGET), text=text)
        for text, ids in beside.items()
    ]
    marks = "".join(map(target_marks, shown))
    marked = {sign: say(text, language) for sign, text in _MARKED.items() if sign in marks}
    # A count takes a path as given, which is told once.
    given = [path for path in paths if not any(path in line for line in found)]
    if AFTER in marked and given:
        after = say("* judged after the solve", language)
        marked[AFTER] = LIST_MARK[language].join([after, *given])
    return found + list(marked.values())


_MARKED = {
    AFTER: "* judged after the solve, not asked of the mix",
    READ: "# no number printed: no headline cost",
}


def sample_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the per cents beside the verdicts are, and what they do not tell."""
    found = summary["samples"]
    if found is None:
        return []
    template = (
        "Per cent: chance in {n} sets of inputs ({few} of {all} ranges need more); a mix at its"
        " limit has half"
        if found["unsettled"]
        else "Per cent: chance in {n} sets of inputs; a mix at its limit has half"
    )
    lines = [
        say(
            template,
            language,
            n=f"{found['number']:,}",
            few=found["unsettled"],
            all=found["percentiles"],
        )
    ]
    lines += _open_lines(summary, language, label)
    if found["contradictory"]:
        lines.append(
            say(
                "Left out: {n} sets whose numbers contradict each other",
                language,
                n=found["contradictory"],
            )
        )
    return lines


HALF = 0.5
"""Chance [1] below which a target is more likely missed than met."""


def _open_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which targets the plan meets at central numbers, and misses in most sets."""
    met = [t for t in computed_targets(summary) if t["met"].get("plan")]
    chances = {t["id"]: t["probability"].get("plan") for t in met}
    likely = [name for name, chance in chances.items() if chance is not None and chance < HALF]
    if not likely:
        return []
    if len(likely) == 1:
        return [
            say(
                "Met, yet likelier missed: {name}",
                language,
                name=all_names(likely, label, OF_TARGET),
            )
        ]
    return [say("Met, yet likelier missed: {n} of {all}", language, n=len(likely), all=len(met))]


def _pace_lines(
    summary: dict[str, Any], computed: Sequence[dict[str, Any]], language: Language, label: Label
) -> list[str]:
    """Return what the plan would meet if the whole year were as it ends, where that differs."""
    turned = [
        t["id"] for t in computed if t["met"].get("plan_year_end", False) and not t["met"]["plan"]
    ]
    if not turned:
        return []
    template = "At its pace at the end of {year} the plan would also meet: {names}"
    names = all_names(turned, label, OF_TARGET)
    return [say(template, language, year=summary["years"][-1], names=names)]


def best_line(row: dict[str, Any], language: Language, label: Label) -> str:
    """Return how near to a target out of reach any mix comes, and what it costs.

    Parameters
    ----------
    row
        Of the table ``out_of_reach``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    template = (
        "Out of reach: {name} (limit {limit} {unit}); at best {best} for {cost} million {money}"
        if _is_best(row)
        else "Out of reach: {name} (limit {limit} {unit}); at best {best}; {value} for {cost}"
        " million {money}"
    )
    if row["tier"] in HEADLINE:
        template += ", and least cost leaves the target out"
    return say(
        template,
        language,
        **_nearness(row, language, label),
    )


def apart_lines(
    summary: dict[str, Any], told: Sequence[Message], language: Language, label: Label
) -> list[str]:
    """Return a paragraph for each target out of reach: the best that can be done, and why.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    told
        Notes of a run.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    rows = summary["out_of_reach"]
    if len(rows) > SINGLY:
        return _together_lines(rows, told, language, label)
    crowded = len(computed_targets(summary)) > CROWDED
    lines = []
    for row in rows:
        why = of_target(told, row["target"], language, label, brief=crowded)
        lines += paragraph([best_line(row, language, label), *why], language)
    return lines


def _together_lines(
    rows: Sequence[dict[str, Any]], told: Sequence[Message], language: Language, label: Label
) -> list[str]:
    """Return many targets out of reach, those together that the same holds."""
    held: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        why = of_target(told, row["target"], language, label, brief=True)
        held.setdefault(tuple(why), []).append(row)
    left = [row["target"] for row in rows if row["tier"] in HEADLINE]
    out = say("Least cost leaves out: {names}", language, names=all_names(left, label, OF_TARGET))
    found = []
    for reasons, own in held.items():
        names = Listed(_near(row, language, label) for row in own)
        found.append([say("Out of reach: {names}", language, names=names), *reasons])
    if left:
        found[-1].append(out)
    return [line for sentences in found for line in paragraph(sentences, language)]


def _near(row: dict[str, Any], language: Language, label: Label) -> str:
    """Return how near to a target out of reach a mix comes, in short."""
    return say(
        "{name} {value} {unit} for {cost} million {money} (limit {limit})"
        if _is_best(row)
        else "{name} {value} {unit} for {cost} million {money} (limit {limit}, at best {best})",
        language,
        **_nearness(row, language, label),
    )


def _is_best(row: dict[str, Any]) -> bool:
    """Whether what is told of a target out of reach is the best that can be done."""
    return number(row["best"]) == number(row["value"])


def _nearness(row: dict[str, Any], language: Language, label: Label) -> dict[str, Any]:
    """Return what templates tell of a target out of reach: limit, best, what is worth its cost."""
    return {
        "name": label(OF_TARGET + row["target"]),
        "limit": number(row["limit"]),
        "best": number(row["best"]),
        "value": number(row["value"]),
        "unit": message(row["unit"]),
        "cost": millions(row["cost"], language),
        "money": message(row["cost_unit"]),
    }


def owner_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return who moves a mean from the base year on, with the other reading of the city beside.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    rows = [row for row in summary["owners"] if row["case"] == "plan"]
    lines = []
    for row in (r for r in rows if r["stated"]):
        others = [r for r in rows if r["indicator"] == row["indicator"] and not r["stated"]]
        unit = message(row["unit"])
        told = say(
            _PARTS[bool(row["city"])],
            language,
            name=label(row["indicator"]),
            base_year=summary["base_year"],
            year=row["year"],
            change=signed(row["total"] - row["base"]),
            unit=unit,
            **{part: signed(row[part]) for part in ("own", "city", "outside")},
        )
        for other in others:
            told += say(
                _OTHER_READING[other["in_step"]], language, total=number(other["total"]), unit=unit
            )
        lines.append(told)
    return lines


_PARTS = {
    True: (
        "{name} {base_year} to {year} under the plan: {change} {unit}; own sources {own}, rest"
        " of the city {city}, outside {outside}"
    ),
    False: (
        "{name} {base_year} to {year} under the plan: {change} {unit}; own sources {own}, outside"
        " {outside}"
    ),
}
"""By whether there is a rest of the city: a district has one, a city none."""
_OTHER_READING = {
    True: "; if the rest of the city cuts as much: {total} {unit}",
    False: "; if the rest of the city follows the air around instead: {total} {unit}",
}


def hindcast_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how far the model is off what was observed, for indicators that targets are about."""
    asked = dict.fromkeys(t["indicator"] for t in computed_targets(summary))
    own = {
        name: [r for r in summary["hindcast"] if r["indicator"] == name and not r["fitted"]]
        for name in asked
    }
    told = [_error_of(rows, language, label) for rows in own.values() if rows]
    if not told:
        return []
    text = "RMS error: {names}"
    return [say(text, language, names=Listed(told))]


def _error_of(rows: Sequence[dict[str, Any]], language: Language, label: Label) -> str:
    """Return the root mean square error of one indicator over its observed years."""
    error = (sum(row["error"] ** 2 for row in rows) / len(rows)) ** 0.5
    return say(
        "{name} {error} {unit} ({n} a)",
        language,
        name=label(rows[0]["indicator"]),
        error=number(error),
        unit=message(rows[0]["unit"]),
        n=len(rows),
    )


def next_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what to do next: what the mix has and the plan has not, and where to ask."""
    new = [row["measure"] for row in summary["mix"] if not row["in_plan"]]
    lines = []
    if new and "plan" in summary["cost"]["by_case"]:
        lines.append(
            say(
                "Next (in the mix, not in the plan): {names}",
                language,
                names=all_names(new[:FEW], label),
            )
        )
    if "least_cost" in summary["cost"]["by_case"]:
        lines.append(say("Why: lantian optimise --explain; surer: lantian robust", language))
    return lines
