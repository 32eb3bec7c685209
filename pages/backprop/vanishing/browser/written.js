// How this lesson writes lengths, factors and small matrices.
import { el } from "shared/dom.js";
import { format, scientific } from "shared/numbers.js";

/** A length or a factor, three digits that count: 0.236, 12.4, 4.2·10⁻³². @param {number} value @param {number} [digits] */
export function size(value, digits = 3) {
  const much = Math.abs(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : format(value);
  if (value === 0) return "0";
  if (much < 1e-3 || much >= 1e4) return scientific(value, 1);
  return String(Number(value.toPrecision(much >= 1000 ? 4 : digits))).replace("-", "−");
}

/** A gain: near 1 the thousandths count, since they multiply up. @param {number} value */
export const gain = (value) => (value > 0.9 && value < 1.1 && value !== 1 ? format(value, 3) : size(value));

/** A matrix's entry: two digits that count; 0 where it is next to nothing beside `scale`. @param {number} value @param {number} [scale] */
export function entry(value, scale = 1) {
  const much = Math.abs(value);
  if (much <= 1e-4 * Math.min(1, scale)) return "0";
  if (much < 1e-3 || much >= 1000) return scientific(value, 1);
  return much >= 0.1 ? format(value, 2) : String(Number(value.toPrecision(2))).replace("-", "−");
}

/** In brackets where a sign stands before it. @param {number} value @param {number} [scale] */
export const factor = (value, scale = 1) => (value < 0 ? `(${entry(value, scale)})` : entry(value, scale));

/** A factor's chip: blue below 1, orange above. @param {number} value @param {string} [name] @param {string} [help] */
export function gainChip(value, name = "", help = "") {
  const made = el("span", "chip", ...(name ? [el("small", "", name)] : []), gain(value));
  made.style.setProperty("--tc", gainTone(value));
  if (help) made.title = help;
  return made;
}

/** @param {number} value */
export const gainTone = (value) => (!(Math.abs(Math.log(value)) > 0.005) ? "var(--mute)" : value > 1 ? "var(--pos)" : "var(--neg)");

/** A length's chip: it has no sign. @param {number} value @param {string} [name] */
export function lengthChip(value, name = "") {
  const made = el("span", "chip", ...(name ? [el("small", "", name)] : []), size(value));
  made.style.setProperty("--tc", "var(--soft)");
  return made;
}

/** @param {number} value @param {string} [text] */
export function result(value, text = `= ${size(value)}`) {
  const made = el("span", "total", text);
  made.style.setProperty("--tc", "var(--ink)");
  made.dataset.value = String(value);
  return made;
}

/** A matrix in brackets, row by row. @param {string[]} texts @param {number} [columns] */
export function matrix(texts, columns = 2) {
  const made = el("span", "matrix", ...texts.map((text) => el("span", "", text)));
  made.style.gridTemplateColumns = `repeat(${columns}, auto)`;
  return made;
}

const LOW = "₀₁₂₃₄₅₆₇₈₉";
/** @param {number} n */
export const sub = (n) => [...String(n)].map((digit) => LOW[Number(digit)]).join("");

/** Words with gaps, {name}. @param {string} words @param {Record<string, string|number>} values */
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
