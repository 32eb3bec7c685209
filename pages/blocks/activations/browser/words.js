// How the picture writes numbers and sums.
import { el } from "shared/dom.js";
import { format, scientific } from "shared/numbers.js";

/** A number short enough for a cell. @param {number} value @param {number} [decimals] */
export function short(value, decimals = 2) {
  const size = Math.abs(value);
  const far = size !== 0 && (size < 0.5 * 10 ** -decimals || size >= 1e4);
  return far ? (value < 0 ? "−" : "") + scientific(size, 1) : format(value, decimals);
}

/** @param {number} share @param {number} [decimals] */
export const percent = (share, decimals = 0) => `${format(100 * share, decimals)} %`;

/** In brackets where a sign stands before it. @param {number} value @param {number} [decimals] */
export const factor = (value, decimals = 2) => (value < 0 ? `(${short(value, decimals)})` : short(value, decimals));

/** @param {number} value */
export const tone = (value) => (Math.abs(value) < 5e-13 || Number.isNaN(value) ? "var(--mute)" : value > 0 ? "var(--pos)" : "var(--neg)");

/** @param {string} text where ^[…] is a power @param {number} sign its colour @param {string} [kind] */
export function chip(text, sign, kind = "") {
  const made = el("span", `chip ${kind}`, ...text.split(/\^\[([^\]]*)\]/).map((part, i) => (i % 2 ? el("sup", "", part) : part)));
  made.style.setProperty("--tc", tone(sign));
  return made;
}

/** A number that is no signed quantity: a count, a share. @param {string} text @param {boolean} [large] */
export function plain(text, large = false) {
  const made = el("span", large ? "total" : "chip", text);
  made.style.setProperty("--tc", large ? "var(--ink)" : "var(--soft)");
  return made;
}

/** @param {number} value @param {string} [text] */
export function total(value, text = `= ${short(value, 3)}`) {
  const made = el("span", "total", text);
  made.style.setProperty("--tc", tone(value));
  return made;
}

export const sign = (/** @type {string} */ text) => el("span", "op-sign", text);

/** @param {string} name @param {string} note @param {string} help */
export const shelfHead = (name, note, help) => el("div", "shelf-head", el("b", "", name), el("span", "", note), el("span", "help", help));
