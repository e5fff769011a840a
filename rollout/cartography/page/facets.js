/** The filter beside the legend: district, phase, reason and day, each one word of many or none. */

import { element } from "./dom.js";
import { germanDate, isoDate } from "./filter.js";
import { germanOrder } from "./format.js";

/** @typedef {import("./main.js").Page} Page */

const LABELS = /** @type {Record<string, string>} */ ({ district: "Stadtteil", phase: "Bauabschnitt", reason: "Grund", since: "geändert seit", reach: "berechnet" });
const DAYS = /** @type {[number, string][]} */ ([[7, "1 Woche"], [28, "4 Wochen"], [91, "3 Monate"], [182, "6 Monate"], [365, "1 Jahr"]]);

/**
 * @param {Page} page
 * @returns {Record<string, string[]>} the words each facet can hold on this page
 */
export function wordsOfFacets(page) {
  const { visibility } = page;
  const found = (/** @type {string} */ column) => {
    const words = ["segments", "targets", "extended"].flatMap((layer) => visibility.codes(layer, column).words);
    return [...new Set(words)].sort(germanOrder);
  };
  const used = new Set(["segments", "targets", "extended"].flatMap((layer) => visibility.codes(layer, "district").words.flatMap((word) => [word, ...word.split(", ")])));
  const { districts } = page.layers;
  const names = Array.from({ length: districts.count }, (_, row) => String(districts.columns.name?.at(row) ?? "")).filter((name) => used.has(name));
  return { district: [...new Set(names)].sort(germanOrder), phase: found("phase"), reason: found("reason"), reach: found("reach"), since: daysBefore(isoDate(page.spec.stand)) };
}

/**
 * @param {string} stand ISO date, or empty
 * @returns {string[]} ISO dates before it, the latest first
 */
function daysBefore(stand) {
  if (stand === "") return [];
  return DAYS.map(([days]) => new Date(Date.parse(`${stand}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10));
}

/**
 * @param {HTMLElement} place
 * @param {Page} page
 * @param {() => Record<string, string[]>} words
 * @returns {() => void} offers anew what there is
 */
export function buildFacets(place, page, words) {
  const { visibility } = page;
  const fields = Object.keys(LABELS).map((facet) => {
    const select = element("select", { id: `rollout-facet-${facet}` });
    select.addEventListener("change", () => visibility.dispatch({ type: "facet", facet, value: select.value }));
    return { facet, select, field: element("div", { class: "field" }, [element("label", { for: select.id }, [LABELS[facet]]), select]) };
  });
  const labels = page.facts.targets.find((/** @type {{ column: string }} */ fact) => fact.column === "reach")?.words ?? {};
  const refresh = () =>
    fields.forEach(({ facet, select, field }) => {
      const offered = words()[facet];
      field.hidden = offered.length < 2 && !(facet in visibility.filter.facets);
      fill(select, facet, offered, visibility.filter.facets[facet] ?? "", labels);
    });
  place.replaceChildren(...fields.map(({ field }) => field));
  visibility.listeners.push(refresh);
  refresh();
  return refresh;
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} facet
 * @param {string[]} words
 * @param {string} chosen
 * @param {Record<string, string>} labels of words that are no names
 */
function fill(select, facet, words, chosen, labels) {
  const offered = chosen === "" || words.includes(chosen) ? words : [chosen, ...words];
  const label = (/** @type {string} */ word) => (facet === "since" ? [germanDate(word), DAYS[words.indexOf(word)]?.[1]].filter(Boolean).join(" · ") : (labels[word] ?? word));
  select.replaceChildren(element("option", { value: "" }, ["alle"]), ...offered.map((word) => element("option", { value: word }, [label(word).slice(0, 120)])));
  select.value = chosen;
}
