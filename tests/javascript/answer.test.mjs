/** The answer names what was asked for, and tells of a trench only what is still to come. */

import assert from "node:assert/strict";
import test from "node:test";

import { answerOf } from "../../rollout/cartography/page/answer.js";

/**
 * @param {Record<string, string | null>} facts of one row
 * @returns {any} its columns
 */
const columns = (facts) => Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, { at: () => value }]));

/**
 * @param {Record<string, string | null>} target
 * @param {Record<string, string | null>} trench
 * @returns {any} a page with one connection and the trench before it
 */
function pageWith(target, trench = {}) {
  const standing = { status: "angeschlossen", street: "Am Torfborn", number: "26", district: "Bürrig", segment: "TR-1", ...target };
  return {
    answers: { targets: { angeschlossen: ["{name} ist angeschlossen.", ""] } },
    layers: { targets: { feet: [], columns: columns(standing) }, segments: { feet: null, count: 1, columns: columns({ id: "TR-1", ...trench }) } },
  };
}

const answer = (/** @type {any} */ page) => answerOf(page, { layer: "targets", row: 0 });

test("the sentence names address and district, and the school where it is one", () => {
  assert.equal(answer(pageWith({}))?.state, "Am Torfborn 26 (Bürrig) ist angeschlossen.");
  assert.equal(answer(pageWith({ institution: "Grundschule Am Torfborn" }))?.state, "Am Torfborn 26 (Grundschule Am Torfborn, Bürrig) ist angeschlossen.");
});

test("when a trench is planned to be ready is told until it is", () => {
  const planned = { planned: "22.11.2021" };
  assert.equal(answer(pageWith({}, { status: "im Bau", class: "digging", ...planned }))?.trench, "im Bau, geplante Fertigstellung 22.11.2021");
  for (const [status, word] of [["in Betrieb", "done"], ["entfallen", "dropped"]]) assert.equal(answer(pageWith({}, { status, class: word, ...planned }))?.trench, status);
});
