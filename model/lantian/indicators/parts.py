"""Indicators that others are made of, declared once per study."""

from lantian.indicators import find
from lantian.indicators.contract import Context, Declared


def declared_part(name: str, context: Context) -> Declared | None:
    """Return an indicator with its numbers; None where the tables hold nothing of it.

    Parameters
    ----------
    name
        Its id.
    context
        Tables and axes; remembers what was declared, so that faults are told once.

    Returns
    -------
    Declared or None
        The same for all who ask.
    """
    if name not in context.made:
        indicator, before = find(name), context.faults()
        complete = all(context.tables.has(table) for table in indicator.requires)
        context.made[name] = indicator.declare(context) if complete else None
        if context.faults() > before:
            context.faulty.append(name)
    elif name in context.faulty:
        context.faulty.append(name)
    return context.made[name]
