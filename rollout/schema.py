"""Every layer's columns as data: name, type, unit, allowed values, meaning. What is not here is not read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rollout import vocabulary as words
from rollout.crs import METRIC_CRS

if TYPE_CHECKING:
    import geopandas as gpd


class ColumnType(StrEnum):
    """What a column holds; a frame has it as the pandas dtype of `PANDAS_DTYPES`."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"


class GeometryType(StrEnum):
    """What a layer's rows are on the map."""

    POINT = "Point"
    LINE = "LineString"
    POLYGON = "Polygon"


PANDAS_DTYPES: dict[ColumnType, str] = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "Int64",
    ColumnType.NUMBER: "float64",
    ColumnType.DATE: "datetime64[ms]",
}
"""The dtype that every reader yields and every analysis may rely on. Missing is `<NA>`, NaN or NaT."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a layer.

    Attributes
    ----------
    name
        Name in every frame of the project; the file may call it otherwise (`columns` in `rollout.toml`).
    type
        What it holds.
    meaning
        One German sentence for the commented project file and the documentation.
    required
        Whether the file must have the column at all.
    nullable
        Whether a row may leave it empty.
    allowed
        The words it may hold, or None for free text and numbers.
    unit
        Unit of a number.
    minimum
        Smallest number allowed.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = True
    nullable: bool = False
    allowed: tuple[str, ...] | None = None
    unit: str | None = None
    minimum: float | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """
    One layer of a project.

    Attributes
    ----------
    name
        Name in `rollout.toml` and in every frame.
    geometry
        What its rows are.
    columns
        Its columns; the first is the identifier, unique and never empty.
    meaning
        One German sentence.
    required
        Whether a project must have it.
    """

    name: str
    geometry: GeometryType
    columns: tuple[Column, ...]
    meaning: str
    required: bool = True

    @property
    def key(self) -> str:
        """Name of the identifier column."""
        return self.columns[0].name

    def column(self, name: str) -> Column:
        """Return the column of that name, or raise KeyError."""
        return {column.name: column for column in self.columns}[name]


_TEXT, _INTEGER, _NUMBER, _DATE = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE


def _optional(name: str, kind: ColumnType, meaning: str, allowed: tuple[str, ...] | None = None) -> Column:
    return Column(name, kind, meaning, required=False, nullable=True, allowed=allowed)


def _status_columns(ladder: tuple[words.Rung, ...]) -> tuple[Column, ...]:
    return (
        Column(
            "status",
            _TEXT,
            "Status auf der Leiter; leer heißt „keine Angabe“.",
            nullable=True,
            allowed=tuple(rung.key for rung in ladder),
        ),
        Column("status_since", _DATE, "Seit wann der Status gilt.", nullable=True),
        _optional(
            "reason",
            _TEXT,
            "Grund einer Sperrung, Ablehnung oder Streichung.",
            tuple(words.REASONS),
        ),
    )


DISTRICTS = Layer(
    "districts",
    GeometryType.POLYGON,
    (
        Column("district_id", _TEXT, "Schlüssel des Stadtteils."),
        Column("name", _TEXT, "Name des Stadtteils."),
        Column("borough", _TEXT, "Stadtbezirk (I, II, III)."),
    ),
    "Die Stadtteile als Flächen ohne Lücken und Überlappungen.",
)

NODES = Layer(
    "nodes",
    GeometryType.POINT,
    (
        Column("node_id", _TEXT, "Schlüssel des Netzknotens."),
        Column("kind", _TEXT, "Hauptverteiler oder Netzverteiler.", allowed=tuple(words.NodeKind)),
        _optional("name", _TEXT, "Bezeichnung des Standorts."),
    ),
    "Haupt- und Netzverteiler, von denen die Trassen ausgehen.",
)

SEGMENTS = Layer(
    "segments",
    GeometryType.LINE,
    (
        Column("segment_id", _TEXT, "Schlüssel des Trassenabschnitts."),
        Column("programme_id", _TEXT, "Förderprojekt, siehe [[programmes]]."),
        Column("phase_id", _TEXT, "Bauabschnitt, siehe [[phases]]; leer außerhalb der Bauabschnitte.", nullable=True),
        Column("kind", _TEXT, "Neues Leerrohr oder mitgenutzte Infrastruktur.", allowed=tuple(words.SegmentKind)),
        Column(
            "surface",
            _TEXT,
            "Oberfläche nach GIS-NB (trassenb).",
            required=False,
            nullable=True,
            allowed=tuple(words.SURFACE_LABELS),
        ),
        _optional(
            "laying_method", _TEXT, "Legeverfahren, XTrasse-Code XP_Legeverfahren.", tuple(words.LAYING_METHOD_LABELS)
        ),
        Column("duct_count", _INTEGER, "Zahl der Rohre.", required=False, nullable=True, minimum=0),
        Column(
            "cable_length_m", _NUMBER, "Länge aller Kabel im Abschnitt in Metern.", nullable=True, unit="m", minimum=0
        ),
        _optional("planned_on", _DATE, "Geplante Fertigstellung."),
        _optional("street", _TEXT, "Straße, der die Trasse folgt."),
        *_status_columns(words.SEGMENT_LADDER),
        _optional(
            "status_before",
            _TEXT,
            "Status vor der Sperrung; er zählt weiter.",
            tuple(rung.key for rung in words.SEGMENT_LADDER if not rung.side),
        ),
    ),
    "Die Trassenabschnitte.",
)

TARGETS = Layer(
    "targets",
    GeometryType.POINT,
    (
        Column("target_id", _TEXT, "Schlüssel des Anschlusses."),
        Column("programme_id", _TEXT, "Förderprojekt, siehe [[programmes]]."),
        Column("category", _TEXT, "Haushalt, Gewerbe, Schule oder Krankenhaus.", allowed=tuple(words.Category)),
        Column("drive", _TEXT, "Geförderter Anschluss oder erweiterter Vortrieb.", allowed=tuple(words.Drive)),
        Column("street", _TEXT, "Straße."),
        Column("house_number", _TEXT, "Hausnummer mit Zusatz, z. B. 12a."),
        Column("postcode", _TEXT, "Postleitzahl."),
        _optional("district", _TEXT, "Stadtteil laut Liste; gezählt wird nach der Lage."),
        _optional("institution", _TEXT, "Name der Schule oder des Krankenhauses."),
        *_status_columns(words.TARGET_LADDER),
    ),
    "Die herzustellenden Anschlüsse.",
)

STREETS = Layer(
    "streets",
    GeometryType.LINE,
    (
        Column("street_id", _TEXT, "Schlüssel des Straßenstücks."),
        _optional("name", _TEXT, "Straßenname."),
        _optional("rank", _TEXT, "Hauptstraße oder Nebenstraße.", ("main", "minor")),
    ),
    "Straßen als Kartengrundlage.",
    required=False,
)

WATER = Layer(
    "water",
    GeometryType.POLYGON,
    (Column("water_id", _TEXT, "Schlüssel der Wasserfläche."), _optional("name", _TEXT, "Name des Gewässers.")),
    "Gewässer als Kartengrundlage.",
    required=False,
)

BOUNDARY = Layer(
    "boundary",
    GeometryType.POLYGON,
    (Column("boundary_id", _TEXT, "Gemeindeschlüssel."), _optional("name", _TEXT, "Name der Gemeinde.")),
    "Die Stadtgrenze als Kartengrundlage.",
    required=False,
)

NEIGHBOURS = Layer(
    "neighbours",
    GeometryType.POLYGON,
    (Column("neighbour_id", _TEXT, "Gemeindeschlüssel."), _optional("name", _TEXT, "Name der Nachbargemeinde.")),
    "Die Nachbargemeinden als Kartengrundlage.",
    required=False,
)

_BASE_MAP = (STREETS, WATER, BOUNDARY, NEIGHBOURS)

BASE_MAP: tuple[str, ...] = tuple(layer.name for layer in _BASE_MAP)
"""Layers that are drawn as ground only: any may be missing, none is counted, and they may reach beyond the place."""

LAYERS: dict[str, Layer] = {layer.name: layer for layer in (DISTRICTS, NODES, SEGMENTS, TARGETS, *_BASE_MAP)}
"""All layers by name, in the order they are read and checked."""


def empty_layer(layer: Layer) -> gpd.GeoDataFrame:
    """
    Return a layer without rows.

    Parameters
    ----------
    layer
        Which one.

    Returns
    -------
    rows
        No rows, every column with its dtype, in `METRIC_CRS`.
    """
    import geopandas as gpd  # noqa: PLC0415 - the schema is read by parts that never need a frame
    import pandas as pd  # noqa: PLC0415

    columns = {column.name: pd.Series(dtype=PANDAS_DTYPES[column.type]) for column in layer.columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=METRIC_CRS), crs=METRIC_CRS)
