// What a grid of cells is to a screen reader: rows of cells.
import { as, el } from "./dom.js";

/** A row for the next cells, which takes no part in how they stand. @param {HTMLElement} cells */
export function addRow(cells) {
  const line = el("div", "cell-row");
  cells.append(line);
  return line;
}

/** Where the arrow keys walk from cell to cell; a picture without cells is one thing. @param {HTMLElement} cells @param {boolean} drawn */
export function sayRoles(cells, drawn) {
  as(drawn ? "application" : "grid", cells);
  for (const line of cells.querySelectorAll(".cell-row")) as("row", line);
  for (const cell of cells.querySelectorAll(".cell")) as("gridcell", cell);
}
