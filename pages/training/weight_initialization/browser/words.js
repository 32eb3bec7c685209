// How the lab writes its numbers: plain where they can be read so, as powers of ten where they can't.
import { format, scientific } from "shared/numbers.js";

/** A size: 0.2131, 0.0005, 3.0·10⁻⁷, 12.4. @param {number} value */
export function size(value) {
  const much = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return format(value);
  if (much >= 1e4 || much < 5e-5) return scientific(value, 1);
  return format(value, much >= 100 ? 0 : much >= 10 ? 1 : much >= 1 ? 2 : 4);
}

/** A product's factor, with three digits that count. @param {number} value */
export function factor(value) {
  const much = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return format(value);
  if (much >= 1e5 || much < 9.995e-5) return scientific(value, 2);
  return String(+value.toPrecision(3)).replace("-", "−");
}

/** @param {number} share */
export const percent = (share) => (share > 0 && share < 0.0005 ? "< 0.1 %" : `${format(100 * share, share > 0 && share < 0.0995 ? 1 : 0)} %`);

/** Words with gaps, {name}. @param {string} words @param {Record<string, string|number>} values */
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
