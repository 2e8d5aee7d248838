"""Colours are told apart with normal sight, without red, green or blue cones, and in grey.

Sight without one kind of cone after Machado, Oliveira and Fernandes (2009), doi
10.1109/TVCG.2009.113, severity 1.0, on linear sRGB; differences as distances in Oklab (Ottosson
2020) times 100, in which black and white are 100 apart.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from lantian.report import style

Floats = NDArray[np.float64]

CONES = {
    "protanopia": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)],
    "deuteranopia": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)],
    "tritanopia": [(1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)],
}  # fmt: skip
SIGHTS = ("normal", *CONES, "grey")
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB
TO_LMS = np.array([(0.4122214708, 0.5363325363, 0.0514459929),
                   (0.2119034982, 0.6806995451, 0.1073969566),
                   (0.0883024619, 0.2817188376, 0.6299787005)])  # fmt: skip
TO_LAB = np.array([(0.2104542553, 0.7936177850, -0.0040720468),
                   (1.9779984951, -2.4285922050, 0.4505937099),
                   (0.0259040371, 0.7827717662, -0.8086757660)])  # fmt: skip

APART = 10.0
"""Two of the colours of a chart with every sight; a just noticeable difference is about 2."""
IN_GREY = 5.0
"""Two sectors on a grey print."""
BESIDE_IN_GREY = 11.0
"""Two that touch in a stack on a grey print."""
SPARE = 6.5
"""Two of all eighteen sector colours with every kind of colour vision."""


def linear(colour: str) -> Floats:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> Floats:
    """Return a colour in Oklab as it is seen."""
    light = linear(colour)
    if sight == "grey":
        light = np.full(3, light @ LUMINANCE)
    elif sight in CONES:
        light = np.clip(np.array(CONES[sight]) @ light, 0, 1)
    return TO_LAB @ np.cbrt(TO_LMS @ light)


def distances(colours: list[str], sight: str) -> Floats:
    points = np.array([seen(colour, sight) for colour in colours])
    return 100 * np.linalg.norm(points[:, None] - points, axis=-1)


def closest(colours: list[str], sight: str) -> float:
    apart = distances(colours, sight)
    return float(apart[np.triu_indices(len(colours), 1)].min())


def closest_beside(colours: list[str], sight: str) -> float:
    return float(np.diagonal(distances(colours, sight), 1).min())


def test_the_measure_of_difference() -> None:
    assert distances(["#000000", "#ffffff"], "normal")[0, 1] == pytest.approx(100, abs=0.01)
    assert closest(["#8a5a2b", "#a63d2f"], "deuteranopia") < 1  # brown and red are one
    assert closest(["#ff0000", "#808080"], "grey") == pytest.approx(
        100 * (np.cbrt(0.2159) - np.cbrt(0.2126)), abs=0.1
    )


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(
    "colours",
    [style.SECTOR_COLOURS, style.COMPONENT_COLOURS, style.BASIS_COLOURS],
    ids=["sectors", "components", "bases"],
)
def test_colours_of_stacks(colours: dict[str, str], sight: str) -> None:
    shades = list(colours.values())
    assert closest(shades, sight) > (IN_GREY if sight == "grey" else APART)
    assert closest_beside(shades, sight) > BESIDE_IN_GREY


@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbours_among_emission_standards(sight: str) -> None:
    assert closest_beside(list(style.STANDARD_COLOURS.values()), sight) > BESIDE_IN_GREY


@pytest.mark.parametrize("sight", SIGHTS)
def test_cases(sight: str) -> None:
    cases = [c for name, c in style.CASE_COLOURS.items() if name != "plan_strict"]
    assert closest(cases, sight) > 12


@pytest.mark.parametrize("sight", SIGHTS[:-1])
def test_all_sector_colours(sight: str) -> None:
    assert closest([*style.SECTOR_COLOURS.values(), *style.SPARE_COLOURS], sight) > SPARE


@pytest.mark.parametrize("count", [1, 10, 14, 18])
def test_no_two_sectors_share_a_colour(count: int) -> None:
    names = [*list(style.SECTOR_COLOURS)[:3], *(f"own-{n}" for n in range(count - 3))][:count]
    colours = style.sector_colours(style.sector_order(names))
    assert len(set(colours.values())) == count
    assert colours["on-road"] == style.SECTOR_COLOURS["on-road"]


def test_sectors_beyond_all_colours_are_grey() -> None:
    colours = style.sector_colours([f"own-{n:02}" for n in range(20)])
    assert list(colours.values()).count(style.OTHER_COLOUR) == 2
    assert len(set(colours.values())) == 19


@pytest.mark.parametrize("ink", [style.INK, style.GREY, style.MISSED, style.MET])
def test_text_is_readable_on_white(ink: str) -> None:
    luminance = linear(ink) @ LUMINANCE
    assert (1.0 + 0.05) / (luminance + 0.05) >= 4.5  # WCAG 2.2, level AA
