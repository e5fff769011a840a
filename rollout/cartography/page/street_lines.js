/** Street pieces joined to the lines their names run along. */

/**
 * @typedef {{ name: string, length: number, box: Float64Array, at: (distance: number) => number[] }} StreetLine lengths in world pixels
 */

/** World pixels; ends this near are one place. */
const GRID = 2 ** 24;

/** @type {WeakMap<object, StreetLine[]>} */
const known = new WeakMap();

/**
 * @param {import("./layers.js").Layer} streets
 * @returns {StreetLine[]} joined once, when first asked for
 */
export function streetLines(streets) {
  const found = known.get(streets);
  if (found !== undefined) return found;
  const lines = [...byName(streets)].flatMap(([name, pieces]) => joined(pieces).map((line) => measured(name, line)));
  lines.sort((a, b) => b.length - a.length);
  known.set(streets, lines);
  return lines;
}

/**
 * @param {import("./layers.js").Layer} streets
 * @returns {Map<string, number[][][]>} name → pieces → places
 */
function byName(streets) {
  const pieces = new Map();
  for (let row = 0; row < streets.count; row += 1) {
    const name = streets.columns.name?.at(row) ?? null;
    if (name === null) continue;
    if (!pieces.has(name)) pieces.set(name, []);
    for (let part = streets.parts[row]; part < streets.parts[row + 1]; part += 1) {
      const line = [];
      for (let i = streets.starts[part]; i < streets.starts[part + 1]; i += 1) line.push([streets.xy[2 * i], streets.xy[2 * i + 1]]);
      pieces.get(name).push(line);
    }
  }
  return pieces;
}

/**
 * @param {number[]} place
 * @returns {string}
 */
function keyOf([x, y]) {
  return `${Math.round(x * GRID)} ${Math.round(y * GRID)}`;
}

/**
 * Joins pieces end to end, each used once.
 * @param {number[][][]} pieces
 * @returns {number[][][]}
 */
function joined(pieces) {
  const open = new Map();
  for (const piece of pieces) {
    for (const end of [piece[0], piece[piece.length - 1]]) {
      const key = keyOf(end);
      open.set(key, [...(open.get(key) ?? []), piece]);
    }
  }
  const used = new Set();
  const lines = [];
  for (const piece of pieces) {
    if (used.has(piece)) continue;
    used.add(piece);
    lines.push(grown(grown([...piece], open, used).reverse(), open, used));
  }
  return lines;
}

/**
 * @param {number[][]} line
 * @param {Map<string, number[][][]>} open
 * @param {Set<number[][]>} used
 * @returns {number[][]} the line, longer at its end by all that follows
 */
function grown(line, open, used) {
  for (;;) {
    const end = keyOf(line[line.length - 1]);
    const next = (open.get(end) ?? []).find((piece) => !used.has(piece));
    if (next === undefined) return line;
    used.add(next);
    line.push(...(keyOf(next[0]) === end ? next.slice(1) : [...next].reverse().slice(1)));
  }
}

/**
 * @param {string} name
 * @param {number[][]} line
 * @returns {StreetLine}
 */
function measured(name, line) {
  const sums = [0];
  for (let i = 1; i < line.length; i += 1) sums.push(sums[i - 1] + Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]));
  const at = (/** @type {number} */ distance) => {
    let i = 1;
    while (i < sums.length - 1 && sums[i] < distance) i += 1;
    const share = (distance - sums[i - 1]) / (sums[i] - sums[i - 1] || 1);
    return [line[i - 1][0] + (line[i][0] - line[i - 1][0]) * share, line[i - 1][1] + (line[i][1] - line[i - 1][1]) * share];
  };
  const [xs, ys] = [line.map((place) => place[0]), line.map((place) => place[1])];
  const box = Float64Array.of(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  return { name, box, length: sums[sums.length - 1], at };
}
