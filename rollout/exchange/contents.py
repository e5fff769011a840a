"""What the snapshot holds: its layers and columns as data, and the rows of a state for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rollout import vocabulary as words
from rollout.schema import (
    BOUNDARY,
    DISTRICTS,
    NEIGHBOURS,
    NODES,
    SEGMENTS,
    STREETS,
    TARGETS,
    WATER,
    Column,
    ColumnType,
    GeometryType,
    Layer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from rollout.analysis.state import State

_TEXT, _NUMBER, _DATE = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.DATE

_STATUS = (
    Column("status", _TEXT, "Status am Stichtag als Schlüssel; no_data heißt „keine Angabe“."),
    Column("status_label", _TEXT, "Status am Stichtag auf Deutsch."),
    Column("status_since", _DATE, "Seit wann der Status gilt."),
    Column("reason", _TEXT, "Grund einer Sperrung, Ablehnung oder Streichung als Schlüssel."),
    Column("reason_label", _TEXT, "Dieser Grund auf Deutsch."),
)
_PROGRAMME = Column("programme_id", _TEXT, "Schlüssel des Förderprojekts.")
_PHASE = (
    Column("phase_id", _TEXT, "Schlüssel des Bauabschnitts; leer außerhalb der Bauabschnitte."),
    Column("phase", _TEXT, "Name des Bauabschnitts."),
)

_SEGMENTS = Layer(
    "segments",
    GeometryType.LINE,
    (
        SEGMENTS.column("segment_id"),
        _PROGRAMME,
        *_PHASE,
        Column("district", _TEXT, "Stadtteil mit dem größten Teil des Abschnitts; Tabellen teilen an der Grenze."),
        SEGMENTS.column("kind"),
        Column("kind_label", _TEXT, "Neues Leerrohr oder mitgenutzte Infrastruktur, auf Deutsch."),
        Column("length_m", _NUMBER, "Länge in Metern, in EPSG:25832 gemessen."),
        *_STATUS,
    ),
    SEGMENTS.meaning,
)

_TARGETS = Layer(
    "targets",
    GeometryType.POINT,
    (
        TARGETS.column("target_id"),
        _PROGRAMME,
        *_PHASE,
        Column("district", _TEXT, "Stadtteil nach der Lage; leer außerhalb der Stadt."),
        Column("address", _TEXT, "Straße, Hausnummer und Postleitzahl."),
        TARGETS.column("category"),
        Column("category_label", _TEXT, "Haushalte, Gewerbe, Schulen oder Krankenhaus."),
        TARGETS.column("drive"),
        Column("drive_label", _TEXT, "Geförderter Anschluss oder erweiterter Vortrieb, auf Deutsch."),
        Column("drop_m", _NUMBER, "Abstand zur nächsten Trasse des Förderprojekts in Metern."),
        *_STATUS,
    ),
    TARGETS.meaning,
)

_NODES = Layer(
    "nodes",
    GeometryType.POINT,
    (
        *(NODES.column(name) for name in ("node_id", "kind")),
        Column("kind_label", _TEXT, "Hauptverteiler oder Netzverteiler, auf Deutsch."),
        NODES.column("name"),
        Column("district", _TEXT, "Stadtteil nach der Lage."),
    ),
    NODES.meaning,
)

PUBLISHED: dict[str, Layer] = {
    layer.name: layer for layer in (_TARGETS, _NODES, _SEGMENTS, BOUNDARY, DISTRICTS, STREETS, WATER, NEIGHBOURS)
}
"""Every layer by name, in the order of the file. What is not here does not leave the house."""

TITLES: dict[str, str] = {
    "targets": "Anschlüsse",
    "nodes": "Verteiler",
    "segments": "Trassenabschnitte",
    "boundary": "Stadtgrenze",
    "districts": "Stadtteile",
    "streets": "Straßen",
    "water": "Gewässer",
    "neighbours": "Nachbargemeinden",
}


def contents(state: State) -> dict[str, gpd.GeoDataFrame]:
    """
    Return the rows of every layer that is published.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    layers
        Name → rows in `METRIC_CRS`, sorted by identifier, with the columns of `PUBLISHED` that there are;
        of the base map what the project has.
    """
    found = {
        "targets": _targets(state),
        "nodes": _nodes(state),
        "segments": _segments(state),
        "districts": state.districts,
        **state.base,
    }
    return {name: _chosen(found[name], layer) for name, layer in PUBLISHED.items() if name in found}


def _chosen(rows: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    columns = [column.name for column in layer.columns if column.name in rows]
    ordered = rows.sort_values(layer.key, kind="stable", ignore_index=True)
    return ordered[[*columns, ordered.geometry.name]]


def _segments(state: State) -> gpd.GeoDataFrame:
    most = state.pieces.sort_values(["length_m", "district_id"], ascending=[False, True], kind="stable")
    district_of = most.drop_duplicates("segment_id").set_index("segment_id")["district_id"]
    rows = _with_status(state.segments, state)
    return rows.assign(
        kind_label=_said(rows["kind"], words.SEGMENT_KIND_LABELS),
        district=_district(rows["segment_id"].map(district_of), state),
    )


def _targets(state: State) -> gpd.GeoDataFrame:
    rows = _with_status(state.targets, state)
    return rows.assign(
        address=rows["street"] + " " + rows["house_number"] + ", " + rows["postcode"],
        category_label=_said(rows["category"], words.CATEGORY_LABELS),
        drive_label=_said(rows["drive"], words.DRIVE_LABELS),
        district=_district(rows["district_id"], state),
        drop_m=rows["drop_m"].where(np.isfinite(rows["drop_m"])),
    )


def _nodes(state: State) -> gpd.GeoDataFrame:
    return state.nodes.assign(
        kind_label=_said(state.nodes["kind"], words.NODE_KIND_LABELS),
        district=_district(state.nodes["district_id"], state),
    )


def _with_status(rows: gpd.GeoDataFrame, state: State) -> gpd.GeoDataFrame:
    status = rows["status"].fillna(words.NO_DATA)
    return rows.assign(
        status=status,
        status_label=_said(status, {**words.STATUS_LABELS, words.NO_DATA: words.NO_DATA_LABEL}),
        reason_label=_said(rows["reason"], words.REASONS),
        phase=_said(rows["phase_id"], {phase.id: phase.name for phase in state.project.phases}),
    )


def _district(ids: pd.Series, state: State) -> pd.Series:
    return _said(ids, dict(zip(state.districts["district_id"], state.districts["name"], strict=True)))


def _said(keys: pd.Series, labels: Mapping[str, str]) -> pd.Series:
    plain = {str(key): str(label) for key, label in labels.items()}
    return keys.map(plain).astype("string")
