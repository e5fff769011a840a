/** What is pointed at and what is chosen, drawn above the map. */

import { symbolSize, trenchWidth } from "./scale.js";
import { traceAll } from "./view.js";

const CHOSEN = "#ffd23f";

/**
 * @param {import("./view.js").View} view
 * @param {import("./main.js").Page} page
 */
export function paintMarks(view, page) {
  if (page.pointed !== null) paintMark(view, page, page.pointed, false);
  if (page.chosen !== null) paintMark(view, page, page.chosen, true);
  const street = page.chosenStreet;
  if (street !== null) street.rows.forEach((row) => paintMark(view, page, { layer: street.layer, row }, true));
}

/**
 * @param {import("./view.js").View} view
 * @param {import("./main.js").Page} page
 * @param {import("./hit.js").Feature} feature
 * @param {boolean} chosen
 */
function paintMark(view, page, feature, chosen) {
  const layer = page.layers[feature.layer];
  const { ink } = view;
  ink.setLineDash([]);
  ink.lineCap = "round";
  ink.lineJoin = "round";
  if (layer.points) {
    const x = layer.xy[2 * feature.row] * view.scale - view.left;
    const y = layer.xy[2 * feature.row + 1] * view.scale - view.top;
    ink.beginPath();
    ink.arc(x, y, symbolSize(view.zoom) * 1.6 + 5, 0, 2 * Math.PI);
    outline(ink, chosen ? 3.5 : 2, chosen);
    return;
  }
  const closed = feature.layer === "districts";
  traceAll(view, layer, [feature.row], closed);
  if (closed) outline(ink, 2.5, chosen);
  else band(ink, trenchWidth(view.zoom) * 1.6 + 7, chosen);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 * @param {boolean} chosen
 */
function outline(ink, width, chosen) {
  ink.strokeStyle = "#1d2733";
  ink.lineWidth = width + 2;
  ink.stroke();
  ink.strokeStyle = chosen ? CHOSEN : "#ffffff";
  ink.lineWidth = width;
  ink.stroke();
}

/**
 * A band that lets the line's own style show through.
 * @param {CanvasRenderingContext2D} ink
 * @param {number} width
 * @param {boolean} chosen
 */
function band(ink, width, chosen) {
  ink.strokeStyle = chosen ? "rgb(255 210 63 / 62%)" : "rgb(29 39 51 / 22%)";
  ink.lineWidth = width;
  ink.stroke();
}
