/** What a reader sees, as the part of the address behind `#`; what is not understood there is left out. */

import { folded } from "./fold.js";
import { initialFilter } from "./filter.js";

/**
 * @typedef {import("./filter.js").Filter} Filter
 * @typedef {import("./filter.js").Group} Group
 * @typedef {{ zoom: number, latitude: number, longitude: number }} Place
 * @typedef {{ filter: Filter, chosen: string, stand: string, place: Place | null }} Sight what is seen; `chosen` is an identifier, `stand` an ISO date
 * @typedef {{ groups: Group[], words: Record<string, string[]> }} Known the legend, and the words of each facet
 */

const NAMES = /** @type {Record<string, string>} */ ({ district: "bezirk", phase: "phase", reason: "grund", since: "seit", reach: "erreichbar" });
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const PLACE = /^(\d{1,2}(?:\.\d{1,2})?)\/(-?\d{1,2}(?:\.\d{1,6})?)\/(-?\d{1,3}(?:\.\d{1,6})?)$/;
const ZOOMS = [5, 19];
const LONGEST_ID = 400;

/**
 * @param {Sight} sight
 * @param {Known} known
 * @returns {string} without `#`
 */
export function encoded({ filter, chosen, stand, place }, { groups }) {
  const switched = groups.filter((group) => filter.layers[group.layer] !== group.shown).map((group) => (group.shown ? "-" : "+") + group.layer);
  const off = Object.entries(filter.off).flatMap(([key, words]) => words.map((word) => `${key.replace("/", ".")}.${word}`));
  const parts = [
    ["stand", stand],
    ...Object.entries(NAMES).map(([facet, name]) => [name, filter.facets[facet] ?? ""]),
    ["f", [...switched, ...off].join(",")],
    ["sel", chosen],
    ["karte", place === null ? "" : [place.zoom.toFixed(2), place.latitude.toFixed(5), place.longitude.toFixed(5)].join("/")],
  ];
  return parts.filter(([, value]) => value !== "").map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%2B/g, "+")}`).join("&");
}

/**
 * @param {string} part of an address
 * @returns {string} as it stands where it cannot be decoded
 */
function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * @param {string} hash with or without `#`
 * @param {Known} known
 * @returns {Sight}
 */
export function decoded(hash, { groups, words }) {
  const parts = new Map(hash.replace(/^#/, "").split("&").map((part) => [part.split("=", 1)[0], plain(part.slice(part.indexOf("=") + 1))]));
  const said = (/** @type {string} */ name) => parts.get(name) ?? "";
  const filter = switchedBy(initialFilter(groups), groups, said("f"));
  for (const [facet, name] of Object.entries(NAMES)) {
    const value = facet === "since" ? said(name).match(DATE)?.[0] : (words[facet] ?? []).find((word) => said(name) !== "" && folded(word) === folded(said(name)));
    if (value) filter.facets[facet] = value;
  }
  return { filter, chosen: said("sel").slice(0, LONGEST_ID), stand: said("stand").match(DATE)?.[0] ?? "", place: placeOfText(said("karte")) };
}

/**
 * @param {Filter} filter
 * @param {Group[]} groups
 * @param {string} text `+layer`, `-layer` and `layer.facet.word`, with commas between
 * @returns {Filter}
 */
function switchedBy(filter, groups, text) {
  for (const token of new Set(text.split(","))) {
    const group = groups.find(({ layer }) => layer === token.slice(1) || token.startsWith(`${layer}.`));
    if (group === undefined) continue;
    if (token[0] === "+" || token[0] === "-") filter.layers[group.layer] = token[0] === "+";
    const row = group.rows.find(({ facet, value }) => token === `${group.layer}.${facet}.${value}`);
    const key = `${group.layer}/${row?.facet}`;
    if (row !== undefined) filter.off[key] = [...(filter.off[key] ?? []), row.value].sort();
  }
  return filter;
}

/**
 * @param {string} text `zoom/latitude/longitude`
 * @returns {Place | null} null where it is no place
 */
function placeOfText(text) {
  const found = PLACE.exec(text);
  if (found === null) return null;
  const [zoom, latitude, longitude] = found.slice(1).map(Number);
  return zoom < ZOOMS[0] || zoom > ZOOMS[1] || Math.abs(latitude) > 85 || Math.abs(longitude) > 180 ? null : { zoom, latitude, longitude };
}
