/** The printed sheet: map, title block, legend with counts, scale, north, Stand and street register, all of it vector. */

import { byId, element } from "./dom.js";
import { germanDate } from "./filter.js";
import { germanNumber } from "./format.js";
import { figureOf, sampleElement } from "./legend.js";
import { paintMarks } from "./marks.js";
import { extent, seenBox } from "./map.js";
import { OPEN_LINES } from "./panel.js";
import { Painter } from "./scene.js";
import { barOf, boxOf, FORMATS, frameOf, registerOf } from "./sheet.js";
import { SIMPLIFIED } from "./stamps.js";
import { shape, SvgInk } from "./svg_ink.js";
import { tally } from "./tally.js";

/**
 * @typedef {import("./main.js").Page} Page
 * @typedef {import("./sheet.js").Format} Format
 * @typedef {import("./sheet.js").Frame} Frame
 */

export const LISTED = ["segments", "targets", "extended"];

/** What modules of a page with an address, or of an atlas, put in place of these. */
export const paper = {
  code: (/** @type {Page} */ _page) => /** @type {Node[]} */ ([]),
  sheets: (/** @type {Page} */ page, /** @type {Format} */ format) => sheetElements(page, format),
};

/**
 * Readies the page for printing: the sheet is made when printing begins and leaves when it ends.
 * @param {Page} page
 */
export function listenToPrint(page) {
  let format = FORMATS.a4;
  const menu = byId("rollout-print-menu");
  const button = byId("rollout-print");
  const open = (/** @type {boolean} */ opened) => {
    menu.hidden = !opened;
    button.setAttribute("aria-expanded", String(opened));
  };
  button.addEventListener("click", () => open(menu.hidden));
  const box = button.parentElement;
  box.addEventListener("focusout", (/** @type {FocusEvent} */ event) => box.contains(event.relatedTarget) || open(false));
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    event.stopPropagation();
    open(false);
    button.focus();
  });
  for (const choice of Object.values(FORMATS)) {
    const item = element("button", { type: "button", class: "action" }, [choice.name]);
    item.addEventListener("click", () => {
      format = choice;
      open(false);
      window.print();
    });
    menu.append(item);
  }
  window.addEventListener("beforeprint", () => {
    document.getElementById("rollout-sheet")?.remove();
    document.body.append(element("div", { id: "rollout-sheet" }, paper.sheets(page, format)));
  });
  window.addEventListener("afterprint", () => document.getElementById("rollout-sheet")?.remove());
}

/**
 * @param {Page} page
 * @param {Format} format
 * @returns {HTMLElement[]}
 */
function sheetElements(page, format) {
  const frame = frameOf(format, within(seenBox(page), extent(page)));
  return [pageRule(format), frontElement(page, format, frame), ...registerElements(page, streetsOf(page, format, frame))];
}

/**
 * @param {Format} format
 * @returns {HTMLElement}
 */
export function pageRule({ page }) {
  return element("style", {}, [`@page{size:${page};margin:10mm 10mm 12mm;@bottom-right{content:"Seite " counter(page) " von " counter(pages);font:8pt system-ui,sans-serif}}`]);
}

/**
 * @param {Page} page
 * @param {Format} format
 * @param {Frame} frame
 * @returns {HTMLElement} one page: title, map and legend
 */
export function frontElement(page, format, frame) {
  return element("div", { class: `front ${format.kind}` }, [titleElement(page), mapElement(page, format, frame), keyElement(page, frame)]);
}

/**
 * @param {import("./tally.js").Box} seen
 * @param {number[] | null} whole what the page is about
 * @returns {import("./tally.js").Box} what is seen of it; all that is seen where that is nothing
 */
function within(seen, whole) {
  if (whole === null) return seen;
  const [width, height] = [whole[2] - whole[0], whole[3] - whole[1]];
  const wide = [whole[0] - width / 50, whole[1] - height / 50, whole[2] + width / 50, whole[3] + height / 50];
  const both = seen.map((side, i) => (i < 2 ? Math.max(side, wide[i]) : Math.min(side, wide[i])));
  return both[0] < both[2] && both[1] < both[3] ? both : seen;
}

/**
 * @param {Page} page
 * @returns {HTMLElement}
 */
export function titleElement(page) {
  const { spec, visibility } = page;
  const facets = Object.entries(visibility.filter.facets).map(([facet, value]) => (facet === "since" ? `geändert seit ${germanDate(value)}` : value));
  const told = page.limits ?? (facets.length === 0 ? "" : `Nur: ${facets.join(" · ")}`);
  const limits = told === "" ? [] : [element("p", { class: "limits" }, [told])];
  const warned = spec.sample ? ["Beispieldaten, keine echten Anschlüsse"] : [];
  const said = [
    element("p", {}, [`${spec.municipality} · ${spec.title}`]),
    element("h1", {}, [spec.heading]),
    ...limits,
    element("p", {}, [[`Stand ${spec.stand}`, ...warned, ...spec.notes].join(" · ")]),
    ...(spec.notice === undefined ? [] : [element("p", { class: "limits" }, [spec.notice.slice(0, OPEN_LINES).join(" · ")]), element("p", {}, [spec.notice.slice(OPEN_LINES).join(" · ")])]),
  ];
  return element("header", {}, [element("div", {}, said), ...paper.code(page)]);
}

/**
 * @param {Page} page
 * @param {Format} format
 * @param {Frame} frame
 * @returns {HTMLElement}
 */
