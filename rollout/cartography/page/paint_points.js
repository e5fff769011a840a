/** Targets and nodes: shape by category or kind, filling by class; and the drops from targets to the trench. */

import { crossAt, questionAt } from "./paint_lines.js";
import { symbolSize } from "./scale.js";
import { boxOfView, rowsWithin } from "./seen.js";
import { strokeWith } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {{ colour: string, mark: string }} PointStyle */

/** What is rare is drawn last and larger. */
export const SHAPE_ORDER = ["circle", "square", "triangle", "cross"];
export const POINT_ORDER = ["same", "dropped", "open", "consent", "property", "fibre", "connected", "new", "advanced", "refused", "no_data", "gone_back", "blocked"];

/** Marks of symbols that are white inside. */
const HOLLOW = ["hollow", "slash", "question"];

/**
 * @param {PointStyle} style
 * @returns {boolean} whether it is white inside
 */
export function isHollow({ mark }) {
  return HOLLOW.includes(mark);
}

const OUTLINE_ZOOM = 14.75;
/** Pixels from which there is room for something inside a symbol. */
const SEEN_INSIDE = 3.4;
const DROP_ZOOM = 16;
const SIZES = { circle: 1, square: 1, triangle: 1.45, cross: 1.7, cabinet: 1.3, pop: 1.75 };

/**
 * Adds a symbol to the path that is being drawn.
 * @param {CanvasRenderingContext2D} ink
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} size radius of the circle of equal weight
 */
export function traceSymbol(ink, shape, x, y, size) {
  if (shape === "circle") {
    ink.moveTo(x + size, y);
    ink.arc(x, y, size, 0, 2 * Math.PI);
  } else if (shape === "square") {
    ink.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  } else {
    polygon(ink, CORNERS[shape] ?? CORNERS.cabinet, x, y, size);
  }
}

/** @type {Record<string, number[][]>} */
const CORNERS = {
  triangle: [[0, -1.05], [1, 0.75], [-1, 0.75]],
  cross: [[-0.36, -1], [0.36, -1], [0.36, -0.36], [1, -0.36], [1, 0.36], [0.36, 0.36], [0.36, 1], [-0.36, 1], [-0.36, 0.36], [-1, 0.36], [-1, -0.36], [-0.36, -0.36]],
  cabinet: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
  pop: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
};

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number[][]} corners
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function polygon(ink, corners, x, y, size) {
  corners.forEach(([dx, dy], i) => {
    if (i === 0) ink.moveTo(x + dx * size, y + dy * size);
    else ink.lineTo(x + dx * size, y + dy * size);
  });
  ink.closePath();
}

/**
 * @param {string} shape
 * @param {number} size
 * @returns {number}
 */
export function sizeOf(shape, size) {
  return size * (/** @type {Record<string, number>} */ (SIZES)[shape] ?? 1);
}

/**
 * Paints symbols of one class and shape.
 * @param {CanvasRenderingContext2D} ink
 * @param {number[][]} places pixels
 * @param {string} shape
 * @param {PointStyle} style
 * @param {{ size: number, outlined: boolean }} how
 */
export function paintSymbols(ink, places, shape, style, how) {
  const size = sizeOf(shape, how.size);
  ink.beginPath();
  ink.lineJoin = "round";
  ink.lineCap = "round";
  ink.setLineDash([]);
  if (style.mark === "crosses") {
    for (const [x, y] of places) crossAt(ink, x, y, size * 0.7);
    strokeWith(ink, style.colour, Math.max(size * 0.3, 0.8));
    return;
  }
  for (const [x, y] of places) traceSymbol(ink, shape, x, y, size);
  const hollow = isHollow(style);
  ink.fillStyle = hollow ? "#ffffff" : style.colour;
  ink.fill();
  if (hollow) strokeWith(ink, style.colour, Math.max(size * 0.28, 0.9));
  else if (how.outlined) strokeWith(ink, "#ffffff", Math.min(1.2, size * 0.25));
  if (style.mark === "core" && size >= SEEN_INSIDE) {
    ink.beginPath();
    for (const [x, y] of places) traceSymbol(ink, shape, x, y, size * 0.42);
    ink.fillStyle = "#ffffff";
    ink.fill();
  }
  if (style.mark === "slash") slashes(ink, places, size, style.colour);
  if (style.mark === "question" && size >= SEEN_INSIDE) places.forEach(([x, y]) => questionAt(ink, x, y, Math.max(size, 4.5), style.colour));
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number[][]} places
 * @param {number} size
 * @param {string} colour
 */
function slashes(ink, places, size, colour) {
  ink.beginPath();
  for (const [x, y] of places) {
    ink.moveTo(x - size * 0.75, y + size * 0.75);
    ink.lineTo(x + size * 0.75, y - size * 0.75);
  }
  strokeWith(ink, colour, Math.max(size * 0.32, 0.9));
}

/**
 * @param {View} view
 * @param {Layer} layer
 * @param {Iterable<number>} rows
 * @param {number} margin
 * @returns {number[][]} pixels of what is in view
 */
export function placesOf(view, layer, rows, margin = 16) {
  const { scale, left, top, width, height } = view;
  const places = [];
  for (const row of rows) {
    const x = layer.xy[2 * row] * scale - left;
    const y = layer.xy[2 * row + 1] * scale - top;
    if (x > -margin && y > -margin && x < width + margin && y < height + margin) places.push([x, y]);
  }
  return places;
}

/**
 * @param {View} view
 * @param {Layer} layer
 * @param {{ rows: number[], shape: string, style: PointStyle, factor: number }} batch
 */
export function paintTargets(view, layer, batch) {
  const places = placesOf(view, layer, batch.rows);
  if (places.length === 0) return;
  const size = symbolSize(view.zoom) * batch.factor;
  paintSymbols(view.ink, places, batch.shape, batch.style, { size, outlined: view.zoom >= OUTLINE_ZOOM });
}

/**
 * Thin lines from houses to the trench.
 * @param {View} view
 * @param {Layer} layer
 * @param {Uint8Array} mask
 */
export function paintDrops(view, layer, mask) {
  const { ink, scale, left, top, zoom } = view;
  if (zoom < DROP_ZOOM || layer.feet === null) return;
  ink.beginPath();
  for (const row of rowsWithin(layer, boxOfView(view, 60), mask)) {
    if (!layer.columns.drop?.at(row)) continue;
    ink.moveTo(layer.xy[2 * row] * scale - left, layer.xy[2 * row + 1] * scale - top);
    ink.lineTo(layer.feet[2 * row] * scale - left, layer.feet[2 * row + 1] * scale - top);
  }
  ink.setLineDash([]);
  strokeWith(ink, "rgb(29 39 51 / 55%)", zoom < 17 ? 0.8 : 1.1);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number[][]} places
 * @param {string} shape
 * @param {number} size
 * @param {{ ink: string, paper: string }} colours
 */
export function paintNodes(ink, places, shape, size, colours) {
  paintSymbols(ink, places, shape, { colour: colours.ink, mark: "" }, { size: size + 0.8, outlined: true });
  if (shape === "pop") paintSymbols(ink, places, "cabinet", { colour: colours.paper, mark: "" }, { size: size * 0.6, outlined: false });
}
