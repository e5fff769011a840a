/** Everything that is drawn on canvas, as one Leaflet layer that keeps step with panning and zooming. */

import { dimOutside, paintBorders, paintBoundary, paintDistricts, paintGround, paintNeighbours, paintStreets, paintWater } from "./paint_base.js";
import { LINE_ORDER, paintLines, UNCHANGED } from "./paint_lines.js";
import { isHollow, paintDrops, paintNodes, paintTargets, placesOf, POINT_ORDER, SHAPE_ORDER } from "./paint_points.js";
import { element, whenIdle } from "./dom.js";
import { symbolSize, trenchWidth } from "./scale.js";
import { boxOfView, grouped, rowsWithin } from "./seen.js";
import { BUDGET, SIMPLIFIED, stamped } from "./stamps.js";
import { paintThemesAbove, paintThemesBelow } from "./themes.js";
import { paintAreas } from "./cells.js";
import { paintLabels } from "./labels.js";
import { paintMarks } from "./marks.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./main.js").Page} Page */

/** Targets of the extended drive are drawn smaller. */
const EXTENDED_SIZE = 0.66;
const NEAR_ZOOM = 14.75;
/** Pixels that a line or a symbol may stand out of its box. */
const OVERHANG = 24;
/** Margin that is painted about what is seen, as a share of it. */
const MARGIN_SHARE = 0.2;

export class Painter {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** Whether the last picture shows less than there is to be drawn. */
    this.isSimplified = false;
  }

  /**
   * @param {View} view
   * @param {(work: () => void) => void} [second] does at once or soon what comes second
   */
  paint(view, second = (work) => work()) {
    const { parts, isTiled } = this.page;
    this.isSimplified = false;
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
    if (parts.has("labels")) paintLabels(view, this.page, second);
  }

  /**
   * From afar the trenches lie on the targets, which then edge them like beads; from near the targets lie on the trenches.
   * @param {View} view
   */
  paintNetwork(view) {
    const { parts } = this.page;
    const isNear = view.zoom >= NEAR_ZOOM;
    const segments = this.seen(view, "segments", "kind");
    if (parts.has("segments")) this.paintSegments(view, UNCHANGED, segments);
    if (parts.has("segments") && isNear) this.paintSegments(view, LINE_ORDER, segments);
    for (const name of parts.has("targets") ? ["extended", "targets"] : []) this.paintPopulation(view, name);
    if (parts.has("segments") && !isNear) this.paintSegments(view, LINE_ORDER, segments);
  }

  /**
   * @param {View} view
   * @param {string} name layer
   * @param {string} column
   * @returns {{ of: (a: string, b: string) => number[], isTooMany: boolean }} rows by class and the column's word
   */
  seen(view, name, column) {
    const { layers, visibility } = this.page;
    const rows = visibility.isOn(name) ? rowsWithin(layers[name], boxOfView(view, OVERHANG), visibility.mask(name)) : new Uint32Array(0);
    const isTooMany = rows.length > BUDGET;
    this.isSimplified = this.isSimplified || isTooMany;
    return { of: grouped(rows, visibility.codes(name, "class"), visibility.codes(name, column)), isTooMany };
  }

  /** @param {View} view */
  paintLand(view) {
    const { layers, symbols, emphasised } = this.page;
    paintDistricts(view, layers.districts, symbols, emphasised);
  }

  /** @param {View} view */
  paintBase(view) {
    const { streets, water, boundary, neighbours } = this.page.layers;
    if (streets && !paintStreets(view, streets, this.page.visibility.codes("streets", "rank"))) this.isSimplified = true;
    if (water) paintWater(view, water);
    if (boundary) dimOutside(view, boundary);
    if (neighbours) paintNeighbours(view, neighbours, boundary);
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
   * @param {ReturnType<Painter["seen"]>} seen
   */
  paintSegments(view, classes, { of, isTooMany }) {
    const { layers, symbols } = this.page;
    const batches = classes.flatMap((name) => ["co_used", "new_duct"].map((kind) => ({ rows: of(name, kind), style: symbols.segments[name], double: kind === "co_used" })));
    const rest = stamped(view, isTooMany ? batches : [], (stamps, { rows, style }) => stamps.lines(layers.segments, rows, style.colour, trenchWidth(view.zoom) * style.width));
    for (const batch of isTooMany ? rest : batches) paintLines(view, layers.segments, batch.rows, batch.style, batch.double);
  }

  /**
   * @param {View} view
   * @param {string} name
   */
  paintPopulation(view, name) {
    const { layers, symbols } = this.page;
    const { of, isTooMany } = this.seen(view, name, "category");
    const factor = name === "extended" ? EXTENDED_SIZE : 1;
    const category = (/** @type {string} */ shape) => Object.keys(symbols.shapes).find((key) => symbols.shapes[key] === shape) ?? "";
    const batches = SHAPE_ORDER.flatMap((shape) => POINT_ORDER.map((style) => ({ rows: of(style, category(shape)), shape, style: symbols.targets[style], factor })));
    const size = 2 * symbolSize(view.zoom) * factor;
    const rest = stamped(view, isTooMany ? batches : [], (stamps, { rows, style }) => stamps.points(layers[name], rows, { colour: style.colour, hollow: isHollow(style), size }));
    for (const batch of isTooMany ? rest : batches) paintTargets(view, layers[name], batch);
  }

  /** @param {View} view */
  paintAllNodes(view) {
    const { layers, symbols, visibility } = this.page;
    const { words, codes } = visibility.codes("nodes", "kind");
    const rows = [...rowsWithin(layers.nodes, boxOfView(view, OVERHANG), visibility.mask("nodes"))];
    words.forEach((kind, i) => {
      const size = Math.max(symbolSize(view.zoom), 3.4);
      const places = placesOf(view, layers.nodes, rows.filter((row) => codes[row] === i + 1));
      paintNodes(view.ink, places, symbols.shapes[kind], size, symbols);
    });
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
  options: { padding: 0, pane: "rollout" },

  /** @param {Page} page */
  initialize(page) {
    L.Renderer.prototype.initialize.call(this, {});
    this._page = page;
    this._painter = new Painter(page);
    this._layers = {};
  },

  _initContainer() {
    this._container = L.DomUtil.create("div", "rollout-scene");
    this._note = element("p", { class: "simplified", role: "note", hidden: "" }, [SIMPLIFIED]);
    this._map.getContainer().append(this._note);
    this._canvases = ["map", "marks"].map(() => L.DomUtil.create("canvas", "", this._container));
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
    this._note.remove();
    delete this._container;
  },

  getEvents() {
    const events = L.Renderer.prototype.getEvents.call(this);
    return { ...events, move: this._onMove };
  },

  /** Paints on while a long drag leaves what is painted; where there is much of it, only once the map rests. */
  _onMove() {
    if (this._painter.isSimplified) return;
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
    // what opens shows at once what is seen; the margin is painted when the map first moves
    this.options.padding = MARGIN_SHARE;
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
    const view = this._view(0);
    const second = this._painted ? undefined : (/** @type {() => void} */ work) => whenIdle(() => this._painted === view && work());
    this._painted = view;
    this._painter.paint(view, second);
    this._note.hidden = !this._painter.isSimplified;
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
