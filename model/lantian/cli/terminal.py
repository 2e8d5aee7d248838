"""The summary of a run as tables for a terminal."""

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lantian.core.system import System
from lantian.language import LIST_MARK, Label, Listed, message, printable, say
from lantian.names import NumberName, group_name
from lantian.optimise.status import MILLION
from lantian.report.words import MONEY_STEP, TIER_NAMES, chance_text
from lantian.results.frame import no_formula
from lantian.tolerances import SHOWN_AS_ZERO, UNSEEN
from lantian.vocabulary import OF_TARGET, Case, Language, Tier

CASE_NAMES: Mapping[Case, str] = {
    "baseline": "baseline",
    "plan": "plan as written",
    "least_cost": "least cost",
    "match_plan": "least cost for the plan's result",
}
MARKS, OTHER_MARKS = ("✓", "✗"), ("√", "×")
"""Tick and cross; the others are in the encodings of Chinese Windows."""
ALL = 100.0
"""Level [%] of a clause that says "all"."""
LONGEST, FULL = 8, 16
"""Measures of the mix that are shown, and targets and measures together that a screen holds."""
FEW = 5
"""Measures that are named in a line."""
LEAST_SHARE = 0.005
"""Share of a cut without a price [1] from which on it is told."""
BOXES = 1
"""Boxes that are told; the others are in a table."""
TELLING = 0.6
"""Density [1] from which on a box says when a target is missed."""
WIDE = 100
"""Columns of the terminal for which tables are laid out."""


class _Console(Console):
    """A console that leaves it to the program what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        """Pass on that nobody reads any more."""
        raise BrokenPipeError


def console(stderr: bool = False) -> Console:
    """Return a console; in a pipe it is as wide as a report.

    Names of a user hold what signs they like: brackets and colons are no markup.
    """
    plain: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
    found = _Console(stderr=stderr, **plain)
    return found if found.is_terminal else _Console(stderr=stderr, width=WIDE, **plain)


def _mark(met: bool) -> Text:
    """Return a tick or a cross; where the output's encoding has none, signs that look alike."""
    tick, cross = MARKS
    try:
        (tick + cross).encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        tick, cross = OTHER_MARKS
    return Text(tick, "green") if met else Text(cross, "red")


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with so many significant digits, grouped, or a dash.

    Parameters
    ----------
    value
        Number to show; None for a dash.
    digits
        Significant digits; none before the point is cut.

    Returns
    -------
    str
        Text for a table.
    """
    if value is None:
        return "-"
    if abs(value) < SHOWN_AS_ZERO:
        return "0"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def millions(amount: float, language: Language) -> str | float:
    """Return money for a text of millions; a Chinese text scales and rounds it by itself.

    Parameters
    ----------
    amount
        Money [currency].
    language
        Language of the reader.

    Returns
    -------
    str or float
        In millions: as text in English, else as the number.
    """
    return number(amount / 1e6) if language == "en" else amount / 1e6


def percent(share: float | None) -> str:
    """Return a share in percent, or a dash."""
    return "-" if share is None else f"{100 * share:.0f}%"


def print_summary(summary: dict[str, Any], language: Language, label: Label, out: Console) -> None:
    """Print targets, cost, leading measures and what the run rests on."""
    out.print(Text(f"\n{summary['title'][language]}", "bold"))
    out.print(targets_table(summary, language, label))
    for line in (
        *_verdict_lines(summary, language, label),
        *_sample_lines(summary, language, label),
    ):
        out.print(line)
    out.print(cost_table(summary, language))
    if summary["mix"]:
        out.print(mix_table(summary, language, label))
    for line in _mix_lines(summary, language, label):
        out.print(line)
    if any(_is_missed(level) for level in summary["levels"]):
        out.print(levels_table(summary, language, label))
    for line in (*_basis_lines(summary, language, label), *_next_lines(summary, language, label)):
        out.print(line)


def _verdict_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which targets the plan misses, which no mix reaches, which are not computed."""
    computed = [t for t in summary["targets"] if t["computed"]]
    missed = [t["id"] for t in computed if t["met"].get("plan") is False]
    left = [t["id"] for t in summary["targets"] if not t["computed"]]
    lines = _beside_lines(summary, language, label)
    if any("plan" in t["met"] for t in computed):
        template = "The plan as written meets {met} of {all} targets."
        if missed:
            template = "The plan as written meets {met} of {all} targets and misses: {names}"
        lines.append(
            say(
                template,
                language,
                met=len(computed) - len(missed),
                all=len(computed),
                names=_names(missed, label, OF_TARGET),
            )
        )
    lines += _pace_lines(summary, computed, language, label)
    lines += [_best_line(row, language, label) for row in summary["out_of_reach"]]
    lines += _owner_lines(summary, language, label)
    if left:
        lines.append(say("Not computed: {names}", language, names=_names(left, label, OF_TARGET)))
    return lines


