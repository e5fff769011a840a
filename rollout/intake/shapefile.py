"""Zipped shapefiles by pyshp, in memory: all parts present, the CRS stated, the texts in their encoding."""

from __future__ import annotations

import io
import math
import struct
import warnings
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import shapefile
import shapely

from rollout.findings import Spot
from rollout.intake.container import open_archive
from rollout.intake.encoding import encoding_of
from rollout.intake.placing import crs_of_wkt
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import BAD_GEOMETRY
from rollout.intake.table import Remark, Table, as_text, text_frame

if TYPE_CHECKING:
    import zipfile

    from rollout.intake.arrival import Arrival
    from rollout.intake.table import Array, Wanted

PARTS = (".shp", ".shx", ".dbf")
_BROKEN = (
    shapefile.ShapefileException,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    EOFError,
    OSError,
    Warning,
)
"""What pyshp lets through from a file that is cut off or lies about its lengths."""


def read_shapefile(arrival: Arrival, wanted: Wanted) -> list[Table]:
    """
    Read the one shapefile in a ZIP.

    Parameters
    ----------
    arrival
        The file.
    wanted
        The columns looked for; ten characters of a name are enough.

    Returns
    -------
    tables
        Exactly one.

    Raises
    ------
    DeliveryError
        If a part is missing, the CRS is not stated or not on the list, or the contents are damaged.
    """
    with open_archive(arrival.name, arrival.content) as archive:
        parts = _parts(arrival.name, archive)
    crs = crs_of_wkt(arrival.name, parts[".prj"].decode("utf-8", "replace"))
    records = parts[".dbf"][int.from_bytes(parts[".dbf"][8:10], "little") :]
    encoding = encoding_of(records, parts.get(".cpg", b"").decode("ascii", "replace"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pyshp warns of lengths that do not agree, and reads on
            return [_read(parts, encoding, crs, wanted)]
    except _BROKEN as error:
        msg = f"'{arrival.name}' ist als Shapefile nicht lesbar ({type(error).__name__}, Kodierung {encoding})"
        raise DeliveryError(msg, "Bitten Sie um eine neue Ausgabe aus dem GIS, am besten als GeoPackage.") from error


def _parts(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    files = [member for member in archive.infolist() if not member.is_dir() and "__MACOSX/" not in member.filename]
    parts = {PurePosixPath(member.filename).suffix.lower(): archive.read(member) for member in files}
    layers = [member.filename for member in files if member.filename.lower().endswith(".shp")]
    if len(layers) != 1:
        msg = f"'{name}' enthält {len(layers)} Shapefiles, erwartet wird eines"
        raise DeliveryError(msg, "Bitten Sie um je ein ZIP mit .shp, .shx, .dbf, .prj und .cpg.")
    missing = [end for end in PARTS if end not in parts]
    if missing:
        msg = f"'{name}' ist unvollständig: {', '.join(missing)} fehlt"
        raise DeliveryError(msg, "Bitten Sie um alle Teile des Shapefiles in einem ZIP.")
    if ".prj" not in parts:
        msg = f"'{name}' nennt kein Koordinatensystem: die .prj-Datei fehlt"
        raise DeliveryError(msg, "Bitten Sie um die .prj-Datei; geraten wird es nie.")
    return parts


def _read(parts: dict[str, bytes], encoding: str, crs: str, wanted: Wanted) -> Table:
    streams = {end[1:]: io.BytesIO(parts[end]) for end in PARTS}
    with shapefile.Reader(**streams, encoding=encoding, encodingErrors="strict") as reader:
        names = [field[0] for field in reader.fields if field[0] != "DeletionFlag"]
        records = [list(record) for record in reader.iterRecords()]
        geometry, remarks = _geometries(reader)
    if len(records) != len(geometry):
        msg = f"{len(geometry)} Geometrien, aber {len(records)} Zeilen"
        raise ValueError(msg)
    columns = {
        name: [as_text(record[at]) for record in records] for at, name in enumerate(names) if wanted.within_ten(name)
    }
    unread = tuple(name for name in names if name not in columns)
    rows = text_frame(columns, range(1, len(records) + 1))
    return Table(rows, None, geometry, crs, encoding, None, unread, remarks)


def _geometries(reader: Any) -> tuple[Array, tuple[Remark, ...]]:  # noqa: ANN401 - pyshp's reader
    shapes = list(reader.iterShapes())
    geometry = np.empty(len(shapes), dtype=object)
    remarks = []
    for at, shape in enumerate(shapes):
        try:
            geometry[at] = _geometry(shape)
        except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
            spot = Spot(f"Objekt {at + 1}: Geometrie nicht lesbar ({error})"[:160], row=at + 1)
            remarks.append(Remark(BAD_GEOMETRY, spot))
    return geometry, tuple(remarks)


def _geometry(shape: Any) -> shapely.Geometry | None:  # noqa: ANN401 - pyshp's shape
    kind = shape.shapeTypeName
    points = [point[:2] for point in getattr(shape, "points", ())]
    if kind == "NULL" or not points:
        return None
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        msg = "keine endlichen Koordinaten"
        raise ValueError(msg)
    if kind.startswith("POLYLINE"):
        ends = [*shape.parts[1:], len(points)]
        lines = [shapely.LineString(points[a:b]) for a, b in zip(shape.parts, ends, strict=True)]
        return shapely.multilinestrings(lines)
    if kind.startswith("POINT"):
        return shapely.Point(points[0])
    msg = f"Art {kind}"
    raise ValueError(msg)
