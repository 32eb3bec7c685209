// How gains and lengths stand in a written-out product.
import { chip, equal, total } from "shared/arithmetic.js";
import { format, significant } from "shared/numbers.js";

/** Closer to 1 than this, a gain is neither: its logarithm. */
const EVEN = 0.005;

export const DIGITS = 3;

/** A gain: near 1 the thousandths count, since they multiply up. @param {number} value @param {number} [digits] */
export const gain = (value, digits = DIGITS) =>
  (value > 0.9 && value < 1.1 && value !== 1 ? format(value, digits) : significant(value, digits, { power: digits - 2 }));

/**
 * A factor's chip: blue below 1, orange above.
 * @param {number} value @param {string} [name] @param {number} [digits] @param {string} [kind]
 */
export function gainChip(value, name, digits, kind) {
  const power = Math.log(value);
  return chip(gain(value, digits), Math.abs(power) > EVEN ? power : 0, { name, kind, zero: false });
}

/** A length's chip: it has no sign. @param {number} value @param {string} [name] @param {number} [digits] */
export const lengthChip = (value, name, digits = DIGITS) => chip(significant(value, digits, { power: digits - 2 }), null, { name });

/** @param {number} value @param {string} [text] */
export function result(value, text = `= ${significant(value)}`) {
  const made = total(text, null);
  made.dataset.value = String(value);
  return made;
}

/**
 * What a product or a root comes to: its factors get the digits with which that holds.
 * @param {(digits: number) => import("shared/arithmetic.js").Piece[]} left @param {number} value @param {string} [text]
 */
export function comes(left, value, text = significant(value)) {
  const pieces = equal(left, text, null, DIGITS);
  /** @type {HTMLElement} */ (pieces.at(-1)).dataset.value = String(value);
  return pieces;
}
