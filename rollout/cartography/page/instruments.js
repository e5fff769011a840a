/** What a reader works with: search, list, filter and address; each is built when it is first used. */

import { decoded, encoded } from "./address.js";
import { announce } from "./clipboard.js";
import { byId } from "./dom.js";
import { buildFacets, wordsOfFacets } from "./facets.js";
import { isoDate } from "./filter.js";
import { germanNumber, lengthOf } from "./format.js";
import { List } from "./list.js";
import { isNarrow, seenBox, showPlace, travel } from "./map.js";
import { listenToPrint } from "./print.js";
import { Search } from "./search.js";
import { offerTiles } from "./tiles.js";
import { tally } from "./tally.js";

/** @typedef {import("./main.js").Page} Page */

const REST_MS = 120;
const LOOKED_UP = ["targets", "extended", "segments", "nodes", "districts"];

export class Instruments {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.search = new Search(page, (entry) => this.answer(entry));
    /** @type {List | null} */
    this.list = null;
    /** @type {Record<string, string[]> | null} */
    this.words = null;
    this.isFollowing = false;
    this.reoffer = () => {};
    /** @type {import("./tally.js").Box | null} what the figures are of; while a phone shows the legend, what the map showed before; null for all */
    this.seen = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    page.map.on("moveend", () => this.settle());
    page.visibility.listeners.push(() => this.onFilter());
    page.chosenListeners.push(() => this.onChosen());
    this.listenToButtons();
    listenToPrint(page);
    offerTiles(page);
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("popstate", () => this.follow());
    if (window.location.hash.length > 1) this.follow();
  }

  listenToButtons() {
    const { page } = this;
    const filter = byId("rollout-filter");
    const openList = () => this.openList(byId("rollout-list").hidden);
    filter.addEventListener("toggle", () => filter.open && this.showFacets());
    byId("rollout-list-open").addEventListener("click", openList);
    byId("rollout-reset").addEventListener("click", () => page.visibility.dispatch({ type: "reset" }));
    byId("rollout-skip-map").addEventListener("click", () => page.map.getContainer().focus());
    byId("rollout-skip-list").addEventListener("click", () => this.openList(true));
  }

  /** @param {boolean} opened */
  openList(opened) {
    this.list = this.list ?? new List(this.page);
    this.list.open(opened);
    if (opened) this.list.tabs.querySelector('[aria-pressed="true"]')?.focus();
  }

  /** @returns {Record<string, string[]>} */
  facetWords() {
    this.words = this.words ?? wordsOfFacets(this.page);
    return this.words;
  }

  showFacets() {
    const place = byId("rollout-facets");
    if (place.childElementCount === 0) this.reoffer = buildFacets(place, this.page, () => this.facetWords());
  }

  /** @param {import("./search_index.js").Entry} entry */
  answer({ layer, rows, ...said }) {
    const { page } = this;
    this.isFollowing = true; // what it switches on is no step of its own
    if (said.code === undefined) page.card.showFacts({ layer, row: rows[0] }, []);
    else page.card.openStreet({ layer, rows, ...said });
    page.card.reveal();
    if (layer !== "streets" && layer !== "districts") this.uncover(layer, rows[0]);
    this.isFollowing = false;
    this.write(true);
    travel(page, layer, rows);
  }

  /**
   * What was asked for is shown, whatever is switched off.
   * @param {string} layer
   * @param {number} row
   */
  uncover(layer, row) {
    const { visibility } = this.page;
    const isHidden = () => visibility.mask(layer)[row] === 0 && visibility.all(layer)[row] === 1;
    if (isHidden()) visibility.dispatch({ type: "layer", layer, shown: true });
    if (isHidden()) visibility.dispatch({ type: "reset" });
    if (isHidden()) visibility.dispatch({ type: "layer", layer, shown: true });
  }

  onFilter() {
    announce(this.tellShown());
    this.write(true);
    this.settle();
  }

  /** @returns {string} what the filter leaves */
  tellShown() {
    const { visibility } = this.page;
    byId("rollout-reset").hidden = !visibility.isChanged();
    const text = this.shownText();
    byId("rollout-shown").textContent = visibility.isChanged() ? text : "";
    return text;
  }

  /** @returns {string} what the filter leaves, e.g. `Gezeigt: 1.625 Anschlüsse, 712 Abschnitte (49,0 km neu)` */
  shownText() {
    const { visibility, layers } = this.page;
    const sums = (/** @type {string} */ layer) => tally(visibility, layer, visibility.mask(layer), null);
    const [targets, extended] = ["targets", "extended"].map((layer) => (layers[layer].count > 0 ? (sums(layer).get(layer)?.count ?? 0) : 0));
    const trenches = sums("segments");
    const kinds = [["kind/new_duct", "neu"], ["kind/co_used", "mitgenutzt"]].map(([kind, word]) => ({ word, length: trenches.get(kind)?.length ?? 0 }));
    const lengths = kinds.filter(({ length }) => length > 0).map(({ word, length }) => `${lengthOf(length)} ${word}`).join(", ");
    const count = trenches.get("segments")?.count ?? 0;
    const { caveat, nouns = ["Trassenabschnitt", "Trassenabschnitte"] } = this.page.spec;
    const isGiven = (/** @type {string[]} */ ...names) => caveat === undefined || names.some((name) => layers[name].count > 0);
    const said = [
      ...(isGiven("targets", "extended") ? [`${germanNumber(targets)} ${targets === 1 ? "Anschluss" : "Anschlüsse"}`] : []),
      ...(extended > 0 ? [`${germanNumber(extended)} im erweiterten Vortrieb`] : []),
      ...(isGiven("segments") ? [`${germanNumber(count)} ${nouns[count === 1 ? 0 : 1]}`] : []),
    ];
    return said.length === 0 ? "" : `Gezeigt: ${said.join(", ")}${lengths === "" ? "" : " · "}${lengths}`;
  }

  onChosen() {
    this.list?.showChosen();
    this.write(true);
  }

  /** Counts what is in view once the map has come to rest. */
  settle() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const isCovered = isNarrow() && byId("rollout-panel").classList.contains("open");
      if (!isCovered) this.seen = seenBox(this.page);
      this.page.count(this.seen);
      if (this.list?.onlySeen) this.list.refresh();
      this.write(false);
    }, REST_MS);
  }

  /** @returns {import("./address.js").Known} */
  known() {
    return { groups: this.page.visibility.groups, words: this.facetWords() };
  }

  /** @returns {string} the address of what is seen */
  hash() {
    const { page } = this;
    const { chosen, chosenStreet, map } = page;
    const centre = map.getCenter();
    const id = chosen === null ? (chosenStreet?.label ?? "") : String(page.layers[chosen.layer].columns.id?.at(chosen.row) ?? "");
    const place = { zoom: map.getZoom(), latitude: centre.lat, longitude: centre.lng };
    return encoded({ filter: page.visibility.filter, chosen: id, stand: isoDate(page.spec.stand), place }, this.known());
  }

  /** @returns {string} */
  link() {
    return `${window.location.href.split("#", 1)[0]}#${this.hash()}`;
  }

  /**
   * Notes in the address what is seen; a page inside another has none of its own.
   * @param {boolean} isStep whether the back button is to come back here
   */
  write(isStep) {
    if (this.isFollowing || window.location.protocol === "about:") return;
    const address = `#${this.hash()}`;
    if (address === window.location.hash) return;
    if (isStep) window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  }

  /** Shows what the address says. */
  follow() {
    const { page } = this;
    this.isFollowing = true;
    page.time?.follow(decoded(window.location.hash, this.known()).stand);
    const { filter, chosen, stand, place } = decoded(window.location.hash, this.known());
    page.visibility.dispatch({ type: "replace", filter });
    page.time?.leaveComputed();
    if (place !== null) showPlace(page.map, place);
    this.choose(chosen, place === null);
    if (Object.keys(filter.facets).length > 0) byId("rollout-filter").open = true;
    this.isFollowing = false;
    const isOther = stand !== "" && stand !== isoDate(page.spec.stand);
    byId("rollout-notice").textContent = isOther ? `Der Link meint den Stand ${stand.split("-").reverse().join(".")}; diese Seite zeigt den Stand ${page.spec.stand}.` : "";
  }

  /**
   * @param {string} id or the name of a street
   * @param {boolean} isFar whether the map is to go there
   */
  choose(id, isFar) {
    const { page } = this;
    const found = id === "" ? null : featureOf(page, id);
    const there = found === null ? this.streetOf(id) : { layer: found.layer, rows: [found.row] };
    if (there === undefined) return page.card.close();
    if (found === null) page.card.openStreet(/** @type {import("./search_index.js").Entry} */ (there));
    else page.card.showFacts(found, []);
    page.card.reveal(true);
    if (isFar) travel(page, there.layer, there.rows);
  }

  /**
   * @param {string} name
   * @returns {import("./search_index.js").Entry | undefined}
   */
  streetOf(name) {
    return this.search.ready().find(name).find(({ label, code }) => label === name && code !== undefined);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const isTyping = event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox]), select, textarea") !== null;
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    byId("rollout-search").focus();
    byId("rollout-search").select();
  }
}

/**
 * @param {Page} page
 * @param {string} id
 * @returns {import("./hit.js").Feature | null}
 */
function featureOf(page, id) {
  for (const layer of LOOKED_UP) {
    const { columns, count } = page.layers[layer];
    for (let row = 0; row < count; row += 1) if (String(columns.id?.at(row) ?? "") === id) return { layer, row };
  }
  return null;
}
