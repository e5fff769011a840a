/** A printed sheet is true to scale, its squares are those of its streets, and its ink is vector. */

import assert from "node:assert/strict";
import test from "node:test";

import { worldX, worldY } from "../../rollout/cartography/page/projection.js";
import { barOf, boxOf, FORMATS, frameOf, registerOf, squareOf } from "../../rollout/cartography/page/sheet.js";
import { SvgInk } from "../../rollout/cartography/page/svg_ink.js";

/** Metres on the ground of a box in world pixels, from west to east in its middle. */
const ground = (/** @type {number[]} */ [west, , east]) => ((east - west) / 256) * 40_075_016.686 * Math.cos((51.03 * Math.PI) / 180);
const seen = /** @type {number[]} */ ([worldX(6.98), worldY(51.035), worldX(7.01), worldY(51.025)]);

for (const format of Object.values(FORMATS)) {
  test(`${format.name} is true to its scale and shows all that was seen`, () => {
    const frame = frameOf(format, seen);
    const box = boxOf(frame);
    assert.ok(Math.abs((ground(box) * 1000) / format.width / frame.denominator - 1) < 0.001);
    assert.ok(box[0] <= seen[0] && box[1] <= seen[1] && box[2] >= seen[2] && box[3] >= seen[3]);
    assert.ok(Math.abs(2 ** frame.zoom - frame.scale) < 1e-6);
  });
}

test("the scale bar is round and as long as it says", () => {
  for (const denominator of [500, 1000, 2500, 10_000, 25_000, 100_000]) {
    const { metres, millimetres } = barOf(denominator);
    assert.equal((metres * 1000) / denominator, millimetres);
    assert.ok(millimetres <= 62 && millimetres >= 10, String(millimetres));
  }
});

test("squares are lettered from the west and numbered from the north", () => {
  const frame = frameOf(FORMATS.a4, seen);
  const [west, north, east, south] = boxOf(frame);
  const step = 1e-9;
  assert.equal(squareOf(FORMATS.a4, frame, west + step, north + step), "A1");
  assert.equal(squareOf(FORMATS.a4, frame, east - step, south - step), "E5");
  assert.equal(squareOf(FORMATS.a4, frame, west - 1, north), "");
});

test("the register names each shown street once, with all its squares, in German order", () => {
  const frame = frameOf(FORMATS.a4, seen);
  const [west, north, east, south] = boxOf(frame);
  const [w, h] = [(east - west) / 10, (south - north) / 10];
  const xy = Float64Array.from([west + w, north + h, west + 9 * w, north + h, west + w, north + 9 * h, west + 3 * w, north + h]);
  const names = ["Zum Tal", "Ährenweg", "Zum Tal", "Nicht gezeigt"];
  const layer = /** @type {any} */ ({ count: 4, xy, starts: [0, 1, 2, 3, 4], parts: [0, 1, 2, 3, 4], columns: { street: { at: (/** @type {number} */ row) => names[row] } } });
  assert.deepEqual(registerOf(FORMATS.a4, frame, [{ layer, mask: new Uint8Array([1, 1, 1, 0]) }]), [["Ährenweg", ["E1"]], ["Zum Tal", ["A1", "A5"]]]);
});

/**
 * @param {any[]} made takes what is drawn
 * @param {number[]} [size]
 * @returns {SvgInk}
 */
function inkOn(made, size) {
  const makes = (/** @type {string} */ tag) => ({ tag, attributes: /** @type {Record<string, string>} */ ({}), said: "", setAttribute(/** @type {string} */ name, /** @type {string} */ value) { this.attributes[name] = value; }, append(/** @type {string[]} */ ...text) { this.said += text.join(""); } });
  Object.assign(globalThis, { document: { createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => makes(tag), createElement: () => ({ getContext: () => ({ measureText: () => ({ width: 7 }) }) }) } });
  return new SvgInk(/** @type {any} */ ({ append: (/** @type {any} */ element) => made.push(element) }), size);
}

test("a dashed line is cut to the paper, any other is left whole", () => {
  /** @type {any[]} */
  const made = [];
  const ink = inkOn(made, [100, 50]);
  for (const dash of [[], [6, 4]]) {
    ink.beginPath();
    ink.setLineDash(dash);
    ink.moveTo(-500, 20);
    ink.lineTo(50, 20);
    ink.lineTo(50, 400);
    ink.lineTo(-500, 400);
    ink.closePath();
    ink.moveTo(-200, -30);
    ink.lineTo(400, 200);
    ink.lineTo(-20, 30);
    ink.lineTo(-20, 40);
    ink.stroke();
  }
  assert.equal(made[0].attributes.d, "M-500 20L50 20L50 400L-500 400ZM-200 -30L400 200L-20 30L-20 40");
  assert.equal(made[1].attributes.d, "M-500 20L50 20L50 400M-500 400M-500 20M-200 -30L400 200L-20 30M-20 40");
});

test("what a painter draws becomes paths and texts with its pen", () => {
  /** @type {any[]} */
  const made = [];
  const ink = inkOn(made);
  ink.stroke();
  ink.moveTo(0, 0);
  ink.lineTo(10.123, 5);
  ink.setLineDash([2, 1]);
  ink.strokeStyle = "#c2520a";
  ink.stroke();
  ink.beginPath();
  ink.arc(5, 5, 2);
  ink.fill("evenodd");
  ink.save();
  ink.translate(1, 2);
  ink.rotate(Math.PI / 2);
  ink.fillText("</text><script>", 0, 0);
  ink.restore();
  assert.deepEqual(made.map((element) => element.tag), ["path", "path", "text"]);
  assert.equal(made[0].attributes.d, "M0 0L10.12 5");
  assert.equal(made[0].attributes["stroke-dasharray"], "2 1");
  assert.equal(made[1].attributes.d, "M7 5A2 2 0 1 1 3 5A2 2 0 1 1 7 5");
  assert.equal(made[2].attributes.transform, "translate(1 2)rotate(90)");
  assert.equal(made[2].said, "</text><script>");
  assert.equal(ink.measureText("x").width, 7);
});
