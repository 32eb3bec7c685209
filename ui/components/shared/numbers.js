// How numbers are written, everywhere: from a number to its text.

const MOST_DECIMALS = 20;

/**
 * A number with so many decimals, a true minus sign, and "0" for exactly zero.
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
export function format(value, decimals = 2) {
  if (value === undefined || Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e6 ? scientific(size) : size.toFixed(Math.max(0, Math.min(MOST_DECIMALS, decimals)));
  return value < 0 && Number(text) !== 0 ? "−" + text : text;
}

export const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
const digitsIn = (/** @type {string} */ digits, /** @type {number} */ whole) => [...String(whole)].map((c) => digits[Number(c)]).join("");

/** A power: 12 as ¹². @param {number} whole */
export const sup = (whole) => digitsIn(RAISED, whole);

/** An index: 12 as ₁₂. @param {number} whole */
export const sub = (whole) => digitsIn(LOWERED, whole);

/**
 * 0.000000023 as 2.3·10⁻⁸.
 * @param {number} value
 * @param {number} decimals
 */
export function scientific(value, decimals = 1) {
  if (!Number.isFinite(value) || value === 0) return format(value);
  const [head, power] = value.toExponential(decimals).split("e");
  const raised = [...power.replace("+", "")].map((c) => (c === "-" ? "⁻" : RAISED[Number(c)])).join("");
  return `${head.replace("-", "−")}·10${raised}`;
}

/** A number as one writes it by hand: no more decimals than it has. @param {number} value @param {number} most */
export function short(value, most = 2) {
  return Number.isFinite(value) ? format(Number(value.toFixed(most)), Math.min(most, decimalsOf(value, most))) : format(value);
}

/** @param {number} value @param {number} most */
function decimalsOf(value, most) {
  const text = Number(Math.abs(value).toFixed(most)).toString();
  return text.includes(".") ? text.split(".")[1].length : 0;
}

/**
 * A number with so many decimals; as a power of ten where these would show next to nothing of it, or far too much.
 * @param {number} value @param {number} decimals
 * @param {{small?: number, large?: number, power?: number, trim?: boolean}} [how] where powers of ten begin, with how many
 *   decimals these are written, and whether zeros at the end are left out
 */
export function readable(value, decimals = 2, { small = 0.5 * 10 ** -decimals, large = 1e4, power = 1, trim = false } = {}) {
  const size = Math.abs(value);
  if (Number.isFinite(value) && size && (size < small || size >= large)) return scientific(value, power);
  return trim ? short(value, decimals) : format(value, decimals);
}

/**
 * A number with so many digits that count: 0.236, 12.4, 1024, 4.2·10⁻³². Its whole part is never rounded.
 * @param {number} value @param {number} digits
 * @param {{small?: number, large?: number, power?: number}} [how] where powers of ten begin, and their decimals
 */
export function significant(value, digits = 3, { small = 1e-3, large = 1e4, power = 1 } = {}) {
  const size = Math.abs(value);
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value) || value === 0) return format(value);
  if (size < small || size >= large) return scientific(value, power);
  return String(Number(value.toPrecision(Math.max(1, digits || 1, Math.floor(Math.log10(size)) + 1)))).replace("-", "−");
}

/** In the middle of a sum: in brackets where a sign stands before it. @param {string} text */
export const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

/** A product of written numbers: −3 × (−2). @param {string[]} factors */
export const product = (...factors) => factors.map((text, i) => (i ? bracketed(text) : text)).join(" × ");

/** A share: 0 %, 3.5 %, 42 %. @param {number} share @param {number} decimals */
export function percent(share, decimals = share > 0 && share < 0.0995 ? 1 : 0) {
  return share > 0 && share < 0.5 * 10 ** -decimals / 100 ? `< ${10 ** -decimals} %` : `${format(100 * share, decimals)} %`;
}
