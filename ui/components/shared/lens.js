// The lens: a few cells of a picture whose numbers would be too small there, large. It follows the pointer, a finger
// and the keys; at rest it lies on what is read.
import { el } from "./dom.js";

/** @typedef {import("./grids.js").Grid} Grid */
/** @typedef {import("./grids.js").At} At */
/** @typedef {import("./grids.js").Area} Area */

const ROWS = 3, COLUMNS = 5;

/**
 * Where a lens of so many cells begins, and how many it shows, so that the middle of what is meant is in its own.
 * @param {number} first @param {number} last @param {number} most @param {number} all
 */
function span(first, last, most, all) {
  const size = Math.min(most, all), from = Math.round((first + last + 1 - size) / 2);
  return [Math.max(0, Math.min(all - size, from)), size];
}

export class Lens {
  constructor() {
    this.title = el("div", "lens-title");
    this.cells = el("div", "lens-cells");
    // Screen readers find the numbers in the picture itself.
    this.root = el("div", "lens", this.title, this.cells);
    this.root.setAttribute("aria-hidden", "true");
    this.root.hidden = true;
  }

  /** @param {Grid} grid @param {Area} area what is meant @param {string} role */
  show(grid, area, role) {
    const [rows, columns] = grid.extent, [r0, c0, r1, c1] = area;
    const [top, height] = span(r0, r1, ROWS, rows), [left, width] = span(c0, c1, COLUMNS, columns), made = [];
    for (let row = top; row < top + height; row++) {
      for (let column = left; column < left + width; column++) {
        const cell = grid.byPlace.get(`${row},${column}`), copy = el("span", "lens-cell", cell?.textContent ?? "");
        if (cell) [copy.style.background, copy.style.color] = [cell.style.background, cell.style.color];
        copy.classList.toggle("pad", Boolean(cell?.classList.contains("pad")));
        copy.classList.toggle("meant", row >= r0 && row <= r1 && column >= c0 && column <= c1);
        made.push(copy);
      }
    }
    this.title.replaceChildren(el("b", "", role), " ", grid.title());
    this.cells.style.setProperty("--columns", String(width));
    this.cells.replaceChildren(...made);
  }
}
