/** Title, progress and sources; on a phone a sheet that opens and closes. */

import { byId, element } from "./dom.js";
import { buildLegend } from "./legend.js";

export const OPEN_LINES = 4;

/**
 * @param {import("./main.js").Page} page
 * @returns {(seen: import("./tally.js").Box | null) => void} writes the legend's figures anew
 */
export function buildPanel(page) {
  const { spec } = page;
  byId("rollout-kicker").textContent = spec.municipality;
  byId("rollout-heading").textContent = spec.heading;
  byId("rollout-title").textContent = spec.title;
  tellDay(spec);
  const told = byId("rollout-told");
  told.replaceChildren(...noticeItems(spec.notice ?? []));
  told.hidden = spec.notice === undefined;
  told.tabIndex = 0; // a low window scrolls to it, and so must the keyboard
  byId("rollout-progress").closest("section").hidden = spec.figures.length === 0;
  byId("rollout-legend-heading").closest("section").hidden = spec.legend.length === 0;
  byId("rollout-definition").textContent = spec.definition;
  byId("rollout-sources").replaceChildren(...sources(spec));
  byId("rollout-toggle").addEventListener("click", () => openSheet(!isOpen()));
  return buildLegend(byId("rollout-legend"), page);
}

/**
 * Receiver, purpose, day and end stand open; what is left out and by which rule folds away, since it can be long.
 * @param {string[]} lines
 * @returns {HTMLElement[]}
 */
function noticeItems(lines) {
  const items = lines.slice(0, OPEN_LINES).map((line) => element("li", {}, [line]));
  const rest = lines.slice(OPEN_LINES).map((line) => element("p", {}, [line]));
  if (rest.length > 0) items.push(element("li", {}, [element("details", {}, [element("summary", {}, ["Umfang und Regeln"]), ...rest])]));
  return items;
}

/**
 * Says what is another on another day.
 * @param {import("./main.js").Spec} spec
 */
export function tellDay(spec) {
  byId("rollout-badges").replaceChildren(...badges(spec));
  byId("rollout-notes").textContent = spec.notes.join(" · ");
  byId("rollout-figures").replaceChildren(...spec.figures.map(figureElement));
}

/**
 * @param {import("./main.js").Spec} spec
 * @returns {HTMLElement[]}
 */
function badges(spec) {
  const made = [element("span", { class: "badge stand" }, [`Stand ${spec.stand}`])];
  if (spec.sample) made.push(element("span", { class: "badge sample" }, ["Beispieldaten"]));
  return made;
}

/**
 * @param {{ label: string, value: string, share: number | null }} figure
 * @returns {HTMLElement}
 */
function figureElement(figure) {
  const said = [element("dt", {}, [figure.label]), element("dd", {}, [figure.value])];
  if (figure.share !== null) said.push(barElement(figure.share));
  return element("div", { class: "measure" }, said);
}

/**
 * @param {number} share between 0 and 1
 * @returns {HTMLElement}
 */
function barElement(share) {
  const fill = element("span", { class: "fill" });
  fill.style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  return element("dd", { class: "bar", "aria-hidden": "true" }, [fill]);
}

/**
 * @param {import("./main.js").Spec} spec
 * @returns {HTMLElement[]}
 */
function sources(spec) {
  const lines = [...(spec.sample ? ["Beispieldaten, keine echten Anschlüsse"] : []), ...spec.attribution, "Karte: Leaflet"];
  return lines.map((line) => element("span", {}, [line]));
}

/** @returns {boolean} */
function isOpen() {
  return byId("rollout-toggle").getAttribute("aria-expanded") === "true";
}

/**
 * @param {boolean} open
 */
export function openSheet(open) {
  byId("rollout-toggle").setAttribute("aria-expanded", String(open));
  byId("rollout-panel").classList.toggle("open", open);
}