export function mapElement(page, format, frame) {
  const { width, height } = frame;
  const drawn = shape("svg", { width: `${format.width}mm`, height: `${format.height}mm`, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Karte" });
  const ink = /** @type {any} */ (new SvgInk(drawn, [width, height]));
  const view = { ink, zoom: frame.zoom, scale: frame.scale, left: frame.left, top: frame.top, width, height, frame: { x: 0, y: 0, w: width, h: height } };
  const painter = new Painter({ ...page, isTiled: false });
  painter.paint(view);
  paintMarks(view, { ...page, pointed: null });
  drawn.append(gridElement(format, frame), northElement(width));
  const said = painter.isSimplified ? [element("p", { class: "note" }, [SIMPLIFIED])] : [];
  return element("div", { class: "sheet-map" }, [drawn, scaleElement(frame.denominator), ...said]);
}

/**
 * @param {Format} format
 * @param {Frame} frame
 * @returns {SVGElement}
 */
function gridElement({ columns, rows }, { width, height }) {
  const grid = shape("g", { class: "grid" });
  for (let i = 0; i < columns; i += 1) {
    const x = (i * width) / columns;
    if (i > 0) grid.append(shape("path", { d: `M${x} 0V${height}` }));
    grid.append(shape("text", { x: x + width / columns / 2, y: 14 }, [String.fromCharCode(65 + i)]));
  }
  for (let i = 0; i < rows; i += 1) {
    const y = (i * height) / rows;
    if (i > 0) grid.append(shape("path", { d: `M0 ${y}H${width}` }));
    grid.append(shape("text", { x: 10, y: y + height / rows / 2 }, [String(i + 1)]));
  }
  return grid;
}

/**
 * @param {number} width of the map
 * @returns {SVGElement}
 */
function northElement(width) {
  const arrow = shape("g", { class: "north", transform: `translate(${width - 30} 24)` });
  arrow.append(shape("path", { d: "M0 34L9 0L18 34L9 27Z" }), shape("text", { x: 9, y: 46 }, ["N"]));
  return arrow;
}

/**
 * @param {number} denominator
 * @returns {HTMLElement}
 */
function scaleElement(denominator) {
  const { metres, millimetres } = barOf(denominator);
  const bar = shape("svg", { class: "ruler", width: `${millimetres}mm`, height: "2mm", viewBox: "0 0 4 1", preserveAspectRatio: "none" });
  bar.append(shape("path", { d: "M0 0H4V1H0ZM1 0H2V1H1ZM3 0H4V1H3Z", "fill-rule": "evenodd", stroke: "#000", "vector-effect": "non-scaling-stroke" }));
  const length = metres < 1000 ? `${metres} m` : `${germanNumber(metres / 1000)} km`;
  return element("p", { class: "sheet-scale" }, [bar, element("span", {}, [length]), element("strong", {}, [`Maßstab 1 : ${germanNumber(denominator)}`])]);
}

/**
 * @param {Page} page
 * @param {Frame} frame
 * @returns {HTMLElement} the legend of what is shown, counted on the sheet and in all
 */
export function keyElement(page, frame) {
  const { spec, visibility } = page;
  const groups = spec.legend.filter(({ layer }) => visibility.isOn(layer)).map((group) => keyGroup(page, group, boxOf(frame)));
  return element("footer", {}, [element("div", { class: "keys" }, groups), element("p", { class: "note" }, [`Zahlen: auf diesem Blatt (von allen). ${sourcesOf(page)}`])]);
}

/**
 * @param {Page} page
 * @returns {string}
 */
export function sourcesOf({ spec }) {
  return [...spec.attribution, "Karte: Leaflet"].join(" · ");
}

/**
 * @param {Page} page
 * @param {import("./legend.js").LegendGroup} group
 * @param {import("./tally.js").Box} box
 * @returns {HTMLElement}
 */
function keyGroup(page, group, box) {
  const { visibility } = page;
  const mask = visibility.mask(group.layer);
  const [here, all] = [box, null].map((seen) => tally(visibility, group.layer, mask, seen));
  const rows = group.rows.filter(({ facet, value }) => !(visibility.filter.off[`${group.layer}/${facet}`] ?? []).includes(value));
  const lines = rows.map((row) => {
    const figures = row.figures.map((_, i) => {
      const [part, whole] = [here, all].map((sums) => figureOf({ group, row }, sums, i));
      return /^[–0]$/.test(whole) ? "" : `${row.figures.length > 1 ? group.columns[i] : ""} ${part} (${whole})`;
    }).filter((text) => text !== "");
    const number = element("span", { class: "number" }, (figures.length > 0 ? figures : ["–"]).map((text) => element("div", {}, [text])));
    return element("li", {}, [sampleElement(page, group.layer, row), element("span", {}, [row.label]), number]);
  });
  return element("section", {}, [element("h2", {}, [group.label]), element("ul", {}, lines)]);
}

/**
 * @param {Page} page
 * @param {Format} format
 * @param {Frame} frame
 * @returns {[string, string[]][]} street → its squares
 */
export function streetsOf(page, format, frame) {
  return registerOf(format, frame, LISTED.map((name) => ({ layer: page.layers[name], mask: page.visibility.mask(name) })));
}

/**
 * @param {Page} page
 * @param {[string, string[]][]} streets
 * @param {string} [told] what the squares are
 * @returns {HTMLElement[]} none where no street is known
 */
export function registerElements(page, streets, told = "Straßen mit Trassen oder Anschlüssen auf diesem Blatt und ihre Planquadrate") {
  if (streets.length === 0) return [];
  const lines = streets.map(([name, squares]) => element("li", {}, [element("span", {}, [name]), element("span", { class: "number" }, [squares.join(" ")])]));
  const heading = `Straßenverzeichnis · ${page.spec.heading} · Stand ${page.spec.stand}`;
  return [element("section", { class: "register" }, [element("h2", {}, [heading]), element("p", {}, [told]), element("ul", {}, lines)])];
}
