/** The filter is one plain value; every action makes a new one. */

import assert from "node:assert/strict";
import test from "node:test";

import { fits, germanDate, initialFilter, isOnly, isoDate, isSame, reduce } from "../../rollout/cartography/page/filter.js";

const groups = [
  { layer: "segments", shown: true, rows: ["duct", "digging", "done"].map((value) => ({ facet: "class", value })) },
  { layer: "extended", shown: false, rows: [{ facet: "class", value: "open" }] },
];
const start = initialFilter(groups);

/**
 * @param {any} filter
 * @param {any[]} actions
 * @returns {any}
 */
const after = (filter, ...actions) => actions.reduce((kept, action) => reduce(kept, groups, action), filter);

const word = { type: "word", layer: "segments", facet: "class", value: "duct", shown: false };
const only = { type: "only", layer: "segments", facet: "class", value: "digging" };

test("a page opens as its legend says", () => {
  assert.deepEqual(start, { layers: { segments: true, extended: false }, off: {}, facets: {} });
});

test("an action changes nothing that was there before", () => {
  const before = structuredClone(start);
  after(start, word, only, { type: "facet", facet: "district", value: "Opladen" }, { type: "onlyLayer", layer: "extended" });
  assert.deepEqual(start, before);
});

test("switching off and on again is nothing", () => {
  assert.ok(isSame(after(start, word, { ...word, shown: true }), start));
  assert.ok(!isSame(after(start, word), start));
});

test("the order of switching does not matter", () => {
  const other = { ...word, value: "done" };
  assert.ok(isSame(after(start, word, other), after(start, other, word)));
});

test("only this one switches the others off, and asked again switches them on", () => {
  const lone = after(start, only);
  assert.deepEqual(lone.off, { "segments/class": ["done", "duct"] });
  assert.ok(isOnly(lone, groups, "segments", "class", "digging"));
  assert.ok(isSame(after(lone, only), start));
});

test("only this layer leaves one", () => {
  assert.deepEqual(after(start, { type: "onlyLayer", layer: "extended" }).layers, { segments: false, extended: true });
});

test("a facet holds one word and none when emptied", () => {
  const set = { type: "facet", facet: "phase", value: "Bauabschnitt 1" };
  assert.deepEqual(after(start, set, { ...set, value: "Bauabschnitt 2" }).facets, { phase: "Bauabschnitt 2" });
  assert.ok(isSame(after(start, set, { ...set, value: "" }), start));
});

test("reset and replace give back a known state", () => {
  const changed = after(start, word, only);
  assert.ok(isSame(after(changed, { type: "reset" }), start));
  assert.ok(isSame(after(start, { type: "replace", filter: changed }), changed));
});

test("dates go there and back, and what is none is empty", () => {
  assert.equal(isoDate("28.03.2022"), "2022-03-28");
  assert.equal(germanDate("2022-03-28"), "28.03.2022");
  for (const wrong of ["", "gestern", "1.2.2022", "2022-03-28"]) assert.equal(isoDate(wrong), "");
});

test("a word fits its facet: since a day, one of several districts, the very word", () => {
  assert.ok(fits("since", "2022-03-01", "01.03.2022"));
  assert.ok(!fits("since", "2022-03-01", "28.02.2022"));
  assert.ok(!fits("since", "2022-03-01", "unbekannt"));
  assert.ok(fits("district", "Opladen", "Quettingen, Opladen"));
  assert.ok(!fits("district", "Opladen", "Opladen-Süd"));
  assert.ok(!fits("reason", "Witterung", "Witterung 2"));
});
