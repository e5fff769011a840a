"""The official tiles a page may offer; it loads none until its reader presses the button that names the host."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from rollout.vocabulary import TileService

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Tiles:
    """
    One service of map tiles in Web Mercator.

    Attributes
    ----------
    label
        German name.
    host
        The one host the page may then ask for images.
    path
        What follows the host, with `{z}`, `{x}` and `{y}`.
    attribution
        What its licence asks to be shown; `{year}` is the year in which the tiles are loaded.
    deepest
        The last zoom the service draws; beyond it its tiles are enlarged.
    """

    label: str
    host: str
    path: str
    attribution: str
    deepest: int


SERVICES: Mapping[TileService, Tiles] = MappingProxyType(
    {
        TileService.BASEMAP_DE: Tiles(
            label="basemap.de grau",
            host="sgx.geodatenzentrum.de",
            path="/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_grau/default/GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png",
            attribution="Grundkarte: © basemap.de / BKG {year}, CC BY 4.0",
            deepest=18,
        ),
        TileService.TOP_PLUS_OPEN: Tiles(
            label="TopPlusOpen grau",
            host="sgx.geodatenzentrum.de",
            path="/wmts_topplus_open/tile/1.0.0/web_grau/default/WEBMERCATOR/{z}/{y}/{x}.png",
            attribution="Grundkarte: TopPlusOpen, © BKG {year}, dl-de/by-2-0; "
            "Datenquellen: sgx.geodatenzentrum.de/web_public/gdz/datenquellen/datenquellen_topplusopen.html",
            deepest=18,
        ),
    }
)
