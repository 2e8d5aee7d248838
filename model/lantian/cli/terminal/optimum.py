"""Tables of the optimiser."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from lantian.cli.terminal.text import mark, millions, money_scale, number, with_unit
from lantian.core.system import System
from lantian.language import Label, message, say
from lantian.names import group_name
from lantian.optimise.status import MILLION
from lantian.report.words import TIER_NAMES
from lantian.vocabulary import OF_TARGET, Language


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
        One row per target.
    """
    scale = money_scale((row["cost"] for row in rows), f"{currency}/a", language)
    title = say("Targets tier by tier ({unit})", language, unit=scale.unit)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("year", "tier", "target", "within reach", "cost so far", "added"):
        right = name in ("cost so far", "added")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(
            str(row["year"]),
            TIER_NAMES[row["tier"]].say(language),
            label(OF_TARGET + row["target"]) if row["asked"] else "-",
            mark(row["reached"]) if row["asked"] else "",
            *(number(row[name] / scale.size) for name in ("cost", "added")),
        )
    return table


def optimum_table(
    answer: Any, system: System, year: int, language: Language, label: Label
) -> Table:
    """Return the answers of the optimiser per target: what is feasible and what it costs.

    One row per target [its unit].
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
    prices = [t.shadow_price for t in answer.targets if t.binding]
    scale = money_scale(prices, f"{currency}/a", language)
    price_name = say("shadow price ({unit} per unit)", language, unit=scale.unit)
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
        price = number(t.shadow_price / scale.size) if t.binding else "-"
        marginal = ""
        if t.binding and t.marginal:
            group = system.moves.group[t.marginal[0]]
            marginal = label(system.measures[system.groups.measure[group]])
        table.add_row(
            with_unit(label(OF_TARGET + t.id), t.unit, language),
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
