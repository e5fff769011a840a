"""How a change is drawn, and the legend of a page of changes: what changed stands out, what did not is faint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rollout import wording
from rollout.analysis.changes import Change
from rollout.cartography.columns import Coded, coded
from rollout.cartography.legend import legend_of
from rollout.cartography.legend_rows import LegendGroup, LegendRow
from rollout.cartography.symbols import INK, UNKNOWN, LineStyle, PointStyle
from rollout.vocabulary import BLOCKED, DROPPED, NO_DATA, SEGMENT_KIND_LABELS

if TYPE_CHECKING:
    import pandas as pd

    from rollout.cartography.scope import Contents

SAME = "same"
"""The class of what did not change."""

_FAINT = "#bdb9af"

LINES: tuple[LineStyle, ...] = (
    LineStyle(Change.NEW.value, "neu gemeldet", (Change.NEW,), "#1f80bd", 1.4, (3.2, 1.8)),
    LineStyle(Change.ADVANCED.value, "fortgeschritten", (Change.ADVANCED, Change.RELEASED), "#04503a", 1.7),
    LineStyle(Change.GONE_BACK.value, "zurückgestuft", (Change.GONE_BACK,), "#c2410a", 2.3),
    LineStyle(BLOCKED, "gesperrt", (Change.BLOCKED,), INK, 1.7, (1.3, 1.3), "hatch"),
    LineStyle(NO_DATA, "nun ohne Angabe", (Change.REMOVED,), UNKNOWN, 1.4, (), "question"),
    LineStyle(DROPPED, "entfallen", (Change.DROPPED,), "#5d5a54", 0.8, (), "crosses"),
    LineStyle(SAME, "unverändert", (), _FAINT, 0.7),
)
"""Classes of segments, what did not change last."""

POINTS: tuple[PointStyle, ...] = (
    PointStyle(Change.NEW.value, "neu gemeldet", (Change.NEW,), "#1f80bd"),
    PointStyle(Change.ADVANCED.value, "fortgeschritten", (Change.ADVANCED, Change.RELEASED), "#04503a"),
    PointStyle(Change.GONE_BACK.value, "zurückgestuft", (Change.GONE_BACK,), "#c2410a", "slash"),
    PointStyle(BLOCKED, "abgelehnt", (Change.BLOCKED,), INK, "slash"),
    PointStyle(NO_DATA, "nun ohne Angabe", (Change.REMOVED,), UNKNOWN, "question"),
    PointStyle(DROPPED, "entfallen", (Change.DROPPED,), "#5d5a54", "crosses"),
    PointStyle(SAME, "unverändert", (), _FAINT),
)
"""Classes of targets, what did not change last."""

_CLASSES = {change: style.key for style in LINES for change in style.rungs}
_HINTS = {Change.ADVANCED.value: "auch wieder aufgenommen nach Sperrung, Ablehnung oder Streichung"}


def classes_of(change: pd.Series[str]) -> Coded:
    """
    Return the class each row is drawn as.

    Parameters
    ----------
    change
        A `Change`, <NA> where nothing changed.

    Returns
    -------
    class
        Coded.
    """
    return coded(change.astype("string"), _CLASSES.get, SAME)


def legend_of_changes(contents: Contents, frames: dict[str, pd.DataFrame]) -> tuple[LegendGroup, ...]:
    """
    Count what changed on a page.

    Parameters
    ----------
    contents
        The rows of the page.
    frames
        Layer → its rows with `change`; for segments with `kind` and `length_m`.

    Returns
    -------
    legend
        The groups of a page of the later state, with classes of change in place of those of status.
    """
    return tuple(
        _with_changes(group, frames[group.layer]) if group.layer in frames else group for group in legend_of(contents)
    )


def _with_changes(group: LegendGroup, rows: pd.DataFrame) -> LegendGroup:
    heads = tuple(row for row in group.rows if row.facet != "class")
    classes = classes_of(rows["change"])
    changed = len(rows) - int(classes.totals().get(SAME, 0))
    figure = f"{wording.number(changed)} von {wording.number(len(rows))}"
    found = _line_rows(classes, rows) if group.layer == "segments" else _point_rows(classes)
    return replace(group, figure=figure, rows=(*heads, *found), head="Veränderung")


def _line_rows(classes: Coded, rows: pd.DataFrame) -> tuple[LegendRow, ...]:
    """Count the metres of each class, either kind of trench in a column of its own."""
    counts = classes.totals()
    by_kind = [
        (
            Coded(classes.words, classes.codes[ours]).totals(),
            Coded(classes.words, classes.codes[ours]).totals(rows["length_m"].to_numpy()[ours]),
        )
        for ours in ((rows["kind"] == kind).fillna(value=False).to_numpy(dtype=bool) for kind in SEGMENT_KIND_LABELS)
    ]
    return tuple(
        LegendRow(
            facet="class",
            value=style.key,
            label=style.label,
            figures=tuple(
                wording.length(metres[style.key]) if held[style.key] else wording.DASH for held, metres in by_kind
            ),
            hint=_HINTS.get(style.key, ""),
        )
        for style in LINES
        if style.key in counts
    )


def _point_rows(classes: Coded) -> tuple[LegendRow, ...]:
    counts = classes.totals()
    return tuple(
        LegendRow("class", style.key, style.label, (wording.number(counts[style.key]),), _HINTS.get(style.key, ""))
        for style in POINTS
        if style.key in counts
    )
