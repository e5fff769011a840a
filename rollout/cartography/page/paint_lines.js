/** Trench segments: colour, dash and width by class; co-used infrastructure as a double line. */

import { trenchWidth } from "./scale.js";
import { strokeWith, trace } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{ colour: string, width: number, dash: number[], mark: string }} LineStyle */

/** Side states first, so that they never cover what is being built; a page of changes has classes of its own. */
export const LINE_ORDER = ["dropped", "planned", "permitted", "done", "fibre", "duct", "digging", "new", "advanced", "no_data", "gone_back", "blocked"];
/** On a page of changes what did not change lies below all else. */
export const UNCHANGED = ["same"];

const CROSS_EVERY = 13;
const QUESTION_ZOOM = 14;

/**
 * Strokes the current path in a class.
 * @param {CanvasRenderingContext2D} ink
 * @param {LineStyle} style
 * @param {number} width
 * @param {boolean} double co-used infrastructure
 */
export function strokeLine(ink, style, width, double) {
  ink.lineJoin = "round";
  const wide = double ? Math.max(width * 1.25, 3.3) : width;
  ink.lineCap = style.dash.length > 0 && style.dash[0] < 1 ? "round" : "butt";
  if (style.dash.length === 0) ink.lineCap = "round";
  if (style.mark === "hatch") {
    hatch(ink, style, wide);
  } else {
    ink.setLineDash(style.dash.map((part) => part * Math.max(width, 1.6)));
    strokeWith(ink, style.colour, wide);
  }
  if (double || style.mark === "question") hollow(ink, wide, double && style.mark === "hatch");
  ink.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {LineStyle} style
 * @param {number} width
 */
function hatch(ink, style, width) {
  ink.lineCap = "butt";
  ink.setLineDash([]);
  strokeWith(ink, style.colour, width + 1.6);
  ink.setLineDash(style.dash.map((part) => part * Math.max(width, 2.4)));
  strokeWith(ink, "#ffffff", width);
}

/**
 * Leaves only two edges of a line.
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 * @param {boolean} dark
 */
function hollow(ink, width, dark) {
  ink.setLineDash([]);
  ink.lineCap = "butt";
  strokeWith(ink, dark ? "#1d2733" : "#ffffff", Math.max(width * 0.36, 1));
}

/**
 * @param {View} view
 * @param {import("./layers.js").Layer} layer
 * @param {number[]} rows in view
 * @param {LineStyle} style
 * @param {boolean} double
 */
export function paintLines(view, layer, rows, style, double) {
  const { ink, zoom } = view;
  if (rows.length === 0) return;
  ink.beginPath();
  for (const row of rows) trace(view, layer, row, false);
  const width = trenchWidth(zoom) * style.width;
  if (zoom >= 13 && style.dash.length === 0) halo(ink, width);
  strokeLine(ink, style, width, double);
  if (style.mark === "crosses") rows.forEach((row) => crosses(view, layer, row, style.colour));
  if (style.mark === "question" && zoom >= QUESTION_ZOOM) rows.forEach((row) => question(view, layer, row, style.colour));
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 */
function halo(ink, width) {
  ink.setLineDash([]);
  ink.lineCap = "round";
  ink.lineJoin = "round";
  strokeWith(ink, "rgb(255 255 255 / 85%)", width + 2.2);
}

/**
 * @param {View} view
 * @param {import("./layers.js").Layer} layer
 * @param {number} row
 * @param {string} colour
 */
function crosses(view, layer, row, colour) {
  const { ink, scale, left, top } = view;
  const size = 1.5 + trenchWidth(view.zoom) * 0.5;
  ink.beginPath();
  for (let part = layer.parts[row]; part < layer.parts[row + 1]; part += 1) {
    let rest = CROSS_EVERY / 2;
    for (let i = layer.starts[part] + 1; i < layer.starts[part + 1]; i += 1) {
      const [x0, y0] = [layer.xy[2 * i - 2] * scale - left, layer.xy[2 * i - 1] * scale - top];
      const [dx, dy] = [layer.xy[2 * i] * scale - left - x0, layer.xy[2 * i + 1] * scale - top - y0];
      const length = Math.hypot(dx, dy);
      for (; rest < length; rest += CROSS_EVERY) crossAt(ink, x0 + (dx * rest) / length, y0 + (dy * rest) / length, size);
      rest -= length;
    }
  }
  strokeWith(ink, colour, 1);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function crossAt(ink, x, y, size) {
  ink.moveTo(x - size, y - size);
  ink.lineTo(x + size, y + size);
  ink.moveTo(x - size, y + size);
  ink.lineTo(x + size, y - size);
}

/**
 * @param {View} view
 * @param {import("./layers.js").Layer} layer
 * @param {number} row
 * @param {string} colour
 */
function question(view, layer, row, colour) {
  const part = layer.parts[row];
  const middle = Math.floor((layer.starts[part] + layer.starts[part + 1] - 1) / 2);
  const next = Math.min(middle + 1, layer.starts[part + 1] - 1);
  const x = ((layer.xy[2 * middle] + layer.xy[2 * next]) / 2) * view.scale - view.left;
  const y = ((layer.xy[2 * middle + 1] + layer.xy[2 * next + 1]) / 2) * view.scale - view.top;
  questionAt(view.ink, x, y, 6, colour);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
export function questionAt(ink, x, y, size, colour) {
  ink.beginPath();
  ink.arc(x, y, size, 0, 2 * Math.PI);
  ink.fillStyle = "#ffffff";
  ink.fill();
  strokeWith(ink, colour, 1.3);
  ink.fillStyle = colour;
  ink.font = `700 ${Math.round(size * 1.6)}px system-ui, sans-serif`;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.fillText("?", x, y + size * 0.08);
}
