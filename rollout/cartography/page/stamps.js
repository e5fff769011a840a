/**
 * What is too much to be drawn line by line and symbol by symbol: every dot of the picture is coloured, and all dots
 * are painted at once, however many features lie on them. Later ones cover earlier ones, as everywhere.
 */

/** Features of a layer in view; beyond it they are drawn in a simpler way. */
export const BUDGET = 8000;
export const SIMPLIFIED = "Vereinfacht dargestellt: So vieles auf einmal zeigt die Karte in Farben, ohne Stricharten und Zeichen. Zahlen und Liste sind genau; näher herangezoomt erscheint alles einzeln.";
/** A class of so few is drawn as ever. */
const FEW = 400;

const PAPER = "#ffffff";

export class Stamps {
  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
    this.wide = Math.ceil(view.width);
    this.high = Math.ceil(view.height);
    this.dots = new Uint8Array(this.wide * this.high);
    this.colours = [PAPER];
  }

  /**
   * @param {string} colour `#rrggbb`
   * @returns {number} of the colour, from 1
   */
  numberOf(colour) {
    if (!this.colours.includes(colour)) this.colours.push(colour);
    return this.colours.indexOf(colour) + 1;
  }

  /**
   * @param {number} x pixels of its middle
   * @param {number} y
   * @param {number} size whole pixels
   * @param {number} colour
   */
  stamp(x, y, size, colour) {
    const { dots, wide, high } = this;
    const [left, top] = [Math.round(x - size / 2), Math.round(y - size / 2)];
    for (let j = Math.max(top, 0); j < Math.min(top + size, high); j += 1) {
      for (let i = Math.max(left, 0); i < Math.min(left + size, wide); i += 1) dots[j * wide + i] = colour;
    }
  }

  /**
   * @param {import("./layers.js").Layer} layer
   * @param {Iterable<number>} rows
   * @param {string} colour
   * @param {number} width
   */
  lines(layer, rows, colour, width) {
    const { scale, left, top } = this.view;
    const { xy, starts, parts } = layer;
    const [size, number] = [Math.max(Math.round(width), 1), this.numberOf(colour)];
    for (const row of rows) {
      for (let part = parts[row]; part < parts[row + 1]; part += 1) {
        const last = starts[part + 1] - 1;
        let i = starts[part];
        let x = xy[2 * i] * scale - left;
        let y = xy[2 * i + 1] * scale - top;
        this.stamp(x, y, size, number);
        for (i += 1; i <= last; i += 1) {
          const dx = xy[2 * i] * scale - left - x;
          const dy = xy[2 * i + 1] * scale - top - y;
          const steps = Math.round(Math.max(Math.abs(dx), Math.abs(dy)) / size);
          if (steps === 0) continue;
          for (let step = 1; step <= steps; step += 1) this.stamp(x + (dx * step) / steps, y + (dy * step) / steps, size, number);
          x += dx;
          y += dy;
        }
      }
    }
  }

  /**
   * @param {import("./layers.js").Layer} layer
   * @param {Iterable<number>} rows
   * @param {{ colour: string, hollow: boolean, size: number }} look
   */
  points({ xy }, rows, { colour, hollow, size }) {
    const { scale, left, top } = this.view;
    const [whole, number] = [Math.max(Math.round(size), 1), this.numberOf(colour)];
    for (const row of rows) {
      const [x, y] = [xy[2 * row] * scale - left, xy[2 * row + 1] * scale - top];
      this.stamp(x, y, whole, number);
      if (hollow && whole > 2) this.stamp(x, y, whole - 2, 1);
    }
  }

  /** Paints what was stamped, as one image. */
  paint() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.wide, this.high];
    const ink = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = ink.createImageData(this.wide, this.high);
    new Uint32Array(image.data.buffer).set(this.pixels());
    ink.putImageData(image, 0, 0);
    this.view.ink.imageSmoothingEnabled = false;
    this.view.ink.drawImage(canvas, 0, 0);
  }

  /** @returns {Uint32Array} red, green, blue and opacity of each dot, the lowest byte first */
  pixels() {
    const values = Uint32Array.from(["", ...this.colours], (colour) => {
      const value = parseInt(colour.slice(1), 16);
      return colour === "" ? 0 : (255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
    });
    const pixels = new Uint32Array(this.dots.length);
    for (let i = 0; i < pixels.length; i += 1) pixels[i] = values[this.dots[i]];
    return pixels;
  }
}

/**
 * Stamps what there is much of.
 * @template {{ rows: number[] }} Batch
 * @param {import("./view.js").View} view
 * @param {Batch[]} batches in the order in which they cover each other
 * @param {(stamps: Stamps, batch: Batch) => void} add
 * @returns {Batch[]} those of few features, still to be painted
 */
export function stamped(view, batches, add) {
  const many = batches.filter(({ rows }) => rows.length > FEW);
  if (many.length > 0) {
    const stamps = new Stamps(view);
    many.forEach((batch) => add(stamps, batch));
    stamps.paint();
  }
  return batches.filter(({ rows }) => rows.length <= FEW);
}
