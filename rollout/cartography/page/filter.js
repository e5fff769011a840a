/** What a reader wants to see, as one plain value; everything that is shown follows from it. */

/**
 * @typedef {{ layer: string, shown: boolean, rows: { facet: string, value: string }[] }} Group
 * @typedef {object} Filter
 * @property {Record<string, boolean>} layers layer → whether it is shown
 * @property {Record<string, string[]>} off `layer/facet` → words that are switched off, sorted
 * @property {Record<string, string>} facets facet → the one word that is wanted
 * @typedef {{ type: "layer", layer: string, shown: boolean }
 *   | { type: "onlyLayer", layer: string }
 *   | { type: "word", layer: string, facet: string, value: string, shown: boolean }
 *   | { type: "only", layer: string, facet: string, value: string }
 *   | { type: "facet", facet: string, value: string }
 *   | { type: "replace", filter: Filter }
 *   | { type: "reset" }} Action
 */

export const THEMES = ["reach", "doubts", "packages"];

/** The facets, and the layers each of them narrows; nodes have neither status nor phase and stay. */
export const FACETS = /** @type {Record<string, string[]>} */ ({
  district: ["segments", "targets", "extended", "nodes", ...THEMES],
  phase: ["segments", "targets", "extended", ...THEMES],
  reason: ["segments", "targets", "extended", ...THEMES],
  since: ["segments", "targets", "extended", ...THEMES],
  reach: ["segments", "targets", "extended", ...THEMES],
});

/**
 * @param {Group[]} groups
 * @returns {Filter} as the page opens
 */
export function initialFilter(groups) {
  return { layers: Object.fromEntries(groups.map((group) => [group.layer, group.shown])), off: {}, facets: {} };
}

/**
 * @param {Group[]} groups
 * @param {string} layer
 * @param {string} facet
 * @returns {string[]} the words that can be switched
 */
function wordsOf(groups, layer, facet) {
  const rows = groups.find((group) => group.layer === layer)?.rows ?? [];
  return rows.filter((row) => row.facet === facet).map((row) => row.value);
}

/**
 * @param {Record<string, string[]>} off
 * @param {string} key
 * @param {string[]} words
 * @returns {Record<string, string[]>} with these words off, without a key where none is
 */
function withOff(off, key, words) {
  const { [key]: _, ...rest } = off;
  return words.length === 0 ? rest : { ...rest, [key]: [...words].sort() };
}

/**
 * @param {Filter} filter
 * @param {Group[]} groups
 * @param {string} layer
 * @param {string} facet
 * @param {string} value
 * @returns {boolean} whether of its facet this word alone is shown
 */
export function isOnly(filter, groups, layer, facet, value) {
  const others = wordsOf(groups, layer, facet).filter((word) => word !== value);
  const off = filter.off[`${layer}/${facet}`] ?? [];
  return others.length > 0 && off.length === others.length && !off.includes(value);
}

/**
 * @param {Filter} filter
 * @param {Group[]} groups
 * @param {{ layer: string, facet: string, value: string }} row
 * @returns {Filter} with the other words off; with all on where they were off already
 */
function withOnly(filter, groups, { layer, facet, value }) {
  const others = isOnly(filter, groups, layer, facet, value) ? [] : wordsOf(groups, layer, facet).filter((word) => word !== value);
  return { ...filter, layers: { ...filter.layers, [layer]: true }, off: withOff(filter.off, `${layer}/${facet}`, others) };
}

/**
 * @param {Filter} filter
 * @param {Group[]} groups
 * @param {Action} action
 * @returns {Filter} a new one; the old one is not changed
 */
export function reduce(filter, groups, action) {
  if (action.type === "layer") return { ...filter, layers: { ...filter.layers, [action.layer]: action.shown } };
  if (action.type === "onlyLayer") return { ...filter, layers: Object.fromEntries(Object.keys(filter.layers).map((layer) => [layer, layer === action.layer])) };
  if (action.type === "only") return withOnly(filter, groups, action);
  if (action.type === "replace") return action.filter;
  if (action.type === "reset") return initialFilter(groups);
  if (action.type === "facet") {
    const { [action.facet]: _, ...rest } = filter.facets;
    return { ...filter, facets: action.value === "" ? rest : { ...rest, [action.facet]: action.value } };
  }
  const key = `${action.layer}/${action.facet}`;
  const others = (filter.off[key] ?? []).filter((word) => word !== action.value);
  return { ...filter, off: withOff(filter.off, key, action.shown ? others : [...others, action.value]) };
}

/**
 * @param {Filter} one
 * @param {Filter} other
 * @returns {boolean}
 */
export function isSame(one, other) {
  return asText(one) === asText(other);
}

/**
 * @param {Filter} filter
 * @returns {string} the same for filters that show the same
 */
function asText({ layers, off, facets }) {
  return JSON.stringify([layers, off, facets].map((part) => Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * @param {string} date `28.03.2022`
 * @returns {string} `2022-03-28`, which sorts; empty where it is no date
 */
export function isoDate(date) {
  const parts = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(date);
  return parts === null ? "" : `${parts[3]}-${parts[2]}-${parts[1]}`;
}

/**
 * @param {string} iso
 * @returns {string} `28.03.2022`
 */
export function germanDate(iso) {
  return iso.split("-").reverse().join(".");
}

/**
 * @param {string} facet
 * @param {string} wanted
 * @param {string} word of a column
 * @returns {boolean}
 */
export function fits(facet, wanted, word) {
  if (facet === "since") return isoDate(word) >= wanted && isoDate(word) !== "";
  if (facet === "district") return word === wanted || word.split(", ").includes(wanted);
  return word === wanted;
}
