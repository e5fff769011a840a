/** Names on the map: districts, municipalities beside the city, streets along their course, house numbers; none covers another. */

import { holds } from "./hit.js";
import { placesOf } from "./paint_points.js";
import { streetLines } from "./street_lines.js";
import { streetWidth, symbolSize } from "./scale.js";
import { boxOfView, isWithin, rowsWithin } from "./seen.js";
import { Busy } from "./busy.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{ x: number, y: number, w: number, h: number }} Box */

const FAMILY = 'system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const NODE_ZOOM = 15;
const STREET_ZOOM = 15.75;
const NUMBER_ZOOM = 17.75;
const STREET_EVERY = 460;
/** Pixels from one line that the name of a municipality may stand on to the next. */
const LINE = 10;
const LONGEST = 48;
const SHIFTS = [0, -60, 60, -120, 120, -180, 180];
const NEIGHBOUR_NAME = "#645e53";
const HALO = "rgb(250 248 243 / 92%)";

/**
 * @param {string | number | null} text
 * @returns {string} no longer than a name on a map can be; the card has all of it
 */
function brief(text) {
  const whole = String(text ?? "");
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST - 1)}…` : whole;
}

/** Keeps the room that is taken. */
class Room {
  constructor() {
    /** @type {Box[]} */
    this.taken = [];
  }

  /**
   * @param {Box[]} boxes
   * @returns {boolean} whether they were free, and are taken now
   */
  take(boxes) {
    const meets = (/** @type {Box} */ a, /** @type {Box} */ b) =>
      a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    if (boxes.some((box) => this.taken.some((other) => meets(box, other)))) return false;
    this.taken.push(...boxes);
    return true;
  }
}

/**
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {(work: () => void) => void} second does at once or soon what comes second
 */
export function paintLabels(view, page, second) {
  const room = new Room();
  room.taken.push(...(view.covered ?? []));
  const { ink } = view;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.lineJoin = "round";
  ink.setLineDash([]);
  keepNodesFree(view, page, room);
  const busy = view.zoom >= NODE_ZOOM ? new Busy(view, page) : null;
  if (busy !== null) paintNodeNames(view, page, room, busy);
  paintDistrictNames(view, page, room);
  second(() => paintNeighbourNames(view, page, room));
  if (busy !== null && view.zoom >= STREET_ZOOM && page.layers.streets) paintStreetNames(view, page, room, busy);
  if (view.zoom >= NUMBER_ZOOM) paintHouseNumbers(view, page, room);
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {{ colour: string, halo: number }} style
 */
function write(ink, text, x, y, style) {
  ink.strokeStyle = HALO;
  ink.lineWidth = style.halo;
  ink.strokeText(text, x, y);
  ink.fillStyle = style.colour;
  ink.fillText(text, x, y);
}

/**
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {Room} room
 */
function paintDistrictNames(view, page, room) {
  const { districts } = page.layers;
  if (districts.anchors === null || view.zoom >= 17) return;
  const size = Math.round(Math.min(Math.max(view.zoom + 0.5, 12), 17));
  for (const main of [true, false]) {
    view.ink.font = `${main ? 650 : 500} ${main ? size : size - 1}px ${FAMILY}`;
    for (let row = 0; row < districts.count; row += 1) {
      if (page.emphasised.has(row) !== main) continue;
      const text = brief(districts.columns.name.at(row)) + (page.inPart.has(row) ? " (in Teilen)" : "");
      const width = view.ink.measureText(text).width + 6;
      const [left, top] = [districts.anchors[2 * row] * view.scale - view.left, districts.anchors[2 * row + 1] * view.scale - view.top];
      const spot = [0, -1.5, 1.5, -2.6, 2.6].map((lines) => kept(view.frame, left, top + lines * size, width / 2 + 4, size)).find(([x, y]) => {
        const isMoved = x !== left || Math.abs(y - top) > 3 * size;
        return (!isMoved || liesIn(view, districts, row, x, y, width / 2)) && room.take([{ x: x - width / 2, y: y - 0.7 * size, w: width, h: size * 1.4 }]);
      });
      if (spot === undefined) continue;
      write(view.ink, text, spot[0], spot[1], { colour: main ? "#2f3a45" : "#746d61", halo: 4 });
    }
  }
}

/**
 * A municipality beside the city is named where its name lies wholly in what is seen of it, as near as can be to the middle of the
 * city, or of the map where that is not seen.
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {Room} room
 */
function paintNeighbourNames(view, page, room) {
  const { neighbours, districts } = page.layers;
  if (!neighbours || page.isTiled || !page.parts.has("base") || view.zoom >= STREET_ZOOM) return;
  const { ink, frame } = view;
  const [west, north, east, south] = districts.extent;
  const [x, y] = pixel(view, [(west + east) / 2, (north + south) / 2]);
  const [x0, y0] = isWithinFrame(view, x, y) ? [x, y] : [frame.x + frame.w / 2, frame.y + frame.h / 2];
  ink.font = `italic 12px ${FAMILY}`;
  ink.fillStyle = NEIGHBOUR_NAME;
  for (let row = 0; row < neighbours.count; row += 1) {
    const text = brief(neighbours.columns.name?.at(row) ?? null);
    const half = ink.measureText(text).width / 2 + 7;
    const spots = linesOf(view, neighbours, row).filter(([from, to]) => to - from > 2 * half).map(([from, to, line]) => {
      const middle = Math.min(Math.max(x0, from + half), to - half);
      return [middle, line, Math.hypot(middle - x0, line - y0)];
    });
    const spot = spots.sort((a, b) => a[2] - b[2]).find((at) => room.take([{ x: at[0] - half, y: at[1] - LINE, w: 2 * half, h: 2 * LINE }]));
    if (spot !== undefined) ink.fillText(text, spot[0], spot[1]);
  }
}

/**
 * Cuts what is seen of an area into lines from west to east, which keep to the ground while the map is dragged.
 * @param {View} view
 * @param {import("./layers.js").Layer} layer
 * @param {number} row
 * @returns {number[][]} west, east and y of what lies in the area with the lines above and below it
 */
function linesOf({ frame, left, top, scale }, { xy, starts, parts }, row) {
  const first = Math.ceil((frame.y + top) / LINE);
  /** @type {number[][]} */
  const ends = Array.from({ length: Math.max(Math.ceil((frame.y + frame.h + top) / LINE) - first, 0) }, () => []);
  for (let part = parts[row]; part < parts[row + 1]; part += 1) {
    for (let i = starts[part], j = starts[part + 1] - 1; i < starts[part + 1]; j = i, i += 1) {
      // side by side, each looked at once, and only the lines it crosses: this runs before it is compiled
      const yi = (xy[2 * i + 1] * scale) / LINE - first;
      const yj = (xy[2 * j + 1] * scale) / LINE - first;
      const end = Math.min(Math.max(yi, yj), ends.length);
      for (let line = Math.max(Math.ceil(Math.min(yi, yj)), 0); line < end; line += 1) {
        const x = (xy[2 * i] + ((xy[2 * j] - xy[2 * i]) * (line - yi)) / (yj - yi)) * scale - left;
        ends[line].push(Math.min(Math.max(x, frame.x), frame.x + frame.w));
      }
    }
  }
  const lines = ends.map((found, line) => {
    found.sort((a, b) => a - b);
    return found.map((end, i) => [end, found[i + 1], (first + line) * LINE - top]).filter((_, i) => i % 2 === 0);
  });
  const both = (/** @type {number[][]} */ one, /** @type {number[][]} */ other) => one.flatMap(([a, b, y]) => other.map(([c, d]) => [Math.max(a, c), Math.min(b, d), y]));
  return lines.slice(1, -1).flatMap((line, i) => both(both(line, lines[i]), lines[i + 2]));
}

/**
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {Room} room
 */
function keepNodesFree(view, page, room) {
  const { nodes } = page.layers;
  if (!page.parts.has("nodes")) return;
  const mask = page.visibility.mask("nodes");
  const shown = rowsWithin(nodes, boxOfView(view, 16), mask);
  const half = Math.max(symbolSize(view.zoom), 3.4) * 1.8;
  for (const [x, y] of placesOf(view, nodes, shown)) room.take([{ x: x - half, y: y - half, w: 2 * half, h: 2 * half }]);
}

/**
 * Moves a name that the edge of the map would cut; one that lies wholly beyond it stays there, and comes in as the map is dragged.
 * @param {Box} frame
 * @param {number} x
 * @param {number} y
 * @param {number} half of its width
 * @param {number} tall half of its height
 * @returns {number[]}
 */
function kept({ x: west, y: north, w, h }, x, y, half, tall) {
  if (x + half < west || x - half > west + w || y + tall < north || y - tall > north + h) return [x, y];
  return [Math.min(Math.max(x, west + half), west + w - half), Math.min(Math.max(y, north + tall), north + h - tall)];
}

/**
 * @param {View} view
 * @param {import("./layers.js").Layer} districts
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @param {number} half of the name's width
 * @returns {boolean} whether a name that was moved still touches its district
 */
function liesIn(view, districts, row, x, y, half) {
  return [x, x - half, x + half].some((at) => holds(districts, row, (at + view.left) / view.scale, (y + view.top) / view.scale));
}

/**
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {Room} room
 * @param {Busy} busy
 */
function paintNodeNames(view, page, room, busy) {
  const { nodes } = page.layers;
  if (!page.parts.has("nodes")) return;
  const mask = page.visibility.mask("nodes");
  view.ink.font = `600 12px ${FAMILY}`;
  for (const row of rowsWithin(nodes, boxOfView(view, 16), mask)) {
    const text = brief(nodes.columns.name?.at(row) ?? null);
    const [place] = placesOf(view, nodes, [row]);
    if (place === undefined || text === "") continue;
    const width = view.ink.measureText(text).width + 6;
    const [away, aside] = [symbolSize(view.zoom) * 2 + 9, symbolSize(view.zoom) * 2 + width / 2];
    const sides = [[0, -away], [0, away], [aside, 0], [-aside, 0]].map(([dx, dy]) => kept(view.frame, place[0] + dx, place[1] + dy, width / 2 + 4, 8));
    const boxOfName = (/** @type {number[]} */ [x, y]) => [{ x: x - width / 2, y: y - 8, w: width, h: 16 }];
    const free = sides.find((side) => !busy.meets(boxOfName(side)) && room.take(boxOfName(side))) ?? sides.find((side) => room.take(boxOfName(side)));
    if (free !== undefined) write(view.ink, text, free[0], free[1], { colour: "#1d2733", halo: 3.5 });
  }
}

/**
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {Room} room
 * @param {Busy} busy
 */
function paintStreetNames(view, page, room, busy) {
  const { ink } = view;
  ink.font = `500 ${view.zoom < 17 ? 11 : 12.5}px ${FAMILY}`;
  const seen = boxOfView(view, 0);
  for (const line of streetLines(page.layers.streets)) {
    if (!isWithin(line.box, 0, 2, seen)) continue;
    const width = ink.measureText(line.name).width;
    const total = line.length * view.scale;
    if (width + 8 > total) continue;
    const count = Math.max(1, Math.round(total / STREET_EVERY));
    let written = 0;
    for (let i = 0; i < count; i += 1) {
      const chords = candidates(view, line, ((i + 0.5) / count) * total, width);
      const free = chords.find((chord) => !busy.meets(boxesOf(chord)) && room.take(boxesOf(chord)));
      const chosen = free ?? (written === 0 ? chords.find((chord) => room.take(boxesOf(chord))) : undefined);
      if (chosen === undefined) continue;
      writeAlong(ink, line.name, chosen);
      written += 1;
    }
  }
}

/** @typedef {number[]} Chord both ends of a name: x, y, x, y */

/**
 * Where a name could stand: on the street, to and fro along it, then beside it.
 * @param {View} view
 * @param {import("./street_lines.js").StreetLine} line
 * @param {number} middle pixels from its start
 * @param {number} width of the text
 * @returns {Chord[]}
 */
function candidates(view, line, middle, width) {
  const total = line.length * view.scale;
  const beside = streetWidth(view.zoom, false) / 2 + 9;
  const found = [];
  for (const side of [0, beside, -beside]) {
    for (const shift of SHIFTS) {
      const at = Math.min(Math.max(middle + shift, width / 2), total - width / 2);
      const [x0, y0] = pixel(view, line.at((at - width / 2) / view.scale));
      const [x1, y1] = pixel(view, line.at((at + width / 2) / view.scale));
      const long = Math.hypot(x1 - x0, y1 - y0);
      if (long < width * 0.96 || !isSeen(view, x0, y0, x1, y1) || isWithinFrame(view, x0, y0) !== isWithinFrame(view, x1, y1)) continue;
      const [dx, dy] = [((y0 - y1) / long) * side, ((x1 - x0) / long) * side];
      found.push([x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
    }
  }
  return found;
}

/**
 * @param {View} view
 * @param {number[]} place world pixels
 * @returns {number[]}
 */
function pixel(view, place) {
  return [place[0] * view.scale - view.left, place[1] * view.scale - view.top];
}

/**
 * @param {View} view
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @returns {boolean}
 */
function isSeen(view, x0, y0, x1, y1) {
  return Math.max(x0, x1) > 0 && Math.min(x0, x1) < view.width && Math.max(y0, y1) > 0 && Math.min(y0, y1) < view.height;
}

/**
 * @param {View} view
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether the end of a name is far enough from the edge of what is seen
 */
function isWithinFrame({ frame }, x, y) {
  return x > frame.x + 4 && x < frame.x + frame.w - 4 && y > frame.y + 4 && y < frame.y + frame.h - 4;
}

/**
 * @param {Chord} chord
 * @returns {Box[]}
 */
function boxesOf([x0, y0, x1, y1]) {
  const count = Math.max(3, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 14));
  return Array.from({ length: count }, (_, i) => {
    const share = (i + 0.5) / count;
    return { x: x0 + (x1 - x0) * share - 7, y: y0 + (y1 - y0) * share - 7, w: 14, h: 14 };
  });
}

/**
 * @param {CanvasRenderingContext2D} ink
 * @param {string} text
 * @param {Chord} chord
 */
function writeAlong(ink, text, [x0, y0, x1, y1]) {
  let angle = Math.atan2(y1 - y0, x1 - x0);
  if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
  ink.save();
  ink.translate((x0 + x1) / 2, (y0 + y1) / 2);
  ink.rotate(angle);
  write(ink, text, 0, 0, { colour: "#4a4439", halo: 3 });
  ink.restore();
}

/**
 * @param {View} view
 * @param {import("./main.js").Page} page
 * @param {Room} room
 */
function paintHouseNumbers(view, page, room) {
  view.ink.font = `500 10.5px ${FAMILY}`;
  for (const name of ["targets", "extended"]) {
    const layer = page.layers[name];
    if (!page.visibility.isOn(name) || !page.parts.has("targets")) continue;
    const mask = page.visibility.mask(name);
    for (const row of rowsWithin(layer, boxOfView(view, 0), mask)) {
      const [place] = placesOf(view, layer, [row], 0);
      if (place === undefined) continue;
      const text = brief(layer.columns.number?.at(row) ?? null).slice(0, 12);
      const y = place[1] + symbolSize(view.zoom) + 13;
      const width = view.ink.measureText(text).width + 2;
      if (room.take([{ x: place[0] - width / 2, y: y - 6, w: width, h: 12 }])) write(view.ink, text, place[0], y, { colour: "#1d2733", halo: 2.5 });
    }
  }
}
