import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOf, proposalText, tidy } from "../../rollout/cartography/page/mark_file.js";
import { apart } from "../../rollout/cartography/page/pin.js";

/** @typedef {import("../../rollout/cartography/page/mark_file.js").Entry} Entry */

const HEAD = { package: null, stand: "2022-03-28", audience: "evl", project: "Kleinstadt", version: 1, format: "rollout-vorschlaege" };
const SAID = /** @type {Entry["said"]} */ ({ status: "connected", since: "2022-03-01", place: [7, 51] });

/**
 * @param {Partial<Entry>} changes
 * @returns {Entry}
 */
function entry(changes) {
  return { entity: "target", id: "A-1", said: SAID, proposed: null, remark: "x", ...changes };
}

test("the same marks give the same text in whatever order they were made, and the format comes first", () => {
  const marks = [entry({ id: "B-2" }), entry({}), entry({ proposed: { place: [7.1, 51] } }), entry({ entity: "segment" })];
  const text = proposalText(HEAD, "Petra Muster", marks);
  assert.equal(proposalText(HEAD, "Petra Muster", [...marks].reverse()), text);
  assert.deepEqual(Object.keys(JSON.parse(text)), ["format", "version", "project", "audience", "stand", "author", "package", "marks"]);
  assert.deepEqual(JSON.parse(text).marks.map((/** @type {Entry} */ { entity, id, proposed }) => [entity, id, proposed === null]), [["segment", "A-1", true], ["target", "A-1", false], ["target", "A-1", true], ["target", "B-2", true]]);
  assert.ok(text.endsWith("}\n"));
});

test("what is typed becomes one line of signs that are shown", () => {
  assert.equal(tidy("  a\tb\r\n c\u00a0d  "), "a b c d");
  assert.equal(tidy("\u202egnal\u202c\u200b \u0000x\u0007"), "gnal x");
  assert.equal(tidy("halb\ud800 🏠 ganz\u2028neu"), "halb 🏠 ganz neu");
  assert.equal(tidy("<b>{{ 6*7 }}</b>"), "<b>{{ 6*7 }}</b>");
});

test("a proposal that says nothing new, or nothing at all, is named by its field", () => {
  assert.equal(faultOf(SAID, { status: "house_entry", valid_on: "2022-03-01" }, ""), null);
  assert.equal(faultOf(SAID, { status: "connected", valid_on: "2022-03-02" }, ""), null);
  assert.equal(faultOf(SAID, { status: "connected", valid_on: "2022-03-01" }, "")?.[0], "status");
  assert.equal(faultOf(SAID, { status: "house_entry", valid_on: "2999-01-01" }, "")?.[0], "valid_on");
  assert.equal(faultOf(SAID, { status: "house_entry", valid_on: "" }, "")?.[0], "valid_on");
  assert.equal(faultOf(SAID, null, "")?.[0], "remark");
  assert.equal(faultOf(SAID, null, "Mauer"), null);
  assert.match(faultOf(SAID, { place: [7, 51.000001] }, "")?.[1] ?? "", /nicht verschoben/);
  assert.equal(faultOf(SAID, { place: [7, 51.0001] }, ""), null);
});

test("metres between two places are right to a thousandth", () => {
  assert.ok(Math.abs(apart([7, 51], [7, 51.001]) - 111.2) < 0.1);
  assert.ok(Math.abs(apart([7, 51], [7.001, 51]) - 70.0) < 0.1);
});
