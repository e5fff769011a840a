/** Identifiers found by their beginning. Numbered ones are not written out. */

import { numbersOfIds } from "./payload.js";

/** Letters from which on a beginning is enough. */
const ENOUGH = 3;

/**
 * @param {string} id
 * @returns {string} as it is compared: `AN-01402`, `an 01402` and `an01402` are one
 */
export const bare = (id) => id.toLowerCase().replace(/[\s_-]/g, "");

/**
 * @param {import("./layers.js").Layer} layer
 * @param {string} asked
 * @param {number} most
 * @returns {number[]} some rows whose identifier it is, or begins so
 */
export function rowsOfId({ packed, columns, count }, asked, most) {
  const prefix = packed.id?.prefix;
  const [id, isBeginning] = [bare(asked), asked.length >= ENOUGH];
  const is = prefix === undefined ? namedSo(columns.id, id, isBeginning) : numberedSo(packed.id, bare(prefix), id, isBeginning);
  const rows = [];
  for (let row = 0; row < (is === null ? 0 : count) && rows.length < most; row += 1) if (is?.(row)) rows.push(row);
  return rows;
}

/**
 * @param {import("./payload.js").Column | undefined} column
 * @param {string} id
 * @param {boolean} isBeginning whether a beginning is enough
 * @returns {((row: number) => boolean) | null} whether a row is called so; null where none is
 */
function namedSo(column, id, isBeginning) {
  if (column === undefined) return null;
  return (row) => {
    const name = bare(String(column.at(row) ?? ""));
    return name === id || (isBeginning && name.startsWith(id));
  };
}

/**
 * @param {import("./payload.js").Packed} packed
 * @param {string} prefix
 * @param {string} id
 * @param {boolean} isBeginning whether a beginning is enough
 * @returns {((row: number) => boolean) | null} whether a row is numbered so; null where none is
 */
function numberedSo(packed, prefix, id, isBeginning) {
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
