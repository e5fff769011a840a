/** One view to paint: a canvas with the pixels it covers, and what is in it. */

import { boxOfView, isAllWithin, isWithin } from "./seen.js";

/**
 * @typedef {object} View
 * @property {CanvasRenderingContext2D} ink
 * @property {number} zoom
 * @property {number} scale pixels per world pixel
 * @property {number} left world pixels at this zoom
 * @property {number} top world pixels at this zoom
 * @property {number} width
 * @property {number} height
 * @property {{ x: number, y: number, w: number, h: number }} frame what of it is seen
 * @property {{ x: number, y: number, w: number, h: number }[]} [covered] what of that lies under the page's controls
 */

/**
 * Adds a row's lines to the path that is being drawn.
 * @param {View} view
 * @param {import("./layers.js").Layer} layer
 * @param {number} row
 * @param {boolean} closed
 */
export function trace(view, layer, row, closed) {
  const { ink, scale, left, top } = view;
  const { xy, starts, parts } = layer;
  for (let part = parts[row]; part < parts[row + 1]; part += 1) {
    for (let i = starts[part]; i < starts[part + 1]; i += 1) {
      const x = xy[2 * i] * scale - left;
      const y = xy[2 * i + 1] * scale - top;
      if (i === starts[part]) ink.moveTo(x, y);
      else ink.lineTo(x, y);
    }
    if (closed) ink.closePath();
  }
}

/**
 * @param {View} view
 * @param {import("./layers.js").Layer} layer
 * @param {Iterable<number>} rows
 * @param {boolean} [closed]
 */
export function traceAll(view, layer, rows, closed = false) {
  const seen = boxOfView(view, 24);
  const isWhole = isAllWithin(layer, seen);
  view.ink.beginPath();
  for (const row of rows) if (isWhole || isWithin(layer.boxes, 4 * row, 2, seen)) trace(view, layer, row, closed);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {string} colour
 * @param {number} width
 */
export function strokeWith(ink, colour, width) {
  ink.strokeStyle = colour;
  ink.lineWidth = width;
  ink.stroke();
}

/**
 * @param {number} count
 * @returns {Uint32Array} 0, 1, 2, …
 */
export function all(count) {
  return Uint32Array.from({ length: count }, (_, row) => row);
}
