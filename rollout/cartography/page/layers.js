/** The layers of a page in world pixels, with boxes for quick refusal of what is not in view. */

import { codesOf, column, unpackPlaces, unpackShort, unpackSigned } from "./payload.js";
import { projected } from "./projection.js";

/**
 * @typedef {import("./payload.js").Column} Column
 * @typedef {object} Layer
 * @property {string} name
 * @property {number} count
 * @property {Record<string, Column>} columns
 * @property {Record<string, import("./payload.js").Packed>} packed
 * @property {Float64Array} xy world pixels
 * @property {Uint32Array} starts first place of each part, and one more
 * @property {Uint32Array} parts first part of each row, and one more
 * @property {Float64Array} boxes west, north, east, south of each row
 * @property {boolean} points
 * @property {Float64Array | null} feet world pixels of the foot of each target's drop
 * @property {Float64Array | null} anchors world pixels where a name stands
 * @property {Float64Array} [exact] lengths in millimetres, where the page has them
 * @property {Uint8Array} [present] 1 for each row that belongs to what the page is about on the day that is shown
 * @property {boolean} [isTheme] whether only rows with a class belong to it
 */

/**
 * @param {number} count
 * @param {Float64Array | Uint32Array | null} sizes
 * @returns {Uint32Array} running sums from 0
 */
function offsets(count, sizes) {
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < count; i += 1) starts[i + 1] = starts[i] + (sizes === null ? 1 : sizes[i]);
  return starts;
}

/**
 * @param {Layer} layer
 */
function measure(layer) {
  const { boxes, parts, starts, xy } = layer;
  for (let row = 0; row < layer.count; row += 1) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = starts[parts[row]]; i < starts[parts[row + 1]]; i += 1) {
      west = Math.min(west, xy[2 * i]);
      east = Math.max(east, xy[2 * i]);
      north = Math.min(north, xy[2 * i + 1]);
      south = Math.max(south, xy[2 * i + 1]);
    }
    boxes.set([west, north, east, south], 4 * row);
  }
}

/**
 * @param {any} raw
 * @param {Float64Array} degrees
 * @param {number} step
 * @returns {Float64Array | null}
 */
function feetOf(raw, degrees, step) {
  if (raw.feet === undefined) return null;
  const feet = unpackSigned(raw.feet);
  for (let i = 0; i < feet.length; i += 1) feet[i] = degrees[i] + feet[i] * step;
  return projected(feet);
}

/**
 * @param {string} name
 * @param {any} raw
 * @param {number} step degrees per unit
 * @returns {Layer}
 */
export function layerOf(name, raw, step) {
  const degrees = unpackPlaces(raw, step);
  const feet = feetOf(raw, degrees, step);
  const parts = offsets(raw.count, raw.parts === undefined ? null : unpackShort(raw.parts));
  const sizes = raw.sizes === undefined ? null : unpackShort(raw.sizes);
  const starts = offsets(parts[raw.count], sizes);
  /** @type {Record<string, Column>} */
  const columns = {};
  for (const key of Object.keys(raw.columns)) columns[key] = column(raw.columns[key]);
  const layer = {
    name,
    count: raw.count,
    columns,
    packed: raw.columns,
    xy: projected(degrees),
    starts,
    parts,
    boxes: new Float64Array(4 * raw.count),
    points: sizes === null,
    feet,
    anchors: raw.anchors === undefined ? null : projected(unpackPlaces(raw.anchors, step)),
  };
  measure(layer);
  return layer;
}

/**
 * Rows by the word they hold in a column.
 * @param {Layer} layer
 * @param {string} name column
 * @returns {Map<string, Uint32Array>} word → rows
 */
export function rowsBy(layer, name) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  if (layer.packed[name] === undefined) return new Map();
  const { words, codes } = codesOf(layer.packed[name], layer.count);
  for (const word of words) found.set(word, []);
  codes.forEach((code, row) => {
    if (code > 0) found.get(words[code - 1])?.push(row);
  });
  return new Map([...found].map(([word, rows]) => [word, Uint32Array.from(rows)]));
}
