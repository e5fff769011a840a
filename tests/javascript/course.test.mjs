/** A day of the course is what its changes lead to: decoded, stood, counted, worded, stepped. */

import assert from "node:assert/strict";
import test from "node:test";

import { Changes, dateOfDay, dayOfIso, stopBeside, summedUp } from "../../rollout/cartography/page/changes.js";
import { Course } from "../../rollout/cartography/page/course.js";
import { pathOf } from "../../rollout/cartography/page/curve.js";
import { figuresOf, percentOf } from "../../rollout/cartography/page/figures.js";
import { germanNumber } from "../../rollout/cartography/page/format.js";
import { tally } from "../../rollout/cartography/page/tally.js";
import { Visibility } from "../../rollout/cartography/page/visibility.js";

/** @type {import("../../rollout/cartography/page/changes.js").Rung[]} */
const LADDER = [["keine Angabe", "no_data", false], ["geplant", "planned", true], ["im Bau", "digging", true], ["entfallen", "dropped", false], ["gesperrt", "blocked", false]];
const START = dayOfIso("2021-12-01");

/** @param {number[]} values below 256 */
const base64 = (values) => Buffer.from(values).toString("base64");
/** @param {number[]} values below 256 */
const short = (values) => ({ bits: 8, data: base64(values) });
/** @param {number[]} values folded by zigzag, as varints */
const signed = (values) => base64(values.map((value) => (value < 0 ? -2 * value - 1 : 2 * value)).flatMap((value) => varint(value)));
/** @param {number} value @returns {number[]} */
const varint = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);

/**
 * @param {[number, number, number?][][]} rows of each row: day, status, reason
 * @returns {any} as Python writes them
 */
function packed(rows) {
  const told = rows.filter((row) => row.length > 0);
  const flat = rows.flat();
  const reasons = flat.flatMap(([, , reason], place) => (reason ? [place] : []));
  const steps = (/** @type {number[]} */ values) => values.map((value, i) => value - (values[i - 1] ?? 0));
  return {
    sizes: short(rows.map((row) => row.length)),
    first: { bits: 0, data: signed(steps(told.map(([[day]]) => day))) },
    days: short(told.flatMap((row) => steps(row.map(([day]) => day)).slice(1))),
    status: short(flat.map(([, status]) => status)),
    at: base64(steps(reasons)),
    reason: base64(reasons.map((place) => Number(flat[place][2]))),
  };
}

/** @type {[number, number, number?][][]} */
const SEGMENTS = [
  [[START, 1], [START + 5, 2], [START + 9, 4, 1], [START + 12, 4, 2]],
  [],
  [[START + 3, 1], [START + 20, 3, 2]],
];

test("a day of the course is a day of the calendar", () => {
  assert.equal(dateOfDay(dayOfIso("2022-03-28")), "28.03.2022");
  assert.equal(dateOfDay(dayOfIso("2024-02-29") + 1), "01.03.2024");
  assert.ok(Number.isNaN(dayOfIso("")));
  assert.deepEqual(summedUp([3, 0, 2]), [3, 3, 5]);
});

test("the changes come back, each with the day it began and what was before", () => {
  const changes = new Changes(packed(SEGMENTS), LADDER, 3);
  assert.deepEqual([...changes.days], SEGMENTS.flat().map(([day]) => day));
  assert.deepEqual([...changes.since].slice(2, 4), [START + 9, START + 9]);
  assert.deepEqual([...changes.held], [1, 2, 2, 2, 1, 1]);
  assert.deepEqual([...changes.reasons], [0, 0, 1, 2, 0, 2]);
  assert.deepEqual([...changes.standing(START - 1)], [-1, -1, -1]);
  assert.deepEqual([...changes.standing(START + 9)], [2, -1, 4]);
});

test("on every day each row stands as plain reading finds", () => {
  let seed = 5;
  const random = (/** @type {number} */ below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let town = 0; town < 20; town += 1) {
    /** @type {[number, number, number?][][]} */
    const rows = Array.from({ length: 1 + random(30) }, () => summedUp([random(40), ...Array.from({ length: random(6) }, () => 1 + random(60))]).map((day) => [day, random(5), random(3)]));
    if (town % 3 === 0) rows[random(rows.length)] = [];
    const changes = new Changes(packed(rows), LADDER, rows.length);
    for (const day of [0, 17, 80, 400]) {
      const found = [...changes.standing(day)].map((i) => (i < 0 ? null : [changes.days[i], changes.status[i], changes.reasons[i]]));
      assert.deepEqual(found, rows.map((row) => row.findLast(([begun]) => begun <= day) ?? null));
    }
  }
});

