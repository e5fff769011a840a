/** Which rows of a layer are seen, found by blocks of rows, and what they have in common. */

import { BLOCK } from "./layers.js";

/**
 * @typedef {import("./layers.js").Layer} Layer
 * @typedef {import("./view.js").View} View
 * @typedef {number[]} Box west, north, east, south in world pixels
 * @typedef {{ words: string[], codes: Float64Array | Uint32Array }} Coded
 */

/**
 * @param {Float64Array} boxes
 * @param {number} i first number of one
 * @param {number} far numbers from its north-west to its south-east, 0 for a place
 * @param {Box} seen
 * @returns {boolean}
 */
export function isWithin(boxes, i, far, seen) {
  return boxes[i] <= seen[2] && boxes[i + far] >= seen[0] && boxes[i + 1] <= seen[3] && boxes[i + far + 1] >= seen[1];
}

/**
 * @param {Layer} layer
 * @param {Box} box
 * @returns {boolean} whether all of the layer lies in the box, so that no row has to be looked at: a page opens like that
 */
export function isAllWithin({ extent }, box) {
  return extent[0] >= box[0] && extent[1] >= box[1] && extent[2] <= box[2] && extent[3] <= box[3];
}

/**
 * @param {Layer} layer
 * @param {Box | null} box null for everywhere
 * @param {Uint8Array | null} mask 1 for each row that is wanted; null for all
 * @returns {Uint32Array} rows that meet the box, in their order
 */
export function rowsWithin(layer, box, mask) {
  const { count, points } = layer;
  const bound = box === null || isAllWithin(layer, box) ? null : box;
  const boxes = bound === null || points ? layer.xy : layer.boxes;
  const [size, far] = points ? [2, 0] : [4, 2];
  const rows = new Uint32Array(count);
  let found = 0;
  for (let first = 0; first < count; first += BLOCK) {
    if (bound !== null && !isWithin(layer.blocks, (4 * first) / BLOCK, 2, bound)) continue;
    const end = Math.min(first + BLOCK, count);
    for (let row = first; row < end; row += 1) {
      if ((mask !== null && mask[row] === 0) || (bound !== null && !isWithin(boxes, size * row, far, bound))) continue;
      rows[found] = row;
      found += 1;
    }
  }
  return rows.subarray(0, found);
}

/**
 * @param {View} view
 * @param {number} margin pixels
 * @returns {Box} what the canvas covers
 */
export function boxOfView({ left, top, width, height, scale }, margin) {
  return [left - margin, top - margin, left + width + margin, top + height + margin].map((pixels) => pixels / scale);
}

/**
 * @param {Uint32Array} rows
 * @param {Coded} first
 * @param {Coded} second
 * @returns {(a: string, b: string) => number[]} the rows that hold two words
 */
export function grouped(rows, first, second) {
  const wide = second.words.length + 1;
  /** @type {number[][]} */
  const groups = Array.from({ length: (first.words.length + 1) * wide }, () => []);
  for (const row of rows) groups[first.codes[row] * wide + second.codes[row]].push(row);
  return (a, b) => {
    const [place, beside] = [first.words.indexOf(a), second.words.indexOf(b)];
    return place < 0 || beside < 0 ? [] : groups[(place + 1) * wide + beside + 1];
  };
}
