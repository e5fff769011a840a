/** Everything that is drawn on canvas, as one Leaflet layer that keeps step with panning and zooming. */

import { dimOutside, paintBorders, paintBoundary, paintDistricts, paintGround, paintStreets, paintWater, streetRanks } from "./paint_base.js";
import { LINE_ORDER, paintLines, UNCHANGED } from "./paint_lines.js";
import { paintDrops, paintNodes, paintTargets, placesOf, POINT_ORDER, SHAPE_ORDER } from "./paint_points.js";
import { symbolSize } from "./scale.js";
import { rowsBy } from "./layers.js";
import { paintThemesAbove, paintThemesBelow } from "./themes.js";
import { paintAreas } from "./cells.js";
import { paintLabels } from "./labels.js";
import { paintMarks } from "./marks.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./main.js").Page} Page */

/** Targets of the extended drive are drawn smaller. */
const EXTENDED_SIZE = 0.66;
const NEAR_ZOOM = 14.75;

/**
 * Rows that share two words.
 * @param {Map<string, Uint32Array>} first
 * @param {Map<string, Uint32Array>} second
 * @returns {(a: string, b: string) => number[]}
 */
function crossed(first, second) {
  const known = new Map();
  return (a, b) => {
    const key = `${a} ${b}`;
    if (!known.has(key)) {
      const others = new Set(second.get(b) ?? []);
      known.set(key, [...(first.get(a) ?? [])].filter((row) => others.has(row)));
    }
    return known.get(key);
  };
}

export class Painter {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { layers } = page;
    this.ranks = layers.streets ? streetRanks(layers.streets) : new Map();
    this.segments = crossed(rowsBy(layers.segments, "class"), rowsBy(layers.segments, "kind"));
    this.targets = new Map(
      ["targets", "extended"].map((name) => [name, crossed(rowsBy(layers[name], "class"), rowsBy(layers[name], "category"))]),
    );
    this.nodes = rowsBy(layers.nodes, "kind");
  }

  /** @param {View} view */
  paint(view) {
    const { parts, isTiled } = this.page;
    if (!isTiled) paintGround(view);
    if (parts.has("districts") && !isTiled) this.paintLand(view);
    if (parts.has("districts")) paintAreas(view, this.page);
    if (parts.has("base") && !isTiled) this.paintBase(view);
    if (parts.has("districts")) paintBorders(view, this.page.layers.districts);
    if (parts.has("base") && this.page.layers.boundary) paintBoundary(view, this.page.layers.boundary);
    if (parts.has("targets")) this.paintAllDrops(view);
    if (parts.has("segments")) paintThemesBelow(view, this.page);
    this.paintNetwork(view);
    if (parts.has("targets")) paintThemesAbove(view, this.page);
    if (parts.has("nodes")) this.paintAllNodes(view);
    if (parts.has("labels")) paintLabels(view, this.page);
  }

  /**
   * From afar the trenches lie on the targets, which then edge them like beads; from near the targets lie on the trenches.
   * @param {View} view
   */
  paintNetwork(view) {
    const { parts } = this.page;
    const isNear = view.zoom >= NEAR_ZOOM;
    if (parts.has("segments")) this.paintSegments(view, UNCHANGED);
    if (parts.has("segments") && isNear) this.paintSegments(view, LINE_ORDER);
    for (const name of parts.has("targets") ? ["extended", "targets"] : []) this.paintPopulation(view, name);
    if (parts.has("segments") && !isNear) this.paintSegments(view, LINE_ORDER);
  }

  /** @param {View} view */
  paintLand(view) {
    const { layers, symbols, emphasised } = this.page;
    paintDistricts(view, layers.districts, symbols, emphasised);
  }

  /** @param {View} view */
  paintBase(view) {
    const { streets, water, boundary } = this.page.layers;
    if (streets) paintStreets(view, streets, this.ranks);
    if (water) paintWater(view, water);
    if (boundary) dimOutside(view, boundary);
  }

  /** @param {View} view */
  paintAllDrops(view) {
    for (const name of ["extended", "targets"]) {
      if (this.page.visibility.isOn(name)) paintDrops(view, this.page.layers[name], this.page.visibility.mask(name));
    }
  }

  /**
   * @param {View} view
   * @param {string[]} classes
   */
  paintSegments(view, classes) {
    const { layers, symbols, visibility } = this.page;
    const mask = visibility.mask("segments");
    for (const name of classes) {
      for (const kind of ["co_used", "new_duct"]) {
        const rows = this.segments(name, kind).filter((row) => mask[row] === 1);
        paintLines(view, layers.segments, rows, symbols.segments[name], kind === "co_used");
      }
    }
  }

  /**
   * @param {View} view
   * @param {string} name
   */
  paintPopulation(view, name) {
    const { layers, symbols, visibility } = this.page;
    if (!visibility.isOn(name)) return;
    const mask = visibility.mask(name);
    const factor = name === "extended" ? EXTENDED_SIZE : 1;
    const choose = /** @type {(a: string, b: string) => number[]} */ (this.targets.get(name));
    for (const shape of SHAPE_ORDER) {
      const category = Object.keys(symbols.shapes).find((key) => symbols.shapes[key] === shape) ?? "";
      for (const style of POINT_ORDER) {
        const rows = choose(style, category).filter((row) => mask[row] === 1);
        paintTargets(view, layers[name], { rows, shape, style: symbols.targets[style], factor });
      }
    }
  }

  /** @param {View} view */
  paintAllNodes(view) {
    const { layers, symbols, visibility } = this.page;
    const mask = visibility.mask("nodes");
    for (const [kind, rows] of this.nodes) {
      const shown = [...rows].filter((row) => mask[row] === 1);
      const size = Math.max(symbolSize(view.zoom), 3.4);
      paintNodes(view.ink, placesOf(view, layers.nodes, shown), symbols.shapes[kind], size, symbols);
    }
  }
}

