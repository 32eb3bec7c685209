// How large a cell can be so that all pictures stand side by side, row under row.

/** @typedef {import("./grids.js").Grid} Grid */

/** What stands above and below a picture's cells, in em: its name, its channels, its legend. @param {Grid} grid */
const headOf = ({ spec }) =>
  (spec.shape.length !== 3 || spec.shape[0] === 1 || spec.channels === false ? 3.9 : spec.shape[0] > 9 ? 7.6 : 5.8);

/** A line of words, in em. */
const LINE = 1.3;
/** Pixels of a cell; smaller ones where a hall's type takes the room. */
const LEAST = 17, LEAST_PRESENT = 12, TINIEST = 5, DRAWN_SHARE = 0.3;

/**
 * @param {import("./bench.js").Bench} bench
 * @param {import("./grids.js").Picture[]} rows
 * @param {number} tight 1 if what a name says more stands beneath it, and then more for each pixel that a cell gives
 * @returns {{of: (grid: Grid) => number, gives: boolean}} pixels of a grid's cell, and whether it can give any more
 */
export function layOut(bench, rows, tight) {
  const em = parseFloat(getComputedStyle(bench.host).fontSize), zoom = em / 15;
  const smallestCell = bench.meta.present ? LEAST_PRESENT : LEAST;
  const bySpec = new Map(bench.grids.map((grid) => [grid.spec, grid]));
  const pictures = rows.map((specs) => ({
    signs: specs.filter((item) => typeof item === "string").length,
    columns: specs.filter((item) => typeof item === "object")
      .map((item) => (Array.isArray(item) ? item : [item]).map((spec) => /** @type {Grid} */ (bySpec.get(spec)))),
  }));
  const all = bench.grids, width = bench.pictures.clientWidth - 3.2 * em;
  const height = (bench.pictures.clientHeight - (rows.length > 1 ? 2.4 : 1.2) * em);
  const across = (/** @type {Grid} */ grid) => (grid.bars || grid.drawn ? 0 : grid.extent[1] * (grid.spec.size ?? 1));
  const down = (/** @type {Grid} */ grid) => (grid.bars || grid.drawn ? 0 : grid.extent[0] * (grid.spec.size ?? 1));
  // In a hall a cell is as large as it can be: its number is larger too.
  const cap = (bench.meta.present || all.every((grid) => grid.bars || grid.extent[0] <= 7) ? 54 : 38) * zoom;
  const bar = Math.max(rows.length > 1 ? 13 : 18, Math.min(30 * zoom, bench.narrow ? 26 : (height / rows.length - 4 * em) / 10 - 2));
  let side = bench.narrow ? bench.host.clientWidth - 3 * em : Math.min(height - 6 * em, DRAWN_SHARE * width);
  const of = (/** @type {number} */ cell) => (/** @type {Grid} */ grid) =>
    (grid.bars ? bar : grid.drawn ? side / Math.max(...grid.extent) : cell);
  if (all.every((grid) => grid.bars)) return { of: of(bar), gives: false };
  if (bench.narrow) {
    const smallest = (/** @type {Grid} */ grid) => (grid.spec.view === "matrix" ? TINIEST : smallestCell);
    const fitting = (/** @type {Grid} */ grid) =>
      Math.max(smallest(grid), Math.floor(Math.min(36 * zoom, (bench.host.clientWidth - 3 * em) / across(grid))));
    const common = Math.min(...all.filter((grid) => across(grid) && grid.spec.view !== "matrix").map(fitting));
    return { of: (grid) => (grid.spec.view === "matrix" ? fitting(grid) : of(common)(grid)), gives: false };
  }
  const barWidth = (all.filter((grid) => grid.bars).length > 1 ? 13.6 : 19.3) * em;
  const crowded = all.some((grid) => grid.spec.view === "matrix");
  const tallBars = (/** @type {Grid} */ grid) => (grid.bars ? grid.extent[0] * (bar + 2) + headOf(grid) * em : 0);
  let cell = cap, tall = 0, heads = 0, left = height;
  for (const { columns, signs } of pictures) {
    let fixed = signs * 4 * em, units = 0, rowUnits = 0, rowHead = 0;
    for (const column of columns) {
      units += Math.max(...column.map(across));
      if (column.some((grid) => grid.bars)) fixed += barWidth;
      if (column.some((grid) => grid.drawn)) fixed += side;
      const cells = column.reduce((sum, grid) => sum + down(grid), 0);
      if (!cells) continue;
      rowUnits = Math.max(rowUnits, cells);
      rowHead = Math.max(rowHead, column.reduce((sum, grid) => sum + (headOf(grid) + (tight ? LINE : 0)) * em, 0));
    }
    // Between two cells lies a line of one pixel.
    if (units) cell = Math.min(cell, (width - fixed) / units - (crowded ? 1 : 0));
    const bars = rows.length > 1 ? Math.max(...columns.flat().map(tallBars)) : 0;
    if (bars > rowUnits * smallestCell + rowHead) left -= bars;
    else {
      tall += rowUnits;
      heads += rowHead;
    }
  }
  if (tall) cell = Math.min(cell, (left - heads) / tall - (crowded ? 1 : 0));
  const least = crowded ? TINIEST : smallestCell;
  cell = Math.max(least, Math.floor(cell) - Math.max(0, tight - 1));
  // What a large kernel takes in width, the drawings give.
  for (const { columns, signs } of pictures) {
    const drawn = columns.flat().filter((grid) => grid.drawn).length, units = columns.flat().reduce((sum, grid) => sum + across(grid), 0);
    if (drawn) side = Math.min(side, (width - (4 * signs + 1.4) * em - units * (cell + 1)) / drawn);
  }
  return { of: of(cell), gives: cell > least };
}

/** Pixels that a cell gives at most, so that its picture's words find room. */
const MOST_GIVEN = 4;

/**
 * How pictures that are too wide are drawn next: tighter, as long as that helps; null where they stay.
 * @param {HTMLElement} pictures @param {boolean} gives @param {number} tight
 * @param {number} before by how much they were too wide with one less
 * @returns {[number, number]|null}
 */
export function tighter(pictures, gives, tight, before) {
  const over = pictures.scrollWidth - pictures.clientWidth;
  if (over > 1 && (tight === 0 || (gives && tight <= MOST_GIVEN && over < before))) return [tight + 1, over];
  // Where nothing is won by it, no cell gives anything.
  return over > 1 && tight > 1 && before ? [1, 0] : null;
}
