/** The search field: a combobox with suggestions, after the WAI-ARIA Authoring Practices. */

import { announce } from "./clipboard.js";
import { byId, element, whenIdle } from "./dom.js";
import { SearchIndex } from "./search_index.js";

/** @typedef {import("./main.js").Page} Page */
/** @typedef {import("./search_index.js").Entry} Entry */

const SHOWN_LETTERS = 160;
const SPARE_MS = 3;

export class Search {
  /**
   * @param {Page} page
   * @param {(entry: Entry) => void} choose
   */
  constructor(page, choose) {
    this.page = page;
    this.choose = choose;
    this.field = byId("rollout-search");
    this.list = byId("rollout-suggestions");
    /** @type {Entry[]} */
    this.found = [];
    this.active = -1;
    /** @type {SearchIndex | null} */
    this.index = null;
    if (!page.layers.targets?.count && !page.layers.extended?.count) this.promise("Stadtteil, Straße");
    this.field.addEventListener("input", () => this.suggest());
    this.field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    this.field.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => event.preventDefault());
    this.list.addEventListener("click", (/** @type {MouseEvent} */ event) => this.onClick(event));
    byId("rollout-search-clear").addEventListener("click", () => this.clear());
    this.prepare();
  }

  /** @param {string} what can be found on a page that shows no address */
  promise(what) {
    this.field.placeholder = `${what} …`;
    this.field.labels[0].textContent = `${what} suchen`;
  }

  /** @returns {SearchIndex} */
  ready() {
    this.index = this.index ?? new SearchIndex(this.page);
    return this.index;
  }

  /** Makes the index bit by bit while the page has nothing else to do; who types before waits for the rest of it. */
  prepare() {
    const index = this.ready();
    const step = (/** @type {IdleDeadline} */ deadline) => {
      if (!index.advance(() => deadline.timeRemaining() > SPARE_MS)) window.requestIdleCallback(step);
    };
    whenIdle((deadline) => deadline && step(deadline));
  }

  suggest() {
    this.found = this.ready().find(this.field.value);
    this.active = -1;
    byId("rollout-search-clear").hidden = this.field.value === "";
    this.list.replaceChildren(...this.found.map(optionElement));
    if (this.found.length === 0) this.list.append(...(this.field.value.trim() === "" ? [] : [nothingElement()]));
    this.open(this.list.childElementCount > 0);
    announce(this.field.value.trim() === "" ? "" : `${this.found.length || "Keine"} Vorschl${this.found.length === 1 ? "ag" : "äge"}`);
  }

  /** @param {boolean} opened */
  open(opened) {
    this.list.hidden = !opened;
    this.field.setAttribute("aria-expanded", String(opened));
    this.mark(opened ? this.active : -1);
  }

  close() {
    this.open(false);
  }

  clear() {
    this.field.value = "";
    this.suggest();
    this.field.focus();
  }

  /** @param {number} place of the suggestion, -1 for none */
  mark(place) {
    this.active = place;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    if (place < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `rollout-suggestion-${place}`);
    this.list.children[place]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") this.step(key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter") this.take(Math.max(this.active, 0));
    else if (key === "Escape" && !this.list.hidden) this.close();
    else if (key === "Escape") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} way 1 for down, -1 for up; round the ends */
  step(way) {
    if (this.list.hidden) {
      this.suggest();
      if (this.found.length === 0) return;
    }
    const count = this.found.length;
    if (count > 0) this.mark(this.active < 0 ? (way > 0 ? 0 : count - 1) : (this.active + way + count) % count);
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (option !== null) this.take([...this.list.children].indexOf(option));
  }

  /** @param {number} place */
  take(place) {
    if (this.list.hidden) this.suggest();
    const entry = this.found[place];
    if (entry === undefined) return;
    this.field.value = entry.label;
    byId("rollout-search-clear").hidden = false;
    this.close();
    this.choose(entry);
  }
}

/**
 * @param {Entry} entry
 * @param {number} place
 * @returns {HTMLElement}
 */
function optionElement(entry, place) {
  const parts = [element("strong", {}, [entry.label.slice(0, SHOWN_LETTERS)]), element("span", {}, [entry.beside.slice(0, SHOWN_LETTERS)])];
  return element("li", { role: "option", id: `rollout-suggestion-${place}`, "aria-selected": "false" }, parts);
}

/** @returns {HTMLElement} */
function nothingElement() {
  return element("li", { class: "nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" }, ["Kein Treffer. Straße und Hausnummer, Stadtteil, Schule oder Kennung eingeben."]);
}
