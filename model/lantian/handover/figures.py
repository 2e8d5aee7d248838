"""Charts of a run on axes of matplotlib: ``lt.charts.waterfall(run, ax=ax)``.

Each chart of the gallery is a function here, its id with underscores for hyphens.
"""

from collections.abc import Callable
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from lantian.errors import InputError, Place, Problem, closest
from lantian.language import message
from lantian.report.chart import all_charts
from lantian.report.frames import RunTables
from lantian.report.gallery import Job, collect, draw_paper
from lantian.report.layout import LayoutName
from lantian.report.paper import Label, Paper, Shape
from lantian.report.raster import outline_of
from lantian.vocabulary import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import PathPatch

Draw = Callable[..., "Axes"]


def __getattr__(name: str) -> Draw:
    """Return the function that draws a chart."""
    ids = {name.replace("-", "_"): name for name in _ids()}
    if name not in ids:
        raise AttributeError(f"no chart {name!r}; there are {', '.join(sorted(ids))}")

    def draw(run: Any, ax: "Axes | None" = None, **more: Any) -> "Axes":
        return draw_chart(run, ids[name], ax, **more)

    draw.__name__, draw.__doc__ = name, draw_chart.__doc__
    return draw


def __dir__() -> list[str]:
    return [name.replace("-", "_") for name in _ids()]


def _ids() -> list[str]:
    """Return the ids of the charts of runs, and of those of runs side by side."""
    return [chart.id for chart in (*all_charts(), *all_charts("comparison"))]


def draw_chart(
    run: Any,
    chart: str,
    ax: "Axes | None" = None,
    language: Language = "en",
    part: str | None = None,
    layout: LayoutName = "column",
) -> "Axes":
    """Draw a chart of a run on axes.

    Parameters
    ----------
    run
        Run folder, or a run that is open; of charts of runs side by side what ``lt.compare`` gives.
    chart
        Id of the chart.
    ax
        Where to draw; axes of their own by default.
    language
        Language of its texts.
    part
        Of a chart with several figures the one wanted, such as ``NOx``; the first by default.
    layout
        Sheet it is set for: ``column``, ``page`` or ``slide``.

    Returns
    -------
    matplotlib.axes.Axes
        Without axis lines of its own; its data are inches of the sheet.

    Raises
    ------
    InputError
        If the run lacks what the chart shows, or there is no such part.

    Examples
    --------
    >>> import lantian as lt
    >>> ax = lt.charts.waterfall(lt.open_run("runs/my-district"), part="NOx")
    >>> ax.get_title()
    ''
    """
    paper = draw_paper(_job(_tables_of(run), chart, language, part, layout))
    ax = _own_axes(paper) if ax is None else ax
    ax.set(xlim=(0.0, paper.width), ylim=(paper.height, 0.0), aspect="equal")
    ax.set_axis_off()
    scale = _points_per_point(ax, paper)
    for shape in paper.shapes:
        ax.add_patch(_patch(shape, scale))
    for label in paper.labels:
        ax.add_patch(_letters(label))
    return ax


def _tables_of(run: Any) -> RunTables:
    """Return the tables of a folder, of a run or of a comparison."""
    found = getattr(run, "charted", None)
    return found if isinstance(found, RunTables) else RunTables(File(run))


def _job(
    tables: RunTables, chart: str, language: Language, part: str | None, layout: LayoutName
) -> Job:
    folder = tables.run
    jobs, notes = collect(tables, (language,), (layout,), only=[chart])
    if not jobs:
        why = notes[0][1].say("en") if notes else _elsewhere(tables)
        raise InputError([Problem(Place(str(folder)), message("{text}.", text=why))])
    stems = {job.stem: job for job in jobs}
    wanted = jobs[0].stem if part is None else f"{chart}-{part.lower().replace('.', '')}"
    if wanted not in stems:
        raise InputError(
            [
                Problem(
                    Place(str(folder)),
                    message("there is no figure '{name}'.", name=wanted),
                    fix=closest(wanted, stems),
                )
            ]
        )
    return stems[wanted]


def _elsewhere(tables: RunTables) -> str:
    """Return why a chart that there is draws nothing of some tables."""
    if tables.drawn == "run":
        return "this chart shows runs side by side: give it what lt.compare returns"
    return "this chart shows one run: give it a run folder"


def _own_axes(paper: Paper) -> "Axes":
    from matplotlib.figure import Figure

    size = (paper.width * paper.enlarged, paper.height * paper.enlarged)
    return Figure(figsize=size).add_axes((0.0, 0.0, 1.0, 1.0))


def _points_per_point(ax: "Axes", paper: Paper) -> float:
    """Return how much wider a line is on these axes than on the sheet."""
    inches = ax.get_position().width * ax.get_figure(root=True).get_size_inches()[0]  # type: ignore[union-attr]
    return float(inches / paper.width)


def _patch(shape: Shape, scale: float) -> "PathPatch":
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    line = shape.line if shape.edge else 0.0
    return PathPatch(
        Path(shape.vertices, shape.codes),
        facecolor=shape.fill or "none",
        edgecolor=shape.edge if line else "none",
        linewidth=line * scale,
        linestyle=(0, tuple(n / (line or 1.0) for n in shape.dash)) if shape.dash else "solid",
        capstyle="butt",
        alpha=shape.alpha,
    )


def _letters(label: Label) -> "PathPatch":
    """Return a line of text as outlines: no font needs to be installed, and none is replaced."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    vertices, codes = outline_of(label)
    return PathPatch(Path(vertices, codes), facecolor=label.colour, edgecolor="none")
