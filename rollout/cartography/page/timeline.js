/** The slider of the Stichtag: by mouse, finger and key, step by step or played; all that the page says follows it. */

import { dateOfDay, dayOfIso, stopBeside } from "./changes.js";
import { Course } from "./course.js";
import { curveOf } from "./curve.js";
import { byId, element } from "./dom.js";
import { THEMES } from "./filter.js";
import { figuresOf, percentOf } from "./figures.js";
import { additions } from "./main.js";
import { isCalm, seenBox, showAll } from "./map.js";
import { badges, figureElement } from "./panel.js";
import { shape } from "./svg_ink.js";

/** @typedef {import("./main.js").Page} Page */

const UNITS = { delivery: "Lieferung", month: "Monat", week: "Woche" };
const SHARES = { passed: "erreicht", connected: "angeschlossen" };
const PLAY = "M3 1L14 8L3 15Z";
const PAUSE = "M3 2H7V14H3ZM9 2H13V14H9Z";
const PLAY_MS = 800;
/** Steps that follow each other so fast are one step for the back button. */
const ONE_STEP_MS = 1000;
const LEAP = 4;

export class Timeline {
  /**
   * @param {Page} page
   * @param {Course} course
   */
  constructor(page, course) {
    this.page = page;
    this.course = course;
    this.stops = course.raw.stops.delivery;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.playing = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.listing = undefined;
    this.moved = -Infinity;
    this.curve = curveOf(course);
    this.slider = element("input", { type: "range", min: String(course.first), max: String(course.last), "aria-label": "Stichtag" });
    this.said = element("p", { class: "day" });
    this.note = element("p", { class: "note" });
    this.play = this.button("", PLAY, () => (this.playing === undefined ? this.start() : this.pause()));
    this.play.hidden = isCalm();
    this.build();
    this.pause();
    this.tell();
  }

