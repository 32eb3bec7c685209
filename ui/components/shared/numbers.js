// How numbers are written, everywhere.

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

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

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
