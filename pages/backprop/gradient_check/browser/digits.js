// Two numbers that are nearly the same, with all their digits: what they share cancels, what is left is the difference.
import { el } from "shared/dom.js";
import { significant } from "shared/numbers.js";

/** So many significant digits tell any two numbers of a type apart. */
const DIGITS = { float64: 17, float32: 9 };
const MOST = 40;

/**
 * Both with the same number of decimals, enough for the larger one's last digit.
 * @param {number} a @param {number} b @param {"float64"|"float32"} dtype @returns {[string, string]}
 */
export function written(a, b, dtype) {
  const size = Math.max(Math.abs(a), Math.abs(b));
  const decimals = size ? Math.max(0, Math.min(MOST, DIGITS[dtype] - 1 - Math.floor(Math.log10(size)))) : 1;
  return /** @type {[string, string]} */ ([a, b].map((value) => value.toFixed(decimals).replace("-", "−")));
}

/**
 * How many leading characters of two written numbers cancel in their difference: those above its first digit. So 8.0000001
 * and 7.9999999 lose seven digits each, though none of them look alike.
 * @param {string} text either of the two, which have their points under each other @param {number} difference
 */
export function cancelled(text, difference) {
  if (difference === 0) return text.length;
  const point = text.includes(".") ? text.indexOf(".") : text.length, power = Math.floor(Math.log10(Math.abs(difference)));
  return Math.max(0, Math.min(text.length, power < 0 ? point - power : point - 1 - power));
}

/** The digits among a text's first characters. @param {string} text @param {number} count */
export const digitsOf = (text, count) => text.slice(0, count).replace(/[^0-9]/g, "").length;

/** A text whose first characters cancel. @param {string} text @param {number} same */
export const inked = (text, same) => el("span", "digits", el("i", "", text.slice(0, same)), el("b", "", text.slice(same)));

/** Any number in a few characters: of a round power of ten, that alone. @param {number} value @param {number} [decimals] */
export const brief = (value, decimals = 1) =>
  significant(value, decimals + 2, { small: 0.01, large: 1e5, power: decimals }).replace(/^(−?)1(\.0+)?·/, "$1");

/** A number with so many digits that count. @param {number} value @param {number} count */
export const full = (value, count) => significant(value, count, { large: 1e7, power: count - 1 });

/**
 * What a relative error says, by the engine's two rules of thumb.
 * @param {number} error @param {{good: number, wrong: number}} rules @returns {"good"|"closer"|"wrong"|"none"}
 */
export const verdict = (error, { good, wrong }) =>
  (!Number.isFinite(error) ? "none" : error <= good ? "good" : error < wrong ? "closer" : "wrong");
