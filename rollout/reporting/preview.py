"""The small picture shown where a link to the published page is: districts, title and day, no address and no trench."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any

from rollout.reporting.arrange import clean
from rollout.wording import date

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.reporting.report import Report

_SIZE_IN = (12.0, 6.3)
_DOTS_PER_INCH = 100
_INK, _LAND, _EDGE = "#1b365d", "#a6cfc7", "#ffffff"
_SETTINGS: dict[Any, Any] = {"font.family": ["sans-serif"], "font.sans-serif": ["DejaVu Sans"], "text.color": _INK}
_LINE = 0.075
_WIDTH_OF_TITLE = 22
_MOST_LINES = 4


def preview_image(districts: gpd.GeoDataFrame, report: Report) -> bytes:
    """
    Draw the picture.

    Parameters
    ----------
    districts
        Polygons in `METRIC_CRS`.
    report
        Its title and day stand in the picture.

    Returns
    -------
    image
        PNG of 1200 × 630 pixels without any mark of when or by what it was made.
    """
    import matplotlib as mpl  # noqa: PLC0415 - half a second that only publishing needs
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=_SIZE_IN, facecolor="#f5f8fb")
        FigureCanvasAgg(figure)
        land = figure.add_axes((0.5, 0.05, 0.47, 0.9))
        districts.plot(ax=land, facecolor=_LAND, edgecolor=_EDGE, linewidth=2)
        land.set_axis_off()
        _say(figure, report)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return buffer.getvalue()


def _say(figure: Any, report: Report) -> None:  # noqa: ANN401 - matplotlib states no types
    lines = textwrap.wrap(clean(report.title), _WIDTH_OF_TITLE, max_lines=_MOST_LINES, placeholder=" …")
    top = 0.86
    for number, line in enumerate(lines):
        figure.text(0.05, top - number * _LINE * 1.25, line, fontsize=30, fontweight="bold", va="top", parse_math=False)
    below = top - len(lines) * _LINE * 1.25 - _LINE
    figure.text(0.05, below, f"Stand {date(report.as_of)}", fontsize=24, va="top")
    if report.sample:
        figure.text(0.05, 0.1, "Beispieldaten", fontsize=20, color="#6b3d00", va="bottom")
