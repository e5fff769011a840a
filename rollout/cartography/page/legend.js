/** The legend, which is switch and filter: each layer and each word can be turned off and on, or be shown alone. */

import { isArea, sampleArea } from "./cells.js";
import { element, whenIdle } from "./dom.js";
import { isOnly } from "./filter.js";
import { germanNumber, lengthOf } from "./format.js";
import { crossAt, strokeLine } from "./paint_lines.js";
import { paintNodes, paintSymbols } from "./paint_points.js";
import { shape, SvgInk } from "./svg_ink.js";
import { tally } from "./tally.js";
import { sampleTheme } from "./themes.js";

/**
 * @typedef {{ facet: string, value: string, label: string, figures: string[], hint: string }} LegendRow
 * @typedef {{ layer: string, label: string, figure: string, columns: string[], rows: LegendRow[], shown: boolean, note: string, head: string, static: boolean }} LegendGroup
 * @typedef {import("./main.js").Page} Page
 */

const KIND_STYLE = { colour: "#55606b", width: 1.15, dash: [], mark: "" };
const WIDTH = 30;
const HEIGHT = 18;
/** Letters of a figure beyond which two columns of them take more room: from 1.000,0 km on. */
const LONG_FIGURE = 9;

/**
 * How a row of the legend looks on the map, for screen and paper alike.
 * @param {Page} page
 * @param {string} layer
 * @param {LegendRow} row
 * @returns {SVGElement}
 */
export function sampleElement(page, layer, row) {
  const drawn = shape("svg", { class: "swatch", width: WIDTH, height: HEIGHT, "aria-hidden": "true" });
  paintSample(page, /** @type {any} */ (new SvgInk(drawn)), layer, row);
  return drawn;
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} ink 30 by 18 pixels
 * @param {string} layer
 * @param {LegendRow} row
 */
function paintSample(page, ink, layer, row) {
  if (isArea(layer)) sampleArea(page, ink, layer, row.value);
  else if (page.layers[layer]?.isTheme) sampleTheme(page, ink, layer, row.value);
  else if (layer === "segments") sampleLine(page, ink, row);
  else samplePoint(page, ink, layer, row);
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} ink
 * @param {LegendRow} row
 */
function sampleLine(page, ink, row) {
  const styles = page.symbols.segments;
  const style = row.facet === "kind" ? KIND_STYLE : styles[row.value];
  ink.beginPath();
  ink.moveTo(3, HEIGHT / 2);
  ink.lineTo(WIDTH - 3, HEIGHT / 2);
  strokeLine(ink, style, 3.4 * style.width, row.value === "co_used");
  if (style.mark === "crosses") {
    ink.beginPath();
    [7, 15, 23].forEach((x) => crossAt(ink, x, HEIGHT / 2, 2.4));
    ink.strokeStyle = style.colour;
    ink.stroke();
  }
  if (style.mark === "question") paintSymbols(ink, [[WIDTH / 2, HEIGHT / 2]], "circle", style, { size: 5.5, outlined: false });
}

/**
 * @param {Page} page
 * @param {CanvasRenderingContext2D} ink
 * @param {string} layer
 * @param {LegendRow} row
 */
function samplePoint(page, ink, layer, row) {
  const place = [[WIDTH / 2, HEIGHT / 2]];
  const size = layer === "extended" ? 3.6 : 5.2;
  const { shapes, targets } = page.symbols;
  if (layer === "nodes") paintNodes(ink, place, shapes[row.value], 4, page.symbols);
  else if (row.facet === "category") paintSymbols(ink, place, shapes[row.value], { colour: "#55606b", mark: "" }, { size: size * 0.92, outlined: false });
  else paintSymbols(ink, place, "circle", targets[row.value], { size, outlined: false });
}

/**
 * @typedef {object} Line a line of the legend on the page
 * @property {LegendGroup} group
 * @property {LegendRow | null} row null for the head of the group
 * @property {HTMLInputElement} box
 * @property {HTMLElement[]} figures
 * @property {HTMLButtonElement} only
 */

