// What the keyboard does to a bench: whatever the pointer can do.
import { GRID, cellKeys } from "./picture_keys.js";

/** @typedef {import("./bench.js").Bench} Bench */
/** @typedef {import("./grids.js").Grid} Grid */

/** @type {Record<string, number[]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * In a grid: arrows go from cell to cell, Enter holds or edits, Escape leaves.
 * @param {Bench} bench @param {Grid} grid @param {KeyboardEvent} event
 */
export function onGridKey(bench, grid, event) {
  const by = ARROWS[event.key];
  if (by) {
    event.preventDefault();
    event.stopPropagation();
    if (grid.spec.result) bench.walk(grid, by);
    else bench.walkOperand(grid, by);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const at = grid.spec.result ? grid.whereIs(/** @type {number} */ (bench.cell)) : grid.here;
    if (grid.spec.edit && at) bench.edit(grid, grid.entryAt(at), /** @type {HTMLElement} */ (grid.byPlace.get(at.join(","))));
    else if (grid.spec.result) bench.lock(bench.result, /** @type {number} */ (bench.cell));
  } else if (event.key === "Escape") bench.host.focus({ preventScroll: true });
}

/** In the bench: left and right step, the space bar plays, Escape lets go. @param {Bench} bench @param {KeyboardEvent} event */
export function onBenchKey(bench, event) {
  if (event.key === "ArrowRight") bench.step(1);
  else if (event.key === "ArrowLeft") bench.step(-1);
  else if (event.key === " " && bench.scene.plays !== false) bench.play();
  else if (event.key === "Escape") {
    bench.locked = false;
    bench.explain();
    bench.rested();
  } else return false;
  return true;
}

/**
 * What the keys do while something of the bench has the focus.
 * @param {Bench} bench @param {HTMLElement} at @returns {import("./picture_keys.js").Key[]}
 */
export function benchKeys(bench, at) {
  const plays = bench.meta && bench.scene.plays !== false, cells = at.closest(GRID);
  const grid = cells && bench.grids.find((one) => one.cells === cells);
  /** @type {import("./picture_keys.js").Key[]} */
  const keys = grid ? cellKeys(Boolean(grid.spec.edit)) : [["← →", "keys_step"]];
  if (plays) keys.push(["Space", "keys_play"]);
  return [...keys, ["Esc", "keys_release"]];
}