def _beside_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what must be read beside targets: paths that are given, what was not asked for."""
    beside: dict[tuple[str, bool], list[str]] = {}
    for target in summary["targets"]:
        if "beside" in target:
            key = target["beside"][language], bool(target.get("judged_after"))
            beside.setdefault(key, []).append(target["id"])
    found = [
        say(
            "{name} (not asked of the mix): {text}" if is_after else "{name}: {text}",
            language,
            name=_names(ids, label, OF_TARGET),
            text=text,
        )
        for (text, is_after), ids in beside.items()
    ]
    after = [t for t in summary["targets"] if t.get("judged_after") and "beside" not in t]
    if after:
        told = "Judged after the solve, not asked of the mix: {names}"
        names = _names([t["id"] for t in after], label, OF_TARGET)
        found.append(say(told, language, names=names))
    return found


def _sample_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the per cents beside the verdicts are, and what they do not tell."""
    found = summary["samples"]
    if found is None:
        return []
    lines = [
        say(
            "Per cent: chance in {n} sets of inputs; a mix at its limit has about half (surer:"
            " lantian robust)",
            language,
            n=f"{found['number']:,}",
        )
    ]
    lines += [
        say(
            "{name}, {case}: {normal} at normal weather, {three} as the mean of three years",
            language,
            name=label(OF_TARGET + own["target"]),
            case=message(CASE_NAMES[own["case"]]),
            normal=chance_text(own["normal_weather"]),
            three=chance_text(own["three_years"]),
        )
        for own in found["weather"]
    ]
    if found["unsettled"]:
        lines.append(
            say(
                "Too few samples: {few} of {all} ranges of targets are not settled; ask for more",
                language,
                few=found["unsettled"],
                all=found["percentiles"],
            )
        )
    if found["contradictory"]:
        lines.append(
            say(
                "Left out: {n} sets whose numbers contradict each other",
                language,
                n=found["contradictory"],
            )
        )
    return lines


def _names(ids: Sequence[str], label: Label, kind: str = "") -> Listed:
    return Listed(label(kind + name) for name in ids)


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
    names = _names(turned, label, OF_TARGET)
    return [say(template, language, year=summary["years"][-1], names=names)]


def _best_line(row: dict[str, Any], language: Language, label: Label) -> str:
    """Return how near to a target out of reach any mix comes, and what it costs."""
    return say(
        "Out of reach of every mix: {name}; at best {best} {unit}; {value} {unit} cost {cost} "
        "million {money}",
        language,
        name=label(OF_TARGET + row["target"]),
        best=number(row["best"]),
        value=number(row["value"]),
        unit=message(row["unit"]),
        cost=millions(row["cost"], language),
        money=message(row["cost_unit"]),
    )


