/**
 * Reads what Python wrote: varints or bit fields in base64, dictionaries of words, runs of identifiers.
 * A varint holds seven bits a byte, the lowest first; what is missing is 0, so values are stored plus one.
 */

/**
 * @typedef {{ bits: number, data: string }} Short
 * @typedef {{ words?: string[], prefix?: string, digits?: number, start?: number, bits: number, data: string, codes?: Uint32Array }} Packed codes where they are known already
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
 * @param {string} text varints in base64
 * @returns {Float64Array} exact up to 2 ** 35
 */
export function unpack(text) {
  const bytes = bytesOf(text);
  let count = 0;
  for (const byte of bytes) if (byte < 128) count += 1;
  const values = new Float64Array(count);
  let at = 0;
  let value = 0;
  let weight = 1;
  for (const byte of bytes) {
    value += (byte & 127) * weight;
    weight *= 128;
    if (byte < 128) {
      values[at] = value;
      at += 1;
      value = 0;
      weight = 1;
    }
  }
  return values;
}

/**
 * @param {string} text zigzag varints in base64
 * @returns {Float64Array}
 */
export function unpackSigned(text) {
  return unfolded(unpack(text));
}

/**
 * @param {Float64Array} values folded by zigzag
 * @returns {Float64Array} the same array, unfolded
 */
export function unfolded(values) {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    values[i] = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  return values;
}

/**
 * @param {Short} packed bit fields, or varints where `bits` is 0
 * @returns {Float64Array | Uint32Array} with a few zeros more where the last byte was not full
 */
export function unpackShort({ bits, data }) {
  if (bits === 0) return unpack(data);
  const bytes = bytesOf(data);
  const values = new Uint32Array(Math.floor((bytes.length * 8) / bits));
  let place = 0;
  for (let i = 0; i < values.length; i += 1) {
    for (let bit = 0; bit < bits; bit += 1, place += 1) values[i] |= ((bytes[place >> 3] >> (place & 7)) & 1) << bit;
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
  const values = unpackSigned(packed.xy);
  let x = packed.start[0];
  let y = packed.start[1];
  for (let i = 0; i < values.length; i += 2) {
    x += values[i];
    y += values[i + 1];
    values[i] = x * step;
    values[i + 1] = y * step;
  }
  return values;
}

/**
 * @param {Float64Array} values differences
 * @param {number} start
 * @returns {Float64Array} the same array, summed up
 */
function summed(values, start) {
  for (let i = 0; i < values.length; i += 1) values[i] += i === 0 ? start : values[i - 1];
  return values;
}

/**
 * @param {Packed} packed
 * @returns {(row: number) => (string | number | null)}
 */
function reader(packed) {
  if (packed.prefix !== undefined) {
    const numbers = summed(unfolded(Float64Array.from(unpackShort(packed))), packed.start ?? 0);
    const { prefix, digits = 0 } = packed;
    return (row) => (numbers[row] === 0 ? null : prefix + String(numbers[row] - 1).padStart(digits, "0"));
  }
  const codes = unpackShort(packed);
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
  return { words: packed.words ?? [], codes: packed.codes ?? unpackShort(packed).subarray(0, count) };
}
