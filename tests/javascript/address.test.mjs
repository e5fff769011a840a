/** The address holds what is seen; whatever else stands in it does no harm. */

import assert from "node:assert/strict";
import test from "node:test";

import { decoded, encoded } from "../../rollout/cartography/page/address.js";
import { initialFilter, reduce } from "../../rollout/cartography/page/filter.js";

const groups = [
  { layer: "segments", shown: true, rows: ["duct", "digging"].map((value) => ({ facet: "class", value })) },
  { layer: "targets", shown: true, rows: [{ facet: "category", value: "school" }] },
  { layer: "extended", shown: false, rows: [] },
];
const known = { groups, words: { district: ["Bürrig", "Bergisch Neukirchen"], phase: ["Bauabschnitt 1"], reason: ["Gestattung fehlt"], since: [] } };
const nothing = { filter: initialFilter(groups), chosen: "", stand: "", place: null };

test("what is seen comes back from the address", () => {
  const actions = [
    { type: "layer", layer: "extended", shown: true },
    { type: "layer", layer: "targets", shown: false },
    { type: "word", layer: "segments", facet: "class", value: "duct", shown: false },
    { type: "facet", facet: "district", value: "Bergisch Neukirchen" },
    { type: "facet", facet: "reason", value: "Gestattung fehlt" },
    { type: "facet", facet: "since", value: "2022-03-01" },
  ];
  const filter = /** @type {any[]} */ (actions).reduce((kept, action) => reduce(kept, groups, action), initialFilter(groups));
  const sight = { filter, chosen: "AN/00 12&x=ä", stand: "2022-03-28", place: { zoom: 15.25, latitude: 51.03125, longitude: 6.98 } };
  const text = encoded(sight, known);
  assert.deepEqual(decoded(`#${text}`, known), sight);
  assert.ok(text.startsWith("stand=2022-03-28&bezirk=Bergisch%20Neukirchen&grund=Gestattung%20fehlt&seit=2022-03-01&f=-targets,+extended,segments.class.duct&sel="));
});

test("a page as it opened needs no more than its day", () => {
  assert.equal(encoded({ ...nothing, stand: "2022-03-28" }, known), "stand=2022-03-28");
});

test("districts and phases are known however they are written", () => {
  for (const name of ["buerrig", "B%C3%BCrrig", "BURRIG"]) assert.equal(decoded(`#bezirk=${name}`, known).filter.facets.district, "Bürrig");
  assert.equal(decoded("#phase=bauabschnitt%201", known).filter.facets.phase, "Bauabschnitt 1");
});

for (const wrong of [
  "", "#", "#&&=", "#f=", "#f=+nirgends,-,segments,segments.class,segments.class.nichts,constructor.class.duct,__proto__",
  "#bezirk=Köln&phase=9&grund=&seit=gestern", "#seit=2022-13-01", "#stand=28.03.2022", "#karte=99/51/7", "#karte=15/91/7", "#karte=15/51", "#karte=NaN/1/1", "#karte=1e1/51/7",
  "#bezirk=%E0%A4%A", "#bezirk=<img src=x>", "#__proto__=1&constructor=2",
]) {
  test(`what is not understood is left out: ${wrong}`, () => assert.deepEqual(decoded(wrong, known), nothing));
}

test("an endless identifier is cut", () => {
  assert.equal(decoded(`#sel=${"x".repeat(9999)}`, known).chosen.length, 400);
});
