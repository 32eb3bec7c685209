// How gains and lengths stand in a written-out product.
import { chip, total } from "shared/arithmetic.js";
import { format, significant } from "shared/numbers.js";

/** Closer to 1 than this, a gain is neither: its logarithm. */
const EVEN = 0.005;

/** A gain: near 1 the thousandths count, since they multiply up. @param {number} value */
export const gain = (value) => (value > 0.9 && value < 1.1 && value !== 1 ? format(value, 3) : significant(value));

/** A factor's chip: blue below 1, orange above. @param {number} value @param {string} [name] @param {string} [help] */
export function gainChip(value, name, help) {
  const power = Math.log(value);
  return chip(gain(value), Math.abs(power) > EVEN ? power : 0, { name, help, zero: false });
}

/** A length's chip: it has no sign. @param {number} value @param {string} [name] */
export const lengthChip = (value, name) => chip(significant(value), null, { name });

/** @param {number} value @param {string} [text] */
export function result(value, text = `= ${significant(value)}`) {
  const made = total(text, null);
  made.dataset.value = String(value);
  return made;
}
