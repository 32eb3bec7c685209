// The pieces of a written-out sum: chips, signs and totals, in the colours of their signs.
import { el } from "./dom.js";

/** @typedef {Node|string} Piece */

export const toneOf = (/** @type {number} */ value) =>
  (Math.abs(value) < 5e-7 || Number.isNaN(value) ? "var(--mute)" : value > 0 ? "var(--pos)" : "var(--neg)");

/** @param {string} text @param {string} [kind] */
export const sign = (text, kind) => el("span", kind ? `op-sign ${kind}` : "op-sign", text);

/**
 * @param {string|Piece[]} text
 * @param {number|null} tone the value whose sign colours it; null for what has none: a count, a length, a share
 * @param {{name?: string, help?: string, kind?: string, zero?: boolean, point?: (on: boolean) => void}} [options]
 */
export function chip(text, tone, { name = "", help = "", kind = "", zero = tone !== null && Math.abs(tone) < 5e-7, point } = {}) {
  const classes = ["chip", ...(zero ? ["zero"] : []), ...(kind ? [kind] : [])].join(" ");
  const made = el("span", classes, ...(name ? [el("small", "", name)] : []), ...(typeof text === "string" ? [text] : text));
  made.style.setProperty("--tc", tone === null ? "var(--soft)" : toneOf(tone));
  if (help) made.title = help;
  if (point) {
    made.tabIndex = 0;
    made.onpointerenter = made.onfocus = () => point(true);
    made.onpointerleave = made.onblur = () => point(false);
  }
  return made;
}

/** @param {string} text @param {number|null} tone as of a chip @param {string} kind */
export function total(text, tone, kind = "") {
  const made = el("span", `total ${kind}`, text);
  made.style.setProperty("--tc", tone === null ? "var(--ink)" : toneOf(tone));
  return made;
}

/** A text in which ^[…] is a power. @param {string} text @returns {Piece[]} */
export const powers = (text) => text.split(/\^\[([^\]]*)\]/).map((part, i) => (i % 2 ? el("sup", "", part) : part));

/** @param {string} name @param {string} note @param {string} help */
export const head = (name, note, help = "") =>
  el("div", "shelf-head", el("b", "", name), el("span", "", note), ...(help ? [el("span", "help", help)] : []));

export const line = (/** @type {Piece[]} */ ...parts) => el("div", "line", ...parts);

/** @param {Node[]} items @param {string} separator */
export const between = (items, separator) => items.flatMap((item, i) => (i ? [sign(separator), item] : [item]));
