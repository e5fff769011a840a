/**
 * Reads what Python wrote: varints, bit fields or Rice codes in base64, dictionaries of words, runs of identifiers.
 * A varint holds seven bits a byte, the lowest first; what is missing is 0, so values are stored plus one.
 */

/**
 * @typedef {{ bits: number, data: string }} Short
 * @typedef {{ words?: string[], prefix?: string, digits?: number, start?: number, bits: number, data: string, numbers?: Float64Array | Uint32Array }} Packed numbers once they are known
 * @typedef {{ at: (row: number) => (string | number | null) }} Column
 */

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  // Newer browsers do this natively, in a tenth of the time.
  const native = /** @type {{ fromBase64?: (text: string) => Uint8Array }} */ (/** @type {unknown} */ (Uint8Array));
  if (native.fromBase64) return native.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * @param {Uint8Array} bytes varints
 * @returns {number} how many there are
 */
function countOf(bytes) {
  let count = 0;
  for (let i = 0; i < bytes.length; i += 1) count += 1 - (bytes[i] >> 7);
  return count;
}

/**
 * @param {string} text varints in base64
 * @returns {Float64Array} exact up to 2 ** 35
 */
export function unpack(text) {
  const bytes = bytesOf(text);
  const values = new Float64Array(countOf(bytes));
  let at = 0;
  let value = 0;
  let weight = 1;
  for (let i = 0; i < bytes.length; i += 1) {
    value += (bytes[i] & 127) * weight;
    weight *= 128;
    if (bytes[i] < 128) {
      values[at] = value;
      at += 1;
      value = 0;
      weight = 1;
    }
  }
  return values;
}

/**
 * Reads Rice codes: of each number its rest as so many zeros and a one, then its low bits.
 * @param {string} text how many low bits, how many numbers, and their codes in base64
 * @returns {Int32Array}
 */
export function unpackSigned(text) {
  const bytes = bytesOf(text);
  const [low] = bytes;
  const values = new Int32Array(new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true));
  const mask = 2 ** low - 1;
  let place = 5;
  let held = 0;
  let room = 0;
  for (let i = 0; i < values.length; i += 1) {
    let high = 0;
    for (; held === 0; place += 1) {
      high += room;
      held = bytes[place];
      room = 8;
    }
    const zeros = 31 - Math.clz32(held & -held);
    held >>>= zeros + 1;
    room -= zeros + 1;
    for (; room < low; room += 8, place += 1) held |= bytes[place] << room;
    const value = ((high + zeros) << low) | (held & mask);
    held >>>= low;
    room -= low;
    values[i] = (value >>> 1) ^ -(value & 1);
  }
  return values;
}

/** Bits that a whole number has room for beside a byte. */
const ROOM = 24;

/**
 * @param {Short} packed bit fields, or varints where `bits` is 0
 * @returns {Float64Array | Uint32Array} with a few zeros more where the last byte was not full
 */
export function unpackShort({ bits, data }) {
  if (bits === 0) return unpack(data);
  const bytes = bytesOf(data);
  const values = new Uint32Array(Math.floor((bytes.length * 8) / bits));
  const width = bits > ROOM ? 1 : bits;
  const mask = 2 ** width - 1;
  let place = 0;
  let held = 0;
  let room = 0;
  for (let i = 0; i < values.length; i += 1) {
    for (let bit = 0; bit < bits; bit += width) {
      for (; room < width; room += 8, place += 1) held |= bytes[place] << room;
      values[i] |= (held & mask) << bit;
      held >>>= width;
      room -= width;
    }
  }
  return values;
}

/**
 * @param {Short & { count: number, rest: string[] }} packed sorted words, each without what it shares with the one before
 * @returns {string[]}
 */
export function unpackSorted({ count, rest, bits, data }) {
  const shared = unpackShort({ bits, data });
  /** @type {string[]} */
  const words = [];
  for (let i = 0; i < count; i += 1) words.push((words[i - 1] ?? "").slice(0, shared[i]) + rest[i]);
  return words;
}

/**
 * @param {{ start: number[], xy: string }} packed
 * @param {number} step degrees per unit
 * @returns {Float64Array} longitude, latitude, longitude, …
 */
export function unpackPlaces(packed, step) {
  const steps = unpackSigned(packed.xy);
  const places = new Float64Array(steps.length);
  let [x, y] = packed.start;
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    places[i] = x * step;
    places[i + 1] = y * step;
  }
  return places;
}

/**
 * @param {Packed} packed
 * @returns {Float64Array | Uint32Array} its numbers, unpacked once
 */
function numbersOf(packed) {
  packed.numbers = packed.numbers ?? unpackShort(packed);
  return packed.numbers;
}

/**
 * @param {Packed} packed
 * @returns {Float64Array | Uint32Array} for each row the number of its identifier plus one, 0 where missing
 */
export function numbersOfIds(packed) {
  packed.numbers = packed.numbers ?? summed(packed);
  return packed.numbers;
}

/**
 * @param {Packed} packed differences folded by zigzag
 * @returns {Float64Array} summed up
 */
function summed(packed) {
  const numbers = unfolded(Float64Array.from(unpackShort(packed)));
  let sum = packed.start ?? 0;
  for (let i = 0; i < numbers.length; i += 1) {
    sum += numbers[i];
    numbers[i] = sum;
  }
  return numbers;
}

/**
 * @param {Float64Array} values folded by zigzag
 * @returns {Float64Array} the same array, unfolded
 */
export function unfolded(values) {
  for (let i = 0; i < values.length; i += 1) values[i] = values[i] % 2 === 0 ? values[i] / 2 : -(values[i] + 1) / 2;
  return values;
}

/**
 * @param {Packed} packed
 * @returns {(row: number) => (string | number | null)}
 */
function reader(packed) {
  if (packed.prefix !== undefined) {
    const numbers = numbersOfIds(packed);
    const { prefix, digits = 0 } = packed;
    return (row) => (numbers[row] === 0 ? null : prefix + String(numbers[row] - 1).padStart(digits, "0"));
  }
  const codes = numbersOf(packed);
  const { words } = packed;
  if (words === undefined) return (row) => (codes[row] === 0 ? null : codes[row] - 1);
  return (row) => (codes[row] === 0 ? null : words[codes[row] - 1]);
}

/**
 * A column that is decoded when it is first asked for a value.
 * @param {Packed} packed
 * @returns {Column}
 */
export function column(packed) {
  /** @type {((row: number) => (string | number | null)) | null} */
  let read = null;
  return {
    at(row) {
      read = read ?? reader(packed);
      return read(row);
    },
  };
}

/**
 * The codes of a dictionary column, for work in bulk.
 * @param {Packed} packed
 * @param {number} count rows
 * @returns {{ words: string[], codes: Float64Array | Uint32Array }} code 0 is missing, code n is word n − 1
 */
export function codesOf(packed, count) {
  return { words: packed.words ?? [], codes: numbersOf(packed).subarray(0, count) };
}
