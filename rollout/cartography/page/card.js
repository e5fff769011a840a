/** The card: the facts of what was clicked, or a list where several things lie there. */

import { answerOf, countsOf, districtSentence, mailText, nameOf, sourceOf } from "./answer.js";
import { copyButton } from "./clipboard.js";
import { byId, element } from "./dom.js";
import { metres } from "./format.js";
import { openSheet } from "./panel.js";

/**
 * @typedef {import("./hit.js").Feature} Feature
 * @typedef {import("./main.js").Page} Page
 * @typedef {{ label: string, column: string, unit: string, words: Record<string, string> | null }} Fact
 */

const KINDS = { targets: "Anschluss", extended: "Erweiterter Vortrieb", segments: "Trassenabschnitt", nodes: "Netzknoten", districts: "Stadtteil", cells: "Zelle" };
const MOST_LISTED = 12;

/**
 * @param {Page} page
 * @param {Feature} feature
 * @returns {string}
 */
function kindOf(page, feature) {
  const id = page.layers[feature.layer].columns.id?.at(feature.row) ?? "";
  const kind = (feature.layer === "segments" && page.spec.nouns?.[0]) || /** @type {Record<string, string>} */ (KINDS)[feature.layer];
  return feature.layer === "districts" || feature.layer === "cells" ? kind : `${kind} ${id}`.trim();
}

/**
 * @param {Page} page
 * @param {Feature} feature
 * @param {Fact} fact
 * @returns {string | null}
 */
export function valueOf(page, feature, fact) {
  const value = page.layers[feature.layer].columns[fact.column]?.at(feature.row) ?? null;
  if (value === null) return null;
  if (fact.unit === "metres") return metres(Number(value));
  if (fact.words !== null) return fact.words[String(value)] ?? String(value);
  return String(value);
}

