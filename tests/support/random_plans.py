"""Random systems with every kind of measure, and random plans on them, for hypothesis."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from lantian.core.commitments import Commitments, Mode
from lantian.core.system import System
from support.build import (
    START,
    YEARS,
    Level,
    build,
    carry,
    close,
    commitments_of,
    comply,
    controls,
    equip,
    shift,
)

SHARES = {"weak": 0.3, "good": 0.6, "good-run-well": 0.8, "tight": 0.5, "rival": 0.7}
FACTORS = {
    "truck / old": {"NOx": 3.0, "CO2": 1.0},
    "truck / mid": {"NOx": 2.0, "CO2": 1.1},
    "truck / new": {"NOx": 0.5, "CO2": 1.2},
    "train / line": {"NOx": 0.2, "CO2": 0.1},
    "shop / plain": {"NOx": 1.0, "VOC": 4.0},
    "shop / water": {"VOC": 1.0},
    "firm / any": {"NOx": 5.0, "VOC": 2.0},
}
MENU = (
    "fewer-trucks",
    "to-rail",
    "scrap",
    "renew",
    "buy-new",
    "end",
    "water",
    "fit-weak",
    "fit-good",
    "run-well",
    "fit-tight",
    "fit-rival",
)


@dataclass(frozen=True)
class Case:
    """A system and levels of all its measures."""

    system: System
    levels: dict[str, Level]

    @property
    def commitments(self) -> Commitments:
        return commitments_of(self.system, self.levels)


def _measures(names: set[str], reach: dict[str, float]) -> list:
    known = {
        "fewer-trucks": lambda r: close("fewer-trucks", "truck", reach=r),
        "to-rail": lambda r: carry("to-rail", "truck / old", "train / line", 12.0, reach=r),
        "scrap": lambda r: shift("scrap", "truck", "old", "mid", reach=r),
        "renew": lambda r: shift("renew", "truck", "old mid", "new", reach=r),
        "buy-new": lambda r: shift("buy-new", "truck", "old mid", "new", reach=r, acts_on="new"),
        "end": lambda r: close("end", "shop firm", reach=r),
        "water": lambda r: shift("water", "shop", "plain", "water", reach=r),
        "fit-weak": lambda r: equip("fit-weak", "truck", "weak", "old", reach=r),
        "fit-good": lambda r: equip("fit-good", "shop", "good", reach=r),
        "run-well": lambda r: comply("run-well", "shop", "good-run-well", "good", reach=r),
        "fit-tight": lambda r: equip("fit-tight", "shop", "tight", group="one-of", reach=r),
        "fit-rival": lambda r: equip("fit-rival", "shop", "rival", group="one-of", reach=r),
    }
    return [known[name](reach[name]) for name in MENU if name in names]


@st.composite
def cases(
    draw: st.DrawFn, menu: tuple[str, ...] = MENU, most: int = 6, full_reach: bool = False
) -> Case:
    """A few measures of the menu, with activity, reach, levels and modes at random."""
    names = draw(st.sets(st.sampled_from(menu), min_size=1, max_size=min(most, len(menu))))
    amount = st.sampled_from([0.0, 1.0, 7.3, 40.0, 1e4])
    states: dict[str, list[float]] = {name: [draw(amount) for _ in YEARS] for name in FACTORS}
    states["shop / plain / good"] = [draw(amount) for _ in YEARS]
    share = st.sampled_from([0.0, 0.1, 1 / 3, 0.5, 0.9, 1.0])
    reach = {name: 1.0 if full_reach else draw(share) for name in sorted(names)}
    sold = np.zeros((len(YEARS), len(YEARS)))
    first = draw(share)
    for f in range(len(YEARS)):
        for y in range(f, len(YEARS)):
            sold[f, y] = first / (1 + f)
    recent = {name: sold * states[name] for name in ("truck / old", "truck / mid")}
    system = build(states, FACTORS, _measures(names, reach), controls(SHARES), recent)
    return Case(system, {name: _level(draw, name, share) for name in sorted(names)})


def _level(draw: st.DrawFn, name: str, share: st.SearchStrategy[float]) -> Level:
    if name == "buy-new":
        return "new", draw(share), draw(st.sampled_from(range(START, len(YEARS))))
    modes = [
        "available",
        "amount",
        *(["total"] if name not in ("fewer-trucks", "to-rail", "end") else []),
    ]
    mode = draw(st.sampled_from(modes))
    value = draw(st.sampled_from([0.0, 0.5, 30.0, 1e6])) if mode == "amount" else draw(share)
    return mode, value


__all__ = ["Case", "Mode", "cases"]
