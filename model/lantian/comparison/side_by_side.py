"""Every table of a comparison, for the screen, for files and from Python."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lantian.comparison.drawn import ComparedTables
from lantian.comparison.inputs import differences
from lantian.comparison.opened import Run, open_runs
from lantian.comparison.outcomes import OUTCOMES
from lantian.comparison.overview import cautions, overview
from lantian.results.frame import Frame

if TYPE_CHECKING:
    import pandas as pd


def frames_of(runs: Sequence[Run]) -> dict[str, Frame]:
    """Return the overview of runs, and where there are several what differs between them.

    Parameters
    ----------
    runs
        The first is the reference.

    Returns
    -------
    dict
        Name -> table: ``runs``, ``differences``, ``targets``, ``totals``, ``costs``, ``mixes``,
        ``bridges``, ``cost_bridges``.
    """
    frames = {"runs": overview(runs)}
    if len(runs) > 1:
        frames["differences"] = differences(runs)
        frames |= {name: make(runs) for name, make in OUTCOMES.items()}
    return frames


class Comparison(Mapping[str, "pd.DataFrame"]):
    """Runs held against the first of them: a DataFrame for each table.

    Parameters
    ----------
    runs
        At least two; the first is the reference.

    Attributes
    ----------
    runs
        Opened, each under a label of its own.
    frames
        As :func:`frames_of` returns them, with their declarations.

    Notes
    -----
    ``lt.charts.compared_targets(comparison)`` draws it; the gallery lists the other charts.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = tuple(runs)
        self.frames = frames_of(runs)

    def __getitem__(self, name: str) -> "pd.DataFrame":
        return self.frames[name].pandas()

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def __len__(self) -> int:
        return len(self.frames)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(run.label for run in self.runs)}: {', '.join(self)}>"

    @property
    def charted(self) -> ComparedTables:
        """Its tables, read as charts read them."""
        return ComparedTables(self.runs, self.frames)

    @property
    def cautions(self) -> list[str]:
        """What should be known before numbers of the runs are held against each other."""
        return [said.text() for said in cautions(self.runs)]


def compare(*runs: Run | Path | str) -> Comparison:
    """Hold runs against the first one, down to the single number.

    Parameters
    ----------
    runs
        Run folders, or runs that are open.

    Returns
    -------
    Comparison
        DataFrames by name: ``runs``, ``differences``, ``targets``, ``totals``, ``costs``,
        ``mixes``, ``bridges``.

    Raises
    ------
    InputError
        With every folder that is no run, or named twice.

    Examples
    --------
    >>> import lantian as lt
    >>> found = lt.compare("runs/my-district", "runs/my-district-strict")
    >>> sorted(found)
    ['bridges', 'cost_bridges', 'costs', 'differences', 'mixes', 'runs', 'targets', 'totals']
    >>> found["differences"].query("kind == 'scenario'")[["what", "reference_value", "value"]]
                            what reference_value               value
    0                       name     my-district  my-district-strict
    1  targets.nox-cut.reduce_by            25 %                30 %
    """
    folders = [run.folder if isinstance(run, Run) else Path(run) for run in runs]
    return Comparison(open_runs(folders))
