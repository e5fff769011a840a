/** A theme is the rows of a layer that have a word in its column, and no others. */

import assert from "node:assert/strict";
import test from "node:test";

import { addThemes } from "../../rollout/cartography/page/themes.js";
import { Visibility } from "../../rollout/cartography/page/visibility.js";

/** Codes 1, 0, 2, 1 of two bits each, as a page packs them. */
const packed = { words: ["cable", "island"], bits: 2, data: Buffer.from([0b01_10_00_01]).toString("base64") };

/** @returns {Record<string, any>} */
const layers = () => ({ segments: { name: "segments", count: 4, columns: { reach: { at: () => "cable" } }, packed: { reach: packed } } });

test("a theme shares the rows of its layer and takes its classes from its own column", () => {
  const all = layers();
  addThemes(all, { reach: ["segments", "reach"] });
  assert.equal(all.reach.count, 4);
  assert.equal(all.reach.packed.class, packed);
  assert.equal(all.segments.packed.class, undefined);
});

test("rows without a word of the theme are none of it", () => {
  const all = layers();
  addThemes(all, { reach: ["segments", "reach"] });
  const visibility = new Visibility(all, [{ layer: "reach", shown: true, rows: [] }]);
  assert.deepEqual([...visibility.mask("reach")], [1, 0, 1, 1]);
  assert.deepEqual([...visibility.mask("segments")], [1, 1, 1, 1]);
});

test("a theme whose column the page does not hold is not offered", () => {
  const all = layers();
  addThemes(all, { packages: ["segments", "unlock"] });
  assert.deepEqual(Object.keys(all), ["segments"]);
});
