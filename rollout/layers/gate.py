"""The look at a layer's file before GDAL opens it: a plain local file that is what its name says."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.errors import LayerError
from rollout.layers.geojson import look_at_geojson
from rollout.layers.geopackage import look_at_geopackage
from rollout.layers.shapefile import Encoding, look_at_shapefile, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1024**3
FORMATS = {
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".parquet": "Parquet",
    ".shp": "ESRI Shapefile",
    ".zip": "ESRI Shapefile",
}
"""Ending of a file name → the one format it may hold."""

_MAGIC = {".fgb": b"fgb\x03fgb", ".parquet": b"PAR1", ".zip": b"PK\x03\x04"}
# GDAL takes `/vsizip/…`, `http://…` and `DRIVER:name` for places; a drive letter is a single one.
_PREFIX = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]+:|[/\\]+vsi)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Admitted:
    """
    A file that passed the gate.

    Attributes
    ----------
    path
        What GDAL may open: the file itself, or a zip's shapefile unpacked.
    driver
        The only format to open it with.
    layer
        Layer inside it, or None where the format holds one alone.
    crs
        The CRS where the gate has read it (GeoJSON), else None.
    encoding
        The encoding of a shapefile's texts, else None.
    """

    path: Path
    driver: str
    layer: str | None = None
    crs: str | None = None
    encoding: Encoding | None = None


@contextmanager
def admitted(path: Path, layer: str | None = None) -> Iterator[Admitted]:
    """
    Look at a layer's file, and hand out what GDAL may open.

    Parameters
    ----------
    path
        The file, absolute.
    layer
        Layer inside it, where it holds several.

    Yields
    ------
    admitted
        Path, format and what the look has found. An unpacked zip is removed at the end.

    Raises
    ------
    LayerError
        If the file is missing, too large, or not what its name says.
    CrsError
        If a shapefile or GeoJSON does not state its CRS in itself.
    """
    driver = _driver(path)
    with tempfile.TemporaryDirectory(prefix="rollout-") as folder:
        if path.suffix.lower() == ".zip":
            unpacked = unpack(path, Path(folder))
            yield replace(Admitted(unpacked, driver), encoding=look_at_shapefile(unpacked))
        else:
            yield _look_at(Admitted(path, driver, layer))


def _driver(path: Path) -> str:
    if _PREFIX.match(str(path)) or "\0" in str(path):
        msg = f"'{path}' ist keine Datei auf diesem Rechner"
        raise LayerError(msg, "Nennen Sie eine Datei im Ordner des Projekts; von anderswo wird nichts geholt.")
    if not path.is_file():
        msg = f"die Datei '{path.name}' gibt es in '{path.parent}' nicht"
        raise LayerError(msg, "Legen Sie sie dort ab, oder berichtigen Sie path in rollout.toml.")
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        msg = f"'{path.name}': Dateien mit der Endung '{suffix}' werden nicht gelesen"
        raise LayerError(msg, f"Exportieren Sie die Ebene aus dem GIS in eines dieser Formate: {', '.join(FORMATS)}.")
    if path.stat().st_size > MAX_BYTES:
        msg = f"'{path.name}' ist größer als {MAX_BYTES // 1024**2} MB"
        raise LayerError(msg, "Lassen Sie weg, was nicht zum Projekt gehört, etwa Zeilen außerhalb des Gebiets.")
    _compare_magic(path, suffix)
    return FORMATS[suffix]


def _compare_magic(path: Path, suffix: str) -> None:
    magic = _MAGIC.get(suffix, b"")
    with path.open("rb") as file:
        begin = file.read(len(magic))
    if begin != magic:
        msg = f"'{path.name}' ist nicht das, was die Endung '{suffix}' sagt"
        raise LayerError(msg, "Exportieren Sie die Ebene neu aus dem GIS, am besten als GeoPackage.")


def _look_at(file: Admitted) -> Admitted:
    if file.driver == "GPKG":
        return replace(file, layer=look_at_geopackage(file.path, file.layer))
    if file.driver == "GeoJSON":
        return replace(file, layer=None, crs=look_at_geojson(file.path))
    if file.driver == "ESRI Shapefile":
        return replace(file, layer=None, encoding=look_at_shapefile(file.path))
    return replace(file, layer=None)