  /**
   * @param {string} label
   * @param {string} path
   * @param {() => void} act
   * @returns {any} the button
   */
  button(label, path, act) {
    const made = element("button", { type: "button", class: "action", "aria-label": label }, [shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, [shape("path", { d: path })])]);
    made.addEventListener("click", act);
    return made;
  }

  build() {
    const { slider, course } = this;
    const unit = element("select", { "aria-label": "Schritte" }, Object.entries(UNITS).map(([value, label]) => element("option", { value }, [label])));
    unit.addEventListener("change", () => (this.stops = course.raw.stops[unit.value]));
    const isNearer = (/** @type {number} */ best, /** @type {number} */ stop) => (Math.abs(stop - slider.value) < Math.abs(best - slider.value) ? stop : best);
    slider.addEventListener("input", () => this.take(this.stops.reduce(isNearer)));
    slider.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    const steps = [-1, 1].map((step) => this.button(step < 0 ? "Schritt zurück" : "Schritt weiter", step < 0 ? "M10 2L4 8L10 14" : "M6 2L12 8L6 14", () => this.step(step)));
    const time = element("section", { class: "time", id: "rollout-time", "aria-label": "Stichtag" });
    time.append(this.play, ...steps, this.said, unit, element("div", { class: "track" }, [...this.curve.drawn, slider]));
    byId("rollout-list").before(time);
    byId("rollout-legend").after(this.note);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const all = this.stops.length;
    const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -LEAP, PageUp: LEAP, Home: -all, End: all });
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.step(steps[event.key]);
  }

  /** @param {number} steps */
  step(steps) {
    this.take(stopBeside(this.stops, this.course.day, steps));
  }

  /** @param {number} day that a reader asks for */
  take(day) {
    this.pause();
    const now = performance.now();
    this.show(day, now - this.moved > ONE_STEP_MS);
    this.moved = now;
  }

  /** Plays on from the day that is shown, from the first one at the end. */
  start() {
    const next = (/** @type {number} */ day, /** @type {boolean} */ isStep) => {
      this.show(day, isStep);
      if (!this.course.isPast) return this.pause();
      this.playing = setTimeout(() => next(stopBeside(this.stops, day, 1), false), PLAY_MS);
    };
    this.lookOf("Anhalten", PAUSE);
    next(this.course.isPast ? stopBeside(this.stops, this.course.day, 1) : this.stops[0], true);
  }

  pause() {
    clearTimeout(this.playing);
    this.playing = undefined;
    this.lookOf("Abspielen", PLAY);
  }

  /**
   * @param {string} label
   * @param {string} path
   */
  lookOf(label, path) {
    this.play.setAttribute("aria-label", label);
    this.play.querySelector("path").setAttribute("d", path);
  }

  /** @param {string} iso the day an address names; the Stichtag is shown where it is none of this page */
  follow(iso) {
    const { first, last } = this.course;
    const day = dayOfIso(iso);
    this.pause();
    this.show(day >= first && day < last ? day : last, false);
  }

  /**
   * @param {number} day
   * @param {boolean} isStep whether the back button is to come back here
   */
  show(day, isStep) {
    const { page, course } = this;
    this.slider.value = String(day);
    if (day === course.day) return;
    const title = document.title.replace(page.spec.stand, dateOfDay(day));
    course.show(day);
    document.title = title;
    this.tell();
    page.scene.repaint();
    this.refilter(page.instruments, isStep);
    page.count(page.instruments.seen ?? seenBox(page));
    if (!page.card.place.hidden) page.card.again();
  }

  /**
   * Offers and lists what there is on the day, and notes it in the address.
   * @param {import("./instruments.js").Instruments} instruments
   * @param {boolean} isStep whether the back button is to come back here
   */
  refilter(instruments, isStep) {
    instruments.words = null;
    this.leaveComputed();
    instruments.reoffer();
    instruments.tellShown();
    const { list } = instruments;
    const { legend } = this.page.spec;
    if (list && !legend.some(({ layer }) => layer === list.layer)) list.layer = legend[0].layer;
    clearTimeout(this.listing);
    this.listing = setTimeout(() => list?.refresh());
    if (isStep) instruments.write(true);
    else instruments.settle();
  }

  /** No other day than the Stichtag is filtered by what was computed for that. */
  leaveComputed() {
    const { visibility } = this.page;
    if (!this.course.isPast) return;
    visibility.dispatch({ type: "facet", facet: "reach", value: "" });
    for (const layer of THEMES) if (visibility.filter.layers[layer]) visibility.dispatch({ type: "layer", layer, shown: false });
  }

  /** Says in words and figures which day is shown. */
  tell() {
    const { page, course } = this;
    const { spec } = page;
    const stand = `Stand ${dateOfDay(course.day)}`;
    this.slider.value = String(course.day);
    this.slider.setAttribute("aria-valuetext", stand);
    const shares = Object.entries(SHARES).filter(([name]) => course.figures[name]).map(([name, label]) => element("span", { class: name }, [`${label} ${percentOf(course.figure(name), course.figure("whole"))}`]));
    this.said.replaceChildren(element("strong", {}, [stand]), ...shares);
    this.curve.follow();
    byId("rollout-badges").replaceChildren(...badges(spec));
    byId("rollout-notes").textContent = spec.notes.join(" · ");
    byId("rollout-figures").replaceChildren(...figuresOf(course).map(figureElement));
    this.note.textContent = course.remark.slice(3);
    for (const { layer } of course.spec.legend) document.querySelector(`[data-group="${layer}"]`)?.toggleAttribute("hidden", !spec.legend.some((group) => group.layer === layer));
  }
}

additions.push((page) => {
  if (page.course === null) return;
  page.course = new Course(page.course, page);
  page.time = new Timeline(page, page.course);
  showAll(page.map, page); // the slider takes some of the map's room
  if (window.location.hash.length > 1) page.instruments.follow();
});
