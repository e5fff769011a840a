/** What is pointed at and what is chosen, drawn above the map. */

import { symbolSize, trenchWidth } from "./scale.js";
import { strokeWith, traceAll } from "./view.js";

const CHOSEN = "#ffd23f";

/**
 * @param {import("./view.js").View} view
 * @param {import("./main.js").Page} page
 */
export function paintMarks(view, page) {
  const { pointed, chosen, chosenStreet } = page;
  if (pointed !== null) paintMark(view, page, { layer: pointed.layer, rows: [pointed.row] }, false);
  if (chosen !== null) paintMark(view, page, { layer: chosen.layer, rows: [chosen.row] }, true);
  if (chosenStreet !== null) paintMark(view, page, chosenStreet, true);
}

/**
 * @param {import("./view.js").View} view
 * @param {import("./main.js").Page} page
 * @param {{ layer: string, rows: number[] }} marked
 * @param {boolean} chosen
 */
function paintMark(view, page, marked, chosen) {
  const layer = page.layers[marked.layer];
  const { ink } = view;
  ink.setLineDash([]);
  ink.lineCap = "round";
  ink.lineJoin = "round";
  if (layer.points) {
    const radius = symbolSize(view.zoom) + 5;
    ink.beginPath();
    for (const row of marked.rows) {
      const [x, y] = [layer.xy[2 * row] * view.scale - view.left, layer.xy[2 * row + 1] * view.scale - view.top];
      ink.moveTo(x + radius, y);
      ink.arc(x, y, radius, 0, 2 * Math.PI);
    }
    outline(ink, chosen ? 3.5 : 2, chosen);
    return;
  }
  const closed = ["districts", "cells"].includes(marked.layer);
  traceAll(view, layer, marked.rows, closed);
  if (closed) outline(ink, 2.5, chosen);
  else band(ink, trenchWidth(view.zoom) * 1.6 + 7, chosen);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 * @param {boolean} chosen
 */
function outline(ink, width, chosen) {
  strokeWith(ink, "#1d2733", width + 2);
  strokeWith(ink, chosen ? CHOSEN : "#ffffff", width);
}

/**
 * A band that lets the line's own style show through; on the screen a chosen one has an edge, since yellow alone is lost on
 * light ground. Vectors cannot be cut out of each other: paper does without.
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 * @param {boolean} chosen
 */
function band(ink, width, chosen) {
  if (chosen && ink.globalCompositeOperation) {
    strokeWith(ink, "#1d2733", width + 3);
    ink.globalCompositeOperation = "destination-out";
    strokeWith(ink, "#000", width);
    ink.globalCompositeOperation = "source-over";
  }
  strokeWith(ink, chosen ? "rgb(255 210 63 / 62%)" : "rgb(29 39 51 / 22%)", width);
}
