"""State of the air in which charts show concentrations: that in which the plan prints its limit.

Tables of a run hold means at the actual state of the air, which has been published since
September 2018; a plan of before prints them at 273 K. A chart that stands beside the verdict tells
the numbers of the verdict.
"""

from lantian.report.chart import share
from lantian.report.frames import Asked, Row
from lantian.report.words import Text, Words, figures

CONCENTRATION = "ug/m3"
"""Unit of what the state of the air matters for."""
LAST_AT_273_K = 2018
"""Last year of which means of concentrations were published at 273 K, until August."""

SCALE = share(
    "scale",
    "times which values are those of the table indicators, at the actual state of the air",
    "乘以该系数即与“空气质量指标”表口径（实际状态）一致",
)

_ACTUAL = Text(
    " Concentrations are at the actual state of the air; those published at 273 K, as they were"
    " until August 2018, are brought to it.",
    "浓度均为实际状态；2018年8月以前按标准状态（273 K）公布的监测值已作换算。",
)
_PRINTED = Text(
    " Concentrations, those observed too, are at 273 K, as the plan prints its limit; times {scale}"
    " they are at the actual state of the air, which has been published since September 2018.",
    "浓度（含监测值）均按方案限值所用的标准状态（273 K）；"
    "乘以{scale}即为2018年9月起公布所用的实际状态。",
)
_LIMIT_AT_273_K = Text("{limit} (273 K)", "{limit}（273 K）")


def limit_at_state(limit: str, rows: list[Row], words: Words) -> str:
    """Return a limit as a chart tells it, with the state of the air where it is not the actual one.

    Parameters
    ----------
    limit
        In the reader's language.
    rows
        What is drawn beside it, with the column ``scale``.
    words
        Of the reader.
    """
    scaled = any(row.scale != 1.0 for row in rows)
    return words.say(_LIMIT_AT_273_K, limit=limit) if scaled else limit


def printed_scale(asked: Asked, indicator: str) -> float:
    """Return times which means as the plan prints them are those of the table ``indicators``.

    Parameters
    ----------
    asked
        A chart's view of a run; it reads ``targets``.
    indicator
        Id of the indicator.

    Returns
    -------
    float
        [1]; 1 where no target is about the whole region, or targets differ in their state.
    """
    found = {_scale(row) for row in _of_all(asked, indicator)}
    return found.pop() if len(found) == 1 else 1.0


def limits_of(asked: Asked, indicator: str) -> dict[int, Row]:
    """Return the limits of an indicator of the whole region.

    Parameters
    ----------
    asked
        A chart's view of a run; it reads ``targets``.
    indicator
        Id of the indicator.

    Returns
    -------
    dict
        Year -> row of ``targets``; its limit times :func:`printed_scale` is in the unit and state
        of the table ``indicators``.
    """
    scale = printed_scale(asked, indicator)
    found: dict[int, Row] = {}
    for row in _of_all(asked, indicator):
        found.setdefault(row.year, row._replace(limit=row.limit * _scale(row) / scale))
    return found


def said_of_state(rows: list[Row], words: Words) -> str:
    """Return at which state of the air a chart shows concentrations, where there are two.

    Parameters
    ----------
    rows
        What is drawn, with the columns ``what``, ``year``, ``unit`` and ``scale``.
    words
        Of the reader.

    Returns
    -------
    str
        A sentence that begins with a blank; empty where there is nothing to tell.
    """
    own = [row for row in rows if row.unit == CONCENTRATION]
    scaled = [row.scale for row in own if row.scale != 1.0]
    if scaled:
        return words.say(_PRINTED, scale=figures(scaled[0]))
    brought = any(row.what == "observed" and row.year <= LAST_AT_273_K for row in own)
    return words.say(_ACTUAL) if brought else ""


def _of_all(asked: Asked, indicator: str) -> list[Row]:
    """Return the computed targets that are about an indicator of the whole region and year."""
    return [
        row
        for row in asked.some("targets")
        if row.indicator == indicator
        and not (row.areas or row.receptor or row.season)
        and row.limit == row.limit
    ]


def _scale(row: Row) -> float:
    scale = float(getattr(row, "scale", 1.0))
    return scale if scale == scale else 1.0
