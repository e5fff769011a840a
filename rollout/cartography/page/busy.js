/** Where the page's own features lie, so that street names keep off them. */

import { boxOfView, rowsWithin } from "./seen.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./layers.js").Layer} Layer */

const PATCH = 7;
const ROW = 2 ** 16;

export class Busy {
  /**
   * @param {View} view
   * @param {import("./main.js").Page} page
   */
  constructor(view, page) {
    /** @type {Set<number>} */
    this.cells = new Set();
    for (const name of ["segments", "targets", "extended", "nodes"]) {
      if (!page.isDrawn(name) || !page.visibility.isOn(name)) continue;
      const layer = page.layers[name];
      for (const row of rowsWithin(layer, boxOfView(view, 0), page.visibility.mask(name))) this.markRow(view, layer, row);
    }
  }

  /**
   * @param {View} view
   * @param {Layer} layer
   * @param {number} row
   */
  markRow(view, layer, row) {
    const { xy, starts, parts } = layer;
    for (let part = parts[row]; part < parts[row + 1]; part += 1) {
      for (let i = starts[part]; i < starts[part + 1]; i += 1) {
        const before = i > starts[part] ? i - 1 : i;
        const [x0, y0] = [xy[2 * before] * view.scale - view.left, xy[2 * before + 1] * view.scale - view.top];
        const [x1, y1] = [xy[2 * i] * view.scale - view.left, xy[2 * i + 1] * view.scale - view.top];
        const steps = Math.min(Math.ceil(Math.hypot(x1 - x0, y1 - y0) / PATCH), 2000);
        for (let step = 0; step <= steps; step += 1) this.mark(x0 + ((x1 - x0) * step) / (steps || 1), y0 + ((y1 - y0) * step) / (steps || 1));
      }
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  mark(x, y) {
    this.cells.add((Math.floor(x / PATCH) + ROW / 2) * ROW + Math.floor(y / PATCH) + ROW / 2);
  }

  /**
   * @param {{ x: number, y: number, w: number, h: number }[]} boxes
   * @returns {boolean} whether a feature lies in one of them
   */
  meets(boxes) {
    return boxes.some((box) => {
      for (let x = box.x; x <= box.x + box.w; x += PATCH) {
        for (let y = box.y; y <= box.y + box.h; y += PATCH) {
          if (this.cells.has((Math.floor(x / PATCH) + ROW / 2) * ROW + Math.floor(y / PATCH) + ROW / 2)) return true;
        }
      }
      return false;
    });
  }
}
