/** What a reader works with: search, list, filter, address and print; each is built when it is first used. */

import { byId } from "./dom.js";
import { seenBox, travel } from "./map.js";
import { Search } from "./search.js";

/** @typedef {import("./main.js").Page} Page */

const REST_MS = 120;

export class Instruments {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.search = new Search(page, (entry) => this.answer(entry));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    page.map.on("moveend", () => this.settle());
    page.visibility.listeners.push(() => this.settle());
    byId("rollout-skip-map").addEventListener("click", () => page.map.getContainer().focus());
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** @param {import("./search_index.js").Entry} entry */
  answer({ layer, rows, ...said }) {
    const { page } = this;
    if (rows.length === 1 && layer !== "streets") page.card.open([{ layer, row: rows[0] }]);
    else page.card.openStreet({ layer, rows, ...said });
    this.uncover(layer, rows[0]);
    travel(page, layer, rows);
  }

  /**
   * What was asked for is shown, whatever is switched off.
   * @param {string} layer
   * @param {number} row
   */
  uncover(layer, row) {
    const { visibility } = this.page;
    const isHidden = () => visibility.mask(layer)[row] === 0;
    if (isHidden()) visibility.dispatch({ type: "layer", layer, shown: true });
    if (isHidden()) visibility.dispatch({ type: "reset" });
    if (isHidden()) visibility.dispatch({ type: "layer", layer, shown: true });
  }

  /** Counts what is in view once the map has come to rest. */
  settle() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.page.count(seenBox(this.page)), REST_MS);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const isTyping = event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox]), select, textarea") !== null;
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    byId("rollout-search").focus();
  }
}
