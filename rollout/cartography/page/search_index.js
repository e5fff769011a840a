/** What can be searched for, and what a query finds. Addresses are asked word by word of their columns, not one by one. */

import { folded, foldedOnce } from "./fold.js";
import { germanOrder } from "./format.js";
import { foundAddresses, ranksOf } from "./search_addresses.js";
import { bare, rowsOfId } from "./search_ids.js";

/**
 * @typedef {import("./main.js").Page} Page
 * @typedef {import("./seen.js").Coded} Coded
 * @typedef {object} Entry
 * @property {string} layer
 * @property {number[]} rows what it stands for; a street stands for all its addresses
 * @property {string} label
 * @property {string} beside what tells it from others of that name
 * @property {string} name folded, what ranks it
 * @property {string} words folded, with a space before each word
 * @property {number} [code] of a street, whose rows are looked up when it is found
 * @property {string} [missing] house number that was asked for and is not there
 * @property {number} rank smaller comes first where all else is equal
 * @typedef {import("./search_addresses.js").Addresses} Addresses
 */

const POPULATIONS = ["targets", "extended"];
const IDENTIFIED = ["targets", "extended", "segments", "nodes"];
const ADDRESS = ["street", "number", "district", "postcode"];
const SUGGESTED = 8;
/** Identifiers come last, and only their beginning counts. */
const ID = 6;
const STREET_RANK = 1;
const NUMBER = /^\d/;
/** Words or rows between two pauses. */
const STEP = 100;
const ROWS = 5000;
/** So many are put into German order; of more, those that come first letter by letter. */
export const SORTED = 64;
/** Letters from which on names are looked for without their spaces. */
const JOINED = 4;
/** Letters from which on a number may be that of a house in a street, not of an identifier. */
const NAMED = 3;
/** Words of a query beyond these are not looked at: each takes a bit. */
const MOST_WORDS = 30;

