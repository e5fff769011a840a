/** Tables as German Excel reads them: semicolons, decimal commas, a byte order mark, and no cell that calculates. */

const FORMULA = /^[\s\u00a0]*[=+\-@\t\r]/;

/**
 * @param {string | number | null} value
 * @returns {string} a number with a comma; text that begins like a formula with an apostrophe before it
 */
function cell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value).replace(".", ",");
  return FORMULA.test(value) ? `'${value}` : value;
}

/**
 * @param {string[]} heads
 * @param {(string | number | null)[][]} rows
 * @returns {string} with `;` and the line ends of Windows
 */
export function csvOf(heads, rows) {
  const quoted = (/** @type {string | number | null} */ value) => (typeof value === "number" || value === null ? cell(value) : `"${cell(value).replaceAll('"', '""')}"`);
  return `\ufeff${[heads, ...rows].map((row) => row.map(quoted).join(";")).join("\r\n")}\r\n`;
}

/**
 * @param {string[]} heads
 * @param {(string | number | null)[][]} rows
 * @returns {string} for pasting into a sheet: tabs, and no line end inside a cell
 */
export function tabbed(heads, rows) {
  return [heads, ...rows].map((row) => row.map((value) => cell(value).replace(/[\t\r\n\u2028\u2029]+/g, " ")).join("\t")).join("\n");
}