def _owner_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return who moves a mean from the base year on, with the other reading of the city beside."""
    rows = [row for row in summary["owners"] if row["case"] == "plan"]
    lines = []
    for row in (r for r in rows if r["stated"]):
        others = [r for r in rows if r["indicator"] == row["indicator"] and not r["stated"]]
        unit = message(row["unit"])
        told = say(
            "{name} from {base_year} to {year} under the plan: {change} {unit}; own sources {own},"
            " rest of the city {city}, outside {outside}",
            language,
            name=label(row["indicator"]),
            base_year=summary["base_year"],
            year=row["year"],
            change=_signed(row["total"] - row["base"]),
            unit=unit,
            **{part: _signed(row[part]) for part in ("own", "city", "outside")},
        )
        for other in others:
            told += say(
                _OTHER_READING[other["in_step"]], language, total=number(other["total"]), unit=unit
            )
        lines.append(told)
    return lines


_OTHER_READING = {
    True: "; if the rest of the city cuts as much: {total} {unit}",
    False: "; if the rest of the city follows the air around instead: {total} {unit}",
}


def _hindcast_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how far the model is off what was observed, for indicators that targets are about."""
    asked = dict.fromkeys(t["indicator"] for t in summary["targets"] if t["computed"])
    own = {
        name: [r for r in summary["hindcast"] if r["indicator"] == name and not r["fitted"]]
        for name in asked
    }
    told = [_error_of(rows, language, label) for rows in own.values() if rows]
    if not told:
        return []
    text = "Root mean square error beside what was observed: {names}; all: tables/hindcast.csv"
    return [say(text, language, names=Listed(told))]


def _error_of(rows: Sequence[dict[str, Any]], language: Language, label: Label) -> str:
    """Return the root mean square error of one indicator over its observed years."""
    error = (sum(row["error"] ** 2 for row in rows) / len(rows)) ** 0.5
    return say(
        "{name} {error} {unit} (years: {n})",
        language,
        name=label(rows[0]["indicator"]),
        error=number(error),
        unit=message(rows[0]["unit"]),
        n=len(rows),
    )


def cost_table(summary: dict[str, Any], language: Language) -> Table:
    """Return what the plan and the mixes cost, the least cost also tier by tier.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        Money in millions; what measures save that pay for themselves stands beside the cost.
    """
    cost = summary["cost"]
    step = MONEY_STEP[language]
    title = say(
        "Cost in {year} (million {unit})", language, year=cost["year"], unit=message(cost["unit"])
    )
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("case", "cost", "savings beside it", "cut without a price"):
        right = name in ("cost", "savings beside it")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for case, name in CASE_NAMES.items():
        if case == "baseline" or case not in cost["by_case"]:
            continue
        spent, saved = (number(cost[part][case] / step) for part in ("spent", "saved"))
        table.add_row(say(name, language), spent, saved, _without(cost["unpriced"][case], language))
        if case == "least_cost":
            for tier, *added in _added_by_tier(summary):
                told = (_signed(part / step) for part in added)
                table.add_row(f"  {TIER_NAMES[tier].say(language)}", *told)
    return table


def _added_by_tier(summary: dict[str, Any]) -> list[tuple[Tier, float, float]]:
    """Return what each tier of the last year with targets adds: cost, and savings beside it.

    Nothing where there is but one tier.
    """
    last = max((tier["year"] for tier in summary["tiers"]), default=0)
    found, spent, saved = [], 0.0, 0.0
    for tier in summary["tiers"]:
        if tier["year"] == last:
            found.append((tier["tier"], tier["spent"] - spent, tier["saved"] - saved))
            spent, saved = tier["spent"], tier["saved"]
    return found if len(found) > 1 else []


def _signed(value: float) -> str:
    told = number(value)
    return told if told == "0" or value < 0 else f"+{told}"


def _without(share: Mapping[str, float], language: Language) -> str:
    told = [f"{p} {percent(s)}" for p, s in share.items() if s >= LEAST_SHARE]
    return LIST_MARK[language].join(told) if told else say("none", language)


