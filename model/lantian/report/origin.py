"""Where the numbers of a chart come from: the two lines at its foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from lantian.report import style
from lantian.report.frames import Asked, NoData, Row, RunTables, distinct, pollutant_order
from lantian.report.words import Text, Words
from lantian.results.frame import Frame
from lantian.vocabulary import BASES

_SOURCE = Text("Source: {version}, run {run}, {title}", "来源：{version}，运行 {run}，{title}")
_SEVERAL_RUNS = Text("Source: {version}, runs {runs}", "来源：{version}，运行 {runs}")
_AND_MORE = Text("{runs} and {n} more", "{runs}等另{n}个")
_NAMED = 4  # runs that are named
_ONE = Text(
    "Data basis ({name} emission, {year}): {shares}",
    "数据来源等级（{year}年{name}排放量）：{shares}",
)
_SEVERAL = Text(
    "Data basis ({year}), emission that rests on assumptions: {shares}",
    "数据来源等级（{year}年），依据假设的排放量：{shares}",
)
_SHARE = Text("{name} {share}", "{name} {share}")
_LEAST = 0.005  # share that prints as nought


@dataclass(frozen=True)
class Origin:
    """What a run tells about itself.

    Attributes
    ----------
    runs, version
        Name of each run with the id of its inputs and version, and version of Lantian.
    title
        Of the scenario.
    year
        That the shares are of.
    shares
        Pollutant -> basis -> share of its emission [1].
    """

    runs: tuple[tuple[str, str], ...]
    version: str
    title: Text | None
    year: int
    shares: dict[str, dict[str, float]]

    def lines(self, drawn: Frame, words: Words) -> list[str]:
        """Return the source, and the data basis of the pollutants of a chart where it is known.

        Parameters
        ----------
        drawn
            Table of the chart.
        words
            Language of the reader.

        Returns
        -------
        list of str
            One or two lines.
        """
        runs = words.join([_with_id(*run, words) for run in self.runs[:_NAMED]])
        if len(self.runs) > _NAMED:
            runs = words.say(_AND_MORE, runs=runs, n=str(len(self.runs) - _NAMED))
        version = f"Lantian {self.version}".strip()
        if self.title is None:
            return [words.say(_SEVERAL_RUNS, version=version, runs=runs)]
        source = words.say(_SOURCE, version=version, run=runs, title=words.say(self.title))
        found = [p for p in _pollutants_of(drawn) if p in self.shares]
        return [source, self._basis(found, words)] if found else [source]

    def _basis(self, pollutants: Sequence[str], words: Words) -> str:
        year = str(self.year)
        if len(pollutants) == 1:
            own = self.shares[pollutants[0]]
            said = [
                words.say(_SHARE, name=words.basis(basis), share=f"{own[basis]:.0%}")
                for basis in BASES
                if own.get(basis, 0.0) >= _LEAST
            ]
            name = words.pollutant(pollutants[0])
            return words.say(_ONE, name=name, year=year, shares=words.join(said))
        said = [
            words.say(
                _SHARE, name=words.pollutant(p), share=f"{self.shares[p].get('assumed', 0.0):.0%}"
            )
            for p in pollutants
        ]
        return words.say(_SEVERAL, year=year, shares=words.join(said))


def _with_id(name: str, content_id: str, words: Words) -> str:
    if not content_id:
        return name
    return f"{name}（{content_id}）" if words.language == "zh" else f"{name} ({content_id})"


def _pollutants_of(drawn: Frame) -> list[str]:
    """Return the pollutants a chart shows; the key ones where it does not tell them apart."""
    if "pollutant" in drawn.columns:
        found = pollutant_order(set(drawn["pollutant"].tolist()) - {""})
        return [p for p in found if p in style.KEY_POLLUTANTS] if len(found) > 1 else found
    return list(style.KEY_POLLUTANTS)


def origin_of(run: RunTables) -> Origin:
    """Return what a run tells about itself."""
    summary = run.summary()
    title = summary.get("title") or {}
    if not isinstance(title, dict):
        title = {"en": str(title)}
    named = title.get("en") or str(summary.get("scenario", run.run.name))
    runs, version = tuple(run.made_by()), str(summary.get("version", ""))
    if run.drawn == "comparison":
        return Origin(runs, version, None, 0, {})
    rows = Asked(run, ("basis",)).some("basis")
    year, shares = _shares(run, rows)
    return Origin(
        runs=runs,
        version=version,
        title=Text(named, title.get("zh") or named),
        year=year,
        shares=shares,
    )


def _shares(run: RunTables, rows: list[Row]) -> tuple[int, dict[str, dict[str, float]]]:
    """Return the base year, and pollutant -> basis -> share of its emission."""
    try:
        year = Asked(run, ()).base_year()
    except NoData:
        return 0, {}
    own = [r for r in rows if (r.what, r.case, r.year) == ("emission", "baseline", year)]
    return year, {
        pollutant: {row.basis: row.share for row in own if row.pollutant == pollutant}
        for pollutant in distinct(own, "pollutant")
    }
