/** Identifiers found by their beginning. Numbered ones are not written out. */

import { numbersOfIds } from "./payload.js";

/** Letters from which on a beginning is enough. */
const ENOUGH = 3;

/**
 * @param {import("./layers.js").Layer} layer
 * @param {string} id in small letters
 * @param {number} most
 * @returns {number[]} some rows whose identifier it is, or begins so
 */
export function rowsOfId(layer, id, most) {
  const packed = layer.packed.id;
  if (packed === undefined) return [];
  const is = packed.prefix === undefined ? namedSo(packed.words ?? [], id) : numberedSo(packed.prefix, packed.digits ?? 0, id);
  if (is === null) return [];
  const numbers = numbersOfIds(packed);
  const rows = [];
  for (let row = 0; row < layer.count && rows.length < most; row += 1) if (numbers[row] > 0 && is(numbers[row] - 1)) rows.push(row);
  return rows;
}

/**
 * @param {string[]} words
 * @param {string} id
 * @returns {((number: number) => boolean) | null} whether the word of that number is called so; null where none is
 */
function namedSo(words, id) {
  const found = new Set(words.flatMap((word, i) => (id.length < ENOUGH ? word.toLowerCase() === id : word.toLowerCase().startsWith(id)) ? [i] : []));
  return found.size === 0 ? null : (number) => found.has(number);
}

/**
 * @param {string} prefix
 * @param {number} digits
 * @param {string} id
 * @returns {((number: number) => boolean) | null} whether a number is written so; null where none is
 */
function numberedSo(prefix, digits, id) {
  const letters = prefix.toLowerCase();
  if (letters.startsWith(id)) return id.length < ENOUGH ? null : () => true;
  const rest = id.slice(letters.length);
  if (!id.startsWith(letters) || !/^\d+$/.test(rest)) return null;
  return (number) => {
    const open = Math.max(digits, String(number).length) - rest.length;
    return (open === 0 || (open > 0 && id.length >= ENOUGH)) && Math.floor(number / 10 ** open) === Number(rest);
  };
}