def mix_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the measures of the recommended mix that cost, at most eight.

    Parameters
    ----------
    summary
        As in ``summary.json``; its mix has at least one measure.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per measure: amount in its own unit, share of what it can act on, cost in millions,
        credit [t/a].
    """
    mix = [row for row in summary["mix"] if not row["no_regret"]]
    title = say(
        "Recommended mix in {year} (million {unit}; what is cut in t/a)",
        language,
        year=summary["mix"][0]["year"],
        unit=message(summary["mix"][0]["cost_unit"]),
    )
    best_for = summary["mix"][0]["best_for"]
    if best_for:
        title += say("; the best that can be done for {name}", language, name=label(best_for))
    table = _dense(title)
    shown = _pollutants(summary)
    for name in ("measure", "amount", "share", "cost", *shown, "in the plan"):
        right = name not in ("measure", "in the plan")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for row in mix[: _shown(summary)]:
        unit, most = max(row["amounts"].items(), key=lambda item: item[1]["amount"])
        table.add_row(
            label(row["measure"]),
            f"{number(most['amount'])} {say(unit, language)}",
            percent(most["amount"] / most["most"] if most["most"] else None),
            number(row["cost"] / MONEY_STEP[language]) if row["priced"] else "-",
            *(number(row["credit"].get(p)) for p in shown),
            number(most["plan"]) if row["in_plan"] else "-",
        )
    return table


def _pollutants(summary: dict[str, Any]) -> list[str]:
    """Return at most four pollutants that measures of the mix are credited with."""
    credited = [row["credit"] for row in summary["mix"]]
    return [p for p in ("NOx", "VOC", "SO2", "PM2.5") if any(c.get(p) for c in credited)]


def _mix_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the table of the mix leaves out."""
    free = [row for row in summary["mix"] if row["no_regret"]]
    more = len(summary["mix"]) - len(free) - _shown(summary)
    lines = _decider_lines(summary, language, label)
    if more > 0:
        lines.append(say("{n} more measures: tables/mix.csv", language, n=more))
    if free:
        lines.append(
            say(
                "Measures that pay for themselves, saving {saved} million {unit}: {names}",
                language,
                saved=millions(-sum(row["cost"] for row in free), language),
                unit=message(free[0]["cost_unit"]),
                names=_names([row["measure"] for row in free], label),
            )
        )
    if summary["cost"]["unknown_cost"]:
        lines.append(
            say(
                "Not in these costs, as no defensible figure is known: {names}",
                language,
                names=_names(summary["cost"]["unknown_cost"], label),
            )
        )
    return lines


def _shown(summary: dict[str, Any]) -> int:
    """Return how many measures of the mix are shown: fewer below many targets."""
    targets = len([t for t in summary["targets"] if t["computed"]])
    return min(LONGEST, max(FULL - targets, FEW))


def _decider_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return which of the measures that are shown others decide than the district."""
    shown = [row for row in summary["mix"] if not row["no_regret"]][: _shown(summary)]
    told = []
    for who in ("nation", "city"):
        names = [row["measure"] for row in shown if row["decides"] == who]
        if names:
            told.append(say(_DECIDED_BY[who], language, names=_names(names, label)))
    return told


_DECIDED_BY = {
    "nation": "Of these the nation decides: {names}",
    "city": "Of these the city decides: {names}",
}


def _next_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what to do next: what the mix has and the plan has not, and where to ask."""
    new = [row["measure"] for row in summary["mix"] if not row["in_plan"]]
    lines = []
    if new and "plan" in summary["cost"]["by_case"]:
        lines.append(
            say(
                "Next, in the mix and not in the plan: {names}",
                language,
                names=_names(new[:FEW], label),
            )
        )
    lines.append(
        say(
            "Why a measure is in or out: lantian optimise --explain; what every level costs: "
            "lantian frontier",
            language,
        )
    )
    return lines


