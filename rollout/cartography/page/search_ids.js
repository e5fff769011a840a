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
export function rowsOfId({ packed, columns, count }, id, most) {
  const prefix = packed.id?.prefix;
  const is = prefix === undefined ? namedSo(columns.id, id) : numberedSo(packed.id, prefix.toLowerCase(), id);
  const rows = [];
  for (let row = 0; row < (is === null ? 0 : count) && rows.length < most; row += 1) if (is?.(row)) rows.push(row);
  return rows;
}

/**
 * @param {import("./payload.js").Column | undefined} column
 * @param {string} id
 * @returns {((row: number) => boolean) | null} whether a row is called so; null where none is
 */
function namedSo(column, id) {
  if (column === undefined) return null;
  return (row) => {
    const name = String(column.at(row) ?? "").toLowerCase();
    return name === id || (id.length >= ENOUGH && name.startsWith(id));
  };
}

/**
 * @param {import("./payload.js").Packed} packed
 * @param {string} prefix in small letters
 * @param {string} id
 * @returns {((row: number) => boolean) | null} whether a row is numbered so; null where none is
 */
function numberedSo(packed, prefix, id) {
  const isBeginning = id.length >= ENOUGH;
  const rest = id.slice(prefix.length);
  const isWhole = id.startsWith(prefix) && /^\d+$/.test(rest);
  if (!isWhole && !(isBeginning && prefix.startsWith(id))) return null;
  const numbers = numbersOfIds(packed);
  return (row) => {
    const number = numbers[row] - 1;
    const open = Math.max(packed.digits ?? 0, String(number).length) - rest.length;
    return number >= 0 && (!isWhole || ((open === 0 || (open > 0 && isBeginning)) && Math.floor(number / 10 ** open) === Number(rest)));
  };
}
