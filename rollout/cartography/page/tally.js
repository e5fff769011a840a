/** Counts and lengths of what the facets leave, in all and in the part of the map that is seen. */

import { rowsWithin } from "./seen.js";

/**
 * @typedef {import("./visibility.js").Visibility} Visibility
 * @typedef {import("./seen.js").Box} Box
 * @typedef {import("./seen.js").Coded} Coded
 * @typedef {{ count: number, length: number }} Sum length in decimetres
 */

/** Metres of what is dropped are in no other length. */
const DROPPED = "dropped";
/** Lengths are added up as whole millimetres, so that no sum depends on its order. */
const PER_DM = 100;

/**
 * Sums up the rows of a layer by the words of its columns, and by class within each kind.
 * @param {Visibility} visibility
 * @param {string} name layer
 * @param {Uint8Array} mask
 * @param {Box | null} seen only what it meets; null for all
 * @returns {Map<string, Sum>} `facet/word`, `class/word/kind`, and the layer's own name
 */
export function tally(visibility, name, mask, seen) {
  const [classes, kinds, categories] = ["class", "kind", "category"].map((column) => visibility.codes(name, column));
  const wide = kinds.words.length + 1;
  const byClass = emptySums((classes.words.length + 1) * wide);
  const byCategory = emptySums(categories.words.length + 1);
  const layer = visibility.layers[name];
  const { columns, exact } = layer;
  for (const row of rowsWithin(layer, seen, mask)) {
    const length = exact === undefined ? PER_DM * Number(columns.length?.at(row) ?? 0) : exact[row];
    const cell = classes.codes[row] * wide + kinds.codes[row];
    byClass.counts[cell] += 1;
    byClass.lengths[cell] += length;
    byCategory.counts[categories.codes[row]] += 1;
  }
  /** @type {Map<string, Sum>} */
  const sums = new Map();
  byClass.counts.forEach((cells, cell) => {
    const [state, kind] = [wordAt(classes, Math.floor(cell / wide)), wordAt(kinds, cell % wide)];
    const length = byClass.lengths[cell] / PER_DM;
    for (const key of [name, `class/${state}`, `class/${state}/${kind}`]) addSum(sums, key, cells, length);
    addSum(sums, `kind/${kind}`, cells, state === DROPPED ? 0 : length);
  });
  byCategory.counts.forEach((cells, code) => addSum(sums, `category/${wordAt(categories, code)}`, cells, 0));
  return sums;
}

/**
 * @param {number} size
 * @returns {{ counts: Float64Array, lengths: Float64Array }}
 */
function emptySums(size) {
  return { counts: new Float64Array(size), lengths: new Float64Array(size) };
}

/**
 * @param {Coded} coded
 * @param {number} code
 * @returns {string} empty for what is missing
 */
function wordAt({ words }, code) {
  return code === 0 ? "" : words[code - 1];
}

/**
 * @param {Map<string, Sum>} sums
 * @param {string} key
 * @param {number} count
 * @param {number} length
 */
function addSum(sums, key, count, length) {
  if (count === 0) return;
  const sum = sums.get(key) ?? { count: 0, length: 0 };
  sums.set(key, { count: sum.count + count, length: sum.length + length });
}
