/** What can be searched for, and what a query finds; made once, when it is first asked. */

import { folded, foldedOnce } from "./fold.js";

/** @typedef {import("./main.js").Page} Page */

/**
 * @typedef {object} Entry
 * @property {string} layer
 * @property {number[]} rows what it stands for; a street stands for all its addresses
 * @property {string} label
 * @property {string} beside what tells it from others of that name
 * @property {string} name folded, what ranks it
 * @property {string} words folded, with a space before each word
 * @property {string} together the same without any space
 * @property {string} [missing] house number that was asked for and is not there
 * @property {number} rank smaller comes first where all else is equal
 */

const POPULATIONS = ["targets", "extended"];
const MOST = 8;
/** Identifiers come last, and only their beginning counts. */
const ID = 6;
const STREET_RANK = 1;
const NUMBER = /^\d/;
/** Rows between two pauses. */
const STEP = 100;
/** So many are put into German order; of more, those that come first letter by letter. */
const SORTED = 64;

export class SearchIndex {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.fold = foldedOnce();
    /** @type {Entry[]} */
    this.entries = [];
    this.work = this.steps();
  }

  /** Makes the index in small steps, so that it can be made while nobody waits. */
  *steps() {
    this.addNamed("districts", "Stadtteil", 0);
    this.addNamed("nodes", "Netzknoten", 5);
    if (this.page.layers.segments?.columns.name) this.addNamed("segments", "Straße mit Trassen", 0.5);
    yield* this.addStreets();
    for (const [i, name] of POPULATIONS.entries()) yield* this.addAddresses(name, 2 + i);
    for (const name of ["targets", "extended", "segments", "nodes"]) yield* this.addIds(name);
  }

  /**
   * @param {() => boolean} isTime whether there is time for one more step
   * @returns {boolean} whether the index is whole
   */
  advance(isTime) {
    while (isTime()) if (this.work.next().done) return true;
    return false;
  }

  /**
   * @param {string} layer
   * @param {number[]} rows
   * @param {{ label: string, beside?: string, words?: string, rank: number }} said
   */
  add(layer, rows, { label, beside = "", words = "", rank }) {
    this.push({ layer, rows, label, beside, name: this.fold(label), words, rank });
  }

  /** @param {Omit<Entry, "together">} entry */
  push(entry) {
    const words = ` ${entry.name} ${entry.words}`;
    this.entries.push({ ...entry, words, together: words.replaceAll(" ", "") });
  }

  /**
   * @param {string} layer
   * @param {string} column
   * @param {number} row
   * @returns {string}
   */
  text(layer, column, row) {
    return String(this.page.layers[layer].columns[column]?.at(row) ?? "");
  }

  /**
   * @param {string} layer with a column of names
   * @param {string} kind
   * @param {number} rank
   */
  addNamed(layer, kind, rank) {
    for (let row = 0; row < this.page.layers[layer].count; row += 1) {
      const label = this.text(layer, "name", row);
      if (label) this.add(layer, [row], { label, beside: kind, rank });
    }
  }

  /** A street is its addresses in the project; one without any is found by its line on the map. */
  *addStreets() {
    /** @type {Map<string, { layer: string, rows: number[], districts: Set<string> }>} */
    const streets = new Map();
    for (const layer of [...POPULATIONS, "streets"]) {
      const count = this.page.layers[layer]?.count ?? 0;
      for (let row = 0; row < count; row += 1) {
        if (row % STEP === 0) yield;
        const name = this.text(layer, layer === "streets" ? "name" : "street", row);
        const street = streets.get(name) ?? { layer, rows: [], districts: new Set() };
        if (name) streets.set(name, street);
        if (street.layer !== layer) continue;
        street.rows.push(row);
        const district = this.text(layer, "district", row);
        if (district) street.districts.add(district);
      }
    }
    for (const [label, { layer, rows, districts }] of streets) {
      if (this.entries.length % STEP === 0) yield;
      this.add(layer, rows, { label, beside: ["Straße", ...districts].join(" · "), words: [...districts].map(this.fold).join(" "), rank: STREET_RANK });
    }
  }

  /**
   * @param {string} layer
   * @param {number} rank
   */
  *addAddresses(layer, rank) {
    const { fold } = this;
    for (let row = 0; row < this.page.layers[layer].count; row += 1) {
      if (row % STEP === 0) yield;
      const [street, number, district, postcode, institution] = ["street", "number", "district", "postcode", "institution"].map((column) => this.text(layer, column, row));
      const words = `${fold(district)} ${postcode}`;
      const name = `${fold(street)} ${fold(number)}`.trim();
      if (name) this.push({ layer, rows: [row], label: `${street} ${number}`, beside: district, name, words, rank });
      if (institution) this.add(layer, [row], { label: institution, beside: [`${street} ${number}`, district].filter(Boolean).join(", "), words, rank: rank - 0.5 });
    }
  }

  /** @param {string} layer */
  *addIds(layer) {
    for (let row = 0; row < this.page.layers[layer].count; row += 1) {
      if (row % STEP === 0) yield;
      const label = this.text(layer, "id", row);
      const beside = [this.text(layer, "street", row), this.text(layer, "number", row), this.text(layer, "district", row)].filter(Boolean).join(" ");
      if (label) this.entries.push({ layer, rows: [row], label, beside, name: label.toLowerCase(), words: "", together: "", rank: ID });
    }
  }

  /**
   * @param {string} query
   * @returns {Entry[]} the best first, a few
   */
  find(query) {
    const asked = folded(query);
    if (asked === "") return [];
    this.advance(() => true);
    const id = query.trim().toLowerCase();
    const words = asked.split(" ").map((word) => ` ${word}`);
    const best = this.ranked((entry) => (entry.rank === ID ? scoreOfId(entry.name, id) : scoreOf(entry, asked, words)));
    const together = best.length > 0 ? best : this.ranked((entry) => scoreTogether(entry, asked.replaceAll(" ", "")));
    return together.length > 0 ? together : this.streetsWithout(asked.split(" "));
  }

  /**
   * The street of a house that is not there: an answer too.
   * @param {string[]} words
   * @returns {Entry[]}
   */
  streetsWithout(words) {
    const [number, names] = [words.find((word) => NUMBER.test(word)), words.filter((word) => !NUMBER.test(word))];
    if (number === undefined || names.length === 0) return [];
    const spaced = names.map((word) => ` ${word}`);
    const streets = this.ranked((entry) => (entry.rank === STREET_RANK ? scoreOf(entry, names.join(" "), spaced) : -1));
    return streets.map((entry) => ({ ...entry, missing: number, beside: `Nr. ${number} nicht verzeichnet · ${entry.beside}` }));
  }

  /**
   * @param {(entry: Entry) => number} scored below 0 for no match
   * @returns {Entry[]} the best first, a few
   */
  ranked(scored) {
    /** @type {Map<number, Entry[]>} */
    const found = new Map();
    for (const entry of this.entries) {
      const score = scored(entry);
      if (score < 0) continue;
      const place = score * 10 + entry.rank;
      const alike = found.get(place);
      if (alike === undefined) found.set(place, [entry]);
      else alike.push(entry);
    }
    const best = [...found].sort((a, b) => a[0] - b[0]);
    return best.flatMap(([, entries]) => sorted(entries, MOST)).slice(0, MOST);
  }
}

