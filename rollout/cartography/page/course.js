/** The course of a page: puts the statuses of a chosen day in place of those of the Stichtag, for all that reads columns. */

import { Changes, dateOfDay, summedUp } from "./changes.js";
import { unfolded, unpack, unpackShort } from "./payload.js";

/**
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
    this.first = Number(raw.first);
    this.last = Number(raw.last);
    this.day = this.last;
    this.spec = { ...page.spec };
    /** @type {Record<string, Layer>} as they are on the Stichtag */
    this.own = {};
    /** @type {Record<string, Changes>} */
    this.changes = {};
    for (const name of HISTORIC) {
      const layer = page.layers[name];
      this.own[name] = { ...layer, columns: { ...layer.columns }, packed: { ...layer.packed } };
      this.changes[name] = new Changes(raw.layers[name], this.ladder(name), layer.count);
    }
    /** @type {Record<string, number[]>} */
    this.figures = Object.fromEntries(Object.entries(raw.figures).map(([name, packed]) => [name, summedUp(unfolded(unpack(String(packed))))]));
    this.base = Math.min(this.last, ...HISTORIC.map((name) => this.changes[name].days.reduce((a, b) => Math.min(a, b), this.last)));
    this.dates = Array.from({ length: this.last - this.base + 1 }, (_, i) => dateOfDay(this.base + i));
    this.unsettled = Object.fromEntries(HISTORIC.map((name) => [name, new Set(summedUp(unpack(raw.unsettled[name] ?? "")))]));
    const { segments } = page.layers;
    const rest = unfolded(Float64Array.from(unpackShort(raw.millimetres)));
    segments.exact = Float64Array.from({ length: segments.count }, (_, row) => 100 * Number(segments.columns.length?.at(row) ?? 0) + rest[row]);
  }

  /** @returns {boolean} whether another day than the page's own Stichtag is shown */
  get isPast() {
    return this.day < this.last;
  }

  /** @returns {string} what is said where something computed is missing */
  get remark() {
    return this.isPast ? ` · Berechnetes (Erreichbarkeit, Wege, Widersprüche, Pakete) nur zum Stand ${this.spec.stand}` : "";
  }

  /**
   * @param {string} name of a figure
   * @returns {number} of the day that is shown; NaN where it follows from no status
   */
  figure(name) {
    return this.figures[name]?.[this.day - this.first] ?? NaN;
  }

  /**
   * @param {string} name layer
   * @returns {import("./changes.js").Rung[]}
   */
  ladder(name) {
    return this.raw.ladders[name === "segments" ? name : "targets"];
  }

  /** @param {number} day that is shown from now on */
  show(day) {
    this.day = day;
    const { layers, spec, visibility } = this.page;
    for (const name of HISTORIC) {
      this.stand(layers[name], this.changes[name]);
      if (name !== "segments" && this.raw.phases.length > 0) this.place(layers[name]);
      this.blank(layers[name], this.own[name]);
    }
    const note = this.raw.notes.findLast((/** @type {[number, string]} */ [since]) => since <= day)?.[1];
    spec.stand = dateOfDay(day);
    spec.notes = this.spec.notes.map((said) => (this.isPast && note && said.startsWith("Lieferungen: ") ? note : said));
    spec.legend = this.spec.legend.filter(({ layer }) => !(this.isPast && layers[layer].isTheme));
    visibility.masks.clear();
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
    this.page.visibility.known.delete(`${layer.name}/${name}`);
  }

  /**
   * @param {Layer} layer whose statuses become those of the day
   * @param {Changes} changes
   */
  stand(layer, changes) {
    const { status, since, reasons, held } = changes;
    const at = changes.standing(this.day);
    const [labels, classes] = [0, 1].map((i) => this.ladder(layer.name).map((rung) => String(rung[i])));
    const codes = (/** @type {(i: number) => number} */ code, none = 0) => Uint32Array.from(at, (i) => (i < 0 ? none : code(i)));
    const standing = codes((i) => status[i] + 1, 1);
    this.put(layer, "status", labels, standing);
    const words = [...new Set(classes)];
    const numbers = [0, ...classes.map((word) => words.indexOf(word) + 1)];
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

  /**
   * @param {Layer} layer from which goes what is not known of the day
   * @param {Layer} own
   */
  blank(layer, own) {
    for (const name of COMPUTED.filter((column) => own.columns[column])) {
      this.page.visibility.known.delete(`${layer.name}/${name}`);
      Object.assign(layer.columns, { [name]: own.columns[name] });
      Object.assign(layer.packed, { [name]: own.packed[name] });
      if (!this.isPast) continue;
      delete layer.columns[name];
      delete layer.packed[name];
    }
    const hidden = this.isPast ? this.unsettled[layer.name] : new Set();
    for (const name of PLACED.filter((column) => own.columns[column])) layer.columns[name] = { at: (row) => (hidden.has(row) ? null : own.columns[name].at(row)) };
  }
}