/**
 * @param {Page} page
 * @param {LegendGroup} group
 * @param {LegendRow | null} row
 * @returns {Line}
 */
function lineOf(page, group, row) {
  const { layer } = group;
  const label = row?.label ?? group.label;
  const box = element("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    const shown = box.checked;
    page.visibility.dispatch(row === null ? { type: "layer", layer, shown } : { type: "word", layer, facet: row.facet, value: row.value, shown });
  });
  const only = element("button", { type: "button", class: "only", title: `nur „${label}“ zeigen`, "aria-label": `nur ${label}` }, ["nur"]);
  only.addEventListener("click", () => page.visibility.dispatch(row === null ? { type: "onlyLayer", layer } : { type: "only", layer, facet: row.facet, value: row.value }));
  const figures = (row?.figures ?? [group.figure]).map(() => element("span", { class: "figure" }));
  return { group, row, box, figures, only };
}

/**
 * @param {Page} page
 * @param {Line} line
 * @returns {HTMLElement}
 */
function lineElement(page, { group, row, box, figures, only }) {
  const name = row === null ? element("span", { class: "name", role: "heading", "aria-level": "3" }, [group.label]) : element("span", { class: "name" }, [row.label]);
  const children = row === null ? [box, name, ...figures] : [box, sampleElement(page, group.layer, row), name, ...figures];
  const label = element("label", { class: row === null ? "row head" : `row ${row.facet} columns-${figures.length}`, title: row?.hint ?? "" }, children);
  return element("div", { class: "line", ...(row === null ? {} : { "data-row": `${group.layer}/${row.facet}/${row.value}` }) }, [label, only]);
}

/**
 * @param {Page} page
 * @param {HTMLElement} section takes the group
 * @param {Line[]} lines
 */
function fillGroup(page, section, lines) {
  const { group } = lines[0];
  const rows = element("div", { class: "rows" });
  const [head, ...rest] = lines;
  rest.forEach((line, i) => {
    const isNew = i > 0 && group.rows[i - 1].facet !== line.row?.facet;
    if (isNew) rows.append(group.columns.length > 0 ? columnHeads(group) : element("hr"));
    rows.append(lineElement(page, line));
  });
  const note = group.note ? [element("p", { class: "note" }, [group.note])] : [];
  section.append(lineElement(page, head), ...note, rows);
}

/**
 * @param {LegendGroup} group
 * @returns {HTMLElement}
 */
function columnHeads(group) {
  return element("div", { class: "row columns-2 heads", "aria-hidden": "true" }, [
    element("span", { class: "name" }, [group.head]),
    ...group.columns.map((column) => element("span", { class: "figure" }, [column])),
  ]);
}

/**
 * Shows what the filter says.
 * @param {Page} page
 * @param {Line} line
 */
function showState(page, { group, row, box, only }) {
  const { filter, groups } = page.visibility;
  const { layer } = group;
  const isLone = row === null && Object.entries(filter.layers).every(([name, shown]) => shown === (name === layer));
  box.checked = row === null ? page.visibility.isOn(layer) : !(filter.off[`${layer}/${row.facet}`] ?? []).includes(row.value);
  only.setAttribute("aria-pressed", String(row === null ? isLone : isOnly(filter, groups, layer, row.facet, row.value)));
  if (row === null) box.closest("section")?.classList.toggle("off", !box.checked);
}

const SEGMENT_COLUMNS = ["new_duct", "co_used"];

/**
 * @param {Pick<Line, "group" | "row">} line
 * @param {Map<string, import("./tally.js").Sum>} sums
 * @param {number} column
 * @returns {string}
 */
export function figureOf({ group, row }, sums, column) {
  const word = row === null ? group.layer : `${row.facet}/${row.value}`;
  const key = row !== null && row.figures.length > 1 ? `${word}/${SEGMENT_COLUMNS[column]}` : word;
  const { count, length } = sums.get(key) ?? { count: 0, length: 0 };
  if (group.columns.length === 0 || row === null) return germanNumber(count);
  return count === 0 ? "–" : lengthOf(length);
}