def targets_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the table of targets: base, limit, each case, met or missed by how much.

    One row per target [its unit].
    """
    shown = {c for t in summary["targets"] for c in t["value"]} - {"match_plan"}
    cases = [c for c in CASE_NAMES if c in shown]
    table = _dense(say("Targets", language))
    for name in ("target", "base", "limit", *(CASE_NAMES[c] for c in cases)):
        right = name != "target"
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for target in summary["targets"]:
        if target["computed"]:
            table.add_row(*_target_cells(target, cases, language, label))
    return table


def _target_cells(
    target: dict[str, Any], cases: Sequence[str], language: Language, label: Label
) -> list[str | Text]:
    name = _target_name(target, language, label)
    base = number(target["base_value"])
    if target["base_year"]:
        base += f" ({target['base_year']})"
    cells: list[str | Text] = [name, base, number(target["limit"])]
    for case in cases:
        value, met = target["value"].get(case), target["met"].get(case)
        if value is None:
            cells.append("-")
            continue
        cell = Text.assemble(f"{number(value)} ", _mark(met))
        if case != "baseline":
            chance = target["probability"].get(case)
            sure = "" if chance is None else chance_text(chance)
            cell.append(f"{sure} {margin_text(target['limit'], value)}")
        cells.append(cell)
    return cells


def _dense(title: str) -> Table:
    """Return a table for many columns, one space apart."""
    return Table(title=title, title_justify="left", box=None, pad_edge=False, collapse_padding=True)


def levels_table(summary: dict[str, Any], language: Language, label: Label) -> Table:
    """Return the levels that the plan prints and the last year does not reach.

    One row per printed level.
    """
    title = say("Printed levels as reached in {year}", language, year=summary["years"][-1])
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(say("measure", language), overflow="fold")
    table.add_column(say("row", language))
    table.add_column(say("level", language), justify="right")
    table.add_column(say("reached", language), justify="right")
    for level in filter(_is_missed, summary["levels"]):
        printed, unit = level["printed"], level["unit"]
        ends = dict.fromkeys(number(level[end]) for end in ("lowest", "highest"))
        table.add_row(
            label(level["measure"]),
            " ".join(row.rsplit("-", 1)[-1] for row in level["clause"]),
            f"{printed:,g} {say(unit, language)}",
            Text.assemble(f"{'-'.join(ends)} ", _mark(False)),
        )
    return table


def _is_missed(level: dict[str, Any]) -> bool:
    """Tell whether a level is short; "all" is all that the measure can move and never is."""
    return not _is_all(level) and _is_short(level)


def _is_all(level: dict[str, Any]) -> bool:
    return bool(level["unit"] == "%" and level["printed"] == ALL)


def _is_short(level: dict[str, Any]) -> bool:
    lowest = level["lowest"]
    return lowest is None or bool(lowest < level["printed"] * (1 - UNSEEN))


def _target_name(target: dict[str, Any], language: Language, label: Label) -> str:
    """Return a target's name, where it holds if that is not everywhere, and its unit."""
    name = label(OF_TARGET + target["id"])
    if "places" in target:
        places = Listed(label(place) for place in target["places"])
        name = say("{name} in {places}", language, name=name, places=places)
    return _with_unit(name, target["unit"], language)


def _with_unit(name: str, unit: str, language: Language) -> str:
    return say("{name} ({unit})", language, name=name, unit=message(unit)) if unit else name


def margin_text(limit: float, value: float) -> str:
    """Return by how much a value is below (-) or above (+) its limit, or that it is at it.

    Parameters
    ----------
    limit, value
        In the same unit.

    Returns
    -------
    str
        Three digits with a sign, or ±0.
    """
    if abs(value - limit) <= UNSEEN * max(abs(limit), abs(value)):
        return "±0"
    return f"{'+' if value > limit else '-'}{number(abs(value - limit))}"


