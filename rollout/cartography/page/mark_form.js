/** The form in which one thing of the page is marked as wrong. */

import { nameOf } from "./answer.js";
import { byId, element } from "./dom.js";
import { faultOf, FIRST_DAY, MARK_KINDS, tidy, today } from "./mark_file.js";
import { isNarrow, keepAboveCard, travel } from "./map.js";
import { Pin } from "./pin.js";

/**
 * @typedef {import("./hit.js").Feature} Feature
 * @typedef {import("./mark_file.js").Kind} Kind
 * @typedef {import("./mark_file.js").Mark} Mark
 * @typedef {import("./mark_file.js").Proposed} Proposed
 * @typedef {import("./pin.js").Place} Place
 */

const HELP = "Klicken Sie auf den richtigen Punkt der Karte, oder ziehen Sie die Nadel. Mit der Tastatur: die Nadel mit Tabulator anwählen und mit den Pfeiltasten um 1 m, mit Umschalttaste um 10 m verschieben.";

/**
 * @param {string} label
 * @param {HTMLElement} field
 * @returns {HTMLElement}
 */
export function labelled(label, field) {
  return element("label", { class: "field" }, [element("span", {}, [label]), field]);
}

/**
 * @param {string} label
 * @param {() => void} act
 * @param {string} [spoken] label for those who do not see what stands beside it
 * @returns {HTMLElement}
 */
export function action(label, act, spoken) {
  const button = element("button", { type: "button", class: "action", ...(spoken === undefined ? {} : { "aria-label": spoken }) }, [label]);
  button.addEventListener("click", act);
  return button;
}

export class MarkForm {
  /**
   * @param {import("./mark.js").Marking} marking
   * @param {Feature} feature
   */
  constructor(marking, feature) {
    this.marking = marking;
    this.page = marking.page;
    this.feature = feature;
    this.said = marking.saidOf(feature);
    /** @type {Pin | null} */
    this.pin = null;
    /** @type {Record<string, string>} what was typed before another kind was chosen */
    this.draft = {};
  }

  /** @param {Kind} kind */
  show(kind) {
    const { marking, feature, page } = this;
    const mark = marking.marksOf(feature).find((one) => one.kind === kind);
    this.letGo();
    const fields = kind === "status" ? this.statusFields(mark) : kind === "place" ? this.placeFields(mark) : [];
    const remark = element("textarea", { rows: "2", maxlength: String(marking.settings.letters[1]), name: "remark" });
    remark.defaultValue = mark?.entry.remark ?? "";
    remark.value = this.draft.remark || remark.defaultValue;
    const name = marking.author === "" ? [marking.authorField(this.draft.author)] : [];
    const buttons = [element("button", { type: "submit", class: "action" }, ["Vormerken"]), action("Abbrechen", () => marking.back(feature))];
    if (mark !== undefined) buttons.push(action("Entfernen", () => marking.remove(mark, () => marking.back(feature))));
    const parts = [this.choices(kind), ...fields, labelled("Bemerkung", remark), ...name, element("p", { class: "fault", role: "alert" }), element("div", { class: "actions" }, buttons)];
    this.form = element("form", { class: "mark", novalidate: "" }, parts);
    this.form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.take(kind);
    });
    page.card.fill("Korrektur vorschlagen", nameOf(page, feature), [this.form]);
    page.card.reveal(true);
    this.form.querySelector("input:checked").focus({ preventScroll: true });
    if (this.pin !== null && isNarrow()) keepAboveCard(page, this.pin.latlng());
  }

  /**
   * @param {Kind} kind
   * @returns {HTMLElement}
   */
  choices(kind) {
    const kinds = MARK_KINDS.filter(([key]) => key !== "place" || this.said.place !== null);
    const labels = kinds.map(([key, label]) => {
      const input = element("input", { type: "radio", name: "mark-kind", value: key });
      input.checked = key === kind;
      input.addEventListener("change", () => {
        const { remark, author } = this.form.elements;
        this.draft = { remark: remark.value === remark.defaultValue ? "" : remark.value, author: author?.value ?? "" };
        this.show(key);
      });
      return element("label", { class: "choice" }, [input, label]);
    });
    return element("fieldset", {}, [element("legend", {}, ["Was stimmt nicht?"]), ...labels]);
  }

  /**
   * @param {Mark | undefined} mark
   * @returns {HTMLElement[]}
   */
  statusFields(mark) {
    const before = /** @type {{ status: string, valid_on: string } | undefined} */ (mark?.entry.proposed);
    const ladder = this.marking.ladderOf(this.feature);
    const status = element("select", { name: "status" }, ladder.map(([key, label]) => element("option", { value: key }, [label])));
    status.value = before?.status ?? this.said.status ?? ladder[0][0];
    const day = element("input", { type: "date", name: "valid_on", min: FIRST_DAY, max: today() });
    day.value = before?.valid_on ?? this.marking.settings.file.stand;
    return [labelled("Richtiger Status", status), labelled("Gilt seit", day)];
  }

  /**
   * @param {Mark | undefined} mark
   * @returns {HTMLElement[]}
   */
  placeFields(mark) {
    const before = /** @type {{ place: Place } | undefined} */ (mark?.entry.proposed);
    const from = /** @type {Place} */ (this.said.place);
    const apart = element("output", { class: "apart" });
    travel(this.page, this.feature.layer, [this.feature.row]);
    this.pin = new Pin(this.page, before?.place ?? from, (to) => {
      apart.textContent = `${this.marking.metres(from, to)} vom gezeigten Punkt entfernt`;
    });
    return [element("p", { class: "note" }, [HELP]), element("p", {}, [apart])];
  }

  /** @param {Kind} kind */
  take(kind) {
    const { marking, feature, form } = this;
    const { status, valid_on, remark, author } = form.elements;
    const proposed = /** @type {Proposed} */ (kind === "status" ? { status: status.value, valid_on: valid_on.value } : this.pin && { place: this.pin.place });
    const name = author === undefined ? marking.author : tidy(author.value);
    const found = marking.isFull() ?? faultOf(this.said, proposed, tidy(remark.value)) ?? (name === "" ? ["author", "Nennen Sie Ihren Namen; er steht bei Ihren Vorschlägen."] : null);
    form.querySelector(".fault").textContent = found?.[1] ?? "";
    if (found !== null) {
      form.elements[found[0]]?.focus();
      return;
    }
    marking.author = name;
    marking.put(feature, proposed, tidy(remark.value));
    marking.changed("Vorgemerkt");
    marking.back(feature);
    byId("rollout-card-content").querySelector(".marked")?.scrollIntoView({ block: "nearest" });
  }

  /** Takes the pin off the map. */
  letGo() {
    this.pin?.remove();
    this.pin = null;
  }
}
