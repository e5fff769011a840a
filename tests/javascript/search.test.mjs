/** The search forgives spelling, knows the very house number, and answers at once. */

import assert from "node:assert/strict";
import test from "node:test";

import { folded } from "../../rollout/cartography/page/fold.js";
import { column } from "../../rollout/cartography/page/payload.js";
import { rowsOfId } from "../../rollout/cartography/page/search_ids.js";
import { SearchIndex } from "../../rollout/cartography/page/search_index.js";
import { Visibility } from "../../rollout/cartography/page/visibility.js";

/**
 * @param {(string | null)[]} values
 * @returns {any} words and codes in varints, as the page's data holds them
 */
function packed(values) {
  const words = [...new Set(values.flatMap((value) => (value === null ? [] : [value])))].sort();
  const codes = values.map((value) => (value === null ? 0 : words.indexOf(value) + 1));
  const bytes = codes.flatMap((code) => (code < 128 ? [code] : [(code & 127) | 128, code >> 7]));
  return { words, bits: 0, data: Buffer.from(bytes).toString("base64") };
}

/**
 * @param {Record<string, (string | null)[]>} columns
 * @returns {any}
 */
function layer(columns) {
  const count = Math.max(0, ...Object.values(columns).map((values) => values.length));
  const whole = Object.entries(columns).map(([name, values]) => [name, packed([...values, ...Array(count - values.length).fill(null)])]);
  return { count, packed: Object.fromEntries(whole), columns: Object.fromEntries(whole.map(([name, data]) => [name, column(data)])) };
}

/**
 * @param {Record<string, any>} layers
 * @returns {any}
 */
function pageWith(layers) {
  return { layers, visibility: new Visibility(layers, []), spec: { municipality: "Stadt Wupperaue" } };
}

const targets = {
  id: ["AN-00001", "AN-00002", "AN-00003", "AN-00004", "AN-00005", "AN-00006"],
  street: ["Bürriger Straße", "Bürriger Straße", "Bürriger Straße", "Friedrich-Ebert-Straße", "Am Neuenhof", "Bürriger Straße"],
  number: ["1", "12", "12a", "3", "12-14", "2"],
  district: ["Bürrig", "Bürrig", "Bürrig", "Wiesdorf", "Schlebusch", "Bürrig"],
  institution: [null, null, null, "Käthe-Kollwitz-Schule", null, null],
};

/** @returns {any} */
function page(more = {}) {
  return pageWith({
    districts: layer({ name: ["Bürrig", "Schlebusch", "Wiesdorf"], id: ["1", "2", "3"] }),
    targets: layer(targets),
    extended: layer({}),
    segments: layer({ id: ["TR-0001", "TR-0412"], street: ["Bürriger Straße", null] }),
    nodes: layer({ id: ["POP-1"], name: ["Hauptverteiler Mitte"] }),
    streets: layer({ name: ["Bürriger Straße", "Straße des Friedens"] }),
    ...more,
  });
}

const index = new SearchIndex(page());
const labels = (/** @type {string} */ query) => index.find(query).map((entry) => entry.label);

test("spellings of one name are folded alike", () => {
  const alike = [
    ["Bürrig", "Burrig", "Buerrig", "BÜRRIG", "Bu\u0308rrig"],
    ["Friedrich-Ebert-Straße", "friedrich ebert str.", "Friedrich Ebert Strasse", "Friedrich–Ebert–str"],
    ["Hauptstr. 12 A", "hauptstraße 12a", "Hauptstrasse  12 a ", "Hauptstr.12a"],
    ["12–14", "12-14", "12 - 14"],
  ];
  for (const [first, ...rest] of alike) for (const other of rest) assert.equal(folded(other), folded(first), other);
});

test("a street name cut off while it is typed stays a beginning of the whole", () => {
  const whole = "Bürriger Straße 12a";
  for (let end = 1; end <= whole.length; end += 1) assert.ok(folded(whole).startsWith(folded(whole.slice(0, end))), whole.slice(0, end));
});

for (const query of ["Bürriger Straße 12 A", "buerriger str. 12a", "burriger strasse 12A", "  Bürriger  Str 12 a ", "12a Bürriger Straße"]) {
  test(`'${query}' finds the house first`, () => assert.equal(labels(query)[0], "Bürriger Straße 12a"));
}

test("a number finds itself before those that begin with it", () => {
  assert.deepEqual(labels("Bürriger Str 1"), ["Bürriger Straße 1", "Bürriger Straße 12", "Bürriger Straße 12a"]);
});

test("a street stands before its houses and tells its district", () => {
  const [street, ...houses] = index.find("bürriger");
  assert.equal(street.label, "Bürriger Straße");
  assert.equal(street.beside, "Straße · Bürrig");
  assert.deepEqual(street.rows, [0, 1, 2, 5]);
  assert.deepEqual(houses.map((entry) => entry.label).slice(0, 4), ["Bürriger Straße 1", "Bürriger Straße 2", "Bürriger Straße 12", "Bürriger Straße 12a"]);
});

test("districts, schools, nodes, ranges and identifiers are found", () => {
  assert.equal(labels("schlebusch")[0], "Schlebusch");
  assert.equal(labels("kollwitz")[0], "Käthe-Kollwitz-Schule");
  assert.equal(labels("verteiler mitte")[0], "Hauptverteiler Mitte");
  assert.equal(labels("neuenhof 12-14")[0], "Am Neuenhof 12-14");
  assert.deepEqual(labels("tr-0412"), ["TR-0412"]);
  assert.deepEqual(labels("TR-04"), ["TR-0412"]);
  for (const query of ["tr0412", "TR 0412", " tr - 0412 "]) assert.deepEqual(labels(query), ["TR-0412"], query);
  for (const query of ["Bürriger Str. Nr. 12a", "Bürriger Straße, Hausnr. 12 A"]) assert.equal(labels(query)[0], "Bürriger Straße 12a", query);
});

