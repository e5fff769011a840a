"""GeoJSON by json: one value per key, real numbers, and no reference to anywhere."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from rollout.findings import Spot
from rollout.intake.placing import known_crs
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import BAD_GEOMETRY
from rollout.intake.strict import strict_json
from rollout.intake.table import MAX_ROWS, Remark, Table, as_text, text_frame

if TYPE_CHECKING:
    from rollout.intake.arrival import Arrival
    from rollout.intake.table import Array, Wanted

_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG|OGC):(?:[\d.]*:)?(\d+|CRS84)", re.IGNORECASE)
_AGAIN = "Bitten Sie um eine neue Ausgabe als GeoJSON (FeatureCollection) aus dem GIS."
_DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2}


def read_geojson(arrival: Arrival, wanted: Wanted) -> list[Table]:
    """
    Read a FeatureCollection.

    Parameters
    ----------
    arrival
        The file.
    wanted
        The columns looked for.

    Returns
    -------
    tables
        Exactly one, with geometry in the CRS stated; without a statement that is WGS 84 (RFC 7946).

    Raises
    ------
    DeliveryError
        If it is no strict GeoJSON, repeats a key, or refers to a CRS elsewhere.
    """
    root = strict_json(arrival, "GeoJSON", _AGAIN)
    features = root.get("features")
    if root.get("type") != "FeatureCollection" or not isinstance(features, list):
        msg = f"'{arrival.name}' ist kein GeoJSON, sondern ein JSON-Dokument der Art {str(root.get('type'))[:40]!r}"
        raise DeliveryError(msg, _AGAIN)
    if len(features) > MAX_ROWS or not all(isinstance(feature, dict) for feature in features):
        msg = f"'{arrival.name}': 'features' ist keine Liste von höchstens {MAX_ROWS} Objekten"
        raise DeliveryError(msg, _AGAIN)
    crs = _crs(arrival.name, root.get("crs"))
    geometry, remarks = _geometries(features)
    properties = [feature.get("properties") or {} for feature in features]
    names = dict.fromkeys(name for row in properties if isinstance(row, dict) for name in row)
    columns = {name: [as_text(row.get(name)) for row in properties] for name in names if name in wanted}
    unread = tuple(name for name in names if name not in wanted)
    rows = text_frame(columns, range(1, len(features) + 1))
    return [Table(rows, None, geometry, crs, "utf-8", _stated_on(root), unread, remarks)]


def _crs(name: str, stated: object) -> str:
    if stated is None:
        return "OGC:CRS84"
    properties = stated.get("properties") if isinstance(stated, dict) else None
    if isinstance(stated, dict) and stated.get("type") == "link":
        msg = f"'{name}' verweist für sein Koordinatensystem auf eine andere Stelle"
        raise DeliveryError(msg, "Verweisen wird nicht gefolgt; das System muss in der Datei genannt sein.")
    said = properties.get("name") if isinstance(properties, dict) else None
    found = _CRS_NAME.fullmatch(said) if isinstance(said, str) else None
    code = f"{found[1]}:{found[2]}".upper() if found else None
    return known_crs(name, code, str(said)[:60])


def _geometries(features: list[dict[str, Any]]) -> tuple[Array, tuple[Remark, ...]]:
    geometry = np.empty(len(features), dtype=object)
    remarks = []
    for at, feature in enumerate(features):
        try:
            geometry[at] = _geometry(feature.get("geometry"))
        except (ValueError, TypeError, OverflowError, shapely.errors.ShapelyError) as error:
            spot = Spot(f"Objekt {at + 1}: Geometrie nicht lesbar ({error})"[:160], row=at + 1)
            remarks.append(Remark(BAD_GEOMETRY, spot))
    return geometry, tuple(remarks)


def _geometry(said: object) -> shapely.Geometry | None:
    if said is None:
        return None
    kind = said.get("type") if isinstance(said, dict) else None
    if not isinstance(said, dict) or kind not in _DEPTH:
        msg = f"Art {str(kind)[:30]!r}"
        raise ValueError(msg)
    coordinates: Any = said.get("coordinates")
    _require_numbers(coordinates, _DEPTH[kind])
    if kind == "Point":
        return shapely.Point(coordinates[:2])
    lines = [coordinates] if kind == "LineString" else coordinates
    return shapely.multilinestrings([shapely.LineString([point[:2] for point in line]) for line in lines])


def _require_numbers(value: Any, depth: int) -> None:  # noqa: ANN401 - whatever the file holds
    if not isinstance(value, list) or not value:
        msg = "Koordinaten fehlen"
        raise ValueError(msg)
    if depth:
        for part in value:
            _require_numbers(part, depth - 1)
    elif len(value) not in {2, 3} or not all(type(n) in {int, float} and math.isfinite(n) for n in value):
        msg = f"keine Koordinate: {str(value)[:40]}"
        raise ValueError(msg)


def _stated_on(root: dict[str, Any]) -> dt.date | None:
    for name in ("stand", "Stand", "state_on"):
        try:
            return dt.date.fromisoformat(str(root.get(name)))
        except ValueError:
            continue
    return None
