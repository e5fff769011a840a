/** The page reads what Python wrote: the golden payload is checked on both sides. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { layerOf } from "../../rollout/cartography/page/layers.js";
import { codesOf, column, unpack, unpackPlaces, unpackShort, unpackSigned, unpackSorted } from "../../rollout/cartography/page/payload.js";
import { worldX, worldY } from "../../rollout/cartography/page/projection.js";

const golden = JSON.parse(readFileSync(new URL("./golden_payload.json", import.meta.url), "utf8"));

/** @param {any} packed @param {number} count */
const all = (packed, count) => Array.from({ length: count }, (_, row) => column(packed).at(row));

test("words come back, and what is missing is null", () => {
  assert.deepEqual(all(golden.words, 5), ["Straße", null, "İstanbul 🏠", "Straße", "</script>"]);
});

test("identifiers come back with their leading zeros", () => {
  assert.deepEqual(all(golden.ids, 5), ["AN-00009", "AN-00010", null, "AN-00003", "AN-00004"]);
});

test("whole numbers come back, zero apart from missing", () => {
  assert.deepEqual(all(golden.integers, 5), [0, null, 7, 300, 2]);
});

test("a column with one big number is read from varints", () => {
  assert.equal(golden.far.bits, 0);
  assert.deepEqual(all(golden.far, 4), [2 ** 30, null, 0, 1]);
});

test("places come back within half a step", () => {
  const expected = [7, 51, 6.999999, 51.000001, 7.5, 50];
  unpackPlaces(golden.places, golden.step).forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 5e-7));
});

test("lines are projected and boxed", () => {
  const layer = layerOf("lines", golden.lines, golden.step);
  assert.deepEqual([...layer.starts], [0, 2, 5]);
  assert.deepEqual([...layer.parts], [0, 1, 2]);
  const box = [worldX(6.7), worldY(51.1), worldX(6.9), worldY(50.9)];
  layer.boxes.subarray(4, 8).forEach((value, i) => assert.ok(Math.abs(value - box[i]) < 1e-6));
});

test("varints hold more than 32 bits", () => {
  assert.deepEqual([...unpack("gICAgIAB")], [2 ** 35]);
  assert.deepEqual([...unpackSigned(golden.signed)], [-1, 1, -2, 2, 0, 2 ** 30 - 1, -(2 ** 30)]);
});

test("sorted words come back whole, also beyond the plain letters", () => {
  assert.deepEqual(unpackSorted(golden.sorted), ["", "Am Bach", "Am Bachufer", "Ring", "🏠 a", "🏠 b", "🏡"]);
});

test("codes in bulk are cut to the rows there are", () => {
  assert.equal(codesOf(golden.words, 5).codes.length, 5);
  assert.ok(unpackShort(golden.words).length >= 5);
});
