"""Numbers of one region that stand in for those of another until somebody has its own."""

from collections.abc import Iterable, Sequence

from lantian.language import Listed, Message, message
from lantian.parameters import QuantityRow
from lantian.parameters.reader import BORROWED
from lantian.parameters.space import Given


def is_borrowed(number: Given) -> bool:
    """Tell whether a number stands in for one of this region."""
    return number.source_key.startswith(BORROWED)


def borrowed_numbers(numbers: Iterable[Given], folder: str) -> list[Message]:
    """Tell how many of the numbers that a region has of its own are still those of another.

    Parameters
    ----------
    numbers
        All that a study uses.
    folder
        Of the region, as messages show it.

    Returns
    -------
    list of Message
        One for each region that numbers are borrowed from.
    """
    own = [n for n in numbers if isinstance(n, QuantityRow) and _is_inside(n, folder)]
    names = dict.fromkeys(n.source_key for n in own if is_borrowed(n))
    return [_told(own, key) for key in names]


def _is_inside(number: QuantityRow, folder: str) -> bool:
    return number.place.file.startswith(f"{folder}/")


def _told(own: Sequence[QuantityRow], key: str) -> Message:
    of_others = [number for number in own if not is_borrowed(number)]
    n = sum(number.source_key == key for number in own)
    told = message(
        "{n} of {m} numbers of this region are still those of {name}.",
        n=n,
        m=len(own),
        name=Listed([key.removeprefix(BORROWED)]),
    )
    if not of_others:
        return told
    tables = dict.fromkeys(number.place.file.rpartition("/")[2] for number in of_others)
    return message(
        "{told} {k} have sources of their own: {tables}.",
        told=told,
        k=len(of_others),
        tables=Listed(tables),
    )
