/** The key figures of a page on the day that is shown, worded as Python words them. */

import { germanNumber, lengthOf, NARROW_SPACE } from "./format.js";

/**
 * @typedef {import("./course.js").Course} Course
 * @typedef {{ label: string, value: string, share: number | null }} Figure
 */

/**
 * @param {number} part
 * @param {number} whole
 * @returns {string} e.g. 62,4 %; a dash where there is nothing to be part of
 */
export function percentOf(part, whole) {
  return whole === 0 ? "–" : `${germanNumber((100 * part) / whole, 1)}${NARROW_SPACE}%`;
}

/**
 * @param {Course} course
 * @returns {Figure[]}
 */
export function figuresOf(course) {
  if (!course.isPast) return course.spec.figures;
  const existing = course.figure("co_used");
  const found = [countFigure(course, "erreicht", "passed"), countFigure(course, "angeschlossen", "connected")];
  found.push(...lengthFigure("neues Rohr", course.figure("built"), course.figure("new_duct")), ...lengthFigure("Kabel", course.figure("blown"), course.figure("cable")));
  return existing === 0 ? found : [...found, { label: "mitgenutzt", value: `${lengthOf(existing / 100)} vorhanden`, share: null }];
}

/**
 * @param {Course} course
 * @param {string} label
 * @param {string} name
 * @returns {Figure}
 */
function countFigure(course, label, name) {
  const [part, whole] = [course.figure(name), course.figure("whole")];
  if (Number.isNaN(part)) return { label, value: `nur zum Stand ${course.spec.stand}`, share: null };
  const share = percentOf(part, whole);
  return { label, value: whole === 0 ? share : `${germanNumber(part)}/${germanNumber(whole)} (${share})`, share: whole && part / whole };
}

/**
 * @param {string} label
 * @param {number} part millimetres
 * @param {number} whole millimetres
 * @returns {Figure[]} none where there is nothing to be part of
 */
function lengthFigure(label, part, whole) {
  if (whole === 0) return [];
  const [done, planned] = [part, whole].map((millimetres) => lengthOf(millimetres / 100));
  const unit = NARROW_SPACE + planned.split(NARROW_SPACE)[1];
  const said = done.endsWith(unit) ? done.slice(0, -unit.length) : done;
  return [{ label, value: `${said} von ${planned} (${percentOf(part / 1000, whole / 1000)})`, share: part / whole }];
}