export class Card {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.place = byId("rollout-card");
    this.content = byId("rollout-card-content");
    /** Tells the same of another day. */
    this.again = () => {};
    /** Called when the facts of a feature have been told, anew or again. */
    this.onFacts = () => {};
    byId("rollout-card-close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.place.hidden) this.close();
    });
  }

  /**
   * @param {Feature[]} features the most likely first
   * @param {boolean} [quiet] whether the focus stays where it is
   */
  open(features, quiet = false) {
    if (features.length === 1) this.showFacts(features[0], []);
    else this.showList(features);
    this.reveal(quiet);
  }

  /**
   * @param {import("./search_index.js").Entry} entry
   */
  openStreet(entry) {
    const { page } = this;
    const { layer, rows, label, beside, missing } = entry;
    this.again = () => this.openStreet(entry);
    const isInProject = page.layers[layer].feet !== null;
    const without = missing === undefined ? "" : `Hausnummer ${missing} ist nicht verzeichnet. `;
    const state = without + (isInProject ? countsOf(page, "In dieser Straße", layer, rows) : page.spec.caveat || "An dieser Straße liegt kein Anschluss, den diese Seite führt.");
    const text = () => [`${label}: ${state}`, sourceOf(page)].join("\n");
    this.fill(beside, label, [element("p", { class: "sentence" }, [state]), this.sourceElement(), this.actions(text)]);
    this.choose(null, entry);
  }

  /** @param {boolean} [quiet] */
  reveal(quiet = false) {
    this.place.hidden = false;
    openSheet(false);
    if (!quiet) this.content.querySelector("h2").focus({ preventScroll: true });
  }

  /** Empties the card and gives the focus back to the map. */
  close() {
    if (this.place.hidden) return;
    const hadFocus = this.place.contains(document.activeElement);
    this.place.hidden = true;
    this.choose(null);
    if (hadFocus) this.page.map.getContainer().focus({ preventScroll: true });
  }

  /**
   * @param {Feature | null} feature
   * @param {import("./search_index.js").Entry | null} [street] all that was chosen together
   */
  choose(feature, street = null) {
    if (feature === this.page.chosen && street === this.page.chosenStreet) return;
    this.page.chosen = feature;
    this.page.chosenStreet = street;
    this.page.scene.repaintMarks();
    this.page.watchers.forEach((watcher) => watcher());
    this.page.chosenListeners.forEach((listener) => listener());
  }

  /**
   * @param {string} kicker
   * @param {string} heading
   * @param {HTMLElement[]} rest
   */
  fill(kicker, heading, rest) {
    this.content.replaceChildren(
      element("p", { class: "kicker" }, [kicker]),
      element("h2", { tabindex: "-1" }, [heading]),
      ...rest,
    );
  }

  /**
   * @param {Feature} feature
   * @param {Feature[]} others the list to go back to
   */
  showFacts(feature, others) {
    const { page } = this;
    this.again = () => this.showFacts(feature, others);
    const rows = (page.facts[feature.layer] ?? page.facts.targets).flatMap((/** @type {Fact} */ fact) => {
      const value = valueOf(page, feature, fact);
      return value === null ? [] : [element("div", {}, [element("dt", {}, [fact.label]), element("dd", {}, [value])])];
    });
    const rest = [...this.answerElements(feature), element("dl", { class: "facts" }, rows), this.sourceElement(), this.actions(() => this.textOf(feature, rows))];
    if (others.length > 0) rest.unshift(this.backButton(others));
    this.fill(kindOf(page, feature), nameOf(page, feature) || kindOf(page, feature), rest);
    this.choose(feature);
    this.onFacts();
  }

  /**
   * @param {Feature} feature
   * @returns {HTMLElement[]}
   */
  answerElements(feature) {
    if (feature.layer === "districts" && this.page.layers.areas === undefined) return [element("p", { class: "sentence" }, [districtSentence(this.page, feature.row)])];
    const answer = answerOf(this.page, feature);
    if (answer === null) return [];
    const steps = /** @type {[string, string][]} */ ([["Nächster Schritt", answer.next], ["Trasse davor", answer.trench]]).filter(([, text]) => text !== "");
    const lines = steps.map(([label, text]) => element("p", { class: "step" }, [element("strong", {}, [`${label}: `]), text]));
    return [element("p", { class: "sentence" }, [answer.state]), ...lines];
  }

  /**
   * @param {Feature} feature
   * @param {HTMLElement[]} rows
   * @returns {string} the card as text
   */
  textOf(feature, rows) {
    const answer = answerOf(this.page, feature);
    if (answer !== null) return mailText(this.page, answer);
    const facts = rows.map((row) => [...row.children].map((part) => part.textContent).join(": "));
    const sentence = feature.layer === "districts" && this.page.layers.areas === undefined ? [districtSentence(this.page, feature.row)] : [];
    return [nameOf(this.page, feature), ...sentence, ...facts, sourceOf(this.page)].join("\n");
  }

  /** @returns {HTMLElement} */
  sourceElement() {
    return element("p", { class: "source" }, [sourceOf(this.page), this.page.course?.remark ?? ""]);
  }

  /**
   * @param {() => string} text
   * @returns {HTMLElement}
   */
  actions(text) {
    return element("div", { class: "actions" }, [copyButton("Text kopieren", text)]);
  }

  /**
   * @param {Feature[]} others
   * @returns {HTMLElement}
   */
  backButton(others) {
    const button = element("button", { type: "button", class: "back" }, [`‹ alle ${others.length} an dieser Stelle`]);
    button.addEventListener("click", () => {
      this.showList(others);
      this.content.querySelector("h2").focus({ preventScroll: true });
    });
    return button;
  }

  /** @param {Feature[]} features */
  showList(features) {
    const { page } = this;
    this.again = () => this.showList(features);
    const entries = features.slice(0, MOST_LISTED).map((feature) => {
      const status = page.layers[feature.layer].columns.status?.at(feature.row) ?? "";
      const parts = [element("strong", {}, [nameOf(page, feature)]), element("span", {}, [[kindOf(page, feature), status].filter(Boolean).join(" · ")])];
      const button = element("button", { type: "button" }, parts);
      button.addEventListener("click", () => {
        this.showFacts(feature, features);
        this.content.querySelector("h2").focus({ preventScroll: true });
      });
      return element("li", {}, [button]);
    });
    const rest = [element("ul", { class: "found" }, entries)];
    const more = features.length - MOST_LISTED;
    if (more > 0) rest.push(element("p", { class: "source" }, [`und ${more} weitere; näher heranzoomen trennt sie`]));
    this.fill("An dieser Stelle", `${features.length} Treffer`, rest);
    this.choose(null);
  }
}
