"""Tables of a comparison as charts read them."""

from collections.abc import Mapping, Sequence

from lantian.comparison.opened import Run
from lantian.language import Text
from lantian.report.frames import NoData, RunTables
from lantian.results.contract import Place
from lantian.results.frame import Frame
from lantian.vocabulary import Language


class ComparedTables(RunTables):
    """The tables of runs side by side; whatever else is asked for is that of the first run.

    Parameters
    ----------
    runs
        Opened, each under a label of its own; the first is the reference.
    frames
        Tables of the comparison, whatever their names.
    """

    drawn: Place = "comparison"

    def __init__(self, runs: Sequence[Run], frames: Mapping[str, Frame]) -> None:
        super().__init__(runs[0].folder)
        self._runs = tuple(runs)
        self._own = {frame.table.name: frame for frame in frames.values()}

    def table(self, name: str) -> Frame:
        """Return a declared table; raises as that of a run does."""
        if name not in self._own:
            return super().table(name)
        if not len(self._own[name]):
            raise NoData(Text(f"the runs have no rows in {name}", f"运行结果对照缺少{name}"))
        return self._own[name]

    def labels(self) -> Mapping[str, Text]:
        """Return the display names of ids, of the first run that has one."""
        return labels_of(self._runs)

    def made_by(self) -> list[tuple[str, str]]:
        """Return label and content id of every run."""
        return [(run.name, str(run.manifest["content_id"])) for run in self._runs]

    def place(self, language: Language) -> str:
        """Return the name of the region, nothing where the runs are of several."""
        found = {run.charted.place(language) for run in self._runs}
        return found.pop() if len(found) == 1 else ""


def labels_of(runs: Sequence[Run]) -> dict[str, Text]:
    """Return the display names of ids of several runs, of the first that has one."""
    return {key: text for run in reversed(runs) for key, text in run.charted.labels().items()}
