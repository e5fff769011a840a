/** What lies under the pointer, within a tolerance. */

import { rowsWithin } from "./seen.js";

/**
 * @typedef {{ layer: string, row: number }} Feature
 * @typedef {import("./layers.js").Layer} Layer
 */

/**
 * @param {number} px
 * @param {number} py
 * @param {Float64Array} xy
 * @param {number} i second end of the edge
 * @returns {number}
 */
function edgeDistance(px, py, xy, i) {
  const [ax, ay, bx, by] = [xy[2 * i - 2], xy[2 * i - 1], xy[2 * i], xy[2 * i + 1]];
  const square = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = square === 0 ? 0 : Math.min(Math.max(((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / square, 0), 1);
  return Math.hypot(px - ax - (bx - ax) * share, py - ay - (by - ay) * share);
}

/**
 * @param {Layer} layer
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @returns {number} world pixels
 */
export function distanceTo(layer, row, x, y) {
  if (layer.points) return Math.hypot(layer.xy[2 * row] - x, layer.xy[2 * row + 1] - y);
  let nearest = Infinity;
  for (let part = layer.parts[row]; part < layer.parts[row + 1]; part += 1) {
    for (let i = layer.starts[part] + 1; i < layer.starts[part + 1]; i += 1) nearest = Math.min(nearest, edgeDistance(x, y, layer.xy, i));
  }
  return nearest;
}

/**
 * @param {Layer} layer
 * @param {number} row
 * @param {number} y
 * @returns {number[]} where a line from west to east crosses the edge of a polygon, in no order
 */
function crossings({ xy, starts, parts }, row, y) {
  const found = [];
  for (let part = parts[row]; part < parts[row + 1]; part += 1) {
    for (let i = starts[part], j = starts[part + 1] - 1; i < starts[part + 1]; j = i, i += 1) {
      const yi = xy[2 * i + 1];
      const yj = xy[2 * j + 1];
      if (yi > y !== yj > y) found.push(((xy[2 * j] - xy[2 * i]) * (y - yi)) / (yj - yi) + xy[2 * i]);
    }
  }
  return found;
}

/**
 * @param {Layer} layer
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether a polygon holds the place
 */
export function holds(layer, row, x, y) {
  return crossings(layer, row, y).filter((at) => x < at).length % 2 === 1;
}

/**
 * @param {Layer[]} layers what can be hit, the most wanted first
 * @param {number} x world pixels
 * @param {number} y world pixels
 * @param {number} reach world pixels
 * @param {(layer: string) => Uint8Array | null} shown 1 for each row that is shown; null where none is
 * @returns {Feature[]} by layer, then by distance
 */
export function hits(layers, x, y, reach, shown) {
  return layers.flatMap((layer) => {
    const mask = shown(layer.name);
    const rows = mask === null ? [] : [...rowsWithin(layer, [x - reach, y - reach, x + reach, y + reach], mask)];
    const found = rows.map((row) => ({ layer: layer.name, row, distance: distanceTo(layer, row, x, y) }));
    return found.filter((feature) => feature.distance <= reach).sort((a, b) => a.distance - b.distance || a.row - b.row);
  });
}
