// The pieces of a written-out sum: chips, signs and totals, in the colours of their signs.
import { el } from "./dom.js";
import { settle } from "./equation.js";

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

/**
 * A piece as it is read: a chip is a bracket, a raised text a power; a name in a chip is no number.
 * @param {Piece} piece
 * @returns {string}
 */
function said(piece) {
  if (typeof piece === "string") return piece;
  const inside = [...piece.childNodes].map((node) => (node.nodeName === "SMALL" ? "" : said(node))).join("");
  if (piece.nodeType === Node.TEXT_NODE) return piece.textContent ?? "";
  return piece.nodeName === "SUP" ? `^(${inside})` : /** @type {Element} */ (piece).matches?.(".chip") ? `(${inside})` : inside;
}

/**
 * An equation that holds as printed: its left side with as many digits as that needs, then its sign and its right side.
 * @param {(digits: number) => Piece[]} left
 * @param {string} result
 * @param {number|null} tone as of a chip
 * @param {number} fewest digits on the left
 * @param {string} [kind]
 * @returns {Piece[]}
 */
export function equal(left, result, tone, fewest, kind) {
  const { digits, sign: is } = settle((count) => left(count).map(said).join(" "), result, fewest);
  return [...left(digits), total(`${is} ${result}`, tone, kind)];
}

/** @param {string} name @param {string} note @param {string} help */
export const head = (name, note, help = "") =>
  el("div", "shelf-head", el("b", "", name), el("span", "", note), ...(help ? [el("span", "help", help)] : []));

export const line = (/** @type {Piece[]} */ ...parts) => el("div", "line", ...parts);

/** @param {Node[]} items @param {string} separator */
export const between = (items, separator) => items.flatMap((item, i) => (i ? [sign(separator), item] : [item]));
