// A number in a cell that can be typed over, and what the colours of such cells mean.
import { colour, css, gradient, inkOn } from "./colours.js";
import { el } from "./dom.js";
import { clamp, snap } from "./drag.js";
import { askNumber, fieldIn } from "./editing.js";
import { short } from "./numbers.js";

/** @typedef {import("./scenes.js").Shell} Shell */

/** Where the colours of signed numbers end. */
export const LIMIT = 6;

/** What the colours of signed numbers mean. @param {Shell} shell @param {string} names of those numbers */
export function signedLegend(shell, names) {
  const ramp = el("i");
  ramp.style.background = gradient("diverging", shell.mode);
  return el("div", "legend", `${names} −${LIMIT}`, ramp, `+${LIMIT}`);
}

/** Give a cell a number's colour and its ink. @param {HTMLElement} cell @param {[number, number, number]} rgb */
export function dye(cell, rgb) {
  cell.style.background = css(rgb);
  cell.style.color = inkOn(rgb);
}

/**
 * A cell that can be typed into; with the keyboard, Enter opens it and the arrow keys move its number.
 * @param {Shell} shell
 * @param {{label: string, get: () => number, set: (value: number) => void, most: number, step?: number}} how
 */
export function numberCell(shell, { label, get, set, most, step = 0.1 }) {
  const cell = el("div", "cell editable"), take = (/** @type {number} */ value) => {
    set(clamp(value, -most, most));
    shell.changed();
  };
  cell.tabIndex = 0;
  cell.setAttribute("role", "spinbutton");
  cell.setAttribute("aria-label", label);
  cell.title = shell.labels.type_number;
  const ask = () => askNumber(cell, get(), shell.labels, take, { low: -most, high: most });
  cell.onclick = ask;
  cell.onkeydown = (event) => {
    if (event.key === "Enter" && event.target === cell) {
      event.preventDefault();
      ask();
    }
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by || event.target !== cell) return;
    event.preventDefault();
    take(snap(get() + by * step * (event.shiftKey ? 10 : 1), step / 10));
  };
  const update = () => {
    const value = get();
    dye(cell, colour(value, LIMIT, "diverging", shell.mode));
    if (!fieldIn(cell)) cell.textContent = short(value);
    cell.setAttribute("aria-valuenow", String(value));
  };
  return { root: cell, update };
}
