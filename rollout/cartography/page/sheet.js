/** The measures of a printed sheet: its scale, its grid squares and the streets in them. */

import { germanOrder } from "./format.js";
import { latitudeOf } from "./projection.js";

/**
 * @typedef {{ name: string, page: string, kind: string, width: number, height: number, columns: number, rows: number }} Format the map's frame in millimetres, and its grid
 * @typedef {{ denominator: number, zoom: number, scale: number, left: number, top: number, width: number, height: number }} Frame pixels at 96 to the inch
 */

export const FORMATS = /** @type {Record<string, Format>} */ ({
  a4: { name: "A4 hoch", page: "A4 portrait", kind: "tall", width: 190, height: 184, columns: 5, rows: 5 },
  a3: { name: "A3 quer", page: "A3 landscape", kind: "wide", width: 300, height: 262, columns: 8, rows: 7 },
});

const SCALES = [250, 500, 1000, 1500, 2000, 2500, 4000, 5000, 7500, 10_000, 12_500, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000, 75_000, 80_000, 100_000, 150_000, 200_000, 500_000];
const BARS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const LONGEST_BAR = 62;
/** Metres round the equator, as Web Mercator takes them. */
const EQUATOR = 40_075_016.686;
const WORLD_PIXELS = 256;
const MILLIMETRES = 25.4 / 96;

/**
 * @param {Format} format
 * @param {import("./tally.js").Box} seen what is to be on the sheet, in world pixels
 * @returns {Frame} at the largest round scale that shows all of it
 */
export function frameOf(format, [west, north, east, south]) {
  const middle = [(west + east) / 2, (north + south) / 2];
  const metres = (EQUATOR * Math.cos((latitudeOf(middle[1]) * Math.PI) / 180)) / WORLD_PIXELS;
  const needed = Math.max(((east - west) * metres * 1000) / format.width, ((south - north) * metres * 1000) / format.height);
  const denominator = SCALES.find((scale) => scale >= needed * 0.999) ?? SCALES[SCALES.length - 1];
  const scale = (metres * 1000) / (denominator * MILLIMETRES);
  const [width, height] = [format.width / MILLIMETRES, format.height / MILLIMETRES];
  return { denominator, zoom: Math.log2(scale), scale, left: middle[0] * scale - width / 2, top: middle[1] * scale - height / 2, width, height };
}

/**
 * @param {number} denominator
 * @returns {{ metres: number, millimetres: number }} the longest round bar that is no longer than two inches and a half
 */
export function barOf(denominator) {
  const metres = [...BARS].reverse().find((length) => (length * 1000) / denominator <= LONGEST_BAR) ?? BARS[0];
  return { metres, millimetres: (metres * 1000) / denominator };
}

/**
 * @param {Frame} frame
 * @returns {import("./tally.js").Box} in world pixels
 */
export function boxOf({ left, top, width, height, scale }) {
  return [left / scale, top / scale, (left + width) / scale, (top + height) / scale];
}

/**
 * @param {Format} format
 * @param {Frame} frame
 * @param {number} x world pixels
 * @param {number} y world pixels
 * @returns {string} e.g. `B4`, empty outside
 */
export function squareOf(format, frame, x, y) {
  const column = Math.floor(((x * frame.scale - frame.left) / frame.width) * format.columns);
  const row = Math.floor(((y * frame.scale - frame.top) / frame.height) * format.rows);
  const isInside = column >= 0 && column < format.columns && row >= 0 && row < format.rows;
  return isInside ? String.fromCharCode(65 + column) + String(row + 1) : "";
}

/**
 * @param {Format} format
 * @param {Frame} frame
 * @param {{ layer: import("./layers.js").Layer, mask: Uint8Array }[]} shown
 * @returns {[string, string[]][]} street → its squares, in German order
 */
export function registerOf(format, frame, shown) {
  /** @type {Map<string, Set<string>>} */
  const streets = new Map();
  for (const { layer, mask } of shown) {
    for (let row = 0; row < layer.count; row += 1) {
      const name = mask[row] === 1 ? String(layer.columns.street?.at(row) ?? "") : "";
      if (name === "") continue;
      for (let i = layer.starts[layer.parts[row]]; i < layer.starts[layer.parts[row + 1]]; i += 1) {
        const square = squareOf(format, frame, layer.xy[2 * i], layer.xy[2 * i + 1]);
        if (square !== "") streets.set(name, (streets.get(name) ?? new Set()).add(square));
      }
    }
  }
  const sorted = [...streets].sort(([a], [b]) => germanOrder(a, b));
  return sorted.map(([name, squares]) => [name, [...squares].sort(germanOrder)]);
}
