/** The list's rows, their order and what leaves the page as a table. */

import assert from "node:assert/strict";
import test from "node:test";

import { csvOf, tabbed } from "../../rollout/cartography/page/csv.js";
import { columnsOf, sortedRows } from "../../rollout/cartography/page/rows.js";

/**
 * @param {(string | number | null)[]} values
 * @param {(value: any) => string | number} order
 * @returns {any}
 */
const column = (values, order = (value) => value) => ({ label: "x", unit: "", width: 100, value: (/** @type {number} */ row) => values[row], order });

test("German Excel reads the file: mark, semicolons, quotes, decimal commas, line ends", () => {
  assert.equal(csvOf(["Adresse", "Länge (m)"], [['Am "Ring" 1; Hof', 82.4], [null, 1240]]), '\ufeff"Adresse";"Länge (m)"\r\n"Am ""Ring"" 1; Hof";82,4\r\n;1240\r\n');
});

for (const text of ["=1+1", "+49 214", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1"]) {
  test(`no cell calculates: ${JSON.stringify(text)}`, () => {
    assert.ok(csvOf(["a"], [[text]]).includes(`"'${text}"`));
    assert.ok(tabbed(["a"], [[text]]).split("\n")[1].startsWith("'"));
  });
}

test("a copied cell breaks neither its row nor its column", () => {
  assert.equal(tabbed(["a", "b"], [["x\ty\r\nz\u2028", 1.5]]), "a\tb\nx y z \t1,5");
});

test("names are sorted the German way, numbers in them by size, what is missing last", () => {
  const names = column(["Zum Tal 2", "Ährenweg 10", "Ährenweg 9", null, "ahornweg 1", "Österweg 1"]);
  assert.deepEqual(sortedRows([0, 1, 2, 3, 4, 5], names, false), [4, 2, 1, 5, 0, 3]);
  assert.deepEqual(sortedRows([0, 1, 2, 3, 4, 5], names, true), [0, 5, 1, 2, 4, 3]);
});

test("a status is sorted by its place on the ladder, within its class too", () => {
  const values = ["Gestattung liegt vor", "Eigentümer angeschrieben", "keine Angabe", "förderfähig ermittelt"];
  const rows = [["noch offen", "förderfähig ermittelt, Eigentümer angeschrieben"], ["Gestattung liegt vor", "Gestattung liegt vor, Begehung erfolgt"], ["keine Angabe", ""]].map(([label, hint]) => ({ facet: "class", label, hint }));
  const page = { layers: { targets: { feet: null, columns: { status: { at: (/** @type {number} */ row) => values[row] } } } }, facts: { targets: [{ label: "Status", column: "status", unit: "", words: null }] }, spec: { legend: [{ layer: "targets", rows }] } };
  const [status] = columnsOf(/** @type {any} */ (page), "targets");
  assert.deepEqual(sortedRows([0, 1, 2, 3], status, false).map((row) => values[row]), ["förderfähig ermittelt", "Eigentümer angeschrieben", "Gestattung liegt vor", "keine Angabe"]);
});

test("numbers are sorted by size and rows alike keep their order", () => {
  assert.deepEqual(sortedRows([0, 1, 2, 3], column([10, 9, 10, 100]), false), [1, 0, 2, 3]);
  assert.deepEqual(sortedRows([0, 1, 2, 3], column([10, 9, 10, 100]), true), [3, 0, 2, 1]);
});
