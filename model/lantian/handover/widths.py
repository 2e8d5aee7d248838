"""How wide the columns of a table are set, by what stands in them."""

from lantian.handover.blocks import Grid
from lantian.report.lettering import pieces, width
from lantian.report.words import figures

LEAST, MOST = 3.0, 22.0
"""Width that a column asks for at least and at most [em]."""
PADDING = 1.5
"""What a column needs beside its text [em]."""


def shown(cell: str | float) -> str:
    """Return a cell as it is read."""
    return cell if isinstance(cell, str) else figures(cell)


def column_widths(grid: Grid, room: float, letters: float) -> list[float]:
    """Return the widths of the columns of a table.

    What may not be broken gets its room first, the rest is shared by what else there is.

    Parameters
    ----------
    grid
        Its cells.
    room
        What the columns share, in any unit.
    letters
        Size of the letters, in the same unit.

    Returns
    -------
    list of float
        In the same unit; they fill the room.
    """
    texts = [[head] for head in grid.heads]
    for row in grid.rows:
        for column, cell in zip(texts, row, strict=True):
            column.append(shown(cell))
    needed = [PADDING + max(LEAST, *map(_unbroken, column)) for column in texts]
    wished = [
        max(need, PADDING + min(max(map(width, column)), MOST))
        for need, column in zip(needed, texts, strict=True)
    ]
    beyond = sum(wished) - sum(needed)
    spare = min(max(room / letters - sum(needed), 0.0), beyond)
    part = spare / beyond if beyond else 0.0
    widths = [need + part * (wish - need) for need, wish in zip(needed, wished, strict=True)]
    return [room * own / sum(widths) for own in widths]


def _unbroken(text: str) -> float:
    """Return the width of the longest part of a text that stays on one line [em]."""
    return max((width(piece.rstrip(" ")) for piece in pieces(text)), default=0.0)
