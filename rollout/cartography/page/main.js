/** Puts the page together: what Folium's scaffold calls, in the order it calls it. */

import { Card } from "./card.js";
import { copyButton } from "./clipboard.js";
import { byId, whenIdle } from "./dom.js";
import { Instruments } from "./instruments.js";
import { layerOf, lazily } from "./layers.js";
import { buildMap, listen, showAll } from "./map.js";
import { unpackSorted } from "./payload.js";
import { buildPanel } from "./panel.js";
import { Scene } from "./scene.js";
import { addThemes } from "./themes.js";
import { Visibility } from "./visibility.js";

/**
 * @typedef {{ title: string, heading: string, municipality: string, stand: string, sample: boolean, notes: string[], attribution: string[], figures: { label: string, value: string, share: number | null }[], definition: string, legend: import("./legend.js").LegendGroup[], emphasised: string[], in_part: string[], notice?: string[], caveat?: string, nouns?: [string, string], tiles: import("./tiles.js").Tiles | null }} Spec
 * @typedef {object} Page
 * @property {Spec} spec
 * @property {any} symbols
 * @property {any} facts
 * @property {Record<string, import("./layers.js").Layer>} layers
 * @property {Set<number>} emphasised rows of districts
 * @property {Set<number>} inPart rows of districts that take part only in parts
 * @property {Visibility} visibility
 * @property {Set<string>} parts what the scaffold asked for
 * @property {(layer: string) => boolean} isDrawn
 * @property {import("./hit.js").Feature | null} pointed
 * @property {import("./hit.js").Feature | null} chosen
 * @property {import("./search_index.js").Entry | null} chosenStreet
 * @property {any} map
 * @property {any} scene
 * @property {Card} card
 * @property {Record<string, Record<string, [string, string]>>} answers status → sentence and next step
 * @property {boolean} isTiled whether official tiles stand in place of land, water and streets
 * @property {(() => void)[]} watchers called when something else is pointed at or chosen
 * @property {(() => void)[]} chosenListeners called when something else is chosen
 * @property {Instruments} instruments
 * @property {{ address?: string, atlas?: any }} paper where the page is published, and what an atlas of it holds
 * @property {string} [limits] what a sheet says below its heading
 * @property {string} [hash] the address of what a sheet shows
 * @property {import("./mark_file.js").Settings | null} marks what can be marked as wrong; null where the page is only read
 * @property {((place: { lat: number, lng: number }) => void) | null} picking takes the next place that is clicked, in place of the card
 * @property {(seen: import("./tally.js").Box | null) => void} count writes the legend's figures anew
 * @property {import("./course.js").Course | null} course how everything came to stand where it stands; null for the Stichtag alone
 * @property {import("./timeline.js").Timeline} [time]
 */

const FORMAT = 2;

/** What modules that only some pages have do once all else stands. */
export const additions = /** @type {((page: Page) => unknown)[]} */ ([]);

/** @type {any} */
let page = null;

/**
 * Gives each column that shares its words with others those words.
 * @param {any} raw layer
 * @param {Record<string, string[]>} words
 * @returns {any} the same layer
 */
function shared(raw, words) {
  for (const packed of Object.values(raw.columns)) if (packed.shared !== undefined) lazily(packed, { words: () => words[packed.shared] });
  return raw;
}

/**
 * @param {import("./layers.js").Layer} layer
 * @param {string[]} ids
 * @returns {Set<number>} rows
 */
function rowsOf(layer, ids) {
  const wanted = new Set(ids);
  const rows = Array.from({ length: layer.count }, (_, row) => row);
  return new Set(rows.filter((row) => wanted.has(String(layer.columns.id.at(row)))));
}

/**
 * @param {string} text JSON
 * @returns {any} the page without its map
 */
export function pageOf(text) {
  const data = JSON.parse(text);
  if (data.format !== FORMAT) throw new Error(`data of format ${data.format}, expected ${FORMAT}`);
  /** @type {Record<string, import("./layers.js").Layer>} */
  const layers = {};
  const unpackers = Object.keys(data.words).map((name) => [name, () => unpackSorted(data.words[name])]);
  const words = lazily(/** @type {Record<string, string[]>} */ ({}), Object.fromEntries(unpackers));
  for (const name of Object.keys(data.layers)) layers[name] = layerOf(name, shared(data.layers[name], words), data.step);
  addThemes(layers, data.themes ?? {});
  const { districts } = layers;
  const parts = new Set();
  const isDrawn = (/** @type {string} */ layer) => parts.has(layer === "extended" ? "targets" : layer);
  return {
    spec: data.spec,
    symbols: data.symbols,
    facts: data.facts,
    answers: data.answers ?? {},
    marks: data.marks ?? null,
    picking: null,
    isTiled: false,
    paper: data.paper ?? {},
    watchers: [],
    chosenListeners: [],
    layers,
    emphasised: rowsOf(districts, data.spec.emphasised),
    inPart: rowsOf(districts, data.spec.in_part),
    visibility: new Visibility(layers, data.spec.legend),
    parts,
    isDrawn,
    pointed: null,
    chosen: null,
    chosenStreet: null,
    course: data.course ?? null,
  };
}

/**
 * @param {string} id of the container
 * @returns {any} the Leaflet map, for the scaffold to add to
 */
function map(id) {
  page = pageOf(document.getElementById("rollout-data")?.textContent ?? "");
  page.map = buildMap(id);
  return page.map;
}

/**
 * @param {any} leafletMap
 * @param {string} part
 */
function add(leafletMap, part) {
  page.parts.add(part);
  if (part !== "panel") return;
  page.count = buildPanel(page);
  showAll(leafletMap, page);
}

/** Draws all that was added. The page is ready when it returns, and settled when what comes second is there too. */
function draw() {
  byId("rollout-tools").append(copyButton("Ansicht kopieren", () => page.instruments.link())); // names keep off the controls
  page.card = new Card(page);
  page.scene = new Scene(page).addTo(page.map);
  page.visibility.listeners.push(() => page.scene.repaint());
  listen(page);
  page.instruments = new Instruments(page);
  additions.forEach((addition) => addition(page));
  document.body.dataset.ready = "true";
  whenIdle(() => document.body.classList.add("settled"));
}

/**
 * @param {number} latitude
 * @param {number} longitude
 * @returns {{ x: number, y: number }} pixels in the map's container
 */
function locate(latitude, longitude) {
  return page.map.latLngToContainerPoint([latitude, longitude]);
}

/**
 * @param {number} latitude
 * @param {number} longitude
 * @param {number} zoom
 */
function look(latitude, longitude, zoom) {
  page.map.setView([latitude, longitude], zoom, { animate: false });
}

if (typeof window !== "undefined") Object.assign(window, { rollout: Object.freeze({ map, add, draw, locate, look }) });
