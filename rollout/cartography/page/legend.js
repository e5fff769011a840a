/** The legend, which is the switch: each layer and each of its words can be turned off and on. */

import { element, swatch } from "./dom.js";
import { crossAt, strokeLine } from "./paint_lines.js";
import { paintNodes, paintSymbols } from "./paint_points.js";

/**
 * @typedef {{ facet: string, value: string, label: string, figures: string[], hint: string }} LegendRow
 * @typedef {{ layer: string, label: string, figure: string, columns: string[], rows: LegendRow[], shown: boolean, note: string, head: string }} LegendGroup
 * @typedef {import("./main.js").Page} Page
 */

const KIND_STYLE = { colour: "#55606b", width: 1.15, dash: [], mark: "" };
const WIDTH = 30;
const HEIGHT = 18;

/**
 * @param {Page} page
 * @param {string} layer
 * @param {LegendRow} row
 * @returns {HTMLCanvasElement}
 */
function sample(page, layer, row) {
  const { canvas, ink } = swatch(WIDTH, HEIGHT);
  if (layer === "segments") sampleLine(page, ink, row);
  else samplePoint(page, ink, layer, row);
  return canvas;
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
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} changed
 * @returns {HTMLInputElement}
 */
function checkbox(label, checked, changed) {
  const box = element("input", { type: "checkbox", "aria-label": label });
  box.checked = checked;
  box.addEventListener("change", () => changed(box.checked));
  return box;
}

/**
 * @param {Page} page
 * @param {LegendGroup} group
 * @param {LegendRow} row
 * @returns {HTMLElement}
 */
function rowElement(page, group, row) {
  const said = [row.label, ...row.figures.map((figure, i) => (row.figures.length > 1 ? `${group.columns[i]} ${figure}` : figure))].join(", ");
  const box = checkbox(said, true, (checked) => page.visibility.showWord(group.layer, row.facet, row.value, checked));
  const figures = row.figures.map((figure) => element("span", { class: "figure" }, [figure]));
  const children = [box, sample(page, group.layer, row), element("span", { class: "name" }, [row.label]), ...figures];
  return element("label", { class: `row ${row.facet} columns-${row.figures.length}`, "data-row": `${group.layer}/${row.facet}/${row.value}`, title: row.hint }, children);
}

/**
 * @param {Page} page
 * @param {LegendGroup} group
 * @returns {HTMLElement}
 */
function groupElement(page, group) {
  const section = element("section", { class: "group", "data-group": group.layer });
  const box = checkbox(`${group.label}, ${group.figure}`, group.shown, (checked) => {
    section.classList.toggle("off", !checked);
    page.visibility.showLayer(group.layer, checked);
  });
  section.classList.toggle("off", !group.shown);
  const name = element("span", { class: "name", role: "heading", "aria-level": "3" }, [group.label]);
  section.append(element("label", { class: "row head" }, [box, name, element("span", { class: "figure" }, [group.figure])]));
  if (group.note) section.append(element("p", { class: "note" }, [group.note]));
  const rows = element("div", { class: "rows" });
  group.rows.forEach((row, i) => {
    const isNew = i > 0 && group.rows[i - 1].facet !== row.facet;
    if (isNew && group.columns.length > 0) rows.append(columnHeads(group));
    else if (isNew) rows.append(element("hr"));
    rows.append(rowElement(page, group, row));
  });
  section.append(rows);
  return section;
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
 * @param {HTMLElement} place
 * @param {Page} page
 */
export function buildLegend(place, page) {
  place.replaceChildren(...page.spec.legend.map((group) => groupElement(page, group)));
}
