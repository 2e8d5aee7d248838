"""How wide the columns of a table are set, by what stands in them."""

from lantian.handover.blocks import Grid
from lantian.report.lettering import width
from lantian.report.words import figures

LEAST, MOST = 4.0, 22.0
"""Width that a column asks for at least and at most [em]."""
PADDING = 1.0
"""What a column needs beside its text [em]."""


def shown(cell: str | float) -> str:
    """Return a cell as it is read."""
    return cell if isinstance(cell, str) else figures(cell)


def column_widths(grid: Grid, room: float) -> list[float]:
    """Return the widths of the columns of a table.

    Parameters
    ----------
    grid
        With at least one row.
    room
        What they share, in any unit.

    Returns
    -------
    list of float
        In the same unit; they fill the room.
    """
    columns = zip(grid.heads, zip(*grid.rows, strict=True), strict=True)
    texts = ([head, *map(shown, cells)] for head, cells in columns)
    wished = [min(max(LEAST, *map(width, column)), MOST) + PADDING for column in texts]
    return [room * own / sum(wished) for own in wished]
