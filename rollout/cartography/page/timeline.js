/** The slider of the Stichtag: by mouse, finger and key, step by step or played; all that the page says follows it. */

import { dateOfDay, dayOfIso, stopBeside } from "./changes.js";
import { Course } from "./course.js";
import { byId, element } from "./dom.js";
import { THEMES } from "./filter.js";
import { figuresOf, percentOf } from "./figures.js";
import { additions } from "./main.js";
import { isCalm, showAll } from "./map.js";
import { tellDay } from "./panel.js";
import { shape } from "./svg_ink.js";

/** @typedef {import("./main.js").Page} Page */

const PLAY_MS = 800;
/** Steps that follow each other so fast are one step for the back button. */
const STEP_MS = 1000;

export class Timeline {
  /**
   * @param {Page} page
   * @param {Course} course
   */
  constructor(page, course) {
    this.page = page;
    this.course = course;
    this.stops = course.raw.stops[0][1];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.playing = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.listing = undefined;
    this.moved = -Infinity;
    const lines = Object.entries(course.raw.curve.lines).map(([name, d]) => shape("path", { class: name, d: String(d), "vector-effect": "non-scaling-stroke" }));
    this.curve = shape("svg", { class: "curve", viewBox: `0 0 ${course.last - course.first} 100`, preserveAspectRatio: "none", "aria-hidden": "true" }, lines);
    this.slider = element("input", { type: "range", min: String(course.first), max: String(course.last), value: String(course.last), "aria-label": "Stichtag" });
    this.said = element("p", { class: "day", role: "status" });
    this.note = element("p", { class: "note" });
    this.play = this.button("", "", () => (this.playing === undefined ? this.start() : this.pause()));
    this.play.hidden = isCalm();
    this.build();
    this.pause();
    this.tell();
  }

  /**
   * @param {string} label
   * @param {string} sign
   * @param {() => void} act
   * @returns {HTMLButtonElement}
   */
  button(label, sign, act) {
    const made = element("button", { type: "button", class: "action", "aria-label": label }, [sign]);
    made.addEventListener("click", act);
    return made;
  }

  build() {
    const { slider, course } = this;
    const { stops } = course.raw;
    const unit = element("select", { "aria-label": "Schritte" }, stops.map((/** @type {string[]} */ [label]) => element("option", {}, [label])));
    unit.addEventListener("change", () => (this.stops = stops[unit.selectedIndex][1]));
    const away = (/** @type {number} */ stop) => Math.abs(stop - slider.value);
    slider.addEventListener("input", () => this.take([...this.stops].sort((a, b) => away(a) - away(b))[0]));
    slider.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    const steps = [this.button("Schritt zurück", "‹", () => this.step(-1)), this.button("Schritt weiter", "›", () => this.step(1))];
    const time = element("section", { class: "time", id: "rollout-time", "aria-label": "Stichtag" });
    time.append(this.play, ...steps, this.said, unit, element("div", { class: "track", "data-full": course.raw.curve.full }, [this.curve, slider]));
    byId("rollout-list").before(time);
    byId("rollout-legend").after(this.note);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4 });
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
    this.show(day, now - this.moved > STEP_MS);
    this.moved = now;
  }

  /** Plays on from the day that is shown, from the first one at the end. */
  start() {
    const next = (/** @type {number} */ day, /** @type {boolean} */ isStep) => {
      this.show(day, isStep);
      if (!this.course.isPast) return this.pause();
      this.playing = setTimeout(() => next(stopBeside(this.stops, day, 1), false), PLAY_MS);
    };
    this.lookOf("Anhalten", "❚❚");
    next(this.course.isPast ? stopBeside(this.stops, this.course.day, 1) : this.stops[0], true);
  }

  pause() {
    clearTimeout(this.playing);
    this.playing = undefined;
    this.lookOf("Abspielen", "▶\ufe0e");
  }

  /**
   * @param {string} label
   * @param {string} sign
   */
  lookOf(label, sign) {
    this.play.setAttribute("aria-label", label);
    this.play.textContent = sign;
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
    course.show(day);
    this.tell();
    page.scene.repaint();
    this.refilter(isStep);
    page.count(page.instruments.seen);
    if (!page.card.place.hidden) page.card.again();
  }

  /**
   * Offers and lists what there is on the day, and notes it in the address.
   * @param {boolean} isStep whether the back button is to come back here
   */
  refilter(isStep) {
    const { instruments, spec } = this.page;
    const { list } = instruments;
    instruments.words = null;
    this.leaveComputed();
    instruments.reoffer();
    instruments.tellShown();
    if (list && !spec.legend.some(({ layer }) => layer === list.layer)) list.layer = spec.legend[0].layer;
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
    this.slider.setAttribute("aria-valuetext", stand);
    const { counts } = course;
    const shares = Object.entries({ passed: "erreicht", connected: "angeschlossen" }).filter(([name]) => name in counts).map(([name, label]) => element("span", { class: name }, [`${label} ${percentOf(counts[name], counts.whole)}`]));
    document.title = document.title.replace(/Stand [\d.]+$/, stand);
    this.said.replaceChildren(element("strong", {}, [stand]), ...shares);
    this.curve.lastChild.setAttribute("d", `M${course.day - course.first} 0V100`);
    spec.figures = figuresOf(course);
    tellDay(spec);
    this.note.textContent = course.remark.slice(3);
    byId("rollout-notice").textContent = ""; // what a link meant is over once another day is chosen
    for (const theme of THEMES) document.querySelector(`[data-group="${theme}"]`)?.toggleAttribute("hidden", course.isPast);
  }
}

additions.push((page) => {
  if (page.course === null) return;
  page.course = new Course(page.course, page);
  page.time = new Timeline(page, page.course);
  showAll(page.map, page); // the slider takes some of the map's room
  if (window.location.hash.length > 1) page.instruments.follow();
});
