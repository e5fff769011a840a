/** Which rows are shown, as the filter says; asked by all that draws, counts and lists. */

import { FACETS, fits, initialFilter, isSame, reduce } from "./filter.js";
import { codesOf } from "./payload.js";

/**
 * @typedef {import("./layers.js").Layer} Layer
 * @typedef {import("./filter.js").Filter} Filter
 */

/** Columns whose words the legend switches. */
const SWITCHED = ["class", "kind", "category"];

export class Visibility {
  /**
   * @param {Record<string, Layer>} layers
   * @param {import("./filter.js").Group[]} groups
   */
  constructor(layers, groups) {
    this.layers = layers;
    this.groups = groups;
    this.filter = initialFilter(groups);
    /** @type {Map<string, Uint8Array>} */
    this.masks = new Map();
    /** @type {Map<string, { words: string[], codes: Float64Array | Uint32Array }>} */
    this.known = new Map();
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** @param {import("./filter.js").Action} action */
  dispatch(action) {
    const next = reduce(this.filter, this.groups, action);
    if (isSame(next, this.filter)) return;
    this.filter = next;
    this.masks.clear();
    this.listeners.forEach((listener) => listener());
  }

  /** @returns {boolean} whether anything is other than when the page opened */
  isChanged() {
    return !isSame(this.filter, initialFilter(this.groups));
  }

  /**
   * @param {string} layer
   * @returns {boolean}
   */
  isOn(layer) {
    return this.filter.layers[layer] ?? true;
  }

  /**
   * @param {string} name
   * @returns {Uint8Array} 1 for each row that is shown
   */
  mask(name) {
    return this.kept(name, () => {
      const mask = this.isOn(name) ? this.narrowed(name).slice() : new Uint8Array(this.layers[name].count);
      for (const facet of SWITCHED) {
        const off = this.filter.off[`${name}/${facet}`];
        if (off !== undefined) this.hide(mask, name, facet, (word) => off.includes(word));
      }
      return mask;
    });
  }

  /**
   * @param {string} name
   * @returns {Uint8Array} 1 for each row that the facets leave, whatever the legend's switches say
   */
  narrowed(name) {
    return this.kept(`${name} `, () => {
      const mask = this.all(name);
      for (const [facet, wanted] of Object.entries(this.filter.facets)) {
        if (FACETS[facet]?.includes(name)) this.hide(mask, name, facet, (word) => !fits(facet, wanted, word), 0);
      }
      return mask;
    });
  }

  /**
   * @param {string} name
   * @returns {Uint8Array} 1 for each row that belongs to the layer
   */
  all(name) {
    const layer = this.layers[name];
    if (layer.present) return layer.present.slice();
    const mask = new Uint8Array(layer.count).fill(1);
    if (layer.isTheme) this.hide(mask, name, "class", () => false, 0);
    return mask;
  }

  /**
   * @param {string} key
   * @param {() => Uint8Array} made
   * @returns {Uint8Array}
   */
  kept(key, made) {
    const mask = this.masks.get(key) ?? made();
    this.masks.set(key, mask);
    return mask;
  }

  /**
   * @param {string} name
   * @param {string} column
   * @returns {{ words: string[], codes: Float64Array | Uint32Array }} none where the page has no such column
   */
  codes(name, column) {
    const key = `${name}/${column}`;
    const layer = this.layers[name];
    const packed = layer.packed[column];
    const found = this.known.get(key) ?? (packed === undefined ? { words: [], codes: new Uint32Array(layer.count) } : codesOf(packed, layer.count));
    this.known.set(key, found);
    return found;
  }

  /**
   * @param {Uint8Array} mask
   * @param {string} name
   * @param {string} column
   * @param {(word: string) => boolean} isHidden
   * @param {number} [missing] what becomes of rows without a word: 0 hides them
   */
  hide(mask, name, column, isHidden, missing = 1) {
    const { words, codes } = this.codes(name, column);
    const kept = Uint8Array.from([missing, ...words.map((word) => (isHidden(word) ? 0 : 1))]);
    for (let row = 0; row < mask.length; row += 1) mask[row] &= kept[codes[row]];
  }
}
