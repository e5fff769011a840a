/** Texts made alike, so that a search forgives what people write differently. */

/** @type {[RegExp, string][]} in this order */
const RULES = [
  [/ß/g, "ss"],
  // what follows may be cut off while it is typed
  [/str(?:a(?:s(?:s(?:e)?)?)?)?\.?(?=[\s\d,;-]|$)/g, "str "],
  [/ae/g, "a"],
  [/oe/g, "o"],
  [/ue/g, "u"],
  [/[^\p{L}\p{N}]+/gu, " "],
  [/\b(?:haus)?nr (?=\d)/g, ""],
  [/(\d) +(?=[a-z](?: |$))/g, "$1"],
];

/**
 * @param {unknown} text
 * @returns {string} lower case, without accents, `Straße` as `str`, umlauts as their vowels, `12 A` as `12a`
 */
export function folded(text) {
  const plain = String(text).toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return RULES.reduce((kept, [pattern, by]) => kept.replace(pattern, by), plain).trim();
}

/**
 * @returns {(text: string) => string} `folded`, each text worked on once
 */
export function foldedOnce() {
  /** @type {Map<string, string>} */
  const known = new Map();
  return (text) => {
    const found = known.get(text) ?? folded(text);
    known.set(text, found);
    return found;
  };
}
