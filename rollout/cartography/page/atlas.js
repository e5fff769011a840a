/** The atlas: an overview, one sheet per district, and one street register over all of them. */

import { encoded } from "./address.js";
import { element } from "./dom.js";
import { isoDate } from "./filter.js";
import { germanNumber, germanOrder } from "./format.js";
import { frontElement, keyElement, mapElement, pageRule, LISTED, paper, registerElements, sourcesOf, streetsOf, titleElement } from "./print.js";
import { latitudeOf, longitudeOf } from "./projection.js";
import { boxOf, FORMATS, frameOf } from "./sheet.js";
import { Visibility } from "./visibility.js";

/**
 * @typedef {import("./main.js").Page} Page
 * @typedef {import("./sheet.js").Format} Format
 * @typedef {import("./sheet.js").Frame} Frame
 * @typedef {{ page: any, name: string, row: number, frame: Frame, number: number }} Sheet of one district; `number` of its page
 */

/** How many sheets the overview lists beside its map; more go on pages of their own, so many on each. */
const ON_OVERVIEW = /** @type {Record<string, number>} */ ({ tall: 36, wide: 44 });
const ON_LIST = /** @type {Record<string, number>} */ ({ tall: 150, wide: 250 });
/** How many leave room for the legend below them. */
const BESIDE_LEGEND = /** @type {Record<string, number>} */ ({ tall: 0, wide: 20 });
/** Pixels of a screen that a linked view is to fit. */
const SCREEN = [800, 600];
const MARGIN_OF_SHEET = 1 / 40;

paper.sheets = (page) => atlasElements(page, FORMATS[page.paper.atlas.format], page.paper.atlas.districts);

/**
 * @param {Page} page
 * @param {Format} format
 * @param {string[]} ids of districts, in order
 * @returns {HTMLElement[]}
 */
function atlasElements(page, format, ids) {
  const before = ids.length === 1 ? 0 : 1 + Math.ceil(Math.max(ids.length - ON_OVERVIEW[format.kind], 0) / ON_LIST[format.kind]);
  const sheets = ids.map((id, i) => sheetOf(page, format, id, { place: i + 1, of: ids.length, number: before + i + 1 }));
  const fronts = sheets.map((sheet) => {
    const front = frontElement(sheet.page, format, sheet.frame);
    front.id = `blatt-${sheet.number}`;
    return front;
  });
  if (before === 0) return [pageRule(format), ...fronts, ...registerElements(sheets[0].page, streetsOf(sheets[0].page, format, sheets[0].frame))];
  const told = "Straßen mit Trassen oder Anschlüssen: Seite und Planquadrate darauf";
  return [pageRule(format), ...overviewElements(page, format, sheets), ...fronts, ...registerElements(page, registerOfAll(format, sheets), told)];
}

/**
 * @param {Page} page
 * @param {Format} format
 * @param {string} id
 * @param {{ place: number, of: number, number: number }} numbers
 * @returns {Sheet}
 */
function sheetOf(page, format, id, { place, of, number }) {
  const { districts } = page.layers;
  const row = Array.from({ length: districts.count }, (_, i) => i).find((i) => String(districts.columns.id.at(i)) === id) ?? 0;
  const name = String(districts.columns.name.at(row));
  const visibility = new Visibility(page.layers, page.spec.legend);
  visibility.dispatch({ type: "facet", facet: "district", value: name });
  const frame = frameOf(format, shownBox(page, visibility, widened([...districts.boxes.slice(4 * row, 4 * row + 4)])));
  const limits = [page.spec.heading, ...(of === 1 ? [] : [`Blatt ${place} von ${of}`])].join(" · ");
  const heading = name + (page.inPart.has(row) ? " (in Teilen)" : "");
  const hash = hashOf(page, visibility, boxOf(frame));
  return { page: { ...page, spec: { ...page.spec, heading }, visibility, emphasised: new Set([row]), limits, hash }, name, row, frame, number };
}

/**
 * @param {Page} page
 * @param {Visibility} visibility
 * @param {number[]} land of the district
 * @returns {number[]} what of the district holds something that is shown; all of it where nothing is
 */
function shownBox({ layers }, visibility, land) {
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  for (const name of LISTED) {
    const mask = visibility.mask(name);
    layers[name].boxes.forEach((side, i) => {
      if (mask[i >> 2] === 1) found[i % 4] = Math[i % 4 < 2 ? "min" : "max"](found[i % 4], side);
    });
  }
  const shown = widened(found).map((side, i) => Math[i < 2 ? "max" : "min"](side, land[i]));
  return shown[0] < shown[2] && shown[1] < shown[3] ? shown : land;
}

