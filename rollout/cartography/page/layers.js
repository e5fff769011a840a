/** The layers of a page in world pixels, with boxes for quick refusal of what is not in view. */

import { column, unpackPlaces, unpackShort, unpackSigned } from "./payload.js";
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
 * @property {Float64Array} extent west, north, east, south of all its rows
 * @property {Float64Array} boxes west, north, east, south of each row of lines or areas
 * @property {Float64Array} blocks the same of each block of rows that follow each other
 * @property {boolean} points
 * @property {Float64Array | null} feet world pixels of the foot of each target's drop
 * @property {Float64Array | null} anchors world pixels where a name stands
 * @property {Float64Array} [exact] lengths in millimetres, where the page has them
 * @property {Uint8Array} [present] 1 for each row that belongs to what the page is about on the day that is shown
 * @property {boolean} [isTheme] whether only rows with a class belong to it
 */

/** Rows of a block. */
export const BLOCK = 128;

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
 * @param {number} count
 * @returns {Float64Array} so many boxes that hold nothing
 */
function emptyBoxes(count) {
  const boxes = new Float64Array(4 * count).fill(Infinity);
  for (let i = 2; i < boxes.length; i += 4) boxes[i] = boxes[i + 1] = -Infinity;
  return boxes;
}

/**
 * @param {Float64Array} xy places
 * @param {number} from first number that counts
 * @param {number} end first number that no longer does
 * @param {Float64Array} boxes takes west, north, east, south of the places
 * @param {number} at where
 */
function bound(xy, from, end, boxes, at) {
  // one by one: a page that opens runs this before it is compiled, and a list would then be made for each row
  let west = Infinity;
  let north = Infinity;
  let east = -Infinity;
  let south = -Infinity;
  for (let i = from; i < end; i += 2) {
    if (xy[i] < west) west = xy[i];
    if (xy[i] > east) east = xy[i];
    if (xy[i + 1] < north) north = xy[i + 1];
    if (xy[i + 1] > south) south = xy[i + 1];
  }
  boxes[at] = west;
  boxes[at + 1] = north;
  boxes[at + 2] = east;
  boxes[at + 3] = south;
}

/**
 * @param {Float64Array} xy places
 * @returns {Float64Array} west, north, east, south of them all
 */
export function extentOf(xy) {
  const box = new Float64Array(4);
  bound(xy, 0, xy.length, box, 0);
  return box;
}

/**
 * @param {Layer} layer
 * @returns {Float64Array}
 */
function boxesOfRows({ count, parts, starts, xy }) {
  const boxes = new Float64Array(4 * count);
  for (let row = 0; row < count; row += 1) bound(xy, 2 * starts[parts[row]], 2 * starts[parts[row + 1]], boxes, 4 * row);
  return boxes;
}

/**
 * Rows that follow each other lie near each other, as lists go by street and district: whole blocks of them are out of sight.
 * @param {Pick<Layer, "count" | "points" | "xy" | "boxes">} layer
 * @returns {Float64Array} west, north, east, south of each block
 */
export function blocksOf({ count, points, xy, boxes }) {
  const blocks = emptyBoxes(Math.ceil(count / BLOCK));
  const [from, size, far] = points ? [xy, 2, 0] : [boxes, 4, 2];
  for (let row = 0; row < count; row += 1) {
    const at = 4 * Math.floor(row / BLOCK);
    const i = size * row;
    if (from[i] < blocks[at]) blocks[at] = from[i];
    if (from[i + 1] < blocks[at + 1]) blocks[at + 1] = from[i + 1];
    if (from[i + far] > blocks[at + 2]) blocks[at + 2] = from[i + far];
    if (from[i + far + 1] > blocks[at + 3]) blocks[at + 3] = from[i + far + 1];
  }
  return blocks;
}

/**
 * @param {any} raw
 * @param {number} step
 * @returns {Float64Array | null}
 */
function feetOf(raw, step) {
  if (raw.feet === undefined) return null;
  const places = unpackPlaces(raw, step);
  unpackSigned(raw.feet).forEach((foot, i) => {
    places[i] += foot * step;
  });
  return projected(places);
}

/**
 * A layer whose parts are unpacked when they are first asked for: a page that opens needs few of them.
 * @param {string} name
 * @param {any} raw
 * @param {number} step degrees per unit
 * @returns {Layer}
 */
export function layerOf(name, raw, step) {
  const { count } = raw;
  /** @type {Record<string, Column>} */
  const columns = {};
  for (const key of Object.keys(raw.columns)) columns[key] = column(raw.columns[key]);
  const layer = /** @type {Layer} */ ({ name, count, columns, packed: raw.columns, points: raw.sizes === undefined });
  return lazily(layer, {
    xy: () => projected(unpackPlaces(raw, step)),
    parts: () => offsets(count, raw.parts === undefined ? null : unpackShort(raw.parts)),
    starts: () => offsets(layer.parts[count], layer.points ? null : unpackShort(raw.sizes)),
    extent: () => extentOf(layer.xy),
    boxes: () => boxesOfRows(layer),
    blocks: () => blocksOf(layer),
    feet: () => feetOf(raw, step),
    anchors: () => (raw.anchors === undefined ? null : projected(unpackPlaces(raw.anchors, step))),
  });
}

/**
 * @template {object} Held
 * @param {Held} held
 * @param {Record<string, () => unknown>} makers
 * @returns {Held} the same, with a property for each maker that asks it once
 */
export function lazily(held, makers) {
  for (const [name, make] of Object.entries(makers)) {
    /** @type {unknown} */
    let made;
    Object.defineProperty(held, name, { enumerable: true, get: () => (made = made ?? make()) });
  }
  return held;
}