def _basis_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    lines = _variance_lines(summary, language, label)
    lines += _failure_lines(summary, language, label)
    shares = summary["assumed_share"].get("reduction") or summary["assumed_share"].get("emission")
    if shares and not lines:
        low, high = min(shares.values()), max(shares.values())
        lines.append(
            say(
                "On assumed numbers rest {share} of each pollutant's cut"
                if summary["assumed_share"].get("reduction")
                else "On assumed numbers rest {share} of each pollutant's emission",
                language,
                share="-".join(dict.fromkeys((percent(low), percent(high)))),
            )
        )
    lines += _hindcast_lines(summary, language, label)
    if summary["topdown"]:
        lines.append(_topdown_line(summary["topdown"], language, label))
    if summary["assumptions"] and not _is_sampled(summary):
        first = summary["assumptions"][:3]
        lines.append(
            say(
                "Assumptions that matter most: {names}",
                language,
                names=Listed(
                    say(
                        "{input} ({low}-{high} {unit}: {outcome} {at_low}-{at_high} {of})",
                        language,
                        input=NumberName(tuple(a["keys"])).text(language, label),
                        outcome=label(OF_TARGET + a["outcome"]),
                        unit=say(a["unit"], language),
                        of=say(a["outcome_unit"], language),
                        **{e: number(a[e]) for e in ("low", "high", "at_low", "at_high")},
                    )
                    for a in first
                ),
            )
        )
    return lines


def _is_sampled(summary: dict[str, Any]) -> bool:
    """Tell whether samples say what matters most, so that ends of ranges need not."""
    return bool(summary["samples"] and summary["samples"]["measure_first"])


def _variance_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how much of the spread is due to assumed numbers, and what to measure first."""
    found = summary["samples"]
    if found is None or not found["variance_by_basis"]:
        return []
    shares = [own["assumed"] for own in found["variance_by_basis"].values()]
    ends = dict.fromkeys((percent(min(shares)), percent(max(shares))))
    lines = [
        say(
            "Of the variance of a target's margin is due to assumed numbers: {share}",
            language,
            share="-".join(ends),
        )
    ]
    if found["measure_first"]:
        lines.append(
            say(
                "Worth measuring first (chance of the target if it is low, high): {names}",
                language,
                names=Listed(_first_of(row, language, label) for row in found["measure_first"][:2]),
            )
        )
    return lines


def _failure_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return when the plan misses the targets that are most open, in a sentence each."""
    found = summary["samples"]
    if found is None:
        return []
    told = [own for own in found["failures"] if own["density"] >= TELLING]
    return [
        say(
            "The plan misses {target} when {when}: {coverage} of all misses, {density} inside"
            " are missed (on held-out sets)",
            language,
            target=label(own["target"]),
            when=Listed(_when(side, language, label) for side in own["when"]),
            coverage=percent(own["coverage"]),
            density=percent(own["density"]),
        )
        for own in told[:BOXES]
    ]


WEATHER_TABLE = "weather"
"""First key of what the weather of a year did to its mean."""


def _when(side: dict[str, Any], language: Language, label: Label) -> str:
    if not side["keys"]:
        worse = "the weather is {percent} or more above that of the base year"
        better = "the weather is less than {percent} above that of the base year"
        return say(
            worse if side["above"] else better,
            language,
            percent=f"{100.0 * (side['bound'] - 1.0):+.0f}%",
        )
    if side["keys"][0] == WEATHER_TABLE:
        worse = "the weather of {year} moved its mean by more than {percent}"
        better = "the weather of {year} moved its mean by less than {percent}"
        return say(
            worse if side["above"] else better,
            language,
            year=side["keys"][-1],
            percent=f"{100.0 * side['bound']:+.1f} %",
        )
    return say(
        "{input} is above {bound} {unit}" if side["above"] else "{input} is below {bound} {unit}",
        language,
        input=NumberName(tuple(side["keys"])).text(language, label),
        bound=number(side["bound"]),
        unit=say(side["unit"], language) if side["unit"] != "1" else "",
    ).rstrip()


def _first_of(row: dict[str, Any], language: Language, label: Label) -> str:
    return say(
        "{input} ({target}: {low}, {high})",
        language,
        input=NumberName(tuple(row["keys"])).text(language, label),
        target=label(row["target"]),
        low=chance_text(row["if_low"]),
        high=chance_text(row["if_high"]),
    )


