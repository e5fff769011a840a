"""The themes of a page, laid over the map at will: what is reachable, what contradicts, what to build next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout import wording
from rollout.cartography.columns import coded, equals
from rollout.cartography.legend_rows import LegendGroup, LegendRow
from rollout.vocabulary import CONTRADICTION_LABELS, REACH_LABELS, Reach, SegmentKind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from rollout.cartography.scope import Contents

THEMES: dict[str, tuple[str, str]] = {
    "reach": ("segments", "reach"),
    "doubts": ("targets", "doubt"),
    "packages": ("segments", "unlock"),
}
"""Theme → the layer it is drawn from, and the column whose words are its classes."""


def themes_of(contents: Contents) -> tuple[LegendGroup, ...]:
    """
    Count what the themes of a page show.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    themes
        Groups of the legend, switched off at first; those that show anything.
    """
    groups = (_reach(contents.state.segments), _doubts(contents.funded), _packages(contents))
    return tuple(group for group in groups if group.rows)


def _reach(segments: pd.DataFrame) -> LegendGroup:
    joined, cabled = (segments[name].to_numpy(dtype=bool) for name in ("reached", "cable_reached"))
    found = {
        Reach.CABLE: cabled,
        Reach.DUCT: joined & ~cabled,
        Reach.ISLAND: segments["island_id"].notna().to_numpy(dtype=bool),
    }
    metres = segments["length_m"].to_numpy()
    kinds = [equals(segments["kind"], kind) for kind in (SegmentKind.NEW_DUCT, SegmentKind.CO_USED)]
    rows = tuple(
        LegendRow("class", reach.value, REACH_LABELS[reach], _by_kind(metres, kinds, there))
        for reach, there in found.items()
        if there.any()
    )
    figure = wording.counted(int(sum(there.sum() for there in found.values())), "Abschnitt", "Abschnitte")
    note = "Gebaute Trassen, die lückenlos an einem Netzknoten hängen; berechnet, nicht gemeldet."
    return LegendGroup(
        "reach", "Erreichbarkeit", figure, ("neu", "mitgenutzt"), rows, shown=False, note=note, head="verbunden"
    )


def _by_kind(metres: np.ndarray, kinds: list[np.ndarray], there: np.ndarray) -> tuple[str, ...]:
    sums = (metres[there & kind] for kind in kinds)
    return tuple(wording.length(float(found.sum())) if len(found) else wording.DASH for found in sums)


def _doubts(targets: pd.DataFrame) -> LegendGroup:
    found = coded(targets["contradiction"]).totals()
    rows = tuple(
        LegendRow("class", kind, label, (wording.number(found[kind]),))
        for kind, label in CONTRADICTION_LABELS.items()
        if kind in found
    )
    count = wording.number(sum(found[row.value] for row in rows))
    note = "Geförderte Anschlüsse, deren Meldung das gebaute Netz widerspricht."
    return LegendGroup("doubts", "Widersprüche", count, (), rows, shown=False, note=note)


def _packages(contents: Contents) -> LegendGroup:
    unlocked = contents.additions.unlocked
    here = set(contents.state.segments["segment_id"]) if unlocked is not None else set()
    rows = (
        ()
        if unlocked is None
        else tuple(
            LegendRow("class", str(rank), f"{rank}. {wording.length(metres)}", (f"+{wording.number(gained)}",))
            for rank, metres, gained in unlocked.sets[["rank", "length_m", "funded"]].itertuples(index=False)
            if here.intersection(unlocked.members.loc[unlocked.members["rank"] == rank, "segment_id"])
        )
    )
    note = "Was je Meter die meisten geförderten Anschlüsse erreichbar macht; rechts, wie viele es sind."
    figure = wording.counted(len(rows), "Paket", "Pakete")
    return LegendGroup("packages", "Als Nächstes bauen", figure, (), rows, shown=False, note=note, static=True)
