// Equations that hold as printed. From the digits that are shown a reader works them out again: so the factors get as
// many as that needs, and where even a few more don't do, "≈" is written. engine/written.py does the same in Python.
import { RAISED } from "./numbers.js";

/** Digits that the factors get at most, beyond those of a line that holds without them. */
export const MORE = 3;
/** From here on a result without decimals has been rounded to the unit. */
const LARGE = 100;

const POWER = `[⁻${RAISED}]+`, DIGITS = `\\d+(?:\\.(\\d+))?(?:·10(${POWER})|e([-+]?\\d+))?`;
const NUMBER = new RegExp(`^(-?)(${DIGITS})$`);
const PIECE = new RegExp(`${DIGITS}|${POWER}|ln|tanh|exp|max|min|∞|\\p{L}+|[^\\s]`, "gu");

const lowered = (/** @type {string} */ raised) => Number([...raised].map((c) => (c === "⁻" ? "-" : RAISED.indexOf(c))).join(""));

/**
 * What a written number says, and how far the number itself may be from it.
 * @param {string} text
 * @returns {{value: number, half: number}}
 */
export function shown(text) {
  const clean = text.replace(/[(),]/g, "").replace("−", "-"), match = NUMBER.exec(clean);
  if (!match) return { value: clean === "∞" ? Infinity : clean === "-∞" ? -Infinity : NaN, half: 0 };
  const [, minus, whole, decimals = "", raised, power = "0"] = match, up = raised ? lowered(raised) : Number(power);
  const value = Number(`${minus}${whole.split(/[·e]/)[0]}e${up}`);
  if (decimals || up) return { value, half: 0.5 * 10 ** (up - decimals.length) };
  return { value, half: Math.abs(value) >= LARGE ? 0.5 : 0.005 };
}

/** @type {Record<string, (...values: number[]) => number>} */
const FUNCTIONS = {
  "√": Math.sqrt, ln: Math.log, exp: Math.exp, tanh: Math.tanh, max: Math.max, min: Math.min, σ: (z) => 1 / (1 + Math.exp(-z)),
};

/**
 * What written arithmetic comes to, from the digits that stand there; null for what isn't arithmetic alone.
 * @param {string} text
 * @returns {number|null}
 */
export function worth(text) {
  const pieces = text.replaceAll("−", "-").match(PIECE) ?? [];
  let at = 0, readable = true;
  const takes = (/** @type {string} */ signs) => at < pieces.length && signs.includes(pieces[at]) && pieces[at++];
  const sum = () => {
    let value = product();
    for (let next; (next = takes("+-")); ) value = next === "+" ? value + product() : value - product();
    return value;
  };
  /** @returns {number} */
  const product = () => {
    if (takes("-")) return -product();
    let value = power();
    for (let next; (next = takes("×·÷/")); ) value = "×·".includes(next) ? value * signed() : value / signed();
    return value;
  };
  /** @returns {number} */
  const signed = () => (takes("-") ? -power() : power());
  /** @returns {number} */
  const power = () => {
    const base = atom();
    if (takes("^")) return base ** signed();
    return RAISED.includes(pieces[at]?.at(-1) ?? " ") ? base ** lowered(pieces[at++]) : base;
  };
  /** @returns {number} */
  const atom = () => {
    const piece = pieces[at++] ?? "";
    if (piece === "(") return inside()[0];
    if (piece === "e") return Math.E;
    if (piece in FUNCTIONS) return FUNCTIONS[piece](...(takes("(") ? inside() : [power()]));
    if (piece !== "∞" && !/^\d/.test(piece)) readable = false;
    return shown(piece).value;
  };
  const inside = () => {
    const values = [sum()];
    while (takes(",")) values.push(sum());
    if (!takes(")")) readable = false;
    return values;
  };
  const value = sum();
  return readable && at === pieces.length ? value : null;
}

/**
 * Whether written arithmetic comes to a written number. What isn't arithmetic, or no finite number, is as it is said.
 * @param {string} text @param {string} result
 */
export function holds(text, result) {
  const { value, half } = shown(result), found = worth(text);
  return found === null || !Number.isFinite(value) || Math.abs(found - value) <= half * (1 + 1e-9);
}

/**
 * The fewest digits with which an equation holds as printed, and its sign.
 * @param {(digits: number) => string} left its left side, as it is written with so many digits
 * @param {string} result its right side, as it is written
 * @param {number} fewest
 * @param {number} [most]
 * @returns {{digits: number, sign: "="|"≈"}}
 */
export function settle(left, result, fewest, most = fewest + MORE) {
  for (let digits = fewest; digits <= most; digits++) if (holds(left(digits), result)) return { digits, sign: "=" };
  return { digits: fewest, sign: "≈" };
}
