"""A table's picture as SVG: drawn by matplotlib, the same bytes for the same table, legible in black and white."""

from __future__ import annotations

import io
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from rollout.wording import NARROW_SPACE, date, number

if TYPE_CHECKING:
    from rollout.reporting.report import Chart, Section

_SIZE_IN = (7.2, 3.6)
_AXES = (0.115, 0.1, 0.85, 0.87)
_INK, _GRID = "#1c2733", "#c8ced6"

STYLES: dict[str, dict[str, Any]] = {
    "planned": {"color": "#6b7785", "linestyle": (0, (1, 1.6)), "linewidth": 1.6},
    "done": {"color": "#0b4f8a", "linestyle": "-", "linewidth": 2.6},
    "needed": {"color": "#a8400a", "linestyle": (0, (6, 2, 1, 2)), "linewidth": 1.6},
    "middle": {"color": "#0b4f8a", "linestyle": (0, (4, 2)), "linewidth": 1.6},
}
"""Colour and dashes together, so that no line is told by its colour alone."""

_BAND: dict[str, Any] = {"facecolor": "#9db8d6", "alpha": 0.55, "edgecolor": "#0b4f8a", "hatch": "////", "lw": 0}

_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "rollout",
    "svg.fonttype": "none",
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "hatch.linewidth": 0.4,
    "axes.edgecolor": _INK,
    "text.color": _INK,
}

_FONTS = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'


@lru_cache(maxsize=64)
def svg_of(section: Section) -> str:
    """
    Draw a table that has a chart.

    Parameters
    ----------
    section
        Its first column holds days.

    Returns
    -------
    svg
        One `<svg>` element with title and description, its texts as text in the reader's own fonts.

    Raises
    ------
    ValueError
        If the section has no chart.
    """
    import matplotlib as mpl  # noqa: PLC0415 - half a second that only curves need
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    if section.chart is None:
        msg = f"section '{section.key}' has no chart"
        raise ValueError(msg)
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=_SIZE_IN)
        FigureCanvasSVG(figure)
        _draw(figure.add_axes(_AXES), section, section.chart)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _embedded(buffer.getvalue(), section, section.chart)


def _draw(axes: Any, section: Section, chart: Chart) -> None:  # noqa: ANN401 - matplotlib's own classes load late
    columns = {column.key: place for place, column in enumerate(section.columns)}
    values = {key: np.array([_amount(row.cells[at]) for row in section.rows]) for key, at in columns.items() if at}
    days = np.array([row.cells[0] for row in section.rows], dtype="datetime64[D]")
    low, high = (values[key] for key in chart.band)
    if np.isfinite(low).any():
        axes.fill_between(days, low, high, label=f"erwartet, 10–90{NARROW_SPACE}%", **_BAND)
    for key, label in chart.lines:
        if key in STYLES and np.isfinite(values[key]).any():
            axes.plot(days, values[key], label=label, **STYLES[key])
    for label, day in chart.marks:
        axes.axvline(np.datetime64(day), color=_INK, linewidth=0.9)
        axes.annotate(
            f"{label} {date(day)}", (np.datetime64(day), 0), xycoords=("data", "axes fraction"), xytext=(-3, 4),
            textcoords="offset points", rotation=90, ha="right", va="bottom", fontsize=8,
        )  # fmt: skip
    _label(axes, chart)


def _label(axes: Any, chart: Chart) -> None:  # noqa: ANN401 - see above
    from matplotlib import dates  # noqa: PLC0415 - see above
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - see above

    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=7))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(FuncFormatter(_month))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: number(amount)))
    axes.set_ylabel(chart.unit)
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)
    axes.grid(visible=True, color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", frameon=True, framealpha=0.9, edgecolor="none", fontsize=8, handlelength=3.2)


def _month(at: float, _position: int | None) -> str:
    from matplotlib import dates  # noqa: PLC0415 - see above

    return f"{dates.num2date(at):%m/%Y}"  # type: ignore[no-untyped-call]


def _amount(cell: object) -> float:
    return float(cell) if isinstance(cell, (int, float)) else float("nan")


def _embedded(drawn: str, section: Section, chart: Chart) -> str:
    """Take the drawing out of its document: own ids, a name for who cannot see it, and no style of matplotlib's own."""
    name = escape(section.key)
    body = drawn[drawn.index("<svg") :]
    inside = body[body.index(">") + 1 :].strip().removesuffix("</svg>")
    inside = inside[inside.index("</defs>") + len("</defs>") :] if "<style" in inside.split("</defs>", 1)[0] else inside
    for old, new in (('id="', f'id="{name}-'), ("url(#", f"url(#{name}-"), ('href="#', f'href="#{name}-')):
        inside = inside.replace(old, new)
    inside = inside.replace("'DejaVu Sans'", _FONTS.replace('"', "'"))
    width, height = (round(72 * side) for side in _SIZE_IN)
    return (
        f'<svg class="curve" viewBox="0 0 {width} {height}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" aria-labelledby="{name}-name {name}-text">\n'
        f'<title id="{name}-name">{escape(section.title)}</title>\n<desc id="{name}-text">{escape(chart.text)}</desc>\n'
        f"{inside}</svg>"
    )