def _topdown_line(rows: list[dict[str, Any]], language: Language, label: Label) -> str:
    """Return how the inventory stands beside independent estimates."""
    outside = [
        f"{say('total', language) if row['sector'] == 'all' else label(row['sector'])} "
        f"{row['pollutant']} {row['year']} (x{number(row['ratio'], 2)})"
        for row in rows
        if not row["within_factor_two"]
    ]
    told = say(
        "Within a factor of two of an independent estimate: {inside} of {all} totals",
        language,
        inside=len(rows) - len(outside),
        all=len(rows),
    )
    if not outside:
        return told
    return told + say("; further off: {names}", language, names=Listed(outside))


def tiers_table(
    rows: Sequence[dict[str, Any]], currency: str, language: Language, label: Label
) -> Table:
    """Return the targets tier by tier with what each tier adds to the cost.

    Parameters
    ----------
    rows
        Of the table ``tiers``.
    currency
        Of the costs.
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    rich.table.Table
        One row per target; money in millions.
    """
    unit = message(f"{currency}/a")
    title = say("Targets tier by tier (million {unit})", language, unit=unit)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("year", "tier", "target", "within reach", "cost so far", "added"):
        right = name in ("cost so far", "added")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(
            str(row["year"]),
            TIER_NAMES[row["tier"]].say(language),
            label(OF_TARGET + row["target"]) if row["asked"] else "-",
            _mark(row["reached"]) if row["asked"] else "",
            *(number(row[name] / MONEY_STEP[language]) for name in ("cost", "added")),
        )
    return table


def optimum_table(
    answer: Any, system: System, year: int, language: Language, label: Label
) -> Table:
    """Return the answers of the optimiser per target: what is feasible and what it costs.

    One row per target [its unit]; money in millions.
    """
    currency = answer.currency
    yearly = message(f"{currency}/a")
    title = say(
        "Least cost in {year}: {cost} million {unit}",
        language,
        year=year,
        cost=millions(answer.cost, language),
        unit=yearly,
    )
    price_name = say("shadow price (million {unit} per unit)", language, unit=yearly)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in (
        "target",
        "baseline",
        "limit",
        "least cost",
        "maximum feasible",
        price_name,
        "marginal measure",
    ):
        left = name in ("target", "marginal measure")
        table.add_column(say(name, language), justify="left" if left else "right", overflow="fold")
    for t in answer.targets:
        price = number(t.shadow_price / MONEY_STEP[language]) if t.binding else "-"
        marginal = ""
        if t.binding and t.marginal:
            group = system.moves.group[t.marginal[0]]
            marginal = label(system.measures[system.groups.measure[group]])
        table.add_row(
            _with_unit(label(OF_TARGET + t.id), t.unit, language),
            number(t.baseline),
            number(t.limit),
            number(t.value),
            number(t.max_feasible),
            price,
            marginal,
        )
    return table


def proof_line(answer: Any, language: Language) -> str:
    """Return what no mix within the limits costs less than, rounding included.

    Parameters
    ----------
    answer
        Of the optimiser, for one year or for all years of a pathway.
    language
        Language of the reader.

    Returns
    -------
    str
        The bound in millions, in Chinese in 万 or 亿, and its distance to the cost.
    """
    proof = answer.proof
    values = {"bound": proof.bound / MILLION, "gap": proof.gap}
    if proof.of_all_years:
        return say(
            "Proven: within these limits no mix costs less than {bound:.10g} million {unit} in all"
            " years together, discounted; that is {gap:.0e} below the one found.",
            language,
            unit=message(answer.currency),
            **values,
        )
    return say(
        "Proven: within these limits no mix costs less than {bound:.10g} million {unit}; that is"
        " {gap:.0e} below the one found.",
        language,
        unit=message(f"{answer.currency}/a"),
        **values,
    )


