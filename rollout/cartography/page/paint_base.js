/** The ground: land, districts, water, streets, the borders of the neighbours, and the city's with everything outside it dimmed. */

import { streetWidth } from "./scale.js";
import { boxOfView, rowsWithin } from "./seen.js";
import { BUDGET, Stamps } from "./stamps.js";
import { all, strokeWith, trace, traceAll } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./layers.js").Layer} Layer */

const OUTSIDE = "#e8e4dc";
const WATER = "#b9cbd6";
const STREET = "#ffffff";
const STREET_FAR = "#dcd6c9";
const CASING = "#cfc8b9";
const CASING_MAIN = "#bdb5a3";
const BORDER = "#aaa291";
const NEIGHBOUR = "#a39b8c";
const BOUNDARY = "#6d6558";

/** Below this zoom a minor street is a hairline, from it on a white band between two lines. */
const BAND_ZOOM = 13.75;

/**
 * @param {View} view
 */
export function paintGround(view) {
  view.ink.fillStyle = OUTSIDE;
  view.ink.fillRect(0, 0, view.width, view.height);
}

/**
 * @param {View} view
 * @param {Layer} districts
 * @param {{ land: string, aside: string }} colours
 * @param {Set<number>} emphasised rows
 */
export function paintDistricts(view, districts, colours, emphasised) {
  const { ink } = view;
  const rows = [...all(districts.count)];
  const fills = [
    [colours.aside, rows.filter((row) => !emphasised.has(row))],
    [colours.land, rows.filter((row) => emphasised.has(row))],
  ];
  for (const [colour, chosen] of /** @type {[string, number[]][]} */ (fills)) {
    traceAll(view, districts, chosen, true);
    ink.fillStyle = colour;
    ink.setLineDash([]);
    ink.fill("evenodd");
    strokeWith(ink, colour, 0.8);
  }
}

/**
 * @param {View} view
 * @param {Layer} water
 */
export function paintWater(view, water) {
  traceAll(view, water, all(water.count), true);
  view.ink.fillStyle = WATER;
  view.ink.fill("evenodd");
}

/**
 * @param {View} view
 * @param {Layer} streets
 * @param {import("./seen.js").Coded} ranks
 * @returns {boolean} whether all of them were drawn as ever, and not in a simpler way
 */
export function paintStreets(view, streets, { words, codes }) {
  const code = words.indexOf("main") + 1;
  const seen = rowsWithin(streets, boxOfView(view, 24), null);
  const [main, minor] = [true, false].map((isMain) => seen.filter((row) => (code > 0 && codes[row] === code) === isMain));
  const { ink, zoom } = view;
  const far = zoom < 13 ? STREET_FAR : CASING;
  if (seen.length > BUDGET) {
    const stamps = new Stamps(view);
    stamps.lines(streets, minor, far, streetWidth(zoom, false));
    stamps.lines(streets, main, CASING_MAIN, streetWidth(zoom, true));
    stamps.paint();
    return false;
  }
  ink.lineCap = "round";
  ink.lineJoin = "round";
  ink.setLineDash([]);
  const isBand = zoom >= BAND_ZOOM;
  stroke(view, streets, minor, isBand ? CASING : far, streetWidth(zoom, false) + (isBand ? 1.2 : 0));
  stroke(view, streets, main, CASING_MAIN, streetWidth(zoom, true) + 1.4);
  if (isBand) stroke(view, streets, minor, STREET, streetWidth(zoom, false));
  stroke(view, streets, main, STREET, streetWidth(zoom, true));
  return true;
}

/**
 * @param {View} view
 * @param {Layer} layer
 * @param {Uint32Array} rows in view
 * @param {string} colour
 * @param {number} width
 */
function stroke(view, layer, rows, colour, width) {
  view.ink.beginPath();
  for (const row of rows) trace(view, layer, row, false);
  strokeWith(view.ink, colour, width);
}

/**
 * @param {View} view
 * @param {Layer} districts
 */
export function paintBorders(view, districts) {
  const { ink, zoom } = view;
  traceAll(view, districts, all(districts.count), true);
  ink.lineJoin = "round";
  strokeWith(ink, BORDER, zoom < 14 ? 1 : 1.5);
}

/**
 * @param {View} view
 * @param {Layer} boundary
 */
export function paintBoundary(view, boundary) {
  const { ink, zoom } = view;
  traceAll(view, boundary, all(boundary.count), true);
  ink.lineJoin = "round";
  ink.lineCap = "butt";
  strokeWith(ink, "rgb(109 101 88 / 16%)", zoom < 14 ? 5 : 8);
  ink.setLineDash([10, 3, 2, 3]);
  strokeWith(ink, BOUNDARY, zoom < 14 ? 1.2 : 1.8);
  ink.setLineDash([]);
}

/**
 * Two municipalities share a border: drawn twice, the dashes of one would fill the gaps of the other. That of the city is drawn by itself.
 * @param {View} view
 * @param {Layer} neighbours
 * @param {Layer | undefined} boundary
 */
export function paintNeighbours(view, neighbours, boundary) {
  const { ink, scale, left, top } = view;
  const { xy } = neighbours;
  const sides = ownSides(neighbours, boundary);
  ink.beginPath();
  for (let i = 0; i < sides.length; i += 2) {
    const from = 2 * sides[i];
    const to = 2 * sides[i + 1];
    if (i === 0 || sides[i] !== sides[i - 1]) ink.moveTo(xy[from] * scale - left, xy[from + 1] * scale - top);
    ink.lineTo(xy[to] * scale - left, xy[to + 1] * scale - top);
  }
  ink.setLineDash([6, 4]);
  strokeWith(ink, NEIGHBOUR, 1);
  ink.setLineDash([]);
}

/** @type {WeakMap<Layer, number[]>} */
const ownSidesOf = new WeakMap();

/**
 * @param {Layer} neighbours
 * @param {Layer | undefined} boundary
 * @returns {number[]} both places of each side of the neighbours that is not the city's, each side once; found once
 */
function ownSides(neighbours, boundary) {
  const sides = ownSidesOf.get(neighbours) ?? [];
  if (ownSidesOf.has(neighbours)) return sides;
  const met = new Set();
  for (const { xy, starts } of boundary ? [boundary, neighbours] : [neighbours]) {
    const places = Array.from({ length: xy.length / 2 }, (_, i) => `${xy[2 * i]} ${xy[2 * i + 1]} `);
    for (let part = 1; part < starts.length; part += 1) {
      for (let i = starts[part - 1], last = starts[part] - 1; i < starts[part]; last = i, i += 1) {
        const [a, b] = [places[last], places[i]];
        const side = a < b ? a + b : b + a;
        if (xy === neighbours.xy && !met.has(side)) sides.push(last, i);
        met.add(side);
      }
    }
  }
  ownSidesOf.set(neighbours, sides);
  return sides;
}

/**
 * Dims what of the ground lies outside the city.
 * @param {View} view
 * @param {Layer} boundary
 */
export function dimOutside(view, boundary) {
  const { ink, width, height } = view;
  ink.beginPath();
  ink.rect(-1, -1, width + 2, height + 2);
  for (let row = 0; row < boundary.count; row += 1) trace(view, boundary, row, true);
  ink.fillStyle = "rgb(232 228 220 / 60%)";
  ink.fill("evenodd");
}
