/** What the map is made of, without a browser: projection, numbers, hits, switches, street names. */

import assert from "node:assert/strict";
import test from "node:test";

import { germanNumber, metres } from "../../rollout/cartography/page/format.js";
import { distanceTo, hits, holds } from "../../rollout/cartography/page/hit.js";
import { BLOCK, blocksOf, extentOf } from "../../rollout/cartography/page/layers.js";
import { paintNeighbours } from "../../rollout/cartography/page/paint_base.js";
import { latitudeOf, longitudeOf, worldX, worldY } from "../../rollout/cartography/page/projection.js";
import { between, streetWidth, symbolSize, trenchWidth } from "../../rollout/cartography/page/scale.js";
import { grouped, rowsWithin } from "../../rollout/cartography/page/seen.js";
import { Stamps } from "../../rollout/cartography/page/stamps.js";
import { streetLines } from "../../rollout/cartography/page/street_lines.js";
import { tally } from "../../rollout/cartography/page/tally.js";
import { Visibility } from "../../rollout/cartography/page/visibility.js";

const STEP = 1 / 65536;

/**
 * @param {string} name
 * @param {number[][][]} shapes places in small steps
 * @param {boolean} points
 * @returns {any}
 */
function layer(name, shapes, points = false) {
  const starts = [0];
  shapes.forEach((shape) => starts.push(starts[starts.length - 1] + shape.length));
  const xy = Float64Array.from(shapes.flat(2), (value) => value * STEP);
  const boxes = Float64Array.from(shapes.flatMap((shape) => {
    const [xs, ys] = [shape.map((place) => place[0] * STEP), shape.map((place) => place[1] * STEP)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }));
  const parts = Uint32Array.from({ length: shapes.length + 1 }, (_, i) => i);
  return { name, count: shapes.length, xy, starts: Uint32Array.from(starts), parts, boxes, extent: extentOf(xy), blocks: blocksOf({ count: shapes.length, points, xy, boxes }), points, columns: {}, packed: {} };
}

const shown = () => new Uint8Array(9).fill(1);

test("a border of two neighbours is drawn once, that of the city not at all", () => {
  const city = [[1, 1], [2, 1], [2, 2], [1, 2]];
  const north = [[0, 0], [3, 0], [3, 1], [2, 1], [1, 1], [0, 1]];
  const south = [[0, 1], [1, 1], [1, 2], [2, 2], [2, 1], [3, 1], [3, 3], [0, 3]];
  /** @type {number[][][]} */
  const drawn = [];
  let at = [NaN, NaN];
  const to = (/** @type {number[]} */ ...place) => [drawn.push([at, place].sort()), (at = place)];
  const ink = { beginPath() {}, stroke() {}, setLineDash() {}, moveTo: (/** @type {number[]} */ ...place) => (at = place), lineTo: to };
  const view = /** @type {any} */ ({ ink, scale: 1 / STEP, left: 0, top: 0 });
  for (const [boundary, pieces] of /** @type {[any, number][]} */ ([[layer("boundary", [city]), 8], [undefined, 12]])) {
    drawn.length = 0;
    paintNeighbours(view, layer("neighbours", [north, south]), boundary);
    assert.equal(drawn.length, pieces);
    assert.equal(new Set(drawn.map(String)).size, pieces);
    assert.equal(drawn.some((piece) => String(piece) === "1,1,2,1"), boundary === undefined);
  }
});

test("projection goes there and back", () => {
  assert.ok(Math.abs(longitudeOf(worldX(7.0123)) - 7.0123) < 1e-12);
  assert.ok(Math.abs(latitudeOf(worldY(51.0456)) - 51.0456) < 1e-12);
  assert.deepEqual([worldX(0), worldY(0)], [128, 128]);
});

test("numbers are German whatever the reader's browser is set to", () => {
  assert.equal(germanNumber(1625), "1.625");
  assert.equal(germanNumber(1234567.891, 2), "1.234.567,89");
  assert.equal(germanNumber(-0.04, 1), "0,0");
  assert.equal(germanNumber(-12.34, 1), "-12,3");
  assert.equal(metres(824), "82,4\u202fm");
  assert.equal(metres(12404), "1.240\u202fm");
});

test("sizes grow with the zoom and hold at the ends", () => {
  assert.equal(between(5, [1, 2]), 1);
  assert.equal(between(11.5, [1, 2]), 1.5);
  assert.equal(between(30, [1, 2]), 2);
  for (const size of [trenchWidth, symbolSize, (/** @type {number} */ z) => streetWidth(z, true)]) assert.ok(size(12) < size(16));
  assert.ok(streetWidth(15, true) > streetWidth(15, false));
});

test("a long line is found between its places", () => {
  const lines = layer("segments", [[[0, 0], [900, 0]], [[0, 50], [900, 50]]]);
  assert.deepEqual(hits([lines], 450 * STEP, 3 * STEP, 5 * STEP, shown).map((feature) => feature.row), [0]);
  assert.deepEqual(hits([lines], 450 * STEP, 20 * STEP, 5 * STEP, shown), []);
});

test("several features under the pointer come by layer, then by distance", () => {
  const points = layer("targets", [[[10, 10]], [[12, 10]]], true);
  const lines = layer("segments", [[[0, 10], [50, 10]]]);
  const found = hits([points, lines], 12 * STEP, 10 * STEP, 6 * STEP, shown);
  assert.deepEqual(found.map((feature) => [feature.layer, feature.row]), [["targets", 1], ["targets", 0], ["segments", 0]]);
});

test("what is hidden is not hit", () => {
  const points = layer("targets", [[[10, 10]]], true);
  assert.deepEqual(hits([points], 10 * STEP, 10 * STEP, 6 * STEP, () => null), []);
  assert.deepEqual(hits([points], 10 * STEP, 10 * STEP, 6 * STEP, () => new Uint8Array(1)), []);
});

test("the distance to a line without length is that to its place", () => {
  assert.equal(distanceTo(layer("segments", [[[3, 4], [3, 4]]]), 0, 0, 0), 5 * STEP);
});

test("a polygon holds what is inside and nothing else", () => {
  const square = layer("districts", [[[0, 0], [10, 0], [10, 10], [0, 10]]]);
  assert.equal(holds(square, 0, 5 * STEP, 5 * STEP), true);
  assert.equal(holds(square, 0, 15 * STEP, 5 * STEP), false);
});

test("a switch hides the rows with its word, and the layer's switch all of them", () => {
  const targets = layer("targets", [[[0, 0]], [[1, 1]], [[2, 2]]], true);
  // codes 1, 2, 1 in two bits each
  targets.packed = { class: { words: ["connected", "open"], bits: 2, data: Buffer.from([0b011001]).toString("base64") } };
  const rows = ["connected", "open"].map((value) => ({ facet: "class", value }));
  const visibility = new Visibility({ targets }, [{ layer: "targets", shown: true, rows }]);
  let changes = 0;
  visibility.listeners.push(() => { changes += 1; });
  assert.deepEqual([...visibility.mask("targets")], [1, 1, 1]);
  visibility.dispatch({ type: "word", layer: "targets", facet: "class", value: "connected", shown: false });
  assert.deepEqual([...visibility.mask("targets")], [0, 1, 0]);
  visibility.dispatch({ type: "only", layer: "targets", facet: "class", value: "connected" });
  assert.deepEqual([...visibility.mask("targets")], [1, 0, 1]);
  visibility.dispatch({ type: "layer", layer: "targets", shown: false });
  assert.deepEqual([...visibility.mask("targets")], [0, 0, 0]);
  assert.deepEqual([...visibility.narrowed("targets")], [1, 1, 1]);
  visibility.dispatch({ type: "layer", layer: "targets", shown: false });
  assert.equal(changes, 3);
});

test("counts and lengths are of what is seen, and what is dropped is in no other length", () => {
  const segments = layer("segments", [[[0, 0], [9, 0]], [[0, 5], [9, 5]], [[500, 500], [509, 500]]]);
  const two = (/** @type {string[]} */ words, /** @type {number} */ byte) => ({ words, bits: 2, data: Buffer.from([byte]).toString("base64") });
  segments.packed = { class: two(["duct", "dropped"], 0b011001), kind: two(["new_duct"], 0b010101) };
  segments.columns = { length: { at: (/** @type {number} */ row) => [100, 200, 400][row] } };
  const visibility = new Visibility({ segments }, []);
  const all = tally(visibility, "segments", new Uint8Array([1, 1, 1]), null);
  assert.deepEqual(all.get("class/duct/new_duct"), { count: 2, length: 500 });
  assert.deepEqual(all.get("class/dropped"), { count: 1, length: 200 });
  assert.deepEqual(all.get("kind/new_duct"), { count: 3, length: 500 });
  const seen = tally(visibility, "segments", new Uint8Array([1, 1, 1]), [-STEP, -STEP, 20 * STEP, 20 * STEP]);
  assert.deepEqual(seen.get("segments"), { count: 2, length: 300 });
});

test("pieces of one street become one line, other streets stay apart", () => {
  const streets = layer("streets", [[[0, 0], [10, 0]], [[20, 0], [10, 0]], [[20, 0], [20, 10]], [[0, 5], [9, 5]]]);
  const names = ["A", "A", "A", "B"];
  streets.columns = { name: { at: (/** @type {number} */ row) => names[row] } };
  const lines = streetLines(streets);
  assert.deepEqual(lines.map((line) => [line.name, Math.round(line.length / STEP)]), [["A", 30], ["B", 9]]);
  const [x, y] = lines[0].at(25 * STEP).map((value) => value / STEP);
  assert.deepEqual([[20, 5], [5, 0]].some(([a, b]) => Math.abs(x - a) < 1e-6 && Math.abs(y - b) < 1e-6), true);
});

/** @param {number} seed @returns {() => number} the same numbers between 0 and 1 for the same seed */
const drawn = (seed) => () => {
  seed = (seed * 48271) % 2147483647;
  return seed / 2147483647;
};

test("what is found by blocks is what is found row by row", () => {
  const next = drawn(7);
  const shapes = Array.from({ length: 5 * BLOCK + 3 }, () => [[next() * 900, next() * 900], [next() * 900, next() * 900]]);
  const lines = layer("segments", shapes);
  const points = layer("targets", shapes.map(([place]) => [place]), true);
  const mask = Uint8Array.from(shapes, () => (next() < 0.7 ? 1 : 0));
  for (let i = 0; i < 40; i += 1) {
    const [x, y] = [next() * 900 * STEP, next() * 900 * STEP];
    const box = [x, y, x + next() * 90 * STEP, y + next() * 90 * STEP];
    const [places, ends] = [0, 1].map((end) => shapes.map((shape) => shape[end].map((value) => value * STEP)));
    const meets = (/** @type {number[]} */ a, /** @type {number[]} */ b) => [0, 1].every((axis) => Math.min(a[axis], b[axis]) <= box[axis + 2] && Math.max(a[axis], b[axis]) >= box[axis]);
    const expected = (/** @type {number[][]} */ others) => shapes.flatMap((_, row) => (mask[row] === 1 && meets(places[row], others[row]) ? [row] : []));
    assert.deepEqual([...rowsWithin(lines, box, mask)], expected(ends));
    assert.deepEqual([...rowsWithin(points, box, mask)], expected(places));
  }
  assert.equal(rowsWithin(lines, null, null).length, shapes.length);
});

test("where all of a layer is seen, no row is looked at", () => {
  const places = layer("targets", [[[3, 4]], [[7, 1]], [[5, 9]]], true);
  const read = () => assert.fail("looked at");
  const sealed = /** @type {any} */ (Object.defineProperties({ ...places }, { blocks: { get: read }, boxes: { get: read } }));
  const [west, north, east, south] = [3, 1, 7, 9].map((value) => value * STEP);
  assert.deepEqual([...rowsWithin(sealed, [west, north, east, south], Uint8Array.of(1, 0, 1))], [0, 2]);
  assert.throws(() => rowsWithin(sealed, [west, north, east, south - STEP], null), /looked at/);
});

test("nothing is within a box of a layer without rows", () => {
  assert.equal(rowsWithin(layer("targets", [], true), [0, 0, 1, 1], null).length, 0);
});

test("rows are grouped by two words, and those without a word are in no group", () => {
  const of = grouped(Uint32Array.of(0, 1, 2, 4), { words: ["a", "b"], codes: Uint32Array.of(1, 2, 0, 1, 1) }, { words: ["x"], codes: Uint32Array.of(1, 1, 1, 1, 0) });
  assert.deepEqual([of("a", "x"), of("b", "x"), of("a", "y"), of("c", "x")], [[0], [1], [], []]);
});

const view = /** @type {any} */ ({ zoom: 0, scale: 1 / STEP, left: 0, top: 0, width: 30, height: 20 });

/**
 * @param {Stamps} stamps
 * @returns {string[][]} place and colour of each dot
 */
function dotsOf(stamps) {
  const hex = (/** @type {number} */ value) => [0, 8, 16, 24].map((shift) => ((value >>> shift) & 255).toString(16).padStart(2, "0")).join("");
  return [...stamps.pixels()].flatMap((value, i) => (value === 0 ? [] : [[`${i % stamps.wide} ${Math.floor(i / stamps.wide)}`, hex(value)]]));
}

test("later stamps cover earlier ones, and a hollow one is white inside", () => {
  const points = layer("targets", [[[10, 10]], [[20, 10]]], true);
  const stamps = new Stamps(view);
  stamps.points(points, [0, 1], { colour: "#ff0000", hollow: false, size: 2 });
  stamps.points(points, [0], { colour: "#0000ff", hollow: false, size: 2 });
  assert.deepEqual(dotsOf(stamps).slice(0, 4), [["9 9", "0000ffff"], ["10 9", "0000ffff"], ["19 9", "ff0000ff"], ["20 9", "ff0000ff"]]);
  const hollow = new Stamps(view);
  hollow.points(points, [0], { colour: "#77746d", hollow: true, size: 3 });
  const white = dotsOf(hollow).filter(([, colour]) => colour === "ffffffff");
  assert.deepEqual([dotsOf(hollow).length, white], [9, [["10 10", "ffffffff"]]]);
});

test("a stamped line has no gap, and nothing is stamped outside the picture", () => {
  const stamps = new Stamps(view);
  stamps.lines(layer("segments", [[[-5, 3], [40, 12]]]), [0], "#04362f", 1);
  const columns = dotsOf(stamps).map(([dot]) => Number(dot.split(" ")[0]));
  assert.deepEqual([...new Set(columns)].sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i));
});
