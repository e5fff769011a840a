/** The course of a page: puts the statuses of a chosen day in place of those of the Stichtag, for all that reads columns. */

import { changesOf, dateOfDay, standingOn, summedUp, sumsOf } from "./changes.js";
import { unfolded, unpack } from "./payload.js";

/**
 * @typedef {import("./changes.js").Changes} Changes
 * @typedef {import("./layers.js").Layer} Layer
 * @typedef {import("./main.js").Page} Page
 */

const HISTORIC = ["segments", "targets", "extended"];
/** What is computed holds only for the Stichtag it was computed for. */
const COMPUTED = ["reach", "unlock", "near", "node", "route", "doubt"];
/** Where a connection hangs holds for other days too, save for a few. */
const PLACED = ["segment", "drop"];

export class Course {
  /**
   * @param {any} raw
   * @param {Page} page
   */
  constructor(raw, page) {
    this.raw = raw;
    this.page = page;
    this.first = raw.first;
    this.last = raw.last;
    this.day = this.last;
    this.spec = { ...page.spec };
    /** @type {Record<string, Pick<Layer, "columns" | "packed">>} as they are on the Stichtag */
    this.own = {};
    /** @type {Record<string, Changes>} */
    this.changes = {};
    this.base = this.last;
    for (const name of HISTORIC) {
      const { columns, packed, count } = page.layers[name];
      this.own[name] = { columns, packed };
      this.changes[name] = changesOf(raw.layers[name], raw.ladders[name], count);
      this.base = this.changes[name].days.reduce((a, b) => Math.min(a, b), this.base);
    }
    /** @type {Record<string, number[]>} */
    this.figures = Object.fromEntries(Object.entries(raw.figures).map(([name, packed]) => [name, sumsOf(packed)]));
    this.dates = Array.from({ length: this.last - this.base + 1 }, (_, i) => dateOfDay(this.base + i));
    const { segments } = page.layers;
    const rest = unfolded(unpack(raw.millimetres));
    segments.exact = Float64Array.from({ length: segments.count }, (_, row) => 100 * Number(segments.columns.length?.at(row) ?? 0) + rest[row]);
  }

  /** @returns {boolean} whether another day than the page's own Stichtag is shown */
  get isPast() {
    return this.day < this.last;
  }

  /** @returns {string} what is said where something computed is missing */
  get remark() {
    return this.isPast ? ` · Berechnetes (etwa Erreichbarkeit) nur zum Stand ${this.spec.stand}` : "";
  }

  /** @returns {Record<string, number>} the figures of the day that is shown */
  get counts() {
    return Object.fromEntries(Object.entries(this.figures).map(([name, days]) => [name, days[this.day - this.first]]));
  }

  /** @param {number} day that is shown from now on */
  show(day) {
    this.day = day;
    const { layers, spec, visibility } = this.page;
    visibility.known.clear();
    visibility.masks.clear();
    for (const name of HISTORIC) {
      const { columns, packed } = this.own[name];
      Object.assign(layers[name], { columns: { ...columns }, packed: { ...packed } });
      this.stand(layers[name], this.changes[name]);
      if (name !== "segments" && this.raw.phases.length > 0) this.place(layers[name]);
      if (this.isPast) this.blank(layers[name]);
    }
    const note = this.raw.notes.findLast((/** @type {[number, string]} */ [since]) => since <= day)[1];
    spec.stand = dateOfDay(day);
    spec.notes = [note, ...this.spec.notes.slice(1)];
    spec.legend = this.spec.legend.filter(({ layer }) => !(this.isPast && layers[layer].isTheme));
  }

  /**
   * @param {Layer} layer
   * @param {string} name
   * @param {string[]} words
   * @param {Uint32Array} codes
   */
  put(layer, name, words, codes) {
    layer.packed[name] = /** @type {any} */ ({ words, numbers: codes });
    layer.columns[name] = { at: (row) => (codes[row] === 0 ? null : words[codes[row] - 1]) };
  }

  /**
   * @param {Layer} layer whose statuses become those of the day
   * @param {Changes} changes
   */
  stand(layer, changes) {
    const { status, since, reasons, held } = changes;
    const at = standingOn(changes, this.day);
    const [labels, classes] = [0, 1].map((i) => this.raw.ladders[layer.name].map((/** @type {string[]} */ rung) => rung[i]));
    const codes = (/** @type {(i: number) => number} */ code, none = 0) => Uint32Array.from(at, (i) => (i < 0 ? none : code(i)));
    const standing = codes((i) => status[i] + 1, 1);
    this.put(layer, "status", labels, standing);
    const words = [...new Set(classes)];
    const numbers = [0, ...classes.map((/** @type {string} */ word) => words.indexOf(word) + 1)];
    this.put(layer, "class", words, standing.map((code) => numbers[code]));
    this.put(layer, "since", this.dates, codes((i) => since[i] - this.base + 1));
    if (reasons.some(Boolean)) this.put(layer, "reason", this.raw.reasons, codes((i) => reasons[i]));
    const blocked = classes.indexOf("blocked");
    if (status.includes(blocked)) this.put(layer, "before", labels, codes((i) => (status[i] === blocked && held[i] > 0 ? held[i] + 1 : 0)));
  }

  /** @param {Layer} layer whose rows belong to the phase their district belonged to on the day */
  place(layer) {
    const { phase, phases } = this.raw;
    const words = [...new Set(phases.map((/** @type {string[]} */ row) => row[2]))];
    const { words: districts, codes } = this.page.visibility.codes(layer.name, "district");
    const of = new Map(phases.filter((/** @type {number[]} */ [since]) => since <= this.day).map((/** @type {string[]} */ row) => row.slice(1)));
    const found = [0, ...districts.map((district) => words.indexOf(of.get(district)) + 1)];
    this.put(layer, "phase", words, Uint32Array.from(codes, (code) => found[code]));
    if (phase !== null) layer.present = Uint8Array.from(codes, (code) => Number(words[found[code] - 1] === phase));
  }

  /** @param {Layer} layer from which goes what is not known of an earlier day */
  blank({ name, columns, packed }) {
    for (const computed of COMPUTED) {
      delete columns[computed];
      delete packed[computed];
    }
    const unsettled = new Set(summedUp(unpack(this.raw.unsettled[name] ?? "")));
    for (const placed of PLACED.filter((column) => columns[column])) {
      const { at } = columns[placed];
      columns[placed] = { at: (row) => (unsettled.has(row) ? null : at(row)) };
    }
  }
}
