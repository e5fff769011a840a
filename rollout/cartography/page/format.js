/** Numbers and order the German way, whatever the reader's browser is set to. */

export const NARROW_SPACE = "\u202f";

/**
 * @param {number} value
 * @param {number} decimals
 * @returns {string} e.g. 1.625 or 12,3
 */
export function germanNumber(value, decimals = 0) {
  const size = Math.abs(value);
  // Python rounds what lies in the middle to the even side, toFixed to the larger
  const isMiddle = (size * 2 ** (decimals + 1)) % 2 === 1;
  const up = size.toFixed(decimals);
  const [whole, rest] = (isMiddle && /[13579]$/.test(up) ? (size - 0.5 / 10 ** decimals).toFixed(decimals) : up).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  const negative = value < 0 && /[1-9]/.test(whole + (rest ?? ""));
  return (negative ? "-" : "") + grouped + (rest === undefined ? "" : `,${rest}`);
}

/**
 * @param {number} decimetres
 * @returns {string} e.g. 82,4 m or 1.240 m
 */
export function metres(decimetres) {
  const value = decimetres / 10;
  return germanNumber(value, value < 1000 ? 1 : 0) + NARROW_SPACE + "m";
}

/**
 * @param {number} decimetres
 * @returns {string} 820 m below a kilometre, 12,3 km from there on
 */
export function lengthOf(decimetres) {
  const value = decimetres / 10;
  return (value < 999.5 ? `${germanNumber(value)}${NARROW_SPACE}m` : `${germanNumber(value / 1000, 1)}${NARROW_SPACE}km`);
}

/** @type {Intl.Collator | null} made when something is first put into order: it takes 20 ms, which nothing that opens needs */
let collator = null;

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} below, above or 0 as `a` comes before, after or with `b` in German order, numbers by their value
 */
export function germanOrder(a, b) {
  collator = collator ?? new Intl.Collator("de", { numeric: true });
  return collator.compare(a, b);
}
