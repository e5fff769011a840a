/** Marks: what a reader holds to be wrong, noted beside the map and saved as a file of proposals. */

import { nameOf } from "./answer.js";
import { announce, download } from "./clipboard.js";
import { byId, element } from "./dom.js";
import { germanDate, isoDate } from "./filter.js";
import { germanNumber } from "./format.js";
import { additions } from "./main.js";
import { travel } from "./map.js";
import { kindOfProposed, MARKED, proposalText, tidy } from "./mark_file.js";
import { action, labelled, MarkForm } from "./mark_form.js";
import { apart } from "./pin.js";
import { latitudeOf, longitudeOf } from "./projection.js";

/**
 * @typedef {import("./main.js").Page} Page
 * @typedef {import("./hit.js").Feature} Feature
 * @typedef {import("./pin.js").Place} Place
 * @typedef {import("./mark_file.js").Kind} Kind
 * @typedef {import("./mark_file.js").Proposed} Proposed
 * @typedef {import("./mark_file.js").Entry} Entry
 * @typedef {import("./mark_file.js").Mark} Mark
 */

export class Marking {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.settings = /** @type {import("./mark_file.js").Settings} */ (page.marks);
    this.author = "";
    this.isSaved = true;
    // what a browser keeps lies in the clear, and the data of a sealed page must not
    this.isKept = byId("rollout-sealed") === null;
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {MarkForm | null} */
    this.form = null;
    const { project, audience, stand } = this.settings.file;
    this.key = ["rollout-vorschlaege", project, audience, stand].join("\n");
    this.opener = action("", () => this.openList());
    byId("rollout-tools").append(this.opener);
    this.restore();
    this.count();
    page.chosenListeners.push(() => this.form?.letGo());
    page.card.onFacts = () => this.offer();
    window.addEventListener("beforeunload", (event) => {
      if (!this.isSaved && !this.keep()) event.preventDefault();
    });
    this.offer();
  }

  /** Reads what was marked before, as far as this page still has it. */
  restore() {
    try {
      const kept = this.isKept ? JSON.parse(window.localStorage.getItem(this.key) ?? "null") : null;
      for (const { entity, id, proposed, remark } of kept?.marks ?? []) {
        const feature = this.featureOf(entity, String(id));
        if (feature !== null && this.isSound(entity, proposed)) this.put(feature, proposed, remark === null ? null : tidy(String(remark)));
      }
      this.author = tidy(String(kept?.author ?? ""));
    } catch {
      this.marks = [];
    }
  }

  /**
   * @param {string} entity
   * @param {any} proposed
   * @returns {boolean} whether it is what this page would have kept
   */
  isSound(entity, proposed) {
    if (proposed === null) return true;
    if (Array.isArray(proposed.place)) return entity === "target" && proposed.place.length === 2 && proposed.place.every(Number.isFinite);
    return this.settings.ladders[entity].some(([key]) => key === proposed.status) && /^\d{4}-\d\d-\d\d$/.test(proposed.valid_on);
  }

  /** @returns {boolean} whether the marks are kept by the browser; some give a page from disk no room */
  keep() {
    if (!this.isKept) return false;
    try {
      const marks = this.marks.map(({ entry: { entity, id, proposed, remark } }) => ({ entity, id, proposed, remark }));
      if (marks.length === 0) window.localStorage.removeItem(this.key);
      else window.localStorage.setItem(this.key, JSON.stringify({ author: this.author, marks }));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes on the button how many marks there are. */
  count() {
    this.opener.textContent = `Vorschläge (${germanNumber(this.marks.length)})`;
  }

  /** @returns {string} */
  counted() {
    return this.marks.length === 1 ? "1 Vorschlag" : `${germanNumber(this.marks.length)} Vorschläge`;
  }

  /**
   * @param {Feature | null} feature
   * @returns {string} empty for what cannot be marked
   */
  entityOf(feature) {
    return Object.keys(MARKED).find((entity) => feature !== null && MARKED[entity].includes(feature.layer)) ?? "";
  }

  /**
   * @param {string} entity
   * @param {string} id
   * @returns {Feature | null}
   */
  featureOf(entity, id) {
    for (const layer of MARKED[entity] ?? []) {
      const { columns, count } = this.page.layers[layer];
      for (let row = 0; row < count; row += 1) if (columns.id?.at(row) === id) return { layer, row };
    }
    return null;
  }

  /**
   * @param {Feature} feature
   * @returns {Mark[]}
   */
  marksOf({ layer, row }) {
    return this.marks.filter(({ feature }) => feature.layer === layer && feature.row === row);
  }

  /**
   * @param {Feature} feature
   * @returns {Entry["said"]} what the page says of it
   */
  saidOf(feature) {
    const { columns, xy, points } = this.page.layers[feature.layer];
    const label = columns.status?.at(feature.row) ?? null;
    const status = this.ladderOf(feature).find(([, word]) => word === label)?.[0] ?? null;
    const place = points ? /** @type {Place} */ ([longitudeOf(xy[2 * feature.row]), latitudeOf(xy[2 * feature.row + 1])].map((part) => Number(part.toFixed(6)))) : null;
    return { status, since: isoDate(String(columns.since?.at(feature.row) ?? "")) || null, place };
  }

  /**
   * @param {Feature} feature
   * @param {Proposed} proposed
   * @param {string | null} remark
   */
  put(feature, proposed, remark) {
    const kind = kindOfProposed(proposed);
    this.drop(feature, kind);
    const id = String(this.page.layers[feature.layer].columns.id.at(feature.row));
    this.marks.push({ feature, kind, entry: { entity: this.entityOf(feature), id, said: this.saidOf(feature), proposed, remark: remark || null } });
  }

  /**
   * @param {Feature} feature
   * @param {Kind} kind
   */
  drop({ layer, row }, kind) {
    this.marks = this.marks.filter((mark) => mark.kind !== kind || mark.feature.layer !== layer || mark.feature.row !== row);
  }

  /** @param {string} said */
  changed(said) {
    this.isSaved = this.marks.length === 0;
    this.keep();
    this.count();
    announce(`${said}, ${this.counted()}`);
  }

  /** Lets go of the pin, and offers a correction on the card of what can be marked. */
  offer() {
    this.form?.letGo();
    const { chosen, card } = this.page;
    const actions = card.content.querySelector(".actions");
    if (chosen === null || actions === null || this.entityOf(chosen) === "") return;
    const marks = this.marksOf(chosen);
    actions.append(action(marks.length === 0 ? "Korrektur vorschlagen" : "Vorschlag ändern", () => this.openForm(chosen, marks[0]?.kind)));
    for (const mark of marks) actions.before(element("p", { class: "marked" }, [`Ihr Vorschlag: ${this.sentence(mark)}`]));
  }

  /**
   * @param {Mark} mark
   * @returns {string}
   */
  sentence({ feature, entry: { entity, said, proposed, remark } }) {
    const parts = [];
    if (proposed === null) parts.push("Hinweis");
    else if ("place" in proposed) parts.push(`Lage um ${this.metres(said.place, proposed.place)} anders`);
    else parts.push(`„${new Map(this.settings.ladders[entity]).get(proposed.status) ?? ""}“ seit ${germanDate(proposed.valid_on)}, statt „${this.page.layers[feature.layer].columns.status?.at(feature.row) ?? ""}“${said.since ? " seit " + germanDate(said.since) : ""}`);
    return [...parts, remark ?? []].flat().join(": ");
  }

  /**
   * @param {Place | null} from
   * @param {Place} to
   * @returns {string}
   */
  metres(from, to) {
    return `${germanNumber(apart(from ?? to, to), 1)}\u202fm`;
  }

  /**
   * @param {Feature} feature
   * @param {Kind} [kind]
   */
  openForm(feature, kind = "status") {
    this.form = new MarkForm(this, feature);
    this.form.show(kind);
  }

  /** @returns {[string, string] | null} field and fault where a file holds no more */
  isFull() {
    return this.marks.length < this.settings.most ? null : ["", "Mehr Vorschläge fasst eine Datei nicht; speichern Sie zuerst diese."];
  }

  /**
   * @param {string} [value]
   * @returns {HTMLElement}
   */
  authorField(value = this.author) {
    const name = element("input", { type: "text", name: "author", maxlength: String(this.settings.letters[0]), autocomplete: "name" });
    name.value = value;
    return labelled("Ihr Name", name);
  }

  /**
   * @param {Feature} feature
   * @returns {[string, string][]} status word and label, in order
   */
  ladderOf(feature) {
    return this.settings.ladders[this.entityOf(feature)];
  }

  /** @param {Feature} feature */
  back(feature) {
    const { card } = this.page;
    card.showFacts(feature, []);
    card.reveal();
  }

  /**
   * @param {Mark} mark
   * @param {() => void} then
   */
  remove(mark, then) {
    this.drop(mark.feature, mark.kind);
    this.changed("Entfernt");
    then();
  }

  /** Shows all marks in place of the card. */
  openList() {
    const { card } = this.page;
    card.choose(null);
    const items = this.marks.map((mark) => {
      const name = nameOf(this.page, mark.feature);
      const edit = () => {
        card.showFacts(mark.feature, []);
        travel(this.page, mark.feature.layer, [mark.feature.row]);
        this.openForm(mark.feature, mark.kind);
      };
      const buttons = [action("Ändern", edit, `Ändern: ${name}`), action("Entfernen", () => this.remove(mark, () => this.openList()), `Entfernen: ${name}`)];
      return element("li", {}, [element("strong", {}, [name]), element("p", {}, [this.sentence(mark)]), element("div", { class: "actions" }, buttons)]);
    });
    card.fill("Ihre Vorschläge", this.counted(), items.length === 0 ? [element("p", {}, ["Wählen Sie einen Anschluss oder Trassenabschnitt, und dann „Korrektur vorschlagen“."])] : [element("ul", { class: "marks" }, items), ...this.listEnd()]);
    card.reveal();
  }

  /** @returns {HTMLElement[]} */
  listEnd() {
    const name = this.authorField();
    name.querySelector("input")?.addEventListener("change", (event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      this.author = tidy(input.value) || this.author;
      input.value = this.author;
      this.changed("Name geändert");
    });
    const buttons = [action("Vorschläge speichern", () => this.save())];
    if (this.isSaved) buttons.push(action("Alle entfernen", () => this.clear()));
    const note = "Die gespeicherte Datei schicken Sie zurück; was davon übernommen wird, entscheidet der Empfänger einzeln.";
    return [name, element("p", { class: "note" }, [note]), element("div", { class: "actions" }, buttons)];
  }

  /** Saves all marks as a file. */
  save() {
    const { file } = this.settings;
    download(`vorschlaege-${file.audience}-${file.stand}.json`, proposalText(file, this.author, this.marks.map(({ entry }) => entry)), "application/json");
    this.isSaved = true;
    this.openList();
    announce(`Gespeichert, ${this.counted()}`);
  }

  /** Forgets what has been saved. */
  clear() {
    this.marks = [];
    this.changed("Entfernt");
    this.openList();
  }
}

additions.push((page) => page.marks && new Marking(page));
