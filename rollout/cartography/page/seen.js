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
 * @param {number} row
 * @param {Box} seen
 * @returns {boolean}
 */
export function isWithin(boxes, row, seen) {
  return boxes[4 * row] <= seen[2] && boxes[4 * row + 2] >= seen[0] && boxes[4 * row + 1] <= seen[3] && boxes[4 * row + 3] >= seen[1];
}

/**
 * @param {Layer} layer
 * @param {Box | null} box null for everywhere
 * @param {Uint8Array | null} mask 1 for each row that is wanted; null for all
 * @returns {Uint32Array} rows that meet the box, in their order
 */
export function rowsWithin({ blocks, boxes, count }, box, mask) {
  const rows = new Uint32Array(count);
  let found = 0;
  for (let first = 0; first < count; first += BLOCK) {
    if (box !== null && !isWithin(blocks, first / BLOCK, box)) continue;
    const end = Math.min(first + BLOCK, count);
    for (let row = first; row < end; row += 1) {
      if ((mask !== null && mask[row] === 0) || (box !== null && !isWithin(boxes, row, box))) continue;
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
