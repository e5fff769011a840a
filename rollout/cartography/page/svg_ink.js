/** Takes what a canvas takes and makes vector shapes of it, so that paper shows what the screen shows, only sharper. */

const SPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 * @returns {any} the element
 */
export function shape(tag, attributes = {}, children = []) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

let clips = 0;

/** @param {number} value @returns {string} */
const short = (value) => String(Math.round(value * 100) / 100);

/** Pixels that a line may reach onto the paper from beside it. */
const BRIM = 9;

/**
 * A browser writes each dash into a PDF, also those far beyond the paper: ten times as much as all that is seen.
 * @param {string} path
 * @param {number[]} size width and height of the paper
 * @returns {string} without the sides that do not meet the paper
 */
function onPaper(path, size) {
  /** @type {number[]} */
  let start = [];
  let from = start;
  return path.replace(/([MLZ])([^A-Za-z]*)/g, (_, step, place) => {
    const to = step === "Z" ? start : place.split(" ").map(Number);
    if (step === "M") start = to;
    const isSeen = step !== "M" && size.every((far, i) => Math.max(from[i], to[i]) > -BRIM && Math.min(from[i], to[i]) < far + BRIM);
    from = to;
    return (isSeen ? "L" : "M") + to.join(" ");
  });
}

/** The part of CanvasRenderingContext2D that our painters use. */
export class SvgInk {
  /**
   * @param {SVGElement} place
   * @param {number[]} size of the paper
   */
  constructor(place, size = [Infinity, Infinity]) {
    this.place = place;
    this.size = size;
    /** @type {CanvasRenderingContext2D | null} */
    this.ruler = null;
    this.fillStyle = this.strokeStyle = "#000000";
    this.lineWidth = 1;
    this.lineJoin = "miter";
    this.lineCap = "butt";
    this.font = "12px sans-serif";
    this.textAlign = this.textBaseline = "";
    /** @type {number[]} */
    this.dash = [];
    this.path = "";
    this.turned = "";
    this.globalAlpha = 1;
    /** @type {SVGElement | null} what is drawn in when no path bounds it */
    this.whole = null;
  }

  beginPath() {
    this.path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.path += `L${short(x)} ${short(y)}`;
  }

  closePath() {
    this.path += "Z";
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  rect(x, y, w, h) {
    this.path += `M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`;
  }

  /** Whole circles only. @param {number} x @param {number} y @param {number} radius */
  arc(x, y, radius) {
    const r = short(radius);
    this.path += `M${short(x + radius)} ${short(y)}A${r} ${r} 0 1 1 ${short(x - radius)} ${short(y)}A${r} ${r} 0 1 1 ${short(x + radius)} ${short(y)}`;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash;
  }

  /** @param {string} [rule] */
  fill(rule = "nonzero") {
    if (this.path === "") return;
    /** @type {Record<string, number>} */
    const pale = this.globalAlpha === 1 ? {} : { "fill-opacity": this.globalAlpha };
    this.place.append(shape("path", { d: this.path, fill: this.fillStyle, "fill-rule": rule, ...pale }));
  }

  stroke() {
    const d = this.dash.length > 0 ? onPaper(this.path, this.size) : this.path;
    if (d !== "") this.place.append(shape("path", { d, fill: "none", ...this.pen() }));
  }

  /** @returns {Record<string, string | number>} */
  pen() {
    const { strokeStyle, lineWidth, lineJoin, lineCap, dash } = this;
    /** @type {Record<string, string>} */
    const dashed = dash.length > 0 ? { "stroke-dasharray": dash.map(short).join(" ") } : {};
    return { stroke: strokeStyle, "stroke-width": short(lineWidth), "stroke-linejoin": lineJoin, "stroke-linecap": lineCap, ...dashed };
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  fillRect(x, y, w, h) {
    this.place.append(shape("rect", { x: short(x), y: short(y), width: short(w), height: short(h), fill: this.fillStyle }));
  }

  /** @param {HTMLCanvasElement} image @param {number} x @param {number} y */
  drawImage(image, x, y) {
    this.place.append(shape("image", { href: image.toDataURL(), x, y, width: image.width, height: image.height, style: "image-rendering:pixelated" }));
  }

  /** @param {string} text @param {number} x @param {number} y @param {Record<string, string | number>} look */
  write(text, x, y, look) {
    /** @type {Record<string, string>} */
    const turned = this.turned === "" ? {} : { transform: this.turned };
    const place = { x: short(x), y: short(y), "text-anchor": "middle", "dominant-baseline": "central", style: `font:${this.font}` };
    this.place.append(shape("text", { ...place, ...turned, ...look }, [text]));
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.write(text, x, y, { fill: this.fillStyle });
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.write(text, x, y, { fill: "none", ...this.pen() });
  }

  /** @param {string} text @returns {TextMetrics} */
  measureText(text) {
    this.ruler = this.ruler ?? /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  /** What follows is drawn inside the current path alone, until it is restored. @param {string} [rule] */
  clip(rule = "nonzero") {
    clips += 1;
    const id = `rollout-clip-${clips}`;
    const inside = shape("g", { "clip-path": `url(#${id})` });
    this.place.append(shape("clipPath", { id }, [shape("path", { d: this.path, "clip-rule": rule })]), inside);
    this.whole = this.whole ?? this.place;
    this.place = inside;
  }

  save() {
    this.turned = "";
  }

  restore() {
    this.turned = "";
    this.globalAlpha = 1;
    this.place = this.whole ?? this.place;
    this.whole = null;
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.turned += `translate(${short(x)} ${short(y)})`;
  }

  /** @param {number} angle radians */
  rotate(angle) {
    this.turned += `rotate(${short((angle * 180) / Math.PI)})`;
  }
}
