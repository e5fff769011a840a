/** The list beside the map: a sortable table of what is filtered; only the rows in sight are in the document. */

import { announce, copyButton, download } from "./clipboard.js";
import { csvOf, tabbed } from "./csv.js";
import { byId, element } from "./dom.js";
import { isoDate } from "./filter.js";
import { germanNumber } from "./format.js";
import { isNarrow, pointAt, seenBox, travel } from "./map.js";
import { columnsOf, shownRows, shownValue, sortedRows } from "./rows.js";

/**
 * @typedef {import("./main.js").Page} Page
 * @typedef {import("./rows.js").TableColumn} TableColumn
 */

const SPARE = 6;
const PAGE_STEP = 10;
const LETTERS = 200;

export class List {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.place = byId("rollout-list");
    this.layer = page.spec.legend.find((group) => group.layer === "targets")?.layer ?? page.spec.legend[0]?.layer ?? "targets";
    this.column = 0;
    this.descending = false;
    this.onlySeen = false;
    this.active = 0;
    /** @type {number[]} */
    this.rows = [];
    /** @type {TableColumn[]} */
    this.columns = [];
    this.build();
    page.watchers.push(() => this.follow());
    page.visibility.listeners.push(() => this.refresh());
  }

  build() {
    const seen = element("input", { type: "checkbox" });
    seen.addEventListener("change", () => {
      this.onlySeen = seen.checked;
      this.refresh();
    });
    const save = element("button", { type: "button", class: "action" }, ["CSV für Excel"]);
    save.addEventListener("click", () => download(`${[this.layer, isoDate(this.page.spec.stand)].filter(Boolean).join("_")}.csv`, csvOf(this.heads(), this.cells()), "text/csv;charset=utf-8"));
    const close = element("button", { type: "button", class: "close", "aria-label": "Liste schließen" }, ["×"]);
    close.addEventListener("click", () => this.open(false));
    this.tabs = element("div", { class: "tabs", role: "group", "aria-label": "Ebene" });
    this.scroller = element("div", { class: "scroller" });
    this.table = element("table", { role: "grid", "aria-label": "Liste" });
    this.scroller.append(this.table);
    const tools = [this.tabs, element("label", { class: "choice" }, [seen, "nur im Ausschnitt"]), copyButton("Kopieren", () => tabbed(this.heads(), this.cells())), save, close];
    this.place.replaceChildren(element("div", { class: "list-tools" }, tools), this.scroller);
    this.scroller.addEventListener("scroll", () => this.paint());
    this.table.addEventListener("click", (/** @type {MouseEvent} */ event) => this.onClick(event));
    this.table.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    this.table.addEventListener("pointerover", (/** @type {PointerEvent} */ event) => this.point(this.placeOf(event.target)));
    this.place.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && this.page.card.place.hidden) this.open(false);
    });
    this.table.addEventListener("pointerleave", () => this.point(-1));
    this.table.addEventListener("focusin", (/** @type {FocusEvent} */ event) => this.point(this.placeOf(event.target)));
  }

  /** @param {boolean} opened */
  open(opened) {
    this.place.hidden = !opened;
    byId("rollout-list-open").setAttribute("aria-expanded", String(opened));
    if (opened) this.refresh();
    else byId("rollout-list-open").focus();
    pointAt(this.page, null);
  }

  /** @returns {string[]} */
  heads() {
    return [...this.columns.map((column) => column.label), "Stand"];
  }

  /** @returns {(string | number | null)[][]} */
  cells() {
    return this.rows.map((row) => [...this.columns.map((column) => column.value(row)), this.page.spec.stand]);
  }

  /** Reads anew what is filtered. */
  refresh() {
    if (this.place.hidden) return;
    const { page } = this;
    const seen = this.onlySeen ? seenBox(page) : null;
    const groups = page.spec.legend.map((group) => ({ group, rows: shownRows(page, group.layer, seen) }));
    this.tabs.replaceChildren(...groups.map(({ group, rows }) => this.tab(group, rows.length)));
    this.columns = columnsOf(page, this.layer);
    this.column = Math.min(this.column, this.columns.length - 1);
    this.rows = sortedRows(groups.find(({ group }) => group.layer === this.layer)?.rows ?? [], this.columns[this.column], this.descending);
    this.active = Math.max(Math.min(this.active, this.rows.length - 1), 0);
    this.frame();
    announce(`${germanNumber(this.rows.length)} Zeile${this.rows.length === 1 ? "" : "n"} in der Liste`);
  }

  /**
   * @param {import("./legend.js").LegendGroup} group
   * @param {number} count
   * @returns {HTMLElement}
   */
  tab({ layer, label }, count) {
    const button = element("button", { type: "button", "aria-pressed": String(layer === this.layer) }, [label, " ", element("small", {}, [germanNumber(count)])]);
    button.addEventListener("click", () => {
      Object.assign(this, { layer, column: 0, descending: false, active: 0 });
      this.scroller.scrollTop = 0;
      this.refresh();
      this.tabs.querySelector('[aria-pressed="true"]')?.focus();
    });
    return button;
  }

  /** Makes the heads and the room for all rows. */
  frame() {
    const heads = this.columns.map((column, i) => {
      const state = i === this.column ? (this.descending ? "descending" : "ascending") : "none";
      return element("th", { scope: "col", "aria-sort": state }, [element("button", { type: "button", "data-column": String(i) }, [column.label])]);
    });
    const widths = this.columns.map(({ width }) => element("col", { style: `width:${width}px` }));
    this.body = element("tbody");
    this.table.style.width = `${this.columns.reduce((sum, { width }) => sum + width, 0)}px`;
    this.table.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.table.replaceChildren(element("colgroup", {}, widths), element("thead", {}, [element("tr", { "aria-rowindex": "1" }, heads)]), this.body);
    this.paint();
  }

  /** @returns {number} pixels */
  rowHeight() {
    return isNarrow() ? 44 : 32;
  }

  /** Puts the rows in sight into the document. */
  paint() {
    const height = this.rowHeight();
    const first = Math.max(Math.floor(this.scroller.scrollTop / height) - SPARE, 0);
    const last = Math.min(first + Math.ceil(this.scroller.clientHeight / height) + 2 * SPARE, this.rows.length);
    const hadFocus = this.body.contains(document.activeElement);
    const gap = (/** @type {number} */ rows) => element("tr", { class: "gap", "aria-hidden": "true", style: `height:${rows * height}px` });
    const rows = this.rows.slice(first, last).map((row, i) => this.rowElement(row, first + i));
    this.body.replaceChildren(gap(first), ...rows, gap(this.rows.length - last));
    this.follow();
    if (hadFocus) this.body.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  /**
   * @param {number} row
   * @param {number} place
   * @returns {HTMLElement}
   */
  rowElement(row, place) {
    const cells = this.columns.map((column) => element("td", column.unit === "metres" ? { class: "number" } : {}, [shownValue(column, row).slice(0, LETTERS)]));
    return element("tr", { tabindex: place === this.active ? "0" : "-1", "data-place": String(place), "data-row": String(row), "aria-rowindex": String(place + 2) }, cells);
  }

  /**
   * @param {EventTarget | null} target
   * @returns {number} place in the list, -1 for none
   */
  placeOf(target) {
    const row = target instanceof HTMLElement ? target.closest("tr[data-place]") : null;
    return row === null ? -1 : Number(row.getAttribute("data-place"));
  }

  /** @param {number} place */
  point(place) {
    pointAt(this.page, place < 0 ? null : { layer: this.layer, row: this.rows[place] });
  }

  /** Marks the rows of what is pointed at and of what is chosen on the map. */
  follow() {
    if (this.place.hidden) return;
    const { pointed, chosen } = this.page;
    const is = (/** @type {import("./hit.js").Feature | null} */ feature, /** @type {HTMLElement} */ row) => feature?.layer === this.layer && String(feature.row) === row.dataset.row;
    this.body.querySelectorAll("tr[data-row]").forEach((/** @type {HTMLElement} */ row) => {
      row.classList.toggle("pointed", is(pointed, row));
      row.setAttribute("aria-selected", String(is(chosen, row)));
    });
  }

  /** Brings the row of what was chosen on the map into sight. */
  showChosen() {
    const { chosen } = this.page;
    if (this.place.hidden || chosen === null || chosen.layer !== this.layer) return;
    const place = this.rows.indexOf(chosen.row);
    if (place >= 0) this.goTo(place, false);
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const head = /** @type {HTMLElement} */ (event.target).closest("[data-column]");
    const place = this.placeOf(event.target);
    if (head !== null) this.sortBy(Number(head.getAttribute("data-column")));
    else if (place >= 0) this.take(place);
  }

  /** @param {number} column */
  sortBy(column) {
    this.descending = this.column === column && !this.descending;
    this.column = column;
    this.active = 0;
    this.refresh();
    this.table.querySelector(`[data-column="${column}"]`)?.focus();
  }

  /** @param {number} place */
  take(place) {
    const feature = { layer: this.layer, row: this.rows[place] };
    this.goTo(place, true);
    if (isNarrow()) this.open(false);
    this.page.card.open([feature], !isNarrow());
    travel(this.page, feature.layer, [feature.row]);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const place = this.placeOf(event.target);
    if (place < 0) return;
    const last = this.rows.length - 1;
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: last, PageDown: place + PAGE_STEP, PageUp: place - PAGE_STEP });
    if (event.key === "Enter" || event.key === " ") this.take(place);
    else if (event.key in steps) this.goTo(Math.max(Math.min(steps[event.key], last), 0), true);
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} place
   * @param {boolean} focused
   */
  goTo(place, focused) {
    const height = this.rowHeight();
    const room = this.scroller.clientHeight - 2 * height;
    const top = place * height;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top > this.scroller.scrollTop + room) this.scroller.scrollTop = top - room;
    this.active = place;
    this.paint();
    if (focused) this.body.querySelector(`[data-place="${place}"]`)?.focus({ preventScroll: true });
  }
}
