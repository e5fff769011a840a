/** What the list shows of a layer: its columns, its rows as filtered, and their order. */

import { nameOf } from "./answer.js";
import { isoDate } from "./filter.js";
import { germanOrder, metres } from "./format.js";
import { rowsWithin } from "./seen.js";

/**
 * @typedef {import("./main.js").Page} Page
 * @typedef {{ label: string, unit: string, width: number, value: (row: number) => (string | number | null), order: (value: string | number) => (string | number) }} TableColumn
 */

const WIDTHS = /** @type {Record<string, number>} */ ({ status: 190, before: 170, since: 100, reason: 190, institution: 180, district: 160, phase: 140, kind: 190, category: 130, drive: 180, surface: 130, laying: 150 });

/**
 * @param {Page} page
 * @param {string} layer
 * @returns {TableColumn[]}
 */
export function columnsOf(page, layer) {
  const { columns } = page.layers[layer];
  const plain = (/** @type {string | number} */ value) => value;
  const isTarget = page.layers[layer].feet !== null;
  const isNamed = ["street", "number"].some((column) => columns[column] !== undefined);
  const name = { label: isTarget ? "Adresse" : "Bezeichnung", unit: "", width: 220, order: plain, value: (/** @type {number} */ row) => nameOf(page, { layer, row }) || null };
  const id = { label: "Kennung", unit: "", width: 120, order: plain, value: (/** @type {number} */ row) => columns.id.at(row) };
  const facts = (page.facts[layer] ?? page.facts.targets).filter((/** @type {any} */ fact) => columns[fact.column] !== undefined);
  const rest = facts.map((/** @type {import("./card.js").Fact} */ { label, column, unit, words }) => ({
    label: unit === "metres" ? `${label} (m)` : label,
    unit,
    width: Math.max(WIDTHS[column] ?? 110, label.length * 8 + 40),
    value: (/** @type {number} */ row) => {
      const value = columns[column].at(row);
      if (value === null || unit === "metres") return value === null ? null : Number(value) / 10;
      return words?.[String(value)] ?? value;
    },
    order: column === "status" ? ladderOf(page, layer) : (/** @type {string | number} */ value) => isoDate(String(value)) || value,
  }));
  const ids = columns.id === undefined ? [] : [id];
  return layer === "segments" || layer === "nodes" ? [...ids, ...(columns.name ? [name] : []), ...rest] : [...(isNamed ? [name] : []), ...ids, ...rest];
}

/**
 * @param {Page} page
 * @param {string} layer
 * @returns {(value: string | number) => string} puts a status where its class stands in the legend, and there where it stands among its like
 */
function ladderOf(page, layer) {
  const rows = (page.spec.legend.find((group) => group.layer === layer)?.rows ?? []).filter((row) => row.facet === "class");
  return (value) => {
    const place = rows.findIndex((row) => row.label === value || row.hint.split(", ").includes(String(value)));
    return `${place < 0 ? 99 : place} ${rows[place]?.hint.indexOf(String(value))} ${value}`;
  };
}

/**
 * @param {Page} page
 * @param {string} layer
 * @param {import("./tally.js").Box | null} seen only rows that meet it
 * @returns {number[]} rows that are shown
 */
export function shownRows(page, layer, seen) {
  return [...rowsWithin(page.layers[layer], seen, page.visibility.mask(layer))];
}

/**
 * Sorts in German order; what is missing comes last either way.
 * @param {number[]} rows
 * @param {TableColumn} column
 * @param {boolean} descending
 * @returns {number[]}
 */
export function sortedRows(rows, column, descending) {
  const values = new Map(rows.map((row) => [row, column.value(row)]));
  const known = [...new Set(values.values())].flatMap((value) => (value === null ? [] : [value]));
  const ordered = known.map((value) => ({ value, by: column.order(value) }));
  ordered.sort((a, b) => (typeof a.by === "number" && typeof b.by === "number" ? a.by - b.by : germanOrder(String(a.by), String(b.by))));
  /** @type {Map<string | number | null, number>} */
  const ranks = new Map(ordered.map(({ value }, i) => [value, descending ? -i : i]));
  const rank = (/** @type {number} */ row) => ranks.get(values.get(row) ?? null) ?? Infinity;
  return [...rows].sort((a, b) => rank(a) - rank(b) || a - b);
}

/**
 * @param {TableColumn} column
 * @param {number} row
 * @returns {string} as it is read
 */
export function shownValue({ unit, value }, row) {
  const found = value(row);
  if (found === null) return "";
  return unit === "metres" ? metres(Number(found) * 10) : String(found);
}
