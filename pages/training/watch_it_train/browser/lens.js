// The lens: a small card that follows the pointer or the keyboard's cell and writes out what lies under it.
import { colour, css, inkOn } from "shared/colours.js";
import { format } from "shared/numbers.js";

/** @typedef {import("shared/colours.js").Mode} Mode */
/** @typedef {import("shared/colours.js").Ramp} Ramp */
/**
 * @typedef {object} Tile  a few cells to write out, row by row
 * @property {ArrayLike<number>} values
 * @property {number} columns
 * @property {number} at        the cell that is meant
 * @property {number} limit
 * @property {Ramp} ramp
 * @property {number} decimals
 */

const GAP = 14;

/** @param {HTMLElement} root the component's root, within which the lens moves */
export function makeLens(root) {
  const card = document.createElement("div");
  card.className = "lens";
  card.hidden = true;
  card.setAttribute("role", "status");
  root.append(card);
  /** @type {object|null} */
  let owner = null;

  /**
   * @param {object} who     whoever shows it, so that nobody hides another's lens
   * @param {DOMRect} near   what it stands beside
   * @param {string} name
   * @param {string} value
   * @param {Tile|null} tile
   * @param {Mode} mode
   */
  function show(who, near, name, value, tile, mode) {
    owner = who;
    const title = document.createElement("div");
    title.className = "lens-title";
    const label = document.createElement("span");
    label.textContent = name;
    const number = document.createElement("b");
    number.textContent = value;
    title.append(label, number);
    card.replaceChildren(title);
    if (tile) card.append(grid(tile, mode));
    card.hidden = false;
    const box = root.getBoundingClientRect();
    const right = near.right - box.left + GAP;
    const left = right + card.offsetWidth > box.width ? near.left - box.left - GAP - card.offsetWidth : right;
    const top = near.top + near.height / 2 - box.top - card.offsetHeight / 2;
    card.style.left = `${Math.max(4, Math.min(left, box.width - card.offsetWidth - 4))}px`;
    card.style.top = `${Math.max(4, Math.min(top, box.height - card.offsetHeight - 4))}px`;
  }

  /** @param {object} who */
  function hide(who) {
    if (owner === who) card.hidden = true;
  }

  return { show, hide };
}

/** @param {Tile} tile @param {Mode} mode */
function grid(tile, mode) {
  const cells = document.createElement("div");
  cells.className = "lens-cells";
  cells.setAttribute("aria-hidden", "true");
  cells.style.gridTemplateColumns = `repeat(${tile.columns}, var(--lens-cell))`;
  for (let at = 0; at < tile.values.length; at += 1) {
    const cell = document.createElement("span");
    const rgb = colour(tile.values[at], tile.limit, tile.ramp, mode);
    cell.style.background = css(rgb);
    cell.style.color = inkOn(rgb);
    cell.textContent = Number.isFinite(tile.values[at]) ? format(tile.values[at], tile.decimals) : "–";
    if (at === tile.at) cell.className = "here";
    cells.append(cell);
  }
  return cells;
}