/**
 * @param {HTMLElement} container
 * @param {{ x: number, y: number }} frame
 * @returns {{ x: number, y: number, w: number, h: number }[]} what the page's controls cover of it
 */
function coveredBoxes(container, frame) {
  const corner = container.getBoundingClientRect();
  const shown = [...document.querySelectorAll(".search, #rollout-tools > *, .leaflet-control")].map((control) => control.getBoundingClientRect());
  return shown.map(({ left, top, width, height }) => ({ x: left - corner.left + frame.x, y: top - corner.top + frame.y, w: width, h: height }));
}

/**
 * A canvas that Leaflet moves and scales while the map moves, and that is painted anew when it rests.
 * It stands on Leaflet's own renderer base, which our vendored version fixes.
 */
export const Scene = L.Renderer.extend({
  options: { padding: 0.2, pane: "rollout" },

  /** @param {Page} page */
  initialize(page) {
    L.Renderer.prototype.initialize.call(this, {});
    this._page = page;
    this._painter = new Painter(page);
    this._layers = {};
  },

  _initContainer() {
    this._container = L.DomUtil.create("div", "rollout-scene");
    this._canvases = ["map", "marks"].map(() => L.DomUtil.create("canvas", "", this._container));
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
    delete this._container;
  },

  getEvents() {
    const events = L.Renderer.prototype.getEvents.call(this);
    return { ...events, move: this._onMove };
  },

  /** Paints on while a long drag leaves what is painted. */
  _onMove() {
    const size = this._map.getSize();
    const corner = this._map.containerPointToLayerPoint([0, 0]);
    const seen = L.bounds(corner, corner.add(size));
    if (!this._bounds.contains(seen) && this._map.getZoom() === this._zoom) this._update();
  },

  _onZoomEnd() {},
  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._fit(0);
    this._canvases[1].width = 0;
    this.repaint();
  },

  /** @param {number} canvas to give the size of what is seen, and a margin */
  _fit(canvas) {
    const size = this._bounds.getSize();
    const dots = window.devicePixelRatio || 1;
    const drawn = this._canvases[canvas];
    drawn.width = Math.round(size.x * dots);
    drawn.height = Math.round(size.y * dots);
    drawn.style.width = `${size.x}px`;
    drawn.style.height = `${size.y}px`;
  },

  /**
   * @param {number} canvas
   * @returns {View}
   */
  _view(canvas) {
    const size = this._bounds.getSize();
    const dots = window.devicePixelRatio || 1;
    const origin = this._map.getPixelOrigin().add(this._bounds.min);
    const ink = this._canvases[canvas].getContext("2d");
    ink.setTransform(dots, 0, 0, dots, 0, 0);
    ink.clearRect(0, 0, size.x, size.y);
    const zoom = this._map.getZoom();
    const corner = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
    const seen = this._map.getSize();
    const frame = { x: corner.x, y: corner.y, w: seen.x, h: seen.y };
    return { frame, covered: coveredBoxes(this._map.getContainer(), frame), ink, zoom, scale: 2 ** zoom, left: origin.x, top: origin.y, width: size.x, height: size.y };
  },

  repaint() {
    if (!this._map) return;
    this._painter.paint(this._view(0));
    this.repaintMarks();
  },

  /** The canvas of the marks takes no memory until something is marked. */
  repaintMarks() {
    if (!this._map) return;
    const marked = [this._page.pointed, this._page.chosen, this._page.chosenStreet].some((mark) => mark !== null);
    if (this._canvases[1].width === 0 && !marked) return;
    if (this._canvases[1].width === 0) this._fit(1);
    paintMarks(this._view(1), this._page);
  },
});
