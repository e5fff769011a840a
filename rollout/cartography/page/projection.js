/** Web Mercator as Leaflet draws it at zoom 0: a world of 256 by 256 pixels, north up. */

const WORLD = 256;

/**
 * @param {number} longitude
 * @returns {number}
 */
export function worldX(longitude) {
  return ((longitude + 180) / 360) * WORLD;
}

/**
 * @param {number} latitude
 * @returns {number}
 */
export function worldY(latitude) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}

/**
 * @param {number} y
 * @returns {number} latitude
 */
export function latitudeOf(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI;
}

/**
 * @param {number} x
 * @returns {number} longitude
 */
export function longitudeOf(x) {
  return (x / WORLD) * 360 - 180;
}

/**
 * @param {Float64Array} places longitude, latitude, …
 * @returns {Float64Array} the same array, in world pixels
 */
export function projected(places) {
  for (let i = 0; i < places.length; i += 2) {
    places[i] = worldX(places[i]);
    places[i + 1] = worldY(places[i + 1]);
  }
  return places;
}
