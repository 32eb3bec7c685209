// How the numbers and names of a graph are written.
import { el } from "shared/dom.js";
import { bracketed, significant, sub } from "shared/numbers.js";

/** A number with so many digits that say something. @param {number} value @param {number} digits */
export function numeral(value, digits = 4) {
  return significant(value, digits, { large: 1e5, power: Math.max(1, digits - 3) });
}

/** A number as a link holds it. @param {number} value */
export const typed = (value) => Number(value.toFixed(9)).toFixed(9).replace(/\.?0+$/, "");

/** A formula without its blanks. @param {string} text */
export const bare = (text) => text.replaceAll(" ", "");

/** w0 as w₀. @param {string} name */
const pretty = (name) => name.replace(/(\d+)$/, (digits) => sub(Number(digits)));

/**
 * The names of all nodes: variables and constants as written, operations v₁, v₂, …, the last one f.
 * @param {import("./twin.js").Plan[]} nodes
 */
export function namesOf(nodes) {
  const taken = new Set(nodes.filter(({ op }) => op === "variable").map(({ label }) => pretty(label)));
  const free = (/** @type {string[]} */ letters) =>
    letters.find((letter) => ![...taken].some((name) => name.startsWith(letter))) ?? "n";
  const letter = free(["v", "u", "s", "q"]), end = free(["f", "L", "g"]);
  let count = 0;
  return nodes.map(({ op, label, parents }, i) => {
    if (!parents.length) return op === "variable" ? pretty(label) : label.replace("-", "−");
    return i === nodes.length - 1 ? end : letter + sub(++count);
  });
}

const CALLED = new Set(["exp", "log", "sigmoid", "tanh", "relu", "max"]);

/**
 * An operation with its operands written in: v₁ × z, σ(v₂), max(x, y).
 * @param {import("./twin.js").Plan} node @param {string[]} operands
 */
export function applied(node, operands) {
  if (CALLED.has(node.op)) return `${node.label}(${operands.join(", ")})`;
  const [first, second] = operands.map(bracketed);
  return second === undefined ? node.label + first : `${node.op === "power" ? first : operands[0]} ${node.label} ${second}`;
}

/** ∂f/∂x. @param {string} of @param {string} by */
export const slope = (of, by) => `∂${of}/∂${by}`;

/** The formula with what stands at these places lit. @param {string} text @param {number[][]} spans */
export function lit(text, spans) {
  const made = el("div", "typed"), sorted = [...spans].sort((a, b) => a[0] - b[0]);
  let at = 0;
  for (const [start, end] of sorted) {
    made.append(text.slice(at, start), el("mark", "", text.slice(start, end)));
    at = end;
  }
  made.append(text.slice(at));
  return made;
}
