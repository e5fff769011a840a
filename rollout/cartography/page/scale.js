/** How wide a line and how big a symbol is at each zoom. */

/**
 * @param {number} zoom
 * @param {number[]} sizes at zoom 11, 12, …; the ends hold beyond
 * @returns {number}
 */
export function between(zoom, sizes) {
  const place = Math.min(Math.max(zoom - 11, 0), sizes.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sizes.length - 1);
  return sizes[low] + (sizes[high] - sizes[low]) * (place - low);
}

const MINOR = [0.4, 0.5, 0.8, 1.6, 3.2, 6, 9.5, 14, 20];
const MAIN = [0.9, 1.3, 2, 3.4, 5.5, 8.5, 12.5, 18, 25];
const TRENCH = [1.1, 1.4, 1.8, 2.3, 2.9, 3.6, 4.6, 6, 7.5];
const SYMBOL = [0.9, 1.2, 1.6, 2.2, 3.4, 5, 6.8, 8.5, 10];

/**
 * @param {number} zoom
 * @param {boolean} main
 * @returns {number} pixels
 */
export function streetWidth(zoom, main) {
  return between(zoom, main ? MAIN : MINOR);
}

/**
 * @param {number} zoom
 * @returns {number} pixels
 */
export function trenchWidth(zoom) {
  return between(zoom, TRENCH);
}

/**
 * @param {number} zoom
 * @returns {number} radius in pixels
 */
export function symbolSize(zoom) {
  return between(zoom, SYMBOL);
}