/** @returns {any} a page of three segments, two funded connections and none beside */
function made() {
  const boxes = new Float64Array(12);
  const column = (/** @type {(string | number | null)[]} */ values) => ({ at: (/** @type {number} */ row) => values[row] });
  const district = { words: ["Alt", "Neu"], bits: 8, data: base64([1, 2]) };
  /** @type {Record<string, any>} */
  const layers = {
    segments: { name: "segments", count: 3, boxes, columns: { length: column([100, 200, 300]), reach: column(["cable", null, null]) }, packed: { reach: { words: ["cable"], bits: 8, data: base64([1, 0, 0]) } } },
    targets: { name: "targets", count: 2, boxes, columns: { segment: column(["S1", "S2"]), drop: column([5, 6]), district: column(["Alt", "Neu"]) }, packed: { district } },
    extended: { name: "extended", count: 0, boxes, columns: {}, packed: {} },
    reach: { name: "reach", count: 3, boxes, isTheme: true, columns: {}, packed: {} },
  };
  const legend = ["segments", "targets", "reach"].map((layer) => ({ layer, shown: layer !== "reach", rows: [] }));
  const visibility = new Visibility(layers, legend);
  const spec = { stand: "31.12.2021", notes: ["Lieferungen: EVL (Stand 31.12.2021)", "erfunden"], legend, figures: [{ label: "erreicht", value: "wie gedruckt", share: 1 }] };
  return { layers, visibility, spec };
}

const FIGURES = { whole: [1, 1, 2], passed: [0, 1, 1], connected: [0, 0, 1], new_duct: [10_000, 10_000, 1_000_250], built: [0, 5_500, 6_500], cable: [0, 0, 0], blown: [0, 0, 0], co_used: [0, 0, 2_500] };
const steps = (/** @type {number[]} */ values) => signed(values.map((value, i) => value - (values[i - 1] ?? 0)));

/** @returns {any} */
const raw = (changed = {}) => ({
  first: START,
  last: START + 30,
  notes: [[START, "Lieferungen: EVL (Stand 01.12.2021)"], [START + 10, "Lieferungen: EVL (Stand 11.12.2021)"]],
  ladders: { segments: LADDER, targets: LADDER },
  reasons: ["Witterung", "Genehmigung"],
  phase: "Bauabschnitt 1",
  phases: [[START, "Alt", "Bauabschnitt 1"], [START + 10, "Neu", "Bauabschnitt 1"]],
  unsettled: { targets: base64([1]), extended: "" },
  millimetres: short([0, 6, 5]),
  figures: Object.fromEntries(Object.entries(FIGURES).map(([name, values]) => [name, steps(values)])),
  layers: { segments: packed(SEGMENTS), targets: packed([[[START, 1]], [[START + 2, 2]]]), extended: packed([]) },
  ...changed,
});

/** @param {any} page @param {string} layer @param {string} name */
const columnOf = ({ layers }, layer, name) => Array.from({ length: layers[layer].count }, (_, row) => layers[layer].columns[name]?.at(row));

test("an earlier day stands in all columns, and the Stichtag stands again afterwards", () => {
  const page = made();
  const course = new Course(raw(), page);
  course.show(START + 12);
  assert.deepEqual(columnOf(page, "segments", "status"), ["gesperrt", "keine Angabe", "geplant"]);
  assert.deepEqual(columnOf(page, "segments", "class"), ["blocked", "no_data", "planned"]);
  assert.deepEqual(columnOf(page, "segments", "since"), ["10.12.2021", null, "04.12.2021"]);
  assert.deepEqual(columnOf(page, "segments", "reason"), ["Genehmigung", null, null]);
  assert.deepEqual(columnOf(page, "segments", "before"), ["im Bau", null, null]);
  assert.equal(page.spec.stand, "13.12.2021");
  assert.deepEqual(page.spec.notes, ["Lieferungen: EVL (Stand 11.12.2021)", "erfunden"]);
  course.show(START + 30);
  assert.deepEqual(columnOf(page, "segments", "class"), ["blocked", "no_data", "dropped"]);
  assert.equal(page.spec.notes[0], "Lieferungen: EVL (Stand 31.12.2021)");
  assert.equal(course.remark, "");
});

