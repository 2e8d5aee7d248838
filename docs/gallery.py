"""Writes the page of all charts, docs/gallery.md; ``--check`` only tells whether it agrees."""

import re
import sys
from pathlib import Path

from lantian.report.chart import all_charts
from lantian.results.contract import Place

PAGE = Path(__file__).parent / "gallery.md"
HEAD = """# Gallery 图件

<!-- Made by docs/gallery.py. -->

Every chart of a run, in English and Chinese, for a page, a column and a slide of 16:9:
`lantian report RUN --charts ID --format png,svg`, or `lt.charts.ID(run)` with `_` for `-`.

![Targets](tongzhou-targets.en.png)

![NOx by cause](tongzhou-nox.en.png)

![通州目标](tongzhou-targets.zh.png)

| id | title | 标题 |
|---|---|---|
"""
BESIDE = """
Of runs side by side, by `lantian compare RUN RUN --out FOLDER`, or
`lt.charts.compared_targets(lt.compare(RUN, RUN))`:

| id | title | 标题 |
|---|---|---|
"""


def page() -> str:
    """Return the page: pictures, and a line for each chart."""
    return HEAD + _lines("run") + BESIDE + _lines("comparison")


def _lines(place: Place) -> str:
    charts = all_charts(place)
    return "".join(f"| `{c.id}` | {_plain(c.title.en)} | {_plain(c.title.zh)} |\n" for c in charts)


def _plain(title: str) -> str:
    """Return the first line of a title, with dots for the values of a run."""
    return re.sub(r"\{[^}]*\}", "…", title.split("\n")[0])


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
