/** A pin on the map, set by click, drag or arrow keys. */

import { element } from "./dom.js";

/**
 * @typedef {[number, number]} Place longitude and latitude
 */

const METRES_PER_DEGREE = 111_195;
const STEPS = /** @type {Record<string, Place>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });
const OWN = ["mousedown", "pointerdown", "touchstart", "click", "dblclick", "keydown"];

/**
 * @param {number} latitude
 * @returns {Place} degrees of one metre to the east and to the north
 */
function degrees(latitude) {
  return [1 / (METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180)), 1 / METRES_PER_DEGREE];
}

/**
 * @param {Place} from
 * @param {Place} to
 * @returns {number} metres
 */
export function apart(from, to) {
  const [east, north] = degrees((from[1] + to[1]) / 2);
  return Math.hypot((to[0] - from[0]) / east, (to[1] - from[1]) / north);
}

export class Pin {
  /**
   * @param {import("./main.js").Page} page
   * @param {Place} place
   * @param {(place: Place) => void} moved called now and whenever it has moved
   */
  constructor(page, place, moved) {
    this.page = page;
    this.moved = moved;
    this.place = /** @type {Place} */ (place);
    this.button = element("button", { type: "button", class: "pin", "aria-label": "Nadel: richtiger Ort. Pfeiltasten verschieben um 1 Meter, mit Umschalttaste um 10" });
    for (const name of OWN) this.button.addEventListener(name, (/** @type {Event} */ event) => event.stopPropagation());
    this.button.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.button.setPointerCapture(event.pointerId));
    this.button.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (this.button.hasPointerCapture(event.pointerId)) this.set(page.map.mouseEventToLatLng(event));
    });
    this.button.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    page.map.getContainer().append(this.button);
    page.picking = (latlng) => this.set(latlng);
    this.follow = () => this.draw();
    page.map.on("move zoom viewreset resize", this.follow);
    this.draw();
    moved(place);
  }

  /** @returns {{ lat: number, lng: number }} */
  latlng() {
    return { lat: this.place[1], lng: this.place[0] };
  }

  /** @param {{ lat: number, lng: number }} latlng */
  set({ lat, lng }) {
    this.place = /** @type {Place} */ ([Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
    this.draw();
    this.moved(this.place);
  }

  draw() {
    const { x, y } = this.page.map.latLngToContainerPoint(this.latlng());
    this.button.style.transform = `translate(${x}px, ${y}px)`;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const [east, north] = degrees(this.place[1]);
    const metres = event.shiftKey ? 10 : 1;
    this.set({ lat: this.place[1] + step[1] * metres * north, lng: this.place[0] + step[0] * metres * east });
  }

  remove() {
    this.page.picking = null;
    this.page.map.off("move zoom viewreset resize", this.follow);
    this.button.remove();
  }
}
