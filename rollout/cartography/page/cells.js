/** Districts and cells of 100 m, filled by the share that is connected; what is not told is hatched. */

import { holds } from "./hit.js";
import { strokeWith, traceAll } from "./view.js";

/** @typedef {import("./main.js").Page} Page */

const AREAS = ["areas", "cells"];
const UNTOLD = "kept";
const EDGE_OF_CELL = "rgb(29 39 51 / 45%)";
const AREA_STRIPE = 6;

/**
 * @param {string} layer
 * @returns {boolean}
 */
export function isArea(layer) {
  return AREAS.includes(layer);
}

/**
 * @param {import("./view.js").View} view
 * @param {Page} page
 */
export function paintAreas(view, page) {
  for (const name of AREAS.filter((area) => page.layers[area] !== undefined)) {
    const mask = page.visibility.mask(name);
    const { words, codes } = page.visibility.codes(name, "class");
    words.forEach((word, i) => {
      const rows = [...codes.keys()].filter((row) => mask[row] === 1 && codes[row] === i + 1);
      traceAll(view, page.layers[name], rows, true);
      fillArea(view.ink, page.symbols.areas[word], word, name === "cells" ? 0.92 : 0.5);
      if (name === "cells") edgeArea(view.ink);
      if (word === UNTOLD) hatchArea(view.ink, page.symbols.areas[word], view.width, view.height);
    });
  }
}

/** @param {CanvasRenderingContext2D} ink */
function edgeArea(ink) {
  ink.setLineDash([]);
  strokeWith(ink, EDGE_OF_CELL, 0.8);
}

/**
 * Fills the current path, which stays.
 * @param {CanvasRenderingContext2D} ink
 * @param {string} colour
 * @param {string} word class
 * @param {number} strength
 */
function fillArea(ink, colour, word, strength) {
  ink.save();
  ink.globalAlpha = word === UNTOLD ? strength * 0.35 : strength;
  ink.fillStyle = colour;
  ink.fill("evenodd");
  ink.restore();
}

/**
 * Hatches what the current path holds; the path is lost.
 * @param {CanvasRenderingContext2D} ink
 * @param {string} colour
 * @param {number} width
 * @param {number} height
 */
function hatchArea(ink, colour, width, height) {
  ink.save();
  ink.clip("evenodd");
  ink.beginPath();
  for (let x = -height; x < width; x += AREA_STRIPE) {
    ink.moveTo(x, height);
    ink.lineTo(x + height, 0);
  }
  ink.setLineDash([]);
  strokeWith(ink, colour, 1.4);
  ink.restore();
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} ink 30 by 18 pixels
 * @param {string} layer
 * @param {string} word
 */
export function sampleArea(page, ink, layer, word) {
  ink.beginPath();
  ink.rect(5, 2, 20, 14);
  fillArea(ink, page.symbols.areas[word], word, layer === "cells" ? 0.92 : 0.7);
  edgeArea(ink);
  if (word === UNTOLD) hatchArea(ink, page.symbols.areas[word], 30, 18);
}

/**
 * @param {Page} page
 * @param {number} x world pixels
 * @param {number} y world pixels
 * @returns {import("./hit.js").Feature[]} the cell there, else the district
 */
export function areaAt(page, x, y) {
  for (const layer of ["cells", "districts"]) {
    const found = page.layers[layer];
    const mask = found === undefined ? [] : page.visibility.mask(layer);
    const row = page.isDrawn("districts") ? [...mask.keys()].find((one) => mask[one] === 1 && holds(found, one, x, y)) : undefined;
    if (row !== undefined) return [{ layer, row }];
  }
  return [];
}
