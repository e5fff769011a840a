/** Counts and lengths of what the facets leave, in all and in the part of the map that is seen. */

/**
 * @typedef {import("./visibility.js").Visibility} Visibility
 * @typedef {{ count: number, length: number }} Sum length in decimetres
 * @typedef {number[]} Box west, north, east, south in world pixels
 */

/** Metres of what is dropped are in no other length. */
const DROPPED = "dropped";

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
 * Sums up the rows of a layer by the words of its columns, and by class within each kind.
 * @param {Visibility} visibility
 * @param {string} name layer
 * @param {Uint8Array} mask
 * @param {Box | null} seen only what it meets; null for all
 * @returns {Map<string, Sum>} `facet/word`, `class/word/kind`, and the layer's own name
 */
export function tally(visibility, name, mask, seen) {
  const layer = visibility.layers[name];
  const [classes, kinds, categories] = ["class", "kind", "category"].map((column) => visibility.codes(name, column));
  /** @type {Map<string, Sum>} */
  const sums = new Map();
  const add = (/** @type {string} */ key, /** @type {number} */ length) => {
    const sum = sums.get(key) ?? { count: 0, length: 0 };
    sums.set(key, { count: sum.count + 1, length: sum.length + length });
  };
  for (let row = 0; row < layer.count; row += 1) {
    if (mask[row] === 0 || (seen !== null && !isWithin(layer.boxes, row, seen))) continue;
    const length = Number(layer.columns.length?.at(row) ?? 0);
    const [state, kind, category] = [classes, kinds, categories].map(({ words, codes }) => (codes[row] === 0 ? "" : words[codes[row] - 1]));
    add(name, length);
    add(`class/${state}`, length);
    add(`class/${state}/${kind}`, length);
    add(`kind/${kind}`, state === DROPPED ? 0 : length);
    add(`category/${category}`, length);
  }
  return sums;
}
