"""The report as a browser shows it; with no browser at hand there is nothing to look at."""

import html
import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from integration.workbench import Finished, call

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium at hand")
SCREENS = {"wide": (1280, "1"), "phone": (390, "1"), "dark": (1280, "0")}
"""Width, and the colours that are preferred: 0 dark, 1 light."""
SHEETS = {"wide": 0, "phone": 1, "dark": 0}
"""Which of the two drawings of a chart is shown."""
LEAST_WIDE = 100
"""Width of the first column of every table, where a name stands [pixel]."""
LOOK = """
axe.run(document).then((found) => {
  const head = document.querySelector("th.number button"), at = head.parentElement.cellIndex;
  head.focus();
  head.click();
  const rows = [...head.closest("table").tBodies[0].rows];
  const told = {
    violations: found.violations.map((v) => [v.id, v.nodes[0].html]),
    sorted: rows.map((row) => Number(row.cells[at].dataset.value)),
    direction: head.parentElement.getAttribute("aria-sort"),
    focused: document.activeElement === head,
    wider: document.documentElement.scrollWidth - window.innerWidth,
    loaded: performance.getEntriesByType("resource").filter((r) => !r.name.startsWith("data:"))
      .map((r) => r.name),
    sheet: [...document.querySelectorAll("picture")].map((p) =>
      p.querySelector("img").currentSrc === p.querySelector("img").src ? 0 : 1),
    narrow: Math.min(...[...document.querySelectorAll("td:first-child")].map((c) => c.clientWidth)),
    paper: getComputedStyle(document.body).backgroundColor,
    errors: window.errors,
  };
  const place = document.createElement("pre");
  place.id = "told";
  place.textContent = JSON.stringify(told);
  top.document.body.append(place);
});
"""
CATCH = "window.errors = []; addEventListener('error', (e) => errors.push(e.message));"


def looked_at(page: Path, screen: str, folder: Path) -> dict[str, Any]:
    """Return what a browser says of a page: its faults, and what a reader can do with it."""
    axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8").replace("<head>", f"<head><script>{CATCH}</script>")
    looking = axe.replace("</script", "<\\/script") + LOOK
    inner = html.escape(text.replace("</body>", f"<script>{looking}</script></body>"))
    width, colours = SCREENS[screen]
    path = folder / f"{screen}.html"  # no window is as narrow as a phone, a frame in it can be
    frame = f'<iframe srcdoc="{inner}" width="{width}" height="900" style="border: 0"></iframe>'
    path.write_text(f'<!doctype html><meta charset="utf-8"><body>{frame}</body>', "utf-8")
    shown = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
            "--virtual-time-budget=30000", "--window-size=1400,900",
            f"--user-data-dir={folder / 'profile'}",
            f"--blink-settings=preferredColorScheme={colours}", "--dump-dom", path.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    found = re.search('<pre id="told">(.*?)</pre>', shown, re.DOTALL)
    assert found is not None, shown[-2000:]
    told = json.loads(html.unescape(found[1]))
    assert isinstance(told, dict)
    return told


@pytest.fixture(scope="module")
def report(district: Finished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page")
    options = ("--format", "html", "--charts", "uptake", "--out", str(out))
    assert call("report", str(district.folder), *options).code == 0
    return out / "report.en.html"


@pytest.mark.parametrize("screen", SCREENS)
def test_a_report_can_be_read_on_every_screen_and_by_machines(
    screen: str, report: Path, tmp_path: Path
) -> None:
    told = looked_at(report, screen, tmp_path)
    assert told["violations"] == []
    assert told["errors"] == []
    assert told["loaded"] == []
    assert told["wider"] <= 0
    assert set(told["sheet"]) == {SHEETS[screen]}
    assert told["narrow"] >= LEAST_WIDE
    assert told["focused"]
    assert told["direction"] == "ascending"
    assert told["sorted"] == sorted(told["sorted"])
    assert (told["paper"] == "rgb(255, 255, 255)") == (screen != "dark")
