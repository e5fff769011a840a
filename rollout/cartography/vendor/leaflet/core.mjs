// What our pages use of Leaflet: the map with its handlers, zoom and scale, the base of renderers, tiles.
// tests/javascript makes leaflet-core.js of it and compares; elements of a user's own get leaflet.js.
export { createMap as map } from "leaflet/src/map/Map.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";
import { Zoom, zoom } from "leaflet/src/control/Control.Zoom.js";
import { scale } from "leaflet/src/control/Control.Scale.js";
import { Control } from "leaflet/src/control/Control.js";
import * as DomUtil from "leaflet/src/dom/DomUtil.js";
Control.Zoom = Zoom;
export const control = { zoom, scale };
export { DomUtil };
export { toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { Renderer } from "leaflet/src/layer/vector/Renderer.js";
export { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
