/** The changes of statuses, as they come with the page: how everything stood on any day, made of them alone. */

import { germanDate } from "./filter.js";
import { unfolded, unpack, unpackShort } from "./payload.js";

/** @typedef {[string, string, boolean]} Rung label, class, and whether it stands on the ladder proper */

const DAY_MS = 86_400_000;

/**
 * @param {number} day counted from 1970-01-01
 * @returns {string} `28.03.2022`
 */
export function dateOfDay(day) {
  return germanDate(new Date(day * DAY_MS).toISOString().slice(0, 10));
}

/**
 * @param {string} iso
 * @returns {number} NaN where it is no day
 */
export function dayOfIso(iso) {
  return Date.parse(iso) / DAY_MS;
}

/**
 * @param {Iterable<number>} steps from one to the next
 * @returns {number[]}
 */
export function summedUp(steps) {
  let place = 0;
  return Array.from(steps, (step) => (place += step));
}

/**
 * @param {any} packed steps of either sign
 * @returns {number[]} from one to the next
 */
export const sumsOf = (packed) => summedUp(unfolded(unpack(packed)));

/**
 * @param {number[]} stops ascending
 * @param {number} day
 * @param {number} steps ahead, or back where below 0
 * @returns {number} the stop so many steps from a day, the first or last where there are not so many
 */
export function stopBeside(stops, day, steps) {
  const before = stops.filter((stop) => stop < day + Number(steps > 0)).length - Number(steps > 0);
  return stops[Math.min(Math.max(before + steps, 0), stops.length - 1)];
}

/**
 * @typedef {object} Changes of one layer, row after row and day after day
 * @property {number[]} starts first change of each row, and one more
 * @property {Float64Array | Uint32Array} status
 * @property {Uint8Array} reasons
 * @property {Int32Array} days
 * @property {Int32Array} since when it stands so without interruption
 * @property {Uint8Array} held the last status on the ladder proper, 0 where there is none
 */

/**
 * @param {any} packed
 * @param {Rung[]} ladder
 * @param {number} count rows
 * @returns {Changes}
 */
export function changesOf(packed, ladder, count) {
  const [sizes, gaps, status] = [packed.sizes, packed.days, packed.status].map(unpackShort);
  const firsts = sumsOf(packed.first);
  const starts = [0, ...summedUp(sizes.subarray(0, count))];
  const total = starts[count];
  const [reasons, held] = [new Uint8Array(total), new Uint8Array(total)];
  const [days, since] = [new Int32Array(total), new Int32Array(total)];
  const why = unpack(packed.reason);
  summedUp(unpack(packed.at)).forEach((place, i) => (reasons[place] = why[i]));
  let [begun, between] = [0, 0];
  for (let row = 0; row < count; row += 1) {
    for (let i = starts[row]; i < starts[row + 1]; i += 1) {
      const isFirst = i === starts[row];
      days[i] = isFirst ? firsts[begun++] : days[i - 1] + gaps[between++];
      since[i] = !isFirst && status[i] === status[i - 1] ? since[i - 1] : days[i];
      held[i] = ladder[status[i]][2] ? status[i] : isFirst ? 0 : held[i - 1];
    }
  }
  return { starts, status: status.subarray(0, total), reasons, days, since, held };
}

/**
 * @param {Changes} changes
 * @param {number} day
 * @returns {Int32Array} for each row the change that holds on the day, -1 before the first
 */
export function standingOn({ starts, days }, day) {
  return Int32Array.from(starts.slice(1), (end, row) => {
    let i = starts[row];
    while (i < end && days[i] <= day) i += 1;
    return i > starts[row] ? i - 1 : -1;
  });
}
