"""The legend of a page, counted: only what the page holds, each class with its count and metres."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rollout import wording
from rollout.cartography.columns import Coded, coded, equals
from rollout.cartography.course import classes_over_time
from rollout.cartography.legend_rows import LegendGroup, LegendRow
from rollout.cartography.symbols import CATEGORY_SHAPES, NODE_SHAPES, SEGMENT_STYLES, TARGET_STYLES, class_of
from rollout.vocabulary import (
    CATEGORY_LABELS,
    DROPPED,
    NODE_KIND_LABELS,
    SEGMENT_KIND_LABELS,
    SEGMENT_LADDER,
    TARGET_LADDER,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from rollout.cartography.scope import Contents
    from rollout.vocabulary import Rung


def legend_of(contents: Contents) -> tuple[LegendGroup, ...]:
    """
    Count what a page holds.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    legend
        Groups that hold anything: segments, funded targets, the extended drive, nodes. A page with a course has a row
        for each class of any of its days.
    """
    over_time = classes_over_time(contents)
    funded, extended = _target_groups(contents, over_time)
    segments = _segment_group(contents.state.segments, over_time.get("segments", frozenset()))
    groups = (segments, funded, extended, _node_group(contents.state.nodes))
    return tuple(group for group in groups if group.rows)


def _segment_group(segments: pd.DataFrame, over_time: frozenset[str]) -> LegendGroup:
    """Count the segments; dropped ones have a row of their own and are in no other length."""
    classes = class_of(segments["status"], SEGMENT_STYLES)
    kinds = coded(segments["kind"])
    millimetres = np.rint(segments["length_m"].to_numpy() * 1000)
    dropped = equals(segments["status"], DROPPED)
    by_kind = kinds.totals(np.where(dropped, 0.0, millimetres))
    by_class = {kind: _within(classes, kinds, kind, millimetres) for kind in SEGMENT_KIND_LABELS}
    heads = [
        LegendRow("kind", kind, label, (wording.length(by_kind[kind] / 1000),))
        for kind, label in SEGMENT_KIND_LABELS.items()
        if kind in by_kind
    ]
    rows = [
        LegendRow(
            facet="class",
            value=style.key,
            label=style.label,
            figures=tuple(_length(found, style.key) for found in by_class.values()),
            hint=_rungs(style.rungs, SEGMENT_LADDER),
        )
        for style in SEGMENT_STYLES
        if style.key in {*classes.words, *over_time}
    ]
    figure = wording.counted(len(segments), "Abschnitt", "Abschnitte")
    return LegendGroup("segments", "Trassen", figure, ("neu", "mitgenutzt"), (*heads, *rows))


def _rungs(keys: tuple[str, ...], ladder: tuple[Rung, ...]) -> str:
    return ", ".join(rung.label for rung in ladder if rung.key in keys)


def _within(classes: Coded, kinds: Coded, kind: str, millimetres: NDArray[np.float64]) -> dict[str, float]:
    chosen = kinds.codes == (kinds.words.index(kind) + 1 if kind in kinds.words else -1)
    counts = Coded(classes.words, classes.codes[chosen]).totals()
    lengths = Coded(classes.words, classes.codes[chosen]).totals(millimetres[chosen])
    return {name: lengths[name] / 1000 for name, count in counts.items() if count}


def _length(metres: dict[str, float], style: str) -> str:
    return wording.length(metres[style]) if style in metres else wording.DASH


def _target_groups(contents: Contents, over_time: dict[str, frozenset[str]]) -> tuple[LegendGroup, LegendGroup]:
    targets, parts = contents.targets, contents.populations
    classes, categories = class_of(targets["status"], TARGET_STYLES), coded(targets["category"])
    funded, extended = (
        _target_group(
            layer, label, (classes.of(parts[layer]), categories.of(parts[layer])), over_time.get(layer, frozenset())
        )
        for layer, label in (("targets", "Geförderte Anschlüsse"), ("extended", "Erweiterter Vortrieb"))
    )
    note = "Weitere Gebäude an der Trasse; sie zählen nicht zu den geförderten."
    return funded, replace(extended, shown=False, note=note)


def _target_group(layer: str, label: str, found: tuple[Coded, Coded], over_time: frozenset[str]) -> LegendGroup:
    classes, categories = found
    labels = {category: CATEGORY_LABELS[category] for category in CATEGORY_SHAPES}
    heads = _counted("category", labels, categories.totals())
    hints = {style.key: _rungs(style.rungs, TARGET_LADDER) for style in TARGET_STYLES}
    counts = {**dict.fromkeys(over_time, 0), **classes.totals()}
    rows = _counted("class", {style.key: style.label for style in TARGET_STYLES}, counts)
    rows = tuple(replace(row, hint=hints[row.value]) for row in rows)
    return LegendGroup(layer, label, wording.number(len(classes.codes)), (), (*heads, *rows))


def _node_group(nodes: pd.DataFrame) -> LegendGroup:
    kinds = coded(nodes["kind"]).totals()
    rows = _counted("kind", {kind: NODE_KIND_LABELS[kind] for kind in NODE_SHAPES}, kinds)
    return LegendGroup("nodes", "Netzknoten", wording.number(len(nodes)), (), rows)


def _counted(facet: str, labels: dict[str, str], counts: dict[str, float]) -> tuple[LegendRow, ...]:
    return tuple(
        LegendRow(facet, value, label, (wording.number(counts[value]),))
        for value, label in labels.items()
        if value in counts
    )
