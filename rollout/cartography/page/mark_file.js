/** What the file of proposals holds, and what may stand in it. */

import { apart } from "./pin.js";

/**
 * @typedef {import("./hit.js").Feature} Feature
 * @typedef {import("./pin.js").Place} Place
 * @typedef {"status" | "place" | "remark"} Kind
 * @typedef {{ status: string, valid_on: string } | { place: Place } | null} Proposed
 * @typedef {{ entity: string, id: string, said: { status: string | null, since: string | null, place: Place | null }, proposed: Proposed, remark: string | null }} Entry as the file has it
 * @typedef {{ feature: Feature, kind: Kind, entry: Entry }} Mark
 * @typedef {{ file: Record<string, any>, ladders: Record<string, [string, string][]>, letters: [number, number], most: number }} Settings
 */

export const MARK_KINDS = /** @type {[Kind, string][]} */ ([["status", "Status"], ["place", "Lage"], ["remark", "nur ein Hinweis"]]);
export const MARKED = /** @type {Record<string, string[]>} */ ({ segment: ["segments"], target: ["targets", "extended"] });
export const FIRST_DAY = "1990-01-01";
/** Nearer than this, in metres, a point has not been moved. */
const UNMOVED = 0.5;
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * @param {string} text as typed
 * @returns {string} one line of signs that are shown
 */
export function tidy(text) {
  return text.replace(/\s/g, " ").replace(UNSHOWN, "").replace(/ +/g, " ").trim();
}

/**
 * @param {Proposed} proposed
 * @returns {Kind}
 */
export function kindOfProposed(proposed) {
  if (proposed === null) return "remark";
  return "place" in proposed ? "place" : "status";
}

/**
 * @param {Record<string, any>} head of the file
 * @param {string} author
 * @param {Entry[]} entries
 * @returns {string} the same marks give the same text, in whatever order they were made
 */
export function proposalText(head, author, entries) {
  const keyed = entries.map((entry) => /** @type {[string, Entry]} */ ([[entry.entity, entry.id, kindOfProposed(entry.proposed)].join("\n"), entry]));
  const marks = keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { entity, id, said, proposed, remark }]) => ({ entity, id, said, proposed, remark }));
  const { format, version, project, audience, stand } = head;
  return `${JSON.stringify({ format, version, project, audience, stand, author, package: head.package, marks }, null, 1)}\n`;
}

/** @returns {string} the day on the reader's clock */
export function today() {
  const now = new Date();
  return [String(now.getFullYear()), ...[now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"))].join("-");
}

/**
 * @param {Entry["said"]} said what the page says
 * @param {Proposed} proposed
 * @param {string} remark
 * @returns {[string, string] | null} name of the field, and what is wrong
 */
export function faultOf(said, proposed, remark) {
  if (proposed === null) return remark === "" ? ["remark", "Schreiben Sie, was nicht stimmt."] : null;
  if ("place" in proposed) return apart(said.place ?? proposed.place, proposed.place) < UNMOVED ? ["", "Der Punkt ist nicht verschoben."] : null;
  const day = proposed.valid_on;
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || day < FIRST_DAY || day > today()) return ["valid_on", "Nennen Sie einen Tag, der nicht in der Zukunft liegt."];
  return proposed.status === said.status && day === said.since ? ["status", "Das sagt die Seite schon; wählen Sie einen anderen Status oder Tag."] : null;
}
