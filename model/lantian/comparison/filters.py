"""Conditions that choose runs: comparisons over their columns, and nothing that could run away.

What a user writes is read as an expression of Python and computed by the few rules below, each of
which takes a number or a text and gives one no larger. No function is called, nothing is raised to
a power.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from lantian.language import Message, message

LONGEST = 1000
"""Signs of a condition."""
QUOTED = re.compile(r"`([^`]*)`")
"""A column whose name is no word, such as the id of a target."""

ARITHMETIC: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
COMPARISONS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}


class ConditionError(ValueError):
    """A condition that cannot be read; its message says why."""


def read_condition(text: str) -> Callable[[Mapping[str, Any]], bool]:
    """Return what tells whether a condition holds for a row.

    Parameters
    ----------
    text
        Such as ``met == targets and plan_cost < 1e9``; names in backquotes may hold any signs.

    Returns
    -------
    callable
        Takes the cells of a row by column; raises :class:`ConditionError` where it names a column
        that is not there, or compares a number with a text.

    Raises
    ------
    ConditionError
        If it is no condition.
    """
    if len(text) > LONGEST:
        raise ConditionError(message("it has more than {n} signs", n=LONGEST))
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        word = f"column_{len(names)}_"
        names[word] = found[1]
        return word

    try:
        tree = ast.parse(QUOTED.sub(named, text.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ConditionError(message("it is no condition")) from error
    return lambda row: _truth(_value(tree, row, names))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ConditionError(message("it is a value, where true or false is asked for"))
    return value


def _value(node: ast.AST, row: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """Return what a part of a condition is for a row."""
    match node:
        case ast.Constant(value=bool() | str() as value):
            return value
        case ast.Constant(value=int() | float() as given):
            return _number(given)
        case ast.Name(id=word):
            return _cell(names.get(word, word), row)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_value(part, row, names) for part in parts]
        case ast.BoolOp(op=op, values=parts):
            truths = [_truth(_value(part, row, names)) for part in parts]
            return all(truths) if isinstance(op, ast.And) else any(truths)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as op, right=right):
            one, two = (_truth(_value(part, row, names)) for part in (left, right))
            return one and two if isinstance(op, ast.BitAnd) else one or two
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=part):
            return not _truth(_value(part, row, names))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=part):
            number: float = _number(_value(part, row, names))
            return -number if isinstance(op, ast.USub) else number
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            a, b = (_number(_value(part, row, names)) for part in (left, right))
            return _number(_tried(ARITHMETIC[type(op)], a, b))
        case ast.Compare(left=left, ops=ops, comparators=right):
            values = [_value(part, row, names) for part in (left, *right)]
            return all(
                bool(_tried(COMPARISONS[type(op)], one, two))
                for op, one, two in zip(ops, values, values[1:], strict=False)
                if type(op) in COMPARISONS or _refuse(op)
            )
    return _refuse(node)


def _refuse(node: ast.AST) -> Any:
    what = type(node).__name__
    raise ConditionError(
        message(
            "it may hold columns, numbers, texts, comparisons, + - * /, and, or, not; no {what}",
            what=what,
        )
    )


def _cell(name: str, row: Mapping[str, Any]) -> Any:
    if name not in row:
        raise ConditionError(message("there is no column '{name}'", name=name))
    value = row[name]
    return value if isinstance(value, str | bool | tuple) else _number(value)


def _number(value: Any) -> float:
    """Return a number that cannot grow without end; NaN for a cell that is blank."""
    try:
        return float("nan") if value is None else float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ConditionError(_misfit(value)) from error


def _tried(rule: Callable[[Any, Any], Any], one: Any, two: Any) -> Any:
    try:
        return rule(one, two)
    except ZeroDivisionError:
        return float("nan")
    except (TypeError, OverflowError) as error:
        raise ConditionError(_misfit(one, two)) from error


def _misfit(*values: Any) -> Message:
    named = ", ".join(repr(value)[:LONGEST_VALUE] for value in values)
    return message("numbers and texts do not go together: {values}", values=named)


LONGEST_VALUE = 60
"""Signs of a value that a message repeats."""