test("words may come in any order and a district narrows", () => {
  assert.equal(labels("ebert wiesdorf")[0], "Friedrich-Ebert-Straße");
  assert.deepEqual(labels("ebert bürrig"), []);
});

test("a street outside the project is found by its line", () => {
  const [street] = index.find("Strasse des Fried");
  assert.deepEqual([street.layer, street.label, street.rows], ["streets", "Straße des Friedens", [1]]);
});

test("a name written as one word is found where it is several", () => {
  assert.equal(labels("friedrichebert")[0], "Friedrich-Ebert-Straße");
  assert.equal(labels("friedrichebert 3")[0], "Friedrich-Ebert-Straße 3");
  for (const query of ["Friedrich-Ebertstr. 3", "Bürrigerstr. 12 a", "Bür riger Str. 12a"]) assert.match(labels(query)[0], / (?:3|12a)$/, query);
});

test("nothing is found for nothing, and hostile text is only text", () => {
  for (const query of ["", "  ", "\u202e", "xyzzy", "((((", "[x-", "</script>", "\\"]) assert.deepEqual(labels(query), []);
});

test("a house that is not there leads to its street and says so", () => {
  const [street] = index.find("Bürriger Str. 99");
  assert.equal(street.label, "Bürriger Straße");
  assert.equal(street.missing, "99");
  assert.equal(street.beside, "Nr. 99 nicht verzeichnet · Straße · Bürrig");
  assert.deepEqual(labels("Gibtesnicht 99"), []);
});

test("a house that is not there is not mistaken for one whose number begins so", () => {
  const asked = index.find("Friedrich-Ebert-Str. 1");
  assert.deepEqual(asked.map(({ label, missing }) => [label, missing]), [["Friedrich-Ebert-Straße", "1"]]);
  const made = new SearchIndex(page({ targets: layer({ ...targets, number: ["13", "12", "12a", "3", "12-14", "2"], postcode: Array(6).fill("51373") }) }));
  assert.deepEqual(made.find("Bürriger Str 1").map(({ label, missing }) => [label, missing]), [["Bürriger Straße", "1"], ["Bürriger Straße 12", undefined], ["Bürriger Straße 12a", undefined], ["Bürriger Straße 13", undefined]]);
  assert.deepEqual(made.find("Bürriger Str 5").map(({ label, missing }) => [label, missing]), [["Bürriger Straße", "5"]]);
  assert.equal(made.find("Bürriger Str 12a 51373")[0].label, "Bürriger Straße 12a");
});

test("an address is found as it stands in a letter, with its town", () => {
  for (const query of ["Bürriger Straße 12a, Wupperaue", "Wupperaue, Bürriger Str. 12 A", "Stadt Wupperaue Bürriger Str. 12a"]) assert.equal(labels(query)[0], "Bürriger Straße 12a", query);
  assert.equal(labels("Wupperaue-Bürrig")[0], "Bürrig");
  assert.equal(index.find("Bürriger Straße 99, Wupperaue")[0].missing, "99");
  assert.deepEqual(labels("Wupperaue"), []);
});

test("an identifier that is not there leads to no street", () => {
  assert.deepEqual(labels("AM-00099"), []);
  assert.deepEqual(labels("AM-77"), []);
});

test("the index can be made in steps, and asking makes the rest", () => {
  const made = new SearchIndex(page());
  assert.equal(made.advance(() => false), false);
  let steps = 2;
  made.advance(() => (steps -= 1) >= 0);
  assert.equal(made.find("Bürriger Straße 12a")[0].label, "Bürriger Straße 12a");
  assert.equal(made.advance(() => true), true);
});

test("no more is suggested than can be read", () => {
  const houses = layer({ id: Array.from({ length: 300 }, (_, i) => `X-${i}`), street: Array(300).fill("Ringstraße"), number: Array.from({ length: 300 }, (_, i) => `${i}`) });
  const many = page({ targets: houses });
  assert.equal(new SearchIndex(many).find("ring").length, 8);
});

test("numbered identifiers are found by any beginning, and by nothing else", () => {
  const numbers = [1, 9, 10, 99, 100, 412, 999, 1000, 4120, 41299];
  const steps = numbers.map((number, i) => number - (numbers[i - 1] ?? number)).map((step) => 2 * step);
  const bytes = steps.flatMap((step) => [(step & 127) | 128, ((step >> 7) & 127) | 128, step >> 14]);
  for (const digits of [0, 1, 3, 4]) {
    const id = { prefix: "TR-", digits, start: numbers[0] + 1, bits: 0, data: Buffer.from(bytes).toString("base64") };
    const ids = numbers.map((number) => `TR-${String(number).padStart(digits, "0")}`);
    const beginnings = new Set([...ids.flatMap((text) => [...text].map((_, i) => text.slice(0, i + 1))), "TR-5", "TR-0000", "TR-99999", "X", "TR-4x"]);
    for (const asked of beginnings) {
      const expected = ids.flatMap((text, row) => (asked.length < 3 ? text === asked : text.startsWith(asked)) ? [row] : []);
      assert.deepEqual(rowsOfId(/** @type {any} */ ({ count: ids.length, packed: { id } }), asked.toLowerCase(), 99), expected, `${digits} ${asked}`);
    }
  }
});
