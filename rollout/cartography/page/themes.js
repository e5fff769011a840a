/** The themes of a page: classes of rows that are laid over the map at will, drawn from the layers that are there. */

import { sizeOf } from "./paint_points.js";
import { symbolSize, trenchWidth } from "./scale.js";
import { boxOfView, rowsWithin } from "./seen.js";
import { strokeWith, trace } from "./view.js";

/**
 * @typedef {import("./layers.js").Layer} Layer
 * @typedef {import("./view.js").View} View
 * @typedef {import("./main.js").Page} Page
 */

const BRIGHT = "#ffffff";
const EDGE = "#1d2733";
const RANK_ZOOM = 12;

/**
 * Adds a layer for each theme: the same rows and places, and the theme's column as their class.
 * @param {Record<string, Layer>} layers
 * @param {Record<string, [string, string]>} themes theme → layer and column
 */
export function addThemes(layers, themes) {
  for (const [name, [base, column]] of Object.entries(themes)) {
    const layer = layers[base];
    const packed = layer.packed[column];
    if (packed === undefined) continue;
    const own = { name, isTheme: true, columns: { ...layer.columns, class: layer.columns[column] }, packed: { ...layer.packed, class: packed } };
    layers[name] = Object.create(layer, Object.getOwnPropertyDescriptors(own));
  }
}

/**
 * @param {View} view
 * @param {Page} page
 * @param {string} name theme
 * @returns {Map<string, number[]>} class → rows that are seen
 */
function seenByClass(view, page, name) {
  const { visibility, layers } = page;
  if (layers[name] === undefined || !(visibility.filter.layers[name] ?? false)) return new Map();
  const rows = rowsWithin(layers[name], boxOfView(view, 24), visibility.mask(name));
  const classes = visibility.codes(name, "class");
  /** @type {number[][]} */
  const found = classes.words.map(() => []);
  for (const row of rows) found[classes.codes[row] - 1].push(row);
  return new Map(classes.words.map((word, i) => [word, found[i]]));
}

/**
 * Bands below the trenches, so that their own colours stay.
 * @param {View} view
 * @param {Page} page
 */
export function paintThemesBelow(view, page) {
  const { reach, package: colour } = page.symbols.themes ?? {};
  for (const [word, rows] of seenByClass(view, page, "reach")) bandOf(view, page.layers.reach, rows, reach[word], word === "island");
  for (const rows of seenByClass(view, page, "packages").values()) bandOf(view, page.layers.packages, rows, colour, true);
}

/**
 * Numbers of the sets and rings about the connections, above everything.
 * @param {View} view
 * @param {Page} page
 */
export function paintThemesAbove(view, page) {
  if (view.zoom >= RANK_ZOOM) for (const [word, rows] of seenByClass(view, page, "packages")) numberAt(view, page.layers.packages, rows, word);
  for (const [word, rows] of seenByClass(view, page, "doubts")) rows.forEach((row) => ringAt(view, page, row, word));
}

/**
 * @param {View} view
 * @param {Layer} layer
 * @param {number[]} rows
 * @param {string} colour
 * @param {boolean} edged
 */
function bandOf(view, layer, rows, colour, edged) {
  const { ink } = view;
  if (rows.length === 0) return;
  ink.beginPath();
  for (const row of rows) trace(view, layer, row, false);
  strokeBand(ink, trenchWidth(view.zoom) * 1.5 + 7, colour, edged);
}

/**
 * Strokes the current path.
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 * @param {string} colour
 * @param {boolean} edged
 */
export function strokeBand(ink, width, colour, edged) {
  ink.setLineDash([]);
  ink.lineJoin = "round";
  ink.lineCap = "round";
  if (edged) {
    strokeWith(ink, EDGE, width + 2.5);
  }
  strokeWith(ink, colour, width);
}

/**
 * @param {View} view
 * @param {Layer} layer
 * @param {number[]} rows of one set
 * @param {string} number
 */
function numberAt(view, layer, rows, number) {
  const [row] = rows;
  const [first, last] = [layer.starts[layer.parts[row]], layer.starts[layer.parts[row] + 1] - 1];
  const place = (first + last) >> 1;
  const x = layer.xy[2 * place] * view.scale - view.left;
  const y = layer.xy[2 * place + 1] * view.scale - view.top;
  if (x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20) disc(view.ink, x, y, number);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number} x
 * @param {number} y
 * @param {string} number
 */
export function disc(ink, x, y, number) {
  ink.beginPath();
  ink.arc(x, y, 9, 0, 2 * Math.PI);
  ink.fillStyle = EDGE;
  ink.fill();
  ink.setLineDash([]);
  strokeWith(ink, BRIGHT, 1.5);
  ink.fillStyle = BRIGHT;
  ink.font = "700 11px system-ui, sans-serif";
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.fillText(number, x, y + 0.5);
}

/**
 * @param {View} view
 * @param {Page} page
 * @param {number} row
 * @param {string} kind
 */
function ringAt(view, page, row, kind) {
  const { doubts } = page.layers;
  const x = doubts.xy[2 * row] * view.scale - view.left;
  const y = doubts.xy[2 * row + 1] * view.scale - view.top;
  if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) return;
  strokeRing(view.ink, x, y, Math.max(sizeOf("cross", symbolSize(view.zoom)) + 3, 7), kind, page.symbols.themes.doubt);
}

/**
 * A ring with a flag: `!` where something is reported that cannot be, `…` where something waits for nothing.
 * @param {CanvasRenderingContext2D} ink
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} kind
 * @param {string} colour
 */
export function strokeRing(ink, x, y, size, kind, colour) {
  ink.setLineDash(kind === "waiting_with_path" ? [3, 2.5] : []);
  for (const [stroke, width] of /** @type {[string, number][]} */ ([[BRIGHT, 5], [colour, 2.5]])) {
    ink.beginPath();
    ink.arc(x, y, size, 0, 2 * Math.PI);
    strokeWith(ink, stroke, width);
  }
  ink.setLineDash([]);
  ink.beginPath();
  ink.arc(x + size * 0.8, y - size * 0.8, 6, 0, 2 * Math.PI);
  ink.fillStyle = colour;
  ink.fill();
  ink.fillStyle = BRIGHT;
  ink.font = "700 10px system-ui, sans-serif";
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.fillText(kind === "waiting_with_path" ? "…" : "!", x + size * 0.8, y - size * 0.8);
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} ink 30 by 18 pixels
 * @param {string} theme
 * @param {string} word
 */
export function sampleTheme(page, ink, theme, word) {
  const { reach, package: colour, doubt } = page.symbols.themes;
  if (theme === "doubts") {
    strokeRing(ink, 13, 10, 5, word, doubt);
    return;
  }
  ink.beginPath();
  ink.moveTo(6, 9);
  ink.lineTo(24, 9);
  strokeBand(ink, 8, theme === "reach" ? reach[word] : colour, theme === "packages" || word === "island");
  if (theme === "packages") disc(ink, 15, 9, word);
}
