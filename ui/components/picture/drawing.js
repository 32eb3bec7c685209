// A drawing as a list of marks, and the 8×8 levels that it comes down to. No page in here: only numbers.
//
// The square has 32×32 dots, as the scans of the data set had; a cell's level is its ink, counted in 16ths.

export const DOTS = 32;
export const CELLS = 8;
export const LEVELS = 16;
const BLOCK = DOTS / CELLS;
const PEN = 2.3;
/** The data set's digits were fitted into 20 of the 32 columns, and into all of the rows. */
const WIDTH = 20;
const WIDEN = 1.25;
const ALPHABET = "0123456789abcdefg";

/** @typedef {[number, number]} Point  column and row, in dots */
/** @typedef {{kind: "line", points: Point[], rubs: boolean}} Line */
/** @typedef {{kind: "cell", row: number, column: number, ink: number}} Cell */
/** @typedef {{base: string, marks: (Line|Cell)[]}} Drawing  never changed: every step makes a new one */

/** @type {Drawing} */
export const EMPTY = { base: "", marks: [] };

/** @param {Drawing} drawing @param {Line|Cell} mark @returns {Drawing} */
export const withMark = (drawing, mark) => ({ base: drawing.base, marks: [...drawing.marks, mark] });

/** The ink of every dot, from 0 to 1. @param {Drawing} drawing @returns {Float32Array} */
export function inkOf({ base, marks }) {
  const ink = new Float32Array(DOTS * DOTS);
  for (let at = 0; at < base.length; at++) {
    fillCell(ink, Math.floor(at / CELLS), at % CELLS, ALPHABET.indexOf(base[at]) / LEVELS);
  }
  for (const mark of marks) {
    if (mark.kind === "cell") fillCell(ink, mark.row, mark.column, mark.ink);
    else drawLine(ink, mark);
  }
  return ink;
}

/** The level of every cell, 0 to 16. @param {Float32Array} ink @returns {number[]} */
export function levelsOf(ink) {
  const sums = new Array(CELLS * CELLS).fill(0);
  ink.forEach((value, at) => {
    const row = Math.floor(at / DOTS / BLOCK), column = Math.floor((at % DOTS) / BLOCK);
    sums[row * CELLS + column] += value;
  });
  return sums.map((sum) => Math.round((sum / (BLOCK * BLOCK)) * LEVELS));
}

/** 64 characters, as engine/data/digits.py spells a digit; nothing for bare paper. @param {number[]} levels */
export const spell = (levels) => (levels.some(Boolean) ? levels.map((level) => ALPHABET[level]).join("") : "");

/** Whether `stretched` can be asked for: there are lines, and nothing but lines. @param {Drawing} drawing */
export const canStretch = ({ base, marks }) => !base && marks.length > 0 && marks.every((m) => m.kind === "line");

/**
 * The same lines, drawn as large as the data set's digits are, with the same pen.
 * A 1 stays slim: no drawing is widened to more than 5/4 of its own proportions.
 * @param {Drawing} drawing
 * @returns {Drawing}
 */
export function stretched(drawing) {
  const lines = /** @type {Line[]} */ (drawing.marks);
  const points = lines.filter((line) => !line.rubs).flatMap((line) => line.points);
  if (!points.length) return drawing;
  const [left, right] = range(points.map((p) => p[0])), [top, bottom] = range(points.map((p) => p[1]));
  const up = (DOTS - 2 * PEN) / Math.max(bottom - top, 2 * PEN);
  const across = Math.min((WIDTH - 2 * PEN) / Math.max(right - left, 0.1), WIDEN * up);
  /** @param {Point} p @returns {Point} */
  const moved = ([x, y]) => [
    DOTS / 2 + (x - (left + right) / 2) * across,
    DOTS / 2 + (y - (top + bottom) / 2) * up,
  ];
  return { base: "", marks: lines.map((line) => ({ ...line, points: line.points.map(moved) })) };
}

/** @param {number[]} values */
const range = (values) => [Math.min(...values), Math.max(...values)];

/** @param {Float32Array} ink @param {number} row @param {number} column @param {number} value */
function fillCell(ink, row, column, value) {
  for (let i = row * BLOCK; i < (row + 1) * BLOCK; i++) ink.fill(value, i * DOTS + column * BLOCK, i * DOTS + (column + 1) * BLOCK);
}

/** @param {Float32Array} ink @param {Line} line */
function drawLine(ink, { points, rubs }) {
  const reach = PEN + 1;
  points.forEach((end, at) => {
    const start = points[Math.max(0, at - 1)];
    const [left, right] = range([start[0], end[0]]), [top, bottom] = range([start[1], end[1]]);
    for (let i = Math.max(0, Math.floor(top - reach)); i < Math.min(DOTS, bottom + reach); i++) {
      for (let j = Math.max(0, Math.floor(left - reach)); j < Math.min(DOTS, right + reach); j++) {
        // A soft edge, one dot wide.
        const cover = Math.max(0, Math.min(1, PEN + 0.5 - distance(j + 0.5, i + 0.5, start, end)));
        const place = i * DOTS + j;
        ink[place] = rubs ? Math.min(ink[place], 1 - cover) : Math.max(ink[place], cover);
      }
    }
  });
}

/** From a point to a line segment. @param {number} x @param {number} y @param {Point} start @param {Point} end */
function distance(x, y, start, end) {
  const dx = end[0] - start[0], dy = end[1] - start[1];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((x - start[0]) * dx + (y - start[1]) * dy) / length)) : 0;
  return Math.hypot(x - start[0] - along * dx, y - start[1] - along * dy);
}