/**
 * Writes the figures: what is in view, and below it what there is in all where that is more.
 * @param {Page} page
 * @param {Line[]} lines of one group
 * @param {import("./tally.js").Box | null} seen null before the map has moved
 */
function showFigures(page, lines, seen) {
  const { visibility } = page;
  const name = lines[0].group.layer;
  if (lines[0].group.static) {
    for (const line of lines) line.figures.forEach((place, i) => place.replaceChildren(line.row?.figures[i] ?? line.group.figure));
    return;
  }
  const isWhole = Object.keys(visibility.filter.facets).length === 0 && !page.course?.isPast;
  const inAll = isWhole ? null : tally(visibility, name, visibility.narrowed(name), null);
  const inView = seen === null ? null : tally(visibility, name, visibility.narrowed(name), seen);
  for (const line of lines) {
    const said = line.figures.map((place, i) => {
      const whole = inAll === null ? (line.row?.figures[i] ?? line.group.figure) : figureOf(line, inAll, i);
      const part = inView === null ? "" : figureOf(line, inView, i);
      const ofWhole = `von ${whole.replace(/e$/, "en")}`;
      const isPart = inView !== null && !whole.includes(" von ") && part !== (inAll === null ? figureOf(line, tallyOfAll(page, name), i) : whole);
      place.replaceChildren(isPart ? part : whole, ...(isPart ? [element("small", {}, [ofWhole])] : []));
      const column = line.row !== null && line.figures.length > 1 ? `${line.group.columns[i]} ` : "";
      return column + (isPart ? `${part} ${ofWhole} im Ausschnitt` : whole);
    });
    line.box.setAttribute("aria-label", [line.row?.label ?? line.group.label, ...said].join(", "));
  }
}

/** @type {Map<string, Map<string, import("./tally.js").Sum>>} */
const ofAll = new Map();

/**
 * @param {Page} page
 * @param {string} name layer
 * @returns {Map<string, import("./tally.js").Sum>} of all its rows, summed up once
 */
function tallyOfAll(page, name) {
  const found = ofAll.get(name) ?? tally(page.visibility, name, page.visibility.all(name), null);
  ofAll.set(name, found);
  return found;
}

/**
 * @param {HTMLElement} place
 * @param {Page} page
 * @returns {(seen: import("./tally.js").Box | null) => void} writes the figures anew
 */
export function buildLegend(place, page) {
  const { legend } = page.spec;
  /** @type {Line[][]} */
  const built = [];
  /** @type {import("./tally.js").Box | null} */
  let counted = null;
  const sections = legend.map((group) => element("section", { class: "group", "data-group": group.layer }));
  const build = (/** @type {Element} */ section) => {
    if (section.firstChild !== null) return;
    const group = legend[sections.indexOf(section)];
    const lines = [null, ...group.rows].map((row) => lineOf(page, group, row));
    fillGroup(page, /** @type {HTMLElement} */ (section), lines);
    built.push(lines);
    lines.forEach((line) => showState(page, line));
    showFigures(page, lines, counted);
  };
  place.append(...sections);
  place.classList.toggle("wide", legend.some(({ rows }) => rows.some(({ figures }) => figures.some(({ length }) => length > LONG_FIGURE))));
  sections.slice(0, 1).forEach(build);
  // what lies below the fold when the page opens is built when it is scrolled to, or when nothing else is to do
  const near = new window.IntersectionObserver((seen) => seen.forEach(({ isIntersecting, target }) => isIntersecting && build(target)));
  sections.forEach((section) => near.observe(section));
  whenIdle(() => sections.forEach(build));
  page.visibility.listeners.push(() => built.flat().forEach((line) => showState(page, line)));
  return (seen) => {
    counted = seen;
    built.forEach((lines) => showFigures(page, lines, seen));
  };
}
