"""From a run folder to what a report writer pastes: charts with captions and alternative texts.

The drawing library is loaded when a chart is wanted, not with the tables of the terminal.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lantian.report.gallery import Gallery, draw_gallery

__all__ = ["Gallery", "draw_gallery"]


def __getattr__(name: str) -> Any:
    """Return a name of the gallery."""
    if name in __all__:
        return getattr(import_module("lantian.report.gallery"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
