// Every quantity: how it is written, and in the picture its colour, whether it is known, lit, or can be typed over.
import { colour, css, gradient, inkOn } from "shared/colours.js";
import { el, markup } from "shared/dom.js";
import { askNumber } from "shared/editing.js";
import { readable } from "shared/numbers.js";

/** @typedef {import("./board.js").ByHand} ByHand */

const GIVEN = /^([iwtb]\d+)$/;
const LONG = 6;
const GRADIENT = /^(d_|dE_|slope_)/;

/** As in the sheet to take away. */
export const DIGITS = 9;

/** To nine decimals. @param {number} value @param {number} [digits] */
export const exact = (value, digits = DIGITS) => readable(value, digits, { small: 1e-4, large: 1e7, power: digits - 5, trim: true });

/** As short as a cell wants it. @param {number} value */
export const brief = (value) => readable(value, 4, { small: 1e-3, large: 1e5, trim: true });

/** @param {ByHand} board @param {string} name */
export const symbol = (board, name) => markup("span", "symbol", board.meta.symbols[name].markup);

/** @param {ByHand} board @param {string} token */
export const signOf = (board, token) => markup("span", "op-sign", board.meta.signs[token] ?? token);

export class Cells {
  /** @param {ByHand} board */
  constructor(board) {
    this.board = board;
    /** @type {Map<string, HTMLElement[]>} */
    this.all = new Map();
    this.legends = el("div", "legends");
  }

  clear() { this.all.clear(); }

  /** A cell for a quantity. @param {string} name @param {string} [kind] */
  make(name, kind = "") {
    const { board } = this, cell = el("span", `cell ${kind}`), editable = GIVEN.test(name);
    cell.dataset.name = name;
    cell.tabIndex = editable || board.places.has(name) ? 0 : -1;
    cell.onpointerenter = cell.onfocus = () => board.point(name);
    cell.onpointerleave = cell.onblur = () => board.point(null);
    const act = () => {
      if (editable) this.ask(name, cell);
      else board.choose(name);
    };
    cell.onclick = act;
    cell.onkeydown = (event) => {
      if (event.key !== "Enter" || event.target !== cell) return;
      event.preventDefault();
      act();
    };
    if (editable) {
      cell.classList.add("editable");
      cell.setAttribute("role", "spinbutton");
      cell.setAttribute("aria-label", board.meta.symbols[name].spoken);
    } else cell.setAttribute("role", "button");
    this.all.set(name, [...(this.all.get(name) ?? []), cell]);
    return cell;
  }

  /** @param {string} name @param {HTMLElement} cell */
  ask(name, cell) {
    const { board } = this, range = name.startsWith("t") && board.meta.shares ? { low: 0, high: 1 } : {};
    askNumber(cell, board.value(name), board.labels, (value) => board.edit(name, value), range);
  }

  /** Where the colours end: of values, and of gradients. */
  limits() {
    let values = 1e-9, gradients = 1e-9;
    for (const [name, { value }] of Object.entries(this.board.meta.symbols)) {
      if (GRADIENT.test(name)) gradients = Math.max(gradients, Math.abs(value));
      else if (!name.startsWith("E") && name !== "lr") values = Math.max(values, Math.abs(value));
    }
    return { values, gradients };
  }

  write() {
    this.writeLegends();
    const { board } = this, { values, gradients } = this.limits(), reads = new Set(board.line.tokens);
    for (const [name, cells] of this.all) {
      const value = board.value(name), known = board.stands(name), shown = board.shown(name);
      const rgb = colour(value, GRADIENT.test(name) ? gradients : values, "diverging", board.mode);
      for (const cell of cells) {
        cell.style.background = shown ? css(rgb) : "";
        cell.style.color = shown ? inkOn(rgb) : "";
        cell.textContent = shown ? brief(value) : known ? "?" : "";
        cell.classList.toggle("long", (cell.textContent?.length ?? 0) > LONG);
        cell.title = shown ? `${board.meta.symbols[name].spoken} = ${exact(value)}` : board.meta.symbols[name].spoken;
        if (cell.getAttribute("role") === "spinbutton") cell.setAttribute("aria-valuenow", String(value));
        cell.classList.toggle("unknown", !known);
        cell.classList.toggle("made", name === board.line.result);
        cell.classList.toggle("read", reads.has(name));
      }
    }
  }

  /** @param {string|null} name */
  point(name) {
    for (const [other, cells] of this.all) for (const cell of cells) cell.classList.toggle("pointed", other === name);
  }

  /** What the two ranges of colours mean. Their ends are somebody's value, so they aren't told while any is to be found. */
  writeLegends() {
    const { values, gradients } = this.limits(), { found, labels, meta, mode } = this.board;
    const quiet = meta.lines.some((/** @type {{result: string}} */ { result }) => found.hides(result));
    const end = (/** @type {number} */ limit) => (quiet ? "" : brief(limit));
    this.legends.replaceChildren(...[[labels.values, values], [labels.gradients, gradients]].map(([name, limit]) => {
      const ramp = el("i");
      ramp.style.background = gradient("diverging", mode);
      return el("div", "legend", `${name} −${end(limit)}`, ramp, `+${end(limit)}`);
    }));
  }
}
