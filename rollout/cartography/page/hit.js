/** What lies under the pointer: a grid over the page's features, asked with a tolerance. */

/**
 * @typedef {{ layer: string, row: number }} Feature
 * @typedef {import("./layers.js").Layer} Layer
 */

/** World pixels; about 24 m at 51° north. */
const CELL = 1 / 4096;
const PLACES_IN_KEY = 2 ** 24;

/**
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
function cellOf(x, y) {
  return Math.floor(x / CELL) * PLACES_IN_KEY + Math.floor(y / CELL);
}

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
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether a polygon holds the place
 */
export function holds(layer, row, x, y) {
  let inside = false;
  const { xy, starts, parts } = layer;
  for (let part = parts[row]; part < parts[row + 1]; part += 1) {
    for (let i = starts[part], j = starts[part + 1] - 1; i < starts[part + 1]; j = i, i += 1) {
      const [xi, yi, xj, yj] = [xy[2 * i], xy[2 * i + 1], xy[2 * j], xy[2 * j + 1]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

export class HitIndex {
  /**
   * @param {Layer[]} layers what can be hit, the most wanted first
   */
  constructor(layers) {
    this.layers = layers;
    this.grids = layers.map((layer) => this.gridOf(layer));
  }

  /**
   * @param {Layer} layer
   * @returns {Map<number, number[]>} cell → rows
   */
  gridOf(layer) {
    const grid = new Map();
    for (let row = 0; row < layer.count; row += 1) {
      const [west, north, east, south] = layer.boxes.subarray(4 * row, 4 * row + 4);
      for (let x = west; x < east + CELL; x += CELL) {
        for (let y = north; y < south + CELL; y += CELL) {
          const key = cellOf(Math.min(x, east), Math.min(y, south));
          const rows = grid.get(key);
          if (rows === undefined) grid.set(key, [row]);
          else if (rows[rows.length - 1] !== row) rows.push(row);
        }
      }
    }
    return grid;
  }

  /**
   * @param {number} x world pixels
   * @param {number} y world pixels
   * @param {number} reach world pixels
   * @param {(layer: string, row: number) => boolean} isShown
   * @returns {Feature[]} by layer, then by distance
   */
  near(x, y, reach, isShown) {
    return this.layers.flatMap((layer, i) => {
      const rows = [...this.candidates(this.grids[i], x, y, reach)].filter((row) => isShown(layer.name, row));
      const found = rows.map((row) => ({ layer: layer.name, row, distance: distanceTo(layer, row, x, y) }));
      return found.filter((feature) => feature.distance <= reach).sort((a, b) => a.distance - b.distance || a.row - b.row);
    });
  }

  /**
   * @param {Map<number, number[]>} grid
   * @param {number} x
   * @param {number} y
   * @param {number} reach
   * @returns {Set<number>}
   */
  candidates(grid, x, y, reach) {
    const rows = new Set();
    for (let cx = x - reach; cx < x + reach + CELL; cx += CELL) {
      for (let cy = y - reach; cy < y + reach + CELL; cy += CELL) {
        for (const row of grid.get(cellOf(Math.min(cx, x + reach), Math.min(cy, y + reach))) ?? []) rows.add(row);
      }
    }
    return rows;
  }
}
