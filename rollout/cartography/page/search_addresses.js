/** Addresses found by the words of their columns: each word that was asked is looked up once in each column, and the rows are asked by number. */

/**
 * @typedef {import("./seen.js").Coded} Coded
 * @typedef {object} Addresses
 * @property {string} layer
 * @property {number} rank
 * @property {Coded[]} columns street, number, district, postcode
 * @property {string[][]} spaced the words of each column, folded and between spaces; by code, so the first is empty
 * @property {Uint32Array[]} orders by code, the places of the streets and of the numbers among their like
 */

/** Rows of one score that are kept, the first in order of street and number. */
const KEPT = 64;
/** So many are found before those that come later are let go. */
const MANY = 1024;
const NUMBERS_OF_A_STREET = 2 ** 22;
const DIGIT = /^\d/;

/**
 * @param {string[]} words
 * @param {(a: string, b: string) => number} compare
 * @returns {Uint32Array} the place of each word among all
 */
export function ranksOf(words, compare) {
  const places = [...words.keys()].sort((a, b) => compare(words[a], words[b]));
  const ranks = new Uint32Array(words.length);
  places.forEach((word, place) => (ranks[word] = place));
  return ranks;
}

/**
 * @param {string[]} spaced
 * @param {string[]} asked
 * @param {boolean} isWhole whether numbers have to be whole words
 * @returns {Uint32Array} for each word of a column a bit for each word that was asked
 */
function bitsOf(spaced, asked, isWhole) {
  const wanted = asked.map((word) => (isWhole && DIGIT.test(word) ? ` ${word} ` : ` ${word}`));
  return Uint32Array.from(spaced, (said) => wanted.reduce((bits, word, i) => (said.includes(word) ? bits | (1 << i) : bits), 0));
}

/**
 * @param {string} asked
 * @param {string} name that begins so
 * @returns {number} 3 where a number goes on, so that it is another number
 */
function scoreOfBeginning(asked, name) {
  return DIGIT.test(asked.slice(-1)) && DIGIT.test(name.slice(asked.length)) ? 3 : 1;
}

/**
 * @param {Addresses} table
 * @param {(row: number) => number} scored below 0 for no match
 * @returns {Map<number, number[]>} score → rows, the first in order of street and number
 */
function firstRows({ columns: [streets, numbers], orders }, scored) {
  const place = (/** @type {number} */ row) => orders[0][streets.codes[row]] * NUMBERS_OF_A_STREET + orders[1][numbers.codes[row]];
  const cut = (/** @type {number[]} */ rows) => {
    rows.sort((a, b) => place(a) - place(b) || a - b);
    rows.length = Math.min(rows.length, KEPT);
    return rows;
  };
  /** @type {Map<number, { rows: number[], last: number }>} last: what comes behind it is not among the first */
  const found = new Map();
  for (let row = 0; row < streets.codes.length; row += 1) {
    const score = scored(row);
    if (score < 0) continue;
    const first = found.get(score) ?? { rows: [], last: Infinity };
    found.set(score, first);
    if (place(row) >= first.last) continue;
    first.rows.push(row);
    if (first.rows.length === MANY) first.last = place(cut(first.rows)[KEPT - 1]);
  }
  return new Map([...found].map(([score, { rows }]) => [score, cut(rows)]));
}

/**
 * @param {Addresses} table
 * @param {string} asked folded
 * @param {string[]} words of it
 * @returns {Map<number, number[]>} 0 for the very address, 1 for its beginning, 2 for its words, 3 for beginnings of its numbers
 */
export function foundAddresses(table, asked, words) {
  const { columns, spaced } = table;
  const [street, number, district, postcode] = columns.map(({ codes }) => codes);
  const [begun, whole] = [false, true].map((isWhole) => spaced.map((column) => bitsOf(column, words, isWhole)));
  begun[3] = whole[3]; // every house of a place would begin with the first figure of its postcode
  const all = 2 ** words.length - 1;
  const isHolding = (/** @type {Uint32Array[]} */ bits, /** @type {number} */ row) => (bits[0][street[row]] | bits[1][number[row]] | bits[2][district[row]] | bits[3][postcode[row]]) === all;
  const mayBegin = Uint8Array.from(spaced[0], (said) => Number(asked.startsWith(said.trim()) || said.trim().startsWith(asked)));
  return firstRows(table, (row) => {
    if (!isHolding(begun, row)) return -1;
    if (mayBegin[street[row]] === 1) {
      const name = (spaced[0][street[row]].trim() + spaced[1][number[row]].trimEnd()).trim();
      if (name === asked) return 0;
      if (name.startsWith(asked)) return scoreOfBeginning(asked, name);
    }
    return isHolding(whole, row) ? 2 : 3;
  });
}
