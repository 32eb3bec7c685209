// The pieces of a written-out sum: chips, signs and totals, in the colours of their signs.
import { el } from "./dom.js";
import { format } from "./numbers.js";

export const toneOf = (/** @type {number} */ value) =>
  (Math.abs(value) < 5e-7 || Number.isNaN(value) ? "var(--mute)" : value > 0 ? "var(--pos)" : "var(--neg)");

/** A number as one writes it by hand: no more decimals than it has. @param {number} value @param {number} most */
export function short(value, most = 2) {
  return Number.isFinite(value) ? format(Number(value.toFixed(most)), Math.min(most, decimalsOf(value, most))) : format(value);
}

/** @param {number} value @param {number} most */
function decimalsOf(value, most) {
  const text = Number(Math.abs(value).toFixed(most)).toString();
  return text.includes(".") ? text.split(".")[1].length : 0;
}

export const sign = (/** @type {string} */ text) => el("span", "op-sign", text);

/**
 * @param {string} text @param {number} tone the value whose sign colours it
 * @param {{zero?: boolean, winner?: boolean, point?: (on: boolean) => void}} [options]
 */
export function chip(text, tone, { zero = Math.abs(tone) < 5e-7, winner = false, point } = {}) {
  const made = el("span", `chip${zero ? " zero" : ""}${winner ? " winner" : ""}`, text);
  made.style.setProperty("--tc", toneOf(tone));
  if (point) {
    made.tabIndex = 0;
    made.onpointerenter = made.onfocus = () => point(true);
    made.onpointerleave = made.onblur = () => point(false);
  }
  return made;
}

/** @param {string} text @param {number} tone @param {string} kind */
export function total(text, tone, kind = "") {
  const made = el("span", `total ${kind}`, text);
  made.style.setProperty("--tc", toneOf(tone));
  return made;
}

/** @param {string} name @param {string} note @param {string} help */
export const head = (name, note, help) => el("div", "shelf-head", el("b", "", name), el("span", "", note), el("span", "help", help));

export const line = (/** @type {(Node|string)[]} */ ...parts) => el("div", "line", ...parts);

/** @param {Node[]} items @param {string} separator */
export const between = (items, separator) => items.flatMap((item, i) => (i ? [sign(separator), item] : [item]));