/**
 * @param {number[]} box
 * @returns {number[]}
 */
function widened([west, north, east, south]) {
  const [width, height] = [(east - west) * MARGIN_OF_SHEET, (south - north) * MARGIN_OF_SHEET];
  return [west - width, north - height, east + width, south + height];
}

/**
 * @param {Page} page
 * @param {Visibility} visibility
 * @param {number[]} box in world pixels
 * @returns {string} the address of a sheet's view
 */
function hashOf(page, visibility, [west, north, east, south]) {
  const zoom = Math.floor(4 * Math.log2(Math.min(SCREEN[0] / (east - west), SCREEN[1] / (south - north)))) / 4;
  const place = { zoom: Math.min(Math.max(zoom, 10), 18), latitude: latitudeOf((north + south) / 2), longitude: longitudeOf((west + east) / 2) };
  return encoded({ filter: visibility.filter, chosen: "", stand: isoDate(page.spec.stand), place }, { groups: visibility.groups, words: {} });
}

/**
 * @param {Page} page
 * @param {Format} format
 * @param {Sheet[]} sheets
 * @returns {HTMLElement[]} the overview with its list of sheets, and pages of more of them where they are many
 */
function overviewElements(page, format, sheets) {
  const [first, more] = [ON_OVERVIEW[format.kind], ON_LIST[format.kind]];
  const boxes = sheets.map(({ row }) => page.layers.districts.boxes.slice(4 * row, 4 * row + 4));
  const whole = widened([0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side]))));
  const frame = frameOf(format, whole);
  const map = mapElement(numbered(page, sheets), format, frame);
  const title = titleElement({ ...page, limits: `Atlas · ${sheets.length} Blätter ${format.name} · Blattübersicht` });
  const key = sheets.length > BESIDE_LEGEND[format.kind] ? element("p", { class: "note" }, [`Legende: auf jedem Blatt. ${sourcesOf(page)}`]) : keyElement(page, frame);
  const pages = [element("div", { class: `front ${format.kind}` }, [title, map, element("div", {}, [listElement(sheets.slice(0, first)), key])])];
  for (let i = first; i < sheets.length; i += more) pages.push(element("div", { class: `front ${format.kind} more` }, [listElement(sheets.slice(i, i + more))]));
  return pages;
}

/**
 * @param {Sheet[]} sheets
 * @returns {HTMLElement}
 */
function listElement(sheets) {
  const lines = sheets.map(({ name, number, frame }) => {
    const link = element("a", { href: `#blatt-${number}` }, [name]);
    return element("li", {}, [link, element("span", {}, [`1 : ${germanNumber(frame.denominator)}`]), element("span", { class: "number" }, [`S. ${number}`])]);
  });
  return element("section", { class: "sheets" }, [element("h2", {}, ["Blätter"]), element("ol", {}, lines)]);
}

/**
 * @param {Page} page
 * @param {Sheet[]} sheets
 * @returns {any} the page with the number of its sheet behind the name of each district
 */
function numbered(page, sheets) {
  const { districts } = page.layers;
  const { name } = districts.columns;
  const numbers = new Map(sheets.map(({ row, number }) => [row, number]));
  const at = (/** @type {number} */ row) => (numbers.has(row) ? `${name.at(row)} · S. ${numbers.get(row)}` : name.at(row));
  const named = { ...districts, columns: { ...districts.columns, name: { at } } };
  return { ...page, inPart: new Set(), emphasised: new Set(numbers.keys()), layers: { ...page.layers, districts: named } };
}

/**
 * @param {Format} format
 * @param {Sheet[]} sheets
 * @returns {[string, string[]][]} street → page and squares on each sheet
 */
function registerOfAll(format, sheets) {
  /** @type {Map<string, string[]>} */
  const streets = new Map();
  for (const { page, frame, number } of sheets) {
    for (const [name, squares] of streetsOf(page, format, frame)) streets.set(name, [...(streets.get(name) ?? []), `S. ${number}: ${squares.join(" ")}`]);
  }
  const told = /** @type {[string, string[]][]} */ ([...streets].map(([name, places]) => [name, [places.join("; ")]]));
  return told.sort(([a], [b]) => germanOrder(a, b));
}
