"""What to replace first: the borrowed numbers of a small inventory, the weightiest first."""

import csv
import shutil
from pathlib import Path

from integration.workbench import BAD
from lantian.intake.todo import write_todo


def test_borrowed_numbers_stand_in_the_order_of_what_they_move(tmp_path: Path) -> None:
    """Of 3980 t NOx trucks have 3200 (2240 to 4160: 24.1 %), boilers 780 (700 to 800: 1.3 %)."""
    for path in BAD.glob("good*"):
        shutil.copy(path, tmp_path)
    (tmp_path / "inputs").mkdir()
    table = tmp_path / "good-inventory.csv"
    header, *lines = table.read_text(encoding="utf-8").splitlines()
    keys = ("borrowed-other", "", "borrowed-other")
    lines = [f"{line},{key}" for line, key in zip(lines, keys, strict=True)]
    text = "\n".join([f"{header},source_key", *lines[::-1]])
    table.write_text(text.replace("published", "derived"), encoding="utf-8")
    scenario = tmp_path / "good.yaml"
    whole, _, _ = scenario.read_text(encoding="utf-8").partition("targets:")
    scenario.write_text(whole, encoding="utf-8")  # as that of a new region
    path, _ = write_todo(scenario)
    with path.open(encoding="utf-8-sig") as stream:
        found = [list(row.values()) for row in csv.DictReader(stream)]
    where = "good-inventory.csv:{} (value, low, high, basis, source_key)".format
    assert found == [
        [
            *("1", "good-inventory.csv", "4", "trucks, NOx", "", "3200.0", "t"),
            *("2240.0", "4160.0", "NOx", "24.1%", where(4)),
        ],
        [
            *("2", "good-inventory.csv", "2", "boilers, NOx", "", "780.0", "t"),
            *("700.0", "800.0", "NOx", "1.3%", where(2)),
        ],
    ]
