/** The Leaflet map itself: its view, its controls in German, and what pointer and keyboard do on it. */

import { areaAt } from "./cells.js";
import { hits } from "./hit.js";
import { latitudeOf, longitudeOf, worldX, worldY } from "./projection.js";

/** @typedef {import("./main.js").Page} Page */
/** @typedef {import("./hit.js").Feature} Feature */

const ZOOM_STEP = 0.25;
/** A page of more than a county can be seen from farther away: as a whole. */
const LEAST_ZOOM = 10;
const REACH = 7;
const REACH_OF_A_FINGER = 16;
const MARGIN = 48;
const NEAR = 18;
/** Pixels the card and its margin take of a wide map. */
const CARD = 440;
const NARROW = "(max-width: 720px)";

/**
 * @param {string} id of the container
 * @returns {any} the map, without a view: it is fitted once, when the panel has taken its room
 */
export function buildMap(id) {
  const calm = isCalm();
  const map = L.map(id, {
    attributionControl: false,
    zoomControl: false,
    trackResize: false,
    zoomSnap: ZOOM_STEP,
    wheelPxPerZoomLevel: 90,
    maxZoom: 19,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    inertia: !calm,
  });
  map.createPane("rollout").style.zIndex = "250";
  L.control.zoom({ position: "topright", zoomInTitle: "Vergrößern", zoomOutTitle: "Verkleinern" }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
  map.getContainer().setAttribute("aria-label", "Karte; Pfeiltasten verschieben, Plus und Minus zoomen, Eingabe zeigt, was in der Mitte liegt");
  map.getContainer().setAttribute("role", "application");
  return map;
}

/**
 * @param {Page} page
 * @returns {number[] | null} west, north, east, south in world pixels
 */
export function extent(page) {
  const { districts } = page.layers;
  const isWhole = page.emphasised.size === districts.count;
  const wanted = ["segments", "targets"].map((name) => page.layers[name]).filter((layer) => layer.count > 0);
  const boxes = (wanted.length === 0 || isWhole ? [districts] : wanted).map((layer) => layer.extent);
  const found = [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
  return Number.isFinite(found[0]) ? found : null;
}

/**
 * Fits the map to the page, once the panel has taken its room.
 * @param {any} map
 * @param {Page} page
 */
export function showAll(map, page) {
  map.invalidateSize({ pan: false });
  const [west, north, east, south] = extent(page) ?? [worldX(-10), worldY(70), worldX(30), worldY(35)];
  const corners = [[latitudeOf(south), longitudeOf(west)], [latitudeOf(north), longitudeOf(east)]];
  map.options.zoomSnap = 0.05;
  map.fitBounds(corners, { padding: [24, 24], maxZoom: 17, animate: false });
  map.options.zoomSnap = ZOOM_STEP;
  map.setMinZoom(Math.min(LEAST_ZOOM, Math.floor(map.getZoom())));
  map.setMaxBounds(L.latLngBounds(corners).pad(1.5));
}

/**
 * Shows what an address names, at its very zoom: the whole of a page mostly lies between two steps.
 * @param {any} map
 * @param {import("./address.js").Place} place
 */
export function showPlace(map, { latitude, longitude, zoom }) {
  map.options.zoomSnap = 0;
  map.setView([latitude, longitude], zoom, { animate: false });
  map.options.zoomSnap = ZOOM_STEP;
}

/**
 * Moves the map so that these rows are seen, at a zoom at which they can be told apart.
 * @param {Page} page
 * @param {string} name layer
 * @param {number[]} rows
 */
export function travel(page, name, rows) {
  const { points, xy, boxes } = page.layers[name];
  const [west, north, east, south] = [0, 1, 2, 3].map((side) => {
    const values = rows.map((row) => (points ? xy[2 * row + (side % 2)] : boxes[4 * row + side]));
    return values.reduce((a, b) => (side < 2 ? Math.min(a, b) : Math.max(a, b)));
  });
  const corners = L.latLngBounds([latitudeOf(south), longitudeOf(west)], [latitudeOf(north), longitudeOf(east)]);
  const isBeside = !page.card.place.hidden && !isNarrow() && page.map.getSize().x > 2 * CARD;
  page.map.fitBounds(corners, { paddingTopLeft: [MARGIN, MARGIN], paddingBottomRight: [isBeside ? CARD : MARGIN, MARGIN], maxZoom: NEAR, animate: false });
  if (!page.card.place.hidden && isNarrow()) keepAboveCard(page, corners.getCenter());
}

/**
 * @param {Page} page
 * @returns {import("./tally.js").Box} what is seen of the world
 */
export function seenBox(page) {
  const bounds = page.map.getBounds();
  return [worldX(bounds.getWest()), worldY(bounds.getNorth()), worldX(bounds.getEast()), worldY(bounds.getSouth())];
}

/**
 * @param {Page} page
 */
export function listen(page) {
  const { map } = page;
  const container = map.getContainer();
  map.on("click", (/** @type {any} */ event) => {
    if (!isForeign(event, container)) answer(page, event.latlng, isCoarse() ? REACH_OF_A_FINGER : REACH);
  });
  container.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && event.target === container) answer(page, map.getCenter(), REACH_OF_A_FINGER);
  });
  map.on("mousemove", (/** @type {any} */ event) => pointAt(page, featuresAt(page, event.latlng, REACH)[0] ?? null));
  map.on("mouseout", () => pointAt(page, null));
  noteKeyboard();
  // on paper the map has no size; what was seen before is what is printed
  new ResizeObserver(() => container.clientWidth > 0 && map.invalidateSize({ pan: false })).observe(container);
}

