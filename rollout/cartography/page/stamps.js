/**
 * What is too much to be drawn line by line and symbol by symbol: every dot of the screen is coloured once, however
 * many features lie on it. What is painted later covers what was painted before, as everywhere.
 */

/** Features of a layer in view; beyond it they are drawn in a simpler way. */
export const BUDGET = 8000;
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
   * @param {string} colour
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
        for (let i = starts[part]; i < starts[part + 1] - 1; i += 1) {
          const [x, y] = [xy[2 * i] * scale - left, xy[2 * i + 1] * scale - top];
          const [dx, dy] = [xy[2 * i + 2] * scale - left - x, xy[2 * i + 3] * scale - top - y];
          const steps = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / size) || 1;
          for (let step = 0; step <= steps; step += 1) this.stamp(x + (dx * step) / steps, y + (dy * step) / steps, size, number);
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

  /** Paints what was stamped, in runs of one colour. */
  paint() {
    const { dots, wide, colours, view } = this;
    /** @type {number[][]} */
    const runs = colours.map(() => []);
    for (let at = 0; at < dots.length; at += 1) {
      const colour = dots[at];
      if (colour === 0) continue;
      const end = (Math.floor(at / wide) + 1) * wide;
      const first = at;
      while (at + 1 < end && dots[at + 1] === colour) at += 1;
      runs[colour - 1].push(first, at - first + 1);
    }
    runs.forEach((run, i) => {
      view.ink.fillStyle = colours[i];
      for (let k = 0; k < run.length; k += 2) view.ink.fillRect(run[k] % wide, Math.floor(run[k] / wide), run[k + 1], 1);
    });
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
