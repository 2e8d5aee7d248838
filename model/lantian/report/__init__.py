"""From a run folder to what a report writer pastes: charts with captions and alternative texts."""

from lantian.report.gallery import Gallery, draw_charts, draw_gallery

__all__ = ["Gallery", "draw_charts", "draw_gallery"]