/** Leaflet focuses the map on every click; the ring is for those who came by keyboard. */
function noteKeyboard() {
  document.addEventListener("keydown", () => document.body.classList.add("by-keyboard"));
  document.addEventListener("pointerdown", () => document.body.classList.remove("by-keyboard"));
}

/** @returns {boolean} whether the page is laid out for a phone */
export function isNarrow() {
  return window.matchMedia(NARROW).matches;
}

/** @returns {boolean} */
function isCoarse() {
  return window.matchMedia("(pointer: coarse)").matches;
}

/**
 * Whether a click belongs to an element that someone added.
 * @param {any} event
 * @param {HTMLElement} container
 * @returns {boolean}
 */
function isForeign(event, container) {
  const { target } = event.originalEvent;
  return target !== container && target.closest(".leaflet-interactive") !== null;
}

/**
 * @param {Page} page
 * @param {{ lat: number, lng: number }} place
 * @param {number} reach pixels
 * @returns {Feature[]}
 */
function featuresAt(page, place, reach) {
  const layers = ["nodes", "targets", "extended", "segments"].map((name) => page.layers[name]);
  const shown = (/** @type {string} */ layer) => (page.isDrawn(layer) && page.visibility.isOn(layer) ? page.visibility.mask(layer) : null);
  return hits(layers, worldX(place.lng), worldY(place.lat), reach / 2 ** page.map.getZoom(), shown);
}

/**
 * @param {Page} page
 * @param {{ lat: number, lng: number }} place
 * @param {number} reach
 */
function answer(page, place, reach) {
  if (page.picking !== null) {
    page.picking(place);
    return;
  }
  const found = featuresAt(page, place, reach);
  const features = found.length > 0 ? found : areaAt(page, worldX(place.lng), worldY(place.lat));
  if (features.length === 0) {
    page.card.close();
    return;
  }
  page.card.open(features);
  if (isNarrow()) keepAboveCard(page, place);
}

/**
 * On a phone the card covers the lower part of the map; what was asked for moves above it.
 * @param {Page} page
 * @param {{ lat: number, lng: number }} place
 */
export function keepAboveCard(page, place) {
  const free = page.map.getSize().y - page.card.place.offsetHeight - MARGIN;
  const covered = page.map.latLngToContainerPoint(place).y - free;
  if (covered > 0) page.map.panBy([0, covered], { animate: !isCalm() });
}

/** @returns {boolean} whether the reader wants things to stay still */
export function isCalm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * @param {Page} page
 * @param {Feature | null} feature
 */
export function pointAt(page, feature) {
  if (page.pointed?.layer === feature?.layer && page.pointed?.row === feature?.row) return;
  page.pointed = feature;
  page.map.getContainer().classList.toggle("pointing", feature !== null);
  page.scene.repaintMarks();
  page.watchers.forEach((watcher) => watcher());
}
