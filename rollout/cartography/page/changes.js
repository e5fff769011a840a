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
 * @param {number[]} stops ascending
 * @param {number} day
 * @param {number} steps ahead, or back where below 0
 * @returns {number} the stop so many steps from a day, the first or last where there are not so many
 */
export function stopBeside(stops, day, steps) {
  const place = steps < 0 ? stops.filter((stop) => stop < day).length : stops.filter((stop) => stop <= day).length - 1;
  return stops[Math.min(Math.max(place + steps, 0), stops.length - 1)];
}

/** The changes of one layer, row after row and day after day. */
export class Changes {
  /**
   * @param {any} packed
   * @param {Rung[]} ladder
   * @param {number} count rows
   */
  constructor(packed, ladder, count) {
    const [sizes, gaps, status] = [packed.sizes, packed.days, packed.status].map(unpackShort);
    const firsts = summedUp(unfolded(Float64Array.from(unpackShort(packed.first))));
    this.starts = [0, ...summedUp(sizes.subarray(0, count))];
    const total = this.starts[count];
    this.status = status.subarray(0, total);
    this.reasons = new Uint8Array(total);
    const reasons = unpack(packed.reason);
    summedUp(unpack(packed.at)).forEach((place, i) => (this.reasons[place] = reasons[i]));
    this.days = new Int32Array(total);
    /** Since when it stands so without interruption. */
    this.since = new Int32Array(total);
    /** The last status on the ladder proper, 0 where there is none. */
    this.held = new Uint8Array(total);
    let [begun, between] = [0, 0];
    for (let row = 0; row < count; row += 1) {
      const start = this.starts[row];
      for (let i = start; i < this.starts[row + 1]; i += 1) {
        this.days[i] = i > start ? this.days[i - 1] + gaps[between++] : firsts[begun++];
        this.since[i] = i > start && status[i] === status[i - 1] ? this.since[i - 1] : this.days[i];
        this.held[i] = ladder[status[i]][2] ? status[i] : i > start ? this.held[i - 1] : 0;
      }
    }
  }

  /**
   * @param {number} day
   * @returns {Int32Array} for each row the change that holds on the day, -1 before the first
   */
  standing(day) {
    const found = new Int32Array(this.starts.length - 1).fill(-1);
    for (let row = 0; row < found.length; row += 1) {
      for (let i = this.starts[row]; i < this.starts[row + 1] && this.days[i] <= day; i += 1) found[row] = i;
    }
    return found;
  }
}