/**
 * @param {string} name
 * @param {string} id
 * @returns {number}
 */
function scoreOfId(name, id) {
  if (name === id) return 0;
  return id.length > 2 && name.startsWith(id) ? 2 : -1;
}

/**
 * @param {Entry} entry
 * @param {string} asked
 * @param {string[]} words each with a space before it
 * @returns {number} 0 for the very name, below 0 for no match
 */
function scoreOf(entry, asked, words) {
  if (entry.name === asked) return 0;
  if (entry.name.startsWith(asked)) return NUMBER.test(entry.name.slice(asked.length)) && NUMBER.test(asked.slice(-1)) ? 3 : 1;
  if (words.every((word) => entry.words.includes(word))) return words.every((word) => !NUMBER.test(word.slice(1)) || entry.words.includes(`${word} `)) ? 2 : 3;
  return -1;
}

/**
 * For names that are written as one word by the one and as several by the other.
 * @param {Entry} entry
 * @param {string} asked without any space
 * @returns {number}
 */
function scoreTogether(entry, asked) {
  return asked.length > 3 && entry.together.includes(asked) ? 4 : -1;
}

const order = new Intl.Collator("de", { numeric: true });

/**
 * @param {Entry[]} entries
 * @param {number} most
 * @returns {Entry[]} the first in German order
 */
function sorted(entries, most) {
  const byLetters = (/** @type {Entry} */ a, /** @type {Entry} */ b) => (a.name < b.name ? -1 : Number(a.name > b.name));
  const few = entries.length <= SORTED ? entries : [...entries].sort(byLetters).slice(0, SORTED);
  return [...few].sort((a, b) => order.compare(a.label, b.label)).slice(0, most);
}