export class SearchIndex {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.fold = foldedOnce();
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Addresses[]} */
    this.addresses = [];
    this.work = this.steps();
  }

  /** Makes the index in small steps, so that it can be made while nobody waits. */
  *steps() {
    this.addNamed("districts", "Stadtteil", 0);
    this.addNamed("nodes", "Netzknoten", 5);
    if (this.page.layers.segments?.columns.name) this.addNamed("segments", "Straße mit Trassen", 0.5);
    yield* this.addStreets();
    for (const [i, name] of POPULATIONS.entries()) {
      yield* this.addAddresses(name, 2 + i);
      yield* this.addInstitutions(name, 1.5 + i);
    }
  }

  /**
   * @param {() => boolean} isTime whether there is time for one more step
   * @returns {boolean} whether the index is whole
   */
  advance(isTime) {
    while (isTime()) if (this.work.next().done) return true;
    return false;
  }

  /** @param {Omit<Entry, "name">} said */
  add(said) {
    const name = this.fold(said.label);
    const words = ` ${name} ${said.words} `;
    this.entries.push({ ...said, name, words });
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
      if (label) this.add({ layer, rows: [row], label, beside: kind, words: "", rank });
    }
  }

  /** A street is its addresses in the project; one without any is found by its line on the map. */
  *addStreets() {
    const known = new Set();
    for (const layer of [...POPULATIONS, "streets"].filter((name) => this.page.layers[name])) {
      const { words, codes } = this.streetsOf(layer);
      const districts = this.page.visibility.codes(layer, "district");
      /** @type {Map<number, Set<number>>} */
      const found = new Map();
      for (let row = 0; row < codes.length; row += 1) {
        if (row % ROWS === 0) yield;
        const [code, district] = [codes[row], districts.codes[row]];
        if (code === 0 || (row > 0 && code === codes[row - 1] && district === districts.codes[row - 1])) continue;
        found.set(code, (found.get(code) ?? new Set()).add(district));
      }
      for (const [code, crossed] of found) {
        if (this.entries.length % STEP === 0) yield;
        const label = words[code - 1];
        const names = [...crossed].flatMap((district) => (district === 0 ? [] : [districts.words[district - 1]]));
        if (!known.has(label)) this.add({ layer, rows: [], code, label, beside: ["Straße", ...names].join(" · "), words: names.map(this.fold).join(" "), rank: STREET_RANK });
        known.add(label);
      }
    }
  }

  /**
   * @param {string} layer
   * @returns {Coded}
   */
  streetsOf(layer) {
    return this.page.visibility.codes(layer, layer === "streets" ? "name" : "street");
  }

  /**
   * @param {string} layer
   * @param {number} rank
   */
  *addAddresses(layer, rank) {
    const columns = ADDRESS.map((column) => this.page.visibility.codes(layer, column));
    /** @type {string[][]} */
    const spaced = [];
    for (const { words } of columns) {
      const said = [""];
      for (const word of words) {
        if (said.length % STEP === 0) yield;
        said.push(` ${this.fold(word)} `);
      }
      spaced.push(said);
    }
    yield;
    const compare = [(/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : Number(a > b)), germanOrder];
    const orders = compare.map((by, i) => ranksOf(spaced[i], by));
    this.addresses.push({ layer, rank, columns, spaced, orders });
  }

  /**
   * @param {string} layer
   * @param {number} rank
   */
  *addInstitutions(layer, rank) {
    const { words, codes } = this.page.visibility.codes(layer, "institution");
    for (let row = 0; row < (words.length > 0 ? codes.length : 0); row += 1) {
      if (row % ROWS === 0) yield;
      if (codes[row] === 0) continue;
      const [street, number, district, postcode] = ADDRESS.map((column) => this.text(layer, column, row));
      this.add({ layer, rows: [row], label: words[codes[row] - 1], beside: [`${street} ${number}`, district].filter(Boolean).join(", "), words: `${this.fold(district)} ${postcode}`, rank });
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
    const words = asked.split(" ").slice(0, MOST_WORDS);
    const spaced = words.map((word) => ` ${word}`);
    /** @type {[Addresses, Map<number, number[]>][]} */
    const addresses = this.addresses.map((table) => [table, foundAddresses(table, asked, words)]);
    const best = this.best((entry) => scoreOf(entry, asked, spaced), addresses, query.trim());
    if (best.length === 0) return this.together(words);
    // a number that only begins those of other houses is of none, which is to be said before they are offered
    const isThere = best[0].name !== "" || addresses.some(([, byScore]) => byScore.has(0) || byScore.has(2));
    const streets = isThere ? [] : this.streetsWithout(words);
    return streets.length === 1 ? [...streets, ...best].slice(0, SUGGESTED) : best;
  }

  /**
   * For addresses with their town, and names that are written as one word by the one and as several by the other, with a number or without.
   * @param {string[]} words
   * @returns {Entry[]}
   */
  together(words) {
    const town = folded(this.page.spec.municipality).split(" ");
    const rest = words.filter((word) => !town.includes(word));
    if (rest.length > 0 && rest.length < words.length) return this.find(rest.join(" "));
    const { number, names } = partsOf(words);
    const joined = names.join("");
    const named = joined.length < JOINED ? [] : this.best((entry) => (entry.words.replaceAll(" ", "").includes(joined) ? 4 : -1), [], "");
    if (number === undefined) return named;
    const isAnother = named.length > 0 && named[0].name !== names.join(" ");
    return isAnother ? this.find(`${named[0].label} ${number}`) : this.streetsWithout(words);
  }

  /**
   * The street of a house that is not there: an answer too.
   * @param {string[]} words
   * @returns {Entry[]}
   */
  streetsWithout(words) {
    const { number, names } = partsOf(words);
    if (number === undefined || names.join("").length < NAMED) return [];
    const spaced = names.map((word) => ` ${word}`);
    const streets = this.best((entry) => (entry.rank === STREET_RANK ? scoreOf(entry, names.join(" "), spaced) : -1), [], "");
    return streets.map((entry) => ({ ...entry, missing: number, beside: `Nr. ${number} nicht verzeichnet · ${entry.beside}` }));
  }

  /**
   * @param {(entry: Entry) => number} scored below 0 for no match
   * @param {any[][]} addresses tables, each with its rows by score
   * @param {string} id as it is asked for
   * @returns {Entry[]} the best first, a few
   */
  best(scored, addresses, id) {
    /** @type {Map<number, Entry[]>} */
    const found = new Map();
    for (const entry of this.entries) {
      const score = scored(entry);
      if (score < 0) continue;
      const alike = found.get(score * 10 + entry.rank);
      if (alike === undefined) found.set(score * 10 + entry.rank, [entry]);
      else alike.push(entry);
    }
    for (const [table, byScore] of addresses) for (const [score, rows] of byScore) found.set(score * 10 + table.rank, rows.map((/** @type {number} */ row) => this.addressOf(table, row)));
    for (const [score, entries] of this.identified(id)) found.set(score * 10 + ID, entries);
    const sortedScores = [...found].sort((a, b) => a[0] - b[0]);
    return sortedScores.flatMap(([, entries]) => sorted(entries, SUGGESTED)).slice(0, SUGGESTED).map((entry) => this.withRows(entry));
  }

  /**
   * @param {Addresses} table
   * @param {number} row
   * @returns {Entry}
   */
  addressOf({ layer, rank }, row) {
    const [street, number, district] = ADDRESS.map((column) => this.text(layer, column, row));
    return { layer, rows: [row], label: `${street} ${number}`, beside: district, name: "", words: "", rank };
  }

  /**
   * @param {string} id as it is asked for
   * @returns {Map<number, Entry[]>} score → what is called so
   */
  identified(id) {
    const found = new Map();
    for (const layer of id === "" ? [] : IDENTIFIED) {
      for (const row of rowsOfId(this.page.layers[layer], id, SORTED)) {
        const label = this.text(layer, "id", row);
        const beside = ["street", "number", "district"].map((column) => this.text(layer, column, row)).filter(Boolean).join(" ");
        const score = bare(label) === bare(id) ? 0 : 2;
        found.set(score, [...(found.get(score) ?? []), { layer, rows: [row], label, beside, name: label.toLowerCase(), words: "", rank: ID }]);
      }
    }
    return found;
  }

  /**
   * @param {Entry} entry
   * @returns {Entry} with its rows, where it is a street
   */
  withRows(entry) {
    if (entry.code === undefined) return entry;
    const { codes } = this.streetsOf(entry.layer);
    const rows = [];
    for (let row = 0; row < codes.length; row += 1) if (codes[row] === entry.code) rows.push(row);
    return { ...entry, rows };
  }
}

/**
 * @param {string[]} words
 * @returns {{ number: string | undefined, names: string[] }} the first number, and what is none
 */
function partsOf(words) {
  return { number: words.find((word) => NUMBER.test(word)), names: words.filter((word) => !NUMBER.test(word)) };
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
 * @param {Entry[]} entries
 * @param {number} most
 * @returns {Entry[]} the first in German order
 */
function sorted(entries, most) {
  const byLetters = (/** @type {Entry} */ a, /** @type {Entry} */ b) => (a.name < b.name ? -1 : Number(a.name > b.name));
  const few = entries.length <= SORTED ? entries : entries.sort(byLetters).slice(0, SORTED);
  return [...few].sort((a, b) => germanOrder(a.label, b.label)).slice(0, most);
}
