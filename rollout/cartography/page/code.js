/** The address of what a sheet shows as a QR code, on pages whose published address is known. */

import { paper } from "./print.js";
import { shape } from "./svg_ink.js";

/** Letters of the longest address: its code is 89 modules wide, which a telephone still reads from paper. */
const LONGEST_CODE = 560;
const MODULE_MM = 0.36;
const SMALLEST_MM = 22;
const QUIET = 4;

paper.code = codeElements;

/**
 * @param {import("./main.js").Page} page
 * @returns {SVGElement[]} none where the address is too long for a code
 */
function codeElements(page) {
  const address = `${page.paper.address}#${page.hash ?? page.instruments.hash()}`;
  if (address.length > LONGEST_CODE) return [];
  const { size, get } = leanQr.generate(address, { minCorrectionLevel: leanQr.correction.M });
  const wide = size + 2 * QUIET;
  const millimetres = Math.max(SMALLEST_MM, wide * MODULE_MM);
  const drawn = shape("svg", { class: "code", width: `${millimetres}mm`, height: `${millimetres}mm`, viewBox: `${-QUIET} ${-QUIET} ${wide} ${wide}`, role: "img", "aria-label": `QR-Code: ${address}` });
  drawn.append(shape("path", { d: modulesOf(size, get), fill: "#000000" }));
  return [drawn];
}

/**
 * @param {number} size
 * @param {(x: number, y: number) => boolean} get
 * @returns {string} a path of the dark modules, those beside each other in one
 */
function modulesOf(size, get) {
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = x;
      while (x < size && get(x, y)) x += 1;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}Z`;
    }
  }
  return path;
}
