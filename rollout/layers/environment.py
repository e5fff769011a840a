"""GDAL with its doors closed: only the formats of the house, no network. Set before GDAL is loaded."""

from __future__ import annotations

import logging
import os

DRIVERS = ("GeoJSON", "GPKG", "ESRI Shapefile", "FlatGeobuf", "MEM", "Memory")
"""The formats GDAL may read and write here; GeoParquet is read by pyarrow."""

UNUSED_DRIVERS = (
    *("PCIDSK", "PDS4", "VICAR", "PDF", "MBTiles", "EEDA", "OGCAPI", "GDALG", "MapInfo File", "UK .NTF", "LVBAG"),
    *("S57", "DGN", "OGR_VRT", "VRT", "CSV", "GML", "GPX", "LIBKML", "KML", "GeoJSONSeq", "ESRIJSON", "TopoJSON"),
    *("OGR_GMT", "SQLite", "WAsP", "OpenFileGDB", "DXF", "CAD", "Geoconcept", "GeoRSS", "VFK", "PGDUMP", "OSM"),
    *("GPSBabel", "OGR_PDS", "WFS", "OAPIF", "EDIGEO", "Idrisi", "SVG", "ODS", "XLSX", "XLS", "Elasticsearch"),
    *("Carto", "AmigoCloud", "SXF", "Selafin", "JML", "PLSCENES", "CSW", "VDV", "MVT", "NGW", "MapML", "GTFS"),
    *("PMTiles", "JSONFG", "MiraMonVector", "ADBC", "AVCBin", "AVCE00", "AIVector", "TIGER", "HTTP", "Parquet"),
    *("Arrow", "GMLAS", "NAS", "PostgreSQL", "MySQL", "ODBC", "MSSQLSpatial", "OCI", "MongoDBv3", "HANA"),
    *("GTI", "STACIT", "STACTA", "WMS", "WMTS", "WCS", "DAAS", "netCDF", "HDF5"),
)
"""What GDAL must not try: several of these follow links to other files or into the network."""

CLOSED = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_PAM_ENABLED": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "CPL_DEBUG": "OFF",
    "PROJ_NETWORK": "OFF",
}
"""The network closed, no side files written, no chatter."""


def close_doors() -> None:
    """
    Set the environment GDAL is loaded into.

    It has an effect only before fiona and pyogrio are imported; whoever imported them
    earlier is still protected by the look at each file in `gate`.
    """
    wanted = [*filter(None, os.environ.get("GDAL_SKIP", "").split(",")), *UNUSED_DRIVERS]
    os.environ["GDAL_SKIP"] = ",".join(dict.fromkeys(wanted))
    os.environ.update(CLOSED)
    # Each build of GDAL lacks some of the drivers named and says so on the terminal, once per driver.
    os.environ.setdefault("CPL_LOG", os.devnull)
    logging.getLogger("fiona._env").addFilter(_is_worth_saying)


def _is_worth_saying(record: logging.LogRecord) -> bool:
    return "GDAL_SKIP" not in record.getMessage()
