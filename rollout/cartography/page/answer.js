/** What the card says of a thing in whole sentences; the sentences themselves are constant and come with the data. */

import { germanNumber } from "./format.js";

/**
 * @typedef {import("./hit.js").Feature} Feature
 * @typedef {import("./main.js").Page} Page
 * @typedef {{ state: string, since: string, next: string, trench: string }} Answer
 */

/** Classes of trenches whose planned end is no longer to come. */
const OVER = ["done", "dropped"];

/**
 * @param {Page} page
 * @param {Feature} feature
 * @param {string} column
 * @returns {string} empty where there is nothing
 */
function said(page, { layer, row }, column) {
  return String(page.layers[layer].columns[column]?.at(row) ?? "");
}

/**
 * @param {Page} page
 * @param {Feature} feature
 * @returns {string} what a thing is called
 */
export function nameOf(page, feature) {
  const number = said(page, feature, "number");
  if (number !== "" || page.layers[feature.layer].feet !== null) return [said(page, feature, "street"), number].filter(Boolean).join(" ");
  return said(page, feature, "name") || said(page, feature, "id");
}

/**
 * @param {Page} page
 * @param {Feature} target
 * @returns {number} row of the trench it is to be joined to, -1 where there is none
 */
function trenchOf(page, target) {
  const { segments } = page.layers;
  const trench = page.layers[target.layer].columns.segment?.at(target.row) ?? null;
  if (trench === null || typeof trench === "number") return trench ?? -1;
  for (let row = 0; row < segments.count; row += 1) if (segments.columns.id.at(row) === trench) return row;
  return -1;
}

/**
 * @param {Page} page
 * @param {Feature} target
 * @returns {string} when the trench is to be ready, and what holds it up
 */
function trenchSentence(page, target) {
  const row = trenchOf(page, target);
  if (row < 0) return "";
  const trench = { layer: "segments", row };
  const [status, planned, reason, state] = ["status", "planned", "reason", "class"].map((column) => said(page, trench, column));
  const held = reason === "" ? "" : ` (${reason})`;
  const until = planned === "" || OVER.includes(state) ? "" : `, geplante Fertigstellung ${planned}`;
  return status + held + until;
}

/**
 * @param {Page} page
 * @param {Feature} feature
 * @returns {Answer | null} null for what has no status
 */
export function answerOf(page, feature) {
  const isTarget = page.layers[feature.layer].feet !== null;
  const found = page.answers[isTarget ? "targets" : "segments"]?.[said(page, feature, "status")];
  if (found === undefined || page.layers[feature.layer].columns.status === undefined) return null;
  const street = said(page, feature, "street");
  const district = said(page, feature, "district");
  const own = nameOf(page, feature) || ["Anschluss", said(page, feature, "id")].filter(Boolean).join(" ");
  const beside = isTarget ? [said(page, feature, "institution"), district].filter(Boolean).join(", ") : street;
  const name = own + (beside && beside !== own ? ` (${beside})` : "");
  const reason = said(page, feature, "reason");
  const state = String(found[0]).replace("{name}", () => name);
  return {
    state: reason ? `${state.replace(/\.$/, "")}: ${reason}.` : state,
    since: said(page, feature, "since"),
    next: found[1],
    trench: isTarget ? trenchSentence(page, feature) : "",
  };
}

/**
 * @param {Page} page
 * @param {string} place `In dieser Straße`
 * @param {string} layer
 * @param {number[]} rows targets there
 * @returns {string} how many of them stand where, e.g. `In dieser Straße liegen 12 geförderte Anschlüsse: noch offen 5, angeschlossen 7.`
 */
export function countsOf(page, place, layer, rows) {
  const isThere = page.visibility.all(layer);
  rows = rows.filter((row) => isThere[row]);
  const labels = new Map((page.spec.legend.find((group) => group.layer === layer)?.rows ?? []).filter((row) => row.facet === "class").map((row) => [row.value, row.label]));
  const counts = new Map([...labels.keys()].map((value) => [value, 0]));
  for (const row of rows) {
    const value = String(page.layers[layer].columns.class.at(row));
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const parts = [...counts].filter(([, count]) => count > 0).map(([value, count]) => (labels.get(value) ?? value) + (rows.length > 1 ? " " + germanNumber(count) : ""));
  const [one, many, drive] = layer === "targets" ? ["geförderter ", "geförderte ", ""] : ["", "", " im erweiterten Vortrieb"];
  const lie = rows.length === 1 ? `liegt 1 ${one}Anschluss` : `liegen ${germanNumber(rows.length)} ${many}Anschlüsse`;
  return `${place} ${lie}${drive}: ${parts.join(", ")}. ${page.spec.caveat ?? ""}`.trim();
}

/**
 * @param {Page} page
 * @param {number} row of a district
 * @returns {string} how many of its funded connections stand where
 */
export function districtSentence(page, row) {
  const { words, codes } = page.visibility.codes("targets", "district");
  const code = words.indexOf(said(page, { layer: "districts", row }, "name")) + 1;
  const rows = code === 0 ? [] : [...codes.keys()].filter((target) => codes[target] === code);
  if (rows.length === 0) return page.spec.caveat || "In diesem Stadtteil führt diese Seite keinen geförderten Anschluss.";
  return countsOf(page, "In diesem Stadtteil", "targets", rows);
}

/**
 * @param {Page} page
 * @returns {string} of which day, and whose data
 */
export function sourceOf(page) {
  const { spec } = page;
  return [`Stand ${spec.stand}`, ...(spec.sample ? ["Beispieldaten"] : []), `Quelle: ${[spec.municipality, ...spec.notes.filter((note) => note.startsWith("Lieferungen"))].join("; ")}`].join(" · ");
}

/**
 * @param {Page} page
 * @param {Answer} answer
 * @param {string[]} doubts where the report contradicts what is built
 * @returns {string} the card as text for a mail
 */
export function mailText(page, { state, since, next, trench }, doubts) {
  const lines = [state, since && `Gemeldet seit: ${since}`, next && `Nächster Schritt: ${next}`, trench && `Trasse vor dem Gebäude: ${trench}`];
  return [...lines, ...doubts, sourceOf(page)].filter(Boolean).join("\n");
}
