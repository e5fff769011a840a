/** The S-curve above the slider: which share of the connections was reached and connected when, and where we stand. */

import { element } from "./dom.js";
import { NARROW_SPACE } from "./format.js";
import { shape } from "./svg_ink.js";

/** @typedef {import("./course.js").Course} Course */

const CURVE_WIDTH = 1000;
const CURVE_HEIGHT = 100;
/** Shares that the upper edge may stand for. */
const FULL = [0.1, 0.25, 0.5, 1];

/**
 * @param {number[]} part
 * @param {number[]} whole
 * @param {number} full the share at the upper edge
 * @returns {string} a path that begins where there is something to be part of
 */
export function pathOf(part, whole, full) {
  const heights = whole.map((sum, i) => (sum === 0 ? NaN : Math.round(10 * CURVE_HEIGHT * (1 - part[i] / sum / full)) / 10));
  const places = heights.flatMap((height, i) => (height >= 0 && (height !== heights[i - 1] || i === heights.length - 1) ? [`${Math.round((10 * CURVE_WIDTH * i) / (heights.length - 1)) / 10} ${height}`] : []));
  return places.length === 0 ? "" : `M${places.join("L")}`;
}

/**
 * @param {Course} course
 * @returns {{ drawn: Element[], follow: () => void }} `follow` moves the line to the day that is shown
 */
export function curveOf(course) {
  const { first, last, figures, raw } = course;
  const x = (/** @type {number} */ day) => (CURVE_WIDTH * (day - first)) / (last - first);
  const line = (/** @type {string} */ name, /** @type {string} */ d) => shape("path", { class: name, d, "vector-effect": "non-scaling-stroke" });
  const ticks = raw.stops.delivery.map((/** @type {number} */ day) => `M${x(day)} ${CURVE_HEIGHT}v-9`).join("");
  const now = line("now", "");
  const shown = ["passed", "connected"].filter((name) => figures[name]);
  const most = Math.max(...shown.flatMap((name) => figures[name].map((part, i) => part / (figures.whole[i] || 1))));
  const full = FULL.find((share) => share >= most) ?? 1;
  const curves = shown.map((name) => line(name, pathOf(figures[name], figures.whole, full)));
  const drawing = shape("svg", { class: "curve", viewBox: `0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }, [line("tick", ticks), ...curves, now]);
  return { drawn: [drawing, element("span", { class: "full", "aria-hidden": "true" }, [`${100 * full}${NARROW_SPACE}%`])], follow: () => now.setAttribute("d", `M${x(course.day)} 0V${CURVE_HEIGHT}`) };
}
