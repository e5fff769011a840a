/** What is switched on: whole layers, and words of a column within a layer. */

import { codesOf } from "./payload.js";

/**
 * @typedef {import("./layers.js").Layer} Layer
 * @typedef {{ layer: string, shown: boolean, rows: { facet: string, value: string }[] }} Group
 */

export class Visibility {
  /**
   * @param {Record<string, Layer>} layers
   * @param {Group[]} groups
   */
  constructor(layers, groups) {
    this.layers = layers;
    this.on = new Map(groups.map((group) => [group.layer, group.shown]));
    /** @type {Map<string, Set<string>>} layer and facet → words that are switched off */
    this.off = new Map();
    /** @type {Map<string, Uint8Array>} */
    this.masks = new Map();
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /**
   * @param {string} layer
   * @param {boolean} shown
   */
  showLayer(layer, shown) {
    this.on.set(layer, shown);
    this.changed(layer);
  }

  /**
   * @param {string} layer
   * @param {string} facet
   * @param {string} word
   * @param {boolean} shown
   */
  showWord(layer, facet, word, shown) {
    const key = `${layer}/${facet}`;
    const words = this.off.get(key) ?? new Set();
    this.off.set(key, words);
    if (shown) words.delete(word);
    else words.add(word);
    this.changed(layer);
  }

  /** @param {string} layer */
  changed(layer) {
    this.masks.delete(layer);
    this.listeners.forEach((listener) => listener());
  }

  /**
   * @param {string} layer
   * @returns {boolean}
   */
  isOn(layer) {
    return this.on.get(layer) ?? true;
  }

  /**
   * @param {string} name
   * @returns {Uint8Array} 1 for each row that is shown
   */
  mask(name) {
    const known = this.masks.get(name);
    if (known !== undefined) return known;
    const layer = this.layers[name];
    const mask = new Uint8Array(layer.count).fill(this.isOn(name) ? 1 : 0);
    for (const facet of ["class", "kind", "category"]) this.hide(mask, layer, facet);
    this.masks.set(name, mask);
    return mask;
  }

  /**
   * @param {Uint8Array} mask
   * @param {Layer} layer
   * @param {string} facet
   */
  hide(mask, layer, facet) {
    const off = this.off.get(`${layer.name}/${facet}`);
    if (off === undefined || off.size === 0) return;
    const { words, codes } = codesOf(layer.packed[facet], layer.count);
    codes.forEach((code, row) => {
      if (code > 0 && off.has(words[code - 1])) mask[row] = 0;
    });
  }
}
