/**
 * Says in what a page with a course, set to an earlier day, differs from the page of that day.
 * Called with both files of data and the day; prints a list of differences as JSON.
 */

import { readFileSync } from "node:fs";
import { argv } from "node:process";

Object.assign(globalThis, { L: { Renderer: { extend: (/** @type {object} */ parts) => parts } } });
const { pageOf } = await import("../../rollout/cartography/page/main.js");
const { Course } = await import("../../rollout/cartography/page/course.js");
const { dayOfIso } = await import("../../rollout/cartography/page/changes.js");
const { figuresOf } = await import("../../rollout/cartography/page/figures.js");
const { figureOf } = await import("../../rollout/cartography/page/legend.js");
const { tally } = await import("../../rollout/cartography/page/tally.js");

const COMPUTED = ["reach", "unlock", "near", "node", "route", "doubt"];
const PLACED = ["segment", "drop"];
const [course, that] = argv.slice(2, 4).map((path) => pageOf(readFileSync(path, "utf8")));
/** @type {string[]} */
const differences = [];
let placed = 0;

/** Bars are as wide whatever the last bit of their share. @param {{ share: number | null }} figure */
const rounded = ({ share, ...said }) => ({ ...said, share: share === null ? null : Math.round(share * 1e9) });

/** @param {string} what @param {unknown} ours @param {unknown} theirs */
const compare = (what, ours, theirs) => {
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) differences.push(`${what}: ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`);
};

course.course = new Course(course.course, course);
course.course.show(dayOfIso(argv[4]));
compare("stand", course.spec.stand, that.spec.stand);
compare("notes", course.spec.notes, that.spec.notes);
compare("figures", figuresOf(course.course).map(rounded), that.spec.figures.map(rounded));

for (const name of ["segments", "targets", "extended"]) {
  const [ours, theirs] = [course, that].map((page) => {
    const { columns, count } = page.layers[name];
    const isThere = page.visibility.all(name);
    const rows = Array.from({ length: count }, (_, row) => row).filter((row) => isThere[row] === 1);
    return new Map(rows.map((row) => [String(columns.id.at(row)), { columns, row }]));
  });
  compare(`${name}, rows`, [...ours.keys()].sort(), [...theirs.keys()].sort());
  for (const [id, { columns, row }] of ours) {
    const other = theirs.get(id);
    if (other === undefined) continue;
    for (const column of new Set([...Object.keys(columns), ...Object.keys(other.columns)])) {
      const [said, expected] = [columns[column]?.at(row) ?? null, other.columns[column]?.at(other.row) ?? null];
      if (COMPUTED.includes(column) ? said === null : PLACED.includes(column) && said === null) placed += Number(PLACED.includes(column));
      else compare(`${name} ${id} ${column}`, said, expected);
    }
  }
}

for (const group of course.spec.legend) {
  const mask = course.visibility.narrowed(group.layer);
  const sums = tally(course.visibility, group.layer, mask, null);
  const expected = that.spec.legend.find((/** @type {{ layer: string }} */ { layer }) => layer === group.layer);
  if (group.layer !== "nodes") compare(`${group.layer}, head`, figureOf(/** @type {any} */ ({ group, row: null }), sums, 0), expected?.figure.split(" ")[0] ?? "0");
  for (const row of group.rows) {
    const figures = row.figures.map((/** @type {string} */ _, /** @type {number} */ i) => figureOf(/** @type {any} */ ({ group: { ...group, columns: row.figures.length > 1 ? group.columns : group.layer === "segments" ? ["neu"] : [] }, row }), sums, i));
    const there = expected?.rows.find((/** @type {any} */ { facet, value }) => facet === row.facet && value === row.value);
    compare(`${group.layer}, ${row.facet} ${row.value}`, figures, there?.figures ?? figures.map(() => (group.layer === "segments" ? "–" : "0")));
  }
  const known = group.rows.map((/** @type {any} */ { facet, value }) => `${facet} ${value}`);
  compare(`${group.layer}, rows not offered`, (expected?.rows ?? []).map((/** @type {any} */ { facet, value }) => `${facet} ${value}`).filter((/** @type {string} */ row) => !known.includes(row)), []);
}

console.log(JSON.stringify({ differences: differences.slice(0, 20), count: differences.length, placed }));