test("a class of several statuses is one word, whose rows are all found by it", () => {
  const page = made();
  const ladders = { segments: LADDER.map(([label, name, isProper]) => [label, name === "digging" ? "planned" : name, isProper]), targets: LADDER };
  new Course(raw({ ladders }), page).show(START + 6);
  const { words, codes } = page.visibility.codes("segments", "class");
  assert.deepEqual(words, [...new Set(words)]);
  assert.deepEqual([...codes].map((code) => words[code - 1]), ["planned", "no_data", "planned"]);
});

test("what is computed holds for the Stichtag alone", () => {
  const page = made();
  const course = new Course(raw(), page);
  course.show(START + 12);
  assert.equal(page.layers.segments.columns.reach, undefined);
  assert.deepEqual(page.visibility.codes("segments", "reach").words, []);
  assert.deepEqual(page.spec.legend.map((/** @type {any} */ group) => group.layer), ["segments", "targets"]);
  assert.deepEqual(columnOf(page, "targets", "segment"), ["S1", null]);
  assert.match(course.remark, /nur zum Stand 31\.12\.2021/);
  course.show(START + 30);
  assert.deepEqual(columnOf(page, "segments", "reach"), ["cable", null, null]);
  assert.deepEqual(columnOf(page, "targets", "segment"), ["S1", "S2"]);
  assert.equal(page.spec.legend.length, 3);
});

test("a connection belongs to a phase from the day its district does", () => {
  const page = made();
  const course = new Course(raw(), page);
  course.show(START + 9);
  assert.deepEqual([...page.visibility.mask("targets")], [1, 0]);
  course.show(START + 10);
  assert.deepEqual([...page.visibility.mask("targets")], [1, 1]);
  const whole = made();
  new Course(raw({ phase: null }), whole).show(START + 9);
  assert.deepEqual([...whole.visibility.mask("targets")], [1, 1]);
  assert.deepEqual(columnOf(whole, "targets", "phase"), ["Bauabschnitt 1", null]);
});

test("lengths are added up to the millimetre, and what is dropped is in none", () => {
  const page = made();
  new Course(raw(), page).show(START + 30);
  const sums = tally(page.visibility, "segments", page.visibility.all("segments"), null);
  assert.equal(sums.get("class/no_data")?.length, 200.03);
  assert.equal(sums.get("kind/")?.length, 300.03);
});

test("figures are worded as Python words them", () => {
  const page = made();
  const course = new Course(raw({ first: START, last: START + 3 }), page);
  course.day = START + 1;
  assert.deepEqual(figuresOf(course).map(({ label, value }) => [label, value]), [
    ["erreicht", "1/1 (100,0\u202f%)"],
    ["angeschlossen", "0/1 (0,0\u202f%)"],
    ["neues Rohr", "6 von 10\u202fm (55,0\u202f%)"],
  ]);
  course.day = START + 2;
  assert.deepEqual(figuresOf(course).slice(2).map(({ value }) => value), ["6\u202fm von 1,0\u202fkm (0,6\u202f%)", "2\u202fm vorhanden"]);
  course.day = START + 3;
  assert.equal(figuresOf(course)[0].value, "wie gedruckt");
  delete course.figures.passed;
  course.day = START;
  assert.deepEqual(figuresOf(course)[0], { label: "erreicht", value: "nur zum Stand 31.12.2021", share: null });
  assert.equal(percentOf(0, 0), "–");
});

test("what lies in the middle is rounded to the even side, as Python does", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 1000.5].map((value) => germanNumber(value)), ["0", "2", "2", "1.000"]);
  assert.deepEqual([0.25, 0.35, 12.75, 0.45].map((value) => germanNumber(value, 1)), ["0,2", "0,3", "12,8", "0,5"]);
});

test("a step goes to the stop beside the day, and never beyond the ends", () => {
  const stops = [10, 20, 30];
  assert.deepEqual([-1, 1].map((step) => stopBeside(stops, 20, step)), [10, 30]);
  assert.deepEqual([-1, 1].map((step) => stopBeside(stops, 15, step)), [10, 20]);
  assert.deepEqual([-3, -1, 1, 3].map((step) => stopBeside(stops, 5, step)), [10, 10, 10, 30]);
  assert.deepEqual([-1, 1].map((step) => stopBeside(stops, 30, step)), [20, 30]);
});

test("the curve begins where there is something to be part of", () => {
  assert.equal(pathOf([0, 0, 1, 1, 1], [0, 4, 4, 4, 4], 0.5), "M250 100L500 50L1000 50");
  assert.equal(pathOf([0], [0], 1), "");
});