def whole_table(whole: Any, system: System, year: int, language: Language, label: Label) -> Table:
    """Return the numbers of units taken, for measures that come in whole units.

    Parameters
    ----------
    whole
        The mix in whole units.
    system
        What it is about, for names and units.
    year
        Calendar year.
    language
        In which the table is said.
    label
        Gives the display name of an id.

    Returns
    -------
    Table
        One row per measure and source that comes whole.
    """
    title = say("Whole units in {year}", language, year=year)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("measure", "number", "size of a unit", "unit"):
        right = name in ("number", "size of a unit")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for units in whole.units:
        name = group_name(system, units.group).text(language, label)
        unit = system.sources.unit[system.groups.source[units.group]]
        table.add_row(name, str(units.number), number(units.size, 4), say(unit, language))
    return table


def inventory_tables(frame: Any, language: Language, label: Label) -> list[Table]:
    """Return one table of baseline emissions [t/a] per year: sectors by pollutants.

    Parameters
    ----------
    frame
        Columns year, sector, pollutant and value [t/a].
    language
        Language of the reader.
    label
        Gives the display name of an id.

    Returns
    -------
    list of rich.table.Table
        With a line of totals each.
    """
    tables = []
    for year, rows in frame.groupby("year"):
        wide = rows.pivot_table(
            index="sector", columns="pollutant", values="value", aggfunc="sum", sort=False
        )
        table = Table(
            title=say("Emissions in {year} (t/a)", language, year=year),
            title_justify="left",
            box=None,
            pad_edge=False,
        )
        table.add_column(say("sector", language))
        for pollutant in wide.columns:
            table.add_column(str(pollutant), justify="right")
        for sector, values in wide.iterrows():
            table.add_row(label(str(sector)), *(number(v if v == v else None) for v in values))
        table.add_section()
        table.add_row(say("total", language), *(number(v) for v in wide.sum()))
        tables.append(table)
    return tables


def months_table(frame: Any, language: Language) -> Table:
    """Return the emissions of the base year [t] as a table: months by pollutants.

    Parameters
    ----------
    frame
        Columns year, month, pollutant and value [t].
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        With a line of totals.
    """
    wide = frame.pivot_table(
        index="month", columns="pollutant", values="value", aggfunc="sum", sort=False
    )
    title = say("Emissions in {year} by month (t)", language, year=frame["year"].iloc[0])
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in (say("month", language), *wide.columns):
        table.add_column(str(name), justify="right")
    for month, values in wide.iterrows():
        table.add_row(str(month), *(number(v) for v in values))
    table.add_section()
    table.add_row(say("total", language), *(number(v) for v in wide.sum()))
    return table


def records_table(rows: list[dict[str, Any]], language: Language) -> Table:
    """Return rows of equal keys as a table.

    Parameters
    ----------
    rows
        One dict per line; numbers stand at the right.
    language
        Language of the reader.

    Returns
    -------
    rich.table.Table
        Empty without rows.
    """
    table = Table(box=None, pad_edge=False)
    for name in rows[0] if rows else []:
        right = bool(rows) and isinstance(rows[0][name], int)
        table.add_column(
            say(name, language),
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=_is_id([str(row[name]) for row in rows]),
        )
    for row in rows:
        table.add_row(*(printable(say(str(value), language)) for value in row.values()))
    return table


def _is_id(cells: list[str]) -> bool:
    """Whether a column holds ids, which are not broken over lines."""
    return all(cell.isascii() and " " not in cell for cell in cells)


def format_records(rows: list[dict[str, Any]], form: str, language: Language) -> str:
    """Return rows of equal keys as CSV or JSON text, or as a Markdown table.

    Parameters
    ----------
    rows
        One dict per line.
    form
        ``json``, ``md`` or ``csv``.
    language
        Of a Markdown table; the other forms keep keys and values.

    Returns
    -------
    str
        The text, with a line end.
    """
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if form == "md":
        return _markdown(rows, language)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: no_formula(cell) for key, cell in row.items()} for row in rows)
    return stream.getvalue()


def _markdown(rows: list[dict[str, Any]], language: Language) -> str:
    names = list(rows[0]) if rows else []
    lines = [
        names,
        ["---:" if isinstance(rows[0][name], int) else "---" for name in names],
        *(list(row.values()) for row in rows),
    ]
    said = ([say(str(cell), language).replace("|", "\\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in said)
